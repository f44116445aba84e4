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
    assert texts_of(script_outline.outline("a.ts", source), source) == texts


PROMPT = "const prompt = 'You answer each question of a customer.';\n"


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("a.tsx", "const a = <p>Don't</p>;\n"),
        ("a.tsx", "const a = <p>src/*.ts</p>;\n"),
        ("a.js", "const a = <p>src/ts</p>;\n"),
        ("a.ts", 'if (a) /["/*]/.test(b);\n'),
        ("a.ts", "f(`never closed\n"),
        ("a.ts", "f((1)\n"),
        ("a.ts", "}\n"),
        ("a.ts", "/* a"),
        ("a.ts", "(" * 50_000),
    ],
)
def test_what_tokens_do_not_tell_is_parsed(path: str, source: str) -> None:
    assert script_outline.outline(path, source) is None
    assert ChangedSource(path, f"{source}\nx = 1;{PROMPT}", source + PROMPT).brings_words


RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
PYTHON = f"""\
@cache
def helper():
    return "{RULES}"


def other(rows):
    total = sum(rows)
    return total


class Clerk:
    @property
    def rules(self):
        if self.short:
            return ""
        else:
            return "{RULES}"

    def count(self, rows):
        return len(rows)

    NAME = "x"


INTRO = helper()
NOTES = INTRO
prompt = NOTES + Clerk().rules
"""
SCRIPT = f"""\
export const helper = async () => {{
  return `{RULES}`;
}};

export function other(rows)
{{
  const total = rows.length;
  return total;
}}

class Clerk {{
  get rules() {{
    if (this.short)
      return "";
    else
      return `{RULES}`;
  }}

  count(rows) {{
    return rows.length;
  }}

  name = "x";
}}

const {{ intro, NOTES }} = helper();
const prompt = NOTES + new Clerk().rules;
"""


@pytest.mark.parametrize(("path", "source"), [("a.py", PYTHON), ("a.ts", SCRIPT)])
@pytest.mark.parametrize(
    ("line", "brings"),
    [
        ("total =", False),
        ("return total", False),
        ("return rows.length", False),
        ("return len(rows)", False),
        ("NAME = ", False),
        ('name = "x"', False),
        ("short", True),
        ('return ""', True),
        ("prompt = ", True),
        ("helper()", True),
    ],
)
def test_lines_that_have_to_do_with_a_text_are_told_by_statement_and_name(
    path: str, source: str, line: str, *, brings: bool
) -> None:
    first, last, behind = source.rpartition(line)
    if last:
        now = f"{first}{last} {behind}"
        assert ChangedSource(path, now, source).brings_words == brings


BEFORE_AND_AFTER = [
    ("a.py", f"A = '{RULES}'\nprompt = A\n", f"A = '{RULES}'\nprompt = A + A\n"),
    ("a.py", f"A = '{RULES}'\nprompt = A\nprompt = ''\n", f"A = '{RULES}'\nprompt = A\n"),
    ("a.py", f"(A, B) = '{RULES}', ''\nprompt = B\n", f"(A, B) = '{RULES}', ''\nprompt = A\n"),
    ("a.py", f"prompt = '''\n'''\nA = '''\n{RULES}'''\n", f"prompt = '''\nA = '''\n{RULES}'''\n"),
    ("a.py", f"prompt = '''\n{RULES}\nA\n'''\n", f"prompt = '''\n{RULES}\nA\nA\n'''\n"),
    ("a.py", f"prompt = '{RULES}\\\nA.'\n", f"prompt = '{RULES}\\\nA.\\\nB.'\n"),
    ("a.py", "", f"prompt = '{'*' * 400}'\n"),
    ("a.py", "", "prompt = '-'.join([" + ", ".join(f'"kind{n}"' for n in range(99)) + "])\n"),
    ("a.py", "", "prompt = " + "\n".join(f"'{n}'\\" for n in range(200)) + "''\n"),
    ("a.py", "", "rules_for_llm = {'a': 'Sort the parcels.'}\n"),
    ("a.py", "", "Helper(llm=fast, goal='Sort the parcels.')\n"),
    ("a.py", "", "x(modelId=fast)\ny = llm.invoke(z)\n"),
    ("a.py", "system_prompt = load('a')\n", "system_prompt = load('b')\n"),
    ("a.ts", "", "chain.invoke<State>('Sort the parcels.')\n"),
    ("a.ts", "", "chain.invoke?.('Sort the parcels.')\n"),
    ("a.ts", "", "console.log(await chain.invoke<State>('Sort the parcels.'))\n"),
    ("a.ts", f"let A = '{RULES}';\nlet prompt =\n  A;\n", f"let A = '{RULES}';\nlet prompt =\n  A + A;\n"),
    ("a.py", f"prompt = '''\n# A\n{RULES}'''\n", f"prompt = '''\n{RULES}'''\n"),
    ("a.py", f"prompt = '''\n{RULES}'''\n", f"prompt = '''\n\n{RULES}'''\n"),
    ("a.ts", f"const prompt = `\n// A\n{RULES}`;\n", f"const prompt = `\n{RULES}`;\n"),
    ("a.tsx", "const prompt = <p>a</p>;\n", "const prompt = <p>a {b}</p>;\n"),
    ("a.ipynb", '{"source": ["prompt = A"]}\n', '{"source": ["prompt = A + A"]}\n'),
]  # fmt: skip


@pytest.mark.parametrize(("path", "before", "after"), BEFORE_AND_AFTER)
def test_changes_that_bring_words_without_two_of_them_in_a_new_line(
    path: str, before: str, after: str
) -> None:
    assert ChangedSource(path, after, before).brings_words


@pytest.mark.parametrize(
    ("path", "before", "line", "brings"),
    [
        ("a.py", "", "total = sum(row[1] for row in rows if row)", False),
        ("a.py", "", "message = 'The order could not be found.'", False),
        ("a.py", "", "prompt = 'Find the order.'", True),
        ("a.py", "", "x = 'You must find the order.'", False),
        ("a.py", "", "x = 'You must find the order. Answer with its number.'", True),
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
        ("a.js", "", "const prompt = '\u7528\u4e2d\u6587\u56de\u7b54';", True),
        ("a.py", "", "x(model=fast)", False),
        ("a.py", "", "def find(model: Model) -> Model: ...", False),
        ("a.py", 'def f():\n    """Ask.\n', '    prompt: what is asked for\n    """\n', False),
        ("a.py", "from a import template\nx = f('You find the order that a customer means, and its number.')\n", "from b import b  # x", False),
    ],
)  # fmt: skip
def test_which_changes_bring_words_for_a_model(
    path: str, before: str, line: str, *, brings: bool
) -> None:
    assert ChangedSource(path, f"{before}{line}\n", before).brings_words == brings


@pytest.mark.parametrize(
    ("path", "sign", "end"), [("a.py", "#", ""), ("a.ts", "//", ""), ("a.ts", "/*", "*/")]
)
def test_comments_alone_bring_nothing(path: str, sign: str, end: str) -> None:
    text = f"prompt = [\n    {sign} for a model: OLD {end}\n\n    '{RULES}',\n]\n"
    after = text.replace("OLD", "the new prompt").replace("\n\n", "\n\n\n")
    assert not ChangedSource(path, after, text).brings_words
    assert ChangedSource(path, after.replace("]", "'more']"), text).brings_words
