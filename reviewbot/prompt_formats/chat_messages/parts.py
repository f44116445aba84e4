"""Messages of chat requests, and the parts that their contents are made of."""

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from msgspec import Struct

from reviewbot.documents import ListNode, MappingNode, Node, Scalar, plain
from reviewbot.errors import MeasurementError
from reviewbot.prompt import Image, MessageTemplate, PromptText
from reviewbot.prompt_formats._common.problems import wrong
from reviewbot.prompt_formats.chat_messages.images import read_image
from reviewbot.rendering.engines import jinja

ROLES = ("system", "developer", "user", "assistant", "tool", "function")
CALL = "function_call"
"""The role of a call that the model made earlier; its name is the function's."""

_MESSAGE_KEYS = {"role", "content", "name", "refusal", "tool_calls", "function_call"}
_NOT_BILLED = {
    *("type", "tool_call_id", "id", "status", "phase", "annotations", "cache_control"),
    "prefix",  # Mistral's: the answer goes on from this message
}
_TEXTS = {"text": "text", "input_text": "text", "output_text": "text", "refusal": "refusal"}
NOT_COUNTED_THOUGHTS = ("thinking", "redacted_thinking")
"""What a model thought in earlier turns, which is not counted.

Anthropic's older models take it out but in a loop of tools; Opus 4.5 and later keep and bill it.
Mistral's thoughts, a list of parts, are counted: it bills them.
"""

_REASONING = ("reasoning", "reasoning_content")
"""Where other APIs give back what a model thought; its template may take it out (`<think>`)."""

_IMAGES = ("image_url", "input_image", "image")


class _Piece(Struct, frozen=True, kw_only=True):
    """A part of a message; pieces of one `place` are one message."""

    place: int
    role: str
    line: int
    text: str = ""
    name: str | None = None
    image: Image | None = None
    is_document: bool = False


def read_messages(node: ListNode, file: PromptText) -> tuple[MessageTemplate, ...]:
    """The messages of a list, each text part of one joined, as they are billed as one message.

    Raises:
        MeasurementError: One is no message, or holds what cannot be counted.
    """
    pieces = (piece for item in node.items for piece in _item(item, file))
    return _templates(pieces, file)


def read_content(node: Node, role: str, file: PromptText) -> tuple[MessageTemplate, ...]:
    """A content that stands alone, such as `system`, as messages."""
    return _templates(_content(node, role, file), file)


def _templates(pieces: Iterator[_Piece], file: PromptText) -> tuple[MessageTemplate, ...]:
    found = []
    for _, group in groupby(pieces, key=lambda piece: (piece.place, piece.role, piece.name)):
        parts = list(group)
        text = "".join(part.text for part in parts)
        is_static = jinja.static_text(text, file.options) is not None
        found.append(
            MessageTemplate(
                role=parts[0].role,
                text=text,
                engine=None if is_static else jinja.NAME,
                line=next((part.line for part in parts if part.text), parts[0].line),
                name=parts[0].name,
                images=tuple(part.image for part in parts if part.image is not None),
                documents=sum(part.is_document for part in parts),
            )
        )
    return tuple(found)


def _item(node: Node, file: PromptText) -> Iterator[_Piece]:
    """A message, or an item of the Responses API's `input`."""
    if not isinstance(node, MappingNode):
        raise not_messages("this is not a message", file, node.line)
    kind = _text(node.get("type"))
    if kind == CALL:
        yield _call(node, file)
    elif kind == "function_call_output":
        yield from _content(_needed(node, "output", file), "tool", file)
    elif kind is None or kind == "message":
        yield from _message(node, file)
    else:
        raise _uncounted(f"items of type {kind!r}", file, node.line)


def _message(node: MappingNode, file: PromptText) -> Iterator[_Piece]:
    _refuse_unknown(node, file)
    role, content = _text(node.get("role")), node.get("content")
    if role is None:
        raise not_messages("the message has no role", file, node.line)
    if role not in ROLES:
        what = f"the role {role!r} is none of the APIs'"
        raise wrong(what, f"use one of {', '.join(ROLES)}", path=file.path, line=node.line)
    calls = node.get("tool_calls")
    made = list(calls.items) if isinstance(calls, ListNode) else []
    if (single := node.get(CALL)) is not None and not _is_nothing(single):
        made.append(single)
    said = next((said for key in _REASONING if (said := _text(node.get(key)))), None)
    thought = "" if said is None else f"<think>{said}</think>"
    refusal = _text(node.get("refusal"))
    if refusal is not None:
        yield _Piece(place=id(node), role=role, line=node.line, text=refusal)
    elif content is not None and not _is_nothing(content) and not (made and _is_empty(content)):
        name = _text(node.get("name"))
        yield from _content(content, role, file, name, thought)
    elif thought:
        yield _Piece(place=id(node), role=role, line=node.line, text=thought)
    elif not made:
        raise not_messages("the message has no content", file, node.line)
    for call in made:
        yield _call(call, file)


