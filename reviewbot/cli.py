"""The command line: the only place that builds real edges and turns errors into exit codes.

argparse writes the help: it is there, and click takes 25 ms more at each start.
"""

import atexit
import gc
import os
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TextIO

from reviewbot import commands
from reviewbot.commands._common.parsing import parser_of
from reviewbot.commands._common.told import tell
from reviewbot.console import complain, is_lost
from reviewbot.errors import ReviewbotError
from reviewbot.exit_codes import ExitCode, exit_code_of_error

_CYCLES_ARE_SOUGHT_AFTER = 200_000
"""New objects. Nearly all that a short run makes it keeps, and looking for cycles takes time."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the result is the process's exit code."""
    gc.set_threshold(_CYCLES_ARE_SOUGHT_AFTER)
    atexit.register(gc.freeze)  # none are sought in all that is about to go
    words = sys.argv[1:] if arguments is None else arguments
    edges = commands.Edges(
        environment=os.environ,
        out=sys.stdout,
        errors=sys.stderr,
        today=_today(os.environ),
        ask=_ask if _is_terminal(sys.stdin) and _is_terminal(sys.stdout) else None,
    )
    try:
        chosen = parser_of(words).parse_args(words)
        is_lost()
        code = commands.by_name(chosen.command).run(chosen, edges)
        return ExitCode.UNMEASURED if is_lost() and code == ExitCode.PASS else code
    except ReviewbotError as error:
        _complain(error)
        return exit_code_of_error(error)
    except ModuleNotFoundError as error:
        return _lacking(error, words)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception:  # noqa: BLE001 - whatever it is, it must not look like a pass
        return _fault()


_EXTRAS = {"action": ("github",), "publish": ("github",), "drift": ("github", "usage")}
"""What a command needs that `reviewbot` alone does not bring."""


def _lacking(error: ModuleNotFoundError, words: Sequence[str]) -> int:
    """Name the command that installs what a command needs and what is not there."""
    extras = _EXTRAS.get(words[0]) if words else None
    if extras is None or (error.name or "").partition(".")[0] not in {"tenacity", "github"}:
        return _fault()
    from reviewbot.usage.installing import install

    tell(f"reviewbot: {words[0]} needs {error.name}; {install(*extras)}", sys.stderr)
    return ExitCode.USAGE


def _fault() -> int:
    import traceback

    fault = "reviewbot: this is a fault of reviewbot itself; please report it\n"
    complain(f"{traceback.format_exc()}{fault}", sys.stderr)
    return ExitCode.INTERNAL


_LONGEST_EPOCH = 11


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and not stream.closed and stream.isatty()


def _ask(question: str) -> str:
    """The answer of the person at the terminal; empty at the end of the input."""
    try:
        return input(question)
    except EOFError:
        return ""


def _today(environment: Mapping[str, str]) -> date:
    """The day in UTC; `SOURCE_DATE_EPOCH` pins it (reproducible-builds.org)."""
    pinned = environment.get("SOURCE_DATE_EPOCH", "")
    seconds = int(pinned) if pinned.isdecimal() and len(pinned) <= _LONGEST_EPOCH else time.time()
    return datetime.fromtimestamp(seconds, tz=UTC).date()


def _complain(error: ReviewbotError) -> None:
    from reviewbot.outputs.wording import plain

    for problem in error.problems:
        tell(f"reviewbot: {plain(str(problem))}", sys.stderr)
