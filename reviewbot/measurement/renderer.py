"""Renders workflows' calls in rendering processes; equal templates with equal samples once."""

from collections.abc import Hashable, Iterable, Mapping
from queue import SimpleQueue
from threading import Lock

from msgspec.structs import replace

from reviewbot.allowance import Allowance, used_up
from reviewbot.errors import Problem
from reviewbot.local_cache import NO_CACHE, Cache
from reviewbot.measurement.calls import (
    STATIC,
    Calls,
    RenderedWorkflow,
    Texts,
    are_the_same,
    calls_of,
    text_key,
)
from reviewbot.measurement.foreseen_includes import foreseen_includes
from reviewbot.measurement.latest_texts import KeptTexts
from reviewbot.measurement.locally_cached_texts import CachedTexts
from reviewbot.measurement.marking import may_choose, texts_to_follow
from reviewbot.measurement.sample_texts import SampleTexts
from reviewbot.measurement.supplied_values import largest_samples, lost_text, supplied_names
from reviewbot.measurement.unseen_text import may_hide_text
from reviewbot.prompt import LoadedFile, Sample
from reviewbot.prompts.sources import LocatedMessage
from reviewbot.rendering.jobs import Job, Rendered
from reviewbot.rendering.process import RenderingProcess
from reviewbot.scope.affected import Affected, Side
from reviewbot.telemetry import Counts

_MOST_MESSAGES = 100_000
"""Messages of one workflow in all its states with all samples: some 40 MB."""

_MESSAGE_CHARACTERS = 2_000
"""What putting a message together and counting it takes, as if it were so much more text."""

_State = tuple[Side | None, tuple[Sample, ...]]


class Renderer:
    """Renders whole workflows, several at a time; equal templates with equal samples once.

    Files are read, and samples are written as JSON, by one thread at a time. The latest texts are
    kept: an edited workflow has most of its templates in common with the one it is an edit of.
    """

    def __init__(
        self,
        processes: Iterable[RenderingProcess],
        counts: Counts,
        allowance: Allowance,
        cache: Cache = NO_CACHE,
    ) -> None:
        self._counts = counts
        self._allowance = allowance
        self._idle: SimpleQueue[RenderingProcess] = SimpleQueue()
        for process in processes:
            self._idle.put(process)
        self._lock = Lock()
        self._sample_texts = SampleTexts()
        self._kept = KeptTexts()
        self._cached = CachedTexts(cache, allowance)

    @property
    def is_used_up(self) -> bool:
        """Whether the review's allowance is, so that nothing more is rendered."""
        return self._allowance.is_used_up

    def workflow(self, affected: Affected) -> RenderedWorkflow:
        """The calls of a workflow in each of its states."""
        before = None if affected.before_problems else affected.before
        after = None if affected.problems else affected.after
        governing = affected.governing.samples or (STATIC,)
        proposed = affected.proposed.samples or (STATIC,)
        self._counts.add(samples=len(affected.proposed.samples))
        states = ((before, governing), (after, governing), (after, proposed))
        if refused := _refused(states, self._allowance):
            problem = replace(refused, place=affected.governing.workflow.place)
            return RenderedWorkflow(
                affected=affected,
                before_problems=affected.before_problems if before is None else (problem,),
                problems=(problem,),
            )
        texts = self.texts(states, followed=after if may_hide_text(affected) else None)
        calls, missing = calls_of(before, governing, texts)
        calls_after, problems = calls_of(after, governing, texts)
        is_same = are_the_same(governing, proposed)
        calls_proposed, more = (
            (calls_after, problems) if is_same else calls_of(after, proposed, texts)
        )
        supplied: tuple[str, ...] = ()
        largest, unknown = None, False
        if problems and after is not None and affected.supplied not in ((), governing):
            helped = (after, affected.supplied)
            calls_after, problems = calls_of(*helped, self.texts([helped]))
            supplied = supplied_names(governing, affected.supplied)
            largest, unknown = _largest(self, after, affected, calls, calls_after)
        is_rendered = not problems and not more
        return RenderedWorkflow(
            affected=affected,
            before=calls,
            after=calls_after if is_rendered else None,
            proposed=calls_proposed if is_rendered else None,
            before_problems=(*affected.before_problems, *missing),
            problems=(*affected.problems, *dict.fromkeys((*problems, *more))),
            supplied=supplied,
            largest=largest,
            is_largest_unknown=unknown,
        )

    def texts(self, states: Iterable[_State], *, followed: Side | None = None) -> Texts:
        """The texts of all templates of each state, by `text_key`.

        Those of the side that is `followed` come with the marks of what is printed, where their
        engine can tell.
        """
        jobs: dict[Hashable, Job] = {}
        known: Texts = {}
        lasting: set[Hashable] = set()
        with_marks: set[Hashable] = set()
        for side, samples in states:
            for message in side.source.messages if side else ():
                if side is not None and message.template.engine is not None:
                    key = text_key(side, message, samples)
                    is_followed = side is followed and STATIC not in samples
                    kept = self._kept.get(key)
                    if kept is not None and not (is_followed and _lacks_choices(message, kept)):
                        known[key] = kept
                    elif key not in jobs or (is_followed and key not in with_marks):
                        jobs[key] = self._job(side, message, samples, is_followed=is_followed)
                        if is_followed:
                            with_marks.add(key)
                        if message.complete:
                            lasting.add(key)
        found = self._rendered(jobs)
        self._kept.add({key: found[key] for key in jobs if key in lasting})
        return known | found

    def _rendered(self, jobs: Mapping[Hashable, Job]) -> Texts:
        if not jobs:
            return {}
        number = sum(len(job.variables) for job in jobs.values())
        process = self._idle.get()
        try:
            found = self._cached.get(jobs.values(), process)
            kind = "renderings" if found is None else "cached_renderings"
            self._counts.add(**{kind: number})
            if found is None:
                with self._counts.timed("rendering_seconds"):
                    found = self._cached.rendered(jobs.values(), process)
        finally:
            self._idle.put(process)
        return dict(zip(jobs, found, strict=True))

    def _job(
        self,
        side: Side,
        message: LocatedMessage,
        samples: tuple[Sample, ...],
        *,
        is_followed: bool,
    ) -> Job:
        def load(name: str, parent: str) -> LoadedFile | None:
            with self._lock:
                return side.reader.include(name, parent)

        followed = texts_to_follow(side, message) if is_followed else None
        return Job(
            engine=message.template.engine or "",
            path=message.path,
            text=message.template.text,
            first_line=message.template.line,
            is_in_lines=message.template.is_in_lines,
            variables=tuple(map(self._sample_texts.of, samples)),
            load=load,
            undefined="largest" if samples == (STATIC,) else "error",
            options=message.options,
            marked="" if followed is None else followed.text,
            marked_files={} if followed is None else followed.files,
            records_choices=is_followed and may_choose(message),
            includes=_includes(message) if message.complete else None,
            foreseen=foreseen_includes(message, load),
        )