def _refuse_unknown(node: MappingNode, file: PromptText) -> None:
    for entry in node.entries:
        is_thought = entry.key in _REASONING and _text(entry.value) is not None
        known = is_thought or entry.key in _MESSAGE_KEYS | _NOT_BILLED
        if not known and not _is_nothing(entry.value):
            raise _uncounted(f"the key {entry.key!r} of a message", file, entry.key_line)


def _content(
    node: Node, role: str, file: PromptText, name: str | None = None, thought: str = ""
) -> Iterator[_Piece]:
    if thought:
        yield _Piece(place=id(node), role=role, line=node.line, text=thought, name=name)
    text = _text(node)
    if text is not None:
        yield _Piece(place=id(node), role=role, line=node.line, text=text, name=name)
        return
    if not isinstance(node, ListNode):
        what = "the content is neither a text nor a list of parts"
        raise not_messages(what, file, node.line)
    if not node.items:
        yield _Piece(place=id(node), role=role, line=node.line, name=name)
    for part in node.items:
        yield from _part(part, id(node), role, file, name)


def _part(
    node: Node, place: int, role: str, file: PromptText, name: str | None
) -> Iterator[_Piece]:
    if not isinstance(node, MappingNode):
        raise not_messages("this is not a part of a content", file, node.line)
    kind = _text(node.get("type")) or "text"
    if kind in _TEXTS:
        said = node.get(_TEXTS[kind])
        text = _text(said)
        if said is None or text is None:
            raise not_messages(f"the part has no `{_TEXTS[kind]}`", file, node.line)
        yield _Piece(place=place, role=role, line=said.line, text=text, name=name)
    elif kind in _IMAGES:
        image = read_image(node, file)
        yield _Piece(place=place, role=role, line=node.line, name=name, image=image)
    elif kind == "tool_use":
        yield _call(node, file)
    elif kind == "tool_result":
        yield from _result(node, file)
    elif kind == "document":
        yield from _document(node, place, role, file)
    elif kind in NOT_COUNTED_THOUGHTS:
        yield _Piece(place=place, role=role, line=node.line, name=name)
        thoughts = node.get("thinking")
        for thought in thoughts.items if isinstance(thoughts, ListNode) else ():
            yield from _part(thought, place, role, file, name)
    else:
        raise _uncounted(f"parts of type {kind!r}", file, node.line)


def _result(node: MappingNode, file: PromptText) -> Iterator[_Piece]:
    content = node.get("content")
    if content is None or _is_nothing(content):
        yield _Piece(place=id(node), role="tool", line=node.line)
    else:
        yield from _content(content, "tool", file)


def _document(node: MappingNode, place: int, role: str, file: PromptText) -> Iterator[_Piece]:
    """A document of Anthropic's API whose text stands in the request."""
    source = node.get("source")
    kind = _text(source.get("type")) if isinstance(source, MappingNode) else None
    if not isinstance(source, MappingNode) or kind not in {"text", "content"}:
        raise _uncounted("a document whose text is not in the file", file, node.line)
    yield _Piece(place=place, role=role, line=node.line, is_document=True)
    for key in ("title", "context"):
        if (said := _text(node.get(key))) is not None:
            yield _Piece(place=place, role=role, line=node.line, text=said)
    for piece in _content(_needed(source, "data" if kind == "text" else kind, file), role, file):
        yield _Piece(
            place=place, role=piece.role, line=piece.line, text=piece.text, image=piece.image
        )


def _call(node: Node, file: PromptText) -> _Piece:
    """A call of a function: what the model wrote, its name and its arguments."""
    function = node.get("function") if isinstance(node, MappingNode) else None
    inner = function if isinstance(function, MappingNode) else node
    name = _text(inner.get("name")) if isinstance(inner, MappingNode) else None
    if not isinstance(inner, MappingNode) or name is None:
        raise not_messages("the call names no function", file, node.line)
    given = inner.get("arguments") or inner.get("input")
    text = _text(given)
    if text is None:
        text = "" if given is None else _compact(plain(given))
    line = inner.line if given is None else given.line
    return _Piece(place=id(node), role=CALL, line=line, text=text, name=name)


def _compact(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _needed(node: MappingNode, key: str, file: PromptText) -> Node:
    found = node.get(key)
    if found is None:
        raise not_messages(f"there is no `{key}`", file, node.line)
    return found


def _text(node: Node | None) -> str | None:
    return node.value if isinstance(node, Scalar) and isinstance(node.value, str) else None


def _is_empty(node: Node) -> bool:
    """Whether it is a content without any text, which APIs want beside calls of functions."""
    return _text(node) == "" or (isinstance(node, ListNode) and not node.items)


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None


def _uncounted(what: str, file: PromptText, line: int) -> MeasurementError:
    mend = "keep it out of this prompt, or put in the text that it stands for"
    return wrong(f"{what} cannot be counted", mend, path=file.path, line=line)


def not_messages(what: str, file: PromptText, line: int) -> MeasurementError:
    """The error to raise where the file is not of the shape that APIs take."""
    mend = "write messages: `{role: user, content: …}`"
    return wrong(what, mend, path=file.path, line=line)
