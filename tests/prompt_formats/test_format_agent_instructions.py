"""Instructions of coding agents: what is sent, and with what."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot import prompt_formats
from reviewbot.errors import MeasurementError
from reviewbot.prompt import UndefinedVariableError
from reviewbot.prompt_formats import agent_instructions
from reviewbot.prompt_formats._common import markdown as _markdown
from reviewbot.rendering import engines
from reviewbot.rendering.jobs import Job, Rendered
from reviewbot.rendering.process import RenderingProcess
from reviewbot.rendering.resource_limits import Limits
from tests.support.instructions import read_at
from tests.support.reading import read
from tests.support.repetitions import examples
from tests.support.repository import Repository
from tests.support.sending import CONFIGURATION, calls_of


@pytest.mark.parametrize(
    "path",
    [
        "AGENTS.md",
        "web/CLAUDE.md",
        "CLAUDE.local.md",
        "GEMINI.md",
        ".claude/skills/deploy/SKILL.md",
        ".github/copilot-instructions.md",
        ".github/instructions/python.instructions.md",
        ".github/prompts/review.prompt.md",
        ".github/chatmodes/plan.chatmode.md",
        ".github/agents/tester.agent.md",
        ".cursor/rules/style.mdc",
        ".cursorrules",
        ".claude/commands/fix.md",
        ".claude/agents/reviewer.md",
        ".claude/rules/python.md",
    ],
)
def test_their_names_show_them(path: str) -> None:
    found = prompt_formats.recognize(path)
    assert found is not None
    assert found.NAME == "agent-instructions"
    assert prompt_formats.is_prompt(path)


def test_other_markdown_is_not_theirs() -> None:
    for path in ("README.md", "MY-AGENTS.md", "commands/fix.md", "docs/agents/reviewer.md"):
        found = prompt_formats.recognize(path)
        assert found is not None
        assert found.NAME == "text"


MARKDOWN = "---\n\n# Rules\n\n<!-- note -->\nUse `make`.\n${selection} $ARGUMENTS @other.md\n"


@pytest.mark.parametrize("path", ["AGENTS.md", "a/AGENT.md", ".cursorrules"])
def test_plain_instructions_are_sent_as_they_stand(path: str) -> None:
    (message,) = read_at(path, MARKDOWN, other_md="other").messages
    assert (message.role, message.text, message.engine) == ("user", MARKDOWN, None)


SETTINGS = (
    "---\nname: Style\ndescription: How code looks.\nglobs: *.ts,**/*.tsx\napplyTo: **\n---\n"
)


@pytest.mark.parametrize("path", ["a.instructions.md", "a.mdc", ".claude/rules/a.md", "a.agent.md"])
def test_front_matter_is_not_sent_even_where_it_is_no_yaml(path: str) -> None:
    (message,) = read_at(path, f"{SETTINGS}\nBe brief.\n").messages
    assert (message.text, message.line) == ("\nBe brief.\n", 7)
    (listed,) = read_at(path, f"{SETTINGS}\nBe brief.\n", "description").messages
    assert listed.text == "Style: How code looks."


def test_a_skill_is_listed_with_every_call_and_its_body_is_sent_when_it_is_used() -> None:
    written = "---\nname: deploy\ndescription: Deploys: to all hosts.\nlicense: MIT\n---\nRun it.\n"
    (whole,) = read_at("x/SKILL.md", written).messages
    assert (whole.text, whole.line) == ("deploy: Deploys: to all hosts.\nRun it.\n", 5)
    (listed,) = read_at("x/SKILL.md", written, "description").messages
    assert listed.text == "deploy: Deploys: to all hosts."
    (body,) = read_at("x/SKILL.md", written, "body").messages
    assert (body.text, body.line) == ("Run it.\n", 6)


def test_a_description_of_several_lines() -> None:
    written = (
        "---\ndescription: >\n  Two\n  lines.\n\nmodel:\n- Claude Sonnet 4\n- GPT-5\n---\nBody"
    )
    found = read_at("a.agent.md", written, "description")
    assert found.messages[0].text == "Two lines."
    assert read_at("a.agent.md", written).model == "claude-sonnet-4"


@pytest.mark.parametrize(
    ("written", "model"),
    [
        ("GPT-5 mini (copilot)", "gpt-5-mini"),
        ("GPT-4.1", "gpt-4.1"),
        ("'claude-sonnet-4-6'", "claude-sonnet-4-6"),
        ("inherit", None),
        ("Sonnet", None),
        ("Auto (copilot)", None),
        ("3", None),
        ("", None),
    ],
)
def test_the_model_of_front_matter(written: str, model: str | None) -> None:
    assert read_at("a.prompt.md", f"---\nmodel: {written}\n---\nx").model == model


def test_a_subagent_is_a_system_prompt() -> None:
    found = read_at(".claude/agents/a.md", "---\nname: a\ntools: Read, Bash\n---\nYou review.")
    assert [(m.role, m.text) for m in found.messages] == [("system", "You review.")]
    chosen = read(agent_instructions, "x", path=".claude/agents/a.md", role="user")
    assert chosen.messages[0].role == "user"


def fill(name: str, text: str, undefined: str = "error", /, **variables: Any) -> str:
    compiled = engines.by_name(name).compile_template(
        text,
        name="p",
        load=lambda _, __: None,
        undefined=undefined,  # type: ignore[arg-type]  # one of two words
        options={},
    )
    return compiled.render(variables)


@pytest.mark.parametrize(
    ("text", "variables", "rendered"),
    [
        ("Fix $ARGUMENTS now", {"ARGUMENTS": "issue 3"}, "Fix issue 3 now"),
        ("$1 and $2, $1", {"1": "a", "2": "b"}, "a and b, a"),
        ("$ARGUMENTS[0]$ARGUMENTS[12]", {"0": "a", "12": "b"}, "ab"),
        (
            "costs $1.50, $100 or $1,000; $HOME ${x} $$",
            {},
            "costs $1.50, $100 or $1,000; $HOME ${x} $$",
        ),
        (r"\$1 \$ARGUMENTS $ARGUMENTSX", {}, r"\$1 \$ARGUMENTS $ARGUMENTSX"),
        ("- Status: !`git status`\n", {"!git status": "clean"}, "- Status: clean\n"),
        ("no!`command` and `!x`", {}, "no!`command` and `!x`"),
        ("${CLAUDE_SESSION_ID}", {"CLAUDE_SESSION_ID": "s"}, "s"),
        ("$1", {"1": ["a", 2, None]}, '["a", 2, null]'),
        ("$1", {"1": "$2 !`rm`"}, "$2 !`rm`"),
    ],
)
def test_placeholders_of_claude(text: str, variables: dict[str, Any], rendered: str) -> None:
    assert fill("claude-command", text, **variables) == rendered


@pytest.mark.parametrize(
    ("text", "variables", "rendered"),
    [
        ("${input:name} ${input:name:what is it?}", {"name": "x"}, "x x"),
        ("${selection}|${selectedText}", {"selection": "s", "selectedText": "t"}, "s|t"),
        (
            "${fileBasename} in ${workspaceFolder}",
            {"fileBasename": "f", "workspaceFolder": "w"},
            "f in w",
        ),
        ("${other} $selection ${input:} ${env:X}", {}, "${other} $selection ${input:} ${env:X}"),
    ],
)
def test_placeholders_of_vscode(text: str, variables: dict[str, Any], rendered: str) -> None:
    assert fill("vscode-prompt", text, **variables) == rendered


@pytest.mark.parametrize(
    ("name", "text", "variable"),
    [
        ("claude-command", "a\nb $ARGUMENTS", "ARGUMENTS"),
        ("claude-command", "a\n!`git log`", "!git log"),
        ("vscode-prompt", "a\n${input:what:hint}", "what"),
    ],
)
def test_an_undefined_placeholder(name: str, text: str, variable: str) -> None:
    with pytest.raises(UndefinedVariableError) as caught:
        fill(name, text)
    assert (caught.value.what, caught.value.line) == (f"'{variable}' is undefined", 2)
    assert variable not in fill(name, text, "empty")


PIECES = st.lists(
    st.sampled_from(
        [
            "a",
            " ",
            "\n",
            "$1",
            "$ARGUMENTS",
            "!`x`",
            "${input:a}",
            "${selection}",
            "$",
            "`",
            "@f.md",
        ]
    ),
    max_size=12,
).map("".join)


@given(PIECES, st.text(max_size=5), st.text(max_size=5))
def test_the_constant_beginning_is_the_same_whatever_the_variables(
    text: str, one: str, two: str
) -> None:
    names = ("1", "ARGUMENTS", "!x", "a", "selection")
    for name in ("claude-command", "vscode-prompt"):
        compiled = engines.by_name(name).compile_template(
            text, name="p", load=lambda _, __: None, undefined="error", options={}
        )
        constant = compiled.constant
        first, second = (compiled.render(dict.fromkeys(names, said)) for said in (one, two))
        assert first[: constant.characters] == second[: constant.characters]
        assert len(first) >= constant.characters
        assert (constant.line is None) == (constant.characters == len(text))


TEXTS = st.lists(
    st.sampled_from(
        [
            "---\n",
            "name: x\n",
            "description:",
            "model: [",
            "@a.md ",
            "\n",
            "`",
            "```\n",
            "~~~",
            "<!--",
            "-->",
            " ",
            "#file:a.md",
            "$1",
            "${input:x}",
            "- ",
        ]
    ),
    max_size=25,
).map("".join)
PATHS = st.sampled_from(
    [
        "CLAUDE.md",
        "GEMINI.md",
        "AGENTS.md",
        "SKILL.md",
        "a.prompt.md",
        "a.mdc",
        "a.instructions.md",
        ".claude/commands/a.md",
        ".claude/agents/a.md",
        "a.md",
    ]
)


@given(TEXTS | st.text(), PATHS, st.sampled_from([None, "body", "description", "other"]))
def test_any_text_is_instructions_or_a_named_problem(
    text: str, path: str, selector: str | None
) -> None:
    try:
        found = read_at(path, text, selector, a_md=text)
    except MeasurementError as error:
        (problem,) = error.problems
        assert problem.place is not None
        assert problem.place.file == path
    else:
        assert all(1 <= message.line <= text.count("\n") + 1 for message in found.messages)


@given(TEXTS | st.text())
def test_text_without_comments_is_shorter_or_the_same(text: str) -> None:
    found = _markdown.without_comments(text)
    assert len(found) <= len(text)
    assert found == text or "<!--" in text


@pytest.mark.parametrize(
    "piece",
    ["`", "`a``b", "```\n", "~~~\n", "<!-- a\n", "<!---->\n", "@a.md ", "@", "!`", "${input:"],
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    for path in ("CLAUDE.md", "GEMINI.md", ".claude/commands/a.md", "a.prompt.md"):
        read_at(path, piece * examples(50_000))


HOSTILE = [
    # engine, text, what is rendered or said of it
    ("claude-command", "$ARGUMENTS" * 3_000, "more than 2,000,000 characters"),
    ("claude-command", "$1" * 300_000, "more than 2,000,000 characters"),
    ("claude-command", "!`cat /etc/passwd; env`", "'!cat /etc/passwd; env' is undefined"),
    ("claude-command", "!`" * 200_000, "'!!' is undefined"),
    ("claude-command", "$" * 1_000_000, "$$$"),
    (
        "claude-command",
        "{{ 7*7 }} ${ARGUMENTS.__class__} $ARGUMENTS.x",
        "{{ 7*7 }} ${ARGUMENTS.__class__} y",
    ),
    ("vscode-prompt", "${input:x}" * 3_000, "more than 2,000,000 characters"),
    ("vscode-prompt", "${input:" * 200_000, "${input:${input:"),
    ("vscode-prompt", "${input:__class__}", "'__class__' is undefined"),
    ("vscode-prompt", "${env:PATH} ${command:x}", "${env:PATH} ${command:x}"),
]


def test_hostile_texts_are_contained() -> None:
    long = json.dumps({"ARGUMENTS": "y" * 1_000, "1": "0123456789", "x": "z" * 1_000})
    jobs = [
        Job(
            engine=engine,
            path="p",
            text=text,
            first_line=3,
            variables=(long,),
            load=lambda _, __: None,
        )
        for engine, text, _ in HOSTILE
    ]
    with RenderingProcess(Limits(step_seconds=20.0, slow_seconds=100.0)) as process:
        results = [result for (result,) in process.render(jobs)]
        assert process.starts == 1
    for (_, _, expected), result in zip(HOSTILE, results, strict=True):
        said = result.text if isinstance(result, Rendered) else result.what
        assert said.startswith(expected) or expected in said[:200]
        assert "root:" not in said


def test_imports_that_multiply_are_bounded(repository: Repository) -> None:
    files = {f"f{number}.md": f"@f{number + 1}.md " * 100 for number in range(6)}
    configuration = """\
version: 1
workflows:
  agent:
    model: gemini-2.5-pro
    prompts: GEMINI.md
    traffic: [{calls: 1/day, output_tokens: 1}]
"""
    repository.commit(files | {"GEMINI.md": "@f0.md", CONFIGURATION: configuration})
    with pytest.raises(AssertionError, match="more files or text than it may"):
        calls_of(repository.path)
