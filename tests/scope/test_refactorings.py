"""Changes of code that leave text, model and cap as they are ask for nothing."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, workflow

SYSTEM = "You write short and friendly letters to people who have not answered for some time yet."
TYPESCRIPT = f"""\
import {{ createGenerateText }} from "./llms";
import {{ modelFor, UseCase }} from "./models";

export async function aiNudge({{ messages, account }}: Given) {{
  const system = `{SYSTEM}`;
  const prompt = `Here is the thread: ${{messages.join("; ")}} Write to ${{account.name}}.`;
  const modelOptions = modelFor(account.user, UseCase.Nudge);
  const generateText = createGenerateText({{ label: "Reply", account, modelOptions }});
  const response = await generateText({{
    ...modelOptions,
    system,
    prompt,
  }});
  return {{ text: response.text, tone: "kind" }};
}}
"""
PYTHON = f"""\
from llms import create_client
from models import UseCase, model_for


def ai_nudge(messages, account):
    system = "{SYSTEM}"
    prompt = f"Here is the thread: {{messages}} Write to {{account.name}}."
    options = model_for(account.user, UseCase.NUDGE)
    client = create_client(label="Reply")
    response = client.generate(
        **options,
        system=system,
        prompt=prompt,
    )
    return {{"text": response.text, "tone": "kind"}}
