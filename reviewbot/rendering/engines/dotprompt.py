"""Dotprompt's templates: Handlebars without escaping, whose rendered text holds several messages.

The text that is compiled is JSON: the `body`, and `defaults` of its variables. The rules are those
of dotprompt 1.1 (`helpers.ts` and `parse.ts`).
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from reviewbot.prompt import (
    CompiledTemplate,
    Part,
    References,
    TemplateError,
    UndefinedVariableError,
)
from reviewbot.rendering.engines import Load, Undefined
from reviewbot.rendering.engines._common.faults import described
from reviewbot.rendering.engines.handlebars import named_partials

if TYPE_CHECKING:
    from reviewbot.rendering.engines.handlebars.helpers import Given, Helper

NAME = "dotprompt"

_BEFORE = "<<<dotprompt:"
_ROLE = re.compile(r"<<<dotprompt:(?:role:([a-z]+)|history)>>>")
_OTHER = re.compile(r"<<<dotprompt:(?:media:url|section)[^\n\r\u2028\u2029]*?>>>")
_ROLES = {"model": "assistant"}
_LATER = "model"

_BODY = '{"body": '


def references(text: str, options: Mapping[str, Any]) -> References:
    """The files of the partials that a body names, or the text of a partial.

    A partial may look like a body with its defaults, so both readings of it count.
    """
    del options
    found = named_partials(text, file_names)
    if not text.startswith(_BODY):
        return found
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return found
    body = given["body"] if isinstance(given["body"], str) else ""
    inner = named_partials(body, file_names)
    return References(names=found.names | inner.names, complete=found.complete and inner.complete)


def file_names(name: str) -> Sequence[str]:
    """The name that the file of a partial has: `_name.prompt`."""
    folder, slash, last = name.rpartition("/")
    return [f"{folder}{slash}_{last}.prompt"]


def compile_template(
    text: str, *, name: str, load: Load, undefined: Undefined, options: Mapping[str, Any]
) -> CompiledTemplate:
    """What renders the body and tells its messages apart; called in the rendering process only.

    Variables whose names begin with `@` are what the template reads as `@name`.
    """
    from reviewbot.rendering.engines.handlebars.files import Files
    from reviewbot.rendering.engines.handlebars.helpers.of_project import project_helpers
    from reviewbot.rendering.engines.handlebars.settings import Settings
    from reviewbot.rendering.engines.handlebars.template import Template

    given = json.loads(text)
    below = {**options.get("globals", {}), **given["defaults"]}
    try:
        settings = Settings(
            undefined=undefined,
            is_escaping=False,
            helpers={**_helpers(undefined), **project_helpers(options.get("functions", {}))},
            constants=frozenset({"role"}),
        )
        template = Template(given["body"], name, Files(cache(load), file_names), settings)
        beginning, constant = template.beginning()
    except RecursionError as error:
        raise TemplateError(*described(error), path=name) from error
    if constant.line is not None:
        constant = replace(constant, characters=_settled(beginning))

    def render(variables: Mapping[str, Any]) -> str:
        values = {**below, **variables}
        data = {key[1:]: value for key, value in values.items() if key.startswith("@")}
        return template.render(values, data)

    return CompiledTemplate(render=render, constant=constant, split=split)


def split(text: str) -> tuple[Part, ...]:
    """The messages of a rendered text.

    Raises:
        TemplateError: It holds what is no text.
    """
    if _OTHER.search(text):
        raise TemplateError(*_NO_TEXT)
    parts, role, position = [], "user", 0
    for found in (*_ROLE.finditer(text), None):
        end = len(text) if found is None else found.start()
        if text[position:end].strip():
            said = text[position:end]
            parts.append(Part(role=_ROLES.get(role, role), text=said, start=position))
        if found is not None:
            role, position = found[1] or _LATER, found.end()
    return tuple(parts)


_NO_TEXT = (
    "images, and sections that the application puts in, cannot be counted here",
    "keep `media` and `section` out of this prompt",
)


def _settled(beginning: str) -> int:
    """How much of a constant text stays so whatever follows it: no marker may begin in it."""
    start = beginning.rfind("<")
    while start > 0 and beginning[start - 1] == "<":
        start -= 1
    last = max(beginning.rfind(_BEFORE), 0)
    if beginning.startswith(_BEFORE, last) and not _ROLE.match(beginning, last):
        return last
    rest = beginning[start:] if start >= 0 else ""
    return start if rest and _BEFORE.startswith(rest[:3]) and ">" not in rest else len(beginning)


def _helpers(undefined: Undefined) -> "dict[str, Helper]":
    from reviewbot.rendering.engines._common import javascript
    from reviewbot.rendering.engines.handlebars.helpers.of_project import STUBS

    def role(given: "Given") -> str:
        if len(given.values) != 1:
            raise TemplateError("`role` takes one parameter", 'write `{{role "system"}}`')
        return f"{_BEFORE}role:{javascript.text(given.values[0])}>>>"

    def history(given: "Given") -> str:
        root = given.frame.values["root"]
        messages = root.get("messages")
        if messages is None and undefined == "error":
            raise UndefinedVariableError("messages")
        return "".join(map(_earlier, messages or [])) + f"{_BEFORE}role:{_LATER}>>>"

    def no_text(given: "Given") -> str:
        del given
        raise TemplateError(*_NO_TEXT)

    def equals(given: "Given") -> Any:
        return given.chosen(is_first=STUBS["eq"](replace(given, fill=None)))

    def differs(given: "Given") -> Any:
        return given.chosen(is_first=STUBS["ne"](replace(given, fill=None)))

    return {
        "role": role,
        "history": history,
        "media": no_text,
        "section": no_text,
        "json": STUBS["json"],
        "ifEquals": equals,
        "unlessEquals": differs,
    }


def _earlier(message: Any) -> str:
    """An earlier message, as the template might have written it."""
    role = message.get("role") if isinstance(message, Mapping) else None
    content = message.get("content") if isinstance(message, Mapping) else None
    if isinstance(content, list):
        texts = [part.get("text") for part in content if isinstance(part, Mapping)]
        is_text = len(texts) == len(content) and all(isinstance(text, str) for text in texts)
        content = "".join(map(str, texts)) if is_text else None
    if not isinstance(role, str) or not isinstance(content, str):
        mend = "write `messages: [{role: user, content: …}]` in the sample"
        raise TemplateError("`messages` are not earlier messages of texts", mend)
    return f"{_BEFORE}role:{role}>>>{content}"
