"""YAML and JSON as data whose lines are known."""

import json
import re
import subprocess
import sys

import pytest
import yaml

from reviewbot.documents import (
    Entry,
    ListNode,
    MappingNode,
    Node,
    Scalar,
    parse_json,
    parse_yaml,
    plain,
)
from tests.support.parsing import refused


def entry_of(node: Node, key: str) -> Entry:
    assert isinstance(node, MappingNode)
    return next(entry for entry in node.entries if entry.key == key)


# What is read


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("NULL", None),
        ("nUll", "nUll"),
        ("true", True),
        ("False", False),
        ("TRUE", True),
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("y", "y"),
        ("0", 0),
        ("010", 10),
        ("-7", -7),
        ("+7", 7),
        ("0o17", 15),
        ("0x1F", 31),
        ("-0x1F", "-0x1F"),
        ("0b11", "0b11"),
        ("1.10", 1.1),
        ("-.5", -0.5),
        ("1.", 1.0),
        (".", "."),
        ("1e5", 100000.0),
        ("1.5E-3", 0.0015),
        ("1e", "1e"),
        ("2_000", "2_000"),
        ("120_000/month", "120_000/month"),
        ("12:30:45", "12:30:45"),
        ("2026-11-01", "2026-11-01"),
        ("2026-99-99", "2026-99-99"),
        ("5%", "5%"),
        ("$1_200", "$1_200"),
        ("٣", "٣"),
        ("=", "="),
    ],
)
def test_plain_yaml_scalars_follow_the_core_schema(
    written: str,
    value: str | float | bool | None,  # noqa: FBT001 - a table's column
) -> None:
    node = parse_yaml(f"key: {written}", file="f")
    scalar = entry_of(node, "key").value
    assert scalar == Scalar(line=1, value=value, text=written)
    assert type(plain(scalar)) is type(value)


@pytest.mark.parametrize("written", ["'10'", '"10"', "|-\n  10", ">-\n  10"])
def test_quotes_and_blocks_make_a_string(written: str) -> None:
    scalar = entry_of(parse_yaml(f"key: {written}", file="f"), "key").value
    assert isinstance(scalar, Scalar)
    assert (scalar.value, scalar.text, scalar.quoted) == ("10", "10", True)


def test_an_amount_keeps_how_it_is_written() -> None:
    for node in (parse_yaml("1.10", file="f"), parse_json("1.10", file="f")):
        assert node == Scalar(line=1, value=1.1, text="1.10")


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "--- \n# c\n...\n"])
def test_an_empty_yaml_document_is_a_null(text: str) -> None:
    node = parse_yaml(text, file="f")
    assert plain(node) is None
    assert node.line <= max(1, len(text.splitlines()))


def test_yaml_nodes_know_their_lines() -> None:
    node = parse_yaml(
        "# a comment\nfirst:\n  - one\n  - {two: 2,\n     three: 3}\nempty:\n\nlast: 'x\n  y'\n",
        file="f",
    )
    assert node == MappingNode(
        line=2,
        entries=(
            Entry(
                key="first",
                key_line=2,
                value=ListNode(
                    line=3,
                    items=(
                        Scalar(line=3, value="one", text="one"),
                        MappingNode(
                            line=4,
                            entries=(
                                Entry(
                                    key="two", key_line=4, value=Scalar(line=4, value=2, text="2")
                                ),
                                Entry(
                                    key="three", key_line=5, value=Scalar(line=5, value=3, text="3")
                                ),
                            ),
                        ),
                    ),
                ),
            ),
            Entry(key="empty", key_line=6, value=Scalar(line=6, value=None, text="")),
            Entry(
                key="last", key_line=8, value=Scalar(line=8, value="x y", text="x y", quoted=True)
            ),
        ),
    )


