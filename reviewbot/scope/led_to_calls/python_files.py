"""The project's own Python files as statements, each taken apart when it is first asked for."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cached_property

from reviewbot.prompts.models_in_code.statements import Scope, Source, Statement
from reviewbot.prompts.module_words import module_of
from reviewbot.prompts.own_files import OwnFiles
from reviewbot.repository.trees import Tree
from reviewbot.scope.not_covered import Unsearched
from reviewbot.scope.sent_otherwise.imported_files import may_import
from reviewbot.scope.sent_otherwise.imported_names import imports

_MOST_FILES = 3_000
_MOST_CHARACTERS = 500_000
"""Of one file; what is longer is made by a program."""

_MOST_DECORATORS = 20
_DEFINED = re.compile(r"\b(?:def|class)\s{1,9}(\w{1,99}+)")
_CLASS = re.compile(r"\s{0,200}class\b")


class PythonFile:
    """One file, with where its names are set and used."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.module = module_of(path)
        self._others: tuple[PythonFile, list[Statement]] | None = None

    @cached_property
    def source(self) -> Source:
        """Its statements."""
        return Source(self.path, self.text)

    @cached_property
    def defined(self) -> frozenset[str]:
        """The names of its functions and classes."""
        return frozenset(_DEFINED.findall(self.text))

    @cached_property
    def using(self) -> dict[str, list[Statement]]:
        """The statements by each of their words."""
        found: dict[str, list[Statement]] = defaultdict(list)
        for statement in self.source.statements:
            for word in statement.words:
                found[word].append(statement)
        return found

    def lacking(self, other: "PythonFile") -> list[Statement]:
        """The statements that do not stand in the file before, or after, a change of this one."""
        if self._others is None or self._others[0] is not other:
            same = _size_of_same(self.text, other.text)
            left = Counter(other.placed(one) for one in other.source.statements if one.ends > same)
            more = []
            for one in self.source.statements:
                if one.ends <= same:
                    continue
                if left[said := self.placed(one)] > 0:
                    left[said] -= 1
                else:
                    more.append(one)
            self._others = other, more
        return self._others[1]

    def placed(self, statement: Statement) -> tuple[tuple[str, ...], str]:
        """A statement as it stands in the file, with the names around it."""
        return statement.within, self.text[statement.begins : statement.ends]

    def using_text(self, said: str) -> list[Statement]:
        """The statements in which a text stands by itself."""
        several = self.source.statements
        return [one for one in several if any(it.said == said for it in one.literals)]

    @cached_property
    def heads(self) -> dict[str, list[Statement]]:
        """The heads of functions and classes by their names."""
        found: dict[str, list[Statement]] = defaultdict(list)
        for statement in self.source.statements:
            if statement.head_of:
                found[statement.head_of[-1][1]].append(statement)
        return found

    @cached_property
    def classes(self) -> frozenset[Scope]:
        """The scopes that are those of classes."""
        return frozenset(
            head.head_of
            for several in self.heads.values()
            for head in several
            if _CLASS.match(head.said)
        )

    def function_of(self, statement: Statement) -> Scope:
        """The innermost function around a statement; empty where there is none."""
        scope = statement.scope
        return () if not scope or scope in self.classes else scope

    def within(self, scope: Scope) -> Iterator[Statement]:
        """The statements of a function or class, which stand behind its head."""
        statements, size = self.source.statements, len(scope)
        first = bisect_right(statements, scope[-1][0], key=lambda it: it.begins)
        for number in range(first, len(statements)):
            if statements[number].scope[:size] != scope:
                return
            yield statements[number]

    def head_below(self, decorator: Statement) -> Statement | None:
        """The head of what a decorator stands above."""
        statements = self.source.statements
        first = bisect_right(statements, decorator.begins, key=lambda it: it.begins)
        several = statements[first : first + _MOST_DECORATORS]
        return next((one for one in several if one.head_of), None)

    def above(self, statement: Statement) -> Iterator[Statement]:
        """The statements above one, from the nearest on."""
        statements = self.source.statements
        last = bisect_left(statements, statement.begins, key=lambda it: it.begins)
        yield from reversed(statements[max(0, last - _MOST_DECORATORS) : last])


def _size_of_same(text: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    least, most = 0, min(len(text), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        if text.startswith(other[least:middle], least):
            least = middle
        else:
            most = middle - 1
    return least


class PythonFiles:
    """Those of a tree that are the project's own, as far as they are followed."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        own = OwnFiles(tree.paths)
        paths = [path for path in tree.paths if path.endswith(".py") and own.has(path)]
        self._left = len(paths[_MOST_FILES:])
        self._paths = paths[:_MOST_FILES]
        self._long: list[str] = []

    @cached_property
    def every(self) -> dict[str, PythonFile]:
        """All of them by path."""
        read = self._tree.read(self._paths)
        texts = {
            path: data.decode(errors="replace")
            for path, data in read.items()
            if isinstance(data, bytes)
        }
        self._long = sorted(path for path, text in texts.items() if len(text) > _MOST_CHARACTERS)
        return {path: PythonFile(path, texts[path]) for path in texts if path not in self._long}

    def unread(self) -> Iterator[Unsearched]:
        """Those that are not followed to calls of models, and why."""
        if self._left:
            what = f"{self._left:,} more Python file{'s' if self._left > 1 else ''}"
            why = f"what leads to calls of models is followed in {_MOST_FILES:,} files"
            yield Unsearched(what=what, why=why)
        if self._long:
            more = f" and {len(self._long) - 1:,} more" if self._long[1:] else ""
            why = f"Python of more than {_MOST_CHARACTERS:,} characters is not followed to calls"
            yield Unsearched(what=f"{self._long[0]}{more}", why=why)

    def of(self, path: str) -> PythonFile | None:
        """The one at a path."""
        return self.every.get(path)

    def with_word(self, word: str) -> Iterator[PythonFile]:
        """Those that may say a word."""
        yield from (item for item in self.every.values() if word in item.text)

    def importers(self, file: PythonFile, name: str) -> Iterator[PythonFile]:
        """The other files that import a name of one, or name it by its module."""
        for item in self.with_word(name):
            if item is not file and self._imports(item, file, name):
                yield item

    def _imports(self, item: PythonFile, file: PythonFile, name: str) -> bool:
        is_module = may_import(item.path, item.text, file.path)
        if is_module and imports(item.text, file.module, name):
            return True
        package = file.path.split("/")[-2:-1]  # what a package hands on
        return bool(package) and self._hands_on(file, name) and imports(item.text, package[0], name)

    def _hands_on(self, file: PythonFile, name: str) -> bool:
        initial = self.of(f"{file.path.rpartition('/')[0]}/__init__.py")
        return initial is not None and name in initial.text

    def defining(self, name: str) -> list[tuple[PythonFile, Statement]]:
        """The functions and classes of a name."""
        if name not in self._definitions:
            self._definitions[name] = [
                (item, head)
                for item in self.with_word(name)
                if name in item.defined
                for head in item.heads.get(name, ())
            ]
        return self._definitions[name]

    @cached_property
    def _definitions(self) -> dict[str, list[tuple[PythonFile, Statement]]]:
        return {}
