"""The published schema takes and refuses what the reader takes and refuses."""

import json
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from reviewbot.configuration.reading import configuration_schema
from tests.support.configurations import EXAMPLE, SMALL, read, told

# the published schema


def as_json(text: str) -> Any:
    """The data as an editor sees it; JSON has no dates."""
    return json.loads(json.dumps(yaml.safe_load(text), default=lambda day: day.isoformat()))


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
    (refusal,) = refusals(text)
    assert refusal.startswith(path)
    assert told(text)


def test_the_schema_wants_what_is_required() -> None:
    assert refusals("{}") == [
        "$: 'version' is a required property",
        "$: 'workflows' is a required property",
    ]


def test_the_schemas_texts_name_no_code() -> None:
    assert "scalars." not in json.dumps(configuration_schema())
