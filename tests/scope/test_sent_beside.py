"""Text beside a prompt of a workflow, and what is sent in its place, where code sends it."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
MUCH = "Weigh each parcel twice before it goes to a shelf. " * 9
OTHERS = {
    CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
    "prompts.py": f'SYSTEM = "{RULES}"\n',
    "other.py": f'OTHER = SYSTEM = "{MUCH}"\n',
}
PYTHON = """\
from prompts import SYSTEM
IMPORTS


def ask(q, n):
    return client.chat.completions.create(
        model="gpt-4o", messages=[{"role": "system", "content": SENT}, {"role": "user", "content": q}]
    )
"""
TS_OTHERS = {
    CONFIGURATION: configuration({"w": workflow('"src/prompts.ts#SYSTEM"')}),
    "src/prompts.ts": f'export const SYSTEM = "{RULES}";\n',
    "src/other.ts": f'export const OTHER = "{MUCH}";\n',
}
TYPESCRIPT = """\
import { SYSTEM } from "./prompts";
IMPORTS
export const ask = (q: string, n: number) =>
  generateText({ model: openai("gpt-4o"), messages: [{ role: "system", content: SENT }, said(q)] });
"""


def python(repository: Repository, sent: str, imports: str = "", was: str = "SYSTEM") -> Outcome:
    before = PYTHON.replace("SENT", was).replace("IMPORTS", "")
    after = PYTHON.replace("SENT", sent).replace("IMPORTS", imports)
    return change(repository, {**OTHERS, "app.py": before}, {"app.py": after})


def typescript(repository: Repository, sent: str, imports: str = "") -> Outcome:
    before = TYPESCRIPT.replace("SENT", "SYSTEM").replace("IMPORTS", "")
    after = TYPESCRIPT.replace("SENT", sent).replace("IMPORTS", imports)
    return change(repository, {**TS_OTHERS, "src/app.ts": before}, {"src/app.ts": after})


def asked(outcome: Outcome) -> str:
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["verdict"]) == (1, "needs-approval")
    text: str = found["text"]
    return text


IMPORT = "from other import OTHER"
IN_PYTHON = {
    "a sum": ("SYSTEM + OTHER", IMPORT, "`OTHER`"),
    "a text": ("f'{SYSTEM} {OTHER}'", IMPORT, "`OTHER`"),
    "an attribute": ("SYSTEM + other.OTHER", "import other", "`other.OTHER`"),
    "a message": ('SYSTEM}, {"role": "system", "content": OTHER', IMPORT, "`OTHER`"),
    "an arm": ("OTHER if n else SYSTEM", IMPORT, "`OTHER`"),
    "a default": ("OTHER or SYSTEM", IMPORT, "`OTHER`"),
    "a replacement": ("SYSTEM.replace('{rules}', OTHER)", IMPORT, "`OTHER`"),
    "a literal": (f"SYSTEM + '{MUCH}'", "", "more characters"),
    "a product": ("SYSTEM + 'Weigh it twice. ' * 99", "", "more characters"),
    "a constant": ("SYSTEM + MORE", f"MORE = '{MUCH}'", "more characters"),
    "a list": ("''.join(ALL)", f"ALL = [SYSTEM]\nALL.append('{MUCH}')", "more characters"),
    "a literal message": (f'SYSTEM}}, {{"role": "system", "content": "{MUCH}"', "", "more char"),
    "a loop": (
        "text",
        "text = SYSTEM\nwhile len(text) < 9999:\n    text += ' and weigh it again'",
        "more characters",
    ),
}


@pytest.mark.parametrize("name", IN_PYTHON)
def test_python_that_sends_more_text_beside_a_prompt(repository: Repository, name: str) -> None:
    sent, imports, told = IN_PYTHON[name]
    text = asked(python(repository, sent, imports))
    assert "`SYSTEM`" in text
    assert told in text


@pytest.mark.parametrize(
    ("sent", "imports"),
    [
        ("SYSTEM + '\\n\\nParcel: ' + q", ""),
        ("f'{SYSTEM}\\n{q}'", ""),
        ("f'{SYSTEM} {SIZE_KEY}'", "from other import SIZE_KEY"),
        ("SYSTEM.format(today=clock.today())", "import clock"),
        ("SYSTEM + load(q)", "from other import load"),
        ("SYSTEM + '\\n'.join(f'- {one}' for one in n)", ""),
        ("SYSTEM", f"logger.info('{MUCH}', SYSTEM)"),
    ],
)
def test_what_a_person_says_or_a_word_beside_it_is_none(
    repository: Repository, sent: str, imports: str
) -> None:
    outcome = python(repository, sent, imports)
    assert (outcome.code, outcome.report["findings"]) == (0, [])


IN_ITS_PLACE = {
    "another name": ("OTHER", IMPORT),
    "a text": (f"'{MUCH}'", ""),
    "a constant": ("MORE", f"MORE = '{MUCH}'"),
    "another one of its name": ("SYSTEM", "from other import SYSTEM"),
    "another one under its name": ("SYSTEM", "from other import OTHER as SYSTEM"),
    "the name set anew": ("SYSTEM", f"{IMPORT}\nSYSTEM = OTHER"),
}


@pytest.mark.parametrize("name", IN_ITS_PLACE)
def test_python_that_sends_something_else_in_its_place(repository: Repository, name: str) -> None:
    sent, imports = IN_ITS_PLACE[name]
    text = asked(python(repository, sent, imports))
    assert "sends something else now" in text or "from `other`" in text


IN_TYPESCRIPT = {
    "a sum": ("SYSTEM + OTHER", 'import { OTHER } from "./other";'),
    "a text": ("`${SYSTEM} ${OTHER}`", 'import { OTHER } from "./other";'),
    "a default import": ("SYSTEM + rulesText + prompts", 'import prompts from "./other";'),
    "a name space": ("SYSTEM + all.OTHER", 'import * as all from "./other";'),
    "what is required": ("SYSTEM + all.OTHER", 'const all = require("./other");'),
    "a literal": (f"SYSTEM + `{MUCH}`", ""),
    "a message": (
        'SYSTEM }, { role: "system", content: OTHER',
        'import { OTHER } from "./other";',
    ),
    "in its place": ("OTHER", 'import { OTHER } from "./other";'),
    "under its name": ("SYSTEM", 'import { OTHER as SYSTEM } from "./other";'),
}


@pytest.mark.parametrize("name", IN_TYPESCRIPT)
def test_typescript_that_sends_more_or_something_else(repository: Repository, name: str) -> None:
    sent, imports = IN_TYPESCRIPT[name]
    asked(typescript(repository, sent, imports))


def test_text_that_was_there_is_not_told_again(repository: Repository) -> None:
    was = f"SYSTEM + '{MUCH}'"
    outcome = python(repository, was.replace("twice", "once"), "import json", was=was)
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_a_prompt_that_a_workflow_has_whole_has_what_stands_beside_it(
    repository: Repository,
) -> None:
    samples = "[{name: one, variables: {q: HP-1}}]"
    whole = workflow('"app.py#ask.0.messages"', samples=samples)
    settings = configuration({"w": workflow('"prompts.py#SYSTEM"'), "ask": whole})
    before = {**OTHERS, CONFIGURATION: settings}
    before["app.py"] = PYTHON.replace("SENT", "SYSTEM").replace("IMPORTS", "")
    after = before["app.py"].replace('content": SYSTEM', f"content\": SYSTEM + '{MUCH}'")
    outcome = change(repository, before, {"app.py": after})
    assert not any("beside it" in item["text"] for item in outcome.report["findings"])


@pytest.mark.parametrize(("imported", "code"), [("from tasks import run", 1), ("import os", 0)])
def test_a_plain_word_is_a_name_where_its_file_is_named(
    repository: Repository, imported: str, code: int
) -> None:
    tasks = f"def run(q):\n    return llm.invoke('{RULES}')\n"
    before = {CONFIGURATION: configuration({"w": workflow('"tasks.py#run.0"')}), "tasks.py": tasks}
    source = f"{imported}\n\nrun(q, model='gpt-4o-mini')\n"
    after = source.replace("'gpt-4o-mini'", "'o1-pro'")
    outcome = change(repository, {**before, "app.py": source}, {"app.py": after})
    assert (outcome.code > 0) == bool(code)


@pytest.mark.parametrize(("measured", "is_told"), [("build", False), ("other", True)])
def test_a_function_that_another_workflow_measures_is_no_text_beside(
    repository: Repository, measured: str, *, is_told: bool
) -> None:
    samples = "[{name: one, variables: {q: HP-1}}]"
    rules = workflow(f'{{path: "app.py#Rules.{measured}.return", format: python}}', samples=samples)
    methods = "".join(
        f"    def {name}(self, q):\n        return f'{{q}}. {text}'\n"
        for name, text in (("build", RULES), ("other", RULES))
    )
    source = PYTHON.replace("SENT", "SYSTEM + rules.build(q)").replace(
        "IMPORTS", f"class Rules:\n{methods}"
    )
    settings = configuration({"w": workflow('"prompts.py#SYSTEM"'), "rules": rules})
    before = {**OTHERS, CONFIGURATION: settings, "app.py": source}
    outcome = change(repository, before, {"app.py": source.replace(RULES, RULES + MUCH, 1)})
    assert outcome.report["verdict"] != "unmeasured"
    told = [item for item in outcome.report["findings"] if "beside it" in item["text"]]
    assert bool(told) == is_told


IN_A_FUNCTION = """\
from prompts import SYSTEM

