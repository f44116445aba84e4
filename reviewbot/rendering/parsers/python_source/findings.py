"""What was found in Python source under each name, and what is wrong with it."""

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.names import BEYOND, beyond, selector
from reviewbot.rendering.parsers._common.told_requests import also_asked, lend_requests
from reviewbot.rendering.parsers.python_source.blocks import Blocks
from reviewbot.rendering.parsers.python_source.calls import NO_CALL, Call
from reviewbot.rendering.parsers.python_source.changing_calls import Change, LaterChanges
from reviewbot.rendering.parsers.python_source.runs import Runs
from reviewbot.rendering.parsers.python_source.scopes import Scope, Steps
from reviewbot.rendering.parsers.python_source.sends import Sends

MEND = "name the text by itself, in a constant of its own"
_MEND_OF_MAGICS = "set it below that line"
_MOST_NAMES = 5_000


class Asking:
    """What the statements of a file ask models for, of what they run and of what they send."""

    def __init__(self, nodes: list[ast.AST], blocks: Blocks) -> None:
        self.runs = Runs(nodes)
        self.sends = Sends(nodes, blocks)

    def look_at(self, statement: ast.stmt, scope: Scope) -> None:
        """Keep what a statement asks for, by itself."""
        self.runs.look_at(statement, scope)
        self.sends.look_at(statement, scope)


class Findings:
    """The prompts of a file's nodes by their paths; what a name stands for at last counts."""

    def __init__(self, nodes: list[ast.AST], blocks: Blocks) -> None:
        self._found: dict[Steps, Any] = {}
        self._changed: dict[Steps, tuple[int, bool]] = {}
        self._set_in: dict[Steps, list[int]] = {}
        self._origins: dict[Steps, Steps] = {}
        self._uses: list[tuple[Steps, Steps, Call]] = []
        self._taken: Counter[Steps] = Counter()
        self._repeated: set[Steps] = set()
        self.asking = Asking(nodes, blocks)
        self.refused: dict[Steps, TemplateError] = {}

    def __contains__(self, path: Steps) -> bool:
        return path in self._found

    @property
    def is_full(self) -> bool:
        """Whether no more names are kept."""
        return len(self._found) >= _MOST_NAMES

    def take(self, path: Steps) -> Steps:
        """The path, with a number behind it where one before has the same."""
        self._taken[path] += 1
        count = self._taken[path]
        return path if count == 1 else (*path[:-1], f"{path[-1]}@{count}")

    def repeat(self, path: Steps) -> None:
        """What a name stands for by and by has paths of its own."""
        self._repeated.add(path)

    def use(self, path: Steps, steps: Steps, scope: Scope, call: Call) -> None:
        """The text under a path is that of another name once more."""
        owner = scope.owner(steps[0]) if steps else None
        if owner is not None:
            self._uses.append((path, (*owner.path, *steps), call))

    def add(
        self,
        path: Steps,
        line: int,
        messages: list[Any],
        scope: Scope,
        call: Call = NO_CALL,
    ) -> None:
        """A prompt of a scope; `call` is what gets it."""
        item = {"line": line, "messages": messages, "is_list": messages[0]["role"] is not None}
        item |= call.said()
        if call.name is not None:
            item["workflow"] = call.name
        self._found[path] = item
        if steps := path[len(scope.path) :]:
            scope.found[steps] = item

    def add_unknown(self, path: Steps, line: int) -> None:
        """A name whose value is computed, or is no prompt."""
        self._found.setdefault(path, {"line": line})

    def inherit(self, inner: Scope, parent: Scope) -> None:
        """What a class has from the class that it is made of."""
        inner.of_settings = inner.of_settings or parent.of_settings
        for steps, item in list(parent.found.items()):
            if steps[0] not in inner.bound and not self.is_full:
                inner.found.setdefault(steps, item)
                self._found.setdefault((*inner.path, *steps), dict(item))
                self._origins[*inner.path, *steps] = (*parent.path, *steps)

    def extend_text(self, path: Steps, text: Any) -> None:
        """The text under a name is longer than before."""
        found = self._found.get(path, {})
        if "messages" in found:
            found["messages"][0]["text"] = text

    def forget(self, path: Steps, *, parts: bool = False) -> None:
        """What is known under a name, or of its `parts` too, no longer holds."""
        for one in _from(path, self._found) if parts else [path]:
            self._found.pop(one, None)

    def unclear(self, path: Steps, line: int, what: str, mend: str) -> None:
        """What is wrong under a name."""
        if not self.is_full or path in self._found:
            self._found[path] = {"line": line, "problem": what, "mend": mend}

    def set_again(self, path: Steps, line: int) -> None:
        """A name is set in one more place."""
        before = self._found.get(path, {})
        lines = self._set_in.setdefault(path, [before["line"]] if "messages" in before else [])
        if line not in lines:
            lines.append(line)
        first, *others = lines
        again = f", line {first} and {others[0]}" if others else ""
        self.unclear(path, line, f"is set in several places{again}", MEND)

    def unclear_paths(self) -> list[Steps]:
        """The names of which it is not known what they stand for."""
        return [path for path, item in self._found.items() if "problem" in item]

    def touch(self, steps: Steps, line: int, scope: Scope, *, is_added: bool = False) -> None:
        """The list under a name is changed in a way that is not told, or only added to."""
        owner = scope.owner(steps[0]) if steps else None
        if owner is not None:
            owner.nodes.pop(steps[0], None)
            path = _of_class((*owner.path, *steps))
            first, is_all = self._changed.get(path, (line, True))
            self._changed[path] = first, is_all and is_added

    def refuse(self, later_changes: Callable[[], LaterChanges]) -> None:
        """What is changed in a way that is not followed is not known; asked for if any text is."""
        if not any("messages" in item for item in self._found.values()):
            return
        changes = later_changes()
        for path, item in list(self._found.items()):
            if "messages" not in item or any(step[0] == "*" for step in path if step):
                continue
            origin, own = self._origins.get(path), _plain(path)
            found = [
                change
                for length in range(len(path) + 1)
                for change in changes.at.get(own[:length], ())
                if not (change.is_name and change.path in self._repeated)
                and (_concerns(change, item) if length == len(path) else change.below)
                and not change.spares(item["line"])
                and (origin is None or not change.last)
            ]
            found += _of_parent(path, item, self._found.get(origin or path, item))
            if item["is_list"] and own in changes.inside:
                found.append(Change(path=path, line=changes.inside[own]))
            for first in found[:1]:
                mend = _MEND_OF_MAGICS if first.by and first.last else MEND
                self.unclear(path, first.line, first.said, mend)

    def by_selector(self, formatted: Iterable[Steps]) -> dict[str, Any]:
        """Everything that was found; `formatted` are the names on which `.format` is called."""
        for path, item in list(self._found.items()):
            line, is_only_added = self._changed.get(_of_class(_plain(path)), (0, False))
            if line and item.get("is_list"):
                for own, message in _items(path, item) if is_only_added else ():
                    self._found.setdefault(own, message)
                self.unclear(path, line, f"is changed by code in line {line}", MEND)
        _ask_for(self._found, self._uses, self.asking)
        ends = frozenset(formatted)
        for path, item in self._found.items():
            own = _plain(path)
            item["is_formatted"] = any(own[-n:] in ends for n in range(1, len(own) + 1))
        told = {selector(path): item for path, item in self._found.items()}
        return told | {BEYOND: beyond(_MOST_NAMES)} if self.is_full else told


