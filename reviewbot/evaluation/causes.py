"""The change of a month's cost, split by cause.

The steps have one fixed order: from *before*, the prompt text, the cacheable prefix, the model's
tokenizer, its price, the parameters, the samples, the traffic and the prices take their new values
one after another. Each cause is the difference that its step makes, so the parts add up, exactly.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal

from msgspec.structs import replace

from reviewbot.evaluation.situations import Situation
from reviewbot.report import Cause, CauseName


def split_by_cause(
    before: Situation,
    after: Situation,
    proposed: Situation,
    usd_per_month: Callable[[Situation], Decimal],
) -> tuple[Cause, ...]:
    """What each cause adds to the month, those that add nothing left out.

    `usd_per_month` mostly knows what `after` costs if it is asked with that very object.

    Raises:
        MeasurementError: `usd_per_month` cannot price the situation between two causes.

    """
    causes = []
    last, last_usd = before, usd_per_month(before)
    for name, situation in _steps(before, after, proposed):
        if situation != last:
            usd = usd_per_month(after if situation == after else situation)
            if usd != last_usd:
                causes.append(Cause(name=name, usd_per_month=usd - last_usd))
            last, last_usd = situation, usd
    return tuple(causes)


def _steps(
    before: Situation, after: Situation, proposed: Situation
) -> Iterator[tuple[CauseName, Situation]]:
    """From `before` to `proposed` by way of `after`: each cause, and the situation it leads to."""
    step = replace(before, calls=after.calls)
    yield CauseName.PROMPT_TEXT, step
    step = replace(step, prefix_calls=after.calls)
    yield CauseName.CACHEABLE_PREFIX, step
    step = replace(step, model=after.model)
    yield CauseName.TOKENIZER, step
    step = replace(step, priced_model=after.priced_model)
    yield CauseName.MODEL_PRICE, step
    yield CauseName.PARAMETERS, after
    step = replace(after, calls=proposed.calls, prefix_calls=proposed.calls)
    yield CauseName.SAMPLES, step
    yield CauseName.TRAFFIC, replace(step, streams=proposed.streams)
    yield CauseName.PRICES, proposed
