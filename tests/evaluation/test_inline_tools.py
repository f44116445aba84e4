"""Tools that a call names itself count only where they are those that the workflow names."""

import json

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, tokens, workflow


def tool(name: str, text: str) -> dict[str, object]:
    parameters = {"type": "object", "properties": {}}
    function = {"name": name, "description": text, "parameters": parameters}
    return {"type": "function", "function": function}


SMALL, LARGE = tool("find", "Find it."), tool("sort", tokens(400))
PYTHON = (
    "def ask(q):\n"
    '    return client.chat.completions.create(model="gpt-4o", tools=TOOLS,\n'
    '        messages=[{"role": "user", "content": "Where is the parcel, and who has it?"}])\n'
)
TYPESCRIPT = (
    "export const ask = (q) => client.chat.completions.create({ model: 'gpt-4o', tools: TOOLS,\n"
    "  messages: [{ role: 'user', content: 'Where is the parcel, and who has it?' }] });\n"
)
SOURCES = {"a.py": ('"a.py#ask.messages"', PYTHON), "a.ts": ('"a.ts#ask.messages"', TYPESCRIPT)}


def reviewed(repository: Repository, path: str, was: str, now: str, **files: str) -> Outcome:
    prompts, source = SOURCES[path]
    named = files.pop("named", "tools.json")
    settings = configuration({"w": workflow(prompts, tools=named)})
    before: dict[str, str | bytes | None] = {
        CONFIGURATION: settings,
        "tools.json": json.dumps([SMALL]),
        path: source.replace("TOOLS", was),
    }
    return change(repository, before, {path: source.replace("TOOLS", now)})


@pytest.mark.parametrize("path", SOURCES)
@pytest.mark.parametrize(
    "now",
    [
        json.dumps([SMALL, LARGE]),
        json.dumps([LARGE]),
        json.dumps([tool("find", tokens(400))]),
        json.dumps([SMALL] * 9),
        "ALL",
        "[find, find]",
        "[find, sort]",
        "load(9)",
    ],
)
def test_other_tools_than_the_named_ones_need_approval(
    repository: Repository, path: str, now: str
) -> None:
    outcome = reviewed(repository, path, json.dumps([SMALL]), now)
    assert (outcome.rules(), outcome.code) == ({"request": "needs-approval"}, 1)


@pytest.mark.parametrize("path", SOURCES)
@pytest.mark.parametrize("now", [json.dumps([SMALL]), "[find]", "find"])
def test_the_named_ones_are_counted(repository: Repository, path: str, now: str) -> None:
    outcome = reviewed(repository, path, "[load(1)]", now)
    assert (outcome.rules(), outcome.code) == ({}, 0)
    assert not any("not priced" in note for note in outcome.workflow()["after"]["notes"])


def test_a_name_of_tools_in_source_is_counted(repository: Repository) -> None:
    source = f"MORE = {json.dumps([SMALL])}\n" + PYTHON.replace("TOOLS", "loaded(MORE)")
    named = workflow('"a.py#ask.messages"', tools='"b.py#MORE"')
    before = {CONFIGURATION: configuration({"w": named}), "b.py": source, "a.py": source}
    after = {"a.py": source.replace("loaded(MORE)", "MORE")}
    assert change(repository, before, after).rules() == {}
