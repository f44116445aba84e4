"""Text that a template keeps has moved if no rendering shows it any more."""

import pytest

from reviewbot.scope.affected import MovedText
from reviewbot.scope.moved_text import hidden_files

WORDS = [f"word{number}" for number in range(60)]
TEXT = " ".join(WORDS)
RUNS = frozenset(zip(*(WORDS[start:] for start in range(5)), strict=False))
LONG = "x " * 2_100_000


@pytest.mark.parametrize(
    ("before", "after", "is_hidden"),
    [
        ([TEXT], [TEXT], False),
        ([TEXT], ["Hi."], True),
        (["Hi."], ["Hi."], False),
        (None, ["Hi."], True),  # nobody knows what was shown
        ([LONG, TEXT], ["Hi."], True),  # more than is looked at
        ([TEXT], [LONG, TEXT], True),
    ],
)
def test_what_cannot_be_looked_at_counts_as_moved(
    before: list[str] | None, after: list[str], *, is_hidden: bool
) -> None:
    moved = MovedText(path="x.md", words=60, content="", kept={"w": RUNS})
    assert [*hidden_files([moved], "w", before, after)] == ["x.md"] * is_hidden
