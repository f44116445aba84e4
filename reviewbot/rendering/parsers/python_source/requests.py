"""All that one call sends: its instructions, and what it says beside them."""

import ast
from collections.abc import Iterable, Mapping

from reviewbot.rendering.parsers._common.requests import LISTS, MODELS, NAMED_FIRST, SYSTEM, USER
from reviewbot.rendering.parsers._common.sent_parts import sends_both
from reviewbot.rendering.parsers.python_source.called_models import Given, arguments, name_of
from reviewbot.rendering.parsers.python_source.message_values import (
    Message,
    history_message,
    said_message,
)
from reviewbot.rendering.parsers.python_source.messages import messages_of, standing
from reviewbot.rendering.parsers.python_source.scopes import Scope, resolved
from reviewbot.rendering.parsers.python_source.values import hole


def sent_by(node: ast.Call, scope: Scope, modules: Mapping[str, str]) -> list[Message] | None:
    """The messages of a call that has instructions and others; None where it has not both.

    What names no model sends them if both are given to it by name.

    Raises:
        TemplateError: A part of them is known only when the program runs.
    """
    given = arguments(node, scope)
    has_model = name_of(node) in NAMED_FIRST or any(key in MODELS for key, _, _ in given)
    made_by = node.func if isinstance(node.func, ast.Call) else node
    has_model = has_model or sends_both(name_of(node) or name_of(made_by))
    system, several, user = (_first(names, given) for names in (SYSTEM, LISTS, USER))
    if not has_model or system is None or (several is None and user is None):
        return None
    found = [_said("system", *system)]
    if several is not None:
        value, where = several
        inner = messages_of(value, where, modules)
        found += inner or [history_message(hole(value, where), value)]
    if user is not None:
        found += messages_of(*user, modules) or [_said("user", *user)]
    return found


def _first(names: Iterable[str], given: Given) -> tuple[ast.expr, Scope] | None:
    known = {key: (value, where) for key, value, where in given if not _is_none(value)}
    return next((known[name] for name in names if name in known), None)


def _said(role: str, value: ast.expr, scope: Scope) -> Message:
    inner, where = resolved(value, scope)
    if isinstance(inner, ast.List | ast.Tuple):
        said = [said_message(role, inner, "text", where, inner)]
        return standing(said, value.lineno, where, scope)[0]
    return said_message(role, value, "text", scope, value)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
