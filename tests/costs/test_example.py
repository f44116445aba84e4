"""The bundled example: what README.md shows of it, and its counts by another tokenizer."""

import io
import json
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from decimal import Decimal
from importlib import import_module
from typing import Any

import jinja2
import pytest
import yaml

from reviewbot.cli import main
from tests.support.places import ROOT
from tests.support.repository import Repository

EXAMPLE = ROOT / "examples" / "support-bot" / "repository"


def run(*arguments: str, columns: str = "80") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"REVIEWBOT_PYTHON": sys.executable, "COLUMNS": columns}
    command = ["sh", str(ROOT / "examples" / "review.sh"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def count() -> Callable[[str], int]:
    """The count of tokens by GitHub's Rust crate."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it uses resources.open_binary
        encoding = import_module("bpe_openai").get_encoding("o200k_base")
    return lambda text: len(encoding.encode(text))


@pytest.fixture(scope="module")
def report() -> Any:
    return json.loads(run("--format", "json").stdout)


def review_of(report: Any, name: str) -> Any:
    return next(item for item in report["workflows"] if item["name"] == name)


def rendered(prompt: str, sample: str) -> str:
    """What Jinja2 itself gives for a prompt of the example as it was before the change."""

    def load(name: str) -> str | None:
        places = (EXAMPLE / "prompts" / prompt).parent, EXAMPLE / "prompts", EXAMPLE
        return next(((p / name).read_text() for p in places if (p / name).exists()), None)

    variables = yaml.safe_load((EXAMPLE / "samples" / f"{sample}.yaml").read_text())["variables"]
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined, loader=jinja2.FunctionLoader(load)
    )
    text = (EXAMPLE / "prompts" / prompt).read_text()
    return environment.from_string(text).render(sized(variables))


def sized(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {"tokens"}:
            return " ".join(["token"] * value["tokens"])
        return {key: sized(item) for key, item in value.items()}
    return [sized(item) for item in value] if isinstance(value, list) else value


def test_readme_shows_what_the_example_prints() -> None:
    done = run()
    assert done.returncode == 1
    assert done.stderr == ""
    assert f"```text\n{done.stdout}```" in (ROOT / "README.md").read_text()


def test_the_start_page_shows_what_cost_prints(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(EXAMPLE, repository.path, dirs_exist_ok=True)
    repository.commit({})
    monkeypatch.setenv("COLUMNS", "80")
    out = io.StringIO()
    with redirect_stdout(out):
        assert main(["cost", "--repo", str(repository.path)]) == 0
    assert f"```text\n{out.getvalue()}```" in (ROOT / "docs/start.md").read_text("utf-8")


def test_the_example_reads_well_on_a_wide_terminal() -> None:
    lines = run(columns="120").stdout.splitlines()
    assert max(map(len, lines)) <= 120
    assert len(lines) < len(run().stdout.splitlines())


@pytest.mark.parametrize("name", ["triage", "answer"])
@pytest.mark.parametrize("sample", ["typical", "long"])
def test_counts_equal_another_tokenizers(
    report: Any, count: Callable[[str], int], name: str, sample: str
) -> None:
    texts = [rendered(f"{name}/{part}.j2", f"{name}/{sample}") for part in ("system", "user")]
    before = review_of(report, name)["before"]
    (found,) = [item for item in before["samples"] if item["name"] == sample]
    assert found["content_tokens"] == sum(count(text) for text in texts)
    # 3 for the call; for each message 3 and its role, which is one token
    assert found["overhead_tokens"] == 3 + 2 * (3 + 1)


TYPES = """namespace functions {

// Put the message into one queue.
type route_message = (_: {
// The queue's name.
queue: "billing" | "technical" | "orders" | "general",
// Whether the customer cannot work at all.
urgent: boolean,
}) => any;

} // namespace functions"""


def test_tool_tokens_by_hand(report: Any, count: Callable[[str], int]) -> None:
    # 9 around the definitions as TypeScript, 4 of them saved by the system message
    by_hand = 9 - 4 + count(TYPES)
    before = review_of(report, "triage")["before"]
    assert {item["tool_tokens"] for item in before["samples"]} == {by_hand}


def test_a_month_of_the_example_by_hand(report: Any) -> None:
    before = review_of(report, "answer")["before"]
    tokens = {item["name"]: item["input_tokens"] for item in before["samples"]}
    # gpt-4.1: 2 USD input, 8 output per million; typical weighs 4, long 1. The cacheable prefix is
    # below OpenAI's 1,024 tokens, so nothing is cached although a hit rate is stated
    assert before["prefix"]["tokens"] < 1024
    mean = Decimal(4 * tokens["typical"] + tokens["long"]) / 5
    acme = 120_000 * (mean * 2 + 350 * 8)
    staging = 200 * Decimal("30.4375") * (mean * 2 + 350 * 8)
    assert Decimal(before["usd_per_month"]) == (acme + staging) / 1_000_000


def test_the_third_workflow_is_not_concerned(report: Any) -> None:
    assert report["unaffected_workflows"] == ["summary"]
    assert report["unowned"] == []
