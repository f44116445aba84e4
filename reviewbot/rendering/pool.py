"""The rendering processes of one review: they start before anything else is loaded."""

import os
from typing import Self

from reviewbot.allowance import Allowance
from reviewbot.rendering.process import RenderingProcess
from reviewbot.rendering.resource_limits import Limits

_MANY_WORKFLOWS = 20
"""From this number on a second rendering process is worth the 0.1 s that it takes to start."""


class Pool:
    """One process or two, that draw on one allowance; a context manager that ends them.

    A process that was not started starts with its first template. Where there are two, there is so
    much to do that they count what they render.
    """

    def __init__(self, allowance: Allowance, *, workflows: int) -> None:
        many = workflows >= _MANY_WORKFLOWS and (os.cpu_count() or 1) > 1
        limits = Limits(counts=many)
        self.allowance = allowance
        self.processes = tuple(RenderingProcess(limits, allowance) for _ in range(1 + many))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            process.__exit__()

    @property
    def restarts(self) -> int:
        """How many processes were replaced by another."""
        return sum(max(0, process.starts - 1) for process in self.processes)

    def start(self) -> None:
        """Start all processes, and do not wait until they are ready."""
        for process in self.processes:
            process.start()
