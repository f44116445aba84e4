"""The operations of texts that Python source composes (`parsers.python_source.values`)."""

import inspect
import re
import textwrap
from collections.abc import Callable, Mapping
from typing import Any

from reviewbot.prompt import TemplateError, UndefinedVariableError
from reviewbot.rendering.engines import Undefined
from reviewbot.rendering.engines._common.given_texts import given_text
from reviewbot.rendering.engines.python_text.largest import largest_literal
from reviewbot.rendering.engines.str_format import Field, converted, filled, formatted, parsed

Text = Any


class Values:
    """What texts give with a sample's variables."""

    def __init__(self, variables: Mapping[str, Any], undefined: Undefined) -> None:
        self._variables = variables
        self._undefined = undefined
        self._operations: Mapping[str, Callable[..., Any]] = {
            "value": lambda constant: constant,
            "hole": self._asked,
            "altered": self.text,
            "join": lambda *parts: "".join(map(self.text, parts)),
            "field": self._field,
            "percent": self._percent,
            "format": self._formatted,
            "replace": self._replaced,
            "strip": self._stripped,
            "dedent": lambda inner: textwrap.dedent(self.text(inner)),
            "cleandoc": lambda inner: inspect.cleandoc(self.text(inner)),
            "if": self._chosen,
            "largest": lambda *texts: max(map(self._leniently, texts), key=len),
            "not": lambda inner: not self._value(inner),
            "and": lambda *parts: all(map(self._value, parts)),
            "or": lambda *parts: any(map(self._value, parts)),
            "same": lambda one, other: self._value(one) == self._value(other),
        }

    def text(self, said: Text) -> str:
        """The text that an expression gives.

        Raises:
            UndefinedVariableError: A sample lacks a variable.
            TemplateError: The values do not fit.
        """
        return str(self._value(said))

    def looked_up(self, asked: Mapping[str, Any]) -> Any:
        """The value of an expression that a sample gives.

        Raises:
            UndefinedVariableError: It does not.
        """
        name, variables = asked["name"], self._variables
        if name in variables:
            return variables[name]
        for other in variables if "'" in name else ():
            if other.replace('"', "'") == name:
                return variables[other]
        value: Any = variables
        for step in asked["path"] or [name]:
            match value:
                case Mapping() if str(step) in value:
                    value = value[str(step)]
                case list() if isinstance(step, int) and -len(value) <= step < len(value):
                    value = value[step]
                case _:
                    raise UndefinedVariableError(name, asked["line"])
        return value

    def _value(self, said: Text) -> Any:
        if isinstance(said, str):
            return said
        operation, *arguments = said
        return self._operations[operation](*arguments)

    def _is_missing(self, said: Text) -> bool:
        """Whether an expression has no value, where that is no error."""
        if self._undefined == "error" or not isinstance(said, list) or said[0] != "hole":
            return False
        try:
            self.looked_up(said[1])
        except UndefinedVariableError:
            told = said[1].keys() & {"holds", "gives"}
            return not told and not self._literal(said[1])
        return False

    def _asked(self, asked: Mapping[str, Any]) -> Any:
        gives = asked.get("gives")
        try:
            found = self.looked_up(asked)
        except UndefinedVariableError:
            text = given_text(asked, self.text, self._undefined)
            if text is None and self._undefined == "error":
                raise
            return asked.get("holds", self._literal(asked)) if text is None else text
        return found if gives is None else max(found, self._leniently(gives), key=_length)

    def _leniently(self, said: Text) -> str:
        return Values(self._variables, "largest").text(said)

    def _literal(self, asked: Mapping[str, Any]) -> str:
        return largest_literal(asked["name"]) if self._undefined == "largest" else ""

    def _chosen(self, condition: Text, one: Text, other: Text) -> str:
        """One text or the other; the longer one where no sample says which."""
        if self._is_decided(condition):
            return self.text(one if self._value(condition) else other)
        return max(self.text(one), self.text(other), key=len)

    def _is_decided(self, condition: Text) -> bool:
        if self._undefined == "error" or not isinstance(condition, list):
            return True
        if condition[0] != "hole":
            return all(map(self._is_decided, condition[1:]))
        try:
            self.looked_up(condition[1])
        except UndefinedVariableError:
            return False
        return True

    def _field(self, inner: Text, conversion: str | None, specification: Text, line: int) -> str:
        if self._is_missing(inner):
            return ""
        name = inner[1]["name"] if isinstance(inner, list) and inner[0] == "hole" else "…"
        field = Field(name=name, specification="", conversion=conversion, line=line)
        value = self._value(inner)
        given = value if conversion is None else converted(value, field)
        return formatted(given, self.text(specification), field)

    def _formatted(
        self, inner: Text, positional: list[Text], named: Mapping[str, Text], others: str
    ) -> str:
        given = {
            str(key): self._value(item)
            for key, item in [*enumerate(positional), *named.items()]
            if not self._is_missing(item)
        }
        variables = {**self._variables, **given} if others else given
        return filled(tuple(parsed(self.text(inner))), variables, self._undefined)

    def _percent(self, inner: Text, arguments: Mapping[str, Any]) -> str:
        given: Any
        match arguments:
            case {"named": named}:
                given = {key: self._value(item) for key, item in named.items()}
            case {"alone": item}:
                given = self._value(item)
            case _:
                given = tuple(map(self._value, arguments["positional"]))
        try:
            return str(self.text(inner) % given)
        except (ValueError, TypeError, KeyError, OverflowError) as error:
            what = f"the text cannot be formatted with %: {error}"
            raise TemplateError(what, "correct the text, or the sample's values", line=1) from None

    def _replaced(self, inner: Text, old: Text, new: Text) -> str:
        return self.text(inner).replace(self.text(old), self.text(new))

    def _stripped(self, inner: Text, how: str, characters: str | None) -> str:
        strip = {"strip": str.strip, "lstrip": str.lstrip, "rstrip": str.rstrip}[how]
        return strip(self.text(inner), characters)


def _length(value: Any) -> int:
    return len(str(value))


def beginning(said: Text) -> tuple[str, int | None]:
    """What a text begins with whatever the values, and the line of what follows; None if nothing.

    Where that is not evident it is nothing at all.
    """
    text: str
    line: int | None
    match said:
        case str():
            return said, None
        case ["join", *parts]:
            return _beginning_of_all(parts)
        case ["hole", {"line": int() as at}] | ["field", _, _, _, int() as at]:
            return "", at
        case ["fill", "str-format" | "llama-index", inner] | ["format", inner, *_]:
            mark = _BRACE
        case ["percent", inner, _]:
            mark = _PERCENT
        case ["strip", inner, how, characters]:
            text, line = beginning(inner)
            before = text if how == "rstrip" else text.lstrip(characters)
            return (before if how == "lstrip" else before.rstrip(characters)), line or 1
        case _:
            return "", 1
    text, line = beginning(inner)
    before = mark.split(text, maxsplit=1)[0]
    return before, line or 1 + before.count("\n")


_BRACE = re.compile(r"[{}]")
_PERCENT = re.compile(r"%")


def _beginning_of_all(parts: list[Text]) -> tuple[str, int | None]:
    before = ""
    for part in parts:
        text, line = beginning(part)
        before += text
        if line is not None:
            return before, line
    return before, None
