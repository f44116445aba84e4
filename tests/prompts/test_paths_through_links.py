"""Includes and imports whose way leads through a linked folder or a submodule are named errors.

The application follows such a path; a review that took the text for absent would count too little.
"""

from pathlib import Path

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, review, tokens, workflow

LINKED = "the path is, or goes through, a symbolic link, which is never followed"
IN_SUBMODULE = "the path lies in a submodule, whose files are not part of this repository"

INCLUDES = {
    "jinja include": ("p.j2", '{% include "link/long.txt" %}'),
    "jinja include of a list": ("p.j2", "{% include ['link/long.txt', 'short.txt'] %}"),
    "jinja include that may be missing": ("p.j2", '{% include "link/long.txt" ignore missing %}'),
    "jinja extends": ("p.j2", '{% extends "link/long.txt" %}'),
    "jinja import": ("p.j2", '{% import "link/long.txt" as x %}'),
    "handlebars partial": ("p.hbs", "{{> link/long.txt}}"),
    "handlebars partial with a fallback": ("p.hbs", "{{#> link/long.txt}}x{{/link/long.txt}}"),
    "mustache partial": ("p.mustache", "{{> link/long.txt}}"),
    "CLAUDE.md": ("CLAUDE.md", "Read @link/long.txt\n"),
    "GEMINI.md": ("GEMINI.md", "Read @./link/long.txt\n"),
    "claude command": (".claude/commands/c.md", "Read @link/long.txt\n"),
    "cursor rule": (".cursor/rules/r.mdc", "---\nalwaysApply: true\n---\nRead @link/long.txt\n"),
    "copilot prompt": (".github/prompts/c.prompt.md", "Read #file:link/long.txt\n"),
    "gemini command": (".gemini/commands/c.toml", 'prompt = "Read @{link/long.txt}"\n'),
    "promptfoo": ("promptfooconfig.yaml", "prompts: file://link/long.txt\n"),
    "langchain": (
        "langchain.json",
        '{"_type": "prompt", "input_variables": [], "template_path": "link/long.txt"}',
    ),
}


def _prompt(path: str) -> str:
    return f"{{path: {path}, format: langchain}}" if path == "langchain.json" else path


def link(repository: Repository, name: str = "link", target: str = "data") -> None:
    place = repository.path / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target, target_is_directory=True)


EVERY_HEAD = ("jinja include", "CLAUDE.md")
CASES = [(name, head) for name in EVERY_HEAD for head in ("index", "work tree")]
CASES += [(name, "commit") for name in INCLUDES]


@pytest.mark.parametrize(("name", "head"), CASES)
def test_a_linked_folder_on_the_way(repository: Repository, name: str, head: str) -> None:
    path, text = INCLUDES[name]
    repository.commit(
        {
            CONFIGURATION: configuration({"w": workflow(_prompt(path))}),
            path: text.replace("link/long.txt", "data/long.txt"),
            "data/long.txt": tokens(500),
            "short.txt": "short",
        }
    )
    repository.branch("work")
    link(repository)
    repository.write({path: text})
    options = {"commit": (), "index": ("--staged",), "work tree": ("--worktree",)}[head]
    if head != "work tree":
        repository.git("add", "--all")
    if head == "commit":
        repository.git("commit", "--quiet", "--message", "head")
    outcome = review(repository, *options)
    assert outcome.code == 3, outcome.out
    assert LINKED in outcome.out


@pytest.mark.parametrize(
    "text",
    [
        '{% include "sub/link/long.txt" %}',
        '{% include "link/../long.txt" %}',
        '{% include "./link/./long.txt" %}',
        '{% include "chain/long.txt" %}',
        '{% include "broken/long.txt" %}',
    ],
)
def test_other_ways_through_a_link(repository: Repository, text: str) -> None:
    repository.commit(
        {
            CONFIGURATION: configuration({"w": workflow("p.j2")}),
            "p.j2": "Hi",
            "data/deep/long.txt": tokens(500),
            "long.txt": "short",
        }
    )
    repository.branch("work")
    link(repository, "link", "data/deep")
    link(repository, "chain", "link")
    link(repository, "broken", "nowhere")
    link(repository, "sub/link", "../data/deep")
    repository.commit({"p.j2": text})
    outcome = review(repository)
    assert outcome.code == 3, outcome.out
    assert LINKED in outcome.out


