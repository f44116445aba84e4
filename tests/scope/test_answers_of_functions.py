"""What a function answers that sends a prompt of a workflow is not that prompt, nor sent again."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
MUCH = "Weigh each parcel twice before it goes to a shelf. " * 9
ASK_TS = f"""\
export async function ask({{ query }}: {{ query: string }}) {{
  const res = await generateObject({{
    model: openai('gpt-4o'),
    system: `{RULES}`,
    prompt: `Ask about <q>${{query}}</q>`,
    schema,
  }});
  return res.object.questions.slice(0, 3);
}}
"""
RUN_TS = """\
import { ask } from './ask';
import { dig } from './dig';

async function run() {
  let all = 'none';
  const questions = await ask({ query: 'what' });
  const answers: string[] = [];
  for (const one of questions) {
    answers.push(await read(one));
  }
  all = `Asked: ${questions.map((q, i) => `Q: ${q} A: ${answers[i]}`).join()}`;
  const found = await dig({ query: all, depth: 2 });
  await dig({ query: found.join(), depth: 2 });
}
"""
DIG_TS = """\
export async function dig({ query, depth }: { query: string; depth: number }) {
  const first = await plan({ query });
  return first.map(one => cut(one, 10, 5));
}
"""
ASK_PY = f"""\
def ask(query):
    answer = client.chat.completions.create(
        model="gpt-4o",
        messages=[
            {{"role": "system", "content": "{RULES}"}},
            {{"role": "user", "content": query}},
        ],
    )
    return answer.choices[0].message.content
"""
RUN_PY = """\
from ask import ask
from dig import dig


def run(query):
    return dig("Asked: " + "".join(f"Q: {one}" for one in ask(query)), 2)
"""
DIG_PY = """\
def dig(query, depth):
    return plan(query)[:10]
