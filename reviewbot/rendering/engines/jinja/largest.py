"""The largest reading of a Jinja2 template that no sample gives values for.

Nobody knows which branches production takes, so of each the longest arm is read, every loop runs at
least once, and every variable is empty. The result is at least as long as any rendering is without
its variables' own text. Runs in the rendering process only.
"""

from collections.abc import Callable, Iterable
from typing import Any

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

AT_LEAST_ONCE = "at_least_once"
"""The environment's method that gives a loop one empty item where it has none."""


def largest_reading(tree: Any, included_characters: Callable[[str], int]) -> Any:
    """`tree`, changed in place; `included_characters` says how long an included file is."""
    return _Largest(_Sizes(tree, included_characters)).visit(tree)


class _Sizes:
    """How much text of its own a part of a template may print, in characters."""

    def __init__(self, tree: Any, included_characters: Callable[[str], int]) -> None:
        self._included = included_characters
        self._known: dict[int, int] = {}
        self._named: dict[str, int] = {}
        for node in tree.find_all((nodes.Macro, nodes.AssignBlock)):
            name = node.name if isinstance(node, nodes.Macro) else getattr(node.target, "name", "")
            self._named[name] = 1
            self._named[name] = max(self._named[name], self.of_all(node.body))

    def of_all(self, body: Iterable[Any]) -> int:
        """The sum of several parts."""
        return sum(map(self.of, body))

    def of(self, node: Any) -> int:
        """The size of one part; of alternatives, the largest."""
        if id(node) not in self._known:
            self._known[id(node)] = self._of(node)
        return self._known[id(node)]

    def arms(self, node: Any) -> list[list[Any]]:
        """The alternatives of a branch."""
        return [node.body, *(arm.body for arm in node.elif_), node.else_]

    def _of(self, node: Any) -> int:
        match node:
            case nodes.TemplateData(data=text) | nodes.Const(value=str() as text):
                size = len(text)
            case nodes.Name(name=name):
                size = self._named.get(name, 1)
            case nodes.Call():
                size = self.of(node.node)
            case nodes.Include(template=nodes.Const(value=str() as name)):
                size = self._included(name)
            case nodes.Macro() | nodes.Assign() | nodes.AssignBlock() | nodes.Test():
                size = 0
            case _:
                size = max(map(self.of_all, self._alternatives(node)))
        return size

    def _alternatives(self, node: Any) -> list[list[Any]]:
        match node:
            case nodes.If():
                return self.arms(node)
            case nodes.For():
                return [node.body, node.else_]
            case nodes.CondExpr():
                return [[node.expr1], [node.expr2] if node.expr2 else []]
            case nodes.And() | nodes.Or():
                return [[node.left], [node.right]]
            case _:
                return [list(node.iter_child_nodes())]


class _Largest(NodeTransformer):
    def __init__(self, sizes: _Sizes) -> None:
        self._sizes = sizes
        self._macros: list[str] = []

    def visit_If(self, node: Any) -> Any:  # noqa: N802 - Jinja2 finds it by this name
        """The longest arm; a literal condition stays what it is."""
        if isinstance(node.test, nodes.Const):
            return self.generic_visit(node)
        longest = max(self._sizes.arms(node), key=self._sizes.of_all)
        return self._all(longest)

    def visit_For(self, node: Any) -> Any:  # noqa: N802 - likewise
        """A loop that runs at least once, or what stands for an empty one where that is longer."""
        if self._sizes.of_all(node.else_) > self._sizes.of_all(node.body):
            return self._all(node.else_)
        if node.recursive:
            return self._all(node.body)
        width = len(node.target.items) if isinstance(node.target, nodes.Tuple) else 0
        once = nodes.EnvironmentAttribute(AT_LEAST_ONCE, lineno=node.lineno)
        given = [self.visit(node.iter), nodes.Const(width, lineno=node.lineno)]
        node.iter = nodes.Call(once, given, [], None, None, lineno=node.lineno)
        node.test = None
        node.body = self._all(node.body)
        return node

    def visit_CondExpr(self, node: Any) -> Any:  # noqa: N802 - likewise
        """The longer of both values."""
        if isinstance(node.test, nodes.Const):
            return self.generic_visit(node)
        arms = [node.expr1, *([node.expr2] if node.expr2 else [])]
        return self.visit(max(arms, key=self._sizes.of))

    def visit_And(self, node: Any) -> Any:  # noqa: N802 - likewise
        """What `name and "text"` gives where the name is true."""
        longer = max((node.left, node.right), key=self._sizes.of)
        return self.visit(longer) if self._sizes.of(longer) > 1 else self.generic_visit(node)

    def visit_Getitem(self, node: Any) -> Any:  # noqa: N802 - likewise
        """Of a table that is written out, its longest entry."""
        table = node.node
        values = table.items if isinstance(table, nodes.List | nodes.Tuple) else []
        if isinstance(table, nodes.Dict):
            values = [pair.value for pair in table.items]
        if not values or isinstance(node.arg, nodes.Const):
            return self.generic_visit(node)
        return self.visit(max(values, key=self._sizes.of))

    def visit_Macro(self, node: Any) -> Any:  # noqa: N802 - likewise
        """A macro; the calls of itself that it holds would never end."""
        self._macros.append(node.name)
        changed = self.generic_visit(node)
        self._macros.pop()
        return changed

    def visit_Call(self, node: Any) -> Any:  # noqa: N802 - likewise
        """A call, unless a macro calls itself."""
        if isinstance(node.node, nodes.Name) and node.node.name in self._macros:
            return nodes.Const("", lineno=node.lineno)
        return self.generic_visit(node)

    def visit_Break(self, node: Any) -> None:  # noqa: N802 - likewise
        """Nothing: a loop that runs once is read to its end."""

    visit_Continue = visit_Break  # noqa: N815 - likewise

    def _all(self, body: Iterable[Any]) -> list[Any]:
        found: list[Any] = []
        for node in body:
            changed = self.visit(node)
            if changed is not None:
                found += [changed] if isinstance(changed, nodes.Node) else changed
        return found
