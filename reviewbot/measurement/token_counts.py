"""The tokens of a workflow's call with each sample."""

from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.errors import MeasurementError, NotInstalledError, Place, Problem
from reviewbot.measurement.calls import Calls
from reviewbot.tokens import (
    CallCounter,
    CallTokens,
    Counter,
    Model,
    Offer,
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
        NotInstalledError: What counts for the model is missing.
    """
    try:
        return _counted(calls, model, counter)
    except NotInstalledError:
        raise
    except MeasurementError as error:
        problems = _located(calls, model, counter) or [
            replace(problem, place=place) for problem in error.problems for place in _begin(calls)
        ]
        raise MeasurementError(problems or error.problems) from error


def _begin(calls: Calls) -> tuple[Place, ...]:
    """Where the first message of the call stands."""
    return calls.places[0][:1]


def _counted(calls: Calls, model: Model, counter: Counter) -> tuple[SampleCount, ...]:
    source = calls.source
    offer = Offer(tools=source.tools, schemas=source.response_schemas, parameters=source.parameters)
    call_counter = CallCounter(model, offer, counter)
    found = []
    for sample, messages in zip(calls.samples, calls.messages, strict=True):
        counter.check()
        tokens = call_counter.count(messages)
        found.append(SampleCount(name=sample.name, weight=sample.weight, tokens=tokens))
    return tuple(found)


def _located(calls: Calls, model: Model, counter: Counter) -> list[Problem]:
    """The same problems, each with the place of its message."""
    problems: dict[Problem, None] = {}
    for places, messages in zip(calls.places, calls.messages, strict=True):
        if counter.is_used_up:
            break
        for place, message in zip(places, messages, strict=True):
            try:
                image_tokens(model, message.images)
                counter.count(message.text, model.encoding)
            except MeasurementError as error:
                problems |= {replace(problem, place=place): None for problem in error.problems}
    return list(problems)
