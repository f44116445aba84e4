"""Mistakes that stand in the repository: `cost` and `explain` tell them beside the figures."""

import io
from contextlib import redirect_stderr, redirect_stdout

import pytest

from reviewbot.cli import main
from tests.support.mistakes import BODY, PROMPT, configured
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION

MEASURING = (("cost",), ("explain", "triage"))
CONFLICT = "Hello\n<<<<<<< HEAD\nold\n=======\nnew\n>>>>>>> feature\n"


def run(repository: Repository, *arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        code = main([*arguments, "--repo", str(repository.path)])
    return int(code), " ".join(out.getvalue().split())


@pytest.mark.parametrize("command", MEASURING)
def test_marks_of_a_merge_conflict_are_told(
    command: tuple[str, ...], repository: Repository
) -> None:
    repository.commit(configured(BODY, **{PROMPT: CONFLICT}))
    code, said = run(repository, *command)
    assert code == 0
    assert "prompts/a.j2:2 seems to hold an unresolved merge conflict, and both sides count" in said
    assert "keep one side, and take out git's marks" in said
    repository.commit({PROMPT: "Hello\nnew\n"})
    assert "merge conflict" not in run(repository, *command)[1]


def test_marks_of_a_merge_conflict_are_told_without_a_configuration(
    repository: Repository,
) -> None:
    repository.commit({"prompts/a.md": f"You sort the mail.\n{CONFLICT}"})
    assert "prompts/a.md:3 seems to hold an unresolved merge conflict" in run(repository, "cost")[1]


def test_another_workflows_conflict_is_not_told(repository: Repository) -> None:
    other = "  other: {prompts: b.txt, model: openai/gpt-4.1, traffic: [{calls: 9/day, "
    text = BODY + other + "output_tokens: 9}]}\n"
    repository.commit(configured(text, **{PROMPT: "Hello\n", "b.txt": CONFLICT}))
    assert "conflict" not in run(repository, "explain", "triage")[1]
    assert "b.txt:2 seems to hold" in run(repository, "explain", "other")[1]


def test_costs_say_that_samples_are_lacking(repository: Repository) -> None:
    repository.commit(configured(BODY, **{PROMPT: "Hello {{ name }}\n"}))
    said = "guessed: `triage` has no samples, so what variables hold counts as nothing; "
    mend = "`reviewbot init --update` writes first samples, or says why not"
    assert f"{said}{mend}" in run(repository, "cost")[1]
    assert said in run(repository, "cost", "triage")[1]
    typed = mend.replace("--update`", "--update --worktree`")
    assert f"{said}{typed}" in run(repository, "cost", "--worktree")[1]
    assert run(repository, "init", "--update", "--worktree")[0] == 0
    assert "no samples" not in run(repository, "cost", "--worktree")[1]
    assert "samples:" in (repository.path / CONFIGURATION).read_text("utf-8")


def test_costs_say_which_price_is_not_used(repository: Repository) -> None:
    prices = "prices: {overrides: {openai/gpt-4-1: {input: 2, output: 8}}}\n"
    repository.commit(configured(BODY + prices, **{PROMPT: "Hello\n"}))
    said = ".github/reviewbot.yml:7: no workflow calls 'openai/gpt-4-1', so its price is not used"
    assert f"{said}; did you mean 'openai/gpt-4.1'?" in run(repository, "cost")[1]
    repository.commit(configured(BODY + prices.replace("4-1", "4.1"), **{PROMPT: "Hello\n"}))
    assert "not used" not in run(repository, "cost")[1]


def overrides(text: str) -> dict[str, str | bytes | None]:
    return configured(f"{BODY}prices:\n  overrides:\n    {text}\n", **{PROMPT: "Hello\n"})


MODEL = "openai/gpt-4.1"


@pytest.mark.parametrize(
    ("given", "said", "mended"),
    [
        ("0.000002, output: 8", "1/1,000,000 of the catalogue's $2", "2"),
        ("0.0018, output: 8", "1/1,111 of the catalogue's $2", "1.8"),
        ("2000, output: 8", "1,000 times the catalogue's $2", "2"),
        ("300, output: 8", "150 times the catalogue's $2", "0.3"),
        ("700, output: 8", "350 times the catalogue's $2", "0.7"),
    ],
)
def test_a_price_of_another_unit_is_told(
    given: str, said: str, mended: str, repository: Repository
) -> None:
    repository.commit({"README.md": "x"})
    repository.branch("work")
    repository.commit(overrides(f"{MODEL}: {{input: {given}}}"))
    text = (
        f"input of {MODEL} is {said}; prices are in USD per million tokens: write `input: {mended}`"
    )
    for command in (("check",), *MEASURING):
        code, out = run(repository, *command)
        assert code == 0
        assert ".github/reviewbot.yml:9" in out
        assert text in out
    repository.commit(overrides(f"{MODEL}: {{input: {mended}, output: 8}}"))
    for command in (("check",), *MEASURING):
        assert "catalogue's" not in run(repository, *command)[1]


@pytest.mark.parametrize(
    "given",
    [
        f"{MODEL}: {{input: 0, output: 0}}",
        f"{MODEL}: {{input: 0.1, output: 0.5}}",
        "local/llama-of-ours: {input: 0.0001, output: 0.0001, counts_as: openai/gpt-4.1}",
    ],
)
def test_a_price_of_ones_own_is_left_alone(given: str, repository: Repository) -> None:
    repository.commit(overrides(given))
    code, out = run(repository, "cost")
    assert (code, "catalogue's" in out) == (0, False)


def test_a_price_of_a_service_tier_is_compared_with_that_tier(repository: Repository) -> None:
    repository.commit(overrides(f"{MODEL}@batch: {{input: 0.000001, output: 4}}"))
    said = f"input of {MODEL}@batch is 1/1,000,000 of the catalogue's $1; prices"
    assert said in run(repository, "cost")[1]
