"""What was left out, summed up by reason, for a person to look through."""

import re
from collections.abc import Collection, Iterable, Iterator

from reviewbot.discovery.findings import LeftOut
from reviewbot.prompt_formats._common.prompt_names import (
    FEW_WORDS,
    NOT_SAID,
    SHORT_AND_UNNAMED,
    TOO_SHORT,
)

_NAMED = 3
_REASONS = 12
_WHERE = re.compile(r"^line \d+: |,? (?:in )?lines? \d+(?:, \d+)*(?: and \d+)?|, \d+(?:, \d+)+")
_UNSEARCHED = re.compile(r"([\d,]{1,20}) files? (?:is|are)( not searched: .*)", re.DOTALL)
_NUMBERS = re.compile(r"\d[\d,]*")


def counted(left_out: Collection[LeftOut]) -> str:
    """How many texts were left out, and how many places were not searched at all."""
    texts = sum(item.texts for item in left_out)
    places = sum(not item.texts for item in left_out)
    return " and ".join(
        f"{count:,} {name}{'' if count == 1 else 's'}"
        for count, name in ((texts, "text"), (places, "folder"))
        if count
    )


def likely_first(left_out: Iterable[LeftOut]) -> list[str]:
    """A line for each, the likely prompts first: those that cannot be read, then unnamed texts."""
    told = {f"{item.what}: {item.reason}": _rank(item) for item in left_out}
    return sorted(told, key=lambda line: (told[line], line))


def _rank(item: LeftOut) -> int:
    kinds = (item.reason in _SHORT, item.reason.startswith("it is a part of"), not item.texts)
    return next((rank for rank, is_one in enumerate(kinds, 2) if is_one), item.reason in NOT_SAID)


_SHORT = {TOO_SHORT, SHORT_AND_UNNAMED, FEW_WORDS}


def summed_up(left_out: Iterable[LeftOut]) -> Iterator[str]:
    """Lines that tell each reason once, with the number of texts and the first of their names."""
    by_reason: dict[str, list[LeftOut]] = {}
    for item in left_out:
        reason = _NUMBERS.sub("N", _WHERE.sub("", item.reason))
        if (unsearched := _UNSEARCHED.fullmatch(item.reason)) and not item.texts:
            reason = unsearched[2]
        by_reason.setdefault(reason, []).append(item)
    ordered = sorted(by_reason.values(), key=lambda items: -sum(item.texts for item in items))
    for items in ordered[:_REASONS]:
        if len(items) == 1:
            yield f"{items[0].what}: {items[0].reason}"
            continue
        names = ", ".join(item.what for item in items[:_NAMED])
        more = f" and {len(items) - _NAMED:,} more" if len(items) > _NAMED else ""
        yield _several(items)
        yield f"  {names}{more}"
    if others := ordered[_REASONS:]:
        texts = sum(len(items) for items in others)
        yield f"{texts:,} for {len(others):,} other reason{'s' if len(others) > 1 else ''}"


def _several(items: Collection[LeftOut]) -> str:
    """The reason of several; of folders that are not searched also how many files they hold."""
    told = [_UNSEARCHED.fullmatch(item.reason) for item in items if not item.texts]
    found = [match for match in told if match is not None]
    if len(found) < len(items):
        return f"{len(items):,} × {_WHERE.sub('', next(iter(items)).reason)}"
    files = sum(int(match[1].replace(",", "")) for match in found)
    return f"{len(items):,} folders ({files:,} files) are{found[0][2]}"
