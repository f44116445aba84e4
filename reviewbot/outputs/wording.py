"""The words and figures of every output for people. Rounding is half-even, and happens last."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from msgspec.structs import replace

from reviewbot.costs.rates import EXACT
from reviewbot.errors import Place
from reviewbot.outputs.amounts import in_cents, is_rounded, shown_change
from reviewbot.outputs.excess import increase_text, percent_to, shown_excess
from reviewbot.report import (
    Finding,
    Report,
    Rule,
    Verdict,
    WorkflowReview,
)
from reviewbot.scope.affected import State

_CENT = Decimal("0.01")
_LEAST = Decimal("0.000001")
"""Anything less is shown as less than this."""
UNDER_A_CENT = "under a cent"
_CALL_DIGITS = 4


def usd(amount: Decimal) -> str:
    """USD to the cent. One that would be nothing then has two significant digits."""
    rounded = _rounded(abs(amount), _CENT)
    sign = "-" if amount < 0 else ""
    if rounded == 0 and amount != 0:
        return f"{sign}{_below_a_cent(abs(amount))}"
    return f"{sign}${rounded:,.2f}"


def _below_a_cent(amount: Decimal) -> str:
    if amount < _LEAST:
        return f"<${_LEAST:f}"
    return f"${_rounded(amount, Decimal(1).scaleb(amount.adjusted() - 1)):f}"


def usd_change(amount: Decimal) -> str:
    """A change in USD, with its sign."""
    return f"+{usd(amount)}" if amount > 0 else usd(amount)


def usd_between(before: Decimal, after: Decimal) -> str:
    """The change from one amount to another; one of less than a cent has two significant digits."""
    if shown := shown_change(before, after):
        return usd_change(shown)
    with localcontext(EXACT):
        return small_change(after - before)


def change_between(before: Decimal, after: Decimal) -> str:
    """The same beside the amounts, which says where it does not lead from one to the other."""
    return usd_between(before, after) + (", rounded" if is_rounded(before, after) else "")


def small_change(amount: Decimal) -> str:
    """A change in USD that is no whole cent as it is shown, with two significant digits."""
    if amount == 0:
        return usd(amount)
    return f"{'-' if amount < 0 else '+'}{_below_a_cent(abs(amount))}"


def usd_per_call(amount: Decimal) -> str:
    """USD a call, to four significant digits and at least to the cent."""
    if amount == 0:
        return "$0.00"
    places = _call_places(amount)
    return f"${_rounded(amount, Decimal(1).scaleb(-places)):,.{places}f}"


def _call_places(amount: Decimal) -> int:
    return max(2, _CALL_DIGITS - 1 - amount.adjusted())


def percent(fraction: Decimal) -> str:
    """A fraction as a percentage to a tenth."""
    return percent_to(1, fraction)


def percent_change(fraction: Decimal) -> str:
    """A change as a percentage, with its sign."""
    return f"+{percent(fraction)}" if fraction > 0 else percent(fraction)


def tokens(count: Decimal | int) -> str:
    """A number of tokens; a mean to a tenth."""
    return _counted(Decimal(count), Decimal("0.1"))


def tokens_per_month(count: Decimal) -> str:
    """A month's tokens, to a whole one."""
    return _counted(count, Decimal(1))


def calls(count: Decimal) -> str:
    """A number of calls a month, to a whole one."""
    return _counted(count, Decimal(1))


def plain(text: str) -> str:
    """Text from the repository on one line, with nothing that steers a terminal or is invisible.

    Control characters, line breaks, formatting characters such as right-to-left marks, and bytes
    that are not UTF-8 become visible escapes.
    """
    return text if text.isprintable() else "".join(map(_visible, text))


def limit_text(finding: Finding) -> str:
    """A finding in words; of a limit its name, the actual figure, the limit and the excess."""
    if finding.limit is None:
        return f"{_where(finding.place)}{plain(finding.text)}"
    name, show = _RULES[finding.rule]
    if finding.actual is None or finding.excess is None:
        return f"{name}: {plain(finding.text)}; limit {show(finding.limit)}"
    if finding.rule is Rule.HIGH_COST:
        return f"high cost, {show(finding.actual)} a month: {plain(finding.text)}"
    if finding.rule is Rule.COMPLEXITY:
        other = plain(finding.statistic or "")
        return f"{plain(finding.text)}: {other} would take {show(finding.excess)} a month less"
    actual, limit, excess = shown_excess(finding) or _plainly(finding)
    more = _beside(finding)
    return f"{_limited(finding)}: {actual}, {finding.bound} limit {limit}, {excess} over{more}"


def limit_parts(finding: Finding) -> dict[str, str] | None:
    """The parts of an exceeded limit; None for findings of another kind."""
    if finding.limit is None or finding.actual is None or finding.excess is None:
        return None
    if finding.rule in (Rule.HIGH_COST, Rule.COMPLEXITY):
        return None
    actual, limit, excess = shown_excess(finding) or _plainly(finding)
    return {
        "limit_name": _limit_name(finding) + _beside(finding),
        "actual": actual,
        "limit": f"{limit} {finding.bound}",
        "excess": excess,
    }


def _plainly(finding: Finding) -> tuple[str, str, str]:
    """The actual figure, the limit and the excess, each as such figures are shown."""
    _, show = _RULES[finding.rule]
    actual, limit = finding.actual or Decimal(0), finding.limit or Decimal(0)
    return show(actual), show(limit), _excess(finding)


