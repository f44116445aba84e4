"""The modules of the repository that Python source imports, found as Python finds them.

A module is looked for as Python does whose path begins in a folder above the importing file, the
nearest first, or in a `src` there. Modules of the standard library are never those of a repository.
"""

import ast
import posixpath
import sys
from collections.abc import Callable
from typing import TypeVar

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.files import Files
from reviewbot.rendering.parsers.python_source.finder import Finder
from reviewbot.rendering.parsers.python_source.imports import Imported
from reviewbot.rendering.parsers.python_source.parsed import Parsed, parsed_of_late
from reviewbot.rendering.parsers.python_source.scopes import (
    RefusedImportError,
    Scope,
    Steps,
)

_DEEPEST = 20
"""Files that a value may come through, each importing it from the next."""


_Found = TypeVar("_Found")


class Modules:
    """The modules that one file needs, each parsed once."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._known: dict[str, Module] = {}
        self._imported: dict[tuple[str, int], Imported] = {}
        self._busy: list[tuple[str, Steps]] = []

    def imported(self, own: list[ast.AST], path: str) -> Imported:
        """What the imports bind that are among the nodes of a block, which is kept."""
        key = path, id(own)
        if key not in self._imported:
            self._imported[key] = Imported(own, path, self)
        return self._imported[key]

    def read(
        self, module: "Module", steps: Steps, read: Callable[[Scope, Steps], _Found | None]
    ) -> _Found | None:
        """What `read` gives of a name of a module; None of a name that needs itself.

        Raises:
            TemplateError: It cannot be read, or comes through too many files.
        """
        if (module.path, steps) in self._busy:
            return None
        if len(self._busy) >= _DEEPEST:
            what = f"comes through more than {_DEEPEST} files that import it"
            raise RefusedImportError(what, "import it from the file that defines it")
        self._busy.append((module.path, steps))
        try:
            return read(module.settled(steps[0]), steps)
        finally:
            self._busy.pop()

    def use(self, module: "Module") -> None:
        """A value of a module goes into what is found."""
        self._files.used.add(module.path)

    def find(self, steps: Steps, level: int, path: str) -> "Module | None":
        """The module that an import in the file at `path` means; None where it is not here.

        Raises:
            TemplateError: It is here and cannot be read.
        """
        if level:
            folder = posixpath.dirname(path)
            for _ in range(level - 1):
                if not folder:
                    return None
                folder = posixpath.dirname(folder)
            if not steps:
                return self._load(posixpath.join(folder, "__init__.py"), "")
            return self.at(posixpath.join(folder, *steps))
        if not steps or steps[0] in sys.stdlib_module_names:
            return None
        name = "/".join(steps)
        for place in (name, f"src/{name}"):
            for ending in _ENDINGS:
                if (found := self._load(f"{place}{ending}", path)) is not None:
                    return found
        return None

    def at(self, place: str) -> "Module | None":
        """The module whose path in the repository is `place`, without its ending."""
        found = (self._load(f"{place}{ending}", "") for ending in _ENDINGS)
        return next((module for module in found if module is not None), None)

    def _load(self, name: str, parent: str) -> "Module | None":
        try:
            loaded = self._files.find(name, parent)
            if loaded is None:
                return None
            path, text = loaded
            if path not in self._known:
                self._known[path] = Module(path, parsed_of_late(text), self)
            return self._known[path]
        except (TemplateError, RecursionError) as error:
            told = _told(error)
            what = f"needs `{name}`, which it imports: {told.what}"
            raise RefusedImportError(what, told.mend) from None


_ENDINGS = ("/__init__.py", ".py")


class Module:
    """One file; a name of it is read when it is asked for, with the statements that it needs."""

    def __init__(self, path: str, source: Parsed, modules: Modules) -> None:
        self.path = path
        self.source = source
        self._modules = modules
        self._scopes: dict[str, Scope] = {}
        self._around: dict[str, Scope] = {}
        self._functions = {
            item.name: item
            for item in source.tree.body
            if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)
        }

    def binds(self, name: str) -> bool:
        """Whether the module itself has a name."""
        return name in self.source.bound

    def hands_out(self, name: str) -> bool:
        """Whether `from module import *` gives a name, or may give it by a star of its own."""
        return self.binds(name) or any(
            isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
            for node in self.source.tree.body
        )

    def only_defines(self, name: str) -> bool:
        """Whether all that sets a name are definitions of classes and functions."""
        count = self.source.definitions[name]
        return 0 < count == self.source.bound[name]

    def inside(self, name: str) -> "Module | None":
        """The module of that name in a package.

        Raises:
            TemplateError: It is there and cannot be read.
        """
        folder, _, own = self.path.rpartition("/")
        return self._modules.at(posixpath.join(folder, name)) if own == "__init__.py" else None

    def settled(self, name: str) -> Scope:
        """The scope of the module, in which a name stands for what it does at the end."""
        if name not in self._scopes:
            statements = [self.source.tree.body[number] for number in self._needed(name)]
            finder = Finder(self.source, self.path, self._modules)
            self._scopes[name] = finder.settled(statements)
        return self._scopes[name]

    def function(self, name: str) -> tuple[ast.expr, Scope] | None:
        """A function of the module by its name, and a scope with the names that it reads."""
        if name not in self._functions or self.source.bound[name] != 1:
            return None
        if name not in self._around:
            names = {name}
            waiting = [name]
            for own in waiting:
                nodes = ast.walk(self._functions[own]) if own in self._functions else ()
                new = {item.id for item in nodes if isinstance(item, ast.Name)} - names
                names |= new
                waiting += new
            statements = [self.source.tree.body[number] for number in self._needed(*sorted(names))]
            self._around[name] = Finder(self.source, self.path, self._modules).settled(statements)
        return ast.Name(id=name, ctx=ast.Load()), self._around[name]

    def _needed(self, *names: str) -> list[int]:
        """The statements that set names, or what these read."""
        found: set[int] = set()
        waiting = [*names]
        seen = {*names}
        while waiting:
            for number in self.source.setting.get(waiting.pop(), ()):
                if number in found:
                    continue
                found.add(number)
                new = self.source.names_in(number) - seen
                seen |= new
                waiting += new
        return sorted(found)


def _told(error: Exception) -> TemplateError:
    if isinstance(error, TemplateError):
        return error
    return TemplateError("it is nested too deep", "write it flatter")
