"""`reviewbot init --update` follows prompts that move, and variables that change their names."""

import re

import pytest

from reviewbot.configuration.reading import read_configuration
from reviewbot.configuration.settings import Workflow
from reviewbot.prompt import Sample
from tests.commands.test_init_update import update, written
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, review

LONG = "You sort the parcels of a house, {house}, by size and weight, and you name the shelf that fits best. "
MINE = """\
version: 1
defaults: {model: openai/gpt-4.1, traffic: [{calls: 10/day, output_tokens: 5}]}
workflows:
  sort:       # ours
    prompts:
      - {path: "app/texts.py#SORT_PROMPT", format: str-format}   # the long one
    samples:
      - name: typical
        variables:
          house: {tokens: 9}  # measured
    envelope: {monthly_cost: {hard: $50}}

  ask:
    prompts: [prompts/ask/system.j2, {path: prompts/ask/user.j2, role: user}]
    samples: [{name: one, variables: {question: {tokens: 5}}}, {name: none, variables: {}}]
    envelope: {monthly_cost: {hard: $50}}
"""
FILES: dict[str, str | bytes | None] = {
    CONFIGURATION: MINE,
    "app/texts.py": f'SORT_PROMPT = "{LONG * 2}"\n',
    "prompts/ask/system.j2": "You answer.",
    "prompts/ask/user.j2": "{{ question | default(1) }}",
}


def workflow(repository: Repository, name: str) -> Workflow:
    return read_configuration(written(repository), file=CONFIGURATION).workflows[name]


def names(repository: Repository, name: str) -> list[str]:
    return [item.name for item in workflow(repository, name).prompts]


def changed(repository: Repository, after: dict[str, str | bytes | None]) -> None:
    """Commit the files on `main`, and what comes after on a branch."""
    repository.commit(FILES)
    repository.git("switch", "--quiet", "--create", "change")
    repository.commit(after)


RENAMED: dict[str, dict[str, str | bytes | None]] = {
    "a file": {"app/texts.py": None, "app/parcels.py": FILES["app/texts.py"]},
    "a constant": {"app/texts.py": f'SHELF_PROMPT = "{LONG * 2}"\n'},
    "a constant to another file": {
        "app/texts.py": "A = 1\n",
        "app/more.py": f'B = 2\n\n\nSORT_PROMPT = "{LONG * 2}"\n',
    },
    "a constant with another text": {
        "app/texts.py": f'SHELF_PROMPT = "{LONG}Never name two shelves.{" Be kind." * 8}"\n'
    },
}


@pytest.mark.parametrize("what", RENAMED)
def test_a_prompt_that_moved_stays_in_its_workflow(repository: Repository, what: str) -> None:
    changed(repository, RENAMED[what])
    outcome = update(repository)
    assert outcome.code == 0, outcome.errors
    assert "moved: app/texts.py#SORT_PROMPT of `sort` (line 6) is " in outcome.out
    (name,) = names(repository, "sort")
    assert f"is {name} now" in " ".join(outcome.out.split())
    assert written(repository) == MINE.replace("app/texts.py#SORT_PROMPT", name)
    assert review(repository, "--worktree", "--base", "main").code == 0
    assert "the file stays as it is" in update(repository).out


def test_a_prompt_that_was_there_before_is_no_move(repository: Repository) -> None:
    other = f'OTHER_PROMPT = "{LONG * 2}Be quick."\n'
    repository.commit(FILES | {"app/texts.py": f'SORT_PROMPT = "{LONG * 2}"\n{other}'})
    repository.git("switch", "--quiet", "--create", "change")
    repository.commit({"app/texts.py": other})
    told = " ".join(update(repository).out.split())
    assert "app/texts.py#OTHER_PROMPT now" not in told
    assert "moved: " not in told
    assert "app/texts.py#SORT_PROMPT" in told
    rules = review(repository, "--base", "main").rules("sort")
    assert rules == {"removed": "fail"}, "a review takes it for none either"


