"""An event, and GitHub as it is now."""

from msgspec import Struct

from reviewbot.github.api import GitHub
from reviewbot.github.api.pulls import Pull
from reviewbot.github.events import Compare
from reviewbot.github.job import Job


class LiveEvent(Struct, frozen=True, kw_only=True):
    """What a job reviews, and whom it speaks to.

    `pull` is the pull request as it is now, None where the event has none or it cannot be read;
    `github` is None where GitHub cannot be asked.
    """

    job: Job
    decision: Compare
    pull: Pull | None
    github: GitHub | None

    @property
    def is_of_fork(self) -> bool:
        """Whether the pull request is from another repository, so that its token only reads."""
        pull = self.decision.pull_request
        return pull is not None and pull.head_repository != self.decision.repository
