"""Which names of a block come from other files, and what the source there says of them."""

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from reviewbot.rendering.parsers._common.texts import Text, relocated
from reviewbot.rendering.parsers.python_source.scopes import Scope, Steps

if TYPE_CHECKING:
    from reviewbot.rendering.parsers.python_source.modules import Module, Modules


class Import(Struct, frozen=True, kw_only=True):
    """One name that an `import` binds; `name` is what it is called in the module, if it is there.

    `level` counts the dots before the module. `is_dotted` says that `import a.b` binds only `a`.
    """

    module: Steps
    line: int
    level: int = 0
    name: str | None = None
    is_dotted: bool = False


class Imported:
    """The names of one block that imports bind, looked up in the files of `modules`."""

    def __init__(self, nodes: Iterable[ast.AST], path: str, modules: "Modules") -> None:
        self._path = path
        self._modules = modules
        self._names: dict[str, list[Import]] = {}
        self._stars: list[Import] = []
        for name, found in _imports(nodes):
            if found.name == "*":
                self._stars.append(found)
            else:
                self._names.setdefault(name, []).append(found)

    def binds(self, name: str) -> int:
        """How often imports bind a name."""
        return len(self._names.get(name, ()))

    def text(self, steps: Steps) -> Text | None:
        """What stands under a name in the file that it comes from; None where that is not told.

        It is not told either where several imports give several texts.

        Raises:
            TemplateError: The file cannot be read.
        """
        found: dict[str, tuple[Module, Text]] = {}
        for module, inner, line in self.places(steps):
            text = self._modules.read(module, inner, _text)
            if text is not None:
                found.setdefault(repr(text), (module, relocated(text, line)))
        if len(found) != 1:
            return None
        ((module, text),) = found.values()
        self._modules.use(module)
        return text

    def expression(self, name: str) -> tuple[ast.expr, Scope] | None:
        """The list or the call that a name stands for, and where its own names are looked up.

        Raises:
            TemplateError: The file cannot be read.
        """
        for module, inner, _ in self.places((name,)):
            if len(inner) == 1 and module.only_defines(inner[0]):
                continue
            found = self._modules.read(module, inner, _expression)
            if found is not None:
                self._modules.use(module)
                return found
        return None

    def function(self, steps: Steps) -> tuple[ast.expr, Scope] | None:
        """The name of a function in the file that it comes from, and its scope there.

        Raises:
            TemplateError: The file cannot be read.
        """
        for module, inner, _ in self.places(steps):
            found = module.function(inner[0]) if len(inner) == 1 else None
            if found is None:
                found = self._modules.read(module, inner, _function)
            if found is not None:
                self._modules.use(module)
                return found
        return None

    def class_of(self, steps: Steps) -> Scope | None:
        """The names of a class in the file that it comes from.

        Raises:
            TemplateError: The file cannot be read.
        """
        for module, inner, _ in self.places(steps):
            found = self._modules.read(module, inner, _class_of)
            if found is not None:
                self._modules.use(module)
                return found
        return None

    def places(self, steps: Steps) -> Iterator[tuple["Module", Steps, int]]:
        """The modules that may hold a name, its path there, and the line of the import.

        Of several stars the last one counts.

        Raises:
            TemplateError: A module cannot be read.
        """
        bindings = self._names.get(steps[0], [])
        if not bindings and not steps[0].startswith("_"):
            for star in reversed(self._stars):
                module = self._module(star)
                if module is not None and module.hands_out(steps[0]):
                    yield module, steps, star.line
                    return
        for binding in bindings:
            yield from self._behind(binding, steps)

    def _behind(self, binding: Import, steps: Steps) -> Iterator[tuple["Module", Steps, int]]:
        inner = steps[1:]
        if binding.is_dotted:
            count = len(binding.module)
            if steps[:count] != binding.module:
                return
            inner = steps[count:]
        elif binding.name is not None:
            inner = (binding.name, *inner)
        module = self._module(binding)
        if module is None:
            if binding.name is None or len(inner) == 1:
                return
            package = Import(
                module=(*binding.module, inner[0]), line=binding.line, level=binding.level
            )
            module, inner = self._module(package), inner[1:]
        while module is not None and inner:
            if module.binds(inner[0]) or len(inner) == 1:
                yield module, inner, binding.line
                return
            module, inner = module.inside(inner[0]), inner[1:]

    def _module(self, binding: Import) -> "Module | None":
        return self._modules.find(binding.module, binding.level, self._path)


def _imports(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, Import]]:
    for node in nodes:
        match node:
            case ast.ImportFrom(module=module, names=names, level=level):
                steps = tuple(module.split(".")) if module else ()
                for item in names:
                    yield (
                        item.asname or item.name,
                        Import(module=steps, line=node.lineno, level=level, name=item.name),
                    )
            case ast.Import(names=names):
                for item in names:
                    steps = tuple(item.name.split("."))
                    yield (
                        item.asname or steps[0],
                        Import(module=steps, line=node.lineno, is_dotted=item.asname is None),
                    )


def _text(scope: Scope, steps: Steps) -> Text | None:
    found = scope.text(steps)
    refusals = scope.refused.items() if found is None else ()
    for path, error in refusals:
        count = min(len(path), len(steps))
        if path[:count] == steps[:count]:
            raise error
    return found


def _expression(scope: Scope, steps: Steps) -> tuple[ast.expr, Scope] | None:
    return scope.expression(steps[0]) if len(steps) == 1 else None


def _function(scope: Scope, steps: Steps) -> tuple[ast.expr, Scope] | None:
    return scope.imports.function(steps)


def _class_of(scope: Scope, steps: Steps) -> Scope | None:
    return scope.classes.get(steps[0]) if len(steps) == 1 else None
