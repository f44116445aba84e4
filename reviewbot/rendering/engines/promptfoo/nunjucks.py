"""Nunjucks templates, rendered by Jinja2 where both are the same language.

What Nunjucks prints otherwise is printed its way; what it does otherwise is refused by name. It is
set up without autoescape, as promptfoo sets it up. Runs in the rendering process only.
"""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from reviewbot.prompt import CompiledTemplate
from reviewbot.rendering.engines import Load, Undefined, jinja
from reviewbot.rendering.engines._common import javascript
from reviewbot.rendering.engines.promptfoo import values
from reviewbot.rendering.engines.promptfoo.filters import FILTERS

_Find = Callable[[Any, Any], Any]
_MARK = {"nunjucks": True}
"""Tells the environment from that of Jinja2 templates with the same options."""


def compile_template(
    text: str, *, name: str, load: Load, undefined: Undefined, options: Mapping[str, Any]
) -> CompiledTemplate:
    """What renders `text`."""
    from reviewbot.rendering.engines.jinja.environment import environment_for

    options = {**options, "keep_trailing_newline": True, **_MARK}
    _prepare(environment_for(undefined, json.dumps(options, sort_keys=True)), undefined, options)
    inner = jinja.compile_template(text, name=name, load=load, undefined=undefined, options=options)
    return replace(inner, render=lambda given: inner.render(values.values(dict(given))))


def _prepare(environment: Any, undefined: Undefined, options: Mapping[str, Any]) -> None:
    if environment.finalize is not None:
        return
    nowhere: Any = ()
    if undefined == "error":
        environment.undefined = nowhere = _missing()
    for name in {"dict", "namespace", "lipsum"} - options.get("functions", {}).keys():
        environment.globals.pop(name, None)
    kept = {name: environment.filters[name] for name in options.get("filters", {})}
    environment.filters.clear()
    environment.filters.update({**FILTERS, "string": _printed, **_OPERATORS, **kept})
    environment.tests["number"] = _is_number
    environment.tests["iterable"] = _is_iterable
    parse, environment.shares_code = environment.parse, False
    environment.finalize = _finalized
    methods = options.get("methods", {})
    environment.getattr = _members(environment, environment.getattr, methods, nowhere)
    environment.getitem = _members(environment, environment.getitem, {}, nowhere)
    environment.parse = lambda *arguments: _checked(parse(*arguments))


def _members(environment: Any, find: _Find, methods: Mapping[str, Any], nowhere: Any) -> _Find:
    """What finds members: of data as JavaScript does, of all else as the sandbox does.

    A member of what is `nowhere` is nowhere too, and has no methods.
    """

    def member(value: Any, key: Any) -> Any:
        if isinstance(value, nowhere) and value.is_no_variable():
            return value
        if not _is_data(value) or (isinstance(key, str) and key in methods):
            return find(value, key)
        if isinstance(value, dict) and isinstance(key, str) and key in value:
            return value[key]
        if key == "length" and isinstance(value, str | list | tuple | range):
            return values.length(value)
        if isinstance(value, str | list) and type(key) is int and 0 <= key < len(value):
            return value[key]
        return environment.undefined(hint=f"{str(key)!r} is undefined")

    return member


def _missing() -> Any:
    """What is not there: an error where it is printed.

    In conditions and loops a variable that no sample gives is an error too; a member that a given
    value lacks is false, and so is a parameter that a macro is not given.
    """
    from jinja2 import ChainableUndefined
    from jinja2.utils import missing

    class Missing(ChainableUndefined):
        def __str__(self) -> str:
            return str(self._fail_with_undefined_error())

        def is_no_variable(self) -> bool:
            return self._undefined_hint is None and self._undefined_obj is missing

        def _require(self) -> None:
            if self.is_no_variable():
                self._fail_with_undefined_error()

        def __bool__(self) -> bool:
            self._require()
            return False

        def __iter__(self) -> Any:
            self._require()
            return iter(())

        def __len__(self) -> int:
            self._require()
            return 0

        def __eq__(self, other: object) -> bool:
            self._require()
            return isinstance(other, ChainableUndefined)

        def __hash__(self) -> int:
            self._require()
            return super().__hash__()

    return Missing


def _is_data(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | list | tuple | range | dict)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_iterable(value: Any) -> bool:
    return isinstance(value, str | list | range)


def _finalized(value: Any) -> Any:
    """What a tag prints; an inline `if` without `else` prints nothing."""
    from jinja2 import Undefined as Nothing

    if type(value) is Nothing:
        return ""
    return value if isinstance(value, Nothing) else values.text(value)


def _added(value: Any) -> str:
    """A value that `~` adds to a text."""
    from jinja2 import Undefined as Nothing

    if type(value) is Nothing:
        return "undefined"
    return "null" if value is None else str(_printed(value))


def _printed(value: Any) -> Any:
    from jinja2 import Undefined as Nothing

    return str(value) if isinstance(value, Nothing) else values.text(value)


def _equal(first: Any, second: Any) -> bool:
    from jinja2 import Undefined as Nothing

    first, second = (
        None if isinstance(item, Nothing) and not item else item for item in (first, second)
    )
    return javascript.same(first, second)


