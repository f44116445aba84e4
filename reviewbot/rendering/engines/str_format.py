"""Format strings, as Python's `str.format` fills them (its Library Reference, string).

Values are JSON data. Where a field reads an attribute, `{user.name}`, the sample's mapping stands
in for the object; no attribute of a Python object is ever read.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from reviewbot.prompt import (
    NO_REFERENCES,
    CompiledTemplate,
    Constant,
    References,
    TemplateError,
    UndefinedVariableError,
)
from reviewbot.rendering.engines import Load, Undefined

NAME = "str-format"

_CONVERSIONS: Mapping[str, Callable[[Any], str]] = {"r": repr, "s": str, "a": ascii}
_PLAUSIBLE = re.compile(r"[^\s{}]{0,100}")
"""Names of fields that may be empty where there are no samples; others may be text in braces."""
_TEXT_IN_BRACES = re.compile(r"""\s|["']""")
"""How no variable's name begins."""
_EXPRESSION = re.compile(
    r"([A-Za-z_]\w{0,99})(?:\.\w{1,99}|\[\w{0,99}\]){0,9}"
    r"(?:(\()\s{0,9}([A-Za-z_]\w{0,99})?|\s{1,9}(?:[-+*/%<>=?|&]|if\b|or\b|and\b)|[+*/%<>=?|&]|\[[^\]:]{0,99}:)"
)
"""How code begins that an f-string may hold, and a format string may not."""

_SHOWN_CHARACTERS = 40
_MOST_NESTED = 2
"""A specification may hold fields, `{x:{width}}`, and these may hold none."""


class Field(Struct, frozen=True, kw_only=True):
    """A replacement field; `line` (from 1) is where it stands in the template."""

    name: str
    specification: str
    conversion: str | None
    line: int


def references(text: str, options: Mapping[str, Any]) -> References:
    """Format strings include nothing."""
    del text, options
    return NO_REFERENCES


def compile_template(
    text: str, *, name: str, load: Load, undefined: Undefined, options: Mapping[str, Any]
) -> CompiledTemplate:
    """What fills `text`; called in the rendering process only."""
    del load, options
    pieces = tuple(parsed(text))

    def render(variables: Mapping[str, Any]) -> str:
        return filled(pieces, variables, undefined)

    characters = 0
    for piece in pieces:
        if isinstance(piece, Field):
            constant = Constant(characters=characters, path=name, line=piece.line)
            return CompiledTemplate(render=render, constant=constant)
        characters += len(piece)
    return CompiledTemplate(render=render, constant=Constant(characters=characters))


def parsed(text: str) -> Iterator[str | Field]:
    """The literal texts and the fields of a format string, in order.

    Raises:
        TemplateError: It is none.
    """
    from string import Formatter

    line = 1
    try:
        for literal, field, specification, conversion in Formatter().parse(text):
            if literal:
                yield literal
                line += literal.count("\n")
            if field is not None:
                spec = specification or ""
                yield Field(name=field, specification=spec, conversion=conversion, line=line)
                line += field.count("\n") + spec.count("\n")
    except ValueError as error:
        what = f"this is no format string: {error}"
        mend = "write braces that are text twice: {{ and }}"
        if "expected '}'" in str(error):
            mend = f"close the variable with }}, or {mend}"
        raise TemplateError(what, mend, line=line) from None


def filled(
    pieces: tuple[str | Field, ...], variables: Mapping[str, Any], undefined: Undefined
) -> str:
    """The text of a format string; `variables` hold positional values under their numbers.

    Raises:
        UndefinedVariableError: A field's value is missing.
        TemplateError: A field is wrong, or does not fit its value.
    """
    return _filled(pieces, variables, undefined, _Numbering(), _MOST_NESTED)


class _Numbering:
    """The numbers of fields without a name, `{}`; they cannot be mixed with numbered ones."""

    def __init__(self) -> None:
        self._next = 0
        self._is_manual: bool | None = None

    def name(self, first: int | str, line: int) -> str:
        """The variable that a field's first part means."""
        if first != "" and not isinstance(first, int):
            return first
        is_manual = isinstance(first, int)
        if self._is_manual not in {None, is_manual}:
            what = "fields with and without a number are mixed"
            raise TemplateError(what, "number all of them or none", line=line)
        self._is_manual = is_manual
        if is_manual:
            return str(first)
        self._next += 1
        return str(self._next - 1)


def _filled(
    pieces: tuple[str | Field, ...],
    variables: Mapping[str, Any],
    undefined: Undefined,
    numbering: _Numbering,
    depth: int,
) -> str:
    if depth == 0:
        raise TemplateError("fields stand too deep in specifications", "write them flatter")
    texts: list[str] = []
    for piece in pieces:
        if not isinstance(piece, Field):
            texts.append(piece)
            continue
        try:
            value = _looked_up(piece, variables, numbering)
        except UndefinedVariableError:
            if undefined != "error" and _PLAUSIBLE.fullmatch(piece.name):
                continue
            if expression := _EXPRESSION.match(piece.name):
                raise _no_code(piece, expression) from None
            if _TEXT_IN_BRACES.match(piece.name):
                raise _no_field(piece) from None
            raise
        if piece.conversion is not None:
            value = converted(value, piece)
        specification = piece.specification
        if "{" in specification or "}" in specification:
            inner = tuple(parsed(specification))
            specification = _filled(inner, variables, undefined, numbering, depth - 1)
        texts.append(formatted(value, specification, piece))
    return "".join(texts)


