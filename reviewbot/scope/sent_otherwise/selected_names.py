"""The names of prompts in source code that workflows have, and whether a file's own may be one."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Final
from unicodedata import normalize

from reviewbot import prompt_formats
from reviewbot.configuration.settings import Configuration, Workflow
from reviewbot.prompt_formats._common.sent_form import SentCall, SentForm, SentText, plain_name
from reviewbot.rendering.parsers._common.requests import RETRIES
from reviewbot.rendering.parsers._common.sent_parts import CACHES, COMPUTED, TOOL
from reviewbot.rendering.parsers._common.told_forms import ALTERED

EVERY: Final = ("*",)
"""The steps of whatever a file names, where it is not known which."""

NOT_READ: Final = CACHES | {TOOL, *RETRIES}
"""What is asked for beside a text of the file itself, and is not read with it."""

Names = Mapping[str, AbstractSet[tuple[str, ...]]]
"""The names that workflows select, by the path of their file."""


def selected_names(*configurations: Configuration) -> Names:
    """The names in source code that workflows of any of these have."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for configuration in configurations:
        for workflow in configuration.workflows.values():
            for item in workflow.prompts:
                if item.selector and prompt_formats.of_source(item.path):
                    found.setdefault(item.path, set()).add(plain_name(item.selector))
    return found


def is_selected(item: SentForm | SentText | SentCall, path: str, names: Names) -> bool:
    """Whether a name of a file at `path` is one that a workflow has."""
    own = names.get(path, ())
    if item.steps == EVERY:
        return True
    if item.is_own:
        # what a call asks for is read with the prompt, but for what its object is run with
        is_script = prompt_formats.of_source(path) == "typescript"
        is_run = is_script and any(steps[:1] == item.steps != steps for steps in own)
        return is_run if item.key and item.key not in NOT_READ else item.steps in own
    form = item.form if isinstance(item, SentForm) else ""
    is_run = bool(item.key) or form.startswith((ALTERED, COMPUTED))
    return any(
        may_be(item.steps, steps, is_run=is_run)
        for other, several in names.items()
        for steps in several
        if other != path
    )


def has_all_around(own: Iterable[tuple[str, ...]], item: SentText) -> bool:
    """Whether a workflow has all that is sent where a text stands: a figure holds it."""
    within = item.within
    return any(steps in item.around or steps[: len(within) or 1] == within for steps in own)


def may_be(steps: tuple[str, ...], selected: tuple[str, ...], *, is_run: bool) -> bool:
    """Whether a name of another file may be the one that is selected there.

    What is run may be the object that holds it: `agent` of `agent.instructions`.
    """
    names = [selected, selected[:1]] if is_run else [selected]
    return any(steps[-len(name) :] == name and len(steps) <= len(name) + 1 for name in names)


def may_send(workflow: Workflow, steps: tuple[str, ...]) -> bool:
    """Whether a name of another file may be that of a workflow's prompt."""
    return any(
        item.selector is not None and may_be(steps, plain_name(item.selector), is_run=True)
        for item in workflow.prompts
    )


def earlier_names(
    sending: Iterable[Workflow], earlier: Mapping[str, Workflow], steps: tuple[str, ...]
) -> Iterator[tuple[str, ...]]:
    """The names that prompts had in `earlier` workflows which are named by `steps` since then."""
    for workflow in sending:
        was = earlier.get(workflow.name)
        for old, new in _renamed(was, workflow) if was is not None else ():
            if may_be(steps, plain_name(new), is_run=False):
                yield plain_name(old)


def _renamed(was: Workflow, now: Workflow) -> Iterator[tuple[str, str]]:
    """The selectors of prompts that have others since a change: old, new, in their order.

    None where as many are not gone as have come: then nobody knows which is which.
    """
    kept = {item.name for item in was.prompts} & {item.name for item in now.prompts}
    gone, come = (
        [item.selector for item in one.prompts if item.name not in kept] for one in (was, now)
    )
    if len(gone) == len(come):
        yield from ((old, new) for old, new in zip(gone, come, strict=True) if old and new)


def last_name(steps: tuple[str, ...]) -> str:
    """The last step that is a name: of an entry of a list that of the list."""
    return next((step for step in reversed(steps) if step.isidentifier()), steps[0])


class Naming:
    """Tells which files may name a prompt of a workflow.

    Another file than its own names it, and where that is a plain word (`run`) the module or one of
    its folders too. `functions` are those that the files of prompts define, by path.
    """

    def __init__(self, names: Names, functions: Mapping[str, Container[str]]) -> None:
        self.names = names
        self._own = {path: {*_parts(several)} for path, several in names.items()}
        self._others = [
            (path, places_of(path), steps[0], names_elsewhere(steps, functions.get(path, ())))
            for path, several in names.items()
            for steps in several
        ]

    def words(self) -> list[str]:
        """All the names that files may send."""
        return sorted({name for _, _, _, names in self._others for name in names})

    def maybe(self, path: str, text: str) -> list[str]:
        """The names that a file may send, even if nothing tells from where it has them."""
        words = words_of(text.encode())
        found = {name for name in self._own.get(path, ()) if normalize("NFKC", name) in words}
        for _, _, first, names in self._others:
            if normalize("NFKC", first) in words:
                found |= {name for name in names if normalize("NFKC", name) in words}
        return sorted(found)

    def found(self, path: str, texts: Iterable[bytes]) -> list[str]:
        """The names that a file may send, where these texts are the file's, after or before."""
        words = frozenset[str]().union(*map(words_of, texts))
        found = {name for name in self._own.get(path, ()) if normalize("NFKC", name) in words}
        for other, places, first, names in self._others:
            is_plain = _PLAIN.fullmatch(first) is not None
            if other == path or (is_plain and words.isdisjoint(places)):
                continue
            if normalize("NFKC", first) in words:
                found |= names
        return sorted(found)


def places_of(path: str) -> frozenset[str]:
    """The words by which others import a file: those of its name and of its folders."""
    folder, _, name = path.rpartition("/")
    return words_of(f"{folder}/{name.partition('.')[0]}".encode())


def _parts(several: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for steps in several:
        yield from (steps[0], last_name(steps))


def names_elsewhere(steps: tuple[str, ...], functions: Container[str]) -> set[str]:
    """What another file may call a text by: nothing of what is a function's own.

    `functions` are those of the file that has it.
    """
    is_deep = len(steps) > _MOST_STEPS or _is_local(steps)
    is_deep = is_deep or any(step in functions for step in steps[1:-1])
    return {steps[0]} if is_deep else {steps[0], last_name(steps)}


_MOST_STEPS = 3
"""A class, or a table, its entry, and a key of that; what is deeper is set in a method."""


def _is_local(steps: tuple[str, ...]) -> bool:
    """Whether a name is one that a function gives what is its own."""
    return len(steps) > 1 and steps[0].islower() and steps[0].isidentifier()


def words_of(data: bytes) -> frozenset[str]:
    """The words of a text; letters of two forms that Python takes for one are one."""
    if data.isascii():
        return frozenset(map(bytes.decode, _WORD.findall(data)))
    return frozenset(_LETTERS.findall(normalize("NFKC", data.decode(errors="replace"))))


_PLAIN = re.compile(r"[a-z]+")
_WORD = re.compile(rb"\w++")
_LETTERS = re.compile(r"\w++")
