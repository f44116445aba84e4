"""The approvals that people gave."""

from enum import StrEnum

from msgspec import Struct


class ApprovalKind(StrEnum):
    """How somebody approved."""

    REVIEW = "review"
    LABEL = "label"


class GivenApproval(Struct, frozen=True, kw_only=True):
    """An approval that somebody gave: `at` which time (as GitHub writes it) and on which commit.

    `commit` is None where GitHub does not tell. `refusal` says why the approval does not count;
    None if it does. `covers` holds the fingerprints that it counts for.
    """

    by: str
    kind: ApprovalKind
    at: str
    commit: str | None
    refusal: str | None
    covers: tuple[str, ...] = ()
