"""How much of what workflows cost is their answers, whose length somebody has to say."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, localcontext

from reviewbot.configuration.settings import Prices
from reviewbot.costs.price_lookup import PriceLookup, Service, catalogue_of
from reviewbot.costs.rates import EXACT
from reviewbot.errors import MeasurementError
from reviewbot.outputs import wording
from reviewbot.report import Figures, StreamFigures
from reviewbot.tokens.model_names import resolve

_TOKENS_OF_RATES = 1_000_000


def output_note(
    workflows: Iterable[Figures], prices: Prices, today: date, *, is_assumed: bool
) -> str | None:
    """That most of the cost is output, and how much of it is at the cap; None where it is not.

    None too where a price is not known here, or the prices are in a file.
    """
    figures = list(workflows)
    catalogue = catalogue_of(prices, today)
    if prices.catalogue is not None:
        return None
    try:
        with localcontext(EXACT):
            whole = sum((item.usd_per_month for item in figures), Decimal(0))
            output = sum((_output_usd(item, catalogue) for item in figures), Decimal(0))
            rest = whole - output
    except MeasurementError:
        return None
    if rest < 0 or output <= rest:
        return None
    capped = sum(any(_is_capped(item, stream) for stream in item.streams) for item in figures)
    where = "" if capped == len(figures) else f" in {capped:,} of {len(figures):,} workflows"
    length = f" at its cap{where}{' (assumed)' if is_assumed else ''}," if capped else ""
    if not capped and is_assumed:
        length = " of assumed length"
    return (
        f"Of the total about {wording.usd(output)} is output{length} and {wording.usd(rest)} input."
    )


def _output_usd(figures: Figures, catalogue: PriceLookup) -> Decimal:
    model = resolve(figures.model)
    return sum(
        (
            stream.calls_per_month
            * _tokens(figures, stream)
            * catalogue.rates(model, Service(tier=stream.service_tier)).output.at(
                int(figures.mean_input_tokens)
            )
            / _TOKENS_OF_RATES
            for stream in figures.streams
        ),
        Decimal(0),
    )


def _tokens(figures: Figures, stream: StreamFigures) -> int:
    if figures.max_tokens is None:
        return stream.output_tokens
    return min(stream.output_tokens, figures.max_tokens)


def _is_capped(figures: Figures, stream: StreamFigures) -> bool:
    return figures.max_tokens is not None and stream.output_tokens >= figures.max_tokens
