"""Functions and methods that send a prompt of a workflow, called from other files."""

from collections.abc import Mapping

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, review, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
CREATE = 'client.create(model="gpt-4o", messages=[{"role": "system", "content": SYSTEM}, said(q)])'
APP = f"from prompts import SYSTEM\n\n\ndef ask(q):\n    return {CREATE}\n"
FLOW = f"""\
from prompts import SYSTEM


class Flow:
    def ask(self, q):
        return {CREATE}
"""
OTHER = "class Other:\n    def ask(self, q):\n        return q\n"
FILES = {
    CONFIGURATION: configuration({"w": workflow('"prompts.py#SYSTEM"')}),
    "prompts.py": f'SYSTEM = "{RULES}"\n',
    "app.py": APP,
    "flow.py": FLOW,
    "other.py": OTHER,
}
ONE = "from app import ask\n\n\ndef run(q):\n    return ask(q)\n"
LOOPED = "from app import ask\n\n\ndef run(q):\n    return [ask(q) for _ in range(9)]\n"
OBJECT = "from flow import Flow\n\nflow = Flow()\n\n\ndef run(q):\n    return flow.ask(q)\n"
GIVEN = "from flow import Flow\n\n\ndef run(flow: Flow, q):\n    return flow.ask(q)\n"
HELD = """\
from flow import Flow


class Desk:
    def __init__(self):
        self.flow = Flow()

    def run(self, q):
        return self.flow.ask(q)
"""
FROM_OTHER = "from other import Other\nfrom flow import Flow\n\n\ndef run(q):\n    return q\n"
Files = Mapping[str, str | None]


def in_loop(text: str, call: str) -> str:
    """The text with a call in a loop."""
    return text.replace(f"return {call}", f"return [{call} for _ in range(9)]")


MORE: dict[str, tuple[Files, Files, str]] = {
    "a new file in a loop": ({}, {"main.py": LOOPED}, "`range(9)`"),
    "a new file beside the old one": ({"one.py": ONE}, {"main.py": LOOPED}, "`range(9)`"),
    "a new file in a mapping": (
        {},
        {"main.py": "from app import ask\n\n\ndef run(q):\n    return list(map(ask, q))\n"},
        "`map`",
    ),
    "a new file by its module": (
        {},
        {"main.py": "import app\n\n\ndef run(all):\n    for q in all:\n        app.ask(q)\n"},
        "`all`",
    ),
    "an old file takes it over in a loop": (
        {"one.py": ONE, "main.py": "import os\n"},
        {"one.py": None, "main.py": LOOPED},
        "`range(9)`",
    ),
    "a new file calls a method": ({}, {"main.py": in_loop(OBJECT, "flow.ask(q)")}, "`range(9)`"),
    "a file that held a comment": ({"main.py": "# later\n"}, {"main.py": LOOPED}, "`range(9)`"),
    "an object in a loop": (
        {"main.py": OBJECT},
        {"main.py": in_loop(OBJECT, "flow.ask(q)")},
        "`range(9)`",
    ),
    "an object called twice": (
        {"main.py": OBJECT},
        {"main.py": OBJECT.replace("flow.ask(q)", "flow.ask(q), flow.ask(q)")},
        "(2 calls in ",
    ),
    "an object that is made there": (
        {"main.py": OBJECT.replace("return flow", "return Flow()")},
        {"main.py": in_loop(OBJECT.replace("return flow", "return Flow()"), "Flow().ask(q)")},
        "`range(9)`",
    ),
    "an argument": (
        {"main.py": GIVEN},
        {"main.py": in_loop(GIVEN, "flow.ask(q)")},
        "`range(9)`",
    ),
    "an attribute": (
        {"main.py": HELD},
        {"main.py": in_loop(HELD, "self.flow.ask(q)")},
        "`range(9)`",
    ),
}
SAME: dict[str, tuple[Files, Files]] = {
    "a file has another name": ({"one.py": ONE}, {"one.py": None, "main.py": ONE}),
    "a file is divided": (
        {"one.py": f"{ONE}\n\ndef more(q):\n    return ask(q + 1)\n{'# more' * 90}\n"},
        {
            "one.py": None,
            "main.py": ONE,
            "more.py": ONE.replace("run", "more").replace("ask(q)", "ask(q + 1)"),
        },
    ),
    "a method has another place": ({"one.py": OBJECT}, {"one.py": None, "main.py": OBJECT}),
    "a loop has another file": ({"one.py": LOOPED}, {"one.py": None, "main.py": LOOPED + "\n#\n"}),
    "a new file that calls nothing": ({}, {"main.py": "from app import ask\n\nASK = 1\n"}),
    "a method of another class": (
        {"main.py": FROM_OTHER},
        {"main.py": FROM_OTHER.replace("return q", "return [Other().ask(q) for _ in range(9)]")},
    ),
}


