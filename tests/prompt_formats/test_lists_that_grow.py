"""Lists that code adds to: what they hold where they are used, or an error."""

import json

import pytest

from reviewbot.errors import MeasurementError
from reviewbot.prompt_formats import python, typescript
from tests.support.reading import read

SYSTEM = '{ role: "system", content: "Sort." }'


def sent(source: str, selector: str) -> list[tuple[str, str]]:
    file = read(typescript, source, path="a.ts", selector=selector)
    return [(message.role, message.text) for message in file.messages]


@pytest.mark.parametrize(
    ("used", "selector"),
    [
        ('create({ model: "m", messages })', "ask.messages@2"),
        ('create({ model: "m", messages: messages })', "ask.messages@2"),
        ('generateText({ model: "m", system: "", messages })', "ask.messages@2"),
    ],
)
def test_messages_that_are_pushed_before_a_call_are_sent(used: str, selector: str) -> None:
    source = (
        f"function ask(q) {{\n  const messages = [{SYSTEM}];\n"
        '  messages.push({ role: "user", content: "One." }, { role: "user", content: "Two." });\n'
        f"  return {used};\n}}\n"
    )
    assert sent(source, selector) == [("system", "Sort."), ("user", "One."), ("user", "Two.")]


def test_a_list_that_begins_empty_holds_what_is_pushed() -> None:
    source = (
        "function ask(q) {\n  const list = [];\n"
        f"  list.push({SYSTEM});\n  return create({{ messages: list }});\n}}\n"
    )
    assert sent(source, "ask.messages") == [("system", "Sort.")]


@pytest.mark.parametrize(
    "change",
    [
        f"if (q) {{ list.push({SYSTEM}); }}\n  return create({{ messages: list }});",
        f"for (const a of q) list.push({SYSTEM});\n  return create({{ messages: list }});",
        "list.push(...q);\n  return create({ messages: list });",
        "list.unshift(q);\n  return create({ messages: list });",
        "while (q) {\n    const r = create({ messages: list });\n    list.push(r);\n  }",
    ],
)
def test_messages_that_may_be_others_are_refused(change: str) -> None:
    source = f"function ask(q) {{\n  const list = [{SYSTEM}];\n  {change}\n}}\n"
    selector = "ask.r.messages" if "while" in change else "ask.messages"
    with pytest.raises(MeasurementError, match="is changed by code in line"):
        sent(source, selector)


@pytest.mark.parametrize(
    "source",
    [
        'x = "a"\n    parts = ["s", x]\n    x = "b"\n',
        'x = "a"\n    parts = ["s"]\n    parts.append(x)\n    x = "b"\n',
    ],
)
def test_a_list_does_not_hold_what_a_name_stands_for_later(source: str) -> None:
    built = f'def build():\n    {source}    text = "-".join(parts) + x\n    return text\n'
    file = read(python, built, path="a.py", selector="build.text")
    said = json.loads(file.messages[0].text)
    assert said[0] == "join"
    assert said[-1] == "b"
    assert "s-b" not in file.messages[0].text


def test_a_list_holds_what_a_name_stood_for() -> None:
    built = (
        'def build():\n    x = "a"\n    parts = ["s", x]\n    text = "-".join(parts)\n    x = "b"\n'
    )
    file = read(python, built + "    return text\n", path="a.py", selector="build.text")
    assert file.messages[0].text == "s-a"


PARTS_OF_TYPESCRIPT = [
    "for (const m of list) m.content += q;",
    "for (const { x } of list) x.content = q;",
    "list.forEach((m) => { m.content = q; });",
    "list.map((m, i) => (m.content = q));",
    "const [first] = list;\n  first.content = q;",
    "[list[0].content] = [q];",
    "({ a: list[0].content } = q);",
    "[[list[0].content], q] = [[q], q];",
    "const m = list ?? [];\n  m.push(q);",
    "const m = list || [];\n  m.push(q);",
    "(list ?? []).push(q);",
    "const m = q ? list : [];\n  m.push(q);",
    "const c = [...list];\n  c[0].content = q;",
    "const c = list.slice();\n  c[i].content = q;",
    "const c = list.map((m) => m);\n  c[0].content = q;",
    "for (const m of list.slice(1)) m.content = q;",
    "list.filter((m) => m.role).forEach((m) => { m.content = q; });",
    "list.at(0)!.content = q;",
    "list.find((m) => m.role)!.content = q;",
    "const m = list.at(-1);\n  m.content = q;",
    "for (const [i, m] of list.entries()) m.content = q;",
    "for (const m of Object.values(list)) m.content = q;",
    "const o = { list };\n  o.list.push(q);",
    "for (const l of [list]) l.push(q);",
]


