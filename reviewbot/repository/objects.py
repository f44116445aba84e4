"""Reads git objects by their ids, through one long-lived process."""

from collections.abc import Iterable, Iterator, Sequence
from threading import Lock
from typing import IO

from reviewbot.errors import Problem, RevisionError

OLDEST_GIT = (2, 36)
"""`git cat-file --batch-command` came with 2.36 (git's release notes, April 2022)."""


class ObjectReader:
    """Reads git objects by their ids, in batches, through one process.

    Ids only are ever written to it: a path with a newline would break the protocol. The first
    objects are kept, since several stages read the same changed files. Threads may share a reader.
    """

    def __init__(self, requests: IO[bytes], answers: IO[bytes]) -> None:
        self._requests = requests
        self._answers = answers
        self._kept: dict[str, bytes] = {}
        self._room = _KEPT_BYTES
        self._lock = Lock()

    def sizes(self, ids: Iterable[str]) -> dict[str, int | None]:
        """The size in bytes of each object, None for one that the repository lacks."""
        with self._lock:
            return self._sizes(tuple(ids))

    def contents(self, ids: Iterable[str]) -> dict[str, bytes | None]:
        """The bytes of each object, None for one that the repository lacks."""
        with self._lock:
            return self._contents(tuple(ids))

    def _sizes(self, wanted: Sequence[str]) -> dict[str, int | None]:
        sizes: dict[str, int | None] = {
            object_id: len(self._kept[object_id]) for object_id in wanted if object_id in self._kept
        }
        for batch in _batches(object_id for object_id in wanted if object_id not in sizes):
            self._send("info", batch)
            sizes |= {object_id: self._size() for object_id in batch}
        return sizes

    def _contents(self, wanted: Sequence[str]) -> dict[str, bytes | None]:
        contents: dict[str, bytes | None] = {
            object_id: self._kept[object_id] for object_id in wanted if object_id in self._kept
        }
        for batch in _batches(object_id for object_id in wanted if object_id not in contents):
            self._send("contents", batch)
            for object_id in batch:
                size = self._size()
                data = None if size is None else self._exactly(size + 1)[:-1]
                contents[object_id] = data
                if data is not None and len(data) <= self._room:
                    self._kept[object_id] = data
                    self._room -= len(data)
        return contents

    def _size(self) -> int | None:
        match self._answers.readline().split():
            case [_, b"missing"]:
                return None
            case [_, _, size]:
                return int(size)
            case _:
                raise _reader_died()

    def _send(self, command: str, ids: tuple[str, ...]) -> None:
        lines = [f"{command} {object_id}\n" for object_id in ids]
        try:
            self._requests.write("".join([*lines, "flush\n"]).encode("ascii"))
            self._requests.flush()
        except BrokenPipeError as error:
            raise _reader_died() from error

    def _exactly(self, size: int) -> bytes:
        data = self._answers.read(size)
        if len(data) != size:
            raise _reader_died()
        return data


_KEPT_BYTES = 2_000_000
"""Of objects that are held: those of any ordinary change."""

_BATCH = 500
"""Requests sent before the first answer is read: 500 × 75 bytes stay below a pipe's 64 KiB."""


def _batches(ids: Iterable[str]) -> Iterator[tuple[str, ...]]:
    wanted = tuple(dict.fromkeys(ids))
    return (wanted[start : start + _BATCH] for start in range(0, len(wanted), _BATCH))


def _reader_died() -> RevisionError:
    oldest = ".".join(map(str, OLDEST_GIT))
    return RevisionError(
        [
            Problem(
                what="git stopped while its objects were being read",
                mend=(
                    "in a partial clone fetch what is missing: `git fetch --refetch --no-filter "
                    f"origin`; otherwise check that git is {oldest} or newer, and run `git fsck`"
                ),
            )
        ]
    )
