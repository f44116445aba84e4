"""What lists below the first sentence of a review say of a finding."""

from msgspec.structs import replace

from reviewbot.outputs import wording
from reviewbot.outputs.headline import without_mend
from reviewbot.report import Finding


def also_text(finding: Finding, leading: Finding | None) -> str | None:
    """A finding without its place; of `leading`, which the first sentence tells, only its mend.

    None where nothing is left of it.
    """
    text = wording.limit_text(replace(finding, place=None))
    told = wording.plain(without_mend(finding))
    if finding is not leading or not text.startswith(told):
        return text
    rest = text.removeprefix(told)
    return f"as above{rest}" if rest or finding.place is not None else None


def also_line(finding: Finding, leading: Finding | None) -> str | None:
    """The same behind its file and line."""
    text, place = also_text(finding, leading), finding.place
    if text is None or place is None:
        return text
    return f"{wording.plain(str(replace(place, key=None)))}: {text}"
