"""Takes out the lines that only a tag stands on, and the blanks that `~` takes away.

These are the rules of handlebars.js (`whitespace-control.js` in 4.7), in its order: what is
standalone is decided by the text as it was written, and cut from what is left of it.
"""

from msgspec import Struct

from reviewbot.rendering.engines._common.javascript import BLANKS
from reviewbot.rendering.engines.handlebars.tree import (
    Block,
    Comment,
    Content,
    Mustache,
    Partial,
    Program,
    Statement,
    Strip,
)


class _Edges(Struct, frozen=True, kw_only=True):
    """How a statement strips, and whether it may stand alone at its beginning and end."""

    strip: Strip
    opens_alone: bool = False
    closes_alone: bool = False
    is_inline: bool = False


def cut_blanks(program: Program, *, is_root: bool = True) -> None:
    """Cut the texts of a program and of all within it."""
    body = program.body
    for place, current in enumerate(body):
        edges = _edges(current)
        if edges is None:
            continue
        before = _line_begins(body, place, is_root=is_root)
        behind = _line_ends(body, place, is_root=is_root)
        if edges.strip.behind:
            _cut_begin(_at(body, place + 1), all_blanks=True)
        if edges.strip.before:
            _cut_end(_at(body, place - 1), all_blanks=True)
        if edges.is_inline and before and behind:
            _cut_begin(_at(body, place + 1))
            if _cut_end(previous := _at(body, place - 1)) and isinstance(current, Partial):
                assert isinstance(previous, Content)
                written = previous.original
                current.indent = written[len(written.rstrip(" \t")) :]
        first, last = _first_and_last(current)
        if edges.opens_alone and before:
            _cut_begin(_at(first, 0))
            _cut_end(_at(body, place - 1))
        if edges.closes_alone and behind:
            _cut_begin(_at(body, place + 1))
            _cut_end(_at(last, len(last) - 1))


def _edges(statement: Statement) -> _Edges | None:
    match statement:
        case Mustache():
            return _Edges(strip=statement.strip)
        case Partial(program=None) | Comment():
            return _Edges(strip=statement.strip, is_inline=True)
        case Partial(program=program) if program is not None:
            cut_blanks(program, is_root=False)
            return _block_edges(program, None, statement.strip, Strip(), statement.close_strip)
        case Block():
            for part in (statement.program, statement.inverse):
                if part is not None:
                    cut_blanks(part, is_root=False)
            program, inverse = _in_order(statement)
            return _block_edges(
                program,
                inverse,
                statement.open_strip,
                statement.inverse_strip,
                statement.close_strip,
            )
    return None


def _block_edges(
    program: Program, inverse: Program | None, opening: Strip, middle: Strip, closing: Strip
) -> _Edges:
    body = program.body
    first, last = inverse, inverse
    if inverse is not None and inverse.is_chained:
        first = _program(inverse, 0)
        while last is not None and last.is_chained:
            last = _program(last, -1)
    beginning = (first or program).body
    edges = _Edges(
        strip=Strip(before=opening.before, behind=closing.behind),
        opens_alone=_line_ends(body, -1),
        closes_alone=_line_begins(beginning, len(beginning)),
    )
    if opening.behind:
        _cut_begin(_at(body, 0), all_blanks=True)
    if first is None or last is None:
        if closing.before:
            _cut_end(_at(body, len(body) - 1), all_blanks=True)
        return edges
    if middle.before:
        _cut_end(_at(body, len(body) - 1), all_blanks=True)
    if middle.behind:
        _cut_begin(_at(first.body, 0), all_blanks=True)
    if closing.before:
        _cut_end(_at(last.body, len(last.body) - 1), all_blanks=True)
    if _line_begins(body, len(body)) and _line_ends(first.body, -1):
        _cut_end(_at(body, len(body) - 1))
        _cut_begin(_at(first.body, 0))
    return edges


def _program(chained: Program, place: int) -> Program | None:
    block = chained.body[place]
    return block.program if isinstance(block, Block) else None


def _in_order(block: Block) -> tuple[Program, Program | None]:
    """The program, and the inverse where there are both; else the one that there is."""
    if block.program is None:
        assert block.inverse is not None
        return block.inverse, None
    return block.program, block.inverse


def _first_and_last(statement: Statement) -> tuple[list[Statement], list[Statement]]:
    match statement:
        case Block():
            programs = [part for part in (statement.program, statement.inverse) if part]
            return programs[0].body, programs[-1].body
        case Partial(program=program) if program is not None:
            return program.body, program.body
        case _:
            return [], []


def _at(body: list[Statement], place: int) -> Statement | None:
    return body[place] if 0 <= place < len(body) else None


def _line_begins(body: list[Statement], place: int, *, is_root: bool = False) -> bool:
    """Whether only blanks stand in the line before what is at `place`."""
    previous = _at(body, place - 1)
    if previous is None:
        return is_root
    if not isinstance(previous, Content):
        return False
    text = previous.original
    rest = text.rstrip(BLANKS)
    is_first = place == 1 and is_root
    return "\n" in text[len(rest) :] or (is_first and not rest)


def _line_ends(body: list[Statement], place: int, *, is_root: bool = False) -> bool:
    """Whether only blanks stand in the line behind what is at `place`."""
    following = _at(body, place + 1)
    if following is None:
        return is_root
    if not isinstance(following, Content):
        return False
    text = following.original
    rest = text.lstrip(BLANKS)
    is_last = place + 2 >= len(body) and is_root
    return "\n" in text[: len(text) - len(rest)] or (is_last and not rest)


def _cut_begin(statement: Statement | None, *, all_blanks: bool = False) -> None:
    if not isinstance(statement, Content) or (statement.cut_begin and not all_blanks):
        return
    text = statement.value
    rest = text.lstrip(BLANKS if all_blanks else " \t")
    if not all_blanks:
        rest = rest.removeprefix("\r\n") if rest.startswith("\r\n") else rest.removeprefix("\n")
    statement.value = rest
    statement.cut_begin = rest != text


def _cut_end(statement: Statement | None, *, all_blanks: bool = False) -> bool:
    if not isinstance(statement, Content) or (statement.cut_end and not all_blanks):
        return False
    text = statement.value
    statement.value = text.rstrip(BLANKS if all_blanks else " \t")
    statement.cut_end = statement.value != text
    return statement.cut_end
