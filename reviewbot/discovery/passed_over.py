"""What a search finds and does not propose: repetitions, short texts, files of others."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from reviewbot import prompt_formats
from reviewbot.discovery import candidates
from reviewbot.discovery.findings import Found, LeftOut
from reviewbot.prompts.own_files import OwnFiles

_CALLS = {"system": {"user", "assistant"}, "developer": {"user"}, "user": {"system", "developer"}}
"""For the role of a prompt, the roles of those that may stand beside it in one call."""


def with_companions(
    prompts: Sequence[Found], short: Iterable[Found]
) -> tuple[list[Found], list[Found]]:
    """The prompts with those of the `short` texts that belong to one, and the other short ones.

    A user's message of some words belongs to the system prompt of its name.
    """
    beside: dict[object, set[str | None]] = {}
    for item in prompts:
        beside.setdefault((item.group, item.name), set()).add(item.role)
    taken: list[Found] = []
    alone: list[Found] = []
    for item in short:
        roles = beside.get((item.group, item.name), set())
        belongs = item.role not in roles and bool(roles & _CALLS.get(item.role or "", set()))
        (taken if belongs else alone).append(item)
        if belongs:
            roles.add(item.role)
    return [*prompts, *taken], alone


def without_repetitions(prompts: Sequence[Found]) -> list[Found]:
    """The prompts without those whose text is a part of another in the same function or class.

    A text that is put together first and then sent as a message is one prompt.
    """
    by_place: dict[object, list[Found]] = {}
    for item in prompts:
        if item.text:
            by_place.setdefault(_place(item), []).append(item)
    repeated = {
        (item.path, item.selector)
        for together in by_place.values()
        for item in together
        if any(_holds(other, item) for other in together)
    }
    return [item for item in prompts if (item.path, item.selector) not in repeated]


def _place(found: Found) -> object:
    outer, _, _ = (found.selector or "").rpartition(".")
    return found.path, outer.partition(".")[0]


def _holds(other: Found, found: Found) -> bool:
    """Whether `other` sends what is `found`: messages that hold it, under a deeper name."""
    if other is found or not _is_inside(other, found):
        return False
    one, whole = found.text.strip(), other.text.strip()
    return one in whole and (one != whole or not _is_first(found, other))


def _is_first(found: Found, other: Found) -> bool:
    """Whether, of two equal texts that hold each other, this one is kept."""
    return _is_inside(found, other) and (found.selector or "") < (other.selector or "")


def _is_inside(other: Found, found: Found) -> bool:
    """Whether both stand in one function or class, and `other` no less deep."""
    outer = (found.selector or "").rpartition(".")[0]
    return bool(outer) and (other.selector or "").startswith(f"{outer}.")


def not_ours(paths: Iterable[str], own: OwnFiles) -> Iterator[LeftOut]:
    """The files that look like prompts, or hold source code, and are not searched, by reason."""
    counts: Counter[tuple[str, str]] = Counter()
    for path in paths:
        if (folder_and_why := own.why_not(path)) is None:
            continue
        if candidates.is_named_as_prompt(path) or prompt_formats.of_source(path) is not None:
            counts[folder_and_why] += 1
    for (folder, why), count in sorted(counts.items()):
        files = "1 file is" if count == 1 else f"{count:,} files are"
        yield LeftOut(what=folder, why=f"{files} not searched: {why}", texts=0)
