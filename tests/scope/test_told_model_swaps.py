"""What a review says of a model that changed code names otherwise, in every output."""

import json

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, review, workflow

PROMPT_FILE = "prompts/summary.md"
CODE = """\
from pathlib import Path


def ask(question):
    text = Path("prompts/summary.md").read_text()
    return client.chat.completions.create(
        model="gpt-4o-mini",
        max_tokens=250,
        messages=[{"role": "user", "content": text}],
    )
"""
INLINE = CODE.replace('    text = Path("prompts/summary.md").read_text()\n', "").replace(
    '"content": text', '"content": f"Sort {question} by its size."'
)
UNKNOWN = CODE.replace('Path("prompts/summary.md").read_text()', "store.latest()")
RAISED = CODE.replace("gpt-4o-mini", "gpt-5")


def swap(
    repository: Repository, before: str, after: str, path: str = "app.py", **more: str
) -> Outcome:
    settings = configuration({"w": workflow(PROMPT_FILE, model=more.pop("model", "gpt-4o-mini"))})
    files = {CONFIGURATION: settings, PROMPT_FILE: "Sum it up.", path: before} | more
    return change(repository, files, {path: after})


def test_a_call_that_sends_a_prompt_file_is_its_workflows(repository: Repository) -> None:
    outcome = swap(repository, CODE, RAISED)
    (finding,) = outcome.workflow()["findings"]
    assert (finding["rule"], finding["verdict"]) == ("request", "needs-approval")
    assert finding["text"].startswith("the code that sends it calls gpt-5 now, was gpt-4o-mini")
    assert (finding["place"]["file"], finding["place"]["line"]) == ("app.py", 7)
    assert outcome.report["findings"] == []
    assert outcome.report["coverage"]["calls_covered"] == 1


def test_the_configuration_may_follow_the_code(repository: Repository) -> None:
    files = {
        CONFIGURATION: configuration({"w": workflow(PROMPT_FILE, model="gpt-4o")}),
        PROMPT_FILE: "Sum it up.",
        "app.py": CODE.replace("gpt-4o-mini", "gpt-4o"),
    }
    cheaper = {
        CONFIGURATION: configuration({"w": workflow(PROMPT_FILE, model="gpt-4o-mini")}),
        "app.py": CODE,
    }
    assert change(repository, files, cheaper).code == 0


def test_code_that_did_not_call_the_priced_model_does_not_speak_for_it(
    repository: Repository,
) -> None:
    files = {
        CONFIGURATION: configuration({"w": workflow(PROMPT_FILE, model="gpt-5")}),
        PROMPT_FILE: "Sum it up.",
        "app.py": "import os\n",
    }
    cheaper = {
        CONFIGURATION: configuration({"w": workflow(PROMPT_FILE, model="gpt-4o-mini")}),
        "app.py": CODE,
    }
    assert change(repository, files, cheaper).code == 1


SAID = "the call's model is gpt-5 now, was gpt-4o-mini; no workflow covers it"


