"""Promptfoo's prompts: Nunjucks templates whose variables may be templates themselves.

The text that is compiled is JSON: the `template`, `path` and `line` where it stands, whether its
lines are the file's (`is_in_lines`), and whether it is one message of a list (`is_message`), in
which variables are put as they are. Any other text may turn out to be a list of messages, in JSON
or YAML, once it is rendered.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.prompt import (
    NO_REFERENCES,
    CompiledTemplate,
    Constant,
    References,
    TemplateError,
)
from reviewbot.rendering.engines import Load, Undefined
from reviewbot.rendering.engines._common import javascript, marked_messages
from reviewbot.rendering.engines.promptfoo import nunjucks as _nunjucks
from reviewbot.rendering.engines.promptfoo.values import text as text_of

NAME = "promptfoo"

_PARTIAL = re.compile(r"\{%[^%]*$|\{\{[^}]*$|\{#[^#]*$", re.MULTILINE)
_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}", re.ASCII)
_USED = re.compile(
    r"\{\{\s*([^{}\s|]+)\s*(?:\|[^}]+)?\}\}|\{%\s*(?:if|for)\s+([^{}\s]+)\s*[^\n]*?%\}"
)
_LOOP = re.compile(r"\{%\s*for\s+(\w+)\s+in\s+(\w+)\s*%\}")
_ROUNDS = 5
"""How often promptfoo puts variables into variables."""


class _Place(Struct, frozen=True, kw_only=True):
    path: str
    line: int
    is_in_lines: bool

    def line_of(self, line: int | None) -> int:
        """What a line of the template is in the file."""
        return self.line + (line or 1) - 1 if self.is_in_lines else self.line

    def of(self, error: TemplateError) -> TemplateError:
        """The error, which counts lines within the template, at its line of the file."""
        return TemplateError(error.what, error.mend, line=self.line_of(error.line), path=self.path)


def references(text: str, options: Mapping[str, Any]) -> References:
    """Promptfoo's templates are given no other file."""
    del text, options
    return NO_REFERENCES


def compile_template(
    text: str, *, name: str, load: Load, undefined: Undefined, options: Mapping[str, Any]
) -> CompiledTemplate:
    """What renders the template; called in the rendering process only."""
    del load
    given = json.loads(text)
    place = _Place(
        path=given.get("path") or name,
        line=given["line"],
        is_in_lines=given.get("is_in_lines", True),
    )
    template, is_message = given["template"], given["is_message"]

    def compiled(template: str) -> CompiledTemplate:
        return _nunjucks.compile_template(
            template, name=place.path, load=_load_nothing, undefined=undefined, options=options
        )

    def render(variables: Mapping[str, Any]) -> str:
        try:
            values = _resolved(variables)
            if is_message:
                return inner.render(values)
            return _messages(inner.render({k: _value(v, values) for k, v in values.items()}))
        except TemplateError as error:
            raise place.of(error) from error

    def _value(value: Any, values: Mapping[str, Any]) -> Any:
        if not isinstance(value, str) or "{" not in value or _uses_missing(value, values):
            return value
        return compiled(_whole(value)).render(values)

    try:
        inner = compiled(template if is_message else _whole(template))
    except TemplateError as error:
        raise place.of(error) from error
    constant = inner.constant
    if constant.line is not None and constant.path == place.path:
        constant = replace(constant, line=place.line_of(constant.line))
    if is_message:
        return CompiledTemplate(render=render, constant=constant)
    return CompiledTemplate(
        render=render, constant=_within(template, constant, place), split=marked_messages.split
    )


def _load_nothing(name: str, parent: str) -> None:
    del name, parent


def _whole(template: str) -> str:
    """The template as promptfoo gives it to Nunjucks: raw where it takes a tag to be partial."""
    is_raw = re.search(r"\{%\s*raw\s*%\}", template) and re.search(r"\{%\s*endraw\s*%\}", template)
    if _PARTIAL.search(template) and not is_raw:
        return f"{{% raw %}}{template}{{% endraw %}}"
    return template


