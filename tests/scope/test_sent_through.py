"""A prompt of a workflow that unchanged code sends through what a change alters."""

import pytest

from reviewbot.scope.sent_otherwise import linked_files
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
MUCH = "Weigh each parcel twice before it goes to a shelf. " * 9
PROMPTS = f'SYSTEM = "{RULES}"\n'
SENDING = """\
from prompts import SYSTEM
from IMPORTED


def ask(q):
    return client.create(model="gpt-4o", ASKEDmessages=[{"role": "system", "content": SENT}])
"""
HELPER = "def pad(text, times=1):\n    return text\n"
CASES = {
    "a helper": ("pad(SYSTEM)", "", HELPER, "text\n", "text * 9\n"),
    "its number": (
        "pad(SYSTEM)",
        "",
        HELPER.replace("text\n", "text * times\n"),
        "=1",
        "=9",
    ),
    "its constant": (
        "pad(SYSTEM)",
        "",
        f"TIMES = 1\n\n\n{HELPER}".replace("text\n", "text * TIMES\n"),
        "TIMES = 1",
        "TIMES = 9",
    ),
    "its loop": ("pad(SYSTEM)", "", HELPER, "text\n", "''.join(text for _ in range(9))\n"),
    "text beside": ("pad(SYSTEM)", "", HELPER, "text\n", f"text + '{MUCH}'\n"),
    "an imported text": (
        "pad(SYSTEM)",
        "",
        f"from more import OTHER\n\n\n{HELPER}",
        "text\n",
        "text + OTHER\n",
    ),
    "a class": (
        "Pad(SYSTEM).text",
        "",
        "class Pad:\n    def __init__(self, text):\n        self.text = text\n",
        "= text",
        "= text * 9",
    ),
    "a number": ("SYSTEM * TIMES", "", "TIMES = 1\n", "1", "9"),
    "a number by its module": ("SYSTEM * helper.TIMES", "", "TIMES = 1\n", "1", "9"),
    "a number in a table": ("SYSTEM * helper.TIMES['a']", "", "TIMES = {'a': 1}\n", "1", "9"),
    "a setting": ("SYSTEM", "n=TIMES, ", "TIMES = 1\n", "1", "9"),
    "a cap": ("SYSTEM", "max_tokens=TIMES, ", "TIMES = 100\n", "100", "9000"),
    "a tool": ("SYSTEM", "tools=[pad], ", 'def pad(a):\n    """Find."""\n', "Find.", MUCH),
    "the fields of a tool": (
        "SYSTEM",
        "tools=[Pad], ",
        "class Pad(BaseModel):\n    place: str = Field(description='a shelf')\n",
        "a shelf",
        MUCH,
    ),
    "what calls": (
        "SYSTEM}]) or call(SYSTEM, [{'a': 1",
        "",
        "def call(system, q):\n    return client.create(model='gpt-4o', system=system)\n",
        "'gpt-4o'",
        "'o1-pro'",
    ),
}


def reviewed(repository: Repository, sent: str, asked: str, before: str, after: str) -> Outcome:
    name = next(one for one in ("pad", "Pad", "TIMES", "call") if one in before)
    imported = f"helper import {name}" if "helper." not in sent else "somewhere import other"
    more = "import helper\n" if "helper." in sent else ""
    sending = SENDING.replace("SENT", sent).replace("ASKED", asked).replace("IMPORTED", imported)
    files = {
        CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
        "prompts.py": PROMPTS,
        "app.py": f"{more}{sending}",
        "helper.py": before,
    }
    return change(repository, files, {"helper.py": after})


@pytest.mark.parametrize("name", CASES)
def test_what_an_altered_file_makes_of_it_needs_approval(repository: Repository, name: str) -> None:
    sent, asked, before, old, new = CASES[name]
    outcome = reviewed(repository, sent, asked, before, before.replace(old, new))
    found = [item for item in outcome.report["findings"] if item["rule"] == "loosened"]
    assert (outcome.code, len(found)) == (1, 1)
    assert "`SYSTEM`" in found[0]["text"]
    assert found[0]["place"]["file"] == "helper.py"


