"""The pipes to the rendering process: it is started, spoken to within a deadline, and stopped."""

import fcntl
import importlib.util
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import Any

from reviewbot.rendering.resource_limits import Limits
from reviewbot.rendering.wire import HEADER, pack, unpack

_START = (
    "import sys; sys.path[:0] = sys.argv[2:]; sys.modules['typing_extensions'] = None; "
    "from reviewbot.rendering.child import main; main()"
)
"""msgspec takes `typing` where there are no typing_extensions, which take 15 ms to import."""

_CHUNK_BYTES = 1 << 18
_PIPE_BYTES = 1 << 20
"""As much as anybody's pipe may hold on Linux."""

_ESCAPED_BYTES = 12
"""JSON in ASCII takes at most twelve bytes (two `\\uXXXX`) for a character."""

_SENT_LIMITS = (
    *("memory_bytes", "output_characters", "only_parses", "parser", "counts", "step_seconds"),
)
_END_SECONDS = 1.0
"""In which a process that has closed its pipes is gone."""

_NONSENSE = "the rendering process sent what is no answer"
_DIED = "the rendering process died, most likely because it had no memory left"


class LostError(Exception):
    """The process is gone, or must be stopped; the message says what happened."""


class OutOfTimeError(LostError):
    """The process was ended after as many seconds of the processor as a `step` may take."""

    def __init__(self, step: str, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"{step} takes more than {seconds:g} s of the processor")


class NoAnswerError(LostError):
    """The process has not answered for as long as it is waited for."""


class Channel:
    """One process at a time, and what was written to it and read from it so far."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._received = bytearray()
        self._unsent = bytearray()

    @property
    def is_open(self) -> bool:
        """Whether there is a process, as far as is known."""
        return self._process is not None

    def open(self) -> None:
        """Start a process, and do not wait until it is ready."""
        without_bytecode = ["-B"] if sys.dont_write_bytecode else []
        command = [sys.executable, "-I", "-S", *without_bytecode, "-c", _START]
        limits = {name: getattr(self._limits, name) for name in _SENT_LIMITS}
        self._process = subprocess.Popen(
            [*command, json.dumps(limits), *_import_paths()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            start_new_session=True,
        )
        for descriptor in self._descriptors():
            os.set_blocking(descriptor, False)
            with suppress(OSError):  # there may be a lower limit
                _enlarge(descriptor)
        self._received.clear()
        self._unsent.clear()

    def send(self, message: Mapping[str, Any]) -> None:
        """Send a message as far as the pipe takes it; `receive` sends the rest."""
        self._unsent += pack(message)
        self._flush()

    def receive(self, deadline: float) -> Mapping[str, Any]:
        """The next message.

        Raises:
            LostError: It does not come by the deadline of `time.monotonic`, or is none.

        """
        size = HEADER.unpack(self._take(HEADER.size, deadline))[0]
        if size > _ESCAPED_BYTES * self._limits.output_characters * 2:
            raise LostError(_NONSENSE)
        data = self._take(size, deadline)
        try:
            message = unpack(data)
        except ValueError as error:
            raise LostError(_NONSENSE) from error
        if not isinstance(message, dict) or not message.keys() & {"ready", "results", "load"}:
            raise LostError(_NONSENSE)
        return message

    def _take(self, size: int, deadline: float) -> bytes:
        """The next `size` bytes; what is unsent is sent meanwhile, so neither side blocks."""
        into, out = self._descriptors()
        poll = select.poll()
        poll.register(out, select.POLLIN)
        while len(self._received) < size:
            if self._unsent:
                poll.register(into, select.POLLOUT)
            seconds = deadline - time.monotonic()
            ready = dict(poll.poll(seconds * 1000)) if seconds > 0 else {}
            if not ready:
                waited = f"{self._limits.wall_seconds:g} s"
                raise NoAnswerError(f"{self._step} has no result after {waited} of the clock")
            if into in ready:
                self._flush()
                poll.unregister(into)
            if out in ready:
                chunk = os.read(out, _CHUNK_BYTES)
                if not chunk:
                    raise self._why_gone()
                self._received += chunk
        taken = bytes(self._received[:size])
        del self._received[:size]
        return taken

    def _why_gone(self) -> LostError:
        """Why the process has closed its end: it ends itself where its time is over."""
        process, seconds = self._process, self._limits.step_seconds
        if process is None:
            return LostError(_DIED)
        try:
            code = process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            return LostError(_DIED)
        is_late = code == -signal.SIGPROF
        return OutOfTimeError(self._step, seconds) if is_late else LostError(_DIED)

    @property
    def _step(self) -> str:
        return "reading the source" if self._limits.only_parses else "rendering"

    def _flush(self) -> None:
        """Write what the pipe takes now."""
        into, _ = self._descriptors()
        try:
            while self._unsent:
                written = os.write(into, self._unsent[:_CHUNK_BYTES])
                del self._unsent[:written]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self._unsent.clear()  # reading will find out

    def _descriptors(self) -> tuple[int, int]:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise LostError(_DIED)
        return process.stdin.fileno(), process.stdout.fileno()

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()


def _enlarge(pipe: int) -> None:
    """Let a pipe hold several answers, so that a process need not wait until they are read."""
    if sys.platform == "linux":
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


_GRAMMARS = ("tree_sitter", "tree_sitter_typescript", "tree_sitter_javascript")


@cache
def _import_paths() -> list[str]:
    """The folders that the process imports from: of this package, and of the template engines."""
    engines = ("jinja2", "markupsafe", "pystache", "imagesize", "yaml", *_GRAMMARS)
    names = ("reviewbot", *engines)
    specs = (importlib.util.find_spec(name) for name in names)
    origins = [spec.origin for spec in specs if spec is not None and spec.origin is not None]
    return list(dict.fromkeys(os.path.dirname(os.path.dirname(origin)) for origin in origins))
