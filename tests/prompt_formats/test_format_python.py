"""Prompts in Python source: the ways to keep one."""

import inspect
import json
import textwrap
from types import SimpleNamespace
from typing import Any

import pytest

from reviewbot.errors import MeasurementError, Problem
from reviewbot.prompt import LoadedFile, PromptText, TemplateError
from reviewbot.prompt_formats import python
from reviewbot.rendering.jobs import Job, Rendered
from reviewbot.rendering.process import RenderingProcess
from tests.support.compiling import fill
from tests.support.python_prompts import SOURCE, prompt, said, text
from tests.support.reading import HERE

STATIC = [
    'P = "one"',
    "P: str = 'one'",
    'P = """\\\nfirst \\\nsecond\n"""',
    'P = ("a {x}\\n"\n     "b")',
    'P = "a" + "b" + ("c" + "d")',
    'P = "a" * 3',
    'P = """  x  """.strip()',
    'P = "xxaxx".strip("x").replace("a", "b")',
    'P = "\\n".join(["a", "b"])',
    'import textwrap\nP = textwrap.dedent("""\n    a\n      b\n    """)',
    'from textwrap import dedent\nP = dedent("""\\\n    a\n    """).strip()',
    'import inspect\nP = inspect.cleandoc("""a\n      b\n    """)',
    'A = "x"\nP = f"{A}y{1}{None}"',
    'A = "x"\nB = A + "y"\nP = f"{B}{A}"',
    'P = "{{x}} {y}"',
    'P = "<|endoftext|>"',
    'P = r"\\d" "\\n"',
    'P = "a" "b"',
]


@pytest.mark.parametrize("source", STATIC)
def test_what_the_source_tells_is_what_python_makes_of_it(source: str) -> None:
    names: dict[str, Any] = {}
    exec(source, names)
    (message,) = prompt(source, "P").messages
    assert (message.text, message.engine) == (names["P"], None)


NAMES: dict[str, Any] = {
    "name": "Ann",
    "n": 7,
    "pi": 3.14159,
    "user": {"name": "Bob", "tags": ["x", "y"]},
    "items": ["a", "b"],
    "width": 9,
    "none": None,
}
FSTRINGS = [
    "f'Hi {name}'",
    "f'{name!r} {name!s:>8} {n:03d} {pi:.2f} {none}'",
    "f'{name:{width}}|'",
    "f'{items} {items[0]} {items[-1]}'",
    "f'{{literal}} {name} {{}}'",
    'f"""a\n  {name}\n""".strip()',
    "'a' + name + f'{n}'",
    "textwrap.dedent(f'''\n    a {name}\n      b\n    ''')",
    "inspect.cleandoc(f'''{name}\n    b''')",
    "f'x{name}x'.replace('x', 'y')",
    "f'  {name}  '.lstrip() + '.'",
    "'{} and {b}'.format(name, b=n)",
    "'%s is %d' % (name, n)",
    "'%(a)s!' % {'a': name}",
    "'%s' % name",
    "'\\n'.join(['a', name, f'{n}'])",
    "f'{len(items)} of {n + 1}'",
    "f\"{user['name']} {user['tags'][1]}\"",
]


@pytest.mark.parametrize("source", FSTRINGS)
def test_what_a_sample_gives_comes_out_as_in_python(source: str) -> None:
    wanted = eval(source, {"textwrap": textwrap, "inspect": inspect}, dict(NAMES))
    given = {**NAMES, "len(items)": 2, "n + 1": 8}
    assert text(f"import textwrap, inspect\ndef P():\n    return {source}", "P", given) == wanted


def test_an_attribute_is_read_of_a_mapping() -> None:
    user = SimpleNamespace(name="Bob", address=SimpleNamespace(city="Rome"))
    source = "f'{user.name} of {user.address.city}'"
    given = {"user": {"name": "Bob", "address": {"city": "Rome"}}}
    assert text(f"def P(user): return {source}", "P", given) == eval(source, {"user": user})
    assert (
        text(f"def P(user): return {source}", "P", {"user.name": "B", "user.address.city": "R"})
        == "B of R"
    )


