"""The parts of a changed source file that have to do with the change."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from msgspec import Struct

from reviewbot.scope.changed_source.outline import Block, Outline

_WORD = re.compile(r"[^\W\d]\w*")
_HEAD = re.compile(r"[^=({:;\n]{1,200}")
_IMPORT = re.compile(r"(?:import|from)\b")
_PLAIN_STATEMENT = re.compile(r"(?:if|try|with|for|while|match|switch)\b")
_KEYWORDS = {
    *("def", "async", "class", "export", "default", "function", "const", "let", "var", "abstract"),
    *("declare", "type", "interface", "enum", "namespace"),
}
_MOST_BLOCKS = 5_000
_MOST_ROUNDS = 8
"""Beyond, a file is read as a whole: what has to do with what would take too long to tell."""


class _Part(Struct, frozen=True):
    """A block: the names that it may define, all words in it, and whether a line of it changed."""

    names: frozenset[str]
    words: frozenset[str]
    is_changed: bool


def related(text: str, outline: Outline, changed: Iterable[int]) -> frozenset[str] | None:
    """The names of all that has to do with lines, from 0; None where that takes long to tell.

    These are the definitions with such a line, what names one of them, and what any of these names.
    """
    if len(outline.blocks) > _MOST_BLOCKS:
        return None
    parts = list(_parts(text, outline.blocks, changed))
    names: set[str] = set()
    dependent = _spread(
        parts,
        lambda item: item.is_changed or not names.isdisjoint(item.words),
        lambda item: names.update(item.names),
    )
    if dependent is None:
        return None
    words = set().union(*(item.words for item in dependent))
    needed = _spread(
        parts,
        lambda item: not words.isdisjoint(item.names),
        lambda item: words.update(item.words),
    )
    if needed is None:
        return None
    return frozenset(names.union(*(item.names for item in needed)))


def without_others(text: str, outline: Outline, names: AbstractSet[str]) -> str:
    """The text with blank lines for each definition of another name than `names`."""
    pieces: list[str] = []
    position = 0
    for block in outline.blocks:
        own = _names(text, block) if block.is_definition else frozenset()
        if own and own.isdisjoint(names):
            pieces.append(text[position : block.begins])
            pieces.append("\n" * text.count("\n", block.begins, block.ends))
            position = block.ends
    return "".join((*pieces, text[position:]))


def _parts(text: str, blocks: Sequence[Block], changed: Iterable[int]) -> Iterator[_Part]:
    firsts: list[int] = []
    line = position = 0
    for block in blocks:
        line += text.count("\n", position, block.begins)
        position = block.begins
        firsts.append(line)
    touched = {max(0, bisect_right(firsts, number) - 1) for number in changed}
    for number, block in enumerate(blocks):
        words = frozenset(_WORD.findall(text, block.begins, block.ends))
        yield _Part(_names(text, block), words, number in touched)


def _names(text: str, block: Block) -> frozenset[str]:
    """The name of a definition, the words before the first `=`; of an `if` and the like any word.

    What an import names stands in another file, which is not read here.
    """
    begins = block.begins
    while text.startswith("@", begins):
        begins = text.find("\n", begins, block.ends) + 1 or block.ends
    if _IMPORT.match(text, begins):
        return frozenset()
    if _PLAIN_STATEMENT.match(text, begins):
        return frozenset(_WORD.findall(text, block.begins, block.ends))
    head = _HEAD.match(text, begins, block.ends)
    found = [word for word in _WORD.findall(head[0] if head else "") if word not in _KEYWORDS]
    return frozenset(found[:1] if block.is_definition else found)


def _spread(
    parts: Sequence[_Part],
    is_reached: Callable[[_Part], bool],
    take: Callable[[_Part], None],
) -> list[_Part] | None:
    """The parts that are reached, also by what was taken of others; None after too many rounds."""
    reached: list[_Part] = []
    others = list(parts)
    for _ in range(_MOST_ROUNDS):
        are_new = [is_reached(item) for item in others]
        if not any(are_new):
            return reached
        for item, is_new in zip(others, are_new, strict=True):
            if is_new:
                take(item)
                reached.append(item)
        others = [item for item, is_new in zip(others, are_new, strict=True) if not is_new]
    return None
