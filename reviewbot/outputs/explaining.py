"""The words for cost by line, suggestions, prefixes, budgets and the breakdown of a month."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from msgspec.structs import replace

from reviewbot.configuration.settings import Limit
from reviewbot.outputs import wording
from reviewbot.outputs.amounts import add_up, shown_change, shown_parts
from reviewbot.report import (
    BreakdownMonth,
    BudgetReview,
    Dimension,
    Figures,
    HunkFigures,
    Month,
    Report,
    Suggestion,
    SuggestionKind,
    WorkflowReview,
)


def hunk_text(hunk: HunkFigures) -> str:
    """Where changed lines are, and what they add by themselves."""
    if hunk.usd_per_month is None or hunk.input_tokens is None:
        return f"{hunk_name(hunk)}: not measured by itself"
    return f"{hunk_name(hunk)}: {hunk_amount(hunk.input_tokens, hunk.usd_per_month)}"


def hunk_name(hunk: HunkFigures) -> str:
    """Where changed lines are."""
    where = f"{wording.plain(hunk.file)}:{hunk.first_line}"
    if hunk.last_line > hunk.first_line:
        where += f"–{hunk.last_line}"
    if hunk.hunks > 1:
        where += f" and {hunk.hunks - 1} more changes"
    return where


def hunk_amount(input_tokens: Decimal, usd_per_month: Decimal) -> str:
    """Tokens of a call, if any, and USD of a month that something adds."""
    added = f"{tokens_per_call(input_tokens)}, " if input_tokens else ""
    return f"{added}{wording.usd_change(usd_per_month)} a month"


def tokens_per_call(added: Decimal) -> str:
    """The tokens that something adds to a call, with their sign."""
    sign = "+" if added > 0 else "-" if added < 0 else ""
    shown = wording.tokens(abs(added))
    return f"{sign}{shown} token{'' if shown == '1' else 's'} a call"


def hunk_texts(workflow: WorkflowReview) -> list[str]:
    """What each group of changed lines adds, and what they do together, as far as it is known."""
    hunks, rest = shown_hunks(workflow)
    texts = [hunk_text(item) for item in hunks if item.input_tokens or item.usd_per_month != 0]
    if rest:
        beside = "the rest of the change, of which no line is the cause by itself"
        texts.append(f"{beside}: {wording.usd_change(rest)} a month")
    return texts


def shown_hunks(workflow: WorkflowReview) -> tuple[tuple[HunkFigures, ...], Decimal]:
    """The changed lines and what no line adds by itself, in USD.

    Where all of it is known, the amounts are in cents that add up to the change as it is shown.
    """
    hunks, rest = workflow.hunks, workflow.remainder_usd_per_month or Decimal(0)
    amounts = [item.usd_per_month for item in hunks]
    known = [amount for amount in amounts if amount is not None]
    if len(known) == len(amounts) and workflow.before and workflow.after:
        whole = shown_change(workflow.before.usd_per_month, workflow.after.usd_per_month)
        *shown, rest = shown_parts([*known, rest], whole)
        hunks = tuple(
            replace(hunk, usd_per_month=amount) if amount else hunk
            for hunk, amount in zip(hunks, shown, strict=True)
        )
    return hunks, rest


def suggestion_text(way: Suggestion) -> str:
    """A suggestion, and what it saves."""
    enough = ", which is enough" if way.fits else ""
    if way.fits and way.needs_approval:
        enough = ", which is enough once an approver accepts that setting"
    if way.needs_evaluation:
        enough += "; evaluate the answers first"
    after = way.usd_per_month + way.saves_usd_per_month
    saves = wording.usd_between(after, way.usd_per_month).removeprefix("-")
    return (
        f"{wording.plain(way.text)}: saves {saves} a month, "
        f"leaving {wording.usd(way.usd_per_month)}{enough}"
    )


def suggestion_key(way: Suggestion) -> str:
    """What suggestions for several workflows have in common that are told as one."""
    return way.text.replace(_cap_of(way), "", 1)


def shared_text(ways: Sequence[Suggestion]) -> str:
    """What suggestions with the same key say: of caps the lowest and the highest."""
    caps = sorted((way for way in ways if _cap_of(way)), key=lambda way: int(way.value or 0))
    if not caps or caps[0].value == caps[-1].value:
        return ways[0].text
    low, high = _cap_of(caps[0]), _cap_of(caps[-1])
    both = f"{low.removesuffix(' tokens')} to {high.removeprefix(' at ')}"
    return caps[0].text.replace(low, both, 1)


def _cap_of(way: Suggestion) -> str:
    """The words of a suggestion that say its cap; empty for others."""
    is_cap = way.kind is SuggestionKind.OUTPUT_CAP and way.value is not None
    return f" at {int(way.value or 0):,} tokens" if is_cap else ""


def shared_suggestion_text(ways: Sequence[Suggestion]) -> str:
    """One suggestion for several workflows, and what it saves in all of them together."""
    if len(ways) == 1:
        return suggestion_text(ways[0])
    saved = sum((way.saves_usd_per_month for way in ways), Decimal(0))
    enough = ", which is enough" if all(way.fits for way in ways) else ""
    text = wording.plain(shared_text(ways))
    return f"{text}: saves {wording.usd(saved)} a month together{enough}"


def first_suggestion(ways: Sequence[Suggestion]) -> Suggestion:
    """The suggestion to show where there is room for one: enough, and no risk to the answers."""
    return min(ways, key=lambda item: (not item.fits, item.needs_evaluation, item.needs_approval))


def prefix_text(before: Figures | None, after: Figures | None) -> str | None:
    """The cacheable prefix, for workflows whose calls read a cache; None for others."""
    states = [item for item in (before, after) if item is not None]
    if not any(stream.cache_hit_rate for item in states for stream in item.streams):
        return None
    lengths = " → ".join(dict.fromkeys(wording.tokens(item.prefix.tokens) for item in states))
    cached = " → ".join(
        dict.fromkeys(wording.tokens(item.prefix.cacheable_tokens) for item in states)
    )
    last = states[-1].prefix
    ends = f"; it ends at {wording.plain(last.ends.file)}:{last.ends.line}" if last.ends else ""
    least = f" (from {wording.tokens(last.minimum_tokens)})" if last.minimum_tokens else ""
    return f"{lengths} tokens never vary, {cached} of them can be cached{least}{ends}"


def budget_text(budget: BudgetReview) -> str:
    """A budget's month, its limits, what is left of it, and when it will be crossed."""
    return "; ".join((*budget_months(budget), *budget_crossings(budget)))


