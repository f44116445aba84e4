"""What lists below the first sentence of a review say of a finding."""

from msgspec.structs import replace

from reviewbot.outputs import wording
from reviewbot.outputs.headline import leads, without_mend
from reviewbot.report import Finding, Report


def also_text(report: Report, finding: Finding) -> str | None:
    """A finding without its place; of the one that the first sentence tells, only its mend.

    None where nothing is left of it.
    """
    text = wording.limit_text(replace(finding, place=None))
    if not leads(report, finding):
        return text
    rest = text.removeprefix(wording.plain(without_mend(finding)))
    return f"as above{rest}" if rest or finding.place is not None else None


def also_line(report: Report, finding: Finding) -> str | None:
    """The same behind its file and line."""
    text, place = also_text(report, finding), finding.place
    if text is None or place is None:
        return text
    return f"{wording.plain(str(replace(place, key=None)))}: {text}"
