"""Reviews whose parts each stay below their limits: all together are bounded, and named if over."""

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from reviewbot.allowance import Allowance
from reviewbot.configuration.reading import read_configuration
from reviewbot.errors import ConfigurationError, Problem
from reviewbot.rendering.jobs import Rendered
from reviewbot.rendering.process import RenderingProcess
from reviewbot.rendering.resource_limits import Limits
from tests.support import costly_shapes
from tests.support.jobs import job
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    TRAFFIC,
    Outcome,
    change,
    configuration,
    review,
    tokens,
    workflow,
)

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
    assert "are used up" in said(second[0])


@pytest.mark.parametrize(
    ("clock", "processor", "others", "is_over"),
    [
        (9, 9, 0, False),
        (10, 10, 0, True),
        (10, 6, 4, True),  # one process waits for the other
        (9, 9, 9, False),  # two processors at a time
        (39, 9, 0, False),  # a busy machine
        (39, 6, 4, True),
        (40, 0, 0, True),  # something that only waits
    ],
)
def test_the_time_of_a_review_is_the_clocks_unless_the_machine_is_busy(
    clock: int, processor: int, others: int, *, is_over: bool
) -> None:
    clocks, processors = iter([100, 100 + clock]), iter([50, 50 + processor])
    allowance = Allowance(
        seconds=10, clock=lambda: next(clocks), processor=lambda: next(processors)
    )
    allowance.spend(others)
    assert allowance.is_used_up is is_over


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
        lambda path: costly_shapes.long_renderings(path, 40, 990_000, "🙂"),
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
    "samples in the configuration": lambda path: costly_shapes.inline_samples(path, 40, 10_000),
    "branches": lambda path: costly_shapes.many_branches(path, 3, 20),
    "includes": lambda path: costly_shapes.many_includes(path, 10, 30, 100),
    "properties of a tool": lambda path: costly_shapes.deep_tools(path, 20, 100),
    "imports": lambda path: costly_shapes.instruction_imports(path, 30),
    "large samples": lambda path: costly_shapes.large_sample_documents(path, 5, 100),
    "alternatives": lambda path: costly_shapes.promptfoo_matrix(path, 5, 20),
    "source code": lambda path: costly_shapes.python_files(path, 5, 20),
    "prompts taken out": lambda path: costly_shapes.taken_out(path, 5, 20),
    "slow workflows": lambda path: costly_shapes.slow_workflows(path, 30, 2),
}


