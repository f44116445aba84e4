"""Warns of samples that give the text `no` or `false` where a template asks for true or false.

YAML 1.2 reads `no` and `off` as texts, and every template takes a text that is not empty as true:
the sample measures the branch that it was meant to leave out.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reviewbot.configuration.setting_lines import Key, Locator
from reviewbot.configuration.settings import Workflow
from reviewbot.errors import ConfigurationError, MeasurementError, Place
from reviewbot.prompt import Sample
from reviewbot.prompts.template_tags import find_tags
from reviewbot.report import Finding, Rule, Verdict
from reviewbot.scope.affected import Affected, Side

_MEANS_FALSE = frozenset({"no", "n", "off", "false", "f"})
_PATH = r"[A-Za-z_]\w{0,80}(?:\.[A-Za-z_]\w{0,80}){0,6}"
_ASKS = (
    re.compile(r"(?:else\s{1,9})?#?(?:if|elif|elsif|unless|when)\b(.{1,400})", re.DOTALL),
    re.compile(r".{0,400}?\sif\s(.{1,200}?)(?:\selse\s.{0,200}|\Z)", re.DOTALL),
    re.compile(r"(.{1,200}?)\?[^.?].{0,400}", re.DOTALL),
    re.compile(rf"[#^]\s{{0,9}}({_PATH})"),
)
"""How template languages ask: an `if`, one within a value, `a ? b : c`, and a section."""

_PARTS = re.compile(r"\band\b|\bor\b|&&|\|\||[()]")
_BARE = re.compile(rf"\s{{0,9}}(?:not\s{{1,9}}|!\s{{0,9}})?({_PATH})\s{{0,9}}")
_NAMED = re.compile(rf"(?<![\w.\"']){_PATH}")
_FORMS = ("python-text", "typescript-text")
_MOST_TAGS = 5_000


def judge_texts_as_conditions(
    affected: Iterable[Affected], configuration: Locator
) -> Iterator[Finding]:
    """A warning for each text of a sample that stands for `false`, and is taken as true.

    Either a template asks whether the variable is so, or another sample gives true or false.
    """
    for item in affected:
        if item.after is None:
            continue
        samples = item.proposed.samples
        values = {sample.name: dict(_leaves(sample.variables)) for sample in samples}
        texts = {
            path
            for found in values.values()
            for path, value in found.items()
            if isinstance(value, str) and value.lower() in _MEANS_FALSE
        }
        if not texts:
            continue
        asked = _asked(item.after, item.proposed.workflow)
        for path in sorted(texts):
            known = [name for name, of in values.items() if isinstance(of.get(path), bool)]
            if path not in asked and not known:
                continue
            for sample in samples:
                value = values[sample.name].get(path)
                if isinstance(value, str) and value.lower() in _MEANS_FALSE:
                    others = f" ({known[0]!r} has true or false)" if known else ""
                    yield Finding(
                        rule=Rule.TEXT_AS_CONDITION,
                        verdict=Verdict.WARN,
                        text=f"{item.name}: `{path}` of the sample {sample.name!r} is the text "
                        f"`{value}`, which a template takes as true{others}; write `false`",
                        place=_place(item, sample, tuple(path.split(".")), configuration),
                    )


def _leaves(variables: Mapping[str, Any], begins: str = "") -> Iterator[tuple[str, Any]]:
    """Each value that is no mapping, by its dotted path."""
    for name, value in variables.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{begins}{name}.")
        else:
            yield f"{begins}{name}", value


def _asked(side: Side, workflow: Workflow) -> set[str]:
    """The paths that the templates of a workflow only test by themselves: they print none."""
    options = json.loads(workflow.templates) if workflow.templates else {}
    tested: set[str] = set()
    otherwise: set[str] = set()
    for message in side.source.messages:
        template = message.template
        if template.engine in _FORMS:
            _read_form(json.loads(template.text), tested, otherwise)
        elif template.engine is not None:
            _read_tags(template.text, options, tested, otherwise)
    return tested - otherwise


def _read_form(form: Any, tested: set[str], otherwise: set[str], *, is_test: bool = False) -> None:
    """What source code asks for, and what it prints, of a text's form as the parsers tell it."""
    match form:
        case ["hole", {"path": [*path]}]:
            (tested if is_test else otherwise).add(".".join(map(str, path)))
        case ["if", test, *parts]:
            _read_form(test, tested, otherwise, is_test=True)
            _read_form(parts, tested, otherwise)
        case ["not" | "and" | "or", *parts] if is_test:
            for part in parts:
                _read_form(part, tested, otherwise, is_test=True)
        case [*parts]:
            for part in parts:
                _read_form(part, tested, otherwise)


def _read_tags(
    text: str, options: Mapping[str, Any], tested: set[str], otherwise: set[str]
) -> None:
    for number, tag in enumerate(find_tags(text, options)):
        said = text[tag.inner : tag.end].lstrip("{%$-+~ \t\n").rstrip("}%-+~ \t\n")
        if number >= _MOST_TAGS:
            return
        if said.startswith("/"):
            continue
        asked = set(_tested(said))
        tested |= asked
        otherwise |= {path for path in _NAMED.findall(said) if path not in asked}


def _tested(said: str) -> Iterator[str]:
    for form in _ASKS:
        if asks := form.fullmatch(said):
            parts = (_BARE.fullmatch(part) for part in _PARTS.split(asks[1]))
            yield from (part[1] for part in parts if part)


def _place(item: Affected, sample: Sample, key: Key, configuration: Locator) -> Place | None:
    """Where the value stands: in a file of samples, or in the configuration."""
    workflow = item.proposed.workflow
    if any(isinstance(it, Sample) and it.name == sample.name for it in workflow.samples):
        return configuration.place(
            ("workflows", workflow.name, "samples", sample.name, "variables", *key)
        )
    reader = item.after.reader if item.after is not None else None
    file = reader.samples.file_of(sample) if reader is not None else None
    if reader is None or file is None:
        return None
    try:
        locate = Locator(reader.text(file), file=file).place
        found = locate(("variables", *key))
        return found if found.line != locate(("variables",)).line else locate(key)
    except (ConfigurationError, MeasurementError):
        return Place(file=file)
