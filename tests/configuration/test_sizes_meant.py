"""A size of a sample's value that is written as text, or in the wrong place, is told."""

import re

import pytest

from reviewbot.configuration.reading import read_configuration
from tests.support.configurations import FILE, SMALL, told

VARIABLES = f"{SMALL}    samples:\n      - name: typical\n        variables:\n"
"""What is added to it stands in line 9."""
HERE = "workflows.w.samples[0].variables.ticket"


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("80 tokens", "80"),
        ("80 token", "80"),
        ("80tokens", "80"),
        ("80 toks", "80"),
        ("80 tok", "80"),
        ("~80 tokens", "80"),
        ("≈ 80 tokens", "80"),
        ("about 80 tokens", "80"),
        ("ca. 80 tokens", "80"),
        ("80k tokens", "80_000"),
        ("1.5k tokens", "1_500"),
        ("1_200 tokens", "1_200"),
        ("1.200 tokens", "1_200"),
        ("80 Tokens", "80"),
        ('"{tokens: 80}"', "80"),
        ("{tokens 80}", "80"),
        ("{tokens:80}", "80"),
        ("{token: 80}", "80"),
        ("{Tokens: 80}", "80"),
        ("{toks: 80}", "80"),
        ("{token_count: 80}", "80"),
        ("{tokens: 80 tokens}", "80"),
        ("{tokens: ~80}", "80"),
        ("{tokens: 2k}", "2_000"),
    ],
)
def test_a_size_that_is_no_size_is_told_with_the_size(written: str, size: str) -> None:
    text = f"{VARIABLES}          ticket: {written}\n"
    ((line, key, what, mend),) = told(text)
    assert (line, (key or "")[: len(HERE)]) == (9, HERE)
    assert f"{{tokens: {size}}}" in mend
    assert what
    meant = re.search(r"`(\{tokens: \w+\})`", mend)
    assert meant
    read_configuration(text.replace(written, meant[1]), file=FILE)


@pytest.mark.parametrize(
    "written",
    [
        '"80 tokens"',
        "I have 80 tokens",
        "80 tokens of text",
        "80 words",
        "8",
        "tokens",
        "{tokens: 80}",
        "{tokens: '1,200'}",
        "{size: 80}",
        "{tokens: [1, 2]}",
        "{tokens: 80, text: x}",
        "{tokens left: x}",
        "a 7 tok",
    ],
)
def test_what_is_text_or_data_is_not_told(written: str) -> None:
    read_configuration(f"{VARIABLES}          ticket: {written}\n", file=FILE)


def test_a_size_beside_its_variable_is_told() -> None:
    ((line, _, what, mend),) = told(f"{VARIABLES}          ticket:\n          tokens: 80\n")
    assert (line, what) == (10, "`tokens` stands beside `ticket`, which is empty")
    assert mend == "write `ticket: {tokens: 80}`; where it is to be empty, `ticket: null`"
    read_configuration(f"{VARIABLES}          ticket: null\n          tokens: 80\n", file=FILE)


def test_a_size_beside_the_variables_is_told() -> None:
    ((line, key, _, mend),) = told(f"{VARIABLES}          ticket: x\n        tokens: 80\n")
    assert (line, key) == (10, "workflows.w.samples[0].tokens")
    assert "a variable of the sample, such as `ticket: {tokens: …}`" in mend
