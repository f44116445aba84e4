"""What somebody took out of the configuration does not come back by itself."""

import pytest

from tests.commands.test_init_update import update, written
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION

CODE = (
    "def ask(client, mail):\n    return client.chat.completions.create(model='gpt-4o', "
    "messages=[{'role': 'system', 'content': 'You sort parcels by size and weight, and answer with "
    "the number of the shelf only. Where you do not know it, you say so.'}])\n"
)


BEGIN = """\
version: 1
defaults: {model: openai/gpt-4o, traffic: [{calls: 9/day, output_tokens: 9}]}
workflows:
  ask: {prompts: "app/ask.py#ask.messages"}
"""


@pytest.fixture
def reduced(repository: Repository) -> Repository:
    """A configuration of two prompts, out of which somebody takes one, and commits that."""
    files = {"prompts/a.md": "Sort the mail.", "app/ask.py": CODE}
    repository.commit({**files, CONFIGURATION: f"{BEGIN}  a: {{prompts: prompts/a.md}}\n"})
    repository.commit({CONFIGURATION: BEGIN})
    return repository


def test_a_workflow_that_was_taken_out_stays_out_and_is_told(reduced: Repository) -> None:
    before = written(reduced)
    said = " ".join(update(reduced).out.split())
    assert written(reduced) == before
    assert "not added: prompts/a.md: its workflow `a` was taken out of the file" in said
    assert "`--update --exclude prompts/a.md` keeps it out for good" in said


@pytest.mark.parametrize("option", ["--exclude", "--include"])
def test_what_is_told_to_type_is_what_it_says(reduced: Repository, option: str) -> None:
    assert update(reduced, option, "prompts/a.md").code == 0
    is_added = "- prompts/a.md" in written(reduced)
    assert (is_added, "ignore: [prompts/a.md]" in written(reduced)) == (
        option == "--include",
        option == "--exclude",
    )
    assert "taken out" not in update(reduced).out


def test_one_that_is_taken_out_and_not_committed_stays_out_too(repository: Repository) -> None:
    repository.commit({"prompts/a.md": "Sort the mail."})
    named = "version: 1\nworkflows: {a: {prompts: prompts/a.md, model: openai/gpt-4o}}\n"
    named += "defaults: {traffic: [{calls: 9/day, output_tokens: 9}]}\n"
    repository.commit({CONFIGURATION: named})
    bare = "version: 1\nworkflows: {}\n"
    (repository.path / CONFIGURATION).write_text(bare, "utf-8")
    assert "was taken out of the file" in " ".join(update(repository).out.split())
    assert written(repository) == bare
