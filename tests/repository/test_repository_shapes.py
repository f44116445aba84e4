"""Repositories of unusual shapes, small; `bench/repository_shapes.py` builds them full size."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from reviewbot.errors import RevisionError
from reviewbot.prompts import includes as texts
from reviewbot.repository import git_tree, globs, reading_limits
from reviewbot.repository.git import SECONDS_LIMIT
from reviewbot.repository.revisions import compare
from tests.support import shapes
from tests.support.repetitions import examples
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    PROMPT,
    Outcome,
    configuration,
    review,
    tokens,
    workflow,
)
from tests.support.shapes import LONG, SETTINGS, SHORT, changed, file, zeros

LARGE = "prompts/large.txt"
USD_A_MONTH = "0.05"
"""Twenty tokens more in a thousand calls at $2.50 a million."""


def assert_measured(outcome: Outcome) -> None:
    assert outcome.code == 0
    assert outcome.workflow()["change_usd_per_month"] == USD_A_MONTH


def measured(repository: Repository) -> tuple[float, float, Outcome]:
    """A review in a process of its own: its peak memory in MB, that of its largest child, and what
    it said.

    `ru_maxrss` of the process itself would begin with what the tests' own process holds.
    """
    program = (
        "import re, resource, sys; from reviewbot.cli import main; code = main(sys.argv[1:]);"
        "own = re.search('VmHWM:\\s*(.*) kB', open('/proc/self/status').read())[1];"
        "children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss;"
        "print(own, children, file=sys.stderr); sys.exit(code)"
    )
    arguments = ["check", "--repo", str(repository.path), "--format", "json"]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    own, children = (int(kib) * 1024 / 1e6 for kib in done.stderr.split()[-2:])
    return own, children, Outcome(code=done.returncode, out=done.stdout, errors=done.stderr)


def test_many_files(tmp_path: Path) -> None:
    assert_measured(review(shapes.many_files(tmp_path / "r", 10_000)))


def test_many_files_in_one_folder(tmp_path: Path) -> None:
    assert_measured(review(shapes.many_files(tmp_path / "r", 5_000, folders=1)))


def test_a_large_blob_is_never_read_beside_the_prompts_and_named_as_one(tmp_path: Path) -> None:
    """It is moved and altered too, so that git might look whether it was renamed."""
    size = 100 * 2**20
    repository = changed(
        tmp_path / "r",
        [
            file(
                CONFIGURATION, configuration({"w": workflow(), "large": workflow(LARGE)}).encode()
            ),
            file(LARGE, SHORT.encode()),
            *zeros("prompts/model.txt", size),
        ],
        [
            b"D prompts/model.txt\n",
            *zeros("prompts/moved.txt", size + 1),
            f"C prompts/moved.txt {LARGE}\n".encode(),
        ],
    )
    own, largest_child, outcome = measured(repository)
    assert own < 200
    assert largest_child < 100, "it would not fit"
    assert "prompts/moved.txt" in {item["path"] for item in outcome.report["unowned"]}
    assert outcome.code == 3
    assert outcome.workflow()["change_usd_per_month"] == USD_A_MONTH
    (problem,) = outcome.workflow("large")["problems"]
    assert problem["what"].startswith("the file has 104,857,601 bytes")
    assert problem["place"]["file"] == LARGE


def test_moved_files_too_large_to_compare_are_not_compared(tmp_path: Path) -> None:
    repository = shapes.many_renames(tmp_path / "r", 40, size=2_000_000)
    began = time.monotonic()
    assert_measured(review(repository))
    assert time.monotonic() - began < 5


def test_a_moved_and_altered_file_is_still_found_beside_many_small_changes(
    repository: Repository,
) -> None:
    text = "\n".join(f"line {number}" for number in range(40))
    repository.commit({"a.txt": text, CONFIGURATION: SETTINGS, PROMPT: text})
    repository.branch("work")
    repository.commit({PROMPT: None, "prompts/moved.txt": text + "\nmore"})
    outcome = review(repository)
    assert outcome.code == 1
    assert f"moved: {PROMPT} is prompts/moved.txt now" in outcome.out


@pytest.mark.parametrize("head", ["--staged", "--worktree"])
def test_a_file_moved_and_not_committed_is_found_too(repository: Repository, head: str) -> None:
    text = "\n".join(f"line {number}" for number in range(40))
    repository.commit({CONFIGURATION: SETTINGS, PROMPT: text})
    repository.git("mv", PROMPT, "prompts/moved.txt")
    outcome = review(repository, head)
    assert outcome.code == 1
    assert f"moved: {PROMPT} is prompts/moved.txt now" in outcome.out


def test_no_filter_of_the_users_git_runs_over_moved_files(
    repository: Repository, tmp_path: Path
) -> None:
    """`.gitattributes` comes with a change; what it names may be set up in the user's git."""
    trace = tmp_path / "ran"
    repository.git("config", "filter.x.clean", f"touch {trace}; cat")
    repository.commit({CONFIGURATION: SETTINGS, PROMPT: SHORT, "old.txt": LONG})
    repository.write({".gitattributes": "*.txt filter=x\n"})
    repository.git("mv", "old.txt", "new.txt")
    repository.write({"new.txt": LONG + " more", PROMPT: LONG})
    trace.unlink(missing_ok=True)
    assert review(repository, "--worktree").code == 0
    assert not trace.exists()


