"""What one changed file sends otherwise than before, of what it names itself."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from msgspec.structs import replace

from reviewbot.configuration.settings import Guess, Workflow
from reviewbot.prompt_formats._common.request_settings import TOOLS
from reviewbot.prompt_formats._common.sent_form import (
    SentForm,
    SentForms,
    SentText,
    plain_name,
)
from reviewbot.rendering.parsers._common import requests
from reviewbot.rendering.parsers._common.told_tools import without_definitions
from reviewbot.scope.affected import Affected, Resent
from reviewbot.scope.changed_source.edited_lines import EditedLines
from reviewbot.scope.sent_otherwise.altered_files import Altered
from reviewbot.scope.sent_otherwise.caps_taken_out import caps_taken_out
from reviewbot.scope.sent_otherwise.file_reading import FileReading
from reviewbot.scope.sent_otherwise.left_forms import LeftForms
from reviewbot.scope.sent_otherwise.multiplied_calls import MultipliedCalls
from reviewbot.scope.sent_otherwise.selected_names import (
    EVERY,
    Naming,
    earlier_names,
    has_all_around,
    is_selected,
    may_send,
    words_of,
)
from reviewbot.scope.sent_otherwise.texts_beside import MOST_BESIDE, Beside
from reviewbot.scope.sent_otherwise.unpriced_settings import kind_of, may_cost, told
from reviewbot.scope.sent_otherwise.wider_bounds import joined, wider_in_file

_NOTHING = SentForms()
_MODEL_OBJECT: Final = "llm"
"""What frameworks call an object that is a model; who gives it to a function says which one."""

_PARAMETER = re.compile(
    r"\b(?:def[ \t]{1,5}\w{1,80}|function[ \t]{0,5}\w{0,80}|constructor)[ \t]{0,5}"
    r"\([^()]{0,500}\bllm\b"
)
_CHOSEN = re.compile(
    r"\bllm[ \t]{0,5}(?::[^=,)\n]{0,80})?=(?![=>]|[ \t]{0,5}llm\b)"
    r"|^[ \t]{0,40}(?:from|import)\b[^\n]{0,300}\bllm\b"
    r"|\bimport[ \t]{0,5}[({][^)}]{0,500}\bllm\b",
    re.MULTILINE,
)
"""Where a file sets it, or takes one of another file."""

_PROSE = re.compile(r"^[\"'`](?:[^ ]{1,40} ){4}")
"""What stands under a key of a model and describes it, as in a table of fields."""


class FileSearch:
    """Finds what files send otherwise than before."""

    def __init__(
        self,
        read: FileReading,
        naming: Naming,
        workflows: Iterable[Workflow],
        asking: Iterable[Affected],
        most_characters: int,
    ) -> None:
        names = naming.names
        self.naming = naming
        self._workflows = tuple(workflows)
        self._asking = {(item.name, path) for item in asking for path in item.files}
        self.read = read
        self._selected = names
        self._beside = Beside(names, most_characters, self._earlier_names)
        self.multiplied = MultipliedCalls(names)
        self.earlier: Mapping[str, Workflow] = {}
        self._left = LeftForms()
        self._owners: Mapping[int, list[Workflow]] = {}
        self._is_given = False

    def brought(self, path: str, after: str, old: str, before: str) -> list[Resent] | None:
        """The forms in a file that were not there when it was `old` and held `before`.

        A new file, which held nothing, is asked for last: calls of the others may have moved there.
        None where it cannot be read any more, or never could and a line that names one is new.
        """
        names = self.read.names_in(path, (after.encode(), before.encode()))
        found = self.read(path, after, names, ())
        earlier = self.read(old, before, names, ()) if before else _NOTHING
        if found is None:
            is_told = earlier is None and not self.read.is_used_up
            said = EditedLines(path, before, after).said_anew.encode()
            is_named = bool({*names} & {*words_of(said)})
            return [] if is_told and not is_named else None
        was = earlier or _NOTHING
        self.multiplied.add(path, was, found)
        was = was if before else self._left.known_by(found)
        now = [item for item in found.forms if is_selected(item, path, self._selected)]
        known = {*map(_named, was.forms)}
        new = (one for one in now if one.steps == EVERY or _named(one) not in known)
        new = (one for one in new if not _is_hardly_longer(one, was.forms))
        new = (one for one in new if not self._is_known(one, was, found))
        self._owners = _owners(path, found, self._workflows)
        self._is_given = _PARAMETER.search(after) is not None and _CHOSEN.search(after) is None
        lost = caps_taken_out(was, found, path, self._selected)
        each = chain(((item, was.forms) for item in new), lost)
        brought = [one for item, forms in each for one in self._resent(item, path, forms)]
        sent, others = self._divided(path, found.texts)
        moved = {one.steps for one in sent}
        sent_before, others_before = self._divided(path, was.texts, moved)
        if before:
            self._left.add(was, found)
        else:
            others_before = others
        more = self._beside.found(path, sent_before, sent, others_before, others)
        item = Altered(path=path, after=after, old=old, before=before)
        wider = wider_in_file(item, was, found, self._selected) if before else ()
        return [*brought, *more, *joined(map(self.owned, wider))]

    def _is_known(self, item: SentForm, was: SentForms, now: SentForms) -> bool:
        """Whether a call asks for the same as before, and only the name of what it sends is new."""
        same = [one for one in was.forms if (one.key, one.form) == (item.key, item.form)]
        sending = self._sending(item.steps) if same else []
        earlier = [self.earlier.get(one.name) for one in sending]
        return bool(item.key) and _is_renamed(same, earlier, {one.steps for one in now.forms})

    def _divided(
        self, path: str, texts: Iterable[SentText], moved: Container[tuple[str, ...]] = ()
    ) -> tuple[list[SentText], list[SentText]]:
        """The prompts of other files' workflows among texts, and what no workflow has.

        Those are too that the file had itself, and that have `moved` to others.
        Left out is what stands where a workflow of the file itself has all that is sent.
        """
        own = self._selected.get(path, ())
        sent: list[SentText] = []
        others: list[SentText] = []
        for item in texts:
            if has_all_around(own, item):
                continue
            if not item.steps or not is_selected(item, path, self._selected):
                others.append(item)
            elif not item.is_own or item.steps in moved:
                sent.append(item)
        return sent, others

    def _resent(self, item: SentForm, path: str, earlier: Sequence[SentForm]) -> Iterator[Resent]:
        name = "it" if item.steps == EVERY else ".".join(item.steps)
        if not item.key:
            yield Resent(path=path, line=item.line, name=name, form=f"`{item.form}`")
            return
        owners = self._owners.get(item.line, ())
        sending = owners or self._sending(item.steps)
        same = [one for one in earlier if (one.steps, one.key) == (item.steps, item.key)]
        is_passed_on = self._is_given and not same and item.key == item.form == _MODEL_OBJECT
        if is_passed_on or (item.key in requests.MODELS and _PROSE.search(item.form)):
            return
        is_kept = bool(owners) and item.key in requests.CAPS
        if sending and all((one.name, path) in self._asking for one in sending) and not is_kept:
            return
        was = same[0].form if len(same) == 1 else None
        asked = Resent(path=path, line=item.line, name=name, form=item.form, key=item.key, was=was)
        yield from self.priced(asked, owners)

    def _sending(self, steps: tuple[str, ...]) -> list[Workflow]:
        """The workflows that a name of another file may belong to."""
        return [workflow for workflow in self._workflows if may_send(workflow, steps)]

    def priced(self, item: Resent, owners: Sequence[Workflow] = ()) -> Iterator[Resent]:
        """What an altered file asks for, with what the workflows say of it.

        They are those of the call, its `owners`, else those of the name that it sends.
        """
        if not item.key:
            yield item
            return
        sending = owners or self._sending(tuple(item.name.split(".")))
        are_counted = item.key in TOOLS and all(one.tools for one in sending)
        if are_counted or not may_cost(item.key, item.was, item.form):
            return
        with_settings = replace(
            item,
            kind=kind_of(item.key),
            models=tuple(one.model for one in sending if one.model is not None),
            guessed=tuple(_guessed(sending, self.earlier)),
            workflows=tuple(one.name for one in sending),
            caps=tuple(one.max_tokens for one in sending if one.max_tokens is not None),
        )
        yield told(with_settings)

    def owned(self, item: Resent) -> Resent:
        """What is sent with the workflows that have it."""
        sending = self._sending(tuple(item.name.split("."))) if item.name else []
        return replace(item, workflows=tuple(one.name for one in sending))

    def _earlier_names(self, steps: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        return earlier_names(self._sending(steps), self.earlier, steps)


def _owners(
    path: str, found: SentForms, workflows: Iterable[Workflow]
) -> Mapping[int, list[Workflow]]:
    """By line the workflows of the prompts that calls of a file hold themselves.

    What else such a call sends is a part of it.
    """
    named: dict[tuple[str, ...], list[Workflow]] = {}
    for workflow in workflows:
        for item in workflow.prompts:
            if item.path == path and item.selector:
                named.setdefault(plain_name(item.selector), []).append(workflow)
    owners: dict[int, list[Workflow]] = {}
    for call in found.calls:
        if call.is_own and not call.by:
            owners.setdefault(call.line, []).extend(named.get(call.steps, ()))
    return owners


def _named(item: SentForm) -> tuple[tuple[str, ...], str, str]:
    return item.steps, item.key, item.form


def _guessed(sending: Iterable[Workflow], earlier: Mapping[str, Workflow]) -> Iterator[str]:
    """What the base only guesses as the models of workflows."""
    for one in sending:
        workflow = earlier.get(one.name)
        if workflow is not None and workflow.model and Guess.MODEL in workflow.assumed:
            yield workflow.model


def _is_renamed(
    same: Sequence[SentForm],
    earlier: Sequence[Workflow | None],
    standing: Container[tuple[str, ...]],
) -> bool:
    """Whether what was asked for before was asked for all `earlier` workflows of what is sent.

    Without any, a name counts that is no more `standing`.
    """
    if not earlier:
        return any(one.steps not in standing for one in same)
    return all(
        workflow is not None and any(may_send(workflow, one.steps) for one in same)
        for workflow in earlier
    )


def _is_hardly_longer(item: SentForm, earlier: Iterable[SentForm]) -> bool:
    """Whether what a setting names is described in about as many characters as before."""
    said, size = without_definitions(item.form)
    for one in earlier:
        if size and (one.steps, one.key) == (item.steps, item.key):
            before, was = without_definitions(one.form)
            if before == said and size - was <= MOST_BESIDE:
                return True
    return False
