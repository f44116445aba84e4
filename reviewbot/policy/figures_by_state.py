"""A workflow's figures in the states that policy compares."""

from msgspec import Struct

from reviewbot.report import Figures


class FiguresByState(Struct, frozen=True, kw_only=True):
    """Before and after the change under the governing terms, and after it under the proposed ones.

    Each is None where there is no such state or it cannot be measured; `proposed` also where the
    change's terms are the governing ones. `largest` is *after* with the largest values that are
    known for what the change supplies itself; None where it supplies none, or where
    `is_largest_unknown` says that it cannot be measured. `lost_tokens` are those by which the
    templates' own text is shorter then; None where nobody can tell.
    """

    before: Figures | None
    after: Figures | None
    proposed: Figures | None
    largest: Figures | None = None
    is_largest_unknown: bool = False
    lost_tokens: int | None = None
