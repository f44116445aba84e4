"""Reviews whose parts each stay below their limits: all together are bounded, and named if over."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewbot.allowance import Allowance
from reviewbot.errors import Problem
from reviewbot.rendering.jobs import Rendered
from reviewbot.rendering.process import RenderingProcess
from reviewbot.rendering.resource_limits import Limits
from tests.support import costly_shapes
from tests.support.jobs import job
from tests.support.repository import Repository
from tests.support.reviewing import Outcome, review

FREE_OF_CHARGE = Limits(prompt_seconds=60, sample_seconds=60)
NOTHING_IS_FREE = Limits(prompt_seconds=0, sample_seconds=0, slow_seconds=0.05)


def said(result: Rendered | Problem) -> str:
    assert isinstance(result, Problem)
    return result.what


def kinds(results: tuple[Any, ...]) -> list[type]:
    return [type(result) for result in results]


def test_the_texts_of_one_workflow_are_bounded_together() -> None:
    with RenderingProcess(Limits(texts_bytes=200_000)) as process:
        long = job("{{ 'x' * 50_000 }}", {}, {}, {}, {}, {})
        several = list(process.render([long, job("short")]))
        assert kinds(several[0])[:3] == [Rendered] * 3
        assert kinds(several[0])[4:] + kinds(several[1]) == [Problem] * 2
        assert "of text" in said(several[0][-1])
        assert kinds(next(iter(process.render([job("short")])))) == [Rendered]


def test_characters_of_four_bytes_count_as_such() -> None:
    with RenderingProcess(Limits(texts_bytes=100_000)) as process:
        ((wide,), (narrow,)) = (
            next(iter(process.render([job(text)])))
            for text in ("{{ '🙂' * 30_000 }}", "{{ 'x' * 30_000 }}")
        )
    assert isinstance(wide, Problem)
    assert isinstance(narrow, Rendered)


def test_samples_that_are_each_a_little_slow_share_an_allowance() -> None:
    loop = "{% for a in range(9999) %}{% endfor %}" * 10
    with RenderingProcess(NOTHING_IS_FREE) as process:
        (results,) = process.render([job(loop, *[{}] * 300)])
    assert kinds(results)[-1] is Problem
    assert "slow templates is used up" in said(results[-1])


def test_templates_that_are_each_a_little_slow_share_an_allowance() -> None:
    loop = "{% for a in range(9999) %}{% endfor %}" * 10
    with RenderingProcess(NOTHING_IS_FREE) as process:
        results = list(process.render([job(f"{number}{loop}") for number in range(300)]))
    assert kinds(results[-1]) == [Problem]


def test_two_processes_share_the_seconds_of_a_review() -> None:
    allowance = Allowance(seconds=0.2)
    loop = "{% for a in range(9999) %}{% endfor %}" * 10
    processes = [RenderingProcess(FREE_OF_CHARGE, allowance) for _ in range(2)]
    with processes[0], processes[1]:
        (first,) = processes[0].render([job(loop, *[{}] * 300)])
        (second,) = processes[1].render([job("short")])
    assert [kinds(first)[-1], *kinds(second)] == [Problem] * 2
    assert "processor time" in said(second[0])


def test_all_characters_of_a_review_are_bounded() -> None:
    with RenderingProcess(allowance=Allowance(characters=100_000)) as process:
        results = [next(iter(process.render([job("{{ 'x' * 60_000 }}")]))) for _ in range(3)]
    assert [kind for result in results for kind in kinds(result)] == [Rendered, Rendered, Problem]


Shape = Callable[[Path], Repository]
SHAPES: dict[str, tuple[Shape, str]] = {
    "long texts": (
        lambda path: costly_shapes.long_renderings(path, 60, 1_990_000),
        "give more than 80 MiB of text",
    ),
    "long texts of wide characters": (
        lambda path: costly_shapes.long_renderings(path, 20, 1_990_000, "🙂"),
        "give more than 80 MiB of text",
    ),
    "many messages": (
        lambda path: costly_shapes.many_messages(path, 40, 1_500),
        "with all samples the workflow has 180,120 messages",
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_what_is_over_is_named_and_the_rest_is_measured(tmp_path: Path, name: str) -> None:
    shape, said = SHAPES[name]
    outcome = review(shape(tmp_path / "r"))
    assert outcome.code == 3
    assert outcome.workflow("w")["verdict"] == "pass"
    (problem, *_) = outcome.workflow("costly")["problems"]
    assert said in problem["what"]
    assert problem["mend"]
    assert problem["place"]["line"] >= 1


SMALL: dict[str, Shape] = {
    "slow counts": lambda path: costly_shapes.slow_counts(path, 40),
    "a fixed text": lambda path: costly_shapes.fixed_texts(path, 40, 200_000),
    "many tools": lambda path: costly_shapes.many_tools(path, 40, 50),
    "shared samples": lambda path: costly_shapes.shared_samples(path, 30, 20),
    "slow workflows": lambda path: costly_shapes.slow_workflows(path, 30, 2),
}


@pytest.fixture
def low(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def limit(**limits: Any) -> None:
        monkeypatch.setattr("reviewbot.assessment.Allowance", lambda **_: Allowance(**limits))

    return limit


@pytest.mark.parametrize("name", SMALL)
def test_a_used_up_allowance_is_a_verdict(
    tmp_path: Path, low: Callable[..., None], name: str
) -> None:
    repository = SMALL[name](tmp_path / "r")
    assert review(repository).code == 0
    for limits in ({"seconds": 0.000_001}, {"characters": 1}):
        low(**limits)
        outcome = review(repository)
        assert outcome.code == 3
        assert used_up_of(outcome)


def used_up_of(outcome: Outcome) -> list[str]:
    problems = [item for flow in outcome.report["workflows"] for item in flow["problems"]]
    assert all(item["place"] and item["mend"] for item in problems)
    return [item["what"] for item in problems if "used up" in item["what"]]


def test_explaining_measures_no_more_calls_than_it_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = costly_shapes.explained_samples(tmp_path / "r", 4, workflows=2)
    whole = review(repository).report
    monkeypatch.setattr("reviewbot.explanation.edited_workflows.MOST_CALLS", 20)
    short = review(repository).report
    assert not any("were not measured" in note for note in whole["notes"])
    assert any("edited prompts were not measured" in note for note in short["notes"])
    assert [item["after"] for item in whole["workflows"]] == [
        item["after"] for item in short["workflows"]
    ]
    monkeypatch.undo()
    monkeypatch.setattr("reviewbot.explanation.edited_workflows.MOST_CHARACTERS", 100_000)
    assert any(
        "edited prompts were not measured" in note for note in review(repository).report["notes"]
    )


def test_honest_prompts_are_all_measured(tmp_path: Path) -> None:
    outcome = review(costly_shapes.honest_prompts(tmp_path / "r", 60))
    assert outcome.code == 0
    assert {item["verdict"] for item in outcome.report["workflows"]} == {"pass"}
