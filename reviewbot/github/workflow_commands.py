"""What a step tells the runner: annotations, outputs and the job's summary.

Workflow commands are escaped as the runner's own toolkit does (actions/toolkit, command.ts), and
outputs have a random delimiter, so that no text from the repository can be a command or an output.
"""

import secrets
from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct

from reviewbot.outputs.wording import plain

MAX_ANNOTATIONS = 50
"""What GitHub shows of a job's annotations (10 of a kind in a step) and takes in one request."""

SUMMARY_CHARACTERS = 250_000
"""A step's summary may have 1 MiB; a character of ours takes at most four bytes."""

_MESSAGE_CHARACTERS = 1_000


class Level(StrEnum):
    """How an annotation is shown."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


class Annotation(Struct, frozen=True, kw_only=True):
    """A message at a line of a file; without a line at the file, without a file at the job."""

    level: Level
    title: str
    message: str
    file: str | None = None
    line: int | None = None
    last_line: int | None = None


def annotation_commands(annotations: Iterable[Annotation]) -> str:
    """One workflow command a line."""
    return "".join(f"{_command(item)}\n" for item in annotations)


def debug_command(text: str) -> str:
    """One line that the log shows where GitHub's debug mode is on."""
    return f"::debug::{_data(plain(text))}\n"


def stopped(text: str) -> str:
    """`text` for the log, in which the runner sees no command."""
    token = secrets.token_hex(16)
    return f"::stop-commands::{token}\n{text.rstrip()}\n::{token}::\n"


def outputs(values: Mapping[str, str]) -> str:
    """Lines for the file `GITHUB_OUTPUT`; keys are ours."""
    lines = []
    for key, value in values.items():
        delimiter = f"reviewbot-{secrets.token_hex(16)}"
        lines.append(f"{key}<<{delimiter}\n{plain(value)}\n{delimiter}\n")
    return "".join(lines)


def _command(item: Annotation) -> str:
    values = {
        "title": item.title,
        "file": item.file,
        "line": None if item.file is None or item.line is None else str(item.line),
        "endLine": None if item.file is None or item.last_line is None else str(item.last_line),
    }
    properties = ",".join(
        f"{key}={_property(value)}" for key, value in values.items() if value is not None
    )
    message = plain(item.message)[:_MESSAGE_CHARACTERS]
    return f"::{item.level} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    safe = text.encode("utf-8", "backslashreplace").decode()
    return _data(safe).replace(":", "%3A").replace(",", "%2C")
