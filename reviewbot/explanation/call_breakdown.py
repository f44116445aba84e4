"""Takes one call apart: which message, and which line of which file, its input tokens come from."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext

from reviewbot.costs.rates import EXACT
from reviewbot.errors import Place
from reviewbot.explanation.prompt_lines import PromptLine, prompt_lines, sent_lines
from reviewbot.explanation.variable_texts import FilledText, filled_texts
from reviewbot.measurement.calls import Calls
from reviewbot.prompt import Sample
from reviewbot.prompts.sources import LocatedMessage
from reviewbot.prompts.static_text import has_branches
from reviewbot.report import Figures
from reviewbot.report.call_breakdown import (
    CallBreakdown,
    LineTokens,
    MessageTokens,
    VariableTokens,
)

_SHOWN_CHARACTERS = 300


def call_breakdown(
    workflow: str,
    calls: Calls,
    figures: Figures,
    *,
    count: Callable[[str], int],
    read: Callable[[str], str],
    rendered: Callable[[tuple[Sample, ...]], Calls | None],
) -> CallBreakdown:
    """The call's input by message, line and variable.

    `count` gives the tokens of a text by itself, `read` the text of an included file, `rendered`
    the call with other samples. Means are weighted as the samples are.

    Raises:
        MeasurementError: A text cannot be counted.

    """
    weights = [sample.weight for sample in calls.samples]
    places = list(dict.fromkeys(calls.places[0])) if calls.places else []
    templates = {
        Place(file=item.path, line=item.template.line): item for item in calls.source.messages
    }
    filled = filled_texts(calls, rendered)
    with localcontext(EXACT):
        messages = tuple(
            _message(calls, templates[place], filled, weights, count=count, read=read)
            for place in places
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
    filled: Sequence[Sequence[FilledText]],
    weights: Sequence[Decimal],
    *,
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
    parts = [
        [part for part, where in zip(of_sample, where_from, strict=True) if where == place]
        for of_sample, where_from in zip(filled, calls.places, strict=True)
    ]
    written = tuple(prompt_lines(located, read))
    options = json.loads(located.options or "{}")
    included = (line.text for line in written if line.file != located.path)
    branches = template.engine is not None and (
        has_branches(template.text, options, template.engine)
        or any(has_branches(text, options) for text in included)
    )
    own = ["\n".join(part.own for part in of_sample) for of_sample in parts]
    sent = sent_lines(written, own) if branches else (True,) * len(written)
    lines = tuple(
        _line(line, is_sent=is_sent, count=count)
        for line, is_sent in zip(written, sent, strict=True)
    )
    is_filled = any(of_sample != texts[0] for of_sample in texts)
    has_tags = any(line.varies for line in lines) if lines else True
    is_constant = all(constant.line is None for _, constant in first)
    return MessageTokens(
        role=", ".join(dict.fromkeys(message.role for message, _ in first)),
        place=place,
        mean_tokens=_mean(tokens, weights),
        largest_tokens=max(tokens),
        start_tokens=sum(
            count(message.text if constant.line is None else message.text[: constant.characters])
            for message, constant in first
        ),
        varies=template.engine is not None
        and not is_constant
        and (is_filled or has_tags or branches),
        has_branches=branches,
        variables=_variables(parts, weights, count),
        lines=lines,
    )


def _variables(
    parts: Sequence[Sequence[FilledText]],
    weights: Sequence[Decimal],
    count: Callable[[str], int],
) -> tuple[VariableTokens, ...] | None:
    """The variables that put text in; None where that of any message is not known."""
    tokens: dict[str, list[int]] = {}
    for number, of_sample in enumerate(parts):
        for part in of_sample:
            if part.variables is None:
                return None
            for name, texts in part.variables.items():
                of_name = tokens.setdefault(name, [0] * len(parts))
                of_name[number] += sum(
                    times * count(text) for text, times in Counter(texts).items()
                )
    found = [
        VariableTokens(name=name, mean_tokens=_mean(it, weights)) for name, it in tokens.items()
    ]
    return tuple(sorted(found, key=lambda item: (-item.mean_tokens, item.name)))


def _line(line: PromptLine, *, is_sent: bool, count: Callable[[str], int]) -> LineTokens:
    return LineTokens(
        file=line.file,
        line=line.line,
        tokens=count(line.fixed) if line.fixed else 0,
        varies=line.varies,
        text=_shortened(line.text.strip().partition("\n")[0]),
        is_sent=is_sent,
    )


def _shortened(text: str) -> str:
    """A line's beginning; an ellipsis says that more stands there."""
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[: _SHOWN_CHARACTERS - 1]}…"


def _mean(values: Sequence[int], weights: Sequence[Decimal]) -> Decimal:
    """The weighted mean, as exact as the forecast's own."""
    total = sum((weight * value for weight, value in zip(weights, values, strict=True)), Decimal(0))
    return total / sum(weights, Decimal(0))
