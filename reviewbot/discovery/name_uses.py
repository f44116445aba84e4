"""How source code uses a name: whether it puts it into a text, by what stands around it."""

import re
from collections.abc import Iterator

from msgspec import Struct

from reviewbot import prompt_formats


def defines_function(name: str, text: str) -> bool:
    """Whether a text defines a function, or a method, of that name."""
    for found in named(name).finditer(text):
        line = text[max(0, found.start() - _LINE) : found.start()].rpartition("\n")[2]
        behind = text[found.end() : found.end() + _LINE]
        is_method = _STARTS.fullmatch(line) is not None and _METHOD.match(behind) is not None
        if is_method or _FUNCTION.search(line) or _ARROW.match(behind):
            return True
    return False


class Use(Struct, frozen=True, kw_only=True):
    """A use of a name: whether it is put into a text, and the variable that takes it first.

    `is_message` says that it stands among what a call sends, by itself, `is_returned` that a
    function gives it, filled or as it is.
    """

    is_put_in: bool
    variable: str = ""
    is_message: bool = False
    is_returned: bool = False


def uses_of(name: str, text: str, path: str) -> Iterator[Use]:
    """The uses of a name.

    Where it is defined, imported or spoken of, it is not used.
    """
    put_in = _PUT_IN[prompt_formats.of_source(path) == "python"]
    imports = [found.span() for found in _IMPORT.finditer(text)]
    for found in named(name).finditer(text):
        start, end = found.span()
        line = text[max(0, start - _LINE) : start].rpartition("\n")[2]
        behind = text[end : end + _LINE]
        is_imported = any(begin <= start < stop for begin, stop in imports)
        if is_imported or _NO_USE.search(line) or _is_defined(line, behind):
            continue
        before = text[max(0, start - _LINE) : start]
        if put_in.search(before) or _ADDED.match(behind):
            yield Use(is_put_in=True)
        elif filled := _FILLS.search(before):
            yield Use(is_put_in=True, variable=filled[1])
        elif taken := _TAKEN.search(line):
            variable = taken[1]
            yield Use(is_put_in=_times_set(variable, text) == 1, variable=variable)
        else:
            is_message = _MESSAGE.search(before) is not None and _ALONE.match(behind) is not None
            is_returned = _RETURNED.search(line) is not None and _FILLED.match(behind) is not None
            yield Use(is_put_in=False, is_message=is_message, is_returned=is_returned)


def _times_set(variable: str, text: str) -> int:
    """How often a variable gets its value; a template's placeholder of its name is another."""
    is_set = re.compile(rf"(?<![\w.]){variable}\s{{0,9}}(?::[^=\n]{{1,80}})?=(?![=>])")
    found = (text[max(0, it.start() - _LINE) : it.end()] for it in is_set.finditer(text))
    return sum(_FILLS.search(before) is None for before in found)


def _is_defined(line: str, behind: str) -> bool:
    """Whether a name is given its meaning here: an assignment, a function, an argument's name."""
    if _DEFINES.search(line) or (_KEYWORD.search(line) and _ASSIGNED.match(behind)):
        return True
    if not _STARTS.fullmatch(line):
        return False
    return _ASSIGNED.match(behind) is not None or _METHOD.match(behind) is not None


def named(name: str) -> re.Pattern[str]:
    """A name by itself, not as a part of another."""
    return re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$])")


_LINE = 400
"""Characters around a name that tell how it is used."""

_IMPORT = re.compile(
    r"^(?:import|export)\s*(?:type\s*)?\{[^}]{0,4000}\}"
    r"|^from[ \t]{1,9}[\w.]{1,200}[ \t]{1,9}import[ \t]{1,9}(?:\([^)]{0,4000}\)|[^\n]{0,400})",
    re.MULTILINE,
)
_NO_USE = re.compile(r"^\s{0,80}(?:#|//|/?\*)|\s//\s|[\"']$")
_DEFINES = re.compile(r"\b(?:def|function|const|let|var)\s{1,9}$")
_KEYWORD = re.compile(r"[(,]\s{0,9}$")
_STARTS = re.compile(r"\s{0,80}(?:(?:export|static|private|public|protected|async|readonly) ){0,5}")
_ASSIGNED = re.compile(r"\s{0,9}(?::[^=\n]{1,80})?=(?!=)")
_METHOD = re.compile(r"\([^()\n]{0,200}\)[^\n;]{0,80}\{\s")
_FUNCTION = re.compile(r"\b(?:def|function)\s{1,9}$")
_ARROW = re.compile(r"\s{0,9}=\s{0,9}(?:async\s{0,9})?\([^()\n]{0,200}\)[^\n;]{0,80}=>")
_PUT_IN = (
    re.compile(r"\$\{[^{}`]{0,300}$|\+\s{0,80}(?:this\.)?$"),
    re.compile(r"\{\s{0,9}(?:self\.|cls\.)?$|\+\s{0,80}(?:self\.|cls\.)?$"),
)
"""What stands before a name that is put into a text: in TypeScript, and in Python."""

_FILLS = re.compile(
    r"\.(?:partial|format|format_messages|formatMessages|format_prompt|formatPrompt|substitute"
    r"|render)\([^()]{0,300}?(?<![\w.$])[\"']?(\w{1,80})[\"']?[ \t]{0,9}[:=]\s{0,9}"
    r"(?:self\.|this\.|cls\.)?$"
)
"""What stands before a name that fills a placeholder of a template, by the placeholder's name."""

_MESSAGE = re.compile(
    r"(?:\b(?:content|system|system_?prompt|systemPrompt|system_?instruction|systemInstruction"
    r"|instructions|developer)[\"']?[ \t]{0,9}[:=]\s{0,9}|\.\.\.|[\[,(]\s{0,80}\*)"
    r"(?:\w{1,80}\.){0,3}$"
)
"""What stands before a name that is a message, or messages, of a call."""

_RETURNED = re.compile(r"(?:\breturn|=>)\s{1,9}(?:self\.|this\.|cls\.)?$")
_FILLED = re.compile(r"\s{0,80}(?:\.(?:replace|replaceAll|format|strip|trim|substitute)\(|[;\n]|$)")
_ALONE = re.compile(r"(?:\([^()\n]{0,200}\))?\s{0,80}[,})\]\n;]")
_ADDED = re.compile(r"(?:\([^()\n]{0,200}\))?\s{0,80}\+(?![+=])")
_TAKEN = re.compile(
    r"(?:^|[\s(])(\w{1,80})\s{0,9}=\s{0,9}(?:await\s{1,9})?(?:self\.|this\.|cls\.)?$"
)
