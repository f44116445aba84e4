"""Repositories of unusual shapes, built in seconds through `git fast-import` and `git mktree`.

Each function makes a repository with the branches `main` and `work`, of which `work` is checked out
in name only: there are no files in the work tree. The tests build them small, `bench` full size.
"""

import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, configuration, tokens, workflow

SETTINGS = configuration({"w": workflow()})
SHORT, LONG = tokens(10), tokens(30)

Lines = Iterable[bytes]


def many_files(path: Path, count: int, *, folders: int = 1_000) -> Repository:
    """`count` files in `folders` folders beside one prompt, which becomes longer."""
    others = (file(f"src/{n % folders}/file-{n}.py", b"x = %d\n" % n) for n in range(count))
    return changed(path, others)


def large_blob(path: Path, size: int) -> Repository:
    """A file of `size` zeros beside the prompts that is moved and altered, so that git might look
    whether it was renamed."""
    before = zeros("prompts/model.txt", size)
    after = [b"D prompts/model.txt\n", *zeros("prompts/moved.txt", size + 1)]
    return changed(path, before, after)


def many_changes(path: Path, count: int) -> Repository:
    """A commit that alters `count` files."""
    before = (file(f"src/{n % 1_000}/file-{n}.py", b"x = %d\n" % n) for n in range(count))
    after = (file(f"src/{n % 1_000}/file-{n}.py", b"y = %d\n" % n) for n in range(count))
    return changed(path, before, after)