@pytest.mark.parametrize("options", [(), ("--staged",), ("--worktree",)])
def test_a_link_that_git_wrote_as_a_file(repository: Repository, options: tuple[str, ...]) -> None:
    """So a checkout without links (`core.symlinks` off) has it, and so it is committed again."""
    repository.commit(
        {
            CONFIGURATION: configuration({"w": workflow("CLAUDE.md"), "v": workflow("p.j2")}),
            "CLAUDE.md": "Hi",
            "p.j2": "Hi",
            "data/long.txt": tokens(500),
            "notes.txt": "data",
        }
    )
    repository.branch("work")
    repository.write({"link": "data", "CLAUDE.md": "Read @link/long.txt and @p.j2/x\n"})
    repository.write({"p.j2": "{% include 'link/long.txt' ignore missing %}"})
    repository.git("add", "--all")
    if not options:
        repository.git("commit", "--quiet", "--message", "head")
    outcome = review(repository, *options)
    assert outcome.code == 3, outcome.out
    assert outcome.out.count(LINKED) >= 2
    assert "p.j2/x" not in outcome.out


def test_a_link_nearer_than_the_file_is_not_stepped_over(repository: Repository) -> None:
    repository.commit(
        {
            CONFIGURATION: configuration({"w": workflow("a/p.j2")}),
            "a/p.j2": '{% include "parts/x.j2" %}',
            "parts/x.j2": "short",
            "data/x.j2": tokens(500),
        }
    )
    repository.branch("work")
    link(repository, "a/parts", "../data")
    repository.commit({})
    outcome = review(repository)
    assert outcome.code == 3, outcome.out
    assert LINKED in outcome.out


def test_what_grows_behind_a_link_concerns_its_workflow(repository: Repository) -> None:
    link(repository)
    outcome = change(
        repository,
        {
            CONFIGURATION: configuration({"w": workflow("CLAUDE.md")}),
            "CLAUDE.md": "Read @link/long.txt\n",
            "data/long.txt": "short",
        },
        {"data/long.txt": tokens(5000)},
    )
    assert outcome.code == 3, outcome.out
    assert LINKED in outcome.out


def test_samples_behind_a_link(repository: Repository) -> None:
    link(repository)
    outcome = change(
        repository,
        {
            CONFIGURATION: configuration({"w": workflow("p.j2")}),
            "p.j2": "Hi {{ a }}",
            "data/s.yaml": "a: b\n",
        },
        {CONFIGURATION: configuration({"w": workflow("p.j2", samples="link/*.yaml")})},
    )
    assert outcome.code == 2
    assert LINKED in outcome.errors


@pytest.fixture
def with_submodule(repository: Repository, tmp_path: Path) -> Repository:
    other = Repository.create(tmp_path / "other")
    other.commit({"long.txt": "short"})
    repository.commit(
        {
            CONFIGURATION: configuration(
                {"w": workflow("CLAUDE.md"), "j": workflow("p.j2"), "o": workflow("o.txt")}
            ),
            "CLAUDE.md": "Read @sub/long.txt\n",
            "p.j2": '{% include "sub/long.txt" %}',
            "o.txt": "Hi",
        }
    )
    repository.git("submodule", "--quiet", "add", str(other.path), "sub")
    repository.commit({})
    repository.branch("work")
    other.commit({"long.txt": tokens(5000)})
    return repository


@pytest.mark.parametrize("options", [(), ("--staged",), ("--worktree",)])
def test_a_bump_of_a_submodule_is_a_change(
    with_submodule: Repository, options: tuple[str, ...]
) -> None:
    with_submodule.git("-C", "sub", "pull", "--quiet", "origin", "main")
    with_submodule.git("add", "--all")
    if not options:
        with_submodule.git("commit", "--quiet", "--message", "bump")
    outcome = review(with_submodule, *options)
    assert outcome.code == 3, outcome.out
    names = {item["name"] for item in outcome.report["workflows"]}
    assert names == {"w", "j"}
    assert outcome.out.count(IN_SUBMODULE) >= 2


def test_another_change_beside_a_submodule_concerns_no_import(with_submodule: Repository) -> None:
    with_submodule.commit({"notes.md": "text"})
    names = {item["name"] for item in review(with_submodule).report["workflows"]}
    assert "w" not in names
    assert "o" not in names


@pytest.mark.parametrize("target", ["shared/long.txt", "nowhere.txt"])
def test_a_prompt_that_became_a_link_passes_once_its_file_is_named(
    repository: Repository, target: str
) -> None:
    before, after = (
        configuration({"w": workflow(f"prompts/{name}.txt")}) for name in ("p", "other")
    )
    text = "Sort the parcels by weight, size and name.\n" * 9
    repository.commit({CONFIGURATION: before, "prompts/p.txt": text})
    repository.branch("work")
    (repository.path / "prompts/p.txt").unlink()
    link(repository, "prompts/p.txt", f"../{target}")
    repository.commit({"prompts/other.txt": text})
    assert (LINKED in review(repository).out, review(repository).code) == (True, 3)
    repository.commit({CONFIGURATION: after})
    mended = review(repository)
    assert (mended.code, mended.errors, LINKED in mended.out) == (0, "", False)
