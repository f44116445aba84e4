"""A prompt that TypeScript sends otherwise than its workflow counts it needs approval."""

import json

import pytest

from reviewbot.rendering.parsers.typescript_forms.tsx import parse
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
TYPESCRIPT = f"""\
import {{ RULES }} from "./prompts";
const SYSTEM = "{RULES}";
const TIMES = 2;
const same = (text: string) => text;
const double = (text: string) => text + text;
class Clerk {{
  private prompt = SYSTEM;
  grown(text: string) {{
    return text.repeat(9);
  }}
  async ask(q: string) {{
    BEFORE
    return await client.chat.completions.create({{
      model: "gpt-4o", messages: [{{ role: "system", content: SENT }}, said(q)],
    }});
  }}
}}
"""


def forms(sent: str, before: str = "", source: str = TYPESCRIPT) -> set[tuple[str, str]]:
    text = source.replace("SENT", sent).replace("BEFORE", before)
    found = parse(json.dumps({"names": ["SYSTEM"], "source": text}))
    return {(".".join(item["steps"]), item["form"]) for item in found if not item.get("key", "-")}


@pytest.mark.parametrize(
    ("sent", "before", "form"),
    [
        ("SYSTEM.repeat(5)", "", "repeat(5)"),
        ("SYSTEM.repeat(TIMES)", "", "repeat(TIMES) (2)"),
        ("(SYSTEM + q).repeat(5)", "", "repeat(5)"),
        ("SYSTEM + q + SYSTEM", "", "2 times"),
        ("SYSTEM.concat(SYSTEM)", "", "2 times"),
        ("`${SYSTEM}${q}${SYSTEM}`", "", "2 times"),
        ("dedent`${SYSTEM}${SYSTEM}`", "", "2 times"),
        ("[SYSTEM, SYSTEM].join('')", "", "2 times"),
        ("Array(5).fill(SYSTEM).join('')", "", "fill(Array(5))"),
        ("new Array(5).fill(SYSTEM).join('')", "", "fill(new Array(5))"),
        ("Array.from({ length: 9 }, () => SYSTEM).join('')", "", "for each of { length: 9 }"),
        ("[1, 2, 3].map(() => SYSTEM).join('')", "", "for each of [1, 2, 3]"),
        ("[SYSTEM].map((text) => text.repeat(9)).join('')", "", "repeat(9)"),
        ("words.join(SYSTEM)", "", "between others"),
        ("SYSTEM.padEnd(9999)", "", "padEnd(9999)"),
        ("SYSTEM.replaceAll(' ', '     ')", "", "replaceAll(' ', '     ')"),
        ("pad(SYSTEM)", "", "pad(…)"),
        ("utils.pad(SYSTEM)", "", "pad(…)"),
        ("utils.pad(SYSTEM, 9)", "", "pad(…, 9)"),
        ("utils.pad(SYSTEM, { times: TIMES })", "", "pad(…, 2)"),
        ("utils.twice(SYSTEM)(9)", "", "twice(…)"),
        ("(text += SYSTEM + SYSTEM)", "let text = '';", "2 times"),
        ("double(SYSTEM)", "", "2 times"),
        ("this.grown(SYSTEM)", "", "repeat(9)"),
        ("this.prompt + this.prompt", "", "2 times"),
        ("text", "const text = SYSTEM.repeat(5);", "repeat(5)"),
        ("text", "let text = SYSTEM; text += text;", "2 times"),
        ("text", "let text = ''; for (const n of ns) { text += SYSTEM; }", "for each of ns"),
        ("text", "let text = ''; ns.forEach(() => { text += SYSTEM; });", "for each of ns"),
        ("all.join('')", "const all = [SYSTEM]; all.push(SYSTEM);", "2 times"),
        ("q ? q : SYSTEM.repeat(5)", "", "repeat(5)"),
        ("q ?? SYSTEM.repeat(5)", "", "repeat(5)"),
    ],
)
def test_typescript_tells_the_form_in_which_a_text_is_sent(
    sent: str, before: str, form: str
) -> None:
    own = {found for name, found in forms(sent, before) if name == "SYSTEM"}
    assert form in own


