"""Every figure of the worked example, held against a calculation that reviewbot has no part in.

`examples/governance/figures.csv` has a row for each figure, with its formula. Here each formula is
computed (`spreadsheet`); texts are rendered by Jinja2 itself and counted by GitHub's tokenizer.
With UPDATE_GOLDEN=1 the values of the sheet and the output in docs/governance.md are written anew.
"""

import csv
import json
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml

from tests.support.places import ROOT
from tests.support.spreadsheet import Sheet, shown

EXAMPLE = ROOT / "examples" / "governance"
PAGE = ROOT / "docs" / "governance.md"
ROWS = list(csv.DictReader((EXAMPLE / "figures.csv").read_text().splitlines()))
CELLS = {row["cell"]: row for row in ROWS if row["cell"]}

TYPES = {
    "prompts/support/triage.tools.json": """namespace functions {

// Put the message into one queue.
type route_message = (_: {
// The queue's name.
queue: "orders" | "returns" | "payment" | "general",
// Whether goods or money are at stake today.
urgent: boolean,
}) => any;

} // namespace functions"""
}
"""The tools of the example as OpenAI's models are shown them, written by hand."""

# The texts, by this file's own reading of the example


class Texts:
    """The example's files before and after its change, and edits of these; what they render to."""

    def __init__(self, folder: Path) -> None:
        """Write both states below `folder`."""
        subprocess.run(["cp", "-R", EXAMPLE / "repository", folder / "before"], check=True)
        subprocess.run(["cp", "-R", EXAMPLE / "repository", folder / "after"], check=True)
        # a repository of its own, lest git takes the paths for those of one around it
        subprocess.run(["git", "init", "--quiet", folder / "after"], check=True)
        diff = EXAMPLE / "change.diff"
        subprocess.run(["git", "apply", diff], cwd=folder / "after", check=True)
        self._folder = folder
        self._diff = diff.read_text()
        self._workflows = yaml.safe_load((folder / "before/.github/reviewbot.yml").read_text())[
            "workflows"
        ]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # it uses resources.open_binary
            self._encoding = import_module("bpe_openai").get_encoding("o200k_base")

    @property
    def functions(self) -> dict[str, Callable[..., Fraction]]:
        """What formulas of token counts are made of."""
        return {
            "COUNT": self.count,
            "TOKENS": lambda state, prompt, sample: self.count(
                self.rendered(state, prompt, sample)
            ),
            "BEGINNING": lambda state, prompt: self.count(self.beginning(state, prompt)),
            "TYPES": lambda path: self.count(TYPES[path]),
        }

    def count(self, text: str) -> Fraction:
        return Fraction(len(self._encoding.encode(text)))

    def rendered(self, state: str, prompt: str, sample: str) -> str:
        """A prompt with a sample (`answer/typical`), as Jinja2 itself gives it."""
        path, _, number = prompt.partition("#")
        variables = self.variables(*sample.split("/"))
        text = self.text(state, path)
        if number:
            content: str = yaml.safe_load(text)["messages"][int(number) - 1]["content"]
            return re.sub(r"{{(\w+)}}", lambda found: str(variables[found[1]]), content)
        if not path.endswith(".j2"):
            return text
        environment = jinja2.Environment(
            undefined=jinja2.StrictUndefined,
            loader=jinja2.FunctionLoader(lambda name: self.text(state, self.included(name, path))),
        )
        return environment.from_string(text).render(variables)

    def beginning(self, state: str, path: str) -> str:
        """What a prompt begins with before anything varies, up to its last certain word's end."""
        text = self.text(state, path)
        while (tag := re.search(r'{% include "(.*?)" %}', text)) is not None:
            partial = self.text(state, self.included(tag[1], path)).removesuffix("\n")
            text = text[: tag.start()] + partial + text[tag.end() :]
        constant = re.split(r"{{|{%", text)[0]
        if constant == text:
            return text.removesuffix("\n")
        # the last blank with a letter behind it; or the start of a line, if that comes later
        ends = [found.start() for found in re.finditer(r"(?<=\S) \w", constant)]
        ends += [found.end() for found in re.finditer(r"\S\n(?=\w)", constant)]
        return constant[: max(ends, default=0)]

    def variables(self, workflow: str, name: str) -> Any:
        """The variables of a sample, each `{tokens: N}` replaced."""
        found = next(item for item in self.samples(workflow) if item["name"] == name)
        return sized(found["variables"])

    def samples(self, workflow: str) -> list[Any]:
        """The samples of a workflow in the order of their files."""
        settings = self._workflows[workflow]
        given = settings.get("samples")
        before = self._folder / "before"
        if isinstance(given, str):
            return [yaml.safe_load(path.read_text()) for path in sorted(before.glob(given))]
        if given is None:
            data = yaml.safe_load((before / settings["prompts"]).read_text())["testData"]
            return [{"name": f"testData {n}", "variables": d} for n, d in enumerate(data, 1)]
        assert isinstance(given, list)
        return given

    def included(self, name: str, path: str) -> str:
        """The path of what a prompt names: beside it, or in the next folder above that has it."""
        before = self._folder / "before"
        return next(str(p / name) for p in Path(path).parents if (before / p / name).exists())

    def text(self, state: str, path: str) -> str:
        """A file in a state: `before`, `after`, or `after` and an edit of one file.

        Edits are `undo FILE:LINE`, the change that git shows at this line; `drop FILE:FIRST-LAST`;
        `last FILE:LINE`, which moves a line to the end.
        """
        state, _, edit = state.partition(", ")
        text = (self._folder / state / path).read_text()
        if not edit.partition(" ")[2].startswith(f"{path}:"):
            return text
        kind, first, last = re.findall(r"^(\w+) .*:(\d+)-?(\d*)$", edit)[0]
        lines = text.splitlines(keepends=True)
        start, end = int(first) - 1, int(last or first)
        if kind == "undo":
            start, end, removed = self.change(path, int(first))
            lines[start:end] = removed
        elif kind == "drop":
            del lines[start:end]
        else:
            lines += [lines.pop(start)]
        return "".join(lines)

    def change(self, path: str, line: int) -> tuple[int, int, list[str]]:
        """The lines that the diff adds at `line` (of a removal: below it), and what was there."""
        (body,) = re.findall(
            rf"^\+\+\+ b/{re.escape(path)}\n(.*?)(?=^diff|\Z)", self._diff, re.DOTALL | re.MULTILINE
        )
        number, added, removed = 0, 0, list[str]()
        for text in [*body.splitlines(keepends=True), "@@ +0 @@"]:
            if text[0] in "@ ":
                first = number - added + 1 if added else number
                if (added or removed) and first == line:
                    return number - added, number, removed
                added, removed = 0, []
                number = int(re.findall(r"\+(\d+)", text)[0]) - 1 if text[0] == "@" else number + 1
            elif text[0] == "+":
                number, added = number + 1, added + 1
            else:
                removed.append(text[1:])
        raise AssertionError(f"the diff changes nothing at {path}:{line}")


