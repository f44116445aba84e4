"""A change that deletes prompts which its configuration still names: removed, and never passed."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    change,
    configuration,
    review,
    tokens,
    workflow,
)

CONSTANT = f'SYSTEM_PROMPT = """{tokens(40)}"""\nX = 1\n'
TWO = {
    CONFIGURATION: configuration(
        {
            "file": workflow("prompts/gone.txt"),
            "constant": workflow("app.py#SYSTEM_PROMPT"),
            "entry": workflow("{path: prompts.yaml#triage.system, format: text}"),
            "other": workflow("prompts/other.txt"),
        }
    ),
    "prompts/gone.txt": tokens(10),
    "prompts/other.txt": tokens(10),
    "app.py": CONSTANT,
    "prompts.yaml": f"triage: {{system: {tokens(20)}}}\n",
}
EDITS: dict[str, tuple[str, dict[str, str | None]]] = {
    "file": ("file prompts/gone.txt", {"prompts/gone.txt": None}),
    "constant": ("app.py#SYSTEM_PROMPT", {"app.py": "X = 1\n"}),
    "entry": ("prompts.yaml#triage.system", {"prompts.yaml": "triage: {model: x}\n"}),
}


@pytest.mark.parametrize("name", EDITS)
def test_it_is_removed_and_fails_at_the_line_that_names_it(
    repository: Repository, name: str
) -> None:
    what, edit = EDITS[name]
    outcome = change(repository, TWO, {**edit, "prompts/other.txt": tokens(12)})
    assert outcome.code == 1
    workflows = {item["name"]: item for item in outcome.report["workflows"]}
    assert workflows["other"]["verdict"] == "pass"
    gone = workflows[name]
    assert (gone["state"], gone["verdict"], gone["after"]) == ("removed", "fail", None)
    (finding,) = gone["findings"]
    assert (finding["rule"], finding["verdict"]) == ("removed", "fail")
    line = 4 + [*EDITS].index(name)
    mend = f"delete line {line} of {CONFIGURATION} in this change, or keep the prompt"
    assert finding["text"] == f"its prompt {what} is deleted: {mend}"
    assert finding["place"]["line"] == line


def test_a_file_of_several_prompts_is_named_once(repository: Repository) -> None:
    path = "app/settings/of/the_assistant/line_questions_prompts_with_a_long_name.yaml"
    names = (f"{path}#ask.system_prompt_of_the_assistant", f"{path}#ask.user")
    both = workflow(f"[{', '.join(f'{{path: {name}, format: text}}' for name in names)}]")
    text = f"ask: {{system_prompt_of_the_assistant: {tokens(20)}, user: {tokens(20)}}}\n"
    change(repository, {CONFIGURATION: configuration({"w": both}), path: text}, {path: None})
    said = review(repository, form="terminal").out
    assert said.count(path) == 2, said
    assert f" its prompt file {path} is deleted: delete line 4 of" in " ".join(said.split())


IN_LINES = """\
version: 1
workflows:
  # the first
  one:
    prompts: prompts/gone.txt
    model: openai/gpt-4o
    traffic:
      - {calls: 1000/month, output_tokens: 100}
      - calls: 10/month
        output_tokens: 100  # short

  # the second
  other: {prompts: prompts/other.txt, model: openai/gpt-4o,
    traffic: [{calls: 1000/month, output_tokens: 100}]}
"""


@pytest.mark.parametrize(
    ("gone", "others", "lines"),
    [("gone", "other", (4, 10)), ("other", "gone", (13, 14))],
)
def test_the_lines_that_are_named_can_be_deleted(
    repository: Repository, gone: str, others: str, lines: tuple[int, int]
) -> None:
    start = {
        CONFIGURATION: IN_LINES,
        "prompts/gone.txt": tokens(10),
        "prompts/other.txt": tokens(10),
    }
    outcome = change(repository, start, {f"prompts/{gone}.txt": None})
    first, last = lines
    (finding,) = outcome.all_findings()
    assert f": delete lines {first}\u2013{last} of {CONFIGURATION} in this" in finding["text"]
    left = IN_LINES.splitlines()
    del left[first - 1 : last]
    repository.commit({CONFIGURATION: "\n".join(left) + "\n"})
    outcome = review(repository)
    assert outcome.code == 0
    assert [item["state"] for item in outcome.report["workflows"]] == ["removed"]
    assert f"prompts/{others}.txt" not in outcome.out


def test_the_only_workflow_can_be_deleted_too(repository: Repository) -> None:
    start = {CONFIGURATION: configuration({"w": workflow("a.txt")}), "a.txt": tokens(10)}
    outcome = change(repository, start, {"a.txt": None})
    assert "delete line 4 of" in outcome.out
    left = start[CONFIGURATION].partition("  w:")[0]
    repository.commit({CONFIGURATION: left})
    assert "where there is none, write `{}`" in review(repository).errors
    repository.commit({CONFIGURATION: left.replace("workflows:", "workflows: {}")})
    assert review(repository).code == 0, review(repository).errors


def test_lines_that_hold_several_workflows_are_not_named(repository: Repository) -> None:
    own = configuration().replace("workflows:", f"workflows: {{w: {workflow('a.txt')}}}")
    outcome = change(repository, {CONFIGURATION: own, "a.txt": tokens(10)}, {"a.txt": None})
    assert "take the workflow out of `workflows` in this change" in outcome.out


def test_the_mend_works_when_it_is_typed(repository: Repository) -> None:
    left = configuration(
        {
            "constant": workflow("app.py#SYSTEM_PROMPT"),
            "entry": workflow("{path: prompts.yaml#triage.system, format: text}"),
            "other": workflow("prompts/other.txt"),
        }
    )
    outcome = change(repository, TWO, {"prompts/gone.txt": None, CONFIGURATION: left})
    assert outcome.code == 0
    assert [item["state"] for item in outcome.report["workflows"]] == ["removed"]


@pytest.mark.parametrize(
    "edit",
    [
        {"app.py": CONSTANT.replace("SYSTEM_PROMPT = ", "SYSTEM_PROMPT = load() or ")},
        {"app.py": "def (\n"},
        {CONFIGURATION: TWO[CONFIGURATION].replace("SYSTEM_PROMPT", "SYSTEM_PROMTP")},
        {CONFIGURATION: TWO[CONFIGURATION].replace("triage.system", "triage.user")},
    ],
    ids=["computed", "broken", "misspelt", "another key"],
)  # fmt: skip
def test_what_cannot_be_read_is_not_called_deleted(
    repository: Repository, edit: dict[str, str]
) -> None:
    outcome = change(repository, TWO, edit)
    assert outcome.code == 3
    (found,) = outcome.report["workflows"]
    assert (found["state"], found["verdict"]) == ("changed", "unmeasured")
    assert "deletes" not in outcome.out


def test_a_workflow_that_loses_one_of_its_prompts_is_not_measured(repository: Repository) -> None:
    both = workflow("[{path: prompts/a.txt}, {path: prompts/b.txt}]")
    before = {
        CONFIGURATION: configuration({"w": both}),
        "prompts/a.txt": tokens(10),
        "prompts/b.txt": tokens(10),
    }
    outcome = change(repository, before, {"prompts/b.txt": None})
    assert outcome.code == 3
    assert "the change deletes 'prompts/b.txt'" in outcome.out
