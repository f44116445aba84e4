"""What only stands beside prompts is none: descriptions, texts for inputs, GitHub's own files."""

import pytest
from msgspec.structs import replace

from reviewbot.discovery import candidates
from reviewbot.discovery.calls import Proposed
from reviewbot.discovery.findings import Found
from reviewbot.discovery.tables import without_parts
from reviewbot.prompt import PromptText
from reviewbot.prompt_formats import typescript
from tests.discovery.test_source_prompts import LONG, found
from tests.support.reading import HERE

ROW = Found(
    path="ui/panel.tsx",
    selector="a",
    format="typescript",
    role=None,
    name=(),
    group="",
    text=LONG,
)
TOOL = "Call this tool when the user asks where a parcel lies. You must never guess the shelf. "


@pytest.mark.parametrize(
    "path",
    [
        ".github/PULL_REQUEST_TEMPLATE/pull_request_template.md",
        ".github/PULL_REQUEST_TEMPLATE/prompt.md",
        ".github/ISSUE_TEMPLATE/prompt.md",
        ".github/ISSUE_TEMPLATE/bad_prompt.yml",
        ".github/DISCUSSION_TEMPLATE/prompts.yml",
        "PULL_REQUEST_TEMPLATE/prompt.md",
        "docs/pull_request_template.md",
        "pull_request_template.md",
        "web/.github/SUPPORT.md",
        ".github/FUNDING.yml",
        ".github/dependabot.yml",
        ".github/workflows/prompt.yml",
    ],
)
def test_what_github_reads_is_no_prompt(path: str) -> None:
    assert not candidates.is_named_as_prompt(path)
    assert not candidates.is_searched(path)


@pytest.mark.parametrize(
    "path",
    [
        ".github/prompts/pull_request_template.prompt.md",
        ".github/prompts/triage.prompt.yml",
        ".github/copilot-instructions.md",
        "prompts/pull_request_template.md",
        "prompts/issue_template.j2",
        "src/prompts/support.md",
        "security/prompts/triage.md",
        "workflows/prompts/triage.md",
        "docs/release/prompts/notes.prompt.md",
    ],
)
def test_prompts_of_such_names_stay_prompts(path: str) -> None:
    assert candidates.is_named_as_prompt(path)


@pytest.mark.parametrize(
    ("path", "is_prompt"),
    [
        ("design-docs/prompt-history-refactor.md", False),
        ("internal_docs/system_prompt.txt", False),
        ("docs_chat/system_prompt.txt", True),
        ("design-docs/prompts/system.md", True),
    ],
)
def test_a_page_of_a_manual_is_no_prompt(path: str, *, is_prompt: bool) -> None:
    assert candidates.is_named_as_prompt(path) is is_prompt


@pytest.mark.parametrize("path", ["support.py", "workflows/triage.py", "release/notes.ts"])
def test_code_of_such_names_is_searched(path: str) -> None:
    assert candidates.is_searched(path)


@pytest.mark.parametrize(
    ("source", "is_prompt"),
    [
        (f"const findInstructionsTool = tool({{ description: `{TOOL}{LONG}` }});", False),
        (f"const findInstructions = createTool({{ description: `{TOOL}{LONG}` }});", False),
        (f"const find = new DynamicTool({{ name: 'f', description: `{TOOL}{LONG}` }});", False),
        (f"const finder = agent({{ instructions: `{TOOL}{LONG}` }});", True),
        (
            "const PROMPT_STYLES = ['[&_h1]:mt-3 [&_h1]:text-base. ', '"
            + "[&_p]:my-1.5 is. " * 20
            + "'].join(' ');",
            False,
        ),
        (
            "const f = (e) => ({ messages: [{ role: 'system', content: `Error in work on ${e}: ${e.m}` }] });",
            False,
        ),
        (
            f"const told = () => ({{ messages: [{{ role: 'system', content: `Error {LONG}{LONG}` }}] }});",
            True,
        ),
        (f"export const AI_PROMPT_DESCRIPTION = `{LONG}`;", False),
        (f"export const INSTRUCTIONS_DESCRIPTIONS = {{ a: `{LONG}` }};", False),
        (f"const addSpec = {{ args: [{{ key: 'a', aiPrompt: `{LONG}` }}] }};", False),
        (f"const addTool = {{ parameters: {{ a: {{ prompt: `{LONG}` }} }} }};", False),
        (f"const add = {{ args: [{{ key: 'a', aiPrompt: `{LONG}` }}] }};", True),
        (f"function ask() {{ const input = `You are a clerk. {LONG}`; setInput(input); }}", False),
        (f"function ask() {{ setChatInput(`You are a clerk. {LONG}`); }}", False),
        (f"function ask() {{ setMessage(`You are now linked to ${{name}}. {LONG}`); }}", False),
        (f"function ask() {{ setSystemPrompt(`You are a clerk. {LONG}`); }}", True),
        (f"function ask() {{ chat.setSystemMessage(`You are a clerk. {LONG}`); }}", True),
        (f"const RULES = `You are a clerk. {LONG}`; chat.setSystemMessage(RULES);", True),
        (f"const RULES = `You are a clerk. {LONG}`; chat.setInstructionText(RULES);", True),
        (f"function ask() {{ const prompt = `You sort. {LONG}`; setInput(prompt); }}", True),
    ],
)
def test_parts_of_tools_and_texts_for_inputs_are_no_prompts(
    source: str,
    is_prompt: bool,  # noqa: FBT001
) -> None:
    assert bool(found("app/x.tsx", source)) == is_prompt


