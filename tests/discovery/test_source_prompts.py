"""`init` finds prompts where people keep them, and says what it leaves out, and why."""

import io
import textwrap
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout

import pytest

from reviewbot.cli import main
from reviewbot.discovery.relevance import most_relevant
from reviewbot.errors import Problem
from reviewbot.prompt import PromptText
from reviewbot.prompt_formats import python, typescript
from tests.support.reading import HERE
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change

JUDGE = "Judge whether each sentence below says something about the parcel, and answer with JSON. "
LONG = JUDGE * 2
REASON = (
    "The score is 1 since the answer was right. Please see how each of the questions was answered "
    "by the agent in its log."
)
EXAMPLES_IN_JSON = (
    "const sysPrompt = `You are an orchestrator. " + '{"nodes": [{"label": "first"}]}, ' * 9 + "`;"
)


def found(path: str, source: str) -> list[str | None]:
    chosen = python if path.endswith(".py") else typescript
    text = textwrap.dedent(source)
    file = PromptText(path=path, text=text, surroundings=HERE)
    return [item.selector for item in chosen.discover(file)]


def init(repository: Repository, files: Mapping[str, str | bytes | None]) -> Outcome:
    repository.commit(files)
    out, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(errors):
        code = main(["init", "--repo", str(repository.path), "--output", "-"])
    return Outcome(code=int(code), out=out.getvalue(), errors=errors.getvalue())


@pytest.mark.parametrize(
    ("path", "source", "selectors"),
    [
        (
            "app/metrics/template.py",
            f'''\
            class ParcelTemplate:
                @staticmethod
                def generate_verdicts(sentences):
                    return f"""{LONG} {{sentences}}"""
            ''',
            ["ParcelTemplate.generate_verdicts"],
        ),
        ("app/prompts.py", f'REACT = """{LONG}"""', ["REACT"]),
        ("app/x.py", f'ask = Agent(name="n", instructions="{LONG}")', ["ask.instructions"]),
        (
            "app/x.py",
            f'def f():\n    Task(description="{LONG}", prompt="{LONG}!")',
            ["f.Task.description", "f.Task.prompt"],
        ),
        ("app/x.py", f'P = TextPrompt("{LONG}")', ["P.0"]),
        (
            "app/x.py",
            f'def f(a):\n    if a:\n        return "{LONG}"\n    return "You are given: {LONG}!"',
            ["f.return", "f.return@2"],
        ),
        ("app/x.py", f'def f(prompt="{LONG}"):\n    pass', ["f.prompt"]),
        (
            "app/x.py",
            f'SYSTEM_PROMPT = "{LONG}"\ndef f():\n    return client.ask(system=SYSTEM_PROMPT)',
            ["SYSTEM_PROMPT"],
        ),
        (
            "app/x.py",
            f'class A:\n    def __init__(self):\n        self.prompt = "{LONG}"',
            ["A.__init__.self.prompt"],
        ),
        (
            "lib/x.ts",
            f"const agent = new Agent({{ instructions: `{LONG}` }});",
            ["agent.instructions"],
        ),
        (
            "lib/x.ts",
            f"export const getSystemPrompt = (a: string) => `{LONG} ${{a}}`;",
            ["getSystemPrompt"],
        ),
        (
            "lib/x.ts",
            f"async function f() {{ await generateText({{ model: m, system: `{LONG}`, prompt: q }}); }}",
            ["f.generateText"],
        ),
        ("lib/x.ts", EXAMPLES_IN_JSON, ["sysPrompt"]),
        ("lib/x.ts", f"class A {{ private systemPrompt = `{LONG}`; }}", ["A.systemPrompt"]),
        (
            "src/x.ts",
            "const systemPrompt = `你是一个乐于助人的助手。"
            + "请用中文回答用户的问题。" * 10
            + "`;",
            ["systemPrompt"],
        ),
    ],
)
def test_prompts_are_found_by_name_class_place_call_and_words(
    path: str, source: str, selectors: list[str]
) -> None:
    assert found(path, source) == selectors


