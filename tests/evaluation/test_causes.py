"""The change of a month split by cause: what is asked of whoever prices the steps between."""

from decimal import Decimal
from typing import Any

from reviewbot.evaluation.causes import split_by_cause
from reviewbot.evaluation.situations import Situation
from reviewbot.report import Cause, CauseName
from reviewbot.tokens import NamedModel


def situation(calls: Any, *, prices: Any = "governing") -> Situation:
    """A situation with a model of its own, as each revision has."""
    model = NamedModel(reference="openai/gpt-4.1", encoding=None, counts_as=None)
    return Situation(
        calls=calls,
        prefix_calls=calls,
        model=model,
        priced_model=model,
        max_tokens=4_096,
        answers=1,
        streams=(),
        catalogue=prices,
    )


def test_what_is_measured_already_is_asked_for_by_itself() -> None:
    before, after = situation("short"), situation("long")
    asked: list[Situation] = []

    def usd_per_month(step: Situation) -> Decimal:
        asked.append(step)
        return Decimal(len(step.calls) + len(step.prefix_calls))  # type: ignore[arg-type]

    causes = split_by_cause(before, after, after, usd_per_month)
    assert causes == (
        Cause(name=CauseName.PROMPT_TEXT, usd_per_month=Decimal(-1)),
        Cause(name=CauseName.CACHEABLE_PREFIX, usd_per_month=Decimal(-1)),
    )
    assert [step for step in asked if step == after] == [after]
    assert any(step is after for step in asked)
