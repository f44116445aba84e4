"""A text of a script has the model of the call that it leads to by names, within its file."""

import time

import pytest

from tests.support.importing import read

TEXT = "You are a clerk who says where each parcel of a large house belongs, and nothing else."
CALL = "openai.chat.completions.create({ model: MODEL, messages: [{ role: 'system', content: system }, { role: 'user', content: q }] })"
HEAD = f"const MODEL = 'gpt-4o';\nconst PROMPT = `{TEXT}`;\n"

LEADS = {
    "a function": f"async function ask(system, q) {{ return {CALL}; }}\nconst said = (q) => ask(PROMPT, q);",
    "an arrow": f"const ask = async (system: string, q: string) => {CALL};\nexport const said = (q) => ask(PROMPT, q);",
    "an object": f"const ask = ({{ system, q }}) => {CALL};\nexport const said = (q) => ask({{ system: PROMPT, q }});",
    "two functions": (
        f"function send(system, q) {{ return {CALL}; }}\n"
        "function ask(text, q) { return send(text, q); }\nask(PROMPT, 'who');"
    ),
    "a name between": f"function ask(q) {{ const system = PROMPT + q; return {CALL}; }}",
    "a list that is filled": (
        "function ask(q) {\n  const messages = [];\n  messages.push({ role: 'system', content: PROMPT });\n"
        "  return client.chat({ model: MODEL, messages });\n}"
    ),
    "a function that makes it": (
        f"const made = (q) => fill(PROMPT, q);\nfunction ask(q) {{ const system = made(q); return {CALL}; }}"
    ),
    "a method": (
        f"class Clerk {{\n  ask(system, q) {{ return {CALL}; }}\n  say(q) {{ return this.ask(PROMPT, q); }}\n}}"
    ),
    "a member": (
        f"class Clerk {{\n  text = PROMPT;\n  say(q) {{ const system = this.text; return {CALL}; }}\n}}"
    ),
    "what was made with a model": (
        "const llm = new ChatOpenAI({ model: MODEL });\n"
        "const ask = async (q) => { const all = [new SystemMessage(PROMPT), new HumanMessage(q)];\n"
        "  return llm.invoke(all); };"
    ),
}
NOT = {
    "no call": "function ask(q) { log(PROMPT, q); }",
    "another text": f"const OTHER = 'Say it.';\nfunction ask(system, q) {{ return {CALL}; }}\nask(OTHER, PROMPT.length);",
    "what a model answers": (
        f"function first(q) {{ return run({{ system: PROMPT }}); }}\n"
        f"function ask(q) {{ const system = generateText({{ model: other(q), prompt: PROMPT }}); return {CALL}; }}"
    ),
}


def model(source: str) -> str | None:
    """The model of the text, or the one that a request says in which it stands as a message."""
    file = read({"a.ts": HEAD + source}, "a.ts", "PROMPT").file
    said = [item.value.strip('"') for item in file.settings if item.says_who_serves]
    return file.model or next(iter(said), None)


@pytest.mark.parametrize("source", LEADS.values(), ids=LEADS)
def test_a_text_that_leads_to_a_call_has_its_model(source: str) -> None:
    assert model(source) == "gpt-4o"


@pytest.mark.parametrize("source", NOT.values(), ids=NOT)
def test_what_leads_to_none_has_none(source: str) -> None:
    assert model(source) != "gpt-4o"


def test_a_text_that_leads_to_two_has_the_first_and_tells_the_other() -> None:
    source = LEADS["a function"] + (
        "\nconst again = (q) => generateText({ model: openai('gpt-4.1'), prompt: make(PROMPT, q) });"
    )
    found = read({"a.ts": HEAD + source}, "a.ts", "PROMPT").file
    assert found.model in {"gpt-4o", "openai/gpt-4.1"}
    assert any(item.key == "model" for item in found.settings)


def test_very_many_calls_are_followed_in_time() -> None:
    source = "".join(
        f"function f{n}(a, b) {{ return g{n}(f{(n * 7) % 900}(a, b), f{(n * 11) % 900}(b, PROMPT)); }}\n"
        f"function g{n}(system, q) {{ return client.create({{ model: MODEL, system, input: f{n}(q) }}); }}\n"
        for n in range(900)
    )
    began = time.process_time()
    model(source)
    assert time.process_time() - began < 8
