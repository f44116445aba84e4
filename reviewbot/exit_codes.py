"""The published exit codes."""

from enum import IntEnum, StrEnum

from reviewbot.errors import BrokenLimitError, ConfigurationError, ReviewbotError, UsageError
from reviewbot.report import Report, Rule, Verdict


class ExitCode(IntEnum):
    """What the process's exit code says; documented in README.md."""

    PASS = 0
    FAIL = 1
    USAGE = 2
    UNMEASURED = 3
    INTERNAL = 4
    INTERRUPTED = 130


class FailOn(StrEnum):
    """From which verdict on the check fails; an error always fails it."""

    FAIL = "fail"
    WARN = "warn"
    NEVER = "never"


_OF_VERDICT = {
    Verdict.PASS: ExitCode.PASS,
    Verdict.WARN: ExitCode.PASS,
    Verdict.NEEDS_APPROVAL: ExitCode.FAIL,
    Verdict.FAIL: ExitCode.FAIL,
    Verdict.UNMEASURED: ExitCode.UNMEASURED,
}


def exit_code(report: Report, fail_on: FailOn = FailOn.FAIL) -> ExitCode:
    """The exit code of a review.

    What real calls were like fails no change: nobody can mend it there, and it is true of every
    other change too. Those warnings alone never fail it.
    """
    if fail_on is FailOn.NEVER:
        return ExitCode.PASS
    if fail_on is FailOn.WARN and report.verdict is Verdict.WARN:
        findings = [*report.findings, *(item for w in report.workflows for item in w.findings)]
        warnings = [item.rule for item in findings if item.verdict is Verdict.WARN]
        return ExitCode.PASS if set(warnings) == {Rule.USAGE} else ExitCode.FAIL
    return _OF_VERDICT[report.verdict]


def exit_code_of_error(error: ReviewbotError) -> ExitCode:
    """The exit code of a command that `error` ended."""
    if isinstance(error, BrokenLimitError):
        return ExitCode.FAIL
    is_usage = isinstance(error, UsageError | ConfigurationError)
    return ExitCode.USAGE if is_usage else ExitCode.UNMEASURED
