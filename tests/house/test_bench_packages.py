"""The archives of released packages, which bench/compatibility.py unpacks, stay in their place."""

import io
import stat
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.support.places import BENCH


@pytest.fixture
def packages(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(str(BENCH))
    yield import_module("packages")
    sys.modules.pop("packages", None)


def wheel(cache: Path, version: str, files: dict[str, str], links: tuple[str, ...] = ()) -> None:
    folder = cache / "pypi/thing" / version
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / f"thing-{version}-py3-none-any.whl", "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        for name in links:
            link = zipfile.ZipInfo(name)
            link.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(link, "/etc/passwd")


@pytest.mark.parametrize(
    "name", ["../a.j2", "/etc/a.j2", "a/../../b.j2", "a\\..\\b.j2", "a\nb.j2", "a/.."]
)
def test_no_member_leaves_the_folder(packages: Any, tmp_path: Path, name: str) -> None:
    wheel(tmp_path, "1.0", {name: "x"})
    with pytest.raises(packages.UnsafeArchiveError):
        packages.repository(
            packages.Package(name="thing", old="1.0", new="2.0"), tmp_path, tmp_path / "r"
        )


def test_two_versions_are_two_commits_of_ordinary_files(packages: Any, tmp_path: Path) -> None:
    wheel(
        tmp_path,
        "1.0",
        {
            "thing/a.j2": "one\r\n",
            "thing/.git/config": "[core]\n\tfsmonitor = false\n",
            "thing/node_modules/b.j2": "x",
            "thing-1.0.dist-info/METADATA": "x",
            "thing/old.j2": "x",
        },
        links=("thing/link.j2",),
    )
    wheel(tmp_path, "2.0", {"thing/a.j2": "two\r\n"})
    package = packages.Package(name="thing", old="1.0", new="2.0")
    place = tmp_path / "r"
    packages.repository(package, tmp_path, place)
    packages.upgrade(package, tmp_path, place)
    before = packages.git(place, "ls-tree", "-r", "--name-only", "main").split()
    after = packages.git(place, "ls-tree", "-r", "--name-only", "upgrade").split()
    assert (before, after) == (["thing/a.j2", "thing/old.j2"], ["thing/a.j2"])
    assert (place / "thing/a.j2").read_bytes() == b"two\r\n"
    assert packages.git(place, "cat-file", "-s", "main:thing/a.j2").strip() == "5"


def test_a_tarball_loses_its_first_folder_and_its_links(packages: Any, tmp_path: Path) -> None:
    folder = tmp_path / "npm/@a+b/1.0"
    folder.mkdir(parents=True)
    with tarfile.open(folder / "b.tgz", "w:gz") as archive:
        for name in ("package/prompts/a.txt", "package/README.md"):
            member = tarfile.TarInfo(name)
            member.size = 2
            archive.addfile(member, io.BytesIO(b"ab"))
        link = tarfile.TarInfo("package/prompts/link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    package = packages.Package(
        name="@a/b", old="1.0", new="1.0", registry="npm", folders=("prompts/",)
    )
    packages.repository(package, tmp_path, tmp_path / "r")
    assert packages.git(tmp_path / "r", "ls-files").split() == ["prompts/a.txt"]
