"""`reviewbot init --update` adds what is new, and leaves every byte of the rest as it was."""

import io
from contextlib import redirect_stderr, redirect_stdout

import pytest

from reviewbot.cli import main
from reviewbot.configuration.reading import read_configuration
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, review

MINE = """\
# ours
version: 1   # do not touch

workflows:
    zeta:    # first, for a reason
        prompts: prompts/zeta.md
        model: openai/gpt-4o

    alpha: {prompts: [prompts/alpha/system.md, "app/texts.py#ALPHA_PROMPT"]}
    # the last comment of the workflows

# budgets come below
defaults: {model: openai/gpt-4.1, traffic: [{calls: 10/day, output_tokens: 5}]}
coverage: {ignore: [prompts/draft.md]}
"""
LONG = "You sort parcels by size and weight, and answer with a number only. " * 2
FILES: dict[str, str | bytes | None] = {
    CONFIGURATION: MINE,
    "prompts/zeta.md": "z",
    "prompts/alpha/system.md": "a",
    "prompts/draft.md": "no prompt yet",
    "app/texts.py": f'ALPHA_PROMPT = "{LONG}"\n',
}


def update(repository: Repository, *arguments: str) -> Outcome:
    out, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(errors):
        code = main(["init", "--update", "--repo", str(repository.path), *arguments])
    return Outcome(code=int(code), out=out.getvalue(), errors=errors.getvalue())


def written(repository: Repository) -> str:
    return (repository.path / CONFIGURATION).read_bytes().decode()


def test_nothing_new_changes_nothing(repository: Repository) -> None:
    repository.commit(FILES)
    outcome = update(repository)
    assert (outcome.code, written(repository)) == (0, MINE)
    assert "no new prompts" in outcome.out


def test_what_is_new_stands_behind_the_others(repository: Repository) -> None:
    repository.commit(
        {**FILES, "prompts/beta.j2": "Hi {{ name }}", "app/new.py": f'ZETA_PROMPT = "{LONG}!"\n'}
    )
    outcome = update(repository)
    assert outcome.code == 0, outcome.errors
    text = written(repository)
    assert "added: beta: prompts/beta.j2" in outcome.out
    head, _, tail = text.partition("\n\n    beta:\n")
    assert head == MINE.partition("\n    # the last")[0]
    assert text.endswith(MINE[MINE.index("\n    # the last") :])
    assert tail.startswith("      prompts:\n        - prompts/beta.j2\n      samples:\n")
    found = read_configuration(text, file=CONFIGURATION)
    assert [*found.workflows] == ["zeta", "alpha", "beta", "new-zeta"]
    assert review(repository, "--worktree").code == 0
    again = update(repository)
    assert (written(repository), "no new prompts" in again.out) == (text, True)


def test_line_ends_stay(repository: Repository) -> None:
    windows = MINE.replace("\n", "\r\n")
    repository.commit({**FILES, CONFIGURATION: windows.encode(), "prompts/beta.md": "b"})
    assert update(repository).code == 0
    text = written(repository)
    assert text.count("\n") == text.count("\r\n") > windows.count("\n")
    assert "beta" in read_configuration(text, file=CONFIGURATION).workflows


def test_an_empty_mapping_gets_its_first(repository: Repository) -> None:
    repository.commit({"prompts/beta.md": "b", CONFIGURATION: "version: 1\nworkflows: {}\n"})
    assert update(repository).code == 0
    found = read_configuration(written(repository), file=CONFIGURATION).workflows["beta"]
    assert found.assumed == ("model", "traffic")
    assert found.traffic
    assert found.model == "openai/gpt-4.1"


def test_nothing_is_removed_silently(repository: Repository) -> None:
    repository.commit({**FILES, "prompts/alpha/user.md": "{{ question }}"})
    repository.commit({"prompts/zeta.md": None})
    outcome = update(repository)
    assert (outcome.code, written(repository)) == (0, MINE)
    assert (
        "gone: prompts/zeta.md of `zeta` (line 6): take the workflow `zeta` out by hand"
        in " ".join(outcome.out.split())
    )
    assert "not added: prompts/alpha/user.md: it looks like a message of `alpha`" in outcome.out


def test_what_cannot_be_measured_is_added_as_a_comment(repository: Repository) -> None:
    repository.commit({**FILES, "prompts/bad.j2": "{% if %}"})
    outcome = update(repository)
    assert outcome.code == 0
    assert "added: bad: prompts/bad.j2 (as a comment: " in outcome.out
    assert "# bad:" in written(repository)
    assert read_configuration(written(repository), file=CONFIGURATION).workflows.keys() == {
        "zeta",
        "alpha",
    }


