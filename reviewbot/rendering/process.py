"""The parent's side of rendering: one process, reused while it lives, replaced when it dies."""

import importlib.util
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, Literal, Self

from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.records import Record
from reviewbot.rendering.limits import Limits
from reviewbot.rendering.wire import HEADER, pack, unpack

_START = (
    "import sys; sys.path[:0] = sys.argv[2:]; from reviewbot.rendering.child import main; main()"
)
_START_SECONDS = 30.0
_RESTART_SECONDS = 0.1
"""What the end of a process costs the allowance: about the time that a new one takes to start."""

_CHUNK_BYTES = 1 << 20
_FRAME_SPARE_BYTES = 4_096
_ESCAPED_BYTES = 6
"""JSON in ASCII takes up to six bytes (`\\u2028`) for a character, twelve for a rare one."""


class Job(Record):
    """A template to render with several sets of variables.

    `engine` is the format whose `compile_template` is used; `path` and `first_line` say where
    `text` stands. `undefined` says whether a missing variable is an error or empty.
    """

    engine: str
    path: str
    text: str
    first_line: int
    variables: tuple[Mapping[str, Any], ...]
    undefined: Literal["error", "empty"] = "error"


class Loaded(Record):
    """An included file: where it was found, and its text."""

    path: str
    text: str


class Rendered(Record):
    """The text that one set of variables gave."""

    text: str


Load = Callable[[str, str], Loaded | None]
"""Finds an included file by its name and the path of the including one.

It may raise a MeasurementError, whose problems then stand for the rendering.
"""


class _LostError(Exception):
    """The process is gone, or is being stopped; the message is the problem."""


