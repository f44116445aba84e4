"""The tools that the calls of source code are given by name, for the workflows of their prompts."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from reviewbot.configuration.shape.workflows import reference
from reviewbot.discovery.findings import Found
from reviewbot.errors import MeasurementError
from reviewbot.prompt_formats import source_tools
from reviewbot.prompts.own_sources import own_sources
from reviewbot.prompts.source_reader import SourceReader

_TAKES = re.compile(r"\btools[\"']?\s{0,9}(?::|=(?!=)|,|\})|\bbind_?[tT]ools\(")
"""What a file holds that gives tools to a call, by name or as a shorthand."""

_MOST_FILES = 300


class CallTools(Struct, frozen=True, kw_only=True):
    """The tools that calls are given, as they are written: of each text, by its number.

    Of those that are `known` the calls are found, which may be given none; `paths` are the files of
    the tools.
    """

    given: Mapping[int, tuple[str, ...]]
    known: frozenset[int]
    paths: frozenset[str]


def call_tools(
    texts: Sequence[tuple[Found, int]], readable: Collection[str], reader: SourceReader
) -> CallTools:
    """The tools of the calls that send texts, if all are defined in `readable` files.

    Of each text there is the line that it begins in.
    """
    own = Counter(item.path for item, _ in texts)
    found: dict[int, set[tuple[str, ...]]] = {}
    for path, calls in _calls(reader, own) if readable else ():
        for number, (item, line) in enumerate(texts):
            for call in _sending(item, line, calls, path, is_alone=own[path] == 1):
                written = _written(call, readable, reader) if call["takes"] else ()
                if written is not None:
                    found.setdefault(number, set()).add(written)
    given = {
        number: tools
        for number, several in found.items()
        if len(several) == 1
        for tools in several
        if tools
    }
    paths = frozenset(name.partition("#")[0] for tools in given.values() for name in tools)
    return CallTools(given=given, known=frozenset(found), paths=paths)


def _calls(reader: SourceReader, own: Collection[str]) -> Iterator[tuple[str, list[Any]]]:
    """The calls of each source file that gives tools to some, or holds one of the texts."""
    left = _MOST_FILES
    for path, text in own_sources(reader.tree):
        if left and (path in own or _TAKES.search(text)):
            left -= 1
            try:
                yield path, source_tools.calls(reader.prompts.text_of(path, None))
            except MeasurementError:
                continue


def _sending(
    item: Found, line: int, calls: Sequence[Any], path: str, *, is_alone: bool
) -> Iterator[Any]:
    """The calls of a file that send a text: the innermost around it, or those that name it.

    Of the only text in a file it is also the only one that gives tools to a model beforehand.
    """
    is_own = path == item.path
    around = [it for it in calls if is_own and it["line"] <= line <= it["last_line"]]
    if around:
        yield max(around, key=lambda it: (it["line"], -it["last_line"]))
        return
    name = (item.selector or "").partition(".")[0].partition("@")[0]
    binding = [it for it in calls if it["binds"]]
    for call in calls:
        sends = (there for there in call["sends"] if there[0] == item.path)
        is_bound = is_own and is_alone and binding == [call]
        if is_bound or any(there[1].partition(".")[0] == name for there in sends):
            yield call


def _written(call: Any, readable: Collection[str], reader: SourceReader) -> tuple[str, ...] | None:
    """The tools of a call as the configuration names them; None where one cannot be read."""
    if call["tools"] is None:
        return None
    names = []
    for path, selector in call["tools"]:
        name = reference(path, selector)
        if name is None or path not in readable:
            return None
        try:
            source_tools.read(reader.prompts.text_of(path, selector))
        except MeasurementError:
            return None
        names.append(name)
    return _together(tuple(dict.fromkeys(names)), reader)


def _together(names: tuple[str, ...], reader: SourceReader) -> tuple[str, ...]:
    """Names of tools, or the one file that they are all tools of."""
    paths = {name.partition("#")[0] for name in names}
    if len(paths) != 1:
        return names
    (path,) = paths
    tools = source_tools.found(reader.prompts.text_of(path, None))
    offered = {f"{path}#{name}" for name, tool in tools.items() if tool["is_offered"]}
    return (path,) if offered == {*names} else names
