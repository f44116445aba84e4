"""Which lines of Python source no model is sent, held against Python's own syntax tree."""

import ast
import sysconfig
from pathlib import Path

import pytest

from reviewbot.scope.unsent_lines import unsent_lines

_TO_PEOPLE = {"print", "debug", "info", "warning", "warn", "error", "exception", "critical", "log"}
SOURCES = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))[::4]


@pytest.mark.parametrize(
    ("source", "unsent"),
    [
        ("# You answer.\nx = 1  # You ask.\n", {1}),
        ('def f():\n    """Do.\n\n    More.\n    """\n    return 1\n', {2, 3, 4, 5}),
        ('X = 1\n"""What X is."""\nY = 2\n', {2}),
        ("raise ValueError(\n    # so\n    'no'\n)\nx = 1\n# y\n", {1, 2, 3, 4, 6}),
        ('logger.warning("a %s",\n    x)\n', {1, 2}),
        ('P = """\n# Role\n"""\n', set()),
        ('P = {\n    "a":\n    """You answer."""\n}\n', set()),
        ('f(\n    """You answer."""\n)\n', set()),
        ('"""You answer {x}."""; P = 1\n', set()),
        ('"""You answer {x}.""".format(x=1)\n', set()),
        ('P = \\\n"""You answer."""\n', set()),
        ('f"""You {answer()}."""\n', set()),
        ('print("a"); P = "b"\n', set()),
        ('if x: raise E("a")\n', set()),
        ("P = '''\n\"\"\"\nYou answer.\n\"\"\"\n'''\n", set()),
        ('P = """never closed\n# no comment\n', set()),
        ("P = [\n    'a'  # one\n    # another\n    'b'\n]\n", {3}),
    ],
)
def test_lines_that_are_sent_to_no_model(source: str, unsent: set[int]) -> None:
    assert unsent_lines(source) == unsent


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_line_of_a_text_that_may_be_sent_is_among_them(path: Path) -> None:
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    unsent: set[int] = set()
    texts: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and _is_unsent(node):
            unsent.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = text.split("\n")
    wrong = (unsent_lines(text) & texts) - unsent
    assert [n for n in wrong if not lines[n - 1].lstrip().startswith("#")] == []


def _is_unsent(node: ast.stmt) -> bool:
    match node:
        case ast.Raise() | ast.Assert() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name))):
            return name in _TO_PEOPLE
        case _:
            return False
