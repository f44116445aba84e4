"""What prompts are run with elsewhere than where they are made: `agent.run_sync(q, model=…)`.

A call that names a model, a cap or a setting of the request asks it for the prompts of the object
that it is called on, or that it is given: an agent, a crew's member. So do a decorator for the
prompts of its function, and a statement that sets the model of an object (`agent.model = …`) or of
a whole library (`Settings.llm = …`).
"""

import ast
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct

from reviewbot.rendering.parsers._common.asked import Asked, over
from reviewbot.rendering.parsers._common.requests import (
    CAPS,
    MODELS,
    SETTINGS,
    SYSTEM,
    is_setting,
    sold_by,
)
from reviewbot.rendering.parsers._common.told_requests import also_asked
from reviewbot.rendering.parsers.python_source.blocks import Function, children
from reviewbot.rendering.parsers.python_source.called_models import asked, name_of, of_model
from reviewbot.rendering.parsers.python_source.scopes import Scope, Steps, steps_of
from reviewbot.rendering.parsers.python_source.setting_values import number_at, text_at, told

_OF_MEMBERS = {"agents", "agent", "members", "team", "participants", "starting_agent"}
"""What a group of agents is made with, whose own settings hold for all of them."""

_SAYING = {*MODELS, *CAPS, *SETTINGS, "lm"}
_SETTING_UP = re.compile(r"configure\Z|set_default_|set_global_")
_NAMED_FIRST = {"simple", "complex", "call", "set_default_model", "set_lm"}
"""Decorators and functions whose first argument is a model's name."""

Plain = Callable[[Steps], Steps]
"""A path as other methods and statements of the file call it."""


class Run(Struct, frozen=True):
    """What is asked for in a line for the prompts at a path.

    `is_for_all` says that it holds for all of the file if none stands there.
    """

    path: Steps
    line: int
    asked: Asked
    is_for_all: bool = False


class Runs:
    """The runs of one file, of which `nodes` are all."""

    def __init__(self, nodes: Iterable[ast.AST]) -> None:
        self._found: list[Run] = []
        self._nodes = nodes

    def look_at(self, statement: ast.stmt, scope: Scope) -> None:
        """Keep what a statement asks for, by itself."""
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in statement.decorator_list:
                said = _of_decorator(decorator, scope)
                self._take((statement.name,), decorator.lineno, said, scope)
        for node in _own_calls(statement) if self._has_calls(statement) else ():
            self._call(node, scope)
        match statement:
            case ast.Assign(targets=[ast.Attribute(value=holder, attr=key)], value=value):
                steps = steps_of(holder)
                if steps and steps not in {("self",), ("cls",)}:
                    said = _set_to(key, value, scope)
                    self._take(steps, value.lineno, said, scope, is_for_all=len(steps) == 1)

    def lend(
        self,
        found: Mapping[Steps, dict[str, Any]],
        uses: Iterable[tuple[Steps, Steps]],
        plain: Plain,
    ) -> None:
        """Tell the prompts what they are run with, and the constants that they are `uses` of."""
        if not self._found:
            return
        behind: dict[Steps, list[Steps]] = {}
        for path, own in uses:
            behind.setdefault(path, []).append(own)
        prompts = {path: plain(path) for path, item in found.items() if "messages" in item}
        for run in self._found:
            place = plain(run.path)
            concerned = [
                path
                for path, own in prompts.items()
                if own[: len(place)] == place and _SAYING.isdisjoint(own[len(place) :])
            ]
            if not concerned and run.is_for_all:
                concerned = [*prompts]
            several = {*concerned, *(own for path in concerned for own in behind.get(path, ()))}
            for path in sorted(several):
                if "messages" in found.get(path, ()):
                    also_asked(found[path], run.asked.said(), run.line)

    def _has_calls(self, statement: ast.stmt) -> bool:
        """Whether a call that asks for anything stands in the lines of a statement."""
        decorators = getattr(statement, "decorator_list", ())
        place = bisect_left(self._lines, min(it.lineno for it in (statement, *decorators)))
        last = statement.end_lineno or statement.lineno
        return place < len(self._lines) and self._lines[place] <= last

    @cached_property
    def _lines(self) -> list[int]:
        """The lines of calls that ask for anything, sorted."""
        calls = (node for node in self._nodes if isinstance(node, ast.Call) and node.keywords)
        return sorted({node.lineno for node in calls if _is_saying(node)})

    def _call(self, node: ast.Call, scope: Scope) -> None:
        name = name_of(node)
        if _SETTING_UP.match(name):
            self._take((name,), node.lineno, _set_up(node, scope), scope, is_for_all=True)
        elif _is_saying(node) and (objects := [*_objects_of(node)]):
            said = asked(node, scope)
            for steps in objects:
                self._take(steps, node.lineno, said, scope)

    def _take(
        self, steps: Steps, line: int, said: Asked, scope: Scope, *, is_for_all: bool = False
    ) -> None:
        if said != Asked():
            owner = scope.owner(steps[0]) or scope.module()
            self._found.append(Run((*owner.path, *steps), line, said, is_for_all))


