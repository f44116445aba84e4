"""What a prompt file says, whatever its format: messages to render, tools, and its own defaults."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from reviewbot.records import Record


class MessageTemplate(Record):
    """One message of a call, before its variables are put in.

    `engine` names the format whose `compile_template` renders `text`; None means that `text` is
    sent as it stands. `line` is the line of the file (from 1) at which `text` begins.
    """

    role: str
    text: str
    engine: str | None = None
    line: int = 1
    name: str | None = None


class Tool(Record):
    """One function that the model may call; `parameters` is its JSON Schema."""

    name: str
    description: str
    parameters: Mapping[str, Any]


class Sample(Record):
    """A named set of variables that prompts are rendered with, and its weight among the others."""

    name: str
    variables: Mapping[str, Any]
    weight: Decimal = Decimal(1)


class PromptFile(Record):
    """What one prompt file holds.

    `model` and `max_tokens` are the file's own defaults, where its format has them.
    `response_schema` is the JSON text of a structured answer's schema, which is billed as input.
    """

    messages: tuple[MessageTemplate, ...]
    tools: tuple[Tool, ...] = ()
    model: str | None = None
    max_tokens: int | None = None
    response_schema: str | None = None
    samples: tuple[Sample, ...] = ()


class References(Record):
    """The other files that a template names.

    `complete` is False where a name is computed while rendering: then any file may be meant.
    """

    names: frozenset[str] = frozenset()
    complete: bool = True


NO_REFERENCES = References()


class Constant(Record):
    """The beginning of a template's text that is the same whatever the variables.

    `characters` of the rendered text are; then, at `line` of the file at `path`, begins what may
    differ. Both are None where nothing does.
    """

    characters: int
    path: str | None = None
    line: int | None = None


class CompiledTemplate(Record):
    """A template that is ready to be rendered with variables."""

    render: Callable[[Mapping[str, Any]], str]
    constant: Constant


class UndefinedVariableError(Exception):
    """A variable that a template uses and no sample gives.

    `template_line` is where it is used, counted from 1 within the template.
    """

    def __init__(self, name: str, template_line: int) -> None:
        self.template_line = template_line
        super().__init__(f"{name!r} is undefined")
