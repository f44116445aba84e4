"""What functions give whose calls stand in a text, in this file or in another one."""

import ast
from collections.abc import Iterator
from contextvars import ContextVar

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.requests import SYSTEM, USER
from reviewbot.rendering.parsers._common.sent_parts import only_looks
from reviewbot.rendering.parsers._common.texts import (
    Operation,
    Text,
    TooMuchTextError,
    is_small,
    relocated,
    strings_in,
    too_much_given,
)
from reviewbot.rendering.parsers.python_source.blocks import Function
from reviewbot.rendering.parsers.python_source.called_models import name_of
from reviewbot.rendering.parsers.python_source.calls import behind_result
from reviewbot.rendering.parsers.python_source.conditions import text_of_whole
from reviewbot.rendering.parsers.python_source.given_answers import gives_an_answer
from reviewbot.rendering.parsers.python_source.made_objects import function_at, inside
from reviewbot.rendering.parsers.python_source.scopes import Scope, resolved, steps_of

_SENT = (*SYSTEM, *USER, "text", "template", "content")
_LEAST_PASSED_ON = 60
"""Characters of a text; what is shorter is a name or a separator."""

_MOST_RETURNS = 50
_DEEPEST = 20
"""Functions that call each other, each in the text of the one before."""

_TOO_MUCH = Operation("too much")
"""What is kept of a function that gives more than is held."""

_BUSY: ContextVar[tuple[int, ...]] = ContextVar("functions that are read", default=())


def text_given_by(node: ast.expr, scope: Scope) -> Text | None:
    """The text that a call gives, whatever it is given; None where it holds no words.

    Of several `return`s any may be the one, so that the largest counts. A name stands for the call
    that it is set to.
    """
    try:
        call, scope = resolved(node, scope)
        call = call.value if isinstance(call, ast.Await) else call
        if not isinstance(call, ast.Call):
            return None
        given = _given(call.func, scope)
    except TooMuchTextError:
        raise
    except TemplateError:
        return None
    if given is None or not any(map(str.strip, strings_in(given))):
        return None
    return relocated(given, node.lineno)


def text_passed_on(node: ast.expr, scope: Scope) -> Text | None:
    """The text that is given to a function of which nobody knows what it makes of it."""
    call = behind_result(node)
    if not isinstance(call, ast.Call) or only_looks(name_of(call)):
        return None
    keyed = {item.arg: item.value for item in call.keywords}
    value = next((keyed[key] for key in _SENT if key in keyed), None)
    if value is None and not call.args:
        return None
    try:
        found = text_of_whole(call.args[0] if value is None else value, scope)
    except TemplateError:
        return None
    return found if sum(map(len, strings_in(found))) >= _LEAST_PASSED_ON else None


def _given(function: ast.expr, scope: Scope) -> Text | None:
    found = function_at(function, scope)
    if found is None and (steps := steps_of(function)):
        owner = scope.owner(steps[0]) or scope.module()
        told = owner.imports.function(steps)
        found = None if told is None else function_at(*told)
    if found is None:
        return None
    node, path, outer = found
    known, state = outer.module().given_texts, tuple(_sizes(outer))
    if id(node) not in known or known[id(node)][0] != state:
        if id(node) in _BUSY.get() or len(_BUSY.get()) >= _DEEPEST:
            return None
        try:
            text = _largest(node, inside(node, path, outer))
            is_held = is_small(text)
        except TooMuchTextError:
            text, is_held = None, False
        except TemplateError:
            text, is_held = None, True
        known[id(node)] = state, text if is_held else _TOO_MUCH
    text = known[id(node)][1]
    if text is _TOO_MUCH:
        raise too_much_given()
    return text


def _sizes(scope: Scope | None) -> Iterator[int]:
    """How many texts are known by now, in a scope and around it: more may be told with them."""
    while scope is not None:
        yield len(scope.texts)
        scope = scope.outer


def _largest(node: Function, inner: Scope) -> Text | None:
    """What a function gives, in its own scope."""
    token = _BUSY.set((*_BUSY.get(), id(node)))
    try:
        inner.given = [item.arg for item in node.args.args]
        for name, value in inner.nodes.items():
            if (text := text_of_whole(value, inner)) is not None:
                inner.texts[name,] = text
        own = [*inner.module().blocks.own(node.body)]
        values = [it.value for it in own if isinstance(it, ast.Return) and it.value is not None]
        texts = [text_of_whole(value, inner) for value in values[:_MOST_RETURNS]]
        if values and not any(text is not None for text in texts):
            texts = [None if gives_an_answer(own) else _spelt_out(node, inner)]
    finally:
        _BUSY.reset(token)
    told = [text for text in texts if text is not None]
    return told[0] if len(told) == 1 else Operation("largest", *told) if told else None


def _spelt_out(function: Function, scope: Scope) -> Text | None:
    """The long texts in a function that puts them together in a way that is not followed."""
    found: list[Text] = []
    has_docstring = ast.get_docstring(function) is not None
    waiting: list[ast.AST] = [*reversed(function.body[has_docstring:])]
    while waiting and len(found) < _MOST_RETURNS:
        node = waiting.pop()
        if isinstance(node, ast.Constant | ast.JoinedStr):
            text = text_of_whole(node, scope)
            is_long = sum(map(len, strings_in(text))) >= _LEAST_PASSED_ON
            found += [text] if is_long else []
        elif not (isinstance(node, ast.Call) and only_looks(name_of(node))):
            waiting += (
                [] if isinstance(node, ast.Raise) else reversed([*ast.iter_child_nodes(node)])
            )
    return Operation("join", *found) if found else None
