"""GitHub Models prompts, `.prompt.yml`, as `gh models` reads them.

Source: github/gh-models, pkg/prompt/prompt.go. Evaluators are no part of the call.
"""

import json

from reviewbot.documents import ListNode, MappingNode, Node, Scalar, parse_json, parse_yaml, plain
from reviewbot.errors import MeasurementError
from reviewbot.prompt import CallParameters, MessageTemplate, PromptFile, PromptText, Sample
from reviewbot.prompt_formats._common.problems import refuse_role, wrong
from reviewbot.prompt_formats._common.request_settings import answer_features, read_settings
from reviewbot.rendering.engines import github_models as engine

NAME = "github-models"
TITLE = "GitHub Models prompts"
RECOGNIZED = ("*.prompt.yml", "*.prompt.yaml")
AMBIGUOUS = False
IS_DATA = True

_ROLES = ("system", "user", "assistant")
_CAPS = ("maxTokens", "maxCompletionTokens")
_RESPONSE_FORMATS = ("text", "json_object", "json_schema")


def read(file: PromptText) -> PromptFile:
    """Messages, model, output cap, answer schema and test data of the file."""
    path = file.path
    node = parse_yaml(file.text, file=path)
    refuse_role(file)
    messages = node.get("messages") if isinstance(node, MappingNode) else None
    if not isinstance(node, MappingNode) or not isinstance(messages, ListNode):
        raise _wrong("there is no list of `messages`", path, node.line)
    model = node.get("model")
    if model is not None and not isinstance(model, Scalar):
        raise _wrong("`model` is no name", path, model.line, "write it like openai/gpt-4.1")
    parameters = node.get("modelParameters")
    answers, settings = read_settings(_mappings(parameters), path=path, counted=_CAPS)
    return PromptFile(
        messages=tuple(_message(item, path) for item in messages.items),
        model=model.text if isinstance(model, Scalar) and model.value is not None else None,
        max_tokens=_max_tokens(parameters, path),
        response_schema=_response_schema(node, path),
        answers=answers,
        settings=settings,
        parameters=CallParameters(features=answer_features(_mappings(node, parameters))),
        samples=_samples(node.get("testData"), path),
    )


def is_own_layout(node: MappingNode) -> bool:
    """Whether a file of another name has messages, and keys that only GitHub Models knows.

    It replaces `{{name}}` only: where spaces stand inside, something else fills the texts.
    """
    names = {entry.key for entry in node.entries}
    messages = node.get("messages")
    contents = [item.get("content") for item in getattr(messages, "items", ())]
    roles = [item.get("role") for item in getattr(messages, "items", ())]
    if not names <= _KEYS or not all(isinstance(item, Scalar) for item in contents):
        return False
    if not all(isinstance(item, Scalar) and item.text.lower() in _ROLES for item in roles):
        return False
    is_spaced = any("{{ " in item.text for item in contents if isinstance(item, Scalar))
    return bool(names & _OWN_SETTINGS) or (bool(names & _OWN_DATA) and not is_spaced)


_OWN_SETTINGS = {"responseFormat", "jsonSchema"}
_OWN_DATA = {"testData", "evaluators"}
_KEYS = {"name", "description", "model", "modelParameters", "messages"} | _OWN_SETTINGS | _OWN_DATA


def _mappings(*nodes: Node | None) -> list[MappingNode]:
    return [node for node in nodes if isinstance(node, MappingNode)]


def _message(node: Node, path: str) -> MessageTemplate:
    role = node.get("role") if isinstance(node, MappingNode) else None
    content = node.get("content") if isinstance(node, MappingNode) else None
    if (
        not isinstance(role, Scalar)
        or not isinstance(content, Scalar)
        or None in {role.value, content.value}
    ):
        raise _wrong("a message needs a `role` and a `content`", path, node.line)
    if role.text.lower() not in _ROLES:
        what = f"the role {role.text!r} is none of GitHub Models"
        raise _wrong(what, path, role.line, f"use {', '.join(_ROLES)}")
    return MessageTemplate(
        role=role.text.lower(),
        text=content.text,
        engine=engine.NAME if "{{" in content.text else None,
        line=content.line,
    )


def _max_tokens(node: Node | None, path: str) -> int | None:
    cap = (
        next((found for key in _CAPS if (found := node.get(key)) is not None), None)
        if isinstance(node, MappingNode)
        else None
    )
    if cap is None:
        return None
    if not isinstance(cap, Scalar) or type(cap.value) is not int or cap.value < 1:
        raise _wrong("`maxTokens` is not a whole number above zero", path, cap.line)
    return cap.value


def _response_schema(node: MappingNode, path: str) -> str | None:
    """The answer's schema as JSON text; it is sent where `responseFormat` asks for it."""
    chosen, schema = node.get("responseFormat"), node.get("jsonSchema")
    if chosen is None or (isinstance(chosen, Scalar) and chosen.value is None):
        return None
    if not isinstance(chosen, Scalar) or chosen.value not in _RESPONSE_FORMATS:
        mend = f"use one of {', '.join(_RESPONSE_FORMATS)}"
        raise _wrong("the `responseFormat` is none of GitHub Models", path, chosen.line, mend)
    if chosen.value != "json_schema":
        return None
    if schema is None:
        what = "`responseFormat: json_schema` needs a `jsonSchema`"
        raise _wrong(what, path, chosen.line)
    parsed = _parsed(schema, path)
    if not isinstance(parsed, MappingNode) or None in {parsed.get("name"), parsed.get("schema")}:
        what = "`jsonSchema` needs a `name` and a `schema`, in JSON text"
        raise _wrong(what, path, schema.line)
    return json.dumps(plain(parsed), ensure_ascii=False)


def _parsed(node: Node, path: str) -> Node:
    """JSON text as what it says; `gh models` wants JSON text, and a mapping means the same."""
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return node
    try:
        return parse_json(node.value, file=path)
    except MeasurementError as error:
        (problem,) = error.problems
        raise wrong(problem.what, problem.mend, path=path, line=node.line) from None


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


def _wrong(
    what: str,
    path: str,
    line: int,
    mend: str = "write it as GitHub Models documents `.prompt.yml` files",
) -> MeasurementError:
    return wrong(what, mend, path=path, line=line)
