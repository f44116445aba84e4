"""Texts of another file that unchanged code sends beside a prompt, and that grow there."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
MUCH = "Weigh each parcel twice before it goes to a shelf. " * 9
FEW = "Be kind."
APP = """\
from prompts import SYSTEM
from helper import Helper, Other, extra, one, two, three

it = Helper(MADE)


def ask(q):
    return client.create(model="gpt-4o", messages=[{"role": "system", "content": SENT}])
"""
SCRIPT = """\
import { SYSTEM } from "./prompts";
import { Helper } from "./helper";
const it = new Helper(SYSTEM);
export const ask = () =>
  client.create({ model: "gpt-4o", messages: [{ role: "system", content: SENT }] });
"""
CLASS = f"class Helper:\n    text: str = ''\n    extra: str = '{FEW}'\n    other: str = 'x'\n"
DATA = (
    f"@dataclass\n{CLASS}    times: int = 1\n\n    @property\n    def full(self):\n        return "
)
GROWING = {
    "a default of a dataclass": ("SYSTEM + it.extra", CLASS, FEW),
    "a property that has it": ("it.full", f"{DATA}self.text + self.extra\n", FEW),
    "how often a property has it": ("it.full", f"{DATA}self.text * self.times\n", "= 1"),
    "an attribute of the class": ('f"{SYSTEM} {Helper.extra}"', CLASS, FEW),
    "an object of its own": ("SYSTEM + Helper().extra", CLASS, FEW),
    "a method": (
        "SYSTEM + it.extra()",
        f"class Helper:\n    def extra(self):\n        return '{FEW}'\n",
        FEW,
    ),
    "a function": ("SYSTEM + extra()", f"def extra():\n    return '{FEW}'\n", FEW),
    "one of two of a name": (
        "SYSTEM + it.extra + Other().extra",
        f"class Helper:\n    extra = '{FEW}'\n\n\nclass Other:\n    extra = 'x'\n",
        FEW,
    ),
    "the other of two": (
        "SYSTEM + Other().extra + it.extra",
        f"class Helper:\n    extra = 'x'\n\n\nclass Other:\n    extra = '{FEW}'\n",
        FEW,
    ),
    "the second of two classes of a name": (
        "SYSTEM + it.extra",
        (
            f"if A:\n    class Helper:\n        extra = 'x'\nelse:\n    class Helper:\n"
            f"        extra = '{FEW}'\n"
        ),
        FEW,
    ),
    "a constant": ("[SYSTEM, Helper]", f"Helper = '{FEW}'\n", FEW),
    "what is cast to a type": ("SYSTEM + cast(str, Helper)", f"Helper = '{FEW}'\n", FEW),
    "what a library casts": ("SYSTEM + sql.cast(Helper, sql.Text)", f"Helper = '{FEW}'\n", FEW),
    "the one argument of a cast": ("SYSTEM + cast(Helper)", f"Helper = '{FEW}'\n", FEW),
    "all that a cast is given": ("SYSTEM + cast(*Helper)", f"Helper = '{FEW}'\n", FEW),
}
IN_SCRIPTS = {
    "a getter": (
        "SYSTEM + it.extra",
        f"export class Helper {{\n  get extra() {{\n    return '{FEW}';\n  }}\n}}\n",
    ),
    "an argument of the constructor": (
        "it.full",
        (
            f"export class Helper {{\n  constructor(private text: string, private more = '{FEW}') {{}}\n"
            "  get full() {\n    return this.text + this.more;\n  }\n}\n"
        ),
    ),
    "an enum": ("`${SYSTEM} ${Helper.A}`", f"export enum Helper {{\n  A = '{FEW}',\n}}\n"),
}


def reviewed(repository: Repository, sent: str, before: str, after: str) -> Outcome:
    app = APP.replace("SENT", sent).replace("MADE", "SYSTEM" if "full" in sent else "")
    files = {
        CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
        "prompts.py": f'SYSTEM = "{RULES}"\n',
        "app.py": app,
        "helper.py": before,
    }
    return change(repository, files, {"helper.py": after})


def assert_told(outcome: Outcome, path: str) -> None:
    (found,) = [item for item in outcome.report["findings"] if item["rule"] == "loosened"]
    assert outcome.code == 1
    assert "`SYSTEM`" in found["text"]
    assert found["place"]["file"] == path


@pytest.mark.parametrize("name", GROWING)
def test_what_grows_beside_it_in_another_file_needs_approval(
    repository: Repository, name: str
) -> None:
    sent, before, old = GROWING[name]
    outcome = reviewed(repository, sent, before, before.replace(old, MUCH if old == FEW else "= 9"))
    assert_told(outcome, "helper.py")


def test_what_grows_in_several_places_is_told_once(repository: Repository) -> None:
    before = "".join(f"{name} = '{FEW}'\n" for name in ("one", "two", "three"))
    after = before.replace(FEW, FEW + "x" * 90)
    assert_told(reviewed(repository, "[SYSTEM, one, two, three]", before, after), "helper.py")


def test_more_holders_than_are_compared_need_approval(repository: Repository) -> None:
    names = [f"name_{number}" for number in range(501)]
    files = {
        CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
        "prompts.py": f'SYSTEM = "{RULES}"\n',
        "app.py": APP.replace("one, two", ", ".join(names)).replace(
            "SENT", f"[SYSTEM, {', '.join(names)}]"
        ),
        "helper.py": "".join(f"{name} = '{FEW}'\n" for name in names),
    }
    outcome = change(repository, files, {"helper.py": files["helper.py"].replace(FEW, MUCH)})
    (found,) = [item for item in outcome.report["findings"] if item["rule"] == "loosened"]
    assert (outcome.code, "more than 500 names of other files" in found["text"]) == (1, True)


@pytest.mark.parametrize("name", IN_SCRIPTS)
def test_so_it_does_in_typescript(repository: Repository, name: str) -> None:
    sent, before = IN_SCRIPTS[name]
    files = {
        CONFIGURATION: configuration({"w": workflow('"src/prompts.ts#SYSTEM"')}),
        "src/prompts.ts": f'export const SYSTEM = "{RULES}";\n',
        "src/app.ts": SCRIPT.replace("SENT", sent),
        "src/helper.ts": before,
    }
    outcome = change(repository, files, {"src/helper.ts": before.replace(FEW, MUCH)})
    assert_told(outcome, "src/helper.ts")


@pytest.mark.parametrize(
    ("sent", "before", "after"),
    [
        ("SYSTEM + it.extra", CLASS, CLASS.replace("'x'", f"'{MUCH}'")),
        (
            "SYSTEM + it.extra",
            f"class Helper:\n    extra = '{MUCH}'\n",
            (
                f"TEXT = '{MUCH}'\n\n\nclass Helper:\n    @property\n    def extra(self):\n"
                "        return TEXT\n"
            ),
        ),
        ("SYSTEM", f"Helper = '{FEW}'\n", f"Helper = '{MUCH}'\n"),
    ],
)
def test_another_text_and_one_that_only_moves_are_none(
    repository: Repository, sent: str, before: str, after: str
) -> None:
    outcome = reviewed(repository, sent, before, after)
    assert (outcome.code, outcome.report["findings"]) == (0, [])