@pytest.mark.parametrize(
    ("path", "source", "selectors"),
    [
        (
            "app/x.py",
            f'def f(self, q):\n    log = [self.system_message("{LONG}"), self.user_message(q)]\n',
            ["f.log"],
        ),
        (
            "app/x.py",
            (
                f'def f(a, rows):\n    prompt = "{LONG}"\n    prompt = add(prompt, rows)\n'
                f'    prompt += "{JUDGE}"\n    return send(prompt)\n'
            ),
            ["f.prompt"],
        ),
        (
            "app/x.py",
            f'def f(code, names):\n    exec(code, globals(), names)\n\nPROMPT = "{LONG}"\n',
            ["PROMPT"],
        ),
        ("app/x.py", f'def f(code):\n    exec(code, globals())\n\nPROMPT = "{LONG}"\n', []),
        (
            "lib/x.js",
            (
                "var dedent = require('dedent');\nvar dedent__default = _interopDefault(dedent);\n"
                f"const prompt = dedent__default['default']`{LONG}`;\n"
            ),
            ["prompt"],
        ),
        (
            "lib/x.js",
            (
                'const dedent_1 = __importDefault(require("dedent"));\n'
                f"const prompt = (0, dedent_1.default)`{LONG}`;\n"
            ),
            ["prompt"],
        ),
        ("lib/x.js", f"const other = require('x');\nconst prompt = other`{LONG}`;\n", []),
        (
            "lib/x.js",
            (
                f"let a = code(await ask({{ messages: [{{ role: 'user', content: `{LONG}` }}] }}));\n"
                "while (b) a = again(a);\n"
            ),
            ["a.code.0.messages"],
        ),
        (
            "lib/x.js",
            f"let a = {{ prompt: `{LONG}` }};\nwhile (b) a = again(a);\n",
            [],
        ),
        (
            "lib/x.js",
            (
                "const x = (n) => ['You are given a list of parcels and the weight of each.', n && 'Answer with JSON.', "
                "'Name the parcel that is the largest of them all.'].filter(Boolean).join('\\n');\n"
            ),
            ["x"],
        ),
        (
            "lib/x.js",
            (
                "const systemPrompt = 'You take a text and write code. Use placeholders "
                "(e.g. https://example.org/600x400) for images; do not make up their paths.';\n"
            ),
            ["systemPrompt"],
        ),
        (
            "lib/x.js",
            (
                "const x = (a) => ({ role: 'assistant', content: a ? [{ type: 'tool-approval-request' }]"
                " : [{ type: 'tool-approval-response' }] });\n"
            ),
            [],
        ),
        (
            "lib/x.js",
            (
                f"const a = [Msg.system(`{LONG}`), Msg.user(`Is it {{{{n}}}}, please?`)];\n"
                "while (b) a.push(Msg.assistant(await ask(a)));\n"
            ),
            ["a.0.0"],
        ),
        (
            "lib/x.js",
            f"const a = [Msg.system(`{LONG}`), Msg.user(b)];\nask(a);\n",
            ["a"],
        ),
        (
            "lib/x.js",
            (
                f"const a = [{{ role: 'system', content: `{LONG}` }}];\n"
                "while (b) a.push(await ask(a));\n"
            ),
            ["a.0"],
        ),
        (
            "lib/x.js",
            (
                f"const a = [{{ role: 'system', content: `{LONG}` }}];\n"
                "while (b) a.unshift(await ask(a));\n"
            ),
            [],
        ),
        (
            "app/x.py",
            (
                f'def f(q):\n    a = [{{"role": "system", "content": "{LONG}"}}]\n'
                "    while q:\n        a.append(ask(a))\n"
            ),
            ["f.a.0"],
        ),
        (
            "app/x.py",
            (
                f'def f(q):\n    a = [{{"role": "system", "content": "{LONG}"}}]\n'
                "    while q:\n        a.insert(0, ask(a))\n"
            ),
            [],
        ),
    ],
)
def test_prompts_are_found_in_what_compilers_and_helpers_make(
    path: str, source: str, selectors: list[str]
) -> None:
    assert found(path, source) == selectors


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("app/x.py", f'raise ValueError("{LONG}")'),
        ("app/x.py", f'ERROR_TEMPLATE_HTML = "<html><body>{LONG}</body></html>"'),
        ("app/x.py", f'logger.info("{LONG}")'),
        (
            "app/x.py",
            'QUERY = """SELECT a, b FROM prompts WHERE you = 1 AND role IS NOT NULL."""',
        ),
        (
            "app/x.py",
            f'"""{LONG}"""\n\ndef f():\n    """You are the reader of this docstring. {LONG}"""',
        ),
        (
            "src/x.ts",
            f"const said = () => ide.showToast('You are asked for your consent. {LONG}');",
        ),
        (
            "app/metrics/x.py",
            f'def generate_reason():\n    return "{REASON}"',
        ),
        (
            "app/x.py",
            "turn = [{'role': 'assistant', 'content': f'Error in the task that it was given: {e}'}]",
        ),
        (
            "src/x.ts",
            "const css = `.prompt { color: red; margin: 0 auto; } .system { padding: 1px; display: flex }`;",
        ),
    ],
)
def test_what_no_model_gets_is_not_found(path: str, source: str) -> None:
    assert found(path, source) == []


