"""A model or a cap that code names otherwise is told, with the workflow whose prompt is sent."""

import pytest

from reviewbot.prompts.models_in_code.mentions import mentions
from reviewbot.prompts.models_in_code.reach import Looks, Reach, named_files
from reviewbot.prompts.models_in_code.statements import Source
from reviewbot.scope.model_swaps.swapped import swapped

FILES = ("prompts/summary.md", "prompts/reply.md", "other/reply.md", "prompts/triage/system.j2")

PYTHON = {
    "a path": 'text = Path("prompts/summary.md").read_text()\n',
    "parts of a path": 'text = (ROOT / "summary.md").read_text()\n',
    "os.path.join": 'text = open(os.path.join("prompts", "summary.md")).read()\n',
    "a loader": "text = load_prompt('summary').render(q=question)\n",
    "resources": 'text = importlib.resources.files("app").joinpath("summary.md").read_text()\n',
    "an opened file": 'with open("prompts/summary.md") as file:\n    text = file.read()\n',
    "steps": 'template = env.get_template("summary.md")\n\ntext = template.render(q=question)\n',
}


def reached(path: str, text: str, model: str = "gpt-4o-mini") -> set[str]:
    source = Source(path, text)
    reach = Reach(source, Looks())
    return {
        file
        for item in mentions(source)
        if item.value == model
        for file in named_files(reach.texts(item), FILES)
    }


CALL = 'client.chat.completions.create(model="gpt-4o-mini", messages=[{"content": text}])\n'
BY_NAME = CALL.replace('"gpt-4o-mini"', "MODEL")
OTHER = (
    "def other(question):\n"
    '    text = (ROOT / "reply.md").read_text()\n'
    '    return client.chat.completions.create(model="gpt-4.1", messages=[{"content": text}])\n\n\n'
)


def indented(text: str) -> str:
    return "".join(f"    {line}\n" if line else "\n" for line in text.split("\n"))


@pytest.mark.parametrize("name", PYTHON)
def test_a_prompt_file_that_python_reads_and_sends(name: str) -> None:
    body = f"def ask(question):\n{indented(PYTHON[name])}    answer = {CALL}    return answer\n"
    assert reached("app.py", OTHER + body) == {"prompts/summary.md"}
    assert reached("app.py", f"{PYTHON[name]}{OTHER}\ndef ask(question):\n    return {CALL}") == {
        "prompts/summary.md"
    }


@pytest.mark.parametrize(
    "text",
    [
        (
            f'def summary():\n    return (ROOT / "summary.md").read_text()\n\n\n{OTHER}'
            f"def ask():\n    text = summary()\n    return {CALL}"
        ),
        (
            f'{OTHER}class A:\n    def __init__(self):\n        self.text = load("summary.md")\n\n'
            f"    def ask(self):\n        return {CALL.replace('text', 'self.text')}"
        ),
        (
            f"{OTHER}def complete(text):\n    return {CALL}\n\n"
            'def ask():\n    return complete(load("summary.md"))\n'
        ),
        (
            f"{OTHER}def complete(text, model='gpt-4o-mini'):\n"
            '    return client.create(model=model, messages=[{"content": text}])\n\n'
            'def ask():\n    return complete(load("summary.md"))\n'
        ),
        (
            f'MODEL = "gpt-4o-mini"\n\n{OTHER}def ask():\n    text = load("summary.md")\n'
            f"    return {BY_NAME}"
        ),
        (
            f'{OTHER}llm = ChatOpenAI(model="gpt-4o-mini")\n\n\ndef ask():\n'
            '    return llm.invoke(load("summary.md"))\n'
        ),
        (
            f'{OTHER}def ask():\n    text = load("summary.md")\n    reply = {CALL}'
            '    other = load("reply.md")\n'
            '    return client.create(model="gpt-4.1", messages=[{"content": other}])\n'
        ),
        f'{OTHER}agent = Agent("openai:gpt-4o-mini", instructions=load("summary.md"))\n',
    ],
    ids=["function", "member", "argument", "default", "constant", "object", "second call", "agent"],
)
def test_what_leads_to_a_call_in_python(text: str) -> None:
    model = "openai:gpt-4o-mini" if "Agent" in text else "gpt-4o-mini"
    assert reached("app.py", text, model) == {"prompts/summary.md"}


