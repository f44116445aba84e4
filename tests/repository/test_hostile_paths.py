"""Paths that lead out, that are no files, or whose names speak to a terminal, a shell or GitHub."""

import json
import os
import re
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    PROMPT,
    Outcome,
    change,
    configuration,
    review,
    tokens,
    workflow,
)
from tests.support.shapes import changed, file

HEADS = {"work tree": ("--worktree",), "index": ("--staged",), "commit": ()}
"""Where the head is read from, in the order in which a change gets there."""

SECRET = "xyzzy-marker-of-the-world-outside"

HONEST = {
    CONFIGURATION: configuration(
        {"w": workflow("prompts/p.j2", samples="samples/*.yaml", tools="tools/t.json")}
    ),
    "prompts/p.j2": '{% include "partials/i.j2" %} {{ a }}',
    "prompts/partials/i.j2": "text",
    "samples/s.yaml": "a: b\n",
    "tools/t.json": "[]",
}
ROLES = {
    "prompt": "prompts/p.j2",
    "include": "prompts/partials/i.j2",
    "sample": "samples/s.yaml",
    "tools": "tools/t.json",
    "configuration": CONFIGURATION,
}


def outside(repository: Repository) -> Path:
    """A folder beside the repository in which each name of ours is a file with the secret."""
    folder = repository.path.parent / "outside"
    for path in ROLES.values():
        place = folder / Path(path).name
        place.parent.mkdir(exist_ok=True)
        place.write_text(SECRET)
    return folder


def link(place: Path, target: Path) -> None:
    place.unlink()
    place.symlink_to(target / place.name)


def relative_link(place: Path, target: Path) -> None:
    place.unlink()
    place.symlink_to(os.path.relpath(target / place.name, place.parent))


def chain_of_links(place: Path, target: Path) -> None:
    place.unlink()
    (place.parent / "last-link").symlink_to(target / place.name)
    (place.parent / "first-link").symlink_to("last-link")
    place.symlink_to("first-link")


def linked_folder(place: Path, target: Path) -> None:
    shutil.rmtree(place.parent)
    place.parent.symlink_to(target)


def link_to_a_device(place: Path, target: Path) -> None:
    del target
    place.unlink()
    place.symlink_to("/dev/zero")


def link_in_a_circle(place: Path, target: Path) -> None:
    del target
    place.unlink()
    place.symlink_to(place.name)


Trap = Callable[[Path, Path], None]


def put(repository: Repository, head: str, message: str = "change") -> None:
    """Bring what lies in the work tree where `head` is read from."""
    if head != "work tree":
        repository.git("add", "--all")
    if head == "commit":
        repository.git("commit", "--quiet", "--message", message)


def said(outcome: Outcome) -> str:
    """All that a person or a program is shown."""
    return outcome.out + outcome.errors


def problems_of(outcome: Outcome) -> str:
    if not outcome.out:
        return outcome.errors
    report = outcome.report
    if "workflows" not in report:
        return json.dumps(report["problems"])
    return json.dumps([item["problems"] + item["findings"] for item in report["workflows"]])


EVERYWHERE = [(trap, role) for trap in (link, linked_folder) for role in ROLES]
AS_A_PROMPT = [
    (trap, "prompt") for trap in (relative_link, chain_of_links, link_to_a_device, link_in_a_circle)
]


@pytest.mark.parametrize(("trap", "role"), EVERYWHERE + AS_A_PROMPT)
def test_no_link_is_followed_in_any_role(repository: Repository, role: str, trap: Trap) -> None:
    target = outside(repository)
    repository.commit(HONEST)
    repository.branch("work")
    trap(repository.path / ROLES[role], target)
    for head, arguments in HEADS.items():
        put(repository, head)
        outcome = review(repository, *arguments)
        assert outcome.code in {1, 2, 3}, head
        assert SECRET not in said(outcome), head
        problems = problems_of(outcome)
        names = {ROLES[role], "samples/*.yaml", "partials/i.j2"}
        assert any(name in problems for name in names), head
        assert re.search(
            "symbolic link|no file matches|no such file|was not found|still names|is deleted|are deleted|removes the config",
            problems,
        ), head


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", ["fifo", "socket", "folder", "nested repository"])
def test_what_is_no_file_in_the_work_tree_is_named(
    repository: Repository, role: str, kind: str
) -> None:
    repository.commit(HONEST)
    place = repository.path / ROLES[role]
    place.unlink()
    match kind:
        case "fifo":
            os.mkfifo(place)
        case "socket":
            here = os.getcwd()
            os.chdir(place.parent)
            with socket.socket(socket.AF_UNIX) as server:
                server.bind(place.name)
            os.chdir(here)
        case "folder":
            place.mkdir()
        case _:
            Repository.create(place).commit({"x.txt": SECRET})
    outcome = review(repository, "--worktree")
    assert outcome.code in {2, 3}
    assert SECRET not in said(outcome)
    assert ROLES[role].rpartition("/")[2] in said(outcome) or "samples/*.yaml" in said(outcome)


