"""A reason that many workflows have in common is said once, and a place only of whom it concerns."""

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, tokens, workflow

NAMES = ("one", "two", "three")
FILES = {f"prompts/{name}.txt": tokens(40) for name in NAMES}


def settings(hard: str) -> str:
    flows = {name: workflow(f"prompts/{name}.txt") for name in NAMES}
    return configuration(flows, defaults=f"{{envelope: {{increase: {{hard: {hard}}}}}}}")


def test_a_limit_that_defaults_raise_is_one_reason(repository: Repository) -> None:
    before = {CONFIGURATION: settings("20%"), **FILES}
    outcome = change(repository, before, {CONFIGURATION: settings("80%")}, form="terminal")
    assert outcome.code == 1
    said = " ".join(outcome.out.split())
    assert said.count("is raised from 20% to 80%") == 2, "the finding, and the verdict"
    assert "`defaults.envelope.increase.hard` is raised from 20% to 80%" in said
    assert "more reasons" not in said


def test_a_limit_that_one_workflow_raises_is_its_own(repository: Repository) -> None:
    before = {CONFIGURATION: settings("20%"), **FILES}
    raised = settings("80%").replace("one.txt", "one.txt, envelope: {increase: {hard: 90%}}")
    outcome = change(repository, before, {CONFIGURATION: raised}, form="markdown")
    assert "workflows.one.envelope.increase.hard" in outcome.out
    assert "workflows.two" not in outcome.out


def test_a_changed_place_names_whom_it_costs(repository: Repository) -> None:
    source = 'ONE = """You are a kind assistant of a shop."""\n'
    source += 'TWO = """Sort the mail into one of three boxes."""\n'
    flows = {name: workflow(f"app.py#{name.upper()}") for name in ("one", "two")}
    before = {CONFIGURATION: configuration(flows), "app.py": source}
    longer = source.replace("of a shop.", "of a shop. Answer in three sentences at most.")
    outcome = change(repository, before, {"app.py": longer}, form="markdown")
    assert "app.py:1: **+" in outcome.out
    assert "in one, two" not in outcome.out
