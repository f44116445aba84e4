"""A model that figures hold already is not told as what no figure holds."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, TRAFFIC, Outcome, change, configuration

TEXT = "You are a newspaper writer, and you write long articles about all that happens."
CODE = f"""\
import os

from litellm import completion


def ask(question):
    name = os.getenv("GPT_MODEL", "gpt-4o")
    return completion(
        model=name,
        messages=[{{"content": "{TEXT}", "role": "system"}}],
        temperature=0,
    )
"""


def swapped(repository: Repository, was: str, now: str, model: str = "") -> Outcome:
    setting = f"{{prompts: app.py#ask.messages, traffic: {TRAFFIC}{model}}}"
    files = {CONFIGURATION: configuration({"w": setting}), "app.py": CODE}
    assert was in CODE
    return change(repository, files, {"app.py": CODE.replace(was, now)})


def test_a_cheaper_model_behind_a_variable_needs_no_approval(repository: Repository) -> None:
    outcome = swapped(repository, "gpt-4o", "gpt-4o-mini")
    assert outcome.usd("after") < outcome.usd("before")
    assert outcome.all_findings() == []
    assert outcome.code == 0


def test_a_dearer_one_is_told_by_its_figure_alone(repository: Repository) -> None:
    outcome = swapped(repository, "gpt-4o", "gpt-4-32k")
    assert outcome.usd("after") > outcome.usd("before")
    assert not any("no figure holds" in item["text"] for item in outcome.all_findings())


@pytest.mark.parametrize(
    ("was", "now", "model"),
    [
        ("gpt-4o", "gpt-4o-mini", ", model: gpt-4o"),
        ("GPT_MODEL", "OTHER_MODEL", ""),
        ('os.getenv("GPT_MODEL", "gpt-4o")', "chosen()", ", model: gpt-4o"),
        ('"GPT_MODEL", "gpt-4o"', '"OTHER_MODEL", "gpt-4o-mini"', ""),
    ],
    ids=["the configuration's stays", "another variable", "computed", "both"],
)
def test_what_no_figure_holds_needs_approval(
    repository: Repository, was: str, now: str, model: str
) -> None:
    outcome = swapped(repository, was, now, model)
    assert outcome.code == 1
    assert any(item["verdict"] == "needs-approval" for item in outcome.all_findings())


OTHER = """


def shorten(question, tier="small"):
    name = os.getenv("SMALL_MODEL", "gpt-4o-mini")
    return completion(model=name, messages=[{"content": question, "role": "user"}])
"""
TIERED = CODE.replace("def ask(question):", 'def ask(question, tier="large"):')


def test_of_two_names_in_each_others_place_one_is_held_and_one_is_told(
    repository: Repository,
) -> None:
    setting = f"{{prompts: app.py#ask.messages, traffic: {TRAFFIC}}}"
    code = TIERED + OTHER
    before = {CONFIGURATION: configuration({"w": setting}), "app.py": code}
    now = code.replace('"gpt-4o-mini"', '"X"').replace('"gpt-4o"', '"gpt-4o-mini"')
    outcome = change(repository, before, {"app.py": now.replace('"X"', '"gpt-4o"')})
    assert outcome.usd("after") < outcome.usd("before")
    assert outcome.code == 0
    (found,) = outcome.all_findings()
    assert "gpt-4o now, was gpt-4o-mini" in found["text"]
