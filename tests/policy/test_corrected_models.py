"""A guessed model is corrected upward without approval, and nothing grows under the pretext."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, review, tokens

CALLS = "[{calls: 1_000/month, output_tokens: 300}]"
GUESSED, DEAR, OTHER = "openai/gpt-4.1", "openai/gpt-4o", "openai/gpt-4.1-nano"
TEXT = f"You sort mail. {tokens(200)}"


def configured(
    workflow: str = "", *, model: str = GUESSED, assumed: str = "[model, traffic]", limits: str = ""
) -> str:
    own = f", {workflow}" if workflow else ""
    lines = [
        *("version: 1", "prices: {as_of: 2026-11-01}", "approval: {approvers: [kim]}", "defaults:"),
        *(f"  model: {model}", f"  traffic: {CALLS}", f"  assumed: {assumed}"),
        f"  envelope: {{increase: {{hard: 10%}}{limits}}}",
        f"workflows:\n  sort: {{prompts: [prompts/sort.txt]{own}}}",
    ]
    return "\n".join(lines) + "\n"


def changed(
    repository: Repository, before: str, after: str, text: str = TEXT, *, now: str | None = None
) -> Outcome:
    repository.commit({CONFIGURATION: before, "prompts/sort.txt": text})
    repository.commit({CONFIGURATION: after, "prompts/sort.txt": text if now is None else now})
    return review(repository, "--base", "HEAD~1")


@pytest.mark.parametrize(
    "after",
    [
        configured(f"model: {DEAR}"),
        configured(f"model: {DEAR}", assumed="[traffic]"),
        configured(model=DEAR),
        configured(model=DEAR, assumed="[traffic]"),
    ],
    ids=["its own", "its own, no guess any more", "the default", "the default, no guess any more"],
)
def test_a_dearer_model_corrects_a_guess(repository: Repository, after: str) -> None:
    outcome = changed(repository, configured(), after)
    assert outcome.code == 0, outcome.out
    assert outcome.workflow("sort")["findings"] == []
    assert "increase" not in outcome.rules("sort")
    assert outcome.workflow("sort")["ways_back"] == []
    assert any("no change of what you pay" in note for note in outcome.report["notes"])
    assert outcome.usd("after", "sort") > outcome.usd("before", "sort")


def test_a_guess_of_one_workflow_is_corrected(repository: Repository) -> None:
    before = configured(f"model: {GUESSED}, assumed: [model]", assumed="[traffic]")
    assert changed(repository, before, configured(f"model: {DEAR}", assumed="[traffic]")).code == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (configured(assumed="[traffic]"), configured(f"model: {DEAR}", assumed="[traffic]")),
        (configured(assumed="[traffic]"), configured(f"model: {DEAR}")),
        (configured(f"model: {GUESSED}"), configured(f"model: {DEAR}")),
        (configured(f"model: {GUESSED}"), configured(f"model: {DEAR}, assumed: [model]")),
    ],
    ids=["no guess", "a guess since the change", "its own is none", "its own is one since"],
)
def test_what_the_base_does_not_guess_is_growth(
    repository: Repository, before: str, after: str
) -> None:
    outcome = changed(repository, before, after)
    assert outcome.code == 1, outcome.out
    assert outcome.rules("sort")["increase"] == "fail"


@pytest.mark.parametrize("model", [DEAR, OTHER])
def test_text_beside_a_correction_is_judged_with_the_new_model(
    repository: Repository, model: str
) -> None:
    longer = f"{TEXT} {tokens(400)}"
    outcome = changed(repository, configured(), configured(f"model: {model}"), now=longer)
    assert outcome.code == 1, outcome.out
    found = [it for it in outcome.workflow("sort")["findings"] if it["rule"] == "increase"]
    assert "fail" in {item["verdict"] for item in found}


def test_text_that_is_within_the_limit_passes_beside_a_correction(repository: Repository) -> None:
    longer = f"{TEXT} {tokens(40)}"
    assert changed(repository, configured(), configured(f"model: {DEAR}"), now=longer).code == 0


@pytest.mark.parametrize(("hard", "code"), [("$1", 0), ("$3", 0), ("$9", 0)])
def test_a_limit_of_the_month_that_only_the_new_model_breaks_is_told(
    repository: Repository, hard: str, code: int
) -> None:
    limits = f", monthly_cost: {{hard: {hard}}}"
    outcome = changed(
        repository, configured(limits=limits), configured(f"model: {DEAR}", limits=limits)
    )
    assert outcome.code == code, outcome.out
    assert outcome.rules("sort").get("monthly_cost", "") == ("" if hard == "$9" else "warn")


def test_a_limit_of_the_month_that_text_breaks_still_fails(repository: Repository) -> None:
    limits = ", monthly_cost: {hard: $3}"
    before, after = (configured(own, limits=limits) for own in ("", f"model: {DEAR}"))
    outcome = changed(repository, before, after, now=f"{TEXT} {tokens(900)}")
    assert outcome.code == 1, outcome.out
    assert outcome.rules("sort")["monthly_cost"] == "fail"


CODE = (
    "SORT = create(model='openai/gpt-4.1', messages=[{'role': 'system', 'content': '''TEXT'''}])\n"
)


def test_a_model_that_code_changes_is_no_correction(repository: Repository) -> None:
    before, after = (
        configured(own).replace("prompts/sort.txt", "app/sort.py#SORT.messages")
        for own in ("", f"model: {DEAR}")
    )
    source = CODE.replace("TEXT", TEXT)
    repository.commit({CONFIGURATION: before, "app/sort.py": source})
    dearer = source.replace(GUESSED, DEAR)
    repository.commit({CONFIGURATION: after, "app/sort.py": dearer})
    outcome = review(repository, "--base", "HEAD~1")
    assert outcome.code == 1, outcome.out


QUEUED = f'def sort(queue):\n    prompt = """{TEXT}"""\n    queue.put(prompt)\n    MORE\n'
CLIENT = 'MODEL = "gpt-4.1"\n\n\ndef send(messages):\n    return create(model=MODEL)\n'
CALLED = {
    "in its function": ("app/sort.py", QUEUED.replace("MORE", 'start(model="gpt-4.1")')),
    "in its file": ("app/sort.py", f'{QUEUED.replace("MORE", "pass")}\n\nMODEL = "gpt-4.1"\n'),
    "in another file": ("app/client.py", CLIENT),
    "in settings": ("config/app.yaml", "model: gpt-4.1\nretries: 3\n"),
    "in the environment": (".env", "OPENAI_MODEL=gpt-4.1\n"),
}


def beside(
    repository: Repository, files: dict[str, str | None], after: dict[str, str | None]
) -> Outcome:
    """The review of a change of these files that corrects the guessed model as well."""
    was, now = (
        configured(own).replace("prompts/sort.txt", "app/sort.py#sort.prompt")
        for own in ("", f"model: {DEAR}")
    )
    source = QUEUED.replace("MORE", "return None")
    repository.commit({CONFIGURATION: was, "app/sort.py": source, **files})
    repository.commit({CONFIGURATION: now, **after})
    return review(repository, "--base", "HEAD~1")


def assert_growth(outcome: Outcome) -> None:
    assert outcome.code == 1, outcome.out
    assert outcome.rules("sort")["increase"] == "fail"
    assert not any("no change of what you pay" in note for note in outcome.report["notes"])


@pytest.mark.parametrize("case", CALLED)
def test_a_model_that_changes_in_code_too_is_no_correction(
    repository: Repository, case: str
) -> None:
    path, text = CALLED[case]
    assert_growth(beside(repository, {path: text}, {path: text.replace("gpt-4.1", "gpt-4o")}))


def test_a_model_in_a_file_of_another_name_is_no_correction(repository: Repository) -> None:
    moved = {"app/client.py": None, "llm/send.py": 'NAME = "gpt-4o"\n'}
    assert_growth(beside(repository, {"app/client.py": CLIENT}, moved))


@pytest.mark.parametrize("now", ["chosen()", "os.environ['MODEL']", "MODEL"])
def test_a_model_that_nobody_knows_beside_the_prompt_is_no_correction(
    repository: Repository, now: str
) -> None:
    was, now = (QUEUED.replace("MORE", f"start(model={model})") for model in ("usual()", now))
    assert_growth(beside(repository, {"app/sort.py": was}, {"app/sort.py": now}))


@pytest.mark.parametrize(
    ("path", "was", "now"),
    [
        ("app/client.py", CLIENT, CLIENT.replace("create(", "created(retries=3, ")),
        ("app/sort.py", QUEUED, QUEUED.replace("MORE", "log('utf-8', 'gpt-5')")),
        ("README.md", "", f"We call {DEAR}."),
        ("tests/test_sort.py", "", 'MODEL = "gpt-4o"\n'),
    ],
)
def test_what_names_neither_model_may_change_beside_a_correction(
    repository: Repository, path: str, was: str, now: str
) -> None:
    outcome = beside(repository, {path: was}, {path: now})
    assert outcome.code == 0, outcome.out


def test_several_corrected_guesses_are_one_note(repository: Repository) -> None:
    names = ["one", "two", "three", "four", "five"]
    before, after = (
        configured(model=model).partition("  sort:")[0]
        + "".join(f"  {name}: {{prompts: [prompts/sort.txt]}}\n" for name in names)
        for model in (GUESSED, DEAR)
    )
    outcome = changed(repository, before, after)
    (note,) = [it for it in outcome.report["notes"] if "no change of what you pay" in it]
    assert "`five`, `four`, `one` and 2 more is openai/gpt-4o, not openai/gpt-4.1" in note


@pytest.mark.parametrize(
    ("was", "now", "code"),
    [
        ("openai:gpt-4.1", "openai/gpt-4.1", 0),
        ("gpt-4.1", "openai/gpt-4.1", 0),
        ("openai/gpt-4.1", "azure/gpt-4.1", 1),
        ("gpt-4.1", "gpt-4.1-2025-04-14", 1),
    ],
)
def test_another_spelling_is_no_other_model(
    repository: Repository, was: str, now: str, code: int
) -> None:
    before, after = (configured(model=model, assumed="[]") for model in (was, now))
    assert changed(repository, before, after).code == code


def test_prices_of_ones_own_may_tell_spellings_apart(repository: Repository) -> None:
    rates = "{input: 1, output: 1}, gpt-4.1: {input: 2, output: 2}"
    overridden = f"prices: {{as_of: 2026-11-01, overrides: {{openai/gpt-4.1: {rates}}}}}"
    before, after = (
        configured(model=model, assumed="[]").replace("prices: {as_of: 2026-11-01}", overridden)
        for model in ("gpt-4.1", "openai/gpt-4.1")
    )
    assert changed(repository, before, after).code == 1
