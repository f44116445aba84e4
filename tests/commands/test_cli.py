"""The command line as its users meet it: processes, exit codes, streams."""

import io
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import reviewbot
from reviewbot import cli, prompt_formats
from reviewbot.commands import check
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, configuration, review, tokens, workflow

FAILING = configuration({"w": workflow(envelope="{input_tokens: {hard: 20}}")})


class Tty(io.StringIO):
    """A stream that says it is a terminal, and has no descriptor."""

    def isatty(self) -> bool:
        return True


def command(
    repository: Repository, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "reviewbot", *arguments],
        cwd=repository.path,
        env=os.environ | environment,
        capture_output=True,
        check=False,
    )


@pytest.fixture
def failing(repository: Repository) -> Repository:
    repository.commit({CONFIGURATION: FAILING, PROMPT: tokens(10)})
    repository.branch("work")
    repository.commit({PROMPT: tokens(30)})
    return repository


def test_exit_codes(failing: Repository) -> None:
    assert command(failing, "check").returncode == 1
    assert command(failing, "check", "--head", "main").returncode == 0
    assert command(failing, "check", "--base", "nowhere").returncode == 3
    assert command(failing, "check", "--config", "nowhere.yml").returncode == 2
    assert command(failing, "check", "--base", "--all").returncode == 2
    assert command(failing, "check", "--staged", "--worktree").returncode == 2
    assert command(failing, "review").returncode == 2
    assert command(failing).returncode == 2


def test_errors_go_to_the_error_stream_and_name_the_mend(failing: Repository) -> None:
    done = command(failing, "check", "--base", "nowhere")
    assert done.stdout == b""
    assert done.stderr.decode() == (
        "reviewbot: the revision 'nowhere' is not in this repository; name a branch that is here "
        "(main, work) with --base\n"
    )


