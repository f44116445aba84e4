"""A model or a cap that changes beside prompts of workflows is theirs where no call is known."""

from typing import Any

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, TRAFFIC, change, configuration, workflow

TEXT = "You are a newspaper writer, and you write long articles about all that happens."
CODE = f"""\
class Bot:
    def __init__(self):
        self.llm = made_of("gpt-4o", max_tokens=1000)


def write(question):
    prompt = "{TEXT} Write."
    queue.put(prompt)
    return started(model="gpt-4o", max_tokens=1000)


def edit(question):
    prompt = "{TEXT} Edit."
    return send(prompt)


def own(question):
    return create(model="gpt-4o", messages=[{{"role": "user", "content": "{TEXT} Own."}}])
"""
STARTED = 'started(model="gpt-4o", max_tokens=1000)'
MADE = 'made_of("gpt-4o", max_tokens=1000)'

CHANGES = {
    "the model in the prompt's function": (STARTED, "gpt-4o", "gpt-4-32k", ["write"]),
    "the cap in the prompt's function": (STARTED, "1000", "4000", ["write"]),
    "the cap of what the file's class makes": (MADE, "1000", "4000", ["edit", "write"]),
}


def findings(repository: Repository, before: str, after: str, **more: Any) -> list[dict[str, str]]:
    workflows = {
        name: workflow(f"app.py#{name}.prompt", model="gpt-4o", **more)
        for name in ("write", "edit")
    }
    files = {CONFIGURATION: configuration(workflows), "app.py": before}
    found: list[dict[str, str]] = change(repository, files, {"app.py": after}).report["findings"]
    return found


@pytest.mark.parametrize("case", CHANGES)
def test_what_may_send_a_prompt_needs_approval(repository: Repository, case: str) -> None:
    statement, was, now, names = CHANGES[case]
    after = CODE.replace(statement, statement.replace(was, now))
    (finding,) = findings(repository, CODE, after)
    assert finding["verdict"] == "needs-approval"
    assert f"beside prompts of {', '.join(names)}, of which no call is known" in finding["text"]
    assert now in finding["text"]


def test_a_call_with_a_text_of_its_own_is_no_other_prompts(repository: Repository) -> None:
    after = CODE.replace('create(model="gpt-4o"', 'create(model="gpt-4-32k"')
    (finding,) = findings(repository, CODE, after)
    assert "no workflow covers it" in finding["text"]


def test_a_new_cap_is_told_with_the_workflow(repository: Repository) -> None:
    before = CODE.replace(STARTED, 'started(model="gpt-4o")')
    (finding,) = findings(repository, before, CODE)
    assert finding["verdict"] == "warn"
    assert "the call of write caps answers at 1,000 tokens now, there was no cap" in finding["text"]


def test_a_new_cap_above_that_of_the_workflow_needs_approval(repository: Repository) -> None:
    before = CODE.replace(STARTED, 'started(model="gpt-4o")')
    (finding,) = findings(repository, before, CODE, max_tokens=500)
    assert finding["verdict"] == "needs-approval"


def test_a_cap_of_a_workflows_own_call_has_its_name(repository: Repository) -> None:
    before = CODE.replace(STARTED, 'ChatOpenAI(model="gpt-4o", max_tokens=1000).invoke(prompt)')
    (finding,) = findings(
        repository, before, before.replace("tokens=1000).invoke", "tokens=4000).invoke")
    )
    assert "the call of write caps answers at 4,000 tokens now, was 1,000" in finding["text"]
    assert finding["verdict"] == "warn"


DEARER = CODE.replace(STARTED, STARTED.replace("gpt-4o", "gpt-4-32k"))


def changed(repository: Repository, was: str, now: str) -> list[dict[str, str]]:
    """The findings where the call near a prompt gets dearer, and its workflow's settings change."""
    before, after = (
        configuration(
            {"write": f"{{prompts: app.py#write.prompt, traffic: {TRAFFIC}, {settings}}}"}
        )
        for settings in (was, now)
    )
    return change(
        repository,
        {CONFIGURATION: before, "app.py": CODE},
        {CONFIGURATION: after, "app.py": DEARER},
    ).all_findings()


@pytest.mark.parametrize("was", ["gpt-4-32k", "gpt-4o"])
def test_a_model_that_its_workflow_has_is_told_as_priced(repository: Repository, was: str) -> None:
    (finding,) = changed(repository, f"model: {was}", "model: gpt-4-32k")
    assert finding["verdict"] == "warn"
    assert "the call's model is gpt-4-32k now, was gpt-4o; write is priced so" in finding["text"]


@pytest.mark.parametrize("guess", ["gpt-4", "gpt-4.1"])
def test_a_guess_of_another_model_holds_no_change_of_the_call(
    repository: Repository, guess: str
) -> None:
    found = changed(repository, f"model: {guess}, assumed: [model]", "model: gpt-4-32k")
    (finding,) = [item for item in found if "beside prompts of write" in item["text"]]
    assert finding["verdict"] == "needs-approval"


def test_one_of_several_workflows_that_is_priced_so_does_not_settle_it(
    repository: Repository,
) -> None:
    code = CODE.replace("    return started", f'    other = "{TEXT} Other."\n    return started')
    workflows = {
        "one": workflow("app.py#write.prompt", model="gpt-4-32k"),
        "two": workflow("app.py#write.other", model="gpt-4o"),
    }
    after = code.replace(STARTED, STARTED.replace("gpt-4o", "gpt-4-32k"))
    files = {CONFIGURATION: configuration(workflows), "app.py": code}
    found = change(repository, files, {"app.py": after}).report["findings"]
    assert [item["verdict"] for item in found] == ["needs-approval"]
