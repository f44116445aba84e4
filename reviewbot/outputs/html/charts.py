"""The bars of the page, as shares of their chart's width: the template draws them as SVG.

Shares are percentages in text, to a hundredth, so that the same report gives the same bytes.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, localcontext

from msgspec import Struct

from reviewbot.configuration.settings import Limit
from reviewbot.costs.rates import EXACT
from reviewbot.outputs import wording
from reviewbot.report import BudgetReview, Figures, SampleFigures

TOKEN_PARTS = ("cacheable prefix", "other text", "tools", "message framing")
"""What the tokens of a call are, in the order of the legend."""


class Bar(Struct, frozen=True, kw_only=True):
    """A bar from `x`, of one `width`; `shade` names its colour, `title` says what it is."""

    x: str
    width: str
    shade: str
    title: str


def month_bars(before: Decimal | None, after: Decimal | None, most: Decimal) -> list[Bar]:
    """The month before, and the month after below it."""
    grown = "same"
    if before is not None and after is not None and before != after:
        grown = "dearer" if after > before else "cheaper"
    elif before is None:
        grown = "dearer"
    found = []
    for shade, name, amount in (("before", "before", before), (grown, "after", after)):
        width = _share(amount or Decimal(0), most)
        text = "none" if amount is None else wording.usd(amount)
        found.append(Bar(x="0", width=width, shade=shade, title=f"{name}: {text}"))
    return found


def token_bars(figures: Figures, most: int) -> list[Bar]:
    """What the tokens of the largest call are."""
    sample = largest_sample(figures)
    bars, start = [], 0
    for number, (name, count) in enumerate(zip(TOKEN_PARTS, _parts(figures, sample), strict=True)):
        if count:
            bars.append(
                Bar(
                    x=_share(Decimal(start), Decimal(most)),
                    width=_share(Decimal(count), Decimal(most)),
                    shade=f"shade{number}",
                    title=f"{name}: {count:,} tokens",
                )
            )
        start += count
    return bars


def token_texts(figures: Figures) -> list[str]:
    """The same figures in words."""
    parts = _parts(figures, largest_sample(figures))
    return [f"{count:,} {name}" for name, count in zip(TOKEN_PARTS, parts, strict=True) if count]


def largest_sample(figures: Figures) -> SampleFigures:
    """The sample with the most input tokens; the first of equals."""
    return max(figures.samples, key=lambda item: item.input_tokens)


def budget_charts(budget: BudgetReview) -> list[dict[str, list[Bar]]]:
    """The months of a budget after the change, in USD and in tokens, each by itself."""
    month = budget.month
    return [
        _budget_chart(limit, after, show)
        for limit, after, show in (
            (budget.monthly_cost, month.after_usd, wording.usd),
            (budget.monthly_tokens, month.after_tokens, _month_of_tokens),
        )
        if limit is not None
    ]


def _month_of_tokens(count: Decimal) -> str:
    return f"{wording.tokens_per_month(count)} tokens"


def _budget_chart(
    limit: Limit, after: Decimal, show: Callable[[Decimal], str]
) -> dict[str, list[Bar]]:
    """The bar of a month, and marks at its soft and its hard limit."""
    bounds = [("soft", limit.soft), ("hard", limit.hard)]
    known = [(name, bound) for name, bound in bounds if bound is not None]
    with localcontext(EXACT):
        most = max([after, *(bound for _, bound in known)]) * Decimal("1.05")
    is_over = [name for name, bound in known if after > bound]
    shade = "dearer" if "hard" in is_over else "near" if is_over else "cheaper"
    month = Bar(x="0", width=_share(after, most), shade=shade, title=show(after))
    marks = [
        Bar(x=_share(bound, most), width="0.6", shade=name, title=f"{name} {show(bound)}")
        for name, bound in known
    ]
    return {"bars": [month], "marks": marks}


def most_of(amounts: Sequence[Decimal | None]) -> Decimal:
    """The largest amount, which fills a chart's width."""
    return max((amount for amount in amounts if amount is not None), default=Decimal(0))


def _parts(figures: Figures, sample: SampleFigures) -> Iterator[int]:
    """The tokens of one call by `TOKEN_PARTS`, which add up to all of them."""
    cached = min(figures.prefix.cacheable_tokens, sample.content_tokens)
    tools = sample.tool_tokens
    yield cached
    yield sample.content_tokens - cached
    yield tools
    yield sample.input_tokens - sample.content_tokens - tools


def _share(part: Decimal, whole: Decimal) -> str:
    with localcontext(EXACT):
        return f"{100 * part / whole:.2f}" if whole else "0"
