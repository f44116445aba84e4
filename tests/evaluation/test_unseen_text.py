"""Text that a change adds and no sample shows: named, and approved above a threshold."""

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

LIMITS = "{increase: {hard: 50%}, monthly_cost: {hard: $3}, approvable: true}"
SAMPLE = "s/typical.yaml"
HIDDEN = f"Only some calls are told this. {tokens(400)}"
PLAIN = "You sort parcels by size and weight.\n{{ message }}\n"


def settings(prompts: str, **more: str) -> str:
    keys = {"approval": "{approvers: [boss]}", **more}
    sampled = workflow(prompts, envelope=LIMITS, samples="s/*.yaml")
    return configuration({"w": sampled}, **keys)


def reviewed(
    repository: Repository,
    path: str,
    before: str,
    after: str,
    *,
    sample: str = "message: {tokens: 90}",
    prompts: str = "",
    **more: str,
) -> Outcome:
    files = {path: before, SAMPLE: sample, CONFIGURATION: settings(prompts or path, **more)}
    return change(repository, files, {path: after})


HIDING = {
    "is defined": f"{PLAIN}{{% if vip is defined %}}\n{HIDDEN}\n{{% endif %}}\n",
    "default": f"{PLAIN}{{% if vip | default(false) %}}\n{HIDDEN}\n{{% endif %}}\n",
    "a length": f"{PLAIN}{{% if message|length > 2000 %}}\n{HIDDEN}\n{{% endif %}}\n",
    "the filler": f"{PLAIN}{{% if message[:9] != 'token tok' %}}\n{HIDDEN}\n{{% endif %}}\n",
    "an elif": f"{PLAIN}{{% if message %}}\n{{% elif 1 %}}\n{HIDDEN}\n{{% endif %}}\n",
    "an else": f"{PLAIN}{{% if message %}}a{{% else %}}{HIDDEN}{{% endif %}}\n",
    "an empty loop": f"{PLAIN}{{% for item in [] %}}\n{HIDDEN}\n{{% endfor %}}\n",
    "a loop's else": f"{PLAIN}{{% for a in [1] %}}a{{% else %}}{HIDDEN}{{% endfor %}}\n",
    "a conditional value": f'{PLAIN}{{{{ "{HIDDEN}" if vip is defined }}}}\n',
    "a default": f"{PLAIN}{{{{ message | default('{HIDDEN}') }}}}\n",
    "an entry of a table": f"{PLAIN}{{{{ {{'t': 'a', 'y': '{HIDDEN}'}}[message[:1]] }}}}\n",
    "a literal that is set": f"{PLAIN}{{% set t = '{HIDDEN}' %}}"
    "{% if vip is defined %}{{ t }}{% endif %}\n",
    "many short literals": PLAIN
    + "{% if vip is defined %}{{ "
    + " ~ ".join(f"'rule {number} holds'" for number in range(60))
    + " }}{% endif %}\n",
    "a literal that is repeated": f"{PLAIN}{{% if vip is defined %}}"
    "{{ 'be very kind ' * 300 }}{% endif %}\n",
    "a macro": f"{PLAIN}{{% macro m() %}}{HIDDEN}{{% endmacro %}}"
    "{% if vip is defined %}{{ m() }}{% endif %}\n",
    "a block that is set": f"{PLAIN}{{% set t %}}{HIDDEN}{{% endset %}}"
    "{% if vip is defined %}{{ t }}{% endif %}\n",
    "many short lines": PLAIN
    + "{% if vip is defined %}\n"
    + "".join(f"Rule {number} holds.\n" for number in range(60))
    + "{% endif %}\n",
    "text that a value holds too": f"{PLAIN}{{% if vip is defined %}}{tokens(80)}{{% endif %}}\n",
    "copies of a line that is shown": PLAIN
    + "{% if vip is defined %}\n"
    + "You sort parcels by size and weight.\n" * 60
    + "{% endif %}\n",
}