@pytest.fixture
def low(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def limit(**limits: Any) -> None:
        monkeypatch.setattr(
            "reviewbot.rendering.parsing.Allowance", lambda **_: Allowance(**limits)
        )

    return limit


@pytest.mark.parametrize("name", SMALL)
def test_a_used_up_allowance_is_a_verdict(
    tmp_path: Path, low: Callable[..., None], name: str
) -> None:
    repository = SMALL[name](tmp_path / "r")
    assert review(repository).code in {0, 1}
    for limits in ({"seconds": 0.000_001}, {"characters": 1}):
        low(**limits)
        outcome = review(repository)
        assert outcome.code == 3
        assert used_up_of(outcome)


BEFORE = {
    CONFIGURATION: configuration(
        {
            "broken": workflow("broken.txt", envelope="{increase: {hard: 1%}}"),
            "left": workflow("left.txt"),
            "removed": workflow("removed.txt"),
            "sampled": workflow("sampled.j2", samples="samples/*.json"),
            "source": workflow("'code.py#PROMPT'"),
        },
        budgets="[{name: all, match: {}, monthly_cost: {hard: $1000}}]",
    ),
    **{f"{name}.txt": tokens(20) for name in ("broken", "left", "removed")},
    "sampled.j2": "{% if a %}Text{% endif %}",
    **{f"samples/{n}.json": f'{{"a": {n}}}' for n in range(4)},
    "code.py": f'PROMPT = "{tokens(20)}"\n',
}
AFTER = {
    CONFIGURATION: BEFORE[CONFIGURATION].replace("  removed: {", "  added: {"),
    "broken.txt": tokens(40),
    "sampled.j2": "{% if a %}A longer text{% endif %}",
    "code.py": f'PROMPT = "{tokens(30)}"\nOTHER_PROMPT = "You are a very helpful assistant."\n',
}


def test_whenever_the_time_is_over_nothing_passes_for_it(
    repository: Repository, low: Callable[..., None]
) -> None:
    whole = change(repository, BEFORE, AFTER)
    verdicts = {item["name"]: item["verdict"] for item in whole.report["workflows"]}
    assert (whole.code, verdicts["broken"], verdicts["sampled"]) == (1, "fail", "pass")
    seen = set()
    for steps in (1, 3, 6, 9, 12, 16, 20, 30, 45, 80, 1_000):
        low(seconds=steps, clock=(clock := count().__next__), processor=clock)
        outcome = review(repository)
        assert outcome.code in {1, 3}, steps
        unmeasured = {item["what"] for item in outcome.report["unmeasured"]}
        for item in outcome.report["workflows"]:
            allowed = {"unmeasured", verdicts.get(item["name"], "unmeasured")}
            assert item["verdict"] in allowed, (steps, item["name"])
            seen.add(item["verdict"])
        names = {item["name"] for item in outcome.report["workflows"]}
        assert unmeasured or names >= verdicts.keys(), steps
        used_up_of(outcome)
    assert seen >= {"fail", "pass", "unmeasured"}
    assert outcome.report["workflows"] == whole.report["workflows"]


def test_streams_and_budgets_are_bounded_together(repository: Repository) -> None:
    few, many = (f"[{', '.join([TRAFFIC[1:-1]] * count)}]" for count in (200, 201))
    flows = {f"w{number}": workflow(traffic="") for number in range(250)}
    budgets = [f"{{name: b{n}, match: {{}}, monthly_cost: {{hard: $9}}}}" for n in range(41)]
    repository.commit({"prompts/system.txt": "text"})
    for given, more, expected in (
        (f"{{traffic: {few}}}", {}, []),
        (f"{{traffic: {many}}}", {}, ["up to 'w248' the workflows have 50,049 streams"]),
        (f"{{traffic: {few}}}", {"budgets": f"[{', '.join(budgets)}]"}, ["41 budgets over 50,000"]),
    ):
        text = configuration(flows, defaults=given, **more)
        if not expected:
            assert len(read_configuration(text, file="c.yml").workflows) == 250
            continue
        with pytest.raises(ConfigurationError) as caught:
            read_configuration(text, file="c.yml")
        (problem,) = caught.value.problems
        assert expected[0] in problem.what
        assert problem.mend
        assert problem.place
        assert problem.place.line


def used_up_of(outcome: Outcome) -> list[str]:
    problems = [item for flow in outcome.report["workflows"] for item in flow["problems"]]
    assert all(item["place"] and item["mend"] for item in problems)
    return [item["what"] for item in problems if "used up" in item["what"]]


def test_explaining_takes_no_more_work_than_measuring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = costly_shapes.explained_samples(tmp_path / "r", 4, workflows=2)
    whole = review(repository).report
    monkeypatch.setattr("reviewbot.explanation.edited_workflows.LEAST_WORK", 0)
    short = review(repository).report
    assert not any("were not measured" in note for note in whole["notes"])
    assert any("edited prompts were not measured" in note for note in short["notes"])
    assert [item["after"] for item in whole["workflows"]] == [
        item["after"] for item in short["workflows"]
    ]
    explained = [
        len([hunk for hunk in item["hunks"] if hunk["usd_per_month"] is not None])
        for item in short["workflows"]
    ]
    assert 0 < sum(explained) < sum(len(item["hunks"]) for item in whole["workflows"])
    monkeypatch.undo()
    monkeypatch.setattr("reviewbot.explanation.edited_workflows.MOST_WORK", 100_000)
    assert any(
        "edited prompts were not measured" in note for note in review(repository).report["notes"]
    )


def test_honest_prompts_are_all_measured(tmp_path: Path) -> None:
    outcome = review(costly_shapes.honest_prompts(tmp_path / "r", 60))
    assert outcome.code == 0
    assert {item["verdict"] for item in outcome.report["workflows"]} == {"pass"}
