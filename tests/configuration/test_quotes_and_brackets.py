"""Quotes, brackets and indentation that are wrong in YAML are told where the hand slipped."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.documents import parse_yaml
from reviewbot.errors import MeasurementError, Problem

TEXT = """\
version: 1
approval:
  approvers: ["@acme/finops"]
  label: spent
workflows:
  triage:
    owner: "@acme/support"
    model: openai/gpt-4.1-mini
    feature: support
    prompts:
      - {path: a.j2, role: system}
      - {path: b.j2, role: user}
    samples: samples/*.yaml
    envelope:
      monthly_cost: {soft: 5%, hard: 20%}
  answer:
    owner: "@acme/answers"
"""
NO_END = "the quote that begins in this line does not end"
LOST = "` #` begins a comment, so the rest of the line is lost"
OPEN = "the bracket that begins in this line does not end"
COLON = "text that contains `: ` needs quotes"
MISTAKES = [
    # what is replaced, by what, the line, what is wrong, the mend
    ('"@acme/support"', '"@acme/support', 7, NO_END, 'close it with "'),
    ('"@acme/support"', "'@acme/support", 7, NO_END, "close it with '"),
    ('["@acme/finops"]', '["@acme/finops]', 3, NO_END, 'close it with "'),
    ('"@acme/answers"', '"@acme/answers', 17, NO_END, 'close it with "'),
    (
        '"@acme/support"',
        '"@acme"/support',
        7,
        'text follows the closing "',
        'put all of it in quotes: "@acme/support"',
    ),
    (
        "feature: support",
        "feature: 'it's here'",
        9,
        "text follows the closing '",
        'put all of it in quotes: "it\'s here"',
    ),
    (
        '"@acme/support"',
        '"@acme/support" // weekly',
        7,
        "comments begin with `#`",
        "write `# weekly`",
    ),
    (
        "    samples",
        "    // weekly\n    samples",
        13,
        "comments begin with `#`",
        "write `# weekly`",
    ),
    ('["@acme/finops"]', '["@acme/finops"', 3, OPEN, "close it with `]`"),
    ("hard: 20%}", "hard: 20%", 15, OPEN, "close it with `}`"),
    ("role: user}", "role: user", 12, OPEN, "close it with `}`"),
    ("b.j2", "b.py #B", 12, LOST, "write `b.py#B`, without the blank"),
    ("a.j2", "a.py  #A.b", 11, LOST, "write `a.py#A.b`, without the blank"),
    ("samples/*.yaml", "[a.ts #x]", 13, LOST, "write `a.ts#x`, without the blank"),
    ("20%}", "20% # a lot}", 15, LOST, "put text that contains ` #` in quotes"),
    ("hard: 20%}", "hard: 20%}}", 15, "there is one `}` too many", "take it out"),
    ('finops"]', 'finops"]]', 3, "there is one `]` too many", "take it out"),
    ('finops"]', 'finops"}', 3, "`}` closes what line 3 opens with `[`", "write `]`"),
    ("feature: support", "feature: support: tier 1", 9, COLON, 'write "support: tier 1"'),
    ("path: b.j2", "path: b: x.j2", 12, COLON, 'write "b: x.j2"'),
    ("samples/*.yaml", "*.yaml", 13, "text that begins with * needs quotes", 'write "*.yaml"'),
    ("soft: 5%", "soft: %5", 15, "a percent sign stands behind its number", "write 5%"),
    ("- {path: b", "-{path: b", 12, "no blank stands behind `-`", "write `- {path…`"),
    ("- {path: a", "-{path: a", 11, "no blank stands behind `-`", "write `- {path…`"),
    (
        "  triage:",
        "  - triage:",
        6,
        "a list begins here, but line 16 has a key",
        "write `triage:` instead of `- triage:`",
    ),
    (
        "  triage:",
        "  - name: triage",
        6,
        "a list begins here, but line 16 has a key",
        "write `triage:` instead of `- name: triage`",
    ),
    (
        "    samples",
        "      samples",
        13,
        "a key stands among the items of `prompts`",
        "indent it by 4 blanks",
    ),
    (
        "      - {path: b",
        "        - {path: b",
        12,
        "this `-` is indented by 8 blanks, the one in line 11 by 6",
        "indent both alike",
    ),
    (
        "    model",
        "   model",
        8,
        "this line is indented by 3 blanks, the keys beside it by 4",
        "indent it by 4 blanks",
    ),
    (
        "    model",
        "     model",
        8,
        "this line is indented by 5 blanks, the keys beside it by 4",
        "indent it by 4 blanks",
    ),
    (
        "    feature",
        "     feature",
        9,
        "this line is indented by 5 blanks, the keys beside it by 4",
        "indent it by 4 blanks",
    ),
    (
        "  answer",
        "   answer",
        16,
        "this line is indented by 3 blanks, the one in line 6 by 2",
        "indent both alike",
    ),
    ("  triage:", "triage:", 6, "`triage` stands beside `workflows`", "indent it by 2 blanks"),
]


def refused(text: str) -> Problem:
    with pytest.raises(MeasurementError) as caught:
        parse_yaml(text, file="f")
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize("mistake", MISTAKES, ids=[row[1].strip() for row in MISTAKES])
@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_a_slip_is_told_at_its_line(mistake: tuple[str, str, int, str, str], ends: str) -> None:
    old, new, line, what, mend = mistake
    assert old in TEXT
    problem = refused(TEXT.replace(old, new, 1).replace("\n", ends))
    assert problem.place is not None
    assert (problem.place.line, problem.what, problem.mend) == (line, what, mend)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a: "one\n  two"\nb: "x" y\n', 3),  # a quote may go over lines
        ("a: |\n  \"it's\nb: 'x\n", 3),  # and means nothing in a block of text
        ('# "\na: it\'s\nb: "x\n', 3),  # or in a comment, or within a word
        ('a: ["x\n  y", "z]\n', 2),
        ('\ufeffa: "x\nb: "y"\n', 1),
        ('ä: "ü𝕏\nb: "y"\n', 1),
        ('- "x\n- y: "z"\n', 1),
    ],
)
def test_a_quote_is_found_whatever_the_style(text: str, line: int) -> None:
    problem = refused(text)
    assert problem.place is not None
    assert problem.place.line == line
    assert "quote" in problem.what + problem.mend


@pytest.mark.parametrize(
    "text",
    [
        '{\n"a": 1\n"b": 2\n}\n',
        '{"a": 1\n"b": 2}\n',
        'a: [\n  "b"\n  "c"\n]\n',
        'a: ["b" "c"]\n',
    ],
)
def test_a_missing_comma_is_no_bracket_without_end(text: str) -> None:
    problem = refused(text)
    assert "does not end" not in problem.what
    assert "a comma is missing before" in problem.what


@given(cut=st.integers(0, len(TEXT) - 1), put=st.sampled_from(["", '"', "'", "[", "}", "  ", "-"]))
def test_a_slip_lies_in_the_text_and_its_mend_is_short(cut: int, put: str) -> None:
    text = TEXT[:cut] + put + TEXT[cut + 1 :]
    try:
        parse_yaml(text, file="f")
    except MeasurementError as error:
        (problem,) = error.problems
        assert problem.place is not None
        assert 1 <= (problem.place.line or 0) <= text.count("\n") + 1
        assert problem.mend.isprintable()
        assert len(problem.what) + len(problem.mend) < 400


@pytest.mark.parametrize("deletion", [r'"(?=\n|\])', r"[]}](?=\n)"], ids=["quote", "bracket"])
def test_each_quote_and_bracket_that_is_not_closed_is_found(deletion: str) -> None:
    for found in re.finditer(deletion, TEXT):
        problem = refused(TEXT[: found.start()] + TEXT[found.end() :])
        assert problem.place is not None
        assert problem.place.line == TEXT.count("\n", 0, found.start()) + 1
        assert problem.what in {NO_END, OPEN}


@pytest.mark.parametrize(
    "text",
    [
        "a: [" * 5 + "x, " * 30_000,
        'a: "x"\n' + "- " * 200_000,
        "b: x\n" + " a: 1\n" * 90_000 + "  c: d\n",
        "a:\n" + "  - b\n" * 90_000 + " c: d\n",
        "a:\n" + '  - "b\n' * 90_000,
        "x:\n" + "  k: {\n" * 90_000,
        'a: "' + "\n" * 400_000 + '" b\n',
    ],
    ids=range(7),
)
def test_a_long_text_is_refused_soon(text: str) -> None:
    begin = time.process_time()
    refused(text)
    assert time.process_time() - begin < 4
