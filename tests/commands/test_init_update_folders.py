"""A folder that is renamed: `check` says so of samples, too, and `init --update` follows them."""

import pytest

from reviewbot.prompts.meant_samples import moved_pattern, near_pattern
from tests.commands.test_init_update import update, written
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, review

CONFIGURED = """\
version: 1
workflows:
  answer:
    model: openai/gpt-4.1
    traffic: [{calls: 10/day, output_tokens: 5}]
    prompts:
      - {path: prompts/answer/system.j2, role: system}
    tools: prompts/answer/tools.json
    samples: samples/answer/*.yaml   # ours
"""
TOOLS = '[{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}]'


def renamed(repository: Repository) -> None:
    repository.commit(
        {
            CONFIGURATION: CONFIGURED,
            "prompts/answer/system.j2": "You answer the questions of {{ company }}.\n",
            "prompts/answer/tools.json": TOOLS,
            "samples/answer/long.yaml": "company: Acme\n",
        }
    )
    repository.branch("work")
    repository.git("mv", "prompts/answer", "prompts/reply")
    repository.git("mv", "samples/answer", "samples/reply")
    repository.commit({})


def test_a_folder_of_samples_that_moved_is_named_and_followed(repository: Repository) -> None:
    renamed(repository)
    errors = " ".join(review(repository, "--base", "main").errors.split())
    assert f"{CONFIGURATION}:9 (workflows.answer.samples): no file matches" in errors
    mend = "they were moved: name 'samples/reply/*.yaml', as `reviewbot init --update` does"
    assert mend in errors
    outcome = update(repository)
    assert outcome.code == 0, outcome.errors
    assert "the samples samples/answer/*.yaml of `answer` are samples/reply/*.yaml now" in " ".join(
        outcome.out.split()
    )
    assert written(repository) == CONFIGURED.replace("/answer/", "/reply/")
    reviewed = review(repository, "--worktree", "--base", "main")
    assert (reviewed.code, reviewed.workflow("answer")["change_usd_per_month"]) == (0, "0")


def test_a_folder_of_samples_that_is_misspelt_is_named(repository: Repository) -> None:
    wrong = CONFIGURED.replace("samples/answer", "samples/anwser")
    repository.commit(
        {
            CONFIGURATION: wrong,
            "prompts/answer/system.j2": "Hello {{ company }}.\n",
            "prompts/answer/tools.json": TOOLS,
            "samples/answer/long.yaml": "company: Acme\n",
            "samples/anwsers/read.md": "x",
        }
    )
    repository.branch("work")
    repository.commit({"prompts/answer/system.j2": "Hello, {{ company }}.\n"})
    errors = " ".join(review(repository, "--base", "main").errors.split())
    assert (
        "no file matches 'samples/anwser/*.yaml'; did you mean 'samples/answer/*.yaml'?" in errors
    )


@pytest.mark.parametrize(
    ("pattern", "moved", "there", "new"),
    [
        ("s/a/*.yaml", {"s/a/x.yaml": "t/b/x.yaml"}, ["t/b/x.yaml"], "t/b/*.yaml"),
        ("s/a/x.yaml", {"s/a/x.yaml": "s/a/y.yaml"}, ["s/a/y.yaml"], "s/a/y.yaml"),
        ("s/**/*.yaml", {"s/a/x.yaml": "t/a/x.yaml"}, ["t/a/x.yaml"], "t/**/*.yaml"),
        ("*.yaml", {"x.yaml": "t/x.yaml"}, ["t/x.yaml"], "t/*.yaml"),
        ("s/*.yaml", {"s/x.yaml": "t/x.yaml"}, ["t/x.yaml", "s/y.yaml"], None),
        ("s/*.yaml", {"s/x.yaml": "t/x.yaml", "s/y.yaml": "u/y.yaml"}, ["t/x.yaml"], None),
        ("s/*.yaml", {"s/x.yaml": "t/z.yaml"}, ["t/z.yaml"], None),
    ],
)
def test_the_pattern_where_files_went(
    pattern: str, moved: dict[str, str], there: list[str], new: str | None
) -> None:
    assert moved_pattern(pattern, moved, there) == new


def test_a_folder_that_is_near_is_one_in_which_files_match() -> None:
    paths = ["samples/answer/x.yaml", "samples/answers/x.md", "top/x.yaml"]
    assert near_pattern("samples/answerss/*.yaml", paths) == "samples/answer/*.yaml"
    assert near_pattern("tops/*.yaml", paths) == "top/*.yaml"
    assert near_pattern("*.yaml", paths) is None
