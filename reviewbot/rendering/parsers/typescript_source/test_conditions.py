"""Conditions of TypeScript that hold in tests only: `process.env.NODE_ENV === "test"`."""

from tree_sitter import Node

from reviewbot.rendering.parsers._common.test_conditions import compares_to_test, says_test
from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.syntax import Source, named, unwrapped

_AND = {"&&"}
_JOINING = {"&&", "||"}
_SAME = {"===": True, "==": True, "!==": False, "!=": False}


def holds_in_tests(node: Node, source: Source, scope: Scope, *, is_on: bool) -> bool:
    """Whether a condition is met, or with `is_on` False not met, in tests only.

    What a function is given may be anything, whatever it is called.
    """
    node = unwrapped(node)
    if node.type == "unary_expression" and source.text(node.children[0]) == "!":
        inner = node.child_by_field_name("argument")
        return inner is not None and holds_in_tests(inner, source, scope, is_on=not is_on)
    operator = node.child_by_field_name("operator")
    said = source.text(operator) if operator is not None else ""
    if node.type == "binary_expression" and said in _JOINING:
        sides = (holds_in_tests(side, source, scope, is_on=is_on) for side in named(node))
        return any(sides) if (said in _AND) is is_on else all(sides)
    if node.type == "binary_expression" and said in _SAME:
        return _SAME[said] is is_on and _compares(named(node), source)
    steps = source.steps(node)
    if not is_on or not steps or not says_test(steps[-1]):
        return False
    declared = scope.resolve(steps[0]) if len(steps) == 1 else None
    return declared is None or declared.kind != "parameter"


def _compares(sides: list[Node], source: Source) -> bool:
    texts = [source.string(side) for side in sides if side.type == "string"]
    names = [steps[-1] for side in sides if (steps := source.steps(side))]
    return len(texts) == len(names) == 1 and compares_to_test(names[0], texts[0])
