"""Where a Jinja2 template begins to depend on its variables, read from its syntax tree.

Nothing is rendered, so the answer holds for all variables, not for the samples at hand. What cannot
be shown to be constant (any expression but a literal, any branch or loop) is taken to vary.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from reviewbot.prompt import Constant
from reviewbot.rendering.marks import unmarked

if TYPE_CHECKING:
    from reviewbot.rendering.engines.jinja.shared_code import Own

_DEEPEST = 20
"""Includes and parents are followed this deep; real templates stay far below."""

Load = Callable[[str, str], tuple[str, str] | None]

_Blocks = dict[str, tuple[Any, str]]
"""Bodies of blocks and the paths of the templates that they stand in, by name."""


def constant_beginning(
    tree: Any, path: str, own: "Own", *, load: Load, parse: Callable[[str, str, str], Any]
) -> Constant:
    """How much of the text of the template `tree`, which stands at `path`, never varies.

    `own` has the texts and the lines of a tree that templates share.
    """
    reader = _Reader(own, load, parse)
    try:
        reader.template(tree, path, {}, 0)
    except _VariesError as end:
        return Constant(characters=reader.characters, path=end.path, line=own.line(end.line))
    return Constant(characters=reader.characters)


class _VariesError(Exception):
    def __init__(self, path: str, line: int) -> None:
        self.path = path
        self.line = line
        super().__init__()


class _Reader:
    def __init__(self, own: "Own", load: Load, parse: Callable[[str, str, str], Any]) -> None:
        self.characters = 0
        self._own = own
        self._load = load
        self._parse = parse

    def template(self, tree: Any, path: str, blocks: _Blocks, depth: int) -> None:
        """Read a template, in which `blocks` take the place of its own of the same names."""
        self._read(tree, tree.body, path, blocks, depth)

    def _read(self, tree: Any, body: Iterable[Any], path: str, blocks: _Blocks, depth: int) -> None:
        from jinja2 import nodes

        for node in body:
            match node:
                case nodes.Output():
                    self._output(node, path)
                case nodes.Block():
                    inner, where = blocks.get(node.name, (node.body, path))
                    self._read(tree, inner, where, blocks, depth)
                case nodes.Extends():
                    own = {block.name: (block.body, path) for block in tree.find_all(nodes.Block)}
                    parent, found = self._other(node, path, depth)
                    self.template(parent, found, own | blocks, depth + 1)
                    return
                case nodes.Include():
                    included, found = self._other(node, path, depth)
                    self.template(included, found, {}, depth + 1)
                case nodes.With():
                    self._read(tree, node.body, path, blocks, depth)
                case nodes.Assign() | nodes.AssignBlock() | nodes.Macro():
                    continue
                case nodes.Import() | nodes.FromImport():
                    continue
                case _:
                    raise _VariesError(path, node.lineno)

    def _output(self, node: Any, path: str) -> None:
        from jinja2 import nodes

        for part in node.nodes:
            match part:
                case nodes.TemplateData():
                    self.characters += len(unmarked(self._own.text(part.data)))
                case nodes.Const(value=str()):
                    self.characters += len(part.value)
                case _:
                    raise _VariesError(path, part.lineno)

    def _other(self, node: Any, path: str, depth: int) -> tuple[Any, str]:
        """The tree and the path of a template that a tag names by one literal."""
        from jinja2 import TemplateSyntaxError, nodes

        name = node.template
        if not isinstance(name, nodes.Const) or not isinstance(name.value, str) or depth > _DEEPEST:
            raise _VariesError(path, node.lineno)
        found = self._load(name.value, path)
        if found is None:
            raise _VariesError(path, node.lineno)
        where, text = found
        try:
            return self._parse(text, where, where), where
        except TemplateSyntaxError as error:
            raise _VariesError(path, node.lineno) from error