@pytest.mark.parametrize("name", MORE)
def test_more_calls_are_a_warning(repository: Repository, name: str) -> None:
    before, after, said = MORE[name]
    outcome = change(repository, {**FILES, **before}, after)
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["verdict"]) == (0, "warn")
    assert "`SYSTEM` (workflow `w`) is sent by `" in found["text"]
    assert said in found["text"]


@pytest.mark.parametrize("name", SAME)
def test_calls_that_move_are_none(repository: Repository, name: str) -> None:
    before, after = SAME[name]
    outcome = change(repository, {**FILES, **before}, after)
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_a_function_that_is_renamed_with_its_callers_is_called_as_often(
    repository: Repository,
) -> None:
    before = FILES | {"main.py": ONE}
    renamed = {name: before[name].replace("ask(", "query(") for name in ("app.py", "main.py")}
    renamed["main.py"] = renamed["main.py"].replace("import ask", "import query")
    outcome = change(repository, before, renamed)
    assert outcome.report["findings"] == []
    more = renamed["main.py"] + "\n\ndef again(q):\n    return query(q), query(q)\n"
    repository.commit({"main.py": more})
    (found,) = review(repository).report["findings"]
    assert "called here too (3 calls in the changed files, 1 before)" in found["text"]


DIVIDED = {
    "into two": (("ask",), ("query", "again")),
    "two into three": (("ask", "say"), ("query", "again", "more")),
}


@pytest.mark.parametrize("case", DIVIDED)
def test_a_call_of_a_function_that_is_gone_stands_for_one_call(
    repository: Repository, case: str
) -> None:
    before, after = ((sending(names), calling(names)) for names in DIVIDED[case])
    files = FILES | {"app.py": before[0], "main.py": before[1]}
    outcome = change(repository, files, {"app.py": after[0], "main.py": after[1]})
    was, now = map(len, DIVIDED[case])
    said = f"({now} calls in the changed files, {was} before)"
    assert any(said in found["text"] for found in outcome.report["findings"])


def test_a_call_of_a_function_that_is_gone_stands_in_a_loop_once(repository: Repository) -> None:
    names, others = ("ask", "say"), ("query", "tell")
    before = {"app.py": sending(names), "main.py": in_loop(calling(names), "ask(q)")}
    looped = in_loop(in_loop(calling(others), "query(q)"), "tell(q)")
    (found,) = change(
        repository, FILES | before, {"app.py": sending(others), "main.py": looped}
    ).report["findings"]
    assert "`tell` of `app.py`, which is called in a loop over `range(9)`" in found["text"]


def test_functions_that_are_renamed_are_called_as_often(repository: Repository) -> None:
    names, others = ("ask", "say"), ("query", "tell")
    before = {"app.py": sending(names), "main.py": in_loop(calling(names), "ask(q)")}
    after = {"app.py": sending(others), "main.py": in_loop(calling(others), "query(q)")}
    assert change(repository, FILES | before, after).report["findings"] == []


def sending(names: tuple[str, ...]) -> str:
    """A file of functions that send the prompt."""
    return "".join(
        (APP.partition("\n")[0], "\n", *(APP_BODY.replace("ask", name) for name in names))
    )


def calling(names: tuple[str, ...]) -> str:
    """A file that calls each once."""
    calls = "".join(f"\n\ndef run_{name}(q):\n    return {name}(q)\n" for name in names)
    return f"from app import {', '.join(names)}\n{calls}"


APP_BODY = APP.partition("\n")[2]