def _looked_up(field: Field, variables: Mapping[str, Any], numbering: _Numbering) -> Any:
    from _string import formatter_field_name_split  # type: ignore[import-not-found]

    try:
        first, rest = formatter_field_name_split(field.name)
        name = numbering.name(first, field.line)
        if name not in variables:
            raise UndefinedVariableError(name, field.line)
        value = variables[name]
        for _, key in rest:
            value = _within(value, key, field)
    except ValueError as error:
        what = f"{{{field.name}}} is no field: {error}"
        raise TemplateError(what, "correct its name", line=field.line) from None
    return value


def _no_code(field: Field, found: re.Match[str]) -> TemplateError:
    """Code stands in the braces, of which `str.format` runs none; the variable in it is meant."""
    shown = field.name.strip()
    shown = shown if len(shown) <= _SHOWN_CHARACTERS else f"{shown[:_SHOWN_CHARACTERS]}…"
    is_function = found[2] and field.name.startswith(f"{found[1]}(")
    name = (found[3] if is_function else None) or found[1]
    does = "calls" if found[2] else "computes"
    what = f"str.format {does} nothing, and {{{shown}}} is code"
    mend = (
        f"write {{{name}}}, with the result in the sample; or, where it is an f-string in source, "
        "name its constant: `prompts.py#NAME`"
    )
    return TemplateError(what, mend, line=field.line)


def _no_field(field: Field) -> TemplateError:
    """What stands in braces is no name of a variable: most likely they are text, as in JSON."""
    shown = field.name.strip()[:_SHOWN_CHARACTERS]
    what = f"{{{shown}}} is no variable, and no sample gives it"
    mend = (
        "write braces that are text, as in JSON, twice: {{ and }}; or, where it is a template of"
        " another language, name that at the prompt's path: `format: mustache`"
    )
    return TemplateError(what, mend, line=field.line)


def formatted(value: Any, specification: str, field: Field) -> str:
    """`value` as its format specification says.

    Raises:
        TemplateError: It does not fit the value.
    """
    moment = _moment(value) if _DATE_CODE.search(specification) else None
    try:
        return format(value if moment is None else moment, specification)
    except (ValueError, TypeError, OverflowError) as error:
        what = f"{{{field.name}:{specification}}} cannot be formatted: {error}"
        mend = "correct the specification, or the sample's value"
        if codes := _date_codes(specification):
            mend = f"write {{{field.name}:{codes}}}"
        elif isinstance(value, float) and specification[-1:] in {*"bcdoxX"}:
            mend = (
                f"give a whole number, such as 12, or write {{{field.name}:{specification[:-1]}f}}"
            )
        if _DATE_CODE.search(specification):
            mend = "give a date in the sample, 2026-11-01 or 2026-11-01T09:30:00"
        elif isinstance(value, str) and specification[-1:] in _NUMBER_TYPES:
            mend = "give a number in the sample, 12.5 without quotes"
        raise TemplateError(what, mend, line=field.line) from None


_NUMBER_TYPES = frozenset("bcdeEfFgGnoxX%")
"""The last characters of specifications that take numbers only (Python's Library Reference)."""

_DATE_CODE = re.compile(r"%[A-Za-z]")


def _moment(value: Any) -> datetime | None:
    """The date, with a time or without, that a sample writes as a text; None of other values."""
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value.strip())
    except ValueError:
        return None


def _within(value: Any, key: int | str, field: Field) -> Any:
    match value:
        case dict() if str(key) in value:
            return value[str(key)]
        case list() | str() if isinstance(key, int) and key < len(value):
            return value[key]
        case _:
            raise UndefinedVariableError(field.name, field.line)


def converted(value: Any, field: Field) -> str:
    """`value` as its conversion says.

    Raises:
        TemplateError: There is no such conversion.
    """
    convert = _CONVERSIONS.get(field.conversion or "")
    if convert is None:
        what = f"the conversion !{field.conversion} is unknown"
        raise TemplateError(what, "use !r, !s or !a", line=field.line)
    return convert(value)


def _date_codes(specification: str) -> str:
    """The codes of a date that is written in letters, `%Y-%m-%d` for `YYYY-MM-DD`; else empty."""
    if "YYYY" not in specification.upper() or "%" in specification:
        return ""
    codes = (("YYYY", "%Y"), ("yyyy", "%Y"), ("MM", "%m"), ("DD", "%d"), ("dd", "%d"))
    for letters, code in (*codes, ("HH", "%H"), ("mm", "%M"), ("ss", "%S")):
        specification = specification.replace(letters, code)
    return specification
