"""The statements of a project's Python that use a name."""

import re
from collections.abc import Iterator

from msgspec import Struct

from reviewbot.prompts.models_in_code.statements import Scope, Statement
from reviewbot.scope.led_to_calls.python_files import PythonFile, PythonFiles
from reviewbot.scope.led_to_calls.sending import sends
from reviewbot.scope.sent_otherwise.definitions import Definitions
from reviewbot.scope.sent_otherwise.imported_names import imported_words

_ATTRIBUTE = re.compile(r"\.\s{0,3}([A-Za-z_]\w{0,99}+)")
_UNCALLED = re.compile(r"\b([A-Za-z_]\w{0,99}+)(?!\s{0,3}[(.])")


class Step(Struct, frozen=True):
    """A statement that has one of some names in it; all of it where there are none.

    What `is_given` came as an argument, and goes back to whoever gave it: that is followed there.
    """

    file: PythonFile
    statement: Statement
    names: frozenset[str] = frozenset()
    is_given: bool = False


class Users:
    """Finds who uses the names of functions, classes, constants and attributes."""

    def __init__(self, files: PythonFiles, definitions: Definitions) -> None:
        self._files = files
        self._definitions = definitions

    def of_scope(self, file: PythonFile, scope: Scope) -> Iterator[Step]:
        """The statements that use what a function gives, or a class."""
        name, outer = scope[-1][1], scope[:-1]
        if outer in file.classes:
            yield from self.of_member(file, outer, name)
        elif outer:
            for item in file.using.get(name, ()):
                if item.scope[: len(outer)] == outer and not item.head_of:
                    yield Step(file, item, frozenset({name}))
        else:
            yield from self.of_global(file, name)

    def of_global(self, file: PythonFile, name: str) -> Iterator[Step]:
        """The statements that use a name of a module, there and where it is imported."""
        for other in (file, *self._files.importers(file, name)):
            for item in other.using.get(name, ()):
                if not item.head_of:
                    yield Step(other, item, frozenset({name}))

    def of_member(self, file: PythonFile, scope: Scope, name: str) -> Iterator[Step]:
        """The statements with an attribute, in files that have to do with its class."""
        owner = next((one[1] for one in scope[:1]), "")
        related = self._definitions.related([owner]) | {owner}
        for other in self._files.with_word(name):
            if other is not file and not self._knows(other, file, related):
                continue
            for item in other.using.get(name, ()):
                in_class = bool(item.scope) and item.scope == scope and other is file
                if name in _ATTRIBUTE.findall(item.said) or in_class or _fills(item, name):
                    yield Step(other, item, frozenset({name}))

    def _knows(self, other: PythonFile, file: PythonFile, related: set[str]) -> bool:
        return file.module in imported_words(other.text) or any(it in other.text for it in related)

    def in_schemas(
        self, file: PythonFile, scope: Scope, seen: frozenset[str] = frozenset()
    ) -> Iterator[Step]:
        """What is asked for by a class that is not called, or by one that has it in a field."""
        name = scope[-1][1]
        for step in self.of_global(file, name) if name not in seen else ():
            item = step.statement
            if name not in _UNCALLED.findall(item.said):
                continue
            if sends(item):
                yield step
            elif item.scope in step.file.classes:
                yield from self.in_schemas(step.file, item.scope, seen | {name})


def _fills(item: Statement, name: str) -> bool:
    """Whether a text of a statement is filled with an attribute."""
    return any(name in _ATTRIBUTE.findall(one.said) for one in item.literals if "{" in one.said)
