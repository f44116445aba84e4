"""Templates of `string.Template` come out as `substitute` gives them."""

from string import Template
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.errors import Problem
from reviewbot.prompt import TemplateError, UndefinedVariableError
from reviewbot.prompt_formats import string_template
from reviewbot.rendering.process import RenderingProcess
from tests.support.compiling import attacked, compiled, fill
from tests.support.reading import read

VARIABLES: dict[str, Any] = {
    "a": "x",
    "b": 7,
    "A_1": None,
    "items": ["p", 1.0],
    "s": "$a ${b} $$",
    "ſ": "long",
}
PIECES = [
    "$a",
    "${b}",
    "$$",
    "$",
    "${",
    "}",
    "$A_1",
    "${items}",
    "$s",
    "a",
    " ",
    "\n",
    "é",
    "$1",
    "${a b}",
    "$$a",
    "$ſ",
]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_text_comes_out_as_python_gives_it_or_is_refused(text: str) -> None:
    try:
        wanted = Template(text).substitute(VARIABLES)
    except (ValueError, KeyError):
        with pytest.raises(TemplateError) as caught:
            fill("string-template", text, VARIABLES)
        assert 1 <= (caught.value.line or 0) <= text.count("\n") + 1
    else:
        assert fill("string-template", text, VARIABLES) == wanted


@given(
    st.lists(st.sampled_from(["$a", "${b}", "$$", "-", "\n"])).map("".join), st.text(), st.text()
)
def test_the_constant_beginning_is_that_of_every_rendering(text: str, one: str, other: str) -> None:
    template = compiled("string-template", text)
    first, second = (template.render({"a": value, "b": value}) for value in (one, other))
    constant = template.constant
    assert first[: constant.characters] == second[: constant.characters]
    if constant.line is None:
        assert len(first) == constant.characters


def test_the_constant_ends_at_the_first_placeholder() -> None:
    constant = compiled("string-template", "$$5\n$$6 $a $b").constant
    assert (constant.characters, constant.path, constant.line) == (len("$5\n$6 "), "p", 2)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a\n$missing", 2, "'missing' is undefined"),
        ("a\n\n$5", 3, "begins no placeholder"),
        ("${a", 1, "begins no"),
    ],
)
def test_what_is_wrong_is_named_at_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(TemplateError, match=said) as caught:
        fill("string-template", text, VARIABLES)
    assert (caught.value.line, bool(caught.value.mend)) == (line, True)


def test_without_samples_every_placeholder_is_empty() -> None:
    assert fill("string-template", "[$a${b}$$]", {}, undefined="empty") == "[$]"
    with pytest.raises(UndefinedVariableError):
        fill("string-template", "$a", {})


ATTACKS = ["$" * 900_000, "$a" * 500_000, "${" * 500_000, "${" + "a" * 900_000, "$$" * 900_000]


@pytest.mark.parametrize("text", ATTACKS)
def test_attacks_are_contained(process: RenderingProcess, text: str) -> None:
    attacked(process, "string-template", text, {"a": "x" * 1_000})
    assert attacked(process, "string-template", "$a", {"a": "x"}) == "x"


def test_no_attribute_is_reached(process: RenderingProcess) -> None:
    assert attacked(process, "string-template", "$a.__class__", {"a": "x"}) == "x.__class__"
    assert isinstance(attacked(process, "string-template", "${a.__class__}", {"a": "x"}), Problem)


def test_a_file_is_one_message() -> None:
    (message,) = read(string_template, "Hi $name", role="system").messages
    assert (message.role, message.engine) == ("system", "string-template")
    (message,) = read(string_template, "Hi").messages
    assert (message.role, message.engine) == ("user", None)
