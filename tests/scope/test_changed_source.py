"""What of a changed source file is read: nothing that a model may be sent is left out."""

import ast
import sysconfig
from pathlib import Path

import pytest

from reviewbot.scope.changed_source import ChangedSource, python_outline, script_outline

_TO_PEOPLE = {"print", "debug", "info", "warning", "warn", "error", "exception", "critical", "log"}
SOURCES = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))[::4]


def texts_of(outline: object, source: str) -> list[str]:
    literals: tuple[tuple[int, int], ...] = getattr(outline, "literals")  # noqa: B009
    return [source[begins:ends].strip("\"'`") for begins, ends in literals]


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("# You 'answer'.\nx = 1  # You \"ask\".\n", []),
        ('def f():\n    """Do.\n\n    More.\n    """\n    return "a"', ["a"]),
        ('X = "b"\n"""What X is."""\nY = 2\n', ["b"]),
        ("raise ValueError(\n    # so\n    'no'\n)\nx = 'c'\n", ["c"]),
        ('logger.warning("a %s",\n    x)\n', []),
        ('P = """\n# Role\n"""\n', ["\n# Role\n"]),
        ('P = {\n    "a":\n    """You answer."""\n}\n', ["a", "You answer."]),
        ('f(\n    """You answer."""\n)\n', ["You answer."]),
        ('"""You answer {x}."""; P = 1\n', ["You answer {x}."]),
        ('"""You answer {x}.""".format(x=1)\n', ["You answer {x}."]),
        ('P = \\\n"""You answer."""\n', ["You answer."]),
        ('f"""You {answer()}."""\n', ["You {answer()}."]),
        ('print("a"); P = "b"\n', ["a", "b"]),
        ('if x: raise E("a")\n', ["a"]),
        ('print(llm.invoke("a"), "b".format("c"))\n', ["a", "b", "c"]),
        ("P = [\n    'a'  # one\n    # another 'c'\n    'b'\n]\n", ["a", "b"]),
    ],
)
def test_texts_of_python_that_may_be_sent(source: str, texts: list[str]) -> None:
    assert texts_of(python_outline.outline(source), source) == texts


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_text_of_python_is_left_out(path: Path) -> None:
    text = path.read_text("utf-8")
    found = python_outline.outline(text)
    assert found is not None
    shown = {
        line
        for begins, ends in found.literals
        for line in range(text.count("\n", 0, begins), text.count("\n", 0, ends) + 1)
    }
    unsent: set[int] = set()
    lines: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        spans = range(getattr(node, "lineno", 1) - 1, getattr(node, "end_lineno", 0) or 0)
        if isinstance(node, ast.stmt) and _is_unsent(node):
            unsent.update(spans)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            lines.update(spans)
    assert lines - unsent - shown == set()


def _is_unsent(node: ast.stmt) -> bool:
    match node:
        case ast.Raise() | ast.Assert() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name))):
            return name in _TO_PEOPLE
        case _:
            return False


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("// it's\nconst a = 'b'; /* \"no\" */\n", ["b"]),
        ('throw new Error("no: " + `x ${why("d")}`);\nlog("e");\n', ["e"]),
        ('console.error("a", f("b"));\nlogger.warn(`c`);\nf("d")\n', ["d"]),
        ('console.log("a", await llm.invoke(x("b")), f("c"));\n', ["b"]),
        ('const r = /["\'`]/.test(s) ? "a" : "b";\n', ["a", "b"]),
        ("const half = a / b; const c = 'd' / e;\n", ["d"]),
        ("`You ${f(`are ${x}`)} kind.`\n", ["You ", "are ", "", " kind."]),
        ("`a \\` ${ {b: '}'}.b } \\${c}`\n", ["a \\` ", "}", " \\${c}"]),
        ("return /[/]'/g.exec(x), 'a'\n", ["a"]),
    ],
)
def test_texts_of_typescript_that_may_be_sent(source: str, texts: list[str]) -> None:
    assert texts_of(script_outline.outline(source), source) == texts


