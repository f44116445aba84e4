"""Format strings come out as `str.format` gives them, and reach no attribute of any object."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot import prompt_formats
from reviewbot.errors import Problem
from reviewbot.prompt import Discovered, PromptText, TemplateError, UndefinedVariableError
from reviewbot.prompt_formats import str_format
from reviewbot.rendering.process import RenderingProcess
from tests.support.compiling import attacked, compiled, fill
from tests.support.reading import read

VARIABLES: dict[str, Any] = {
    "name": "Ann",
    "n": 7,
    "pi": 3.14159,
    "big": 1234567,
    "yes": True,
    "none": None,
    "items": ["a", "b"],
    "user": {"name": "Bob", "tags": ["x", {"deep": 1}]},
    "width": 8,
    "0": "first",
    "1": "second",
    "a b": "blank",
    "": "empty",
    "brace": "{name}",
}
HONEST = [
    "",
    "no fields",
    "{name}",
    "{{name}}",
    "{{{name}}}",
    "{{}}",
    "a {name} b {n} c",
    "{name!r} {name!s} {name!a}",
    "{name:>10}|{name:<10}|{name:^10}|{name:*^9}",
    "{n:03d} {n:+d} {n:x} {n:b} {n:c}",
    "{pi:.2f} {pi:10.3e} {pi:%}",
    "{big:,} {big:_}",
    "{yes} {none} {items} {user}",
    "{items[0]} {items[1]}",
    "{user[name]} {user[tags][1][deep]}",
    "{name:{width}}",
    "{name:>{width}}|{pi:{width}.{n}}",
    "{0} {1} {0}",
    "{} {}",
    "{a b}",
    "{brace}",
    "{name[0]}{name[2]}",
    "line\n{name}\r\nnext\n",
    'JSON: {{"a": {n}, "b": [{{}}]}}',
    "é {name} 語 \U0001f600",
    "{yes!s:>6}",
    "{none!r:>6}",
    "{items!r:>12}",
]


def expected(text: str) -> str:
    positional = [value for key, value in VARIABLES.items() if key.isdecimal()]
    return text.format(*positional, **VARIABLES)


@pytest.mark.parametrize("text", HONEST)
def test_it_comes_out_as_python_gives_it(text: str) -> None:
    assert fill("str-format", text, VARIABLES) == expected(text)


def test_keys_of_json_are_texts_where_pythons_may_be_numbers() -> None:
    assert fill("str-format", "{d[0]}", {"d": {"0": "x"}}) == "{d[0]}".format(d={0: "x"})


def test_a_mapping_stands_in_for_an_object() -> None:
    user = SimpleNamespace(name="Bob", address=SimpleNamespace(city="Rome"))
    text = "{user.name} of {user.address.city}"
    sample = {"user": {"name": "Bob", "address": {"city": "Rome"}}}
    assert fill("str-format", text, sample) == text.format(user=user)


@given(
    st.lists(
        st.one_of(
            st.text(alphabet="ab\n{}é "),
            st.sampled_from(
                ["{name}", "{n:>5}", "{items[0]!r}", "{{", "}}", "{", "}", "{user[name]}"]
            ),
        )
    ).map("".join)
)
def test_any_text_comes_out_as_python_gives_it_or_is_refused_where_python_refuses(
    text: str,
) -> None:
    try:
        wanted = expected(text)
    except (ValueError, KeyError, IndexError, AttributeError, TypeError):
        with pytest.raises(TemplateError) as caught:
            fill("str-format", text, VARIABLES)
        assert 1 <= (caught.value.line or 0) <= text.count("\n") + 1
    else:
        assert fill("str-format", text, VARIABLES) == wanted


@given(
    st.lists(st.sampled_from(["{a}", "text ", "{{", "\n", "{b:>4}"])).map("".join),
    st.text(),
    st.text(),
)
def test_the_constant_beginning_is_that_of_every_rendering(text: str, one: str, other: str) -> None:
    template = compiled("str-format", text)
    first, second = (template.render({"a": value, "b": value}) for value in (one, other))
    constant = template.constant
    assert first[: constant.characters] == second[: constant.characters]
    assert (constant.line is None) == ("{a}" not in text and "{b" not in text)
    if constant.line is None:
        assert len(first) == constant.characters
    else:
        assert (
            constant.line
            == text.count("\n", 0, min(text.find(f) % 10**9 for f in ("{a}", "{b"))) + 1
        )


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a\n{missing}", 2, "'missing' is undefined"),
        ("\n\n{user[gone]}", 3, "'user[gone]' is undefined"),
        ("{user.name.first}", 1, "'user.name.first' is undefined"),
        ("{items[9]}", 1, "is undefined"),
        ("{", 1, "no format string"),
        ("a\nb}", 1, "no format string"),
        ("{n:z}", 1, "cannot be formatted"),
        ("{items:>5}", 1, "cannot be formatted"),
        ("{name!x}", 1, "conversion !x is unknown"),
        ("{} {0}", 1, "are mixed"),
        ("{name:{n:{width}}}", 1, "too deep"),
        ("{name[}", 1, "no "),
    ],
)
def test_what_is_wrong_is_named_at_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(TemplateError, match=said.replace("[", r"\[").replace("!", r"\!")) as caught:
        fill("str-format", text, VARIABLES)
    assert caught.value.line in {line, None if "deep" in said else line}
    assert caught.value.mend


def test_without_samples_every_field_is_empty() -> None:
    assert fill("str-format", "[{a}{b.c:>9}{d[0]!r}]", {}, undefined="empty") == "[]"
    with pytest.raises(UndefinedVariableError):
        fill("str-format", "{a}", {})


@pytest.mark.parametrize(
    "text",
    [
        "{name.__class__}",
        "{name.__class__.__mro__}",
        "{items.__init__.__globals__}",
        "{user.keys}",
        "{user.__class__.__init__.__globals__[os]}",
        "{n.real}",
        "{none.__doc__}",
        "{0.__class__}",
        "{user[__class__]}",
        "{:{user.__class__}}",
    ],
)
def test_no_attribute_of_an_object_is_reached(process: RenderingProcess, text: str) -> None:
    result = attacked(process, "str-format", text, VARIABLES)
    assert isinstance(result, Problem)
    assert "<class" not in str(result)


ATTACKS = [
    "{name:>999999999}",
    "{n:0999999999d}",
    "{pi:.999999999f}",
    "{name:{big}{big}}",
    "{name}" * 200_000,
    "{" * 500_000,
    "{{" * 500_000,
    "{name:" * 50_000 + "}" * 50_000,
    "{user" + "[a]" * 200_000 + "}",
    "{user" + ".a" * 200_000 + "}",
    "{name:>99999}" * 1_000,
]


@pytest.mark.parametrize("text", ATTACKS)
def test_attacks_on_time_and_memory_are_contained(process: RenderingProcess, text: str) -> None:
    attacked(process, "str-format", text, VARIABLES)
    assert attacked(process, "str-format", "{n}", VARIABLES) == "7"


def test_a_file_is_one_message() -> None:
    (message,) = read(str_format, "Hi {name}", role="system").messages
    assert (message.role, message.engine) == ("system", "str-format")
    (message,) = read(str_format, "Hi").messages
    assert (message.role, message.engine) == ("user", None)


@pytest.mark.parametrize(
    ("path", "written", "is_found"),
    [
        ("prompts/answer.txt", "Hi {name}", True),
        ("app/Prompts/answer.md", 'Hi {name}, {{"json": {n}}}', True),
        ("src/prompt/x/../answer.txt", "Hi {name}", False),
        ("agent/system_prompts/a.md", "At most {max_actions} actions, {name!r}", True),
        ("app/prompt_templates/a.txt", "{a}", True),
        ("docs/answer.md", "Hi {name}", False),
        ("prompts.txt", "Hi {name}", False),
        ("prompts/answer.txt", "Hi", False),
        ("prompts/answer.txt", "", False),
        ("prompts/answer.txt", 'Answer with {"a": 1} about {name}', False),
        ("prompts/answer.txt", "Answer with {'a': 1} about {name}", False),
        ("prompts/answer.txt", "Hi {{ name }}", False),
        ("prompts/answer.txt", "Hi {{name}} of {team}", True),
        ("prompts/answer.txt", "if (a) { b }", False),
        ("prompts/answer.txt", "sorted {0} {}", False),
        ("prompts/answer.txt", "{skill-root}/a.md", False),
        ("prompts/answer.txt", "{user.name}", False),
        ("prompts/answer.txt", "{name:1}", False),
        ("prompts/answer.txt", "f(x) = {x | x > 1", False),
    ],
)
def test_files_are_found_by_fields_with_plain_names(
    path: str, written: str, *, is_found: bool
) -> None:
    found = str_format.discover(PromptText(path=path, text=written))
    assert found == ((Discovered(selector=None, format="str-format"),) if is_found else ())
    assert prompt_formats.is_searched(str_format, path)
