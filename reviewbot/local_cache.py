"""What earlier reviews rendered and counted, kept in files of the user's own.

Each entry is a file of a private folder. Its name is a digest of all that decides its content, so
nothing is ever out of date. An entry that is torn, damaged, linked or of another owner is as good
as none. Two reviews may read and write at the same time: an entry appears whole or not at all.
hashlib is imported where something is kept: it takes 3 ms.
"""

import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cached_property
from threading import Lock
from typing import Final, Protocol, Self

from reviewbot import __version__

MOST_BYTES: Final = 256 * 2**20
"""Of all entries together; beyond it those that were not used for longest go."""

_MOST_BYTES_OF_A_REVIEW = MOST_BYTES // 2
_MOST_BYTES_OF_AN_ENTRY = 64 * 2**20
_FORMAT = b"reviewbot cache 1\n"
_DIGEST_BYTES = 16
_USED_AGAIN_SECONDS = 86_400
_LEFT_BEHIND_SECONDS = 3_600
_UNFINISHED = "new-"
_OTHERS_MAY = stat.S_IRWXG | stat.S_IRWXO

_MEASURING = ("allowance.py", "prompt", "rendering", "tokens")
"""The modules and folders of this package that decide what a template renders to and a text
counts."""


class Cache(Protocol):
    """Keeps bytes under keys, from one review to the next."""

    @property
    def is_kept(self) -> bool:
        """Whether anything is kept at all."""
        ...

    def get(self, *key: bytes) -> bytes | None:
        """What is kept under a key."""
        ...

    def put(self, data: bytes, *key: bytes) -> None:
        """Keep `data` under a key, once `save` is called."""
        ...

    def save(self) -> None:
        """Keep for good what was put since: the review ended as it would end again."""
        ...


class NoCache:
    """Keeps nothing."""

    is_kept = False

    def get(self, *key: bytes) -> bytes | None:
        """Nothing is kept."""
        del key
        return None

    def put(self, data: bytes, *key: bytes) -> None:
        """Keep nothing."""

    def save(self) -> None:
        """Keep nothing."""


NO_CACHE: Final = NoCache()


