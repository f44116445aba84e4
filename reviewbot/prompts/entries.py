"""One entry of a file that holds several prompts: `prompts.yaml#agents.planner.system`."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec.structs import replace

from reviewbot.documents import (
    Entry,
    ListNode,
    MappingNode,
    Node,
    Scalar,
    parse_json,
    parse_yaml,
    plain,
)
from reviewbot.errors import MeasurementError, NoSuchPromptError, Place, Problem
from reviewbot.prompt import PromptText
from reviewbot.prompt_formats.python import names as _python_names
from reviewbot.prompt_formats.typescript import names as _typescript_names

ENDINGS = (".yaml", ".yml", ".json", ".toml", *_python_names.ENDINGS, *_typescript_names.ENDINGS)
"""Files whose entries can be selected."""

_STEP = re.compile(r'"([^"]{1,500})"|([^."]{1,500})')


_NAMED_BY = ("id", "name", "task", "role")
"""An item of a list is also named by its value under one of these keys, where no other has it."""


def select(file: PromptText, *, is_data: bool) -> PromptText:
    """What stands at the selector's path of keys and positions (from 0) in the file.

    A key with a dot is written in quotes: `models."gpt-4.1".system`. A list or a mapping is given
    as JSON text, each value in its own line of the file, to a format that `is_data`.

    Raises:
        MeasurementError: The file is wrong, or there is nothing of that kind at that path.
    """
    if file.path.lower().endswith(_python_names.ENDINGS):
        return _python_names.select_text(file)
    if file.path.lower().endswith(_typescript_names.ENDINGS):
        return _typescript_names.select_text(file)
    node = parse(file)
    reached: list[str] = []
    for step in steps(file):
        found = _step(node, step)
        if found is None:
            where = f"`{'.'.join(reached)}`" if reached else "the file"
            wrong = _wrong(file, node.line, f"{where} has no {step!r}", _one_of(node))
            raise NoSuchPromptError(wrong.problems)
        reached.append(step)
        node = found
    if isinstance(node, Scalar):
        if not isinstance(node.value, str):
            what = f"`{file.selector}` is no text, but {node.text or 'empty'}"
            raise _wrong(file, node.line, what, "name a text, or quote it")
        return replace(file, text=node.value, line=node.line, selector=None)
    if not is_data:
        what = f"`{file.selector}` is not a text, but a {_kind(node)}"
        raise _wrong(file, node.line, what, _one_of(node))
    return replace(file, text="".join(_in_lines(node)), selector=None)


def beside(file: PromptText) -> dict[str, str]:
    """What stands at the selector's path and at the same path with other positions in lists.

    Raises:
        MeasurementError: The file is wrong, or the selector is no path.
    """
    reached: list[tuple[tuple[str, ...], Node]] = [((), parse(file))]
    for step in steps(file):
        reached = [
            ((*path, name), found)
            for path, node in reached
            for name in (_positions(node) if step.isdecimal() else [step])
            if (found := _step(node, name)) is not None
        ]
    texts = ((written(path), node) for path, node in reached)
    return {
        name: node.text if isinstance(node, Scalar) else "".join(_in_lines(node))
        for name, node in texts
        if name is not None
    }


def _positions(node: Node) -> list[str]:
    """The keys of a mapping that are numbers, or the positions of a list."""
    if isinstance(node, MappingNode):
        return [entry.key for entry in node.entries if entry.key.isdecimal()]
    return [str(number) for number in range(len(node.items))] if isinstance(node, ListNode) else []


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


def written(names: Iterable[str]) -> str | None:
    """The selector of the value at the path of these keys; None where no selector can name one."""
    found = [f'"{name}"' if "." in name else name for name in names]
    is_path = all(_STEP.fullmatch(step) and "\n" not in step for step in found)
    return ".".join(found) if is_path else None


def parse(file: PromptText) -> Node:
    """The whole of a YAML, JSON or TOML file.

    Raises:
        MeasurementError: It is none, or wrong.
    """
    path = file.path.lower()
    if path.endswith(".json"):
        return parse_json(file.text, file=file.path)
    if path.endswith(".toml"):
        return _from_toml(file.surroundings.parse("toml-file", file.text, file.path))
    if path.endswith((".yaml", ".yml")):
        return parse_yaml(file.text, file=file.path, shares=True)
    what = f"entries are selected in {', '.join(ENDINGS)} files only"
    raise _wrong(file, 1, what, "take out what stands behind `#`, or name another `format`")


def _from_toml(found: Any) -> Node:
    """The node that the TOML parser describes."""
    line, kind, content = found
    match kind:
        case "mapping":
            entries = (
                Entry(key=key, key_line=key_line, value=_from_toml(value))
                for key, key_line, value in content
            )
            return MappingNode(line=line, entries=tuple(entries))
        case "list":
            return ListNode(line=line, items=tuple(map(_from_toml, content)))
        case _:
            text = content if isinstance(content, str) else json.dumps(content)
            return Scalar(line=line, value=content, text=text, quoted=kind == "text")


def _in_lines(node: Node) -> Iterator[str]:
    """The node as JSON, which is YAML too, with each value in the line that it has in its file."""
    line = 1

    def reach(wanted: int) -> str:
        nonlocal line
        breaks = max(0, wanted - line)
        line += breaks
        return "\n" * breaks

    def pieces(node: Node) -> Iterator[str]:
        yield reach(node.line)
        if isinstance(node, Scalar):
            yield _as_json(plain(node))
        elif isinstance(node, ListNode):
            yield "["
            for number, item in enumerate(node.items):
                yield ", " if number else ""
                yield from pieces(item)
            yield "]"
        else:
            yield "{"
            for number, entry in enumerate(node.entries):
                yield ", " if number else ""
                yield reach(entry.key_line)
                yield f"{_as_json(entry.key)}: "
                yield from pieces(entry.value)
            yield "}"

    return pieces(node)


def _as_json(value: Any) -> str:
    """The value as JSON that YAML reads too: it takes no surrogates, and few control characters."""
    text = json.dumps(value, ensure_ascii=False)
    return _NO_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


_NO_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def _step(node: Node, step: str) -> Node | None:
    if isinstance(node, MappingNode):
        return node.get(step)
    if isinstance(node, ListNode):
        if step.isdecimal() and step.isascii():
            return (
                node.items[int(step)]
                if len(step) <= _DIGITS and int(step) < len(node.items)
                else None
            )
        named = [item for item in node.items if step in _names_of(item)]
        return named[0] if len(named) == 1 else None
    return None


_DIGITS = 6


def _names_of(item: Node) -> set[str]:
    if not isinstance(item, MappingNode):
        return set()
    values = (item.get(key) for key in _NAMED_BY)
    return {value.text for value in values if isinstance(value, Scalar) and value.value is not None}


def _one_of(node: Node) -> str:
    if isinstance(node, MappingNode):
        names = [entry.key for entry in node.entries]
    elif isinstance(node, ListNode):
        names = [str(position) for position in range(len(node.items))]
    else:
        names = []
    shown = [written([name]) or repr(name) for name in names[:_SHOWN]]
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return f"name one of: {', '.join(shown)}{more}" if names else "it ends here"


_SHOWN = 10


def _kind(node: Node) -> str:
    return "list" if isinstance(node, ListNode) else "mapping"


def _wrong(file: PromptText, line: int, what: str, mend: str) -> MeasurementError:
    return MeasurementError([Problem(what=what, mend=mend, place=Place(file=file.path, line=line))])
