"""Texts of altered files that unchanged code sends beside a prompt, and that have grown."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec.structs import replace

from reviewbot.errors import Problem
from reviewbot.prompt_formats._common.sent_form import Carrier, SentForms, SentText
from reviewbot.scope.affected import Resent
from reviewbot.scope.sent_otherwise.altered_files import Altered, Linked
from reviewbot.scope.sent_otherwise.bounded_reading import UnseenError
from reviewbot.scope.sent_otherwise.changed_names import ChangedNames
from reviewbot.scope.sent_otherwise.definitions import Definitions, classes_in
from reviewbot.scope.sent_otherwise.imported_names import reads
from reviewbot.scope.sent_otherwise.selected_names import Names, is_selected
from reviewbot.scope.sent_otherwise.texts_beside import MOST_BESIDE

Carried = Mapping[Carrier, str]
"""What holds texts beside a prompt, each with the name of the prompt."""

_MOST_CARRIERS: Final = 500
_TOO_MANY: Final = Problem(
    what=f"it sends what more than {_MOST_CARRIERS} names of other files hold beside prompts",
    mend="split it, or approve the change if it is meant",
)


def carried_by(path: str, texts: Sequence[SentText], names: Names) -> Carried:
    """What a file at a path sends beside prompts that workflows have under `names`.

    Where a workflow has all of a place, what its parsers do not follow.

    Raises:
        UnseenError: These are too many to compare.
    """
    found: dict[Carrier, str] = {}
    for item in texts:
        name, is_whole = prompt_of(item, path, names)
        for one in item.carriers if name else ():
            if one.of_object or not is_whole:
                found.setdefault(one, name)
    return _few(found, path)


def filling_by(path: str, texts: Sequence[SentText], names: Names) -> Carried:
    """What fills prompts of a file of which workflows have all, as far as that is measured.

    Raises:
        UnseenError: These are too many to compare.
    """
    found: dict[Carrier, str] = {}
    for item in texts:
        name, is_whole = prompt_of(item, path, names)
        for one in item.carriers if name and is_whole else ():
            if not one.of_object:
                found.setdefault(one, name)
    return _few(found, path)


def prompt_of(item: SentText, path: str, names: Names) -> tuple[str, bool]:
    """The name of the prompt that a text is one of, or none; and if it has all of the place."""
    own = names.get(path, frozenset())
    within = item.within
    wholes = [steps for steps in sorted(own) if within and steps[: len(within)] == within]
    wholes += sorted(own & item.around)
    if wholes or (item.steps and is_selected(item, path, names)):
        return ".".join(wholes[0] if wholes else item.steps), bool(wholes)
    return "", False


def _few(found: Carried, path: str) -> Carried:
    if len(found) > _MOST_CARRIERS:
        raise UnseenError(_TOO_MANY, path)
    return found


def asked_of(
    carried: Carried,
    item: Altered,
    linked: Linked,
    changed: ChangedNames | None,
    known: Definitions,
) -> list[dict[str, Any]]:
    """Those that may be an altered file's, as its parser is asked for them.

    Without what has `changed`, all that may be the file's.
    """
    own = {name for name, _ in classes_in(item.after)}
    found = []
    for one in carried:
        is_module = item.module in one.classes
        classes = known.related(one.classes)
        if one.is_member:
            is_set = changed is not None and changed.sets_any(one.classes)
            is_meant = is_module or not own.isdisjoint(classes) or is_set
        else:
            is_set = changed is None or changed.sets_any([one.name])
            is_meant = is_set and reads(linked.text, item.module, one.name)
        if is_meant:
            asked = {"name": one.name, "is_member": one.is_member, "is_module": is_module}
            found.append(asked | {"classes": sorted({*classes, *one.classes})})
    return found


def grown(
    asked: Sequence[Mapping[str, Any]], was: SentForms, now: SentForms
) -> Iterator[tuple[str, int]]:
    """The first names that hold more than a few characters more, and how many more.

    Where that is so of all together only, it is told of the one that is the most longer.
    """
    more: dict[str, int] = {}
    total = 0
    for one, before, after in zip(asked, was.weights, now.weights, strict=False):
        more[one["name"]] = max(more.get(one["name"], 0), after - before)
        total += max(0, after - before)
    found = [(name, size) for name, size in sorted(more.items()) if size > MOST_BESIDE]
    if not found and total > MOST_BESIDE:
        found = [(max(sorted(more), key=more.__getitem__), total)]
    yield from found


def grown_beside(
    item: Altered, carried: Carried, longer: Iterable[tuple[str, int]]
) -> Iterator[Resent]:
    """Texts of an altered file that stand beside a prompt, and by how much they are longer."""
    for holder, more in longer:
        name = next(text for one, text in carried.items() if one.name == holder)
        form = f"with {more:,} more characters of `{holder}`"
        line = line_of(holder, item.after)
        grown = Resent(path=item.path, line=line, name=name, form=form, is_through=True)
        yield replace(grown, more=more, of=holder)


def line_of(name: str, text: str) -> int:
    """The line of a text that sets a name."""
    found = re.search(rf"^[^\n=:]*\b{re.escape(name)}\b", text, re.MULTILINE)
    return 1 if found is None else text.count("\n", 0, found.start()) + 1
