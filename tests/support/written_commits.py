"""What `git init`, `git add --all`, `git commit` and `git switch --create` write, without a process.

Most tests make a repository and two commits, which takes git six processes: as long as the review.
What is out of the ordinary (settings, attributes, ignored files, submodules, packs, a merge) is left
to git: each function then says None or False, and has changed nothing.
"""

import os
import re
import stat
import struct
import subprocess
import tempfile
import zlib
from functools import cache
from hashlib import sha1
from pathlib import Path
from typing import NamedTuple

_PLAIN = {"HEAD", "config", "objects", "refs", "index", "logs", "COMMIT_EDITMSG", "ORIG_HEAD"}
"""What a folder `.git` holds that no setting, merge, pack or filter has changed."""
_MOST_FILES = 200
_MOST_FOLDERS_DEEP = 20
_BRANCH = "ref: refs/heads/"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(?:/[A-Za-z0-9][A-Za-z0-9_-]*)*")
_INDEX_ENTRY = struct.Struct(">10I20sH")


class LeftToGitError(Exception):
    """Something that only git knows how to add."""


class _File(NamedTuple):
    path: bytes
    mode: int
    object_id: bytes
    status: os.stat_result


class _Folder:
    """An empty repository as git makes it, to be copied."""

    def __init__(self) -> None:
        with tempfile.TemporaryDirectory() as place:
            command = ("git", "init", "--quiet", "--template=", "--initial-branch", "main", place)
            alone = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
            subprocess.run(command, env=os.environ | alone, check=True)
            made = sorted(Path(place).rglob("*"))
            self.folders = [str(item.relative_to(place)) for item in made if item.is_dir()]
            self.files = {
                str(item.relative_to(place)): item.read_bytes() for item in made if item.is_file()
            }


_empty = cache(_Folder)


def create(place: Path) -> bool:
    """An empty repository there, whose branch is main; False where something stands already."""
    if (place / ".git").exists():
        return False
    for name in _empty().folders:
        (place / name).mkdir()
    for name, content in _empty().files.items():
        (place / name).write_bytes(content)
    return True


def branch(place: Path, name: str) -> bool:
    """Switch to a new branch."""
    try:
        commit = _head_commit(place)
    except (LeftToGitError, OSError):
        return False
    new = place / ".git" / "refs" / "heads" / name
    if commit is None or not _NAME.fullmatch(name) or os.path.lexists(new):
        return False
    try:
        new.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    new.write_text(commit + "\n", "ascii")
    (place / ".git" / "HEAD").write_text(_BRANCH + name + "\n", "ascii")
    return True


def commit_all(place: Path, message: str, who: str, date: str) -> str | None:
    """Commit all files; `who` is a name with an address, `date` as git's objects have it."""
    try:
        if not message or not message.isprintable() or message != message.strip():
            return None
        parent = _head_commit(place)
        files = _files(place)
    except (LeftToGitError, OSError):
        return None
    tree = _tree(place, [(file.path.split(b"/"), file) for file in files])
    lines = [f"tree {tree.hex()}"]
    lines += [f"parent {parent}"] if parent else []
    lines += [f"author {who} {date}", f"committer {who} {date}", "", message, ""]
    commit = _object(place, b"commit", "\n".join(lines).encode()).hex()
    _write_index(place, files)
    name = (place / ".git" / "HEAD").read_text("ascii").strip().removeprefix(_BRANCH)
    reference = place / ".git" / "refs" / "heads" / name
    reference.parent.mkdir(parents=True, exist_ok=True)
    reference.write_text(commit + "\n", "ascii")
    return commit


def _head_commit(place: Path) -> str | None:
    """The commit of the branch that is checked out; None before its first."""
    folder = place / ".git"
    if not _PLAIN.issuperset(os.listdir(folder)):
        raise LeftToGitError
    if (folder / "config").read_bytes() != _empty().files[".git/config"]:
        raise LeftToGitError
    head = (folder / "HEAD").read_text()
    if not head.startswith(_BRANCH):
        raise LeftToGitError
    reference = folder / "refs" / "heads" / head.strip().removeprefix(_BRANCH)
    if reference.is_symlink():
        raise LeftToGitError
    return reference.read_text("ascii").strip() if reference.exists() else None