@pytest.mark.parametrize(
    ("sent", "before", "after"),
    [
        ("pad(SYSTEM)", HELPER, HELPER.replace("text\n", "text.strip()\n")),
        ("pad(SYSTEM)", HELPER, f"{HELPER}\n\ndef other(text):\n    return text * 9\n"),
        ("pad(SYSTEM)", HELPER, f"import json\n\n\n{HELPER}"),
        ("SYSTEM * TIMES", "TIMES = 9\nOTHER = 1\n", "TIMES = 2\nOTHER = 8\n"),
        ("pad(SYSTEM)", HELPER, HELPER.replace("text\n", "logged(text)\n") + f"\nA = '{MUCH}'\n"),
    ],
)
def test_what_adds_nothing_is_none(
    repository: Repository, sent: str, before: str, after: str
) -> None:
    outcome = reviewed(repository, sent, "", before, after.replace("logged(text)", "text"))
    assert (outcome.code, outcome.report["findings"]) == (0, [])


OWN = """from prompts import SYSTEM
import helper


def pad(text):
    return text


def ask(client, q):
    log(helper.TIMES)
    return client.create(model="gpt-4o", system=pad(SYSTEM), messages=q)
"""


@pytest.mark.parametrize(
    "app", [OWN, OWN.replace("import helper", "# no helper").replace("helper.", "help.")]
)
def test_a_function_of_the_same_name_that_is_not_imported_is_another(
    repository: Repository, app: str
) -> None:
    flow = configuration({"w": workflow('"prompts.py#SYSTEM"')})
    files = {CONFIGURATION: flow, "prompts.py": PROMPTS, "app.py": app, "helper.py": HELPER}
    outcome = change(repository, files, {"helper.py": HELPER.replace("text\n", "text * 9\n")})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


MANY = {f"app{n}.py": SENDING.replace("SENT", "SYSTEM") for n in range(200)}
LONG = f"# {MUCH * 600}\n"


@pytest.mark.parametrize(
    ("more", "before", "after", "why"),
    [
        (MANY, HELPER, "text * 9\n", "at most 200 files that name such a prompt"),
        ({}, f"{HELPER}{LONG * 2}", "text * 9\n", "more than 500,000 characters"),
        ({}, HELPER, "text * (9\n", "was never closed"),
        ({}, HELPER, f"text * 9\n# {'x' * 4_300_000}\n", "bytes"),
    ],
)
def test_an_altered_file_that_is_not_looked_at_needs_approval(
    repository: Repository, more: dict[str, str], before: str, after: str, why: str
) -> None:
    imported = {"IMPORTED": "helper import pad", "ASKED": ""}
    sources = {"prompts.py": PROMPTS, **more, "zapp.py": SENDING.replace("SENT", "pad(SYSTEM)")}
    for old, new in imported.items():
        sources = {path: text.replace(old, new) for path, text in sources.items()}
    flow = configuration({"w": workflow('"prompts.py#SYSTEM"')})
    files = {CONFIGURATION: flow, **sources, "helper.py": before}
    outcome = change(repository, files, {"helper.py": before.replace("text\n", after)})
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["place"]["file"]) == (1, "helper.py")
    assert "may be sent through this file in a way that could not be read" in found["text"]
    assert why in found["text"]


@pytest.mark.parametrize(
    ("more", "said"), [(LONG * 2, "more than 500,000"), ("(", "'(' was never closed")]
)
def test_an_unread_file_that_uses_the_altered_one_is_named_with_the_altered_line(
    repository: Repository, more: str, said: str
) -> None:
    sending = SENDING.replace("SENT", "pad(SYSTEM)").replace("ASKED", "")
    app = f"{sending.replace('IMPORTED', 'helper import pad')}\n{more}"
    flow = configuration({"w": workflow('"prompts.py#SYSTEM"')})
    files = {CONFIGURATION: flow, "prompts.py": PROMPTS, "zapp.py": app, "helper.py": HELPER}
    outcome = change(repository, files, {"helper.py": HELPER.replace("text\n", "text * 9\n")})
    (found,) = outcome.report["findings"]
    assert (found["place"]["file"], found["place"]["line"]) == ("helper.py", 2)
    assert "could not be read: zapp.py" in found["text"]
    assert said in found["text"]
    assert "name zapp.py in the base's `coverage.ignore`" in found["text"]


