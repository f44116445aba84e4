"""The published exit codes."""

from enum import IntEnum

from reviewbot.report import Verdict


class ExitCode(IntEnum):
    """What the process's exit code says; documented in README.md."""

    PASS = 0
    FAIL = 1
    USAGE = 2
    UNMEASURED = 3
    INTERNAL = 4
    INTERRUPTED = 130


VERDICT_CODES = {
    Verdict.PASS: ExitCode.PASS,
    Verdict.WARN: ExitCode.PASS,
    Verdict.NEEDS_APPROVAL: ExitCode.FAIL,
    Verdict.FAIL: ExitCode.FAIL,
    Verdict.UNMEASURED: ExitCode.UNMEASURED,
}
