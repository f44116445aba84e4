"""Prompts of workflows that changed code sends otherwise than as they stand: `SYSTEM * 5`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from reviewbot import prompt_formats
from reviewbot.configuration.settings import Workflow
from reviewbot.errors import MeasurementError, Problem
from reviewbot.prompt import PromptText, Surroundings
from reviewbot.prompt_formats._common.request_settings import TOOLS, is_free
from reviewbot.prompt_formats._common.sent_form import SentForm, SentForms, SentText, plain_name
from reviewbot.prompts.own_files import OwnFiles
from reviewbot.prompts.sources import Source
from reviewbot.rendering.parsers._common import requests
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.repository.revisions import Comparison
from reviewbot.repository.trees import Tree, decode
from reviewbot.scope.affected import Affected, Asked, Resent
from reviewbot.scope.changed_source.edited_lines import EditedLines
from reviewbot.scope.edited_code import may_send_otherwise
from reviewbot.scope.governing import Configurations
from reviewbot.scope.multiplied_calls import MultipliedCalls
from reviewbot.scope.selected_names import (
    EVERY,
    Names,
    Naming,
    is_selected,
    last_name,
    may_be,
    selected_names,
    words_of,
)
from reviewbot.scope.sent_beside import CHARACTERS_OF_A_TOKEN, Beside
from reviewbot.scope.sent_through import Altered, find_through
from reviewbot.scope.unread_sources import MOST_CHARACTERS, UnreadSources

_MOST_ALTERED = 600_000
"""Characters of a file, before and after, that other files may send a prompt through."""

_NOTHING = SentForms()


def find_resent(
    comparison: Comparison,
    configurations: Configurations,
    parser: LimitedParser,
    affected: Iterable[Affected],
) -> tuple[Resent, ...]:
    """The forms that changed source files bring, by path.

    What the prompts of a file themselves ask for otherwise is left to their own workflows.
    """
    names = selected_names(configurations.before, configurations.after)
    if not names:
        return ()
    own = OwnFiles(comparison.after_tree.paths)
    changed = {
        change.after: change.before
        for change in comparison.changes
        if change.after is not None
        and prompt_formats.of_source(change.after)
        and own.has(change.after)
    }
    asking = [item for item in affected if _asks_otherwise(item)]
    tokens = configurations.governing.coverage.unseen_tokens
    workflows = configurations.after.workflows.values()
    search = _Search(parser, names, workflows, asking, tokens * CHARACTERS_OF_A_TOKEN)
    search.multiplied = MultipliedCalls(selected_names(configurations.before))
    read = comparison.after_tree.read(sorted(changed))
    earlier = comparison.before_tree.read(sorted(old for old in changed.values() if old))
    naming = {
        path: data
        for path, data in read.items()
        if isinstance(data, bytes)
        and search.names_in(path, (data, *_bytes_of(earlier, changed[path])))
    }
    found: list[Resent] = []
    unread = UnreadSources(parser.allowance)
    for path, data in read.items():
        old = changed[path]
        if isinstance(data, Problem) and search.names_in(path, _bytes_of(earlier, old)):
            unread.add(path, data)
    left = MOST_CHARACTERS
    for path in sorted(naming, key=lambda path: (len(naming[path]), path)):
        old = changed[path]
        before = "".join(_decoded(data, path) or "" for data in _bytes_of(earlier, old))
        after = _decoded(naming[path], path)
        if after is not None and not may_send_otherwise(path, before, after):
            continue
        left -= len(after or "")
        brought = search.brought(path, after, old or path, before) if left >= 0 and after else None
        if brought is None:
            unread.add(path, search.problem if left >= 0 else None)
        else:
            content = _content(comparison.after_tree, [path])
            found += (item if item.key else replace(item, content=content) for item in brought)
    altered = [
        Altered(path=path, after=after, old=old, before=before)
        for path, data in read.items()
        if isinstance(data, bytes) and (old := changed[path]) is not None
        if (after := _decoded(data, path)) is not None
        if (before := "".join(_decoded(it, old) or "" for it in _bytes_of(earlier, old)))
        if len(after) + len(before) < _MOST_ALTERED and may_send_otherwise(path, before, after)
    ]
    for item in find_through(comparison.after_tree, altered, search.told, search.read, changed):
        if not any((item.path, item.name, item.key) == (it.path, it.name, it.key) for it in found):
            content = _content(comparison.after_tree, [item.path])
            found += (replace(it, content=content) for it in search.priced(item))
    found += search.multiplied.told(comparison)
    for item, paths in unread.told():
        found.append(replace(item, content=_content(comparison.after_tree, paths)))
    return tuple(found)


def _bytes_of(read: Mapping[str, bytes | Problem], path: str | None) -> Iterator[bytes]:
    data = read.get(path) if path else None
    if isinstance(data, bytes):
        yield data


class _Search:
    """Finds what files send otherwise than before."""

    def __init__(
        self,
        parser: LimitedParser,
        names: Names,
        workflows: Iterable[Workflow],
        asking: Iterable[Affected],
        most_characters: int,
    ) -> None:
        self._workflows = tuple(workflows)
        self._asking = {(item.name, path) for item in asking for path in item.files}
        self._parser = parser
        self._surroundings = Surroundings(load=lambda *_: None, parse=parser.parse)
        self._selected = names
        self._beside = Beside(names, most_characters)
        several = [steps for found in names.values() for steps in found]
        self.told = sorted({name for steps in several for name in (steps[0], last_name(steps))})
        self._naming = Naming(names)
        self.problem: Problem | None = None
        self.multiplied = MultipliedCalls(names)

    def names_in(self, path: str, texts: Iterable[bytes]) -> list[str]:
        """The names in a file, of these texts, that may be those of prompts of workflows."""
        return self._naming.found(path, texts)

    def brought(self, path: str, after: str, old: str, before: str) -> list[Resent] | None:
        """The forms in a file that were not there when it was `old` and held `before`.

        None where it cannot be read any more, or never could and a line that names one is new.
        """
        names = self.names_in(path, (after.encode(), before.encode()))
        measured = [".".join(it) for it in sorted(self._selected.get(path, ())) if len(it) > 1]
        found = self.read(path, after, [*names, *measured], ())
        earlier = self.read(old, before, [*names, *measured], ()) if before else _NOTHING
        if found is None:
            is_told = earlier is None and not self._is_used_up()
            said = EditedLines(path, before, after).said_anew.encode()
            is_named = bool({*names} & {*words_of(said)})
            return [] if is_told and not is_named else None
        was = earlier or _NOTHING
        self.multiplied.add(path, was, found)
        now = [item for item in found.forms if is_selected(item, path, self._selected)]
        known = {(item.steps, item.key, item.form) for item in was.forms}
        new = (
            item
            for item in now
            if item.steps == EVERY or (item.steps, item.key, item.form) not in known
        )
        brought = [one for item in new for one in self._resent(item, path, was.forms)]
        sent, others = self._divided(path, found.texts)
        sent_before, others_before = self._divided(path, was.texts)
        more = self._beside.found(path, sent_before, sent, others_before, others)
        return [*brought, *more]

    def _divided(
        self, path: str, texts: Iterable[SentText]
    ) -> tuple[list[SentText], list[SentText]]:
        """The prompts of other files' workflows among texts, and what no workflow has.

        Left out is what stands where a workflow of the file itself has all that is sent.
        """
        own = self._selected.get(path, ())
        sent: list[SentText] = []
        others: list[SentText] = []
        for item in texts:
            if any(steps[: len(item.within) or 1] == item.within for steps in own):
                continue
            if not item.steps or not is_selected(item, path, self._selected):
                others.append(item)
            elif not item.is_own:
                sent.append(item)
        return sent, others

    def _is_used_up(self) -> bool:
        """Whether neither text may have been read, for want of time."""
        return self._parser.is_used_up or self._parser.allowance.is_used_up

    def _resent(self, item: SentForm, path: str, earlier: Sequence[SentForm]) -> Iterator[Resent]:
        name = "it" if item.steps == EVERY else ".".join(item.steps)
        if not item.key:
            yield Resent(path=path, line=item.line, name=name, form=f"`{item.form}`")
            return
        sending = self._sending(item.steps)
        if is_free(item.key) or (item.key in TOOLS and all(one.tools for one in sending)):
            return
        if sending and all((one.name, path) in self._asking for one in sending):
            return
        same = [one for one in earlier if (one.steps, one.key) == (item.steps, item.key)]
        yield Resent(
            path=path,
            line=item.line,
            name=name,
            form=item.form,
            key=item.key,
            kind=_kind_of(item.key),
            was=same[0].form if len(same) == 1 else None,
            models=tuple(one.model for one in sending if one.model is not None),
            caps=tuple(one.max_tokens for one in sending if one.max_tokens is not None),
        )

    def _sending(self, steps: tuple[str, ...]) -> list[Workflow]:
        """The workflows that a name of another file may belong to."""
        return [
            workflow
            for workflow in self._workflows
            for item in workflow.prompts
            if item.selector and may_be(steps, plain_name(item.selector), is_run=True)
        ]

    def priced(self, item: Resent) -> Iterator[Resent]:
        """What an altered file asks for, with what the workflows say of it."""
        if not item.key:
            yield item
            return
        sending = self._sending(tuple(item.name.split(".")))
        are_counted = item.key in TOOLS and all(one.tools for one in sending)
        if not is_free(item.key) and not are_counted:
            yield replace(
                item,
                kind=_kind_of(item.key),
                models=tuple(one.model for one in sending if one.model is not None),
                caps=tuple(one.max_tokens for one in sending if one.max_tokens is not None),
            )

    def read(
        self, path: str, text: str, names: Sequence[str], functions: Sequence[str]
    ) -> SentForms | None:
        """What a text sends; None where it cannot be read."""
        chosen = prompt_formats.by_name(prompt_formats.of_source(path) or "")
        file = PromptText(path=path, text=text, surroundings=self._surroundings)
        try:
            return prompt_formats.sent_forms(chosen, file, names, functions)
        except MeasurementError as error:
            self.problem = error.problems[0]
            return None


def _asks_otherwise(item: Affected) -> bool:
    if item.before is None or item.after is None:
        return False
    was, now = item.before.source, item.after.source
    return (was.named_models, was.named_caps, _values(was)) != (
        now.named_models,
        now.named_caps,
        _values(now),
    )


def _values(source: Source) -> list[tuple[str, str]]:
    return [(setting.key, setting.value) for setting in source.settings]


def _kind_of(key: str) -> Asked:
    if key in requests.MODELS:
        return Asked.MODEL
    return Asked.CAP if key in requests.CAPS else Asked.SETTING


def _content(tree: Tree, paths: Iterable[str]) -> str:
    """What an approval of files is bound to: the ids of what stands there."""
    return " ".join(entry.object_id for entry in map(tree.entry, paths) if entry)


def _decoded(data: bytes, path: str) -> str | None:
    try:
        return decode(data, path)
    except MeasurementError:
        return None
