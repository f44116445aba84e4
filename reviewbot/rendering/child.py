"""The rendering process: compiles and renders templates, and can do nothing else.

It runs with `-I -S`, an empty environment and the limits that `main` sets before the first message.
Whatever goes wrong is an answer; what cannot be answered (a kill) the parent notices.
"""

import importlib
import json
import os
import re
import resource
import sys
import time
from collections import deque
from collections.abc import Mapping
from typing import Any, BinaryIO

from reviewbot.prompts import CompiledTemplate, Constant, UndefinedVariableError
from reviewbot.rendering.wire import HEADER, pack, unpack

_CPU_SPARE_SECONDS = 60
_FLUSH_SECONDS = 0.02
_FLUSH_CHARACTERS = 500_000
_SHOWN_CHARACTERS = 300
_ADDRESS = re.compile(r"<[^<>\n]{1,200} at 0x[0-9a-f]{6,16}>")


def main() -> None:
    """Serve messages on standard input and output until the parent closes them."""
    limits = json.loads(sys.argv[1])
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(nothing, descriptor)
    os.close(nothing)
    importlib.import_module("jinja2.sandbox")
    set_limits(limits["memory_bytes"])
    server = Server(requests, answers, limits["output_characters"])
    server.send({"ready": True})
    try:
        while True:
            allow_cpu_seconds()
            server.serve()
    except EOFError:
        return


def set_limits(memory_bytes: int) -> None:
    """Limit this process for good: memory, files, processes; the parent limits its time."""
    for what, value in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        resource.setrlimit(what, (value, value))


def allow_cpu_seconds() -> None:
    """Let the next job compute for a while: it must not go on for ever if the parent dies.

    The limit of the operating system counts from the start of the process.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + _CPU_SPARE_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


class Server:
    """Takes jobs from `requests` and writes results to `answers`.

    Jobs may arrive before earlier ones are done. Variables arrive once, as JSON, under a number;
    each rendering gets its own copy, so that none can change another's.
    """

    def __init__(self, requests: BinaryIO, answers: BinaryIO, output_characters: int) -> None:
        self._requests = requests
        self._answers = answers
        self._output_characters = output_characters
        self._jobs: deque[Any] = deque()
        self._variables: dict[int, str] = {}

    def serve(self) -> None:
        """Do the next job: compile its template, and render it with each set of variables.

        Raises:
            EOFError: The parent has closed its end.
        """
        job = self._jobs.popleft() if self._jobs else self._next("job")
        if job["forget"]:
            self._variables.clear()
        self._variables |= {int(key): text for key, text in job["define"].items()}
        results: list[Any] = []
        flushed = time.monotonic()

        def flush(*, at_once: bool = False) -> None:
            nonlocal flushed
            characters = sum(len(result.get("text", "")) for result in results)
            is_late = time.monotonic() - flushed > _FLUSH_SECONDS
            if at_once or job["careful"] or is_late or characters > _FLUSH_CHARACTERS:
                self.send({"results": results})
                results.clear()
                flushed = time.monotonic()

        try:
            engine = importlib.import_module(f"reviewbot.formats.{job['engine'].replace('-', '_')}")
            template = engine.compile_template(
                job["text"], name=job["path"], load=self._load, undefined=job["undefined"]
            )
        except Exception as error:  # noqa: BLE001 - likewise
            self.send({"results": [_failure(error, job)] * len(job["variables"])})
            return
        flush()
        for key in job["variables"]:
            results.append(self._rendered(template, self._variables[key], job))
            flush()
        if results:
            flush(at_once=True)

    def send(self, message: Any) -> None:
        """Write one message."""
        self._answers.write(pack(message))
        self._answers.flush()

    def _rendered(
        self, template: CompiledTemplate, variables: str, job: Mapping[str, Any]
    ) -> dict[str, Any]:
        try:
            text = template.render(json.loads(variables))
            refusal = _refusal(text, job["text"], self._output_characters)
            return refusal or {"text": text, "constant": _constant(template.constant, job)}
        except Exception as error:  # noqa: BLE001 - likewise
            return _failure(error, job)

    def _load(self, name: str, parent: str) -> tuple[str, str] | None:
        self.send({"load": name, "parent": parent})
        answer = self._next("loaded")["loaded"]
        return None if answer is None else (answer["path"], answer["text"])

    def _next(self, kind: str) -> Any:
        while True:
            header = self._requests.read(HEADER.size)
            if len(header) < HEADER.size:
                raise EOFError
            message = unpack(self._requests.read(HEADER.unpack(header)[0]))
            if kind in message:
                return message
            self._jobs.append(message)


def _constant(constant: Constant, job: Mapping[str, Any]) -> dict[str, Any]:
    line = constant.line
    if line is not None and constant.path == job["path"]:
        line += job["first_line"] - 1
    return {"characters": constant.characters, "path": constant.path, "line": line}


def _refusal(text: str, source: str, output_characters: int) -> dict[str, Any] | None:
    if len(text) > output_characters:
        what = f"the rendering has more than {output_characters:,} characters"
        return {"what": what, "mend": "shorten the prompt or its sample"}
    if " at 0x" in text and (found := _ADDRESS.search(text)) and found[0] not in source:
        what = f"the template prints an object of the engine, {found[0].partition(' at ')[0]}>"
        return {"what": what, "mend": "print text only; is a call's `()` missing?"}
    return None


def _failure(error: Exception, job: Mapping[str, Any]) -> dict[str, Any]:
    path, line = _position(error, job["path"])
    if path == job["path"] and line is not None:
        line += job["first_line"] - 1
    what, mend = _explained(error)
    return {"what": what[:_SHOWN_CHARACTERS], "mend": mend, "path": path, "line": line}


def _explained(error: Exception) -> tuple[str, str]:
    import jinja2

    message = str(error.args[0]) if error.args else type(error).__name__
    match error:
        case MemoryError():
            return "rendering takes more memory than it may", "simplify the template"
        case RecursionError():
            return "the template calls or includes itself too deep", "end the recursion"
        case jinja2.TemplateNotFound():
            what = f"the included file {error.name!r} was not found"
            return what, "correct the name; it is looked for from the including file upwards"
        case jinja2.UndefinedError() | UndefinedVariableError():
            return message, "add the variable to the samples, or correct its name"
        case jinja2.TemplateSyntaxError():
            return f"the template's syntax is wrong: {message}", "correct it"
        case _:
            return f"{type(error).__name__}: {message}", "correct the template"


def _position(error: Exception, path: str) -> tuple[str, int | None]:
    """The template file and line that an error comes from, the innermost that is known."""
    import jinja2

    if isinstance(error, jinja2.TemplateSyntaxError):
        return error.filename or path, error.lineno
    found: tuple[str, int | None] = (path, getattr(error, "template_line", None))
    traceback = error.__traceback__
    while traceback is not None:
        if "__jinja_exception__" in traceback.tb_frame.f_globals:
            found = (traceback.tb_frame.f_code.co_filename, traceback.tb_lineno)
        traceback = traceback.tb_next
    return found
