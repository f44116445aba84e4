"""Renders workflows' calls in rendering processes; equal templates with equal samples once."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from queue import SimpleQueue

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
)
from reviewbot.measurement.latest_texts import KeptTexts
from reviewbot.measurement.locally_cached_texts import CachedTexts, Results
from reviewbot.measurement.supplied_values import largest_samples, lost_text, supplied_names
from reviewbot.measurement.unseen_text import may_hide_text
from reviewbot.measurement.wanted_texts import JobMaker, State, Wanted
from reviewbot.rendering.jobs import Job, Rendered
from reviewbot.rendering.process import RenderingProcess
from reviewbot.scope.affected import Affected, Side
from reviewbot.telemetry import Counts
from reviewbot.tokens import Counter, stable_part

_MOST_MESSAGES = 100_000
"""Messages of one workflow in all its states with all samples: some 40 MB."""

_MESSAGE_CHARACTERS = 2_000
"""What putting a message together and counting it takes, as if it were so much more text."""


class Renderer:
    """Renders whole workflows, several at a time; equal templates with equal samples once.

    The latest texts are kept: an edited workflow has most of its templates in common with the one
    it is an edit of. A `counter` is told the tokens that the processes count.
    """

    def __init__(
        self,
        processes: Iterable[RenderingProcess],
        counts: Counts,
        allowance: Allowance,
        cache: Cache = NO_CACHE,
        counter: Counter | None = None,
    ) -> None:
        self._counts = counts
        self._allowance = allowance
        self._idle: SimpleQueue[RenderingProcess] = SimpleQueue()
        for process in processes:
            self._idle.put(process)
        self._kept = KeptTexts()
        self._counter = counter
        self._maker = JobMaker(self._kept, counts=counter is not None)
        self._cached = CachedTexts(cache, allowance)

    @property
    def is_used_up(self) -> bool:
        """Whether the review's allowance is, so that nothing more is rendered."""
        return self._allowance.is_used_up

    def ahead(self, workflows: Iterable[Affected]) -> list[Texts | None]:
        """The texts that each of several workflows begins with, rendered in one go.

        None where `workflow` has to do without: they are too many, or too long.
        """
        pending: dict[Hashable, Job] = {}
        wanted: list[Wanted | None] = []
        for affected in workflows:
            states = _states(affected)
            is_refused = self.is_used_up or _messages(states) > _MOST_MESSAGES
            one = None if is_refused else self._maker.wanted(states, _followed(affected), pending)
            if one is not None:
                pending |= {key: one.jobs[key] for key in one.lasting}
            wanted.append(one)
        found = self._rendered([one.jobs for one in wanted if one is not None])
        if found is None:
            return [None] * len(wanted)
        together = {key: texts for of_one in found for key, texts in of_one.items()}
        each = iter(found)
        return [None if one is None else self._all(one, next(each), together) for one in wanted]

    def workflow(self, affected: Affected, texts: Texts | None = None) -> RenderedWorkflow:
        """The calls of a workflow in each of its states; some `texts` may be there already."""
        before, after = _sides(affected)
        governing = affected.governing.samples or (STATIC,)
        proposed = affected.proposed.samples or (STATIC,)
        self._counts.add(samples=len(affected.proposed.samples))
        states = _states(affected)
        if refused := _refused(states, self._allowance):
            problem = replace(refused, place=affected.governing.workflow.place)
            return RenderedWorkflow(
                affected=affected,
                before_problems=affected.before_problems if before is None else (problem,),
                problems=(problem,),
            )
        if texts is None:
            texts = self.texts(states, followed=_followed(affected))
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

    def texts(self, states: Iterable[State], *, followed: Side | None = None) -> Texts:
        """The texts of all templates of each state, by `text_key`.

        Those of the side that is `followed` come with the marks of what is printed, where their
        engine can tell.
        """
        wanted = self._maker.wanted(states, followed, {})
        (found,) = self._rendered([wanted.jobs]) or ({},)
        return self._all(wanted, found, {})

    def _all(self, wanted: Wanted, found: Texts, together: Texts) -> Texts:
        """All texts of a workflow, of which some were `found`, or others want them `together`."""
        self._kept.add({key: found[key] for key in wanted.lasting})
        return wanted.known | found | {key: together[key] for key in wanted.shared}

    def _rendered(self, groups: Sequence[Mapping[Hashable, Job]]) -> list[Texts] | None:
        """The texts of each group of jobs; None where they are too many to be held together."""
        asked = [jobs for jobs in groups if jobs]
        if not asked:
            return [{} for _ in groups]
        process = self._idle.get()
        try:
            found = [self._cached.get(jobs.values(), process) for jobs in asked]
            left = [jobs for jobs, texts in zip(asked, found, strict=True) if texts is None]
            if len(left) < len(asked):
                self._counts.add(cached_renderings=_number(asked) - _number(left))
            texts: list[Results] | None = []
            if left:
                self._counts.add(renderings=_number(left))
                with self._counts.timed("rendering_seconds"):
                    texts = self._cached.rendered([jobs.values() for jobs in left], process)
        finally:
            self._idle.put(process)
        if texts is None:
            return None
        if self._counter is not None:
            for jobs, results in zip(left, texts, strict=True):
                _tell(self._counter, jobs.values(), results)
        new = iter(texts)
        each = (next(new) if known is None else known for known in found)
        return [dict(zip(jobs, next(each), strict=True)) if jobs else {} for jobs in groups]


def _tell(counter: Counter, jobs: Iterable[Job], results: Results) -> None:
    """Tell the tokens that came with texts."""
    for job, of_job in zip(jobs, results, strict=True):
        for result in of_job:
            if not isinstance(result, Rendered):
                continue
            if result.tokens is not None:
                counter.tell(result.text, job.counted, result.tokens)
            if result.beginning_tokens is not None:
                beginning = stable_part(result.text[: result.constant.characters])
                counter.tell(beginning, job.counted, result.beginning_tokens)


def _number(groups: Iterable[Mapping[Hashable, Job]]) -> int:
    """How many texts there are to render."""
    return sum(len(job.variables) for jobs in groups for job in jobs.values())


def _sides(affected: Affected) -> tuple[Side | None, Side | None]:
    """What can be rendered of a workflow before and after the change."""
    before = None if affected.before_problems else affected.before
    return before, None if affected.problems else affected.after


def _states(affected: Affected) -> tuple[State, ...]:
    before, after = _sides(affected)
    governing = affected.governing.samples or (STATIC,)
    proposed = affected.proposed.samples or (STATIC,)
    return (before, governing), (after, governing), (after, proposed)


def _followed(affected: Affected) -> Side | None:
    """The side of which is asked what is printed."""
    return _sides(affected)[1] if may_hide_text(affected) else None


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


def _sent(calls: Calls) -> list[str]:
    """The texts of a call with the first sample."""
    return [message.text for message in calls.messages[0]]


def _messages(states: Iterable[State]) -> int:
    """How many messages there are to put together."""
    return sum(
        len(side.source.messages) * len(samples) for side, samples in states if side is not None
    )


def _refused(states: Iterable[State], allowance: Allowance) -> Problem | None:
    """Why the workflow has more messages, with all samples, than may be put together."""
    messages = _messages(states)
    if messages > _MOST_MESSAGES:
        return Problem(
            what=f"with all samples the workflow has {messages:,} messages before and after",
            mend=f"give fewer samples: it may have {_MOST_MESSAGES:,}",
        )
    allowance.spend(characters=messages * _MESSAGE_CHARACTERS)
    return used_up() if allowance.is_used_up else None
