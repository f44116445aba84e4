"""Prompts in Python source are what running it gives."""

import inspect
import json
from collections.abc import Mapping
from typing import Any

import pytest

from reviewbot.prompt_formats import python
from tests.support import places
from tests.support.compiling import compiled, fill
from tests.support.python_prompts import text
from tests.support.reading import read

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
    variables = {"earlier": [], **case.get("variables", REFERENCES["variables"])}
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
