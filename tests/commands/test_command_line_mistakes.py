"""Command lines that are refused: each message says what to type instead, and in one line."""

from pathlib import Path

import pytest

from reviewbot.cli import main
from reviewbot.exit_codes import ExitCode
from tests.support.mistakes import BODY
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION

WRONG = [
    # what is typed, what is wrong, what to type instead
    ("check --json", "unrecognized arguments: --json", "did you mean `--format json`?"),
    ("check --md", "unrecognized arguments: --md", "did you mean `--format markdown`?"),
    (
        "check --branch main",
        "unrecognized arguments: --branch main",
        "did you mean `--base main` (compared with) or `--head main` (reviewed)?",
    ),
    (
        "cost --workflow triage",
        "unrecognized arguments: --workflow",
        "it stands by itself: `reviewbot cost triage`",
    ),
    (
        "check a.j2",
        "unrecognized arguments: a.j2",
        "to see what a file costs by line: `reviewbot explain a.j2`",
    ),
    ("check main", "unrecognized arguments: main", "did you mean `--base main`?"),
    ("check main~0", "unrecognized arguments: main~0", "did you mean `--base main~0`?"),
    (
        "check main..HEAD",
        "unrecognized arguments: main..HEAD",
        "did you mean `--base main --head HEAD`?",
    ),
    ("baseline main", "unrecognized arguments: main", "did you mean `--head main`?"),
    ("init main", "unrecognized arguments: main", "did you mean `--head main`?"),
    (
        "check triage",
        "unrecognized arguments: triage",
        "check reviews all that the change concerns; of one workflow: `reviewbot explain triage`",
    ),
    (
        "check --staged no.j2 a.j2",
        "unrecognized arguments: no.j2 a.j2",
        "check reviews all that the change concerns; leave it out",
    ),
    (
        "baseline triage",
        "unrecognized arguments: triage",
        "baseline records every workflow; of one workflow: `reviewbot cost triage`",
    ),
    ("formats jinja", "unrecognized arguments: jinja", "formats lists them all; leave it out"),
    ("check --worktre", "unrecognized arguments: --worktre", "did you mean `--worktree`?"),
    (
        "check --output x.json",
        "unrecognized arguments: --output x.json",
        "did you mean `--write json=x.json`?",
    ),
    ("check -o x.xml", "unrecognized arguments: -o x.xml", "did you mean `--write junit=x.xml`?"),
    ("history -n 3", "unrecognized arguments: -n", "did you mean `--last 3`?"),
    ("history --limit 3", "unrecognized arguments: --limit", "did you mean `--last 3`?"),
    (
        "cost --model openai/gpt-4.1",
        "unrecognized arguments: --model",
        "to try another: edit `model`, then `reviewbot cost --worktree`",
    ),
    ("validate", "argument COMMAND: invalid choice: 'validate'", "did you mean `check`?"),
    ("schema config", "argument of: invalid choice: 'config'", "did you mean `configuration`?"),
    (
        "schema",
        "the following arguments are required: of",
        "name one of `configuration`, `report`, `baseline`, `failure`",
    ),
    (
        "check --zzz",
        "unrecognized arguments: --zzz",
        "`reviewbot check --help` lists what it takes",
    ),
    ("diff", "argument COMMAND: invalid choice: 'diff'", "did you mean `check`?"),
    ("review", "argument COMMAND: invalid choice: 'review'", "did you mean `check`?"),
    ("estimate", "argument COMMAND: invalid choice: 'estimate'", "did you mean `cost`?"),
    ("chek", "argument COMMAND: invalid choice: 'chek'", "did you mean `check`?"),
    ("check --format md", "argument --format: invalid choice: 'md'", "did you mean `markdown`?"),
    ("--verison", "the following arguments are required: COMMAND", "did you mean `--version`?"),
    (
        "--config x.yml check --worktree",
        "argument COMMAND: invalid choice: 'x.yml'",
        "options stand behind the command: `reviewbot check --config x.yml --worktree`",
    ),
    (
        "cost --format json",
        "unrecognized arguments: --format",
        "cost has no --format; `reviewbot check --format json` has",
    ),
    (
        "cost --json",
        "unrecognized arguments: --json",
        "cost has no --json; `reviewbot check --format json` has the figures",
    ),
    (
        "check --include=prompts",
        "unrecognized arguments: --include=prompts",
        "check has no --include; `reviewbot init --include prompts` has",
    ),
    (
        "check --write out.json",
        "argument --write: 'out.json' is not FORMAT=FILE",
        "did you mean `--write json=out.json`?",
    ),
    (
        "check --write jsn=x",
        "argument --write: 'jsn=x' is not FORMAT=FILE",
        "did you mean `--write json=x`?",
    ),
    (
        "check --write sarif",
        "argument --write: 'sarif' is not FORMAT=FILE",
        "name the file: `--write sarif=FILE`",
    ),
    ("check -b main", "unrecognized arguments: -b main", "did you mean `--base main`?"),
    ("check --target=main", "unrecognized arguments: --target=main", "did you mean `--base main`?"),
    ("check -b", "unrecognized arguments: -b", "did you mean `--base REVISION`?"),
    ("check -c x.yml", "unrecognized arguments: -c x.yml", "did you mean `--config x.yml`?"),
    ("cost -c x.yml", "unrecognized arguments: -c", "did you mean `--config x.yml`?"),
    ("check -f json", "unrecognized arguments: -f json", "did you mean `--format json`?"),
    ("check --out json", "unrecognized arguments: --out json", "did you mean `--format json`?"),
    ("check -o md", "unrecognized arguments: -o md", "did you mean `--format markdown`?"),
    ("check -v", "unrecognized arguments: -v", "did you mean `--verbose`?"),
    ("check -q", "unrecognized arguments: -q", "did you mean `--quiet`?"),
    ("check --cached", "unrecognized arguments: --cached", "did you mean `--staged`?"),
    ("cost --uncommitted", "unrecognized arguments: --uncommitted", "did you mean `--worktree`?"),
    ("check --no-color", "unrecognized arguments: --no-color", "did you mean `--colour never`?"),
    ("check -C x", "unrecognized arguments: -C x", "did you mean `--repo x`?"),
    (
        "init -m openai/gpt-5",
        "unrecognized arguments: -m openai/gpt-5",
        "did you mean `--model openai/gpt-5`?",
    ),
    (
        "check --format=JSON",
        "argument --format: invalid choice: 'JSON'",
        "did you mean `json`?",
    ),
    (
        "check --colour",
        "argument --colour/--color: expected one argument",
        "write `--colour {auto,always,never}`",
    ),
    (
        "--worktree check",
        "unrecognized arguments: --worktree",
        "options stand behind the command: `reviewbot check --worktree`",
    ),
]