def budget_months(budget: BudgetReview) -> list[str]:
    """The month in USD, then in tokens, as far as it is limited, and what is left of it."""
    month = budget.month
    parts = []
    if budget.monthly_cost is not None:
        amounts = _then(wording.usd(month.before_usd), wording.usd(month.after_usd))
        parts.append(f"{amounts}{_room(budget.monthly_cost, budget.headroom_usd, wording.usd)}")
    if budget.monthly_tokens is not None:
        show = wording.tokens_per_month
        amounts = _then(show(month.before_tokens), show(month.after_tokens))
        room = _room(budget.monthly_tokens, budget.headroom_tokens, show)
        parts.append(f"{amounts} tokens{room}")
    return parts


def budget_crossings(budget: BudgetReview) -> Iterator[str]:
    """When growing traffic will take a budget over its limits."""
    for item in budget.crossings:
        of, _, bound = item.limit.rpartition(".")
        what = of.removeprefix("monthly_")
        yield f"reaches the {bound} limit of {what} in {item.month}"


def breakdown_name(item: BreakdownMonth) -> str:
    """The value of the dimension in words, also where it is none."""
    return wording.plain(item.value) if item.value is not None else f"(no {item.dimension})"


def month_text(month: Month) -> str:
    """A month before and after, with the change."""
    change = month.after_usd - month.before_usd
    unknown = month.unmeasured_workflows
    beside = f", {unknown} workflow{'s' if unknown > 1 else ''} not measured" if unknown else ""
    if change == 0:
        return f"{wording.usd(month.after_usd)}{beside}"
    months = f"{wording.usd(month.before_usd)} → {wording.usd(month.after_usd)}"
    return f"{months} ({wording.change_between(month.before_usd, month.after_usd)}){beside}"


def breakdown_note(report: Report) -> str | None:
    """The note that the shown parts do not add up to the shown month, where rounding is why."""
    shown = [item for item in shown_breakdown(report) if report.month is not None]
    dimensions = {item.dimension for item in shown}
    if report.month is None or all(
        add_up((item.month for item in shown if item.dimension is dimension), report.month)
        for dimension in dimensions
    ):
        return None
    return "amounts are rounded to the cent, so parts may differ from their total by some cents"


def shown_breakdown(report: Report) -> list[BreakdownMonth]:
    """The rows of the breakdown that are not empty, of dimensions that the configuration uses."""
    named = {item.dimension for item in report.slices if item.value is not None}
    return [
        item
        for item in report.slices
        if item.dimension in named - {Dimension.WORKFLOW}
        and (item.month.before_usd or item.month.after_usd or item.month.unmeasured_workflows)
    ]


def _then(before: str, after: str) -> str:
    return " → ".join(dict.fromkeys((before, after)))


def _room(limit: Limit, headroom: Decimal | None, show: Callable[[Decimal], str]) -> str:
    bounds = [
        f"{kind} {show(bound)}"
        for kind, bound in (("soft", limit.soft), ("hard", limit.hard))
        if bound is not None
    ]
    left = ""
    if headroom is not None:
        left = f", {show(abs(headroom))} {'left' if headroom >= 0 else 'over'}"
    return f" of {', '.join(bounds)}{left}"
