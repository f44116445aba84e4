"""The rendering process: compiles and renders templates, parses texts, and can do nothing else.

It runs with `-I -S`, an empty environment and the limits that `main` sets before the first message.
Until then it may write the bytecode of what it imports, which takes the next one half as long.
Whatever goes wrong is an answer; what cannot be answered (a kill) the parent notices.
"""

import gc
import importlib
import json
import os
import resource
import signal
import sys
import time
from collections import deque
from collections.abc import Mapping
from functools import partial
from types import ModuleType
from typing import Any, BinaryIO, cast

from reviewbot.prompt import CompiledTemplate, UndefinedVariableError
from reviewbot.prompt.sizes import sized
from reviewbot.rendering.answers import (
    failure_answer,
    refusal,
    told_choice,
    told_constant,
    told_part,
    undefined_answer,
)
from reviewbot.rendering.counting import Counting
from reviewbot.rendering.job_results import Results
from reviewbot.rendering.parsers._common.files import Files, Load, loaded_or_refused, refusing
from reviewbot.rendering.recorded_choices import RECORD, RECORDING
from reviewbot.rendering.undefined import all_undefined
from reviewbot.rendering.wire import HEADER, pack, unpack

_CPU_SPARE_SECONDS = 60
_COLLECTED_AFTER = 100_000
"""New objects: a syntax tree has as many, and by Python's own 700 a tenth of the time is spent on
looking for cycles in it."""

_SIZED = '"tokens"'


def main() -> None:
    """Serve messages on standard input and output until the parent closes them."""
    limits = json.loads(sys.argv[1])
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(nothing, descriptor)
    os.close(nothing)
    if limits["counts"]:
        importlib.import_module("reviewbot.tokens.plain_counts")
    if limits["only_parses"]:
        gc.set_threshold(_COLLECTED_AFTER, 20, 100)
        sys.modules["importlib.resources"] = _resources()
        if limits["parser"]:
            _module("parsers", limits["parser"])
    else:
        sys.modules["jinja2.bccache"] = _bytecode_caches()
        importlib.import_module("reviewbot.rendering.engines.jinja.environment")
    sys.dont_write_bytecode = True
    set_limits(limits["memory_bytes"])
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    server = Server(requests, answers, limits)
    server.send({"ready": True})
    try:
        while True:
            allow_cpu_seconds()
            server.serve()
    except EOFError:
        return


def _resources() -> ModuleType:
    """What the grammars import for queries that nobody asks for; the real one takes 7 ms."""
    found = ModuleType("importlib.resources")
    found.files = None  # type: ignore[attr-defined]
    return found


def _bytecode_caches() -> ModuleType:
    """What Jinja2 imports for caches of which it has none here.

    The real one brings `pickle` and `tempfile`, a seventh of what the engine takes to load.
    """
    found = ModuleType("jinja2.bccache")
    for name in ("BytecodeCache", "FileSystemBytecodeCache", "MemcachedBytecodeCache"):
        setattr(found, name, None)
    return found


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