def short_limit(finding: Finding) -> str:
    """An exceeded limit in a few words, for a narrow column."""
    _, show = _RULES[finding.rule]
    unit = {
        Rule.INPUT_TOKENS: " tokens",
        Rule.COST_PER_CALL: " a call",
    }.get(finding.rule, "")
    sign = "+" if finding.rule in (Rule.INCREASE, Rule.DRIFT) else ""
    return f"{finding.bound} {sign}{show(finding.limit or Decimal(0))}{unit}"


def _limited(finding: Finding) -> str:
    """The name of a limit, and for a budget its name too."""
    name = _limit_name(finding)
    if finding.rule in (Rule.BUDGET_COST, Rule.BUDGET_TOKENS):
        return f"budget {plain(finding.statistic or '')}, {name}"
    return name


def _limit_name(finding: Finding) -> str:
    name, _ = _RULES[finding.rule]
    return f"{name} ({finding.statistic})" if finding.rule is Rule.INPUT_TOKENS else name


def _beside(finding: Finding) -> str:
    """What the text of a budget's finding adds to its figures."""
    _, comma, more = finding.text.partition(", ")
    if finding.rule not in (Rule.BUDGET_COST, Rule.BUDGET_TOKENS):
        return ""
    if comma:
        return f", {plain(more)}"
    own = " with this change's own settings"
    return f",{own}" if finding.text.endswith(own) else ""


def _excess(finding: Finding) -> str:
    _, show = _RULES[finding.rule]
    excess = finding.excess or Decimal(0)
    if finding.rule in (Rule.INCREASE, Rule.DRIFT):
        return f"{tokens(excess * 100)} points"
    if finding.actual is None or finding.limit is None:
        return show(excess)
    if finding.rule is Rule.COST_PER_CALL:
        return _per_call_excess(finding.actual, finding.limit)
    if finding.rule in (Rule.MONTHLY_COST, Rule.BUDGET_COST):
        shown = in_cents(finding.actual) - in_cents(finding.limit)
        return usd(shown) if shown else UNDER_A_CENT
    return show(excess)


def _per_call_excess(actual: Decimal, limit: Decimal) -> str:
    """How much the cost of a call as it is shown is above its limit."""
    places = _call_places(actual)
    with localcontext(EXACT):
        excess = _rounded(actual, Decimal(1).scaleb(-places)) - limit
    return f"${excess.normalize():,f}" if excess > 0 else UNDER_A_CENT


def by_severity(report: Report) -> list[WorkflowReview]:
    """The workflows, the most severe first, then those that change most, then the dearest."""

    def key(workflow: WorkflowReview) -> tuple[int, Decimal, Decimal, str]:
        change = abs(workflow.change_usd_per_month or Decimal(0))
        month = getattr(workflow.after or workflow.before, "usd_per_month", Decimal(0))
        return -list(Verdict).index(workflow.verdict), -change, -month, workflow.name

    return sorted(report.workflows, key=key)


def months(workflow: WorkflowReview) -> str:
    """The workflow's month before and after, and the change."""
    before = usd(workflow.before.usd_per_month) if workflow.before else "?"
    after = usd(workflow.after.usd_per_month) if workflow.after else "?"
    match workflow.state:
        case State.NEW:
            return f"new: {after} a month"
        case State.REMOVED:
            return f"removed: {before} a month less" if workflow.before else "removed"
        case State.CHANGED:
            change = changed(workflow) if workflow.change_usd_per_month is not None else ""
            return f"{before} → {after} a month{change and f' ({change})'}"


def changed(workflow: WorkflowReview) -> str:
    """The change of a workflow's month, with its rate where it has one."""
    amount = workflow.change_usd_per_month
    if amount is None:
        return "unknown"
    if amount == 0:
        return "no change"
    rate = f", {increase_text(workflow)}" if workflow.increase is not None else ""
    before = workflow.before.usd_per_month if workflow.before else Decimal(0)
    after = workflow.after.usd_per_month if workflow.after else Decimal(0)
    return f"{usd_between(before, after)}{rate}{', rounded' if is_rounded(before, after) else ''}"


def short(commit: str) -> str:
    """A commit's id as people write it."""
    return commit[:9]


def _where(place: Place | None) -> str:
    return "" if place is None else f"{plain(str(replace(place, key=None)))}: "


def fitted(text: str, columns: int) -> str:
    """`text`, or as much of it as fits into the columns."""
    return text if len(text) <= columns else f"{text[: columns - 1]}…"


def named(names: Sequence[str], shown: int) -> str:
    """The first `shown` of some names, and how many more there are."""
    left = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {left:,} more" if left > 0 else "")


def _counted(count: Decimal, step: Decimal) -> str:
    rounded = _rounded(count, step)
    if rounded == 0 and count > 0:
        return f"<{step}"
    return f"{rounded:,}".removesuffix(".0")


def _rounded(value: Decimal, step: Decimal) -> Decimal:
    with localcontext(EXACT):
        return value.quantize(step, ROUND_HALF_EVEN)


def _visible(character: str) -> str:
    if character == " " or character.isprintable():
        return character
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # noqa: PLR2004 - surrogateescape's range (PEP 383)
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}" if code > 0xFF else f"\\x{code:02x}"  # noqa: PLR2004 - one byte


_RULES = {
    Rule.INPUT_TOKENS: ("input tokens", tokens),
    Rule.COST_PER_CALL: ("cost of a call", usd_per_call),
    Rule.MONTHLY_COST: ("monthly cost", usd),
    Rule.INCREASE: ("increase", percent),
    Rule.HIGH_COST: ("monthly cost", usd),
    Rule.DRIFT: ("increase since the baseline", percent),
    Rule.COMPLEXITY: ("monthly cost", usd),
    Rule.BUDGET_COST: ("monthly cost", usd),
    Rule.BUDGET_TOKENS: ("monthly tokens", tokens_per_month),
}