def test_a_prompt_that_was_there_and_takes_the_text_is_a_move(repository: Repository) -> None:
    other = 'OTHER_PROMPT = "Answer in verse, and never in prose, whatever anybody asks."\n'
    repository.commit(FILES | {"app/texts.py": f'SORT_PROMPT = "{LONG * 2}"\n{other}'})
    repository.git("switch", "--quiet", "--create", "change")
    repository.commit({"app/texts.py": f'OTHER_PROMPT = "{LONG * 2}"\n'})
    update(repository)
    assert names(repository, "sort") == ["app/texts.py#OTHER_PROMPT"]


def test_an_uncommitted_move_is_followed(repository: Repository) -> None:
    repository.commit(FILES)
    moved = repository.path / "app/parcels.py"
    (repository.path / "app/texts.py").rename(moved)
    repository.git("add", "--all")
    outcome = update(repository, "--worktree")
    assert names(repository, "sort") == ["app/parcels.py#SORT_PROMPT"], outcome.out


def test_a_branch_without_a_common_commit_is_updated(repository: Repository) -> None:
    repository.commit(FILES)
    repository.git("switch", "--quiet", "--orphan", "other")
    repository.commit({**FILES, "prompts/more.md": "You answer."})
    outcome = update(repository)
    assert "added: more: prompts/more.md" in outcome.out, outcome.errors


def test_a_message_that_moved_stays_in_its_call(repository: Repository) -> None:
    changed(
        repository,
        {"prompts/ask/user.j2": None, "prompts/ask/human.j2": "Asked: {{ question }}"},
    )
    outcome = update(repository)
    assert "moved: prompts/ask/user.j2 of `ask` (line 14) is prompts/ask/human.j2" in outcome.out
    assert names(repository, "ask") == ["prompts/ask/system.j2", "prompts/ask/human.j2"]


def test_a_deleted_constant_is_told_and_left(repository: Repository) -> None:
    changed(repository, {"app/texts.py": "A = 1\n"})
    outcome = update(repository)
    assert (outcome.code, written(repository)) == (0, MINE)
    assert (
        "gone: app/texts.py#SORT_PROMPT of `sort` (line 6): take the workflow `sort` out by hand: "
        f"delete lines 4\u201311 of {CONFIGURATION}, or" in " ".join(outcome.out.split())
    )


def test_the_lines_to_delete_are_those_of_the_file_as_it_is_written(
    repository: Repository,
) -> None:
    """A first sample above them moves them."""
    first = "  above:\n    prompts: prompts/above.j2\n"
    mine = MINE.replace("  sort:  ", f"{first}  sort:  ", 1)
    repository.commit(FILES | {CONFIGURATION: mine, "prompts/above.j2": "{{ text }}"})
    repository.git("switch", "--quiet", "--create", "change")
    repository.commit({"app/texts.py": "A = 1\n"})
    outcome = update(repository)
    said = " ".join(outcome.out.split())
    assert "first sample of `above`: `text`" in said
    found = re.search(r"\(line (\d+)\).*delete lines (\d+)\u2013(\d+) of", said)
    assert found
    prompt, start, end = map(int, found.groups())
    lines = written(repository).splitlines()
    assert "app/texts.py#SORT_PROMPT" in lines[prompt - 1]
    assert lines[start - 1].startswith("  sort:")
    assert "monthly_cost" in lines[end - 1]
    repository.write({CONFIGURATION: "\n".join([*lines[: start - 1], *lines[end:], ""])})
    assert "gone: " not in update(repository).out


def test_a_long_variable_is_shown_shortly(repository: Repository) -> None:
    long = "texts.map(text => text.trim()).filter(text => text.length > 0).join(','){}"
    code = "\n".join(
        [f"export const ASK = (texts: string[]) => `{LONG.replace('{house}', '')}"]
        + [f"${{{long.format(f'.slice({number})')}}}" for number in (1, 2)]
        + ["`;"]
    )
    settings = MINE.partition("workflows:")[0] + "workflows:\n  ask:\n    prompts: 'ask.ts#ASK'\n"
    repository.commit({CONFIGURATION: settings, "ask.ts": code})
    outcome = update(repository)
    said = " ".join(outcome.out.split())
    found = re.search(r"first sample of `ask`: (`[^`]*`), (`[^`]*`): ", said)
    assert found, said
    assert found[1] != found[2]
    assert max(map(len, found.groups())) <= 48