SCRIPT_CALL = (
    'client.chat.completions.create({\n  model: "gpt-4o-mini",\n'
    "  messages: [{ content: text }],\n})"
)
SCRIPTS = {
    "readFileSync": 'const text = readFileSync(join(dir, "summary.md"), "utf8");\n',
    "promises": 'const text = await fs.readFile("prompts/summary.md", "utf8");\n',
    "raw": 'import text from "./prompts/summary.md?raw";\n',
    "url": 'const text = await readFile(new URL("./prompts/summary.md", import.meta.url));\n',
    "over lines": 'const text =\n  await load(\n    "summary",\n  );\n',
}
OTHER_SCRIPT = (
    "export async function other(q: string) {\n"
    '  const text = readFileSync("prompts/reply.md", "utf8");\n'
    "  if (!q) {\n    return null;\n  }\n"
    '  return generateText({ model: openai("gpt-4.1"), prompt: text });\n}\n\n'
)


@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.parametrize("path", ["app.ts", "app.mjs"])
def test_a_prompt_file_that_a_script_reads_and_sends(name: str, path: str) -> None:
    asks = f"export const ask = async (q) => {{\n  return {SCRIPT_CALL};\n}};\n"
    assert reached(path, f"{SCRIPTS[name]}\n{OTHER_SCRIPT}{asks}") == {"prompts/summary.md"}
    if name != "raw":
        inside = f"async function ask(q) {{\n  {SCRIPTS[name]}  return {SCRIPT_CALL}\n}}\n"
        assert reached(path, f"{OTHER_SCRIPT}{inside}") == {"prompts/summary.md"}


def test_what_stands_in_a_callback() -> None:
    text = (
        f"{OTHER_SCRIPT}app.post('/ask', async (req, res) => {{\n"
        '  fs.readFile("prompts/summary.md", "utf8", (error, text) => {\n'
        f"    const reply = {SCRIPT_CALL};\n    res.json(reply);\n  }});\n}});\n"
    )
    assert reached("app.ts", text) == {"prompts/summary.md"}


def test_files_of_one_name_are_told_apart_by_their_folders() -> None:
    several = ("prompts/a/system.md", "prompts/b/system.md")
    assert named_files({"prompts", "b", "system.md"}, several) == {"prompts/b/system.md"}
    assert named_files({"prompts/a/system.md"}, several) == {"prompts/a/system.md"}


def told(path: str, before: str, after: str) -> list[tuple[str, str, str | None, int]]:
    pairs = swapped(mentions(Source(path, before)), mentions(Source(path, after)))
    return [(now.key, was.value or was.said, now.value, now.line) for was, now in pairs]


