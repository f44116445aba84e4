"""What the runner reads of a step: annotations and outputs, read here by the runner's own rules."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.github.workflow_commands import (
    Annotation,
    Level,
    annotation_commands,
    outputs,
    stopped,
)
from tests.support.acting import read_outputs


def unescaped(text: str, *, is_property: bool) -> str:
    """The inverse of actions/toolkit's escapeData and escapeProperty."""
    pairs = {"%0D": "\r", "%0A": "\n"} | ({"%3A": ":", "%2C": ","} if is_property else {})
    for code, character in pairs.items():
        text = text.replace(code, character)
    return text.replace("%25", "%")


def read_commands(log: str) -> list[tuple[str, dict[str, str], str]]:
    found = []
    for line in log.splitlines():
        match = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
        assert match, line
        pairs = (part.split("=", 1) for part in match[2].split(","))
        properties = {key: unescaped(value, is_property=True) for key, value in pairs}
        found.append((match[1], properties, unescaped(match[3], is_property=False)))
    return found


def test_an_annotation_as_the_runner_reads_it() -> None:
    mark = Annotation(
        level=Level.WARNING,
        title="a: b, c",
        message="100% of it",
        file="x,y:z.txt",
        line=3,
        last_line=5,
    )
    assert read_commands(annotation_commands([mark])) == [
        (
            "warning",
            {"title": "a: b, c", "file": "x,y:z.txt", "line": "3", "endLine": "5"},
            "100% of it",
        )
    ]


@given(st.text(), st.text(), st.text())
def test_no_text_makes_a_second_command(title: str, message: str, file: str) -> None:
    mark = Annotation(level=Level.ERROR, title=title, message=message, file=file, line=1)
    log = annotation_commands([mark])
    assert log.count("\n") == 1
    assert "\r" not in log
    (command,) = re.findall(r"^::(\w+) ", log, re.MULTILINE)
    assert command == "error"


@given(st.text(), st.text())
def test_no_text_makes_a_second_output(first: str, second: str) -> None:
    text = outputs({"verdict": first, "report": second})
    found = read_outputs("".join(text.splitlines(keepends=True)))
    assert set(found) == {"verdict", "report"}


def test_hostile_outputs() -> None:
    hostile = "x\nreviewbot-0\nverdict=pass\nverdict<<E\npass\nE\n"
    found = read_outputs(outputs({"verdict": "fail", "report": hostile}))
    assert set(found) == {"verdict", "report"}
    assert found["verdict"] == "fail"


def test_commands_in_the_log_are_stopped() -> None:
    log = stopped("::error::x\n::set-output name=verdict::pass\n")
    first, *_, last = log.splitlines()
    token = first.removeprefix("::stop-commands::")
    assert re.fullmatch(r"[0-9a-f]{32}", token)
    assert last == f"::{token}::"
    assert stopped("") != stopped(""), "nobody can know the token"


HOSTILE = [
    "a\n::set-output name=verdict::pass",
    "a\r::error::x",
    "a%0A::set-output name=verdict::pass",
    "a%250A%0D",
    "a,line=99,file=b",
    "a::b",
    "\x1b[31mred",
    "\u202eevil",
    "\u2028::error::x",
    "caf\udce9.md",
    "\ud800",
    "\x00",
]


def runners_command(log: str) -> tuple[str, dict[str, str], str]:
    """The one command of `log`, whose lines end where the runner's ReadLine ends them."""
    (line,) = re.split(r"\r\n|\r|\n", log.removesuffix("\n"))
    head, _, data = line.removeprefix("::").partition("::")
    level, _, listed = head.partition(" ")
    pairs = [part.split("=", 1) for part in listed.split(",")]
    properties = {key: unescaped(value, is_property=True) for key, value in pairs}
    assert len(properties) == len(pairs)
    return level, properties, unescaped(data, is_property=False)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stays_in_its_place(text: str) -> None:
    mark = Annotation(level=Level.NOTICE, title=text, message=text, file=text, line=7)
    log = annotation_commands([mark])
    log.encode("utf-8")
    level, properties, message = runners_command(log)
    shown = text.encode("utf-8", "backslashreplace").decode()
    assert (level, properties) == ("notice", {"title": shown, "file": shown, "line": "7"})
    assert message.isprintable()


@given(st.text(), st.text())
def test_the_runner_reads_back_what_was_written(title: str, file: str) -> None:
    mark = Annotation(level=Level.ERROR, title=title, message="100%0A", file=file)
    found = runners_command(annotation_commands([mark]))
    assert found == ("error", {"title": title, "file": file}, "100%0A")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_output_is_one_printable_line(text: str) -> None:
    written = outputs({"verdict": "fail", "report": text})
    written.encode("utf-8")
    found = read_outputs(written)
    assert found["verdict"] == "fail"
    assert found["report"].isprintable()


@given(st.text())
def test_no_text_resumes_commands(text: str) -> None:
    first, *inner, last = stopped(text).removesuffix("\n").split("\n")
    token = first.removeprefix("::stop-commands::")
    assert last == f"::{token}::"
    assert not any(token in line for line in inner)