def _number(value: Any) -> Any:
    """An operand of arithmetic; JavaScript makes NaN of most that is no number.

    Raises:
        TypeError: It is none.
    """
    from jinja2 import Undefined as Nothing

    if isinstance(value, int | float | Nothing):
        return value
    raise TypeError("only numbers can be computed with")


def _remainder(first: Any, second: Any) -> Any:
    first, second = _number(first), _number(second)
    if isinstance(first, int | float) and isinstance(second, int | float):
        return math.fmod(first, second)
    return first % second


def _elements(value: Any) -> Any:
    """What a loop by one name goes over: no object, and nothing of what has no elements."""
    from jinja2 import Undefined as Nothing

    return value if isinstance(value, list | str | range | Nothing) else ()


def _entries(value: Any) -> Any:
    """What a loop by several names goes over."""
    from jinja2 import Undefined as Nothing

    if isinstance(value, dict):
        return values.Fields(value)
    return value if isinstance(value, list | Nothing) else ()


_OPERATORS = {
    "__add": _added,
    "__elements": _elements,
    "__entries": _entries,
    "__equal": _equal,
    "__number": _number,
    "__remainder": _remainder,
    "__values": values.values,
}
"""The filters that stand for operators and loops; no template can name them."""


_SAFE = {"safe", "e", "escape"}
_OF_NO_SAFE = {"dump", "first", "last", "list", "reverse", "urlencode"}
"""Filters that see that what `safe` gives is no mere text."""


def _checked(tree: Any) -> Any:
    """The syntax tree, in which `==` and `~` are JavaScript's.

    Raises:
        TemplateSyntaxError: It holds what Nunjucks has not, or does otherwise.
    """
    from jinja2 import nodes

    for loop in tree.find_all(nodes.For):
        if loop.test is not None or loop.recursive:
            raise _refusal("Nunjucks has no `if` and no `recursive` in `for`", loop)
        for inner in loop.find_all((nodes.Assign, nodes.AssignBlock)):
            raise _refusal("`set` in a loop changes the variable outside of it in Nunjucks", inner)
    for node in tree.find_all((nodes.With, nodes.NSRef, nodes.Slice, nodes.Tuple)):
        if not isinstance(node, nodes.Tuple) or node.ctx == "load":
            raise _refusal("Nunjucks has no such tag or expression", node)
    for node in tree.find_all(nodes.Filter):
        inner = node.node
        if node.name in _OF_NO_SAFE and isinstance(inner, nodes.Filter) and inner.name in _SAFE:
            raise _refusal(f"`{node.name}` of what `{inner.name}` gives is an object", node)
    _Rewriting().visit(tree)
    return tree


def _refusal(what: str, node: Any) -> Exception:
    from jinja2 import TemplateSyntaxError

    return TemplateSyntaxError(what, node.lineno)


class _Rewriting:
    """Puts JavaScript's operators in the place of Jinja2's."""

    def visit(self, node: Any) -> Any:
        from jinja2 import nodes

        waiting = [node]
        while waiting:
            parent = waiting.pop()
            if isinstance(parent, nodes.Filter) and parent.name == "__values":
                waiting.append(parent.node)
                continue
            for name, value in list(parent.iter_fields()):
                if isinstance(value, nodes.Node):
                    setattr(parent, name, self._rewritten(value))
                elif isinstance(value, list):
                    setattr(parent, name, [self._rewritten(item) for item in value])
            waiting += parent.iter_child_nodes()
        return node

    def _rewritten(self, node: Any) -> Any:
        from jinja2 import nodes

        if isinstance(node, nodes.For):
            one = isinstance(node.target, nodes.Name)
            node.iter = _filtered("__elements" if one else "__entries", node.iter)
        elif isinstance(node, nodes.List | nodes.Dict):
            return _filtered("__values", node)
        elif isinstance(node, nodes.Mod):
            return _filtered("__remainder", node.left, node.right)
        elif isinstance(node, nodes.Sub | nodes.Mul | nodes.Div | nodes.FloorDiv | nodes.Pow):
            node.left = _filtered("__number", node.left)
            node.right = _filtered("__number", node.right)
        elif isinstance(node, nodes.Concat):
            node.nodes = [_filtered("__add", item) for item in node.nodes]
        elif isinstance(node, nodes.Pair) and isinstance(node.key, nodes.Name):
            node.key = nodes.Const(node.key.name, lineno=node.key.lineno)
        elif isinstance(node, nodes.Compare) and len(node.ops) == 1:
            (operand,) = node.ops
            if operand.op in {"eq", "ne"}:
                same = _filtered("__equal", node.expr, operand.expr)
                return same if operand.op == "eq" else nodes.Not(same, lineno=node.lineno)
        return node


def _filtered(name: str, node: Any, *arguments: Any) -> Any:
    """A call of a filter, as the syntax tree has it."""
    from jinja2 import nodes

    return nodes.Filter(node, name, list(arguments), [], None, None, lineno=node.lineno)
