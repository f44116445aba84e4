"""The files that TypeScript and JavaScript import, and the values that they export.

A file is looked for as Node and TypeScript do: beside the importing one, or where `paths` and
`baseUrl` of the nearest `tsconfig.json` lead. What packages export is not known.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

from tree_sitter import Node

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.files import Files
from reviewbot.rendering.parsers._common.texts import Text, relocated
from reviewbot.rendering.parsers.typescript_source.declarations import Declaration, Scope
from reviewbot.rendering.parsers.typescript_source.dialects import language_of
from reviewbot.rendering.parsers.typescript_source.exports import Exports
from reviewbot.rendering.parsers.typescript_source.project import Project, candidates
from reviewbot.rendering.parsers.typescript_source.scopes import Scopes
from reviewbot.rendering.parsers.typescript_source.syntax import Source, Steps, line_of
from reviewbot.rendering.parsers.typescript_source.values import Reader

_DEEPEST = 20
"""Files that a value may come through, each importing it from the next."""
_T = TypeVar("_T")


class Module:
    """One file, whose expressions are read when they are asked for."""

    def __init__(self, path: str, source: Source, modules: "Modules") -> None:
        self.path = path
        self.source = source
        self.scopes = Scopes(source)
        self.exports = Exports(source)
        self.reader = Reader(source, self.scopes, Imports(path, modules))


class Modules:
    """The files that one file needs, each parsed once."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._project = Project(files)
        self._known: dict[str, Module] = {}
        self._depth = 0

    def first(self, source: Source) -> Module:
        """The file that imports the others."""
        path = self._files.path
        self._known[path] = Module(path, source, self)
        return self._known[path]

    def find(self, name: str, path: str) -> Module | None:
        """The file that a module's name means in the file at `path`; None where it is not here.

        Raises:
            TemplateError: It is here and cannot be read.
        """
        for place in self._project.places(name, path):
            for candidate in candidates(place):
                if (found := self._load(candidate, name)) is not None:
                    return found
        return None

    def defined_at(self, module: Module, steps: Steps) -> tuple[Module, Steps] | None:
        """The file that defines what a path of names means which `module` hands out, and its names.

        Raises:
            TemplateError: A file on the way cannot be read.
        """
        return behind(next(_handed_out(module, steps, self, set()), None))

    def use(self, module: Module) -> None:
        """A value of a file goes into what is found."""
        self._files.used |= {module.path, *self._project.used}
        self._files.used.discard(self._files.path)

    def deeper(self, read: Callable[[], _T]) -> _T:
        """What `read` gives, one file further.

        Raises:
            TemplateError: That is one too many.
        """
        if self._depth >= _DEEPEST:
            what = f"comes through more than {_DEEPEST} files that import it"
            raise TemplateError(what, "import it from the file that defines it")
        self._depth += 1
        try:
            return read()
        finally:
            self._depth -= 1

    def _load(self, path: str, name: str) -> Module | None:
        try:
            loaded = self._files.find(path, "")
        except TemplateError as error:
            what = f"needs `{name}`, which it imports: {error.what}"
            raise TemplateError(what, error.mend) from None
        if loaded is None:
            return None
        found, text = loaded
        if found not in self._known:
            self._known[found] = Module(found, Source(text, language_of(found)), self)
        return self._known[found]


class Imports:
    """What the imports of the file at `path` stand for."""

    def __init__(self, path: str, modules: Modules) -> None:
        self._path = path
        self._modules = modules

    def text(self, found: Declaration, steps: Steps) -> Text | None:
        """The value behind an imported name and keys; None where no file here tells it.

        Raises:
            TemplateError: A file cannot be read.
        """
        for module, inner in self._places(found, steps):
            said = self._modules.deeper(partial(_value, module, inner))
            if said is not None:
                self._modules.use(module)
                return relocated(said, line_of(found.node))
        return None

    def node(self, found: Declaration, keys: Steps = ()) -> tuple[Reader, Node, Scope] | None:
        """The expression that an imported or given name, or a key of one, stands for; who reads it.

        Raises:
            TemplateError: A file cannot be read.
        """
        if found.given is not None:
            return None if keys else found.given
        for module, steps in self._places(found, keys):
            told = self._modules.deeper(partial(_node, module, steps))
            if told is not None:
                self._modules.use(module)
                return told
        return None

    def place(self, found: Declaration, steps: Steps = ()) -> tuple[Module, Steps] | None:
        """The file that hands out an imported name, with keys behind it, and the names there.

        Raises:
            TemplateError: A file cannot be read.
        """
        return behind(next(self._places(found, steps), None))

    def _places(self, found: Declaration, steps: Steps) -> Iterator[tuple[Module, Steps]]:
        """The files that may hold a value, with the path of its names there."""
        if found.imported is None or found.is_again or found.writes or found.changes:
            return
        name, exported = found.imported
        path = steps if exported == "*" else (exported, *steps)
        if path:
            yield from self._exported(name, path, set())

    def _exported(
        self, name: str, steps: Steps, seen: set[tuple[str, str]]
    ) -> Iterator[tuple[Module, Steps]]:
        module = self._modules.find(name, self._path)
        if module is not None:
            yield from _handed_out(module, steps, self._modules, seen)


def behind(place: tuple[Module, Steps] | None) -> tuple[Module, Steps] | None:
    """A place, or where its own file imports it from."""
    for _ in range(_DEEPEST):
        if place is None:
            break
        module, steps = place
        declared = module.scopes.module.names.get(steps[0])
        if declared is None or declared.imported is None:
            return place
        place = next(module.reader.imports._places(declared, steps[1:]), None)  # noqa: SLF001
    return None


def _handed_out(
    module: Module, steps: Steps, modules: Modules, seen: set[tuple[str, str]]
) -> Iterator[tuple[Module, Steps]]:
    """The file and the names there that an exported path leads to, through re-exports."""
    if (module.path, steps[0]) in seen:
        return
    seen.add((module.path, steps[0]))
    own = module.exports.own.get(steps[0])
    if own is not None:
        yield module, (own, *steps[1:])
        return
    taken = module.exports.taken.get(steps[0])
    wanted = [taken] if taken is not None else [(name, steps[0]) for name in module.exports.stars]
    for name, there in wanted:
        further = modules.find(name, module.path)
        path = steps[1:] if there == "*" else (there, *steps[1:])
        if further is not None and path:
            yield from _handed_out(further, path, modules, seen)


def _value(module: Module, steps: Steps) -> Text | None:
    first, *rest = steps
    if first == "default" and module.exports.default is not None:
        scope = module.scopes.module
        told = module.reader.lookup.below(module.exports.default, tuple(rest), scope)
        return None if told is None else module.reader.value(*told)
    return module.reader.at(steps, module.scopes.module)


def _node(module: Module, steps: Steps) -> tuple[Reader, Node, Scope] | None:
    scope = module.scopes.module
    if steps == ("default",) and module.exports.default is not None:
        node, where = module.reader.lookup.resolved(module.exports.default, scope)
        return module.reader, node, where
    if (told := module.reader.lookup.entry(steps, scope)) is None:
        return None
    node, where = module.reader.lookup.resolved(*told)
    found = module.reader.imported(node, where)
    return found or (module.reader, node, where)
