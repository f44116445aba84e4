"""Whether changed lines have to do with long texts: by their statement, or by a name of one.

`PROMPT = INTRO + RULES + RULES` makes a text longer without a word of it.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from reviewbot.prompt_formats._common.prompt_names import LEAST_OF_CALLS, is_named
from reviewbot.prompt_formats._common.prompt_signs import has_signs
from reviewbot.scope.changed_source.new_words import has_words
from reviewbot.scope.changed_source.outline import Block, Outline

_WORD = re.compile(r"[^\W\d]\w*")
_DECORATOR = re.compile(r"\s{0,99}@[^\n]{0,999}\n")
_PLAIN_STATEMENT = re.compile(r"\s{0,99}(?:if|try|with|for|while|match|switch)\b")
_HEAD = re.compile(r"[^=({:;\n]{0,200}")
_UP_TO_VALUE = re.compile(r"[^=]*(?==(?![=>]))")
_ATTRIBUTE = re.compile(r"\b(?:self|this|cls)\.(\w{1,100})\s{0,9}(?::[^=\n]{1,80})?\+?=(?!=)")
_SET = re.compile(
    r"\b(?:def|class|function|const|let|var)\s{1,9}(\w{1,100})"
    r"|\b(\w{1,100}+)[\"'\])]{0,3}\s{0,9}(?::[^=\n]{0,80})?[+|]?=(?![=>])"
    r"|^[ \t]{0,40}+(?:async |get |static |private |public ){0,3}(\w{1,100}+)\(",
    re.MULTILINE,
)
"""The names that a line defines or sets, and those of methods."""

_GIVEN = re.compile(r"\b([^\W\d]\w{0,99}+)[\"'!?]{0,2}(?:\s{0,9}[+|]?[=:]|\.\w{1,20}\()")

_KEYWORDS = {
    *("def", "async", "class", "export", "default", "function", "const", "let", "var", "abstract"),
    *("declare", "type", "interface", "enum", "namespace", "private", "public", "protected"),
    *("static", "readonly", "override", "get", "set", "self", "this"),
}


def belongs_to_texts(text: str, outline: Outline, block: Block) -> bool:
    """Whether the literals of a block that are words, or long, make as much as a prompt has."""
    literals = outline.literals
    size = 0
    for number in range(bisect_left(literals, (block.begins, 0)), len(literals)):
        begins, ends = literals[number]
        if begins >= block.ends or size >= LEAST_OF_CALLS:
            break
        if ends - begins >= LEAST_OF_CALLS or has_words(text[begins:ends]):
            size += ends - begins
    return size >= LEAST_OF_CALLS


def sets_a_prompt(text: str, block: Block) -> bool:
    """Whether a block defines, sets or fills anything that is called a prompt."""
    said = text[block.begins : block.ends]
    names = {*_set_in(said), *_GIVEN.findall(said)}
    return any(is_named((name,)) for name in names)


def leads_to_a_prompt(text: str, outline: Outline, changed: Iterable[Block], edited: str) -> bool:
    """Whether anything in edited lines, in their blocks or in what uses names of them is a sign."""
    names = _set_in(edited)
    if has_signs(edited, _WORD.findall(edited)):
        return True
    heads = {block.begins: block for block in outline.blocks}
    waiting = [found for block in changed for found in (block, heads[block.head])]
    using: dict[str, list[Block]] = {}
    for block in outline.blocks:
        for word in words_in(text, block):
            using.setdefault(word, []).append(block)
    for name in names:
        waiting += using.get(name, ())
    seen: set[Block] = set()
    while waiting:
        block = waiting.pop()
        if block in seen:
            continue
        seen.add(block)
        if has_signs(text[block.begins : block.ends], words_in(text, block)):
            return True
        for name in _names(text, block):
            waiting += using.pop(name, ())
    return False


def names_of_texts(text: str, outline: Outline, said: str) -> bool:
    """Whether what is said names a block with long texts, or one that uses such a name."""
    heads = {block.begins: block for block in outline.blocks}
    using: dict[str, list[Block]] = {}
    waiting: list[Block] = []
    for block in outline.blocks:
        if belongs_to_texts(text, outline, block):
            waiting += [block, heads[block.head]]
        else:
            for word in words_in(text, block):
                using.setdefault(word, []).append(block)
    words = set(_WORD.findall(said))
    known: set[str] = set()
    while waiting:
        new = set(_names(text, waiting.pop())) - known
        if not words.isdisjoint(new):
            return True
        known |= new
        for name in new:
            waiting += using.pop(name, ())
    return False


def _set_in(said: str) -> set[str]:
    return {name for found in _SET.findall(said) for name in found if name}


def names_in(said: str) -> frozenset[str]:
    """All names and other words in a piece of source."""
    return frozenset(_WORD.findall(said))


def words_in(text: str, block: Block) -> frozenset[str]:
    """All names and other words of a block."""
    return frozenset(_WORD.findall(text, block.begins, block.ends))


def _names(text: str, block: Block) -> Iterator[str]:
    """What a block may define: of a definition its name, of others the words before the `=`.

    Of an `if` and the like that is any word, and so it is where there is no `=`.
    """
    yield from _ATTRIBUTE.findall(text, block.begins, block.ends)
    begins = block.begins
    while (decorator := _DECORATOR.match(text, begins, block.ends)) is not None:
        begins = decorator.end()
    said = text[begins : block.ends]
    if not _PLAIN_STATEMENT.match(said):
        for pattern in (_HEAD, _UP_TO_VALUE):
            head = pattern.match(said.lstrip())
            found = set(_WORD.findall(head[0])) - _KEYWORDS if head else set()
            if found:
                yield from found
                return
    yield from _WORD.findall(said)
