"""Commands that a report tells to type, for the files that it is of."""

from msgspec.structs import replace

from reviewbot.errors import Problem
from reviewbot.report import Report

_UPDATE = "`reviewbot init --update"


def for_uncommitted(report: Report, option: str) -> Report:
    """The report whose commands read uncommitted files too, as `option` says.

    Without it `init --update` would read the commit, and add nothing.
    """

    def typed(text: str) -> str:
        return text.replace(_UPDATE, f"{_UPDATE} {option}")

    def mended(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
        return tuple(replace(item, mend=typed(item.mend)) for item in problems)

    return replace(
        report,
        notes=tuple(map(typed, report.notes)),
        unmeasured=mended(report.unmeasured),
        workflows=tuple(replace(item, problems=mended(item.problems)) for item in report.workflows),
    )
