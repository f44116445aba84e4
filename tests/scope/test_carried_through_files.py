"""Texts that stand beside a prompt, and come there through further files."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
MUCH = "Weigh each parcel twice before it goes to a shelf. " * 9
FEW = "Be kind."
APP = """\
from prompts import SYSTEM
{imports}

def ask(q):
    return client.create(model="gpt-4o", messages=[{{"role": "system", "content": {sent}}}])
"""
SCRIPT = """\
import {{ SYSTEM }} from "./prompts";
{imports}
export const ask = () =>
  client.create({{ model: "gpt-4o", messages: [{{ role: "system", content: {sent} }}] }});
"""
TEXT = f'EXTRA = "{FEW}"\n'
IN_PYTHON = {
    "a name that is imported twice": (
        "from b import EXTRA",
        "SYSTEM + EXTRA",
        "from c import EXTRA\n",
    ),
    "one that has another name between": (
        "from b import MORE",
        "SYSTEM + MORE",
        "from c import EXTRA as MORE\n",
    ),
    "a function of a file between": (
        "from b import full",
        "full(SYSTEM)",
        "from c import EXTRA\n\n\ndef full(text):\n    return text + EXTRA\n",
    ),
    "a text made between": (
        "import b",
        "SYSTEM + b.BOTH",
        'from c import EXTRA\nBOTH = f"{EXTRA}!"\n',
    ),
    "every name of the file between": ("from b import *", "SYSTEM + EXTRA", "from c import *\n"),
    "every name of the file": ("from c import *", "SYSTEM + EXTRA", ""),
    "a module between": ("from b import c", "SYSTEM + c.EXTRA", "import c\n"),
}
IN_SCRIPTS = {
    "a name that is exported again": (
        'import { EXTRA } from "./b";',
        'export { EXTRA } from "./c";\n',
    ),
    "every name": ('import { EXTRA } from "./b";', 'export * from "./c";\n'),
    "a name that is imported twice": (
        'import { EXTRA } from "./b";',
        'import { EXTRA } from "./c";\nexport { EXTRA };\n',
    ),
    "an index": ('import { EXTRA } from "./lib";', ""),
}


def assert_told(outcome: Outcome, path: str, name: str) -> None:
    (found,) = [item for item in outcome.report["findings"] if item["rule"] == "loosened"]
    assert outcome.code == 1
    assert "`SYSTEM`" in found["text"]
    assert name in found["text"]
    assert found["place"]["file"] == path


def python(imports: str, sent: str) -> dict[str, str]:
    return {
        CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
        "prompts.py": f'SYSTEM = "{RULES}"\n',
        "app.py": APP.format(imports=imports, sent=sent),
    }


def script(imports: str, sent: str) -> dict[str, str]:
    return {
        CONFIGURATION: configuration({"w": workflow('"src/prompts.ts#SYSTEM"')}),
        "src/prompts.ts": f'export const SYSTEM = "{RULES}";\n',
        "src/app.ts": SCRIPT.format(imports=imports, sent=sent),
    }


@pytest.mark.parametrize("name", IN_PYTHON)
def test_what_grows_behind_a_file_between_needs_approval(repository: Repository, name: str) -> None:
    imports, sent, between = IN_PYTHON[name]
    files = python(imports, sent) | {"b.py": between or "x = 1\n", "c.py": TEXT}
    outcome = change(repository, files, {"c.py": TEXT.replace(FEW, MUCH)})
    assert_told(outcome, "c.py", "`EXTRA`")


def test_so_it_does_behind_three_files(repository: Repository) -> None:
    files = python("from b import EXTRA", "SYSTEM + EXTRA")
    files |= {"b.py": "from d import EXTRA\n", "d.py": "from c import EXTRA\n", "c.py": TEXT}
    assert_told(change(repository, files, {"c.py": TEXT.replace(FEW, MUCH)}), "c.py", "`EXTRA`")


@pytest.mark.parametrize("name", IN_SCRIPTS)
def test_so_it_does_in_typescript(repository: Repository, name: str) -> None:
    imports, between = IN_SCRIPTS[name]
    path, text = "src/c.ts", f'export const EXTRA = "{FEW}";\n'
    files = script(imports, "SYSTEM + EXTRA") | {"src/b.ts": between or "let x = 1;\n", path: text}
    files["src/lib/index.ts"] = 'export * from "../b";\nexport * from "../c";\n'
    outcome = change(repository, files, {path: text.replace(FEW, MUCH)})
    assert_told(outcome, path, "`EXTRA`")


@pytest.mark.parametrize(
    ("sent", "between"),
    [
        ("SYSTEM", "from c import EXTRA\n"),
        ("SYSTEM + OTHER", f'from c import EXTRA\nOTHER = "{FEW}"\n'),
        ("SYSTEM + OTHER", f'import c\nOTHER = "{FEW}"\nprint(c.EXTRA)\n'),
    ],
)
def test_a_text_that_only_a_file_between_has_is_none(
    repository: Repository, sent: str, between: str
) -> None:
    files = python("from b import OTHER", sent) | {"b.py": between, "c.py": TEXT}
    outcome = change(repository, files, {"c.py": TEXT.replace(FEW, MUCH)})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


@pytest.mark.parametrize("name", ["Chat", "Session", "ModelAgent"])
def test_a_class_that_only_makes_a_text_gives_no_answer(repository: Repository, name: str) -> None:
    text = f"class {name}:\n    def ask(self):\n        return '{FEW}'\n"
    files = python(f"from c import {name}\nchat = {name}()", "SYSTEM + chat.ask()") | {"c.py": text}
    assert_told(change(repository, files, {"c.py": text.replace(FEW, MUCH)}), "c.py", "`ask`")


def test_one_that_asks_a_model_does(repository: Repository) -> None:
    text = (
        f"class Chat:\n    def ask(self):\n        return client.create(model=M, input='{FEW}')\n"
    )
    files = python("from c import Chat\nchat = Chat()", "SYSTEM + chat.ask()") | {"c.py": text}
    outcome = change(repository, files, {"c.py": text.replace(FEW, MUCH)})
    assert not [item for item in outcome.report["findings"] if item["rule"] == "loosened"]


@pytest.mark.parametrize("between", ["class Answer(Base):\n", "class Answer(Middle, Other):\n"])
def test_the_base_of_a_schema_that_grows_in_a_third_file_needs_approval(
    repository: Repository, between: str
) -> None:
    files = python("from b import Answer", "SYSTEM")
    files["app.py"] = files["app.py"].replace("model=", "response_format=Answer, model=")
    base = f"class Base(BaseModel):\n    a: str = Field(description='{FEW}')\n"
    middle = "from c import Base\n\n\nclass Middle(Base):\n    y: str\n\n\n"
    files |= {"b.py": f"{middle}{between}    x: str\n", "c.py": base}
    outcome = change(repository, files, {"c.py": base.replace(FEW, MUCH)})
    assert_told(outcome, "c.py", "`response_format`")


def test_the_base_of_another_class_is_none(repository: Repository) -> None:
    files = python("from b import Answer", "SYSTEM")
    files["app.py"] = files["app.py"].replace("model=", "response_format=Answer, model=")
    base = f"class Base(BaseModel):\n    a: str = Field(description='{FEW}')\n"
    between = "from c import Base\n\n\nclass Answer(BaseModel):\n    x: str\n\n\nclass Row(Base):\n    y: str\n"
    files |= {"b.py": between, "c.py": base}
    outcome = change(repository, files, {"c.py": base.replace(FEW, MUCH)})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


CHOSEN = """\
import { generateText } from "ai";
import { openai } from "@ai-sdk/openai";
import { QUICK, careful } from "./prompts";

