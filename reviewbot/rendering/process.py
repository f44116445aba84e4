"""The parent's side of rendering: one process, reused while it lives, replaced when it dies."""

import sys
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, Self

from reviewbot.allowance import USED_UP, Allowance
from reviewbot.errors import Problem
from reviewbot.rendering.channel import LostError, NoAnswerError, OutOfTimeError
from reviewbot.rendering.conversation import Conversation
from reviewbot.rendering.jobs import (
    Job,
    Outcome,
    Rendered,
    Result,
    problem_of,
    result_of,
)
from reviewbot.rendering.resource_limits import Limits
from reviewbot.rendering.spending import Spending

IN_FLIGHT = 24
"""Jobs that are sent before the first of them is answered, so that the process never waits."""


class _StoppedError(Exception):
    """Nothing more may be rendered: there is no room, or no time, left."""


def _too_long(job: Job, error: LostError) -> Problem:
    if isinstance(error, NoAnswerError):
        mend = "run the review again where the machine has less else to do"
    elif job.task == "parse":
        mend = "move its prompts to a file of their own, or name a built file in `coverage.ignore`"
    else:
        mend = "simplify the template or its sample"
    return problem_of(job, str(error), mend)


class RenderingProcess:
    """Renders templates within `limits`; a context manager that ends the process.

    Not for several threads at a time. `spending` is what is left of its time.
    """

    def __init__(self, limits: Limits | None = None, allowance: Allowance | None = None) -> None:
        self._limits = limits or Limits()
        self._allowance = allowance or Allowance()
        self.spending = Spending(self._limits, self._allowance)
        self._conversation = Conversation(self._limits, self.spending)
        self._room = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._conversation.end()

    @property
    def is_used_up(self) -> bool:
        """Whether the time is over, so that nothing more is done."""
        return self.spending.is_used_up

    @property
    def is_full(self) -> bool:
        """Whether what was rendered last has more text than may be held together."""
        return self._room <= 0

    @property
    def starts(self) -> int:
        """How many processes were needed."""
        return self._conversation.starts

    def start(self) -> None:
        """Start the process, and do not wait until it is ready."""
        self._conversation.begin()

    def render(self, jobs: Iterable[Job]) -> Iterator[tuple[Result, ...]]:
        """For each job in order, a text or a problem for each of its sets of variables.

        A set that hits a limit stops neither the others of its job nor other jobs; the limit for
        all texts together, `texts_bytes`, stops all that come after it.
        """
        return self._done(jobs)

    def _done(self, jobs: Iterable[Job]) -> Iterator[tuple[Any, ...]]:
        waiting = iter(jobs)
        sent: deque[Job] = deque()
        self._room = self._limits.texts_bytes
        while True:
            while len(sent) < IN_FLIGHT and (job := next(waiting, None)) is not None:
                sent.append(job)
                if self._goes_on:
                    self._conversation.post(job, job.variables)
            if not sent:
                return
            yield self._results_of(sent.popleft(), sent)

    def _results_of(self, job: Job, sent: Iterable[Job]) -> tuple[Any, ...]:
        """A text or a problem for each set of a job's variables; others were `sent` behind it."""
        self.spending.begins(len(job.text), job.path)
        results: list[Outcome] = []
        self._conversation.refused = None
        if self._goes_on:
            self._take(job, results, sent)
        left = len(job.variables) - len(results)
        return (*results, *[problem_of(job, *self._why_not())] * left)

    @property
    def _goes_on(self) -> bool:
        return self._room > 0 and not self.is_used_up

    def _why_not(self) -> tuple[str, str]:
        """What and mend of the problem that stands for what was not rendered."""
        if self._room <= 0:
            size = f"{self._limits.texts_bytes // 2**20} MiB"
            return f"the samples of a workflow give more than {size} of text", (
                "give fewer or shorter samples"
            )
        return USED_UP if self._allowance.is_used_up else self.spending.why_used_up()

    def _take(self, job: Job, results: list[Outcome], sent: Iterable[Job]) -> None:
        """Add a job's results; what was `sent` behind it is posted again if the process is lost."""
        try:
            try:
                self._collect(job, len(job.variables), results)
            except LostError as error:
                self._conversation.end()
                if isinstance(error, OutOfTimeError) and len(job.variables) == 1:
                    results.append(_too_long(job, error))
                else:
                    self._render_carefully(job, results)
                for other in sent:
                    self._conversation.post(other, other.variables)
        except _StoppedError:
            self._conversation.end()

    def _render_carefully(self, job: Job, results: list[Outcome]) -> None:
        """Add what is missing of a job's results, set by set, to see which one is at fault.

        When the process is lost while it compiles, all of them are. What is parsed is one.
        """
        while len(results) < len(job.variables) and not self.is_used_up:
            one_set = job.variables[len(results) : len(results) + 1]
            self._conversation.post(job, one_set, careful=True)
            left = len(job.variables) - len(results)
            one: list[Outcome] = []
            try:
                self._collect(job, 0, one)
                left = 1
                if not one:  # what cannot be compiled is answered by that
                    self._collect(job, 1, one)
                results += one
            except LostError as error:
                self._conversation.end()
                results += [_too_long(job, error)] * left

    def _collect(self, job: Job, count: int, results: list[Outcome]) -> None:
        """Take messages for a job until `count` results are there; with none, take one message."""
        self._conversation.wait_until_ready()
        wanted = len(results) + count
        while True:
            for answer in self._conversation.answers(job.load):
                refused = self._conversation.refused if job.task == "render" else None
                outcome = refused or result_of(job, answer)
                self._make_room(outcome)
                results.append(outcome)
            if len(results) >= wanted:
                return
            if self.is_used_up:
                raise _StoppedError

    def _make_room(self, outcome: Outcome) -> None:
        """Count a text.

        Raises:
            _StoppedError: There are more than may be held together.

        """
        self.spending.rendered()
        if isinstance(outcome, Rendered):
            self._allowance.spend(characters=len(outcome.text))
            self._room -= sys.getsizeof(outcome.text)
            if self._room <= 0:
                raise _StoppedError
