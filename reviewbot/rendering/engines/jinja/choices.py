"""The values in a Jinja2 template's expressions of which a sample may print one and not another.

Each is wrapped in a call of the environment that records it, and gives it back as it is. Conditions
are left alone: they print nothing. Runs in the rendering process only.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from reviewbot.rendering.engines.jinja.expressions import (
    begins_with_text,
    description,
    has_variable,
    is_range,
    literal_text,
    may_be_long,
    may_count,
    words,
)
from reviewbot.rendering.recorded_choices import MOST_CHOICES, RECORD

_DEFAULTS = frozenset({"default", "d"})
_DEEPEST = 60
"""Parts of a template that stand within each other; each is twice as deep once it is recorded."""

_NOTHING = object()


class Choices:
    """What the environment calls to record values."""

    def __init__(self) -> None:
        self._noted: dict[int, Any] = {}

    def reached(self, number: int, value: Any) -> Any:
        """A value that is computed only where it is printed."""
        RECORD.reach(number)
        return value

    def filled(self, number: int, value: Any) -> Any:
        """A value that says nothing where it is an empty text or list."""
        if not isinstance(value, str | list | tuple | range) or len(value):
            RECORD.reach(number)
        return value

    def noted(self, number: int, value: Any) -> Any:
        """A value of which `chosen` tells whether it was taken."""
        self._noted[number] = value
        return value

    def chosen(self, numbers: Iterable[int], value: Any) -> Any:
        """What one of several noted values became."""
        for number in numbers:
            if self._noted.pop(number, _NOTHING) is value:
                RECORD.reach(number)
        return value


def recorded(tree: Any, path: str, *, prints_by_statements: bool) -> Any:
    """`tree`, the template at `path`, in which values that may be left out are recorded; in place.

    `prints_by_statements` says that lines of the template may be statements. A tree that is too
    deep stays as it is, and counts as a value that nothing comes to.
    """
    if _is_deep(tree):
        RECORD.add(path, 1, f"deep {len(list(islice(words(tree), MOST_CHOICES)))}")
        return tree
    recording = _Recording(path, _printed_names(tree), prints_by_statements=prints_by_statements)
    return recording.visit(tree)


def _is_deep(tree: Any) -> bool:
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > _DEEPEST:
            return True
        waiting += [(child, depth + 1) for child in node.iter_child_nodes()]
    return False


def _printed_names(tree: Any) -> set[str]:
    """The variables that are used elsewhere than in conditions."""
    found: set[str] = set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, nodes.Name) and node.ctx == "load":
            found.add(node.name)
        waiting += _printing_parts(node)
    return found


def _printing_parts(node: Any) -> Iterator[Any]:
    """The parts of a node that are no conditions."""
    if isinstance(node, nodes.Compare | nodes.Not | nodes.Test):
        return
    for name, value in node.iter_fields():
        if name != "test":
            parts = value if isinstance(value, list) else [value]
            yield from (part for part in parts if isinstance(part, nodes.Node))


class _Recording(NodeTransformer):
    def __init__(self, path: str, printed: set[str], *, prints_by_statements: bool) -> None:
        self._path = path
        self._printed = printed
        self._prints_by_statements = prints_by_statements
        self._branches = 0

    def _numbered(self, node: Any) -> int:
        text = "" if has_variable(node) or may_be_long(node) else literal_text(node)
        return RECORD.add(self._path, node.lineno, text or description(node), is_text=bool(text))

    def _wrapped(self, how: str, node: Any) -> Any:
        return _called(how, nodes.Const(self._numbered(node), lineno=node.lineno), node)

    def _value(self, node: Any) -> Any:
        """An operand that is computed only where it is taken."""
        changed = self.visit(node)
        return self._wrapped("reached", changed) if may_count(node) else changed

    def _one_of(self, whole: Any, values: list[Any]) -> Any:
        """What gives one of `values`, which are changed in place, all of them computed."""
        numbers = []
        for position, value in enumerate(values):
            if may_count(value):
                values[position] = noted = self._wrapped("noted", value)
                numbers.append(noted.args[0])
        if not numbers:
            return whole
        return _called("chosen", nodes.List(numbers, lineno=whole.lineno), whole)

    def visit_If(self, node: Any) -> Any:  # noqa: N802 - Jinja2 finds it by this name
        """A branch, without its condition."""
        self._branches += 1
        node.body, node.else_ = self._all(node.body), self._all(node.else_)
        for arm in node.elif_:
            arm.body = self._all(arm.body)
        self._branches -= 1
        return node

    def visit_For(self, node: Any) -> Any:  # noqa: N802 - likewise
        """A loop; one whose body begins with no text of its own tells that it is entered."""
        number = None
        if not begins_with_text(node.body):
            number = RECORD.add(self._path, node.lineno, f"for each of {description(node.iter)}")
        if not is_range(node.iter):
            node.iter = self.visit(node.iter)
        self._branches += 1
        node.body, node.else_ = self._all(node.body), self._all(node.else_)
        self._branches -= 1
        if number is not None:
            node.body = [_entered(number, node.lineno), *node.body]
        return node

    def visit_Include(self, node: Any) -> Any:  # noqa: N802 - likewise
        """A file that is printed; in a branch it may be left out, and be printed elsewhere."""
        name = node.template
        if not self._branches or not isinstance(name, nodes.Const):
            return node
        number = RECORD.add(self._path, node.lineno, str(name.value), is_file=True)
        return [_entered(number, node.lineno), node]

    def visit_Output(self, node: Any) -> Any:  # noqa: N802 - likewise
        """What a tag prints; where statements print too, no mark in the text tells of it."""
        self.generic_visit(node)
        if self._prints_by_statements and self._branches:
            node.nodes = [
                part if isinstance(part, nodes.TemplateData) else self._wrapped("reached", part)
                for part in node.nodes
            ]
        return node

    def visit_Assign(self, node: Any) -> Any:  # noqa: N802 - likewise
        """A variable; one that is set in a branch is a value that may be left out."""
        target = node.target
        if isinstance(target, nodes.Name) and target.name not in self._printed:
            return node
        node.node = self._value(node.node) if self._branches else self.visit(node.node)
        return node

    def visit_CondExpr(self, node: Any) -> Any:  # noqa: N802 - likewise
        """Two values, of which one is taken."""
        node.expr1 = self._value(node.expr1)
        if node.expr2 is not None:
            node.expr2 = self._value(node.expr2)
        return node

    def visit_And(self, node: Any) -> Any:  # noqa: N802 - likewise
        """The second value, where the first does not decide."""
        node.left = self.visit(node.left)
        node.right = self._value(node.right)
        return node

    visit_Or = visit_And  # noqa: N815 - likewise

    def visit_Filter(self, node: Any) -> Any:  # noqa: N802 - likewise
        """A default value; other filters are left to their parts."""
        self.generic_visit(node)
        if node.name not in _DEFAULTS or not node.args:
            return node
        values = node.args[:1]
        changed = self._one_of(node, values)
        node.args[:1] = values
        return changed

    def visit_Mul(self, node: Any) -> Any:  # noqa: N802 - likewise
        """A text that is repeated: not at all, or ever so often."""
        changed = self.generic_visit(node)
        return self._wrapped("filled", changed) if has_variable(node) else changed

    def visit_Call(self, node: Any) -> Any:  # noqa: N802 - likewise
        """A range, which may be empty; an entry of a table that is written out."""
        self.generic_visit(node)
        if is_range(node) and has_variable(node):
            return self._wrapped("filled", node)
        is_entry = isinstance(node.node, nodes.Getattr) and isinstance(node.node.node, nodes.Dict)
        return self._entry(node, node.node.node) if is_entry else node

    def visit_Getitem(self, node: Any) -> Any:  # noqa: N802 - likewise
        """An entry of a list or a table that is written out."""
        self.generic_visit(node)
        return node if isinstance(node.arg, nodes.Const) else self._entry(node, node.node)

    def _entry(self, whole: Any, table: Any) -> Any:
        if isinstance(table, nodes.Filter) and table.name == "__values":
            table = table.node
        if isinstance(table, nodes.Dict):
            values = [pair.value for pair in table.items]
            changed = self._one_of(whole, values)
            for pair, value in zip(table.items, values, strict=True):
                pair.value = value
            return changed
        if isinstance(table, nodes.List | nodes.Tuple):
            return self._one_of(whole, table.items)
        return whole

    def visit_Compare(self, node: Any) -> Any:  # noqa: N802 - likewise
        """Nothing of a condition is printed."""
        return node

    visit_Not = visit_Compare  # noqa: N815 - likewise
    visit_Test = visit_Compare  # noqa: N815 - likewise

    def _all(self, body: Iterable[Any]) -> list[Any]:
        found = (self.visit(node) for node in body)
        return [one for some in found for one in (some if isinstance(some, list) else [some])]


def _called(how: str, numbers: Any, node: Any) -> Any:
    function = nodes.EnvironmentAttribute(how, lineno=node.lineno)
    return nodes.Call(function, [numbers, node], [], None, None, lineno=node.lineno)


def _entered(number: int, line: int) -> Any:
    """A statement that prints nothing, and tells that a rendering came to it."""
    nothing = nodes.Const("", lineno=line)
    call = _called("reached", nodes.Const(number, lineno=line), nothing)
    return nodes.ExprStmt(call, lineno=line)
