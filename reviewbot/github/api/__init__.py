"""The edge to GitHub's REST API, through PyGithub: one file a resource.

`retries` decides when a request is sent again, `failures` what an error says.
"""

from reviewbot.github.api.checks import CheckRuns
from reviewbot.github.api.client import Account, Client
from reviewbot.github.api.comments import Comments
from reviewbot.github.api.commits import Commits
from reviewbot.github.api.issues import Issues
from reviewbot.github.api.line_comments import LineComments
from reviewbot.github.api.merge_queue import MergeQueue
from reviewbot.github.api.pulls import Pulls
from reviewbot.github.api.retries import Policy
from reviewbot.github.api.reviews import Reviews
from reviewbot.github.api.teams import Teams
from reviewbot.github.api.timeline import Timelines
from reviewbot.telemetry import SILENT, Telemetry


class GitHub:
    """One repository at GitHub, by resource; `pause` waits within the time of all requests."""

    def __init__(self, account: Account, policy: Policy, telemetry: Telemetry = SILENT) -> None:
        client = Client(account, policy, telemetry)
        self.check_runs = CheckRuns(client)
        self.comments = Comments(client)
        self.commits = Commits(client)
        self.issues = Issues(client)
        self.line_comments = LineComments(client)
        self.merge_queue = MergeQueue(client)
        self.pulls = Pulls(client)
        self.reviews = Reviews(client)
        self.teams = Teams(client)
        self.timelines = Timelines(client)
        self.pause = client.pause