def _of_parent(path: Steps, item: Mapping[str, Any], held: Mapping[str, Any]) -> Iterator[Change]:
    """The change of what a class has from a parent, of which this is `held` now."""
    if "problem" in held or held["line"] != item["line"]:
        yield Change(path=path, line=held["line"])


def _ask_for(
    found: dict[Steps, Any], uses: Iterable[tuple[Steps, Steps, Call]], asking: Asking
) -> None:
    """Tell all prompts what the calls that get their text, and their runs, ask for."""
    constants = [item for item in found.values() if "call" not in item]
    for path, own, call in uses:
        item, used = found.get(path), found.get(own)
        if item is not None and used is not None and path != own:
            item["is_use"] = True
            _told_by(used, call.said() | {"key": path[-1]})
    pairs = [(path, own) for path, own, _ in uses]
    asking.runs.lend(found, pairs, lambda path: _of_class(_plain(path)))
    lend_requests(found.values(), constants)
    asking.sends.lend(found, lambda path: _of_class(_plain(path)))


def _from(path: Steps, found: Iterable[Steps]) -> list[Steps]:
    """A path and those below it."""
    return [one for one in found if one[: len(path)] == path]


def _items(path: Steps, item: Mapping[str, Any]) -> Iterator[tuple[Steps, dict[str, Any]]]:
    """The messages of a list by themselves; of one that holds earlier messages none."""
    if all("text" in message for message in item["messages"]):
        for number, message in enumerate(item["messages"]):
            said = {**item, "line": message["line"], "messages": [message]}
            yield (*path, str(number)), said


def _told_by(item: dict[str, Any], said: dict[str, Any]) -> None:
    """What a call that is given a text by its name says of it; the first one goes first."""
    if "call" in said:
        also_asked(item, said["call"])
    for key, value in said.items():
        item.setdefault(key, value)


def _concerns(change: Change, item: Mapping[str, Any]) -> bool:
    """Whether what stands at the path of a change is another; what is followed is read there."""
    return change.own or (item["is_list"] and change.in_place and not change.followed)


def _of_class(path: Steps) -> Steps:
    """The attribute of a class that a method calls `self.name`."""
    for own in ("self", "cls"):
        if own in path[1:]:
            position = path.index(own, 1)
            return (*path[: position - 1], *path[position + 1 :])
    return path


def _plain(path: Steps) -> Steps:
    """A path without the numbers of names that are set several times."""
    return tuple(step.partition("@")[0] for step in path) if "@" in "".join(path) else path
