"""Values that a change supplies for its own variables, and the largest that are known for them.

A template that needs a variable which the governing samples lack is rendered with the change's own
value. A tiny value would then decide how little of the change counts, so the same call is measured
once more with the largest value that the repository knows: true for a flag, the longest text of the
governing samples or the text that the change takes out, the longest list.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec.structs import replace

from reviewbot.prompt import Sample
from reviewbot.rendering.engines.python_text.largest import largest_literal

_TOKEN_CHARACTERS = 6
"""Of ` token`, by which a text of a given number of tokens is made."""


def supplied_names(governing: tuple[Sample, ...], supplied: tuple[Sample, ...]) -> tuple[str, ...]:
    """What `supplied` has beside the governing samples, such as `tone` or `user.name`; sorted."""
    pairs = zip(governing, supplied, strict=False)
    return tuple(sorted({name for was, now in pairs for name in _added(was, now)}))


def _added(was: Sample, now: Sample) -> Iterator[str]:
    """The variables and keys that a sample lacks."""
    waiting: list[tuple[str, Any, Any]] = [("", was.variables, now.variables)]
    while waiting:
        path, old, new = waiting.pop()
        match old, new:
            case dict(), dict():
                for key, value in new.items():
                    name = f"{path}.{key}" if path else key
                    if key in old:
                        waiting.append((name, old[key], value))
                    else:
                        yield name
            case list(), list():
                waiting += [(path, *items) for items in zip(old, new, strict=False)]


def largest_samples(
    governing: tuple[Sample, ...], supplied: tuple[Sample, ...], lost: str
) -> tuple[Sample, ...]:
    """`supplied` with the largest values that are known; `lost` is text that the change takes out.

    The samples are those given where no value gets larger.
    """
    known = [value for sample in governing for value in _all(sample.variables)]
    texts = [lost, *(value for value in known if _is_text(value))]
    lists = [value for value in known if isinstance(value, list)]
    changed = []
    for was, now in zip(governing, supplied, strict=False):
        values = _enlarged("", was.variables, now.variables, texts, lists)
        is_same = values == now.variables
        changed.append(now if is_same else replace(now, variables=values))
    return supplied if all(map(_is_one, changed, supplied)) else tuple(changed)


def _enlarged(name: str, was: Any, now: Any, texts: list[Any], lists: list[Any]) -> Any:
    """`now`, with the largest values that are known in the place of what `was` lacks."""
    if was is _MISSING:
        return _largest(name, now, texts, lists)
    match was, now:
        case dict(), dict():
            return {
                key: _enlarged(key, was.get(key, _MISSING), value, texts, lists)
                for key, value in now.items()
            }
        case list(), list():
            return [
                _enlarged(name, old, new, texts, lists) for old, new in zip(was, now, strict=False)
            ]
        case _:
            return now


_MISSING = object()


def lost_text(before: Iterable[str], after: Iterable[str]) -> str:
    """The lines that are sent before the change and not after it."""
    left = {line for text in after for line in text.split("\n")}
    lines = (line for text in before for line in text.split("\n"))
    return "\n".join(line for line in lines if line not in left)


def _is_one(one: Sample, other: Sample) -> bool:
    return one is other


def _largest(name: str, value: Any, texts: list[Any], lists: list[Any]) -> Any:
    match value:
        case bool() | None:
            return True
        case list():
            return max((value, *lists), key=len)
        case _ if _is_text(value):
            return max((value, largest_literal(name), *texts), key=_characters)
        case _:
            return value


def _is_text(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, dict) and value.keys() == {"tokens"})


def _characters(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    size = value["tokens"]
    return size * _TOKEN_CHARACTERS if isinstance(size, int) else 0


def _all(value: Any) -> Iterator[Any]:
    """The value and all within it."""
    yield value
    if isinstance(value, dict) and not _is_text(value):
        for item in value.values():
            yield from _all(item)
    elif isinstance(value, list):
        for item in value:
            yield from _all(item)
