"""Quotes and brackets of YAML that do not end, or end too early, and escapes that are none."""

import re
from typing import Any

from reviewbot.documents.yaml_faults import Fault, Slip, indentation, is_blank


def quote_slip(fault: Fault) -> Slip | None:
    """The first quoted text with something behind it that cannot stand there.

    Where such a text goes over several lines, its quote took the next one's for its end.
    """
    import yaml

    quote = fault.at(fault.begun)[fault.begun_column : fault.begun_column + 1]
    if fault.problem in _NO_END and quote in ("'", '"'):
        return fault.begun, _OPEN_QUOTE, f"close it with {quote}"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for token in yaml.scan(fault.text, Loader=loader):
            if token.start_mark.line >= fault.line:
                return None
            if isinstance(token, yaml.ScalarToken) and token.style in ("'", '"'):
                rest = fault.at(token.end_mark.line + 1)[token.end_mark.column :]
                if not _MAY_FOLLOW.match(rest) and not _lacks_comma(fault, rest):
                    return _behind_quote(token, rest)
    except yaml.MarkedYAMLError:
        return None
    return None


_OPEN_QUOTE = "the quote that begins in this line does not end"
_NO_END = ("found unexpected end of stream", "found unexpected document indicator")
_MAY_FOLLOW = re.compile(r"[ \t]*(?:$|[,\]}:])|[ \t]+#")


def _lacks_comma(fault: Fault, rest: str) -> bool:
    return rest.startswith(" ") and fault.problem.startswith("did not find expected ','")


def _behind_quote(token: Any, rest: str) -> Slip:
    line = token.start_mark.line + 1
    if token.end_mark.line > token.start_mark.line:
        return line, _OPEN_QUOTE, f"close it with {token.style}"
    if comment := re.match(r"[ \t]+//[ \t]*([^\s].{0,60})", rest):
        return line, "comments begin with `#`", f"write `# {comment[1].rstrip()}`"
    what = f"text follows the closing {token.style}"
    behind = re.sub(r"[ \t]#.*", "", rest).rstrip()
    inner = f"{token.value}'{behind.removesuffix(token.style)}" if token.style == "'" else ""
    whole = inner if behind.endswith("'") else f"{token.value}{behind}"
    if re.fullmatch(r"[^\"\\{}\[\]]{1,80}", whole) and whole.isprintable():
        return line, what, f'put all of it in quotes: "{whole}"'
    return line, what, "put all of it in quotes, or none of it"


def escape_slip(fault: Fault) -> Slip | None:
    r"""The `\` in double quotes that begins no escape, as in an expression or a path of Windows."""
    here = fault.at(fault.line)
    found = _NO_ESCAPE.match(here, here.rfind("\\", 0, fault.column + 1))
    if not fault.problem.startswith(_ESCAPES) or found is None:
        return None
    what = f"`{found[0]}` is no escape in a text in double quotes"
    whole = _SINGLE_QUOTABLE.match(here, fault.begun_column)
    if fault.begun == fault.line and whole:
        return fault.line, what, f"write '{whole[1]}'"
    return fault.line, what, f"write `\\{found[0]}`"


_ESCAPES = ("found unknown escape character", "did not find expected hex")
_NO_ESCAPE = re.compile(r"\\[\w.+*?()\[\]{}^$|@:;,!<>=~#%&' -]")
_SINGLE_QUOTABLE = re.compile(r'"((?:[^"\\\']|\\[^"\\\'/nrt]){1,200})"')


def bracket_slip(fault: Fault) -> Slip | None:
    """The bracket that is not closed, is closed by another, or is closed twice."""
    wanted = re.fullmatch(r"did not find expected ',' or '([]}])'", fault.problem)
    if not wanted:
        if fault.mark and fault.mark in "]}" and not fault.is_at_end:
            return fault.line, f"there is one `{fault.mark}` too many", "take it out"
        return None
    closing = wanted[1]
    opening = "[" if closing == "]" else "{"
    if fault.mark and fault.mark in "]}" and fault.mark != closing:
        what = f"`{fault.mark}` closes what line {fault.begun} opens with `{opening}`"
        return fault.line, what, f"write `{closing}`"
    if slip := _lost_behind_comment(fault, closing):
        return slip
    if fault.is_at_end or _is_left(fault):
        what = "the bracket that begins in this line does not end"
        return fault.begun, what, f"close it with `{closing}`"
    return _missing_comma(fault)


def _lost_behind_comment(fault: Fault, closing: str) -> Slip | None:
    """The line of the bracket whose end lies behind ` #`, where a comment begins."""
    for number in range(fault.begun, min(fault.line, fault.begun + _MOST_LINES) + 1):
        here = fault.at(number)
        begins = fault.begun_column if number == fault.begun else 0
        comment = next((it for it in _PIECE.finditer(here, begins) if it["comment"]), None)
        if comment is None or closing not in comment[0]:
            continue
        what = "` #` begins a comment, so the rest of the line is lost"
        meant = _SPACED_SELECTOR.search(here, begins, comment.end())
        if meant and meant.start(2) == comment.start():
            return number, what, f"write `{meant[1]}{meant[2]}`, without the blank"
        return number, what, "put text that contains ` #` in quotes"
    return None


_MOST_LINES = 100
_PIECE = re.compile(r"\"[^\"]*\"|'[^']*'|(?P<comment>(?<=\s)#.*)|[^\"'#\s]+|.")
_SPACED_SELECTOR = re.compile(r"(?<![\w./@-])([\w./@-]{1,200})[ \t]+(#[\w.-]{1,100})")


def _missing_comma(fault: Fault) -> Slip | None:
    """The item or entry with no comma before it, in its line or at the end of the one above."""
    here = fault.at(fault.line)
    begins = len(here) - len(here.lstrip()) if fault.mark == ":" else fault.column
    following = _ITEM.match(here, begins)
    if following is None or following.end() < fault.column:
        return None
    colon = ":" if here.startswith(":", following.end()) else ""
    return fault.line, f"a comma is missing before `{following[0]}{colon}`", "put one there"


_ITEM = re.compile(r"[\w./@*-]{1,60}|\"[^\"]{1,60}\"|'[^']{1,60}'|[{\[]")


def _is_left(fault: Fault) -> bool:
    """Whether the line that is refused lies outside the bracket by its indentation.

    It does not where all that the bracket holds is indented as little, as some write JSON.
    """
    first = fault.at(fault.begun)
    within = [fault.at(number) for number in range(fault.begun + 1, fault.line)]
    most = indentation(first)
    behind = first[fault.begun_column + 1 :]
    return (
        fault.begun < fault.line
        and fault.begun_column > most
        and indentation(fault.at(fault.line)) <= most
        and all(is_blank(line) or indentation(line) > most for line in within)
        and (any(not is_blank(line) for line in within) or not is_blank(behind))
    )
