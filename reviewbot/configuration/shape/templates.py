"""The shape of `templates`: how a workflow's templates are read, as its project reads them.

The code of a project's own filters, tests and functions is never run; stubs take their place.
"""

import itertools
from typing import Any

from reviewbot.configuration.kinds import (
    At,
    Choice,
    Field,
    Flag,
    ListOf,
    MapOf,
    OneOf,
    RejectedError,
    Schema,
    Section,
    Text,
    Variables,
    check_sizes,
    section,
)
from reviewbot.documents import ListNode, Node, plain

_NAME = Text(
    r"[A-Za-z_][\w-]{0,49}(?:\.[A-Za-z_][\w-]{0,49}){0,5}",
    "a name as templates write it",
    "format_date",
)
_BUILT_IN = Text(r"[A-Za-z_]\w{0,49}", "`same` or a filter of the engine itself", "tojson")
_MARK = Text(r"\S{1,20}", "a mark of one to twenty characters without blanks", "<<")
_PREFIX = Text(r"\S{1,20}", "a mark of one to twenty characters without blanks", "%%")
_MARKS = 2
_STARTS = {"variable": "{{", "block": "{%", "comment": "{#"}


class _Value:
    """Data of any shape; `{tokens: N}` stands for a text of that size."""

    def read(self, node: Node, at: At) -> Any:
        check_sizes(node, at)
        return plain(node)

    def schema(self) -> Schema:
        return {}


class _Pair:
    """Two marks, where a tag begins and where it ends."""

    def read(self, node: Node, at: At) -> list[str]:
        if not isinstance(node, ListNode) or len(node.items) != _MARKS:
            what = "these are not two marks"
            raise at.reject(node.line, what, 'write where a tag begins and ends: ["<<", ">>"]')
        return [_MARK.read(item, at.item(i)) for i, item in enumerate(node.items)]

    def schema(self) -> Schema:
        return {"type": "array", "items": _MARK.schema(), "minItems": _MARKS, "maxItems": _MARKS}


_STUB: OneOf[Any] = OneOf(
    _BUILT_IN,
    section(dict, {"value": Field(_Value(), "what it always gives", required=True)}),
)
_STUBS = MapOf(_NAME, _STUB)


_LINE_PREFIXES = ("line_statement_prefix", "line_comment_prefix")


def _templates(at: At, line: int, **values: Any) -> str:
    given = {kind: pair[0] for kind, pair in values.get("delimiters", {}).items()}
    starts = list((_STARTS | given).values())
    starts += [values[key] for key in _LINE_PREFIXES if key in values]
    if len(set(starts)) < len(starts):
        at.report(line, "two kinds of tag begin alike", "give each its own mark")
        raise RejectedError
    for name in values.get("functions", {}):
        *holders, own = itertools.accumulate(name.split("."), "{}.{}".format)
        held = {*values.get("globals", {}), *values["functions"]}
        for clash in held.intersection(holders) | ({own} & {*values.get("globals", {})}):
            what = f"{clash!r} is two of: a value, a function, a holder of functions"
            at.report(line, what, "keep one of them")
            raise RejectedError
    if not values:
        return ""
    import json

    return json.dumps(values, sort_keys=True)


TEMPLATES = Section(
    _templates,
    {
        "trim_blocks": Field(Flag(), "Jinja2: drop the line break behind a block tag"),
        "lstrip_blocks": Field(Flag(), "Jinja2: drop the blanks before a block tag"),
        "keep_trailing_newline": Field(Flag(), "Jinja2: keep the last line break of a file"),
        "line_statement_prefix": Field(_PREFIX, "Jinja2: the mark of lines that are statements"),
        "line_comment_prefix": Field(_PREFIX, "Jinja2: the mark of lines that are comments"),
        "delimiters": Field(
            section(
                dict,
                {
                    kind: Field(_Pair(), f"where a {kind} begins and ends")
                    for kind in ("variable", "block", "comment")
                },
            ),
            "Jinja2: the marks of tags",
        ),
        "extensions": Field(
            ListOf(Choice(lambda: ["do", "loopcontrols"])), "Jinja2: extensions of its own"
        ),
        "filters": Field(_STUBS, "stubs for the project's own filters"),
        "tests": Field(_STUBS, "stubs for the project's own tests"),
        "functions": Field(_STUBS, "stubs for functions and helpers that templates call"),
        "methods": Field(_STUBS, "Jinja2: stubs for methods that templates call on values"),
        "escape": Field(Flag(), "Mustache, Handlebars: escape HTML in what `{{x}}` prints"),
        "globals": Field(Variables(), "values that every template can use"),
    },
)