@pytest.mark.parametrize("wrong", WRONG, ids=[row[0] for row in WRONG])
def test_a_wrong_command_line_is_told_with_the_right_one(
    wrong: tuple[str, str, str],
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    typed, what, mend = wrong
    repository.commit({"a.j2": "Hello\n", CONFIGURATION: BODY})
    monkeypatch.chdir(repository.path)
    monkeypatch.setenv("COLUMNS", "400")
    with pytest.raises(SystemExit) as ended:
        main(typed.split())
    assert ended.value.code == 2
    said = capsys.readouterr().err.strip()
    assert said.endswith(f"error: {what}; {mend}")
    assert "\n" not in said


@pytest.mark.parametrize("value", ["json", "jsn"])
def test_an_option_and_its_value_in_one_argument_are_told(
    value: str,
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    repository.commit({"prompts/a.j2": "Hello\n", CONFIGURATION: BODY})
    monkeypatch.chdir(repository.path)
    monkeypatch.setenv("COLUMNS", "400")
    with pytest.raises(SystemExit):
        main(["check", f"--format {value}"])
    mend = "one argument holds a blank: write `--format=json`, or in YAML `[--format, json]`"
    assert mend in capsys.readouterr().err
    assert main(["check", "--format=json"]) == 0


@pytest.mark.parametrize("typed", ["zzz", "check --format zzz"])
def test_what_may_be_chosen_is_listed_where_nothing_is_near(
    typed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(typed.split())
    assert "(choose from " in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    ("base", "said"),
    [
        ("main..work", "'main..work' is a range, and no revision; write `--base main --head work`"),
        ("main...work", "is a range, and no revision; write `--base main --head work`"),
    ],
)
def test_a_range_is_no_base(
    base: str, said: str, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit({"a.j2": "Hello\n"})
    assert main(["check", "--repo", str(repository.path), "--base", base]) != 0
    assert said in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("history main~0", "there is no workflow 'main~0', but a revision; did you mean `--head"),
        ("history HEAD~3", "'HEAD~3', but a revision; did you mean `--head HEAD~3`?"),
        ("cost HEAD", "there is no workflow 'HEAD', but a revision; did you mean `--head HEAD`?"),
        ("cost HEAD..main", "but a revision; did you mean `--head main`?"),
        (
            "explain main",
            "there is no workflow 'main', but a revision; write `WORKFLOW --head main`",
        ),
        ("cost trige", "there is no workflow 'trige'; did you mean `triage`?"),
    ],
)
def test_a_revision_is_no_workflow(
    typed: str,
    said: str,
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    repository.commit({"prompts/a.j2": "Hello\n", CONFIGURATION: BODY})
    monkeypatch.chdir(repository.path)
    assert main(typed.split()) != 0
    assert said in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("command", ["check", "cost", "init", "baseline", "history"])
def test_a_folder_without_a_repository_is_what_git_cannot_give(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "--repo", str(tmp_path)]) == ExitCode.UNMEASURED
    assert "is not a git repository; run reviewbot inside one" in capsys.readouterr().err
