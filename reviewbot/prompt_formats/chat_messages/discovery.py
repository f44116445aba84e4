"""Tells prompts of messages from other lists and mappings, and from conversations that are data."""

from reviewbot.documents import ListNode, MappingNode, Node, Scalar, parse_json, parse_yaml, plain
from reviewbot.errors import MeasurementError
from reviewbot.prompt import Discovered, PromptText
from reviewbot.prompt_formats import github_models
from reviewbot.prompt_formats.chat_messages import keys
from reviewbot.prompt_formats.chat_messages.parts import ROLES

NAME = "chat-messages"

_OF_DATA = {
    *("expected", "expected_output", "ideal", "answer", "completion", "response", "output"),
    *("outputs", "label", "target", "reference", "score", "rating", "choices", "usage", "assert"),
    *("assertions", "object", "conversation_id", "thread_id", "session_id"),
}
"""What stands beside the messages of an evaluation, a recording or a lesson, and no prompt."""


def parse(file: PromptText) -> Node:
    """What a file holds.

    Raises:
        MeasurementError: It is no JSON, or no YAML.
    """
    read = parse_json if file.path.lower().endswith(".json") else parse_yaml
    return read(file.text, file=file.path)


def discover(file: PromptText) -> tuple[Discovered, ...]:
    """The whole file, where it is a prompt of messages.

    It must have a system text, a variable or a model: conversations that are data have none.
    """
    is_other = file.path.lower().endswith((".prompt.yml", ".prompt.yaml"))
    if is_other or "role" not in file.text:
        return ()
    try:
        node = parse(file)
    except MeasurementError:
        return ()
    chosen = format_of(node)
    return () if chosen is None else (Discovered(selector=None, format=chosen),)


def format_of(node: Node) -> str | None:
    """The format that reads a list or a mapping as one prompt of messages; None of what is none."""
    if not is_prompt(node):
        return None
    if not isinstance(node, MappingNode):
        return NAME
    if github_models.is_own_layout(node):
        return github_models.NAME
    is_known = all(entry.key in keys.KNOWN for entry in keys.request(node).entries)
    return NAME if is_known else None


def is_prompt(node: Node) -> bool:
    """Whether messages of a list, or of a mapping, are sent, and no data of conversations.

    A conversation that ends with the model's answer is data, unless variables stand in it or the
    file is a request as it stands.
    """
    messages = messages_of(node)
    if messages is None:
        return False
    has_variables = "{{" in str(plain(messages))
    roles = [role_of(item) for item in messages.items]
    is_sent = has_variables or bool({"system", "developer"} & set(roles))
    if not isinstance(node, MappingNode):
        return is_sent
    if any(entry.key in _OF_DATA for entry in node.entries):
        return False
    is_answered = roles[-1] == "assistant" and not has_variables
    if is_answered and (keys.has_own_layout(node) or not _is_request(node)):
        return False
    request = keys.request(node)
    return is_sent or any(request.get(key) is not None for key in (*keys.HEADS, "model"))


def _is_request(node: MappingNode) -> bool:
    return all(entry.key in keys.KNOWN for entry in node.entries)


def messages_of(node: Node) -> ListNode | None:
    """The messages that a list is, or that a mapping has; None where there are none."""
    found: Node | None = node
    if isinstance(node, MappingNode):
        found = node.get("messages") or node.get("prompt")
    if not isinstance(found, ListNode) or not found.items:
        return None
    return None if None in map(role_of, found.items) else found


def role_of(node: Node) -> str | None:
    """The role of what has one, and a content."""
    if not isinstance(node, MappingNode) or node.get("content") is None:
        return None
    role = node.get("role")
    return role.text if isinstance(role, Scalar) and role.value in ROLES else None
