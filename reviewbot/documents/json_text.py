"""Reads JSON with the lines of its values, which the standard library does not keep."""

import re

from reviewbot.documents.building import TreeBuilder
from reviewbot.documents.conflict_marks import CONFLICT, conflict_line
from reviewbot.documents.nodes import Node, Scalar
from reviewbot.documents.number_text import finite_number, whole_number
from reviewbot.errors import MeasurementError, Place, Problem


def parse_json(text: str, *, file: str) -> Node:
    """The JSON document in `text`, with the values that `json.loads` gives.

    Raises:
        MeasurementError: It is not JSON, or holds or exceeds what is refused here.

    """
    try:
        return _read(text, TreeBuilder(text, file))
    except MeasurementError:
        line = conflict_line(text)
        if line is None:
            raise
    place = Place(file=file, line=line)
    raise MeasurementError([Problem(what=CONFLICT[0], mend=CONFLICT[1], place=place)])


def _read(text: str, tree: TreeBuilder) -> Node:
    from json import JSONDecoder

    decoder = JSONDecoder(
        parse_int=whole_number, parse_float=finite_number, parse_constant=finite_number
    )
    position, expected = 0, _JSON_VALUE
    open_marks: list[str] = []
    while found := _NO_JSON_SPACE.search(text, position):
        start, mark = found.start(), found[0]
        tree.line += text.count("\n", position, start)
        position = start + 1
        if mark not in expected:
            what, mend = _slip(text, start, expected)
            if _is_behind_comma(text, start):
                tree.line -= text.count("\n", text.rindex(",", 0, start), start)
            raise tree.refusal(f"this is not JSON: {what}", mend)
        if mark in "[{":
            tree.open("mapping" if mark == "{" else "list")
            open_marks.append(mark)
        elif mark in "]}":
            tree.close()
            open_marks.pop()
        elif mark not in ",:":
            try:
                value, position = decoder.raw_decode(text, start)
            except ValueError as error:
                raise tree.refusal(f"this is not JSON: {error}", _JSON_MEND) from None
            content = value if mark == '"' else text[start:position]
            tree.add(Scalar(line=tree.line, value=value, text=content, quoted=mark == '"'))
        expected = _JSON_EXPECTED[mark if mark in "[{,:" else "", tree.within]
    if tree.root is None:
        raise tree.refusal("this is not JSON: it ends too early", _end_mend(open_marks, expected))
    return tree.root


def _end_mend(open_marks: list[str], expected: str) -> str:
    """What to write at the end of a text whose last mark lets the `expected` ones follow."""
    missing = "".join("}" if mark == "{" else "]" for mark in reversed(open_marks))
    is_short = 0 < len(missing) <= _SHOWN_CHARACTERS
    if is_short and missing[0] in expected:
        return f"add `{missing}` at its end"
    if is_short and expected in (_JSON_VALUE, _KEYS[1]):
        return f"take the comma at its end out, and add `{missing}`"
    return _JSON_MEND


_NO_JSON_SPACE = re.compile(r"[^ \t\n\r]")


_JSON_VALUE = '"[{-0123456789tfnNI'


_JSON_EXPECTED = {
    # by the mark just read, which is empty at a value's end, and what it leaves the reader within
    ("[", "list"): _JSON_VALUE + "]",
    (",", "list"): _JSON_VALUE,
    ("", "list"): ",]",
    ("{", "mapping"): '"}',
    (",", "mapping"): '"',
    ("", "mapping"): ",}",
    ("", "entry"): ":",
    (":", "entry"): _JSON_VALUE,
    ("", "document"): "",
}


_AFTER_VALUE = (_JSON_EXPECTED["", "list"], _JSON_EXPECTED["", "mapping"])
_KEYS = (_JSON_EXPECTED["{", "mapping"], _JSON_EXPECTED[",", "mapping"])
_BEFORE_VALUE = frozenset(' \t\r\n"}]')
_SHOWN_CHARACTERS = 40


def _slip(text: str, start: int, expected: str) -> tuple[str, str]:
    """What is wrong with the mark at a position where others are `expected`, and the mend."""
    mark, near = text[start], _beginning(text, start)
    if _is_behind_comma(text, start):
        return f"a comma stands before `{mark}`", "take the comma out"
    if text.startswith(("//", "/*", "#"), start):
        return "a comment stands here", "take it out; JSON has none"
    if expected in _AFTER_VALUE and mark in _JSON_VALUE and text[start - 1] in _BEFORE_VALUE:
        return f"no comma stands before `{near}`", "put one there"
    if mark == "'":
        return "a text stands in single quotes", "write double quotes"
    if mark.isidentifier() and expected in _KEYS:
        return f"the key `{near}` stands without quotes", f'write `"{near}"`'
    return f"{mark!r} is not expected here", _JSON_MEND


def _is_behind_comma(text: str, start: int) -> bool:
    """Whether what ends a list or mapping stands behind a comma."""
    return text[start] in "]}" and text[:start].rstrip(" \t\n\r").endswith(",")


def _beginning(text: str, start: int) -> str:
    """The beginning of what stands at a position, up to the end of its word or text."""
    return re.split(r"[:,\n\]}]", text[start : start + _SHOWN_CHARACTERS])[0].strip()


_JSON_MEND = (
    "correct it; JSON takes no comments, no comma before `}` or `]`, no infinite numbers, "
    "and double quotes around keys and text"
)
