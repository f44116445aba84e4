"""The layout of text for a terminal: lines wrapped to its width, entries under labels, colours.

The standard library's `textwrap` wraps; one bold colour is all that is painted, so no library is
loaded for it.
"""

import textwrap
from collections.abc import Iterator

from reviewbot.outputs.style import Style
from reviewbot.outputs.wrapping import in_pieces, unbroken, without_marks
from reviewbot.report import Verdict

_NARROWEST = 60
_LABEL = 16
_COMMAND = 30
"""Characters of a command or a setting that stands in one line."""
_WIDE = "✋"
"""A mark that takes two columns."""
_COLOURS = {
    Verdict.PASS: "32",
    Verdict.WARN: "33",
    Verdict.NEEDS_APPROVAL: "35",
    Verdict.UNMEASURED: "31",
    Verdict.FAIL: "31",
}


class Layout:
    """Lays lines out for a terminal of one style; it is never narrower than 60 columns."""

    def __init__(self, style: Style) -> None:
        self.columns = max(style.columns, _NARROWEST)
        self.has_colour = style.colour

    def entry(self, label: str, text: str, indent: str = "  ") -> Iterator[str]:
        """`text` beside its label, the lines after the first under the text."""
        start = f"{indent}{label:<{_LABEL - len(indent)}}"
        yield from self.wrapped(text, first=start, rest=" " * _LABEL)

    def wrapped(self, text: str, first: str = "", rest: str = "") -> Iterator[str]:
        """`text` in lines, the first after `first` and the others after `rest`."""
        columns = self.columns - text.startswith(_WIDE)
        lines = textwrap.wrap(
            in_pieces(unbroken(text, _COMMAND), columns - max(len(first), len(rest)) - 1),
            width=columns,
            initial_indent=first,
            subsequent_indent=rest,
            break_on_hyphens=False,
        )
        yield from map(without_marks, lines)

    def painted(self, line: str, verdict: Verdict) -> str:
        """`line` in bold and in the colour of `verdict`, where the terminal shows colours."""
        return f"\x1b[1;{_COLOURS[verdict]}m{line}\x1b[0m" if self.has_colour else line
