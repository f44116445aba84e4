"""Functions that give what a model has answered: no text that is sent to it."""

import ast
import re
from collections.abc import Iterable, Sequence

from reviewbot.rendering.parsers._common.requests import is_whole, sends_a_request
from reviewbot.rendering.parsers.python_source.called_models import name_of

_COMPOSES = re.compile(r"(?i)prompt|message|template|build|make|format|render")
"""Functions that only put the parts of a request together."""

_LONG = 60
"""Characters of a text that says more than what stands around an answer."""


def gives_an_answer(nodes: Iterable[ast.AST]) -> bool:
    """Whether a function returns what a model says, by the nodes of its own code.

    Not where it puts the answer into a longer text: this may be the next prompt.
    """
    found = [*nodes]
    names = {
        target.id
        for node in found
        if isinstance(node, ast.Assign) and _asks_a_model(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    given = [it.value for it in found if isinstance(it, ast.Return) and it.value is not None]
    return any(_holds_answer(value, names) for value in given) and not _is_long(given)


def _holds_answer(value: ast.expr, names: set[str]) -> bool:
    return _asks_a_model(value) or any(
        isinstance(node, ast.Name) and node.id in names for node in ast.walk(value)
    )


def _asks_a_model(value: ast.expr) -> bool:
    """Whether a value is made by a call that gets both halves of a request, or a whole one."""
    calls = (node for node in ast.walk(value) if isinstance(node, ast.Call))
    return any(
        not _COMPOSES.search(name_of(call))
        and (is_whole(keys) or sends_a_request(name_of(call), keys))
        for call in calls
        for keys in [{item.arg for item in call.keywords if item.arg}]
    )


def _is_long(values: Sequence[ast.expr]) -> bool:
    """Whether a text in what is returned, outside of calls of models, is long."""
    waiting: list[ast.AST] = [*values]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call) and _asks_a_model(node):
            continue
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and len(text) >= _LONG:
            return True
        waiting += ast.iter_child_nodes(node)
    return False
