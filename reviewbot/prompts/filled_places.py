"""Placeholders of texts in source code that other code replaces: `PROMPT.replace("{x}", value)`.

A placeholder counts as replaced where a file that says the text's name replaces it, or where that
file gives the text to a function of another one that does.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary, proxy

from msgspec import Struct
from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.prompt import MessageTemplate
from reviewbot.prompts.own_sources import own_sources
from reviewbot.repository.edited_trees import with_the_same
from reviewbot.repository.trees import Tree

_PLACE = re.compile(
    r"\{\{?[^\W\d][\w. -]{0,60}\}\}?|<[^\W\d][\w -]{2,60}>|\[\[?[A-Z][A-Z_ ]{2,60}\]\]?"
    r"|__[A-Za-z]\w{1,60}__|%[A-Z_]{2,60}%|\$\{?[A-Za-z_]\w{2,60}\}?|#[A-Z_]{2,60}#|@[A-Z_]{2,60}@"
)
"""What placeholders of most projects look like; texts without any are not looked for."""

_REPLACED = re.compile(
    r"\.replace(?:All)?\(\s{0,200}(?:"
    r'"(?P<double>(?:[^"\\\n]|\\.){2,200})"'
    r"|'(?P<single>(?:[^'\\\n]|\\.){2,200})'"
    r"|`(?P<back>(?:[^`\\$]|\\.){2,200})`"
    r"|/(?P<pattern>(?:[^/\\\n]|\\.){2,200})/[a-z]{0,6})\s{0,200},"
)
"""A call that replaces what is written out, by a text or by a regular expression."""

_COMPUTED = re.compile(
    r"\.replace(?:All)?\(\s{0,200}(?:new RegExp\(\s{0,200})?(?:"
    r"f[\"'](?P<python>\{{2,6}[^{}\"'\n]{1,60}\}{2,6})[\"']"
    r"|`(?P<script>(?:\\{0,2}\{){1,2}\$\{[^{}`\n]{1,60}\}(?:\\{0,2}\}){1,2})`"
    r"|[\"'](?P<sum>(?:\\{0,2}\{){1,2})[\"'] ?\+"
    r"|/(?P<pattern>(?:\\?\{){1,2}(?:\\s\*)?\([^()\n/]{1,40}\)(?:\\s\*)?(?:\\?\}){1,2})/g)"
)
"""A call that replaces whatever stands in braces: `.replace(f"{{{key}}}", value)` in a loop."""

_UNKNOWN = re.compile(r"\.replace(?:All)?\(\s{0,200}(?![\"'`/\s]|f[\"'])")
"""A call that replaces what only the running program knows."""

ALTERED = ""
"""Stands for what code replaces that nobody knows."""

_LONGEST_NAME = 300
"""Characters before a call that are looked at for the name of its text, blanks among them."""

_NAME = re.compile(r"[^\W\d][\w$]*")
_DEFINED = re.compile(
    r"(?:\bfunction\s{1,20}|\bdef\s{1,20}|\b(?:const|let|var)\s{1,20})([^\W\d][\w$]{0,100})"
)
_CALL = re.compile(r"(?<![\w$])([^\W\d][\w$]{0,100})\((?=([^()]{0,400}))")
_ESCAPED = re.compile(r"\\(.)")
_PLAIN_PATTERN = re.compile(r"(?:[^\\^$.|?*+()\[\]{}]|\\[^\w\s]|[{}])+")
_SINGLE, _DOUBLE = "{…}", "{{…}}"
_BRACED = {
    _SINGLE: re.compile(r"(?<!\{)\{\w{1,60}\}(?!\})"),
    _DOUBLE: re.compile(r"\{\{ ?\w{1,60} ?\}\}"),
}

_MOST_CHARACTERS = 40_000_000
"""Of sources that are looked through for what replaces placeholders."""


class _File(Struct, frozen=True, kw_only=True):
    """A source file that replaces something: what, the names in it, and those of its functions.

    `altered` are names of which it replaces what nobody knows.
    """

    path: str
    places: frozenset[str]
    names: frozenset[str]
    defined: frozenset[str]
    altered: frozenset[str]


class FilledPlaces:
    """The placeholders that the source files of a tree replace; read when one is sought."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def of(self, path: str, selector: str | None, text: str) -> Mapping[str, str]:
        """The placeholders of a text that code replaces, each with the path of the file that does.

        The path and the selector are those of the text.
        """
        if selector is None or prompt_formats.of_source(path) is None:
            return {}
        name = selector.partition(".")[0].partition("@")[0]
        if not name.isidentifier() or not _PLACE.search(text):
            return {}
        found: dict[str, str] = {}
        for file in self._replacing:
            if name in file.altered:
                found[ALTERED] = file.path
            places = list(_places_in(text, file.places))
            if places and (file.path == path or name in file.names or self._is_given(name, file)):
                found |= {place: file.path for place in places if place not in found}
        return found

    def _is_given(self, name: str, file: _File) -> bool:
        """Whether some file gives a text of that name to a function that `file` defines."""
        return any(name in self._given.get(function, ()) for function in file.defined)

    @cached_property
    def _replacing(self) -> tuple[_File, ...]:
        return tuple(
            _File(
                path=path,
                places=places,
                names=frozenset(_NAME.findall(text)),
                defined=frozenset(_DEFINED.findall(text)),
                altered=altered,
            )
            for path, text in self._sources()
            if ".replace" in text
            for places, altered in [(frozenset(_replaced_in(text)), _altered_in(text))]
            if places or altered
        )

    @cached_property
    def _given(self) -> Mapping[str, set[str]]:
        """The names among the arguments of each function that a replacing file defines."""
        functions = {name for file in self._replacing for name in file.defined}
        given: dict[str, set[str]] = {}
        for _, text in self._sources():
            for call in _CALL.finditer(text):
                if call[1] in functions:
                    given.setdefault(call[1], set()).update(_NAME.findall(call[2]))
        return given

    def _sources(self) -> Iterator[tuple[str, str]]:
        left = _MOST_CHARACTERS
        for path, text in own_sources(self._tree):
            left -= len(text)
            if left < 0:
                return
            yield path, text


