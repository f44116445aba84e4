"""Marks in the templates that a text holds: the text itself, or those in the JSON of a format."""

import json
import re
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from reviewbot.prompts.chosen_texts import CHOOSING, mark_side, mark_sides
from reviewbot.prompts.marked_runs import Marked, Run, Template, marked_runs
from reviewbot.prompts.template_tags import silent_names

_CONTAINERS = frozenset({"body", "template", "text"})
"""Keys of the JSON texts that some formats hand to their engines, under which templates stand."""
_BRANCH = re.compile(
    r"\{%|\{\{[~{]?\s*[#^=]|\{\{[^{}\n]{0,200}(?:[\"'{(]|\sif\s)"
    r"|\[\"(?:if|or|nullish|and|items)\", |\"gives\": "
)


_OPERATION = re.compile(r"\[\"(?:if|or|nullish|and|items)\", |\"gives\": ")
"""How source code chooses among texts, in the JSON of what it composes."""

_ONLY_FIELDS = frozenset({"llama-index", "str-format", "string-template"})
"""Languages that only fill fields in: two braces are one that is text, as in JSON."""

_SOURCE = frozenset({"python-text", "typescript-text"})
_FILLED = re.compile(r"\[\"fill\", \"([\w-]{1,40})\"")


def has_branches(text: str, options: Mapping[str, Any], engine: str | None = None) -> bool:
    """Whether a sample may decide which of the text is sent; `engine` is that of a template."""
    if engine in _SOURCE:
        filled = _FILLED.match(text)
        if filled is None or filled[1] in _ONLY_FIELDS:
            return _OPERATION.search(text) is not None
    if engine in _ONLY_FIELDS:
        return False
    return (
        _BRANCH.search(text) is not None
        or "delimiters" in options
        or options.get("line_statement_prefix") is not None
        or bool(silent_names(options))
    )


def marked(template: Template, first: int) -> Marked:
    """The template with a mark in each run, from the mark number `first` on."""
    text = template.text
    if text[:1] in "{[":
        try:
            data = json.loads(text)
        except ValueError:
            data = None
        if isinstance(data, dict | list):
            runs: list[Run] = []
            changed = _within(data, template, first, runs, is_template=isinstance(data, list))
            return Marked(text=json.dumps(changed), runs=tuple(runs))
    return marked_runs(template, first)


def _within(
    data: Any, template: Template, first: int, runs: list[Run], *, is_template: bool
) -> Any:
    """JSON data with marks in the templates that it holds."""
    if isinstance(data, dict):
        line = data.get("line")
        inner = template
        if isinstance(line, int) and isinstance(data.get("is_in_lines", True), bool):
            inner = Template(
                text="",
                path=path if isinstance(path := data.get("path"), str) else template.path,
                line=line,
                is_in_lines=data.get("is_in_lines", True),
                options=template.options,
                has_xml=template.has_xml,
                lists=template.lists,
            )
        return {
            key: mark_side(item, inner, first, runs)
            if key == "gives"
            else _within(item, inner, first, runs, is_template=key in _CONTAINERS)
            for key, item in data.items()
        }
    if isinstance(data, list):
        if data and isinstance(data[0], str) and data[0] in CHOOSING:
            return mark_sides(data, template, first, runs)
        return [_within(item, template, first, runs, is_template=is_template) for item in data]
    if not isinstance(data, str) or not is_template or not has_branches(data, template.options):
        return data
    found = marked_runs(replace(template, text=data), first + len(runs))
    runs += found.runs
    return found.text
