"""Prompts in Python source: what stands under a name is what Python itself makes of it."""

import inspect
import json
import textwrap
import time
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.errors import MeasurementError, Problem
from reviewbot.formats import python
from reviewbot.prompt import LoadedFile, PromptFile, PromptText, TemplateError
from reviewbot.prompts import entries
from reviewbot.rendering.jobs import Job, Rendered
from reviewbot.rendering.parsers import python_source
from reviewbot.rendering.process import RenderingProcess
from tests.support import places
from tests.support.compiling import STRICT, compiled, fill
from tests.support.reading import HERE, read
from tests.support.repository import Repository
from tests.support.sending import CONFIGURATION, calls_of, sent


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
    assert [item.selector for item in found] == ["SYSTEM_PROMPT", "CHAT", "MESSAGES"]


def test_what_stands_in_a_table_or_a_class_of_prompts_is_found() -> None:
    long = "x" * 200
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


RUN = [
    'A = "x"\nN = 3\nP = f"{A!r:>6} {N:03d} {A:*^5} {N} {True} {2.5:.2f}"',
    'A = "x"\nP = "<{}|{b:>3}|{0}>".replace("{0}", "").format(A, b=A)',
    'A = "x"\nP = "%s-%d-%(k)s" if False else "%s-%s" % (A, 4)'.replace(
        '"%s-%d-%(k)s" if False else ', ""
    ),
    'P = "a"\nP += "b"\nP += "c" + "d"',
    'A, P = "one", "two"',
    'from typing import Final\nP: Final[str] = (  # noqa\n    "a"  # why\n    "b"\n)',
    'TOOLS = ["a", "b"]\nP = ", ".join(TOOLS)',
    'class C:\n    A = "x"\nP = C.A + "y"',
    'D = {"a": "x"}\nD["b"] = "y"\nP = D["a"] + D["b"]',
    'import contextlib\nwith contextlib.suppress(ValueError):\n    P = "in a block"',
    'try:\n    P = "tried"\nexcept ImportError:\n    pass',
    'if True:\n    P = "only here"',
    'P = "same"\nP = "same"',
    'T = "first"\nX = T + "!"\nT = "second"\nP = X + T',
    'P = "-" * 3 + 2 * "="',
    'A = B = "both"\nP = A + B',
    'P = "\\d \\N{BULLET} \\x41"',
    'P = "tab\\there" \'and\' """\nthere"""',
    'P = "lines\r\nof Windows"'.replace('"', '"""'),
    'P = rf"\\d{1}{{}}"',
]


@pytest.mark.parametrize("source", RUN)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_module_s_text_is_what_running_it_gives(source: str) -> None:
    names: dict[str, Any] = {}
    exec(compile(source, "p.py", "exec"), names)
    (message,) = read(python, source, path="p.py", selector="P").messages
    found = message.text if message.engine is None else fill(message.engine, message.text, {})
    assert found == names["P"]


CALLED = [
    "def P(a, n):\n    return f'{a} {RULES} {n:>4}'\nRULES = 'set later'",
    "RULES = 'outer'\ndef P(RULES):\n    return f'{RULES}'",
    "RULES = 'outer'\ndef P(a):\n    from string import digits as RULES\n    return f'{a}'",
    "def P(a):\n    head = f'<{a}>'\n    return head + '!'",
    "def P(a):\n    text = 'x'\n    text += f'{a}'\n    return text",
    "def P(a):\n    text = 'before'\n    if a:\n        return text + a\n    text += 'after'\n",
    "def P(a):\n    b = '-'\n    def inner():\n        return f'{b}'\n    return f'{a}{b}'",
    "def P(context):\n    return 'Use {context}.'.replace('{context}', context)",
    "T = 'Hi {name}, {n:02d}'\ndef P(**values):\n    return T.format(**values)",
    "T = 'Hi {0} {1!r} {name}'\ndef P(a, n, name):\n    return T.format(a, n, name=name)",
    "T = '%(a)s and %(n)05d'\ndef P(values):\n    return T % values",
    "T = '%s and %r, 100%%'\ndef P(a, n):\n    return T % (a, n)",
    'def P(user):\n    return f\'{user["name"]} {user["tags"][-1]:>3}\'',
    "def P(a, width):\n    return f'{a:>{width}}|{a!r:*^{width}}'",
    (
        "class A:\n    RULES = 'class'\nRULES = 'module'\n"
        "def P(a):\n    return f'{RULES} {A.RULES} {a}'"
    ),
    "def P(a):\n    parts = ['x', a, f'{a}!']\n    return ', '.join(parts)",
    "def P(a):\n    return (\n        'one '\n        f'{a} '\n        'two'\n    )",
    'def P(a):\n    """Not this."""\n    return f"""\\\n    {a}\n    """.rstrip()',
    "import textwrap\ndef P(a):\n    return textwrap.dedent(f'''\\\n        {a}\n          b\n        ''')",
]


