"""Prompts that unchanged code sends through what a change alters: a function, a number, a name."""

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from reviewbot.prompt_formats._common.sent_form import SentForms, SentText
from reviewbot.prompts.module_words import module_of
from reviewbot.rendering.parsers._common.requests import SCHEMAS
from reviewbot.scope.affected import Resent
from reviewbot.scope.sent_otherwise.altered_files import Altered, Linked
from reviewbot.scope.sent_otherwise.asked_between import Asking, asked_between, name_sent
from reviewbot.scope.sent_otherwise.bounded_reading import BoundedReading, UnseenError
from reviewbot.scope.sent_otherwise.called_senders import CalledSenders
from reviewbot.scope.sent_otherwise.carried_between import grown_between, matters_between
from reviewbot.scope.sent_otherwise.carried_texts import grown, grown_beside
from reviewbot.scope.sent_otherwise.imported_names import (
    gives_by_default,
    imports,
)
from reviewbot.scope.sent_otherwise.known_changes import KnownChanges, Unseen
from reviewbot.scope.sent_otherwise.meant_functions import MAKING, meant_functions
from reviewbot.scope.sent_otherwise.texts_beside import MOST_BESIDE
from reviewbot.scope.sent_otherwise.wider_bounds import wider_elsewhere

_IMPORTED = re.compile(
    r"import\s{1,9}([\w$]{1,200})[^;\n]{0,300}?from\s{1,9}[\"']([^\"'\n]{1,300})[\"']"
)


def find_through(
    linked: Sequence[Linked],
    meant: KnownChanges,
    read: BoundedReading,
    unseen: Unseen,
) -> Iterator[Resent]:
    """What altered files make of prompts that the linked ones send through them.

    Once the time of the review is used up nothing is looked at any more.
    """
    senders = CalledSenders(meant.definitions)
    for one in linked:
        several = [
            item
            for item in {**one.said, **one.users}.values()
            if not item.is_gone
            if read.is_used_up or meant.changed(item).matter_to(one, meant.definitions)
        ]
        is_between = any(matters_between(one, meant))
        if not several and not is_between:
            continue
        try:
            links = read.linked(one)
        except UnseenError as error:
            for item in several if one.is_sure else ():
                unseen(item, error.problem, error.path)
            continue
        for item in (*several, *(it for it in one.users.values() if it.is_gone)):
            try:
                yield from _sent(item, one, links, meant, read)
                if item.path in one.users:
                    senders.add(item, one, links, read)
            except UnseenError as error:
                if one.is_sure:
                    unseen(item, error.problem, error.path)
        yield from asked_between(one, links, meant, read, unseen)
        yield from grown_between(one, links, meant, read, unseen)
    yield from senders.told()


def _sent(
    item: Altered, one: Linked, links: SentForms, known: KnownChanges, read: BoundedReading
) -> Iterator[Resent]:
    """What an altered file makes of the prompts of a linked one.

    Raises:
        UnseenError: It is too large, or cannot be read.
    """
    if item.problem is not None:
        raise UnseenError(item.problem, item.path)
    if item.before:
        yield from _through(item, one, links, known, read)
    if item.path in one.users:
        aliases = links.aliases - {*one.names}
        yield from _by_other_names(item, module_of(one.path), one.text, aliases, read)


def _by_other_names(
    item: Altered, module: str, text: str, aliases: frozenset[str], read: BoundedReading
) -> Iterator[Resent]:
    """The forms in which an altered file sends what a module has under other names."""
    local = {one for one in aliases if imports(item.after, module, one)}
    if gives_by_default(text):
        found = _IMPORTED.finditer(item.after)
        local |= {one[1] for one in found if module_of(one[2]) == module}
    if not local:
        return
    after = read(item.path, item.after, sorted(local), ())
    before = read(item.old, item.before, sorted(local), ()) if item.before else SentForms()
    known = {(one.steps, one.form) for one in before.forms if not one.key}
    for one in after.forms:
        if not one.key and (one.steps, one.form) not in known:
            name, form = ".".join(one.steps), f"`{one.form}`"
            yield Resent(path=item.path, line=one.line, name=name, form=form)


