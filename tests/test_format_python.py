"""Prompts in Python source: what stands under a name is what Python itself makes of it."""

import inspect
import json
import textwrap
import time
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from compiling import STRICT, compiled, fill
from hypothesis import given
from hypothesis import strategies as st
from reading import HERE, read

from reviewbot.errors import MeasurementError, Problem
from reviewbot.formats import python
from reviewbot.parsers import python_source
from reviewbot.prompts import LoadedFile, PromptFile, PromptText, TemplateError
from reviewbot.rendering import Job, Rendered, RenderingProcess


def prompt(source: str, name: str, **more: Any) -> PromptFile:
    return read(
        python, textwrap.dedent(source), path="p.py", selector=name, surroundings=HERE, **more
    )


def said(
    source: str, name: str, variables: Mapping[str, Any] | None = None
) -> list[tuple[str, str]]:
    """Role and text of each message, rendered."""
    return [
        (
            message.role,
            message.text
            if message.engine is None
            else fill(message.engine, message.text, variables or {}),
        )
        for message in prompt(source, name).messages
    ]


def text(source: str, name: str = "P", variables: Mapping[str, Any] | None = None) -> str:
    ((_, found),) = said(source, name, variables)
    return found


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


SOURCE = '''\
"""Docstring."""
from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder, PromptTemplate
from string import Template
import jinja2

RULES = "Be brief."
PROMPTS = {"a": "first", "b.c": f"{RULES} second", "deep": {"x": "third"}}
PROMPTS["late"] = "fourth"
EXAMPLES = ["one", "two {n}"]


class Agent(Base):
    main_system: str = f"You are an agent. {RULES}"
    messages = [dict(role="user", content="q"), dict(role="assistant", content="a")]

    def ask(self, question):
        head = "Question: "
        return f"{head}{question}"


CHAT = ChatPromptTemplate.from_messages(
    [("system", RULES + " About {topic}."), MessagesPlaceholder("history"), ("human", "{question}")]
)
ONE = PromptTemplate.from_template("Say {what}.")
JINJA = PromptTemplate(template="{{ what }}!", template_format="jinja2")
MESSAGES = [{"role": "system", "content": "{not a field}"}, {"role": "user", "content": f"{RULES}"}]
DOLLAR = Template("$a costs $$5")
RENDERED = jinja2.Template("{% if a %}{{ a }}{% endif %}")
FILLED = "Fill {me}"


def use(me):
    return FILLED.format(me=me)


if RULES:
    BRANCH = "x"
else:
    BRANCH = "y"
TWICE = "a"
TWICE = "b"
'''


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
        ("BRANCH", 39, "is set in several places, line 37 and 39"),
        ("TWICE", 41, "is set in several places, line 40 and 41"),
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
    source = f'SYSTEM_PROMPT = "{"x" * 200}"\nCSS = "{"y" * 500}"\nSHORT_PROMPT = "z"\n' + SOURCE
    found = python.discover(PromptText(path="p.py", text=source, surroundings=HERE))
    assert [item.selector for item in found] == ["SYSTEM_PROMPT"]


HOSTILE = {
    "deep parentheses": "(" * 5_000 + "1" + ")" * 5_000,
    "deep lists": "x = " + "[" * 90 + "]" * 90,
    "deep operators": "x = " + "-" * 50_000 + "1",
    "many additions": "P = " + "+".join(["'a'"] * 20_000),
    "many names": "\n".join(f"a{n} = 'x'" for n in range(20_000)),
    "doubling": "a0 = 'xxxxxxxxxx'\n" + "\n".join(f"a{n + 1} = a{n} + a{n}" for n in range(60)),
    "doubling by f-strings": "a0 = 'xxxxxxxxxx'\n"
    + "\n".join(f"a{n + 1} = f'{{a{n}}}{{a{n}}}'" for n in range(60)),
    "repeated": "P = 'a' * 10**9",
    "replaced": "P = ('a' * 9999).replace('', 'b' * 9999).replace('b', 'c' * 9999)",
    "a null byte": "P = 'a\0'",
    "nested functions": "\n".join(" " * n + f"def f{n}():" for n in range(90))
    + "\n"
    + " " * 90
    + "pass",
    "nested f-strings": 'P = f\'{f"{f"{1}"}"}\'',
    "a number": "P = " + "9" * 10_000,
    "much text": "P = '" + "a" * 3_500_000 + "'",
    "a coding line": "# -*- coding: rot13 -*-\nP = 'a'",
    "decorators": "@a" * 20_000 + "\ndef f(): pass",
    "comparisons": "P = " + "a<" * 50_000 + "a",
    "code that would run": "P = __import__('os').system('touch pwned')",
}


@pytest.fixture(scope="module")
def process() -> Iterator[RenderingProcess]:
    with RenderingProcess(STRICT) as started:
        yield started


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_source_is_read_or_refused(process: RenderingProcess, name: str) -> None:
    began = time.monotonic()
    try:
        found = process.parse("python-source", HOSTILE[name], path="p.py")
    except MeasurementError as error:
        found = {"problem": error.problems[0].place}
    assert time.monotonic() - began < 4
    assert found.get("problem", True) is not None
    assert "prompts" in found or "problem" in found
    assert process.parse("python-source", "P = 'a'", path="p.py")["prompts"]["P"]["line"] == 1


@given(
    st.lists(
        st.sampled_from(
            [
                "P = ",
                "'a'",
                "f'{x}'",
                "+",
                "\n",
                "def f():\n",
                "    return ",
                "(",
                ")",
                "[",
                "]",
                "{",
                "}",
                ":",
                ",",
                "class C:\n",
                " ",
                "if x:\n",
                ".format(x=1)",
                ".strip()",
                "%",
                "x",
                '"""',
                "P['k'] = ",
            ]
        )
    ).map("".join)
)
def test_any_source_is_read_or_refused_at_a_line(source: str) -> None:
    lines = source.count("\n") + 1
    try:
        found = python_source.parse(source)["prompts"]
    except TemplateError as error:
        found = {"": {"line": min(error.line or 1, lines)}}
    for name, item in found.items():
        assert 1 <= item["line"] <= lines
        if "messages" in item:
            assert prompt(source, name).messages


@given(
    st.lists(st.sampled_from(["text ", "{a}", "{b!r}", "{{", "\\n"])).map("".join),
    st.text(),
    st.text(),
    st.sampled_from(["", ".strip()", ".lstrip()", ".rstrip()", ".replace('t', 'u')"]),
)
def test_the_constant_beginning_is_that_of_every_rendering(
    body: str, one: str, other: str, method: str
) -> None:
    (message,) = prompt(f"def P(a, b): return f'{body}'{method}", "P").messages
    if message.engine is None:
        return
    template = compiled(message.engine, message.text)
    first, second = (template.render({"a": value, "b": value}) for value in (one, other))
    assert first[: template.constant.characters] == second[: template.constant.characters]
