"""Variables and included files are sent to the rendering process once, and then by number."""

from collections.abc import Mapping

from msgspec import Struct

_KNOWN_CHARACTERS = 16_000_000
"""Characters of variables that the process is asked to remember, before it is told to forget."""


class Sent(Struct, frozen=True, kw_only=True):
    """What goes with a job: whether to forget all before, what is new, and the job's numbers."""

    forget: bool
    define: Mapping[int, str]
    numbers: list[int]


class SentVariables:
    """What one process knows."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._characters = 0

    def sent(self, variables: tuple[str, ...]) -> Sent:
        """What to send for a job with these texts: sets of variables as JSON, and files."""
        forget = self._characters > _KNOWN_CHARACTERS
        if forget:
            self._known.clear()
            self._characters = 0
        new = [text for text in dict.fromkeys(variables) if text not in self._known]
        for text in new:
            self._known[text] = len(self._known)
            self._characters += len(text)
        return Sent(
            forget=forget,
            define={self._known[text]: text for text in new},
            numbers=[self._known[text] for text in variables],
        )
