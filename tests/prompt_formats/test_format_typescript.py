"""Prompts in TypeScript and JavaScript: what stands under a name is what node makes of it."""

import json
import shutil
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.errors import MeasurementError, Problem
from reviewbot.prompt import LoadedFile, PromptFile, PromptText, Surroundings, TemplateError
from reviewbot.prompt_formats import typescript
from reviewbot.prompts import entries
from reviewbot.rendering.parsing import LimitedParser
from tests.support import node_results
from tests.support.compiling import fill
from tests.support.processor_time import processor_seconds
from tests.support.reading import HERE, parse, read
from tests.support.repetitions import part
from tests.support.repository import Repository
from tests.support.sending import calls_of, sent

PATHS = ("p.js", "p.ts", "p.tsx")


def prompt(source: str, name: str, *, path: str = "p.ts", **more: Any) -> PromptFile:
    return read(typescript, source, path=path, selector=name, **more)


def said(
    source: str,
    name: str,
    variables: Mapping[str, Any] | None = None,
    *,
    path: str = "p.ts",
    undefined: Any = "error",
) -> list[tuple[str, str]]:
    """Role and text of each message, rendered."""
    return [
        (
            message.role,
            message.text
            if message.engine is None
            else fill(message.engine, message.text, variables or {}, undefined=undefined),
        )
        for message in prompt(source, name, path=path).messages
    ]


def text(source: str, name: str = "P", variables: Mapping[str, Any] | None = None) -> str:
    ((_, found),) = said(source, name, variables)
    return found


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("source", [*node_results.SOURCES, *node_results.DEDENT_SOURCES])
def test_a_text_is_what_node_makes_of_it(source: str, path: str) -> None:
    wanted = node_results.known()[source]
    assert said(source, "P", node_results.GIVEN, path=path) == [("user", wanted)]


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_what_is_kept_is_what_node_says() -> None:
    evaluated = node_results.evaluated(node_results.SOURCES)
    assert evaluated.items() <= node_results.known().items()


@given(st.text(st.characters(codec="utf-8")))
def test_any_text_in_a_literal_is_that_text(said_there: str) -> None:
    literal = json.dumps(said_there, ensure_ascii=False)
    template = said_there.replace("\\", "\\\\").replace("`", "\\`").replace("$", "\\$")
    template = template.replace("\r", "\\r").replace("\0", "\\x00")
    assert text(f"const P = {literal};") == said_there
    assert text(f"const P = `{template}`;") == said_there


SOURCE = """\
import { ChatPromptTemplate, MessagesPlaceholder, PromptTemplate } from "@langchain/core/prompts";
import { base } from "./base";
export { LATE, HERE as THERE } from "./late";

export const SYSTEM = `You are kind. ${base}` as const;
const PROMPTS = { a: "first", "b.c": `${PROMPT_HEAD} second`, deep: { list: ["x", "third"] } } satisfies Table;
export enum Personas { Cook = "You cook.", Baker = `You bake.` }
export default { system: "by default" };
module.exports.legacy = "old";

export function build({ topic }: Props, tone = "Be brief."): string {
  const head: string = `About ${topic}.`;
  return `${head} ${topic.name!}`;
}

const arrow = async (q: string) => `Question: ${q}`;

abstract class Agent<T> extends Base<T> {
  static readonly TITLE = "Agent";
  private instructions: string = "Do this.";
  #hidden = `Hidden`;
  get prompt(): string { return `${this.instructions} Now.`; }
  several(a: boolean) {
    if (a) return "one";
    return "two";
  }
}

const agent = new Agent({ name: "n", instructions: SYSTEM, model: openai("gpt-4o"), maxTokens: 99 });

async function ask(question: string, history: Message[]) {
  const { text } = await generateText({
    model: anthropic("claude-sonnet-4-5"),
    system: "You answer.",
    prompt: `Question: ${question}`,
  });
  await generateText({ model: "openai/gpt-4o-mini", system: "Again.", messages: history });
  return client.chat.completions.create({
    model: "gpt-4o",
    max_tokens: 120,
    messages: [
      { role: "system", content: "Chat." },
      ...history,
      { role: "user", content: [{ type: "text", text: question }] },
    ],
  });
}

const chat = ChatPromptTemplate.fromMessages([
  ["system", "You know {topic}."],
  new MessagesPlaceholder("history"),
  ["human", "{question}"],
]);
const one = PromptTemplate.fromTemplate(`Say {what}.`);
for (const x of y) { const inLoop = `l ${x}`; }
for (const x of y) { const inLoop = "second"; }
"""


