"""The issue that a drift opens: its title, and its body without the state behind it."""

from reviewbot.outputs.drift_report import render_drift_markdown
from reviewbot.outputs.markdown.inert import inert
from reviewbot.usage.alert import Changes
from reviewbot.usage.drift import Drift
from reviewbot.usage.spend_against_limits import Level

_MOST_CHARACTERS = 60_000
"""Of 65,536 that GitHub takes, so that the state has room."""


def issue_title(drift: Drift, configuration: str) -> str:
    """What is wrong, in a few words, and of which configuration."""
    open_alarms = sum(item.is_open for item in drift.alarms)
    levels = [item.level for item in drift.standings]
    parts = [
        f"{count} {name}{'' if count == 1 else 's'}"
        for count, name in (
            (levels.count(Level.HARD), "broken hard limit"),
            (levels.count(Level.SOFT), "broken soft limit"),
            (open_alarms, "unusual rise"),
        )
        if count
    ]
    what = f"Spend is off: {', '.join(parts)}" if parts else "Spend is as expected again"
    return f"{what} ({configuration})"


def issue_body(drift: Drift, changes: Changes, snooze_label: str) -> str:
    """The drift as Markdown, what is new of it, and how to stop hearing of it."""
    counts = (
        (changes.opened, "new"),
        (changes.doubled, "twice as large as last told"),
        (changes.ended, "over"),
    )
    news = ", ".join(f"{count} {what}" for count, what in counts if count)
    text = render_drift_markdown(drift)
    lines = text.splitlines(keepends=True)
    kept = len(lines)
    while sum(map(len, lines[:kept])) > _MOST_CHARACTERS:
        kept -= 1
    left = len(lines) - kept
    more = f"- {left:,} lines more: run `reviewbot drift`\n" if left else ""
    return (
        f"{''.join(lines[:kept])}{more}\nSince last told: {news or 'nothing'}.\n\n"
        "This issue changes only when something opens, doubles or ends; it is closed when all has"
        f" ended. Label it {inert(snooze_label)} to hear nothing until then.\n"
    )
