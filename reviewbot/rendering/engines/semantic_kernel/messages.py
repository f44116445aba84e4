"""Tells the messages of a prompt apart that Semantic Kernel has rendered, as it does itself.

The rules are those of semantic-kernel 1.45 for Python (`ChatHistory.from_rendered_prompt`). The
text is read as what an element holds, so it can declare no entities. Where it has messages and
cannot be read, Semantic Kernel sends all of it as one text; here that is an error.
"""

import re
from html import unescape
from typing import Any

from reviewbot.prompt import Part, TemplateError

_ROOT = "<root>"
_ROLES = ("system", "user", "assistant", "developer")
_HAS_MESSAGES = re.compile(r"<(?:message|chat_history)[\s>/]")
_NO_TEXT = (
    *("annotation", "audio", "binary", "file_reference", "function_call", "function_result"),
    *("image", "reasoning", "streaming_annotation", "streaming_file_reference"),
)
_LONGEST_ENTITY = 40
_MEND = 'write `<message role="user">…</message>`'


class _Message:
    """A message on its way; `span` says which element it comes from, None of text between them."""

    def __init__(self, role: str, text: str, span: int | None = None) -> None:
        self.role = role
        self.text = text
        self.span = span
        self.own = len(text)


def has_messages(text: str) -> bool:
    """Whether there are tags of messages in a text."""
    return bool(_HAS_MESSAGES.search(text))


def messages(rendered: str, constant: int) -> tuple[Part, ...]:
    """The messages of a rendered text, of which so many signs never vary.

    A part's `start` is where it would stand if its constant signs were the last of those.

    Raises:
        TemplateError: A message is wrong, holds what is no text, or stands in what is no XML.
    """
    from xml.etree import ElementTree as ET

    text = rendered.strip()
    before = len(rendered) - len(rendered.lstrip())
    try:
        root = ET.fromstring(f"{_ROOT}{text}</root>")  # noqa: S314 - nothing is declared
    except (ET.ParseError, UnicodeError) as error:
        if has_messages(text):
            what = f"the rendered text has messages and is no XML: {error}"
            mend = "correct it, or write `&lt;` and `&amp;` for what is text"
            raise TemplateError(what, mend) from None
        found = [_Message("user", unescape(text))] if text else []
    else:
        found = _of_root(root)
    if not has_messages(text):
        plain = re.split(r"[<&\r]", rendered[before:constant], maxsplit=1)[0].rstrip()
        return tuple(
            Part(role=item.role, text=item.text, start=constant - (0 if number else len(plain)))
            for number, item in enumerate(found)
        )
    spans = _spans(text)
    parts = []
    for item in found:
        steady = 0
        if item.span is not None:
            start, end = (before + place for place in spans[item.span])
            steady = item.own if end <= constant else _steady(rendered[start:constant])
        parts.append(Part(role=item.role, text=item.text, start=constant - steady))
    return tuple(parts)


def _of_root(root: Any) -> list[_Message]:
    from xml.etree.ElementTree import tostring

    found: list[_Message] = []
    spans = 0
    if root.text and root.text.strip():
        found.append(_Message("system", unescape(root.text.strip())))
    for item in root:
        if item.tag in {"message", "chat_history"}:
            for message in [item] if item.tag == "message" else item:
                found.append(_Message(*_of_message(message), span=spans))
                spans += 1
        else:
            tail, item.tail = item.tail, None
            raw = unescape(tostring(item, encoding="unicode", short_empty_elements=False))
            if not found:
                found.append(_Message("user", ""))
            found[-1].text += raw + unescape(tail or "")
            continue
        if item.tail and item.tail.strip():
            found.append(_Message("user", unescape(item.tail.strip())))
    if len(found) == 1 and found[0].role == "system":
        found[0].role = "user"
    return found


def _of_message(item: Any) -> tuple[str, str]:
    """Role and text of a message."""
    from xml.etree.ElementTree import tostring

    role = item.get("role")
    if item.tag != "message" or role not in _ROLES:
        what = f"the role {role!r} of <{item.tag}> cannot be sent"
        raise TemplateError(what, f"{_MEND} with one of {', '.join(_ROLES)}")
    if item.get("name") is not None:
        raise TemplateError("a message has a name, which cannot be counted here", "take it out")
    texts = [unescape(item.text or "")]
    for child in item:
        if child.tag in _NO_TEXT:
            mend = "keep it out of this prompt"
            raise TemplateError(f"a message holds <{child.tag}>, which cannot be counted", mend)
        if child.tag == "text":
            texts.append(unescape(child.text or ""))
        else:
            raw = tostring(child, encoding="unicode", short_empty_elements=False)
            texts.append(unescape(raw))
    return role, "".join(texts)


def _spans(text: str) -> list[tuple[int, int]]:
    """Where the content of each message begins, and where the message ends, in order."""
    from xml.parsers import expat

    data = f"{_ROOT}{text}</root>".encode()
    parser = expat.ParserCreate()
    path: list[str] = []
    found: list[list[int]] = []

    def start(name: str, _: object) -> None:
        path.append(name)
        if name == "message" and path[:-1] in (["root"], ["root", "chat_history"]):
            found.append([data.index(b">", parser.CurrentByteIndex) + 1, -1])

    def end(name: str) -> None:
        if name == "message" and path[:-1] in (["root"], ["root", "chat_history"]):
            found[-1][1] = max(found[-1][0], data.index(b">", parser.CurrentByteIndex) + 1)
        path.pop()

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(data, True)  # noqa: FBT003 - this is all
    if data.isascii():
        return [(first - len(_ROOT), last - len(_ROOT)) for first, last in found]
    places: list[int] = []
    characters = counted = 0
    for place in (place for pair in found for place in pair):
        characters += len(data[counted:place].decode())
        counted = place
        places.append(characters - len(_ROOT))
    return list(zip(places[::2], places[1::2], strict=True))


def _steady(raw: str) -> int:
    """How many signs of a message's text its first signs as they were written make for sure."""
    content = raw.partition("<")[0].replace("\r\n", "\n").replace("\r", "\n")
    for _ in range(2):
        while (place := content.rfind("&")) >= max(0, len(content) - _LONGEST_ENTITY):
            if ";" in content[place:-1]:
                break
            content = content[:place]
        content = unescape(content)
    return len(content)