@pytest.mark.parametrize(
    ("name", "variables", "messages"),
    [
        ("SYSTEM", {"base": "B"}, [("user", "You are kind. B")]),
        ("PROMPTS.a", {}, [("user", "first")]),
        ('PROMPTS["b.c"]', {"PROMPT_HEAD": "H"}, [("user", "H second")]),
        ("PROMPTS.deep.list[1]", {}, [("user", "third")]),
        ("Personas.Cook", {}, [("user", "You cook.")]),
        ("default.system", {}, [("user", "by default")]),
        ("exports.legacy", {}, [("user", "old")]),
        ("build", {"topic": {"name": "tea"}}, [("user", "About [object Object]. tea")]),
        ("build.head", {"topic": "tea"}, [("user", "About tea.")]),
        ("build.tone", {}, [("user", "Be brief.")]),
        ("arrow", {"q": "why?"}, [("user", "Question: why?")]),
        ("Agent.TITLE", {}, [("user", "Agent")]),
        ("Agent.#hidden", {}, [("user", "Hidden")]),
        ("Agent.prompt", {}, [("user", "Do this. Now.")]),
        ("Agent.several.return", {}, [("user", "one")]),
        ("Agent.several.return@2", {}, [("user", "two")]),
        ("agent.instructions", {"base": "B"}, [("user", "You are kind. B")]),
        (
            "ask.generateText",
            {"question": "q"},
            [("system", "You answer."), ("user", "Question: q")],
        ),
        ("ask.generateText@2.system", {}, [("user", "Again.")]),
        ("one", {"what": "hi"}, [("user", "Say hi.")]),
        ("inLoop", {"x": 1}, [("user", "l 1")]),
        ("inLoop@2", {}, [("user", "second")]),
    ],
)
def test_each_way_to_keep_a_prompt(
    name: str, variables: dict[str, Any], messages: list[tuple[str, str]]
) -> None:
    assert said(SOURCE, name, variables) == messages


def test_a_chat_has_its_messages_and_a_place_for_earlier_ones() -> None:
    system, history, user = prompt(SOURCE, "chat").messages
    assert (system.role, system.engine, system.text) == (
        "system",
        "str-format",
        "You know {topic}.",
    )
    assert (history.role, history.engine) == ("user", "python-text")
    assert (user.role, user.engine, user.text) == ("user", "str-format", "{question}")
    roles = [message.role for message in prompt(SOURCE, "ask.messages").messages]
    assert roles == ["system", "user", "user"]


@pytest.mark.parametrize(
    ("name", "model", "cap"),
    [
        ("agent.instructions", "openai/gpt-4o", 99),
        ("SYSTEM", "openai/gpt-4o", 99),
        ("ask.generateText", "anthropic/claude-sonnet-4-5", None),
        ("ask.messages", "gpt-4o", 120),
        ("PROMPTS.a", None, None),
    ],
)
def test_model_and_cap_are_those_of_the_call(name: str, model: str | None, cap: int | None) -> None:
    found = prompt(SOURCE, name)
    assert (found.model, found.max_tokens) == (model, cap)


def test_a_name_that_is_handed_on_is_read_where_it_stands() -> None:
    files = {
        "late.ts": "export { LATE } from './later.js'; const HERE = `here`; export { HERE };",
        "later.ts": "export const LATE = `from afar`;",
    }

    def load(name: str, parent: str) -> LoadedFile | None:
        del parent
        return LoadedFile(path=name, text=files[name]) if name in files else None

    around = Surroundings(load=load, parse=parse)
    assert prompt(SOURCE, "LATE", surroundings=around).messages[0].text == "from afar"
    assert prompt(SOURCE, "THERE", surroundings=around).messages[0].text == "here"
    star = "export * from './later';"
    assert prompt(star, "LATE", surroundings=around).messages[0].text == "from afar"
    with pytest.raises(MeasurementError, match="no prompt called `OTHER`"):
        prompt(star, "OTHER", surroundings=around)


def test_files_that_hand_each_other_the_same_name_come_to_an_end() -> None:
    def load(name: str, parent: str) -> LoadedFile | None:
        del parent
        return LoadedFile(path=name, text="export * from './a'; export * from './b';")

    with pytest.raises(MeasurementError, match="no prompt called `P`"):
        prompt("export * from './a';", "P", surroundings=Surroundings(load=load, parse=parse))


