"""Longer texts for models, and wider bounds of texts, are told where no call of them is known."""

import pytest

from tests.support.one_workflow import BEFORE
from tests.support.repository import Repository
from tests.support.reviewing import change

RULES = " Keep every heading short, and name the component after what it does." * 8
TOOL = """\
export const writeEmail = tool(send, {
  name: "write_email",
  description:
    "Write an email draft based on the information that is provided.RULES",
});
"""
TABLE = """\
const templates = {
  [suffix("streamlit")]: { file: "app.py", instructions: "A streamlit app that reloads automatically.RULES" },
};
"""
ARGUMENT = """\
export const search = tool(find, {
  inputSchema: z.object({ query: z.string().describe("The words that you look for in the web.RULES") }),
});
"""
TEXTS = {"a tool": (TOOL, 4), "a table": (TABLE, 2), "an argument": (ARGUMENT, 2)}

SCRIPT = """\
// The model gets the page.
const CONTENT_LIMIT = NUMBER;
export const cut = (text) => text.slice(0, CONTENT_LIMIT);
"""
PYTHON = """\
MAX_ASSETS = NUMBER


def batches(requests):
    # each is sent to Gemini
    return [requests[start : start + MAX_ASSETS] for start in range(0, len(requests), MAX_ASSETS)]
"""
RESULTS = """\
export const search = tool({
  execute: async ({ query, max_results = NUMBER }) => find(query, max_results),
});
"""
BOUNDS = {"page.ts": (SCRIPT, 2), "assets.py": (PYTHON, 1), "search.ts": (RESULTS, 2)}


@pytest.mark.parametrize("name", TEXTS)
def test_a_longer_text_for_a_model_is_told_with_its_characters(
    repository: Repository, name: str
) -> None:
    source, line = TEXTS[name]
    before = {**BEFORE, "lib/tools.ts": source.replace("RULES", "")}
    outcome = change(repository, before, {"lib/tools.ts": source.replace("RULES", RULES)})
    assert outcome.report["new_prompts"] == []
    (found,) = outcome.report["findings"]
    assert f"says {len(RULES):,} more characters (about" in found["text"]
    assert (found["place"]["line"], found["verdict"], outcome.code) == (line, "warn", 0)


@pytest.mark.parametrize("name", TEXTS)
def test_one_that_only_changes_is_not(repository: Repository, name: str) -> None:
    source, _ = TEXTS[name]
    before = {**BEFORE, "lib/tools.ts": source.replace("RULES", RULES)}
    outcome = change(
        repository,
        before,
        {"lib/tools.ts": source.replace("RULES", RULES.replace("short", "long"))},
    )
    assert outcome.report["findings"] == []


def test_a_description_of_no_tool_is_not(repository: Repository) -> None:
    page = 'export const metadata = { description: "What our small page is for.RULES" };\n'
    before = {**BEFORE, "app/page.tsx": page.replace("RULES", "")}
    outcome = change(repository, before, {"app/page.tsx": page.replace("RULES", RULES)})
    assert outcome.report["findings"] == []


@pytest.mark.parametrize("path", BOUNDS)
def test_a_wider_bound_of_texts_is_told_with_both_numbers(
    repository: Repository, path: str
) -> None:
    source, line = BOUNDS[path]
    before = {**BEFORE, path: source.replace("NUMBER", "25")}
    outcome = change(repository, before, {path: source.replace("NUMBER", "1000")})
    (found,) = outcome.report["findings"]
    assert "is 1,000 now, was 25, and bounds texts or results" in found["text"]
    assert (found["place"]["line"], found["verdict"], outcome.code) == (line, "warn", 0)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("NUMBER", "9"),
        ("CONTENT_LIMIT = NUMBER", "CONTENT_LIMIT = NUMBER * 2"),
        ("slice(0, CONTENT_LIMIT)", "padEnd(CONTENT_LIMIT)"),
        ("The model gets the page.", "A card shows it."),
    ],
)
def test_a_narrower_one_and_one_of_anything_else_is_not(
    repository: Repository, old: str, new: str
) -> None:
    source = SCRIPT if old == "NUMBER" else SCRIPT.replace(old, new)
    before = {**BEFORE, "page.ts": source.replace("NUMBER", "25")}
    after = source.replace("NUMBER", "9" if old == "NUMBER" else "1000")
    outcome = change(repository, before, {"page.ts": after})
    assert outcome.report["findings"] == []
