"""A workflow's figures in the states that policy compares."""

from msgspec import Struct

from reviewbot.report import Figures


class CorrectedModel(Struct, frozen=True, kw_only=True):
    """Before the change with the model that corrects a guess, and after it with the guess."""

    before: Figures
    after: Figures


class FiguresByState(Struct, frozen=True, kw_only=True):
    """Before and after the change under the governing terms, and after it under the proposed ones.

    Each is None where there is no such state or it cannot be measured; `proposed` also where the
    change's terms are the governing ones. `largest` is *after* with the largest values that are
    known for what the change supplies itself; None where it supplies none, or where
    `is_largest_unknown` says that it cannot be measured. `lost_tokens` are those by which the
    templates' own text is shorter then; None where nobody can tell. `corrected` is None where the
    change corrects no guess of the model.
    """

    before: Figures | None
    after: Figures | None
    proposed: Figures | None
    largest: Figures | None = None
    is_largest_unknown: bool = False
    lost_tokens: int | None = None
    corrected: CorrectedModel | None = None

    @property
    def with_guess(self) -> Figures | None:
        """After the change, with the guessed model where it corrects that."""
        return self.after if self.corrected is None else self.corrected.after