@pytest.mark.parametrize(
    ("source", "name", "line", "what"),
    [
        ("let P = 'a';\nfor (const x of y) {\n  P += x;\n}", "P", 3, "in a loop or a block"),
        ("let P = 'a';\nP -= 1;", "P", 2, "in a way not followed"),
        ("const P = { a: 'x' };\nP.a = 'y';", "P.a", 1, "is changed by code in line 2"),
        ("const P = { a: 'x' };\nObject.assign(P, q);", "P.a", 1, "changed by code in line 2"),
        ("const P = { a: 'x',\n ...q };", "P.a", 1, "may be another, by what is put behind it"),
        ("const P = [{ role: 'user', content: 'x' }];\nP.push(q);", "P", 1, "changed by code"),
        ("const P = [{ role: 'user', content: 'x', tool_calls: [] }];", "P", 1, "'tool_calls'"),
        ("const P = tag`x`;", "P", 1, "is computed by code"),
        ("const P = `a${`;\nconst Q = 'x';", "P", 1, "stands in a statement that is not read"),
        ("const P = `\\07`;", "P", 1, "has the escape"),
        ("class A { p = 'x'; m() { this.p = y; } }", "A.p", 1, "is changed by code in line 1"),
        ("export const A = 'x';", "NOWHERE", 1, "there is no prompt called `NOWHERE`"),
        ("export const A = 'x';", "", 1, "the file holds several prompts"),
    ],
)
def test_what_the_source_does_not_tell_is_named(
    source: str, name: str, line: int, what: str
) -> None:
    with pytest.raises(MeasurementError) as caught:
        prompt(source, name)
    (problem,) = caught.value.problems
    assert what in problem.what
    assert problem.mend
    assert problem.place is not None
    assert (problem.place.file, problem.place.line) == ("p.ts", line)


def test_a_statement_with_a_fault_is_not_read_and_others_are() -> None:
    source = "const A = 'x';\nconst P = { a: `text`, b: = };\nconst B = 'y';"
    assert text(source, "A") == "x"
    assert text(source, "B") == "y"
    with pytest.raises(MeasurementError):
        prompt(source, "P.a")


def test_a_missing_value_is_named_at_its_line() -> None:
    (message,) = prompt("\nconst P = `x\n\n${user.name}`;", "P").messages
    assert message.line == 2
    with pytest.raises(TemplateError, match=r"'user\.name' is undefined") as caught:
        fill(message.engine or "", message.text, {"user": {}})
    assert caught.value.line == 3


def test_a_condition_that_no_sample_gives_is_an_error_and_without_samples_the_longer_counts() -> (
    None
):
    source = "let P = 'a'; if (terse) { P += 'b'; } else { P += 'ccc'; } P += `${x ? '' : 'dd'}`;"
    assert said(source, "P", {"terse": True, "x": 1}) == [("user", "ab")]
    assert said(source, "P", {}, undefined="empty") == [("user", "acccdd")]
    with pytest.raises(TemplateError, match="'terse' is undefined"):
        said(source, "P", {})


def test_moving_a_prompt_in_its_file_changes_nothing() -> None:
    source = "const P = `x ${a} ${b ? 'c' : ''}`;\n"
    assert prompt(source, "P").messages[0].text == prompt(f"\n\n{source}", "P").messages[0].text


def test_a_role_is_given_by_the_configuration_where_there_is_none() -> None:
    assert prompt(SOURCE, "PROMPTS.a", role="system").messages[0].role == "system"
    with pytest.raises(MeasurementError, match="roles of their own"):
        prompt(SOURCE, "chat", role="system")


def test_a_plain_text_can_be_read_as_another_format() -> None:
    file = PromptText(path="p.ts", text=SOURCE, selector="PROMPTS.a", surroundings=HERE)
    assert entries.select(file, is_data=False).text == "first"
    filled = PromptText(path="p.ts", text=SOURCE, selector="arrow", surroundings=HERE)
    with pytest.raises(MeasurementError, match="not a text by itself"):
        entries.select(filled, is_data=False)


