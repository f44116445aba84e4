"""Which names of an altered source file may stand for something else since the change."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import pairwise

from msgspec import Struct

from reviewbot.prompts.module_words import module_of
from reviewbot.scope.sent_otherwise.altered_files import Altered, Linked
from reviewbot.scope.sent_otherwise.changed_members import changed_members
from reviewbot.scope.sent_otherwise.definitions import Definitions, classes_in
from reviewbot.scope.sent_otherwise.imported_files import may_import
from reviewbot.scope.sent_otherwise.imported_names import (
    every_word,
    gives_by_default,
    imported_words,
    imports,
    takes_all,
)

_BEGINNING = re.compile(r"^(?=[^\s#)\]}/*])(?!(?:else|elif|except|finally|catch)\b)", re.MULTILINE)
_NAMED = re.compile(
    r"(?:(?:export|default|async|abstract|declare)[ \t]{1,9}){0,4}"
    r"(?:(?:def|class|function\*?|const|let|var|enum)[ \t]{1,9}([\w$]{1,200})"
    r"|(?<![\w$])([\w$]{1,200})[ \t]{0,9}(?::[^=\n]{0,200}+)?=(?!=))"
)
_SET_IN = re.compile(r"^[ \t]{0,40}([\w$]{2,200})[.\[ \t]", re.MULTILINE)
_IMPORT = re.compile(r"(?:from|import)\b|export[ \t]{1,9}[*{]")
_NO_NAMES = {
    *(
        "if",
        "for",
        "while",
        "with",
        "elif",
        "else",
        "except",
        "def",
        "and",
        "or",
        "import",
        "from",
        "as",
    ),
    *(
        "type",
        "return",
        "raise",
        "try",
        "pass",
        "break",
        "continue",
        "const",
        "let",
        "var",
        "await",
    ),
}
_WORD = re.compile(r"[\w$]{2,}")
_MOST_KEPT = 500


class _Statement(Struct, frozen=True):
    """A statement of a file, with the names that it sets; an import sets those of others."""

    names: frozenset[str]
    text: str
    is_import: bool = False


class ChangedNames:
    """Those of one file, with the names of statements that say one of them."""

    def __init__(self, item: Altered) -> None:
        self._item = item

    def matter_to(self, linked: Linked, definitions: Definitions) -> bool:
        """Whether another file may use what has changed, or what has changed may use that file.

        A method that has changed is used where its class, or one of its family, is named, or where
        no other has its name.
        """
        if self._item.problem is not None:
            return True
        text, module = linked.text, self._item.module
        words = imported_words(text)
        changed = self._names | self._imported
        if changed and may_import(linked.path, text, self._item.path):
            said = changed & every_word(text)
            if takes_all(text, module) or any(f".{name}" in text for name in said):
                return True
            if any(imports(text, module, name) for name in said):
                return True
        if any(map(definitions.is_defined_once, self._names & words)):
            return True
        classes = [name for name in self._names if definitions.has_class(name)]
        if not definitions.related(classes).isdisjoint(words):
            return True
        return self._is_called(text, definitions) or self._uses(linked)

    def sets_any(self, names: Iterable[str]) -> bool:
        """Whether any of the names is one of them."""
        return not self._names.isdisjoint(names)

    def gives_otherwise(self, function: str) -> bool:
        """Whether a function, or a method of that name, may give something else than before."""
        return function in self._names or function in self._methods

    def stand_in(self, text: str, module: str) -> bool:
        """Whether a file may say one of them, or takes all that a module of that name has."""
        if not self._names and not self._imported:
            return False
        return not self._names.isdisjoint(every_word(text)) or takes_all(text, module)

    def _is_called(self, text: str, definitions: Definitions) -> bool:
        words = every_word(text)
        called = [name for name in self._methods & words if f".{name}(" in text]
        if called and not definitions.related(self._names).isdisjoint(words):
            return True
        return any(map(definitions.is_defined_once, called))

    def _uses(self, linked: Linked) -> bool:
        """Whether what has changed says what another file may give it."""
        if self._item.path not in linked.users:
            return False
        text, module = linked.text, module_of(linked.path)
        if module in self._said and f"{module}." in self._item.after:
            return True
        imported = imported_words(self._item.after)
        return gives_by_default(text) or not (names_set_in(text) & imported).isdisjoint(self._said)

    @cached_property
    def _changed(self) -> list[_Statement]:
        """The statements that are other ones now, or say a name that one of these sets."""
        before = Counter(one.text for one in statements_of(self._item.before))
        left: list[_Statement] = []
        changed: list[_Statement] = []
        for one in statements_of(self._item.after):
            before[one.text] -= 1
            (left if before[one.text] >= 0 else changed).append(one)
        saying: dict[str, list[_Statement]] = {}
        for one in left:
            for word in {*_WORD.findall(one.text)}:
                saying.setdefault(word, []).append(one)
        for one in changed:
            for name in one.names:
                changed += saying.pop(name, ())
        return [*{id(one): one for one in changed}.values()]

    @cached_property
    def _names(self) -> set[str]:
        return _names_of(one for one in self._changed if not one.is_import)

    @cached_property
    def _imported(self) -> set[str]:
        return _names_of(one for one in self._changed if one.is_import)

    @cached_property
    def _methods(self) -> set[str]:
        """The methods of changed classes that are other ones, or say something that is."""
        before = {name: one.text for one in statements_of(self._item.before) for name in one.names}
        classes = {name: one.text for one in self._changed for name, _ in classes_in(one.text)}
        kept = {name for name, text in classes.items() if before.get(name) == text}
        others = (
            self._names | self._imported
        ) - kept  # what only names another class has no other methods for it
        found = set[str]()
        for name, text in classes.items():
            found |= changed_members(before.get(name, ""), text, others - {name})
        return found

    @cached_property
    def _said(self) -> set[str]:
        """The words of changed statements, and of those that set a name which these say."""
        setting: dict[str, list[_Statement]] = {}
        for one in statements_of(self._item.after):
            for name in one.names:
                setting.setdefault(name, []).append(one)
        waiting = [word for one in self._changed for word in _WORD.findall(one.text)]
        said = {*waiting}
        for word in waiting:
            for one in setting.pop(word, ()):
                more = {*_WORD.findall(one.text)} - said
                said |= more
                waiting += more
        return said


def words_that_set(name: str, text: str) -> set[str]:
    """The words of the statements of a file that set a name."""
    several = (one.text for one in statements_of(text) if name in one.names and not one.is_import)
    return {word for said in several for word in _WORD.findall(said)}


@lru_cache(_MOST_KEPT)
def names_set_in(text: str) -> frozenset[str]:
    """The names that a file sets, and does not import."""
    return frozenset(_names_of(one for one in statements_of(text) if not one.is_import))


def _names_of(statements: Iterable[_Statement]) -> set[str]:
    return set[str]().union(*(one.names for one in statements))


def _imports(said: str) -> Iterator[_Statement]:
    """A statement of each name that one imports: what has a new neighbour is no other one."""
    found = _FROM.match(said)
    several = _PAIR.findall(found[2]) if found is not None else ()
    for name, alias in several:
        yield _Statement(frozenset({alias or name}), f"{found and found[1]} {name}", is_import=True)
    if not several:
        code = _COMMENT.sub("", said)
        yield _Statement(frozenset(imported_words(code)) - _NO_NAMES, code, is_import=True)


_FROM = re.compile(r"from\s{1,9}([\w.]{1,300})\s{1,9}import\s{0,9}\(?([^)#]{0,5000})\)?\s*\Z")
_COMMENT = re.compile(r"(?<=[ \t])(?:#|//)[^\n]*")
_PAIR = re.compile(r"\b(\w{1,200})(?:\s{1,9}as\s{1,9}(\w{1,200}))?")


def statements_of(text: str) -> Iterator[_Statement]:
    """The statements of a file that begin without indentation."""
    begins = [found.start() for found in _BEGINNING.finditer(text)]
    decorators = ""
    for begin, end in pairwise((*begins, len(text))):
        said = decorators + text[begin:end].rstrip()
        if text[begin] == "@" and not _NAMED.search(said):
            decorators = f"{said}\n"
            continue
        decorators = ""
        found = _NAMED.match(text, begin)
        if found is not None:
            yield _Statement(frozenset({found[1] or found[2]}), said)
        elif _IMPORT.match(text, begin):
            yield from _imports(said)
        else:
            yield _Statement(frozenset(one[1] for one in _SET_IN.finditer(said)) - _NO_NAMES, said)
