"""Any text gives a node, or a problem on one of its lines; what libraries write is read back."""

import json
from contextlib import suppress
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.documents import (
    MAX_INTEGER_DIGITS,
    parse_json,
    parse_yaml,
    plain,
)
from reviewbot.errors import MeasurementError
from tests.support.parsing import Parse

# Laws

READABLE = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
ASCII = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=8)
SIGNS = [
    *"[]{}-?:,&*!|>#%'\"\\ \n\t\r\0<~",
    "- ",
    ": ",
    "? ",
    "\n  ",
    "---\n",
    "...\n",
    "<<: ",
    "!!",
]
WORDS = ["a", "0x1", "1e5", ".5", "010", ".inf", '"a"', '"b":', "null", "true", "NaN", "-Infinity"]
ODDITIES = [
    "\ufeff",
    "\ud83d",
    "\\ud83d",
    "\\U00110000",
    "\u2028",
    "\x85",
    "|2",
    "!%ED%A0%80 ",
    "é",
]
PIECES = st.lists(st.sampled_from(SIGNS + WORDS + ODDITIES), max_size=12).map("".join)


def data(strings: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Data that JSON can hold, within the limits."""
    largest = 10**MAX_INTEGER_DIGITS - 1
    scalars = (
        st.none()
        | st.booleans()
        | st.integers(-largest, largest)
        | st.floats(allow_nan=False, allow_infinity=False)
        | strings
    )
    return st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(strings, inner, max_size=4),
        max_leaves=12,
    )


def same(left: object, right: object) -> bool:
    """Whether two values are alike down to their types and the sign of zero."""
    return repr(left) == repr(right)


@given(st.text(max_size=40) | PIECES)
@pytest.mark.parametrize("parse", [parse_yaml, parse_json])
def test_any_text_gives_a_node_or_a_problem_on_one_of_its_lines(parse: Parse, text: str) -> None:
    try:
        plain(parse(text, file="f"))
    except MeasurementError as error:
        (problem,) = error.problems
        assert problem.place is not None
        assert problem.place.line is not None
        assert 1 <= problem.place.line <= text.count("\n") + 1


@given(PIECES)
def test_any_text_the_pure_parser_reads_gives_a_node_or_a_problem(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(yaml, "CSafeLoader")
        with suppress(MeasurementError):
            plain(parse_yaml(text, file="f"))


class Dumper(yaml.SafeDumper):
    """Puts strings in quotes, as YAML 1.1 and 1.2 differ on which need them."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


Dumper.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
)


@given(data(READABLE))
def test_yaml_that_pyyaml_writes_is_read_back(value: object) -> None:
    text = yaml.dump(value, Dumper=Dumper, sort_keys=False)
    assert same(plain(parse_yaml(text, file="f")), value)


@given(data(st.text(max_size=8)), st.sampled_from([None, 1, "\t"]), st.booleans())
def test_json_is_read_as_json_loads_reads_it(
    value: object,
    indent: int | str | None,
    ensure_ascii: bool,  # noqa: FBT001 - Hypothesis passes it
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ensure_ascii)
    assert same(plain(parse_json(text, file="f")), json.loads(text))


@given(PIECES)
def test_what_json_loads_refuses_is_refused(text: str) -> None:
    try:
        node = parse_json(text, file="f")
    except MeasurementError:
        return
    assert same(plain(node), json.loads(text))


@given(data(ASCII))
def test_json_is_yaml_with_the_same_lines(value: object) -> None:
    text = json.dumps(value, indent=1)
    assert parse_json(text, file="f") == parse_yaml(text, file="f")
