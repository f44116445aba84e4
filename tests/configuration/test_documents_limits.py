"""Documents that attack the reader end soon in a problem."""

import json
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
import yaml

from reviewbot.documents import (
    MAX_CHARACTERS,
    MAX_DEPTH_LEVELS,
    MAX_INTEGER_DIGITS,
    MAX_NODES,
    parse_json,
    parse_yaml,
    plain,
)
from reviewbot.errors import MeasurementError
from tests.support.parsing import Parse, refused


@pytest.mark.parametrize("parse", [parse_yaml, parse_json])
@pytest.mark.parametrize(
    ("allowed", "too_much", "line"),
    [
        ("\n" * 9 + "1" + " " * (MAX_CHARACTERS - 10), "\n" * 9 + "1" + " " * MAX_CHARACTERS, 10),
        (
            "[" * MAX_DEPTH_LEVELS + "]" * MAX_DEPTH_LEVELS,
            "\n[" * (MAX_DEPTH_LEVELS + 1) + "]" * (MAX_DEPTH_LEVELS + 1),
            MAX_DEPTH_LEVELS + 2,
        ),
        (
            "[\n" + "1,\n" * (MAX_NODES - 2) + "1]",
            "[\n" + "1,\n" * (MAX_NODES - 1) + "1]",
            MAX_NODES + 1,
        ),
        ("[-" + "9" * MAX_INTEGER_DIGITS + "]", "[\n-" + "9" * (MAX_INTEGER_DIGITS + 1) + "]", 2),
    ],
    ids=["characters", "depth", "nodes", "digits"],
)
def test_the_limits_are_met_exactly(parse: Parse, allowed: str, too_much: str, line: int) -> None:
    assert plain(parse(allowed, file="f")) == json.loads(allowed)
    assert refused(parse, too_much)[0] == line


# Attacks, each in a process of its own, which they may bring down

BILLION_LAUGHS = "a0: &a0 [lol, lol]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 12)
)
MERGE_BOMB = "a0: &a0 {k: 1}\n" + "".join(
    f"a{level}: &a{level}\n  <<: [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 9)
)
LONG_MERGES = f"a: &a {{{', '.join(f'k{n}: 1' for n in range(1_000))}}}\n" + "".join(
    f"b{n}: {{<<: *a}}\n" for n in range(200)
)
READ = """
import sys
from reviewbot import documents
from reviewbot.errors import MeasurementError
try:
    documents.plain(getattr(documents, sys.argv[1])(sys.stdin.read(), file="f"))
except MeasurementError as error:
    (problem,) = error.problems
    print(problem.place.line, problem.what)
"""


@pytest.mark.parametrize(
    ("parse", "text", "line", "what"),
    [
        ("parse_yaml", "[" * 200_000, 1, "32 deep"),
        ("parse_yaml", "\n{a: " * 200_000, 34, "32 deep"),
        ("parse_yaml", "- " * 200_000, 1, "32 deep"),
        ("parse_yaml", "? " * 200_000, 1, "key belongs"),
        ("parse_json", "[\n" * 200_000, 33, "32 deep"),
        ("parse_json", '{"a":' * 200_000, 1, "32 deep"),
        ("parse_yaml", BILLION_LAUGHS, 1, "anchors"),
        ("parse_yaml", MERGE_BOMB, 1, "anchors"),
        ("parse_yaml", "a: 1\nb: " + "1" * 5_000, 2, "more than 30 digits"),
        ("parse_json", "[1,\n" + "1" * 1_000_000 + "]", 2, "more than 30 digits"),
        ("parse_yaml", "- x\n" * 200_000, 100_000, "100,000 keys and values"),
        ("parse_json", "[" + "{},\n" * 200_000, 100_000, "100,000 keys and values"),
        ("parse_yaml", "a: 1\n" * 200_000, 2, "already"),
        ("parse_yaml", "a\n" * 1_000_000, 524_289, "1,048,576 characters"),
        ("parse_yaml", "".join(f"%TAG !{i}! x\n" for i in range(60_000)), 1, "directives"),
        (
            "parse_yaml",
            "a\n...\n" + "".join(f"%TAG !{i}! x\n" for i in range(60_000)),
            3,
            "directives",
        ),
        ("parse_yaml", "!!python/object/apply:os._exit [0]", 1, "tags"),
    ],
    ids=[
        "lists",
        "flow mappings",
        "block lists",
        "complex keys",
        "JSON lists",
        "JSON mappings",
        "billion laughs",
        "merge bomb",
        "5,000 digits",
        "a million JSON digits",
        "many nodes",
        "many JSON nodes",
        "one key many times",
        "much text",
        "many directives",
        "many directives of a second document",
        "code in a tag",
    ],
)
def test_attacks_end_soon_in_a_problem(parse: str, text: str, line: int, what: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", READ, parse],
        input=text,
        capture_output=True,
        encoding="utf-8",
        timeout=5,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    found_line, found = done.stdout.split(" ", 1)
    assert int(found_line) == line
    assert what in found


def test_twenty_thousand_honest_lines_take_no_multiple_of_the_c_loaders_time() -> None:
    text = "".join(
        f"workflow-{i}:\n  model: openai/gpt-4.1\n  calls: 120_000/month\n"
        "  output_tokens: 350\n  items: [a, 'b', 1.5]\n"
        for i in range(4_000)
    )

    def best_seconds(read: Callable[[], object]) -> float:
        def timed() -> float:
            begun = time.perf_counter()
            read()
            return time.perf_counter() - begun

        return min(timed() for _ in range(3))

    ours = best_seconds(lambda: parse_yaml(text, file="f"))
    theirs = best_seconds(lambda: yaml.load(text, Loader=yaml.CSafeLoader))
    assert ours < 10 * theirs  # once, without coverage's tracing


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        (BILLION_LAUGHS, 6, "100,000 keys and values"),
        (LONG_MERGES, 99, "100,000 keys and values"),
        ("a: &a " + "x" * 200_000 + "\nb: [*a, *a, *a,\n*a, *a, *a]", 3, "1,048,576 characters"),
        (
            "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 40)),
            32,
            "32 deep",
        ),
    ],
    ids=["lists", "merge keys", "texts", "depth"],
)
def test_what_aliases_repeat_counts_as_if_it_were_written(text: str, line: int, what: str) -> None:
    with pytest.raises(MeasurementError) as raised:
        parse_yaml(text, file="f", shares=True)
    (problem,) = raised.value.problems
    assert what in problem.what
    assert problem.place is not None
    assert problem.place.line == line