export async function answer(question: string, mode: string) {
  let system: string;
  switch (mode) {
    case "quick":
      system = QUICK;
      break;
    default:
      system = careful();
      break;
  }
  const today = new Date().toLocaleDateString();
  return generateText({
    model: openai("gpt-4o"), system: `${system}\\n${today}`, prompt: question,
  });
}
"""
PROMPTS = f"""\
import {{ guidance }} from "./guidance";

export const QUICK = `{RULES}`;

export function careful(): string {{
  return `{RULES} Take care.
${{guidance()}}`;
}}
"""
GUIDANCE = f"""\
export function guidance(): string {{
  return `{FEW}`;
}}
"""


def test_what_a_workflow_measures_is_not_told_of_another_that_is_sent_there(
    repository: Repository,
) -> None:
    both = {
        name: workflow(f'"src/prompts.ts#{name}"', envelope="{increase: {hard: 900%}}")
        for name in ("QUICK", "careful")
    }
    before = {
        CONFIGURATION: configuration(both),
        "src/agent.ts": CHOSEN,
        "src/prompts.ts": PROMPTS,
        "src/guidance.ts": GUIDANCE,
    }
    outcome = change(repository, before, {"src/guidance.ts": GUIDANCE.replace(FEW, MUCH)})
    (measured,) = outcome.report["workflows"]
    assert (measured["name"], outcome.code, outcome.all_findings()) == ("careful", 0, [])


MADE = """\
import { tool } from "ai";
import { z } from "zod";

export function made() {
  const weigh = tool({
    description: "SAID",
    inputSchema: z.object({ shelf: z.object({ name: z.string().describe("WHICH") }) }),
    execute: async () => 1,
  });
  return { weigh };
}
"""
AGENT = """\
import { generateText } from "ai";
import { openai } from "@ai-sdk/openai";
import { QUICK } from "./prompts";
import { made } from "./made";

export async function answer(question: string) {
  const tools = { ...made() };
  return generateText({ model: openai("gpt-4o"), system: `${QUICK}\\n!`, prompt: question, tools });
}
"""


@pytest.mark.parametrize("place", ["SAID", "WHICH"])
def test_each_character_of_a_tool_counts_once(repository: Repository, place: str) -> None:
    before = {
        CONFIGURATION: configuration({"w": workflow('"src/prompts.ts#QUICK"')}),
        "src/agent.ts": AGENT,
        "src/prompts.ts": f"export const QUICK = `{RULES}`;\n",
        "src/made.ts": MADE,
    }
    outcome = change(repository, before, {"src/made.ts": MADE.replace(place, place + MUCH)})
    assert outcome.code == 1
    (finding,) = outcome.all_findings()
    assert f"`made` grew by {len(MUCH)} characters" in finding["text"]