@pytest.mark.parametrize(
    ("name", "variables", "messages"),
    [
        ("RULES", {}, [("user", "Be brief.")]),
        ("PROMPTS.a", {}, [("user", "first")]),
        ('PROMPTS["a"]', {}, [("user", "first")]),
        ('PROMPTS."b.c"', {}, [("user", "Be brief. second")]),
        ("PROMPTS.deep.x", {}, [("user", "third")]),
        ("PROMPTS.late", {}, [("user", "fourth")]),
        ("EXAMPLES.1", {}, [("user", "two {n}")]),
        ("Agent.main_system", {}, [("user", "You are an agent. Be brief.")]),
        ("Agent.messages", {}, [("user", "q"), ("assistant", "a")]),
        ("Agent.ask", {"question": "Why?"}, [("user", "Question: Why?")]),
        ("ONE", {"what": "hi"}, [("user", "Say hi.")]),
        ("JINJA", {"what": "hi"}, [("user", "hi!")]),
        ("MESSAGES", {}, [("system", "{not a field}"), ("user", "Be brief.")]),
        ("DOLLAR", {"a": "tea"}, [("user", "tea costs $5")]),
        ("RENDERED", {"a": "x"}, [("user", "x")]),
        ("FILLED", {"me": "up"}, [("user", "Fill up")]),
    ],
)
def test_each_way_to_keep_a_prompt(
    name: str, variables: dict[str, Any], messages: list[tuple[str, str]]
) -> None:
    assert said(SOURCE, name, variables) == messages


def test_a_chat_with_a_place_for_earlier_messages() -> None:
    system, history, user = prompt(SOURCE, "CHAT").messages
    assert (system.role, system.engine, system.text) == (
        "system",
        "str-format",
        "Be brief. About {topic}.",
    )
    assert (user.role, user.engine, user.text) == ("user", "str-format", "{question}")
    with RenderingProcess() as process:

        def nothing(name: str, parent: str) -> LoadedFile | None:
            del name, parent
            return None

        earlier = [{"role": "human", "content": "Hi"}, ["ai", "Hello"]]
        job = Job(
            engine=history.engine or "",
            path="p.py",
            text=history.text,
            first_line=1,
            variables=(json.dumps({"history": earlier}), json.dumps({"history": "text"}), "{}"),
            load=nothing,
        )
        ((many, one, missing),) = process.render([job])
    assert isinstance(many, Rendered)
    assert [(part.role, part.text) for part in many.parts or ()] == [
        ("user", "Hi"),
        ("assistant", "Hello"),
    ]
    assert isinstance(one, Rendered)
    assert [(part.role, part.text) for part in one.parts or ()] == [("user", "text")]
    assert isinstance(missing, Problem)
    assert "'history' is undefined" in missing.what


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("NOWHERE", 1, "there is no prompt called `NOWHERE`"),
        ("", 1, "the file holds several prompts"),
    ],
)
def test_what_the_source_does_not_tell_is_named(name: str, line: int, said: str) -> None:
    with pytest.raises(MeasurementError) as caught:
        prompt(SOURCE, name)
    (problem,) = caught.value.problems
    assert said in problem.what
    assert problem.place is not None
    assert (problem.place.file, problem.place.line) == ("p.py", line)
    assert problem.mend


def test_a_missing_value_is_named_at_its_line() -> None:
    (message,) = prompt('def P(a):\n    return f"""x\n\n{a.b}"""', "P").messages
    assert message.line == 2
    with pytest.raises(TemplateError, match=r"'a\.b' is undefined") as caught:
        fill(message.engine or "", message.text, {"a": {}})
    assert 1 <= (caught.value.line or 0) <= 3


def test_moving_a_prompt_in_its_file_changes_nothing() -> None:
    source = 'def P(a):\n    return f"x {a}"\n'
    assert prompt(source, "P").messages[0].text == prompt("\n\n" + source, "P").messages[0].text


def test_a_role_is_given_by_the_configuration_where_there_is_none() -> None:
    assert prompt(SOURCE, "RULES", role="system").messages[0].role == "system"
    with pytest.raises(MeasurementError, match="roles of their own"):
        prompt(SOURCE, "MESSAGES", role="system")


def test_prompts_are_found_by_their_names() -> None:
    source = f'SYSTEM_PROMPT = "{"word " * 40}"\nCSS = "{"y" * 500}"\nSHORT_PROMPT = "z"\n' + SOURCE
    found = python.discover(PromptText(path="p.py", text=source, surroundings=HERE))
    assert [item.selector for item in found] == ["SYSTEM_PROMPT", "CHAT", "MESSAGES"]


def test_what_stands_in_a_table_or_a_class_of_prompts_is_found() -> None:
    long = "some words " * 20
    source = (
        f'PROMPTS = {{}}\nPROMPTS["summary"] = "{long}a"\nSTYLES = {{"a": "{long}b"}}\n'
        f'PROMPTS["examples"] = ["{long}c"]\n'
        f'class EditPrompts:\n    reminder = "{long}d"\n    def ask(self):\n        log = "{long}e"\n'
    )
    found = python.discover(PromptText(path="p.py", text=source, surroundings=HERE))
    assert [item.selector for item in found] == [
        "PROMPTS.summary",
        "PROMPTS.examples.0",
        "EditPrompts.reminder",
    ]