@pytest.mark.parametrize(
    "source",
    ["const a = <p>Don't</p>;\n", "f(`never closed\n", "f((1)\n", "}\n", "/* a", "(" * 50_000],
)
def test_what_tokens_do_not_tell_is_read_as_a_whole(source: str) -> None:
    assert script_outline.outline(source) is None
    prompt = f"{source}\nconst prompt = 'You answer each question of a customer.';\n"
    changed = ChangedSource("a.tsx", prompt, source)
    assert changed.brings_words
    assert (changed.after(), changed.before()) == (prompt, source)


PYTHON = """\
import os

RULE = "Be kind."


def other(rows):
    return [row for row in rows]


@cache
def helper():
    return f"{RULE} Speak in rhymes."


class Unrelated:
    NAME = "x"


def build(x):
    return f"You sort parcels. {helper()} {x}"


def calls(x):
    return ask(build(x))
"""
SCRIPT = """\
import fs from "fs";

const RULE = "Be kind.";

export function other(rows) {
  return rows.map((row) => row);
}

export const helper = async () => {
  return `${RULE} Speak in rhymes.`;
};

class Unrelated {
  name = "x";
}

export function build(x) {
  return `You sort parcels. ${helper()} ${x}`;
}

export default function (x) {
  return ask(build(x));
}
"""


@pytest.mark.parametrize(("path", "source"), [("prompts.py", PYTHON), ("prompts.ts", SCRIPT)])
@pytest.mark.parametrize("edit", ["Speak in rhymes.", "You sort parcels.", "Be kind."])
def test_only_definitions_without_any_part_in_the_change_are_blank(
    path: str, source: str, edit: str
) -> None:
    now = source.replace(edit, f"{edit} Never ask twice.")
    changed = ChangedSource(path, now, source)
    assert changed.brings_words
    for text, whole in ((changed.after(), now), (changed.before(), source)):
        assert text.count("\n") == whole.count("\n")
        kept = {line for line in text.split("\n") if line}
        left_out = {line for line in whole.split("\n") if line} - kept
        assert all("row" in line or "Unrelated" in line or "x" in line for line in left_out)
        assert {name for name in ("other", "Unrelated") if f"{name}" in text} == set()
        assert {name for name in ("RULE", "helper", "build") if name not in text} == set()


def test_a_definition_that_only_moved_or_lost_lines_is_read_on_both_sides() -> None:
    before = PYTHON.replace("    return ask", "    x = 'You may ask.'\n    return ask")
    changed = ChangedSource("prompts.py", PYTHON + "NOTE = 'You may answer.'\n", before)
    assert changed.brings_words
    assert "def other" not in changed.before()
    assert "You may ask." in changed.before()


@pytest.mark.parametrize(
    ("path", "before", "line", "brings"),
    [
        ("a.py", "", "total = sum(row[1] for row in rows if row)", False),
        ("a.py", "", "message = 'The order could not be found.'", False),
        ("a.py", "", "prompt = 'Find the order.'", True),
        ("a.py", "", "x = 'You must find the order.'", True),
        ("prompts/a.py", "", "x = 'The order could not be found.'", True),
        ("a.py", "", "messages.append({'role': 'user', 'content': 'Where is it?'})", True),
        ("a.py", "", "agent.run('Where is it?', model=fast)", True),
        ("a.py", "", "raise SystemExit('You must find the order.')", False),
        ("a.py", "PROMPT = '''You sort the parcels of a large house by weight and size.\n", "Briefly.\n'''", True),
        ("a.ts", "", "const total = rows.reduce((a, row) => a + row.size, 0);", False),
        ("a.ts", "", "throw new Error('You must find the order.');", False),
        ("a.ts", "", "const message = 'The order could not be found.';", False),
        ("a.ts", "", "const prompt = 'Find the order.';", True),
        ("a.ts", "const prompt = ['You sort the parcels of a large house by weight and by size.',\n", "'Briefly.'];", True),
        ("a.js", "", "const x = '\u7528\u4e2d\u6587\u56de\u7b54 prompt';", True),
    ],
)  # fmt: skip
def test_which_changes_bring_words_for_a_model(
    path: str, before: str, line: str, *, brings: bool
) -> None:
    assert ChangedSource(path, f"{before}{line}\n", before).brings_words == brings
