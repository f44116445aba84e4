"""What a change of Python says more than before, and the call of a model that it leads to.

It is sought where nothing else tells it: text that no workflow sends by name, and that a call gets
through functions, classes and files between.
"""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from reviewbot.errors import Place
from reviewbot.prompts.models_in_code.statements import Statement
from reviewbot.scope.affected import CHARACTERS_OF_A_TOKEN, FoundPrompts, Scope
from reviewbot.scope.change import Change
from reviewbot.scope.led_to_calls.edited_python import EditedPython
from reviewbot.scope.led_to_calls.flow import Flow
from reviewbot.scope.led_to_calls.grown_texts import Grown, grown_texts
from reviewbot.scope.led_to_calls.known_texts import KnownTexts
from reviewbot.scope.led_to_calls.python_files import PythonFile
from reviewbot.scope.led_to_calls.read_files import (
    importers_of,
    longer_files,
    readers_of,
    unread_texts,
)
from reviewbot.scope.not_covered import LedToCall
from reviewbot.scope.sent_otherwise.linked_files import definitions_of


def with_led(change: Change, in_source: FoundPrompts, edited: EditedPython) -> Scope:
    """The scope with what leads to calls; beyond the bounds the files are told that may."""
    scope, tree = change.scope, change.comparison.after_tree
    known = KnownTexts(change, in_source)
    flow = Flow(edited.files, definitions_of(tree))
    found = [*_models(edited, flow, scope, known), *_grown(edited, flow, known)]
    found += [*_taken(edited, flow, known), *_read(change, flow, known, edited.most)]
    found += _guards(edited, flow)
    unseen = (*flow.unfollowed(), *unread_texts(change.comparison))
    return replace(scope, led=tuple(found), unseen=(*scope.unseen, *unseen))


def _grown(edited: EditedPython, flow: Flow, known: KnownTexts) -> Iterator[LedToCall]:
    """What says more, by the file and the call that it leads to."""
    if not edited.may_have_grown:
        return
    is_own = flow.files.defining
    found: dict[tuple[str, Place], list[Grown]] = {}
    every = grown_texts(edited.pairs, edited.most, lambda name: bool(is_own(name)), known.runs)
    for one in every:
        if known.tells(one.file, one.statements, one.name):
            continue
        file = flow.files.of(one.file.path) or one.file
        call = flow.call_behind(file, _same(file, one.statements))
        for other, statements in () if call else importers_of(file, flow.files):
            call = call or flow.call_behind(other, statements)
        if call is not None and not known.tell_of_call(call, flow.files):
            found.setdefault((file.path, call), []).append(one)
    for (path, call), several in found.items():
        first, *others = several
        size = _size(sum(one.more for one in several))
        what = f"and {len(others):,} more of this file say {size}" if others else f"says {size}"
        yield LedToCall(path=path, line=first.line, name=first.name, what=what, call=call)


def _taken(edited: EditedPython, flow: Flow, known: KnownTexts) -> Iterator[LedToCall]:
    """What takes a longer text by its name, once for each call that this leads to."""
    told: set[tuple[str, Place]] = set()
    for one in edited.taken:
        if known.tells(one.file, [one.statement], one.name):
            continue
        file = flow.files.of(one.file.path) or one.file
        if one.statement.head_of:
            several = (flow.call_behind(other, [it]) for other, it in one.of)
            call = next(filter(None, several), None)
        else:
            call = flow.call_behind(file, _same(file, [one.statement]))
        if call is None or (one.name, call) in told:
            continue
        told.add((one.name, call))
        if not known.tell_of_call(call, flow.files):
            yield LedToCall(
                path=file.path,
                line=file.source.line(one.statement.begins + 1),
                name=".".join(one.statement.within) or next(iter(sorted(one.statement.sets)), ""),
                what=f"takes `{one.name}`, with {_size(one.more)}",
                call=call,
            )


def _read(change: Change, flow: Flow, known: KnownTexts, most: int) -> Iterator[LedToCall]:
    for one in longer_files(change.comparison, most):
        if known.have_file(one.path):
            continue
        behind = flow.cap_behind if one.now else flow.call_behind
        several = (behind(*it) for it in readers_of(one, flow.files))
        call = next(filter(None, several), None)
        if call is not None:
            what = f"is {one.now} now, was {one.was}" if one.now else f"says {_size(one.more)}"
            yield LedToCall(
                path=one.path,
                line=one.line,
                name=one.key or one.path,
                what=what,
                call=call,
                is_cap=bool(one.now),
            )


def _size(more: int) -> str:
    tokens = round(more / CHARACTERS_OF_A_TOKEN)
    return f"{more:,} more characters (about {tokens:,} tokens)"


def _models(
    edited: EditedPython, flow: Flow, scope: Scope, known: KnownTexts
) -> Iterator[LedToCall]:
    told = {(item.path, item.line) for item in scope.swaps.swaps}
    for after, one in edited.models:
        file = flow.files.of(after.path) or after
        swaps = [it for it in one.swaps if not known.tell_of_model(file.path, *it)]
        if not swaps or (file.path, one.line) in told:
            continue
        call = flow.call_behind(file, _same(file, [one.statement]))
        if call is not None:
            several = [f"{now}, was {was}" for was, now in swaps]
            if left := len(several[_MOST_MODELS:]):
                models = "model" if left == 1 else "models"
                several = [*several[:_MOST_MODELS], f"{left:,} more {models}"]
            first, *more = several
            yield LedToCall(
                path=file.path,
                line=one.line,
                name=one.name,
                what=", and ".join((f"names {first.replace(',', ' now,', 1)}", *more)),
                call=call,
                models=tuple(now for _, now in swaps),
            )


_MOST_MODELS = 2


def _guards(edited: EditedPython, flow: Flow) -> Iterator[LedToCall]:
    for after, one in edited.guards:
        file = flow.files.of(after.path) or after
        call = flow.call_in(file, one.scope) or (
            None if one.more_calls else flow.call_behind_function(file, one.scope)
        )
        if call is not None:
            yield LedToCall(
                path=file.path,
                line=one.line,
                name=one.name,
                what=one.what,
                call=call,
                more_calls=one.more_calls,
                less_cached=not one.more_calls,
            )


def _same(file: PythonFile, statements: Sequence[Statement]) -> list[Statement]:
    """The statements of a changed file as they stand in the tree's."""
    begins = {one.begins for one in statements}
    return [one for one in file.source.statements if one.begins in begins]
