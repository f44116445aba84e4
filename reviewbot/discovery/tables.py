"""Texts that are sent with others only: examples, parts of templates, rows of a large table."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from reviewbot.discovery.calls import Proposed, written_path
from reviewbot.discovery.findings import Found, LeftOut
from reviewbot.discovery.guesses import is_carrier
from reviewbot.prompt_formats._common import prompt_names
from reviewbot.prompt_formats._common.positions import steps_of

_LEAST_ROWS = 12
_LONGEST = 600
"""So many rows of at most so many characters are a table of which a prompt takes one."""

_EXAMPLES = {"example", "examples", "shots", "fewshot", "demonstrations", "demos"}
_SHOWN = {"example", "examples", "suggestion", "suggestions", "suggested", "demo", "demos"}
"""Words of names of lists whose texts people are shown: `examplePromptsBase.10`."""

_OFFERED = {"suggestion", "suggestions", "suggested", "starter", "starters", "chips"}
"""Words of names of lists from which a person picks what to send."""

_SCREEN = {
    *("note", "log", "info", "warn", "warning", "error", "debug", "print", "println", "intro"),
    *("outro", "echo", "confirm", "cancel", "success", "toast", "alert", "console"),
}
"""What prints its first argument for people: `note.0` is that of `p.note(…)`."""

_TRIALS = {"benchmark", "benchmarks", "eval", "evals"}
_PARTS = {"prefix", "suffix", "example_separator", "exampleSeparator"}
_BY_NAME = "; name it if a call sends it by itself, or its folder under `coverage.ignore`"

_Table = tuple[str, tuple[str, ...]]


def without_parts(
    proposed: Sequence[Proposed],
) -> tuple[tuple[Proposed, ...], tuple[LeftOut, ...]]:
    """The workflows but those of one text that is a part of others, and what is left out so.

    Of a table its longest text stays, for all.
    """
    kept = [(item, _why_part(item)) for item in proposed]
    left_out = [_left_out(item, why) for item, why in kept if why]
    whole = [item for item, why in kept if not why]
    older = _older_versions(whole)
    left_out += [
        _left_out(
            item, f"an older version of an example, of which `{older[item.name]}` is proposed"
        )
        for item in whole
        if item.name in older
    ]
    whole = [item for item in whole if item.name not in older]
    told: set[str] = set()
    shorter: set[str] = set()
    for (_, steps), found in _tables(whole).items():
        rows = [item for item in found if item.name not in told]  # what stands for a table stays
        if not rows:
            continue
        longest = max(rows, key=lambda item: len(item.prompts[0].text))
        why = (
            f"a row of the table `{'.'.join(steps)}`: the longest of its texts"
            f" is proposed and stands for all{_BY_NAME}"
        )
        left_out += [_left_out(item, why) for item in rows if item is not longest]
        told.update(item.name for item in rows)
        shorter.update(item.name for item in rows if item is not longest)
    return tuple(item for item in whole if item.name not in shorter), tuple(left_out)


def _why_part(item: Proposed) -> str:
    """Why a text is sent with others only; empty where it may be sent by itself."""
    for found in item.prompts if len(item.prompts) == 1 else ():
        steps = _steps(found)
        places = list(pairwise(steps))
        if (told := _why_shown(found, steps)) is not None:
            return f"{told}{_BY_NAME}"
        if any(
            step.replace("_", "").lower() in _EXAMPLES and at.isdecimal() for step, at in places
        ):
            return f"an example that goes into a prompt{_BY_NAME}"
        if len(steps) > 1 and steps[-1] in _PARTS:
            return f"a part of a template{_BY_NAME}"
    return ""


def _why_shown(found: Found, steps: Sequence[str]) -> str | None:
    """Why people see a text, or a benchmark asks it, and no product sends it."""
    if len(steps) < _LEAST_STEPS:
        return None
    around = [step.partition("@")[0] for step in steps[:-1]]
    file = prompt_names.words(found.path.rpartition("/")[2].partition(".")[0])
    named = {word for step in around for word in prompt_names.words(step)}
    if not steps[-1].isdecimal():
        if not around[-1].isdecimal() or len(steps) <= _LEAST_STEPS:
            return None
        if not _OFFERED.isdisjoint(named) or {"start", "screen"} <= named:
            return "an example that people are shown"
        return "a task of a benchmark" if not _TRIALS.isdisjoint(file) else None
    if around[-1] in _SCREEN:
        return "a text for people's screens"
    own = next((step for step in reversed(around) if not step.isdecimal()), "")
    is_list_shown = not _SHOWN.isdisjoint({*named, *file}) and not is_carrier(own)
    return "an example that people are shown" if is_list_shown else None


_LEAST_STEPS = 2


def _older_versions(proposed: Sequence[Proposed]) -> dict[str, str]:
    """Workflows of files that examples keep in versions, `examples/…/v1/`, each with the newest."""
    versions: dict[tuple[str, ...], list[tuple[int, str]]] = {}
    for item in proposed:
        *folders, name = item.prompts[0].path.split("/")
        places = [at for at, folder in enumerate(folders) if _VERSION.fullmatch(folder)]
        if places and not _EXAMPLES.isdisjoint(folders[: places[-1]]):
            at = places[-1]
            other = (*folders[:at], "", *folders[at + 1 :], name)
            versions.setdefault(other, []).append((int(folders[at][1:]), item.name))
    newest = {other: max(number for number, _ in found) for other, found in versions.items()}
    return {
        name: f"v{newest[other]}"
        for other, found in versions.items()
        for number, name in found
        if number < newest[other]
    }


_VERSION = re.compile(r"v[0-9]{1,6}")


def _tables(proposed: Sequence[Proposed]) -> dict[_Table, list[Proposed]]:
    """The rows of each table, whose names differ in one step: `RULES.first.text`, `LIST.3`."""
    shapes: dict[tuple[_Table, tuple[str, ...]], list[Proposed]] = {}
    for item in proposed:
        found = item.prompts[0]
        if len(item.prompts) == 1 and 0 < len(found.text) <= _LONGEST:
            for table, rest in _places(found):
                shapes.setdefault((table, rest), []).append(item)
    tables: dict[_Table, list[Proposed]] = {}
    for (table, _), rows in shapes.items():
        if len(rows) >= _LEAST_ROWS:
            tables.setdefault(table, []).extend(rows)
    return tables


def _places(found: Found) -> Iterator[tuple[_Table, tuple[str, ...]]]:
    """The tables of which a text may be a row, and what its name has behind the row's own."""
    steps = _steps(found)
    for place in range(1, len(steps)):
        rest = tuple(steps[place + 1 :])
        if rest or steps[place].isdecimal():
            yield (found.path, tuple(steps[:place])), rest


def _steps(found: Found) -> list[str]:
    return steps_of(found.selector or "")


def _left_out(item: Proposed, why: str) -> LeftOut:
    found = item.prompts[0]
    return LeftOut(what=written_path(found) or found.path, why=why)
