"""Which mentions of a file name something else than before the change."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from reviewbot.prompts.models_in_code.mentions import Mention
from reviewbot.prompts.models_in_code.statements import Source, Statement
from reviewbot.rendering.parsers._common.known_models import is_known_model
from reviewbot.rendering.parsers._common.requests import CAPS
from reviewbot.tokens.same_model import is_same_model

Pair = tuple[Mention, Mention]
"""What was named, and what is named in its place."""


def swapped(before: Sequence[Mention], after: Sequence[Mention]) -> list[Pair]:
    """The mentions that changed, by their functions and keys; what only moved did not."""
    was, now = _by_place(before), _by_place(after)
    pairs: list[Pair] = []
    gone: list[Mention] = []
    come: list[Mention] = []
    for place in {**was, **now}:
        old, new = was.get(place, []), now.get(place, [])
        if len(old) == len(new):
            pairs += [pair for pair in zip(old, new, strict=True) if _differ(*pair)]
        else:
            gone += _less(old, new)
            come += _less(new, old)
    gone, come = _less(gone, come), _less(come, gone)
    for old_one in gone:
        found = next((item for item in come if item.key == old_one.key), None)
        if found is not None:
            come.remove(found)
            pairs.append((old_one, found))
    return sorted(_told_once(pairs), key=lambda pair: (pair[1].line, pair[1].key))


def new_caps(
    before: Sequence[Mention], after: Sequence[Mention], source: Source
) -> Iterator[Mention]:
    """The caps that calls have since the change which were there in `source` without any."""
    capped = {item.place[:-1] for item in before if item.key in CAPS}
    caps = [item for item in after if item.key in CAPS and item.value is not None]
    places = {item.place[:-1] for item in caps} - capped
    was: dict[tuple[str, ...], list[Statement]] = {}
    for statement in source.statements if places else ():
        was.setdefault(statement.within, []).append(statement)
    for item in caps:
        within = item.place[:-1]
        if within in places and any(
            _is_without(one, item.statement) for one in was.get(within, ())
        ):
            yield item


def _is_without(earlier: Statement, statement: Statement) -> bool:
    """Whether a statement of its function is one that was there, but for a few words."""
    return (
        bool(earlier.words)
        and earlier.words <= statement.words
        and len(statement.words - earlier.words) <= _MOST_NEW_WORDS
        and sum(map(len, statement.words)) <= _TIMES * sum(map(len, earlier.words))
    )


_MOST_NEW_WORDS = 4
_TIMES = 3
"""How much longer a statement may be by its words, with a cap and what holds it."""


def _by_place(found: Iterable[Mention]) -> dict[tuple[str, ...], list[Mention]]:
    places: dict[tuple[str, ...], list[Mention]] = {}
    for item in found:
        places.setdefault(item.place, []).append(item)
    return places


def _differ(was: Mention, now: Mention) -> bool:
    if was.value is None or now.value is None:
        return was.value is not None and now.value is None and was.said != now.said
    return not (was.value == now.value or (was.key not in CAPS and _same(was, now)))


def _same(was: Mention, now: Mention) -> bool:
    assert was.value is not None
    assert now.value is not None
    return is_same_model(was.value, now.value) or not (
        is_known_model(was.value) or is_known_model(now.value)
    )


def _less(some: Iterable[Mention], others: Iterable[Mention]) -> list[Mention]:
    """Those without a counterpart of the same value among the others."""
    left = Counter(item.value for item in others)
    found = []
    for item in some:
        if item.value is not None and left[item.value] > 0:
            left[item.value] -= 1
        else:
            found.append(item)
    return found


def _told_once(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """The pairs, without uses of a constant that is itself among them."""
    several = [pair for pair in pairs if _differ(*pair)]
    constants = {
        (was.value, now.value) for was, now in several if not now.by_name and not was.by_name
    }
    for was, now in several:
        is_use = was.by_name and now.by_name
        if not (is_use and (was.value, now.value) in constants):
            yield was, now
