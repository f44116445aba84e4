"""Warns of prompts that a change empties, and of strings that lose the mark of a template."""

import re
from collections.abc import Iterable, Iterator

from reviewbot import prompt_formats
from reviewbot.errors import Place
from reviewbot.prompts.sources import LocatedMessage, Source
from reviewbot.report import Finding, Rule, Verdict
from reviewbot.scope.affected import Affected

_CODE = {None, "python-text", "typescript-text"}
"""Engines of source code; braces that are left in their texts are sent as they stand."""

_FIELD = re.compile(r"\{\s?([A-Za-z_]\w{0,99})")
_WORD = re.compile(r"[A-Za-z_]\w{0,99}")
_PYTHON = (".py", ".ipynb")


def judge_lost_text(affected: Iterable[Affected]) -> Iterator[Finding]:
    """A warning for each prompt that is empty now, and each whose variables are text now."""
    told: set[str] = set()
    for item in affected:
        if item.before is None or item.after is None:
            continue
        was, now = item.before.source, item.after.source
        named = {prompt.path for prompt in item.settings.prompts}
        for path in sorted((named & _with_text(was)) - _with_text(now) - told):
            told.add(path)
            yield Finding(
                rule=Rule.EMPTIED,
                verdict=Verdict.WARN,
                text=f"{item.name}: the prompt {path} is empty now; restore its text, or "
                f"take it out of `workflows.{item.name}`",
                place=Place(file=path, line=1),
            )
        variables = {name for sample in item.governing.samples for name in sample.variables}
        for message in now.messages:
            if lost := sorted(_lost_fields(message, was) & variables):
                yield _unmarked(item.name, message, lost)


def _with_text(source: Source) -> set[str]:
    return {message.path for message in source.messages if message.template.text.strip()}


def _lost_fields(message: LocatedMessage, was: Source) -> set[str]:
    """The names that stand in braces in a message and that the prompt used as variables before."""
    if message.template.engine not in _CODE or not prompt_formats.of_source(message.path):
        return set()
    old = [item.template for item in was.messages if item.path == message.path]
    found = set(_FIELD.findall(message.template.text))
    for template in old if found else ():
        if template.engine in _CODE:
            found -= set(_FIELD.findall(template.text))
    used = {
        name
        for template in (old if found else ())
        if template.engine is not None
        for name in _WORD.findall(template.text)
    }
    return found & used


def _unmarked(workflow: str, message: LocatedMessage, names: list[str]) -> Finding:
    place = Place(file=message.path, line=message.template.line)
    fields = " and ".join(f"{{{name}}}" for name in names)
    is_python = message.path.endswith(_PYTHON)
    missing = "is an f missing before the string" if is_python else "are its backticks missing"
    return Finding(
        rule=Rule.TAGS_AS_TEXT,
        verdict=Verdict.WARN,
        text=f"{workflow}: {fields} is sent as it stands, and the value of the samples no more; "
        f"{missing}?",
        place=place,
    )
