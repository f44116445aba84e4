"""Where what stands in a statement of Python goes, by names, until something sends it to a model.

It reads words, not meanings: what is set by a statement goes where that name is used. What it takes
apart wrongly leads nowhere, or a step further than the program does.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence

from reviewbot.errors import Place
from reviewbot.prompts.models_in_code.statements import Scope, Statement
from reviewbot.rendering.parsers._common.requests import CAPS, RETRIES
from reviewbot.scope.led_to_calls.arguments import (
    Argument,
    argument_at,
    calls_in,
    parameter_of,
)
from reviewbot.scope.led_to_calls.own_functions import OwnFunctions, is_return
from reviewbot.scope.led_to_calls.python_files import PythonFile, PythonFiles
from reviewbot.scope.led_to_calls.sending import asks, is_for_people, only_runs_a_graph, sends
from reviewbot.scope.led_to_calls.users import Step, Users
from reviewbot.scope.not_covered import Unsearched
from reviewbot.scope.sent_otherwise.definitions import Definitions

MOST_STATEMENTS = 4_000
"""Of one change; what leads to a call does so in a few dozen."""

_CHANGES = re.compile(
    r"\s{0,200}((?:\w{1,99}\.){0,3}\w{1,99})"
    r"(?:(?:\[[^\]\n]{0,99}\]){0,3}\s{0,9}[+|]?=(?!=)"
    r"|\.(?:append|extend|insert|update|add|setdefault|appendleft|write|push|add_\w{1,30})\()"
)
_FIELD = re.compile(r"\bField\s{0,3}\([^\n]{0,500}\n?[^)]{0,2000}\bdescription\s{0,3}=")
"""A field of a schema that is described; nobody reads the description but who is sent it."""

_MEASURES = re.compile(r"\b(?:len|isinstance|hash|id|type|bool|print)\s{0,3}\(\s{0,3}\Z")


class Flow:
    """Follows the statements of a change."""

    def __init__(self, files: PythonFiles, definitions: Definitions) -> None:
        self.files = files
        self._users = Users(files, definitions)
        self._functions = OwnFunctions(files)
        self._left = MOST_STATEMENTS

    def unfollowed(self) -> Iterator[Unsearched]:
        """What keeps something from being followed all the way, where anything was."""
        if self._left <= 0:
            why = f"where it goes is followed through {MOST_STATEMENTS:,} statements"
            yield Unsearched(what="text that Python code says more than before", why=why)
        if self._left < MOST_STATEMENTS:
            yield from self.files.unread()

    def call_behind(self, file: PythonFile, statements: Sequence[Statement]) -> Place | None:
        """The nearest statement that sends what stands in some; None where none does."""
        return self._search([Step(file, item) for item in statements])

    def cap_behind(self, file: PythonFile, statements: Sequence[Statement]) -> Place | None:
        """The nearest statement that caps an answer, or counts tries, by what is in some."""
        return self._search([Step(file, item) for item in statements], is_cap=True)

    def call_behind_function(self, file: PythonFile, scope: Scope) -> Place | None:
        """The nearest statement that sends what a function or a class gives."""
        return self._search(self._users.of_scope(file, scope))

    def call_in(self, file: PythonFile, scope: Scope, depth: int = 3) -> Place | None:
        """The statement of a function that asks a model, or of those that it calls."""
        inside = [*file.within(scope)]
        for item in inside:
            if asks(item):
                return Place(file=file.path, line=file.source.line(_first_word(file, item)))
        for item in inside if depth else ():
            self._left -= 1
            for call in calls_in(item.said, item.said) if self._left > 0 else ():
                for other, head in self._functions.meant(file, call):
                    if head.head_of not in other.classes and head.head_of != scope:
                        found = self.call_in(other, head.head_of, depth - 1)
                        if found:
                            return found
        return None

    def _search(
        self, first: Iterator[Step] | Sequence[Step], *, is_cap: bool = False
    ) -> Place | None:
        waiting = deque(first)
        seen: set[tuple[str, int]] = set()
        while waiting and self._left > 0:
            step = waiting.popleft()
            key = step.file.path, step.statement.begins
            if key in seen:
                continue
            seen.add(key)
            self._left -= 1
            file, statement = step.file, step.statement
            if is_for_people(statement) or _is_only_measured(step):
                continue
            if _is_asked(step) if is_cap else sends(statement):
                line = file.source.line(_first_word(file, statement))
                return Place(file=file.path, line=line)
            waiting += self._next(step)
        return None

    def _next(self, step: Step) -> Iterator[Step]:
        if step.statement.head_of:
            yield from _by_default(step)
            return
        if not self._is_kept(step):
            yield from self._set(step)
        yield from self._in_functions(step)

    def _is_kept(self, step: Step) -> bool:
        """Whether all that is followed goes to the project's functions, which keep it."""
        statement = step.statement
        calls = [*calls_in(statement.said, step.file.text[statement.begins : statement.ends])]
        found = [argument_at(calls, at) for at in _places(step)] if calls else []
        return bool(found) and all(one and self._functions.keep(step.file, *one) for one in found)

    def _set(self, step: Step) -> Iterator[Step]:
        file, statement = step.file, step.statement
        changed = _CHANGES.match(statement.said)
        names = {*statement.sets, *([changed[1].rpartition(".")[2]] if changed else ())}
        is_member = bool(changed and "." in changed[1])
        for name in sorted(names):
            if name in statement.members or (is_member and name not in statement.sets):
                yield from self._users.of_member(file, statement.scope, name)
            elif statement.scope in file.classes:
                if step.names or not _FIELD.search(statement.said):
                    yield from self._users.of_member(file, statement.scope, name)
                yield from self._users.in_schemas(file, statement.scope)
            elif statement.scope:
                for item in file.using.get(name, ()):
                    if _sees(item, statement) and item.begins > statement.begins:
                        yield Step(file, item, frozenset({name}), step.is_given)
            else:
                yield from self._users.of_global(file, name)
        scope = file.function_of(statement)
        if scope and not step.is_given and is_return(statement):
            yield from self._users.of_scope(file, scope)

    def _in_functions(self, step: Step) -> Iterator[Step]:
        """The statements of the project's functions that are given it."""
        text = step.file.text[step.statement.begins : step.statement.ends]
        for call in calls_in(step.statement.said, text):
            given = [one for one in call.arguments if one.has(step.names)]
            if given:
                for file, head in self._functions.meant(step.file, call):
                    yield from self._given(file, head, given)

    def _given(
        self, file: PythonFile, head: Statement, given: Sequence[Argument]
    ) -> Iterator[Step]:
        scope = head.head_of
        if scope in file.classes:
            makers = [it for it in file.heads.get("__init__", ()) if it.scope == scope]
            if not makers:
                for one in given:
                    if one.key:
                        yield from self._users.of_member(file, scope, one.key)
                return
            head = makers[0]
            scope = head.head_of
        is_member = head.scope in file.classes
        for one in given:
            name = parameter_of(head.said, one, is_member=is_member)
            for item in file.within(scope) if name else ():
                if name in item.words:
                    yield Step(file, item, frozenset({name}), is_given=True)


