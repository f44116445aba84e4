"""Functions of altered files that a prompt is given to: by whom they are called, and for what."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
PROMPTS = f'SYSTEM = "{RULES}"\n'
PAD = """\
class Pad:
    def __init__(self, name=""):
        self.name = name

    def run(self, text, note=""):
        return text
"""
GROWN = ("return text\n", "return text * 9\n")
SEND = 'client.create(model="gpt-4o", messages=[{"role": "system", "content": SENT}])'
IMPORT = "from prompts import SYSTEM\nfrom helper import Pad\n\n\n"
OTHER = "class Other:\n    def run(self, text):\n        return text\n"


def reviewed(
    repository: Repository, app: str, helper: str, after: str, more: dict[str, str] | None = None
) -> Outcome:
    files = {
        CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
        "prompts.py": PROMPTS,
        "app.py": app,
        "helper.py": helper,
        **(more or {}),
    }
    return change(repository, files, {"helper.py": after})


SETTLED = {
    "a constructor": f"{IMPORT}def ask(q):\n    pad = Pad()\n    return SEND\n",
    "a constructor at once": f"{IMPORT}def ask(q):\n    return SEND\n".replace("pad.", "Pad()."),
    "an annotation": f"{IMPORT}def ask(q, pad: Pad | None = None):\n    return SEND\n",
    "an attribute": (
        f"{IMPORT}class Ask:\n    def __init__(self, pad):\n        self.pad = pad or Pad()\n\n"
        "    def ask(self, q):\n        return SEND\n"
    ),
    "an attribute that is annotated": (
        f"{IMPORT}class Ask:\n    pad: Pad\n\n    def ask(self, q):\n        return SEND\n"
    ),
    "a base class": f"{IMPORT}class Ask(Pad):\n    def ask(self, q):\n        return SEND\n",
    "its module": "from prompts import SYSTEM\nimport helper\n\n\nreply = SEND\n",
}
ON = {
    "a constructor at once": "Pad().run(SYSTEM)",
    "an attribute": "self.pad.run(SYSTEM)",
    "an attribute that is annotated": "self.pad.run(SYSTEM)",
    "a base class": "self.run(SYSTEM)",
    "its module": "helper.Pad().run(SYSTEM)",
}


@pytest.mark.parametrize("name", SETTLED)
def test_a_method_counts_whose_class_is_settled(repository: Repository, name: str) -> None:
    sent = SEND.replace("SENT", ON.get(name, "pad.run(SYSTEM)"))
    app = SETTLED[name].replace("SEND", sent)
    outcome = reviewed(repository, app, PAD, PAD.replace(*GROWN), {"other.py": OTHER})
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["place"]["file"]) == (1, "helper.py")
    assert "through `run`" in found["text"]


UNKNOWN = f"{IMPORT}def ask(q, pad):\n    return {SEND.replace('SENT', 'pad.run(SYSTEM)')}\n"


@pytest.mark.parametrize(("more", "code"), [({}, 1), ({"other.py": OTHER}, 0)])
def test_one_of_no_known_class_counts_if_no_other_has_its_name(
    repository: Repository, more: dict[str, str], code: int
) -> None:
    outcome = reviewed(repository, UNKNOWN, PAD, PAD.replace(*GROWN), more)
    assert outcome.code == code


SILENT = {
    "a method of another class": (
        "from other import Other\n\n\ndef ask(q, pad: Other):\n",
        "pad.run(SYSTEM)",
        GROWN,
    ),
    "an argument that is another": ("def ask(q):\n    pad = Pad()\n", "pad.run(q, SYSTEM)", GROWN),
    "the answer of an agent": (
        "def ask(q, agent):\n    reply = agent.run(SYSTEM)\n    q = Pad().run(reply)\n",
        "SYSTEM",
        GROWN,
    ),
    "an answer": (
        "def ask(q):\n    reply = client.create(system=SYSTEM, input=q)\n    q = Pad().run(reply)\n",
        "SYSTEM",
        GROWN,
    ),
    "a name of the file's own": (
        "def ask(q, several):\n    run = several[q]\n",
        "run(SYSTEM)",
        GROWN,
    ),
    "a setting that was there": (
        "def ask(q):\n    pad = Pad()\n",
        "pad.run(SYSTEM)",
        ("return text", "logged = text\n        return text"),
    ),
}


@pytest.mark.parametrize("name", SILENT)
def test_what_is_given_to_something_else_is_none(repository: Repository, name: str) -> None:
    head, sent, changed = SILENT[name]
    app = f"{IMPORT}{head}    return {SEND.replace('SENT', sent)}\n"
    outcome = reviewed(repository, app, PAD, PAD.replace(*changed), {"other.py": OTHER})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


OWN = """\
from prompts import SYSTEM
from base import Base