def test_a_fault_of_its_own_is_no_verdict(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(check, "run", fail)
    assert cli.main(["check"]) == 4
    assert "this is a fault of reviewbot itself" in capsys.readouterr().err


def test_an_interrupted_review_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(check, "run", interrupt)
    assert cli.main(["check"]) == 130


def test_a_reader_that_goes_away_does_not_change_the_verdict(failing: Repository) -> None:
    script = f"{sys.executable} -m reviewbot check --format json; echo $? >&2"
    done = subprocess.run(
        ["bash", "-c", f"({script}) | head -c 1"], cwd=failing.path, capture_output=True, check=True
    )
    assert done.stdout == b"{"
    assert done.stderr == b"1\n"


@pytest.mark.parametrize("form", ["terminal", "markdown", "json"])
def test_a_reader_that_has_gone_already_does_not_change_the_verdict(
    failing: Repository, form: str
) -> None:
    # A short report fits into a pipe's buffer: only an end that is closed before gives EPIPE.
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(
            [sys.executable, "-m", "reviewbot", "check", "--format", form],
            cwd=failing.path,
            stdout=pipe,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize("name", ["check", "cost", "history"])
def test_a_report_that_is_lost_is_no_pass(
    name: str,
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    repository.commit({CONFIGURATION: FAILING, PROMPT: tokens(10)})
    monkeypatch.chdir(repository.path)
    with open("/dev/full", "w", encoding="utf-8", buffering=1) as full:
        full.reconfigure(write_through=True)
        monkeypatch.setattr(sys, "stdout", full)
        assert cli.main([name]) == 3
    said = "reviewbot: the report could not be written: no space left on the device\n"
    assert capsys.readouterr().err.count(said) == 1
    monkeypatch.setattr(sys, "stdout", None)
    assert cli.main([name]) == 3
    said = "reviewbot: the report could not be written: standard output is closed\n"
    assert said in capsys.readouterr().err


def test_a_lost_report_keeps_the_code_of_a_failure(
    failing: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(failing.path)
    monkeypatch.setattr(sys, "stdout", None)
    assert cli.main(["check"]) == 1


@pytest.mark.parametrize("form", ["terminal", "markdown", "json"])
def test_any_locale_can_print_the_report(failing: Repository, form: str) -> None:
    done = command(failing, "check", "--format", form, LC_ALL="C", PYTHONIOENCODING="ascii")
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


def test_an_arrow_is_ascii_where_the_terminal_is(failing: Repository) -> None:
    brief = command(failing, "check", LC_ALL="C", PYTHONIOENCODING="ascii")
    assert b"\nx  w " in brief.stdout
    done = command(failing, "check", "--verbose", LC_ALL="C", PYTHONIOENCODING="ascii")
    assert b"mean 17 -> 37, largest 17 -> 37" in done.stdout


def test_schemas_and_version(failing: Repository) -> None:
    for of in ("configuration", "report"):
        schema = json.loads(command(failing, "schema", of).stdout)
        Draft202012Validator.check_schema(schema)
    version = command(failing, "--version").stdout.decode()
    assert version == f"reviewbot {reviewbot.__version__}\n"


def test_where_nothing_concerns_prompts_nothing_heavy_is_imported(repository: Repository) -> None:
    repository.commit({CONFIGURATION: FAILING, PROMPT: tokens(10)})
    repository.branch("work")
    repository.commit({"program.py": "pass"})
    script = (
        "import sys; from reviewbot.cli import main; code = main(['check']);"
        "heavy = {'tiktoken', 'github', 'genai_prices', 'jinja2', 'pydantic', 'regex', 'requests',"
        "'dataclasses', 'pathlib', 'hashlib', 'importlib.metadata'};"
        "print(code, sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", script],
        cwd=repository.path,
        env={name: value for name, value in os.environ.items() if not name.startswith("COV")},
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode().splitlines()[-1] == "0 []"


def test_no_network_is_used(failing: Repository, tmp_path: Path) -> None:
    trap = tmp_path / "sitecustomize.py"
    trap.write_text(
        "import socket\n"
        "def refuse(*a, **k): raise RuntimeError('the network was asked for')\n"
        "socket.socket.connect = refuse\nsocket.getaddrinfo = refuse\n"
    )
    done = command(failing, "check", PYTHONPATH=str(tmp_path), TIKTOKEN_CACHE_DIR=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr == b""
    assert sorted(item.name for item in tmp_path.iterdir() if item.is_file()) == [
        "sitecustomize.py"
    ]


def test_colour_is_for_terminals_and_for_those_who_ask(failing: Repository) -> None:
    assert "\x1b" not in review(failing, form="terminal").out
    assert "\x1b[1;31m" in review(failing, "--colour", "always", form="terminal").out
    terminal = {"TERM": "xterm"}
    out = Tty()
    assert check._has_colour("auto", terminal, out)  # noqa: SLF001 - the rule itself
    assert not check._has_colour("never", terminal, out)  # noqa: SLF001 - likewise
    assert not check._has_colour("auto", terminal | {"NO_COLOR": "1"}, out)  # noqa: SLF001 - likewise
    assert not check._has_colour("auto", {"TERM": "dumb"}, out)  # noqa: SLF001 - likewise


def test_progress_is_for_terminals() -> None:
    out = Tty()
    show = check._progress(out)  # noqa: SLF001 - what is printed
    show(3, 1_200)
    show(1_200, 1_200)
    assert out.getvalue() == "\rmeasured 3 of 1,200 workflows\r\x1b[K"


@pytest.mark.parametrize(("columns", "width"), [("101", 101), ("wide", 80), (None, 80)])
def test_the_report_is_as_wide_as_columns_says(
    failing: Repository, monkeypatch: pytest.MonkeyPatch, columns: str | None, width: int
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    if columns is not None:
        monkeypatch.setenv("COLUMNS", columns)
    lines = command(failing, "check").stdout.decode().splitlines()
    assert width - 12 < max(map(len, lines)) <= width


def test_formats_are_listed(failing: Repository) -> None:
    shown = command(failing, "formats").stdout.decode().splitlines()
    assert max(map(len, shown)) <= 80
    assert "jinja" in {line.split(" ")[0] for line in shown}
    assert sum(not line.startswith(" ") for line in shown) == len(prompt_formats.names())
    listed = json.loads(command(failing, "formats", "--format", "json").stdout)
    assert [item["name"] for item in listed] == list(prompt_formats.names())
    assert {
        "name": "jinja",
        "title": "Jinja2 templates",
        "recognized": ["*.j2", "*.jinja", "*.jinja2"],
    } in listed


def test_quiet_says_the_verdict_only(failing: Repository) -> None:
    outcome = review(failing, "--quiet", form="terminal")
    assert outcome.out == (
        "reviewbot: fail: w sends 37 input tokens (max), 17 over its hard limit of 20;\n"
        "$1.04 → $1.09 a month (+$0.05).\n"
    )
    assert outcome.code == 1


def test_a_change_of_two_words_takes_fewer_than_fifteen_lines(repository: Repository) -> None:
    repository.commit(
        {CONFIGURATION: configuration({"w": workflow(), "x": workflow("b.txt")}), PROMPT: tokens(9)}
        | {"b.txt": tokens(50)}
    )
    repository.branch("work")
    repository.commit({PROMPT: tokens(11)})
    lines = review(repository, form="terminal").out.splitlines()
    assert len(lines) < 15
    assert lines[-1].startswith("reviewbot: pass: ")


def test_the_table_is_coloured_by_direction(failing: Repository) -> None:
    shown = review(failing, "--colour", "always", form="terminal").out
    assert "\x1b[31m+$0.05" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--base", "nowhere"), "reviewbot: the revision 'nowhere' is not in this repository;"),
        (("--format", "nothing"), "reviewbot check: error: argument --format: invalid choice:"),
    ],
)
def test_errors_and_notes_fit_the_terminal(
    arguments: tuple[str, ...], said: str, failing: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = Tty()
    monkeypatch.setattr(sys, "stderr", errors)
    monkeypatch.setenv("COLUMNS", "60")
    with suppress(SystemExit):
        cli.main(["check", "--repo", str(failing.path), *arguments])
    lines = errors.getvalue().splitlines()
    told = lines[lines.index(said) :]
    assert len(told) > 1
    assert max(map(len, told)) <= 60


@pytest.mark.parametrize("command", ["cost", "calibrate", "drift"])
def test_help_is_no_wider_than_the_usual_terminal(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        cli.main([command, "--help"])
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80
