"""Tells of a drift by one issue of the repository that a job runs for."""

import argparse
from typing import TYPE_CHECKING

from reviewbot.commands import Edges
from reviewbot.commands._common.told import tell
from reviewbot.errors import Problem, UsageError
from reviewbot.usage.alert_content import Changes, troubles
from reviewbot.usage.drift import Drift

if TYPE_CHECKING:
    from reviewbot.github.api import GitHub

_VARIABLES = ("GITHUB_REPOSITORY", "GITHUB_TOKEN")


def add_issue(parser: argparse.ArgumentParser) -> None:
    """Declare whether an issue is kept, by whom, and what silences it."""
    parser.add_argument(
        "--issue",
        action="store_true",
        help="keep one issue of GITHUB_REPOSITORY with GITHUB_TOKEN (`issues: write`)",
    )
    parser.add_argument(
        "--issue-author",
        default="github-actions[bot]",
        metavar="LOGIN",
        help="the account of the token; default %(default)s",
    )
    parser.add_argument(
        "--snooze-label",
        default="snooze",
        metavar="LABEL",
        help="the label that keeps the issue as it is; default %(default)s",
    )


def keep_issue(chosen: argparse.Namespace, edges: Edges, drift: Drift) -> None:
    """Open, update or close the issue, and say on the error stream what became of it.

    Raises:
        UsageError: A variable of the environment, or PyGithub, is missing.
        GitHubError: The issue could not be brought up to date.

    """
    from reviewbot.github.alert_issue import Account, Alert, write_alert
    from reviewbot.github.comment_stamp import configuration_key
    from reviewbot.outputs.drift.issue import issue_body, issue_title

    def body(news: Changes, most_characters: int) -> str:
        return issue_body(drift, news, chosen.snooze_label, most_characters)

    alert = Alert(
        key=configuration_key(chosen.config),
        until=drift.until,
        troubles=troubles(drift),
        title=issue_title(drift, chosen.config),
        body=body,
    )
    account = Account(author=chosen.issue_author, snooze_label=chosen.snooze_label)
    done = write_alert(_github(edges), alert, account)
    where = "" if done.url is None else f": {done.url}"
    tell(f"{done.what}{where}", edges.errors)


def _github(edges: Edges) -> "GitHub":
    from reviewbot.github.api import GitHub
    from reviewbot.github.api.client import Account
    from reviewbot.github.api.retries import Policy
    from reviewbot.usage.installing import install

    values = [edges.environment.get(name, "") for name in _VARIABLES]
    if not all(values):
        missing = [name for name, value in zip(_VARIABLES, values, strict=True) if not value]
        s = "" if len(missing) == 1 else "s"
        what = f"--issue needs the variable{s} {' and '.join(missing)}"
        mend = "set it, as a job of GitHub Actions does: `env: {GITHUB_TOKEN: ${{ github.token }}}`"
        raise UsageError([Problem(what=what, mend=mend)])
    url = edges.environment.get("GITHUB_API_URL", "https://api.github.com")
    repository, token = values
    try:
        return GitHub(Account(url=url, repository=repository, token=token), Policy())
    except ModuleNotFoundError as error:
        problem = Problem(what="--issue needs PyGithub", mend=install("github", "usage"))
        raise UsageError([problem]) from error