def _through(
    item: Altered, linked: Linked, links: SentForms, known: KnownChanges, read: BoundedReading
) -> Iterator[Resent]:
    """What an altered file makes of the prompts of one that calls it, or reads its constants."""
    meant = meant_functions(links.called, item, known.definitions)
    bases = _bases_of_schemas(links, known)
    links = replace(links, asked={**bases, **links.asked})
    constants = {**links.uses, **links.defined, **links.asked}
    changed = known.changed(item)
    meant = [one for one in meant if one["is_made"] or changed.gives_otherwise(one["name"])]
    weighed = known.weighed(item, linked, links)
    filling = known.weighed_of(known.filling(linked, links), item, linked)
    owners = (one for classes in links.holders.values() for one in classes)
    if not meant and not weighed and not filling and not changed.sets_any((*constants, *owners)):
        return
    after = read(item.path, item.after, (), (*meant, *weighed, *filling))
    before = read(item.old, item.before, (), (*meant, *weighed, *filling))
    carried = known.carried(linked, links)
    yield from grown_beside(item, carried, grown(weighed, before, after))
    held = {**known.filling(linked, links), **carried}
    yield from wider_elsewhere(item, held, (*weighed, *filling), before, after)
    names = [one["name"] for one in meant if one["name"] not in MAKING]
    functions = [*dict.fromkeys((*names, *(word for one in meant for word in one["classes"])))]
    name = name_sent(links, linked.names, {one["name"] for one in meant})
    lines = {line.strip() for line in item.before.split("\n")}
    earlier = {(one.steps, one.key, one.form) for one in before.forms}
    earlier |= {(one.steps[:-1], one.key, one.form) for one in before.forms if one.key}
    for one in after.forms:
        several = {(one.steps, one.key, one.form), (one.steps[:-1], one.key, one.form)}
        is_known = not several.isdisjoint(earlier)
        is_known = is_known or (bool(one.key) and _line_at(item.after, one.line) in lines)
        if _is_given(one.steps, functions) and not is_known:
            through = _function_in(one.steps, functions)
            same = [it for it in before.forms if (it.steps, it.key) == (one.steps, one.key)]
            yield Resent(
                path=item.path,
                line=one.line,
                name=name,
                form=one.form if one.key else f"`{one.form}` through `{through}`",
                key=one.key,
                was=same[0].form if one.key and len(same) == 1 else None,
                is_through=True,
            )
    texts = known.uncounted(item.old, before.texts), known.uncounted(item.path, after.texts)
    yield from _longer(item, texts, functions, name)
    asked = Asking(item, linked, bases)
    yield from asked.told(links, before, after, name)


def _bases_of_schemas(links: SentForms, known: KnownChanges) -> dict[str, str]:
    """The classes that schemas of answers are made of, each with the key of these."""
    asked = {**links.defined, **links.asked}
    schemas = {name: key for name, key in asked.items() if key in SCHEMAS}
    several = {
        base: key for name, key in schemas.items() for base in known.definitions.made_of(name)
    }
    return {base: key for base, key in several.items() if base not in asked}


def _longer(
    item: Altered,
    both: tuple[Sequence[SentText], Sequence[SentText]],
    functions: Sequence[str],
    name: str,
) -> Iterator[Resent]:
    """Text that a function puts beside what it is given, before and now."""
    was, now = both
    for steps in dict.fromkeys(one.steps for one in now if _is_given(one.steps, functions)):
        is_new = not any(one.steps == steps for one in was)  # an argument that is new
        texts = [
            [one for one in was if one.steps == steps or (is_new and one.steps[:-1] == steps[:-1])],
            [one for one in now if one.steps == steps],
        ]
        sizes = [max((one.characters for one in side), default=0) for side in texts]
        beside = [frozenset().union(*(one.beside for one in side)) for side in texts]
        line = next(one.line for one in now if one.steps == steps)
        more = sizes[1] - sizes[0]
        if more > MOST_BESIDE:
            through = _function_in(steps, functions)
            form = f"with {more:,} more characters through `{through}`"
            grown = Resent(path=item.path, line=line, name=name, form=form, is_through=True)
            yield replace(grown, more=more, through=through)
        for one in sorted(beside[1] - beside[0]):
            form = f"with `{one}` beside it through `{_function_in(steps, functions)}`"
            yield Resent(path=item.path, line=line, name=name, form=form, is_through=True)


def _is_given(steps: Sequence[str], functions: Sequence[str]) -> bool:
    return len(steps) > 1 and not {*steps[-3:-1]}.isdisjoint(functions)


def _function_in(steps: Sequence[str], functions: Sequence[str]) -> str:
    return next(name for name in functions if name in steps)


def _line_at(text: str, line: int) -> str:
    return text.split("\n")[line - 1].strip()
