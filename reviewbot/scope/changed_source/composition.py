"""Whether changed lines have to do with long texts: by their statement, or by a name of one.

`PROMPT = INTRO + RULES + RULES` makes a text longer without a word of it.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache

from reviewbot.prompt_formats._common.prompt_names import LEAST_OF_CALLS, is_named
from reviewbot.prompt_formats._common.prompt_signs import has_signs, speaks_to_a_model
from reviewbot.scope.changed_source.links import Links
from reviewbot.scope.changed_source.new_words import has_words, words_of
from reviewbot.scope.changed_source.outline import Block, Outline

_WORD = re.compile(r"[^\W\d]\w*")

_SET = re.compile(
    r"\b(?:def|class|function|const|let|var)\s{1,9}(\w{1,100})"
    r"|\b(\w{1,100}+)[\"'\])]{0,3}\s{0,9}(?::[^=\n]{0,80})?[+|]?=(?![=>])"
    r"|^[ \t]{0,40}+(?:async |get |static |private |public ){0,3}(\w{1,100}+)\(",
    re.MULTILINE,
)
"""The names that a line defines or sets, and those of methods."""

_GIVEN = re.compile(r"\b([^\W\d]\w{0,99}+)[\"'!?]{0,2}(?:\s{0,9}[+|]?[=:]|\.\w{1,20}\()")


class Composition:
    """What the statements of a text make of its literals, and what of that a change may alter."""

    def __init__(self, text: str, outline: Outline) -> None:
        self._text = text
        self._outline = outline
        self._links = Links(outline)

    def changes_texts(self, touched: Iterable[Block], edited: str) -> bool:
        """Whether a prompt, or what is put together of long texts, may be another.

        That is where a touched block holds a long text or sets a prompt, or what is `edited` names
        a block with long texts, or one that uses such a name.
        """
        links = self._links
        for number in links.numbers(touched):
            if self._is_long(number) or self._sets_a_prompt(number):
                return True
        return any(map(self._is_long, links.each_used((), names_in(edited))))

    def may_make_a_prompt(self, touched: Iterable[Block], edited: str, *, is_place: bool) -> bool:
        """Whether enough text reaches a place, by the edited lines, that shows it to be a prompt.

        Everywhere where `is_place` says that prompts stand in this file.
        """
        if is_place or has_signs(edited, _WORD.findall(edited)):
            return True
        links = self._links
        reached = links.using(links.numbers(touched), _set_in(edited))
        if any(map(self._has_signs, reached)):
            return True
        return speaks_to_a_model(self._said(links.used(reached)))

    def _sets_a_prompt(self, number: int) -> bool:
        """Whether anything is defined, set or filled in a block that is called a prompt."""
        if not any(map(_is_named, self._links.words(number))):
            return False
        code = self._links.code(number)
        return any(map(_is_named, _set_in(code))) or any(map(_is_named, _GIVEN.findall(code)))

    def _has_signs(self, number: int) -> bool:
        """Whether a block, by its names and calls or by those of its class, may make a prompt."""
        code, head = self._links.code(number), self._links.head(number)
        names = names_in(code)
        if head != number:
            names |= names_in(self._links.code(head)[:_LONGEST_HEAD])
            code = _METHOD.sub("", code)
        return has_signs(code, names)

    def _said(self, numbers: Iterable[int]) -> str:
        """The literals of blocks, one behind the other."""
        found = [span for number in sorted(numbers) for span in self._literals(number)]
        return words_of(self._text, found)

    def _is_long(self, number: int) -> bool:
        """Whether the literals of a block that are words, or long, make as much as a prompt has."""
        size = 0
        for begins, ends in self._literals(number):
            if ends - begins >= LEAST_OF_CALLS or has_words(self._text[begins:ends]):
                size += ends - begins
            if size >= LEAST_OF_CALLS:
                return True
        return False

    def _literals(self, number: int) -> Iterator[tuple[int, int]]:
        literals, block = self._outline.literals, self._links.blocks[number]
        for position in range(bisect_left(literals, (block.begins, 0)), len(literals)):
            if literals[position][0] >= block.ends:
                break
            yield literals[position]


@lru_cache(maxsize=4096)
def _is_named(name: str) -> bool:
    return is_named((name,))


def _set_in(said: str) -> set[str]:
    return {name for found in _SET.findall(said) for name in found if name}


def names_in(said: str) -> frozenset[str]:
    """All names and other words in a piece of source."""
    return frozenset(_WORD.findall(said))


def words_in(text: str, block: Block) -> frozenset[str]:
    """All names and other words of a block."""
    return frozenset(_WORD.findall(text, block.begins, block.ends))


_LONGEST_HEAD = 200
_METHOD = re.compile(r"\A\s{0,99}(?:\w{1,20} ){0,4}\w{1,100}(?=\([^\n]{0,999}\{\n)")
"""The name of a method of a class in JavaScript, which is no call."""