KEPT = [".git/config", ".env", "nested/.git/config", "nested/x.txt"]


def test_what_git_keeps_or_ignores_is_not_read(repository: Repository) -> None:
    """Credentials lie there: `actions/checkout` writes its token into `.git/config`."""
    repository.commit({**HONEST, ".gitignore": ".env\n"})
    Repository.create(repository.path / "nested").commit({"x.txt": SECRET})
    for name in (".git/config", ".env", "nested/.git/config"):
        with (repository.path / name).open("a") as ours:
            ours.write(f"# {SECRET}\n")
    prompts = {f"w{n}": workflow(f"{{path: {path}, format: text}}") for n, path in enumerate(KEPT)}
    repository.branch("work")
    repository.write({CONFIGURATION: configuration(prompts)})
    for head, arguments in HEADS.items():
        if head != "work tree":
            repository.git("add", CONFIGURATION)
        if head == "commit":
            repository.git("commit", "--quiet", "--message", "change")
        outcome = review(repository, *arguments)
        assert outcome.code == 2, head
        lines = outcome.errors.splitlines()
        assert len(lines) == len(KEPT), head
        for number, path in enumerate(KEPT):
            assert f"{CONFIGURATION}:{4 + number} (workflows.w{number}" in lines[number]
            assert path in lines[number]
            configured = review(repository, *arguments, "--config", path)
            assert configured.code == 2
            assert SECRET not in said(configured)
        assert SECRET not in said(outcome), head


OUTSIDE = [
    "../outside/p.j2",
    "a/../../outside/p.j2",
    "/etc/hostname",
    "/dev/zero",
    "~/.netrc",
    "-rf",
    ":(glob)**",
    ":/",
    ".",
    "",
    "a" * 5_000,
    "a/" * 5_000,
    "two\nlines",
    "\x1b[2J",
    "caf\udce9",
]


@pytest.mark.parametrize("head", HEADS)
def test_a_configuration_is_read_from_inside_only(repository: Repository, head: str) -> None:
    outside(repository)
    repository.commit(HONEST)
    for name in OUTSIDE:
        outcome = review(repository, *HEADS[head], f"--config={name}")
        assert outcome.code == 2
        assert SECRET not in said(outcome)
        assert re.search("there is no configuration|leads out of the repository", outcome.errors)
        assert outcome.errors.removesuffix("\n").isprintable()


REFUSED = [
    "../outside/p.j2",
    "a/../../outside/p.j2",
    "/etc/hostname",
    "~/p.j2",
    "./p.j2",
    "a/",
    "a\\b",
    r'"\0.txt"',
    r'"\e[2J.txt"',
    r'"a\nb.txt"',
    "a" * 5_000,
]


def test_configured_paths_that_lead_out_are_refused_at_their_lines(repository: Repository) -> None:
    outside(repository)
    paths = [name if name.startswith('"') else f"'{name}'" for name in REFUSED]
    keys = ["prompts", "samples", "tools"]
    workflows = {
        f"{key}-{n}": workflow(**{"prompts": "prompts/p.j2", key: path})
        for key in keys
        for n, path in enumerate(paths)
    }
    repository.commit(HONEST)
    repository.branch("work")
    repository.commit({CONFIGURATION: configuration(workflows)})
    outcome = review(repository)
    assert outcome.code == 2
    lines = outcome.errors.splitlines()
    assert len(lines) == len(workflows)
    for number, name in enumerate(workflows):
        assert (
            f"{CONFIGURATION}:{4 + number} (workflows.{name}.{name.partition('-')[0]}"
            in (lines[number])
        )
        assert lines[number].isprintable()


