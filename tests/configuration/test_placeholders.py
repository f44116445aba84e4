"""A variable or a mark in place of an amount is told as one, and never as another slip."""

import pytest

from tests.support.configurations import SMALL, told

MARKS = ["${CALLS}", "$CALLS", "%CALLS%", "{{ calls }}", "${{ vars.CALLS }}", "<calls>", "@calls@",
         "#{calls}", "$(calls)", "__CALLS__", "env.CALLS", "process.env.CALLS", "TODO", "tbd", "???",
         "...", "n/a", "${CALLS:-100}"]  # fmt: skip
AMOUNTS = {
    "calls": (SMALL.replace("1/month", "§"), 5, "120_000/month"),
    "money": (f"{SMALL}    envelope: {{monthly_cost: {{hard: §}}}}\n", 6, "$1_200"),
    "share": (SMALL.replace("tokens: 1}", "tokens: 1, cache_hit_rate: §}"), 5, "80%"),
    "tokens": (f"{SMALL}    max_tokens: §\n", 6, "1_024"),
}


@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize("mark", MARKS)
def test_in_quotes_it_is_told_with_an_example(mark: str, amount: str) -> None:
    text, line, example = AMOUNTS[amount]
    ((at, _, what, mend),) = told(text.replace("§", f'"{mark}"'))
    assert (at, mend) == (line, f"write the value itself, like {example}")
    assert "fill" in what


@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize("mark", ["${CALLS}", "%CALLS%", "${{ vars.CALLS }}", "@calls@", "${A:-1}"])
def test_without_quotes_no_comma_is_missing(mark: str, amount: str) -> None:
    text, line, example = AMOUNTS[amount]
    ((at, _, what, mend),) = told(text.replace("§", mark))
    assert at == line
    assert mark in what
    assert "fill" in what
    assert mend in (
        "write what it stands for; text that is meant needs quotes",
        f"write the value itself, like {example}",
    )


def test_double_braces_are_a_value_or_a_text() -> None:
    ((at, _, _, mend),) = told(AMOUNTS["calls"][0].replace("§", "{{ calls }}"))
    assert at == 5
    assert mend == 'write the value itself, or quote it if it is meant as text: "{{ name }}"'
