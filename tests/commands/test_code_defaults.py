"""The model that code falls back to: where it is priced, and how `init` tells it."""

import re

import pytest

from reviewbot.cli import main
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

FILE = "bot/agent.py"
TEXT = "You answer the questions of customers in short and friendly words, and name their order."
READS = 'os.getenv("SMART", "openai/gpt-4o-mini")'
UNKNOWN = 'os.getenv("SMART", "my-local-model")'
CONFIRMED = "{model: openai/gpt-4.1}"
GUESSED = "{model: openai/gpt-4.1, assumed: [model]}"


def source(model: str) -> str:
    sent = f'messages=[{{"role": "system", "content": "{TEXT}"}}]'
    return f"import os\ndef ask(q):\n    return create(model={model}, {sent})\n"


def configured(defaults: str) -> str:
    settings = workflow(f"'{FILE}#ask.messages'", model="")
    return configuration({"ask": settings}, defaults=defaults)


def run(
    repository: Repository, capsys: pytest.CaptureFixture[str], command: str, *arguments: str
) -> tuple[int, str]:
    capsys.readouterr()
    code = main([command, "--repo", str(repository.path), *arguments])
    return code, capsys.readouterr().out


@pytest.mark.parametrize(
    ("model", "defaults", "named"),
    [
        ('"openai/gpt-4o"', CONFIRMED, "gpt-4o"),
        (READS, CONFIRMED, "gpt-4.1"),
        (READS, GUESSED, "gpt-4o-mini"),
        (READS, "{}", "gpt-4o-mini"),
        (READS, None, "gpt-4o-mini"),
        (UNKNOWN, CONFIRMED, "gpt-4.1"),
        (UNKNOWN, GUESSED, "gpt-4.1"),
        (UNKNOWN, None, "gpt-4.1"),
        ('os.getenv("SMART", "")', GUESSED, "gpt-4.1"),
    ],
)
def test_a_default_counts_where_nobody_has_configured_a_model_and_its_price_is_known(
    repository: Repository,
    capsys: pytest.CaptureFixture[str],
    model: str,
    defaults: str | None,
    named: str,
) -> None:
    more = {} if defaults is None else {CONFIGURATION: configured(defaults)}
    repository.commit({FILE: source(model), **more})
    code, said = run(repository, capsys, "cost")
    (line,) = [line for line in said.splitlines() if line.startswith(("ask ", "agent"))]
    assert re.split(r" {2,}", line)[1] == f"openai/{named}"
    assert code == 0


def test_a_default_that_the_configuration_explains_counts(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    overrides = "{overrides: {my-local-model: {counts_as: openai/gpt-4o, input: $9, output: $9}}}"
    settings = workflow(f"'{FILE}#ask.messages'", model="")
    text = configuration({"ask": settings}, defaults=GUESSED, prices=overrides)
    repository.commit({FILE: source(UNKNOWN), CONFIGURATION: text})
    code, said = run(repository, capsys, "cost")
    assert (code, "my-local-model" in said) == (0, True)


@pytest.mark.parametrize(
    ("option", "model", "expected"),
    [
        ((), READS, ("Code falls back to the model: openai/gpt-4o-mini\n", "goes before it, as")),
        (
            ("--model", "openai/gpt-4.1"),
            READS,
            ("Code falls back to the model: openai/gpt-4o-mini\n", "It goes before what code"),
        ),
        ((), UNKNOWN, ("model: my-local-model, of which no price is known", "goes before it, as")),
        ((), '"openai/gpt-4o"', ("The prompt file names the model: openai/gpt-4o\n",)),
    ],
)
def test_init_tells_a_default_from_a_name(
    repository: Repository,
    capsys: pytest.CaptureFixture[str],
    option: tuple[str, ...],
    model: str,
    expected: tuple[str, ...],
) -> None:
    repository.commit({FILE: source(model)})
    code, _ = run(repository, capsys, "init", "--no-input", *option)
    text = (repository.path / CONFIGURATION).read_text()
    assert code == 0
    assert all(item in text for item in expected)
    is_guess = not option and model != '"openai/gpt-4o"'
    assert ("assumed: [model" in text) == is_guess
    assert ("falls back" in text) == (len(expected) > 1)
    assert "# Not measured" not in text


@pytest.mark.parametrize("defaults", [CONFIRMED, GUESSED])
def test_a_default_that_changes_is_told_whatever_is_priced(
    repository: Repository, defaults: str
) -> None:
    text = configured(defaults)
    done = change(
        repository,
        {FILE: source(READS), CONFIGURATION: text},
        {FILE: source(READS.replace("gpt-4o-mini", "gpt-5"))},
    )
    found = {item["rule"]: item for item in done.workflow("ask")["findings"]}
    assert done.code == 1
    assert found["request"]["verdict"] == "needs-approval"
    assert "the request's `model` is another" in found["request"]["text"]
