"""Names that a block sets in several places: what they stand for at each place of it.

A text that conditions add to or choose is one text with optional parts. A text that is replaced
outside of conditions is a text by itself, and the next one has a number: `prompt@2`.
"""

import ast
from collections.abc import Callable, Iterable

from msgspec import Struct

from reviewbot.rendering.parsers._common.texts import Operation, Text, strings_in
from reviewbot.rendering.parsers.python_source.blocks import all_nodes
from reviewbot.rendering.parsers.python_source.conditions import whole
from reviewbot.rendering.parsers.python_source.findings import Findings
from reviewbot.rendering.parsers.python_source.named_values import NamedValues
from reviewbot.rendering.parsers.python_source.scopes import Scope
from reviewbot.rendering.parsers.python_source.values import hole, joined, text_of, value_of


class State(Struct, frozen=True, kw_only=True):
    """What a name stands for; `text` is None where code computes it.

    `level` is how many conditions and loops stand around the statement that set it.
    """

    text: Text | None
    level: int
    line: int


States = dict[str, State]


class Following:
    """Follows the names of blocks that are set in several places."""

    def __init__(self, findings: Findings, values: NamedValues) -> None:
        self._findings = findings
        self._values = values

    def begin(self, arguments: Iterable[str], line: int, scope: Scope) -> None:
        """A function's arguments stand for what it is given."""
        for name in arguments:
            if name in scope.followed:
                self.put(name, State(text=None, level=0, line=line), scope)

    def assign(self, name: str, value: ast.expr, scope: Scope) -> None:
        """`name = value`; what it stood for before is a text of its own, unless it is a part.

        Of a module's or a class's name other code sees the last text only, so that an earlier one
        is no prompt that could be meant.
        """
        before = scope.states.get(name)
        is_part = _names(value, name)
        if is_part and isinstance(value, ast.BinOp) and not isinstance(value.op, ast.Add):
            self._findings.touch((name,), value.lineno, scope)
        path = (*scope.path, name)
        if name in scope.absorbed:
            self.put(name, State(text=None, level=scope.level, line=value.lineno), scope)
            return
        text = self._values.tried(value, path, lambda: whole(value, scope))
        is_same_level = before is not None and before.level == scope.level
        if before is not None and is_same_level and (not is_part or text is None):
            self.keep(name, before, scope)
            if not scope.is_function:
                self._findings.set_again(path, value.lineno)
        level = before.level if before is not None and is_part else scope.level
        self.put(name, State(text=text, level=level, line=value.lineno), scope)
        if text is not None:
            return
        if scope.level == 0 and scope.is_settled((name,)) and scope.is_whole((name,)):
            scope.nodes[name] = value
        if scope.is_function:
            self._findings.repeat(path)
        self._values.read(value, self._findings.take(path), scope)
        for steps in [steps for steps in scope.texts if steps[0].partition("@")[0] == name]:
            del scope.texts[steps]

    def extend(self, name: str, value: ast.expr, scope: Scope) -> bool:
        """`name += value`; whether it is a text."""
        before = scope.states.get(name)
        if name in scope.absorbed:
            return True
        if before is None or (before.text is None and text_of(value, scope) is None):
            return False
        path = (*scope.path, name)
        text = _text(before, name, scope)
        longer = self._values.tried(value, path, lambda: joined([text, value_of(value, scope)]))
        self.put(name, State(text=longer, level=before.level, line=before.line), scope)
        return True

    def put(self, name: str, state: State | None, scope: Scope) -> None:
        """From here on a name stands for this; None where it is not set."""
        scope.nodes.pop(name, None)
        if state is None:
            scope.states.pop(name, None)
        else:
            scope.states[name] = state
        if state is None or state.text is None:
            scope.texts.pop((name,), None)
        else:
            scope.texts[name,] = state.text

    def keep(self, name: str, state: State, scope: Scope) -> None:
        """What a name stood for is a prompt of its own."""
        if state.text is None or self._findings.is_full or not any(strings_in(state.text)):
            return
        said = {"role": None, "text": state.text, "language": None, "line": state.line}
        path = self._findings.take((*scope.path, name))
        self._findings.add(path, state.line, [said], scope)

    def keep_all(self, scope: Scope) -> None:
        """What the names of a block stand for at its end."""
        for name, state in scope.states.items():
            self.keep(name, state, scope)

    def restore(self, states: States, scope: Scope) -> None:
        """All names stand for what they did before."""
        for name in dict.fromkeys((*scope.states, *states)):
            if scope.states.get(name) is not states.get(name):
                self.put(name, states.get(name), scope)

    def side(self, read: Callable[[], None], before: States, scope: Scope) -> States:
        """What names stand for behind a side of a condition, which is read from `before` on."""
        self.restore(before, scope)
        scope.level += 1
        read()
        scope.level -= 1
        return dict(scope.states)

    def leave(self, states: States, before: States, scope: Scope) -> None:
        """What names stand for where a function is left: prompts of their own."""
        for name, state in states.items():
            if state is not before.get(name):
                self.keep(name, state, scope)

    def give_up(self, sides: list[States], before: States, scope: Scope) -> None:
        """What sides set is known by itself, and not behind all of them."""
        for states in sides:
            self.leave(states, before, scope)
            for name, state in states.items():
                if state is not before.get(name):
                    level = before[name].level if name in before else scope.level
                    self.put(name, State(text=None, level=level, line=state.line), scope)

    def choose(
        self, condition: Text, sides: tuple[States, States], before: States, scope: Scope
    ) -> None:
        """Names stand for one of two, by a condition."""
        first, second = sides
        for name in {**first, **second}:
            one, other = first.get(name), second.get(name)
            if one is other:
                self.put(name, one, scope)
                continue
            earlier = before.get(name)
            known = [state for state in (earlier, one, other) if state is not None]
            said: Text | None = None
            if any(state.text is not None for state in (one, other) if state is not None):
                texts = _text(one, name, scope), _text(other, name, scope)
                said = _either(condition, *texts, earlier)
            level = earlier.level if earlier is not None else scope.level
            line = min(state.line for state in known)
            self.put(name, State(text=said, level=level, line=line), scope)


def _text(state: State | None, name: str, scope: Scope) -> Text:
    if state is None:
        return ""
    return hole(ast.Name(id=name, lineno=state.line), scope) if state.text is None else state.text


def _either(condition: Text, one: Text, other: Text, before: State | None) -> Text:
    """One text or the other; what both begin with is no part of the condition."""
    start = before.text if before is not None else None
    if start is not None:
        ends = _behind(one, start), _behind(other, start)
        if ends[0] is not None and ends[1] is not None:
            return joined([start, Operation("if", condition, *ends)])
    return Operation("if", condition, one, other)


def _behind(text: Text, start: Text) -> Text | None:
    """What stands in a text behind another; None where it does not begin with that."""
    parts, before = _parts(text), _parts(start)
    *whole, last = before
    if parts[: len(whole)] != whole or len(parts) < len(before):
        return None
    ending = parts[len(whole)]
    rest = parts[len(before) :]
    if ending == last:
        return joined(rest)
    if isinstance(ending, str) and isinstance(last, str) and ending.startswith(last):
        return joined([ending[len(last) :], *rest])
    return None


def _parts(text: Text) -> list[Text]:
    return text[1:] if isinstance(text, list) and text[0] == "join" else [text]


def _names(value: ast.expr, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in all_nodes(value))
