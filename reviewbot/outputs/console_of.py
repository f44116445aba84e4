"""The console that tables are laid out for; it only measures, and `console.write` writes."""

from collections.abc import Mapping
from typing import IO, TYPE_CHECKING, TextIO, cast

if TYPE_CHECKING:
    from rich.console import Console


def console_of(out: TextIO | None, environment: Mapping[str, str]) -> "Console":
    """A console as wide and as coloured as `out`, to which nothing is written."""
    from rich.console import Console

    file = None if out is None else cast("IO[str]", _Looks(out))
    return Console(file=file, _environ=dict(environment), highlight=False)


class _Looks:
    """What rich asks of a stream; rich writes to it even while it captures."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self.encoding = out.encoding

    def isatty(self) -> bool:
        return self._out.isatty()

    def fileno(self) -> int:
        return self._out.fileno()

    def write(self, _text: str) -> None:
        return

    def flush(self) -> None:
        return
