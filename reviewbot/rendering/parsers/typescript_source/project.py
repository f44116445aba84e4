"""Where the names of modules lead in a project: relative paths, and those of `tsconfig.json`."""

import posixpath
import re
from collections.abc import Iterator

from tree_sitter import Node

from reviewbot.rendering.parsers._common.files import Files
from reviewbot.rendering.parsers.typescript_source.dialects import language_of
from reviewbot.rendering.parsers.typescript_source.objects import entries
from reviewbot.rendering.parsers.typescript_source.syntax import Source, named, unwrapped

_ENDINGS = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
_SETTINGS = ("tsconfig.json", "jsconfig.json")
_MOST_EXTENDED = 4
_MOST_PLACES = 20


class Project:
    """Finds the places that names of modules mean; `used` are the settings that say so."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._known: dict[str, tuple[str, dict[str, list[str]]] | None] = {}
        self.used: set[str] = set()

    def places(self, name: str, path: str) -> list[str]:
        """The paths in the repository, without endings, that a module's name may mean.

        Raises:
            TemplateError: Settings may not be read.
        """
        folder = posixpath.dirname(path)
        if name.startswith("."):
            return _inside([posixpath.join(folder, name)])
        if name.startswith(("/", "node:")):
            return []
        if folder not in self._known:
            self._known[folder] = self._settings(path)
        known = self._known[folder]
        return [] if known is None else _inside(_mapped(name, *known))[:_MOST_PLACES]

    def _settings(self, path: str) -> tuple[str, dict[str, list[str]]] | None:
        """Where names without a pattern are looked for, and the patterns with their targets."""
        for own in _SETTINGS:
            if (found := self._files.find(own, path)) is not None:
                return self._read(*found, extended=0)
        return None

    def _read(
        self, path: str, text: str, *, extended: int
    ) -> tuple[str, dict[str, list[str]]] | None:
        source = Source(f"({text})", language_of("tsconfig.js"))
        tops = [unwrapped(node) for item in named(source.root) for node in named(item)]
        top = entries(tops[0], source) if tops else None
        if not top:
            return None
        own = entries(top["compilerOptions"], source) if "compilerOptions" in top else None
        base, patterns = (own or {}).get("baseUrl"), (own or {}).get("paths")
        folder = posixpath.dirname(path)
        if base is None and patterns is None:
            return self._extended(top.get("extends"), source, path, extended)
        self.used.add(path)
        root = (
            posixpath.join(folder, source.string(base))
            if base is not None and base.type == "string"
            else folder
        )
        targets = {
            pattern: [source.string(item) for item in named(values) if item.type == "string"]
            for pattern, values in (entries(patterns, source) or {} if patterns else {}).items()
        }
        return (f"{root}/" if base is not None else "", _below(root, targets))

    def _extended(
        self, node: Node | None, source: Source, path: str, extended: int
    ) -> tuple[str, dict[str, list[str]]] | None:
        """What the settings say that others extend."""
        if node is None or node.type != "string" or extended >= _MOST_EXTENDED:
            return None
        name = source.string(node)
        if not name.startswith("."):
            return None
        place = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
        for candidate in (place, f"{place}.json"):
            found = None if place.startswith("..") else self._files.find(candidate, "")
            if found is not None:
                told = self._read(*found, extended=extended + 1)
                self.used |= {path} if told is not None else set()
                return told
        return None


def candidates(place: str) -> Iterator[str]:
    """The files that a path of a module may mean; `./rules.js` is `rules.ts` where there is one."""
    stem = re.sub(r"\.[cm]?jsx?\Z", "", place)
    yield from (f"{stem}{ending}" for ending in _ENDINGS)
    if place.endswith(_ENDINGS) and stem == place:
        yield place
    yield from (f"{place}/index{ending}" for ending in _ENDINGS)


def _mapped(name: str, base: str, targets: dict[str, list[str]]) -> Iterator[str]:
    """The targets of the pattern that fits best; else the name below the base."""
    fitting = []
    for pattern, places in targets.items():
        start, star, end = pattern.partition("*")
        fits = name == pattern if not star else name.startswith(start) and name.endswith(end)
        if fits and len(name) >= len(start) + len(end):
            inner = name[len(start) : len(name) - len(end)]
            mapped = [place.replace("*", inner, 1) for place in places]
            fitting.append((not star, len(start), mapped))
    if fitting:
        yield from max(fitting)[2]
    elif base:
        yield f"{base}{name}"


def _below(root: str, targets: dict[str, list[str]]) -> dict[str, list[str]]:
    return {
        pattern: [posixpath.join(root, place) for place in places]
        for pattern, places in targets.items()
    }


def _inside(places: "Iterator[str] | list[str]") -> list[str]:
    """Paths that lead nowhere out of the repository."""
    found = (posixpath.normpath(place) for place in places)
    return [place for place in found if not place.startswith(("..", "/"))]
