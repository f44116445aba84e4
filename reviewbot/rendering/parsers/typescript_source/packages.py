"""The packages that names come from: `import`, `require`, and what compilers make of them."""

import re

from tree_sitter import Node

from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.syntax import Source, named, unwrapped

_MOST_NAMES = 4
_OF_COMPILERS = re.compile(r"(?i)interop|importdefault|toesm")
"""What compilers call the functions that give a module its `default`."""


def package_of(node: Node, scope: Scope, source: Source) -> str:
    """The package that a name is imported from; empty where it is not.

    Compilers make `(0, dedent_1.default)` of it, and a call of their own around `require`.
    """
    node = unwrapped(node)
    if node.type == "sequence_expression":
        node = node.named_children[-1]
    steps = source.steps(node)
    if not steps or steps[1:] not in {(), ("default",)}:
        return ""
    return _imported(steps[0], scope, source)[0]


def origin_of(node: Node, scope: Scope, source: Source) -> tuple[str, str]:
    """The package of a class, and what the class is called there; empty where it is not known."""
    steps = source.steps(unwrapped(node))
    if not steps:
        return "", ""
    package, name = _imported(steps[0], scope, source)
    return package, steps[-1] if len(steps) > 1 or not name else name


def _imported(name: str, scope: Scope, source: Source) -> tuple[str, str]:
    for _ in range(_MOST_NAMES):
        found = scope.resolve(name)
        if found is None or found.writes or found.is_again:
            break
        if found.imported:
            return found.imported
        required = _required(found.value or found.part_of, source)
        if required is None:
            break
        if required.type != "identifier":
            return source.string(required), ""
        name = source.text(required)
    return "", ""


def _required(value: Node | None, source: Source) -> Node | None:
    """The name of a package in `require("dedent")`, or the name that an import is made of."""
    for _ in range(_MOST_NAMES):
        value = None if value is None else unwrapped(value)
        if value is None or value.type != "call_expression":
            return None
        called, given = (value.child_by_field_name(n) for n in ("function", "arguments"))
        arguments = named(given) if given is not None else []
        name = source.text(called) if called is not None else ""
        if len(arguments) != 1:
            return None
        if name in {"require", "import"}:
            return arguments[0] if arguments[0].type == "string" else None
        if not _OF_COMPILERS.search(name):
            return None
        if arguments[0].type == "identifier":
            return arguments[0]
        value = arguments[0]
    return None
