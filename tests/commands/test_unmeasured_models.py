"""A model that cannot be measured is told once, with a mend that can be copied, and never as $0."""

import io
import re
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from typing import Any

import pytest

from reviewbot.cli import main
from reviewbot.commands import Edges
from reviewbot.commands._common import questions
from reviewbot.discovery.basis import Basis
from tests.support.loading import loaded
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, configuration, workflow

COUNT = 6
FILES: dict[str, str | bytes | None] = {
    f"prompts/p{number}/system.md": f"Sort mail number {number} by urgency."
    for number in range(COUNT)
}
COMMAND = "`pip install --no-deps --ignore-requires-python ctok==1.3.0`"
MEND = f"{COMMAND}, or use Python 3.12"
if sys.version_info >= (3, 12):
    MEND = "install it: `pip install ctok==1.3.0`"
UNKNOWN = "acme/own-model"


@pytest.fixture
def without_ctok(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    loaded.cache_clear()
    monkeypatch.setitem(sys.modules, "ctok.engine", None)
    yield
    loaded.cache_clear()


def run(repository: Repository, *arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        code = main([*arguments, "--repo", str(repository.path)])
    return int(code), out.getvalue()


def assert_told_once(said: str, reason: str) -> None:
    words = " ".join(said.split())
    assert words.count(reason) == 1, said
    assert f"{COUNT} workflows (" in words
    assert "$0.00" not in said


CALLS = """\
import anthropic
client = anthropic.Anthropic()
{prompts}
{functions}
"""
NAMES = ("answer", "sort", "sum_up")


def calls_of_claude() -> str:
    """Code with one call for each of NAMES."""
    prompts = "\n".join(
        f"{name.upper()}_PROMPT = 'You {name} what follows. ' * 9" for name in NAMES
    )
    functions = "\n".join(
        f"def {name}(text):\n    return client.messages.create(model='claude-sonnet-4-5',"
        f" max_tokens=9, system={name.upper()}_PROMPT,"
        " messages=[{'role': 'user', 'content': text}])"
        for name in NAMES
    )
    return CALLS.format(prompts=prompts, functions=functions)


@pytest.mark.usefixtures("without_ctok")
def test_a_missing_tokenizer_is_told_once_and_workflows_are_written(repository: Repository) -> None:
    """It is this machine's lack, not that of a line: once it is installed all is measured."""
    repository.commit({"app.py": calls_of_claude()})
    reason = "Claude's tokenizer is not installed"
    code, said = run(repository, "cost")
    assert " ".join(said.split()).count(reason) == 1, said
    assert "3 workflows (" in said
    code, said = run(repository, "init")
    assert code == 3
    assert " ".join(said.split()).count(reason) == 1, said
    written = (repository.path / CONFIGURATION).read_text()
    assert reason not in written
    assert written.count("{path: ") == len(NAMES)
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "configuration")
    repository.branch("work")
    repository.commit({"app.py": calls_of_claude().replace("You sort", "You sort well")})
    code, said = run(repository, "check")
    assert code == 3
    assert " ".join(said.split()).count("pip install") == 1, said


@pytest.mark.usefixtures("without_ctok")
def test_init_tells_a_missing_tokenizer_once(repository: Repository) -> None:
    repository.commit(FILES)
    code, said = run(repository, "init", "--model", "anthropic/claude-sonnet-4-5")
    assert_told_once(said, "Claude's tokenizer is not installed")
    command = re.search(r"`pip [^`]*`", MEND)
    assert command
    assert any(command[0] in line for line in said.splitlines()), "it can be copied"
    assert MEND in " ".join(said.split())
    assert max(map(len, said.splitlines())) <= 80
    assert (code, "pull request" in said.splitlines()[-1]) == (3, False)


def test_init_tells_a_model_that_nobody_knows_once(repository: Repository) -> None:
    repository.commit(FILES)
    code, said = run(repository, "init", "--model", UNKNOWN)
    assert_told_once(said, f"there is no model '{UNKNOWN}' that is known here")
    assert "open a pull request" not in said
    assert code == 3


@pytest.mark.parametrize("command", ["cost", "check"])
def test_the_same_problem_of_many_workflows_is_one(repository: Repository, command: str) -> None:
    repository.commit(FILES)
    repository.branch("work")
    names = {
        f"w{number}": workflow(f"prompts/p{number}/system.md", model="") for number in range(COUNT)
    }
    repository.commit({CONFIGURATION: configuration(names, defaults=f"{{model: {UNKNOWN}}}")})
    code, said = run(repository, command)
    words = " ".join(said.split())
    assert words.count("name an encoding to estimate it by") == 1, said
    assert f"{COUNT} workflows (w0, w1, w2 and 3 more): {CONFIGURATION}:" in words
    assert code == 3


def test_a_total_beside_unmeasured_workflows_says_what_it_is_of(repository: Repository) -> None:
    two = {
        "a": workflow("prompts/p0/system.md"),
        "b": workflow("prompts/p1/system.md", model=UNKNOWN),
    }
    repository.commit({**FILES, CONFIGURATION: configuration(two)})
    code, said = run(repository, "cost")
    assert "total measured" in said
    assert code == 3


@pytest.mark.parametrize("misspelt", ["claude-sonet-4", "openai/gpt-4.1-mni", "opus"])
def test_a_misspelt_model_is_refused(repository: Repository, misspelt: str) -> None:
    repository.commit(FILES)
    code, said = run(repository, "init", "--model", misspelt)
    assert (code, (repository.path / CONFIGURATION).exists()) == (2, False)
    assert "--model: " in said
    assert "did you mean '" in said


@pytest.mark.parametrize(
    ("answers", "model", "told"),
    [
        (["claude-sonet-4", "anthropic/claude-sonnet-4-5"], "anthropic/claude-sonnet-4-5", "did you mean 'anthropic/claude-sonnet-4-6'?"),
        (["20000", "openai/gpt-4o"], "openai/gpt-4o", "there is no model '20000' that is known here"),
        (["acme-9z", "acme-9z"], "acme-9z", "if it is a model of your own, say it once more"),
    ],
)  # fmt: skip
def test_an_answer_that_names_no_known_model_is_asked_again(
    answers: list[str], model: str, told: str
) -> None:
    said = iter([*answers, "", "", ""])
    errors = io.StringIO()
    edges = Edges(
        environment={},
        out=None,
        errors=errors,
        today=date(2026, 11, 1),
        ask=lambda _: next(said),
    )
    chosen: Any = type(
        "Chosen",
        (),
        {"no_input": False, "model": None, "calls": None, "output_tokens": None, "approver": None},
    )
    assert questions.answered(chosen, edges, Basis()).model == model
    assert told in errors.getvalue()


def test_a_maker_alone_is_told_as_one(repository: Repository) -> None:
    named = workflow("prompts/p0/system.md", model="openai")
    repository.commit({**FILES, CONFIGURATION: configuration({"a": named})})
    code, said = run(repository, "cost")
    words = " ".join(said.split())
    assert code == 3
    assert "'openai' is a maker of models, and no model" in words
    assert "name a model of it, such as `openai/gpt-" in words
