"""Command lines that are refused: each message says what to type instead, and in one line."""

import pytest

from reviewbot.cli import main
from tests.support.repository import Repository

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
    repository.commit({"a.j2": "Hello\n"})
    monkeypatch.chdir(repository.path)
    monkeypatch.setenv("COLUMNS", "400")
    with pytest.raises(SystemExit) as ended:
        main(typed.split())
    assert ended.value.code == 2
    said = capsys.readouterr().err.strip()
    assert said.endswith(f"error: {what}; {mend}")
    assert "\n" not in said


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
