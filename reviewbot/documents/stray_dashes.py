"""A `- ` that stands before a key of a mapping, and one that a list lacks, in YAML."""

import re
from collections.abc import Iterator
from itertools import islice, takewhile

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

_LISTS = (
    *("approvers", "budgets", "messages", "prompts", "samples"),
    *("sources", "steps", "tools", "traffic"),
)
"""Keys whose value is a list, of mappings mostly, in the files that are read here."""
_MAPPINGS = (
    *("defaults", "input_tokens", "inputs", "jobs", "monthly_tokens", "output_tokens", "outputs"),
    *("overrides", "permissions", "prices", "secrets", "tiers", "variables", "workflows"),
)
"""Keys in the plural whose value is a mapping."""
_NAMED = ("jobs", "tiers", "workflows")
"""Keys whose entries have names of the user's choice, which may be in the plural."""
_ITEM = re.compile(r" *- +(?:(?P<key>[\w-]{1,60}|\"[^\"]{1,60}\"|'[^']{1,60}') *:(?: |$))?")
_NAMED_ITEM = re.compile(r"- +(?:(?:name|id): +)?(?P<name>[\w.-]{1,60}):?[ \r]*$")


def among_keys(fault: Fault) -> Slip | None:
    """The item of a list that stands where a mapping has its keys."""
    here, first = fault.at(fault.line), fault.at(fault.begun)
    own = indentation(here)
    if fault.begun_column != own or not BEGINS_WITH_KEY.match(first):
        return None
    parents = _parents(fault, fault.begun, own)
    level = indentation(first)
    if level < own and _is_further_item(fault):
        beside = f"the one in line {fault.begun}"
        return indented(fault.line, "this `-`", own, beside, level)
    if level == own and (meant := _column_of_list_above(fault, own)):
        what = f"this `-` is indented by {blanks(own)}, the list above by {meant}"
        return fault.line, what, f"indent it and its lines by {blanks(meant - own)} more"
    is_named = parents and level == own
    whose = f"of `{parents[0]}`" if is_named else f"that begin in line {fault.begun}"
    what = f"an item of a list stands among the keys {whose}"
    return fault.line, what, _undashed(fault, fault.line) or _OTHERWISE


_OTHERWISE = "write it as a key with its value, without `- `"


def half_a_list(fault: Fault) -> Slip:
    """A list in which a key stands in place of an item."""
    key = BEGINS_WITH_KEY.match(fault.at(fault.line))
    parents = _parents(fault, fault.begun, fault.begun_column)
    undashed = _undashed(fault, fault.begun)
    if undashed and not _is_list(fault, parents):
        what = f"a list begins here, but line {fault.line} has a key"
        return fault.begun, what, undashed
    whose = f"of `{parents[0]}`" if parents else f"of the list that begins in line {fault.begun}"
    what = f"a key stands among the items {whose}"
    item = _ITEM.match(fault.at(fault.begun))
    if key is not None and key[1] in _keys_of_item(fault, fault.line):
        return fault.line, what, f"write `- {key[1]}:` instead of `{key[1]}:`"
    if item is not None and item["key"]:
        return fault.line, what, f"indent it by {blanks(item.start('key'))}"
    parent = next(_outside(fault, fault.begun, fault.begun_column), None)
    level = indentation(parent[1]) if parent else 0
    return fault.line, what, f"indent it by {blanks(level)}"


def _undashed(fault: Fault, number: int) -> str | None:
    """The mend that makes a key of an item; None where it begins with none."""
    line = fault.at(number)
    inner = line.lstrip(" ")
    below_it = next(lines_below(fault, number), (0, ""))[1]
    is_body = indentation(below_it) > indentation(line) and BEGINS_WITH_KEY.match(below_it)
    named = _NAMED_ITEM.match(inner) if is_body and not below_it.lstrip().startswith("-") else None
    if named:
        return f"write `{named['name']}:` instead of `{inner.rstrip()}`"
    item = _ITEM.match(line)
    if item is None or not item["key"] or _has_further_key(fault, number):
        return None
    return f"write `{item['key']}:` instead of `{line[indentation(line) : item.end('key')]}:`"


def _is_list(fault: Fault, parents: list[str]) -> bool:
    """Whether the items are meant, or the keys between them: by the name, else by their number."""
    parent, grandparent = [*parents, "", ""][:2]
    if parent in _LISTS:
        return True
    if grandparent in _NAMED:
        return False
    if parent and parent.endswith("s") and parent not in _MAPPINGS:
        return True
    dashed = bare = 0
    for _, line in lines_below(fault, fault.begun - 1):
        if indentation(line) < fault.begun_column:
            break
        is_dashed = line.startswith("- ", fault.begun_column)
        dashed += is_dashed
        bare += not is_dashed and indentation(line) == fault.begun_column
    return dashed > bare


def _is_further_item(fault: Fault) -> bool:
    """Whether a refused item stands beside the one above it, and not among that one's keys."""
    item = _ITEM.match(fault.at(fault.line))
    if item is None or not item["key"] or item["key"] in _keys_of_item(fault, fault.line):
        return True
    return _has_further_key(fault, fault.line)


def _column_of_list_above(fault: Fault, own: int) -> int:
    """The column of the list that ends above a refused item, if this is one of it; 0 otherwise."""
    column = 0
    keys: set[str] = set()
    for _, line in lines_above(fault):
        if indentation(line) <= own:
            break
        key = BEGINS_WITH_KEY.match(line)
        keys |= {key[1]} if key else set()
        column = indentation(line) if line.lstrip(" ").startswith("- ") else 0
    item = _ITEM.match(fault.at(fault.line))
    is_item = item is None or not item["key"] or item["key"] in keys
    return column if is_item or _has_further_key(fault, fault.line) else 0


def _has_further_key(fault: Fault, number: int) -> bool:
    """Whether an item whose first key has its value goes on with another key."""
    line = fault.at(number)
    item = _ITEM.match(line)
    following = next(lines_below(fault, number), (0, ""))[1]
    has_value = item is not None and bool(line[item.end() :].strip())
    is_key = BEGINS_WITH_KEY.match(following) is not None
    return has_value and is_key and indentation(following) == indentation(line) + 2


def _keys_of_item(fault: Fault, number: int) -> set[str]:
    """The keys of the item that stands above a line."""
    keys = set()
    for _, line in lines_above(fault, number):
        if key := BEGINS_WITH_KEY.match(line):
            keys.add(key[1])
        if _ITEM.match(line):
            break
    return keys


def _parents(fault: Fault, number: int, column: int) -> list[str]:
    """The key that a line stands below, and the one that this one stands below."""
    around = islice(_outside(fault, number, column), 2)
    keys = takewhile(bool, (BEGINS_WITH_KEY.match(line) for _, line in around))
    return [key[1] for key in keys if key]


def _outside(fault: Fault, number: int, column: int) -> Iterator[tuple[int, str]]:
    """The lines above that are indented less and less than the one before."""
    for found, line in lines_above(fault, number):
        if indentation(line) < column:
            column = indentation(line)
            yield found, line
