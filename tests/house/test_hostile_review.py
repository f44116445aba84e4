"""Whole reviews of hostile changes: bounded, named at file and line, and the rest is measured."""

import time
from pathlib import Path

import pytest

from tests.support.hostile_files import INCLUDED, attacks, hostile_templates
from tests.support.repetitions import part
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, configuration, review, tokens, workflow
from tests.support.shapes import changed, file

HOSTILE_YAML = {
    "nesting": "[" * 200_000,
    "merge keys": "a: &a {x: 1}\n" + "".join(f"b{n}: &b{n} {{<<: [*a, *a]}}\n" for n in range(9)),
    "a billion laughs": "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: [*b,*b,*b,*b]\n",
    "a long integer": "a: " + "9" * 5_000,
    "an impossible date": "a: 2026-02-30 99:99:99\nb: !!timestamp 2026-13-45\n",
    "a tag": "a: !!python/object/apply:os.system ['id']\n",
    "a duplicate key": "a: 1\na: 2\n",
    "several documents": "a: 1\n---\nb: 2\n",
    "a control character": "a: \x07\n",
    "many values": "[" + "1," * 200_000 + "1]",
    "a megabyte and more": "a: " + "x" * 1_100_000,
    "a complex key": "? [a, b]\n: c\n",
}


def test_every_hostile_template_is_contained_and_an_honest_one_measured(tmp_path: Path) -> None:
    """Those of all engines, in one review with default limits; each alone is in its own tests."""
    repository = hostile_templates(tmp_path / "r")
    began = time.monotonic()
    outcome = review(repository)
    assert time.monotonic() - began < 60
    assert outcome.code == 1, "some hostile sources define no prompt any more"
    assert outcome.workflow("w")["verdict"] == "pass"
    assert outcome.workflow("w")["change_usd_per_month"] == "0.05"
    found = {item["name"]: item for item in outcome.report["workflows"]}
    unmeasured = set()
    for number, attack in enumerate(attacks()):
        reviewed = found[f"attack-{number:03}"]
        if reviewed["state"] == "removed":
            assert outcome.rules(reviewed["name"]) == {"removed": "fail"}
            assert "P =" not in attack.hostile[attack.path.partition("#")[0]], attack.path
            continue
        if reviewed["verdict"] != "unmeasured":
            assert reviewed["after"]["max_input_tokens"] < 3_000_000
            continue
        unmeasured.add(attack.format)
        for problem in reviewed["problems"]:
            assert problem["mend"], attack.path
            assert problem["place"]["file"] in {*attack.hostile, *INCLUDED}, attack.path
            assert problem["place"]["line"] >= 1, attack.path
    assert unmeasured >= {"jinja", "handlebars", "mustache", "langchain", "promptfoo", "python"}


@pytest.mark.parametrize("name", HOSTILE_YAML)
def test_a_hostile_configuration_is_an_error_at_its_line(repository: Repository, name: str) -> None:
    repository.commit({CONFIGURATION: configuration({"w": workflow()}), PROMPT: "x"})
    repository.branch("work")
    repository.commit({CONFIGURATION: HOSTILE_YAML[name]})
    began = time.monotonic()
    outcome = review(repository)
    assert time.monotonic() - began < 5
    assert outcome.code == 2
    assert f"{CONFIGURATION}:" in outcome.errors


@pytest.mark.parametrize("name", HOSTILE_YAML)
def test_a_hostile_sample_leaves_its_workflow_unmeasured(repository: Repository, name: str) -> None:
    sampled = workflow("prompts/sampled.j2", samples="samples/*.yaml")
    files = {
        PROMPT: tokens(10),
        "prompts/sampled.j2": "{{ a }}",
        "samples/s.yaml": "a: b",
        CONFIGURATION: configuration({"w": workflow(), "sampled": sampled}),
    }
    repository.commit(files)
    repository.branch("work")
    repository.commit({"samples/s.yaml": HOSTILE_YAML[name], PROMPT: tokens(30)})
    outcome = review(repository)
    assert outcome.code == 3
    assert outcome.workflow("w")["verdict"] == "pass"
    (problem,) = outcome.workflow("sampled")["problems"]
    assert problem["place"]["file"] == "samples/s.yaml"
    assert problem["place"]["line"] >= 1


@pytest.mark.parametrize(
    "text",
    part(
        [
            " " * 1_100_000,
            "a" * 1_900_000,
            "A" * 1_900_000,
            "語" * 1_000_000,
            "\u0301" * 1_000_000,
            "\n \n" * 600_000,
            "x" * 3_000_000,
            "<|endoftext|>" * 1_000,
        ]
    ),
)
def test_texts_that_stop_a_tokenizer_are_counted_or_named(
    repository: Repository, text: str
) -> None:
    files = {
        PROMPT: tokens(10),
        "prompts/other.txt": tokens(10),
        CONFIGURATION: configuration({"w": workflow(), "x": workflow("prompts/other.txt")}),
    }
    repository.commit(files)
    repository.branch("work")
    repository.commit({PROMPT: text, "prompts/other.txt": tokens(30)})
    began = time.monotonic()
    outcome = review(repository)
    assert time.monotonic() - began < 20
    assert outcome.workflow("x")["verdict"] == "pass"
    found = outcome.workflow()
    if found["verdict"] == "unmeasured":
        (problem,) = found["problems"]
        assert problem["place"] == {"file": PROMPT, "line": 1, "key": None}
    else:
        assert found["after"]["max_input_tokens"] > 1_000


@pytest.mark.parametrize(("count", "text"), [(1_001, ""), (2, "x" * 3_000_000)])
def test_a_prompt_that_includes_the_whole_repository_is_refused(
    tmp_path: Path, count: int, text: str
) -> None:
    parts = {f"parts/{number}.j2": f"{{# {number} #}}{text}" for number in range(count)}
    included = "".join(f"{{% include '{path}' %}}" for path in parts)
    settings = configuration({"w": workflow(), "x": workflow("prompts/all.j2")})
    before = {**parts, CONFIGURATION: settings, "prompts/all.j2": "x"}
    repository = changed(
        tmp_path / "r",
        [file(path, content.encode()) for path, content in before.items()],
        [file("prompts/all.j2", included.encode())],
    )
    outcome = review(repository)
    assert outcome.workflow("w")["verdict"] == "pass"
    (problem,) = outcome.workflow("x")["problems"]
    assert "includes more files or text than it may" in problem["what"]
    assert problem["place"]["file"] == "prompts/all.j2"
