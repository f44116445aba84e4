"""Values that a change supplies for its own variables, and samples that show less than before."""

import pytest

from tests.support.gating import stopped
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    Outcome,
    change,
    configuration,
    review,
    tokens,
    workflow,
)

LIMITS = "{increase: {hard: 50%}, input_tokens: {hard: 1000}}"
SAMPLE = "s/typical.yaml"
PLAIN = f"{tokens(100)}\n{{{{ message }}}}\n"


def reviewed(
    repository: Repository, before: str, after: str, samples: tuple[str, str], path: str = "p.j2"
) -> Outcome:
    prompts = path if path.endswith(".j2") else f"{path}#X"
    sampled = workflow(prompts, envelope=LIMITS, samples="s/*.yaml")
    files = {
        path: before,
        SAMPLE: samples[0],
        CONFIGURATION: configuration({"w": sampled}, approval="{approvers: [boss]}"),
    }
    return change(repository, files, {path: after, SAMPLE: samples[1]})


DECIDING = {
    "a flag": (
        PLAIN,
        PLAIN + "{% if vip %}" + tokens(2000) + "{% endif %}",
        ("message: {tokens: 20}", "{message: {tokens: 20}, vip: false}"),
    ),
    "a flag that is null": (
        PLAIN,
        PLAIN + "{% if vip %}" + tokens(2000) + "{% endif %}",
        ("message: x", "{message: x, vip: null}"),
    ),
    "a renamed variable": (
        PLAIN,
        PLAIN.replace("message", "text") + "{{ text }}",
        ("message: {tokens: 700}", "{message: {tokens: 700}, text: x}"),
    ),
    "text that became a variable": (
        f"{PLAIN}{tokens(850)} rules\n",
        f"{PLAIN}{{{{ rules }}}}{{{{ rules }}}}\n",
        ("message: x", "{message: x, rules: short}"),
    ),
    "a list that is empty": (
        PLAIN,
        PLAIN + "{% for row in rows %}{{ row }}" + tokens(50) + "{% endfor %}",
        ("{message: x, old: [" + "a, " * 40 + "a]}", "{message: x, rows: []}"),
    ),
}


@pytest.mark.parametrize("name", DECIDING)
def test_a_value_that_decides_a_limit_needs_approval(repository: Repository, name: str) -> None:
    outcome = reviewed(repository, *DECIDING[name])
    assert stopped(outcome)
    assert outcome.rules()["supplied"] == "needs-approval"


def test_a_python_text_that_moves_to_another_module_needs_approval(repository: Repository) -> None:
    before = f"RULES = '''{tokens(900)}'''\nX = f'''Be kind. {{RULES}}'''\n"
    after = "from rules import RULES\nX = f'''Be kind. {RULES} {RULES}'''\n"
    samples = ("message: x", "{message: x, RULES: y}")
    outcome = reviewed(repository, before, after, samples, path="p.py")
    assert stopped(outcome)
    assert outcome.rules()["supplied"] == "needs-approval"


def test_the_finding_says_what_the_largest_value_gives(repository: Repository) -> None:
    outcome = reviewed(repository, *DECIDING["a renamed variable"])
    (found,) = [it for it in outcome.workflow()["findings"] if it["rule"] == "supplied"]
    assert found["text"].startswith("`text`: this change supplies the value itself.")
    assert "breaks `input_tokens`" in found["text"]


def test_a_value_that_decides_nothing_is_shown_only(repository: Repository) -> None:
    samples = ("message: {tokens: 40}", "{message: {tokens: 40}, tone: x}")
    outcome = reviewed(repository, PLAIN, PLAIN + "{{ tone }}", samples)
    assert (outcome.code, outcome.rules()) == (0, {})
    (note,) = [it for it in outcome.workflow()["after"]["notes"] if "supplies" in it]
    assert note.startswith("this change supplies the value of `tone` itself; with the largest")


SAVING = {
    "a renamed variable": (
        PLAIN,
        PLAIN.replace("message", "text"),
        ("message: {tokens: 700}", "text: {tokens: 90}"),
    ),
    "a renamed variable, and less text": (
        f"{PLAIN}{tokens(100)} rules\n",
        PLAIN.replace("message", "text"),
        ("message: {tokens: 700}", "{message: {tokens: 700}, text: short}"),
    ),
    "a renamed list": (
        PLAIN + "{% for row in rows %}" + tokens(50) + "{% endfor %}",
        PLAIN + "{% for row in lines %}" + tokens(50) + "{% endfor %}",
        ("{message: x, rows: [a, b, c, d, e, f]}", "{message: x, lines: [a]}"),
    ),
}


