"""Settings of chat requests that move what the request is billed for."""

from collections.abc import Iterator

from reviewbot.documents import ListNode, MappingNode, Node, Scalar
from reviewbot.prompt import CallParameters
from reviewbot.prompt_formats._common.request_settings import answer_features
from reviewbot.prompt_formats.chat_messages.parts import NOT_COUNTED_THOUGHTS

_CHOICES = {"any": "required", "required": "required", "auto": "auto", "none": "none"}


def read_parameters(node: MappingNode) -> CallParameters:
    """The settings of a request; what is none that is known here is left out."""
    reasoning = node.get("reasoning")
    choice, tool = _tool_choice(node.get("tool_choice"))
    return CallParameters(
        api="responses" if node.get("input") is not None else "chat",
        tool_choice=choice,
        named_tool=tool,
        thinking=_thinking(node, reasoning),
        has_task_budget=_inner(node.get("output_config"), "task_budget") is not None,
        reasoning_mode=_text(_inner(reasoning, "mode")),
        features=tuple(_features(node)),
    )


def _features(node: MappingNode) -> Iterator[str]:
    """In order."""
    yield from answer_features([node])
    messages = node.get("messages") or node.get("input")
    contents = [_inner(item, "content") for item in getattr(messages, "items", ())]
    if any(isinstance(found, ListNode) and len(found.items) > 1 for found in contents):
        yield "parts"
    if any(_is_thought(part) for found in contents for part in getattr(found, "items", ())):
        yield "earlier thinking"


def _is_thought(part: Node) -> bool:
    """Whether a part is thinking that is not counted; Mistral's, a list of texts, is."""
    kind = _text(_inner(part, "type"))
    return kind in NOT_COUNTED_THOUGHTS and not isinstance(_inner(part, "thinking"), ListNode)


def _tool_choice(node: Node | None) -> tuple[str | None, str | None]:
    """The choice, and the tool that has to be called."""
    if isinstance(node, Scalar):
        return _CHOICES.get(node.text), None
    if not isinstance(node, MappingNode):
        return None, None
    name = _text(_inner(node.get("function"), "name")) or _text(node.get("name"))
    if name is not None:
        return "named", name
    return _CHOICES.get(_text(node.get("type")) or ""), None


def _thinking(node: MappingNode, reasoning: Node | None) -> str | None:
    """Anthropic's own setting, or OpenRouter's `reasoning`, which it is made from there."""
    kind = _text(_inner(node.get("thinking"), "type"))
    if kind in {"adaptive", "enabled"}:
        return kind
    efforts = (node.get("reasoning_effort"), _inner(reasoning, "effort"))
    if any(_text(effort) == "none" for effort in efforts):
        return "none"
    asked = any(_inner(reasoning, key) is not None for key in ("effort", "enabled", "max_tokens"))
    return "enabled" if asked and node.get("messages") is not None else None


def _inner(node: Node | None, key: str) -> Node | None:
    return node.get(key) if isinstance(node, MappingNode) else None


def _text(node: Node | None) -> str | None:
    return node.value if isinstance(node, Scalar) and isinstance(node.value, str) else None
