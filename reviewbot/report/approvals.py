"""The approvals that people gave."""

from enum import StrEnum

from msgspec import Struct


class ApprovalKind(StrEnum):
    """How somebody approved."""

    REVIEW = "review"
    LABEL = "label"


class GivenApproval(Struct, frozen=True, kw_only=True):
    """An approval that somebody gave: when (as GitHub says it), on which commit, and its worth.

    `commit` is None where nobody can tell. `refusal` says why it does not count; None if it does.
    `covers` are the digests of what it counts for: `evidence` of workflows, and
    `configuration_evidence`.
    """

    by: str
    kind: ApprovalKind
    at: str
    commit: str | None
    refusal: str | None
    covers: tuple[str, ...] = ()
