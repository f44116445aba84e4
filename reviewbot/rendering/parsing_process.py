"""The parent's side of parsing: texts are posted, and their results taken in the same order."""

from collections import deque
from typing import Any

from reviewbot.allowance import Allowance
from reviewbot.errors import MeasurementError, Problem
from reviewbot.rendering.jobs import Job, Load, load_nothing, parsing_job
from reviewbot.rendering.process import IN_FLIGHT, RenderingProcess
from reviewbot.rendering.resource_limits import Limits


class ParsingProcess(RenderingProcess):
    """A process that parses texts within `limits`."""

    def __init__(self, limits: Limits | None = None, allowance: Allowance | None = None) -> None:
        super().__init__(limits, allowance)
        self._posted: deque[Job] = deque()

    def __exit__(self, *_: object) -> None:
        self._posted.clear()
        super().__exit__()

    def parse(self, parser: str, text: str, *, path: str, load: Load = load_nothing) -> Any:
        """What `text` says, read by one of `rendering.parsers`: JSON data; `load` gives imports.

        Raises:
            MeasurementError: It cannot be parsed, or not within the limits.

        """
        self.post(parsing_job(parser, text, path, load))
        return self.taken()

    @property
    def has_room(self) -> bool:
        """Whether one more job may be posted before the first is done."""
        return len(self._posted) < IN_FLIGHT

    def post(self, job: Job) -> None:
        """Send a job of parsing, whose result is `taken` after those that were posted before."""
        self._posted.append(job)
        self._room = self._limits.texts_bytes
        if self._goes_on:
            self._conversation.post(job, job.variables)

    def taken(self) -> Any:
        """What the first of the posted texts says: JSON data.

        Raises:
            MeasurementError: It cannot be parsed, or not within the limits.

        """
        (result,) = self._results_of(self._posted.popleft(), self._posted)
        if isinstance(result, Problem):
            raise MeasurementError([result])
        return result.data
