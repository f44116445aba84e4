"""The kinds of rules: what a row says of a call's messages, tools, choice, schemas and settings."""

from enum import StrEnum

from reviewbot.tokens.rules.row import Row


class MessageRule(Row, frozen=True, kw_only=True):
    """Tokens beside the texts: `once` a call, what begins the answer included; then each message.

    `system` is a system message's and `assistant` an earlier answer's, where they differ;
    `unless_system` is what stands in a system message's place where the call has none. `name` is
    what a name costs beside its tokens, None where it is not shown; one that is the role has none.
    `call` is an earlier call of a function, beside its arguments and `call_names` times its name,
    `argument` each argument of it; `result` is what came of it. `parallel` is added once where
    several calls were made at a time. `document` is one of Anthropic's documents. `thoughts` says
    that the model is shown what it thought before its earlier answers.

    `exact` are the features of calls that bills of this row confirm to the token, at one of the
    providers `exact_at`: a call with any other, or at another provider, is estimated. Features are
    roles, `assistants` and `systems` where there are several, `name`, `empty` for a message without
    a text, and those of `CallParameters.features`.
    """

    once: int
    message: int
    system: int | None = None
    unless_system: int = 0
    assistant: int | None = None
    name: int | None = 1
    call: int = 9
    call_names: int = 2
    argument: int = 0
    result: int = 4
    parallel: int = 0
    document: int = 0
    thoughts: bool = True
    exact: frozenset[str] = frozenset()
    exact_at: tuple[str, ...] = ()


class Shown(StrEnum):
    """How a model is shown definitions."""

    TYPES = "TypeScript"
    """As types of TypeScript."""

    CLAUDE = "JSON with its keys"
    """One line of JSON a tool: name, description, input schema."""

    DECLARED = "declarations as FunctionGemma's"
    """`declaration:name{description:…,parameters:{…}}`."""

    WORDS = "names and descriptions"
    """The name and description of each tool and property."""

    STRINGS = "names, types and descriptions"
    """Each text that stands in a definition; of a JSON Schema's parameters none."""

    JSON = "JSON as it is sent"
    """One JSON list of all of them."""

    FUNCTIONS = "JSON of each function"
    """One line of JSON a function, without the kind of tool that it is."""

    INDENTED = "JSON with indents"
    """The JSON of each of them, indented by four."""

    NOTHING = "nothing"
    """The model's template has no place for them."""


class ToolRule(Row, frozen=True, kw_only=True):
    """Tokens of definitions beside what is `shown`: `once`, and for `each` of them.

    `with_system` is added where the call has a system message, `undescribed` for each tool that has
    parameters and no description, `further` for each described tool behind the first, `bare` for
    each tool without parameters, `property` for each property beside its name and description.
    """

    shown: Shown
    once: int = 0
    each: int = 0
    with_system: int = 0
    undescribed: int = 0
    further: int = 0
    bare: int = 0
    property: int = 0


class ChoiceRule(Row, frozen=True, kw_only=True):
    """Tokens that a tool choice adds; for a named tool its name's too where `with_name`.

    `hides` says that tools are not shown to the model where the choice is `none`, `only_named` that
    the tool alone is shown that has to be called.
    """

    none: int = 0
    required: int = 0
    named: int = 0
    with_name: bool = False
    hides: bool = False
    only_named: bool = False


class Schema(StrEnum):
    """How a model is shown an answer's schema."""

    SHOWN = "as compact JSON without `required`, `additionalProperties` and `$schema`"
    SPACED = "as JSON with blanks"
    WHOLE = "as compact JSON"
    NOTHING = "not shown"


class SchemaRule(Row, frozen=True, kw_only=True):
    """Tokens of an answer's schema: what is `shown` of it, and `once` more."""

    shown: Schema
    once: int = 0


class SettingRule(Row, frozen=True, kw_only=True):
    """Tokens that a setting adds to a call: `value` of the call parameter `setting`."""

    setting: str
    value: object
    tokens: int