@pytest.mark.parametrize("after", HIDING.values(), ids=HIDING)
def test_a_branch_that_no_sample_takes_needs_approval(repository: Repository, after: str) -> None:
    outcome = reviewed(repository, "p.j2", PLAIN, after)
    assert stopped(outcome)
    assert outcome.rules()["unseen"] == "needs-approval"


OF_OTHER_ENGINES = {
    "p.mustache": ("{{#vip}}", "{{/vip}}", "vip: false\nmessage: x"),
    "q.mustache": ("{{^message}}", "{{/message}}", "message: x"),
    "p.hbs": ("{{#if vip}}", "{{/if}}", "vip: false\nmessage: x"),
    "q.hbs": ("{{#unless message}}", "{{/unless}}", "message: x"),
    "r.hbs": ("{{#each items}}", "{{/each}}", "items: []\nmessage: x"),
    "s.hbs": ("{{#if message}}{{else}}", "{{/if}}", "message: x"),
    "p.prompt": ("{{#if vip}}", "{{/if}}", "vip: false\nmessage: x"),
    "p.prompty": ("{% if vip %}", "{% endif %}", "vip: false\nmessage: x"),
}


@pytest.mark.parametrize("path", OF_OTHER_ENGINES)
def test_so_does_one_of_any_other_engine(repository: Repository, path: str) -> None:
    begin, end, sample = OF_OTHER_ENGINES[path]
    head = {
        "p.prompt": '---\nmodel: openai/gpt-4o\n---\n{{role "system"}}\n',
        "p.prompty": "---\nname: p\nmodel:\n  api: chat\n---\nsystem:\n",
    }.get(path, "")
    before = f"{head}{PLAIN}"
    after = f"{before}{begin}\n{HIDDEN}\n{end}\n"
    outcome = reviewed(repository, path, before, after, sample=sample)
    assert stopped(outcome)
    assert outcome.rules()["unseen"] == "needs-approval"


OF_SOURCE = {
    "p.py": "def build(vip, message):\n    text = f'You sort {message}. '\n{}    return text\n",
    "p.ts": "export function build(vip, message) {\n  let text = `You sort ${message}. `;\n{}"
    "  return text;\n}\n",
}
ADDED = {
    "p.py": f"    if vip:\n        text += '{HIDDEN}'\n",
    "p.ts": f"  if (vip) {{ text += '{HIDDEN}'; }}\n",
}


@pytest.mark.parametrize("path", OF_SOURCE)
def test_and_text_that_source_code_adds_in_a_condition(repository: Repository, path: str) -> None:
    before, after = (OF_SOURCE[path].replace("{}", added) for added in ("", ADDED[path]))
    sample = "vip: false\nmessage: x"
    named = f'"{path}#build"'
    outcome = reviewed(repository, path, before, after, sample=sample, prompts=named)
    assert stopped(outcome)
    assert outcome.rules()["unseen"] == "needs-approval"


def test_and_one_of_an_included_file(repository: Repository) -> None:
    files = {
        "p.j2": PLAIN + "{% include 'part.j2' %}",
        "part.j2": "Be kind.\n",
        SAMPLE: "message: x",
        CONFIGURATION: settings("p.j2"),
    }
    grown = "Be kind.\n{% if vip is defined %}\n" + HIDDEN + "\n{% endif %}\n"
    outcome = change(repository, files, {"part.j2": grown})
    assert stopped(outcome)
    (found,) = outcome.workflow()["findings"]
    assert (found["place"]["file"], found["place"]["line"]) == ("part.j2", 3)


def test_text_that_was_shown_and_now_hides_needs_approval_too(repository: Repository) -> None:
    before = f"{PLAIN}{HIDDEN}\n"
    after = f"{PLAIN}{{% if vip is defined %}}{HIDDEN}{{% endif %}}\n"
    outcome = reviewed(repository, "p.j2", before, after)
    assert outcome.workflow()["change_usd_per_month"].startswith("-")
    assert stopped(outcome)