@pytest.mark.parametrize("change", PARTS_OF_TYPESCRIPT)
def test_a_list_whose_parts_are_changed_under_names_of_their_own(change: str) -> None:
    source = f"function ask(q) {{\n  const list = [{SYSTEM}];\n  {change}\n"
    source += "  return create({ messages: list });\n}\n"
    with pytest.raises(MeasurementError, match="is changed by code in line"):
        sent(source, "ask.list")


@pytest.mark.parametrize(
    "use",
    [
        "for (const m of list.slice(1)) log(m.content);",
        "const c = list.map((m) => ({ ...m }));\n  c[0].content = q;",
        "const c = [...list];\n  c.push(q);\n  c[0] = q;",
        "const o = { list, tools: [] };\n  o.n = q;\n  o.tools.push(q);",
        "const seen = list.filter((m) => m.role).length;",
        "const m = list.find((m) => m.role) ?? q;\n  log(m.content);",
    ],
)
def test_a_list_whose_parts_are_only_read_stays_one(use: str) -> None:
    source = f"function ask(q) {{\n  const list = [{SYSTEM}];\n  {use}\n"
    source += "  return create({ messages: list });\n}\n"
    assert sent(source, "ask.list") == [("system", "Sort.")]


PARTS_OF_PYTHON = [
    "for m in given: m['content'] += q",
    "for m in given: m.update(content=q)",
    "for n, m in enumerate(given): m['content'] = q",
    "for m in reversed(list(given)): m['content'] = q",
    "[m.update(content=q) for m in given]",
    "first, *_ = given; first['content'] = q",
    "m = next(iter(given)); m['content'] = q",
    "m = given or []; m.append(q)",
    "m = given if q else None; m.append(q)",
    "c = given[:]; c[0]['content'] = q",
    "c = [*given]; c[0]['content'] = q",
    "c = copy.copy(given); c[0]['content'] = q",
    "c = given.copy(); c[i].update(content=q)",
    "c = [m for m in given]; d = c; d[0]['content'] = q",
    "for m in given[0:1]: m['content'] = q",
    "for m in given.copy(): m.clear()",
    "for m in (x for x in given): m['content'] = q",
    "for m in filter(None, given): m.update(content=q)",
    "for n, m in zip(q, given): m['content'] = q",
    "next(iter(given))['content'] = q",
    "max(given, key=len)['content'] = q",
    "reversed(given).__next__()['content'] = q",
    "dict(enumerate(given))[0]['content'] = q",
    "c = dict(enumerate(given)); c[0]['content'] = q",
    "given.__getitem__(0)['content'] = q",
    "(given + q)[0]['content'] = q",
    "t = (given,); t[0].append(q)",
    "for t in [given]: t.append(q)",
    "d = {'m': given}; d['m'].append(q)",
    "self.d = {'m': given}; self.d['m'].append(q)",
    "with ctx(given) as m: m.append(q)",
    "list(map(lambda m: m.update(content=q), given))",
    "given.sort(key=lambda m: m.pop('content'))",
    "given = given * 5",
]


@pytest.mark.parametrize("change", PARTS_OF_PYTHON)
def test_a_list_of_python_whose_parts_are_changed_under_names_of_their_own(change: str) -> None:
    source = f"def ask(q):\n    given = [{{'role': 'system', 'content': 'Sort.'}}]\n    {change}\n"
    with pytest.raises(MeasurementError, match="is changed by code in line"):
        read(python, source, path="a.py", selector="ask.given")


READING_PYTHON = [
    "for m in given: log(m['content'])",
    "for m in given: m = dict(m)",
    "total = sum(len(m['content']) for m in given)",
    "first, *_ = given; first = 1",
    "c = [dict(m) for m in given]; c[0]['content'] = q",
    "c = [{**m, 'content': q} for m in given]; c[0]['content'] = q",
    "c = given[:]; c.append(q); c[0] = q",
    "d = {'m': given, 'tools': []}; d['n'] = q; d['tools'].append(q)",
    "for n, m in enumerate(sorted(given, key=lambda m: m['role'])): q[n] = m.copy()",
    "r = client.create(messages=given); r.choices.append(q)",
    "words = given[0]['content'].split(); words.append(q)",
    "seen = {}; seen['n'] = max(map(len, given)); seen.update(n=len(given or []))",
]


@pytest.mark.parametrize("use", READING_PYTHON)
def test_a_list_of_python_whose_parts_are_only_read_stays_one(use: str) -> None:
    source = f"def ask(q):\n    given = [{{'role': 'system', 'content': 'Sort.'}}]\n    {use}\n"
    file = read(python, source, path="a.py", selector="ask.given")
    assert [message.text for message in file.messages] == ["Sort."]