def test_what_is_near_is_named_with_its_reason(repository: Repository) -> None:
    files = {
        "prompts/extract.py": f'EXTRACT_SYSTEM = "{LONG}"\nLABEL_USER = "Waybill, page {{page}} of {{pages}}: {{text}}"\n',
        "src/ask.ts": "export const ASK_PROMPT = `You help with parcels. Be kind and brief.`;\n"
        "let OLD_PROMPT = `x`;\nfor (const a of b) { OLD_PROMPT += a; }\n",
        "config/prompts.yaml": "refund:\n  user_prompt: |\n    Terms: {{ terms }}\n    Case: {{ case }}\n",
        "mcp/tools.json": '{"tools": [{"name": "track", "description": "x"}]}',
    }
    outcome = init(repository, files)
    assert outcome.code == 0
    for name, why in {
        "prompts/extract.py#LABEL_USER": "shorter than 100 characters",
        "src/ask.ts#ASK_PROMPT": "shorter than 100 characters",
        "src/ask.ts#OLD_PROMPT": "is changed in line 3, in a loop",
        "config/prompts.yaml#refund.user_prompt": "shorter than 100 characters",
        "mcp/tools.json": "which call has these tools is not clear",
    }.items():
        (line,) = [item for item in outcome.out.splitlines() if item.startswith(f"# - {name}: ")]
        assert why in line


def test_each_text_of_a_file_of_prompts_is_found_or_named(repository: Repository) -> None:
    source = f"""\
personality = PromptTemplate.from_template("{LONG} {{x}}")
personality_context = PromptTemplate.from_template("Here is some context about you: {{y}}")
user_name = PromptTemplate.from_template("User's Name: {{name}}")
query_prompt = PromptTemplate.from_template("Query: {{query}}")
VERSION = "1.0"
"""
    outcome = init(repository, {"app/prompts.py": source})
    assert 'app/prompts.py#personality"' in outcome.out, outcome.errors
    for name in ("personality_context", "user_name", "query_prompt"):
        assert f"# - app/prompts.py#{name}: " in outcome.out
    assert "VERSION" not in outcome.out


def test_a_package_whose_name_holds_the_word_and_manuals_are_no_prompts(
    repository: Repository,
) -> None:
    outcome = init(
        repository,
        {
            "promptship/data/requirements.txt": "click>=8\npyyaml>=6\n",
            "promptship/data/run.jinja2": "#!/bin/sh\nexec serve --port {{ port }}\n",
            "docs/prompting/step_back.md": "# Step-back questions\n\nThis page tells what one is.\n",
            "docs/metrics/agents.md": "# Agents\n\nThis page tells how agents are measured.\n",
            "src/prompts/triage.txt": "You sort parcels.",
        },
    )
    assert [line for line in outcome.out.splitlines() if line.startswith("      - ")] == [
        "      - src/prompts/triage.txt"
    ]