def _largest(
    renderer: Renderer, side: Side, affected: Affected, before: Calls | None, after: Calls | None
) -> tuple[Calls | None, bool]:
    """The calls of a side with the largest values of what the change supplies itself.

    The flag says that there are larger values, and that they cannot be rendered.
    """
    lost = "" if before is None or after is None else lost_text(_sent(before), _sent(after))
    samples = largest_samples(affected.governing.samples, affected.supplied, lost)
    if samples is affected.supplied:
        return None, False
    calls, problems = calls_of(side, samples, renderer.texts([(side, samples)]))
    return calls, bool(problems)


def _includes(message: LocatedMessage) -> Mapping[str, str]:
    """The files beside its own that a template is made of, with the ids of their contents."""
    return {path: id_ for path, id_ in message.files.items() if path != message.path}


def _lacks_choices(message: LocatedMessage, kept: Iterable[Rendered | Problem]) -> bool:
    """Whether texts were rendered without recording what the template's expressions came to."""
    are_recorded = all(isinstance(item, Rendered) and item.choices is not None for item in kept)
    return may_choose(message) and not are_recorded


def _sent(calls: Calls) -> list[str]:
    """The texts of a call with the first sample."""
    return [message.text for message in calls.messages[0]]


def _refused(states: Iterable[_State], allowance: Allowance) -> Problem | None:
    """Why the workflow has more messages, with all samples, than may be put together."""
    messages = sum(
        len(side.source.messages) * len(samples) for side, samples in states if side is not None
    )
    if messages > _MOST_MESSAGES:
        return Problem(
            what=f"with all samples the workflow has {messages:,} messages before and after",
            mend=f"give fewer samples: it may have {_MOST_MESSAGES:,}",
        )
    allowance.spend(characters=messages * _MESSAGE_CHARACTERS)
    return used_up() if allowance.is_used_up else None