@pytest.mark.parametrize("source", CALLED)
def test_what_a_function_returns_is_what_calling_it_gives(source: str) -> None:
    names: dict[str, Any] = {}
    exec(source, names)
    function = names["P"]
    given: dict[str, Any] = {
        "a": "tea",
        "n": 7,
        "name": "Ann",
        "context": "{context}",
        "values": {"a": "v", "n": 5, "name": "Ann"},
        "user": {"name": "Bob", "tags": ["x", "y"]},
        "width": 9,
        "RULES": "given",
    }
    code = function.__code__
    arguments = {name: given[name] for name in code.co_varnames[: code.co_argcount]}
    opened = given["values"] if code.co_flags & inspect.CO_VARKEYWORDS else {}
    wanted = function(**arguments, **opened)
    assert text(source, "P", {**arguments, **opened}) == wanted


REFERENCES = json.loads((places.REFERENCES / "python.json").read_text("utf-8"))


@pytest.mark.parametrize(
    "case", REFERENCES["cases"], ids=lambda case: case["source"].rpartition("import ")[2]
)
def test_templates_are_filled_as_their_libraries_fill_them(case: Mapping[str, Any]) -> None:
    variables = case.get("variables", REFERENCES["variables"])
    found: list[list[str]] = []
    for message in read(python, case["source"], path="p.py", selector="P").messages:
        if message.engine is None:
            found.append([message.role, message.text])
            continue
        template = compiled(message.engine, message.text)
        rendered = template.render(variables)
        parts = template.split(rendered) if template.split else None
        found += (
            [[message.role, rendered]]
            if parts is None
            else [[part.role, part.text] for part in parts]
        )
    assert found == case["messages"]


MORE = '''\
import os
from openai import OpenAI
from llama_index.core import PromptTemplate
from jinja2 import Environment, Template

LIMIT = "x"


def change():
    global LIMIT
    LIMIT = os.environ["X"]


class Base:
    system = """\\
Base {rules}
end"""
    tone = "kind"


class Derived(Base):
    tone = "firm"

    def __init__(self, name):
        self.prompt = f"I am {name}."

    def ask(self, question, history):
        filled = self.system.format(rules="r")
        return [
            {"role": "system", "content": filled},
            *history,
            {"role": "user", "content": question},
        ]

    def call(self, client, question):
        return client.create(
            model="m", messages=[{"role": "user", "content": f"Q: {question}"}], n=1
        )


AGENT = Agent("openai:gpt-4o", instructions="Be concise.", tools=[os.getcwd])
LLAMA = PromptTemplate("Say {what} {{a}} {not a name}")
CHAT = [{"role": "system", "content": "s"}]
CHAT.append({"role": "user", "content": "u"})
LOOPED = [{"role": "system", "content": "s"}]
for item in os.listdir():
    LOOPED.append({"role": "user", "content": item})
SENT = [{"role": "system", "content": "s"}]
OTHER = [{"role": "system", "content": "s"}]


def send(text):
    SENT.append({"role": "user", "content": text})
    OTHER[0]["content"] = text


TOOLS = [{"role": "assistant", "content": "x", "tool_calls": []}]
IMAGE = [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "u"}}]}]
PARTS = [{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}]
NOTHING = [{"role": "assistant", "content": None}]
UNKNOWN = [{"role": os.name, "content": "x"}]
CALLED = [{"role": "user", "content": "x"}, make()]
NAMED = [{"role": "user", "content": "x", "name": "ann"}]
SETTINGS = Environment(trim_blocks=True).from_string("{% if a %}\\nx\\n{% endif %}")
OWN = Template("{{ a }}", lstrip_blocks=True)
PLAIN = Environment(autoescape=False).from_string("{{ a }}")
COMPUTED = os.environ["PROMPT"]
NUMBER = 7
CHOSEN = "a" if LIMIT else "b"
CUT = "a" if False else os.environ["X"]
ALIASED = {"x": "Hello {who}"}


def use(who):
    template = ALIASED["x"]
    return template.format(who=who)


def two(a):
    if a:
        return "one"
    return "two"
'''


