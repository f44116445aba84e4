"""What every call begins with, whatever its variables, and how much of it is cached."""

from msgspec import Struct

from reviewbot.errors import Place
from reviewbot.measurement.calls import Calls
from reviewbot.tokens import (
    CachingRule,
    Counter,
    Model,
    caching_rule,
    count_beginning,
    stable_beginning,
)


class Prefix(Struct, frozen=True, kw_only=True):
    """What every call begins with: its tokens, how many of them are cached, and where it ends.

    `ends` is None where no message varies.
    """

    tokens: int
    cacheable_tokens: int
    rule: CachingRule
    ends: Place | None


def count_prefix(calls: Calls, model: Model, counter: Counter) -> Prefix:
    """The prefix that is the same in every call, whatever the variables.

    Raises:
        MeasurementError: A text cannot be counted.

    """
    messages = calls.messages[0]
    constants = [
        None if constant.line is None else constant.characters for constant in calls.constants
    ]
    tokens = count_beginning(
        model,
        stable_beginning(messages, constants),
        tools=calls.source.tools,
        response_schemas=calls.source.response_schemas,
        parameters=calls.source.parameters,
        counter=counter,
    )
    rule = caching_rule(model)
    varying = next((item for item in calls.constants if item.line is not None), None)
    ends = Place(file=varying.path or "", line=varying.line) if varying else None
    return Prefix(tokens=tokens, cacheable_tokens=rule.cacheable(tokens), rule=rule, ends=ends)
