"""Computed expressions with what their names stand for, so that other names make no other one."""

import ast
import copy
import json

from reviewbot.rendering.parsers._common.digests import digest_of
from reviewbot.rendering.parsers.python_source.known_names import known_names
from reviewbot.rendering.parsers.python_source.own_attributes import OBJECTS
from reviewbot.rendering.parsers.python_source.scopes import Scope

_MOST_PUT_IN = 20
_DEEPEST = 8
_MOST_NODES = 2_000


def digest_of_meant(node: ast.expr, scope: Scope) -> str | None:
    """A digest of an expression and of what its names stand for; None where the file says nothing.

    A name that one statement sets stands for what it is set to, an argument for its position.
    """
    put_in = _PutIn(scope)
    meant = put_in.visit(copy.deepcopy(node)) if _size(node) <= _MOST_NODES else node
    known = known_names(meant, scope)
    if not known and not put_in.count and not put_in.given:
        return None
    for name, position in put_in.given.items():
        known.pop(name, None)
        for item in ast.walk(meant):
            if isinstance(item, ast.Name) and item.id == name:
                item.id = f"argument {position}"
    return digest_of(f"{ast.dump(meant)} where {json.dumps(known, sort_keys=True)}")


class _PutIn(ast.NodeTransformer):
    """Puts what names are set to in their places; `given` are the arguments by position."""

    def __init__(self, scope: Scope) -> None:
        self.count = 0
        self.given: dict[str, int] = {}
        self._scope = scope
        self._busy: list[str] = []

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """A name, or what it is set to."""
        owner = self._scope.owner(node.id)
        if owner is None or node.id in OBJECTS:
            return node
        said = owner.sayings(node.id)
        if not said and node.id in owner.given:
            self.given[node.id] = owner.given.index(node.id)
        value = _set_once(said[0].node, node.id) if len(said) == 1 else None
        is_room = self.count < _MOST_PUT_IN and len(self._busy) < _DEEPEST
        if value is None or node.id in self._busy or not is_room or _size(value) > _MOST_NODES:
            return node
        self.count += 1
        self._busy.append(node.id)
        found: ast.expr = self.visit(copy.deepcopy(value))
        self._busy.pop()
        return found


def _set_once(node: ast.AST, name: str) -> ast.expr | None:
    """What a statement sets a name to, and nothing else."""
    match node:
        case ast.Assign(targets=[ast.Name(id=own)], value=value) if own == name:
            return value
        case ast.AnnAssign(target=ast.Name(id=own), value=ast.expr() as value) if own == name:
            return value
    return None


def _size(node: ast.AST) -> int:
    return sum(1 for _, _ in zip(ast.walk(node), range(_MOST_NODES + 1), strict=False))