MORE = {
    "a constant": ("SYSTEM.repeat(w)", "const w = NUMBER;"),
    "a product": ("SYSTEM.repeat(w)", "const w = NUMBER * 1;"),
    "an entry": ("SYSTEM.repeat(w.n)", "const w = { n: NUMBER };"),
    "a width": ("SYSTEM.padEnd(NUMBER)", ""),
    "a list": ("Array(w).fill(SYSTEM).join('')", "const w = NUMBER;"),
    "a length": ("Array.from({ length: w }, () => SYSTEM).join('')", "const w = NUMBER;"),
    "a loop": (
        "text",
        "let text = ''; const w = NUMBER; for (let i = 0; i < w; i++) { text += SYSTEM; }",
    ),
    "an argument": ("grow(SYSTEM, NUMBER)", "const grow = (t: string, n: number) => t.repeat(n);"),
    "a default": ("grow(SYSTEM)", "const grow = (t: string, n = NUMBER) => t.repeat(n);"),
    "a function of a class": ("String.prototype.repeat.call(SYSTEM, NUMBER)", ""),
    "a closure": (
        "make(SYSTEM)(NUMBER)",
        "const make = (t: string) => (n: number) => t.repeat(n);",
    ),
    "a replacement": ("SYSTEM.replace(/ /g, 'NUMBER')", ""),
    "words that are joined": ("SYSTEM.split(' ').join('NUMBER')", ""),
}


@pytest.mark.parametrize("name", MORE)
def test_another_number_is_another_form(name: str) -> None:
    sent, before = MORE[name]
    few, many = (
        forms(sent.replace("NUMBER", number), before.replace("NUMBER", number))
        for number in ("12", "34567")
    )
    assert {item for item in many - few if item[0] == "SYSTEM"}


@pytest.mark.parametrize(
    ("sent", "form"),
    [
        ("<System>{SYSTEM}{SYSTEM}</System>", "2 times"),
        ("<UserMessage>{SYSTEM.repeat(9)}</UserMessage>", "repeat(9)"),
        ("<Prompt>{ns.map((n) => <p key={n}>{SYSTEM}</p>)}</Prompt>", "for each of ns"),
        ("<Agent instructions={SYSTEM + SYSTEM} />", "2 times"),
    ],
)
def test_what_elements_hold_has_a_form_too(sent: str, form: str) -> None:
    assert ("SYSTEM", form) in forms("''", source=f"export const App = () => {sent};\n")


@pytest.mark.parametrize(
    ("sent", "before"),
    [
        ("SYSTEM", ""),
        ("same(SYSTEM)", ""),
        ("SYSTEM.trim()", ""),
        ("`${SYSTEM}\\n${q}`", ""),
        ("[SYSTEM, q].join('')", ""),
        ("SYSTEM.replace('{q}', q)", ""),
        ("q ? SYSTEM : RULES", ""),
        ("SYSTEM as string", ""),
        ("SYSTEM", "console.log(SYSTEM.repeat(2));"),
        ("SYSTEM", "logger.info({ prompt: SYSTEM, size: SYSTEM.length });"),
        ("SYSTEM", "const tokens = countTokens(SYSTEM);"),
        ("SYSTEM", "const answer = await run(SYSTEM, q);"),
        ("SYSTEM", "if (!SYSTEM) throw new Error(SYSTEM);"),
        ("PromptTemplate.fromTemplate(SYSTEM)", ""),
        ("new TextBlock(SYSTEM)", ""),
    ],
)
def test_what_sends_a_text_as_it_stands_is_no_form(sent: str, before: str) -> None:
    assert [item for item in forms(sent, before) if item[0] == "SYSTEM"] == []


CALL = """\
import { SYSTEM as RULES } from "./prompts";
export const ask = (q: string) =>
  generateText({ model: openai("gpt-4o"), system: RULES, prompt: q });
"""


def test_an_imported_constant_that_is_repeated_needs_approval(repository: Repository) -> None:
    settings = configuration({"w": workflow('"src/prompts.ts#SYSTEM"')})
    prompts = f'export const SYSTEM = "{RULES}";\n'
    before = {CONFIGURATION: settings, "src/prompts.ts": prompts, "src/ask.ts": CALL}
    after = {"src/ask.ts": CALL.replace("system: RULES", "system: RULES.repeat(5)")}
    outcome = change(repository, before, after)
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["verdict"]) == (1, "needs-approval")
    assert "repeat(5)" in found["text"]


