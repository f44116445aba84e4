"""What was found under each name, and what is wrong with it."""

from collections.abc import ItemsView
from typing import Any

from tree_sitter import Node

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.names import BEYOND, beyond, selector
from reviewbot.rendering.parsers._common.requests import MODELS, SENT
from reviewbot.rendering.parsers._common.told_requests import also_asked, lend_requests, said
from reviewbot.rendering.parsers.typescript_source.calls import NO_CALL, Call
from reviewbot.rendering.parsers.typescript_source.objects import key_of
from reviewbot.rendering.parsers.typescript_source.syntax import (
    Source,
    Steps,
    line_of,
    named,
    unwrapped,
)

_DEEPEST = 10
_MOST_NAMES = 20_000
_MOST_UNKNOWN = 5_000
"""Bundles of programs have more names than people write; of what is no text fewer are kept."""

_MOST_NAME_CHARACTERS = 200
_MEND = "name the text by itself, in a constant of its own"


class Names:
    """The prompts of a file by the paths of their names."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._found: dict[Steps, dict[str, Any]] = {}
        self._by_first: dict[str, list[Steps]] = {}
        self._taken: dict[Steps, int] = {}
        self._unknown = 0
        self._paths: dict[int, Steps] = {}
        self._uses: list[tuple[Steps, int, Call, str, str]] = []
        self._wrong = [
            (line_of(item), item.end_point[0] + 1)
            for item in (source.root.named_children if source.root.has_error else ())
            if item.has_error or item.is_error
        ]

    def __contains__(self, path: Steps) -> bool:
        return path in self._found

    def items(self) -> ItemsView[Steps, dict[str, Any]]:
        """What was found, by the paths of its names."""
        return self._found.items()

    def takes(self, path: Steps) -> bool:
        """Whether a further name is kept; those that are nested too deep are not."""
        is_one_more = path not in self._found
        return 0 < len(path) <= _DEEPEST and not (is_one_more and self._is_full)

    @property
    def _is_full(self) -> bool:
        return len(self._found) >= _MOST_NAMES

    def take(self, path: Steps) -> Steps:
        """The path, with a number behind it where one before has the same."""
        if not path:
            return path
        count = self._taken.get(path, 0) + 1
        self._taken[path] = count
        return path if count == 1 else (*path[:-1], f"{path[-1]}@{count}")

    def free(self, path: Steps) -> None:
        """What a function returns stands under the function's own name."""
        self._taken.pop(path, None)

    def declared(self, node: Node, path: Steps) -> None:
        """The path of a name that is declared."""
        self._paths[node.id] = path

    def path_of(self, node: Node) -> Steps | None:
        """The path of a name, by the node that declares it."""
        return self._paths.get(node.id)

    def is_told(self, path: Steps) -> bool:
        """Whether the source tells the text under a path."""
        return "messages" in self._found.get(path, {})

    def add_text(
        self, path: Steps, node: Node, text: Any, *, call: Call = NO_CALL, callee: str = ""
    ) -> None:
        """A text under a path."""
        first = unwrapped(node.child_by_field_name("value") or node)
        said = {"role": None, "text": text, "language": None, "line": line_of(first)}
        self.add(path, node, [said], call=call, callee=callee)

    def add(self, path: Steps, node: Node, messages: list[Any], *, call: Call, callee: str) -> None:
        """Messages under a path."""
        if not self.takes(path) or "problem" in self._found.get(path, {}):
            return
        line = line_of(node)
        if self._is_wrong(line):
            self.unclear(path, node, _NOT_READ, _SYNTAX)
            return
        item: dict[str, Any] = {"line": line, "messages": messages}
        if call is not NO_CALL:
            item["call"] = call.said()
        if callee:
            item |= {"callee": callee, "workflow": call.name}
        self._put(path, item)

    def add_unknown(self, path: Steps, node: Node) -> None:
        """A name whose value is computed, or is no prompt."""
        if self.takes(path) and path not in self._found and self._unknown < _MOST_UNKNOWN:
            self._unknown += 1
            self._put(path, {"line": line_of(node)})
            if self._is_wrong(line_of(node)):
                self.unclear(path, node, _NOT_READ, _SYNTAX)

    def _is_wrong(self, line: int) -> bool:
        return any(first <= line <= last for first, last in self._wrong)

    def unclear(
        self, path: Steps, node: Node, what: str, mend: str = _MEND, *, only_told: bool = False
    ) -> None:
        """What is wrong under a name; `only_told` where there is a text otherwise."""
        if self.takes(path) and (not only_told or self.is_told(path)):
            self._put(path, {"line": line_of(node), "problem": what, "mend": mend})

    def changed(
        self, path: Steps, place: Node, keys: Steps = (), *, is_set_again: bool = False
    ) -> None:
        """Code changes what stands behind keys of a path, or what the request there asks for.

        What a call was given for a name is sent, though the name `is_set_again`. What is added to a
        list leaves its items as they are.
        """
        for other in self._by_first.get(path[0], ()) if path else ():
            item = self._found[other]
            is_deeper = len(other) > len(path) + len(keys)
            if is_deeper and (_adds(place, self._source) or (is_set_again and "callee" in item)):
                continue
            if "messages" in item and other[: len(path)] == path[: len(other)]:
                self._found[other] = _changed(item, (*path, *keys), other, keys, place)

    def _put(self, path: Steps, item: dict[str, Any]) -> None:
        if path not in self._found:
            self._by_first.setdefault(path[0], []).append(path)
        self._found[path] = item

    def refuse(self, path: Steps, error: TemplateError, node: Node, callee: str = "") -> None:
        """An error under a name, if need be in what a call is given."""
        line = max(error.line or 1, line_of(node))
        if self.takes(path):
            told = {"callee": callee} if callee else {}
            self._put(path, {"line": line, "problem": error.what, "mend": error.mend, **told})

    def use(self, path: Steps, declaration: Node, call: Call, callee: str) -> None:
        """A name's text is given to a call, or set under another name."""
        key = path[-1] if path else ""
        self._uses.append((path, declaration.id, call, callee, key))

    def by_selector(self) -> dict[str, Any]:
        """Everything that was found."""
        constants = [item for item in self._found.values() if "call" not in item]
        for path, declaration, call, callee, key in self._uses:
            own = self._paths.get(declaration)
            if own is None or own not in self._found or own == path:
                continue
            if path in self._found:
                self._found[path]["is_use"] = True
            item = self._found[own]
            _told_by(item, call, callee, key)
        lend_requests(self._found.values(), constants)
        told = {selector(path): item for path, item in self._found.items()}
        return told | {BEYOND: beyond(_MOST_NAMES)} if self._is_full else told


