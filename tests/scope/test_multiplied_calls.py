"""Calls that send a prompt of a workflow, where a change makes more of them."""

import json

import pytest

from reviewbot.rendering.parsers.python_forms import parse
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
IMPORT = "from prompts import SYSTEM\n\n\n"
CALL = (
    'client.chat.completions.create(model="gpt-4o", '
    'messages=[{"role": "system", "content": SYSTEM}, {"role": "user", "content": q}])'
)
PLAIN = f"{IMPORT}def ask(q):\n    return {CALL}\n"
IN_LOOP = f"{IMPORT}def ask(all):\n    for q in all:\n        say({CALL})\n"
TS_CALL = (
    'generateText({ model: openai("gpt-4o"), '
    'messages: [{ role: "system", content: SYSTEM }, { role: "user", content: q }] })'
)
TS_IMPORT = 'import { SYSTEM } from "./prompts";\n'
TYPESCRIPT = f"{TS_IMPORT}export const ask = (q: string) => {TS_CALL};\n"
SEVERAL = {
    "a loop": (f"{IMPORT}def ask(q):\n    for n in range(5):\n        say({CALL})\n", "`range(5)`"),
    "a loop until it is good": (
        f"{IMPORT}def ask(q):\n    while is_bad(q):\n        q = {CALL}\n",
        "`is_bad(q)`",
    ),
    "a comprehension": (f"{IMPORT}def ask(all):\n    return [{CALL} for q in all]\n", "`all`"),
    "all at once": (
        f"{IMPORT}async def ask(all):\n    await asyncio.gather(*({CALL} for q in all))\n",
        "`all`",
    ),
    "a mapping": (f"{IMPORT}def ask(all):\n    return map(lambda q: {CALL}, all)\n", "`all`"),
    "a loop in a loop": (
        f"{IMPORT}def ask(q):\n    for a in b:\n        for c in a:\n            say({CALL})\n",
        "2 loops",
    ),
    "another function": (f"{PLAIN}\n\ndef check(q):\n    return {CALL}\n", "by 2 calls"),
    "twice": (f"{IMPORT}def ask(q):\n    say({CALL})\n    return {CALL}\n", "by 2 calls"),
}
TS_SEVERAL = {
    "a loop": f"async function ask(all) {{ for (const q of all) {{ await {TS_CALL}; }} }}",
    "a mapping": f"const ask = (all) => Promise.all(all.map((q) => {TS_CALL}));",
    "another function": f"const ask = (q) => {TS_CALL};\nconst check = (q) => {TS_CALL};",
}


def reviewed(repository: Repository, before: str, after: dict[str, str | bytes | None]) -> Outcome:
    files = {
        CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
        "prompts.py": f'SYSTEM = "{RULES}"\n',
        "app.py": before,
    }
    return change(repository, files, after)


def warned(outcome: Outcome) -> str:
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["verdict"]) == (0, "warn")
    assert "the number of calls may rise; correct `calls`" in found["text"]
    text: str = found["text"]
    return text


@pytest.mark.parametrize("name", SEVERAL)
def test_calls_that_multiply_are_a_warning(repository: Repository, name: str) -> None:
    after, said = SEVERAL[name]
    text = warned(reviewed(repository, PLAIN, {"app.py": after}))
    assert "`SYSTEM` (workflow `w`) is sent" in text
    assert said in text


@pytest.mark.parametrize("name", TS_SEVERAL)
def test_they_do_in_typescript(repository: Repository, name: str) -> None:
    files = {
        CONFIGURATION: configuration({"w": workflow('"src/prompts.ts#SYSTEM"')}),
        "src/prompts.ts": f'export const SYSTEM = "{RULES}";\n',
        "src/app.ts": TYPESCRIPT,
    }
    warned(change(repository, files, {"src/app.ts": f"{TS_IMPORT}{TS_SEVERAL[name]}\n"}))


def test_a_call_whose_messages_a_workflow_has_whole_is_one(repository: Repository) -> None:
    samples = "[{name: one, variables: {q: HP-1}}]"
    flow = workflow('{path: "app.py#ask.said.messages", format: python}', samples=samples)
    source = f'SYSTEM = "{RULES}"\n\n\ndef ask(q):\n    said = {CALL}\n    return said\n'
    before = {CONFIGURATION: configuration({"w": flow}), "app.py": source}
    after = source.replace("    said =", "    for _ in range(3):\n        said =")
    assert "`ask.said.messages`" in warned(change(repository, before, {"app.py": after}))