@pytest.mark.parametrize(
    "name", ["../../outside/i.j2", "/etc/hostname", "~/i.j2", "a/" * 3_000, "/dev/zero", "..", "\0"]
)
def test_an_include_that_leads_out_is_an_error_at_its_line(
    repository: Repository, name: str
) -> None:
    outside(repository)
    outcome = change(
        repository, HONEST, {"prompts/p.j2": f'text\n{{% include "{name}" %}}\n{{{{ a }}}}'}
    )
    assert outcome.code == 3
    assert SECRET not in said(outcome)
    (problem,) = outcome.workflow()["problems"]
    assert problem["place"]["file"] == "prompts/p.j2"
    assert problem["place"]["line"] == 2


NAMES = [
    "-rf.txt",
    "--output=x.txt",
    ":(glob)**.txt",
    ":!x.txt",
    "*.txt",
    "[a-z].txt",
    "::set-output name=verdict::pass.txt",
    "::error::x.txt",
    "%0A::error::x.txt",
    "${{ github.token }}.txt",
    "$(id).txt",
    "`id`;id|id&.txt",
    "[x](javascript:alert).txt",
    "![x](javascript:alert).txt",
    "<img src=x onerror=alert(1)>.txt",
    "<!-- reviewbot -->.txt",
    "</details>.txt",
    "@acme|#1|www.example.invalid.txt",
    "\u202etxt.exe.txt",
    "a\u200bb.txt",
    "\u2028.txt",
    "e\u0301.txt",
    "\u00e9.txt",
    "con.txt",
    "NUL.txt",
    "aux",
    "A.txt",
    "a.txt",
    " .txt",
    "x" * 251 + ".txt",
    "\u8a9e" * 83 + ".txt",
    "d/" * 300 + "x.txt",
    ".git.txt",
    "a.git/x.txt",
]


def test_prompts_with_any_name_are_measured_and_shown_inert(repository: Repository) -> None:
    prompts = [f"prompts/{name}" for name in NAMES]
    settings = configuration(
        {
            f"w{number}": workflow(f"{{path: {json.dumps(path)}, format: text}}")
            for number, path in enumerate(prompts)
        }
    )
    repository.commit({CONFIGURATION: settings, **dict.fromkeys(prompts, tokens(10))})
    repository.branch("work")
    repository.write({path: tokens(20 + number) for number, path in enumerate(prompts)})
    for head, arguments in HEADS.items():
        put(repository, head)
        outcome = review(repository, *arguments)
        assert outcome.code == 0
        found = {item["name"]: item for item in outcome.report["workflows"]}
        for number, path in enumerate(prompts):
            assert found[f"w{number}"]["files"] == [path]
            growth = (
                found[f"w{number}"]["after"]["max_input_tokens"]
                - found[f"w{number}"]["before"]["max_input_tokens"]
            )
            assert growth == 10 + number
    assert_inert(repository)


UNNAMEABLE = [
    "two\nlines",
    "tab\there",
    "\x1b[2J\x1b]0;owned\x07",
    "\x9b2J",
    "back\x08space",
    "carriage\rreturn",
    "caf\udce9",
    "\udcff\udcfe",
    "\u2066\u202e",
    "\n::error::owned",
    "\n# owned\n",
    "| a | b |",
    "'; rm -rf ~",
]


def test_samples_and_strays_with_names_that_no_configuration_could_hold(
    repository: Repository,
) -> None:
    """Globs find samples by any name, and a file beside the prompts belongs to no workflow."""
    repository.commit({**HONEST, **{f"samples/{name}.yaml": "a: b\n" for name in UNNAMEABLE}})
    repository.branch("work")
    repository.write({f"samples/{name}.yaml": f"a: {tokens(9)}\n" for name in UNNAMEABLE})
    repository.write({f"prompts/{name}.md": "stray" for name in UNNAMEABLE})
    repository.write({"prompts/p.j2": HONEST["prompts/p.j2"] + " more"})
    escaped = {
        f"samples/{name}.yaml".encode("utf-8", "backslashreplace").decode() for name in UNNAMEABLE
    }
    for head, arguments in HEADS.items():
        put(repository, head)
        outcome = review(repository, *arguments)
        found = outcome.workflow()
        assert found["proposed"]["max_input_tokens"] - found["after"]["max_input_tokens"] == 8
        assert escaped <= set(found["files"])
        assert len(outcome.report["unowned"]) == len(UNNAMEABLE)
        assert outcome.out.isascii()
    assert_inert(repository)


