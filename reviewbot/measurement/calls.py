"""Renders a workflow's call with each sample and counts its tokens.

Rendering runs ahead in threads, which wait for rendering processes, while the caller counts.
"""

import json
from collections import deque
from collections.abc import Hashable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal
from itertools import chain
from queue import SimpleQueue
from threading import Lock

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.prompt import Constant, LoadedFile, MessageTemplate, Sample
from reviewbot.prompts.sources import LocatedMessage, Source
from reviewbot.rendering import Job, Rendered, RenderingProcess
from reviewbot.scope.affected import Affected, Side
from reviewbot.telemetry import Counts
from reviewbot.tokens import (
    CachingRule,
    CallTokens,
    Counter,
    Message,
    Model,
    caching_rule,
    count_beginning,
    count_call,
    image_tokens,
    stable_beginning,
)

STATIC = Sample(name="static", variables={})
"""Stands in where there are no samples: the template's own text, every variable empty."""

_SAMPLES_KEPT = 1_000
_KEPT_CHARACTERS = 32_000_000
"""Of rendered texts, some 10,000 of 3,000 characters."""

_RENDERED_AHEAD = 16
"""Workflows whose texts may wait to be counted; bounds the memory that they take."""


class Calls(Struct, frozen=True, kw_only=True):
    """The messages of a workflow's call, one tuple for each sample.

    `constants` says of each message with the first sample how its text begins whatever the
    variables. `places` says of each message of each sample where its template stands.
    """

    source: Source
    encoding: str | None
    samples: tuple[Sample, ...]
    messages: tuple[tuple[Message, ...], ...]
    constants: tuple[Constant, ...]
    places: tuple[tuple[Place, ...], ...]

    @property
    def has_variables(self) -> bool:
        """Whether any message is a template; a text is the same with every sample."""
        return any(message.template.engine is not None for message in self.source.messages)


class RenderedWorkflow(Struct, frozen=True, kw_only=True):
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


class SampleCount(Struct, frozen=True, kw_only=True):
    """The tokens of a call with one sample."""

    name: str
    weight: Decimal
    tokens: CallTokens


class Prefix(Struct, frozen=True, kw_only=True):
    """What every call begins with: its tokens, how many of them are cached, and where it ends.

    `ends` is None where no message varies.
    """

    tokens: int
    cacheable_tokens: int
    rule: CachingRule
    ends: Place | None


def render_ahead(
    affected: Iterable[Affected], renderer: "Renderer", threads: int
) -> Iterator[RenderedWorkflow]:
    """The rendered calls of each workflow in order, while so many threads render the next ones."""
    waiting: deque[Future[RenderedWorkflow]] = deque()
    with ThreadPoolExecutor(threads, thread_name_prefix="rendering") as pool:
        try:
            for item in affected:
                waiting.append(pool.submit(renderer.workflow, item))
                if len(waiting) > _RENDERED_AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def count_calls(calls: Calls, model: Model, counter: Counter) -> tuple[SampleCount, ...]:
    """The tokens of the call with each sample.

    Raises:
        MeasurementError: A text or an image cannot be counted; the problem names its prompt.
    """
    try:
        return _counted(calls, model, counter)
    except MeasurementError as error:
        raise MeasurementError(_located(calls, model, counter) or error.problems) from error


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


_State = tuple[Side | None, tuple[Sample, ...]]
_Texts = dict[Hashable, tuple[Rendered | Problem, ...]]


class Renderer:
    """Renders whole workflows, several at a time; equal templates with equal samples once.

    Files are read, and samples are written as JSON, by one thread at a time. The latest texts are
    kept: an edited workflow has most of its templates in common with the one it is an edit of.
    """

    def __init__(self, processes: Iterable[RenderingProcess], counts: Counts) -> None:
        self._counts = counts
        self._idle: SimpleQueue[RenderingProcess] = SimpleQueue()
        for process in processes:
            self._idle.put(process)
        self._lock = Lock()
        self._variables: dict[int, tuple[Sample, str]] = {}
        self._kept: _Texts = {}
        self._kept_characters = 0

    def workflow(self, affected: Affected) -> RenderedWorkflow:
        """The calls of a workflow in each of its states."""
        before = None if affected.before_problems else affected.before
        after = None if affected.problems else affected.after
        governing = affected.governing.samples or (STATIC,)
        proposed = affected.proposed.samples or (STATIC,)
        self._counts.add(samples=len(affected.proposed.samples))
        states = ((before, governing), (after, governing), (after, proposed))
        texts = self._texts(states)
        (calls, missing), (calls_after, problems), (calls_proposed, more) = (
            _calls(*state, texts) for state in states
        )
        if problems and after is not None and affected.supplied not in ((), governing):
            helped = (after, affected.supplied)
            calls_after, problems = _calls(*helped, self._texts([helped]))
        is_rendered = not problems and not more
        return RenderedWorkflow(
            affected=affected,
            before=calls,
            after=calls_after if is_rendered else None,
            proposed=calls_proposed if is_rendered else None,
            before_problems=(*affected.before_problems, *missing),
            problems=(*affected.problems, *dict.fromkeys((*problems, *more))),
        )

    def _texts(self, states: Iterable[_State]) -> _Texts:
        jobs: dict[Hashable, Job] = {}
        known: _Texts = {}
        lasting: set[Hashable] = set()
        for side, samples in states:
            for message in side.source.messages if side else ():
                if side is not None and message.template.engine is not None:
                    key = _key(side, message, samples)
                    if (kept := self._kept.get(key)) is not None:
                        known[key] = kept
                    elif key not in jobs:
                        jobs[key] = self._job(side, message, samples)
                        if message.complete:
                            lasting.add(key)
        found = self._rendered(jobs)
        self._keep({key: found[key] for key in jobs if key in lasting})
        return known | found

    def _rendered(self, jobs: Mapping[Hashable, Job]) -> _Texts:
        if not jobs:
            return {}
        self._counts.add(renderings=sum(len(job.variables) for job in jobs.values()))
        process = self._idle.get()
        try:
            with self._counts.timed("rendering_seconds"):
                return dict(zip(jobs, process.render(jobs.values()), strict=True))
        finally:
            self._idle.put(process)

    def _keep(self, found: _Texts) -> None:
        """Keep texts, but no problems, and let go of the oldest."""
        with self._lock:
            for key, results in found.items():
                is_whole = all(isinstance(result, Rendered) for result in results)
                if is_whole and key not in self._kept:
                    self._kept[key] = results
                    self._kept_characters += _characters(results)
            while self._kept_characters > _KEPT_CHARACTERS:
                oldest = next(iter(self._kept))
                self._kept_characters -= _characters(self._kept.pop(oldest))

    def _job(self, side: Side, message: LocatedMessage, samples: tuple[Sample, ...]) -> Job:
        def load(name: str, parent: str) -> LoadedFile | None:
            with self._lock:
                return side.reader.include(name, parent)

        return Job(
            engine=message.template.engine or "",
            path=message.path,
            text=message.template.text,
            first_line=message.template.line,
            is_in_lines=message.template.is_in_lines,
            variables=tuple(map(self._as_json, samples)),
            load=load,
            undefined="empty" if samples == (STATIC,) else "error",
            options=message.options,
        )

    def _as_json(self, sample: Sample) -> str:
        """The sample's variables as JSON; the same string for the same sample."""
        with self._lock:
            if id(sample) not in self._variables:
                if len(self._variables) >= _SAMPLES_KEPT:
                    self._variables.clear()
                self._variables[id(sample)] = sample, json.dumps(sample.variables)
            return self._variables[id(sample)][1]


