"""The tokens of a workflow's call with each sample."""

from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.errors import MeasurementError, Problem
from reviewbot.measurement.calls import Calls
from reviewbot.tokens import (
    CallTokens,
    Counter,
    Model,
    count_call,
    image_tokens,
)


class SampleCount(Struct, frozen=True, kw_only=True):
    """The tokens of a call with one sample."""

    name: str
    weight: Decimal
    tokens: CallTokens


def count_calls(calls: Calls, model: Model, counter: Counter) -> tuple[SampleCount, ...]:
    """The tokens of the call with each sample.

    Raises:
        MeasurementError: A text or an image cannot be counted; the problem names its prompt.
    """
    try:
        return _counted(calls, model, counter)
    except MeasurementError as error:
        raise MeasurementError(_located(calls, model, counter) or error.problems) from error


def _counted(calls: Calls, model: Model, counter: Counter) -> tuple[SampleCount, ...]:
    return tuple(
        SampleCount(
            name=sample.name,
            weight=sample.weight,
            tokens=count_call(
                model,
                messages,
                tools=calls.source.tools,
                response_schemas=calls.source.response_schemas,
                parameters=calls.source.parameters,
                counter=counter,
            ),
        )
        for sample, messages in zip(calls.samples, calls.messages, strict=True)
    )


def _located(calls: Calls, model: Model, counter: Counter) -> list[Problem]:
    """The same problems again, each with the place of the message that has it."""
    problems: dict[Problem, None] = {}
    for places, messages in zip(calls.places, calls.messages, strict=True):
        for place, message in zip(places, messages, strict=True):
            try:
                image_tokens(model, message.images)
                counter.count(message.text, model.encoding)
            except MeasurementError as error:
                problems |= {replace(problem, place=place): None for problem in error.problems}
    return list(problems)
