"""A prompt is found in a call of whose result only a part is used, however that is written."""

import pytest

from tests.support.one_workflow import BEFORE
from tests.support.repository import Repository
from tests.support.reviewing import change

SYSTEM = (
    "You are a careful clerk. Sort parcels by size and weight, and name the shelf that fits best. "
    "Explain each of your choices in one sentence, and never name a shelf twice."
)
MESSAGES = f'[{{"role": "system", "content": "{SYSTEM}"}}, {{"role": "user", "content": q}}]'
CREATE = f'client.chat.completions.create(model="gpt-4.1", messages={MESSAGES})'
GENERATE = f'await generateText({{ model: "openai/gpt-4.1", system: "{SYSTEM}", prompt: q }})'


@pytest.mark.parametrize(
    "statement",
    [
        f"return {CREATE}.choices[0].message.content",
        f"answer = {CREATE}.choices[0].message.content.strip()",
        f"return json.loads({CREATE}.choices[0].message.content)",
        f"return json.loads((await {CREATE}).choices[0].message.content)",
        f"print({CREATE}.choices[0].message.content)",
        f"log.info('answered', {CREATE})",
        f'print(llm.invoke("{SYSTEM}").content)',
        f'return llm.with_retry().invoke("{SYSTEM}").content[0]["text"]',
        f"async for part in {CREATE}: pass",
        f"for part in list({CREATE}): pass",
        f'with client.messages.stream(model="m", system="{SYSTEM}", messages=q) as stream: pass',
        f'if "yes" in {CREATE}.choices[0].message.content: pass',
        f"while not await {CREATE}: pass",
        f"assert {CREATE}",
        f"q += {CREATE}.choices[0].message.content",
        f"return [{CREATE} for x in q]",
        f"answer = {CREATE}.choices[0].message.content == 'yes'",
        f'system_prompt = os.getenv("PROMPT") or "{SYSTEM}"',
        f'system_prompt = lambda: "{SYSTEM}"',
    ],
)
def test_in_python(repository: Repository, statement: str) -> None:
    source = f"async def sort(q):\n    {statement}\n"
    outcome = change(repository, BEFORE, {"app/sort.py": source})
    (found,) = outcome.report["new_prompts"]
    assert (found["path"], found["line"]) == ("app/sort.py", 2)
    assert found["tokens"] >= 18


@pytest.mark.parametrize(
    "statement",
    [
        f"return ({GENERATE}).text;",
        f"const answer = ({GENERATE}).text.trim();",
        f"return JSON.parse(({GENERATE}).text);",
        f"console.log(({GENERATE}).steps[0].text);",
        f'console.log(await llm.invoke("{SYSTEM}"));',
        f'logger.info("answered", (await llm.invoke("{SYSTEM}")).content);',
        f"for await (const part of ({GENERATE}).textStream) {{}}",
        f"if ((await {GENERATE}).text === 'yes') {{ return; }}",
        f"while (!({GENERATE})) {{}}",
        f"q += ({GENERATE}).text;",
        f"void {GENERATE};",
        f"throw new Error(({GENERATE}).text);",
    ],
)
def test_in_typescript(repository: Repository, statement: str) -> None:
    source = f"export async function sort(q: string) {{\n  {statement}\n}}\n"
    outcome = change(repository, BEFORE, {"src/sort.ts": source})
    (found,) = outcome.report["new_prompts"]
    assert (found["path"], found["line"]) == ("src/sort.ts", 2)
    assert found["tokens"] >= 18


@pytest.mark.parametrize(
    ("path", "statement"),
    [
        ("app/sort.py", f'print("{SYSTEM} {{}}".format(q))'),
        ("app/sort.py", f'log.info(", ".join(["{SYSTEM}"]))'),
        ("src/sort.ts", f'console.log(["{SYSTEM}"].join(", "));'),
    ],
)
def test_what_is_only_shown_to_people_is_none(
    repository: Repository, path: str, statement: str
) -> None:
    outcome = change(repository, BEFORE, {path: f"{statement}\n"})
    assert outcome.report["new_prompts"] == []
