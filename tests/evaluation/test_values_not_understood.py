"""Values that nobody understands: sizes in samples, limits that are not set, dates in formats."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, change, configuration, tokens, workflow


def test_a_size_with_an_underscore_is_that_size(repository: Repository) -> None:
    flow = workflow(
        "p.j2",
        envelope="{input_tokens: {hard: 1000}}",
        samples="[{name: a, variables: {message: {tokens: 1_200}}}]",
    )
    files = {CONFIGURATION: configuration({"w": flow}), "p.j2": "{{ message }}"}
    outcome = change(repository, files, {"p.j2": "{{ message }} b"})
    assert outcome.rules() == {"input_tokens": "fail"}
    assert outcome.workflow()["after"]["samples"][0]["content_tokens"] == 1_201


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("s/a.yaml", "a: {tokens: 5}\n", "a: {tokens: 5k}\n"),
        ("s/a.json", '{"a": {"tokens": 5}}', '{"a": {"tokens": -5}}'),
    ],
)
def test_a_size_in_a_sample_file_is_an_error_at_its_line(
    repository: Repository, path: str, before: str, after: str
) -> None:
    flow = workflow("p.j2", samples="s/*")
    files = {CONFIGURATION: configuration({"w": flow}), "p.j2": "{{ a }}", path: before}
    outcome = change(repository, files, {path: after})
    (problem,) = outcome.workflow()["problems"]
    assert outcome.code != 0
    assert "is not a number of tokens" in problem["what"]
    assert problem["place"] == {"file": path, "line": 1, "key": "a.tokens"}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "p.prompt.yml",
            "messages: [{role: user, content: '{{a}}'}]\ntestData: [{a: {tokens: %s}}]\n",
        ),
        (
            "p.prompt",
            "---\nmodel: openai/gpt-4o\ninput: {default: {a: {tokens: %s}}}\n---\n{{a}}\n",
        ),
        ("p.prompty", "---\nmodel: {api: chat}\nsample: {a: {tokens: %s}}\n---\nuser:\n{{a}}\n"),
    ],
)
def test_a_size_in_the_prompt_file_is_an_error_too(
    repository: Repository, path: str, text: str
) -> None:
    files = {CONFIGURATION: configuration({"w": workflow(path)}), path: text % "9"}
    outcome = change(repository, files, {path: text % "9x"})
    (problem,) = outcome.workflow()["problems"]
    assert "'9x' is not a number of tokens" in problem["what"]
    assert problem["place"]["file"] == path


@pytest.mark.parametrize(
    ("envelope", "more", "words"),
    [
        ("", {}, "no limit is set"),
        ("{approvable: true}", {}, "no limit is set"),
        ("{increase: {hard: 900%}}", {}, "no limit is broken"),
        ("{input_tokens: {soft: 900}}", {}, "no limit is broken"),
        (
            "",
            {"budgets": "[{name: b, match: {}, monthly_cost: {hard: $900}}]"},
            "no limit is broken",
        ),
        ("", {"defaults": "{envelope: {increase: {hard: 900%}}}"}, "no limit is broken"),
    ],
)
@pytest.mark.parametrize("form", ["terminal", "markdown"])
def test_no_limit_is_broken_only_where_one_is_set(
    repository: Repository, envelope: str, more: dict[str, str], words: str, form: str
) -> None:
    settings = configuration({"w": workflow(envelope=envelope)}, **more)
    files = {CONFIGURATION: settings, PROMPT: tokens(10)}
    found = change(repository, files, {PROMPT: tokens(11)}, form=form).out
    assert words in found.replace("No limit", "no limit")


@pytest.mark.parametrize("due", ["2026-11-01", "'2026-11-01'", "2026-11-01T09:30:00"])
def test_a_sample_can_hold_a_date(repository: Repository, due: str) -> None:
    flow = workflow(
        "{path: p.txt, format: str-format}", samples=f"[{{name: a, variables: {{due: {due}}}}}]"
    )
    files = {CONFIGURATION: configuration({"w": flow}), "p.txt": "Due {due:%d %B %Y}."}
    outcome = change(repository, files, {"p.txt": "Due on {due:%d %B %Y}."})
    assert outcome.workflow()["problems"] == []
    # Due on 01 November 2026.
    assert outcome.workflow()["after"]["samples"][0]["content_tokens"] == 9


@pytest.mark.parametrize("due", ["soon", "1793491200", "{tokens: 4}", "{date: 2026-11-01}"])
def test_what_is_no_date_is_told_how_to_write_one(repository: Repository, due: str) -> None:
    flow = workflow(
        "{path: p.txt, format: str-format}", samples=f"[{{name: a, variables: {{due: {due}}}}}]"
    )
    files = {CONFIGURATION: configuration({"w": flow}), "p.txt": "Due {due:%d %B %Y}."}
    outcome = change(repository, files, {"p.txt": "Due on {due:%d %B %Y}."})
    (problem,) = outcome.workflow()["problems"]
    assert problem["mend"] == "give a date in the sample, 2026-11-01 or 2026-11-01T09:30:00"