@pytest.mark.parametrize(
    ("selector", "is_shown"),
    [
        ("Panel.chatkit.startScreen.prompts.2.prompt", True),
        ("conversationStarters.0.message", True),
        ("SUGGESTIONS.3.prompt", True),
        ("agents.2.prompt", False),
        ("startScreen.systemPrompt", False),
    ],
)
def test_what_people_may_pick_is_none(selector: str, is_shown: bool) -> None:  # noqa: FBT001
    item = replace(ROW, selector=selector)
    whole, left_out = without_parts([Proposed(name="a", prompts=(item,))])
    assert (not whole, bool(left_out)) == (is_shown, is_shown)


ANSWERS = f'''
def score(plan, kind):
    system = """You are a clerk. You must be exact. {LONG}""" + kind
    answer = query_model(model_str="gpt-4.1", system_prompt=system, prompt=f"The plan: {{plan}}")
    return 1, f"The score is " + answer


class Clerks:
    def judge(self, plan):
        first = score(plan, "You are kind.")
        second = score(plan, "You are strict.")
        return f"What the first says:\\n{{first}}\\nWhat the second says:\\n{{second}}"
'''


def test_a_text_that_joins_answers_is_none() -> None:
    names = found("app/x.py", ANSWERS)
    assert "score.answer" in names
    assert "Clerks.judge" not in names


def test_a_text_that_says_more_than_an_answer_is_one() -> None:
    told = "Wrapped(f'You are a clerk. You must be exact. Weigh all parcels that came in today by {answer}.')"
    source = ANSWERS.replace('1, f"The score is " + answer', told)
    assert "Clerks.judge" in found("app/x.py", source)


MENU = "\\n- Press Space to select the shelves\\n- Press 'a' to select all\\n- Press Enter when you are done"
MATCH = r"<(?:system-reminder|private|system_instruction)>.*?</(?:system-reminder|private|system_instruction)>"


@pytest.mark.parametrize(
    ("source", "selector"),
    [
        (f'def ask():\n    return questionary.checkbox("Shelves?", choices=[1], instruction="{MENU}").ask()\n', None),
        (f'SYSTEM_TAG_RE = re.compile(r"{MATCH} the tags of a system that say nothing to anybody who reads", re.S)\n', None),
        (f'SHELF_INSTRUCTION = "{LONG} Press Enter in the browser when the form is filled."\n', "SHELF_INSTRUCTION"),
        (f'SYSTEM_PATTERN_PROMPT = "{LONG} Write an expression such as [^a]."\n', "SYSTEM_PATTERN_PROMPT"),
    ],
)  # fmt: skip
def test_what_people_press_and_what_is_matched_are_none(source: str, selector: str | None) -> None:
    assert found("app/cli.py", source) == ([selector] if selector else [])


SAID = "Continue your prior response. Begin from where you left off, without any interruption."


@pytest.mark.parametrize(
    ("value", "is_named"),
    [
        (f"stripIndents`{SAID}`", True),
        (f"texts.oneLine`{SAID} ${{more}}`", True),
        (f"html`<p>{SAID}</p>`", False),
        ("stripIndents`Short.`", False),
        (f"stripIndents({SAID!r})", False),
    ],
)
def test_a_prompt_that_an_unknown_tag_makes_is_named(value: str, is_named: bool) -> None:  # noqa: FBT001
    source = f"import {{ stripIndents }} from '~/lib';\nexport const CONTINUE_PROMPT = {value};\n"
    file = PromptText(path="app/prompts.ts", text=source, surroundings=HERE)
    told = dict(typescript.near_misses(file))
    assert ("CONTINUE_PROMPT" in told) == is_named
    if is_named:
        assert "line 2: it is made by the tag `" in told["CONTINUE_PROMPT"]


@pytest.mark.parametrize(
    ("paths", "kept"),
    [
        (["examples/a/v2/x.py", "examples/a/v10/x.py", "examples/a/v1/x.py"], ["a/v10/x.py"]),
        (["examples/a/v1/x.py", "examples/b/v2/x.py"], ["a/v1/x.py", "b/v2/x.py"]),
        (["examples/a/v1/x.py", "examples/a/v2/y.py"], ["a/v1/x.py", "a/v2/y.py"]),
        (["api/v1/x.py", "api/v2/x.py"], ["api/v1/x.py", "api/v2/x.py"]),
        (["examples/v1/x.md", "examples/v2/x.md"], ["examples/v2/x.md"]),
    ],
)
def test_of_the_versions_of_an_example_the_newest_is_proposed(
    paths: list[str], kept: list[str]
) -> None:
    rows = [
        Proposed(name=path, prompts=(replace(ROW, path=path, selector=f"ask.{number}"),))
        for number, path in enumerate(paths)
    ]
    whole, left_out = without_parts(rows)
    assert [item.name.removeprefix("examples/") for item in whole] == [
        path.removeprefix("examples/") for path in kept
    ]
    assert len(left_out) == len(paths) - len(kept)
