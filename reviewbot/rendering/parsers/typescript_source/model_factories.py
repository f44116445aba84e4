"""What functions and choices give that stand for a model: `model: getTitleModel()`.

They are followed through imported files to the calls and texts that name a model. No function is
run: each of its `return`s counts.
"""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace
from tree_sitter import Node

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.given_arguments import (
    Given,
    given_by,
    said,
    within,
)
from reviewbot.rendering.parsers.typescript_source.model_names import MAKES_OWN, callee_of
from reviewbot.rendering.parsers.typescript_source.objects import entries, returns
from reviewbot.rendering.parsers.typescript_source.syntax import FUNCTIONS, named, unwrapped
from reviewbot.rendering.parsers.typescript_source.test_conditions import holds_in_tests
from reviewbot.rendering.parsers.typescript_source.usual_choices import (
    UndecidedError,
    UsualChoices,
)
from reviewbot.rendering.parsers.typescript_source.usual_returns import returned
from reviewbot.rendering.parsers.typescript_source.values import Reader

_MOST = 60
"""Names, choices and functions that are looked behind for one model."""

_BY_KEY = {"languageModel", "chatModel", "textModel"}
"""Methods of a provider by which a model is taken out of it."""

CHOICES = {"ternary_expression", "binary_expression"}
_NO_MODEL = {"null", "undefined"}


class Way(Struct, frozen=True, kw_only=True):
    """An expression that may stand for a model, its scope, and who reads its file.

    `is_test` says that it does so in tests only. `given` is what its functions are given.
    """

    reader: Reader
    node: Node
    scope: Scope
    is_test: bool = False
    given: Given = ()

    def at(self, reader: Reader, node: Node, scope: Scope, *, is_test: bool = False) -> "Way":
        """Another expression, to which this one leads."""
        is_test = is_test or self.is_test
        return Way(reader=reader, node=node, scope=scope, is_test=is_test, given=self.given)


def ways_of(reader: Reader, node: Node, scope: Scope) -> list[Way]:
    """All that an expression may stand for; nothing where that is not told, or is too much."""
    try:
        return [*_followed(Way(reader=reader, node=node, scope=scope))]
    except (TemplateError, _TooManyError):
        return []


class _TooManyError(Exception):
    """More stands behind an expression than is looked at."""


def _followed(first: Way) -> Iterator[Way]:
    seen: set[tuple[object, ...]] = set()
    waiting = [first]
    while waiting:
        way = waiting.pop()
        key = id(way.reader), way.node.id, way.is_test, said(way.given)
        if key in seen:
            continue
        seen.add(key)
        if len(seen) > _MOST:
            raise _TooManyError
        with within(way.given):
            further = _further(way)
        if further is None:
            if way.node.type not in _NO_MODEL:
                yield way
        else:
            waiting += reversed(further)


def _further(way: Way) -> list[Way] | None:
    """What stands one step behind an expression; None of what names a model by itself."""
    reader = way.reader
    node, scope = reader.lookup.made(way.node, way.scope)
    if node.id != way.node.id:
        return [replace(way, node=node, scope=scope)]
    if (told := reader.imported(node, scope)) is not None:
        return [way.at(*told)]
    if node.type == "ternary_expression":
        return _sides(way)
    if node.type != "call_expression":
        return None
    function = node.child_by_field_name("function")
    called = None if function is None else unwrapped(function)
    if called is None:
        return None
    by_key = _by_key(way, called)
    return _returned(way, called) if by_key is None else by_key


def _sides(way: Way) -> list[Way] | None:
    asked, *sides = (
        way.node.child_by_field_name(name) for name in ("condition", "consequence", "alternative")
    )
    if asked is None:
        return None
    return [
        way.at(
            way.reader,
            side,
            way.scope,
            is_test=holds_in_tests(asked, way.reader.source, way.scope, is_on=on),
        )
        for side, on in zip(sides, (True, False), strict=True)
        if side is not None
    ]


def _function(way: Way, called: Node) -> tuple[Reader, Node, Scope] | None:
    """The function of the project that is called."""
    if called.type in FUNCTIONS:
        return way.reader, called, way.scope
    found = way.reader.functions.called(called, way.scope)
    return found if found is not None and found[1].type in FUNCTIONS else None


