"""What could not be measured, each problem once, with the workflows that have it."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from reviewbot.errors import Place, Problem

_NAMED = 3


class Unmeasured(Struct, frozen=True, kw_only=True):
    """A problem, and the names of the workflows that have it.

    The problem has a place where all of them have the same.
    """

    names: tuple[str, ...]
    problem: Problem

    @property
    def whose(self) -> str:
        """The workflow, or how many there are and the first of them."""
        if len(self.names) == 1:
            return self.names[0]
        left = len(self.names) - _NAMED
        more = f" and {left:,} more" if left > 0 else ""
        return f"{len(self.names):,} workflows ({', '.join(self.names[:_NAMED])}{more})"


def grouped(problems: Iterable[tuple[str, Problem]]) -> list[Unmeasured]:
    """The problems, those that are told in the same words together, in the order of the first."""
    found: dict[tuple[str, str], list[tuple[str, Place | None]]] = {}
    for name, problem in problems:
        found.setdefault((problem.what, problem.mend), []).append((name, problem.place))
    return [
        Unmeasured(
            names=tuple(dict.fromkeys(name for name, _ in having)),
            problem=Problem(what=what, mend=mend, place=_common([place for _, place in having])),
        )
        for (what, mend), having in found.items()
    ]


def _common(places: Sequence[Place | None]) -> Place | None:
    return places[0] if len(set(places)) == 1 else None
