"""Samples that give the text `no` where a template asks for true or false."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change

BODY = """\
version: 1
workflows:
  triage:
    prompts: PATH
    model: openai/gpt-4.1
    samples: samples/*.yaml
    traffic: [{calls: 9/day, output_tokens: 9}]
"""
WHAT = "triage: `vip` of the sample 'a' is the text `{}`, which a template takes as true"


def reviewed(
    repository: Repository, template: str, *samples: str, path: str = "p.j2", body: str = BODY
) -> Outcome:
    files = {f"samples/{name}.yaml": text for name, text in zip("abc", samples, strict=False)}
    before = {path: "Be kind.\n", CONFIGURATION: body.replace("PATH", path), **files}
    return change(repository, before, {path: template})


def told(outcome: Outcome) -> list[tuple[str, str]]:
    return [
        (f"{item['place']['file']}:{item['place']['line']}", item["text"])
        for item in outcome.report["findings"]
        if item["rule"] == "text_as_condition"
    ]


@pytest.mark.parametrize("written", ["no", "off", '"false"', "No", "'FALSE'"])
def test_a_text_that_means_false_where_another_sample_has_a_boolean(
    repository: Repository, written: str
) -> None:
    template = "Be kind.\n{% if vip and name %}Call back.{% endif %}\n{{ vip }}\n"
    outcome = reviewed(repository, template, f"name: x\nvip: {written}\n", "name: y\nvip: true\n")
    ((place, text),) = told(outcome)
    assert place == "samples/a.yaml:2"
    assert text == WHAT.format(written.strip("\"'")) + " ('b' has true or false); write `false`"
    assert outcome.report["verdict"] == "warn"


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("p.j2", "{% if vip %}Call back.{% endif %}"),
        ("p.j2", "{% if not vip %}Wait.{% else %}Call back.{% endif %}"),
        ("p.j2", "{% if name %}a{% elif (vip or name) %}Call back.{% endif %}"),
        ("p.j2", "{{ 'Call back.' if vip else '' }}"),
        ("p.hbs", "{{#if vip}}Call back.{{/if}}"),
        ("p.hbs", "{{#unless vip}}Wait.{{/unless}}"),
        ("p.mustache", "{{#vip}}Call back.{{/vip}}"),
        (
            "p.py#f",
            "def f(vip):\n    t = 'Kind.'\n    if vip:\n        t += ' Call.'\n    return t",
        ),
        ("p.ts#P", "export const P = (vip: boolean) => `Be kind.${vip ? 'Call back.' : ''}`;"),
    ],
)
def test_a_template_that_asks(repository: Repository, path: str, template: str) -> None:
    file = path.partition("#")[0]
    samples = {"samples/a.yaml": "name: x\nvip: no\n"}
    before = {CONFIGURATION: BODY.replace("PATH", path), **samples}
    outcome = change(repository, before | {file: "Be kind.\n"}, {file: template + "\n"})
    assert told(outcome) == [("samples/a.yaml:2", WHAT.format("no") + "; write `false`")]


@pytest.mark.parametrize(
    ("template", "sample"),
    [
        ("{% if vip %}It is {{ vip }}.{% endif %}", "vip: no\n"),  # asks whether it is there
        ("{% if vip == 'no' %}Wait.{% endif %}", "vip: no\n"),
        ("{{ vip }}", "vip: no\n"),
        ("{% if vip %}Call back.{% endif %}", "vip: false\n"),
        ("{% if vip %}Call back.{% endif %}", "vip: north\n"),
        ("{% if user.vip %}Call back.{% endif %}", "vip: no\nuser: {vip: true}\n"),
    ],
)
def test_texts_that_are_meant(repository: Repository, template: str, sample: str) -> None:
    assert told(reviewed(repository, template + "\n", sample)) == []


def test_a_value_within_a_mapping_of_a_described_sample(repository: Repository) -> None:
    sample = "name: a\nvariables:\n  user:\n    vip: off\n"
    outcome = reviewed(repository, "{% if user.vip %}Call back.{% endif %}\n", sample)
    ((place, text),) = told(outcome)
    assert place == "samples/a.yaml:4"
    assert "`user.vip` of the sample 'a' is the text `off`" in text


def test_a_sample_in_the_configuration(repository: Repository) -> None:
    body = BODY.replace("samples/*.yaml", "[{name: a, variables: {vip: no}}]")
    outcome = reviewed(repository, "{% if vip %}Call back.{% endif %}\n", body=body)
    assert told(outcome) == [(f"{CONFIGURATION}:6", WHAT.format("no") + "; write `false`")]