def many_renames(path: Path, count: int, *, size: int = 100) -> Repository:
    """A commit that moves and alters `count` files of `size` bytes, each like all others."""

    def content(number: int, revision: int) -> bytes:
        return b"%d %d\n" % (number, revision) + b"the same line\n" * (size // 14)

    before = (file(f"old/file-{n}.py", content(n, 0)) for n in range(count))
    gone = (b"D old/file-%d.py\n" % n for n in range(count))
    after = (file(f"new/file-{n}.py", content(n, 1)) for n in range(count))
    return changed(path, before, (*gone, *after))


def deep_folders(path: Path, depth: int, includes: int) -> Repository:
    """A prompt `depth` folders deep that includes as many files that are nowhere."""
    folder = "/".join(["d"] * depth)
    prompt = f"{folder}/p.j2"
    names = "".join(f"{{% include 'x/y-{n}.j2' ignore missing %}}" for n in range(includes))
    settings = configuration({"w": workflow(), "deep": workflow(f'"{prompt}"')})
    before = [file(CONFIGURATION, settings.encode()), file(prompt, SHORT.encode())]
    return changed(path, before, [file(prompt, (LONG + names).encode())])


def many_samples(path: Path, count: int) -> Repository:
    """A prompt whose one pattern matches `count` samples."""
    sampled = workflow("prompts/sampled.j2", samples="samples/*.yaml")
    before = [
        file(CONFIGURATION, configuration({"w": workflow(), "sampled": sampled}).encode()),
        file("prompts/sampled.j2", b"{{ a }}"),
        *(file(f"samples/s-{n}.yaml", b"{a: text %d}\n" % n) for n in range(count)),
    ]
    return changed(path, before, [file("prompts/sampled.j2", b"{{ a }} and more")])


def many_patterns(path: Path, files: int, patterns: Iterable[str], depth: int = 8) -> Repository:
    """Sample patterns, each over `files` files in folders of folders."""
    folder = "/".join(["a"] * depth)
    workflows = {f"w{n}": workflow(samples=f'"{pattern}"') for n, pattern in enumerate(patterns)}
    before = [
        file(CONFIGURATION, configuration({"w": workflow(), **workflows}).encode()),
        *(file(f"{folder}/{n % 100}/s-{n}.yaml", b"{a: b}\n") for n in range(files)),
    ]
    return changed(path, before)


def many_workflows(path: Path, count: int, changes: int, *, is_new: bool = False) -> Repository:
    """`count` workflows of one prompt, and a commit that changes it and `changes` other files.

    Where it `is_new`, the configuration comes with that commit.
    """
    text = "version: 1\nprices: {as_of: 2026-11-01}\ndefaults:\n  model: openai/gpt-4o\n"
    text += f"  traffic: {'[{calls: 1000/month, output_tokens: 100}]'}\nworkflows:\n"
    text += "".join(f"  w{n}: {{prompts: {PROMPT}}}\n" for n in range(count))
    others = (file(f"old/{n}.txt", b"%d\n" % n) for n in range(changes))
    settings = file(CONFIGURATION, text.encode())
    gone = (b"D old/%d.txt\n" % n for n in range(changes))
    new = (file(f"new/{n}.txt", b"%d\n" % n) for n in range(changes))
    before = [b"D %s\n" % CONFIGURATION.encode()] if is_new else [settings]
    return changed(path, [*before, *others], [settings, *gone, *new])


def many_references(path: Path, count: int) -> Repository:
    """`count` branches and as many tags."""
    repository = changed(path)
    commit = repository.git("rev-parse", "main")
    kinds = ("heads", "tags")
    names = sorted(f"refs/{kind}/r{n % 100}/n{n}" for kind in kinds for n in range(count))
    place = repository.path / ".git" / "packed-refs"
    kept = [f"{repository.git('rev-parse', name)} refs/heads/{name}" for name in ("main", "work")]
    lines = [*kept, *(f"{commit} {name}" for name in names)]
    place.write_text("\n".join(["# pack-refs with: peeled fully-peeled", *lines, ""]))
    return repository


def large_prompts(path: Path, count: int, size: int) -> Repository:
    """`count` prompts of `size` bytes that compress to nothing."""
    names = [f"prompts/p{n}.txt" for n in range(count)]
    workflows = {f"w{n}": workflow(name) for n, name in enumerate(names)}
    before = [file(CONFIGURATION, configuration({"w": workflow(), **workflows}).encode())]
    before += [file(name, b"%d\n" % n + b"a b\n" * (size // 4)) for n, name in enumerate(names)]
    after = [file(name, b"%d\n" % n + b"b c\n" * (size // 4)) for n, name in enumerate(names)]
    return changed(path, before, after)


def large_samples(path: Path, count: int, size: int) -> Repository:
    """`count` samples of `size` bytes each that compress to nothing, matched by one pattern."""
    sampled = workflow("prompts/sampled.j2", samples="samples/*.yaml")
    before = [
        file(CONFIGURATION, configuration({"w": workflow(), "sampled": sampled}).encode()),
        file("prompts/sampled.j2", b"{{ a }}"),
        *(file(f"samples/s-{n}.yaml", b"a: %d" % n + b" a" * (size // 2)) for n in range(count)),
    ]
    return changed(path, before, [file("prompts/sampled.j2", b"{{ a }} and more")])


def tree_bomb(path: Path, levels: int, width: int, *, has_files: bool) -> Repository:
    """A tree of `width` to the power of `levels` entries, in as many objects as it has levels.

    At its bottom are files, or folders without any.
    """
    repository = changed(path)
    leaf = repository.piped("hash-object", "-w", "--stdin", given=b"x")
    listing = f"100644 blob {leaf}\tf\n" if has_files else ""
    folder = repository.piped("mktree", given=listing.encode())
    for _ in range(levels):
        names = "".join(f"040000 tree {folder}\t{n:03}\n" for n in range(width))
        folder = repository.piped("mktree", given=names.encode())
    listing = repository.git("ls-tree", "work") + f"\n040000 tree {folder}\tbomb\n"
    tree = repository.piped("mktree", given=listing.encode())
    commit = repository.git("commit-tree", tree, "-p", "main", "-m", "bomb")
    repository.git("update-ref", "refs/heads/work", commit)
    return repository


def changed(path: Path, before: Lines = (), after: Lines = ()) -> Repository:
    """A repository whose `main` has a workflow of one prompt and `before`; on `work` the prompt is
    longer, and `after` is done."""
    repository = Repository.create(path)
    start = [file(CONFIGURATION, SETTINGS.encode()), file(PROMPT, SHORT.encode())]
    given = (
        line
        for lines in (
            _commit("main", None),
            start,
            before,
            _commit("work", "main"),
            [file(PROMPT, LONG.encode())],
            after,
            [b"done\n"],
        )
        for line in lines
    )
    _piped(repository, "-c", "core.compression=1", "fast-import", "--quiet", "--done", given=given)
    repository.git("symbolic-ref", "HEAD", "refs/heads/work")
    return repository


def file(path: str, content: bytes) -> bytes:
    """The command that writes a file; a later one for the same path takes its place."""
    quoted = path.encode(errors="surrogateescape")
    quoted = quoted.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'M 100644 inline "%s"\ndata %d\n%s\n' % (quoted, len(content), content)


def zeros(path: str, size: int) -> Iterator[bytes]:
    """The command that writes a file of `size` zeros."""
    yield b'M 100644 inline "%s"\ndata %d\n' % (path.encode(), size)
    step = 2**20
    for _ in range(size // step):
        yield bytes(step)
    yield bytes(size % step) + b"\n"


def _commit(branch: str, parent: str | None) -> Iterator[bytes]:
    yield b"commit refs/heads/%s\n" % branch.encode()
    yield b"committer author <author@example.invalid> 1793534400 +0000\ndata 1\nx\n"
    if parent:
        yield b"from refs/heads/%s\n" % parent.encode()


def _piped(repository: Repository, *arguments: str, given: Iterable[bytes]) -> None:
    process = subprocess.Popen(
        ["git", "-C", str(repository.path), *arguments],
        env=os.environ,
        stdin=subprocess.PIPE,
    )
    assert process.stdin is not None
    with process:
        process.stdin.writelines(given)
    assert process.returncode == 0