def _told_by(item: dict[str, Any], call: Call, callee: str, key: str) -> None:
    """What a call that is given a text by its name says of it."""
    if call.said():
        also_asked(item, call.said())
    if callee:
        item.setdefault("callee", callee)
        item.setdefault("key", key)


def _changed(
    item: dict[str, Any], path: Steps, own: Steps, keys: Steps, place: Node
) -> dict[str, Any]:
    """A prompt of which code changes something behind keys, after it was made."""
    line = line_of(place)
    count = min(len(own), len(path))
    if own[:count] == path[:count]:
        what = f"is changed by code in line {line}"
        return {"line": item["line"], "problem": what, "mend": _MEND}
    if len(keys) != 1 or keys[0] in SENT or "call" not in item:
        return item
    text = place.text.decode("utf-8", "replace") if place.text is not None else ""
    key = "model" if keys[0] in MODELS else keys[0]
    request = [*item["call"].get("request", []), {"key": key, "line": line, **said(text, None)}]
    return item | {"call": item["call"] | {"request": request}}


_NOT_READ = "stands in a statement that is not read"
_SYNTAX = "correct the syntax, or write the statement in plainer words of the language"


def _adds(place: Node, source: Source) -> bool:
    """Whether a change only adds to the end of a list: what stands there already stays."""
    return place.type == "call_expression" and callee_of(place, source) == "push"


def entries_of(
    node: Node, source: Source
) -> tuple[list[tuple[str, Node, Node | None]], list[Node]]:
    """The values of an object, an array or an enum by key, and an object's methods.

    Behind each value stands what may replace it: a spread or a computed key further down.
    """
    found: dict[str, tuple[Node, Node | None]] = {}
    methods: list[Node] = []
    body = node.child_by_field_name("body") or node
    for position, item in enumerate(named(body)):
        key = item.child_by_field_name("key") or item.child_by_field_name("name")
        value = item.child_by_field_name("value")
        if item.type == "spread_element" or (key and key.type == "computed_property_name"):
            found = {name: (one, item) for name, (one, _) in found.items()}
        elif item.type == "method_definition":
            methods.append(item)
            if key is not None and (name := key_of(key, source)) in found:
                found[name] = found[name][0], item
        elif key is not None and value is not None and item.type != "object":
            found[key_of(key, source)] = (value, None)
        elif item.type == "shorthand_property_identifier":
            found[source.text(item)] = (item, None)
        elif node.type == "array":
            found[str(position)] = (item, None)
    return [(key, item, behind) for key, (item, behind) in found.items()], methods


def callee_of(node: Node, source: Source) -> str:
    """The last name of what is called; empty where that is no name."""
    function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
    if function is None:
        return ""
    function = unwrapped(function)
    if function.type == "sequence_expression":
        function = function.named_children[-1]
    last = function.child_by_field_name("property") or function
    name = source.text(last) if last.type.endswith("identifier") else ""
    return name[:_MOST_NAME_CHARACTERS]


def exported(source: Source) -> dict[str, Any]:
    """The names that a file takes from others to hand them out."""
    found: dict[str, Any] = {}
    for node in named(source.root):
        module = node.child_by_field_name("source")
        if node.type != "export_statement" or module is None:
            continue
        path = source.text(module)[1:-1]
        clauses = [item for item in named(node) if item.type == "export_clause"]
        if not clauses and "*" in {child.type for child in node.children}:
            found.setdefault("*", []).append(path)
        for clause in clauses:
            for one in named(clause):
                name = one.child_by_field_name("name")
                own = one.child_by_field_name("alias") or name
                if name is not None and own is not None:
                    found[source.text(own)] = [path, source.text(name)]
    return found