class Own(Base):
    def __init__(self):
        super().__init__(SYSTEM)
"""
FURTHER = {
    "what a package hands on": (
        "from prompts import SYSTEM\nfrom tools import pad\n",
        {"tools/__init__.py": "from tools.texts import pad\n"},
        "tools/texts.py",
        "def pad(text):\n    return text\n",
        "pad(SYSTEM)",
    ),
    "another name": (
        "from prompts import SYSTEM\nfrom texts import pad as fill\n",
        {},
        "texts.py",
        "def pad(text):\n    return text\n",
        "fill(SYSTEM)",
    ),
    "what a class is made with": (
        OWN,
        {},
        "base.py",
        "class Base:\n    def __init__(self, text):\n        self.text = text\n",
        "self.text",
    ),
    "a class that another one is made of": (
        "from prompts import SYSTEM\nfrom pads import Small\n",
        {"pads.py": "from base import Base\n\n\nclass Small(Base):\n    pass\n"},
        "base.py",
        "class Base:\n    def run(self, text):\n        return text\n",
        "Small().run(SYSTEM)",
    ),
    "one that is handed a list": (
        "from prompts import SYSTEM\nfrom texts import pad\n\nGIVEN = [SYSTEM]\n",
        {},
        "texts.py",
        "def pad(text):\n    return text\n",
        "pad(*GIVEN)",
    ),
}


@pytest.mark.parametrize("name", FURTHER)
def test_ways_to_a_function_that_are_followed(repository: Repository, name: str) -> None:
    imports, more, path, helper, sent = FURTHER[name]
    app = f"{imports}\n\ndef ask(q):\n    return {SEND.replace('SENT', sent)}\n"
    files = {
        CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
        "prompts.py": PROMPTS,
        "app.py": app,
        path: helper,
        **more,
    }
    after = helper.replace("return text", "return text * 9").replace("= text\n", "= text * 9\n")
    outcome = change(repository, files, {path: after})
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["place"]["file"]) == (1, path)


TS_IMPORT = 'import { SYSTEM } from "./prompts";\nimport { Pad } from "./pad";\n'
TS_PAD = "export class Pad {\n  run(text: string, note = ''): string {\n    return text;\n  }\n}\n"
TS_SEND = 'client.create({ model: "gpt-4o", messages: [{ role: "system", content: SENT }] })'
TS_APPS = {
    "a field": (
        "class Ask {\n  constructor(private readonly pad: Pad) {}\n  ask() { return SEND; }\n}\n",
        "this.pad.run(SYSTEM)",
        1,
    ),
    "an object": ("const pad = new Pad();\nexport const ask = () => SEND;\n", "pad.run(SYSTEM)", 1),
    "a parameter": ("export const ask = (pad: Pad) => SEND;\n", "pad.run(SYSTEM)", 1),
    "another class": ("export const ask = (pad: Other) => SEND;\n", "pad.run(SYSTEM)", 0),
    "another argument": (
        "export const ask = (q: string) => SEND;\n",
        "new Pad().run(q, SYSTEM)",
        0,
    ),
}


@pytest.mark.parametrize("name", TS_APPS)
def test_methods_in_typescript(repository: Repository, name: str) -> None:
    app, sent, code = TS_APPS[name]
    files = {
        CONFIGURATION: configuration({"w": workflow('"src/prompts.ts#SYSTEM"')}),
        "src/prompts.ts": f'export const SYSTEM = "{RULES}";\n',
        "src/ask.ts": TS_IMPORT + app.replace("SEND", TS_SEND.replace("SENT", sent)),
        "src/pad.ts": TS_PAD,
        "src/other.ts": TS_PAD.replace("Pad", "Other"),
    }
    after = TS_PAD.replace("return text;", "return text.repeat(9);")
    outcome = change(repository, files, {"src/pad.ts": after})
    assert (outcome.code, len(outcome.report["findings"])) == (code, code)


def test_several_forms_at_one_place_are_one_finding(repository: Repository) -> None:
    app = f"{IMPORT}def ask(q):\n    return {SEND.replace('SENT', 'SYSTEM')}\n"
    files = {
        CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
        "prompts.py": PROMPTS,
        "app.py": app,
    }
    after = app.replace('"content": SYSTEM', '"content": fill(SYSTEM * 9).ljust(9000) + SYSTEM')
    outcome = change(repository, files, {"app.py": after})
    (found,) = outcome.report["findings"]
    assert "and in " in found["text"]
    assert " more form" in found["text"]
