"""The published exit codes."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process's exit code says; documented in README.md."""

    PASS = 0
    FAIL = 1
    USAGE = 2
    UNMEASURED = 3
    INTERNAL = 4
    INTERRUPTED = 130
