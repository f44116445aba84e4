"""Texts of functions that a prompt calls are a part of it, wherever they stand."""

import time
from types import ModuleType

import pytest

from reviewbot.prompt import PromptText
from reviewbot.prompt_formats import python, typescript
from tests.support.reading import HERE
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    Outcome,
    change,
    configuration,
    tokens,
    workflow,
)

MORE = " It names the shelf for each parcel, its weight and size, and the day on which it came."

TYPESCRIPT = {
    "src/a.ts": """\
import { today } from "./today";
import * as far from "./index";

function rules(surface: "web" | "mail") {
  if (surface === "mail") {
    return `Write short lines and no headings. SHORT`;
  }
  const end = "Close with one question that is easy to answer. LOCAL";
  return `Write headings, lists and links in the order of what matters most. LONG ${end}`;
}

function put(q: string) {
  const all = new Set<string>();
  if (q) all.add("Ask for the name of the sender where the parcel does not show it. SPELT");
  if (!q) throw new Error("The question is missing, so that nobody can be asked for anything at all.");
  return render([...all]);
}

const tone = (kind: string) => `Be ${kind} to people who have waited for long. ARROW`;

export class Clerk {
  private shelf() {
    return "The shelf stands behind the door, and nobody else looks there. METHOD";
  }
  async ask(q: string, surface: "web" | "mail") {
    const system = `You sort parcels.
${rules(surface)}
${today()}
${far.away(q)}
${tone(q)}
${put(q)}
${this.shelf()}
${[rules(surface), tone("kind")].filter(Boolean).join("; ")}`;
    return await generateText({ model: openai("gpt-4o"), system, prompt: q });
  }
}
""",
    "src/today.ts": """\
export function today(date: Date = new Date()) {
  return `Today is ${date.toISOString()}, a day like any other. OTHER`;
}
""",
    "src/index.ts": 'export { away } from "./away";\n',
    "src/away.ts": 'export const away = (q: string) => "Nothing is far from here. " + q + " AWAY";\n',
}
PYTHON = {
    "src/a.py": '''\
from . import far
from .today import today

END = "Close with one question that is easy to answer. LOCAL"


def rules(surface):
    """The rules."""
    if surface == "mail":
        return "Write short lines and no headings. SHORT"
    return f"Write headings, lists and links in the order of what matters most. LONG {END}"


def put(q):
    """Put it together."""
    text = first(q)
    if q:
        text += "Ask for the name of the sender where the parcel does not show it. SPELT"
    for item in q:
        text += item
    return text


class Clerk:
    def shelf(self):
        return "The shelf stands behind the door, and nobody else looks there. METHOD"

    def ask(self, q, surface):
        system = f"""You sort parcels.
{rules(surface)}
{today()}
{far.away(q)}
{self.shelf()}
{put(q)}
"""
        return client.create(model="gpt-4o", messages=[{"role": "system", "content": system}])
''',
    "src/today.py": """\
def today(date=None):
    text = f"Today is {date}, a day like any other. OTHER"
    return text
""",
    "src/far.py": "from .away import away\n",
    "src/away.py": 'def away(q):\n    return "Nothing is far from here. " + q + " AWAY"\n',
    "src/__init__.py": "",
}
WORDS = ("LONG", "LOCAL", "METHOD", "OTHER", "AWAY", "SPELT")


def grown(
    repository: Repository, files: dict[str, str], word: str, more: str, **samples: str
) -> Outcome:
    own = next(path for path in files if "/a." in path)
    flow = workflow(f'"{own}#Clerk.ask.system"', **samples)
    before = {CONFIGURATION: configuration({"w": flow}), **files}
    after = {path: text.replace(word, more) for path, text in files.items()}
    assert after != files
    return change(repository, before, after)


@pytest.mark.parametrize(
    ("files", "word"),
    [*((TYPESCRIPT, word) for word in (*WORDS, "ARROW")), *((PYTHON, word) for word in WORDS)],
)
def test_a_text_that_a_called_function_gives_is_measured(
    repository: Repository, files: dict[str, str], word: str
) -> None:
    outcome = grown(repository, files, word, MORE)
    added = outcome.usd("after") - outcome.usd("before")
    assert added > 0, outcome.report


@pytest.mark.parametrize("files", [TYPESCRIPT, PYTHON])
def test_the_largest_of_several_texts_counts(repository: Repository, files: dict[str, str]) -> None:
    outcome = grown(repository, files, "SHORT", "Be kind.")
    assert (outcome.code, outcome.usd("after")) == (0, outcome.usd("before"))


SAMPLE = (
    '[{name: a, variables: {"rules(surface)": {tokens: 300}, "today()": {tokens: 9},'
    ' "far.away(q)": {tokens: 9}, "tone(q)": {tokens: 9}, "this.shelf()": {tokens: 9},'
    ' "self.shelf()": {tokens: 9}, "put(q)": {tokens: 90}, "tone(\\"kind\\")": {tokens: 9}}}]'
)


@pytest.mark.parametrize("files", [TYPESCRIPT, PYTHON])
def test_a_text_that_a_sample_says_more_of_is_told_when_it_grows(
    repository: Repository, files: dict[str, str]
) -> None:
    outcome = grown(repository, files, "LOCAL", tokens(250), samples=SAMPLE)
    found = [it for it in outcome.workflow()["findings"] if it["verdict"] == "needs-approval"]
    assert outcome.code == 1
    assert all("that no sample shows" in item["text"] for item in found)


HOSTILE = {
    typescript: ("function f{0}(a: string) {{ return `Words of step {0}. {1}`; }}", "${{f{}(a)}}"),
    python: ("def f{0}(a):\n    return f'Words of step {0}. {1}'", "{{f{}(a)}}"),
}


@pytest.mark.parametrize("module", HOSTILE)
@pytest.mark.parametrize(("steps", "times"), [(8, 12), (40, 3)])
def test_functions_that_call_each_other_many_times_are_read_once_and_refused(
    module: ModuleType, steps: int, times: int
) -> None:
    function, call = HOSTILE[module]
    lines = [function.format(step, times * call.format(step + 1)) for step in range(steps)]
    last = "const P = `Say ${f0(q)}`;" if module is typescript else "P = f'Say {f0(q)}'"
    text = "\n".join([*lines, function.format(steps, "end"), last])
    begun = time.process_time()
    found = module.names.all_prompts(PromptText(path="a.ts", text=text, surroundings=HERE))
    assert time.process_time() - begun < 3  # seconds
    assert "gives more than 200,000 characters" in found["P"]["problem"]
