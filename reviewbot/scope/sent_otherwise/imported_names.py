"""What one source file names of another: modules that it imports, and what a name may mean."""

import re
from collections.abc import Iterable
from functools import lru_cache

_NAME = re.compile(r"[\w$-]+")
_IMPORTS = re.compile(r"\b(?:import|from|require|import_module|__import__)\b|\bexport\s*[*{]")
_LINES_OF_IMPORTS = 200
_ATTRIBUTE = re.compile(r"\b(\w{1,200})\.(?=(\w{1,200}))")
_WORD = re.compile(r"[\w$]{2,}")
_DEFAULT = re.compile(r"^\s*(?:export default|module\.exports\s*=)\b", re.MULTILINE)


def gives_by_default(text: str) -> bool:
    """Whether a file exports something that others give a name of their own."""
    return _DEFAULT.search(text) is not None


_EVERY = re.compile(r"\bexport\s{0,9}\*\s{0,9}from([^\n]{0,300})")
_LISTED = re.compile(r"\}\s{0,9}(?:from|=\s{0,9}require)([^\n]{0,300})")
_FROM = re.compile(r"\b([\w$]{1,200})\s{1,9}import\s{0,9}(\([^)]{0,5000}|[^\n(][^\n]{0,500})")
_LONGEST_LIST = 5_000
_MOST_KEPT = 500
"""Files whose imports are kept: each is compared with each that is altered."""


@lru_cache(_MOST_KEPT)
def imported_words(text: str) -> frozenset[str]:
    """The words of the statements that import something, as far as they are told by their lines."""
    words: set[str] = set()
    lines = iter(text.split("\n"))
    for line in lines:
        if _IMPORTS.search(line):
            said = [line]
            opened = _opened(line)
            while opened > 0 or said[-1].endswith("\\"):
                more = next(lines, None)
                if more is None or len(said) > _LINES_OF_IMPORTS:
                    break
                said.append(more)
                opened += _opened(more)
            words.update(*map(_NAME.findall, said))
    return frozenset(words)


def _opened(line: str) -> int:
    return line.count("(") + line.count("{") - line.count(")") - line.count("}")


def imports(text: str, module: str, name: str) -> bool:
    """Whether a file imports a name from a module, be it with all others, or names it by that."""
    if module not in text:
        return False
    if name not in text:
        return takes_all(text, module)
    place, word = re.escape(module), re.escape(name)
    if f"{module}.{name}" in text and re.search(rf"\b{place}\.{word}\b", text):
        return True
    return takes_all(text, module) or any(
        re.search(rf"\b{word}\b", listed)
        for listed, source in _lists(text)
        if name in listed and re.search(rf"\b{place}\b", source)
    )


def takes_all(text: str, module: str) -> bool:
    """Whether a file imports every name of a module, or hands it on."""
    if "*" not in text:
        return False
    several = [source for listed, source in _lists(text) if listed.lstrip("( ").startswith("*")]
    return any(re.search(rf"\b{re.escape(module)}\b", source) for source in several)


@lru_cache(_MOST_KEPT)
def _lists(text: str) -> tuple[tuple[str, str], ...]:
    """The names that a file imports, or a script in braces, each list with where it is from."""
    found = [(one[2], one[1]) for one in _FROM.finditer(text)]
    found += [("*", one[1]) for one in _EVERY.finditer(text)]
    for one in _LISTED.finditer(text):
        opened = text.rfind("{", max(0, one.start() - _LONGEST_LIST - 1), one.start())
        listed = text[opened + 1 : one.start()]
        if opened >= 0 and "}" not in listed:
            found.append((listed, one[1]))
    return tuple(found)


@lru_cache(_MOST_KEPT)
def every_word(text: str) -> frozenset[str]:
    """All the words of a file, of two letters and more."""
    return frozenset(_WORD.findall(text))


def reads(text: str, module: str, name: str, holders: Iterable[str] = ()) -> bool:
    """Whether a file reads a name of a module: by itself, or by what it imports from there.

    That may be one of the `holders`, the classes of objects that have it.
    """
    owners = {*_owners(text).get(name, ()), *holders}
    return imports(text, module, name) or any(imports(text, module, one) for one in owners)


@lru_cache(_MOST_KEPT)
def _owners(text: str) -> dict[str, set[str]]:
    """What stands before the dot of each attribute."""
    found: dict[str, set[str]] = {}
    for one in _ATTRIBUTE.finditer(text):
        found.setdefault(one[2], set()).add(one[1])
    return found
