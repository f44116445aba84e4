"""What a comment says of approvals: why one is needed, who may give it, and who did."""

from contextlib import suppress
from datetime import UTC, datetime

from reviewbot.outputs import approvals, wording
from reviewbot.outputs.headline import approval_reasons, brief, reason_text
from reviewbot.outputs.markdown.inert import Verbatim, prose, within_line, within_line_prose
from reviewbot.outputs.markdown.links import Links
from reviewbot.report import GivenApproval, Report

SHOWN_REASONS = 5
_SHOWN_ITEMS = 10


def reasons(report: Report, links: Links) -> list[Verbatim]:
    """Why approval is needed, weakened limits first, each at its line."""
    lines = []
    for reason in approval_reasons(report):
        finding, whose = reason.finding, reason.whose
        place = finding.place
        if place is None:
            lines.append(prose(f"{reason_text(reason.name, finding)}{whose}"))
        else:
            text = within_line_prose(f"{wording.plain(brief(finding))}{whose}")
            lines.append(Verbatim(f"{links.place(place)}: {text}"))
    return list(dict.fromkeys(lines))


def bound_items(report: Report) -> list[dict[str, str]]:
    """A row for each item that an approval is bound to; a long list folds."""
    rows = [
        {
            "name": item.name,
            "evidence": item.evidence,
            "by": ", ".join(item.by) or "nobody yet",
        }
        for item in approvals.items(report)
    ]
    left = len(rows) - _SHOWN_ITEMS
    more = [{"name": f"and {left:,} more", "evidence": "", "by": ""}] if left > 0 else []
    return rows[:_SHOWN_ITEMS] + more


def given(report: Report, links: Links) -> list[Verbatim]:
    """The approvals that were given, those that count first; a long list folds."""
    ordered = sorted(report.approvals, key=lambda item: item.refusal is not None)
    lines = [_line(item, links) for item in ordered[:_SHOWN_ITEMS]]
    left = len(ordered) - _SHOWN_ITEMS
    return lines + ([prose(f"and {left:,} more")] if left > 0 else [])


def _line(item: GivenApproval, links: Links) -> Verbatim:
    on = f" on {links.commit(item.commit)}" if item.commit else ""
    mark = "✅" if item.refusal is None else "✗"
    worth = f": does not count: {within_line(item.refusal)}" if item.refusal else ""
    who = within_line(f"{item.kind} by {item.by}, {_minute(item.at)}")
    return Verbatim(f"{mark} {who}{on}{worth}")


def _minute(at: str) -> str:
    """A time as people write it, in UTC; as it is where it is none."""
    with suppress(ValueError):
        time = datetime.fromisoformat(at)
        if time.tzinfo is not None:
            return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return at
