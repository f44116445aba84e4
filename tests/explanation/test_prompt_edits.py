"""Edits that are proposed for a prompt's text, honest or hostile."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.explanation.cheaper_texts import TextEdit, edits, moved_to_end, squeeze
from reviewbot.report import SuggestionKind

LONG = "Always answer in the language of the question, and never promise a refund to anybody.\n"


def lines(text: str, kind: SuggestionKind) -> list[tuple[int, int]]:
    found = [item for item in edits({"p": text}) if item.kind is kind]
    return [(item.first_line, item.last_line) for item in found]


# text, and the lines of its examples
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a\n<example>\nx\n</example>\nb\n", [(2, 4)]),
        ("<EXAMPLE id='1'>x</EXAMPLE>\nb\n", [(1, 1)]),
        ("<example>\nno end\n", []),
        ("# Title\n## Example\nx\n### part\ny\n## Rules\nz\n", [(2, 5)]),
        ("## Examples\nx", [(1, 2)]),
        ("a\n\nQuestion: x\nAnswer: y\n\nb\n", [(3, 5)]),
        ("no start:\nQuestion: x\n", []),
        ("a\n\nQuestion:\n{{ question }}\n", []),
        ("a\n\nQuestion: {question}\n", []),
        ("a\n\nUser: ${user.name}\n\nQuestion: x\nAnswer: y\n", [(5, 6)]),
        ("## Examples\nx\n{{~ question }}", []),
        ('Example: a\n{"class": "b"}\n', [(1, 2)]),
        ("{% for e in examples %}\n\nQ: {{ e.q }}\n\n{% endfor %}\n\nQ: {{ q }}\n", [(3, 4)]),
        ("{{#each shots}}\n\nQ: {{q}}{{/each}}\n\nQ: {{q}}\n", [(3, 4)]),
        ("{{/each}}{% for turn in history %}\n\nUser: {{ turn }}\n\n{% endfor %}\n", []),
    ],
)
def test_examples(text: str, found: list[tuple[int, int]]) -> None:
    assert lines(text, SuggestionKind.EXAMPLE) == found


def test_tags_that_nobody_closes_are_given_up() -> None:
    assert lines("<example>\n" * 100_000, SuggestionKind.EXAMPLE) == []


def test_a_repeated_paragraph_is_the_later_one() -> None:
    assert lines(f"{LONG}\nother\n\n{LONG}", SuggestionKind.REPEATED) == [(5, 5)]
    assert lines(f"{LONG}\n{LONG.upper()}", SuggestionKind.REPEATED) == [(3, 3)]
    assert lines("short\n\nshort\n", SuggestionKind.REPEATED) == []


@given(st.text(alphabet="a \t\n", max_size=80))
def test_squeezing_keeps_words_and_is_done_once(text: str) -> None:
    squeezed = squeeze(text)
    assert squeezed.split() == text.split()
    assert squeeze(squeezed) == squeezed
    assert len(squeezed) <= len(text)


@given(st.lists(st.sampled_from(["a\n", "b\n", "c\n"]), min_size=1, max_size=6), st.integers(1, 7))
def test_a_moved_line_is_the_last_and_nothing_is_lost(text: list[str], line: int) -> None:
    edit: TextEdit | None = moved_to_end("p", "".join(text), line)
    if line >= len(text):
        assert edit is None
        return
    assert edit is not None
    assert edit.text == "".join([*text[: line - 1], *text[line:], text[line - 1]])