def test_prompts_swap_no_places(repository: Repository) -> None:
    other = "You write letters to customers of {house} whose parcels are lost in the post. " * 2
    changed(repository, {"app/texts.py": f'LETTER_PROMPT = "{other}"\n'})
    outcome = update(repository)
    assert "gone: app/texts.py#SORT_PROMPT of `sort`" in outcome.out
    assert "added: letter: app/texts.py#LETTER_PROMPT" in outcome.out


def test_new_variables_are_put_into_the_samples(repository: Repository) -> None:
    changed(
        repository,
        {
            "app/texts.py": f'SORT_PROMPT = "{LONG.replace("house", "place") * 2}"\n',
            "prompts/ask/user.j2": "{{ query }} by {{ person }}",
        },
    )
    outcome = update(repository)
    said = " ".join(outcome.out.split())
    assert "renamed in `typical` of `sort`: `house` is `place`, with its value" in said
    both = "`query: {tokens: 100}`, `person: {tokens: 100}`"
    assert f"new in `one`, `none` of `ask`: {both}; say how long each is" in said
    assert "not used any more: `house`" not in outcome.out
    assert "not used any more: `question` in the samples of `ask`, " in outcome.out
    text = written(repository)
    assert "          place: {tokens: 9}  # measured\n" in text
    samples = workflow(repository, "ask").samples
    assert [[*item.variables] for item in samples if isinstance(item, Sample)] == [
        ["question", "query", "person"],
        ["query", "person"],
    ]
    assert [line for line in MINE.splitlines() if line not in text] == [
        "          house: {tokens: 9}  # measured",
        "    samples: [{name: one, variables: {question: {tokens: 5}}}, {name: none, variables: {}}]",
    ]
    found = review(repository, "--worktree", "--base", "main")
    assert found.workflow("sort")["verdict"] == found.workflow("ask")["verdict"] == "pass"


def test_variables_are_told_beside_a_prompt_that_is_gone(repository: Repository) -> None:
    texts = f'SHELF_PROMPT = "{LONG.replace("{house}", "{place}") * 2}"\n'
    changed(repository, {"prompts/ask/system.j2": None, "app/texts.py": texts})
    outcome = update(repository)
    assert "gone: prompts/ask/system.j2 of `ask` (line 14)" in outcome.out
    said = " ".join(outcome.out.split())
    assert "renamed in `typical` of `sort`: `house` is `place`, with its value" in said


def test_a_call_of_which_a_workflow_names_a_part_is_no_second_one(repository: Repository) -> None:
    source = f'def ask(x):\n    return client.responses.create(model="gpt-4o", instructions="{LONG * 2}", input=x)\n'
    text = MINE.replace("app/texts.py#SORT_PROMPT", "app/call.py#ask.instructions")
    repository.commit({**FILES, "app/texts.py": "", "app/call.py": source, CONFIGURATION: text})
    outcome = update(repository)
    assert written(repository) == text, outcome.errors
    assert "not added: app/call.py#ask: `sort` names a part of it; name the whole" in outcome.out


def test_what_files_of_samples_lack_is_told(repository: Repository) -> None:
    text = MINE.replace(
        "[{name: one, variables: {question: {tokens: 5}}}, {name: none, variables: {}}]",
        "samples/ask/*.yaml",
    )
    repository.commit({**FILES, CONFIGURATION: text, "samples/ask/one.yaml": "question: Why?\n"})
    repository.commit({"prompts/ask/user.j2": "{{ query }}"})
    outcome = update(repository)
    assert written(repository) == text
    told = " ".join(outcome.out.split())
    assert "missing in the sample files of `ask` (samples/ask/*.yaml): `query: {tokens: " in told


def test_expressions_of_source_code_are_variables_of_the_first_samples(
    repository: Repository,
) -> None:
    said = LONG.replace("{house}", "{user.house} and {rows[0]['id']}")
    source = f'def sort_prompt(user, rows):\n    return f"{said}And say why."\n'
    repository.commit({**FILES, "app/more.py": source})
    outcome = update(repository)
    assert "added: more-sort: app/more.py#sort_prompt" in outcome.out
    (sample,) = workflow(repository, "more-sort").samples
    assert isinstance(sample, Sample)
    assert [*sample.variables] == ["user.house", "rows[0]['id']"]
    assert review(repository, "--worktree").workflow("more-sort")["verdict"] == "pass"
