"""Environments that hold the reference libraries, and the processes that render in them."""

import json
import os
import selectors
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from references import HANDLEBARS, LIBRARIES

_HERE = Path(__file__).parent
_SECONDS = 60
"""What one rendering may take."""


class MissingReferenceError(Exception):
    """A library that is not there, or does not give what its documentation says."""


class Laboratory:
    """Renders requests, each in the environment that holds its library.

    The texts come from packages, so they are rendered in processes of their own, in an empty
    folder and without the surroundings of this one.
    """

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._stack = ExitStack()
        self._workers: dict[str, subprocess.Popen[str]] = {}

    def __enter__(self) -> Self:
        self._folder = self._stack.enter_context(tempfile.TemporaryDirectory())
        self.node = _installed_node(self._cache)
        for name in LIBRARIES:
            _install(self._cache / "environments" / name, LIBRARIES[name])
            self._check(name)
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers.values():
            _end(worker)
        self._stack.close()

    def render(self, environment: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """The messages of a request, or the error of its library.

        Raises:
            MissingReferenceError: The library is not there.
        """
        worker = self._workers.get(environment) or self._start(environment)
        assert worker.stdin
        assert worker.stdout
        worker.stdin.write(json.dumps({**request, "node": str(self.node)}) + "\n")
        worker.stdin.flush()
        with selectors.DefaultSelector() as selector:
            selector.register(worker.stdout, selectors.EVENT_READ)
            has_answered = bool(selector.select(_SECONDS))
        line = worker.stdout.readline() if has_answered else ""
        if line:
            answer: Mapping[str, Any] = json.loads(line)
            return answer
        _end(self._workers.pop(environment))
        if has_answered:
            raise MissingReferenceError(f"the reference of {request['format']} ended")
        return {"error": f"no answer within {_SECONDS} s"}

    def _start(self, environment: str) -> "subprocess.Popen[str]":
        worker = subprocess.Popen(
            self._command(environment),
            cwd=self._folder,
            env=_surroundings(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._workers[environment] = worker
        return worker

    def _check(self, environment: str) -> None:
        command = [*self._command(environment), "--check", environment, "--node", str(self.node)]
        done = subprocess.run(
            command,
            cwd=self._folder,
            env=_surroundings(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise MissingReferenceError(f"{environment}: {done.stderr.strip()}")

    def _command(self, environment: str) -> list[str]:
        python = self._cache / "environments" / environment / "bin/python"
        return [str(python), "-W", "ignore", str(_HERE / "references.py")]


def _surroundings() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def _end(worker: "subprocess.Popen[str]") -> None:
    worker.kill()
    worker.wait()
    for pipe in (worker.stdin, worker.stdout):
        if pipe:
            pipe.close()


def _install(place: Path, libraries: tuple[str, ...]) -> None:
    """A virtual environment with exactly these libraries; kept while they stay the same."""
    mark = place / "libraries.txt"
    if mark.exists() and mark.read_text() == "\n".join(libraries):
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
    pip = [str(place / "bin/python"), "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, *libraries], check=True)
    mark.write_text("\n".join(libraries))


def _installed_node(cache: Path) -> Path:
    place = cache / "node"
    if not (place / "node_modules/handlebars").is_dir():
        place.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--silent", "--ignore-scripts", "--no-save", "--prefix", "."]
        subprocess.run([*command, HANDLEBARS], cwd=place, check=True)
    return place
