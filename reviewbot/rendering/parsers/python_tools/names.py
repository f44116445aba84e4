"""The constants, classes and functions of one Python file, and those that it imports."""

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import TypeVar

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers.python_source.blocks import Function
from reviewbot.rendering.parsers.python_source.changing_calls import Change
from reviewbot.rendering.parsers.python_source.modules import Module, Modules
from reviewbot.rendering.parsers.python_source.parsed import Parsed
from reviewbot.rendering.parsers.python_source.scopes import Steps, steps_of

_DEEPEST = 20
"""Files that a class may come through, each importing it from the next."""

_MEND = "write it out where it is defined, or keep it in a file of tool definitions"

_ENUMERATIONS = {("Enum",), ("StrEnum",), ("IntEnum",)}

Lined = ast.expr | ast.stmt
"""What stands in lines of its own."""

_Node = TypeVar("_Node", bound=ast.ClassDef | Function)


class Names:
    """Looks names up in the file at `path`, and in what it imports of the repository."""

    def __init__(self, source: Parsed, path: str, modules: Modules) -> None:
        self._source = source
        self._path = path
        self.constants = {
            target.id: node.value
            for node in source.tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        self.constants |= {
            node.target.id: node.value
            for node in source.tree.body
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value
        }
        self._modules = modules
        self._imported = modules.imported(source.nodes, path)
        self._beside: dict[str, Names] = {}

    def class_at(self, steps: Steps) -> "tuple[Names, ast.ClassDef] | None":
        """A class by its name, or by those of its module, and the file whose names it uses.

        Raises:
            TemplateError: It is imported from a file that cannot be read, one of several of its
                name, or changed later.
        """
        return self._at(steps, ast.ClassDef)

    def function_at(self, steps: Steps) -> "tuple[Names, Function] | None":
        """A function by its name, or by those of its module or class, likewise.

        Raises:
            TemplateError: As of classes.
        """
        return self._at(steps, (ast.FunctionDef, ast.AsyncFunctionDef))

    def is_enumeration(self, node: ast.ClassDef) -> bool:
        """Whether a class is an enumeration, also one made of a class of the repository.

        Raises:
            TemplateError: Such a class cannot be read.
        """
        waiting: list[tuple[Names, ast.ClassDef]] = [(self, node)]
        seen: set[ast.ClassDef] = set()
        while waiting:
            names, found = waiting.pop()
            if found in seen:
                continue
            seen.add(found)
            for steps in map(steps_of, found.bases):
                told = names.class_at(steps) if steps[-1:] != (found.name,) else None
                if told is not None:
                    waiting.append(told)
                elif steps[-1:] in _ENUMERATIONS:
                    return True
        return False

    def refuse_changed(self, steps: Steps, node: Lined) -> None:
        """Refuse what code changes after its definition.

        Raises:
            TemplateError: It does.
        """
        first, last = _lines(node)
        for change in (*self._changes.get(steps[0], ()), *self._changes.get("", ())):
            count = min(len(change.path), len(steps))
            is_around = len(change.path) < len(steps) and change.first <= first <= change.last
            is_own = first <= change.line <= last or is_around
            if change.path[:count] == steps[:count] and not is_own:
                raise TemplateError(change.said, _MEND, line=first)

    def text(self, steps: Steps) -> str | None:
        """A constant of another file; None where it is none, or not told.

        Raises:
            TemplateError: It is imported from a file that cannot be read.
        """
        found = self._imported.text(steps) if steps else None
        return found if isinstance(found, str) else None

    def own_place(self, steps: Steps) -> list[str] | None:
        """This file, and the name of a function, class or constant of it; None of other names."""
        is_own = bool(self._own(steps)) or (len(steps) == 1 and steps[0] in self.constants)
        return [self._path, ".".join(steps)] if is_own else None

    def place(self, steps: Steps, depth: int = 0) -> list[str] | None:
        """The path of the file behind imports that defines a name, and the name there.

        Raises:
            TemplateError: A file cannot be read.
        """
        for module, inner, _ in self._imported.places(steps) if depth < _DEEPEST else ():
            if inner:
                return self._in(module).place(inner, depth + 1) or [module.path, ".".join(inner)]
        return None

    def _at(
        self, steps: Steps, kind: type[_Node] | tuple[type[_Node], ...], depth: int = 0
    ) -> "tuple[Names, _Node] | None":
        if not steps:
            return None
        own = [(path, node) for path, node in self._own(steps) if isinstance(node, kind)]
        if len(own) > 1 or (own and len(steps) == 1 and self._imported.binds(steps[0])):
            what = f"names one of several classes or functions, `{'.'.join(steps)}`"
            raise TemplateError(what, "give each a name of its own", line=own[0][1].lineno)
        for path, node in own:
            self.refuse_changed(path, node)
            return self, node
        for module, inner, _ in self._imported.places(steps) if depth < _DEEPEST else ():
            found = self._in(module)._at(inner, kind, depth + 1)  # noqa: SLF001 - the same class
            if found is not None:
                self._modules.use(module)
                return found
        return None

    def _own(self, steps: Steps) -> list[tuple[Steps, ast.ClassDef | Function]]:
        """The definitions of this file that a name, or one behind a class, may mean."""
        if steps[0] in {"self", "cls"}:
            steps = steps[1:]
        found = self._defined.get(steps[-1:], [])
        found = [item for item in found if item[0][-len(steps) :] == steps]
        outer = [item for item in found if len(item[0]) == 1]
        return outer or found if isinstance(found[0][1] if found else None, Function) else found

    @cached_property
    def _defined(self) -> dict[Steps, list[tuple[Steps, ast.ClassDef | Function]]]:
        """The classes and functions of the file by their last name, each with its path."""
        found: dict[Steps, list[tuple[Steps, ast.ClassDef | Function]]] = {}
        for path, node in definitions_in(self._source.tree.body):
            found.setdefault(path[-1:], []).append((path, node))
        return found

    @cached_property
    def _changes(self) -> dict[str, list[Change]]:
        found: dict[str, list[Change]] = {}
        for change in self._source.later_changes.every:
            found.setdefault(change.path[0] if change.path else "", []).append(change)
        return found

    def _in(self, module: Module) -> "Names":
        if module.path not in self._beside:
            self._beside[module.path] = Names(module.source, module.path, self._modules)
        return self._beside[module.path]


def definitions_in(body: list[ast.stmt]) -> Iterator[tuple[Steps, ast.ClassDef | Function]]:
    """The classes and functions of a block, and those in them, each with the path of its names."""
    waiting: list[tuple[ast.AST, Steps]] = [(statement, ()) for statement in body]
    for statement, above in waiting:
        path = above
        if isinstance(statement, ast.ClassDef | Function):
            path = (*above, statement.name)
            yield path, statement
        blocks = [getattr(statement, name, []) for name in _BLOCKS]
        waiting += [(inner, path) for block in blocks for inner in block]


_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


def _lines(node: Lined) -> tuple[int, int]:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(item.lineno for item in decorators)])
    return first, node.end_lineno or node.lineno
