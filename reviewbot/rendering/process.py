"""The parent's side of rendering: one process, reused while it lives, replaced when it dies."""

import importlib.util
import json
import os
import select
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal, Self

from msgspec import Struct

from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.prompt import Constant, LoadedFile, Part
from reviewbot.rendering.resource_limits import Limits
from reviewbot.rendering.wire import HEADER, pack, unpack

_START = (
    "import sys; sys.path[:0] = sys.argv[2:]; from reviewbot.rendering.child import main; main()"
)
_START_SECONDS = 30.0
_RESTART_SECONDS = 0.1
"""What the end of a process costs the allowance: about the time that a new one takes to start."""

_IN_FLIGHT = 8
"""Jobs that are sent before the first of them is answered, so that the process never waits."""

_CHUNK_BYTES = 1 << 18
_KNOWN_CHARACTERS = 16_000_000
"""Characters of variables that the process is asked to remember, before it is told to forget."""

_ESCAPED_BYTES = 12
"""JSON in ASCII takes at most twelve bytes (two `\\uXXXX`) for a character."""


Load = Callable[[str, str], LoadedFile | None]
"""Finds an included file by its name and the path of the including one.

It may raise a MeasurementError, whose problem then stands for the rendering.
"""


class Job(Struct, frozen=True, kw_only=True):
    """A template to render with several sets of variables; or, as the `task` says, a text to parse.

    `engine` is one of `rendering.engines`, or of `rendering.parsers`. `path` and `first_line` say
    where `text` stands, `is_in_lines` whether each of its lines is one of the file. `variables` are
    JSON texts; equal ones are best given as one and the same string. `undefined` says whether a
    missing variable is an error or empty. `options` is the JSON text of the configuration's
    `templates`, or empty.
    """

    engine: str
    path: str
    text: str
    first_line: int
    variables: tuple[str, ...]
    load: Load
    undefined: Literal["error", "empty"] = "error"
    options: str = ""
    is_in_lines: bool = True
    task: Literal["render", "parse"] = "render"


class Rendered(Struct, frozen=True, kw_only=True):
    """The text that one set of variables gave, and how much of it no variable can change.

    `parts` are the messages in it, where it holds several.
    """

    text: str
    constant: Constant
    parts: tuple[Part, ...] | None = None


class _Parsed(Struct, frozen=True, kw_only=True):
    """What a text says, as a parser gives it: JSON data."""

    data: Any


Result = Rendered | Problem
_Outcome = Result | _Parsed


class _LostError(Exception):
    """The process is gone, or must be stopped; the message says what happened."""