def test_files_beyond_those_that_are_looked_at_are_noted_once(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linked_files, "_MOST_FILES", 1)
    outcome = reviewed(
        repository, "pad(SYSTEM)", "", HELPER, HELPER.replace("text\n", "text[:9]\n")
    )
    (note,) = [item for item in outcome.report["notes"] if "not looked at" in item]
    assert "not looked at: app.py and 1 others: what sends a prompt through" in note


@pytest.mark.parametrize(
    ("between", "imported", "sent"),
    [
        ("from prompts import SYSTEM\n\nTEXT = SYSTEM\n", "mid import TEXT", "TEXT"),
        (
            "from prompts import SYSTEM\n\n\ndef text():\n    return SYSTEM\n",
            "mid import text",
            "text()",
        ),
    ],
)
def test_another_name_in_a_third_file_needs_approval(
    repository: Repository, between: str, imported: str, sent: str
) -> None:
    source = SENDING.replace("SENT", sent).replace("ASKED", "").replace("IMPORTED", imported)
    files = {
        CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
        "prompts.py": PROMPTS,
        "mid.py": between,
        "app.py": source.replace("from prompts import SYSTEM\n", ""),
    }
    after = files["app.py"].replace(f": {sent}", f": {sent} * 9")
    outcome = change(repository, files, {"app.py": after})
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["verdict"]) == (1, "needs-approval")


def test_what_a_module_gives_by_default_needs_approval(repository: Repository) -> None:
    call = 'client.create({ model: "gpt-4o", messages: [{ role: "system", content: SENT }] });\n'
    source = f'import rules from "./prompts";\n{call}'
    files = {
        CONFIGURATION: configuration({"w": workflow('"src/prompts.ts#SYSTEM"')}),
        "src/prompts.ts": f'const SYSTEM = "{RULES}";\nexport default SYSTEM;\n',
        "src/ask.ts": source.replace("SENT", "rules"),
    }
    after = {"src/ask.ts": source.replace("SENT", "rules.repeat(9)")}
    outcome = change(repository, files, after)
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["verdict"]) == (1, "needs-approval")


TOOL = """\
export const find = tool({
  description: "Find it.", inputSchema: z.object({ id: z.string() }), execute: ({ id }) => say("one"),
});
"""


@pytest.mark.parametrize("prompt", ["src/prompts.ts#SYSTEM", "src/ask.ts#ask.system"])
@pytest.mark.parametrize(
    ("old", "new", "code"),
    [("Find it.", MUCH, 1), ("z.string()", f"z.string().describe('{MUCH}')", 1), ("one", MUCH, 0)],
)
def test_a_tool_that_another_file_defines(
    repository: Repository, prompt: str, old: str, new: str, code: int
) -> None:
    source = 'import { SYSTEM } from "./prompts";\nimport { find } from "./tools";\n'
    call = (
        "const ask = (q) => generateText({ model, system: SYSTEM, prompt: q, tools: { find } });\n"
    )
    files = {
        CONFIGURATION: configuration({"w": workflow(f'"{prompt}"')}),
        "src/prompts.ts": f'export const SYSTEM = "{RULES}";\n',
        "src/ask.ts": source + call,
        "src/tools.ts": TOOL,
    }
    outcome = change(repository, files, {"src/tools.ts": TOOL.replace(old, new)})
    assert outcome.code == code
    said = [item["text"] for item in outcome.report["findings"]]
    assert [text.startswith("`tools` is defined in ") for text in said] == [True] * code