def inner():
    return "TEXT " + SYSTEM

def outer():
    return f"Be short. {inner()}"

WHOLE = f"Sort. {outer()}"
"""
IN_A_CLASS = """\
from prompts import SYSTEM

class Parts:
    def body(self):
        return f"TEXT {SYSTEM}"

    def prompt(self):
        return self.body() + "Close with a question."
"""
IN_A_SCRIPT = """\
import { SYSTEM } from "./prompts";
const inner = () => `TEXT ${SYSTEM}`;
export function outer() {
  return `Be short. ${inner()}`;
}
export const WHOLE = outer();
"""
IN_A_CLASS_OF_A_SCRIPT = """\
import { SYSTEM } from "./prompts";
export class Parts {
  body() { return `TEXT ${SYSTEM}`; }
  prompt() { return this.body() + "Close with a question."; }
}
"""


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (IN_A_FUNCTION, ""),
        (IN_A_CLASS_OF_A_SCRIPT, ""),
        (IN_A_FUNCTION, "WHOLE"),
        (IN_A_FUNCTION, "outer.return"),
        (IN_A_CLASS, "Parts.prompt.return"),
        (IN_A_SCRIPT, "WHOLE"),
        (IN_A_CLASS_OF_A_SCRIPT, "Parts.prompt"),
    ],
)
def test_a_text_within_one_that_is_measured_has_nothing_beside_it(
    repository: Repository, source: str, name: str
) -> None:
    is_script = source in {IN_A_SCRIPT, IN_A_CLASS_OF_A_SCRIPT}
    path, others = ("src/app.ts", TS_OTHERS) if is_script else ("app.py", OTHERS)
    w = workflow('"src/prompts.ts#SYSTEM"' if is_script else '"prompts.py#SYSTEM"')
    measured = {"around": workflow(f'"{path}#{name}"')} if name else {}
    before = {**others, CONFIGURATION: configuration({"w": w, **measured}), path: source}
    outcome = change(repository, before, {path: source.replace("TEXT", MUCH)})
    assert outcome.report["verdict"] != "unmeasured", outcome.report["findings"]
    told = [item for item in outcome.report["findings"] if "beside it" in item["text"]]
    assert bool(told) == (not name)


def renamed(repository: Repository, was: str, now: str, language: str = "python") -> Outcome:
    """The review of a prompt that gets another name, in the configuration as well."""
    is_python = language == "python"
    others, code = (OTHERS, PYTHON) if is_python else (TS_OTHERS, TYPESCRIPT)
    imports = IMPORT if is_python else 'import { OTHER } from "./other";'
    path = "app.py" if is_python else "src/app.ts"
    files = {
        name: text.replace("SYSTEM", "WRITER")
        for name, text in others.items()
        if isinstance(text, str)
    }
    before, after = (code.replace("SENT", sent).replace("IMPORTS", imports) for sent in (was, now))
    return change(
        repository, {**others, path: before}, {**files, path: after.replace("SYSTEM", "WRITER")}
    )


BESIDE = {"python": "SYSTEM + OTHER", "typescript": "`${SYSTEM} ${OTHER}`"}
ALONE = "SYSTEM"


@pytest.mark.parametrize("language", BESIDE)
def test_what_stood_beside_a_prompt_of_another_name_asks_for_nothing(
    repository: Repository, language: str
) -> None:
    sent = BESIDE[language]
    outcome = renamed(repository, sent, sent, language)
    assert (outcome.code, outcome.report["findings"]) == (0, []), outcome.out


@pytest.mark.parametrize("language", BESIDE)
def test_what_comes_beside_a_prompt_of_another_name_is_asked(
    repository: Repository, language: str
) -> None:
    outcome = renamed(repository, ALONE, BESIDE[language], language)
    texts = [item["text"] for item in outcome.report["findings"]]
    assert outcome.code == 1
    assert any("`OTHER` beside it" in text for text in texts), texts


def test_the_uses_of_a_prompt_that_stays_are_no_others(repository: Repository) -> None:
    workflows = {"w": workflow('"prompts.py#SYSTEM"'), "x": workflow('"prompts.py#SECOND"')}
    prompts = f'SYSTEM = "{RULES}"\nSECOND = "{RULES} Twice."\n'
    before = PYTHON.replace("IMPORTS", f"from prompts import SECOND\n{IMPORT}")
    was = before.replace("SENT", "SYSTEM + OTHER") + before.replace("SENT", "SECOND")
    files = {**OTHERS, CONFIGURATION: configuration(workflows), "prompts.py": prompts}
    edits = {
        CONFIGURATION: configuration({**workflows, "x": workflow('"prompts.py#THIRD"')}),
        "prompts.py": prompts.replace("SECOND", "THIRD"),
        "app.py": was.replace('"content": SECOND', '"content": THIRD + OTHER').replace(
            "SECOND", "THIRD"
        ),
    }
    outcome = change(repository, {**files, "app.py": was}, edits)
    assert outcome.code == 1, outcome.out
    assert any("`THIRD`" in item["text"] for item in outcome.report["findings"])


@pytest.mark.parametrize("many", [False, True], ids=["once", "in two loops"])
def test_text_that_is_repeated_nobody_knows_how_often_has_no_figure(
    repository: Repository, *, many: bool
) -> None:
    more = "Weigh each parcel twice before it goes to a shelf. " * 30
    ask = (
        "from prompts import SYSTEM\n\n\ndef ask(rows, n):\n    said = SYSTEM{}\n"
        '    return client.create(model="gpt-4o", messages=[{"role": "system", "content": said}])\n'
    )
    said = f' + "{more}"{" * n" if many else ""}'
    before = {
        CONFIGURATION: configuration({"w": workflow("prompts.py#SYSTEM")}),
        "prompts.py": 'SYSTEM = "You sort the parcels of a large house, and name the shelf."\n',
        "app.py": ask.replace("{}", ""),
    }
    outcome = change(repository, before, {"app.py": ask.replace("{}", said)})
    (found,) = outcome.report["findings"]
    assert (outcome.code, "characters" in found["text"]) == (1, not many)
    assert ("repeated" in found["text"]) is many
    assert ("a month" in found["text"].split(";")[0]) is not many
