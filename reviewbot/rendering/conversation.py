"""What is said to a rendering process and what it answers: jobs, files, and results."""

import time
from collections.abc import Mapping
from typing import Any

from reviewbot.errors import MeasurementError, Problem
from reviewbot.rendering.channel import Channel, LostError, OutOfTimeError
from reviewbot.rendering.jobs import Job, Load
from reviewbot.rendering.resource_limits import Limits
from reviewbot.rendering.sent_variables import Sent, SentVariables
from reviewbot.rendering.spending import Spending

_START_SECONDS = 30.0


class Conversation:
    """Talks to one process at a time; `starts` counts those that were needed.

    `refused` is the problem of the latest file that a job may not load.
    """

    def __init__(self, limits: Limits, spending: Spending) -> None:
        self._limits = limits
        self._spending = spending
        self._channel = Channel(limits)
        self._is_ready = False
        self._variables = SentVariables()
        self.refused: Problem | None = None
        self.starts = 0

    def begin(self) -> None:
        """Start a process if there is none, and do not wait until it is ready."""
        if self._channel.is_open:
            return
        self._spending.started(again=self.starts > 0)
        self._channel.open()
        self._is_ready = False
        self._variables = SentVariables()
        self.starts += 1

    def wait_until_ready(self) -> None:
        """Wait until the process has loaded what it needs.

        Raises:
            LostError: It takes too long, or dies.

        """
        if not self._is_ready:
            self._spending.ready(self._channel.receive(time.monotonic() + _START_SECONDS))
            self._is_ready = True

    def end(self) -> None:
        """End the process."""
        self._channel.close()

    def post(self, job: Job, variables: tuple[str, ...], *, careful: bool = False) -> None:
        """Send a job as far as the pipe takes it; `answers` sends the rest."""
        self.begin()
        files = (*(item.text for item in job.foreseen), *job.marked_files.values())
        sent = self._variables.sent((*variables, *files))
        self._channel.send(message(job, sent, careful=careful))

    def answers(self, load: Load) -> list[Any]:
        """The next results, after files were loaded for them; the time is limited and counted.

        None may come of a template that has only been compiled. Where loading a file was refused,
        that stands for all further results of the job, since the process has seen no such file.

        Raises:
            LostError: The process takes too long or dies, or the template loads too much.

        """
        spent = 0.0
        loads = characters = 0
        while True:
            began = time.monotonic()
            message: Mapping[str, Any] = {}
            try:
                message = self._channel.receive(began + self._limits.wall_seconds - spent)
            except OutOfTimeError as error:
                self._spending.ended(time.monotonic() - began, error.seconds)
                raise
            except LostError:
                self._spending.waited(time.monotonic() - began, {})
                raise
            seconds = time.monotonic() - began
            self._spending.waited(seconds, message)
            spent += seconds
            if "results" in message:
                for name, parent in message.get("asked", ()):
                    load(str(name), str(parent))
                return list(message["results"])
            try:
                loaded = load(str(message["load"]), str(message["parent"]))
                refused = None
            except MeasurementError as error:
                loaded, self.refused = None, error.problems[0]
                refused = {"what": self.refused.what, "mend": self.refused.mend}
            loads += 1
            characters += len(loaded.text) if loaded else 0
            if loads > self._limits.loads or characters > self._limits.loaded_characters:
                raise LostError("the template includes more files or text than it may")
            reply = {"path": loaded.path, "text": loaded.text} if loaded else None
            self._channel.send({"loaded": reply, "refused": refused})


def message(job: Job, sent: Sent, *, careful: bool = False) -> dict[str, Any]:
    """What a process is told of a job; a `careful` one answers after each rendering.

    What is `sent` are its variables, behind them the texts of the files that it will load, and
    behind these the marked ones.
    """
    loaded = len(sent.numbers) - len(job.marked_files)
    variables = loaded - len(job.foreseen)
    texts = zip(job.foreseen, sent.numbers[variables:loaded], strict=True)
    return {
        "job": True,
        "task": job.task,
        "is_alone": job.is_alone,
        "engine": job.engine,
        "options": job.options,
        "path": job.path,
        "text": job.text,
        "marked": job.marked,
        "marked_files": dict(zip(job.marked_files, sent.numbers[loaded:], strict=True)),
        "records_choices": job.records_choices,
        "first_line": job.first_line,
        "is_in_lines": job.is_in_lines,
        "forget": sent.forget,
        "define": sent.define,
        "variables": sent.numbers[:variables],
        "files": [(item.name, item.parent, item.path, number) for item, number in texts],
        "undefined": job.undefined,
        "counted": job.counted,
        "careful": careful,
    }
