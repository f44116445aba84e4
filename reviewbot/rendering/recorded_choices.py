"""What expressions of a template may print, and which of it a rendering came to.

`{{ a or b }}` prints one of two values; which one, the sample decides. An engine that can tell
records each such value once, and again when a rendering comes to it. The rendering process works on
one template at a time, so there is one record in it.
"""

from collections.abc import Iterable

from msgspec import Struct

RECORDING = "records_choices"
"""An option of our own, not the configuration's: engines that can record what is come to."""

LEAST_LITERAL = 8
"""Characters of a literal that is text for a model; shorter ones are names, separators, keys."""

MOST_CHOICES = 5_000
"""So many values of a template and its files are told apart; all others count as unseen as one."""


class Choice(Struct, frozen=True, array_like=True):
    """A value that a sample may come to: the file and line of its tag, its position, what it is.

    `text` is a tag that prints it, where it is a plain variable, or the text that it is, where it
    `is_text`; of a tag that prints another file, which `is_file`, it is that file's name.
    """

    path: str
    line: int
    number: int
    text: str
    is_text: bool = False
    is_file: bool = False


class Record:
    """The values of one template, and those that were come to since this was told last."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Forget an earlier template."""
        self._choices: list[Choice] = []
        self._told = 0
        self._reached: set[int] = set()
        self._told_reached: set[int] = set()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was recorded of the template yet."""
        return not self._choices and not self._reached

    def add(
        self, path: str, line: int, text: str, *, is_text: bool = False, is_file: bool = False
    ) -> int:
        """The number of a further value; what is too many is one that nothing comes to."""
        number = min(len(self._choices), MOST_CHOICES)
        if len(self._choices) <= MOST_CHOICES:
            self._choices.append(Choice(path, line, number, text, is_text, is_file))
        return number

    def reach(self, number: int) -> None:
        """A rendering came to this value."""
        if number < MOST_CHOICES:
            self._reached.add(number)

    def forget(self) -> None:
        """A rendering failed, so what it came to was not printed."""
        self._reached = set(self._told_reached)

    def news(self) -> tuple[list[Choice], list[Choice]]:
        """The values, and those that were come to, that this has not told yet."""
        choices = self._choices[self._told :]
        self._told = len(self._choices)
        numbers = sorted(self._reached - self._told_reached)
        self._told_reached |= self._reached
        return choices, [self._choices[number] for number in numbers]


RECORD = Record()


def unreached(news: Iterable[tuple[Iterable[Choice], Iterable[Choice]]]) -> list[Choice]:
    """The values that no rendering came to, in the order in which they stand."""
    known: dict[Choice, None] = {}
    reached: set[Choice] = set()
    for choices, come_to in news:
        known |= dict.fromkeys(choices)
        reached.update(come_to)
    return [choice for choice in known if choice not in reached]
