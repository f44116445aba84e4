"""A change that leads to no call that sends a prompt says nothing of it, however large the rest."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
MUCH = "Weigh each parcel twice before it goes to a shelf. " * 9
PROMPTS = {
    CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
    "prompts.py": f'SYSTEM = "{RULES}"\n',
}
ASK = 'client.create(model="gpt-4o", messages=[{"role": "system", "content": SYSTEM + extra()}])'
EXTRA = "def extra():\n    return '{}'\n"


def sending(imported: str) -> str:
    begin = f"# see helper.md\nfrom prompts import SYSTEM\n{imported}"
    return f"{begin}\n\n\ndef ask(q):\n    return {ASK}\n"


def senders(count: int) -> dict[str, str]:
    """Files that each send the prompt with what a helper of their own folder gives."""
    files = {f"a{n}/app.py": sending("from .helper import extra") for n in range(count)}
    return files | {f"a{n}/helper.py": EXTRA.format("x") for n in range(count)}


def said(repository: Repository, files: dict[str, str], after: dict[str, str]) -> list[str]:
    outcome = change(repository, PROMPTS | files, after)
    return [item["text"] for item in outcome.report["findings"]]


@pytest.mark.parametrize("line", ["import functools", "import functools  # noqa", "# a remark"])
def test_an_import_that_nobody_uses_leads_nowhere(repository: Repository, line: str) -> None:
    files = senders(210) | {"helper.py": f"import json\n\n\n{EXTRA.format('x')}"}
    assert said(repository, files, {"helper.py": f"{line}\n{files['helper.py']}"}) == []


def test_a_helper_of_another_folder_leads_nowhere(repository: Repository) -> None:
    files = senders(2)
    assert (
        said(
            repository,
            files | {"b/helper.py": EXTRA.format("x")},
            {"b/helper.py": EXTRA.format(MUCH)},
        )
        == []
    )


def test_a_helper_that_is_imported_is_told_among_many(repository: Repository) -> None:
    (text,) = said(repository, senders(210), {"a7/helper.py": EXTRA.format(MUCH)})
    assert f"`extra` grew by {len(MUCH) - 1:,} characters" in text


def test_a_helper_of_another_language_leads_nowhere(repository: Repository) -> None:
    files = {
        "app.py": sending("from helper import extra"),
        "helper.py": EXTRA.format("x"),
        "web/helper.ts": "export function extra() {\n  return 'x';\n}\n",
    }
    after = {"web/helper.ts": f"export function extra() {{\n  return '{MUCH}';\n}}\n"}
    assert said(repository, files, after) == []


@pytest.mark.parametrize("imported", ["from pkg.helper import extra", "from pkg import extra"])
def test_a_helper_of_a_package_is_told(repository: Repository, imported: str) -> None:
    files = {
        "src/pkg/__init__.py": "from pkg.helper import extra\n",
        "src/pkg/helper.py": EXTRA.format("x"),
        "app.py": sending(imported),
    }
    (text,) = said(repository, files, {"src/pkg/helper.py": EXTRA.format(MUCH)})
    assert "`extra` grew by" in text


def test_a_file_that_sends_much_in_many_places_is_read(repository: Repository) -> None:
    names = [f"text_of_a_rule_number_{number}" for number in range(250)]
    every = " + ".join(f"{name}()" for name in names)
    asks = [f"def ask{n}(q):\n    return {ASK.replace('extra()', 'EVERY')}\n" for n in range(200)]
    begin = f"from prompts import SYSTEM\nfrom helper import {', '.join(names)}\n\nEVERY = {every}"
    given = "\n\n".join(f"def {name}():\n    return 'x'\n" for name in names)
    files = {"app.py": "\n\n\n".join([begin, *asks]), "helper.py": given}
    (text,) = said(repository, files, {"helper.py": given.replace("'x'", f"'{MUCH}'", 1)})
    assert f"`{names[0]}` grew by {len(MUCH) - 1:,} characters" in text


SHORT = "def clean(v):\n    return str(v)\n"
LONG = 'def clean(v):\n    return str(v).replace("%", "%25").replace("&", "%26")\n'
MEMORY = "{}\n\nclass Memory:\n    def search(self, q):\n        return [{}]\n\n{}"
STEP = "    def step{}(self, q):\n        return [clean(q), clean(self), clean(q)]\n"


def memory(helper: str) -> str:
    steps = ", ".join(f"self.step{n}(q)" for n in range(60))
    return MEMORY.format(helper, steps, "\n".join(map(STEP.format, range(60))))


def test_a_short_helper_of_much_does_not_count_by_each_way_to_it(repository: Repository) -> None:
    beside = ASK.replace("extra()", "memory.search(q)")
    files = {
        "memory.py": memory(SHORT),
        "app.py": "from prompts import SYSTEM\nfrom memory import Memory\n\nmemory = Memory()\n"
        f"\n\ndef ask(q):\n    return {beside}\n",
    }
    assert said(repository, files, {"memory.py": memory(LONG)}) == []


CALLS = """\
def plan(prompt):
    found = openai.ChatCompletion.create(
        model="gpt-4o",
        messages=[{"role": "system", "content": f"{ROLE} Write a plan."},
                  {"role": "user", "content": prompt}],
        stream=True,
    )
    return "".join([one["choices"][0]["delta"] for one in found])