class LimitedTime:
    """Ends this process, by SIGPROF, once what is done takes so many seconds of the processor."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        signal.setitimer(signal.ITIMER_PROF, self._seconds)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)


class Server:
    """Takes jobs from `requests` and writes results to `answers`.

    Jobs may arrive before earlier ones are done. Variables arrive once, as JSON, under a number;
    each rendering gets its own copy, so that none can change another's.
    """

    def __init__(self, requests: BinaryIO, answers: BinaryIO, limits: Mapping[str, Any]) -> None:
        self._requests = requests
        self._answers = answers
        self._output_characters = limits["output_characters"]
        self._limited_time = LimitedTime(limits["step_seconds"])
        self._jobs: deque[Any] = deque()
        self._variables: dict[int, str] = {}
        self._files: dict[tuple[str, str], tuple[str, str]] = {}
        self._counting = Counting()

    def serve(self) -> None:
        """Do the next job: compile its template and render it with each set of variables, or parse.

        Raises:
            EOFError: The parent has closed its end.
        """
        job = self._jobs.popleft() if self._jobs else self._next("job")
        if job["forget"]:
            self._variables.clear()
        self._variables |= {int(key): text for key, text in job["define"].items()}
        self._files = {(it[0], it[1]): (it[2], self._variables[it[3]]) for it in job["files"]}
        if job["task"] == "parse":
            in_vain: list[tuple[str, str]] = []
            with self._limited_time:
                parsed = self._parsed(job, in_vain)
            self.send({"results": [parsed], "asked": in_vain})
            return
        results = Results(self.send, is_careful=job["careful"])
        try:
            with self._limited_time:
                template = self._compiled(job)
        except Exception as error:  # noqa: BLE001 - likewise
            self.send({"results": [failure_answer(error, job)] * len(job["variables"])})
            return
        results.flush()
        for number, key in enumerate(job["variables"]):
            with self._limited_time:
                result = self._rendered(template, self._variables[key], job)
            if job["counted"]:
                self._counting.add_tokens(result, job["counted"], is_first=number == 0)
            results.add(result)
        results.end()

    def _compiled(self, job: Mapping[str, Any]) -> CompiledTemplate:
        """The template, with its marks if it has any and the engine can follow them."""
        engine = _module("engines", job["engine"])
        options = _data(job["options"] or "{}")
        RECORD.begin()
        if job["records_choices"]:
            options[RECORDING] = True
        made_of = {"name": job["path"], "options": options}
        if job["marked"]:
            load = partial(self._marked_file, job["marked_files"])
            found = engine.compile_marked(job["marked"], load=load, **made_of)
            if found is not None:
                return cast("CompiledTemplate", found)
        made_of |= {"load": self._load, "undefined": job["undefined"]}
        return cast("CompiledTemplate", engine.compile_template(job["text"], **made_of))

    def send(self, message: Mapping[str, Any]) -> None:
        """Write one message, and with it the processor seconds of this process so far.

        Those of counting stand apart: they are not the templates'. There is but one thread, whose
        time is told exactly.
        """
        counting = self._counting.seconds
        seconds = {"seconds": time.thread_time() - counting, "counting_seconds": counting}
        self._answers.write(pack({**message, **seconds}))
        self._answers.flush()

    def _rendered(
        self, template: CompiledTemplate, variables: str, job: Mapping[str, Any]
    ) -> dict[str, Any]:
        try:
            if template.trace is None:
                text, marks = template.render(_data(variables)), None
            else:
                text, marks = template.trace(_data(variables))
            refused = refusal(text, job["text"], self._output_characters)
            if refused is not None:
                return refused
            constant = told_constant(template.constant, job)
            result: dict[str, Any] = {"text": text, "constant": constant}
            if marks is not None:
                result["marks"] = sorted(marks)
            if job["records_choices"]:
                choices, reached = RECORD.news()
                result["choices"] = [told_choice(choice, job) for choice in choices]
                result["reached"] = [told_choice(choice, job) for choice in reached]
            if template.split is not None:
                result["parts"] = [told_part(part) for part in template.split(text)]
        except UndefinedVariableError as error:
            failed = undefined_answer(all_undefined(template, _data(variables), error), job)
        except Exception as error:  # noqa: BLE001 - likewise
            failed = failure_answer(error, job)
        else:
            return result
        RECORD.forget()
        return failed

    def _parsed(self, job: Mapping[str, Any], in_vain: list[tuple[str, str]]) -> dict[str, Any]:
        try:
            load = refusing(in_vain) if job["is_alone"] else self._import
            data = _read(_module("parsers", job["engine"]), job, load)
            size = len(json.dumps(data))
        except Exception as error:  # noqa: BLE001 - likewise
            return failure_answer(error, job)
        if size > 2 * self._output_characters:
            return {"what": "the file holds too much to be read", "mend": "split it"}
        return {"data": data}

    def _load(self, name: str, parent: str) -> tuple[str, str] | None:
        if (name, parent) in self._files:
            return self._files[name, parent]
        answer = self._asked(name, parent)["loaded"]
        return None if answer is None else (answer["path"], answer["text"])

    def _marked_file(
        self, numbers: Mapping[str, int], name: str, parent: str
    ) -> tuple[str, str] | None:
        """A file with marks; None where it has none."""
        path, _ = self._files.get((name, parent), ("", ""))
        return (path, self._variables[numbers[path]]) if path in numbers else None

    def _import(self, name: str, parent: str) -> tuple[str, str] | None:
        return loaded_or_refused(self._asked(name, parent))

    def _asked(self, name: str, parent: str) -> Mapping[str, Any]:
        self.send({"load": name, "parent": parent})
        return cast("Mapping[str, Any]", self._next("loaded"))

    def _next(self, kind: str) -> Any:
        while True:
            header = self._requests.read(HEADER.size)
            if len(header) < HEADER.size:
                raise EOFError
            message = unpack(self._requests.read(HEADER.unpack(header)[0]))
            if kind in message:
                return message
            self._jobs.append(message)


def _module(folder: str, engine: str) -> Any:
    """The engine or the parser of that name."""
    return importlib.import_module(f"reviewbot.rendering.{folder}.{engine.replace('-', '_')}")


def _read(parser: Any, job: Mapping[str, Any], load: Load) -> Any:
    """What a parser makes of a text; one that follows imports may load files."""
    if hasattr(parser, "parse_file"):
        return parser.parse_file(job["text"], Files(job["path"], load))
    return parser.parse(job["text"])


def _data(text: str) -> Any:
    """JSON data; texts that are given by size get it here, where memory is limited."""
    data = json.loads(text)
    return sized(data) if _SIZED in text else data