@pytest.mark.parametrize("name", SAVING)
def test_a_saving_by_a_value_that_the_change_supplies_needs_approval(
    repository: Repository, name: str
) -> None:
    outcome = reviewed(repository, *SAVING[name])
    assert stopped(outcome)
    (found,) = [item for item in outcome.workflow()["findings"] if item["rule"] == "supplied"]
    assert found["verdict"] == "needs-approval"
    assert "tokens of the saving come from it" in found["text"]


def test_a_saving_of_text_beside_a_new_value_needs_no_approval(repository: Repository) -> None:
    samples = ("message: {tokens: 200}", "{message: {tokens: 200}, tone: x}")
    long = f"{PLAIN}{tokens(250)} rules\n"
    outcome = reviewed(repository, long, f"{PLAIN}{{{{ tone }}}}\n", samples)
    assert (outcome.code, outcome.rules()) == (0, {})


SHRINKING = {
    "a flag switched off": ("{message: x, vip: true}", "{message: longer text, vip: false}"),
    "a list emptied": ("{message: x, rows: [1]}", "{message: longer text, rows: []}"),
    "a text emptied": ("{message: x, note: y}", "{message: longer text, note: ''}"),
}


@pytest.mark.parametrize("name", SHRINKING)
def test_samples_that_show_less_are_a_weakening(repository: Repository, name: str) -> None:
    prompt = (
        PLAIN
        + "{% if vip is defined and vip %}v{% endif %}"
        + "{% for row in rows | default([]) %}r{% endfor %}"
        + "{% if note is defined and note %}n{% endif %}"
    )
    outcome = reviewed(repository, prompt, prompt, SHRINKING[name])
    assert stopped(outcome)
    (found,) = outcome.workflow()["findings"]
    assert found["rule"] == "loosened"
    assert "that the base's samples show, and the change's own do not" in found["text"]


def test_samples_that_show_more_are_none(repository: Repository) -> None:
    prompt = PLAIN + "{% if vip %}v{% endif %}"
    samples = ("{message: x, vip: false}", "{message: x, vip: true}")
    assert reviewed(repository, prompt, prompt, samples).rules() == {}


def test_a_largest_value_that_cannot_be_measured_is_no_proof(repository: Repository) -> None:
    after = (
        PLAIN
        + "{% if mode == 'fast' %}brief{% else %}"
        + "{{ {'slow': 1}[mode].missing.more }}"
        + tokens(2000)
        + "{% endif %}"
    )
    samples = ("message: {tokens: 20}", "{message: {tokens: 20}, mode: fast}")
    outcome = reviewed(repository, PLAIN, after, samples)
    assert outcome.rules()["supplied"] == "needs-approval"
    (found,) = [item for item in outcome.workflow()["findings"] if item["rule"] == "supplied"]
    assert "`mode`" in found["text"]
    assert "cannot be measured" in found["text"]


NESTED = (
    "user: {name: Ann}\nrows: [{id: 1}]",
    "user: {name: Ann, tone: x}\nrows: [{id: 1, of: y}]",
)


def test_keys_that_the_change_adds_to_mappings_are_its_own(repository: Repository) -> None:
    after = PLAIN + "{{ user.tone }}{% for row in rows %}{{ row.of }}{% endfor %}"
    samples = tuple(f"message: {{tokens: 40}}\n{text}" for text in NESTED)
    outcome = reviewed(repository, PLAIN, after, (samples[0], samples[1]))
    assert (outcome.code, outcome.rules()) == (0, {})
    (note,) = [it for it in outcome.workflow()["after"]["notes"] if "supplies" in it]
    assert "`rows.of`, `user.tone`" in note


def test_a_key_of_a_mapping_that_decides_a_limit_needs_approval(repository: Repository) -> None:
    before, after = PLAIN + "{{ user.name }}", PLAIN + "{{ user.text }}{{ user.text }}"
    samples = ("message: x\nuser: {name: {tokens: 700}}", "message: x\nuser: {text: x}")
    outcome = reviewed(repository, before, after, samples)
    assert stopped(outcome)
    assert outcome.rules()["supplied"] == "needs-approval"


def test_a_text_that_becomes_a_mapping_is_to_have_a_name_of_its_own(repository: Repository) -> None:
    samples = ("message: x\nuser: Ann", "message: x\nuser: {name: Ann}")
    outcome = reviewed(repository, PLAIN + "{{ user }}", PLAIN + "{{ user.name }}", samples)
    (problem,) = outcome.workflow()["problems"]
    assert "a text in the base branch's sample 'typical' (s/typical.yaml)" in problem["what"]
    assert "give the new value a name of its own" in problem["mend"]
    repository.commit(
        {"p.j2": PLAIN + "{{ user_data.name }}", SAMPLE: f"{samples[0]}\nuser_data: {{name: Ann}}"}
    )
    assert review(repository).code == 0