class RenderingProcess:
    """Renders templates within `limits`; a context manager that ends the process.

    Not for several threads at a time.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._slow_seconds = self._limits.slow_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._is_ready = False
        self._buffer = bytearray()
        self.starts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def start(self) -> None:
        """Start the process, and do not wait until it is ready."""
        if self._process is not None:
            return
        if self.starts:
            self._slow_seconds -= _RESTART_SECONDS
        command = [sys.executable, "-I", "-S", "-B", "-c", _START]
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
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                os.set_blocking(pipe.fileno(), False)
        self._is_ready = False
        self._buffer.clear()
        self.starts += 1

    def render(self, job: Job, load: Load) -> tuple[Rendered | Problem, ...]:
        """A text or a problem for each set of variables, in order.

        A set that hits a limit does not stop those after it: they are tried in a new process.
        """
        results: list[Rendered | Problem] = []
        while len(results) < len(job.variables):
            left = job.variables[len(results) :]
            if self._slow_seconds <= 0:
                results += [_problem(job, *_ALLOWANCE_USED)] * len(left)
                break
            results += self._attempt(job, left, load)
        return tuple(results)

    def _attempt(
        self, job: Job, variables: tuple[Mapping[str, Any], ...], load: Load
    ) -> list[Rendered | Problem]:
        """Results for at least one set, and for all unless the process is lost on the way."""
        results: list[Rendered | Problem] = []
        try:
            self._begin(job, variables)
            compiled = self._answer(load)
            if isinstance(compiled, Problem) or "compiled" not in compiled:
                return [_result(job, compiled)] * len(variables)
            results += (_result(job, self._answer(load)) for _ in variables)
        except _LostError as error:
            self._stop()
            results.append(_problem(job, str(error), "simplify the template or its sample"))
        return results

    def _begin(self, job: Job, variables: tuple[Mapping[str, Any], ...]) -> None:
        self.start()
        if not self._is_ready:
            self._receive(time.monotonic() + _START_SECONDS)
            self._is_ready = True
        message = pack(
            {
                "engine": job.engine,
                "path": job.path,
                "text": job.text,
                "first_line": job.first_line,
                "variables": variables,
                "undefined": job.undefined,
            }
        )
        self._send(message, time.monotonic() + self._limits.wall_seconds)

    def _answer(self, load: Load) -> Mapping[str, Any] | Problem:
        """The next result, after files were loaded for it; its time is limited and counted."""
        spent = 0.0
        loads = characters = 0
        refused: Problem | None = None
        while True:
            began = time.monotonic()
            answer = self._receive(began + self._limits.wall_seconds - spent)
            spent += time.monotonic() - began
            if "load" not in answer:
                self._slow_seconds -= max(0.0, spent - self._limits.prompt_seconds)
                return refused or answer
            try:
                loaded = load(str(answer["load"]), str(answer["parent"]))
            except MeasurementError as error:
                loaded, refused = None, error.problems[0]
            loads += 1
            characters += len(loaded.text) if loaded else 0
            if loads > self._limits.loads or characters > self._limits.loaded_characters:
                raise _LostError("the template includes more files or text than it may")
            reply = {"path": loaded.path, "text": loaded.text} if loaded else {}
            self._send(pack(reply), time.monotonic() + self._limits.wall_seconds)

    def _send(self, message: bytes, deadline: float) -> None:
        descriptor = self._descriptor("stdin")
        view = memoryview(message)
        while view:
            self._wait(descriptor, select.POLLOUT, deadline)
            try:
                view = view[os.write(descriptor, view[:_CHUNK_BYTES]) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise _LostError(_DIED) from error

    def _receive(self, deadline: float) -> Mapping[str, Any]:
        size = HEADER.unpack(self._take(HEADER.size, deadline))[0]
        if size > 2 * _ESCAPED_BYTES * self._limits.output_characters + _FRAME_SPARE_BYTES:
            raise _LostError("the rendering process sent more than it may")
        try:
            message = unpack(self._take(size, deadline))
        except ValueError as error:
            raise _LostError("the rendering process sent no message") from error
        if not isinstance(message, dict):
            raise _LostError("the rendering process sent no message")
        return message

    def _take(self, size: int, deadline: float) -> bytes:
        descriptor = self._descriptor("stdout")
        while len(self._buffer) < size:
            self._wait(descriptor, select.POLLIN, deadline)
            try:
                chunk = os.read(descriptor, _CHUNK_BYTES)
            except BlockingIOError:
                continue
            if not chunk:
                raise _LostError(_DIED)
            self._buffer += chunk
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _wait(self, descriptor: int, what: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(descriptor, what)
        seconds = deadline - time.monotonic()
        if seconds <= 0 or not poll.poll(seconds * 1000):
            self._slow_seconds -= self._limits.wall_seconds
            raise _LostError(f"rendering takes more than {self._limits.wall_seconds:g} s")

    def _descriptor(self, name: Literal["stdin", "stdout"]) -> int:
        pipe = getattr(self._process, name)
        return int(pipe.fileno())

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()


_SENT_LIMITS = ("wall_seconds", "memory_bytes", "output_characters")
_DIED = "the rendering process died, most likely because it had no memory left"
_ALLOWANCE_USED = (
    "the time that a review has for slow templates is used up",
    "simplify the templates that take longest",
)


def _import_paths() -> list[str]:
    """The folders that the process imports from: of this package, Jinja2 and MarkupSafe."""
    folders = []
    for name in ("reviewbot", "jinja2", "markupsafe"):
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            folders.append(os.path.dirname(os.path.dirname(os.path.abspath(spec.origin))))
    return list(dict.fromkeys(folders))


def _result(job: Job, answer: Mapping[str, Any] | Problem) -> Rendered | Problem:
    if isinstance(answer, Problem):
        return answer
    if isinstance(answer.get("text"), str):
        return Rendered(text=answer["text"])
    what, mend = str(answer.get("what", _DIED)), str(answer.get("mend", "report this"))
    line = answer.get("line")
    place = Place(
        file=str(answer.get("path") or job.path),
        line=line if isinstance(line, int) else job.first_line,
    )
    return Problem(what=what, mend=mend, place=place)


def _problem(job: Job, what: str, mend: str) -> Problem:
    return Problem(what=what, mend=mend, place=Place(file=job.path, line=job.first_line))
