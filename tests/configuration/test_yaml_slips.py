"""Slips of the hand in YAML and JSON are told at their own line, with what was meant."""

import pytest

from reviewbot.documents import parse_json, parse_yaml
from reviewbot.documents.conflict_marks import conflict_line
from reviewbot.errors import MeasurementError, Problem

CONFLICT = "a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> feature\n"
SLIPS = [
    ("a:\n  prompts: x\n  model:y\n  traffic: z\n", 3, "no blank stands behind `model:`", "write"),
    ("a:\n  - b: 1\n  -c: 2\n    d: 3\n", 3, "no blank stands behind `-`", "write `- c…`"),
    ("a:\n  b:\u00a0x\n  c: y\n", 2, "a no-break space stands in this line", "an ordinary blank"),
    ("a:\n  b: 1\n\tc: 2\n", 3, "a tab indents this line", "use blanks instead of tabs"),
    ("a: [@acme/finops]\n", 1, "text that begins with @ or ` needs quotes", "write '@acme/finops'"),
    ('a: "x\nb: y\n', 1, "the quote that begins in this line does not end", 'close it with "'),
    (
        "a:\n  b:\n    c:\n      - d\n  - name: e\n    f: 1\n",
        5,
        "an item of a list stands among the keys of `a`",
        "write `e:` instead of `- name: e`",
    ),
    (
        "a:\n  b:\n    c:\n      - d\n  - e:\n    f: 1\n",
        5,
        "an item of a list stands among the keys of `a`",
        "write `e:` instead of `- e:`",
    ),
    (
        "a:\n  - b: 1\n    c: 2\n    - b: 3\n",
        4,
        "this `-` is indented by 4 blanks",
        "indent it by 2 blanks",
    ),
    (
        "a: 1\n- b: 2\n",
        2,
        "an item of a list stands among the keys that begin in line 1",
        "write `b:` instead of `- b:`",
    ),
    (
        'a: 1\nb: ["web/.*\\.ts"]\n',
        2,
        "`\\.` is no escape in a text in double quotes",
        "write 'web/.*\\.ts'",
    ),
    (
        "a: x\nb:\n  c: 1\n  - d: 1\n    e: 2\n",
        4,
        "an item of a list stands among the keys of `b`",
        "write it as a key with its value, without `- `",
    ),
    (
        'a: 1\nb: "C:\\users"\n',
        2,
        "`\\u` is no escape in a text in double quotes",
        "write 'C:\\users'",
    ),
    (
        'a: "x\\n\\."\n',
        1,
        "`\\.` is no escape in a text in double quotes",
        "write `\\\\.`",
    ),
    (
        'a: "it\'s \\d"\n',
        1,
        "`\\d` is no escape in a text in double quotes",
        "write `\\\\d`",
    ),
    (CONFLICT, 2, "a merge conflict is not resolved", "keep one side, and take out the lines"),
]


def refused(text: str, *, is_json: bool = False) -> Problem:
    with pytest.raises(MeasurementError) as caught:
        (parse_json if is_json else parse_yaml)(text, file="f")
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(("text", "line", "what", "mend"), SLIPS, ids=[row[2] for row in SLIPS])
def test_a_slip_in_yaml(text: str, line: int, what: str, mend: str) -> None:
    problem = refused(text)
    assert problem.place is not None
    assert problem.place.line == line
    assert what in problem.what
    assert mend in problem.mend


def test_a_merge_conflict_in_json() -> None:
    problem = refused(
        '{\n<<<<<<< HEAD\n"a": 1\n=======\n"a": 2\n>>>>>>> feature\n}\n', is_json=True
    )
    assert problem.place is not None
    assert problem.place.line == 2
    assert problem.what == "a merge conflict is not resolved"


@pytest.mark.parametrize("ends", ["\r\n", "\n"])
@pytest.mark.parametrize("mark", ["||||||| merged common ancestors\n", ""])
def test_a_merge_conflict_whatever_ends_the_lines(ends: str, mark: str) -> None:
    text = f"a: 1\n<<<<<<<\nb: 1\n{mark}=======\nb: 2\n>>>>>>>\n".replace("\n", ends)
    assert conflict_line(text) == 2
    problem = refused(text)
    assert problem.place is not None
    assert (problem.place.line, problem.what) == (2, "a merge conflict is not resolved")


@pytest.mark.parametrize(
    "text",
    [
        "A line of signs:\n=======\nis a heading.\n",
        "<<<<<<< and >>>>>>> in words\n",
        "<<<<<<< SEARCH\nold\n>>>>>>> REPLACE\n",
        " <<<<<<< HEAD\n =======\n >>>>>>> x\n",
    ],
)
def test_signs_that_are_no_conflict(text: str) -> None:
    assert conflict_line(text) is None
