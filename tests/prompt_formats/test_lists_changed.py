"""Lists that code changes where no statement shows it, or under another name, are not what they were."""

import time
from typing import Any

import pytest

from reviewbot.errors import MeasurementError
from reviewbot.prompt_formats import python, typescript
from tests.support.reading import read

ONE = '{"role": "system", "content": "Sort."}'
TWO = '{"role": "user", "content": "Two."}'


def told(chosen: Any, source: str, selector: str) -> list[str] | None:
    """The texts of a prompt; None where it is refused."""
    try:
        file = read(chosen, source, path="a", selector=selector)
    except MeasurementError:
        return None
    return [item.text for item in file.messages]


PYTHON = (
    f"x = msgs.append({TWO})",
    f"_ = msgs.extend([{TWO}])",
    "x = [msgs.append(t) for t in q]",
    f"if msgs.append({TWO}) is None:\n        pass",
    f"return_value = (msgs.insert(0, {TWO}), 1)",
    "print(msgs.pop())",
    f"assert not msgs.append({TWO})",
    f"(lambda: msgs.append({TWO}))()",
    f"msgs.append({TWO}) if q else None",
    f"q and msgs.append({TWO})",
    f"x = await_(msgs.__iadd__([{TWO}]))",
    f"also = msgs\n    also.append({TWO})",
    f"also: list = msgs\n    also.append({TWO})",
    f"also = other = msgs\n    other.append({TWO})",
    f"(also := msgs).append({TWO})",
    f"also = msgs\n    more = also\n    more.insert(0, {TWO})",
    f"also = msgs\n    also += [{TWO}]",
    f"also = msgs\n    also[0:0] = [{TWO}]",
    f"self.msgs = msgs\n    self.msgs.append({TWO})",
    f"add = msgs.append\n    add({TWO})",
    f"list.append(msgs, {TWO})",
    f"x = list.append(msgs, {TWO})",
)


@pytest.mark.parametrize("change", PYTHON)
def test_a_list_of_python_that_an_expression_or_another_name_changes(change: str) -> None:
    source = (
        f"def ask(self, q):\n    msgs = [{ONE}]\n    {change}\n    return create(messages=msgs)\n"
    )
    for selector in ("ask.messages", "ask.msgs"):
        found = told(python, source, selector)
        assert found is None or "Two." in found


@pytest.mark.parametrize(
    "change",
    [f"msgs.append({TWO})", f"also = msgs\n    msgs.append({TWO})"],
)
def test_another_name_of_a_list_holds_what_is_added_to_the_first(change: str) -> None:
    source = f"def ask(q):\n    msgs = [{ONE}]\n    also = msgs\n    {change}\n    return create(messages=also)\n"
    found = told(python, source, "ask.messages")
    assert found is None or "Two." in found
    assert told(python, source, "ask.also") is None


@pytest.mark.parametrize(
    "kept",
    [
        "more = [*msgs]\n    more.append(q)",
        "more = msgs.copy()\n    more.append(q)",
        "more = list(msgs)\n    more.append(q)",
        "count = len(msgs)",
        "def inner(msgs):\n        msgs.append(q)",
    ],
)
def test_a_copy_of_a_list_may_be_changed(kept: str) -> None:
    source = f"def ask(q):\n    msgs = [{ONE}]\n    {kept}\n    return create(messages=msgs)\n"
    assert told(python, source, "ask.msgs") == ["Sort."]


TYPESCRIPT = (
    "const list = [%s];\nfunction ask() { return create({ messages: list }); }\nfunction add() { list.push(%s); }",
    "const list = [%s];\nconst ask = () => create({ messages: list });\nlist.push(%s);\nask();\n",
    "const list = [%s];\nconst also = list;\nlist.push(%s);\nconst ask = create({ messages: also });\n",
    "const list = [%s];\nconst also = list;\nalso.push(%s);\nconst ask = create({ messages: list });\n",
    "const list = [%s];\nconst n = list.push(%s);\nconst ask = create({ messages: list });\n",
    "const one = %s;\none.content = %s;\nconst ask = create({ messages: [one] });\n",
    "const one = %s;\nconst ask = () => create({ messages: [one] });\nObject.assign(one, %s);\n",
    "const list = [%s];\nconst add = (m) => list.push(m);\nadd(%s);\nconst ask = create({ messages: list });\n",
    "const list = [%s];\nArray.prototype.push.call(list, %s);\nconst ask = create({ messages: list });\n",
    "const list = [%s];\nlist[list.length] = %s;\nconst ask = create({ messages: list });\n",
)


@pytest.mark.parametrize("source", TYPESCRIPT)
def test_a_list_of_typescript_that_another_function_or_name_changes(source: str) -> None:
    one, two = '{ role: "system", content: "Sort." }', '{ role: "user", content: "Two." }'
    found = told(typescript, source % (one, two), "ask.messages")
    assert found is None or "Two." in found


@pytest.mark.parametrize(
    "source",
    [
        (
            "const parts = ['Sort.'];\nexport const SYSTEM = parts.join(' ');\n"
            "export function add() { parts.push('Two.'); }\n"
        ),
        (
            "const parts = ['Sort.'];\nexport const build = () => parts.join(' ');\n"
            "parts.push('Two.');\n"
        ),
        (
            "const parts = ['Sort.'];\nconst also = parts;\nparts.push('Two.');\n"
            "export const SYSTEM = also.join(' ');\n"
        ),
    ],
)
def test_a_joined_list_that_another_function_or_name_changes(source: str) -> None:
    name = "build" if "build" in source else "SYSTEM"
    found = told(typescript, source, name)
    assert found is None or "Sort." not in found


CHAINS = {
    "python": (
        "def ask(q):\n    n0 = [%s]\n%s    n%d.append(%s)\n    return create(messages=n0)\n",
        "    n%d = n%d\n",
    ),
    "typescript": (
        "const n0 = [%s];\n%sn%d.push(%s);\nconst ask = create({ messages: n0 });\n",
        "const n%d = n%d;\n",
    ),
    "typescript's parts": (
        "const n0 = [%s];\n%sn%d[0].push(%s);\nconst ask = create({ messages: n0 });\n",
        "const n%d = [n%d][0];\n",
    ),
}


@pytest.mark.parametrize("length", [5, 40, 300])
@pytest.mark.parametrize("name", CHAINS)
def test_a_list_changed_behind_a_long_chain_of_names_is_not_what_it_was(
    name: str, length: int
) -> None:
    source, link = CHAINS[name]
    chosen = python if name == "python" else typescript
    one, two = ONE, TWO
    links = "".join(link % (number + 1, number) for number in range(length))
    found = told(chosen, source % (one, links, length, two), "ask.messages")
    assert found is None or "Two." in found


def test_thousands_of_names_for_one_list_that_is_changed_end_in_time() -> None:
    names = "".join(f"    n{number} = msgs\n" for number in range(3_000))
    added = f"    msgs.append({TWO})\n" * 1_000
    source = f"def ask(q):\n    msgs = [{ONE}]\n{names}{added}    return create(messages=n7)\n"
    began = time.process_time()
    found = told(python, source, "ask.messages")
    assert found is None or "Two." in found
    assert time.process_time() - began < 30