def test_the_finding_names_the_lines_and_their_tokens(repository: Repository) -> None:
    after = f"{PLAIN}{{% if vip is defined %}}\n{tokens(300)}\n{tokens(100)}\n{{% endif %}}\n"
    outcome = reviewed(repository, "p.j2", PLAIN, after)
    (found,) = outcome.workflow()["findings"]
    assert (found["place"]["file"], found["place"]["line"]) == ("p.j2", 4)
    assert "401 tokens to line 5 that no sample shows" in found["text"]


SHOWN = {
    "a branch that the sample takes": "{% if message %}\n" + HIDDEN + "\n{% endif %}\n",
    "a comment": "{# " + HIDDEN + " #}\n",
    "a loop that runs": "{% for item in [1] %}" + HIDDEN + "{% endfor %}\n",
    "a macro that is called": "{% macro m() %}" + HIDDEN + "{% endmacro %}{{ m() }}\n",
    "text that a filter changes": "{% filter upper %}" + HIDDEN + "{% endfilter %}\n",
    "text that blanks are taken from": "{%- if message -%}\n " + HIDDEN + "\n{%- endif -%}\n",
    "a raw block": "{% raw %}" + HIDDEN + " {{ x }}{% endraw %}\n",
}


@pytest.mark.parametrize("added", SHOWN.values(), ids=SHOWN)
def test_what_a_sample_shows_is_measured_and_no_finding(repository: Repository, added: str) -> None:
    files = {
        "p.j2": PLAIN,
        SAMPLE: "message: x",
        CONFIGURATION: configuration({"w": workflow("p.j2", samples="s/*.yaml")}),
    }
    outcome = change(repository, files, {"p.j2": PLAIN + added})
    assert "unseen" not in outcome.rules()


def test_both_arms_may_be_shown_by_two_samples(repository: Repository) -> None:
    files = {
        "p.j2": PLAIN,
        SAMPLE: "{message: x, vip: true}",
        "s/other.yaml": "{message: x, vip: false}",
        CONFIGURATION: settings("p.j2"),
    }
    after = PLAIN + "{% if vip %}\nFirst arm.\n{% else %}\nSecond arm.\n{% endif %}\n"
    assert change(repository, files, {"p.j2": after}).rules() == {}


def test_what_was_unseen_before_is_not_told_again(repository: Repository) -> None:
    before = f"{PLAIN}{{% if vip is defined %}}\n{HIDDEN}\n{{% endif %}}\n"
    outcome = reviewed(repository, "p.j2", before, f"Now. {before}")
    assert "unseen" not in outcome.rules()


@pytest.mark.parametrize(("allowed", "verdict"), [("3", "needs-approval"), ("30", "warn")])
def test_the_threshold_is_configured(repository: Repository, allowed: str, verdict: str) -> None:
    after = f"{PLAIN}{{% if vip is defined %}}{tokens(20)}{{% endif %}}\n"
    coverage = f"{{unseen_tokens: {allowed}}}"
    outcome = reviewed(repository, "p.j2", PLAIN, after, coverage=coverage)
    assert outcome.rules() == {"unseen": verdict}


def test_a_higher_threshold_weakens_the_gate(repository: Repository) -> None:
    loose = settings("p.j2", coverage="{unseen_tokens: 5_000}")
    files = {"p.j2": PLAIN, SAMPLE: "message: x", CONFIGURATION: settings("p.j2")}
    outcome = change(repository, files, {CONFIGURATION: loose})
    assert stopped(outcome)
    (found,) = outcome.report["findings"]
    assert "`coverage.unseen_tokens` is raised from 50 to 5,000" in found["text"]


