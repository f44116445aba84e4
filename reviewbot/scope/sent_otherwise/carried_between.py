"""Texts of altered files that stand beside a prompt, and come there through further files."""

from collections.abc import Iterator

from reviewbot.prompt_formats._common.sent_form import Carrier, SentForms
from reviewbot.rendering.parsers._common.loaded_files import FILE
from reviewbot.scope.affected import Resent
from reviewbot.scope.sent_otherwise.altered_files import Altered, Linked
from reviewbot.scope.sent_otherwise.bounded_reading import BoundedReading, UnseenError
from reviewbot.scope.sent_otherwise.carried_texts import (
    Carried,
    asked_of,
    grown,
    grown_beside,
)
from reviewbot.scope.sent_otherwise.known_changes import KnownChanges, Unseen
from reviewbot.scope.sent_otherwise.wider_bounds import wider_elsewhere


def matters_between(linked: Linked, known: KnownChanges) -> Iterator[bool]:
    """Whether altered files that a file, or one between, names may hold what it sends."""
    yield from (True for item in linked.said.values() if item.is_data)
    for one in linked.between:
        for item in one.said.values():
            if not item.is_data and not item.is_gone:
                yield known.changed(item).stand_in(one.text, item.module)
        yield from matters_between(one, known)


def grown_between(
    linked: Linked, links: SentForms, known: KnownChanges, read: BoundedReading, unseen: Unseen
) -> Iterator[Resent]:
    """What has grown of the files that a file loads, and behind the files that it imports."""
    try:
        several = (known.carried(linked, links), True), (known.filling(linked, links), False)
    except UnseenError as error:
        for item in _behind_all(linked) if linked.is_sure else ():
            unseen(item, error.problem, error.path)
        return
    for first, is_weighed in several:
        waiting = [(linked, first)]
        for one, carried in waiting:
            yield from _loaded(one, carried, known) if is_weighed else ()
            for item in one.said.values() if one is not linked else ():
                try:
                    yield from _grown(item, one, carried, known, read, is_weighed=is_weighed)
                except UnseenError as error:
                    if linked.is_sure:
                        unseen(item, error.problem, error.path)
            waiting += _next(one, carried, known, read, unseen)


def _next(
    linked: Linked, carried: Carried, known: KnownChanges, read: BoundedReading, unseen: Unseen
) -> Iterator[tuple[Linked, Carried]]:
    """The files behind one, with what each has from further ones; what cannot be read is told."""
    for one in linked.between if any(matters_between(linked, known)) else ():
        try:
            behind = _behind(one, linked, carried, known, read)
        except UnseenError as error:
            for item in one.said.values() if linked.is_sure else ():
                unseen(item, error.problem, error.path)
            continue
        if behind:
            yield one, behind


def _behind_all(linked: Linked) -> Iterator[Altered]:
    for one in linked.between:
        yield from one.said.values()
        yield from _behind_all(one)


def _loaded(linked: Linked, carried: Carried, known: KnownChanges) -> Iterator[Resent]:
    for item in linked.said.values():
        for one, name in carried.items() if item.is_data else ():
            if one.classes == (FILE,):
                yield from known.loaded(item, one.name, name)


def _grown(
    item: Altered,
    one: Linked,
    carried: Carried,
    known: KnownChanges,
    read: BoundedReading,
    *,
    is_weighed: bool,
) -> Iterator[Resent]:
    """What has grown in an altered file of what one between has from there.

    What is not `is_weighed` fills a prompt: of that it is told of how much more is taken.

    Raises:
        UnseenError: It is too large, or cannot be read.
    """
    is_source = not item.is_data and not item.is_gone and item.problem is None
    weighed = known.weighed_of(carried, item, one) if is_source else ()
    if weighed:
        before = read(item.old, item.before, (), weighed)
        after = read(item.path, item.after, (), weighed)
        longer = grown(weighed, before, after) if is_weighed else ()
        yield from grown_beside(item, carried, longer)
        yield from wider_elsewhere(item, carried, weighed, before, after)


def _behind(
    one: Linked, of: Linked, carried: Carried, known: KnownChanges, read: BoundedReading
) -> Carried:
    """What a file between has from further files, of all that is carried from it.

    Raises:
        UnseenError: It is too large, or cannot be read.
    """
    as_it_is = Altered(path=one.path, after=one.text, old=one.path, before=one.text)
    asked = known.uncounted_of(asked_of(carried, as_it_is, of, None, known.definitions), one.path)
    found: dict[Carrier, str] = {}
    if asked:
        names = {carrier.name: name for carrier, name in carried.items()}
        held = read(one.path, one.text, (), asked).behind
        for item, several in zip(asked, held, strict=True):
            for carrier in several:
                found.setdefault(carrier, names[item["name"]])
    return found
