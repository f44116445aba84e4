"""Chat messages as JSON or YAML, in the shape of OpenAI's and Anthropic's requests.

The file is a list of messages, or a request: a mapping with `messages` and, where it has them,
`system`, `model`, `max_tokens` and `tools`. Texts are Jinja2 templates.
"""

from reviewbot.documents import ListNode, MappingNode, Node, Scalar, parse_json, parse_yaml
from reviewbot.engines import jinja
from reviewbot.errors import MeasurementError
from reviewbot.formats._problems import refuse_role, wrong
from reviewbot.formats.tool_definitions import read_tools
from reviewbot.prompts import MessageTemplate, PromptFile, PromptText

NAME = "chat-messages"
TITLE = "chat messages as OpenAI's and Anthropic's requests have them, JSON or YAML"
RECOGNIZED = (
    "*.messages.json",
    "*.messages.yaml",
    "*.messages.yml",
    "*.chat.json",
    "*.chat.yaml",
    "*.chat.yml",
)
AMBIGUOUS = True
IS_DATA = True

_CAPS = ("max_completion_tokens", "max_output_tokens", "max_tokens")
_REQUEST_KEYS = {"messages", "system", "model", "tools", "temperature", "top_p", "stop", *_CAPS}
_MESSAGE_KEYS = {"role", "content", "name"}


def read(file: PromptText) -> PromptFile:
    """The messages of the file, each under its own role."""
    path = file.path
    parse = parse_json if path.lower().endswith(".json") else parse_yaml
    node = parse(file.text, file=path)
    refuse_role(file)
    if isinstance(node, ListNode):
        return PromptFile(messages=_messages(node, path))
    if not isinstance(node, MappingNode):
        raise _wrong("this is neither a list of messages nor a request", path, node.line)
    _refuse_unknown(node, _REQUEST_KEYS, path)
    messages = node.get("messages")
    if not isinstance(messages, ListNode):
        raise _wrong("there is no list of `messages`", path, node.line)
    system = node.get("system")
    head = _contents(system, "system", path) if system is not None else ()
    model, tools = node.get("model"), node.get("tools")
    if model is not None and not (isinstance(model, Scalar) and isinstance(model.value, str)):
        raise _wrong("`model` is no name", path, model.line, "write it like openai/gpt-4.1")
    caps = [cap for key in _CAPS if (cap := node.get(key)) is not None]
    return PromptFile(
        messages=(*head, *_messages(messages, path)),
        tools=read_tools(tools, path=path) if tools is not None else (),
        model=model.text if isinstance(model, Scalar) else None,
        max_tokens=min((_cap(cap, path) for cap in caps), default=None),
    )


def _cap(node: Node, path: str) -> int:
    """A cap on output tokens, a whole number above zero."""
    if isinstance(node, Scalar) and type(node.value) is int and node.value >= 1:
        return node.value
    what = "the cap on output tokens is not a whole number above zero"
    raise _wrong(what, path, node.line, "write it like `max_tokens: 500`")


def _messages(node: ListNode, path: str) -> tuple[MessageTemplate, ...]:
    return tuple(template for item in node.items for template in _message(item, path))


def _message(node: Node, path: str) -> tuple[MessageTemplate, ...]:
    if not isinstance(node, MappingNode):
        raise _wrong("this is not a message", path, node.line)
    _refuse_unknown(node, _MESSAGE_KEYS, path)
    role, content, name = node.get("role"), node.get("content"), node.get("name")
    if not isinstance(role, Scalar) or not isinstance(role.value, str):
        raise _wrong("the message has no role", path, node.line)
    if content is None:
        raise _wrong("the message has no content", path, node.line)
    return _contents(content, role.value, path, name.text if isinstance(name, Scalar) else None)


def _contents(
    node: Node, role: str, path: str, name: str | None = None
) -> tuple[MessageTemplate, ...]:
    """The text of a message; its text parts are joined, as they are billed as one message."""
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return (
            MessageTemplate(
                role=role, text=node.value, engine=jinja.NAME, line=node.line, name=name
            ),
        )
    if not isinstance(node, ListNode):
        raise _wrong("the content is neither a text nor a list of parts", path, node.line)
    texts = [_part(part, path) for part in node.items]
    text = "".join(texts)
    return (MessageTemplate(role=role, text=text, engine=jinja.NAME, line=node.line, name=name),)


def _part(node: Node, path: str) -> str:
    kind = node.get("type") if isinstance(node, MappingNode) else None
    is_text = kind is None or (isinstance(kind, Scalar) and kind.value == "text")
    text = node.get("text") if isinstance(node, MappingNode) and is_text else None
    if not isinstance(text, Scalar) or not isinstance(text.value, str):
        raise _wrong(
            "only text parts can be counted", path, node.line, "keep images out of this prompt"
        )
    return text.value


def _refuse_unknown(node: MappingNode, known: set[str], path: str) -> None:
    for entry in node.entries:
        if entry.key not in known:
            what = f"the key {entry.key!r} cannot be counted"
            raise _wrong(what, path, entry.key_line, f"use only {', '.join(sorted(known))}")


def _wrong(
    what: str, path: str, line: int, mend: str = "write messages: `{role: user, content: …}`"
) -> MeasurementError:
    return wrong(what, mend, path=path, line=line)
