"""Which statements of a source file use each other's names: by them texts get into other texts."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property

from reviewbot.scope.changed_source.outline import Block, Outline

_WORD = re.compile(r"[^\W\d]\w*")
_DECORATOR = re.compile(r"\s{0,99}@[^\n]{0,999}\n")
_PLAIN_STATEMENT = re.compile(r"\s{0,99}(?:if|try|with|for|while|match|switch)\b")
_IMPORT = re.compile(r"\s{0,99}(?:import|from)\b")
_HEAD = re.compile(r"[^=({:;\n]{0,200}")
_UP_TO_VALUE = re.compile(r"[^=]*(?==(?![=>]))")
_ATTRIBUTE = re.compile(
    r"\.(?:(?<=\bself\.)|(?<=\bthis\.)|(?<=\bcls\.))"
    r"(\w{1,100})\s{0,9}(?::[^=\n]{1,80})?\+?=(?!=)"
)
_MODIFIERS = {
    *("export", "default", "abstract", "declare", "type", "interface", "enum", "namespace"),
    *("private", "public", "protected", "static", "readonly", "override", "async", "get", "set"),
}
"""What may stand before the name that is defined."""


class Links:
    """The blocks of an outline by their numbers, with the names that they define and use."""

    def __init__(self, outline: Outline) -> None:
        self._code = outline.code
        self._keywords = outline.keywords
        self.blocks = outline.blocks
        self._words: dict[int, frozenset[str]] = {}
        self._begins = [block.begins for block in outline.blocks]

    def code(self, number: int) -> str:
        """What stands in a block, without comments and texts."""
        block = self.blocks[number]
        return self._code[block.begins : block.ends]

    def words(self, number: int) -> frozenset[str]:
        """All names in a block."""
        if number not in self._words:
            block = self.blocks[number]
            found = _WORD.findall(self._code, block.begins, block.ends)
            self._words[number] = frozenset(found) - self._keywords
        return self._words[number]

    def head(self, number: int) -> int:
        """The block in which the statement around begins: of a member its class."""
        return bisect_right(self._begins, self.blocks[number].head) - 1

    def numbers(self, blocks: Iterable[Block]) -> list[int]:
        """The numbers of blocks."""
        return [bisect_right(self._begins, block.begins) - 1 for block in blocks]

    def using(self, numbers: Iterable[int], names: Iterable[str]) -> set[int]:
        """These blocks, and all that get anything from them, or from the names, by a name."""
        waiting = [found for number in numbers for found in (number, self.head(number))]
        done = set(names)
        for name in done:
            waiting += self._users.get(name, ())
        seen: set[int] = set()
        while waiting:
            number = waiting.pop()
            if number in seen:
                continue
            seen.add(number)
            for name in self._names[number]:
                if name not in done:
                    done.add(name)
                    waiting += self._users.get(name, ())
        return seen

    def used(self, numbers: Iterable[int], names: Iterable[str] = ()) -> set[int]:
        """These blocks, and all whose names they say, or that have one of the names."""
        return {*self.each_used(numbers, names)}

    def each_used(self, numbers: Iterable[int], names: Iterable[str]) -> Iterator[int]:
        """The same blocks, one after the other."""
        waiting = [*numbers]
        done: set[str] = set()
        for name in set(names):
            waiting += self._definers.get(name, ())
        seen: set[int] = set()
        while waiting:
            number = waiting.pop()
            if number in seen:
                continue
            seen.add(number)
            yield number
            for name in self.words(number) - done:
                done.add(name)
                waiting += self._definers.get(name, ())

    @cached_property
    def _names(self) -> list[frozenset[str]]:
        found = [{*_names(self._code, block, self._keywords)} for block in self.blocks]
        for attribute in _ATTRIBUTE.finditer(self._code):
            found[bisect_right(self._begins, attribute.start()) - 1].add(attribute[1])
        return [frozenset(names) - self._keywords for names in found]

    @cached_property
    def _users(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number in range(len(self.blocks)):
            for word in self.words(number):
                found.setdefault(word, []).append(number)
        return found

    @cached_property
    def _definers(self) -> Mapping[str, list[int]]:
        """The blocks by the names that they define; members by their class's name too."""
        found: dict[str, list[int]] = {}
        for number, names in enumerate(self._names):
            head = self.head(number)
            for name in names if head == number else names | self._names[head]:
                found.setdefault(name, []).append(number)
        return found


def _names(code: str, block: Block, keywords: AbstractSet[str]) -> Iterator[str]:
    """What a block may define: of a definition its name, of others the words before the `=`.

    Attributes that it sets are told elsewhere.

    Of an `if` and the like that is any word, and so it is where there is no `=`. What is imported
    is not known.
    """
    begins = block.begins
    while (decorator := _DECORATOR.match(code, begins, block.ends)) is not None:
        begins = decorator.end()
    if _IMPORT.match(code, begins, block.ends):
        return
    said = code[begins : block.ends]
    if not _PLAIN_STATEMENT.match(said):
        for pattern in (_HEAD, _UP_TO_VALUE):
            head = pattern.match(said.lstrip())
            words = _WORD.findall(head[0]) if head else []
            found = {word for word in words[:-1] if word not in _MODIFIERS}
            found = found.union(words[-1:]) - keywords
            if found:
                yield from found
                return
    yield from _WORD.findall(said)
