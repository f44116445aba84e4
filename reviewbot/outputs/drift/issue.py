"""The issue that a drift opens: its title, and its body without the state before it."""

from bisect import bisect_right
from itertools import accumulate

from reviewbot.outputs import wording
from reviewbot.outputs.drift.report import render_drift_markdown
from reviewbot.outputs.markdown.inert import cut, inert
from reviewbot.usage.alert_content import Changes
from reviewbot.usage.drift import Drift
from reviewbot.usage.spend_against_limits import Level

_LONGEST_PATH = 120
"""So many characters of the configuration's path end the title; GitHub takes 256 in all."""


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
    return f"{what} ({wording.plain(configuration)[-_LONGEST_PATH:]})"


def issue_body(drift: Drift, changes: Changes, snooze_label: str, most_characters: int) -> str:
    """The drift as Markdown, what is new of it, and how to stop hearing of it.

    Whole lines are left out at the end, and counted, where it is longer than `most_characters`.
    """
    counts = (
        (changes.opened, "new"),
        (changes.doubled, "twice as large as last told"),
        (changes.ended, "over"),
    )
    news = ", ".join(f"{count} {what}" for count, what in counts if count)
    footer = (
        f"\nSince last told: {news or 'nothing'}.\n\n"
        "This issue changes only when something opens, doubles or ends; it is closed when all has"
        f" ended. Label it {inert(cut(snooze_label))} to hear nothing until then.\n"
    )
    lines = render_drift_markdown(drift).splitlines(keepends=True)
    return _within(lines, most_characters - len(footer)) + footer


def _within(lines: list[str], most_characters: int) -> str:
    """The first lines, and how many are left out."""
    ends = list(accumulate(map(len, lines)))
    if ends[-1] <= most_characters:
        return "".join(lines)
    kept = bisect_right(ends, most_characters - len(_left_out(len(lines))))
    return "".join(lines[:kept]) + _left_out(len(lines) - kept)


def _left_out(count: int) -> str:
    return f"- {count:,} lines more: run `reviewbot drift`\n"
