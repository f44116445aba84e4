"""The constants and classes of one Python file, and those that it imports."""

import ast

from reviewbot.rendering.parsers.python_source.modules import Module, Modules
from reviewbot.rendering.parsers.python_source.parsed import Parsed

_DEEPEST = 20
"""Files that a class may come through, each importing it from the next."""


class Names:
    """Looks names up in the file at `path`, and in what it imports of the repository."""

    def __init__(self, source: Parsed, path: str, modules: Modules) -> None:
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
        self._classes = {node.name: node for node in source.nodes if isinstance(node, ast.ClassDef)}
        self._modules = modules
        self._imported = modules.imported(source.nodes, path)
        self._beside: dict[str, Names] = {}

    def class_at(
        self, steps: tuple[str, ...], depth: int = 0
    ) -> "tuple[Names, ast.ClassDef] | None":
        """A class by its name, or by those of its module, and the file whose names it uses.

        Raises:
            TemplateError: It is imported from a file that cannot be read.
        """
        if not steps:
            return None
        if steps[-1] in self._classes:
            return self, self._classes[steps[-1]]
        for module, inner, _ in self._imported.places(steps) if depth < _DEEPEST else ():
            found = self._in(module).class_at(inner, depth + 1)
            if found is not None:
                self._modules.use(module)
                return found
        return None

    def text(self, steps: tuple[str, ...]) -> str | None:
        """A constant of another file; None where it is none, or not told.

        Raises:
            TemplateError: It is imported from a file that cannot be read.
        """
        found = self._imported.text(steps) if steps else None
        return found if isinstance(found, str) else None

    def _in(self, module: Module) -> "Names":
        if module.path not in self._beside:
            self._beside[module.path] = Names(module.source, module.path, self._modules)
        return self._beside[module.path]
