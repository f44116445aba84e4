"""Prompty's templates: Jinja2 or Mustache, whose rendered text holds several messages.

The text that is compiled is JSON: `body` and its `language`, the `version` of the format (1 or 2),
`defaults` of variables, names of `threads` (lists of messages), and whether markers of messages may
come from the template only (`strict`).
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.prompt import (
    NO_REFERENCES,
    CompiledTemplate,
    Constant,
    Part,
    References,
    TemplateError,
)
from reviewbot.rendering import engines
from reviewbot.rendering.engines import Load, Undefined
from reviewbot.rendering.engines._common.faults import missing_history
from reviewbot.rendering.engines.prompty.messages import (
    Section,
    first_markers,
    marked,
    part,
    second_markers,
    sections,
    settled,
)

NAME = "prompty"

FIRST, SECOND = 1, 2
"""The versions of the format."""


def references(text: str, options: Mapping[str, Any]) -> References:
    """Prompty's library gives its templates no other file."""
    del text, options
    return NO_REFERENCES


def compile_template(
    text: str, *, name: str, load: Load, undefined: Undefined, options: Mapping[str, Any]
) -> CompiledTemplate:
    """What renders the body and tells its messages apart; called in the rendering process only."""
    del load
    given = json.loads(text)
    splitter = _Splitter(
        version=given["version"],
        nonce=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16],
        strict=given["strict"],
        lenient=undefined != "error",
    )
    body = given["body"]
    options = {"escape": "chevron", **options}
    if splitter.version == SECOND:
        options = {"keep_trailing_newline": True, **options}
        if splitter.strict:
            body = marked(body, splitter.nonce)
    language = engines.by_name(given["language"])

    def compiled(undefined: Undefined) -> CompiledTemplate:
        return language.compile_template(
            body, name=name, load=_load_nothing, undefined=undefined, options=options
        )

    inner = compiled(undefined)
    threads: list[str] = given["threads"]

    def render(variables: Mapping[str, Any]) -> str:
        values = {**given["defaults"], **variables}
        if undefined == "error" and (missing := [key for key in threads if key not in values]):
            raise missing_history(missing[0], None)
        marks = {key: splitter.mark(number) for number, key in enumerate(threads)}
        rendered = inner.render(values | marks)
        return splitter.with_threads(rendered, [values.get(key) for key in threads])

    constant = inner.constant
    if threads and constant.line is None:
        constant = replace(constant, path=name, line=body.count("\n") + 1)
    if constant.line is not None:
        constant = replace(constant, characters=_settled(compiled("empty"), constant, splitter))
    return CompiledTemplate(render=render, constant=constant, split=splitter.split)


def _load_nothing(name: str, parent: str) -> None:
    del name, parent


def _settled(template: CompiledTemplate, constant: Constant, splitter: "_Splitter") -> int:
    """How much of the messages' texts is constant where that much of the rendered text is."""
    try:
        text = template.render({})[: constant.characters]
    except TemplateError:
        return 0
    markers = first_markers if splitter.version == FIRST else second_markers
    return settled(text, markers(text.partition("\r")[0]))