def test_a_swap_that_no_workflow_covers_is_a_warning(repository: Repository) -> None:
    outcome = swap(repository, UNKNOWN, UNKNOWN.replace("gpt-4o-mini", "gpt-5"))
    (finding,) = outcome.report["findings"]
    assert outcome.report["verdict"] == finding["verdict"] == "warn"
    assert finding["text"].startswith(SAID)
    for form in ("terminal", "markdown", "html"):
        said = " ".join(review(repository, form=form).out.replace("&#39;", "'").split())
        assert "app.py" in said
        for half in SAID.split("; "):
            assert half in said.replace("\\", ""), form
    (result,) = json.loads(review(repository, form="sarif").out)["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 7


def test_the_same_swap_in_several_files_is_one_warning(repository: Repository) -> None:
    paths = ("app.py", "other.py", "more.py")
    settings = configuration({"w": workflow("system.txt")})
    files = {CONFIGURATION: settings, "system.txt": "Be kind.", **dict.fromkeys(paths, UNKNOWN)}
    after = dict.fromkeys(paths, UNKNOWN.replace("gpt-4o-mini", "gpt-5"))
    outcome = change(repository, files, after)
    (finding,) = outcome.report["findings"]
    assert finding["text"].startswith(SAID)
    assert finding["text"].endswith("; so in more.py:7, other.py:7")


def test_a_cap_that_no_workflow_covers_is_a_warning(repository: Repository) -> None:
    outcome = swap(repository, UNKNOWN, UNKNOWN.replace("250", "4000"))
    (finding,) = outcome.report["findings"]
    assert "caps answers at 4,000 tokens now, was 250" in finding["text"]


def test_a_default_setting_is_told_by_its_key(repository: Repository) -> None:
    before = 'DEFAULTS = {\n    "SMART_LLM": "openai:gpt-4.1",\n    "RETRIEVER": "tavily",\n}\n'
    outcome = swap(repository, before, before.replace("gpt-4.1", "o3"), "config.py")
    (finding,) = outcome.report["findings"]
    assert "the model under `SMART_LLM` is openai:o3 now, was openai:gpt-4.1" in finding["text"]
    assert "no workflow is known to call it, so no figure holds that" in finding["text"]


@pytest.mark.parametrize("path", ["tests/test_app.py", "app.spec.ts", "vendor/app.py"])
def test_other_files_and_tests_are_not_told(repository: Repository, path: str) -> None:
    outcome = swap(repository, UNKNOWN, UNKNOWN.replace("gpt-4o-mini", "gpt-5"), path)
    assert outcome.report["verdict"] == "pass"


@pytest.mark.parametrize("is_constant", [False, True])
def test_what_a_workflow_of_the_source_tells_is_not_told_again(
    repository: Repository, *, is_constant: bool
) -> None:
    source = INLINE
    if is_constant:
        source = 'MODEL = "gpt-4o-mini"\n' + INLINE.replace('"gpt-4o-mini"', "MODEL")
    setting = workflow(
        '"app.py#ask.messages"', model="", samples="[{name: a, variables: {question: x}}]"
    )
    before = {CONFIGURATION: configuration({"w": setting}), "app.py": source}
    outcome = change(repository, before, {"app.py": source.replace("gpt-4o-mini", "gpt-5")})
    assert outcome.usd("after") > outcome.usd("before")
    assert outcome.report["findings"] == []


def test_nothing_is_left_to_say_where_the_configuration_follows(repository: Repository) -> None:
    before = 'DEFAULTS = {\n    "SMART_LLM": "openai:gpt-4.1",\n    "RETRIEVER": "tavily",\n}\n'
    old = configuration({"w": workflow(PROMPT_FILE, model="openai/gpt-4.1")})
    files = {CONFIGURATION: old, PROMPT_FILE: "Sum it up.", "config.py": before}
    after = {CONFIGURATION: old.replace("openai/gpt-4.1", "openai:o3")}
    outcome = change(repository, files, after | {"config.py": before.replace("gpt-4.1", "o3")})
    assert not any("SMART_LLM" in item["text"] for item in outcome.report["findings"])


def test_a_constant_of_another_file_is_its_workflows_even_if_the_default_is_a_guess(
    repository: Repository,
) -> None:
    source = "from config import CHAT_MODEL\n\n\n" + INLINE.replace('"gpt-4o-mini"', "CHAT_MODEL")
    setting = workflow(
        '"app.py#ask.messages"', model="", samples="[{name: a, variables: {question: x}}]"
    )
    defaults = "{model: openai/gpt-4.1, assumed: [model]}"
    files = {
        CONFIGURATION: configuration({"w": setting}, defaults=defaults),
        "app.py": source,
        "config.py": 'CHAT_MODEL = "gpt-4o-mini"\n',
    }
    outcome = change(repository, files, {"config.py": 'CHAT_MODEL = "gpt-5"\n'})
    assert outcome.usd("after") > outcome.usd("before")
    assert outcome.all_findings() == []
