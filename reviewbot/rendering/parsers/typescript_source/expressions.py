"""What expressions say, kept under their names: texts, lists of messages, and what calls get."""

from collections.abc import Callable
from typing import Any

from tree_sitter import Node

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.requests import RUN_A_MODEL, SETTINGS
from reviewbot.rendering.parsers.typescript_source.calls import NO_CALL, Call, Calls
from reviewbot.rendering.parsers.typescript_source.declarations import Declaration, Scope
from reviewbot.rendering.parsers.typescript_source.messages import Messages
from reviewbot.rendering.parsers.typescript_source.names import Names, callee_of, entries_of
from reviewbot.rendering.parsers.typescript_source.objects import key_of
from reviewbot.rendering.parsers.typescript_source.scopes import CLASSES
from reviewbot.rendering.parsers.typescript_source.syntax import (
    FUNCTIONS,
    Source,
    Steps,
    line_of,
    named,
    unwrapped,
)
from reviewbot.rendering.parsers.typescript_source.values import Reader

_CALLS = {"call_expression", "new_expression"}
_SAID = {"ternary_expression", "binary_expression", "arrow_function"}
READ_BY_ITSELF = _CALLS | _SAID | {"assignment_expression"}
"""Expressions that are read though no name is given to them; in others the calls of models are."""

_TO_PEOPLE = {"log", "debug", "info", "warn", "error", "trace"}
_SIDES = ("left", "right", "consequence", "alternative")


def _behind(node: Node) -> Node:
    """The call of whose result an expression is a part, as `(await f()).text`; else itself."""
    made = node
    while made.type in {"member_expression", "subscript_expression"}:
        inner = made.child_by_field_name("object")
        if inner is None:
            return node
        made = unwrapped(inner)
    return made if made.type in _CALLS else node


_NO_TEXT = {"css", "gql", "graphql", "html", "keyframes", "sql", "svg"}
"""Tags of templates that hold code."""

_LEAST_TAGGED = 30


def _add_untold(names: Names, path: Steps, node: Node, source: Source) -> None:
    """A name whose text is not told, or that has none."""
    if tag := _tag_of(node, source):
        what = f"is made by the tag `{tag}`, whose code is not followed"
        names.unclear(path, node, what, _WITHOUT_TAG)
    else:
        names.add_unknown(path, node)


def _tag_of(node: Node, source: Source) -> str:
    """What makes a text of a template with some words, as `stripIndents` or `texts.oneLine`."""
    tag, template = (node.child_by_field_name(name) for name in ("function", "arguments"))
    if tag is None or template is None or template.type != "template_string":
        return ""
    steps = source.steps(unwrapped(tag))
    is_long = len(source.text(template)) >= _LEAST_TAGGED
    return ".".join(steps)[:_LONGEST_TAG] if is_long and _NO_TEXT.isdisjoint(steps) else ""


_LONGEST_TAG = 80
_WITHOUT_TAG = "put its text into a constant without a tag, and name that"


def _told_in(node: Node, source: Source) -> list[Node]:
    """A call; of one that shows something to people, those in it that may run a model, if any."""
    given = node.child_by_field_name("arguments")
    if given is None or callee_of(node, source) not in _TO_PEOPLE:
        return [node]
    made = [_behind(unwrapped(item)) for item in named(given)]
    return [
        item for item in made if item.type in _CALLS and callee_of(item, source) in RUN_A_MODEL
    ] or [node]


