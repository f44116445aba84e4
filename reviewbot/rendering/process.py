"""The parent's side of rendering: one process, reused while it lives, replaced when it dies."""

import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Self

from reviewbot.allowance import USED_UP, Allowance
from reviewbot.errors import MeasurementError, Problem
from reviewbot.rendering.channel import Channel, LostError
from reviewbot.rendering.jobs import Job, Load, Outcome, Rendered, Result, problem_of, result_of
from reviewbot.rendering.resource_limits import Limits
from reviewbot.rendering.sent_variables import SentVariables
from reviewbot.rendering.spending import Spending

_START_SECONDS = 30.0
_IN_FLIGHT = 8
"""Jobs that are sent before the first of them is answered, so that the process never waits."""

_SLOW_SECONDS_USED = (
    "the time that a review has for slow templates is used up",
    "simplify the templates that take longest",
)


class _StoppedError(Exception):
    """Nothing more may be rendered: there is no room, or no time, left."""


class RenderingProcess:
    """Renders templates within `limits`; a context manager that ends the process.

    `starts` counts the processes that were needed. Not for several threads at a time.
    """

    def __init__(self, limits: Limits | None = None, allowance: Allowance | None = None) -> None:
        self._limits = limits or Limits()
        self._allowance = allowance or Allowance()
        self._spending = Spending(self._limits, self._allowance)
        self._channel = Channel(self._limits)
        self._is_ready = False
        self._variables = SentVariables()
        self._refused: Problem | None = None
        self._room = 0
        self.starts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._channel.close()

    @property
    def is_used_up(self) -> bool:
        """Whether the time is over, so that nothing more is done."""
        return self._spending.is_used_up

    def start(self) -> None:
        """Start the process, and do not wait until it is ready."""
        if self._channel.is_open:
            return
        self._spending.started(again=self.starts > 0)
        self._channel.open()
        self._is_ready = False
        self._variables = SentVariables()
        self.starts += 1

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
            while len(sent) < _IN_FLIGHT and (job := next(waiting, None)) is not None:
                sent.append(job)
                if self._goes_on:
                    self._post(job, job.variables)
            if not sent:
                return
            job = sent.popleft()
            self._spending.begins(len(job.text))
            results: list[Outcome] = []
            self._refused = None
            if self._goes_on:
                self._take(job, results, sent)
            left = len(job.variables) - len(results)
            yield (*results, *[problem_of(job, *self._why_not())] * left)

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
        return USED_UP if self._allowance.is_used_up else _SLOW_SECONDS_USED

    def _take(self, job: Job, results: list[Outcome], sent: Iterable[Job]) -> None:
        """Add a job's results; what was `sent` behind it is posted again if the process is lost."""
        try:
            try:
                self._collect(job, len(job.variables), results)
            except LostError:
                self._channel.close()
                self._render_carefully(job, results)
                for other in sent:
                    self._post(other, other.variables)
        except _StoppedError:
            self._channel.close()

    def parse(self, parser: str, text: str, *, path: str) -> Any:
        """What `text` says, read by one of `rendering.parsers`: JSON data.

        Raises:
            MeasurementError: It cannot be parsed, or not within the limits.

        """
        job = Job(
            engine=parser,
            path=path,
            text=text,
            first_line=1,
            variables=("",),
            load=_load_nothing,
            task="parse",
        )
        ((result,),) = self._done([job])
        if isinstance(result, Problem):
            raise MeasurementError([result])
        return result.data

    def _render_carefully(self, job: Job, results: list[Outcome]) -> None:
        """Add what is missing of a job's results, set by set, to see which one is at fault.

        When the process is lost while it compiles, all of them are.
        """
        while len(results) < len(job.variables) and not self.is_used_up:
            self._post(job, job.variables[len(results) : len(results) + 1], careful=True)
            left = len(job.variables) - len(results)
            one: list[Outcome] = []
            try:
                self._collect(job, 0, one)
                left = 1
                self._collect(job, 1 - len(one), one)
                results += one
            except LostError as error:
                self._channel.close()
                problem = problem_of(job, str(error), "simplify the template or its sample")
                results += [problem] * left

    def _post(self, job: Job, variables: tuple[str, ...], *, careful: bool = False) -> None:
        """Send a job as far as the pipe takes it; `_collect` sends the rest."""
        self.start()
        sent = self._variables.sent(variables)
        self._channel.send(
            {
                "job": True,
                "task": job.task,
                "engine": job.engine,
                "options": job.options,
                "path": job.path,
                "text": job.text,
                "marked": job.marked,
                "first_line": job.first_line,
                "is_in_lines": job.is_in_lines,
                "forget": sent.forget,
                "define": sent.define,
                "variables": sent.numbers,
                "undefined": job.undefined,
                "careful": careful,
            }
        )

    def _collect(self, job: Job, count: int, results: list[Outcome]) -> None:
        """Take messages for a job until `count` results are there; with none, take one message."""
        if not self._is_ready:
            self._spending.ready(self._channel.receive(time.monotonic() + _START_SECONDS))
            self._is_ready = True
        wanted = len(results) + count
        while True:
            for answer in self._answers(job.load):
                outcome = self._refused or result_of(job, answer)
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
        self._spending.rendered()
        if isinstance(outcome, Rendered):
            self._allowance.spend(characters=len(outcome.text))
            self._room -= sys.getsizeof(outcome.text)
            if self._room <= 0:
                raise _StoppedError

    def _answers(self, load: Load) -> list[Any]:
        """The next results, after files were loaded for them; the time is limited and counted.

        None may come of a template that has only been compiled. Where loading a file was refused,
        that stands for all further results of the job, since the process has seen no such file.
        """
        spent = 0.0
        loads = characters = 0
        while True:
            began = time.monotonic()
            message: Mapping[str, Any] = {}
            try:
                message = self._channel.receive(began + self._limits.wall_seconds - spent)
            finally:
                seconds = time.monotonic() - began
                self._spending.waited(seconds, message)
                spent += seconds
            if "results" in message:
                return list(message["results"])
            try:
                loaded = load(str(message["load"]), str(message["parent"]))
            except MeasurementError as error:
                loaded, self._refused = None, error.problems[0]
            loads += 1
            characters += len(loaded.text) if loaded else 0
            if loads > self._limits.loads or characters > self._limits.loaded_characters:
                raise LostError("the template includes more files or text than it may")
            reply = {"path": loaded.path, "text": loaded.text} if loaded else None
            self._channel.send({"loaded": reply})


def _load_nothing(name: str, parent: str) -> None:
    del name, parent