AS_BEFORE: dict[str, tuple[str, dict[str, str | bytes | None]]] = {
    "another name": (PLAIN, {"app.py": PLAIN.replace("def ask", "def tell")}),
    "another file": (PLAIN, {"app.py": IMPORT, "other.py": PLAIN}),
    "a file in place of it": (PLAIN, {"app.py": None, "b/other.py": f"import os\n\n\n{PLAIN}"}),
    "its stream": (
        PLAIN,
        {"app.py": f"{IMPORT}def ask(q):\n    for part in {CALL}:\n        say(part)\n"},
    ),
    "the loop around it": (IN_LOOP, {"app.py": IN_LOOP.replace("all", "questions")}),
    "out of its loop": (IN_LOOP, {"app.py": PLAIN}),
    "a loop beside it": (PLAIN, {"app.py": f"{PLAIN}\n\nfor one in range(9):\n    say(one)\n"}),
    "what makes it": (PLAIN, {"app.py": f"{PLAIN}\n\nOTHER = SystemMessage(SYSTEM)\n"}),
}


@pytest.mark.parametrize("name", AS_BEFORE)
def test_a_call_that_is_as_it_was_is_none(repository: Repository, name: str) -> None:
    before, after = AS_BEFORE[name]
    outcome = reviewed(repository, before, after)
    assert (outcome.code, outcome.report["findings"]) == (0, [])


@pytest.mark.parametrize(
    "said",
    [
        'globals()["SYSTEM"]',
        'vars(prompts)["SYSTEM"]',
        'prompts.__dict__["SYSTEM"]',
        'sys.modules["app.prompts"].SYSTEM',
        'importlib.import_module("prompts").SYSTEM',
        'getattr(prompts, "SYSTEM")',
    ],
)
def test_a_name_that_is_looked_up_is_that_name(said: str) -> None:
    source = f"import prompts\nfrom prompts import SYSTEM\nask(system={said} * 5)\n"
    found = parse(json.dumps({"names": ["SYSTEM"], "source": source}))
    forms = [(item["steps"][-1], item["form"]) for item in found if "form" in item]
    assert forms == [("SYSTEM", "* 5")]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ('{ openai: { reasoningEffort: "high" } }', 1),
        ('{ anthropic: { cacheControl: { type: "ephemeral", ttl: "1h" } } }', 1),
        ('{ anthropic: { cacheControl: { type: "ephemeral" } } }', 0),
    ],
)
def test_options_of_one_message_are_those_of_its_call(
    repository: Repository, options: str, code: int
) -> None:
    samples = "[{name: one, variables: {q: HP-1}}]"
    flow = workflow('{path: "src/app.ts#ask.messages", format: typescript}', samples=samples)
    source = TYPESCRIPT.replace(TS_IMPORT, f'const SYSTEM = "{RULES}";\n')
    before = {CONFIGURATION: configuration({"w": flow}), "src/app.ts": source}
    after = source.replace("content: SYSTEM", f"content: SYSTEM, providerOptions: {options}")
    outcome = change(repository, before, {"src/app.ts": after})
    assert outcome.code == code
    assert ("the request's `providerOptions` is" in outcome.out) == bool(code)


def limited(limit: str) -> str:
    """A call in a loop whose rounds a name of the function says."""
    lines = [f"    most = {limit}", "    for _ in range(most):", f"        say({CALL})"]
    return f"{IMPORT}def ask(q, kind):\n" + "\n".join(lines) + "\n"


def ts_limited(limit: str) -> str:
    """The same in TypeScript."""
    loop = f"for (let i = 0; i < most; i++) {{ await {TS_CALL}; }}"
    return f"{TS_IMPORT}async function ask(q, kind) {{\n  let most = {limit};\n  {loop}\n}}\n"


def test_more_rounds_of_a_loop_are_told(repository: Repository) -> None:
    after: dict[str, str | bytes | None] = {"app.py": limited("20 if kind == 'a' else 250")}
    text = warned(reviewed(repository, limited("2 if kind == 'a' else 25"), after))
    assert "250" in text


@pytest.mark.parametrize("after", ["kind === 'a' ? 2 : kind === 'b' ? 60 : 25", "250"])
def test_more_rounds_in_typescript_are_told(repository: Repository, after: str) -> None:
    files = {
        CONFIGURATION: configuration({"w": workflow('"src/prompts.ts#SYSTEM"')}),
        "src/prompts.ts": f'export const SYSTEM = "{RULES}";\n',
        "src/app.ts": ts_limited("kind === 'a' ? 2 : kind === 'b' ? 6 : 25"),
    }
    assert "0" in warned(change(repository, files, {"src/app.ts": ts_limited(after)}))


@pytest.mark.parametrize("limit", ["2 if kind == 'a' else 20", "2", "2 if kind == 'b' else 25"])
def test_no_more_rounds_are_none(repository: Repository, limit: str) -> None:
    before = limited("2 if kind == 'a' else 25")
    outcome = reviewed(repository, before, {"app.py": limited(limit)})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_rounds_that_were_few_at_times_and_are_many_now_are_told(repository: Repository) -> None:
    before = limited("2 if kind == 'a' else 25")
    assert "25" in warned(reviewed(repository, before, {"app.py": limited("25")}))


def test_rounds_that_nobody_knew_and_are_many_now_are_told(repository: Repository) -> None:
    before = limited("int(os.environ['ROUNDS'])")
    assert "5000" in warned(reviewed(repository, before, {"app.py": limited("5000")}))