"""
SCRIPT = {
    CONFIGURATION: configuration(
        {"w": workflow('{path: "src/ask.ts#ask.res", format: typescript}')}
    ),
    "src/ask.ts": ASK_TS,
    "src/run.ts": RUN_TS,
    "src/dig.ts": DIG_TS,
}
PYTHON = {
    CONFIGURATION: configuration({"w": workflow('"ask.py#ask.answer"')}),
    "ask.py": ASK_PY,
    "run.py": RUN_PY,
    "dig.py": DIG_PY,
}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("cut(one, 10, 5)", "cut(one, 90, 25)"),
        ("plan({ query })", "plan({ query: query + query })"),
        ("plan({ query })", f"plan({{ query: query + '{MUCH}' }})"),
        ("return first", "return first.map(one => one.repeat(9))"),
    ],
)
def test_in_typescript(repository: Repository, old: str, new: str) -> None:
    outcome = change(repository, SCRIPT, {"src/dig.ts": DIG_TS.replace(old, new)})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[:10]", "[:90]"),
        ("plan(query)", "plan(query * 9)"),
        ("plan(query)", f"plan(query + '{MUCH}')"),
        ("plan(query)", "[one for one in query for _ in range(9)]"),
    ],
)
def test_in_python(repository: Repository, old: str, new: str) -> None:
    outcome = change(repository, PYTHON, {"dig.py": DIG_PY.replace(old, new)})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_a_renamed_function_is_the_same(repository: Repository) -> None:
    after = {
        path: text.replace("ask(", "inquire(").replace("{ ask }", "{ inquire }")
        for path, text in SCRIPT.items()
    }
    after[CONFIGURATION] = SCRIPT[CONFIGURATION].replace("#ask.res", "#inquire.res")
    assert (outcome := change(repository, SCRIPT, after)).code == 0
    assert outcome.report["findings"] == []


def test_a_function_that_gives_its_prompt_is_still_followed(repository: Repository) -> None:
    text = f"    text = '{RULES}'\n    return "
    before = {
        **PYTHON,
        CONFIGURATION: configuration({"w": workflow('"ask.py#ask.text"')}),
        "ask.py": f"def ask(query):\n{text}text\n",
        "dig.py": "def dig(query, depth):\n    return client.create(model='gpt-4o', system=query)\n",
    }
    after = {"dig.py": before["dig.py"].replace("=query)", "=query * 9)")}
    outcome = change(repository, before, after)
    assert (outcome.code, len(outcome.report["findings"])) == (1, 1)


def test_a_function_that_sends_its_prompt_and_gives_it_back_is_followed(
    repository: Repository,
) -> None:
    asked = ASK_PY.replace("    answer =", "    text = SYSTEM\n    answer =").replace(
        f'"{RULES}"', "text"
    )
    before = {
        **PYTHON,
        CONFIGURATION: configuration({"w": workflow('"ask.py#SYSTEM"')}),
        "ask.py": f'SYSTEM = "{RULES}"\n\n\n{asked}'.replace(
            "return answer.choices[0].message.content", "return text"
        ),
        "run.py": RUN_PY.replace("import ask", "import ask, SYSTEM").replace(
            "dig(", "dig(SYSTEM + ", 1
        ),
        "dig.py": "def dig(query, depth):\n    return client.create(model='gpt-4o', system=query)\n",
    }
    after = {"dig.py": before["dig.py"].replace("=query)", "=query * 9)")}
    outcome = change(repository, before, after)
    assert (outcome.code, len(outcome.report["findings"])) == (1, 1)


def test_a_loop_around_it_is_still_told(repository: Repository) -> None:
    looped = RUN_TS.replace(
        "  const questions", "  for (const x of many) await ask({ query: x });\n  const questions"
    )
    outcome = change(repository, SCRIPT, {"src/run.ts": looped})
    assert [item["rule"] for item in outcome.report["findings"]] == ["loosened"]
    assert "loop" in outcome.report["findings"][0]["text"]


def test_functions_without_a_name_in_one_are_no_calls_of_it(repository: Repository) -> None:
    call = "await generateText({ model: openai('gpt-4o'), system: SYSTEM, prompt: q })"
    lines = ["import { SYSTEM } from './prompts';", "async function ask(q: string) {"]
    lines += [f"  const found = {call};", "  return found.text.map(one => one.trim());", "}"]
    lines += ["export const both = (q: string) => ask(q);"]
    before = {
        CONFIGURATION: configuration(
            {"w": workflow('{path: "src/prompts.ts#SYSTEM", format: typescript}')}
        ),
        "src/prompts.ts": f"export const SYSTEM = `{RULES}`;\n",
        "src/ask.ts": "\n".join(lines) + "\n",
    }
    after = before["src/ask.ts"].replace("one.trim())", "one.trim()).filter(one => one)")
    outcome = change(repository, before, {"src/ask.ts": after})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


GIVING = "export const fast = (a: string) => {\n  return `" + RULES + " ${a}`;\n};\n"
CHOOSING = """\
export const pick = (mode: string, a: string) => {
  let prompt = '';
  switch (mode) {
    case 'fast':
      prompt = fast(a);
      break;
    default:
      prompt = slow(a);
  }
  return prompt;
};
"""
SLOW = "export const slow = (a: string) => {\n  return `" + MUCH * 3 + " ${a}`;\n};\n"


def moving(old: str, new: str) -> tuple[dict[str, str], dict[str, str]]:
    """A function whose text a workflow has, and that moves to a file of its own; an edit beside."""
    prompts = {
        name: workflow(f'{{path: "src/{file}.ts#{name}", format: typescript}}')
        for name, file in (("fast", "pick"), ("slow", "pick"))
    }
    flow = configuration(prompts)
    before = {CONFIGURATION: flow, "src/pick.ts": f"{GIVING}{SLOW}{CHOOSING}"}
    left = f"import {{ fast }} from './fast';\n{SLOW}{CHOOSING}".replace(old, new)
    moved = flow.replace("src/pick.ts#fast", "src/fast.ts#fast")
    return before, {CONFIGURATION: moved, "src/pick.ts": left, "src/fast.ts": GIVING}


def test_a_function_that_moves_has_no_more_beside_it(repository: Repository) -> None:
    before, after = moving("", "")
    outcome = change(repository, before, after)
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_what_comes_beside_one_that_moves_is_told(repository: Repository) -> None:
    before, after = moving("= fast(a)", f"= fast(a) + `{MUCH * 9}`")
    outcome = change(repository, before, after)
    assert outcome.code == 1
    assert any("more characters" in item["text"] for item in outcome.report["findings"])


def test_an_object_of_a_model_that_is_passed_on_says_nothing(repository: Repository) -> None:
    chain = "def make(llm, log=False):\n    return LLMChain(prompt=SYSTEM, llm=llm)\n"
    before = {
        CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
        "prompts.py": f'SYSTEM = "{RULES}"\n',
        "chains.py": "import os\n",
    }
    outcome = change(repository, before, {"chains.py": f"from prompts import SYSTEM\n\n\n{chain}"})
    assert [item for item in outcome.report["findings"] if item["verdict"] != "warn"] == []
    assert not any("llm" in item["text"] for item in outcome.report["findings"])


@pytest.mark.parametrize("before", ["cheap", None])
@pytest.mark.parametrize(
    ("imports", "call"),
    [
        ("from models import {0}", "LLMChain(llm={0}, prompt=SYSTEM).run(q)"),
        ("from models import (\n    {0},\n)", "LLMChain(llm={0}, prompt=SYSTEM).run(q)"),
    ],
)
def test_a_model_that_the_file_chooses_is_told(
    repository: Repository, before: str | None, imports: str, call: str
) -> None:
    code = f"{imports}\nfrom prompts import SYSTEM\n\n\ndef ask(q):\n    return {call}\n"
    models = 'cheap = ChatOpenAI(model="gpt-4o-mini")\nllm = ChatOpenAI(model="gpt-4o")\n'
    files = {
        CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"', model="gpt-4o-mini")}),
        "prompts.py": f'SYSTEM = "{RULES}"\n',
        "models.py": models,
        "app.py": "import os\n" if before is None else code.format(before),
    }
    outcome = change(repository, files, {"app.py": code.format("llm")})
    assert (outcome.code, "llm" in outcome.out) == (1, True)
