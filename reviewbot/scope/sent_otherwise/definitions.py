"""What the source files of a project define: classes with what they are made of, and functions."""

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from functools import cached_property, lru_cache

from reviewbot.rendering.parsers._common.receivers import ancestors, children_of

_WORD = re.compile(r"[\w$]{1,200}")
_CLASS = re.compile(
    r"\bclass\s{1,9}([\w$]{1,200})\s{0,9}"
    r"(?:\(([^()]{0,500})\)|(?:<[^{};]{0,200}>)?\s{0,9}(?:extends|implements)\b([^{};]{0,500}))?"
)
_FUNCTION = re.compile(
    r"\b(?:def|function\*?)[ \t]{1,9}([\w$]{1,200})"
    r"|^[ \t]{0,40}+(?:(?:export|default|async|public|private|protected|static|override|readonly"
    r"|const|let|var|get|set)[ \t]{1,9}){0,5}([\w$]{2,200}+)"
    r"(?:\([^()]{0,300}\)[^;=\n]{0,80}\{$|[ \t]{0,9}[:=][ \t]{0,9}(?:async[ \t]{1,9})?"
    r"(?:\([^()]{0,300}\)[^;=\n]{0,80}=>|function\b|[\w$]{1,99}[ \t]{0,9}=>|lambda\b))",
    re.MULTILINE,
)
_MOST_KEPT = 500
_NO_NAMES = {"if", "for", "while", "switch", "catch", "return", "await", "else", "with"}


@lru_cache(_MOST_KEPT)
def functions_in(text: str) -> tuple[str, ...]:
    """The names of the functions and methods that a text defines, each as often as it does."""
    found = (one[1] or one[2] for one in _FUNCTION.finditer(text))
    return tuple(name for name in found if name not in _NO_NAMES)


def classes_in(text: str) -> Iterator[tuple[str, list[str]]]:
    """The classes that a text defines, each with the words of what it is made of."""
    for found in _CLASS.finditer(text):
        yield found[1], _WORD.findall(found[2] or found[3] or "")


class Definitions:
    """Those of all the `texts`, which are read when they are first asked for.

    `modules` are the words by which they are imported.
    """

    def __init__(self, texts: Callable[[], Iterable[str]], modules: Container[str]) -> None:
        self._texts = texts
        self.modules = modules

    def related(self, classes: Iterable[str]) -> set[str]:
        """Classes with those that they are made of, and those that are made of them."""
        several = [*classes]
        return ancestors(several, self._known[0]) | ancestors(several, self._children)

    def made_of(self, name: str) -> set[str]:
        """What a class is made of, with itself."""
        return ancestors([name], self._known[0])

    def has_class(self, name: str) -> bool:
        """Whether a class is the project's own."""
        return name in self._known[0]

    def is_defined_once(self, name: str) -> bool:
        """Whether no more than one function or class has a name."""
        return self._known[1][name] == 1

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        return children_of(self._known[0])

    @cached_property
    def _known(self) -> tuple[dict[str, list[str]], Counter[str]]:
        bases: dict[str, list[str]] = {}
        counts: Counter[str] = Counter()
        for text in self._texts():
            counts.update(functions_in(text))
            for name, several in classes_in(text):
                bases.setdefault(name, []).extend(several)
                counts[name] += 1
        return bases, counts
