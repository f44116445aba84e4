"""Any Python source is read or refused at a line, in bounded time."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.errors import MeasurementError
from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers import python_source
from reviewbot.rendering.parsing_process import ParsingProcess
from tests.support.compiling import compiled
from tests.support.processor_time import processor_seconds
from tests.support.python_prompts import prompt
from tests.support.repetitions import part

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
    "many conditions": "def f(a):\n    t = 'x'\n" + "    if a:\n        t += 'y'\n" * 4_000,
    "doubling in conditions": "def f(a):\n    t = 'x'\n" + "    if a:\n        t = t + t\n" * 60,
    "many cases": "def f(a):\n    match a:\n"
    + "".join(f"        case {n}:\n            t = 'y'\n" for n in range(3_000)),
    "many handlers": "def f(a):\n    try:\n        t = 'x'\n"
    + "".join(f"    except E{n}:\n        t = 'y{n}'\n" for n in range(2_000)),
    "many computed keys": "".join(f"q[k{n}] = {{'a': 'x'}}\n" for n in range(9_000)),
    "many keys": "P = 'x'\nD = {" + ",".join(f"'k{n}': P" for n in range(20_000)) + "}",
    "long attributes": "P = " + "a" + ".a" * 20_000,
    "many calls": "P = 'x'" + ".strip()" * 20_000,
    "wide fields": "A = 'x'\nP = f'{A:>999999999}'\nQ = '%999999999s' % A",
    "code that would run": "P = __import__('os').system('touch pwned')",
}


@pytest.mark.parametrize("name", part([*HOSTILE]))
def test_hostile_source_is_read_or_refused(process: ParsingProcess, name: str) -> None:
    began = processor_seconds()
    try:
        found = process.parse("python-source", HOSTILE[name], path="p.py")
    except MeasurementError as error:
        found = {"problem": error.problems[0].place}
    assert processor_seconds() - began < 4
    assert found.get("problem", True) is not None
    assert "prompts" in found or "problem" in found
    assert process.parse("python-source", "P = 'a'", path="p.py")["prompts"]["P"]["line"] == 1


@pytest.mark.parametrize("name", part([*HOSTILE]))
def test_its_forms_are_told_or_refused(process: ParsingProcess, name: str) -> None:
    text = json.dumps({"names": ["P", "a0", "a", "t"], "source": HOSTILE[name]})
    began = processor_seconds()
    with suppress(MeasurementError):
        assert isinstance(process.parse("python-forms", text, path="p.py"), list)
    assert processor_seconds() - began < 4


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