def sized(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {"tokens"}:
            return " ".join(["token"] * value["tokens"])
        return {key: sized(item) for key, item in value.items()}
    return [sized(item) for item in value] if isinstance(value, list) else value


# The report, each of its figures under the name of its cell


def named(text: str) -> str:
    return re.sub(r"\W+", "_", text).strip("_")


NAMES: dict[str, Callable[[Any], str]] = {
    "workflows": lambda item: item["name"],
    "samples": lambda item: item["name"],
    "streams": lambda item: f"{item['tenant']}_{item['environment']}",
    "slices": lambda item: f"{item['dimension']}.{named(item['value'])}",
    "budgets": lambda item: named(item["name"]),
    "causes": lambda item: named(item["name"]),
    "findings": lambda item: (
        f"{item['rule']}.{named(item['statistic'])}" if "budget" in item["rule"] else item["rule"]
    ),
    "hunks": lambda item: named(f"{Path(item['file']).name}_{item['first_line']}"),
    "ways_back": lambda item: named(
        " ".join(
            [item["kind"], item["value"] if item["kind"] != "output cap" and item["value"] else ""]
            + ([f"{Path(item['file']).name} {item['first_line']}"] if item["file"] else [])
        )
    ),
    "crossings": lambda item: item["limit"],
}
"""How the items of the report's lists are told apart."""

DROPPED = {"workflows", "samples", "streams"}
SAME = {"proposed_usd": "after_usd", "proposed_tokens": "after_tokens"}
"""The change leaves the configuration as it is, so what it proposes are the governing terms."""

SETTINGS = {
    *("weight", "calls_per_month", "output_tokens", "cache_hit_rate", "cache_write_rate"),
    *("growth_per_month", "max_tokens", "minimum_tokens", "step_tokens"),
}
"""What is the same before and after, for the same reason."""

NO_FIGURES = {"schema_version", "line", "first_line", "last_line", "hunks", "pull_request"}
START = 2026 * 12 + 11


def figures(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Fraction]]:
    """Every number of the report, under the name of its cell."""
    match value:
        case dict():
            for key, item in value.items():
                if key not in NO_FIGURES or isinstance(item, list):
                    yield from figures(item, (*path, key))
        case list():
            for item in value:
                if isinstance(item, dict):
                    yield from figures(item, (*path, NAMES[path[-1]](item)))
                    yield from mentioned(item, (*path, NAMES[path[-1]](item)))
        case int() | str() if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", str(value)):
            yield cell_of(path), Fraction(value)
        case str() if path[-1] == "month":
            year, month = value.split("-")
            yield cell_of(path), Fraction(int(year) * 12 + int(month) - START)


