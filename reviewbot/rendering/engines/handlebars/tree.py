"""What a Handlebars template is made of."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, kw_only=True)
class Strip:
    """Whether a tag takes away the blanks before it (`{{~`) and behind it (`~}}`)."""

    before: bool = False
    behind: bool = False


@dataclass(slots=True, kw_only=True)
class Path:
    """A name to look up: `../a.b` goes `depth` up; `@key` is data of the loop.

    `own` says that it is of the context and no helper: `this.a`, `./a`.
    """

    original: str
    parts: tuple[str, ...]
    depth: int
    is_data: bool
    own: bool


@dataclass(slots=True, kw_only=True)
class Literal:
    """A text, a number, true, false, null or undefined."""

    original: str
    value: Any


@dataclass(slots=True, kw_only=True)
class Call:
    """What a tag says: a name, and what it is given."""

    name: "Path | Literal"
    parameters: tuple["Expression", ...]
    named: dict[str, "Expression"]
    line: int


Expression = Path | Literal | Call


@dataclass(slots=True, kw_only=True)
class Content:
    """Text; `value` is what is left of it."""

    original: str
    value: str
    cut_begin: bool = False
    cut_end: bool = False


@dataclass(slots=True, kw_only=True)
class Comment:
    """Prints nothing."""

    strip: Strip


@dataclass(slots=True, kw_only=True)
class Mustache:
    """`{{x}}`, or without escaping `{{{x}}}`."""

    call: Call
    is_escaped: bool
    strip: Strip


@dataclass(slots=True, kw_only=True)
class Block:
    """`{{#x}}…{{else}}…{{/x}}`; one of both programs may be missing. `{{#*x}}` is a decorator."""

    call: Call
    program: "Program | None"
    inverse: "Program | None"
    open_strip: Strip
    inverse_strip: Strip
    close_strip: Strip
    is_decorator: bool = False


@dataclass(slots=True, kw_only=True)
class Partial:
    """`{{> name}}`, or with a `program` `{{#> name}}…{{/name}}`; `number` is that of its record."""

    name: Expression
    parameters: tuple[Expression, ...]
    named: dict[str, Expression]
    line: int
    strip: Strip
    program: "Program | None" = None
    close_strip: Strip = field(default_factory=Strip)
    indent: str = ""
    number: int = 0


Statement = Content | Comment | Mustache | Block | Partial


@dataclass(slots=True, kw_only=True)
class Program:
    """Statements in order; `names` are those of `as |a b|`. `is_chained`: of an `{{else if}}`."""

    body: list[Statement]
    path: str
    names: tuple[str, ...] = ()
    is_chained: bool = False
