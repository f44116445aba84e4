"""TOML files, with the line of every value.

Neither `tomllib` nor `tomlkit` tells it. `tomllib` says what the file means; a scan of the same
text, which it has found correct, says where.
A value is `[line, "text", "…"]`, `[line, "other", …]`, `[line, "list", [value, …]]` or
`[line, "mapping", [[key, line, value], …]]`.
"""

import re
from collections.abc import Mapping
from typing import Any

from reviewbot.prompt import TemplateError

_MEND = "correct it as toml.io describes"
_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)\Z| \(at end of document\)\Z")
_DEEPEST = 32

_SPACE = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\n]+")
_STRINGS = {
    '"""': re.compile(r'"""(?P<break>\n?)(?:[^"\\]|\\.|"(?!""))*"{3,5}', re.DOTALL),
    "'''": re.compile(r"'''(?P<break>\n?)(?:[^']|'(?!''))*'{3,5}", re.DOTALL),
    '"': re.compile(r'"(?P<break>)(?:[^"\\]|\\.)*"'),
    "'": re.compile(r"'(?P<break>)[^']*'"),
}

Path = tuple[str | int, ...]


def parse(text: str) -> Any:
    """The file as a mapping with lines.

    Raises:
        TemplateError: It is not TOML, or nested too deep.
    """
    import tomllib

    text = text.replace("\r\n", "\n")
    try:
        data = tomllib.loads(text)
    except ValueError as error:
        message = str(error)
        found = _AT_LINE.search(message)
        line = int(found[1]) if found and found[1] else text.rstrip().count("\n") + 1
        what = f"this is not TOML: {message[: found.start()] if found else message}"
        raise TemplateError(what, _MEND, line=line) from None
    except RecursionError:
        raise _too_deep(1) from None
    keys, lines = _Scan(text).lines()
    return _located(data, (), {**keys, **lines}, keys, 1)


class _Scan:
    """Finds the line of each value of a text that is correct TOML."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._counted = 0
        self._keys: dict[Path, int] = {}
        self._lines: dict[Path, int] = {}
        self._lengths: dict[Path, int] = {}

    def lines(self) -> tuple[dict[Path, int], dict[Path, int]]:
        """The lines, from 1, of keys and of values by their paths.

        A text's is that of its first character.
        """
        table: Path = ()
        self._skip()
        while self._at < len(self._text):
            if self._text.startswith("[[", self._at):
                table = self._reached(self._header(2))
                count = self._lengths.get(table, 0)
                self._lengths[table] = count + 1
                table = (*table, count)
                self._lines[table] = self._here()
            elif self._text[self._at] == "[":
                table = self._reached(self._header(1))
                self._lines[table] = self._here()
            else:
                self._entry(table, 0)
            self._skip()
        return self._keys, self._lines

    def _header(self, brackets: int) -> Path:
        self._at += brackets
        key = self._key()
        self._at += brackets
        return key

    def _reached(self, key: Path) -> Path:
        """The table that a header means: of each list on the way, the last item so far."""
        path: Path = ()
        for position, name in enumerate(key):
            path = (*path, name)
            if path in self._lengths and position < len(key) - 1:
                path = (*path, self._lengths[path] - 1)
            self._keys.setdefault(path, self._here())
        return path

    def _entry(self, table: Path, depth: int) -> None:
        path = table
        for name in self._key():
            path = (*path, name)
            self._keys.setdefault(path, self._here())
        self._at += 1  # the `=`
        self._blanks()
        self._value(path, depth)

    def _value(self, path: Path, depth: int) -> None:
        if depth > _DEEPEST:
            raise _too_deep(self._here())
        first = self._text[self._at]
        if first in "\"'":
            self._lines[path] = self._string()
            return
        self._lines[path] = self._here()
        if first not in "[{":
            self._at = self._match(_SCALAR).end()
            return
        self._at += 1
        self._skip()
        count = 0
        while self._text[self._at] not in "]}":
            if first == "[":
                self._value((*path, count), depth + 1)
            else:
                self._entry(path, depth + 1)
            count += 1
            self._skip()
            if self._text[self._at] == ",":
                self._at += 1
                self._skip()
        self._at += 1

    def _key(self) -> Path:
        """The names of a dotted key; what follows it is next."""
        names: list[str] = []
        while True:
            self._blanks()
            start = self._at
            if self._text[start] in "\"'":
                self._string()
                names.append(_unquoted(self._text[start : self._at]))
            else:
                self._at = self._match(_BARE).end()
                names.append(self._text[start : self._at])
            self._blanks()
            if self._text[self._at] != ".":
                return tuple(names)
            self._at += 1

    def _string(self) -> int:
        """Pass a string; the line of its first character."""
        quotes = self._text[self._at : self._at + 3]
        found = self._match(_STRINGS[quotes if quotes in _STRINGS else quotes[0]])
        line = self._here() + len(found["break"])
        self._at = found.end()
        return line

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str]:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise TemplateError("this TOML cannot be read", _MEND, line=self._here())
        return found

    def _skip(self) -> None:
        self._at = self._match(_SPACE).end()

    def _blanks(self) -> None:
        while self._text[self._at] in " \t":
            self._at += 1

    def _here(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line


def _unquoted(key: str) -> str:
    import tomllib

    return next(iter(tomllib.loads(f"{key} = 0")))


def _located(
    data: Any, path: Path, lines: Mapping[Path, int], keys: Mapping[Path, int], line: int
) -> list[Any]:
    line = lines.get(path, line)
    if len(path) > _DEEPEST:
        raise _too_deep(line)
    if isinstance(data, dict):
        entries: list[Any] = []
        for key, value in data.items():
            inner = (*path, key)
            key_line = keys.get(inner, line)
            entries.append([key, key_line, _located(value, inner, lines, keys, key_line)])
        return [line, "mapping", entries]
    if isinstance(data, list):
        items = [_located(item, (*path, i), lines, keys, line) for i, item in enumerate(data)]
        return [line, "list", items]
    if isinstance(data, str):
        return [line, "text", data]
    is_json = isinstance(data, bool | int | float)
    return [line, "other", data if is_json else None]


def _too_deep(line: int) -> TemplateError:
    what = f"lists and tables stand more than {_DEEPEST} deep in each other"
    return TemplateError(what, "write it flatter", line=line)