def refused(source: str, name: str, **more: Any) -> tuple[int | None, str]:
    """Line and words of the one problem that reading ends with."""
    with pytest.raises(MeasurementError) as caught:
        prompt(source, name, **more)
    (problem,) = caught.value.problems
    assert problem.mend
    assert problem.place is not None
    assert problem.place.file == "p.py"
    return problem.place.line, problem.what


@pytest.mark.parametrize(
    ("name", "variables", "messages"),
    [
        ("Base.system", {"rules": "r"}, [("user", "Base r\nend")]),
        ("Derived.system", {"rules": "r"}, [("user", "Base r\nend")]),
        ("Derived.tone", {}, [("user", "firm")]),
        ("Derived.__init__.self.prompt", {"name": "Bo"}, [("user", "I am Bo.")]),
        ("Derived.call.messages", {"question": "?"}, [("user", "Q: ?")]),
        ("AGENT.instructions", {}, [("user", "Be concise.")]),
        ("LLAMA", {"what": "it", "a": "A"}, [("user", "Say it {A} {not a name}")]),
        ("CHAT", {}, [("system", "s"), ("user", "u")]),
        ("PARTS", {}, [("user", "ab")]),
        ("PLAIN", {"a": "<"}, [("user", "<")]),
        ('ALIASED["x"]', {"who": "you"}, [("user", "Hello you")]),
        ("use", {"who": "you"}, [("user", "Hello you")]),
    ],
)
def test_more_ways_to_keep_a_prompt(
    name: str, variables: dict[str, Any], messages: list[tuple[str, str]]
) -> None:
    assert said(MORE, name, variables) == messages


def test_another_functions_name_is_formatted_without_this_one() -> None:
    source = """
    RULES = "Be {tone}."
    def first(text):
        prompt = text["prompt"]
        return prompt.format(text=text)
    def second(task):
        prompt = "Answer with {x}: " + task
        rules = RULES
        return send(prompt, rules.format(tone="kind"))
    """
    assert said(source, "second.prompt", {"task": "t"}) == [("user", "Answer with {x}: t")]
    assert said(source, "RULES", {"tone": "brief"}) == [("user", "Be brief.")]


COLLECTED = """
def looped(messages, role):
    prompt = []
    for message in messages:
        prompt.append(message)
    text = "".join(prompt) + f"<{role}>"
    return text

def chosen(task):
    parts = ["Do"]
    if task:
        parts.append(task)
    parts.append("now.")
    return " ".join(parts) + "!"
"""


@pytest.mark.parametrize(
    ("name", "variables", "text"),
    [
        ("looped", {"''.join(prompt)": "Hello", "role": "user"}, "Hello<user>"),
        ("chosen", {"' '.join(parts)": "Do it now."}, "Do it now.!"),
    ],
)
def test_a_list_that_branches_fill_is_a_variable(
    name: str, variables: dict[str, str], text: str
) -> None:
    assert said(COLLECTED, name, variables) == [("user", text)]


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("LIMIT", 6, "is set in several places"),
        ("LOOPED", 47, "is changed by code in line 47"),
        ("SENT", 53, "is changed by code in line 53"),
        ("OTHER", 54, "is changed by code in line 54"),
        ("TOOLS", 57, "holds a message with 'tool_calls', which cannot be counted"),
        ("IMAGE", 58, "holds a part of a message that is no text"),
        ("NOTHING", 60, "known only when the program runs, `None`"),
        ("UNKNOWN", 61, "known only when the program runs, `{'role': os.name, 'content': 'x'}`"),
        ("CALLED", 62, "known only when the program runs, `make()`"),
        ("SETTINGS", 64, "settings of its own, trim_blocks"),
        ("OWN", 65, "settings of its own, lstrip_blocks"),
        ("COMPUTED", 67, "is computed by code"),
        ("NUMBER", 68, "is computed by code, which is never run, or is no text"),
        ("CHOSEN", 69, "is computed by code"),
        ("two", 79, "returns in several lines, 81, 82"),
        ("AGENT", 41, "is computed by code"),
        ("Base", 1, "there is no prompt called `Base`"),
    ],
)
def test_what_code_makes_is_refused_by_name(name: str, line: int, said: str) -> None:
    found, what = refused(MORE, name)
    assert said in what
    assert found == line


