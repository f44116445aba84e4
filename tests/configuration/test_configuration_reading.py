"""All mistakes of a configuration are told in one run, whatever its text."""

import json
import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.errors import ConfigurationError
from tests.support.configurations import EXAMPLE, FILE, SMALL, read, told

MANY = """\
version: 2
budget: []
prices:
  as_of: tomorrow
  overrides:
    gpt-5: {input: free, output: "8.00"}
defaults:
  envelope: {increase: {soft: 30%, hard: 20%}}
high_cost: 5000 EUR
approval:
  approvers: ["not a login"]
  strict: maybe
workflows:
  one:
    prompts:
      - ../secret.txt
      - what.xyz
      - {path: b.txt, role: robot}
    modle: gpt-4o
    max_tokens: 0
    traffic:
      - {calls: 1000, output_tokens: 350}
      - calls: 1/day
        output_tokens: many
        cache_hit_rate: 120%
  two:
    prompts: []
    traffic: {}
  three: nothing
budgets:
  - {name: b, match: {}}
  - {match: []}
"""


def test_all_mistakes_are_told_in_one_run() -> None:
    expected = {
        (1, "version", "'2' is unknown: only 1 is known"),
        (2, "budget", "the key 'budget' is unknown"),
        (4, "prices.as_of", "'tomorrow' is not a date"),
        (6, "prices.overrides.gpt-5.input", "'free' is not an amount in USD per million tokens"),
        (8, "defaults.envelope.increase", "`soft` is above `hard`"),
        (9, "high_cost", "'5000 EUR' is not an amount in USD a month"),
        (11, "approval.approvers[0]", "'not a login' is not a login or a team"),
        (12, "approval.strict", "this is neither true nor false"),
        (16, "workflows.one.prompts[0]", "'../secret.txt' is not a path inside the repository"),
        (17, "workflows.one.prompts[1]", "the name 'what.xyz' does not tell the prompt's format"),
        (18, "workflows.one.prompts[2].role", "'robot' is unknown here"),
        (19, "workflows.one.modle", "the key 'modle' is unknown"),
        (20, "workflows.one.max_tokens", "'0' is not a number of tokens above zero"),
        (22, "workflows.one.traffic[0].calls", "'1000' is not a number of calls in a period"),
        (24, "workflows.one.traffic[1].output_tokens", "'many' is not a number of tokens"),
        (25, "workflows.one.traffic[1].cache_hit_rate", "'120%' is not a percentage from 0%"),
        (27, "workflows.two.prompts", "the list is empty"),
        (28, "workflows.two.traffic", "this is not a list"),
        (29, "workflows.three", "this is not a mapping"),
        (31, "budgets[0]", "the budget has no limit"),
        (32, "budgets[1].name", "the key `name` is missing"),
        (32, "budgets[1].match", "this is not a mapping"),
    }
    found = {(line, key): what for line, key, what, _ in told(MANY)}
    assert len(told(MANY)) == len(expected)
    assert found.keys() == {(line, key) for line, key, _ in expected}
    for line, key, what in expected:
        assert found[line, key].startswith(what)


def test_the_error_reads_as_one_line_for_each_problem() -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(MANY)
    lines = str(caught.value).splitlines()
    assert len(lines) == len(caught.value.problems)
    assert (f"{FILE}:2 (budget): the key 'budget' is unknown; did you mean `budgets`?") in lines


@pytest.mark.parametrize(
    "added",
    [
        "  v: {prompts: a.txt}",
        "budgets: [{name: b, match: {workflow: x}, monthly_cost: {hard: 1}}]",
    ],
    ids=["no traffic", "unknown workflow"],
)
def test_what_concerns_several_keys_is_told_beside_other_mistakes(added: str) -> None:
    assert len(told(f"{SMALL}{added}\nhigh_cost: 5 EUR\n")) == 2


def test_a_key_that_stands_twice_hides_no_other_mistake() -> None:
    assert len(told(f"{SMALL}high_cost: 1\nhigh_cost: 5 EUR\nbudget: []\n")) >= 2


def test_the_word_that_was_meant() -> None:
    assert told(f"{SMALL}    complexity: hihg\n")[0][3] == "did you mean 'high'?"


