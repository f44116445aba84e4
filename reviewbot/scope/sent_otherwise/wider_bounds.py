"""Prompts that are filled with more since the change: a number says so, or none does any more."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from reviewbot.prompt_formats._common.sent_form import Filled, SentForms, SentText
from reviewbot.rendering.parsers._common.bounds import FILES_TOLD, PLACE
from reviewbot.scope.affected import Asked, Resent
from reviewbot.scope.changed_source.edited_lines import EditedLines
from reviewbot.scope.sent_otherwise.altered_files import Altered
from reviewbot.scope.sent_otherwise.carried_texts import Carried, prompt_of
from reviewbot.scope.sent_otherwise.selected_names import Names

_OF_NAME = re.compile(r"((?:[\w$]{1,99}\.){1,9})[\w$]{1,99}\(")
_CALLED = re.compile(r"[\w$]{1,99}(?=[(: =])")


def wider_in_file(item: Altered, was: SentForms, now: SentForms, names: Names) -> Iterator[Resent]:
    """What an altered file itself fills prompts with."""
    before, after = (
        _filled(path, forms.texts, names) for path, forms in ((item.old, was), (item.path, now))
    )
    for name, filled in after.items():
        for said, earlier in _wider(before.get(name, Filled()), filled):
            yield _told(item, name, said, earlier)


def joined(wider: Iterable[Resent]) -> Iterator[Resent]:
    """What fills several prompts, once, with the workflows of all of them."""
    several: dict[tuple[int, str], list[Resent]] = {}
    for one in wider:
        several.setdefault((one.line, one.form), []).append(one)
    for same in several.values():
        names = (name for one in same for name in one.workflows)
        yield replace(same[0], workflows=tuple(dict.fromkeys(names)))


def wider_elsewhere(
    item: Altered,
    carried: Carried,
    asked: Sequence[Mapping[str, Any]],
    was: SentForms,
    now: SentForms,
) -> Iterator[Resent]:
    """What an altered file gives more of by what is `asked` of it, where that fills a prompt."""
    for one, before, after in zip(asked, was.filled, now.filled, strict=True):
        name = next(text for it, text in carried.items() if it.name == one["name"])
        for said, earlier in _wider(before, after):
            yield _told(item, name, said, earlier)


def _told(item: Altered, name: str, said: str, earlier: str) -> Resent:
    form = f"with `{said}`, it was `{earlier}`"
    word = _CALLED.search(earlier.rpartition(".")[2] if "." in earlier else earlier)
    edited = EditedLines(item.path, item.before, item.after).new
    lines = item.after.split("\n")
    there = [one for one in edited if word is not None and word[0] in lines[one]]
    line = next(iter((*there, *edited)), 0) + 1
    return Resent(path=item.path, line=line, name=name, form=form, kind=Asked.TEXTS)


def _filled(path: str, texts: Iterable[SentText], names: Names) -> dict[str, Filled]:
    """What fills each prompt of a file; of what sends one nothing that it gives back.

    The files of a call are those of its arguments.
    """
    found: dict[tuple[str, bool], Filled] = {}
    for item in texts:
        name, _ = prompt_of(item, path, names)
        key = name, item.is_sent
        one = found.get(key, Filled())
        bounds = (it for it in item.filled.bounds if not (item.is_call and it[0] == FILES_TOLD))
        found[key] = Filled(bounds=(*one.bounds, *bounds), flows=one.flows | item.filled.flows)
    return {
        name: filled
        for (name, is_sent), filled in found.items()
        if name and (is_sent or (name, True) not in found)
    }


def _wider(was: Filled, now: Filled) -> Iterator[tuple[str, str]]:
    """The bounds that are larger, or gone while what they bound still flows: now, and before."""
    before, after = _largest(was), _largest(now)
    for shape, number in after.items():
        earlier = before.get(shape)
        if number is not None and earlier is not None and number > earlier:
            yield _said(shape, number), _said(shape, earlier)
    for shape, number in before.items():
        of = _OF_NAME.match(shape)
        if of is None or shape in after:
            continue
        receiver = of[1].rstrip(".")
        is_bounded = any(one.startswith(of[1]) for one in after)
        if receiver in now.flows and not is_bounded:
            yield receiver, _said(shape, number)


def _largest(filled: Filled) -> dict[str, int | None]:
    """The largest number of each bound; None where one is not known."""
    found: dict[str, int | None] = {}
    for shape, said in filled.bounds:
        number = int(said) if said else None
        earlier = found.get(shape, 0)
        is_known = number is not None and earlier is not None
        found[shape] = max(number or 0, earlier or 0) if is_known else None
    return found


def _said(shape: str, number: int | None) -> str:
    return shape.replace(PLACE, "…" if number is None else str(number), 1)
