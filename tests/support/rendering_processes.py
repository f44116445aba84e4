"""Rendering processes that reviews share: each takes a tenth of a second of the processor to start.

A process that is done goes to the next review only if it answers a question of our own at once,
so that nothing of the last review is on its way any more. Its memory is bounded as a whole, so it
ends before what earlier reviews left in it could count. The long run shares none.
"""

import os
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from typing import Any
from unittest.mock import patch

from reviewbot.rendering.channel import Channel, LostError
from reviewbot.rendering.conversation import message
from reviewbot.rendering.jobs import Job
from reviewbot.rendering.process import RenderingProcess
from reviewbot.rendering.resource_limits import Limits
from reviewbot.rendering.sent_variables import Sent
from reviewbot.rendering.wire import pack

MOST_BYTES = 64 * 2**20
"""Of address space, of which a new process has 27 MiB, and may have 256."""
ANSWER_SECONDS = 1.0
_ASKED = "idle"

_start, _leave = Channel.open, RenderingProcess.__exit__


@contextmanager
def shared_processes() -> Iterator[None]:
    """Inside, processes with the limits of a review are handed on."""
    idle: dict[Limits, list[tuple[Popen[bytes], bytes]]] = defaultdict(list)

    def start_or_take(channel: Channel) -> None:
        waiting = idle[channel._limits]  # noqa: SLF001 - what is shared is inside
        if not waiting:
            _start(channel)
            return
        process, ready = waiting.pop()
        channel._process = process  # noqa: SLF001 - likewise
        channel._received[:] = ready  # noqa: SLF001 - likewise
        channel._unsent.clear()  # noqa: SLF001 - likewise

    def leave_or_keep(process: RenderingProcess, *about: object) -> None:
        channel = process._conversation._channel  # noqa: SLF001 - likewise
        if channel.is_open:
            seconds = _seconds_if_idle(channel)
            kept = channel._process  # noqa: SLF001 - likewise
            if seconds is not None and kept is not None and _bytes(kept) < MOST_BYTES:
                ready = pack({"ready": True, "seconds": seconds})
                idle[channel._limits].append((kept, ready))  # noqa: SLF001 - likewise
                channel._process = None  # noqa: SLF001 - likewise
        _leave(process, *about)

    with (
        patch.object(Channel, "open", start_or_take),
        patch.object(RenderingProcess, "__exit__", leave_or_keep),
    ):
        yield
    for limits, waiting in idle.items():
        for process, _ in waiting:
            channel = Channel(limits)
            channel._process = process  # noqa: SLF001 - likewise
            channel.close()


@contextmanager
def processes_of_their_own() -> Iterator[None]:
    """Inside, each process is started anew, for tests that are about just that."""
    with (
        patch.object(Channel, "open", _start),
        patch.object(RenderingProcess, "__exit__", _leave),
    ):
        yield


def _seconds_if_idle(channel: Channel) -> float | None:
    """The processor seconds that a process says it has taken; None unless it has nothing to do."""
    question = f"idle {time.monotonic_ns()}"
    until = time.monotonic() + ANSWER_SECONDS
    try:
        channel.send(_question(question))
        while "load" not in (answer := channel.receive(until)):
            for result in answer.get("results", ()):
                assert result.get("path") != _ASKED, f"the question of this module fails: {result}"
                if result.get("text") == question:
                    return float(answer["seconds"])
    except LostError:
        pass
    return None


def _question(text: str) -> dict[str, Any]:
    """A job that prints the text, and lets a process forget all variables."""
    job = Job(
        engine="string-template",
        path=_ASKED,
        text=text,
        first_line=1,
        variables=("{}",),
        load=lambda *_: None,
    )
    return message(job, Sent(forget=True, define={0: "{}"}, numbers=[0]))


def _bytes(process: Popen[bytes]) -> int:
    pages = Path(f"/proc/{process.pid}/statm").read_text("ascii").split()[0]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
