"""The quick search lists whatever a search in full does, whichever way a program is edited."""

import ast
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from tree_sitter import Language, Parser

from reviewbot.rendering.parsers.typescript_source.dialects import language_of
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.scope.changed_source import ChangedSource
from reviewbot.scope.new_prompts import NewPromptSearch
from reviewbot.scope.sent_prompts import SentPrompts
from reviewbot.scope.unread_prompts import Bounds
from tests.support.repetitions import examples

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
PYTHON = f'''\
import os
from textwrap import dedent

INTRO = "{RULES}"
(SHORT, LONG) = "Be kind.", "{RULES} Speak in rhymes, and never twice."
SYSTEM_PROMPT = INTRO
KINDS = ["parcel1", "parcel2", "parcel3", "parcel4", "parcel5", "parcel6", "parcel7", "parcel8"]
TABLE = {{
    "sort": INTRO,
    "find": """
# Role
{RULES}
"""
}}
if os.environ.get("LONG"):
    NOTES = LONG
else:
    NOTES = SHORT


def count(rows):
    total = 0
    for row in rows:
        total += row
    return total


@cache
def rules(kind):
    found = SHORT
    if kind:
        found += LONG
    for _ in range(2):
        found = found + " " + INTRO
    return found


class Clerk:
    GREETING = "{RULES}"
    style = SHORT

    def __init__(self, llm, rows):
        self.prompt = self.GREETING
        self.rows = rows
        self.llm = llm

    def total(self):
        return count(self.rows)

    def ask(self, question):
        kinds = ", ".join(KINDS)
        system_prompt = dedent(f"""
            {RULES}
            {{kinds}}
        """)
        messages = [{{"role": "system", "content": self.prompt}}]
        messages.append({{"role": "user", "content": question}})
        return self.llm.invoke(messages)

    def find(self, question):
        prompt = rules("parcel") if question else NOTES
        prompt = "{RULES}\\
Briefly." + prompt
        return self.llm.create(model="gpt-4o", input=TABLE["sort"], instructions=SYSTEM_PROMPT)
'''
SCRIPT = f"""\
import {{ openai }} from "ai";

const intro = "{RULES}";
const [short, long] = ["Be kind.", "{RULES} Speak in rhymes, and never twice."];
export const systemPrompt =
  intro;
const kinds = ["parcel1", "parcel2", "parcel3", "parcel4", "parcel5", "parcel6", "parcel7"];
const table = {{
  sort: intro,
  find: `
# Role
{RULES}
`,
}};
const {{ sort }} = table;
let notes = short;
notes += long;

function count(rows: number[])
{{
  let total = 0;
  for (const row of rows) total += row / 2;
  return total;
}}

export const rules = (kind?: string) => {{
  let found = short;
  if (kind)
    found += long;
  else
    found = intro + found;
  return `${{found}} ${{intro}}`;
}};

export class Clerk {{
  private prompt = intro;
  static style = short;

  constructor(private llm: Model, private rows: number[]) {{
    this.prompt = `{RULES} ${{short}}`;
  }}

  total() {{
    return count(this.rows);
  }}

  async ask(question: string) {{
    const instructions = [
      "{RULES}",
      kinds.join(", "),
    ].join("\\n");
    const messages = [{{ role: "system", content: this.prompt }}, {{ role: "user", content: question }}];
    console.log(await this.llm.invoke<State>(instructions));
    return generateText({{ model: openai("gpt-4o"), system: question ? sort : intro, messages }});
  }}
}}
"""
PLAIN = re.sub(r": number(\[\])?|\?: string|: string|<State>|private (?=\w+:)", "", SCRIPT)
PLAIN = PLAIN.replace("private prompt", "prompt").replace(": Model", "")
SOURCES = {
    "app/clerk.py": PYTHON,
    "src/clerk.ts": SCRIPT,
    "src/clerk.js": PLAIN.replace("private ", ""),
}
NOTHING = SentPrompts([], [])
_NAME = re.compile(r"[A-Za-z_]\w+")
_INSERTED = (
    *("", "# found", "// found", "x = 1", "pass", "}", "{", "return found", "return", '"""', "`"),
    *("'''", ")", "else:", "else {", "if (kind) {", "if kind:", "*** 1 2 3 ***", "\\"),
)


def edited(text: str, choose: random.Random) -> str:
    """The source with one to three edits of its lines, as people and hurried tools make them."""
    for _ in range(choose.choice((1, 1, 2, 3))):
        lines = text.split("\n")
        at, other = choose.randrange(len(lines)), choose.randrange(len(lines))
        names = _NAME.findall(lines[at]) or [""]
        name, all_names = choose.choice(names), _NAME.findall(text)
        match choose.randrange(9):
            case 0:
                del lines[at : at + choose.randint(1, 3)]
            case 1:
                lines.insert(other, lines[at])
            case 2:
                lines[at], lines[other] = lines[other], lines[at]
            case 3:
                lines.insert(other, lines.pop(at))
            case 4 if name:
                lines[at] = lines[at].replace(name, f"{name} + {name}", 1)
            case 5 if name:
                lines[at] = lines[at].replace(name, choose.choice(all_names), 1)
            case 6:
                lines.insert(at, choose.choice(_INSERTED))
            case 7:
                lines[at] = f"{lines[at]}  {lines[other].strip()}"
            case _:
                lines[at] = lines[at].replace('"', choose.choice(("'", "", '"a", "', '"""')), 1)
        text = "\n".join(lines)
    return text


def is_program(path: str, text: str) -> bool:
    """Whether it is one by the grammar of its language."""
    if path.endswith(".py"):
        try:
            ast.parse(text)
        except SyntaxError:
            return False
        return True
    grammar: Any = Language(language_of(path))
    return not Parser(grammar).parse(text.encode()).root_node.has_error


def edits(path: str, count: int) -> Iterator[str]:
    choose = random.Random(path)
    found = (edited(SOURCES[path], choose) for _ in range(count))
    return (text for text in found if is_program(path, text))


@pytest.mark.parametrize("path", SOURCES)
def test_the_sources_are_programs(path: str) -> None:
    assert is_program(path, SOURCES[path])


@pytest.mark.parametrize("path", SOURCES)
def test_what_is_not_parsed_holds_nothing_that_a_full_search_lists(path: str) -> None:
    with LimitedParser(600) as parser:
        for after in edits(path, examples(600)):
            before = SOURCES[path]
            if ChangedSource(path, after, before).brings_words:
                continue
            source = ChangedSource(path, after, before, in_full=True)
            search = NewPromptSearch(parser, (NOTHING, NOTHING), Bounds(0, tuple))
            search.begin([source])
            found = search.found()
            assert (found.new, found.unsearched) == ((), ()), after