class _Splitter(Struct, frozen=True, kw_only=True):
    """Tells the messages of a rendered text apart.

    `lenient` is for texts whose variables are all empty: then messages may be empty too.
    """

    version: int
    nonce: str
    strict: bool
    lenient: bool

    def split(self, text: str) -> tuple[Part, ...]:
        """The messages.

        Raises:
            TemplateError: The library would refuse the text.
        """
        return self._first(text) if self.version == FIRST else self._second(text)

    def _first(self, text: str) -> tuple[Part, ...]:
        found = [item for item in sections(text, first_markers(text)) if _is_content(item)]
        if not self.lenient and found and _is_open(found[-1]):
            found.pop()
        parts = [
            part(item.marker.role if item.marker else "system", item, blanks=None) for item in found
        ]
        if self.lenient:
            return tuple(parts)
        empty = next((item for item in parts if not item.text), None)
        if empty is not None or not parts:
            what = f"the message of {empty.role!r} is empty" if empty else "the text is empty"
            mend = "give it text, or take the line of its role into the condition"
            raise TemplateError(what, mend)
        for item in parts:
            _refuse_image(item)
        return tuple(parts)

    def _second(self, text: str) -> tuple[Part, ...]:
        text, appended = self._appended(text)
        parts: list[Part] = []
        for section in sections(text, second_markers(text)):
            if not section.text:
                continue
            marker = section.marker
            if self.strict and marker is not None and marker.nonce != self.nonce:
                what = f"the line `{marker.role}:` comes from a variable or a tag, not the template"
                mend = "keep lines of roles out of variables, or set `strict: false`"
                raise TemplateError(what, mend)
            if not self.strict and marker is not None and marker.has_attributes:
                what = f"the attributes of `{marker.role}:` cannot be counted"
                raise TemplateError(what, "take them out, or take out `strict: false`")
            if self.nonce in section.text:
                what = "a tag takes the line break at a line such as `user:` away"
                raise TemplateError(what, "take out the `-` of the tag before or behind it")
            joined = "\n".join(section.text.splitlines())
            role = marker.role if marker is not None else "system"
            message = part(role, replace(section, text=joined), blanks="\n")
            parts += self._expanded(message)
        return (*parts, *appended)

    def mark(self, number: int) -> str:
        """What stands for a thread, by its position, while the template is rendered."""
        return f"{self._mark}{number}__"

    def with_threads(self, text: str, threads: Sequence[Any]) -> str:
        """The text with each thread's messages, as JSON, between two of its marks.

        Where none is printed they come at the end.
        """
        printed = [number for number in range(len(threads)) if self.mark(number) in text]
        for number in printed:
            mark = self.mark(number)
            text = text.replace(mark, f"{mark}{_json(threads[number])}{mark}")
        return text if printed else "".join([text, *(f"{self._mark}{_json(x)}" for x in threads)])

    @property
    def _mark(self) -> str:
        return f"__PROMPTY_THREAD_{self.nonce[::-1]}_"

    def _appended(self, text: str) -> tuple[str, list[Part]]:
        text, *lists = text.split(f"{self._mark}[")
        return text, [item for messages in lists for item in _messages(f"[{messages}", len(text))]

    def _expanded(self, message: Part) -> list[Part]:
        """The message, and in place of the first thread in it the messages of that."""
        mark = re.compile(rf"{self._mark}\d+__")
        found = mark.search(message.text)
        if found is None:
            return [message]
        before, messages, after = message.text.split(found[0], 2)
        if mark.search(after):
            what, mend = "two threads stand in one message", "give each a message of its own"
            raise TemplateError(what, mend)
        behind = message.start + len(message.text) - len(after)
        around = (
            [replace(message, text=before.strip())] if before.strip() else [],
            _messages(messages, message.start + found.start()),
            [replace(message, text=after.strip(), start=behind)] if after.strip() else [],
        )
        return [item for items in around for item in items]


def _is_content(section: Section) -> bool:
    """Whether a section counts: text before the first role does only where it says something."""
    return section.marker is not None or bool(section.text.strip())


def _is_open(section: Section) -> bool:
    """Whether a role has no text, as at the end of a template that the answer continues."""
    return section.marker is not None and not section.text.strip()


def _json(messages: Any) -> str:
    """The messages of a thread; what is no list of them is no message."""
    found = []
    for message in messages if isinstance(messages, list) else ():
        content = message.get("content", "") if isinstance(message, dict) else None
        if not isinstance(content, str):
            what = "a thread holds what is no message with a text"
            raise TemplateError(what, "write its messages as `{role: user, content: …}`")
        found.append([str(message.get("role", "user")), content])
    return json.dumps(found)


def _messages(text: str, start: int) -> list[Part]:
    return [Part(role=role, text=content, start=start) for role, content in json.loads(text)]


_IMAGE = re.compile(r"!\[[^\]]*+\]\(([^)\n]*)\)")


def _refuse_image(message: Part) -> None:
    """Refuse a Markdown image, which version 1 sends as an image."""
    found = _IMAGE.search(message.text)
    if found is not None:
        what = f"the image {found[1][:60]!r} cannot be counted"
        raise TemplateError(what, "take the image out of the template and its samples")
