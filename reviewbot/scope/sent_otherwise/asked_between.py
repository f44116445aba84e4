"""What altered files say of names by which other files ask a model, be it through files between."""

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from reviewbot.prompt_formats._common.request_settings import TOOLS
from reviewbot.prompt_formats._common.sent_form import SentForms
from reviewbot.prompts.module_words import module_of
from reviewbot.rendering.parsers._common.requests import SCHEMAS
from reviewbot.scope.affected import Resent
from reviewbot.scope.sent_otherwise.altered_files import Altered, Linked
from reviewbot.scope.sent_otherwise.asked_elsewhere import asked_elsewhere, used_elsewhere
from reviewbot.scope.sent_otherwise.bounded_reading import BoundedReading, UnseenError
from reviewbot.scope.sent_otherwise.carried_texts import line_of
from reviewbot.scope.sent_otherwise.changed_names import words_that_set
from reviewbot.scope.sent_otherwise.imported_names import reads
from reviewbot.scope.sent_otherwise.known_changes import KnownChanges, Unseen

_MOST_LOOKED_UP: Final = 300
"""Changed names of one file that are looked for in another; of what is beyond all are told."""


class Asking:
    """Compares what one altered file says of the names that a linked file asks by.

    `bases` are names that are told wherever they are read.
    """

    def __init__(self, item: Altered, linked: Linked, bases: Container[str] = ()) -> None:
        self._item = item
        self._linked = linked
        self._bases = bases

    def told(
        self, links: SentForms, before: SentForms, after: SentForms, name: str
    ) -> Iterator[Resent]:
        """What is asked for otherwise, where the prompt of a `name` is sent."""
        item = self._item
        for number, (used, key, said, form) in enumerate(asked_elsewhere(links, before, after)):
            is_beyond = number >= _MOST_LOOKED_UP
            holders = links.holders.get(used, ())
            if is_beyond or used in self._bases or self._means(used, holders):
                line = 1 if is_beyond else line_of(used, item.after)
                asked = Resent(path=item.path, line=line, name=name, form=form)
                yield replace(asked, key=key, was=said, is_through=True)
        for number, (used, how) in enumerate(used_elsewhere(links, before, after)):
            is_beyond = number >= _MOST_LOOKED_UP
            if is_beyond or self._means(used, ()):
                line = 1 if is_beyond else line_of(used, item.after)
                yield Resent(path=item.path, line=line, name=name, form=how, is_through=True)

    def _means(self, name: str, holders: Sequence[str]) -> bool:
        return name in names_behind(self._linked, self._item, name, holders)

    def between(self, links: SentForms) -> SentForms:
        """The same links, by what the altered file itself calls what the linked one names."""
        return replace(
            links,
            asked=self._renamed(links.asked, links),
            defined=self._renamed(links.defined, links),
            uses=self._renamed(links.uses, links),
        )

    def _renamed(self, several: Mapping[str, str], links: SentForms) -> dict[str, str]:
        return {
            inner: told
            for name, told in several.items()
            for inner in names_behind(
                self._linked,
                self._item,
                name,
                links.holders.get(name, ()),
                in_tables=told in _DEFINED,
            )
        }


_DEFINED = {*TOOLS, *SCHEMAS}
"""What is asked for under these keys may be one of several that a list or a table holds."""


def asked_between(
    linked: Linked, links: SentForms, known: KnownChanges, read: BoundedReading, unseen: Unseen
) -> Iterator[Resent]:
    """What altered files say otherwise of names that come to a linked file through others."""
    behind = {
        item.path: item
        for item in _behind(linked)
        if item.path != linked.path and not _is_direct(item, linked, known)
    }
    names = {*links.uses, *links.defined, *links.asked}
    for item in behind.values() if names else ():
        if item.is_data or item.is_gone or item.problem is not None:
            continue
        own = Asking(item, linked)
        renamed = own.between(links)
        changed = known.changed(item)
        if not changed.sets_any({**renamed.uses, **renamed.defined, **renamed.asked}):
            continue
        try:
            before = read(item.old, item.before, (), ())
            after = read(item.path, item.after, (), ())
        except UnseenError as error:
            if linked.is_sure:
                unseen(item, error.problem, error.path)
            continue
        name = name_sent(links, linked.names, ())
        yield from _Between(item, linked).told(renamed, before, after, name)


def _is_direct(item: Altered, linked: Linked, known: KnownChanges) -> bool:
    """Whether it is looked at without the files between."""
    named = item.path in linked.said or item.path in linked.users
    return named and known.changed(item).matter_to(linked, known.definitions)


class _Between(Asking):
    """Names that are an altered file's own already."""

    def _means(self, name: str, holders: Sequence[str]) -> bool:
        del name, holders
        return True


def names_behind(
    linked: Linked,
    item: Altered,
    name: str,
    holders: Sequence[str] = (),
    *,
    in_tables: bool = False,
) -> set[str]:
    """What an altered file calls what a name of a linked file stands for, through those between.

    It may be one of several there, if `in_tables`.
    """
    if reads(linked.text, item.module, name, holders):
        return {name}
    found: set[str] = set()
    for one in linked.between:
        if reads(linked.text, module_of(one.path), name, holders):
            for inner in {name, *(words_that_set(name, one.text) if in_tables else ())}:
                found |= names_behind(one, item, inner, in_tables=in_tables)
    return found


def _behind(linked: Linked) -> Iterator[Altered]:
    for one in linked.between:
        yield from one.said.values()
        yield from _behind(one)


def name_sent(links: SentForms, names: Sequence[str], functions: Collection[str]) -> str:
    """The name of a text that one of the functions is given, or else that the file sends."""
    every = [steps for one in links.called if one.name in functions for steps in one.texts]
    every += [*(one.steps for one in links.texts), *(one.steps for one in links.calls)]
    said = [".".join(steps) for steps in every if steps]
    return said[0] if said else names[0]
