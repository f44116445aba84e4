"""What drifts, as a page of HTML: the days of each alarm as bars that need no script."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from reviewbot.outputs import wording
from reviewbot.outputs.drift.report import DriftLine, drift_lines, drift_title
from reviewbot.outputs.html_pages import render_page
from reviewbot.usage.aggregate import UNITS_PER_USD
from reviewbot.usage.alarms import Alarm
from reviewbot.usage.drift import Drift

_WIDTH = 720
_HEIGHT = 140
_BASE = 120
_GAP = 2


def render_drift_page(drift: Drift) -> str:
    """The page: every finding as in the terminal, with a chart where spend is off."""
    return render_page(
        "drift.html.j2",
        title=drift_title(drift),
        lines=[_line(line) for line in drift_lines(drift)],
        width=_WIDTH,
        height=_HEIGHT,
        base=_BASE,
    )


def _line(line: DriftLine) -> dict[str, Any]:
    below = [wording.plain(text) for text in line.below]
    shown: dict[str, Any] = {"mark": line.mark, "text": wording.plain(line.text), "below": below}
    shown["bars"] = []
    if line.alarm is None:
        return shown
    days = line.alarm.days
    return shown | {
        "bars": _bars(line.alarm),
        "chart": f"Spend of {len(days)} days; what is off is red, and its figures stand below",
        "first": f"{days[0].day}",
        "last": f"{days[-1].day}",
        "most": f"at most {_usd(max(item.units for item in days))} a day",
    }


def _bars(alarm: Alarm) -> list[dict[str, str]]:
    """A bar for each day, days without calls left empty."""
    first = alarm.days[0].day
    count = (alarm.days[-1].day - first).days + 1
    most = max(item.units for item in alarm.days) or 1
    step = Decimal(_WIDTH) / count
    bars = []
    for item in alarm.days:
        height = Decimal(_BASE) * item.units / most
        is_off = alarm.since <= item.day <= alarm.excess.until
        bars.append(
            {
                "x": f"{step * ((item.day - first) // timedelta(days=1)):.1f}",
                "y": f"{_BASE - height:.1f}",
                "width": f"{step - _GAP:.1f}",
                "height": f"{height:.1f}",
                "shade": "off" if is_off else "usual",
                "title": f"{item.day}: {_usd(item.units)}",
            }
        )
    return bars


def _usd(units: int) -> str:
    return wording.usd(Decimal(units) / UNITS_PER_USD)