_KNOWN: WeakKeyDictionary[Tree, FilledPlaces] = WeakKeyDictionary()


def filled_places(tree: Tree) -> FilledPlaces:
    """The placeholders that the source files of a tree replace, read once while the tree is there.

    `init` measures again and again with another configuration and the same source.
    """
    source = with_the_same(tree, lambda path: prompt_formats.of_source(path) is not None)
    if source not in _KNOWN:
        _KNOWN[source] = FilledPlaces(proxy(source))
    return _KNOWN[source]


def _replaced_in(text: str) -> Iterator[str]:
    """The placeholders that the calls in a source text replace."""
    for call in _REPLACED.finditer(text):
        said = call["double"] or call["single"] or call["back"]
        if said is None and _PLAIN_PATTERN.fullmatch(call["pattern"] or ""):
            said = call["pattern"]
        place = _ESCAPED.sub(r"\1", said or "")
        if _PLACE.fullmatch(place):
            yield place
    for call in _COMPUTED.finditer(text):
        in_python = call["python"] or ""
        said = call["script"] or call["sum"] or call["pattern"] or ""
        braces = said.replace("${", "").count("{")
        yield _DOUBLE if braces > 1 or in_python.startswith("{{{{") else _SINGLE


def _altered_in(text: str) -> frozenset[str]:
    """The names of which a source text replaces what is computed, other than in braces."""
    computed = {call.start() for call in _COMPUTED.finditer(text)}
    found = set()
    for call in _UNKNOWN.finditer(text):
        before = text[max(0, call.start() - _LONGEST_NAME) : call.start()].rstrip()
        names = _NAME.findall(before)
        if call.start() not in computed and names and before.endswith(names[-1]):
            found.add(names[-1])
    return frozenset(found)


def _places_in(text: str, places: frozenset[str]) -> Iterator[str]:
    """Those of the placeholders that stand in a text."""
    for place in sorted(places):
        if place in _BRACED:
            yield from sorted(set(_BRACED[place].findall(text)))
        elif place in text:
            yield place


def with_variables(
    message: MessageTemplate, places: Mapping[str, str], engine: str
) -> MessageTemplate:
    """A message of source code with variables where placeholders stand, for that `engine`.

    What code composes of several texts has them in those that are told. A text of which nobody
    knows what is replaced stands as it is, and is not said to be the same in every call.
    """
    if not places or message.engine not in (None, engine):
        return message
    said: Any = message.text if message.engine is None else json.loads(message.text)
    if isinstance(said, list) and said[0] != "join":
        return message
    if ALTERED in places and len(places) == 1:
        return replace(message, text=json.dumps(["altered", said]), engine=engine)
    filled = list(_filled(said, places, 1))
    return replace(message, text=json.dumps(["join", *filled]), engine=engine)


def _filled(said: Any, places: Mapping[str, str], line: int) -> Iterator[Any]:
    """A text, or the parts of a joined one, with variables between their pieces."""
    if isinstance(said, list):
        for part in said[1:]:
            yield from _filled(part, places, line) if isinstance(part, str) else [part]
        return
    known = [place for place in places if place != ALTERED]
    at = {place: position for place in known if (position := said.find(place)) >= 0}
    while at:
        place = min(at, key=lambda item: (at[item], -len(item)))
        before, _, said = said.partition(place)
        line += before.count("\n")
        if before:
            yield before
        name = place.strip(_MARKS) or place
        yield ["hole", {"name": name, "path": [name], "line": line}]
        at = {other: position for other in at if (position := said.find(other)) >= 0}
    if said:
        yield said


_MARKS = "{}<>[]%$#@ "
