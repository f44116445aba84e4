"""Files through which others have what altered ones hold, and what code loads of them."""

from collections.abc import Iterable, Mapping
from typing import Final

from reviewbot.prompts.module_words import module_of
from reviewbot.rendering.parsers._common.loaded_files import FILE_WORD
from reviewbot.scope.sent_otherwise.altered_files import Altered, Linked
from reviewbot.scope.sent_otherwise.imported_files import may_import
from reviewbot.scope.sent_otherwise.imported_names import imported_words

_DEEPEST: Final = 2
"""Files behind each other that stand between one that sends a prompt and an altered one."""

_MOST: Final = 20
"""Files between that one file is led to others by, of each step."""


class FilesBetween:
    """Finds them among the source files that are added, which may be the altered ones too."""

    def __init__(self, altered: Iterable[Altered]) -> None:
        self._sources: dict[str, list[Altered]] = {}
        self._data: dict[str, list[Altered]] = {}
        for item in altered:
            if item.is_data:
                self._data.setdefault(item.path.rpartition("/")[2], []).append(item)
            elif item.before and item.after:
                self._sources.setdefault(item.module, []).append(item)
        self._texts: dict[str, str] = {}
        self._by_module: dict[str, list[str]] | None = None
        self._said: dict[str, dict[str, Altered]] = {}
        self._known: dict[tuple[str, int], tuple[Linked, ...]] = {}

    def add(self, path: str, text: str) -> None:
        """Take a source file of the project."""
        self._texts[path] = text

    def loaded_in(self, path: str) -> Mapping[str, Altered]:
        """The altered files of data that a file says the name of."""
        text = self._texts[path]
        if not any(name in text for name in self._data):
            return {}
        words = dict.fromkeys(FILE_WORD.findall(text))
        return {item.path: item for word in words for item in self._data.get(word, ())}

    def of(self, path: str) -> tuple[Linked, ...]:
        """The files between one and the altered files."""
        return self._of(path, _DEEPEST) if self._sources or self._data else ()

    def _of(self, path: str, steps: int) -> tuple[Linked, ...]:
        key = path, steps
        if key not in self._known:
            self._known[key] = ()  # what leads back to itself leads nowhere
            self._known[key] = tuple(self._next(path, steps))[:_MOST] if steps else ()
        return self._known[key]

    def _next(self, path: str, steps: int) -> Iterable[Linked]:
        modules = self._modules()
        words = sorted(imported_words(self._texts[path]) & modules.keys())
        for other in dict.fromkeys(one for word in words for one in modules[word]):
            if not may_import(path, self._texts[path], other):
                continue
            said = self._said_in(other)
            between = self._of(other, steps - 1)
            if other != path and (said or between):
                text = self._texts[other]
                yield Linked(
                    path=other,
                    text=text,
                    names=(),
                    said=said,
                    users={},
                    is_sure=True,
                    between=between,
                )

    def _said_in(self, path: str) -> dict[str, Altered]:
        """The altered files that a file imports, or loads."""
        if path not in self._said:
            text = self._texts[path]
            named = [word for word in self._sources if word in text]
            words = imported_words(text) if named else frozenset[str]()
            found = (item for word in named if word in words for item in self._sources[word])
            own = {item.path: item for item in found if item.path != path}
            own = {one: item for one, item in own.items() if may_import(path, text, one)}
            self._said[path] = own | dict(self.loaded_in(path))
        return self._said[path]

    def _modules(self) -> dict[str, list[str]]:
        if self._by_module is None:
            self._by_module = {}
            for path in self._texts:
                self._by_module.setdefault(module_of(path), []).append(path)
        return self._by_module