def _key(side: Side, message: LocatedMessage, samples: tuple[Sample, ...]) -> Hashable:
    """What a template's texts depend on; its own file's id says no more than the template does.

    Samples live as long as the review, so none of their ids is given twice; a side may not, so a
    text that depends on any file is not kept.
    """
    files: Hashable = id(side)
    if message.complete:
        files = tuple(item for item in message.files.items() if item[0] != message.path)
    return message.template, message.options, message.path, files, tuple(map(id, samples))


def _characters(results: Iterable[Rendered | Problem]) -> int:
    return sum(len(result.text) for result in results if isinstance(result, Rendered))


def _calls(
    side: Side | None, samples: tuple[Sample, ...], texts: _Texts
) -> tuple[Calls | None, tuple[Problem, ...]]:
    if side is None:
        return None, ()
    columns: list[list[tuple[Message, ...]]] = []
    constants: list[Constant] = []
    end: Constant | None = None
    problems: list[Problem] = []
    for message in side.source.messages:
        template = message.template
        if template.engine is None:
            columns.append([(_message(template, template.text),)] * len(samples))
            constants += _constants(message, [Constant(characters=len(template.text))], end)
            continue
        results = texts[_key(side, message, samples)]
        problems += (result for result in results if isinstance(result, Problem))
        rendered = [result for result in results if isinstance(result, Rendered)]
        columns.append([_messages(template, result) for result in rendered])
        for result in rendered[:1]:
            constants += _constants(message, _rendered_constants(result), end)
            if result.constant.line is not None:
                end = replace(result.constant, characters=0)
    if problems:
        return None, tuple(dict.fromkeys(problems))
    rows = zip(*columns, strict=True) if columns else [() for _ in samples]
    calls = Calls(
        source=side.source,
        encoding=side.encoding,
        samples=samples,
        messages=tuple(tuple(chain.from_iterable(row)) for row in rows),
        constants=tuple(constants),
        places=_places(side.source, columns, len(samples)),
    )
    return calls, ()


def _places(
    source: Source, columns: list[list[tuple[Message, ...]]], samples: int
) -> tuple[tuple[Place, ...], ...]:
    places = [Place(file=item.path, line=item.template.line) for item in source.messages]
    return tuple(
        tuple(
            chain.from_iterable(
                [place] * len(column[sample]) for place, column in zip(places, columns, strict=True)
            )
        )
        for sample in range(samples)
    )


def _messages(template: MessageTemplate, rendered: Rendered) -> tuple[Message, ...]:
    """The messages that a rendered text holds: one, unless its engine tells several apart."""
    if rendered.parts is None:
        return (_message(template, rendered.text),)
    return tuple(
        Message(role=part.role, text=part.text, images=() if number else template.images)
        for number, part in enumerate(rendered.parts)
    )


def _message(template: MessageTemplate, text: str) -> Message:
    return Message(
        role=template.role,
        text=text,
        name=template.name,
        images=template.images,
        documents=template.documents,
    )


def _constants(
    message: LocatedMessage, constants: Iterable[Constant], end: Constant | None
) -> Iterator[Constant]:
    """The constants of a message's texts, as far as no image of it varies.

    None of them begins behind an `end`, where other calls may have other messages.
    """
    if end is not None:
        return (end for _ in constants)
    if any(image.varies for image in message.template.images):
        varying = Constant(characters=0, path=message.path, line=message.template.line)
        return (varying for _ in constants)
    return iter(constants)


def _rendered_constants(rendered: Rendered) -> Iterator[Constant]:
    """How each message of a rendered text begins whatever the variables."""
    whole = rendered.constant
    if rendered.parts is None:
        yield whole
        return
    for part in rendered.parts:
        length = len(part.text)
        if whole.line is None or whole.characters > part.start + length:
            yield Constant(characters=length)
        else:
            yield replace(whole, characters=max(0, whole.characters - part.start))
