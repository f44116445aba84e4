"""The documentation says what the program does; each test holds one of the two to the other."""

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
import yaml

from reviewbot.cli import main
from reviewbot.configuration.reading import configuration_schema, read_configuration
from reviewbot.exit_codes import ExitCode
from reviewbot.report import Verdict
from tests.support.places import ROOT

MANUAL = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINKED = [*MANUAL, *(ROOT / f"{name}.md" for name in ("CONTRIBUTING", "CHANGELOG", "SECURITY"))]
CONFIGURATIONS = [
    pytest.param(block, id=f"{path.name}-{index}")
    for path in MANUAL
    for index, block in enumerate(
        re.findall(r"^```yaml\n(.*?)^```$", path.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    )
    if block.startswith("version:")
]


def rows(path: Path, first: str) -> list[list[str]]:
    """The cells of the table whose first heading is `first`."""
    text = path.read_text("utf-8")
    (table,) = re.findall(
        rf"^\| {re.escape(first)} \|.*\n\| --- .*\n((?:\|.*\n)+)", text, re.MULTILINE
    )
    return [[cell.strip() for cell in row.strip("| ").split(" | ")] for row in table.splitlines()]


def anchors(path: Path) -> set[str]:
    """The anchors that GitHub gives a page's headings."""
    headings = re.findall(r"^#+ (.*)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def keys(schema: Any) -> Iterator[str]:
    """The names of all keys that a schema knows, however deep."""
    if isinstance(schema, list):
        for item in schema:
            yield from keys(item)
    elif isinstance(schema, dict):
        yield from schema.get("properties", {})
        for value in schema.get("properties", {}).values():
            yield from keys(value)
        for word in ("items", "additionalProperties", "anyOf"):
            yield from keys(schema.get(word))


def test_the_manual_shows_configurations() -> None:
    assert len(CONFIGURATIONS) >= 4


@pytest.mark.parametrize("text", CONFIGURATIONS)
def test_configurations_in_the_manual_are_valid(text: str) -> None:
    assert read_configuration(text, file="reviewbot.yml").workflows


@pytest.mark.parametrize("path", LINKED, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    prose = re.sub(
        r"^```.*?^```$|`[^`\n]*`", "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE
    )
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", prose) if "://" not in link]
    broken = []
    for link in links:
        target, _, anchor = link.partition("#")
        found = path.parent / target if target else path
        if not found.exists() or (anchor and anchor not in anchors(found)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("path", MANUAL, ids=lambda path: path.name)
def test_files_of_the_project_that_the_manual_names_exist(path: Path) -> None:
    folders = "bench|examples|reviewbot|tests"
    named = re.findall(rf"`((?:{folders})/[\w./-]+\.\w+)(?:::\w+)?`", path.read_text("utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_links_are_found() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "](docs/configuration.md)" in readme
    assert "samples" in anchors(ROOT / "docs" / "configuration.md")


def test_the_readme_lists_the_exit_codes() -> None:
    codes = {int(code): meaning for code, meaning in rows(ROOT / "README.md", "exit code")}
    assert codes.keys() == set(ExitCode) - {ExitCode.INTERRUPTED}
    assert "pass" in codes[ExitCode.PASS]
    assert "limit is broken" in codes[ExitCode.FAIL]
    assert "wrong command line" in codes[ExitCode.USAGE]
    assert "could not be measured" in codes[ExitCode.UNMEASURED]
    assert "fault of reviewbot" in codes[ExitCode.INTERNAL]


def test_the_manual_names_every_key_of_the_configuration() -> None:
    manual = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    prose = re.sub(r"^```.*?^```$", "", manual, flags=re.DOTALL | re.MULTILINE)
    named = {
        word for code in re.findall(r"`([^`\n]+)`", prose) for word in re.findall(r"\w+", code)
    }
    known = set(keys(configuration_schema()))
    assert {"version", "cache_write_rate", "approvable", "ignore", "weight"} <= known
    assert known - named == set()


def test_the_tables_name_no_key_that_is_unknown() -> None:
    known = set(keys(configuration_schema()))
    manual = ROOT / "docs" / "configuration.md"
    text = manual.read_text("utf-8")
    shown = [
        key
        for row in re.findall(r"^\| (`[^|]*) \|", text, re.MULTILINE)
        for key in re.findall(r"`(\w+)`", row)
    ]
    assert "prompts" in shown
    assert [key for key in shown if key not in known] == []


def test_the_manual_lists_the_verdicts_by_severity() -> None:
    listed = [row[0].strip("`") for row in rows(ROOT / "docs" / "figures.md", "verdict")]
    assert listed == [str(verdict) for verdict in Verdict]


@pytest.mark.parametrize(("command", "own"), [("check", "--base"), ("baseline", "--output")])
def test_the_manual_mentions_the_options(command: str, own: str) -> None:
    out = io.StringIO()
    with redirect_stdout(out), pytest.raises(SystemExit, match="0"):
        main([command, "--help"])
    options = set(re.findall(r"--[a-z]+", out.getvalue())) - UNMENTIONED
    manual = "\n".join(path.read_text("utf-8") for path in MANUAL)
    assert {own, "--worktree"} <= options
    assert {option for option in options if not re.search(rf"{option}\b", manual)} == set()


UNMENTIONED = {"--help", "--color"}
"""The one that explains itself, and another spelling."""


def test_the_manual_shows_commands_that_exist() -> None:
    manual = "\n".join(path.read_text("utf-8") for path in MANUAL)
    lines = re.findall(r"\breviewbot ((?:check|schema|baseline|init)[^`#\n]*)", manual)
    assert "schema report" in lines
    for line in lines:
        name, *arguments = line.split()
        out = io.StringIO()
        with redirect_stdout(out), pytest.raises(SystemExit, match="0"):
            main([name, "--help"])
        missing = [word for word in arguments if word[0] == "-" and word not in out.getvalue()]
        assert missing == [], line


ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
WORKFLOWS = [
    pytest.param(block, id=re.sub(r"\W", "-", f"{index}-{block.splitlines()[0]}"))
    for index, block in enumerate(
        re.findall(
            r"^```yaml\n(# \.github/workflows/.*?)^```$",
            "".join(
                (ROOT / "docs" / page).read_text("utf-8") for page in ("github.md", "other-ci.md")
            ),
            re.DOTALL | re.MULTILINE,
        )
    )
]


def test_the_manual_shows_every_input_and_output() -> None:
    page = ROOT / "docs/github.md"
    described = {row[0].strip("`"): row[1].strip("`") for row in rows(page, "input")}
    defaults = {key: item["default"] or "none" for key, item in ACTION["inputs"].items()}
    assert described == defaults | {"token": "the job's own"}
    named = {name for row in rows(page, "output") for name in re.findall(r"`([^`]+)`", row[0])}
    assert named == set(ACTION["outputs"])


def test_every_input_reaches_the_program() -> None:
    (step,) = ACTION["runs"]["steps"]
    given = {key.removeprefix("REVIEWBOT_").lower().replace("_", "-") for key in step["env"]}
    assert given == set(ACTION["inputs"]) | {"source", "documentation"}
    assert "${{" not in step["run"], "nothing is interpolated into the shell"


def with_options(block: str) -> str:
    """The workflow with all parts that stand in comments."""
    return re.sub(r"^( +)# ", r"\1", block, flags=re.MULTILINE)


OPTIONAL = [
    pytest.param(with_options(text), id=f"{item.id}-whole")
    for item in WORKFLOWS
    for text in item.values
    if isinstance(text, str) and with_options(text) != text
]


@pytest.mark.parametrize("block", [*WORKFLOWS, *OPTIONAL])
def test_workflows_of_the_manual(block: str, tmp_path: Path) -> None:
    name = re.findall(r"workflows/(\S+)", block)[0]
    place = tmp_path / ".github/workflows" / name
    place.parent.mkdir(parents=True)
    place.write_text(block)
    tools = Path(sys.executable).parent
    for command in (
        ["actionlint", "-shellcheck=", "-pyflakes=", str(place)],
        ["check-jsonschema", "--builtin-schema", "vendor.github-workflows", str(place)],
        ["zizmor", "--offline", "--no-progress", str(place)],
    ):
        done = subprocess.run([tools / command[0], *command[1:]], capture_output=True, check=False)
        assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    used = [
        step["with"]
        for job in yaml.safe_load(block)["jobs"].values()
        for step in job.get("steps", ())
        if step.get("uses", "").startswith("acme/reviewbot@") and "with" in step
    ]
    assert all(key in ACTION["inputs"] for inputs in used for key in inputs)


def test_the_manual_shows_workflows() -> None:
    assert (len(WORKFLOWS), len(OPTIONAL)) == (4, 1)


def test_no_page_shows_a_way_that_imports_from_the_folder_it_runs_in() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.sh")]
    shown = [
        f"{page.name}: {line.strip()}"
        for page in (*pages, ROOT / "action.yml")
        for line in page.read_text("utf-8").splitlines()
        if re.search(r"(?<!-I )-m reviewbot", line) and "still wins" not in line
    ]
    assert shown == []


def test_the_changelog_sums_up_what_users_get() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    begin, *sections = re.split(r"^## ", text, flags=re.MULTILINE)
    assert begin.startswith("# Changelog\n\nThe format"), "a new line stands under its heading"
    for section in sections:
        headings = re.findall(r"^### .*$", section, re.MULTILINE)
        assert len(headings) == len(set(headings)), "a merge has put two versions together"
        assert section.count("\n") <= 150, "fold what is new into what is there, by what users get"