def test_a_mend_names_something_to_do() -> None:
    text = f"{SMALL}budgets: [{{name: b, match: {{tier: y}}, monthly_cost: {{hard: 1}}}}]\n"
    assert not told(text)[0][3].endswith("name one of ")


def test_calls_that_yaml_splits_are_told_as_money_is() -> None:
    text = SMALL.replace("calls: 1/month", "calls: 120,000/month")
    assert "YAML reads the unquoted `120,000/month`" in str(told(text))


def test_two_amounts_that_yaml_splits_alike() -> None:
    text = f"{SMALL}    envelope: {{monthly_cost: {{soft: $1,200, hard: $2,200}}}}\n"
    found = told(text)
    assert {line for line, *_ in found} == {6}
    said = " ".join(f"{what} {mend}" for _, _, what, mend in found)
    assert "YAML reads the unquoted `$1,200`" in said
    assert 'quote it, "$1,200"' in said
    assert "the key '200' stands in line 6 already" in said


# YAML


@pytest.mark.parametrize(
    ("added", "line", "words"),
    [
        ("version: 1", 6, ["key 'version'", "line 1"]),
        ("    prompts: b.txt", 6, ["key 'prompts'", "line 4"]),
        ("    feature: &f x", 6, ["anchor"]),
        ("    feature: *f", 6, ["alias"]),
        ("    feature: !!python/object:os.system x", 6, ["tag"]),
        ("    <<: {}", 6, ["merge key"]),
        ("    samples: " + "[" * 40 + "]" * 40, 6, ["32"]),
        ("    ? [a]\n    : b", 6, ["key", "list"]),
        ("---\nversion: 1", 6, ["document"]),
        ("    feature: [", None, ["YAML"]),
        ("    feature: 'x", 6, ["the quote that begins in this line does not end"]),
        ("  feature:\n\t- x", 7, ["a tab indents this line"]),
        ("    feature: a: b", 6, ["text that contains `: ` needs quotes"]),
        ("    feature: \x01", 6, ["character"]),
        ("    max_tokens: " + "9" * 5_000, 6, ["30 digits"]),
        ("x" * 1_100_000, None, ["1,048,576 characters"]),
        ("    samples: [" + "a, " * 110_000 + "]", 6, ["100,000"]),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_yaml_may_not_hold(added: str, line: int | None, words: list[str]) -> None:
    begin = time.monotonic()
    ((found, _, what, mend),) = told(f"{SMALL}{added}\n")
    assert time.monotonic() - begin < 5
    assert found in ({6, 7} if line is None else {line})
    assert all(word in what for word in words), what
    assert len(what) + len(mend) < 500


# any text at all

WORDS = sorted(set(re.findall(r"\w+|[^\w\n]+|\n *", EXAMPLE)))
LINES = EXAMPLE.splitlines()


def answered(text: str) -> None:
    """Read `text`, which must end in one of the two ways there are."""
    begin = time.monotonic()
    found: tuple[Any, ...] = ()
    try:
        found = (read(text).file,)
    except ConfigurationError as error:
        found = tuple(problem.mend for problem in error.problems if problem.place)
    assert found
    assert all(found)
    assert time.monotonic() - begin < 2


@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    answered(text)


@given(st.lists(st.sampled_from(WORDS), max_size=60))
def test_any_words_of_a_configuration_are_answered(words: list[str]) -> None:
    answered("version: 1\n" + "".join(words))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=3)
        ),
        max_leaves=20,
    )
)
def test_any_data_is_answered(data: Any) -> None:
    answered(json.dumps({"version": 1, "workflows": data, "budgets": data, "tiers": data}))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["delete", "repeat", "swap", "indent"]),
            st.integers(0, len(LINES) - 1),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_configuration_with_lines_gone_or_twice_is_answered(edits: list[tuple[str, int]]) -> None:
    lines = list(LINES)
    for edit, index in edits:
        at = index % len(lines)
        match edit:
            case "delete":
                del lines[at]
            case "repeat":
                lines.insert(at, lines[at])
            case "swap":
                lines[at], lines[at - 1] = lines[at - 1], lines[at]
            case _:
                lines[at] = "  " + lines[at]
    answered("\n".join(lines))
