"""A prompt that is filled with more since the change: a number says so, or none does any more."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
APP = f"""\
import {{ generateText }} from 'ai';
import {{ openai }} from '@ai-sdk/openai';
import {{ search, TOP }} from 'PLACE';

const MOST = 5;

async function found(q: string, limit = 5) {{
  return store.pages({{ query: q, limit, timeout: 1000 }});
}}

export async function sort(question: string, history: string[], pages: string[]) {{
  CODE
  const answer = await generateText({{
    model: openai('gpt-4o'),
    system: `{RULES}`,
    prompt: `The parcels of this house, and what was asked of them before: ${{held}} ${{question}}`,
  }});
  return answer.text.slice(0, 100);
}}
"""
SEARCH = """\
import { LIMITS } from './limits';
export const TOP = 5;
export async function search(q: string, limit = 5) {
  const all = await fetch(`https://s.example/?q=${q}&n=${limit}`).then((one) => one.json());
  return all.slice(0, LIMITS.pages).map((one) => one.text.slice(0, 900)).join(' ');
}
"""
LIMITS = "export const LIMITS = { pages: 5, seconds: 9 };\n"


def told(
    repository: Repository, code: str, path: str, edit: tuple[str, str], *, place: str = "./search"
) -> list[str]:
    files = {
        CONFIGURATION: configuration(
            {"w": workflow('"src/app.ts#sort.answer"', model="openai/gpt-4o")}
        ),
        "src/app.ts": APP.replace("CODE", code).replace("PLACE", place),
        "src/search.ts": SEARCH,
        "src/limits.ts": LIMITS,
        "src/lib/index.ts": "export * from '../search';\n",
    }
    was, now = edit
    assert was in files[path]
    outcome = change(repository, files, {path: files[path].replace(was, now, 1)})
    assert outcome.code == 0
    assert {one["verdict"] for one in outcome.all_findings()} <= {"warn"}
    return [one["text"] for one in outcome.all_findings()]


IN_FILE = {
    "the last of a list": ("const held = history.slice(-10).join(' ');", "-10", "-100"),
    "the first of a list": ("const held = pages.slice(0, 5).join(' ');", "0, 5)", "0, 50)"),
    "a part of a text": ("const held = pages.join(' ').slice(0, 900);", "900", "90_000"),
    "a part of each": ("const held = pages.map((one) => one.substring(0, 9));", "0, 9", "0, 99"),
    "a name of a number": ("const held = pages.slice(0, MOST);", "MOST = 5", "MOST = 50"),
    "a function that cuts": ("const held = trimPrompt(pages[0], 900);", "900", "9000"),
    "an option": ("const held = await store.pages(question, { topK: 5 });", "topK: 5", "topK: 50"),
    "a method": ("const held = await db.select().from(notes).limit(5);", "limit(5)", "limit(50)"),
    "a default": ("const held = await found(question);", "limit = 5", "limit = 50"),
    "what calls give": ("const held = await found(question, 7);", "question, 7", "question, 70"),
    "a part of no list": ("const held = history.slice(-10);", "history.slice(-10)", "history"),
    "a product": ("const held = pages[0].slice(0, 2 * 100);", "2 * 100", "20 * 100"),
}


@pytest.mark.parametrize("name", IN_FILE)
def test_a_larger_part_is_a_warning(repository: Repository, name: str) -> None:
    code, was, now = IN_FILE[name]
    (said,) = told(repository, code, "src/app.ts", (was, now))
    assert "`sort.answer` (workflow `w`) is filled with `" in said
    assert "it was `" in said


ELSEWHERE = {
    "a default": ("src/search.ts", "limit = 5", "limit = 50"),
    "a part of each": ("src/search.ts", "0, 900", "0, 90000"),
    "a part of no list": ("src/search.ts", "all.slice(0, LIMITS.pages)", "all"),
    "a number of a third file": ("src/limits.ts", "pages: 5", "pages: 50"),
}


@pytest.mark.parametrize("place", ["./search", "./lib"])
@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_another_file_gives_is_a_warning(
    repository: Repository, name: str, place: str
) -> None:
    path, was, now = ELSEWHERE[name]
    code = "const held = await search(question);"
    (said,) = told(repository, code, path, (was, now), place=place)
    assert "`sort.answer` (workflow `w`) is filled with `" in said


def test_a_number_that_is_imported_is_a_warning(repository: Repository) -> None:
    code = "const held = pages.slice(0, TOP);"
    (said,) = told(repository, code, "src/search.ts", ("TOP = 5", "TOP = 50"))
    assert "is filled with `TOP = 50`, it was `TOP = 5`" in said


HELD = "const held = history.slice(-10).join(' ') + (await found(question));"


@pytest.mark.parametrize(
    ("code", "path", "was", "now"),
    [
        (HELD, "src/app.ts", "-10", "-5"),
        (HELD, "src/app.ts", "timeout: 1000", "timeout: 9000"),
        (HELD, "src/app.ts", "0, 100", "0, 1000"),
        (HELD, "src/app.ts", "MOST = 5", "MOST = 50"),
        (HELD, "src/app.ts", "history.slice(-10).join(' ') + ", ""),
        (HELD, "src/search.ts", "limit = 5", "limit = 50"),
        ("const held = pages.slice(2);", "src/app.ts", "slice(2)", "slice(9)"),
        ("const held = history;", "src/app.ts", "= history", "= history.slice(-10)"),
        ("const held = await search(question);", "src/limits.ts", "seconds: 9", "seconds: 90"),
        ("const held = await search(question);", "src/search.ts", "limit = 5", "limit = 4"),
        ("const held = JSON.stringify(pages, null, 2);", "src/app.ts", "null, 2", "null, 4"),
    ],
)
def test_what_takes_no_more_is_not_told(
    repository: Repository, code: str, path: str, was: str, now: str
) -> None:
    assert told(repository, code, path, (was, now)) == []


PYTHON = f"""\
MOST = 5


def ask(question):
    held = store.pages(question, limit=5)
    more = store.search(question, MOST)
    text = f"{RULES} {{held}} {{more}} {{question}}"
    return client.chat.completions.create(
        model="gpt-4o", messages=[{{"role": "user", "content": text}}]
    )
"""


@pytest.mark.parametrize(("was", "now"), [("limit=5", "limit=50"), ("MOST = 5", "MOST = 50")])
def test_python_tells_numbers_of_calls_too(repository: Repository, was: str, now: str) -> None:
    prompt = workflow('"app.py#ask.text"', model="openai/gpt-4o")
    files = {CONFIGURATION: configuration({"w": prompt}), "app.py": PYTHON}
    outcome = change(repository, files, {"app.py": PYTHON.replace(was, now)})
    (said,) = [one["text"] for one in outcome.all_findings()]
    assert "is filled with `" in said