@pytest.mark.parametrize("indicator", ["|", ">", "|+", ">-", "|2", "|  # kept"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_block_scalar_begins_below_its_indicator(indicator: str, newline: str) -> None:
    text = newline.join(["role: user", f"content: {indicator}", "  Hello {{ name }}", "after: x"])
    node = parse_yaml(text, file="f")
    assert entry_of(node, "content").key_line == 2
    assert entry_of(node, "content").value.line == 3
    assert entry_of(node, "after").value.line == 4


def test_an_empty_block_scalar_stays_on_its_own_line() -> None:
    assert entry_of(parse_yaml("a: |\nb: 1", file="f"), "a").value.line == 1


def test_keys_are_text_whatever_they_look_like() -> None:
    text = "on: 1\n010: 2\n'<<': 3\nnull: 4\ntrue: 5\n"
    assert plain(parse_yaml(text, file="f")) == {
        "on": 1,
        "010": 2,
        "<<": 3,
        "null": 4,
        "true": 5,
    }


def test_an_unquoted_comma_in_money_shows_as_a_key_of_its_own() -> None:
    assert plain(parse_yaml("{hard: $1,200}", file="f")) == {"hard": "$1", "200": None}


def test_a_value_is_found_by_its_key() -> None:
    node = parse_yaml("a: 1\nb: 2", file="f")
    assert isinstance(node, MappingNode)
    assert node.get("b") == Scalar(line=2, value=2, text="2")
    assert node.get("c") is None


def test_json_values_and_lines() -> None:
    text = '{\t"a\\/b":\r\n [1, -0.50, "\\ud83d\\ude00",\n\n true],\n"c": {}, "d": null}'
    node = parse_json(text, file="f")
    assert plain(node) == json.loads(text)
    assert node == MappingNode(
        line=1,
        entries=(
            Entry(
                key="a/b",
                key_line=1,
                value=ListNode(
                    line=2,
                    items=(
                        Scalar(line=2, value=1, text="1"),
                        Scalar(line=2, value=-0.5, text="-0.50"),
                        Scalar(line=2, value="😀", text="😀", quoted=True),
                        Scalar(line=4, value=True, text="true"),
                    ),
                ),
            ),
            Entry(key="c", key_line=5, value=MappingNode(line=5, entries=())),
            Entry(key="d", key_line=5, value=Scalar(line=5, value=None, text="null")),
        ),
    )


def test_a_lone_surrogate_in_json_is_read_as_python_reads_it() -> None:
    assert plain(parse_json('["\\ud83d", "\ud83d"]', file="f")) == ["\ud83d", "\ud83d"]


# What is refused


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a: 1\nb: &x 2", 2, "anchors, aliases"),
        ("a:\n  - &x {}", 2, "anchors, aliases"),
        ("a:\n\n  *x", 3, "anchors, aliases"),
        ("a: 1\nb: !!python/object/apply:os.system [x]", 2, "tags"),
        ("- !!str 1", 1, "tags"),
        ("- ! 1", 1, "tags"),
        ("a: 1\nb: !!map {}", 2, "tags"),
        ("- !%ED%A0%80 a", 1, "cannot be read|not YAML"),
        ("a:\n  x: 1\n  <<: {y: 1}", 3, "merge keys"),
        ("a: 1\nb: 2\n'a': 3", 3, "the key 'a' stands in line 1 already"),
        ("content: {{ name }}", 1, "where a key belongs"),
        ("a: 1\n? [b]\n: 1", 2, "where a key belongs"),
        ("a: 1\n---\nb: 1", 2, "second document"),
        ("---\n---\n", 2, "second document"),
        ("%YAML 1.2\n---\na", 1, "directives"),
        ("a\n...\n%TAG ! tag:x,2026:\n---\nb", 3, "directives"),
        ("a: 1\nb: x\0", 2, r"U\+0000"),
        ("a: 1\n\nb: x\x1b[31m", 3, r"U\+001B"),
        ("a: |\n  x\u2028y", 2, r"U\+2028"),
        ("a: \ud83d", 1, r"U\+D83D"),
        ("a: 0x" + "f" * 40, 1, "more than 30 digits"),
        ("a: .inf", 1, "no finite number"),
        ("a: 1\nb: .NaN", 2, "no finite number"),
        ("a: 1e999", 1, "no finite number"),
        ("a: @acme", 1, "cannot start any token|needs quotes"),
        ("a: b: c", 1, "text that contains `: ` needs quotes"),
        ("a:\n  b: 1\n c: 2", 3, "indented by 1 blank|from line 1"),
        ('a: 1\nb: "x\n\n', 2, "the quote that begins in this line does not end"),
        ('a: "\\UFFFFFFFF"', 1, "escape|too large"),
        ("a: [", 1, "node"),
    ],
)
@pytest.mark.parametrize("loader", ["libyaml", "pure"])
def test_refused_yaml_is_named_with_its_line(
    text: str, line: int, what: str, loader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if loader == "pure":
        monkeypatch.delattr(yaml, "CSafeLoader")
    found_line, found = refused(parse_yaml, text)
    assert found_line == line
    assert re.search(what, found)


def test_both_yaml_parsers_read_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: [1, 'x', ~]\nb: |\n  text\nc: {d: \"e\\u0041\"}\nf:\n"
    node = parse_yaml(text, file="f")
    monkeypatch.delattr(yaml, "CSafeLoader")
    assert parse_yaml(text, file="f") == node


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("", 1, "ends too early"),
        ("\n \n", 1, "ends too early"),
        ('{"a":\n[1,\n', 2, "ends too early"),
        ('{"a": 1,\n}', 1, "a comma stands before `}`"),
        ("[1,\n2,]", 2, "a comma stands before `]`"),
        ('{"a": ]', 1, "']' is not expected"),
        ('{"a": 1, "b": }', 1, "'}' is not expected"),
        ("[1\n2]", 2, "no comma stands before `2`"),
        ("[1}", 1, "'}' is not expected"),
        ("]", 1, "']' is not expected"),
        ("{a: 1}", 1, "the key `a` stands without quotes"),
        ("{'a': 1}", 1, "a text stands in single quotes"),
        ('{"a"}', 1, "'}' is not expected"),
        ('{"a": 1: 2}', 1, "':' is not expected"),
        ("[]\n\n[]", 3, r"'\[' is not expected"),
        ("[01]", 1, "'1' is not expected"),
        ("// why\n1", 1, "a comment stands here"),
        ("[1,\u00a02]", 1, "is not expected"),
        ("\n[tru]", 2, "Expecting value"),
        ('[\n"a', 2, "Unterminated string"),
        ('"a\tb"', 1, "Invalid control character"),
        ('["a",\n"\\q"]', 2, "escape"),
        ('{"a": 1,\n"\\u0061": 2}', 2, "the key 'a' stands in line 1 already"),
        ("[1,\nNaN]", 2, "'NaN' is no finite number"),
        ("[-Infinity]", 1, "'-Infinity' is no finite number"),
        ("[1e999]", 1, "no finite number"),
    ],
)
def test_refused_json_is_named_with_its_line(text: str, line: int, what: str) -> None:
    found_line, found = refused(parse_json, text)
    assert found_line == line
    assert re.search(what, found)


def test_importing_it_imports_no_parser() -> None:
    code = (
        "import sys; before = set(sys.modules); import reviewbot.documents; "
        "print(*sorted({'yaml', 'json', 'pydantic', 'jinja2', 'tiktoken'} "
        "& (set(sys.modules) - before)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.strip() == ""


def test_a_process_that_ends_early_waits_for_what_is_still_being_loaded() -> None:
    """A library that is loaded while Python goes crashes it now and then (SIGSEGV, SIGABRT)."""
    program = (
        "import atexit, sys; from reviewbot.documents import yaml_text; "
        "atexit.register(lambda: print('yaml.loader' in sys.modules)); yaml_text.load_ahead()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "True\n")
