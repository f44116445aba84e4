"""The language of `PromptTemplate` is that of the library which the class comes from, or its own."""

import pytest

from tests.commands.test_init import init
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, configuration, review, workflow

MUSTACHE = "Answer {{name}} by these tools, and by no others that you may know of: {{#tools}}- {{title}}\\n{{/tools}}"
F_STRING = "Answer {name} in JSON like {{answer}}, and in nothing else whatever is asked of you by anybody."
CODE = "Write code for {{name}} such as this, and no other:\\n{{#tools}}x{{/tools}}\\nrow = {todo['id']}"
SAMPLE = "[{name: s, variables: {name: Ada, tools: [{title: spade}]}}]"
SAID = {
    MUSTACHE: "Answer Ada by these tools, and by no others that you may know of: - spade\n",
    F_STRING: "Answer Ada in JSON like {answer}, and in nothing else whatever is asked of you by anybody.",
    CODE: "Write code for Ada such as this, and no other:\nx\nrow = {todo['id']}",
}
SCRIPTS = {
    "bee": ('import { PromptTemplate } from "bee-agent-framework/template";', MUSTACHE),
    "beeai": ('import { PromptTemplate as T } from "beeai-framework";', CODE),
    "required": ('const { PromptTemplate } = require("beeai-framework");', CODE),
    "a namespace": ('const lib_1 = require("bee-agent-framework/template");', CODE),
    "langchain": ('import { PromptTemplate } from "@langchain/core/prompts";', F_STRING),
    "an old langchain": ('import { PromptTemplate } from "langchain/prompts";', F_STRING),
    "a file of its own": ('import { PromptTemplate } from "./template.js";', MUSTACHE),
    "one that is told by its schema": ('import { PromptTemplate } from "./template.js";', CODE),
    "a file with f-strings": ('import { PromptTemplate } from "./template.js";', F_STRING),
}
MODULES = {
    "beeai": ("from beeai_framework.template import PromptTemplate", CODE),
    "langchain": ("from langchain_core.prompts import PromptTemplate", F_STRING),
    "a file of its own": ("from .template import PromptTemplate", MUSTACHE),
    "a file with f-strings": ("from .template import PromptTemplate", F_STRING),
}


def reviewed(repository: Repository, path: str, source: str, form: str = "") -> Outcome:
    prompt = f'{{path: "{path}#ASK"{form}}}'
    settings = workflow(prompt, model="openai/gpt-4o", samples=SAMPLE)
    repository.commit({path: source, CONFIGURATION: configuration({"w": settings})})
    return review(repository, "--base", "HEAD~1")


def tokens_of(repository: Repository, text: str) -> int:
    repository.commit({"said.txt": text, CONFIGURATION: configuration({"w": workflow("said.txt")})})
    found: int = review(repository, "--base", "HEAD~1").workflow()["after"]["samples"][0][
        "input_tokens"
    ]
    return found


@pytest.mark.parametrize("name", SCRIPTS)
def test_in_typescript(repository: Repository, name: str) -> None:
    imported, text = SCRIPTS[name]
    made = {"beeai": "T", "a namespace": "lib_1.PromptTemplate"}.get(name, "PromptTemplate")
    schema = "schema: z.object({}), " if "schema" in name or "bee" in name else ""
    source = f"{imported}\nexport const ASK = new {made}({{ {schema}template: `{text}` }});\n"
    repository.commit({"empty.txt": ""})
    outcome = reviewed(repository, "ask.ts", source)
    after = outcome.workflow()["after"]
    assert after is not None, outcome.workflow()["problems"]
    assert after["samples"][0]["input_tokens"] == tokens_of(repository, SAID[text])


@pytest.mark.parametrize("name", MODULES)
def test_in_python(repository: Repository, name: str) -> None:
    imported, text = MODULES[name]
    given = (
        f'PromptTemplateInput(schema=Tools, template="{text}")'
        if name == "beeai"
        else f'template="{text}"'
    )
    source = f"{imported}\nASK = PromptTemplate({given})\n"
    repository.commit({"empty.txt": ""})
    outcome = reviewed(repository, "ask.py", source)
    after = outcome.workflow()["after"]
    assert after is not None, outcome.workflow()["problems"]
    assert after["samples"][0]["input_tokens"] == tokens_of(repository, SAID[text])


HIDING = "Answer {{name}} at once. {{! These words are sent by a format string. }}"


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (
            "ask.ts",
            "import { PromptTemplate } from './t';\nconst ASK = new PromptTemplate({ template: `TEXT` });\n",
        ),
        ("ask.py", "from .t import PromptTemplate\nASK = PromptTemplate(template='TEXT')\n"),
    ],
)
def test_comments_of_a_language_that_is_not_known_need_an_answer(
    repository: Repository, path: str, source: str
) -> None:
    repository.commit({"empty.txt": ""})
    (problem,) = reviewed(repository, path, source.replace("TEXT", HIDING)).workflow()["problems"]
    assert "may be Mustache, which leaves comments out" in problem["what"]


def test_a_module_that_is_awaited_tells_the_language(repository: Repository) -> None:
    source = 'const lib = await import("@langchain/core/prompts");\n'
    source += f"export const ASK = new lib.PromptTemplate({{ template: `{HIDING}` }});\n"
    repository.commit({"empty.txt": ""})
    after = reviewed(repository, "ask.ts", source).workflow()["after"]
    said = HIDING.replace("{{", "{").replace("}}", "}")
    assert after["samples"][0]["input_tokens"] == tokens_of(repository, said)


def test_a_message_names_the_line_and_the_other_language(repository: Repository) -> None:
    text = (
        "You write code.\\n\n\nUse \\`ticks\\`.\nrow = {'id': 1}\nAnswer {{name}} in {tone} voice."
    )
    source = f'import {{ PromptTemplate }} from "./t";\nexport const ASK = new PromptTemplate({{ template: `{text}` }});\n'
    repository.commit({"empty.txt": ""})
    source = source.replace("code.\\n\n", "code.\n")
    (problem,) = reviewed(repository, "ask.ts", source).workflow()["problems"]
    assert problem["place"]["line"] == 5
    assert "write braces that are text, as in JSON, twice: {{ and }}; or" in problem["mend"]
    assert "`format: mustache`" in problem["mend"]
    outcome = reviewed(repository, "ask.ts", source, ", format: mustache")
    assert outcome.workflow()["after"] is not None


def test_a_constant_with_tags_is_proposed_as_mustache(repository: Repository) -> None:
    text = MUSTACHE.replace("{{name}}", "{{ name }}")
    source = f"const AskPrompt = `{text}`;\nconst CodePrompt = `{2 * CODE.replace('{{', '<').replace('}}', '>')}`;\n"
    repository.commit({"ask.ts": source})
    outcome = init(repository, "--output", "-")
    assert '"ask.ts#AskPrompt", format: mustache' in outcome.out
    assert '"ask.ts#CodePrompt", format: typescript' in outcome.out
    assert "name: {tokens: 5}" in outcome.out


def test_a_template_without_variables_has_no_sample(repository: Repository) -> None:
    source = 'import { PromptTemplate } from "beeai-framework";\n'
    source += f'const askPrompt = new PromptTemplate({{ template: "You do it. You do it well. You take your time. {F_STRING.replace("{{answer}}", "")}" }});\n'
    repository.commit({"ask.ts": source})
    outcome = init(repository, "--output", "-")
    assert '"ask.ts#askPrompt"' in outcome.out
    assert "samples:" not in outcome.out.partition("workflows:")[2]