class FolderCache:
    """Keeps entries as the files of one folder; a context manager that drops what is not saved.

    The folder is found, made and opened when it is first needed. Threads may share a cache.
    """

    def __init__(self, folder: Callable[[], str]) -> None:
        self._find = folder
        self._lock = Lock()
        self._unsaved: dict[str, str] = {}
        self._bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for unfinished in self._unsaved.values():
            with suppress(OSError):
                os.unlink(unfinished, dir_fd=self._folder)
        if self.__dict__.get("_folder") is not None:
            os.close(self.__dict__.pop("_folder"))

    @cached_property
    def _folder(self) -> int | None:
        """The open folder; None where it cannot be had, or is not this user's alone."""
        return _opened(self._find())

    @property
    def is_kept(self) -> bool:
        """Whether there is a folder to keep anything in."""
        with self._lock:
            return self._folder is not None

    def get(self, *key: bytes) -> bytes | None:
        """What is kept under a key; None too where the entry cannot be trusted."""
        if not self.is_kept:
            return None
        try:
            return self._read(self._name(key))
        except OSError:
            return None

    def _read(self, name: str) -> bytes | None:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(name, flags, dir_fd=self._folder)
        with os.fdopen(descriptor, "rb") as file:
            about = os.fstat(descriptor)
            is_ours = stat.S_ISREG(about.st_mode) and about.st_uid == os.geteuid()
            if not is_ours or about.st_size > _MOST_BYTES_OF_AN_ENTRY:
                return None
            digest, data = file.read(_DIGEST_BYTES), file.read(_MOST_BYTES_OF_AN_ENTRY)
            if digest != _digest(data):
                return None
            if time.time() - about.st_mtime > _USED_AGAIN_SECONDS:
                os.utime(descriptor)
            return data

    def put(self, data: bytes, *key: bytes) -> None:
        """Write an entry beside the others; where that fails, there will be none."""
        if not self.is_kept:
            return
        name = self._name(key)
        with self._lock:
            self._bytes += len(data)
            is_too_much = len(data) + _DIGEST_BYTES > _MOST_BYTES_OF_AN_ENTRY
            if is_too_much or self._bytes > _MOST_BYTES_OF_A_REVIEW or name in self._unsaved:
                return
            self._write(name, data)

    def _write(self, name: str, data: bytes) -> None:
        unfinished = f"{_UNFINISHED}{os.urandom(12).hex()}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with suppress(OSError):
            descriptor = os.open(unfinished, flags, 0o600, dir_fd=self._folder)
            self._unsaved[name] = unfinished
            with os.fdopen(descriptor, "wb") as file:
                file.write(_digest(data) + data)

    def save(self) -> None:
        """Give what was put its names, and let go of what there is no room for."""
        if not self._unsaved:
            return
        for name, unfinished in self._unsaved.items():
            with suppress(OSError):
                os.rename(unfinished, name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        self._unsaved.clear()
        with suppress(OSError):
            self._make_room()

    def _make_room(self) -> None:
        found: list[tuple[float, int, str]] = []
        now = time.time()
        with os.scandir(self._folder) as entries:
            for entry in entries:
                about = entry.stat(follow_symlinks=False)
                is_left = entry.name.startswith(_UNFINISHED)
                if is_left and now - about.st_mtime > _LEFT_BEHIND_SECONDS:
                    os.unlink(entry.name, dir_fd=self._folder)
                elif not is_left:
                    found.append((about.st_mtime, about.st_size, entry.name))
        left = sum(size for _, size, _ in found)
        for _, size, name in sorted(found):
            if left <= MOST_BYTES:
                return
            os.unlink(name, dir_fd=self._folder)
            left -= size

    def _name(self, key: tuple[bytes, ...]) -> str:
        from hashlib import blake2b

        hashed = blake2b(self._software, digest_size=32)
        for part in key:
            hashed.update(len(part).to_bytes(8, "big"))
            hashed.update(part)
        return hashed.hexdigest()

    @cached_property
    def _software(self) -> bytes:
        """What all entries depend on: this version, its files, the libraries, and Python."""
        from hashlib import blake2b

        hashed = blake2b(_FORMAT)
        for part in (__version__, sys.version, *_distributions(), *_sources()):
            hashed.update(f"{part}\0".encode("utf-8", "surrogateescape"))
        return hashed.digest()


def _opened(folder: str) -> int | None:
    """The folder, which is made where there is none.

    None where it cannot be made, is a link, belongs to somebody else, or others may look into it.
    """
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    about = os.fstat(descriptor)
    if about.st_uid != os.geteuid() or about.st_mode & _OTHERS_MAY:
        os.close(descriptor)
        return None
    return descriptor


def _digest(data: bytes) -> bytes:
    from hashlib import blake2b

    return blake2b(data, digest_size=_DIGEST_BYTES).digest()


def _distributions() -> list[str]:
    """The installed packages with their versions, by the names of their metadata's folders."""
    found = set()
    for folder in sys.path:
        with suppress(OSError):
            found |= {name for name in os.listdir(folder or ".") if name.endswith(".dist-info")}
    return sorted(found)


def _sources() -> Iterator[str]:
    """The files that measure, by size and time, as Python tells whether a compiled one is stale."""
    package = os.path.dirname(__file__)
    for name in _MEASURING:
        place = os.path.join(package, name)
        about = os.stat(place)
        if stat.S_ISREG(about.st_mode):
            yield f"{name} {about.st_size} {about.st_mtime_ns}"
        else:
            yield from sorted(_files(place, name))


def _files(folder: str, path: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from _files(entry.path, f"{path}/{entry.name}")
            else:
                about = entry.stat()
                yield f"{path}/{entry.name} {about.st_size} {about.st_mtime_ns}"