def test_the_text_can_be_printed(repository: Repository) -> None:
    repository.commit({**FILES, "prompts/beta.md": "b"})
    outcome = update(repository, "--output", "-")
    assert written(repository) == MINE
    assert "    beta:\n" in outcome.out


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("version: 1\nworkflows: {a: {prompts: prompts/zeta.md, model: openai/gpt-4o, traffic: [{calls: 1/day, output_tokens: 1}]}}\n", 2, "write each in lines of its own"),
        ("version: 1\nworkflow: {}\n", 2, "the key 'workflow' is unknown"),
        (None, 2, "write a first one: `reviewbot init`"),
    ],
)  # fmt: skip
def test_what_cannot_be_updated_is_told(
    repository: Repository, text: str | None, code: int, said: str
) -> None:
    repository.commit({**FILES, CONFIGURATION: text if text is not None else MINE})
    if text is None:
        repository.commit({CONFIGURATION: None})
    outcome = update(repository)
    assert outcome.code == code
    assert said in outcome.errors


def test_the_workflow_for_github_is_written_too(repository: Repository) -> None:
    repository.commit(FILES)
    outcome = update(repository, "--github")
    assert (outcome.code, written(repository)) == (0, MINE)
    place = repository.path / ".github/workflows/prompt-costs.yml"
    assert "branches: [main]" in place.read_text("utf-8")
    file = ".github/workflows/prompt-costs.yml"
    assert f"written: {file}, for pull requests to main" in outcome.out
    place.write_text("mine")
    assert f"kept: {file}" in update(repository, "--github").out
    assert place.read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    "option",
    [
        ("--model", "openai/gpt-4o"),
        ("--calls", "9/day"),
        ("--output-tokens", "9"),
        ("--approver", "kim"),
    ],
)
def test_an_answer_that_would_be_ignored_is_refused(
    repository: Repository, option: tuple[str, str]
) -> None:
    repository.commit({**FILES, "prompts/beta.md": "b"})
    outcome = update(repository, *option)
    assert (outcome.code, written(repository)) == (2, MINE)
    assert f"--update changes nothing that is there, so {option[0]} has no effect" in outcome.errors
    assert f"leave it out, and edit {CONFIGURATION}" in outcome.errors


@pytest.mark.parametrize("more", [(), ("--update",)])
def test_what_is_printed_has_no_workflow_for_github_beside_it(
    repository: Repository, more: tuple[str, ...]
) -> None:
    repository.commit(FILES)
    out, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(errors):
        code = main(["init", "--repo", str(repository.path), "--output", "-", "--github", *more])
    assert (int(code), out.getvalue()) == (2, "")
    assert "`--output -` writes no file, so --github has no effect" in errors.getvalue()
    assert "leave one of them out" in errors.getvalue()


def test_what_was_left_out_is_said_once(repository: Repository) -> None:
    """The file names it from `init` on; only what comes later is new."""
    short = 'SHORT_PROMPT = "You are a bot, and brief in all you say."\n'
    repository.commit({"prompts/a.md": "Sort the mail.", "app/a.py": short})
    assert main(["init", "--repo", str(repository.path)]) == 0
    assert "left out" not in update(repository).out
    repository.commit({"app/b.py": short})
    said = update(repository).out
    assert "left out, 1 text that the file does not name:" in said
    assert "app/b.py#SHORT_PROMPT" in said
    assert "app/a.py" not in said


def test_a_file_of_messages_of_which_a_workflow_names_one_is_told(repository: Repository) -> None:
    said = "Sort the mail into bills and orders and the rest. " * 3
    file = f"name: sort\nmodel: gpt-4.1\nmessages:\n- {{role: system, content: {said}}}\n- {{role: user, content: '{{{{ mail }}}}'}}\n"
    part = '{path: "prompts/sort.yaml#messages.0.content", format: text}'
    text = f"version: 1\ndefaults: {{model: gpt-4.1, traffic: [{{calls: 1/day, output_tokens: 9}}]}}\nworkflows:\n  sort:\n    prompts: [{part}]\n"
    repository.commit({CONFIGURATION: text, "prompts/sort.yaml": file})
    outcome = update(repository)
    assert "not added: prompts/sort.yaml: `sort` names a part of it; name the" in outcome.out
    assert written(repository) == text