def _is_saying(node: ast.Call) -> bool:
    """Whether a call may ask for a model or a setting, by its names."""
    name, keys = name_of(node), {item.arg or "" for item in node.keywords}
    return _SETTING_UP.match(name) is not None or any(
        key in _SAYING or is_setting(key, name, keys, is_model=False) for key in keys
    )


def _of_decorator(node: ast.expr, scope: Scope) -> Asked:
    """What a decorator asks for: `@ell.simple(model=…)`, `@llm.call("openai:gpt-4o")`."""
    if not isinstance(node, ast.Call):
        return Asked()
    first = _first(node, scope) if name_of(node) in _NAMED_FIRST else Asked()
    is_saying = any(item.arg in _SAYING for item in node.keywords)
    return over(asked(node, scope, is_model=True), first) if is_saying or first.model else Asked()


def decorated_prompts(node: Function) -> Iterator[tuple[ast.expr, str]]:
    """What a function's decorators are given as its prompt, and its docstring where it is one.

    That is so under a decorator that names a model, and under one that is called a prompt.
    """
    runs_model = False
    for decorator in node.decorator_list:
        name = name_of(decorator) if isinstance(decorator, ast.Call) else ""
        runs_model |= name in _NAMED_FIRST
        if "prompt" in name.lower():
            yield decorator, name
    first = node.body[0]
    if runs_model and ast.get_docstring(node, clean=False) and isinstance(first, ast.Expr):
        yield first.value, "system"


def signature_text(node: ast.ClassDef) -> ast.expr | None:
    """The docstring of a signature of DSPy, which is its instructions."""
    is_signature = any(steps_of(base)[-1:] == ("Signature",) for base in node.bases)
    first = node.body[0]
    has_text = is_signature and ast.get_docstring(node, clean=False) is not None
    return first.value if has_text and isinstance(first, ast.Expr) else None


def _first(node: ast.Call, scope: Scope) -> Asked:
    text = text_at(node.args[0], scope) if node.args else None
    return Asked() if text is None else Asked(model=sold_by(None, text))


def _set_up(node: ast.Call, scope: Scope) -> Asked:
    """What a library is set up with: `dspy.configure(lm=…)`, `set_default_openai_client(…)`."""
    found = asked(node, scope, is_model=True)
    lm = next((item.value for item in node.keywords if item.arg == "lm"), None)
    if lm is not None:
        return _set_to("model", lm, scope) if lm is not None else found
    given = node.args[0] if node.args else None
    return found if given is None else over(found, _set_to("client", given, scope))


def _set_to(key: str, value: ast.expr, scope: Scope) -> Asked:
    """What an attribute asks for that is set: a model, a cap, or a setting."""
    if key in CAPS:
        number = number_at(value, scope)
        return (
            Asked(request=(told(key, value, scope),))
            if number is None
            else Asked(max_tokens=number)
        )
    if key in MODELS:
        text = text_at(value, scope)
        if text is not None:
            return Asked(model=sold_by(None, text))
        inner = of_model(value, scope)
        return (
            inner
            if inner.names_model
            else over(Asked(request=(told("model", value, scope),)), inner)
        )
    is_asked = key in SETTINGS or key == "client" or is_setting(key, "", (), is_model=False)
    return Asked(request=(told(key, value, scope),)) if is_asked else Asked()


def _objects_of(node: ast.Call) -> Iterator[Steps]:
    """The names of the objects that a call runs: what it is called on, and what it is given."""
    name, keys = name_of(node), {item.arg for item in node.keywords}
    given: list[ast.expr] = []
    if name[:1].isupper():
        given += (item.value for item in node.keywords if item.arg in _OF_MEMBERS)
    elif keys.isdisjoint(SYSTEM):
        given += [*node.args, *(item.value for item in node.keywords if item.arg not in _SAYING)]
        if isinstance(node.func, ast.Attribute):
            given.append(node.func.value)
    for item in given:
        several = item.elts if isinstance(item, ast.List | ast.Tuple) else [item]
        for one in several:
            steps = steps_of(one.func if isinstance(one, ast.Call) else one)
            if steps and steps not in {("self",), ("cls",)}:
                yield steps


def _own_calls(statement: ast.stmt) -> Iterator[ast.Call]:
    """The calls in a statement that stand in none of its own statements."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        for node in children(waiting.pop()):
            if isinstance(node, ast.Call) and node.keywords:
                yield node
            if not isinstance(node, ast.stmt | ast.excepthandler | ast.match_case):
                waiting.append(node)
