"""Renders a workflow's call with each sample and counts its tokens.

Rendering runs ahead in a thread, which waits for the rendering process, while the caller counts.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal
from typing import Any

from reviewbot.affected import Affected, Side
from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.prompts import MessageTemplate, Sample
from reviewbot.records import Record, replace
from reviewbot.rendering import Job, Loaded, Rendered, RenderingProcess
from reviewbot.sources import LocatedMessage, Source
from reviewbot.tokens import CallTokens, Counter, Message, Model, count_call

STATIC = Sample(name="static", variables={})
"""Stands in where there are no samples: the template's own text, every variable empty."""

_RENDERED_AHEAD = 16
"""Workflows whose texts may wait to be counted; bounds the memory that they take."""


class Calls(Record):
    """The messages of a workflow's call, one tuple for each sample."""

    source: Source
    encoding: str | None
    samples: tuple[Sample, ...]
    messages: tuple[tuple[Message, ...], ...]


class RenderedWorkflow(Record):
    """A workflow's calls in the states that are measured.

    `before` and `after` use the governing samples, `proposed` the head's own; each is None where
    there is no such state or it could not be rendered, for which the problems give the reasons.
    """

    affected: Affected
    before: Calls | None = None
    after: Calls | None = None
    proposed: Calls | None = None
    before_problems: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()


class SampleCount(Record):
    """The tokens of a call with one sample."""

    name: str
    weight: Decimal
    tokens: CallTokens


def render_ahead(
    affected: Iterable[Affected], process: RenderingProcess
) -> Iterator[RenderedWorkflow]:
    """The rendered calls of each workflow in order, while a thread renders the next ones."""
    waiting: deque[Future[RenderedWorkflow]] = deque()
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="rendering") as pool:
        try:
            for item in affected:
                waiting.append(pool.submit(_render_workflow, item, process))
                if len(waiting) > _RENDERED_AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def count_calls(calls: Calls, model: Model, counter: Counter) -> tuple[SampleCount, ...]:
    """The tokens of the call with each sample.

    Raises:
        MeasurementError: A text cannot be counted; the problem names its prompt.
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
                counter=counter,
            ),
        )
        for sample, messages in zip(calls.samples, calls.messages, strict=True)
    )


def _located(calls: Calls, model: Model, counter: Counter) -> list[Problem]:
    """The same problems again, each with the place of the prompt whose text has it."""
    problems: dict[Problem, None] = {}
    for messages in calls.messages:
        for located, message in zip(calls.source.messages, messages, strict=True):
            try:
                counter.count(message.text, model.encoding)
            except MeasurementError as error:
                place = Place(file=located.path, line=located.template.line)
                problems |= {replace(problem, place=place): None for problem in error.problems}
    return list(problems)


def _render_workflow(affected: Affected, process: RenderingProcess) -> RenderedWorkflow:
    renderer = _Renderer(process)
    rendered = RenderedWorkflow(
        affected=affected,
        before_problems=affected.before_problems,
        problems=affected.problems,
    )
    governing, proposed = affected.governing.samples, affected.proposed.samples
    if affected.before is not None and not affected.before_problems:
        try:
            rendered = replace(rendered, before=renderer.calls(affected.before, governing))
        except MeasurementError as error:
            rendered = replace(rendered, before_problems=error.problems)
    if affected.after is not None and not affected.problems:
        try:
            rendered = replace(
                rendered,
                after=renderer.calls(affected.after, governing),
                proposed=renderer.calls(affected.after, proposed),
            )
        except MeasurementError as error:
            rendered = replace(rendered, after=None, problems=error.problems)
    return rendered


class _Renderer:
    """Renders the messages of one workflow; equal templates with equal samples once."""

    def __init__(self, process: RenderingProcess) -> None:
        self._process = process
        self._done: dict[Any, tuple[tuple[str, ...], tuple[Sample, ...]]] = {}

    def calls(self, side: Side, samples: tuple[Sample, ...]) -> Calls:
        columns: list[tuple[str, ...]] = []
        problems: list[Problem] = []
        chosen = samples or (STATIC,)
        for message in side.source.messages:
            try:
                columns.append(self._texts(message, chosen, side))
            except MeasurementError as error:
                problems += error.problems
        if problems:
            raise MeasurementError(dict.fromkeys(problems))
        templates = [message.template for message in side.source.messages]
        rows = zip(*columns, strict=True) if columns else [() for _ in chosen]
        return Calls(
            source=side.source,
            encoding=side.encoding,
            samples=chosen,
            messages=tuple(
                tuple(
                    _message(template, text) for template, text in zip(templates, row, strict=True)
                )
                for row in rows
            ),
        )

    def _texts(
        self, message: LocatedMessage, samples: tuple[Sample, ...], side: Side
    ) -> tuple[str, ...]:
        template = message.template
        if template.engine is None:
            return (template.text,) * len(samples)
        key = (template, message.path, tuple(message.files.items()))
        if message.complete and key in self._done:
            texts, rendered_with = self._done[key]
            if rendered_with == samples:
                return texts
        texts = self._render(template, message.path, samples, side)
        self._done[key] = (texts, samples)
        return texts

    def _render(
        self, template: MessageTemplate, path: str, samples: tuple[Sample, ...], side: Side
    ) -> tuple[str, ...]:
        job = Job(
            engine=template.engine or "",
            path=path,
            text=template.text,
            first_line=template.line,
            variables=tuple(_sized(sample.variables) for sample in samples),
            undefined="empty" if samples == (STATIC,) else "error",
        )

        def load(name: str, parent: str) -> Loaded | None:
            found = side.reader.include(name, parent)
            return None if found is None else Loaded(path=found.path, text=found.text)

        results = self._process.render(job, load=load)
        problems = [result for result in results if isinstance(result, Problem)]
        if problems:
            raise MeasurementError(problems)
        return tuple(result.text for result in results if isinstance(result, Rendered))


def _message(template: MessageTemplate, text: str) -> Message:
    return Message(role=template.role, text=text, name=template.name)


def _sized(value: Any) -> Any:
    """`value` with each `{tokens: N}` replaced by a text of N tokens.

    `token` and ` token` are one token in every encoding that is shipped.
    """
    if isinstance(value, dict):
        if value.keys() == {"tokens"} and isinstance(value["tokens"], int):
            return " ".join(["token"] * min(max(value["tokens"], 0), _SIZED_TOKENS_LIMIT))
        return {key: _sized(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_sized(item) for item in value]
    return value


_SIZED_TOKENS_LIMIT = 1_000_000
"""More is longer than any rendering may be, and so refused there by name."""
