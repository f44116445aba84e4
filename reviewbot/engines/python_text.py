"""Texts that Python source composes, f-strings above all, with a sample's values put in.

A template is the JSON text of what `reviewbot.parsers.python_source` gives for an expression. Its
holes are variables called by their source text: `{user.name}` is the variable `user.name`, or what
stands under `name` in the variable `user`; `{len(items)}` is the variable `len(items)`.
"""

import inspect
import json
import textwrap
from collections.abc import Callable, Mapping
from typing import Any

from reviewbot.engines import Load, Undefined, by_name
from reviewbot.engines.str_format import Field, converted, filled, formatted, parsed
from reviewbot.prompts import (
    NO_REFERENCES,
    CompiledTemplate,
    Constant,
    Part,
    References,
    TemplateError,
    UndefinedVariableError,
)

NAME = "python-text"

Text = Any

_ROLES: Mapping[str, str] = {"human": "user", "ai": "assistant"}


def references(text: str, options: Mapping[str, Any]) -> References:
    """What the text includes when it is a template again, which is not known before."""
    del options
    return References(complete=False) if text.startswith('["fill"') else NO_REFERENCES


def compile_template(
    text: str, *, name: str, load: Load, undefined: Undefined, options: Mapping[str, Any]
) -> CompiledTemplate:
    """What puts values into `text`; called in the rendering process only."""
    said = json.loads(text)
    if said[0] == "history":
        return _history(said[1], name, undefined)

    def render(variables: Mapping[str, Any]) -> str:
        if said[0] != "fill":
            return str(_value(said, variables, undefined))
        _, language, inner = said
        template = by_name(language).compile_template(
            str(_value(inner, variables, undefined)),
            name=name,
            load=load,
            undefined=undefined,
            options=options,
        )
        return template.render(variables)

    beginning, line = _beginning(said)
    if line is None:
        return CompiledTemplate(render=render, constant=Constant(characters=0, path=name, line=1))
    constant = Constant(characters=len(beginning), path=name, line=line)
    return CompiledTemplate(render=render, constant=constant)


def _history(variable: str, path: str, undefined: Undefined) -> CompiledTemplate:
    """A place for earlier messages: a text, or a list of mappings with `role` and `content`."""

    def render(variables: Mapping[str, Any]) -> str:
        if variable not in variables:
            if undefined == "empty":
                return "[]"
            raise UndefinedVariableError(variable, 1)
        value = variables[variable]
        messages = value if isinstance(value, list) else [{"role": "user", "content": str(value)}]
        return json.dumps([_message(item, variable) for item in messages])

    def split(text: str) -> tuple[Part, ...]:
        return tuple(Part(role=role, text=said, start=0) for role, said in json.loads(text))

    constant = Constant(characters=0, path=path, line=1)
    return CompiledTemplate(render=render, constant=constant, split=split)


def _message(item: Any, variable: str) -> tuple[str, str]:
    match item:
        case {"role": str() as role, "content": str() as text}:
            return _ROLES.get(role, role), text
        case [str() as role, str() as text]:
            return _ROLES.get(role, role), text
        case _:
            what = f"{variable!r} is no list of messages"
            raise TemplateError(what, "give a text, or `{role: user, content: …}` items", line=1)


def _value(said: Text, variables: Mapping[str, Any], undefined: Undefined) -> Any:
    """The text of an operation; of a hole the sample's value."""
    if isinstance(said, str):
        return said
    match said:
        case ["hole", asked]:
            return _asked(asked, variables, undefined)
        case ["join", *parts]:
            return "".join(str(_value(part, variables, undefined)) for part in parts)
        case ["percent", template, arguments]:
            return _percent(template, arguments, variables, undefined)
        case [operation, inner, *arguments]:
            text = str(_value(inner, variables, undefined))
            if operation == "format":
                return _formatted(text, arguments, variables, undefined)
            return _OPERATIONS[operation](text, *arguments)
        case _:
            raise AssertionError(said)


def _stripped(text: str, how: str, characters: str | None) -> str:
    match how:
        case "lstrip":
            return text.lstrip(characters)
        case "rstrip":
            return text.rstrip(characters)
        case _:
            return text.strip(characters)


_OPERATIONS: Mapping[str, Callable[..., str]] = {
    "strip": _stripped,
    "replace": str.replace,
    "dedent": textwrap.dedent,
    "cleandoc": inspect.cleandoc,
}


def _formatted(
    text: str, arguments: list[Any], variables: Mapping[str, Any], undefined: Undefined
) -> str:
    positional, named = arguments
    values = [*enumerate(positional), *named.items()]
    given = {str(key): _value(item, variables, undefined) for key, item in values}
    return filled(tuple(parsed(text)), given, undefined)


def _asked(asked: Mapping[str, Any], variables: Mapping[str, Any], undefined: Undefined) -> Any:
    field = Field(
        name=asked["name"],
        specification="",
        conversion=asked.get("conversion"),
        line=asked["line"],
    )
    try:
        value = _looked_up(asked, variables)
    except UndefinedVariableError:
        if undefined == "empty":
            return ""
        raise
    if field.conversion is not None:
        value = converted(value, field)
    specification = asked.get("specification", "")
    if specification == "":
        return value
    return formatted(value, str(_value(specification, variables, undefined)), field)


def _looked_up(asked: Mapping[str, Any], variables: Mapping[str, Any]) -> Any:
    name = asked["name"]
    if name in variables:
        return variables[name]
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


def _percent(
    template: str, arguments: Mapping[str, Any], variables: Mapping[str, Any], undefined: Undefined
) -> str:
    def value(inner: Text) -> Any:
        return _value(inner, variables, undefined)

    named = arguments.get("named")
    given: Any = (
        tuple(map(value, arguments["positional"]))
        if named is None
        else {key: value(inner) for key, inner in named.items()}
    )
    try:
        return str(template % given)
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        what = f"the text cannot be formatted with %: {error}"
        raise TemplateError(what, "correct the text, or the sample's values", line=1) from None


def _beginning(said: Text) -> tuple[str, int | None]:
    """What a text begins with whatever the values, and the line of what follows; None if nothing.

    Where that is not evident it is nothing at all.
    """
    if isinstance(said, str):
        return said, None
    match said:
        case ["join", *parts]:
            beginning = ""
            for part in parts:
                text, line = _beginning(part)
                beginning += text
                if line is not None:
                    return beginning, line
            return beginning, None
        case ["hole", asked]:
            return "", asked["line"]
        case ["strip", inner, how, characters]:
            text, line = _beginning(inner)
            if how != "rstrip":
                text = text.lstrip(characters)
            return (text if how == "lstrip" else text.rstrip(characters)), line or 1
        case _:
            return "", 1