def code(prompt, plan):
    found = openai.ChatCompletion.create(
        model="gpt-4o",
        messages=[{"role": "system", "content": f"{ROLE} Write the code. MORE"},
                  {"role": "user", "content": f"the plan is: {plan}"}],
    )
    return found["choices"][0]["message"]["content"]


def code_now(prompt, plan):
    return run(code(prompt, plan))
"""
FLOWS = configuration(
    {
        name: workflow(
            f'"dev/calls.py#{name}.found.messages"',
            samples="[{name: s, variables: {prompt: Hi., plan: Hi.}}]",
        )
        for name in ("plan", "code")
    }
)
MAIN = "from dev.calls import plan, code, code_now\n\n\ndef main(q):\n    shared = plan(q)\n"
MAIN += "    return [code(q, shared), code_now(q, shared)]\n"
BEGIN = f'import openai\n\nROLE = "{RULES} {MUCH}"\n\n\n'
MOVED = "import openai\nfrom dev.role import FIRST\nfrom dev.style import STYLE\n\n"
MOVED += "ROLE = FIRST + STYLE\n\n\n"


def test_what_a_workflow_of_the_call_counts_is_told_once(repository: Repository) -> None:
    files = {CONFIGURATION: FLOWS, "dev/calls.py": BEGIN + CALLS, "dev/main.py": MAIN}
    after = {"dev/calls.py": BEGIN + CALLS.replace("MORE", MUCH)}
    assert said(repository, files, after) == []


def test_a_text_that_moves_into_other_files_costs_the_same(repository: Repository) -> None:
    files = {CONFIGURATION: FLOWS, "dev/calls.py": BEGIN + CALLS, "dev/main.py": MAIN}
    after = {
        "dev/calls.py": MOVED + CALLS,
        "dev/role.py": f'FIRST = "{RULES} "\n',
        "dev/style.py": f'STYLE = "{MUCH}"\n',
    }
    assert said(repository, files, after) == []


FIRST = f'FIRST = "{RULES} {MUCH}"\n'
TAUGHT = """\
from prompts import SYSTEM
from memory import Memory

memory = Memory()


def ask(q):
    return client.create(model="gpt-4o", messages=memory.search(SYSTEM))
"""
SEARCH = """\
from first import FIRST


class Memory:
    def search(self, text):
        return [{"role": "system", "content": text + FIRST}]
"""


def test_a_text_beside_that_is_only_renamed_is_the_same(repository: Repository) -> None:
    files = {"first.py": FIRST, "memory.py": SEARCH, "app.py": TAUGHT}
    after = {one: files[one].replace("FIRST", "BEFORE_ALL") for one in ("first.py", "memory.py")}
    assert said(repository, files, after) == []


def test_a_text_beside_that_is_another_one_is_told(repository: Repository) -> None:
    files = {"first.py": FIRST, "memory.py": SEARCH, "app.py": TAUGHT}
    more = f"{FIRST}SECOND = FIRST * 2\n"
    after = {"first.py": more, "memory.py": SEARCH.replace("FIRST", "SECOND")}
    assert any("`SECOND` beside it" in text for text in said(repository, files, after))


SELECTED = """\
def select(q):
    told = "You choose one of the shelves, and you name it with its number and its weight."
    show(told)
    return [Shelf(one) for one in q]
"""
GIVEN = """\
from select_shelf import select
from graph import build

shelves = select([1, 2])
client.create(model="gpt-4o", messages=[{"role": "system", "content": build(shelves)}])
"""


def test_what_a_function_gives_that_holds_a_prompt_is_not_the_prompt(
    repository: Repository,
) -> None:
    """It shows the text, and gives something else."""
    build = "def build(shelves):\n    return shelves\n"
    files = {
        CONFIGURATION: configuration({"w": workflow('"select_shelf.py#select.told"')}),
        "select_shelf.py": SELECTED,
        "graph.py": build,
        "main.py": GIVEN,
    }
    after = {"graph.py": build.replace("return shelves", "return shelves * 2")}
    assert said(repository, files, after) == []
