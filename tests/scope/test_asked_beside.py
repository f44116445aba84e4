"""What a call asks for in a message or a tool of its file, though no workflow names it."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
MUCH = "Weigh each parcel twice before it goes to a shelf. " * 9
SAMPLES = "[{name: one, variables: {q: HP-1}}]"
OWN = f'SYSTEM = "{RULES}"\n'
IMPORTED = "from prompts import SYSTEM\n"
CACHED = """\


def ask(q):
    return client.messages.create(
        model="claude-sonnet-4-5",
        max_tokens=100,
        system=[{"type": "text", "text": SYSTEM, "cache_control": LIFE}],
        messages=[{"role": "user", "content": q}],
    )
"""
TS_CACHED = """\
export const ask = (q: string) => client.messages.create({
  model: "claude-sonnet-4-5", max_tokens: 100,
  system: [{ type: "text", text: SYSTEM, cache_control: LIFE }],
  messages: [{ role: "user", content: q }],
});
"""
SHORT, LONG = '{"type": "ephemeral"}', '{"type": "ephemeral", "ttl": "1h"}'
FIVE = '{"type": "ephemeral", "ttl": "5m"}'
FILES = {
    "an imported text": ("app.py", IMPORTED + CACHED, "prompts.py#SYSTEM"),
    "a text of the file": ("app.py", OWN + CACHED, "app.py#SYSTEM"),
    "all of the call": ("app.py", OWN + CACHED, "app.py#ask.messages"),
    "TypeScript": ("src/app.ts", f'const SYSTEM = "{RULES}";\n{TS_CACHED}', "src/app.ts#SYSTEM"),
    "TypeScript, all": (
        "src/app.ts",
        f'const SYSTEM = "{RULES}";\n{TS_CACHED}',
        "src/app.ts#ask.messages",
    ),
}


@pytest.mark.parametrize(("life", "count"), [(LONG, 1), (FIVE, 0), (SHORT, 0)])
@pytest.mark.parametrize("name", FILES)
def test_a_message_that_stays_long_in_the_cache(
    repository: Repository, name: str, life: str, count: int
) -> None:
    path, source, prompt = FILES[name]
    samples = {"samples": SAMPLES} if prompt.endswith("messages") else {}
    flow = workflow(f'"{prompt}"', model="anthropic/claude-sonnet-4-5", **samples)
    files = {
        CONFIGURATION: configuration({"w": flow}),
        "prompts.py": OWN,
        path: source.replace("LIFE", SHORT),
    }
    outcome = change(repository, files, {path: source.replace("LIFE", f" {life}")})
    texts = [item["text"] for item in outcome.report["findings"]]
    assert (outcome.code, len(texts)) == (count, count)
    assert all(text.startswith("`cache_control` is") for text in texts)


FIND = '@tool\ndef find(place):\n    """TOLD"""\n    return place\n'
SEND = (
    'client.create(model="gpt-4o", tools=TOOLS, messages=[{"role": "system", "content": SYSTEM}])'
)
ASK = f"\n\ndef ask(q):\n    return {SEND}\n"
SCHEMA = '[{"type": "function", "function": {"name": "find", "description": "TOLD"}}]'
AGENT = '\nagent = Agent("openai:gpt-4o", instructions=SYSTEM)\n\n\n'
TOOLS = {
    "a function": f"{IMPORTED}\n\n{FIND}{ASK}".replace("TOOLS", "[find]"),
    "a schema": f"{IMPORTED}\nTOOLS = {SCHEMA}\n{ASK}",
    "a decorator": IMPORTED + AGENT + FIND.replace("@tool", "@agent.tool"),
    "a decorator beside a text of the file": OWN + AGENT + FIND.replace("@tool", "@agent.tool"),
    "one that is called": IMPORTED + AGENT + FIND.replace("@tool", "@agent.tool(retries=2)"),
}


@pytest.mark.parametrize(("told", "count"), [(MUCH, 1), ("Find it by its name.", 0)])
@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_that_grows(repository: Repository, name: str, told: str, count: int) -> None:
    source = TOOLS[name]
    prompt = "app.py#SYSTEM" if source.startswith(OWN) else "prompts.py#SYSTEM"
    files = {
        CONFIGURATION: configuration({"w": workflow(f'"{prompt}"')}),
        "prompts.py": OWN,
        "app.py": source.replace("TOLD", "Find it."),
    }
    outcome = change(repository, files, {"app.py": source.replace("TOLD", told)})
    texts = [item["text"] for item in outcome.report["findings"]]
    assert (outcome.code, len(texts)) == (count, count)
    assert all(text.startswith("`tool") for text in texts)


def test_a_further_tool_of_an_agent(repository: Repository) -> None:
    source = IMPORTED + AGENT + FIND.replace("@tool", "@agent.tool").replace("TOLD", "Find it.")
    more = "".join(
        FIND.replace("@tool", "@agent.tool").replace("find", f"find{n}") for n in range(4)
    )
    files = {
        CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
        "prompts.py": OWN,
        "app.py": source,
    }
    outcome = change(repository, files, {"app.py": f"{source}\n\n{more}"})
    (found,) = outcome.report["findings"]
    assert found["text"].startswith("`tool` is defined in ")