def test_many_changed_files(tmp_path: Path) -> None:
    assert_measured(review(shapes.many_changes(tmp_path / "r", 10_000)))


def test_many_moved_files(tmp_path: Path) -> None:
    assert_measured(review(shapes.many_renames(tmp_path / "r", 2_000)))


def test_includes_from_deep_folders_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "LOOKUPS_LIMIT", examples(examples(texts.LOOKUPS_LIMIT)))
    repository = shapes.deep_folders(tmp_path / "r", 1_000, 1_000)
    began = time.monotonic()
    outcome = review(repository)
    assert time.monotonic() - began < 60
    assert outcome.workflow()["verdict"] == "pass"
    (problem,) = outcome.workflow("deep")["problems"]
    assert problem["what"] == (
        f"up to this file includes are looked for in more than {texts.LOOKUPS_LIMIT:,} places"
    )
    assert problem["place"]["file"].endswith("/d/p.j2")


def test_a_prompt_in_deep_folders_is_measured(tmp_path: Path) -> None:
    outcome = review(shapes.deep_folders(tmp_path / "r", 1_000, 0))
    assert outcome.code == 0
    assert outcome.workflow("deep")["change_usd_per_month"] == USD_A_MONTH


def test_many_samples_by_one_pattern(tmp_path: Path) -> None:
    outcome = review(shapes.many_samples(tmp_path / "r", 3_000))
    assert outcome.code == 0
    found = outcome.workflow("sampled")
    assert found["after"]["max_input_tokens"] == found["before"]["max_input_tokens"] + 2


def test_a_pattern_over_deep_folders_is_bounded_at_its_line(tmp_path: Path) -> None:
    repository = shapes.many_patterns(
        tmp_path / "r", 5_000, ["**/a/" * 100 + "**/*.yaml"], depth=300
    )
    began = time.monotonic()
    outcome = review(repository)
    assert time.monotonic() - began < 10
    assert outcome.code == 2
    assert f"{CONFIGURATION}:5 (workflows.w0.samples)" in outcome.errors
    assert "the sample patterns take more than 4,000,000 steps" in outcome.errors


def test_many_patterns_over_many_files_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(globs, "STEPS_LIMIT", 400_000)
    patterns = [f"**/a/**/*-{n}.yaml" for n in range(1_000)]
    outcome = review(shapes.many_patterns(tmp_path / "r", 2_000, patterns))
    assert outcome.code == 2
    assert re.search(
        r"samples\): up to '\*\*/a/\*\*/\*-\d+.yaml' the sample patterns take more", outcome.errors
    )


