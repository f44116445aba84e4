"""The files of tools and of samples that belong to calls."""

import re
from collections.abc import Iterable, Mapping, Sequence

from reviewbot import prompt_formats
from reviewbot.discovery.call_tools import CallTools
from reviewbot.discovery.findings import Found, LeftOut
from reviewbot.discovery.guesses import words
from reviewbot.repository.trees import Tree

_SAMPLE_ENDINGS = (".yaml", ".yml", ".json")


def tools_of(
    paths: Iterable[str], firsts: Sequence[Found], told: CallTools, left_out: list[LeftOut]
) -> Mapping[int, tuple[str, ...]]:
    """The files of tools of each call, by its number.

    Of source code they are those that calls are `told` to be given, else the call's own file.
    """
    found: dict[int, tuple[str, ...]] = dict(told.given)
    by_folder = _by_folder(firsts)
    for path in paths:
        if path in told.paths:
            continue
        folder, _, name = path.rpartition("/")
        beside = by_folder.get(folder, [])
        purpose = tuple(word for word in words(name.partition(".")[0]).purpose if word != "tools")
        if prompt_formats.of_source(path) is not None:
            meant = [n for n in beside if firsts[n].path == path and n not in told.known]
        else:
            meant = [n for n in beside if purpose in ((), firsts[n].name)]
        if len(meant) == 1 and meant[0] not in found:
            found[meant[0]] = (path,)
        else:
            why = "which call has these tools is not clear: name them under its `tools`"
            left_out.append(LeftOut(what=path, why=why))
    return found


def _by_folder(firsts: Sequence[Found]) -> dict[str, list[int]]:
    """The numbers of the calls whose first prompts stand in each folder."""
    found: dict[str, list[int]] = {}
    for number, first in enumerate(firsts):
        found.setdefault(_folder(first), []).append(number)
    return found


def _folder(first: Found) -> str:
    return first.path.rpartition("/")[0]


def samples_of(firsts: Sequence[Found], tree: Tree) -> Mapping[int, str]:
    """A glob over the sample files of each call, by its number, where some lie at a usual place."""
    folders: dict[str, set[str]] = {}
    for path in tree.paths:
        folder, _, name = path.rpartition("/")
        ending = next((ending for ending in _SAMPLE_ENDINGS if name.endswith(ending)), None)
        if ending is not None and "samples" in folder.split("/"):
            folders.setdefault(folder, set()).add(ending)
    found: dict[int, str] = {}
    by_folder = _by_folder(firsts)
    for number, first in enumerate(firsts):
        folder = _folder(first)
        is_alone = len(by_folder[folder]) == 1
        purposes = {"-".join(first.name), "_".join(first.name)}
        names = sorted(purposes | {folder.rpartition("/")[2]} if is_alone else purposes)
        above = f"{folder}/" if folder else ""
        places = [f"{above}samples"] if is_alone else []
        places += [f"{top}samples/{name}" for name in names for top in (above, "", "tests/")]
        for place in places:
            endings = folders.get(place, set())
            if len(endings) == 1 and not re.search(r"[*?\[\\]", place):
                found[number] = f"{place}/*{min(endings)}"
                break
    return found
