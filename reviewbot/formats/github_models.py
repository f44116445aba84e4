"""GitHub Models prompts, `.prompt.yml`. Evaluators are no part of the call."""

from reviewbot.documents import ListNode, MappingNode, Node, Scalar, parse_yaml, plain
from reviewbot.engines import github_models as engine
from reviewbot.errors import MeasurementError
from reviewbot.formats._problems import refuse_role, wrong
from reviewbot.prompts import MessageTemplate, PromptFile, PromptText, Sample

NAME = "github-models"
TITLE = "GitHub Models prompts"
RECOGNIZED = ("*.prompt.yml", "*.prompt.yaml")
AMBIGUOUS = False
IS_DATA = True


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
    return PromptFile(
        messages=tuple(_message(item, path) for item in messages.items),
        model=model.text if isinstance(model, Scalar) and model.value is not None else None,
        max_tokens=_max_tokens(node.get("modelParameters"), path),
        response_schema=_response_schema(node, path),
        samples=_samples(node.get("testData"), path),
    )


def _message(node: Node, path: str) -> MessageTemplate:
    role = node.get("role") if isinstance(node, MappingNode) else None
    content = node.get("content") if isinstance(node, MappingNode) else None
    if (
        not isinstance(role, Scalar)
        or not isinstance(content, Scalar)
        or None in {role.value, content.value}
    ):
        raise _wrong("a message needs a `role` and a `content`", path, node.line)
    return MessageTemplate(
        role=role.text,
        text=content.text,
        engine=engine.NAME if "{{" in content.text else None,
        line=content.line,
    )


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


def _wrong(
    what: str,
    path: str,
    line: int,
    mend: str = "write it as GitHub Models documents `.prompt.yml` files",
) -> MeasurementError:
    return wrong(what, mend, path=path, line=line)
