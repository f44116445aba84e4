"""The published schema takes and refuses what the reader takes and refuses."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reviewbot.configuration.reading import configuration_schema
from reviewbot.discovery.configuration_text import configuration_text
from reviewbot.documents import parse_yaml, plain
from reviewbot.errors import ConfigurationError
from tests.configuration.test_configuration_mistakes import MISTAKES
from tests.support.configurations import EXAMPLE, SMALL, read, told
from tests.support.places import ROOT

# the published schema


def as_json(text: str) -> Any:
    """The data as an editor sees it, by YAML 1.2."""
    return plain(parse_yaml(text, file="f.yml"))


def refusals(text: str) -> list[str]:
    found = Draft202012Validator(configuration_schema()).iter_errors(as_json(text))
    return [f"{error.json_path}: {error.message}" for error in found]


def test_the_schema_is_one() -> None:
    schema = configuration_schema()
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert json.loads(json.dumps(schema)) == schema


VALID = {
    "full": EXAMPLE,
    "small": SMALL,
    "defaults": SMALL + "  v: {prompts: [{path: x, format: text}], samples: [a/*.yaml, "
    "{name: s, weight: 2, variables: {a: [1]}}]}\n"
    "defaults: {max_tokens: 9, traffic: [{calls: 1/day, output_tokens: 0}], "
    "envelope: {approvable: true}}\napproval: {approvers: [a], strict: true}\n"
    "coverage: {prompts: ['**/*.txt'], ignore: []}\n",
}


@pytest.mark.parametrize("text", VALID.values(), ids=VALID)
def test_the_schema_takes_what_is_valid(text: str) -> None:
    assert read(text)
    assert refusals(text) == []


@pytest.mark.parametrize("text", VALID.values(), ids=VALID)
def test_the_schema_takes_what_is_valid_but_for_the_version(text: str) -> None:
    assert refusals(text.replace("version: 1\n", "version: '1'\n")) == []


@pytest.mark.parametrize(
    ("added", "path"),
    [
        ("budget: []", "$: "),
        ("    envelop: {}", "$.workflows.w: "),
        ("    envelope: {monthly: {hard: 1}}", "$.workflows.w.envelope: "),
        ("    envelope: {monthly_cost: {hardest: 1}}", "$.workflows.w.envelope.monthly_cost: "),
        ("  v: {}", "$.workflows.v: 'prompts' is a required"),
        ("  v: {prompts: a.txt, traffic: []}", "$.workflows.v.traffic: "),
        ("defaults: {traffic: [{calls: 1/day}]}", "$.defaults.traffic[0]: 'output_tokens' is"),
        ("budgets: [{name: b}]", "$.budgets[0]: 'match' is a required"),
        ("approval: {}", "$.approval: 'approvers' is a required"),
        ("approval: {approvers: []}", "$.approval.approvers: "),
        ("    complexity: extreme", "$.workflows.w.complexity: 'extreme' is not one of"),
        ("    max_tokens: true", "$.workflows.w.max_tokens: "),
        ("tiers: []", "$.tiers: "),
    ],
)
def test_the_schema_refuses_what_is_refused(added: str, path: str) -> None:
    text = SMALL.replace("version: 1", "version: '1'") + f"{added}\n"
    found = refusals(text)
    assert [item for item in found if item.startswith(path)]
    assert len(found) <= ONE_AND_WHAT_IS_LEFT_OUT
    assert told(text)


ONE_AND_WHAT_IS_LEFT_OUT = 2
"""A misspelt limit is unknown, and its mapping then has no limit."""

ACROSS_KEYS = (
    "`soft` is above `hard`",
    "the override has not both of",
    "matches nothing",
    "has no traffic",
    "day is out of range",
    "more than 10^15",
    "'1e3'",
)
"""What a schema cannot tell: mistakes between keys, calendars, digits of texts, spelt numbers."""


@pytest.mark.parametrize(
    ("added", "what"), [(m[0], m[2]) for m in MISTAKES], ids=[m[0] for m in MISTAKES]
)
def test_the_schema_is_as_strict_as_the_tool(added: str, what: str) -> None:
    text = SMALL.replace("version: 1", "version: '1'") + f"{added}\n"
    assert bool(refusals(text)) is not any(words in what for words in ACROSS_KEYS)


AMOUNTS = {
    "calls": ("workflows.w.traffic[0].calls", "    traffic: [{{calls: {}, output_tokens: 1}}]"),
    "tokens": ("workflows.w.max_tokens", "    max_tokens: {}"),
    "usd": ("high_cost", "high_cost: {}"),
    "share": ("growth", "    traffic: [{{calls: 1/day, output_tokens: 1, cache_hit_rate: {}}}]"),
    "growth": ("growth", "    traffic: [{{calls: 1/day, output_tokens: 1, growth: {}}}]"),
    "increase": ("growth", "    envelope: {{increase: {{hard: {}}}}}"),
    "statistic": ("growth", "    envelope: {{input_tokens: {{hard: 1, over: {}}}}}"),
    "days": ("growth", "approval: {{approvers: [a], expires_after: {}}}"),
    "date": ("growth", "prices: {{as_of: {}}}"),
}
"""Where each kind of amount may stand."""


@pytest.mark.parametrize("kind", AMOUNTS)
@given(
    amount=st.text("0123456789_,.$%/ pdaysmonthx-", max_size=12)
    | st.from_regex(r"\A\$?[0-9]{1,4}([_,][0-9]{2,3})?(\.[0-9]{1,2})?( ?%)?(/(day|month|years))?\Z")
    | st.from_regex(
        r"\A(0|1|99|100|101|2026-1[0-3]-[0-3][0-9]|p[0-9]{1,3}|max)( days?|d|%|%/month)?\Z"
    )
)
def test_an_amount_is_right_for_both_or_for_none(kind: str, amount: str) -> None:
    _, line = AMOUNTS[kind]
    small = SMALL.replace("version: 1", "version: '1'")
    if "traffic" in line:
        small = "\n".join(item for item in small.splitlines() if "traffic" not in item) + "\n"
    text = small + line.format(json.dumps(amount)) + "\n"
    assert bool(refusals(text)) == bool(told_or_nothing(text)) or is_no_day(amount)


def told_or_nothing(text: str) -> list[Any]:
    try:
        read(text)
    except ConfigurationError as error:
        return list(error.problems)
    return []


def is_no_day(amount: str) -> bool:
    """A date whose month has no such day: a pattern cannot tell."""
    return re.fullmatch(r"[0-9]{4}-[0-9]{2}-(29|30|31)", amount) is not None


def test_the_schema_is_published_beside_the_documentation() -> None:
    published = json.loads((ROOT / "docs" / "configuration.schema.json").read_text("utf-8"))
    assert published == configuration_schema(), "write it: reviewbot schema configuration"
    assert published["$id"].endswith("/docs/configuration.schema.json")


def test_the_file_that_init_writes_names_the_schema() -> None:
    first, *_ = configuration_text((), {}, ()).splitlines()
    assert first == f"# yaml-language-server: $schema={configuration_schema()['$id']}"


def test_the_schema_wants_what_is_required() -> None:
    assert refusals("{}") == [
        "$: 'version' is a required property",
        "$: 'workflows' is a required property",
    ]


def test_the_schemas_texts_name_no_code() -> None:
    assert "scalars." not in json.dumps(configuration_schema())