CALLS = {
    "a call": "client.create({ model: MODEL, messages: [{ role: 'system', content: SYSTEM }] });",
    "the SDK's own way": "generateText({ model: openai(MODEL), system: SYSTEM, prompt: q });",
    "a name": "const model = MODEL;\nclient.create({ model, system: SYSTEM });",
    "the model that runs it": (
        "const llm = new Chat({ model: MODEL });\nllm.invoke([new SystemMessage(SYSTEM)]);"
    ),
    "a chain": (
        "const llm = new Chat({ model: MODEL });\nPromptTemplate.fromTemplate(SYSTEM).pipe(llm);"
    ),
    "a run": (
        "const agent = new Agent({ instructions: SYSTEM });\n"
        "run(agent, q, { runConfig: { model: MODEL } });"
    ),
    "an attribute": (
        "const agent = new Agent({ instructions: SYSTEM });\nagent.model = MODEL;\nrun(agent, q);"
    ),
    "a method": (
        "class A { pick() { return MODEL; }\n"
        "  ask() { return create({ model: this.pick(), system: SYSTEM }); } }"
    ),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(("model", "code"), [('"gpt-4o"', 1), ('"openai/gpt-4o-mini"', 0)])
def test_another_model_where_a_constant_of_another_file_is_sent_needs_approval(
    repository: Repository, name: str, model: str, code: int
) -> None:
    source = f'import {{ SYSTEM }} from "./prompts";\n{CALLS[name]}\n'
    setting = workflow('"src/prompts.ts#SYSTEM"', model="openai/gpt-4o-mini")
    before = {
        CONFIGURATION: configuration({"w": setting}),
        "src/prompts.ts": f'export const SYSTEM = "{RULES}";\n',
        "src/ask.ts": source.replace("MODEL", '"gpt-4o-mini"'),
    }
    outcome = change(repository, before, {"src/ask.ts": source.replace("MODEL", model)})
    found = outcome.all_findings()
    assert (outcome.code, len(found)) == (code, code)


AGENT = (
    f'const agent = new Agent({{ name: "a", model: "gpt-4o-mini", instructions: "{RULES}" }});\n'
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("run(agent, q, {})", 'run(agent, q, { runConfig: { model: "gpt-4o" } })'),
        ("agent.generate(q, {})", 'agent.generate(q, { model: "gpt-4o" })'),
        ('agent.clone({ name: "b" })', 'agent.clone({ name: "b", model: "gpt-4o" })'),
        ('new Runner({ model: "m" }).run(agent)', 'new Runner({ model: "n" }).run(agent)'),
    ],
)
def test_another_model_where_an_agent_is_run_needs_approval(
    repository: Repository, before: str, after: str
) -> None:
    source = f"{AGENT}export const ask = (q: string) => {before};\n"
    setting = workflow('"app.ts#agent.instructions"', model="openai/gpt-4o-mini")
    files = {CONFIGURATION: configuration({"w": setting}), "app.ts": source}
    outcome = change(repository, files, {"app.ts": source.replace(before, after)})
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["verdict"]) == (1, "needs-approval")


def test_the_model_that_an_agent_is_made_with_is_told_once(repository: Repository) -> None:
    setting = workflow('"app.ts#agent.instructions"', model="openai/gpt-4o-mini")
    before = {CONFIGURATION: configuration({"w": setting}), "app.ts": f"{AGENT}run(agent, q);\n"}
    after = {"app.ts": before["app.ts"].replace("4o-mini", "4o")}
    outcome = change(repository, before, after)
    assert outcome.report["findings"] == []
    assert outcome.rules() == {"request": "needs-approval"}


def test_a_private_field_is_no_comment(repository: Repository) -> None:
    settings = configuration({"w": workflow('"src/prompts.ts#SYSTEM"')})
    source = (
        'import { SYSTEM } from "./prompts";\nclass Clerk {\n  #system = SYSTEM;\n'
        "  ask(q) { return generateText({ system: this.#system, prompt: q }); }\n}\n"
    )
    constant = f'export const SYSTEM = "{RULES}";\n'
    before = {CONFIGURATION: settings, "src/prompts.ts": constant, "src/ask.ts": source}
    outcome = change(
        repository, before, {"src/ask.ts": source.replace("= SYSTEM", "= SYSTEM.repeat(5)")}
    )
    (found,) = outcome.report["findings"]
    assert "`repeat(5)`" in found["text"]


def test_attributes_without_values_and_functions_without_names_are_read() -> None:
    source = TYPESCRIPT + "const a = <p hidden data-a b={/* no */} c=/* c */{SYSTEM.repeat(7)} />;"
    source += "\nevents.on((text) => send({ system: SYSTEM.repeat(text) }));"
    assert ("SYSTEM", "repeat(7)") in forms("SYSTEM", source=source)
