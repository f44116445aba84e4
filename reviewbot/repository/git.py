"""The edge to git: commands with a scrubbed environment.

Nothing here runs a hook, a filter or a text converter: only plumbing commands that read objects are
called. Every transport is switched off, but for `Git.fetch`, which takes http and https. What a
command may print and how long it may take is bounded: a few small objects can name billions of
files. GitPython runs git with the caller's environment and settings; pygit2 has rules
of its own for renames and ignored files.
"""

import os
import selectors
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.errors import Place, Problem, RevisionError
from reviewbot.repository.objects import ObjectReader

_OPTIONS = (
    "--no-pager",
    "--literal-pathspecs",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "protocol.allow=never",
    "-c",
    "core.bigFileThreshold=4m",
)
"""Files above that threshold are binary to git's diff, which then leaves their content alone."""


OUTPUT_BYTES_LIMIT = 64 * 1024 * 1024
"""A command that prints more is stopped; the list of 500,000 files has some 50 MB."""


SECONDS_LIMIT = 20.0
"""A command that reads objects or files and runs for longer is stopped."""


_BESIDE = ("hint:", "warning:")


class GitFailedError(RevisionError):
    """A git command that ended with an error; `said` is what it printed about it.

    Its hints and warnings are left out: they come before the reason, and are not it.
    """

    def __init__(self, arguments: tuple[str, ...], said: str) -> None:
        lines = [line for line in said.splitlines() if not line.startswith(_BESIDE)]
        said = self.said = "\n".join(lines)
        what = f"`git {arguments[0]}` failed: {said or 'without a reason'}"
        mend = "in a partial clone fetch what is missing: `git fetch --refetch --no-filter origin`"
        super().__init__([Problem(what=what, mend=mend)])


class Git(Struct, frozen=True, kw_only=True):
    """Runs git in one directory.

    `environment` is what the process was given; everything `GIT_*` in it is dropped, so that a
    hook or an editor that runs reviewbot cannot point it at another repository. `index_file` is the
    index to read, where that is not the repository's own. `settings` are git's, by their names.
    `seconds` is how long the wait for one command may take; None for a network's.
    """

    directory: str
    environment: Mapping[str, str]
    index_file: str | None = None
    settings: Mapping[str, str] = {}
    seconds: float | None = SECONDS_LIMIT

    def run(self, *arguments: str) -> bytes:
        """The standard output of one command.

        Raises:
            GitFailedError: git ended with an error.
            RevisionError: git is not installed, printed too much or took too long.
        """
        with self.running(*arguments) as output:
            return output()

    def has_commit(self, revision: str) -> bool:
        """Whether git finds a commit by that name."""
        name = f"{revision}^{{commit}}"
        try:
            self.run("rev-parse", "--verify", "--quiet", "--end-of-options", name)
        except GitFailedError:
            return False
        return True

    def fetch(self, url: str, *arguments: str, header: str) -> None:
        """Fetch from `url`, the one thing that uses a network, and only http or https.

        It gives up after 30 seconds below 1,000 bytes a second.

        `header` is sent with each request; it goes through the environment, where no list of
        processes shows it.

        Raises:
            GitFailedError: git ended with an error.
        """
        settings = {
            "protocol.http.allow": "always",
            "protocol.https.allow": "always",
            "http.lowSpeedLimit": "1000",
            "http.lowSpeedTime": "30",
        }
        if header:
            settings[f"http.{url}.extraHeader"] = header
        command = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-gc")
        patient = replace(self, settings=settings, seconds=None)
        patient.run(*command, url, *arguments)

    @contextmanager
    def running(self, *arguments: str) -> Iterator[Callable[[], bytes]]:
        """One command that runs while the caller goes on; what is given waits for its output.

        It raises what `run` does. A command whose output nobody asked for is stopped at the end.
        """
        try:
            process = subprocess.Popen(
                self._command(*arguments),
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except OSError as error:
            raise _git_missing(error) from error

        def output() -> bytes:
            printed, said = _output(process, arguments[0], self.seconds)
            if process.returncode != 0:
                raise GitFailedError(arguments, said.decode(errors="replace").strip())
            return printed

        with process:
            try:
                yield output
            finally:
                process.kill()

    @contextmanager
    def objects(self) -> Iterator["ObjectReader"]:
        """One `git cat-file` process that lives as long as the context."""
        process = subprocess.Popen(
            self._command("cat-file", "--batch-command", "--buffer"),
            env=self._environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if (
            process.stdin is None or process.stdout is None
        ):  # pragma: no cover - Popen was given pipes
            raise AssertionError
        try:
            yield ObjectReader(process.stdin, process.stdout)
        finally:
            process.kill()
            process.stdin.close()
            process.stdout.close()
            process.wait()

    def _command(self, *arguments: str) -> list[str]:
        return ["git", "-C", self.directory, *_OPTIONS, *arguments]

    def _environment(self) -> dict[str, str]:
        kept = {
            name: value for name, value in self.environment.items() if not name.startswith("GIT_")
        }
        if self.index_file is not None:
            kept["GIT_INDEX_FILE"] = self.index_file
        kept["GIT_CONFIG_COUNT"] = str(len(self.settings))
        for index, (key, value) in enumerate(self.settings.items()):
            kept |= {f"GIT_CONFIG_KEY_{index}": key, f"GIT_CONFIG_VALUE_{index}": value}
        return kept | {
            "LC_ALL": "C",
            "GIT_GRAFT_FILE": os.devnull,
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "0",
        }


def _output(
    process: "subprocess.Popen[bytes]", command: str, seconds: float | None
) -> tuple[bytes, bytes]:
    """What a process prints, and what it says on its error stream, until it ends."""
    end = None if seconds is None else time.monotonic() + seconds
    parts: dict[int, list[bytes]] = {}
    size = 0
    with selectors.DefaultSelector() as selector:
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                parts[stream.fileno()] = []
                selector.register(stream, selectors.EVENT_READ)
        while selector.get_map():
            left = None if end is None else max(0.0, end - time.monotonic())
            ready = selector.select(left)
            if not ready:
                raise _without_end(command, f"took longer than {seconds:.0f} seconds")
            for key, _ in ready:
                data = os.read(key.fd, _PIPE_BYTES)
                if not data:
                    selector.unregister(key.fileobj)
                parts[key.fd].append(data)
                size += len(data)
            if size > OUTPUT_BYTES_LIMIT:
                raise _without_end(command, f"printed more than {OUTPUT_BYTES_LIMIT:,} bytes")
    process.wait()
    printed, said = (b"".join(data) for data in parts.values())
    return printed, said


_PIPE_BYTES = 64 * 1024


def _without_end(command: str, what: str) -> RevisionError:
    return RevisionError(
        [
            Problem(
                what=f"`git {command}` {what} and was stopped",
                mend=(
                    "look for a commit that adds very many files: `git show --stat`; repositories "
                    "of up to some 500,000 files can be reviewed"
                ),
            )
        ]
    )


def _git_missing(error: OSError) -> RevisionError:
    return RevisionError(
        [
            Problem(
                what="git is not installed, or the directory does not exist",
                mend="install git and run reviewbot inside a repository",
                place=Place(file=str(error.filename)),
            )
        ]
    )
