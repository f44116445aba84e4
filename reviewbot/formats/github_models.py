"""GitHub Models prompts, `.prompt.yml`.

Placeholders are `{{name}}`, without spaces, replaced literally and without logic, as `gh models`
does (github/gh-models, pkg/prompt/prompt.go). Evaluators are no part of the call.
"""

import re
from collections.abc import Mapping
from typing import Any

from reviewbot.documents import ListNode, MappingNode, Node, Scalar, parse_yaml, plain
from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.prompts import (
    NO_REFERENCES,
    CompiledTemplate,
    Constant,
    MessageTemplate,
    PromptFile,
    References,
    Sample,
    UndefinedVariableError,
)

NAME = "github-models"

_PLACEHOLDER = re.compile(r"\{\{([^{}\n]{1,200})\}\}")


def recognizes(path: str) -> bool:
    """A name that ends in `.prompt.yml` or `.prompt.yaml`."""
    return path.lower().endswith((".prompt.yml", ".prompt.yaml"))


def read(text: str, *, path: str, role: str | None) -> PromptFile:
    """Messages, model, output cap, answer schema and test data of the file."""
    node = parse_yaml(text, file=path)
    if role is not None:
        raise _wrong(
            "the messages have roles of their own", path, 1, "take out `role` in the configuration"
        )
    messages = node.get("messages") if isinstance(node, MappingNode) else None
    if not isinstance(node, MappingNode) or not isinstance(messages, ListNode):
        raise _wrong("there is no list of `messages`", path, node.line)
    model = node.get("model")
    if model is not None and not isinstance(model, Scalar):
        raise _wrong("`model` is no name", path, model.line, "write it like openai/gpt-4.1")
    return PromptFile(
        messages=tuple(_message(item, path) for item in messages.items),
        model=model.text if isinstance(model, Scalar) and model.value is not None else None,
        max_tokens=_max_tokens(node.get("modelParameters"), path),
        response_schema=_response_schema(node, path),
        samples=_samples(node.get("testData"), path),
    )


def references(text: str) -> References:
    """The format includes nothing."""
    del text
    return NO_REFERENCES


def compile_template(text: str, *, name: str, load: object, undefined: str) -> CompiledTemplate:
    """What puts variables into `text`; called in the rendering process only."""
    del load

    def render(variables: Mapping[str, Any]) -> str:
        def value(found: re.Match[str]) -> str:
            if found[1] in variables:
                return _as_go_prints(variables[found[1]])
            if undefined == "empty":
                return ""
            line = text.count("\n", 0, found.start()) + 1
            raise UndefinedVariableError(found[1], line)

        return _PLACEHOLDER.sub(value, text)

    first = _PLACEHOLDER.search(text)
    if first is None:
        return CompiledTemplate(render=render, constant=Constant(characters=len(text)))
    line = text.count("\n", 0, first.start()) + 1
    constant = Constant(characters=first.start(), path=name, line=line)
    return CompiledTemplate(render=render, constant=constant)


def _message(node: Node, path: str) -> MessageTemplate:
    role = node.get("role") if isinstance(node, MappingNode) else None
    content = node.get("content") if isinstance(node, MappingNode) else None
    if (
        not isinstance(role, Scalar)
        or not isinstance(content, Scalar)
        or None in {role.value, content.value}
    ):
        raise _wrong("a message needs a `role` and a `content`", path, node.line)
    engine = NAME if "{{" in content.text else None
    return MessageTemplate(role=role.text, text=content.text, engine=engine, line=content.line)


def _max_tokens(node: Node | None, path: str) -> int | None:
    cap = (
        node.get("maxTokens") or node.get("maxCompletionTokens")
        if isinstance(node, MappingNode)
        else None
    )
    if cap is None:
        return None
    if not isinstance(cap, Scalar) or type(cap.value) is not int or cap.value < 1:
        raise _wrong("`maxTokens` is not a whole number above zero", path, cap.line)
    return cap.value


def _response_schema(node: MappingNode, path: str) -> str | None:
    chosen, schema = node.get("responseFormat"), node.get("jsonSchema")
    if not isinstance(chosen, Scalar) or chosen.value != "json_schema":
        return None
    if not isinstance(schema, Scalar) or not isinstance(schema.value, str):
        raise _wrong(
            "`responseFormat: json_schema` needs a `jsonSchema` in JSON text", path, chosen.line
        )
    return schema.value


def _samples(node: Node | None, path: str) -> tuple[Sample, ...]:
    if node is None:
        return ()
    if not isinstance(node, ListNode) or not all(
        isinstance(item, MappingNode) for item in node.items
    ):
        raise _wrong("`testData` is not a list of variables", path, node.line)
    return tuple(
        Sample(name=f"testData {number}", variables=plain(item))
        for number, item in enumerate(node.items, 1)
    )


def _as_go_prints(value: Any) -> str:
    """A value as Go's `%v` prints it, which is what `gh models` puts in for what is no string."""
    match value:
        case None:
            return "<nil>"
        case bool():
            return "true" if value else "false"
        case list():
            return "[" + " ".join(map(_as_go_prints, value)) + "]"
        case dict():
            entries = (f"{key}:{_as_go_prints(value[key])}" for key in sorted(value))
            return "map[" + " ".join(entries) + "]"
        case float():
            return re.sub(r"\.0$", "", repr(value))
        case _:
            return str(value)


def _wrong(
    what: str,
    path: str,
    line: int,
    mend: str = "write it as GitHub Models documents `.prompt.yml` files",
) -> MeasurementError:
    return MeasurementError([Problem(what=what, mend=mend, place=Place(file=path, line=line))])