def _entered(way: Way, function: tuple[Reader, Node, Scope]) -> Way:
    """A call with what it gives to its function."""
    return replace(way, given=given_by((way.reader, way.node, way.scope), function))


def usual_way(way: Way) -> tuple[Way, bool] | None:
    """What is meant where nothing outside says otherwise, and whether nothing could.

    None where the source does not tell.
    """
    choices = UsualChoices()
    try:
        for _ in range(_MOST):
            with within(way.given):
                further = _usual_step(way, choices)
            if further is None:
                return way, choices.is_settled
            way = further
    except (TemplateError, UndecidedError):
        pass
    return None


def _usual_step(way: Way, choices: UsualChoices) -> Way | None:
    reader = way.reader
    node, scope = reader.lookup.made(way.node, way.scope)
    if node.id != way.node.id:
        return way.at(reader, node, scope)
    if (told := reader.imported(node, scope)) is not None:
        return way.at(*told)
    if node.type in CHOICES:
        chosen = choices.chosen(way)
        return None if chosen is None else way.at(reader, chosen, scope)
    called = node.child_by_field_name("function") if node.type == "call_expression" else None
    found = None if called is None else _function(way, unwrapped(called))
    if found is None:
        return None
    way = _entered(way, found)
    reader, function, scope = found
    body = function.child_by_field_name("body")
    if body is None or any(child.type == "*" for child in function.children):
        raise UndecidedError
    if body.type != "statement_block":
        return way.at(reader, body, reader.scopes.of(function, scope))
    with within(way.given):
        here = way.at(reader, body, reader.scopes.of(function, scope))
        chosen = returned(choices, here, named(body))
    if chosen is None:
        raise UndecidedError
    return way.at(reader, chosen, reader.scopes.at(chosen))


def _returned(way: Way, called: Node) -> list[Way] | None:
    """What the function returns that is called; None where it is none of the project."""
    if (found := _function(way, called)) is None:
        return None
    way = _entered(way, found)
    reader, function, scope = found
    body = function.child_by_field_name("body")
    if body is None or any(child.type == "*" for child in function.children):
        return None
    if body.type != "statement_block":
        return [way.at(reader, body, reader.scopes.of(function, scope))]
    given = [
        way.at(reader, item, reader.scopes.at(item), is_test=_is_of_test(reader, one, body))
        for one in returns(body)
        for item in named(one)
    ]
    return given or None


def _is_of_test(reader: Reader, node: Node, body: Node) -> bool:
    """Whether a statement of a function is reached in tests only."""
    above = node.parent
    while above is not None and node.id != body.id:
        asked = above.child_by_field_name("condition")
        if above.type == "if_statement" and asked is not None and node.id != asked.id:
            other = above.child_by_field_name("alternative")
            is_on = other is None or other.id != node.id
            if holds_in_tests(asked, reader.source, reader.scopes.at(node), is_on=is_on):
                return True
        node, above = above, above.parent
    return False


def _by_key(way: Way, called: Node) -> list[Way] | None:
    """The models under a key of a provider of the project; None where there is no such provider."""
    on, method = (called.child_by_field_name(name) for name in ("object", "property"))
    given = way.node.child_by_field_name("arguments")
    items = named(given) if given is not None else []
    if on is None or method is None or way.reader.source.text(method) not in _BY_KEY:
        return None
    if len(items) != 1 or items[0].type != "string":
        return None
    key = way.reader.source.string(items[0])
    found: list[Way] = []
    for one in ways_of(way.reader, on, way.scope):
        value = (_models_of(one) or {}).get(key)
        if value is not None:
            found.append(replace(one, node=value, is_test=way.is_test or one.is_test))
        elif not one.is_test:
            return None
    return found or None


def _models_of(way: Way) -> dict[str, Node] | None:
    """The models of `customProvider({ languageModels: { … } })` by their keys."""
    source = way.reader.source
    given = way.node.child_by_field_name("arguments")
    if given is None or callee_of(way.node, source) != MAKES_OWN:
        return None
    items = named(given)
    keys = entries(items[0], source) if len(items) == 1 else None
    models = (keys or {}).get("languageModels")
    return {} if models is None else entries(models, source)