@pytest.mark.parametrize(
    ("path", "before", "after", "expected"),
    [
        ("a.py", 'MODEL = "gpt-4o"\n', 'MODEL = "gpt-5"\n', ("MODEL", "gpt-4o", "gpt-5", 1)),
        ("a.py", "X = {\n 'SMART_LLM': 'openai:gpt-4.1',\n}", "X = {\n 'SMART_LLM': 'openai:o3',\n}",
         ("SMART_LLM", "openai:gpt-4.1", "openai:o3", 2)),
        ("a.py", 'm = os.getenv("M", "gpt-4o")', 'm = os.getenv("M", "o1-pro")',
         ("m", "gpt-4o", "o1-pro", 1)),
        ("a.py", 'class S:\n    model: str = "gpt-4o"\n', 'class S:\n    model: str = "gpt-5"\n',
         ("model", "gpt-4o", "gpt-5", 2)),
        ("a.py", 'f(model="gpt-4o")', 'MODEL = "gpt-5"\nf(model=MODEL)',
         ("model", "gpt-4o", "gpt-5", 2)),
        ("a.py", 'f(model="gpt-4o")', "f(model=settings.smart)", ("model", "gpt-4o", None, 1)),
        ("a.py", "f(model=x, max_tokens=250)", "f(model=x, max_tokens=4_000)",
         ("max_tokens", "250", "4000", 1)),
        ("a.ts", 'const a = { model: openai("gpt-4o") };', 'const a = { model: openai("gpt-5") };',
         ("model", "gpt-4o", "gpt-5", 1)),
        ("a.ts", 'const M = process.env.M ?? "gpt-4o";', 'const M = process.env.M ?? "gpt-5";',
         ("M", "gpt-4o", "gpt-5", 1)),
        ("a.ts", "f({ model: `gpt-4o`, maxTokens: 9 })", "f({ model: `gpt-5`, maxTokens: 9 })",
         ("model", "gpt-4o", "gpt-5", 1)),
        ("a.py", 'def a():\n    f(model="gpt-4o")\n\ndef b():\n    f(model="gpt-4.1")\n',
         'def c():\n    f(model="gpt-4.1")\n\ndef a():\n    f(model="gpt-5")\n',
         ("model", "gpt-4o", "gpt-5", 5)),
    ],
)  # fmt: skip
def test_swaps(path: str, before: str, after: str, expected: tuple[str, str, str, int]) -> None:
    assert told(path, before, after) == [expected]


TABLE = "".join(f'    {{"model": "gpt-4o-{n}", "input": {n}}},\n' for n in range(8))


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("a.py", 'MODEL = "gpt-4o"\n', 'SMART = "gpt-4o"\n'),
        ("a.py", 'f(model="gpt-4o")', 'MODEL = "gpt-4o"\nf(model=MODEL)'),
        ("a.py", 'f(model="gpt-4o")', 'f(model="openai/gpt-4o")'),
        ("a.py", "# model = 'gpt-4o'\n", "# model = 'gpt-5'\n"),
        ("a.py", 'def f():\n    """model="gpt-4o" is called"""', 'def f():\n    """model="gpt-5" is"""'),
        ("a.py", 'M = ["gpt-4o"]', 'M = ["gpt-4o", "gpt-5"]'),
        ("a.py", 'M = ["gpt-4o"]', 'M = ["gpt-5"]'),
        ("a.py", 'M = {"gpt-4o": 2.5}', 'M = {"gpt-5": 1.25}'),
        ("a.py", f"T = [\n{TABLE}]", f"T = [\n{TABLE.replace('gpt-4o-3', 'gpt-5')}]"),
        ("a.py", 'if model == "gpt-4o": pass', 'if model == "gpt-5": pass'),
        ("a.py", 'def a():\n    f(model="gpt-4o")\n\ndef b():\n    f(model="gpt-4.1")\n',
         'def b():\n    f(model="gpt-4.1")\n\n\ndef a():\n    f(\n        model="gpt-4o")\n'),
        ("a.py", 'a(model="gpt-4o")', 'a(model="gpt-4o")\nb(model="gpt-5")'),
        ("a.ts", "// model: 'gpt-4o'\n", "// model: 'gpt-5'\n"),
        ("a.ts", "const M = [{ id: 'x', label: 'gpt-4o' }];", "const M = [{ id: 'x', label: 'gpt-5' }];"),
        ("a.py", 'KIND = "type-1"', 'KIND = "type-2"'),
    ],
)  # fmt: skip
def test_what_is_no_swap(path: str, before: str, after: str) -> None:
    assert told(path, before, after) == []


@pytest.mark.parametrize(
    "text",
    [
        f'const {{ text, n }} = load("summary.md");\n{SCRIPT_CALL}',
        f'const [text, n] = load("summary.md");\n{SCRIPT_CALL}',
    ],
)
def test_several_names_that_are_set_together(text: str) -> None:
    assert reached("app.ts", text) == {"prompts/summary.md"}
