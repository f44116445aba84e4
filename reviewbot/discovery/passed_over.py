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
    """The prompts without those of source code that another one of their file sends whole.

    A text that is put together first, or named as a constant, and then sent as a message is one
    prompt.
    """
    by_file: dict[str, list[Found]] = {}
    for item in prompts:
        if item.text:
            by_file.setdefault(item.path, []).append(item)
    repeated = {
        (item.path, item.selector)
        for together in by_file.values()
        for item in together
        if any(_sends(other, item) for other in together)
    }
    return [item for item in prompts if (item.path, item.selector) not in repeated]


def _sends(other: Found, found: Found) -> bool:
    """Whether `other`, which is named deeper in the file, holds the whole text of `found`.

    Of equal texts that are named equally deep, the first is kept. Of one that is only a part of
    another of its function, the whole is.
    """
    text, whole = found.text.strip(), other.text.strip()
    if other is found or len(text) < _LEAST_CHARACTERS or text not in whole:
        return False
    one, two = other.selector or "", found.selector or ""
    depths = one.count("."), two.count(".")
    if depths[0] == depths[1]:
        function, is_inside, _ = two.partition(".")
        is_part = text != whole and bool(is_inside) and one.startswith(f"{function}.")
        return is_part or (text == whole and one < two)
    return depths[0] > depths[1]


_LEAST_CHARACTERS = 60


def not_ours(paths: Iterable[str], own: OwnFiles) -> Iterator[LeftOut]:
    """The files that look like prompts, or hold source code, and are not searched, by reason."""
    counts: Counter[tuple[str, str]] = Counter()
    for path in paths:
        if (folder_and_why := own.why_not(path)) is None:
            continue
        if candidates.is_named_as_prompt(path) or prompt_formats.of_source(path) is not None:
            counts[folder_and_why] += 1
    for (folder, why), count in sorted(counts.items()):
        yield _unsearched(folder, count, why)


def minified(files: int) -> LeftOut:
    """Files of the project that a bundler has made."""
    why = "built from other files; name a prompt of one, `path#name`, to have it measured"
    return _unsearched("minified JavaScript", files, why)


def _unsearched(what: str, count: int, why: str) -> LeftOut:
    files = "1 file is" if count == 1 else f"{count:,} files are"
    return LeftOut(what=what, why=f"{files} not searched: {why}", texts=0)