CHANGED = """\
RULES = ["a", "b"]
TABLE = {"x": "first", "y": "second"}
OTHER = {"x": "first"}
SYSTEM = {"role": "system", "content": "s"}


def change(key):
    RULES.append("c")
    TABLE["x"] = "changed"
    OTHER[key] = "changed"
    SYSTEM["content"] = "changed"


def rules():
    return ", ".join(RULES) + "!"


def loop(items):
    parts = []
    for item in items:
        parts.append(item)
    joined = ", ".join(parts)
    return f"{joined}!"


def told():
    parts = []
    parts.append("one")
    parts.append("two")
    return ", ".join(parts)


def entries():
    return TABLE["x"] + TABLE["y"] + OTHER["x"]


class Agent:
    messages = [{"role": "system", "content": "s"}]

    def __init__(self):
        self.earlier = [SYSTEM]

    def ask(self, question):
        self.messages.append({"role": "user", "content": question})


class Tone:
    word = "kind"


def tone():
    return f"Be {Tone.word}."


def harden():
    Tone.word = "firm"
"""


def test_what_code_changes_later_is_a_variable() -> None:
    for name, missing in (
        ("rules", "', '.join(RULES)"),
        ("loop", "joined"),
        ("entries", "TABLE['x']"),
        ("tone", "Tone.word"),
    ):
        with pytest.raises(TemplateError) as caught:
            said(CHANGED, name)
        assert caught.value.what == f"{missing!r} is undefined"
    given = {"joined": "1, 2", "TABLE": {"x": "X"}, 'OTHER["x"]': "O"}
    assert said(CHANGED, "loop", given) == [("user", "1, 2!")]
    assert said(CHANGED, "entries", given) == [("user", "XsecondO")]
    assert said(CHANGED, "told") == [("user", "one, two")]
    assert refused(CHANGED, "Agent.messages") == (
        44,
        "`Agent.messages` is changed by code in line 44",
    )
    assert refused(CHANGED, "TABLE.x")[1] == "`TABLE.x` is set in several places, line 2 and 9"
    assert "is computed by code" in refused(CHANGED, "Agent.__init__.self.earlier")[1]


def test_a_place_in_a_list_of_messages_is_for_earlier_ones() -> None:
    system, history, user = prompt(MORE, "Derived.ask").messages
    template = compiled(history.engine or "", history.text)
    assert template.split is not None
    earlier = template.render({"history": [{"role": "user", "content": "Hi"}]})
    assert [(part.role, part.text) for part in template.split(earlier)] == [("user", "Hi")]
    assert template.split(template.render({"history": []})) == ()
    assert fill(system.engine or "", system.text, {"filled": "x"}) == "x"
    assert fill(user.engine or "", user.text, {"question": "Why?"}) == "Why?"
    with pytest.raises(TemplateError, match="no list of messages"):
        template.render({"history": [3]})


def test_a_message_may_have_a_name() -> None:
    (message,) = prompt(MORE, "NAMED").messages
    assert message.name == "ann"


@pytest.mark.parametrize(
    ("source", "rendered"),
    [
        ("def P(a):\n    return f'[{a}{a!r}{a:03d}]'", "[]"),
        ("def P(a):\n    return '[{x:03d}{x!r}]'.format(x=a)", "[]"),
        ("def P(a):\n    return '[%s]' % a", "[]"),
        ("def P(**a):\n    return '[{x.y}]'.format(**a)", "[]"),
        (
            "from llama_index.core import PromptTemplate\nP = PromptTemplate('[{a}{b c}]')",
            "[{b c}]",
        ),
    ],
)
def test_without_samples_every_variable_is_empty(source: str, rendered: str) -> None:
    (message,) = prompt(source, "P").messages
    engine = message.engine or ""
    assert fill(engine, message.text, {}, undefined="empty") == rendered
    with pytest.raises(TemplateError, match="is undefined"):
        fill(engine, message.text, {})


