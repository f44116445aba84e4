"""Which values of variables take the branch of a template in which a line stands, in words.

Read from the tags alone, so a guess: a review with such a sample tells whether it holds.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from reviewbot.prompts.template_tags import find_tags

_PATH = r"[A-Za-z_]\w{0,80}(?:\.[A-Za-z_]\w{0,80}){0,6}"
_LITERAL = r"\"[^\"\n]{0,80}\"|'[^'\n]{0,80}'|-?[0-9]{1,12}"
_PLAIN = re.compile(rf"({_PATH})\Z")
_DEFINED = re.compile(rf"({_PATH}) is (not )?defined\Z")
_COMPARED = re.compile(rf"({_PATH})\s{{0,9}}(==|!=|>=|<=|>|<)\s{{0,9}}({_LITERAL})\Z")
_LISTED = re.compile(rf"({_PATH})\s{{1,9}}(not\s{{1,9}})?in\s{{0,9}}[\[(]\s{{0,9}}({_LITERAL})")
_LOOP = re.compile(rf"for\s{{1,9}}\w{{1,80}}\s{{1,9}}in\s{{1,9}}({_PATH})")
_OPPOSITE = {"==": "!=", "!=": "==", ">": "<=", "<=": ">", "<": ">=", ">=": "<"}
_SHIFT = {">": 1, ">=": 0, "<": -1, "<=": 0}
_OTHER_SIDES = {"else", "elif", "^"}
_MOST_TAGS = 5_000
_MOST_TOLD = 4
_LONGEST = 80


class _Branch(Struct, kw_only=True):
    """An open block: the conditions of its branches so far; of a loop, what it is over."""

    conditions: list[str]
    is_else: bool = False
    is_loop: bool = False


def branch_values(text: str, line: int, options: Mapping[str, Any]) -> str:
    """The values, as samples have them, with which a line of a template is sent; empty if any.

    `line` counts from 1.
    """
    found: dict[str, str] = {}
    for branch in _open_at(text, line, options):
        found |= dict(_needed(branch))
    return " and ".join([*found.values()][-_MOST_TOLD:])


def _open_at(text: str, line: int, options: Mapping[str, Any]) -> list[_Branch]:
    """The blocks in which the text of a line stands; none where it stands in several branches."""
    start = _start_of(text, line)
    open_: list[_Branch] = []
    for number, tag in enumerate(find_tags(text, options)):
        if tag.end > start and (text[start : tag.start].strip() or tag.start > _end(text, start)):
            is_inside = tag.start <= _end(text, start)
            word = _said(text[tag.inner : tag.end]).partition(" ")[0]
            return [] if is_inside and word in _OTHER_SIDES else open_
        if number >= _MOST_TAGS:
            return []
        if tag.kind in {"block", "variable"}:
            _read(_said(text[tag.inner : tag.end]), open_)
    return open_


def _start_of(text: str, line: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
        if start == 0:
            return len(text)
    return start


def _end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _said(inner: str) -> str:
    """What a tag says, without its delimiters."""
    return inner.lstrip("{%-+~ \t\n").rstrip("}%-+~ \t\n")


def _read(said: str, open_: list[_Branch]) -> None:
    word, _, rest = said.partition(" ")
    rest = rest.strip()
    if word == "if" or (word in {"#if", "#unless"} and rest):
        open_.append(_Branch(conditions=[f"not {rest}" if word == "#unless" else rest]))
    elif word == "elif" and open_:
        open_[-1].conditions.append(rest)
    elif word in {"else", "^"} and open_:
        open_[-1].is_else = True
    elif loop := _LOOP.match(said):
        open_.append(_Branch(conditions=[loop[1]], is_loop=True))
    elif word == "for":
        open_.append(_Branch(conditions=[], is_loop=True))
    elif word in {"endif", "endfor"} or said[:1] == "/":
        del open_[-1:]
    elif said[:1] in {"#", "^"} and _PLAIN.match(said[1:].strip()):
        name = said[1:].strip()
        open_.append(_Branch(conditions=[name if said[0] == "#" else f"not {name}"]))
    elif said[:1] == "#":
        open_.append(_Branch(conditions=[]))


def _needed(branch: _Branch) -> Iterator[tuple[str, str]]:
    """What must hold in a branch: each variable, and its value in words."""
    if branch.is_loop:
        for name in branch.conditions:
            yield name, f"`{name}` as {'an empty list' if branch.is_else else 'a list with items'}"
        return
    earlier = branch.conditions if branch.is_else else branch.conditions[:-1]
    for condition in earlier:
        yield from _values(condition, holds=False)
    if not branch.is_else and branch.conditions:
        yield from _values(branch.conditions[-1], holds=True)


def _values(condition: str, *, holds: bool) -> Iterator[tuple[str, str]]:
    """What makes a condition hold, or not."""
    condition = condition.strip()
    while condition.startswith("not "):
        condition, holds = condition[4:].strip(), not holds
    joined = _joined(condition, "and" if holds else "or")
    either = _joined(condition, "or" if holds else "and")
    if len(joined) > 1:
        for part in joined:
            yield from _values(part, holds=holds)
    elif len(either) > 1:
        yield from _values(either[0], holds=holds)
    else:
        yield _value(condition, holds=holds)


def _joined(condition: str, word: str) -> list[str]:
    """The parts between a word; the whole where parentheses may hold some of them."""
    return [condition] if "(" in condition else condition.split(f" {word} ")


def _value(condition: str, *, holds: bool) -> tuple[str, str]:
    if plain := _PLAIN.match(condition):
        return plain[1], f"`{plain[1]}: {'true' if holds else 'false'}`"
    if defined := _DEFINED.match(condition):
        is_there = holds != bool(defined[2])
        return defined[1], f"`{defined[1]}`" if is_there else f"no `{defined[1]}`"
    if listed := _LISTED.match(condition):
        is_in = holds != bool(listed[2])
        return listed[1], _equal(listed[1], listed[3], is_equal=is_in)
    if compared := _COMPARED.match(condition):
        name, operator, literal = compared.groups()
        operator = operator if holds else _OPPOSITE[operator]
        if operator in {"==", "!="}:
            return name, _equal(name, literal, is_equal=operator == "==")
        if literal.lstrip("-").isdecimal():
            return name, f"`{name}: {int(literal) + _SHIFT[operator]}`"
    shown = " ".join(condition.split())
    short = shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"
    return shown, f"values for which `{short}` {'holds' if holds else 'does not hold'}"


def _equal(name: str, literal: str, *, is_equal: bool) -> str:
    if is_equal:
        return f"`{name}: {literal}`"
    if literal.lstrip("-").isdecimal():
        return f"`{name}: {int(literal) + 1}`"
    return f"`{name}: {'another' if literal[1:-1] == 'other' else 'other'}`"
