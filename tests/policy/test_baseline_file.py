"""The file of a baseline: the command that writes it, and what is refused when it is read."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reviewbot.cli import main
from reviewbot.errors import MeasurementError
from reviewbot.policy.baseline import (
    Baseline,
    Pinned,
    PinnedSample,
    baseline_schema,
    in_order,
    read_baseline,
    render_baseline,
)
from tests.support.pinning import FILE, PINNED, command, edited, pinned, prompt, settings, text
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    PROMPT,
    configuration,
    review,
    workflow,
)


def test_the_command_gives_the_same_bytes(repository: Repository) -> None:
    commit = pinned(
        repository,
        names="b a",
        samples="[{name: y, variables: {}}, {name: x, weight: 2.50, variables: {}}]",
    )
    first = text(repository)
    read = read_baseline(first, file=FILE)
    assert read.commit == commit
    assert list(read.workflows) == ["a", "b"]
    assert [(item.name, str(item.weight)) for item in read.workflows["a"].samples] == [
        ("x", "2.5"),
        ("y", "1"),
    ]
    assert command(repository, "--output", "-", "--head", commit).out == first
    assert command(repository, "--output", "-").errors == "2 workflows unchanged\n"
    assert first.isascii()


def test_the_command_measures_the_work_tree_and_the_index(repository: Repository) -> None:
    pinned(repository)
    repository.write({PROMPT: prompt(1200)})
    repository.git("add", "--all")
    repository.write({PROMPT: prompt(1300)})
    sizes = [
        read_baseline(command(repository, "--output", "-", *options).out, file=FILE)
        .workflows["w"]
        .mean_input_tokens
        for options in ([], ["--staged"], ["--worktree"])
    ]
    assert sizes == [1000, 1200, 1300]


def test_the_command_writes_elsewhere(repository: Repository, tmp_path: Path) -> None:
    repository.commit({PROMPT: prompt(1000), CONFIGURATION: settings("")})
    without = command(repository)
    assert without.code == 2
    assert "names no `baseline`" in without.errors
    place = tmp_path / "elsewhere" / "b.json"
    assert command(repository, "--output", str(place)).code == 0
    assert read_baseline(place.read_text(), file="b.json").workflows.keys() == {"w"}
    assert [item.name for item in place.parent.iterdir()] == ["b.json"]


def test_the_command_says_what_is_removed(repository: Repository) -> None:
    pinned(repository, names="v w")
    repository.commit({CONFIGURATION: settings()})
    assert command(repository).out.startswith("v: removed\n1 workflow unchanged\n")


def test_the_command_writes_nothing_where_something_is_unmeasured(repository: Repository) -> None:
    pinned(repository)
    before = text(repository)
    workflows = {"w": workflow(), "v": workflow("p.j2"), "u": workflow(model="openai/unknown-1")}
    broken = configuration(workflows, baseline=FILE)
    repository.commit({CONFIGURATION: broken, "p.j2": "{{ a"})
    outcome = command(repository)
    assert outcome.code == 3
    assert "p.j2" in outcome.errors
    assert "unknown-1" in outcome.errors
    assert text(repository) == before


@pytest.mark.parametrize("is_folder", [True, False])
def test_the_command_follows_no_link(
    repository: Repository, tmp_path: Path, *, is_folder: bool
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "b.json").write_text("mine")
    repository.commit({PROMPT: prompt(1000), CONFIGURATION: settings("metrics/b.json")})
    if is_folder:
        (repository.path / "metrics").symlink_to(outside)
    else:
        (repository.path / "metrics").mkdir()
        (repository.path / "metrics/b.json").symlink_to(outside / "b.json")
    outcome = command(repository)
    assert outcome.code == 2
    assert "symbolic link" in outcome.errors
    assert [item.read_text() for item in outside.iterdir()] == ["mine"]


def test_the_command_writes_nothing_into_a_bare_repository(
    repository: Repository, tmp_path: Path
) -> None:
    pinned(repository)
    bare = Repository(tmp_path / "bare")
    repository.git("clone", "--quiet", "--bare", str(repository.path), str(bare.path))
    outcome = command(bare)
    assert outcome.code == 2
    assert "no work tree" in outcome.errors
    assert command(bare, "--output", "-").code == 0


def test_what_the_command_says_hides_nothing(repository: Repository) -> None:
    model = "openai/gpt-4o\N{RIGHT-TO-LEFT OVERRIDE}"
    pinned(repository)
    repository.commit({FILE: edited(repository, model=model)})
    assert "\\u202e" in command(repository).out


def test_the_command_replaces_files_only(repository: Repository, tmp_path: Path) -> None:
    repository.commit({PROMPT: prompt(1000), CONFIGURATION: settings()})
    for place in ("/dev/null", str(tmp_path), f"{CONFIGURATION}/b.json"):
        target = place if place.startswith("/") else str(repository.path / place)
        outcome = command(repository, "--output", target)
        assert outcome.code == 2, place
        assert "--output" in outcome.errors


OTHERS = {"README.md": "# Title\n", "data.json": '{"a": 1}\n', "p.py": "A = 1\n"}


@pytest.mark.parametrize("path", [*OTHERS, PROMPT, CONFIGURATION, "report.json"])
@pytest.mark.parametrize("named", ["configured", "option", "configured and deleted"])
def test_the_command_replaces_baselines_only(repository: Repository, path: str, named: str) -> None:
    repository.commit({PROMPT: prompt(1000), CONFIGURATION: settings(), **OTHERS})
    repository.commit({"report.json": review(repository).out})
    if path == CONFIGURATION and named != "option":
        return
    if named != "option":
        repository.commit({CONFIGURATION: settings(path)})
    if named == "configured and deleted" and path != PROMPT:
        repository.write({path: None})
    was = repository.git("show", f"HEAD:{path}")
    options = ["--output", str(repository.path / path)] if named == "option" else []
    outcome = command(repository, *options)
    assert outcome.code == 2, outcome.out
    assert "this command did not write it" in outcome.errors
    place = repository.path / path
    assert not place.exists() or place.read_text().strip() == was


@pytest.mark.parametrize(
    "there", ["", "older", "in conflict"], ids=["empty", "of another version", "in conflict"]
)
def test_the_command_replaces_a_baseline_that_cannot_be_read(
    repository: Repository, there: str
) -> None:
    pinned(repository)
    whole = text(repository)
    place = repository.path / FILE
    place.write_text(
        {
            "": "",
            "older": whole.replace('"schema_version": 1', '"schema_version": 0'),
            "in conflict": f"<<<<<<< HEAD\n{whole}=======\n{whole}>>>>>>> other\n",
        }[there]
    )
    outcome = command(repository, "--head", "HEAD")
    assert outcome.code == 0, outcome.errors
    was = read_baseline(whole, file=FILE)
    assert read_baseline(text(repository), file=FILE).workflows == was.workflows


@pytest.mark.parametrize(
    "path", [".git/b.json", ".git/hooks/pre-commit", ".GIT/b.json", "sub/.git/b.json", ".git"]
)
def test_nothing_is_written_into_gits_folder(repository: Repository, path: str) -> None:
    repository.commit({PROMPT: prompt(1000), CONFIGURATION: settings()})
    outcome = command(repository, "--output", str(repository.path / path))
    assert outcome.code == 2
    assert "lies in git's own folder" in outcome.errors
    assert not (repository.path / ".git/b.json").exists()


def test_nothing_is_written_into_gits_folder_by_another_way(
    repository: Repository, tmp_path: Path
) -> None:
    repository.commit({PROMPT: prompt(1000), CONFIGURATION: settings()})
    (repository.path / "link").symlink_to(".git")
    repository.git("clone", "--quiet", "--bare", str(repository.path), str(tmp_path / "bare"))
    for place in (repository.path / "link/b.json", tmp_path / "bare/hooks/b.json"):
        outcome = command(repository, "--output", str(place))
        assert outcome.code == 2, place
        assert "lies in git's own folder" in outcome.errors
        assert not place.exists()


WRONG: list[tuple[Any, str]] = [
    (("schema_version", 2), "Invalid enum value 2"),
    (("schema_version", "1"), "Expected `int`, got `str`"),
    (("extra", 1), "Object contains unknown field `extra`"),
    (("extra" * 999, 1), "Object contains unknown field `extraextra"),
    (("commit", "main"), "Expected `str` matching regex '^[0-9a-f]{40}"),
    (("commit", "a" * 40 + "\n"), "Expected `str` matching regex '^[0-9a-f]{40}"),
    (("commit", None), "Expected `str`, got `null`"),
    (("reviewbot_version", 1), "Expected `str`, got `int`"),
    (("workflows", []), "Expected `object`, got `array`"),
    (("\ud800", 1), "half a surrogate pair is no text"),
    (("workflows", {"w": {}}), "Object missing required field `model`"),
    (("workflows", {"\n": {}}), "Object missing required field `model`"),
    (("model", 4), "Expected `str`, got `int`"),
    (("encoding", 4), "Expected `str | null`, got `int`"),
    (("max_tokens", -1), "Expected `int` >= 0"),
    (("max_tokens", 10**19), "Expected `int` <= 1000000000000000000"),
    (("max_tokens", 1.5), "Expected `int | null`, got `float`"),
    (("max_tokens", True), "Expected `int | null`, got `bool`"),
    (("prefix_tokens", None), "Expected `int`, got `null`"),
    (("samples", []), "Expected `array` of length >= 1"),
    (("samples", {}), "Expected `array`, got `object`"),
    (("samples", [{"name": "a", "weight": "0", "input_tokens": 1}]), "no number above zero"),
    (("samples", [{"name": "a", "weight": "NaN", "input_tokens": 1}]), "no number above zero"),
    (("samples", [{"name": "a", "weight": "1e99", "input_tokens": 1}]), "no number above zero"),
    (("samples", [{"name": "a", "weight": "1", "input_tokens": "1"}]), "Expected `int`, got"),
]


@pytest.mark.parametrize(("change", "message"), WRONG)
def test_wrong_files_are_refused_by_name(change: tuple[str, Any], message: str) -> None:
    good = Baseline(file=FILE, commit="0" * 40, reviewbot_version="1", workflows={"w": PINNED})
    data = json.loads(render_baseline(good))
    key, value = change
    (data["workflows"]["w"] if key in data["workflows"]["w"] else data)[key] = value
    with pytest.raises(MeasurementError, match=r".+") as caught:
        read_baseline(json.dumps(data, indent=1), file=FILE)
    problem = caught.value.problems[0]
    assert message in problem.what
    assert len(problem.what) < 250
    assert problem.mend == "write it anew: `reviewbot baseline`"
    assert problem.place is not None
    assert problem.place.file == FILE
    assert problem.place.line is not None
    assert key in str(problem.place.key) or key not in data["workflows"].get("w", {})


def test_wrong_workflows_are_all_named_at_their_lines() -> None:
    flows = {"a b": PINNED, "v": PINNED, "w": PINNED}
    good = Baseline(file=FILE, commit="0" * 40, reviewbot_version="1", workflows=flows)
    data = json.loads(render_baseline(good))
    data["workflows"]["a b"]["samples"][0]["input_tokens"] = -1
    data["workflows"]["w"]["model"] = 4
    with pytest.raises(MeasurementError) as caught:
        read_baseline(json.dumps(data, indent=1), file=FILE)
    places = [str(problem.place) for problem in caught.value.problems]
    assert places == [
        f"{FILE}:14 (workflows.'a b'.samples[0].input_tokens)",
        f"{FILE}:38 (workflows.w.model)",
    ]


@pytest.mark.parametrize("name", ["", "\n", "w\n", "a" * 101, "-", "<b>"])
def test_a_workflow_without_a_possible_name_is_refused(name: str) -> None:
    good = Baseline(file=FILE, commit="0" * 40, reviewbot_version="1", workflows={"w": PINNED})
    data = json.loads(render_baseline(good))
    data["workflows"] = {name: data["workflows"]["w"]}
    with pytest.raises(MeasurementError, match="matching regex"):
        read_baseline(json.dumps(data), file=FILE)


def test_a_key_that_stands_twice_is_refused() -> None:
    doubled = '{"commit": "a",\n"commit": "b"}'
    with pytest.raises(MeasurementError, match=f"{FILE}:2: the key 'commit' stands in line 1"):
        read_baseline(doubled, file=FILE)


PINS = st.builds(
    Pinned,
    model=st.text(max_size=20),
    encoding=st.none() | st.just("o200k_base"),
    max_tokens=st.none() | st.integers(0, 10**9),
    prefix_tokens=st.integers(0, 10**9),
    samples=st.lists(
        st.builds(
            PinnedSample,
            name=st.text(max_size=20),
            weight=st.decimals("0.001", 10**6, places=3),
            input_tokens=st.integers(0, 10**9),
        ),
        min_size=1,
        max_size=4,
    ).map(lambda items: in_order(tuple(items))),
)


@given(st.dictionaries(st.from_regex(r"[a-z][a-z ./]{0,9}", fullmatch=True), PINS, max_size=3))
def test_a_file_read_back_says_the_same(workflows: dict[str, Pinned]) -> None:
    written = Baseline(file=FILE, commit="a" * 64, reviewbot_version="1", workflows=workflows)
    rendered = render_baseline(written)
    read = read_baseline(rendered, file=FILE)
    assert replace(read, lines={}) == written
    assert render_baseline(read) == rendered
    lines = rendered.splitlines()
    assert all(lines[line - 1].startswith(f'    "{name}": {{') for name, line in read.lines.items())
    jsonschema.Draft202012Validator(baseline_schema()).validate(json.loads(rendered))


def test_the_schema_is_published(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "baseline"]) == 0
    schema = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["title"] == "reviewbot baseline"