def test_the_line_of_a_text_and_of_what_is_missing_in_it() -> None:
    (message,) = prompt('P = """\\\nfirst\n{a}\n"""\nP.format()', "P").messages
    assert message.line == 2
    with pytest.raises(TemplateError) as caught:
        fill(message.engine or "", message.text, {})
    assert caught.value.line == 2
    (message,) = prompt(
        "def P(a):\n    return (\n        'x'\n        'y'\n        f'{b}'\n    )", "P"
    ).messages
    with pytest.raises(TemplateError) as caught:
        fill(message.engine or "", message.text, {})
    assert (message.line, caught.value.line) == (3, 3)


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("P = 'a\n", 1, "this is not Python: unterminated string literal"),
        ("x = 1\nP = f'{'\n", 2, "this is not Python"),
        ("#!/bin/python\n# -*- coding: latin-1 -*-\nP = 'é'", 2, "its encoding is latin-1"),
        ("P = 'a\0b'", 1, "this is not Python"),
        ("P = 'a'\n\r\rQ = (", 2, "a carriage return stands by itself"),
        ("P = '\\N{no such name}'", 1, "this is not Python"),
    ],
)
def test_what_is_not_python_is_named_at_its_line(source: str, line: int, said: str) -> None:
    found, what = refused(source, "P")
    assert said in what
    assert found == line


def test_a_marked_encoding_that_changes_nothing_is_taken() -> None:
    assert text("# coding: utf-8\nP = 'é'") == "é"
    assert text("# coding: latin-1\nP = 'e'") == "e"


PROSE = "You answer questions about the kettles of Acme and nothing else. " * 3


def test_constants_are_found_with_the_language_that_another_file_fills_them_with() -> None:
    source = f'''
SYSTEM_PROMPT = "{PROSE}"
class Writer:
    instructions = """{PROSE} {{topic}}"""
    QUERY_TEMPLATE = """{PROSE} {{"json": 1}}"""
JINJA_TEMPLATE = "{PROSE} {{% if a %}}{{{{ a }}}}{{% endif %}}"
CHAT = [{{"role": "system", "content": "{PROSE}"}}]
HERE_PROMPT = "{PROSE} {{a}}"
USED = HERE_PROMPT.format(a=1)
def build_prompt(a):
    prompt = f"{PROSE} {{a}}"
    return prompt
STYLES = "{PROSE}"
class KettleError(Exception):
    message = "{PROSE}"
SHORT_CHAT = [{{"role": "user", "content": a}}, {{"role": "user", "content": "x"}}]
'''
    found = python.discover(PromptText(path="p.py", text=source, surroundings=HERE))
    assert [(item.selector, item.format, item.role) for item in found] == [
        ("SYSTEM_PROMPT", "python", "system"),
        ("Writer.instructions", "str-format", "system"),
        ("Writer.QUERY_TEMPLATE", "python", None),
        ("JINJA_TEMPLATE", "jinja", None),
        ("CHAT", "python", None),
        ("HERE_PROMPT", "python", None),
        ("build_prompt.prompt", "python", None),
    ]
    for item in found:
        assert prompt(source, item.selector or "").messages
    assert python.discover(PromptText(path="p.py", text="P = (", surroundings=HERE)) == ()


def test_a_text_is_read_with_the_format_that_the_configuration_names(
    repository: Repository,
) -> None:
    files = {
        "app/prompts.py": 'SYSTEM = """\\\nHello {{ who }}"""\nKEYS = {"a": "To {who}"}\n',
        CONFIGURATION: """\
version: 1
workflows:
  greet:
    model: openai/gpt-4o
    prompts:
      - {path: app/prompts.py#SYSTEM, format: jinja, role: system}
      - {path: 'app/prompts.py#KEYS["a"]', format: str-format}
      - app/prompts.py#SYSTEM
    samples: [{name: typical, variables: {who: Ann}}]
    traffic: [{calls: 10/day, output_tokens: 1}]
""",
    }
    repository.commit(files)
    (calls,) = calls_of(repository.path).values()
    assert sent(calls) == [
        ("system", "Hello Ann"),
        ("user", "To Ann"),
        ("user", "Hello {{ who }}"),
    ]


def test_only_a_text_by_itself_is_read_with_another_format() -> None:
    source = 'A = f"x {b}"\nCHAT = [{"role": "user", "content": "x"}]\nT = """\\\nx"""\n'
    file = PromptText(path="p.py", text=source, selector="T", surroundings=HERE)
    assert entries.select(file, is_data=False) == PromptText(
        path="p.py", text="x", line=4, surroundings=HERE
    )
    for name, line in (("A", 1), ("CHAT", 2)):
        file = PromptText(path="p.py", text=source, selector=name, surroundings=HERE)
        with pytest.raises(MeasurementError, match="is not a text by itself") as caught:
            entries.select(file, is_data=False)
        assert str(caught.value).startswith(f"p.py:{line}: ")