class RenderingProcess:
    """Renders templates within `limits`; a context manager that ends the process.

    `starts` counts the processes that were needed. Not for several threads at a time.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._slow_seconds = self._limits.slow_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._is_ready = False
        self._received = bytearray()
        self._unsent = bytearray()
        self._known: dict[str, int] = {}
        self._known_characters = 0
        self._refused: Problem | None = None
        self.starts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    @property
    def is_used_up(self) -> bool:
        """Whether the time for what is slow is over, so that nothing more is done."""
        return self._slow_seconds <= 0

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
        for descriptor in self._descriptors():
            os.set_blocking(descriptor, False)
        self._is_ready = False
        self._received.clear()
        self._unsent.clear()
        self._known.clear()
        self._known_characters = 0
        self.starts += 1

    def render(self, jobs: Iterable[Job]) -> Iterator[tuple[Result, ...]]:
        """For each job in order, a text or a problem for each of its sets of variables.

        A set that hits a limit stops neither the others of its job nor other jobs.
        """
        return self._done(jobs)

    def _done(self, jobs: Iterable[Job]) -> Iterator[tuple[Any, ...]]:
        waiting = iter(jobs)
        sent: deque[Job] = deque()
        while True:
            while len(sent) < _IN_FLIGHT and (job := next(waiting, None)) is not None:
                sent.append(job)
                if self._slow_seconds > 0:
                    self._post(job, job.variables)
            if not sent:
                return
            job = sent.popleft()
            results: list[_Outcome] = []
            self._refused = None
            if self._slow_seconds > 0:
                try:
                    self._collect(job, len(job.variables), results)
                except _LostError:
                    self._stop()
                    self._render_carefully(job, results)
                    for other in sent:
                        self._post(other, other.variables)
            left = len(job.variables) - len(results)
            yield (*results, *[_problem(job, *_ALLOWANCE_USED)] * left)

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

    def _render_carefully(self, job: Job, results: list[_Outcome]) -> None:
        """Add what is missing of a job's results, set by set, to see which one is at fault.

        When the process is lost while it compiles, all of them are.
        """
        while len(results) < len(job.variables) and self._slow_seconds > 0:
            self._post(job, job.variables[len(results) : len(results) + 1], careful=True)
            left = len(job.variables) - len(results)
            one: list[_Outcome] = []
            try:
                self._collect(job, 0, one)
                left = 1
                self._collect(job, 1 - len(one), one)
                results += one
            except _LostError as error:
                self._stop()
                problem = _problem(job, str(error), "simplify the template or its sample")
                results += [problem] * left

    def _post(self, job: Job, variables: tuple[str, ...], *, careful: bool = False) -> None:
        """Send a job as far as the pipe takes it; `_collect` sends the rest."""
        self.start()
        forget = self._known_characters > _KNOWN_CHARACTERS
        if forget:
            self._known.clear()
            self._known_characters = 0
        new = [text for text in dict.fromkeys(variables) if text not in self._known]
        for text in new:
            self._known[text] = len(self._known)
            self._known_characters += len(text)
        self._unsent += pack(
            {
                "job": True,
                "task": job.task,
                "engine": job.engine,
                "options": job.options,
                "path": job.path,
                "text": job.text,
                "first_line": job.first_line,
                "is_in_lines": job.is_in_lines,
                "forget": forget,
                "define": {self._known[text]: text for text in new},
                "variables": [self._known[text] for text in variables],
                "undefined": job.undefined,
                "careful": careful,
            }
        )
        self._flush()

    def _collect(self, job: Job, count: int, results: list[_Outcome]) -> None:
        """Take messages for a job until `count` results are there; with none, take one message."""
        if not self._is_ready:
            self._message(time.monotonic() + _START_SECONDS)
            self._is_ready = True
        wanted = len(results) + count
        while True:
            answers = self._answers(job.load)
            results += (self._refused or _result(job, answer) for answer in answers)
            if len(results) >= wanted:
                return

    def _answers(self, load: Load) -> list[Any]:
        """The next results, after files were loaded for them; the time is limited and counted.

        None may come of a template that has only been compiled. Where loading a file was refused,
        that stands for all further results of the job, since the process has seen no such file.
        """
        spent = 0.0
        loads = characters = 0
        while True:
            began = time.monotonic()
            try:
                message = self._message(began + self._limits.wall_seconds - spent)
            finally:
                seconds = time.monotonic() - began
                free = max(0.0, self._limits.prompt_seconds - spent)
                self._slow_seconds -= max(0.0, seconds - free)
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
                raise _LostError("the template includes more files or text than it may")
            reply = {"path": loaded.path, "text": loaded.text} if loaded else None
            self._unsent += pack({"loaded": reply})
            self._flush()

    def _message(self, deadline: float) -> Mapping[str, Any]:
        size = HEADER.unpack(self._take(HEADER.size, deadline))[0]
        if size > _ESCAPED_BYTES * self._limits.output_characters * 2:
            raise _LostError(_NONSENSE)
        data = self._take(size, deadline)
        try:
            message = unpack(data)
        except ValueError as error:
            raise _LostError(_NONSENSE) from error
        if not isinstance(message, dict) or not message.keys() & {"ready", "results", "load"}:
            raise _LostError(_NONSENSE)
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
                raise _LostError(f"rendering takes more than {self._limits.wall_seconds:g} s")
            if into in ready:
                self._flush()
                poll.unregister(into)
            if out in ready:
                chunk = os.read(out, _CHUNK_BYTES)
                if not chunk:
                    raise _LostError(_DIED)
                self._received += chunk
        taken = bytes(self._received[:size])
        del self._received[:size]
        return taken

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
            raise _LostError(_DIED)
        return process.stdin.fileno(), process.stdout.fileno()

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()


_SENT_LIMITS = ("memory_bytes", "output_characters")
_NONSENSE = "the rendering process sent what is no answer"
_DIED = "the rendering process died, most likely because it had no memory left"
_ALLOWANCE_USED = (
    "the time that a review has for slow templates is used up",
    "simplify the templates that take longest",
)


_GRAMMARS = ("tree_sitter", "tree_sitter_typescript", "tree_sitter_javascript")


def _import_paths() -> list[str]:
    """The folders that the process imports from: of this package, and of the template engines."""
    engines = ("jinja2", "markupsafe", "pystache", "imagesize", "yaml", *_GRAMMARS)
    names = ("reviewbot", *engines)
    specs = (importlib.util.find_spec(name) for name in names)
    origins = [spec.origin for spec in specs if spec is not None and spec.origin is not None]
    return list(dict.fromkeys(os.path.dirname(os.path.dirname(origin)) for origin in origins))


def _load_nothing(name: str, parent: str) -> None:
    del name, parent


def _result(job: Job, answer: Mapping[str, Any]) -> _Outcome:
    if "data" in answer:
        return _Parsed(data=answer["data"])
    if "text" in answer:
        parts = answer.get("parts")
        return Rendered(
            text=answer["text"],
            constant=Constant(**answer["constant"]),
            parts=None if parts is None else tuple(Part(**part) for part in parts),
        )
    line = answer.get("line")
    place = Place(file=answer.get("path", job.path), line=job.first_line if line is None else line)
    return Problem(what=answer["what"], mend=answer["mend"], place=place)


def _problem(job: Job, what: str, mend: str) -> Problem:
    return Problem(what=what, mend=mend, place=Place(file=job.path, line=job.first_line))