"""

Edit = tuple[tuple[str, str], ...]

IN_TYPESCRIPT: dict[str, Edit] = {
    "another name of the function": (("function aiNudge", "function aiWrite"),),
    "another name of the answer": (("response", "answer"),),
    "another name of the options": (("modelOptions", "options"),),
    "another name of an argument": (
        ("messages, account", "messages, account: mailbox"),
        ("account.user", "mailbox.user"),
    ),
    "retries": (("    prompt,\n", "    prompt,\n    maxRetries: 1,\n"),),
    "a signal": (("    prompt,\n", "    prompt,\n    abortSignal: signal,\n"),),
    "headers": (("    prompt,\n", '    prompt,\n    headers: { "x-trace": "nudge" },\n'),),
    "telemetry": (
        ("    prompt,\n", "    prompt,\n    experimental_telemetry: { isEnabled: true },\n"),
    ),
    "a callback": (("    prompt,\n", "    prompt,\n    onFinish: (it) => save(it.text),\n"),),
    "other order of keys": (("    system,\n    prompt,\n", "    prompt,\n    system,\n"),),
    "keys written out": (("    system,\n", "    system: system,\n"),),
    "a constant": (
        (
            "  const modelOptions = modelFor(account.user, UseCase.Nudge);",
            "  const use = UseCase.Nudge;\n  const modelOptions = modelFor(account.user, use);",
        ),
    ),
    "logs": (("  const response", "  logger.info({ system, prompt });\n  const response"),),
    "a try": (
        ("  const response", "  try {\n  const response"),
        ("  return {", "  return {"),
        ('tone: "kind" };', 'tone: "kind" };\n  } catch (e) { throw new SafeError(e); }'),
    ),
    "a wrapper": (
        ("await generateText({", "await withRetry(() => generateText({"),
        ("  });\n  return", "  }));\n  return"),
    ),
    "then": (
        ("const response = await generateText", "return generateText"),
        ("  });\n  return {", "  }).then((response) => ({"),
        ('"kind" };', '"kind" }));'),
    ),
    "an arrow function": (
        ("export async function aiNudge(", "export const aiNudge = async ("),
        (": Given) {", ": Given) => {"),
    ),
    "types": (
        ("const system =", "const system: string ="),
        ("const modelOptions =", "const modelOptions: Options ="),
    ),
    "destructured": (
        ("const response = await", "const { text } = await"),
        ("response.text", "text"),
    ),
    "an option of tracing": (('label: "Reply"', 'label: "Nudge"'),),
    "a guard": (("  const system", "  if (!messages.length) return null;\n  const system"),),
}

IN_PYTHON: dict[str, Edit] = {
    "another name of the function": (("def ai_nudge", "def ai_write"),),
    "another name of the answer": (("response", "answer"),),
    "another name of the options": (("options", "settings"),),
    "another name of an argument": (
        ("(messages, account)", "(messages, mailbox)"),
        ("account.user", "mailbox.user"),
    ),
    "retries": (("        prompt=prompt,\n", "        prompt=prompt,\n        max_retries=1,\n"),),
    "a timeout": (
        ("        prompt=prompt,\n", "        prompt=prompt,\n        timeout=limit,\n"),
    ),
    "headers": (
        (
            "        prompt=prompt,\n",
            "        prompt=prompt,\n        extra_headers={'x-trace': 'nudge'},\n",
        ),
    ),
    "other order of keys": (
        (
            "        system=system,\n        prompt=prompt,\n",
            "        prompt=prompt,\n        system=system,\n",
        ),
    ),
    "a constant": (
        (
            "    options = model_for(account.user, UseCase.NUDGE)",
            "    use_case = UseCase.NUDGE\n    options = model_for(account.user, use_case)",
        ),
    ),
    "logs": (("    response =", "    logger.info('%s %s', system, prompt)\n    response ="),),
    "a try": (
        ("    response =", "    try:\n      response ="),
        ('    return {"text"', '    except Error:\n      raise\n    return {"text"'),
    ),
    "a wrapper": (
        ("client.generate(\n", "with_retry(lambda: client.generate(\n"),
        ("    )\n    return", "    ))\n    return"),
    ),
    "awaited": (("def ai", "async def ai"), ("= client.generate", "= await client.generate")),
    "types": (
        ("system =", "system: str ="),
        ("options =", "options: Options ="),
        ("(messages, account)", "(messages: list[str], account: Account) -> Letter"),
    ),
    "destructured": (("    return {", "    text = response.text\n    return {"),),
    "a guard": (("    system =", "    if not messages:\n        return None\n    system ="),),
}


def refactored(repository: Repository, source: str, edits: Edit, path: str) -> Outcome:
    after = source
    for old, new in edits:
        assert old in after, old
        after = after.replace(old, new)
    was, now = ("aiNudge", "ai_nudge"), ("aiWrite", "ai_write")
    own = dict(zip(("src/a.ts", "src/a.py"), was, strict=True))[path]
    new = dict(zip(("src/a.ts", "src/a.py"), now, strict=True))[path]
    name = new if new in after else own
    before = {path: source, CONFIGURATION: settings(path, own)}
    changed = {path: after} | ({} if name == own else {CONFIGURATION: settings(path, name)})
    return change(repository, before, changed)


def settings(path: str, name: str) -> str:
    prompts = f'[{{path: "{path}#{name}.system", role: system}}, "{path}#{name}.prompt"]'
    samples = "[{name: typical, variables: {%s}}]" % (
        'messages: {tokens: 10}, account.name: Ann, "messages.join(\\"; \\")": {tokens: 10}'
        if path.endswith(".ts")
        else "messages: {tokens: 10}, account.name: Ann"
    )
    flow = workflow(prompts, samples=samples)
    return configuration({"w": flow})


def asked(outcome: Outcome) -> list[str]:
    report = outcome.report
    found = [*report["findings"], *(it for flow in report["workflows"] for it in flow["findings"])]
    return [item["text"] for item in found if item["verdict"] != "pass"]


@pytest.mark.parametrize("name", IN_TYPESCRIPT)
def test_a_refactoring_of_typescript_asks_for_nothing(repository: Repository, name: str) -> None:
    outcome = refactored(repository, TYPESCRIPT, IN_TYPESCRIPT[name], "src/a.ts")
    assert (outcome.code, asked(outcome)) == (0, []), outcome.errors


@pytest.mark.parametrize("name", IN_PYTHON)
def test_a_refactoring_of_python_asks_for_nothing(repository: Repository, name: str) -> None:
    outcome = refactored(repository, PYTHON, IN_PYTHON[name], "src/a.py")
    assert (outcome.code, asked(outcome)) == (0, []), outcome.errors


@pytest.mark.parametrize(
    ("path", "old", "new", "shown"),
    [
        ("src/a.ts", "UseCase.Nudge", "UseCase.Draft", "...modelOptions"),
        ("src/a.py", "UseCase.NUDGE", "UseCase.DRAFT", "**options"),
    ],
)
def test_options_that_come_from_elsewhere_are_told_once_in_words(
    repository: Repository, path: str, old: str, new: str, shown: str
) -> None:
    source = TYPESCRIPT if path.endswith("ts") else PYTHON
    outcome = refactored(repository, source, ((old, new),), path)
    (text,) = asked(outcome)
    assert outcome.code == 1
    assert f"the options spread into the call, `{shown}`, come from a changed expression" in text
    assert "not priced: what options that are spread into a call ask for" in str(outcome.report)


@pytest.mark.parametrize("path", ["src/a.ts", "src/a.py"])
def test_tools_and_schemas_that_code_gives_a_call_are_said_to_be_uncounted(
    repository: Repository, path: str
) -> None:
    is_script = path.endswith("ts")
    source = TYPESCRIPT if is_script else PYTHON.replace("client.generate", "client.create")
    last = "    prompt,\n" if is_script else "        prompt=prompt,\n"
    own = (
        "    tools: toolsFor(account),\n    schema,\n"
        if is_script
        else "        tools=tools_for(account),\n"
    )
    source = source.replace(last, f"{last}{own}")
    outcome = refactored(repository, source, (("You write", "You always write"),), path)
    said = str(outcome.report)
    assert "not counted: `tools` that code gives the call" in said
    assert is_script == ("not priced: `schema` of the call, which code computes" in said)


def test_a_field_of_a_schema_is_no_variable_of_its_name(repository: Repository) -> None:
    schema = "tone = 'kind'\n\n\nclass Letter(BaseModel):\n    tone: str = Field(title='how')\n"
    source = f"{schema}\n\n{PYTHON}".replace(
        "prompt=prompt,", "prompt=prompt, response_format=Letter,"
    )
    outcome = refactored(repository, source, (("'kind'", "'curt'"),), "src/a.py")
    assert (outcome.code, asked(outcome)) == (0, []), outcome.errors
