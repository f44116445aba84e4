"""Texts that changed Python takes by another name than before: a constant, a function, a base."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from msgspec import Struct

from reviewbot.prompts.models_in_code.statements import Statement
from reviewbot.scope.led_to_calls.arguments import parameters_of
from reviewbot.scope.led_to_calls.grown_texts import Pair, edited_statements, texts_of
from reviewbot.scope.led_to_calls.python_files import PythonFile, PythonFiles
from reviewbot.scope.sent_otherwise.imported_names import imported_words

_LEAST_NAME = 3


class TakenName(Struct, frozen=True):
    """A statement takes a text by a `name`, which says so many characters `more` than another."""

    file: PythonFile
    statement: Statement
    name: str
    more: int
    of: tuple[tuple[PythonFile, Statement], ...]


def taken_names(pairs: Sequence[Pair], files: PythonFiles, most: int) -> Iterator[TakenName]:
    """The statements that take more by names that were there before."""
    edited = [edited_statements(*pair) for pair in pairs]
    was = Counter(word for gone, _ in edited for word in _words(gone))
    now = Counter(word for _, come in edited for word in _words(come))
    come = {word for word, count in now.items() if count > was[word] and len(word) >= _LEAST_NAME}
    gone = {word for word, count in was.items() if count > now[word] and len(word) >= _LEAST_NAME}
    if not come:
        return
    new_names = {word for _, several in edited for word in _defined(several) & come}
    new_names -= {word for before, _ in pairs if before for word in _defined_of(before, new_names)}
    sayings = _Sayings(files, come | gone)
    for before, after in pairs:
        if before is None:
            continue
        sizes = sayings.of(after)
        said_names = {name for name, (size, _) in sizes.items() if size > most} & come - new_names
        if not said_names:
            continue
        known = {one.said for one in before.source.statements}
        lost = [one for one in before.source.statements if one.words & gone]
        for item in after.source.statements:
            if item.said in known or not (names := item.words & said_names):
                continue
            own = _own_names(after, item)
            near = [one for one in lost if one.within == item.within and _is_like(one, item)]
            words = {word for one in near for word in one.words & gone}
            less = sum(sizes[word][0] for word in words if word in sizes)
            classes = {one for one in names if not item.head_of and _is_class(after, files, one)}
            for name in sorted(names - own - classes):
                size, of = sizes[name]
                if size - less > most:
                    yield TakenName(after, item, name, size - less, tuple(of))


def _own_names(file: PythonFile, statement: Statement) -> set[str]:
    """What a statement, or a function around it, names itself, so that no module's name is meant.

    These are its parameters, and what it sets.
    """
    own = {statement.head_of[-1][1]} if statement.head_of else {*statement.sets}
    scope = statement.head_of or statement.scope
    for size in range(1, len(scope) + 1):
        around = scope[:size]
        if around not in file.classes:
            heads = (it for it in file.heads.get(around[-1][1], ()) if it.head_of == around)
            own.update(name for head in heads for name in parameters_of(head.said))
    if function := file.function_of(statement):
        inside = (it for it in file.within(function) if it.scope == function and not it.head_of)
        own.update(name for it in inside for name in it.sets - it.members)
    return own


def _is_like(one: Statement, other: Statement) -> bool:
    return bool(one.sets & other.sets) or bool(one.words & other.words)


def _words(statements: Iterable[Statement]) -> Iterator[str]:
    for item in statements:
        if not item.said.lstrip().startswith(("import ", "from ")):
            yield from item.words


def _defined(statements: Iterable[Statement]) -> set[str]:
    """The functions, classes and names of a module that statements define."""
    names: set[str] = set()
    for item in statements:
        if item.head_of:
            names.add(item.head_of[-1][1])
        elif not item.scope:
            names |= item.sets
    return names


def _defined_of(file: PythonFile, names: AbstractSet[str]) -> set[str]:
    """Those of some names that a file defines."""
    if not any(name in file.text for name in names):
        return set()
    return _defined(file.source.statements) & names


def _is_class(user: PythonFile, files: PythonFiles, name: str) -> bool:
    """Whether a name is that of a class: whoever makes one of it takes no text by that."""
    return any(
        head.head_of in file.classes
        for file, head in ((user, it) for it in user.heads.get(name, ()))
    ) or any(head.head_of in file.classes for file, head in files.defining(name))


class _Sayings:
    """What some names of modules say, of a file and of those that it imports."""

    def __init__(self, files: PythonFiles, names: AbstractSet[str]) -> None:
        self._files = files
        self._names = names
        self._known: dict[str, dict[str, tuple[int, list[Statement]]]] = {}

    def of(self, user: PythonFile) -> dict[str, tuple[int, list[tuple[PythonFile, Statement]]]]:
        """The characters that each name says, and the statements that say it."""
        found: dict[str, tuple[int, list[tuple[PythonFile, Statement]]]] = {}
        modules = imported_words(user.text)
        for file in (user, *self._files.every.values()):
            if file is user or (file.path != user.path and file.module in modules):
                for name, (size, items) in self._in(file).items():
                    found.setdefault(name, (size, [(file, item) for item in items]))
        return found

    def _in(self, file: PythonFile) -> dict[str, tuple[int, list[Statement]]]:
        if file.path not in self._known:
            self._known[file.path] = _said_in(file, self._names)
        return self._known[file.path]


def _said_in(file: PythonFile, wanted: AbstractSet[str]) -> dict[str, tuple[int, list[Statement]]]:
    found: dict[str, tuple[int, list[Statement]]] = {}
    for item in file.source.statements:
        if not item.literals or item.head_of:
            continue
        names = wanted & ({item.scope[0][1]} if item.scope else item.sets)
        size = sum(map(len, texts_of(file, item))) if names else 0
        if size:
            for name in names:
                before, items = found.get(name, (0, []))
                found[name] = before + size, [*items, item]
    return found