def mentioned(way: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Fraction]]:
    """The one figure that a text of the report holds beside its fields."""
    for found in re.findall(r"so that ([\d,]+) tokens", way.get("text") or ""):
        yield cell_of((*path, "cacheable_tokens")), Fraction(found.replace(",", ""))


def cell_of(path: tuple[str, ...]) -> str:
    parts = [SAME.get(part, part) for part in path if part not in DROPPED]
    if parts[-1] in SETTINGS:
        parts = [part for part in parts if part not in {"before", "after"}]
    if parts[0] in {"slices", "budgets"}:
        parts = [part for part in parts if part != "month"]
    return ".".join(parts)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"REVIEWBOT_PYTHON": sys.executable, "COLUMNS": "80"}
    command = ["sh", str(ROOT / "examples" / "review.sh"), "governance", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Sheet:
    functions = Texts(tmp_path_factory.mktemp("texts")).functions
    computed = Sheet({cell: row["formula"] for cell, row in CELLS.items()}, functions)
    assert all(computed[cell] is not None for cell in CELLS)
    return computed


@pytest.fixture(scope="module")
def report() -> Any:
    return json.loads(run("--format", "json").stdout)


@pytest.fixture(scope="module")
def found(report: Any) -> list[tuple[str, Fraction]]:
    return list(figures(report))


def test_each_formula_gives_its_value(sheet: Sheet) -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        with (EXAMPLE / "figures.csv").open("w", newline="") as file:
            written = csv.DictWriter(file, list(ROWS[0]), lineterminator="\n")
            written.writeheader()
            written.writerows(
                row | {"value": shown(sheet[row["cell"]]) if row["cell"] else ""} for row in ROWS
            )
        pytest.fail("the values are written; read their diff, then run without UPDATE_GOLDEN")
    assert {cell: shown(sheet[cell]) for cell in CELLS} == {
        cell: row["value"] for cell, row in CELLS.items()
    }


def test_each_figure_of_the_report_is_the_sheets(found: list[tuple[str, Fraction]]) -> None:
    in_sheet = {cell: Fraction(row["value"]) for cell, row in CELLS.items()}
    wrong = {
        cell: f"{shown(value)} in the report"
        for cell, value in found
        if in_sheet.get(cell) != value
    }
    assert wrong == {}
    assert len(found) > 500


def test_each_row_is_a_figure_of_the_report_or_part_of_one(
    sheet: Sheet, found: list[tuple[str, Fraction]]
) -> None:
    assert len(CELLS) == sum(bool(row["cell"]) for row in ROWS)
    assert set(CELLS) - sheet.used - {cell for cell, _ in found} == set()


def test_ways_back_are_enough_by_the_sheet(report: Any, sheet: Sheet) -> None:
    enough: dict[str, Callable[[Any, str], bool]] = {
        "answer": lambda _, way: sheet[f"{way}.usd_per_month"] <= 720,
        "contract": lambda _, way: (
            sheet[f"{way}.usd_per_month"] < 2200
            and sheet[f"{way}.saves_usd_per_month"] >= sheet["findings.budget_cost.legal.excess"]
        ),
        "tagging": lambda item, _: item["value"] == "openai/gpt-4o-mini",
    }
    told = {
        (workflow["name"], f"{workflow['name']}.ways_back.{NAMES['ways_back'](item)}"): item
        for workflow in report["workflows"]
        for item in workflow["ways_back"]
    }
    assert {item["kind"] for item in told.values()} >= {
        *("output cap", "cheaper model", "service tier", "response cache"),
        *("cacheable prefix", "changed lines", "example"),
    }
    assert {cell: item["fits"] for (_, cell), item in told.items()} == {
        cell: enough[name](item, cell) for (name, cell), item in told.items()
    }


def test_prices_are_the_published_ones() -> None:
    from genai_prices.data_snapshot import get_snapshot

    moment = datetime(2026, 11, 1, 12, tzinfo=UTC)
    contexts = {
        "standard": None,
        "flex": {"service_tier": "flex"},
        "batch": {"processing": "batch"},
    }
    fields = {
        "input": "input_mtok",
        "output": "output_mtok",
        "cached": "cache_read_mtok",
        "written": "cache_write_mtok",
    }
    cells = [cell for cell, row in CELLS.items() if row["unit"] == "USD a million tokens"]
    assert len(cells) > 20
    for cell in cells:
        model, tier, kind = CELLS[cell]["what"].split(", ")
        provider, _, name = model.partition("/")
        _, info = get_snapshot().find_provider_model(name, None, provider, None)
        context = contexts[tier]
        price = info.get_prices(moment, context) if context else info.get_prices(moment)
        rate = getattr(price, fields[kind])
        base = rate if isinstance(rate, Decimal) else rate.base
        assert Fraction(base) == Fraction(CELLS[cell]["value"]), cell


def test_the_page_shows_what_the_example_prints() -> None:
    done = run("--verbose")
    assert (done.returncode, done.stderr) == (1, "")
    text = PAGE.read_text()
    shown_in_page = re.compile(r"(?<=^```text\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)
    if os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(shown_in_page.sub(lambda _: done.stdout, text, count=1))
        pytest.fail(f"{PAGE.name} is written; read its diff, then run without UPDATE_GOLDEN")
    assert f"```text\n{done.stdout}```" in text


def test_the_example_shows_each_verdict(report: Any) -> None:
    assert {item["name"]: item["verdict"] for item in report["workflows"]} == {
        "answer": "fail",
        "contract": "needs-approval",
        "tagging": "warn",
        "triage": "pass",
    }
    assert [item["name"] for item in report["budgets"] if item["verdict"] != "pass"] == ["legal"]


def test_the_example_has_everything() -> None:
    settings = yaml.safe_load((EXAMPLE / "repository/.github/reviewbot.yml").read_text())
    workflows = settings["workflows"].values()
    streams = [stream for workflow in workflows for stream in workflow["traffic"]]
    assert len(workflows) == 12
    assert len({workflow["feature"] for workflow in workflows}) == 4
    assert len({stream["tenant"] for stream in streams}) == 3
    assert len({stream["environment"] for stream in streams}) == 3
    assert len(settings["tiers"]) == 3
