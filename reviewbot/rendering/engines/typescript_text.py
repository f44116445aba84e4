"""Texts that TypeScript and JavaScript compose, with a sample's values put in.

A template is the JSON text of what `parsers.typescript_source` gives for an expression. Its holes
are variables called by their source text: `${user.name}` is the variable `user.name`, or what
stands under `name` in the variable `user`. Values are printed as ECMAScript's ToString prints them.

A condition that no sample gives is an error; where there are no samples, the longer side counts.
What a function `gives` is sent where a sample says nothing longer of its call.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from reviewbot.prompt import (
    NO_REFERENCES,
    CompiledTemplate,
    Constant,
    References,
    TemplateError,
    UndefinedVariableError,
)
from reviewbot.rendering.engines import Load, Undefined, by_name
from reviewbot.rendering.engines._common import template_tags
from reviewbot.rendering.engines._common.given_texts import given_text
from reviewbot.rendering.engines._common.javascript import (
    BLANKS,
    UNDEFINED,
    has,
    is_nothing,
    is_true,
)
from reviewbot.rendering.engines._common.javascript import (
    text as printed,
)

NAME = "typescript-text"


def references(said: str, options: Mapping[str, Any]) -> References:
    """What the text includes when it is a template again, which is not known before."""
    del options
    return References(complete=False) if said.startswith('["fill"') else NO_REFERENCES


def compile_template(
    text: str, *, name: str, load: Load, undefined: Undefined, options: Mapping[str, Any]
) -> CompiledTemplate:
    """What puts values into `text`; called in the rendering process only."""
    said = json.loads(text)

    def render(variables: Mapping[str, Any]) -> str:
        values = _Values(variables, undefined)
        if said[0] != "fill":
            return printed(values.value(said))
        _, language, inner = said
        template = by_name(language).compile_template(
            printed(values.value(inner)), name=name, load=load, undefined=undefined, options=options
        )
        return template.render(variables)

    before, line = beginning(said)
    constant = Constant(characters=len(before), path=name if line else None, line=line)
    return CompiledTemplate(render=render, constant=constant)


class _Values:
    """What expressions give with a sample's variables."""

    def __init__(self, variables: Mapping[str, Any], undefined: Undefined) -> None:
        self._variables = variables
        self._undefined = undefined
        self._operations: Mapping[str, Callable[..., Any]] = {
            "value": lambda constant: constant,
            "undefined": lambda: UNDEFINED,
            "hole": self._asked,
            "altered": self.value,
            "join": lambda *parts: "".join(printed(self.value(part)) for part in parts),
            "plus": self._sum,
            "if": self._chosen,
            "largest": lambda *texts: max(map(self._leniently, texts), key=_length),
            "or": lambda first, second: self._either(first, second, is_true),
            "nullish": lambda first, second: self._either(first, second, _is_something),
            "and": self._both,
            "not": lambda inner: not is_true(self.value(inner)),
            "trim": self._trimmed,
            "replace": self._replaced,
            "dedent": lambda *parts: template_tags.dedent(
                [printed(self.value(part)) for part in parts]
            ),
            "dedented": lambda inner: template_tags.dedented(printed(self.value(inner))),
            "list": self._listed,
        }

    def value(self, said: Any) -> Any:
        """What an expression gives.

        Raises:
            UndefinedVariableError: A sample lacks a variable.
        """
        if isinstance(said, str):
            return said
        operation, *arguments = said
        return self._operations[operation](*arguments)

    def _looked_up(self, asked: Mapping[str, Any]) -> Any:
        name: str = asked["name"]
        value: Any = self._variables
        if name in value:
            return value[name]
        for step in asked["path"] or [name]:
            value = has(value, step)
            if value is UNDEFINED:
                raise UndefinedVariableError(name, asked["line"])
        return value

    def _asked(self, asked: Mapping[str, Any]) -> Any:
        gives = asked.get("gives")
        try:
            found = self._looked_up(asked)
        except UndefinedVariableError:
            text = given_text(asked, self.value, self._undefined)
            if text is None and self._undefined == "error":
                raise
            return asked.get("holds", "") if text is None else text
        return found if gives is None else max(found, self._leniently(gives), key=_length)

    def _leniently(self, said: Any) -> Any:
        return _Values(self._variables, "largest").value(said)

    def _is_known(self, said: Any) -> bool:
        """Whether a condition can be decided; where it cannot, the larger reading counts."""
        if self._undefined == "error" or isinstance(said, str):
            return True
        if said[0] == "hole":
            try:
                self._looked_up(said[1])
            except UndefinedVariableError:
                return False
            return True
        return all(self._is_known(item) for item in said[1:] if isinstance(item, list))

    def _sum(self, *parts: Any) -> Any:
        first, *others = map(self.value, parts)
        for other in others:
            if _is_number(first) and _is_number(other):
                first = first + other
            else:
                first = printed(first) + printed(other)
        return first

    def _chosen(self, condition: Any, first: Any, second: Any) -> Any:
        if self._is_known(condition):
            return self.value(first if is_true(self.value(condition)) else second)
        return max(self.value(first), self.value(second), key=_length)

    def _either(self, first: Any, second: Any, is_enough: Callable[[Any], bool]) -> Any:
        if self._is_known(first):
            value = self.value(first)
            return value if is_enough(value) else self.value(second)
        return max(self.value(first), self.value(second), key=_length)

    def _both(self, first: Any, second: Any) -> Any:
        if not self._is_known(first):
            return self.value(second)
        value = self.value(first)
        return self.value(second) if is_true(value) else value

    def _trimmed(self, inner: Any, how: str) -> str:
        text = printed(self.value(inner))
        if how != "trimEnd":
            text = text.lstrip(BLANKS)
        return text if how == "trimStart" else text.rstrip(BLANKS)

    def _replaced(self, inner: Any, old: Any, new: Any, how: str) -> str:
        text, searched, put = (printed(self.value(item)) for item in (inner, old, new))
        if "$" in put:
            what = "`replace` puts in a text with `$`, which stands for what was found"
            raise TemplateError(what, "put in a text without `$`", line=1)
        return text.replace(searched, put, 1 if how == "replace" else -1)

    def _listed(self, separator: Any, items: list[Any], is_filtered: bool) -> str:  # noqa: FBT001
        found = self._items(items)
        if is_filtered:
            found = [item for item in found if is_true(item)]
        between = printed(self.value(separator))
        return between.join("" if is_nothing(item) else printed(item) for item in found)

    def _items(self, items: list[Any]) -> list[Any]:
        found: list[Any] = []
        for item in items:
            match item:
                case ["items", condition, first, second]:
                    found += self._side(condition, first, second)
                case ["spread", inner]:
                    value = self.value(inner)
                    found += value if isinstance(value, list) else [value] if value else []
                case _:
                    found.append(self.value(item))
        return found

    def _side(self, condition: Any, first: list[Any], second: list[Any]) -> list[Any]:
        if self._is_known(condition):
            return self._items(first if is_true(self.value(condition)) else second)
        sides = self._items(first), self._items(second)
        return max(sides, key=lambda side: sum(len(printed(item)) for item in side))