class Expressions:
    """Keeps the expressions of one file; functions and classes in them go to `define`."""

    def __init__(
        self, reader: Reader, names: Names, define: Callable[[Node, Steps, Scope], None]
    ) -> None:
        self._source = reader.source
        self._reader = reader
        self._messages = Messages(reader)
        self._calls = Calls(reader, self._messages)
        self._names = names
        self._define = define

    def unnamed(self, node: Node, path: Steps, scope: Scope) -> None:
        """An expression that no name is given to, but perhaps by itself."""
        if node.type == "assignment_expression":
            self._assigned(node, path, scope)
        elif node.type in _CALLS:
            for made in _told_in(node, self._source):
                name = callee_of(made, self._source)
                self.keep(made, self._names.take((*path, name)) if name else path, scope)
        elif node.type in _SAID:
            self.keep(node, path, scope)

    def _assigned(self, node: Node, path: Steps, scope: Scope) -> None:
        left, right = (node.child_by_field_name(n) for n in ("left", "right"))
        if left is None or right is None:
            return
        steps = self._source.steps(left)
        if steps[:2] == ("module", "exports"):
            steps = steps[1:]
        if not steps:
            self.unnamed(unwrapped(right), path, scope)
            return
        found = scope.resolve(steps[0])
        own = self._names.path_of(found.node) if found is not None else None
        if len(steps) == 1 and own is not None and self._names.is_told(own):
            return
        place = (*own, *steps[1:]) if own is not None else (*path, *steps)
        if (taken := self._names.take(place)) != place:
            self._names.changed(place, node, is_set_again=True)
        self.keep(right, taken, scope)

    def keep(
        self, node: Node, path: Steps, scope: Scope, call: Call = NO_CALL, callee: str = ""
    ) -> None:
        """Keep what an expression says under a path."""
        node = unwrapped(node)
        if not self._names.takes(path):
            return
        if node.type in FUNCTIONS or node.type in CLASSES:
            self._define(node, path, scope)
            return
        text = self._tried(path, node, lambda: self._reader.text(node, scope))
        if text is not None:
            self._names.add_text(path, node, text, call=call, callee=callee)
            self._used(node, path, scope, call, callee)
            return
        messages = self._tried(path, node, lambda: self._messages.of(node, scope))
        if messages is not None:
            self._names.add(path, node, messages, call=call, callee=callee)
            self._used(node, path, scope, call, callee)
            return
        self._parts(node, path, scope, call, callee)
        _add_untold(self._names, path, node, self._source)

    def _used(self, node: Node, path: Steps, scope: Scope, call: Call, callee: str) -> None:
        is_name = node.type in {"identifier", "shorthand_property_identifier"}
        if is_name and (found := scope.resolve(self._source.text(node))) is not None:
            self._names.use(path, found.node, call, callee)

    def _parts(self, node: Node, path: Steps, scope: Scope, call: Call, callee: str) -> None:
        node = _behind(node)
        if node.type in _CALLS:
            self._call(node, path, scope)
        elif node.type in {"object", "array"}:
            self.entries(node, path, scope, call, callee)
        elif node.type in {"ternary_expression", "binary_expression"}:
            for field in _SIDES:
                side = node.child_by_field_name(field)
                if side is not None and unwrapped(side).type not in {"identifier", "string"}:
                    self.keep(side, self._names.take((*path, field)), scope, call, callee)

    def _call(self, node: Node, path: Steps, scope: Scope) -> None:
        function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        given = node.child_by_field_name("arguments")
        if function is None or given is None or given.type == "template_string":
            return
        inner = unwrapped(function)
        on = inner.child_by_field_name("object")
        if inner.type in FUNCTIONS:
            self._define(inner, path, scope)
        callee = callee_of(node, self._source) or callee_of(inner, self._source)
        call = self._calls.about(node, scope, callee)
        piped = call if callee == "pipe" else NO_CALL
        if on is not None and (made := _behind(unwrapped(on))).type in _CALLS:
            self.keep(made, path, scope, piped)
        elif on is not None and piped is not NO_CALL:
            self._used(unwrapped(on), (), scope, piped, "")
        for position, argument in enumerate(map(unwrapped, named(given))):
            if argument.type == "object":
                self.entries(argument, path, scope, call, callee)
            elif argument.type in FUNCTIONS:
                self._define(argument, path, scope)
            elif argument.type not in {"identifier", "number", "spread_element"}:
                place = self._names.take((*path, str(position)))
                self.keep(argument, place, scope, call, callee)
            elif argument.type == "identifier":
                self._used(argument, (), scope, call, callee)

    def entries(
        self, node: Node, path: Steps, scope: Scope, call: Call = NO_CALL, callee: str = ""
    ) -> None:
        """The values of an object, an array or an enum, each under its key."""
        values, methods = entries_of(node, self._source)
        is_settings = path[-1:] and path[-1] in SETTINGS and call is not NO_CALL
        keys = {} if is_settings else self._calls.keys_of(node, scope)
        if keys:
            call = self._calls.of(keys, scope, callee, node).over(call)
            messages = self._tried(path, node, lambda: self._calls.messages(keys, callee), callee)
            if messages is not None:
                self._names.add(path, node, messages, call=call, callee=callee)
        for key, item, behind in values:
            place = self._names.take((*path, key))
            self.keep(item, place, scope, call, callee)
            if behind is not None:
                line = line_of(behind)
                what = f"may be another, by what is put behind it in line {line}"
                self._names.unclear(place, item, what, only_told=True)
        for item in methods:
            name = item.child_by_field_name("name")
            if name is not None:
                place = self._names.take((*path, key_of(name, self._source)))
                self._define(item, place, scope)

    def built(self, node: Node, path: Steps, declaration: Declaration) -> None:
        """Keep the text of a name that statements put together, as far as they tell it."""
        text = self._tried(path, node, lambda: self._reader.declared(declaration))
        if text is not None:
            self._names.add_text(path, node, text)

    def _tried(self, path: Steps, node: Node, read: Any, callee: str = "") -> Any:
        """What `read` gives; None, and a problem under the name, where it raises."""
        try:
            return read()
        except TemplateError as error:
            self._names.refuse(path, error, node, callee)
            return None