def _by_default(step: Step) -> Iterator[Step]:
    """What in a function takes a text that its head says."""
    file, head = step.file, step.statement
    if not step.names and head.head_of not in file.classes:
        for item in file.within(head.head_of):
            if used := item.words & head.sets:
                yield Step(file, item, frozenset(used))


def _places(step: Step) -> list[int]:
    """Where what is followed stands in a statement: its names, or else its texts."""
    statement = step.statement
    texts = [one for one in statement.literals if " " in one.said] or [*statement.literals]
    if not step.names:
        return [one.begins - statement.begins for one in texts]
    words = _WORD.finditer(statement.said)
    filled = [
        one for one in statement.literals if not step.names.isdisjoint(_WORD.findall(one.said))
    ]
    places = [one.start() for one in words if one[0] in step.names]
    return [*places, *(one.begins - statement.begins for one in filled if "{" in one.said)]


def _sees(user: Statement, setting: Statement) -> bool:
    return user.scope[: len(setting.scope)] == setting.scope


def _is_asked(step: Step) -> bool:
    """Whether a statement gives what is followed as a cap, or as the number of tries."""
    text = step.file.text[step.statement.begins : step.statement.ends]
    return any(
        not step.names or not step.names.isdisjoint(_WORD.findall(given))
        for given in _ASKED.findall(text)
    )


def _is_only_measured(step: Step) -> bool:
    """Whether names are compared or counted in a statement, or run, and go no further."""
    if step.names and only_runs_a_graph(step.statement.said, _places(step)):
        return True
    if not step.names or sends(step.statement):
        return False
    said = step.statement.said
    if not said.lstrip().startswith(("for ", "async for ")):
        said = _COMPARED.sub(" ", said)
    several = [one.start() for one in _WORD.finditer(said) if one[0] in step.names]
    is_filled = any("{" in one.said for one in step.statement.literals)
    return not is_filled and all(_MEASURES.search(said[max(0, at - 30) : at]) for at in several)


_ASKED = re.compile(
    rf"\b(?:{'|'.join((*CAPS, *RETRIES))})[\"'\]]{{0,2}}\s{{0,9}}[=:]([^,)\n]{{1,200}})"
)
_WORD = re.compile(r"[A-Za-z_]\w{0,99}+")
_COMPARED = re.compile(r"(?:\bin|[=!]=)\s{1,9}[\w.]{1,200}")


def _first_word(file: PythonFile, statement: Statement) -> int:
    text = file.text[statement.begins : statement.ends]
    return statement.begins + len(text) - len(text.lstrip())