def _files(place: Path) -> list[_File]:
    """All files in the index's order."""
    found: list[tuple[bytes, bytes, os.stat_result]] = []
    folders = [(os.fsencode(place), b"", 0)]
    while folders:
        folder, prefix, depth = folders.pop()
        with os.scandir(folder) as items:
            for item in items:
                if depth == 0 and item.name == b".git":
                    continue
                if _is_special(item.name):
                    raise LeftToGitError
                if item.is_dir(follow_symlinks=False):
                    folders.append((item.path, prefix + item.name + b"/", depth + 1))
                else:
                    found.append((prefix + item.name, item.path, item.stat(follow_symlinks=False)))
        if len(found) + len(folders) > _MOST_FILES or depth > _MOST_FOLDERS_DEEP:
            raise LeftToGitError
    if not all(
        stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode) for *_, status in found
    ):
        raise LeftToGitError
    contents = [_content(path, status) for _, path, status in found]
    return sorted(
        _File(name, mode, _object(place, b"blob", content), status)
        for (name, _, status), (mode, content) in zip(found, contents, strict=True)
    )


def _is_special(name: bytes) -> bool:
    """Whether it is a file that changes what git adds, or one that git refuses."""
    lower = name.lower()
    special = lower.startswith((b".git", b"git~")) or not lower.isascii()
    return special and lower not in {b".github", b".gitlab-ci.yml"}


def _content(path: bytes, status: os.stat_result) -> tuple[int, bytes]:
    if stat.S_ISLNK(status.st_mode):
        return 0o120000, os.readlink(path)
    with open(path, "rb") as file:
        return (0o100755 if status.st_mode & stat.S_IXUSR else 0o100644), file.read()


def _tree(place: Path, files: list[tuple[list[bytes], _File]]) -> bytes:
    """The object of a folder; the names of its files are relative to it, in pieces."""
    entries: list[tuple[bytes, bytes]] = []
    below: dict[bytes, list[tuple[list[bytes], _File]]] = {}
    for (name, *rest), file in files:
        if rest:
            below.setdefault(name, []).append((rest, file))
        else:
            entries.append((name, b"%o %s\0%s" % (file.mode, name, file.object_id)))
    for name, inner in below.items():
        entries.append((name + b"/", b"40000 %s\0%s" % (name, _tree(place, inner))))
    return _object(place, b"tree", b"".join(entry for _, entry in sorted(entries)))


def _object(place: Path, kind: bytes, content: bytes) -> bytes:
    """Keep an object; its id."""
    whole = b"%s %d\0%s" % (kind, len(content), content)
    object_id = sha1(whole, usedforsecurity=False)
    name = object_id.hexdigest()
    path = place / ".git" / "objects" / name[:2] / name[2:]
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(zlib.compress(whole, 1))
        path.chmod(0o444)
    return object_id.digest()


def _write_index(place: Path, files: list[_File]) -> None:
    """Version 2 of git's format: https://git-scm.com/docs/index-format."""
    parts = [b"DIRC", struct.pack(">2I", 2, len(files))]
    for path, mode, object_id, status in files:
        numbers = (
            *divmod(status.st_ctime_ns, 10**9),
            *divmod(status.st_mtime_ns, 10**9),
            status.st_dev,
            status.st_ino,
            mode,
            status.st_uid,
            status.st_gid,
            status.st_size,
        )
        kept = [number & 0xFFFFFFFF for number in numbers]
        entry = _INDEX_ENTRY.pack(*kept, object_id, min(len(path), 0xFFF)) + path
        parts.append(entry + bytes(8 - len(entry) % 8))
    content = b"".join(parts)
    (place / ".git" / "index").write_bytes(content + sha1(content, usedforsecurity=False).digest())
