"""The project's functions that a call may mean, and whether they may give back what they get."""

import re
from collections.abc import Iterator
from typing import Final

from reviewbot.prompts.models_in_code.statements import Statement
from reviewbot.scope.led_to_calls.arguments import Argument, Call, parameter_of
from reviewbot.scope.led_to_calls.grown_texts import KEEPS
from reviewbot.scope.led_to_calls.python_files import PythonFile, PythonFiles

_RETURNS = re.compile(r"\s{0,200}(?:return|yield)\b|[^\n]{0,200}=\s{0,9}yield\b")
_ANY_RETURN = re.compile(r"\b(?:return|yield)\b")
_PLAIN_MARK = re.compile(r"\s{0,200}@\s{0,3}(?:staticmethod|classmethod)\b")
_CHANGED = re.compile(r"\s{0,200}(?:(?:self|cls)\.)?(\w{1,99})\s{0,3}[.\[]")


_MOST_OF_A_NAME: Final = 3
"""Methods of a name; of more of them nobody knows which one is called."""

Found = tuple[PythonFile, Statement]
"""The head of a function or class, and its file."""


class OwnFunctions:
    """Finds them by name."""

    def __init__(self, files: PythonFiles) -> None:
        self._files = files

    def meant(self, file: PythonFile, call: Call) -> Iterator[Found]:
        """Those that a call in a file may mean."""
        found = self._files.defining(call.name)
        for other, head in found:
            is_member = head.scope in other.classes
            if (
                other is file
                or (not is_member and file in {*self._files.importers(other, call.name)})
                or (call.is_method and is_member and len(found) <= _MOST_OF_A_NAME)
            ):
                yield other, head

    def keep(self, file: PythonFile, call: Call, given: Argument) -> bool:
        """Whether a call means some of them, and none of these may give back an argument."""
        meant = [] if call.name in KEEPS else [*self.meant(file, call)]
        return bool(meant) and not any(_may_give_back(*one, given) for one in meant)


def is_return(statement: Statement) -> bool:
    """Whether a statement gives something back from its function."""
    return _RETURNS.match(statement.said) is not None


def _may_give_back(file: PythonFile, head: Statement, given: Argument) -> bool:
    """Whether a function with a head may; so may what is not known, such as a class."""
    scope = head.head_of
    name = parameter_of(head.said, given, is_member=head.scope in file.classes)
    if (
        scope in file.classes
        or not name
        or _ANY_RETURN.search(head.said)
        or _is_wrapped(file, head)
    ):
        return True
    known = {name}
    for _ in range(2):  # what a loop sets is used above it
        for item in file.within(scope):
            if item.words.isdisjoint(known):
                continue
            if is_return(item):
                return True
            known |= item.sets
            changed = _CHANGED.match(item.said)
            if changed:
                known.add(changed[1])
            if item.scope != scope:
                known.add(item.scope[len(scope)][1])
    return False


def _is_wrapped(file: PythonFile, head: Statement) -> bool:
    for item in file.above(head):
        if not item.said.lstrip().startswith("@"):
            return False
        if not _PLAIN_MARK.match(item.said):
            return True
    return False
