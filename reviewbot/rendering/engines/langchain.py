"""LangChain's prompts: format strings, Mustache or Jinja2, and examples rendered into them.

The text that is compiled is JSON. Either `placeholder` is the variable that holds messages, and
`optional` and `limit` say how many; or `parts` are templates whose texts follow each other. A part
has a `language`, values of its own (`partial`), a `separator`, and `pieces`, of which some are
`examples`: a template, and the values that it is rendered with before the whole is.
"""

import json
from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.prompt import (
    NO_REFERENCES,
    CompiledTemplate,
    Constant,
    References,
    TemplateError,
)
from reviewbot.rendering import engines
from reviewbot.rendering.engines import Load, Undefined
from reviewbot.rendering.engines._common import marked_messages
from reviewbot.rendering.engines._common.faults import missing_history

NAME = "langchain"

ROLES: Mapping[str, str] = {"human": "user", "ai": "assistant"}
"""LangChain's names of roles to those of requests."""


def references(text: str, options: Mapping[str, Any]) -> References:
    """LangChain's templates are given no other file."""
    del text, options
    return NO_REFERENCES


def compile_template(
    text: str, *, name: str, load: Load, undefined: Undefined, options: Mapping[str, Any]
) -> CompiledTemplate:
    """What renders the parts; called in the rendering process only."""
    del load
    given = json.loads(text)
    if "placeholder" in given:
        return _placeholder(given, name, undefined)
    compiler = _Compiler(name=name, undefined=undefined, options={"escape": "chevron", **options})
    parts = [compiler.part(part) for part in given["parts"]]

    def render(variables: Mapping[str, Any]) -> str:
        return "".join(part.render(variables) for part in parts)

    characters = 0
    for part in parts:
        characters += part.constant.characters
        if part.constant.line is not None:
            constant = replace(part.constant, characters=characters)
            return CompiledTemplate(render=render, constant=constant)
    return CompiledTemplate(render=render, constant=Constant(characters=characters))


class _Piece(Struct, frozen=True, kw_only=True):
    """A text of a template, and the file and the lines where it stands."""

    text: str
    path: str
    line: int
    is_in_lines: bool

    def line_of(self, line: int) -> int:
        """What a line of the text is in the file."""
        return self.line + line - 1 if self.is_in_lines else self.line


class _Compiler(Struct, frozen=True, kw_only=True):
    name: str
    undefined: Undefined
    options: Mapping[str, Any]

    def part(self, given: Mapping[str, Any]) -> CompiledTemplate:
        """A part, its examples rendered."""
        pieces = [item for piece in given["pieces"] for item in self._pieces(piece)]
        pieces = [piece for piece in pieces if piece.text]
        return self._compiled(given["language"], pieces, given["separator"], given["partial"])

    def _pieces(self, given: Mapping[str, Any]) -> list[_Piece]:
        piece = _Piece(
            text=given["text"],
            path=given["path"] or self.name,
            line=given["line"],
            is_in_lines=given["is_in_lines"],
        )
        if "examples" not in given:
            return [piece]
        template = self._compiled(given["language"], [piece], "", given["partial"])
        return [
            replace(piece, text=template.render(values), is_in_lines=False)
            for values in given["examples"]
        ]

    def _compiled(
        self, language: str, pieces: list[_Piece], separator: str, partial: Mapping[str, Any]
    ) -> CompiledTemplate:
        """A template of several texts, which counts lines in the files of these."""

        def place(line: int) -> tuple[str, int]:
            found, begins = (self.name, 1), 1
            for piece in pieces:
                if begins <= line:
                    last = piece.text.count("\n") + 1
                    found = piece.path, piece.line_of(min(line - begins + 1, last))
                begins += piece.text.count("\n") + separator.count("\n")
            return found

        def located(error: TemplateError) -> TemplateError:
            path, line = place(error.line or 1)
            return TemplateError(error.what, error.mend, line=line, path=path)

        try:
            inner = engines.by_name(language).compile_template(
                separator.join(piece.text for piece in pieces),
                name=self.name,
                load=_load_nothing,
                undefined=self.undefined,
                options=self.options,
            )
        except TemplateError as error:
            raise located(error) from error

        def render(variables: Mapping[str, Any]) -> str:
            try:
                return inner.render({**partial, **variables})
            except TemplateError as error:
                raise located(error) from error

        constant = inner.constant
        if constant.line is not None:
            path, line = place(constant.line)
            constant = replace(constant, path=path, line=line)
        return CompiledTemplate(render=render, constant=constant)


def _load_nothing(name: str, parent: str) -> None:
    del name, parent


def _placeholder(given: Mapping[str, Any], name: str, undefined: Undefined) -> CompiledTemplate:
    variable = given["placeholder"]

    def render(variables: Mapping[str, Any]) -> str:
        if variable not in variables:
            if undefined != "error":
                return ""
            raise missing_history(variable, given["line"])
        messages = variables[variable]
        if not isinstance(messages, list):
            raise _no_messages(variable, given["line"])
        limit = given["limit"]
        if limit is not None:
            messages = messages[-limit:]
        return "".join(_rendered(item, variable, given["line"]) for item in messages)

    constant = Constant(characters=0, path=name, line=given["line"])
    return CompiledTemplate(render=render, constant=constant, split=marked_messages.split)


def _no_messages(variable: str, line: int) -> TemplateError:
    what = f"{variable!r} is no list of messages with texts"
    return TemplateError(what, "write it as `[{role: user, content: …}]`", line=line)


def _rendered(message: Any, variable: str, line: int) -> str:
    """A message as LangChain takes it: a text, a role with a text, or a mapping."""
    match message:
        case str():
            role, text = "human", message
        case [str(role), str(text)]:
            pass
        case {"role": str(role), "content": str(text)}:
            pass
        case {"type": str(role), "content": str(text)}:
            pass
        case _:
            raise _no_messages(variable, line)
    if marked_messages.holds_mark(role + text):
        what = f"{variable!r} holds a control character"
        raise TemplateError(what, "take it out of the sample", line=line)
    return marked_messages.joined([(ROLES.get(role, role), text)])