def _length(value: Any) -> int:
    return len(printed(value))


def _is_something(value: Any) -> bool:
    return not is_nothing(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def beginning(said: Any) -> tuple[str, int | None]:
    """What a text begins with whatever the values, and the line of what follows; None if nothing.

    Where that is not evident it is nothing at all.
    """
    found: tuple[str, int | None]
    match said:
        case str():
            return said, None
        case ["hole", {"line": int() as line}]:
            return "", line
        case ["join", *parts]:
            before = ""
            for part in parts:
                text, at = beginning(part)
                before += text
                if at is not None:
                    return before, at
            return before, None
        case ["list", str() as separator, [*items], is_filtered]:
            found = _beginning_of_list(separator, items, is_filtered=is_filtered)
        case ["trim", inner, how]:
            text, at = beginning(inner)
            text = text if how == "trimEnd" else text.lstrip(BLANKS)
            found = (text if how == "trimStart" else text.rstrip(BLANKS)), at or 1
        case _:
            found = "", 1
    return found


def _beginning_of_list(
    separator: str, items: list[Any], *, is_filtered: bool
) -> tuple[str, int | None]:
    """What a joined list begins with; the separator before an item that may be dropped is none."""
    known: list[str] = []
    for item in items:
        if isinstance(item, str):
            known += [item] if item or not is_filtered else []
            continue
        text, at = beginning(item)
        is_sent = item[0] == "join" and any(isinstance(part, str) and part for part in item[1:])
        known += [text] if is_sent else []
        before = separator.join(known)
        return before, (at or 1) if is_sent or at is None else at
    return separator.join(known), None
