"""Takes one call apart: which message, and which line of which file, its input tokens come from."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from decimal import Decimal, localcontext

from reviewbot.costs.rates import EXACT
from reviewbot.errors import MeasurementError, Place
from reviewbot.measurement.calls import Calls
from reviewbot.prompts.sources import LocatedMessage
from reviewbot.report import Figures
from reviewbot.report.call_breakdown import CallBreakdown, LineTokens, MessageTokens

_MOST_LINES = 2_000
"""Lines of one file that are counted; what is behind them is in the message's own figure."""

_SHOWN_CHARACTERS = 80
_TAGS = {
    "str-format": re.compile(r"\{[^{}]{0,300}\}"),
    "string-template": re.compile(r"\$(?:\w{1,100}|\{[^{}]{0,100}\})"),
}
"""The tags of languages whose braces are single."""

_DOUBLE_TAGS = re.compile(r"\{\{[^{}]{0,300}\}{2,3}|\{%[^%]{0,300}%\}|\{#[^#]{0,300}#\}")


def call_breakdown(
    workflow: str,
    calls: Calls,
    figures: Figures,
    count: Callable[[str], int],
    read: Callable[[str], str],
) -> CallBreakdown:
    """The call's input by message and line.

    `count` gives the tokens of a text by itself, `read` the text of an included file. Means are
    weighted as the samples are.

    Raises:
        MeasurementError: A text cannot be counted.

    """
    weights = [sample.weight for sample in calls.samples]
    places = list(dict.fromkeys(calls.places[0])) if calls.places else []
    templates = {
        Place(file=item.path, line=item.template.line): item for item in calls.source.messages
    }
    with localcontext(EXACT):
        messages = tuple(
            _message(calls, templates[place], weights, count, read) for place in places
        )
        tools = _mean([item.tool_tokens for item in figures.samples], weights)
        overhead = _mean([item.overhead_tokens for item in figures.samples], weights)
        shown = sum((item.mean_tokens for item in messages), Decimal(0)) + tools + overhead
        return CallBreakdown(
            workflow=workflow,
            figures=figures,
            messages=messages,
            tool_tokens=tools,
            overhead_tokens=overhead,
            other_tokens=figures.mean_input_tokens - shown,
        )


def _message(
    calls: Calls,
    located: LocatedMessage,
    weights: Sequence[Decimal],
    count: Callable[[str], int],
    read: Callable[[str], str],
) -> MessageTokens:
    """One template's message, or all those that it holds."""
    template = located.template
    place = Place(file=located.path, line=template.line)
    texts = [
        [
            message.text
            for message, where in zip(messages, where_from, strict=True)
            if where == place
        ]
        for messages, where_from in zip(calls.messages, calls.places, strict=True)
    ]
    tokens = [sum(map(count, of_sample)) for of_sample in texts]
    first = [
        (message, constant)
        for message, where, constant in zip(
            calls.messages[0], calls.places[0], calls.constants, strict=True
        )
        if where == place
    ]
    lines = tuple(_lines(located, count, read)) if template.is_in_lines else ()
    is_filled = any(of_sample != texts[0] for of_sample in texts)
    has_tags = any(line.varies for line in lines) if template.is_in_lines else True
    return MessageTokens(
        role=", ".join(dict.fromkeys(message.role for message, _ in first)),
        place=place,
        mean_tokens=_mean(tokens, weights),
        largest_tokens=max(tokens),
        start_tokens=sum(
            count(message.text if constant.line is None else message.text[: constant.characters])
            for message, constant in first
        ),
        varies=template.engine is not None and (is_filled or has_tags),
        lines=lines,
    )


def _lines(
    located: LocatedMessage, count: Callable[[str], int], read: Callable[[str], str]
) -> Iterator[LineTokens]:
    """The lines of a template, then those of the files that it includes."""
    template = located.template
    tags = None if template.engine is None else _TAGS.get(template.engine, _DOUBLE_TAGS)
    yield from _lines_of(located.path, template.line, template.text, tags, count)
    for path in sorted(set(located.files) - {located.path}):
        with suppress(MeasurementError):  # a file that is no text, such as an image
            yield from _lines_of(path, 1, read(path), tags, count)


def _lines_of(
    file: str,
    first: int,
    text: str,
    tags: re.Pattern[str] | None,
    count: Callable[[str], int],
) -> Iterator[LineTokens]:
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines[:_MOST_LINES], start=first):
        fixed = line if tags is None else tags.sub("", line)
        yield LineTokens(
            file=file,
            line=number,
            tokens=count(fixed),
            varies=fixed != line,
            text=line.strip()[:_SHOWN_CHARACTERS],
        )


def _mean(values: Sequence[int], weights: Sequence[Decimal]) -> Decimal:
    """The weighted mean, as exact as the forecast's own."""
    total = sum((weight * value for weight, value in zip(weights, values, strict=True)), Decimal(0))
    return total / sum(weights, Decimal(0))
