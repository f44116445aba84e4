"""Prompts of Semantic Kernel: its own language, Handlebars or Jinja2, then messages in XML.

The text that is compiled is JSON: the `body` and its `language`, `defaults` of variables, whose
values are not encoded (`trusted`, names), and whether none is (`is_trusted`).
"""

import html
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from reviewbot.prompt import (
    NO_REFERENCES,
    CompiledTemplate,
    Constant,
    References,
    TemplateError,
    UndefinedVariableError,
)
from reviewbot.rendering import engines
from reviewbot.rendering.engines import Load, Undefined
from reviewbot.rendering.engines._common.stubs import stubs

NAME = "semantic-kernel"

LANGUAGES = {"semantic-kernel": NAME, "handlebars": "handlebars", "jinja2": "jinja"}
"""What a file calls its language, and the engine for it."""


def references(text: str, options: Mapping[str, Any]) -> References:
    """Semantic Kernel gives its templates no other file."""
    del text, options
    return NO_REFERENCES


def compile_template(
    text: str, *, name: str, load: Load, undefined: Undefined, options: Mapping[str, Any]
) -> CompiledTemplate:
    """What renders the body and tells its messages apart; called in the rendering process only."""
    del load
    from reviewbot.rendering.engines.semantic_kernel.messages import messages

    given = json.loads(text)
    if given["language"] == NAME:
        inner = _own_language(given, name, undefined, options)
    else:
        inner = engines.by_name(given["language"]).compile_template(
            given["body"], name=name, load=_nothing, undefined=undefined, options=options
        )
    constant = inner.constant
    if given["is_trusted"] or given["trusted"]:
        constant = _none_of(constant, name)

    def render(variables: Mapping[str, Any]) -> str:
        return inner.render(_encoded({**given["defaults"], **variables}, given))

    split = partial(messages, constant=constant.characters)
    return CompiledTemplate(render=render, constant=constant, split=split)


def _nothing(name: str, parent: str) -> None:
    del name, parent


def _none_of(constant: Constant, path: str) -> Constant:
    """None is sure to be constant: what a variable adds may change how all of it is read."""
    if constant.line is None:
        return constant
    return Constant(characters=0, path=path, line=1)


def _encoded(values: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values as templates get them: texts escaped, unless the file says otherwise."""
    found = {}
    for name, value in values.items():
        is_trusted = given["is_trusted"] or name in given["trusted"]
        if not is_trusted and isinstance(value, list | dict):
            what = f"the variable {name!r} is no text, so Semantic Kernel does not encode it"
            mend = "set its `allow_dangerously_set_content: true`, or give a text"
            raise TemplateError(what, mend)
        is_encoded = isinstance(value, str) and not is_trusted
        found[name] = html.escape(value) if is_encoded else value
    return found


def _own_language(
    given: Mapping[str, Any], path: str, undefined: Undefined, options: Mapping[str, Any]
) -> CompiledTemplate:
    """`{{$name}}`, `{{plugin.function $name}}` and `{{'text'}}`."""
    from reviewbot.rendering.engines.semantic_kernel.tags import Block, blocks

    found = tuple(blocks(given["body"], path))
    below = options.get("globals", {})
    functions = stubs(options.get("functions", {}), {})
    is_trusted = given["is_trusted"]

    def render(variables: Mapping[str, Any]) -> str:
        values = {**below, **variables}

        def value(name: str, line: int) -> Any:
            if name in values:
                return values[name]
            if undefined != "error":
                return ""
            raise UndefinedVariableError(name, line, path=path)

        def rendered(block: Block) -> str:
            if block.kind == "text":
                return block.text
            if block.kind == "variable":
                return _printed(value(block.text, block.line))
            arguments = [
                item.text if item.variable is None else value(item.variable, block.line)
                for item in block.given
            ]
            result = _printed(_function(block, functions, path)(*arguments) or "")
            return result if is_trusted else html.escape(result)

        return "".join(map(rendered, found))

    characters = 0
    for block in found:
        if block.kind != "text":
            constant = Constant(characters=characters, path=path, line=block.line)
            return CompiledTemplate(render=render, constant=constant)
        characters += len(block.text)
    return CompiledTemplate(render=render, constant=Constant(characters=characters))


def _function(
    block: Any, functions: Mapping[str, Callable[..., Any]], path: str
) -> Callable[..., Any]:
    """The stub of a function, by its name with the plugin's or without."""
    function = functions.get(block.text, functions.get(block.text.rpartition(".")[2]))
    if function is None:
        mend = f'name a stand-in: `templates: {{functions: {{"{block.text}": …}}}}`'
        what = f"the function {block.text!r} is of the application"
        raise TemplateError(what, mend, line=block.line, path=path)
    return function


def _printed(value: Any) -> str:
    return "" if value is None else str(value)
