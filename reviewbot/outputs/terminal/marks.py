"""How a review at a glance marks and indents its lines, and says a finding in short."""

from msgspec.structs import replace

from reviewbot.outputs import wording
from reviewbot.outputs.headline import brief
from reviewbot.report import Finding, Verdict

MARKS = {
    Verdict.PASS: "✓",
    Verdict.WARN: "⚠",
    Verdict.NEEDS_APPROVAL: "✋",
    Verdict.UNMEASURED: "?",
    Verdict.FAIL: "✗",
}
GAP = "  "
HANGING = " " * 9
"""Where the lines below a cause, a suggestion or a way out begin."""


def short_text(finding: Finding) -> str:
    """What a finding says, without what it lists."""
    return wording.limit_text(replace(finding, text=brief(finding)))
