"""Files that instructions of coding agents import or mention."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.prompt_formats import agent_instructions
from reviewbot.prompt_formats._common import markdown as _markdown
from tests.support.instructions import PATH, among, text_at
from tests.support.reading import read
from tests.support.repository import Repository
from tests.support.sending import CONFIGURATION, calls_of, sent

REFERENCES = json.loads(PATH.read_text("utf-8"))["cases"]


def test_claude_imports_come_behind_each_once_and_comments_are_not_sent() -> None:
    text = "See @docs/a.md, and @b.md.\n<!-- for us -->\nMail a@b.md @missing.md @~/mine.md @/etc/hosts"
    found = text_at(
        "CLAUDE.md",
        text,
        docs__a_md="A @c.md @../b.md",
        b_md="B @CLAUDE.md\n",
        docs__c_md="C\n<!-- gone\nas well -->\n",
    )
    assert found == (
        "See @docs/a.md, and @b.md.\nMail a@b.md @missing.md @~/mine.md @/etc/hosts\n"
        "A @c.md @../b.md\nC\nB @CLAUDE.md\n"
    )


def test_claude_imports_are_relative_to_their_own_file_only() -> None:
    assert text_at("web/CLAUDE.md", "@README.md", README_md="root") == "@README.md"
    assert text_at("web/CLAUDE.md", "@../README.md", README_md="root") == "@../README.md\nroot"
    assert text_at("CLAUDE.md", "@../README.md", README_md="root") == "@../README.md"


def test_claude_imports_files_with_blanks_in_their_names() -> None:
    files = {"my rules.md": "long", "a.md": "short"}
    for text, added in (
        ("See @my\\ rules.md, and on.", "\nlong"),
        ("See @my rules.md", ""),
        ("See @a.md", "\nshort"),
    ):
        file = read(agent_instructions, text, path="CLAUDE.md", surroundings=among(files))
        assert file.messages[0].text == text + added


def test_claude_imports_end_after_four_hops() -> None:
    files = {f"f{number}_md": f"{number} @f{number + 1}.md\n" for number in range(1, 8)}
    assert text_at("CLAUDE.md", "@f1.md\n", **files) == (
        "@f1.md\n1 @f2.md\n2 @f3.md\n3 @f4.md\n4 @f5.md\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "`@a.md`",
        "`` a ` @a.md ``",
        "`two\n@a.md lines`",
        "```\n@a.md\n```",
        "~~~~ x\n```\n@a.md\n~~~\n~~~~",
        "  ```js\n@a.md\n",
        "- x\n\n      ```\n      @a.md\n      ```\n",
    ],
)
def test_nothing_is_imported_in_code(text: str) -> None:
    assert text_at("CLAUDE.md", text, a_md="A") == text
    if "~" not in text and text.count("`") % 2 == 0:  # Gemini CLI looks at pairs of backticks
        assert text_at("GEMINI.md", text, a_md="A") == text


@pytest.mark.parametrize(
    "text",
    ["`x` @a.md `y`", "`x\n\n@a.md y`", "``` a`b ```\n@a.md", "```\n```\n@a.md", "`` x ` @a.md"],
)
def test_what_only_looks_like_code_is_none(text: str) -> None:
    assert text_at("CLAUDE.md", text, a_md="A") == f"{text}\nA"


def test_gemini_imports_stand_in_the_place_of_their_names() -> None:
    found = text_at(
        "GEMINI.md",
        "One @./a.md two @b.md @none.md @1.md\n",
        a_md="A @b.md @a.md",
        b_md="B",
        **{"1_md": "no letter"},
    )
    assert found == (
        "One <!-- Imported from: ./a.md -->\nA <!-- Imported from: b.md -->\nB\n"
        "<!-- End of import from: b.md --> <!-- File already processed: a.md -->\n"
        "<!-- End of import from: ./a.md --> two <!-- Imported from: b.md -->\nB\n"
        "<!-- End of import from: b.md --> @none.md @1.md\n"
    )


@pytest.mark.parametrize("case", REFERENCES, ids=range(len(REFERENCES)))
def test_gemini_imports_are_as_gemini_cli_makes_them(case: dict[str, Any]) -> None:
    surroundings = among(case["files"])
    text = case["files"][case["path"]]
    found = read(agent_instructions, text, path=case["path"], surroundings=surroundings)
    assert [message.text for message in found.messages] == [case["rendered"]]


@given(st.lists(st.sampled_from(["`", "``", "```", "a", "\n"]), max_size=14).map("".join))
def test_what_is_between_backticks_is_what_an_expression_finds(text: str) -> None:
    regions = _markdown.between_backticks(text)
    expected = [found.span() for found in re.finditer(r"(`+)([\s\S]*?)\1", text)]
    covered = {position for start, end in expected for position in range(start, end)}
    assert {position for position in range(len(text)) if position in regions} == covered


def test_gemini_imports_end_after_five() -> None:
    files = {f"f{number}_md": f"{number} @f{number + 1}.md" for number in range(1, 9)}
    found = text_at("GEMINI.md", "@f1.md", **files)
    assert "5 @f6.md" in found
    assert "6 @" not in found


def test_commands_and_rules_send_the_files_that_they_mention() -> None:
    written = "---\ndescription: d\n---\nLook at @src/a.md and @src/a.md."
    assert text_at(".claude/commands/x.md", written, src__a_md="A @b.md", b_md="B") == (
        "Look at @src/a.md and @src/a.md.\nA @b.md"
    )
    assert text_at(".cursor/rules/x.mdc", "@src/a.md", src__a_md="A") == "@src/a.md\nA"
    assert text_at(".cursor/rules/x.mdc", "@near.md", **{".cursor__rules__near_md": "N"}) == (
        "@near.md\nN"
    )


def test_files_attached_to_a_vscode_prompt() -> None:
    text = "Rewrite #file:../src/a.md as [b](b.md) says, or #file:none.md"
    path = ".github/x.prompt.md"
    assert text_at(path, text, src__a_md="A", b_md="B") == f"{text}\nA"


def test_an_import_is_a_part_of_the_prompt(repository: Repository) -> None:
    configuration = """\
version: 1
workflows:
  agent:
    model: anthropic/claude-sonnet-4-6
    prompts: [CLAUDE.md, {path: ".claude/skills/x/SKILL.md#description", role: system}]
    traffic: [{calls: 1/day, output_tokens: 1}]
"""
    skill = "---\nname: x\ndescription: Does x.\n---\nBody"
    files = {
        "CLAUDE.md": "@AGENTS.md\n",
        "AGENTS.md": "Be brief.\n",
        ".claude/skills/x/SKILL.md": skill,
    }
    repository.commit(files | {CONFIGURATION: configuration})
    (calls,) = calls_of(repository.path).values()
    assert sent(calls) == [("user", "@AGENTS.md\nBe brief.\n"), ("system", "x: Does x.")]
    assert "AGENTS.md" in calls.source.files