def test_agents_and_commands_of_a_plugin_are_found(repository: Repository) -> None:
    agent = "---\nname: sorter\ndescription: Sorts parcels.\n---\nYou sort parcels by size.\n"
    outcome = init(
        repository,
        {
            "p/.claude-plugin/plugin.json": '{"name": "ship"}',
            "p/agents/sorter.md": agent,
            "p/commands/ship/now.md": "---\ndescription: Ships\n---\nShip parcel $ARGUMENTS.\n",
            "other/agents/page.md": "No agent.",
        },
    )
    listed = [line for line in outcome.out.splitlines() if line.startswith("      - {path")]
    assert listed == [
        "      - {path: p/commands/ship/now.md, format: agent-instructions}",
        "      - {path: p/agents/sorter.md, format: agent-instructions}",
    ]


def test_a_large_tree_is_searched_by_relevance_not_by_the_alphabet() -> None:
    filler = "".join(f"value_{n} = {n}  # role, system, template\n" for n in range(5_000))
    filler += f'T = "{"a longer text that is none of them " * 4}"\n'
    texts: list[tuple[str, str | Problem]] = [
        (f"pkg/aaa/m{n:03}.py", filler) for n in range(30_000_000 // len(filler))
    ]
    chosen = most_relevant([*texts, ("pkg/tools/agent.py", f'SYSTEM_PROMPT = "{LONG}"\n')])
    assert chosen.texts[0][0] == "pkg/tools/agent.py"
    assert len(chosen.texts) + len(chosen.passed_over) == len(texts) + 1
    assert {why for _, why in chosen.passed_over} == {
        "others speak more of prompts, and not all can be searched"
    }


def test_a_file_is_searched_that_only_calls_a_model_and_a_bundle_is() -> None:
    small = ("a.ts", f"await llm.complete(`{JUDGE}`)")
    large = ("b.js", f"const systemPrompt = `{LONG}`;" + "f(1);\n" * 250_000)
    chosen = most_relevant([small, large])
    assert {path for path, _ in chosen.texts} == {"a.ts", "b.js"}


def test_instructions_that_a_call_does_not_show_are_proposed_beside_it(
    repository: Repository,
) -> None:
    source = f"""\
        def describe(path, own=None):
            default_prompt = "{LONG}"
            system = make_text(content=own if own else default_prompt)
            return describe_image(prompt="Please describe this picture.", system_message=system)
        """
    said = init(repository, {"app/x.py": textwrap.dedent(source)})
    assert '"app/x.py#describe"' in said.out
    assert '"app/x.py#describe.system.content"' in said.out


def test_a_deleted_prompt_fails_its_workflow_and_the_rest_is_reviewed(
    repository: Repository,
) -> None:
    prompts = {
        f"prompts/{name}.txt": f"You {name} parcels by size. " * 6 for name in ("sort", "pack")
    }
    workflows = "".join(f"  {name}: {{prompts: prompts/{name}.txt}}\n" for name in ("sort", "pack"))
    settings = (
        "version: 1\ndefaults:\n  model: openai/gpt-4.1\n"
        f"  traffic: [{{calls: 1000/month, output_tokens: 100}}]\nworkflows:\n{workflows}"
    )
    after: dict[str, str | bytes | None] = {
        "prompts/pack.txt": None,
        "prompts/sort.txt": "You sort. " * 900,
    }
    outcome = change(repository, {CONFIGURATION: settings, **prompts}, after)
    assert outcome.rules("pack") == {"removed": "fail"}
    assert outcome.usd("after", "sort") > outcome.usd("before", "sort")


def test_of_two_equal_texts_in_a_class_one_is_proposed(repository: Repository) -> None:
    source = f'class Judge:\n    rules_template = "{LONG}{{n}}"\n    rules = rules_template.format(n=3)\n'
    said = init(repository, {"app/prompts.py": source})
    assert said.out.count("app/prompts.py#Judge") == 1


OFFERED = '''
from agents import Agent, function_tool


@function_tool
def route(queue: str) -> str:
    """Put the message into one queue."""


router = Agent(name="router", instructions="{0}", model="gpt-4o", tools=[route])
'''


def test_tools_of_the_one_call_in_a_file_are_proposed(repository: Repository) -> None:
    said = init(repository, {"app/router.py": OFFERED.replace("{0}", LONG)})
    assert "tools: app/router.py\n" in said.out


def test_tools_that_are_not_clear_are_named(repository: Repository) -> None:
    foreign = OFFERED.replace("queue: str", "queue: Queue")
    files = {"app/tools.py": OFFERED.rpartition("router =")[0], "app/foreign.py": foreign}
    said = init(repository, {name: text.replace("{0}", LONG) for name, text in files.items()})
    assert "app/tools.py: which call has these tools is not clear" in said.errors
    assert "app/foreign.py#route: line 6: the tool has an argument whose type" in said.errors


NO_PROMPTS = (
    (
        'prompt_name = "the first one, the second one, the third one, the fourth one, the fifth one '
        'and then all those that were added to the list of names last year."'
    ),
    (
        'confirm("WARNING: You are about to reset the database to its first state. This operation is '
        'destructive and may result in the loss of all data that is there.")'
    ),
    (
        'x = Option(description="Use the model that is given, or the one of the agent. The answer is '
        'sent to the AI assistant as it stands; see the page of this option.")'
    ),
)


@pytest.mark.parametrize("source", NO_PROMPTS)
def test_what_only_tells_of_prompts_or_speaks_to_people_is_none(source: str) -> None:
    assert found("app/x.py", source) == []


@pytest.mark.parametrize(
    ("source", "is_prompt"),
    [
        ("class ParcelError(Exception):\n    def __init__(self):\n        help_preamble = {0}", False),
        ("old_system_messages = ['You are a clerk. ' + {0}]", False),
        ("def confirm_trust():\n    prompt_text = {0}", False),
        ("LOGIN_PROMPT = '[bold]Come in.[/bold] ' + {0}", False),
        ("bot.custom_instructions = 'It is in this documentation. ' + {0}", True),
        ("messages = [{{'role': 'user', 'content': [{{'type': 'text', 'text': {0}}}, {{'type': 'image_url', 'image_url': u}}]}}]", True),
        ("def prompt_user_for_trace():\n    prompt_text = {0}", False),
        ("def ask():\n    prompt_text = {0} + 'Is it right? [y/N]'", False),
        ("class T(Tool):\n    prompt: str = Field(description={0})", False),
        ("class Store:\n    def instructions(self):\n        return 'Entries cannot be updated. ' + {0}", True),
        ("def make_prompt_for_input():\n    sys_prompt = {0}", True),
        ("tool_descriptions_for_llm = {{{0}: {0}}}", True),
        ("class T:\n    system_prompt: str = Field(default='You are a clerk. ' + {0})", True),
        ("class T:\n    system_prompt: str = Field('You are a clerk. ' + {0}, description='d')", True),
        ("def f(system_prompt: str = typer.Option('You are a clerk. ' + {0})):\n    pass", True),
        ("p.add_argument('--system-prompt', default='You are a clerk. ' + {0})", True),
        ("p.add_argument('--system-prompt', help='You are given this: ' + {0})", False),
        ("@click.option('--prompt', help='You are given this: ' + {0})\ndef f():\n    pass", False),
        ("JUDGE_PROMPT = 'You are a judge. ' + {0} + ' Answer with one letter (Y/N).'", True),
        ("class TranslateError:\n    system_prompt = 'You are a translator. ' + {0}", True),
        ("def prompt_inputs():\n    system_prompt = 'You are a clerk. ' + {0}", True),
        ("class RetryWarning:\n    INSTRUCTIONS = 'You are a clerk. ' + {0}", True),
    ],
)  # fmt: skip
def test_what_is_said_to_people_is_no_prompt(source: str, is_prompt: bool) -> None:  # noqa: FBT001
    text = (
        "This sorts each of the parcels by their size, and names the shelf that fits the size best."
    )
    said = repr(f"{text} {text}")
    assert bool(found("app/x.py", source.format(said))) == is_prompt
