"""Two released versions of a package, as two commits of a repository.

Archives come through pip and npm, which check the registry's own hashes and are kept from running
anything of the package's: pip is given wheels only, npm ignores scripts.
"""

import os
import stat
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

PYTHON = "3.12"
"""The version of Python that wheels are chosen for, whichever runs this."""
FILE_LIMIT = 4 * 1024**2
"""Bytes; larger ones are data or programs, and are left out."""
TOTAL_LIMIT = 512 * 1024**2
_LEFT_OUT = {".venv", "node_modules", ".git", "__pycache__"}
"""What no repository keeps; some wheels ship it by mistake. `.git` would be obeyed."""
_IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (
        ("NAME", "bench"),
        ("EMAIL", "bench@example.org"),
        ("DATE", "2026-11-01T12:00:00Z"),
    )
}


@dataclass(frozen=True, kw_only=True)
class Package:
    """A package, and two versions of it between which prompts differ."""

    name: str
    old: str
    new: str
    registry: str = "pypi"
    folders: tuple[str, ...] = ()
    """Where they are given, only files below these folders are kept."""
    templates: str = ""
    """How its code sets up the template engine, as `defaults.templates` of the configuration."""
    guessed: str = ""
    real: str = ""
    """The format that `init` guesses by the placeholders, and the one that its code fills in."""
    tools: str = ""
    """A glob of files of tool definitions, which no name shows."""


class UnsafeArchiveError(Exception):
    """An archive that names a place outside of itself, or is too large."""


def repository(package: Package, cache: Path, place: Path) -> None:
    """A repository at `place` with the old version on its branch `main`, checked out."""
    place.mkdir(parents=True)
    git(place, "init", "--quiet", "--initial-branch=main")
    (place / ".git/info/attributes").write_text("* -text -filter\n")
    _write(package, package.old, cache, place)
    commit(place, f"{package.name} {package.old}")


def upgrade(package: Package, cache: Path, place: Path) -> None:
    """On a new branch, replace all files by the new version's."""
    git(place, "switch", "--quiet", "--create", "upgrade")
    git(place, "rm", "-r", "--quiet", "--", ".")
    _write(package, package.new, cache, place)
    commit(place, f"{package.name} {package.new}")


def commit(place: Path, message: str) -> None:
    git(place, "add", "--all", "--force")
    git(place, "commit", "--quiet", "--allow-empty", "--no-verify", f"--message={message}")


def git(place: Path, *arguments: str) -> str:
    """What git prints, without the machine's own configuration."""
    plain = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(place)}
    return subprocess.run(
        ["git", *arguments],
        cwd=place,
        env={"PATH": os.environ["PATH"], **plain, **_IDENTITY},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def _write(package: Package, version: str, cache: Path, place: Path) -> None:
    total = 0
    for path, data in files(archive(package, version, cache)):
        if package.folders and not path.startswith(package.folders):
            continue
        total += len(data)
        if total > TOTAL_LIMIT:
            raise UnsafeArchiveError(f"{package.name} {version}: more than {TOTAL_LIMIT} bytes")
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def archive(package: Package, version: str, cache: Path) -> Path:
    """The archive of one version, downloaded where it is not there yet."""
    folder = cache / package.registry / package.name.replace("/", "+") / version
    if not (kept := _kept(folder)):
        folder.mkdir(parents=True, exist_ok=True)
        if package.registry == "npm":
            named = f"{package.name}@{version}"
            command = ["npm", "pack", "--silent", "--ignore-scripts", named]
        else:
            named = f"{package.name}=={version}"
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
            command += ["--only-binary=:all:", f"--python-version={PYTHON}", named]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        kept = _kept(folder)
    if len(kept) != 1:
        raise FileNotFoundError(f"{folder}: one archive was expected, there are {len(kept)}")
    return kept[0]


def _kept(folder: Path) -> list[Path]:
    return sorted([*folder.glob("*.whl"), *folder.glob("*.tgz")])


def files(packed: Path) -> Iterator[tuple[str, bytes]]:
    """The regular files of an archive that a repository would keep."""
    found = _of_zip(packed) if packed.suffix == ".whl" else _of_tar(packed)
    for name, data in found:
        path = safe(name)
        if not _LEFT_OUT & {part.casefold() for part in PurePosixPath(path).parts}:
            yield path, data


def safe(name: str) -> str:
    """The name of a member, which stays inside.

    Raises:
        UnsafeArchiveError: It does not.
    """
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or set(name) & set("\\\0\r\n") or not path.parts:
        raise UnsafeArchiveError(f"{name!r} is no place inside of the archive")
    return str(path)


def _of_zip(archive: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(archive) as opened:
        for member in opened.infolist():
            kind = stat.S_IFMT(member.external_attr >> 16)
            is_regular = kind in {0, stat.S_IFREG} and not member.is_dir()
            is_metadata = PurePosixPath(member.filename).parts[:1] and (
                PurePosixPath(member.filename).parts[0].endswith((".dist-info", ".data"))
            )
            if is_regular and not is_metadata and member.file_size <= FILE_LIMIT:
                yield member.filename, opened.read(member)


def _of_tar(archive: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(archive) as opened:
        for member in opened:
            file = opened.extractfile(member) if member.isreg() else None
            if file is not None and member.size <= FILE_LIMIT:
                yield member.name.partition("/")[2] or member.name, file.read()