def _resolved(variables: Mapping[str, Any]) -> dict[str, Any]:
    """The variables with the variables that their texts name put in."""
    values = {
        key: value.removesuffix("\n") if isinstance(value, str) else value
        for key, value in variables.items()
    }
    for _ in range(_ROUNDS):
        is_done = True
        for key, value in values.items():
            found = _VARIABLE.search(value) if isinstance(value, str) else None
            if found is not None and found[1] in values:
                put = text_of(values[found[1]])
                values[key] = value[: found.start()] + put + value[found.end() :]
                is_done = False
        if is_done:
            break
    return values


def _uses_missing(template: str, values: Mapping[str, Any]) -> bool:
    """Whether a variable's text names what is no variable: promptfoo leaves it as it is then."""
    template = re.sub(r"\{#.*?#\}", "", template, flags=re.DOTALL)
    names = {found[1] or found[2] for found in _USED.finditer(template)}
    for loop in _LOOP.finditer(template):
        names.discard(loop[1])
        names.add(loop[2])
    roots = {root[0] for name in names if (root := re.match(r"[A-Za-z_]\w*", name))}
    return not roots <= {"env", *values}


def _within(template: str, constant: Constant, place: _Place) -> Constant:
    """How much is constant of the message that the text becomes if it is no list of messages.

    Nothing is, where the text may become one: where it begins with a variable, `[`, `{` or `-`.
    """
    begins = template[: constant.characters].lstrip()[:1]
    if not begins or begins in "[{-":
        line = place.line if constant.line is None else constant.line
        return Constant(characters=0, path=constant.path or place.path, line=line)
    return replace(
        constant, characters=constant.characters + len(marked_messages.joined([("user", "")]))
    )


def _messages(text: str) -> str:
    """The messages that promptfoo's chat providers send for a text, in our own form."""
    found = _listed(text)
    if found is None:
        found = [("user", text)]
    if any(marked_messages.holds_mark(role + said) for role, said in found):
        raise TemplateError("the prompt holds a control character", "take it out of the sample")
    return marked_messages.joined(found)


def _listed(text: str) -> list[tuple[str, str]] | None:
    """The messages that a text lists in YAML or JSON; None where it is plain text."""
    trimmed = text.strip(javascript.BLANKS)
    is_yaml = trimmed.startswith("- role:")
    if not is_yaml and not trimmed.startswith(("[", "{")):
        return None
    try:
        data = _yaml(text) if is_yaml else json.loads(text, parse_constant=_refuse)
    except ValueError as error:
        if is_yaml or _looks_like_json(trimmed):
            what = f"the rendered prompt is no list of messages: {error}"
            raise TemplateError(what, "correct it, or `dump` what is put in") from error
        return None
    if isinstance(data, list) and data and all(_is_message(item) for item in data):
        return [(item["role"], item["content"]) for item in data]
    what = "the rendered prompt is data, but no list of messages with texts"
    raise TemplateError(what, 'write it like `[{"role": "user", "content": …}]`')


def _yaml(text: str) -> Any:
    """YAML data; in the rendering process nothing that it takes can do harm."""
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(f"this is not YAML: {error}") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number of JSON")


def _looks_like_json(text: str) -> bool:
    """Whether promptfoo refuses a text that is no JSON."""
    if text.startswith("{"):
        return text.endswith("}")
    inner = text[1:].lstrip(javascript.BLANKS)
    is_begun = inner.startswith(('"', "{", "[", "-", "true", "false", "null"))
    return text.endswith("]") and (is_begun or inner[:1].isdecimal())


def _is_message(item: Any) -> bool:
    is_mapping = isinstance(item, dict) and item.keys() == {"role", "content"}
    return is_mapping and isinstance(item["role"], str) and isinstance(item["content"], str)