def test_an_approval_does_not_outlive_text_that_is_hidden_later(repository: Repository) -> None:
    grown = PLAIN + tokens(60)
    outcome = reviewed(repository, "p.j2", PLAIN, grown, approval="{approvers: [boss]}")
    repository.commit({"p.j2": f"{grown}{{% if vip is defined %}}{HIDDEN}{{% endif %}}"})
    later = review(repository)
    assert outcome.workflow()["evidence"] != later.workflow()["evidence"]


def test_marks_in_the_prompt_hide_nothing(repository: Repository) -> None:
    after = f"{PLAIN}\U000f0000\U000f0001{{% if vip is defined %}}{HIDDEN}{{% endif %}}\n"
    assert stopped(reviewed(repository, "p.j2", PLAIN, after))


def test_a_template_that_looks_for_marks_hides_nothing(repository: Repository) -> None:
    """Where marks change what comes out, text counts as seen only if it stands in a rendering."""
    after = (
        PLAIN
        + "{% set t %}You are kind.{% endset %}"
        + f"{{% if t|length == 13 %}}x{{% else %}}{HIDDEN}{{% endif %}}\n"
    )
    assert stopped(reviewed(repository, "p.j2", PLAIN, after))


@pytest.mark.parametrize(
    "added", ["{% if x %}a{% endif %}", "Hello {{ name }}", "{{#if x}}a{{/if}}"]
)
def test_tags_that_a_text_gains_are_pointed_out(repository: Repository, added: str) -> None:
    files = {"p.txt": "Be kind.\n", CONFIGURATION: configuration({"w": workflow("p.txt")})}
    outcome = change(repository, files, {"p.txt": f"Be kind.\n{added}\n"})
    assert outcome.rules() == {"tags_as_text": "warn"}


@pytest.mark.parametrize("added", ["Answer in {braces}.", "100 % sure", "a { b }"])
def test_other_signs_are_text(repository: Repository, added: str) -> None:
    files = {"p.txt": "Be kind.\n", CONFIGURATION: configuration({"w": workflow("p.txt")})}
    assert change(repository, files, {"p.txt": f"Be kind.\n{added}\n"}).rules() == {}


def test_a_copy_of_text_that_is_shown_does_not_count_as_seen(repository: Repository) -> None:
    lines = "\n".join(f"Rule {number} says that parcels wait." for number in range(100))
    # the length of the text decides what is printed, so a mark in it changes the rendering
    probe = "{% set intro %}Be kind.{% endset %}{{ intro }}{{ intro|length }}\n"
    before = f"{probe}{lines}\n{{{{ message }}}}\n"
    after = f"{before}{{% if vip is defined %}}\n{lines}\n{{% endif %}}\n"
    sampled = workflow("p.j2", samples="[{name: s, variables: {message: x}}]")
    outcome = change(
        repository,
        {
            "p.j2": before,
            CONFIGURATION: configuration({"w": sampled}, approval="{approvers: [boss]}"),
        },
        {"p.j2": after},
    )
    assert outcome.rules()["unseen"] == "needs-approval"


def test_unseen_text_that_is_too_long_to_count_stops_its_own_workflow_only(
    repository: Repository,
) -> None:
    sampled = "[{name: s, variables: {message: x}}]"
    model = "anthropic/claude-opus-4-5"
    hidden = workflow("p.j2", model=model, samples=sampled)
    both = configuration({"w": hidden, "other": workflow("b.txt")}, approval="{approvers: [boss]}")
    long = "{% if vip is defined %}" + "a word " * 50_000 + "{% endif %}"
    outcome = change(
        repository,
        {"p.j2": "{{ message }}\n", "b.txt": tokens(10), CONFIGURATION: both},
        {"p.j2": f"{{{{ message }}}}\n{long}\n", "b.txt": tokens(12)},
    )
    assert outcome.code == 1, outcome.errors
    assert outcome.rules()["unseen"] == "needs-approval"
    assert outcome.workflow("other")["verdict"] == "pass"