OUR_TAGS = {"<code>", "</code>", "<br>"}


def assert_inert(repository: Repository) -> None:
    """What people are shown is text only, line by line, for a terminal and for GitHub."""
    shown = review(repository, form="terminal").out
    assert all(line.isprintable() for line in shown.split("\n"))
    assert not any(line.lstrip().startswith("::") for line in shown.split("\n"))
    page = review(repository, form="markdown").out
    assert all(line.isprintable() for line in page.split("\n"))
    tree = MarkdownIt("commonmark").enable("table").parse(page)
    children = [child for token in tree for child in token.children or ()]
    kinds = {child.type.partition("_o")[0].partition("_c")[0] for child in children}
    assert kinds <= {"text", "text_special", "softbreak", "strong", "em", "html_inline"}
    assert {item.content for item in children if item.type == "html_inline"} <= OUR_TAGS
    ours = re.compile(r"reviewbot: [a-z -]+|[0-9A-Za-z ,-]+|[+-]?\$[0-9,.]+")
    starts = [at for at, item in enumerate(children, 1) if item.type in {"strong_open", "em_open"}]
    assert [c for at in starts if not ours.fullmatch(c := children[at].content)] == [], (
        "the template's own words"
    )
    assert not re.search(r"://|www\.|@|<img|<!--|owned\n", page.replace("&#64;", ""))


@pytest.mark.parametrize("head", ["commit", "index"])
def test_names_that_differ_in_capitals_or_accents_only_are_different_files(
    repository: Repository, head: str
) -> None:
    names = ["prompts/A.j2", "prompts/a.j2", "prompts/\u00e9.j2", "prompts/e\u0301.j2"]
    workflows = {f"w{n}": workflow(f'"{name}"') for n, name in enumerate(names)}
    repository.commit({CONFIGURATION: configuration(workflows), **dict.fromkeys(names, "x")})
    repository.branch("work")
    repository.write({name: tokens(10 * n + 10) for n, name in enumerate(names)})
    put(repository, head)
    outcome = review(repository, *HEADS[head])
    growth = [
        outcome.workflow(name)["after"]["max_input_tokens"]
        - outcome.workflow(name)["before"]["max_input_tokens"]
        for name in workflows
    ]
    assert growth == [9, 19, 29, 39]


def test_a_path_of_4_096_bytes_in_a_commit(tmp_path: Path) -> None:
    path = "d/" * 2_045 + "xy.txt"
    assert len(path) == 4_096
    settings = configuration({"w": workflow(f'"{path}"')})
    repository = changed(
        tmp_path / "repository",
        [file(CONFIGURATION, settings.encode()), file(path, b"x")],
        [file(path, tokens(20).encode())],
    )
    outcome = review(repository)
    assert outcome.code == 0
    assert outcome.workflow()["files"] == [path]
    assert review(repository, form="terminal").code == 0


def test_a_tree_with_names_that_no_file_system_would_take(tmp_path: Path) -> None:
    """`git mktree` writes what a hostile client could push to a server that does not look."""
    repository = changed(tmp_path / "repository")
    secret = tmp_path / "p.txt"
    secret.write_text(SECRET)
    blob = repository.git("rev-parse", "work:" + PROMPT)
    inner = f"100644 blob {blob}\tp.txt\n"
    tree = inner
    for name in ("..", ".git", "."):
        folder = repository.piped("mktree", given=tree.encode())
        tree = repository.git("ls-tree", "work") + f"\n040000 tree {folder}\t{name}\n"
        head = repository.piped("mktree", given=tree.encode())
        commit = repository.git("commit-tree", head, "-p", "main", "-m", "x")
        repository.git("update-ref", "refs/heads/work", commit)
        outcome = review(repository)
        assert outcome.code == 0
        assert SECRET not in said(outcome)
        tree = inner
