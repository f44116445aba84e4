"""Reads what GitHub knows of approvals: reviews, and who set the label on which commit."""

from datetime import datetime, timedelta

from msgspec import Struct

from reviewbot.github.api import GitHub
from reviewbot.github.api.pulls import Pull
from reviewbot.github.api.reviews import Review
from reviewbot.github.api.timeline import Labelling
from reviewbot.github.events import Label

_PAYLOAD_AGE = timedelta(seconds=60)
"""What is set later than this after an event was made is not what the event is about."""


class Given(Struct, frozen=True, kw_only=True):
    """What GitHub knows of approvals of one pull request.

    `labelled_commit` is the head when the label was set, None where nobody can tell.
    `retargeted_at` is when its base branch was changed the last time, None where it never was.
    """

    author: str
    reviews: tuple[Review, ...]
    labelling: Labelling | None
    labelled_commit: str | None
    retargeted_at: str | None = None


def read_given(
    github: GitHub,
    pull: Pull,
    label: str | None,
    *,
    event_label: Label | None,
    remembered: tuple[int, str] | None,
) -> Given:
    """The reviews and the events of a pull request, and who set `label` if it is set.

    Of a label GitHub does not say on which commit it was set: it is the head of the event that set
    it, which our comment remembers for later runs.

    Raises:
        GitHubError: GitHub cannot be read.

    """
    timeline = github.timelines.of_pull(pull.number, label)
    labelling = timeline.labelling if label in pull.labels else None
    commit = None
    if labelling is not None:
        if event_label and event_label.name == label and _is_of(event_label, labelling):
            commit = event_label.commit
        elif remembered and remembered[0] == labelling.event:
            commit = remembered[1]
    return Given(
        author=pull.author,
        reviews=github.reviews.of_pull(pull.number),
        labelling=labelling,
        labelled_commit=commit,
        retargeted_at=timeline.retargeted_at,
    )


def _is_of(event: Label, labelling: Labelling) -> bool:
    """Whether a label was set by this event, and not once more after it."""
    try:
        later = datetime.fromisoformat(labelling.at) - datetime.fromisoformat(event.at)
    except (TypeError, ValueError):
        return False
    return event.by == labelling.by and later <= _PAYLOAD_AGE