def test_a_list_of_earlier_messages_is_sent_as_messages(repository: Repository) -> None:
    repository.commit(
        {
            "agent.py": "def ask(history, question):\n"
            "    return [*history, {'role': 'user', 'content': question}]\n",
            CONFIGURATION: """\
version: 1
workflows:
  ask:
    model: openai/gpt-4o
    prompts: agent.py#ask
    samples:
      - {name: long, variables: {history: [{role: human, content: Hi}, [ai, Hello]], question: Why?}}
      - {name: new, variables: {history: [], question: Why?}}
    traffic: [{calls: 10/day, output_tokens: 1}]
""",
        }
    )
    (calls,) = calls_of(repository.path).values()
    assert sent(calls) == [("user", "Hi"), ("assistant", "Hello"), ("user", "Why?")]
    assert sent(calls, 1) == [("user", "Why?")]


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
    "doubling of what varies": "a0 = f'{x}' + 'y'\n"
    + "\n".join(f"a{n + 1} = (a{n} + a{n}).strip()" for n in range(60)),
    "doubling of replacements": "a0 = f'{x}'.strip()\n"
    + "\n".join(f"a{n + 1} = a{n}.replace(a{n}, a{n})" for n in range(60)),
    "doubling of lists": "a0 = [{'role': 'user', 'content': 'x'}]\n"
    + "\n".join(f"a{n + 1} = [*a{n}, *a{n}]" for n in range(60)),
    "lists of themselves": "a = [*b]\nb = [*a]\nP = [*P, {'role': 'user', 'content': P}]\n"
    "c = c\nd = [d]\ne = e + e",
    "classes of classes": "class A0:\n    prompt = 'x'\n"
    + "\n".join(f"class A{n + 1}(A{n}):\n    p{n} = 'y'" for n in range(2_000)),
    "many appended": "P = ''\n" + "P += 'a'\n" * 20_000,
    "many appended messages": "P = []\n" + "P.append({'role': 'user', 'content': 'x'})\n" * 5_000,
    "many branches": "if a:\n    P = 'x'\n" + "elif a:\n    P = 'x'\n" * 5_000,
    "many keys": "P = 'x'\nD = {" + ",".join(f"'k{n}': P" for n in range(20_000)) + "}",
    "long attributes": "P = " + "a" + ".a" * 20_000,
    "many calls": "P = 'x'" + ".strip()" * 20_000,
    "wide fields": "A = 'x'\nP = f'{A:>999999999}'\nQ = '%999999999s' % A",
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
                "P += ",
                "P.append(",
                "{'role': 'user', 'content': ",
                "*P",
                "class P(C):\n",
                "ChatPromptTemplate([('system', ",
                "return P\n",
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
    st.lists(st.sampled_from(["text ", "{a}", "{b!r}", "{{", "\\n", "  ", "%% "])).map("".join),
    st.text(),
    st.text(),
    st.sampled_from(
        [
            "f'{}'",
            "f'{}'.strip()",
            "f'{}'.lstrip()",
            "f'{}'.rstrip()",
            "f'{}'.strip('te')",
            "f'{}'.replace('t', 'u')",
            "f'{}'.replace('t', a)",
            "'{}'.format(a=a, b=b)",
            "(RULES + '{}').format(a=a, b=b).strip()",
            "f'{}%s' % a",
            "f'{}' % ()",
            "RULES.join([f'{}', b])",
            "f'{}' + RULES + a",
            "dedent(f'  {}')",
            "cleandoc(f'  {}')",
        ]
    ),
)
def test_the_constant_beginning_is_that_of_every_rendering(
    body: str, one: str, other: str, form: str
) -> None:
    source = f"from textwrap import dedent\nfrom inspect import cleandoc\nRULES = ' rule '\ndef P(a, b):\n    return {form.replace('{}', body)}"
    (message,) = prompt(source, "P").messages
    if message.engine is None:
        return
    template = compiled(message.engine, message.text)
    function: dict[str, Any] = {}
    exec(source, function)
    texts = []
    for value in (one, other):
        try:
            wanted = function["P"](value, value)
        except (ValueError, TypeError):
            with pytest.raises(TemplateError):
                template.render({"a": value, "b": value})
            continue
        texts.append(template.render({"a": value, "b": value}))
        assert texts[-1] == wanted
    assert len({found[: template.constant.characters] for found in texts}) <= 1
