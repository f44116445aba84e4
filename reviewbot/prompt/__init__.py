"""What a prompt file says, whatever its format: messages to render, tools, and its own defaults."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct
from msgspec.structs import replace


class Image(Struct, frozen=True, kw_only=True):
    """An image in a message: its size in pixels, None where that is not known here.

    `detail` is what the request asks for: `auto`, `low`, `high` or `original`. `varies` says that
    it is another image in other calls, so that no cached prefix goes beyond it.
    """

    width: int | None = None
    height: int | None = None
    detail: str = "auto"
    varies: bool = False


class MessageTemplate(Struct, frozen=True, kw_only=True):
    """One message of a call, before its variables are put in.

    `engine` names the template language that renders `text`; None means that `text` is sent as it
    stands. `line` is the line of the file (from 1) at which `text` begins; where `is_in_lines` is
    False, as with a text in quotes, no other line of it is known. An engine that finds roles in the
    text itself makes several messages of it; `role` is that of the first. `documents` is how many
    of Anthropic's documents stand in the text.
    """

    role: str
    text: str
    engine: str | None = None
    line: int = 1
    name: str | None = None
    is_in_lines: bool = True
    images: tuple[Image, ...] = ()
    documents: int = 0


class Tool(Struct, frozen=True, kw_only=True):
    """One function that the model may call; `parameters` is its JSON Schema."""

    name: str
    description: str
    parameters: Mapping[str, Any]


class CallParameters(Struct, frozen=True, kw_only=True):
    """What a request sets beside messages and tools that moves its input; None where not said.

    `api` is the interface that is called: `chat` (Chat Completions), `responses`, or `messages`
    (Anthropic's). `tool_choice` is `auto`, `none`, `required` or `named`; `named_tool` is then the
    tool that has to be called. `thinking` is `enabled`, `adaptive` or `none`. `features` are what
    else is peculiar to the request, in order: keys of its settings, `parts` where a content has
    several texts, `json_object` where the answer has to be one, `earlier thinking` where
    it gives back some that is not counted.
    """

    api: str | None = None
    tool_choice: str | None = None
    named_tool: str | None = None
    thinking: str | None = None
    has_task_budget: bool = False
    reasoning_mode: str | None = None
    features: tuple[str, ...] = ()


class Sample(Struct, frozen=True, kw_only=True):
    """A named set of variables that prompts are rendered with, and its weight among the others."""

    name: str
    variables: Mapping[str, Any]
    weight: Decimal = Decimal(1)


class LoadedFile(Struct, frozen=True, kw_only=True):
    """A file beside the prompt: where it was found, and its text."""

    path: str
    text: str


class Surroundings(Struct, frozen=True, kw_only=True):
    """What a format may ask for beyond the prompt file's text.

    `load` gives the file that a name means in the file at a path, None where there is none; what it
    gives counts as a part of the prompt. `parse` reads a text with the parser of that name in
    `reviewbot.rendering.parsers`, in the rendering process; the paths of imported files among what
    that gives are still to be loaded. Both raise a MeasurementError.
    """

    load: Callable[[str, str], LoadedFile | None]
    parse: Callable[[str, str, str], Any]


def _nothing(name: str, parent: str) -> None:
    del name, parent


def _no_parser(parser: str, text: str, path: str) -> Any:
    del text
    raise AssertionError(parser, path)


ALONE = Surroundings(load=_nothing, parse=_no_parser)
"""Of a text that stands in no repository."""


class PromptText(Struct, frozen=True, kw_only=True):
    """The text of a prompt file, or of one entry of it, and what is asked of it.

    `role` is the role that the configuration gives the prompt, None where it gives none. `selector`
    says which of several prompts in the file is meant, where its format has several. `line` is the
    line of the file (from 1) at which `text` begins. `options` are the configuration's `templates`.
    """

    path: str
    text: str
    role: str | None = None
    selector: str | None = None
    line: int = 1
    options: Mapping[str, Any] = {}
    surroundings: Surroundings = ALONE


class Discovered(Struct, frozen=True, kw_only=True):
    """A prompt that was found in a file by its content.

    `selector` says where in the file, None for the whole of it; `format` is the format to read it
    with. `workflow`, `role` and `model` are what the file tells of the call, `default_model` what
    it falls back to. Of source code `text` is what stands there, `line` its first line, and `parts`
    are the names of texts in it.
    """

    selector: str | None
    format: str
    role: str | None = None
    workflow: str | None = None
    model: str | None = None
    default_model: str | None = None
    text: str = ""
    line: int = 1
    parts: tuple[str, ...] = ()


class RequestSetting(Struct, frozen=True, kw_only=True):
    """A setting that moves a bill or `says_who_serves`; a computed one is `shown` as it stands."""

    key: str
    value: str
    path: str
    line: int
    says_who_serves: bool = False
    shown: str = ""


class PromptFile(Struct, frozen=True, kw_only=True):
    """What one prompt file holds.

    `default_model` is what code names where nothing outside of it does. `response_schema` is JSON
    text of a schema, billed as input. Of several `answers` input is billed once, output each.
    """

    messages: tuple[MessageTemplate, ...]
    tools: tuple[Tool, ...] = ()
    model: str | None = None
    default_model: str | None = None
    max_tokens: int | None = None
    response_schema: str | None = None
    answers: int = 1
    settings: tuple[RequestSetting, ...] = ()
    samples: tuple[Sample, ...] = ()
    parameters: CallParameters = CallParameters()

    @property
    def call_parameters(self) -> CallParameters:
        """`parameters`, with the keys of `settings` among their features."""
        features = {*self.parameters.features}
        features |= {setting.key for setting in self.settings if not setting.says_who_serves}
        return replace(self.parameters, features=tuple(sorted(features)))


class References(Struct, frozen=True, kw_only=True):
    """The other files that a template names.

    `complete` is False where a name is computed while rendering: then any file may be meant.
    """

    names: frozenset[str] = frozenset()
    complete: bool = True


NO_REFERENCES = References()


class Constant(Struct, frozen=True, kw_only=True):
    """The beginning of a template's text that is the same whatever the variables.

    Behind its `characters`, at `line` of `path`, begins what may differ; None where nothing does.
    """

    characters: int
    path: str | None = None
    line: int | None = None


class Part(Struct, frozen=True, kw_only=True):
    """One message of a rendered text that holds several: `start` is where `text` stands in it.

    `text` need not be what stands there to the letter; it is no longer.
    """

    role: str
    text: str
    start: int


class CompiledTemplate(Struct, frozen=True, kw_only=True):
    """A template that is ready to be rendered with variables.

    `split` tells the messages apart where the rendered text holds several; None where it is one.
    `trace` renders too, and gives the numbers of the marks whose text was printed; None where the
    template was compiled without marks.
    """

    render: Callable[[Mapping[str, Any]], str]
    constant: Constant
    split: Callable[[str], tuple[Part, ...]] | None = None
    trace: Callable[[Mapping[str, Any]], tuple[str, frozenset[int]]] | None = None


class TemplateError(Exception):
    """A template that cannot be compiled or rendered: what is wrong, and the mend.

    `line` counts from 1 within the template; where `path` is given, within that file.
    """

    def __init__(
        self, what: str, mend: str, *, line: int | None = None, path: str | None = None
    ) -> None:
        self.what = what
        self.mend = mend
        self.line = line
        self.path = path
        super().__init__(what)


class UndefinedVariableError(TemplateError):
    """A variable that a template uses and no sample gives."""

    def __init__(self, name: str, line: int | None = None, *, path: str | None = None) -> None:
        mend = "add the variable to the samples, or correct its name"
        self.name = name
        super().__init__(f"{name!r} is undefined", mend, line=line, path=path)