HOSTILE = {
    "brackets": "const P = " + "(" * 50_000 + "1" + ")" * 50_000 + ";",
    "open": "`${" * 30_000,
    "templates": "const P = " + "`${" * 2_000 + "'x'" + "}`" * 2_000 + ";",
    "sum": "const P = 'a'" + " + 'b'" * 60_000 + ";",
    "ternaries": "const P = " + "a ? 'b' : " * 5_000 + "'c';",
    "doubling": "".join(
        f"const a{n} = a{n - 1} + a{n - 1};\n" if n else "const a0 = `x ${y}`;\n" for n in range(60)
    )
    + "const P = a59;",
    "ifs": "let P = 'a';" + "if (b) { P = P + 'c'; } else { P = 'd' + e; }" * 3_000,
    "nested ifs": "let P = 'a';" + "if (b) {" * 3_000 + "P += 'c';" + "}" * 3_000,
    "functions": "const P = " + "() => " * 20_000 + "'x';",
    "objects": "const P = " + "{ a: " * 20_000 + "'x'" + "}" * 20_000 + ";",
    "names": "".join(f"const n{n} = 'x';\n" for n in range(30_000)),
    "itself": "const P = `${Q}`; const Q = `${P}`;",
    "pushes": "const p = [];" + "p.push('a');" * 20_000 + "const P = p.join('');",
    "long name": f"const {'é' * 100_000} = 'x'; const P = 'y';",
    "nul": "const P = `a\0b`;\0",
}


@pytest.mark.parametrize("name", part([*HOSTILE]))
def test_hostile_sources_end_in_time_with_a_text_or_a_named_problem(name: str) -> None:
    began = processor_seconds()
    with LimitedParser() as parser:
        around = Surroundings(load=lambda *_: None, parse=parser.parse)
        try:
            found = prompt(HOSTILE[name], "P", surroundings=around).messages
            problems: tuple[Problem, ...] = ()
        except MeasurementError as error:
            found, problems = (), error.problems
    assert found or (problems[0].place is not None and problems[0].mend)
    assert processor_seconds() - began < 15


def test_a_prompt_in_typescript_is_sent(repository: Repository) -> None:
    configuration = (
        "version: 1\nworkflows:\n  a:\n    prompts: src/ask.ts#ask.generateText\n"
        "    samples: [{name: one, variables: {question: why}}]\n"
        "    traffic: [{calls: 1/day, output_tokens: 1}]\n"
    )
    source = SOURCE.replace('anthropic("claude-sonnet-4-5")', 'openai("gpt-4o")')
    repository.commit({".github/reviewbot.yml": configuration, "src/ask.ts": source})
    (calls,) = calls_of(repository.path).values()
    assert sent(calls) == [("system", "You answer."), ("user", "Question: why")]


BUILT_ON = """
export function build(vip) {
  let prompt = template(vip);
  prompt += "\\nCall the tool.";
  if (vip) { prompt += " Be quick."; }
  return prompt;
}
export function count(rows) { let n = first(rows); n += 1; return n; }
"""


def test_what_is_added_to_what_code_computes_is_told() -> None:
    given = {"template(vip)": "Begin.", "vip": True}
    assert said(BUILT_ON, "build", given) == [("user", "Begin.\nCall the tool. Be quick.")]
    with pytest.raises(MeasurementError, match="is computed by code"):
        said(BUILT_ON, "count", {})


@pytest.mark.parametrize(
    "change",
    [
        "const P = { a: 'Sort the mail.', get a() { return LONG; } };",
        "const P = { a: 'Sort the mail.', a() { return LONG; } };",
        "const P = { a: 'Sort the mail.' };\nconst d = P;\nd.a = LONG;",
        "const P = { a: 'Sort the mail.' };\nconst d = P, e = d;\ne['a'] = LONG;",
        "const P = { a: 'Sort the mail.' };\nReflect.set(P, 'a', LONG);",
        "const P = { a: 'Sort the mail.' };\nconst d = P;\nObject.assign(d, { a: LONG });",
        "const P = { a: 'Sort the mail.' };\nObject.defineProperties(P, MORE);",
    ],
)
def test_what_is_changed_by_another_way_is_not_known(change: str) -> None:
    with pytest.raises(MeasurementError):
        read(typescript, change + "\n", path="p.ts", selector="P.a")


@pytest.mark.parametrize(
    "kept",
    [
        "const P = { a: 'Sort the mail.', b() { return LONG; } };",
        "const P = { a: 'Sort the mail.' };\nconst d = { ...P };\nd.a = LONG;",
        "const P = { a: 'Sort the mail.' };\nconst d = P;\nd.b = LONG;",
    ],
)
def test_what_changes_another_name_leaves_it_alone(kept: str) -> None:
    (message,) = read(typescript, kept + "\n", path="p.ts", selector="P.a").messages
    assert message.text == "Sort the mail."
