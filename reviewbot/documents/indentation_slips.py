"""Lines of YAML that are indented unlike their neighbours."""

import re
from collections.abc import Iterator

from reviewbot.documents.stray_dashes import among_keys, half_a_list
from reviewbot.documents.yaml_faults import (
    BEGINS_WITH_KEY,
    Fault,
    Slip,
    blanks,
    indentation,
    indented,
    lines_above,
    lines_below,
)


def indentation_slip(fault: Fault) -> Slip | None:
    """What is wrong with how the refused line begins; None where it cannot be told for sure."""
    here = fault.at(fault.line)
    own = indentation(here)
    if fault.problem == "mapping values are not allowed in this context":
        return _deeper_than_above(fault)
    if fault.problem not in _WITHIN_BLOCKS or fault.is_at_end or fault.column != own:
        return None
    if re.match(r" *- ", here):
        is_among_keys = "'-'" not in fault.problem
        return (among_keys(fault) if is_among_keys else None) or _unlike_item(fault)
    if not BEGINS_WITH_KEY.match(here):
        return None
    if "'-'" in fault.problem:
        return half_a_list(fault) if own == fault.begun_column else None
    return _unlike_keys(fault)


def below_empty(fault: Fault) -> Slip | None:
    """An empty mapping or list in brackets above lines that are indented as if they were in it."""
    number, above = next(lines_above(fault), (0, ""))
    empty = _EMPTY.match(above)
    if empty is None or indentation(above) >= indentation(fault.at(fault.line)):
        return None
    what = f"`{empty[1]}: {empty[2]}` is empty, and lines stand below it"
    return number, what, f"write `{empty[1]}:` without `{empty[2]}`"


_EMPTY = re.compile(r" *([\w-]{1,60}): *(\{ *\}|\[ *\]) *(?:#|\r?$)")
_BARE_ITEM = re.compile(r" *(- +([\w.-]{1,60}))[ \r]*$")
_WITHIN_BLOCKS = ("did not find expected key", "did not find expected '-' indicator")


def _deeper_than_above(fault: Fault) -> Slip | None:
    """The key that is indented more than the one above it, which has its value."""
    own = indentation(fault.at(fault.line))
    is_first_key = re.fullmatch(rf" {{{own}}}[\w-]+", fault.at(fault.line)[: fault.column])
    number, above = next(lines_above(fault), (0, ""))
    level = indentation(above)
    if is_first_key and level < own and (item := _BARE_ITEM.match(above)):
        what = f"`{item[2]}` has keys below it, and is an item of a list"
        return number, what, f"write `{item[2]}:` instead of `{item[1]}`"
    key = re.match(r" *(?:- +)*(?=[\w-]+: +\S)", above)
    level = key.end() if key else own
    if not is_first_key or level >= own:
        return None
    return _parent_beside_child(fault, level) or _outlier(fault, number, level, "")


def _unlike_item(fault: Fault) -> Slip | None:
    """The item that is indented unlike the one before it."""
    own = indentation(fault.at(fault.line))
    for number, line in lines_above(fault):
        level = indentation(line)
        if re.match(r" *- ", line) and level != own:
            return _outlier(fault, number, level, "- ")
        if level <= own:
            return None
    return None


def _unlike_keys(fault: Fault) -> Slip | None:
    """The key that is indented by one blank too few or too many."""
    own = indentation(fault.at(fault.line))
    levels: dict[int, int] = {}
    for number, line in lines_above(fault):
        key = BEGINS_WITH_KEY.match(line)
        for column in (key.start(1) if key else indentation(line), indentation(line)):
            if not levels or column < min(levels):
                levels[column] = number
    if slip := _parent_beside_child(fault, max((x for x in levels if x < own), default=0)):
        return slip
    nearest = [level for level in levels if abs(level - own) == 1]
    if own in levels or not nearest:
        return None
    level = nearest[0]
    children = next((indentation(line) for _, line in lines_below(fault)), 0)
    if len(nearest) > 1 and fault.at(fault.line).rstrip().endswith(":") and children > own:
        level = max(item for item in nearest if item < children)
    return _outlier(fault, levels[level], level, "")


def _outlier(fault: Fault, number: int, level: int, mark: str) -> Slip:
    """Which of two neighbours is indented unlike the others: the refused one, or the one above."""
    own = indentation(fault.at(fault.line))
    above = _siblings(lines_above(fault), level, mark)
    below = _siblings(lines_below(fault), own, mark)
    key = "`-`" if mark else "line"
    is_slight = mark or abs(own - level) == 1
    if is_slight and above == 1 and below:
        return indented(number, f"this {key}", level, f"the one in line {fault.line}", own)
    if not is_slight or (above == 1 and not _siblings(lines_below(fault), level, mark)):
        told = f"this {key} is indented by {blanks(own)}, the one in line {number} by {level}"
        return fault.line, told, "indent both alike"
    beside = f"the one in line {number}" if mark else "the keys beside it"
    return indented(fault.line, f"this {key}", own, beside, level)


def _siblings(lines: Iterator[tuple[int, str]], level: int, mark: str) -> int:
    """How many lines begin at a column until one begins before it."""
    number = 0
    for _, line in lines:
        key = BEGINS_WITH_KEY.match(line)
        column = key.start(1) if key and not mark else indentation(line)
        number += column == level and line.startswith(mark, level)
        if indentation(line) < level:
            break
    return number


def _parent_beside_child(fault: Fault, level: int) -> Slip | None:
    """A key at `level` that belongs under the one before it, as the refused line does."""
    own = indentation(fault.at(fault.line))
    child, name, least = 0, "", 0
    for number, line in lines_above(fault):
        if child and indentation(line) > level:
            least = min(least or indentation(line), indentation(line))
            continue
        if indentation(line) > level:
            continue
        key = BEGINS_WITH_KEY.match(line)
        if key is None or indentation(line) != level or key.start(1) != level or own <= level:
            return None
        if child:
            is_empty = line.rstrip().endswith(":") and least in (0, own)
            told = f"`{name}` stands beside `{key[1]}`"
            return (child, told, f"indent it by {blanks(own)}") if is_empty else None
        child, name = number, key[1]
    return None
