"""Which texts of a data file are messages of one call, and which stand by themselves."""

from collections.abc import Iterator

from msgspec import Struct

from reviewbot.documents import ListNode, MappingNode, Node, Scalar, plain
from reviewbot.prompt_formats.chat_messages import NAME
from reviewbot.prompt_formats.chat_messages.discovery import format_of, is_prompt, messages_of


class Part(Struct, frozen=True, kw_only=True):
    """What stands at a path of keys and a line: the messages of one prompt, or a text."""

    names: tuple[str, ...]
    format: str | None = None
    text: str = ""
    line: int = 1


def parts(
    node: Node, names: tuple[str, ...] = (), *, is_one_of_many: bool = False
) -> Iterator[Part]:
    """The prompts of messages in a file and the other texts, in their order.

    Messages of conversations that are data are neither: examples, recordings, lists of many.
    """
    if isinstance(node, Scalar):
        if isinstance(node.value, str) and names:
            yield Part(names=names, text=node.value, line=node.line)
        return
    messages = messages_of(node)
    if messages is not None:
        is_data = is_one_of_many and "{{" not in str(plain(messages))
        if is_data or not is_prompt(node):
            return
        chosen = format_of(node)
        key = next((key for key, inner in _inside(node) if inner is messages), "messages")
        inside = names if chosen else (*names, key)
        text = "\n".join(_said(messages))
        yield Part(names=inside, format=chosen or NAME, text=text, line=messages.line)
        if chosen is not None:
            return
    for name, inner in _inside(node):
        if inner is not messages:
            is_many = is_one_of_many or isinstance(node, ListNode)
            yield from parts(inner, (*names, name), is_one_of_many=is_many)


def _said(node: Node) -> Iterator[str]:
    """The texts of messages, without their roles."""
    if isinstance(node, Scalar):
        yield node.text
        return
    for name, inner in _inside(node):
        if name != "role":
            yield from _said(inner)


def _inside(node: Node) -> Iterator[tuple[str, Node]]:
    if isinstance(node, ListNode):
        yield from ((str(position), item) for position, item in enumerate(node.items))
    elif isinstance(node, MappingNode):
        yield from ((entry.key, entry.value) for entry in node.entries)
