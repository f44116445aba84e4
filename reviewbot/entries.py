"""One text in a data file that holds several: `prompts.yaml#agents.planner.system`."""

import re
from typing import Any

from reviewbot.documents import ListNode, MappingNode, Node, Scalar, parse_json, parse_yaml
from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.prompts import PromptText
from reviewbot.records import replace

ENDINGS = (".yaml", ".yml", ".json", ".toml")
"""Files whose entries can be selected."""

_STEP = re.compile(r'"([^"]{1,500})"|([^."]{1,500})')


def select(file: PromptText) -> PromptText:
    """The text at the selector's path of keys and positions (from 0) in the file.

    A key with a dot is written in quotes: `models."gpt-4.1".system`.

    Raises:
        MeasurementError: The file is wrong, or there is no text at that path.
    """
    node = _parse(file)
    reached: list[str] = []
    for step in steps(file):
        found = _step(node, step)
        if found is None:
            there = ", ".join(_names(node)[:10]) or "nothing to choose from"
            where = f"`{'.'.join(reached)}`" if reached else "the file"
            raise _wrong(file, node.line, f"{where} has no {step!r}", f"name one of: {there}")
        reached.append(step)
        node = found
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        what = f"`{file.selector}` is no text"
        raise _wrong(file, node.line, what, f"name one of: {', '.join(_names(node)[:10])}")
    return replace(file, text=node.value, line=node.line, selector=None)


def steps(file: PromptText) -> list[str]:
    """The keys and positions that the selector names, in order.

    Raises:
        MeasurementError: It is no such path.
    """
    selector, position, found = file.selector or "", 0, []
    while step := _STEP.match(selector, position):
        found.append(step[1] or step[2])
        position = step.end()
        if position == len(selector):
            return found
        position += 1 if selector[position] == "." else len(selector)
    what = f"{selector!r} is no path of keys"
    raise _wrong(file, 1, what, "write it like `agents.planner.system`")


def _parse(file: PromptText) -> Node:
    path = file.path.lower()
    if path.endswith(".json"):
        return parse_json(file.text, file=file.path)
    if path.endswith(".toml"):
        return _node(file.surroundings.parse("toml-file", file.text, file.path))
    return parse_yaml(file.text, file=file.path)


def _node(data: Any) -> Node:
    raise NotImplementedError


def _step(node: Node, step: str) -> Node | None:
    if isinstance(node, MappingNode):
        return node.get(step)
    if isinstance(node, ListNode) and step.isdecimal() and int(step) < len(node.items):
        return node.items[int(step)]
    return None


def _names(node: Node) -> list[str]:
    if isinstance(node, MappingNode):
        return [entry.key for entry in node.entries]
    if isinstance(node, ListNode):
        return [str(position) for position in range(len(node.items))]
    return []


def _wrong(file: PromptText, line: int, what: str, mend: str) -> MeasurementError:
    return MeasurementError([Problem(what=what, mend=mend, place=Place(file=file.path, line=line))])