@pytest.mark.parametrize("key", ["prompts", "ignore"])
def test_patterns_of_coverage_are_bounded(
    tmp_path: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(globs, "STEPS_LIMIT", 400_000)
    patterns = ", ".join(f'"**/a/**/*{n}"' for n in range(2_000))
    settings = configuration({"w": workflow()}, coverage=f"{{{key}: [{patterns}]}}")
    repository = changed(
        tmp_path / "r",
        [
            file(CONFIGURATION, settings.encode()),
            *(file(f"a/a/a/a/{n}", b"") for n in range(2_000)),
        ],
    )
    outcome = review(repository)
    assert outcome.code == 2
    assert "(coverage): the patterns of `coverage` take more than" in outcome.errors


@pytest.mark.parametrize(("is_new", "workflows"), [(False, 500), (True, examples(examples(500)))])
def test_many_workflows_and_many_moved_files(
    tmp_path: Path,
    is_new: bool,  # noqa: FBT001 - a case
    workflows: int,
) -> None:
    repository = shapes.many_workflows(tmp_path / "r", workflows, 2_000, is_new=is_new)
    began = time.monotonic()
    outcome = review(repository)
    assert time.monotonic() - began < 20
    assert outcome.code == 0
    assert len(outcome.report["workflows"]) == workflows
    last = outcome.workflow(f"w{workflows - 1}")
    assert last["change_usd_per_month"] == USD_A_MONTH


def test_many_branches_and_tags(tmp_path: Path) -> None:
    assert_measured(review(shapes.many_references(tmp_path / "r", 5_000)))


@pytest.mark.parametrize("kind", ["prompts", "samples"])
def test_all_files_together_are_bounded(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_limits, "ALL_BYTES_LIMIT", 1_000_000)
    build = shapes.large_prompts if kind == "prompts" else shapes.large_samples
    outcome = review(build(tmp_path / "r", 12, 100_000))
    assert outcome.code == 3
    assert outcome.workflow()["change_usd_per_month"] == USD_A_MONTH
    problems = [problem for item in outcome.report["workflows"] for problem in item["problems"]]
    what = "with this file there are more than 1,000,000 bytes to read"
    assert [problem["what"] for problem in problems] == [what] * 3
    assert {problem["place"]["file"].partition("/")[0] for problem in problems} == {kind}


def test_a_content_that_many_files_have_is_read_once(repository: Repository) -> None:
    """Twenty times four megabytes are more than the limit; once four are not."""
    text = "a b\n" * 1_000_000
    names = [f"samples/s{n}.txt" for n in range(20)]
    repository.commit(dict.fromkeys(names, text))
    with repository.edge.objects() as objects:
        listing = repository.edge.run(*git_tree.LIST_COMMIT, "HEAD")
        found = git_tree.committed_tree(lambda: listing, objects).read(names)
    assert set(found.values()) == {text.encode()}


@pytest.mark.parametrize(
    ("has_files", "said"),
    [
        (True, "`git ls-tree` printed more than 67,108,864 bytes"),
        (False, "`git ls-tree` took longer than 1 seconds"),
    ],
)
def test_a_tree_that_names_billions_of_files_is_an_error(
    tmp_path: Path,
    has_files: bool,  # noqa: FBT001 - a case
    said: str,
) -> None:
    repository = shapes.tree_bomb(tmp_path / "r", 10, 10, has_files=has_files)
    git = replace(repository.edge, seconds=SECONDS_LIMIT if has_files else 1.0)
    with pytest.raises(RevisionError) as caught, compare(git, base="main", head="work"):
        pass
    (problem,) = caught.value.problems
    assert problem.what == f"{said} and was stopped"
    assert problem.mend.startswith("look for a commit that adds very many files")


def test_grafts_are_not_followed(repository: Repository) -> None:
    """As with replaced objects, what the ids say is reviewed."""
    first = repository.commit({CONFIGURATION: SETTINGS, PROMPT: tokens(1)})
    repository.commit({PROMPT: SHORT})
    repository.branch("work")
    work = repository.commit({PROMPT: LONG})
    place = repository.path / ".git" / "info" / "grafts"
    place.parent.mkdir(exist_ok=True)
    place.write_text(f"{work} {first}\n")
    assert_measured(review(repository))


@pytest.mark.parametrize("kind", ["blob", "tree"])
def test_a_corrupt_object_is_an_error_of_git(repository: Repository, kind: str) -> None:
    repository.commit({CONFIGURATION: SETTINGS, PROMPT: SHORT})
    repository.branch("work")
    repository.commit({PROMPT: LONG})
    name = f"HEAD:{PROMPT}" if kind == "blob" else "HEAD:prompts"
    object_id = repository.git("rev-parse", name)
    place = repository.path / ".git" / "objects" / object_id[:2] / object_id[2:]
    place.chmod(0o644)
    data = bytearray(place.read_bytes())
    data[len(data) // 2] ^= 0xFF
    place.write_bytes(bytes(data))
    outcome = review(repository)
    assert outcome.code == 3
    shown = outcome.errors or json.dumps(outcome.workflow()["problems"])
    assert "git" in shown
    assert "Traceback" not in shown
