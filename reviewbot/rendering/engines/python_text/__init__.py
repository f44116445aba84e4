"""Texts that Python source composes, f-strings above all, with a sample's values put in.

A template is the JSON text of what `parsers.python_source` gives for an expression. Its
holes are variables called by their source text: `{user.name}` is the variable `user.name`, or what
stands under `name` in the variable `user`; `{len(items)}` is the variable `len(items)`.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from reviewbot.prompt import (
    NO_REFERENCES,
    CompiledTemplate,
    Constant,
    Part,
    References,
    TemplateError,
    UndefinedVariableError,
)
from reviewbot.rendering.engines import Load, Undefined, by_name
from reviewbot.rendering.engines._common.faults import missing_history
from reviewbot.rendering.engines.python_text.operations import Values, beginning

NAME = "python-text"
LLAMA_INDEX = "llama-index"
"""The language of LlamaIndex's prompt templates, which has no files of its own."""

_ROLES: Mapping[str, str] = {"human": "user", "ai": "assistant"}
_BRACED = re.compile(r"\{([^{}]+)\}")
_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*(?:\.[a-zA-Z_][a-zA-Z0-9_]*)*")


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
        values = Values(variables, undefined)
        if said[0] != "fill":
            return values.text(said)
        _, language, inner = said
        source = values.text(inner)
        if language == LLAMA_INDEX:
            return _replaced(source, variables, undefined)
        settings = {"escape": "chevron", **options} if language == "mustache" else options
        template = by_name(language).compile_template(
            source, name=name, load=load, undefined=undefined, options=settings
        )
        return template.render(variables)

    before, line = beginning(said)
    constant = Constant(characters=len(before), path=name if line else None, line=line)
    return CompiledTemplate(render=render, constant=constant)


def _history(asked: Mapping[str, Any], path: str, undefined: Undefined) -> CompiledTemplate:
    """A place for earlier messages: a text, or a list of mappings with `role` and `content`."""
    _, variable = asked["of"]
    is_needed = undefined == "error"

    def render(variables: Mapping[str, Any]) -> str:
        try:
            value = Values(variables, undefined).looked_up(variable)
        except UndefinedVariableError:
            if is_needed:
                raise missing_history(variable["name"], variable["line"]) from None
            value = []
        messages = value if isinstance(value, list) else [{"role": "user", "content": str(value)}]
        sent = messages[-asked["most"] :] if asked["most"] else messages
        return json.dumps([_message(item, variable) for item in sent])

    def split(text: str) -> tuple[Part, ...]:
        return tuple(Part(role=role, text=said, start=0) for role, said in json.loads(text))

    constant = Constant(characters=0, path=path, line=1)
    return CompiledTemplate(render=render, constant=constant, split=split)


def _replaced(text: str, variables: Mapping[str, Any], undefined: Undefined) -> str:
    """A template of LlamaIndex, which replaces known names and leaves all other braces alone."""

    def value(found: re.Match[str]) -> str:
        if found[1] in variables:
            return str(variables[found[1]])
        if not _NAME.fullmatch(found[1]):
            return found[0]
        if undefined != "error":
            return ""
        raise UndefinedVariableError(found[1], text.count("\n", 0, found.start()) + 1)

    return _BRACED.sub(value, text)


def _message(item: Any, variable: Mapping[str, Any]) -> tuple[str, str]:
    match item:
        case {"role": str() as role, "content": str() as text}:
            return _ROLES.get(role, role), text
        case [str() as role, str() as text]:
            return _ROLES.get(role, role), text
        case _:
            what = f"{variable['name']!r} is no list of messages"
            mend = "give a text, or `{role: user, content: …}` items"
            raise TemplateError(what, mend, line=variable["line"])
