"""The samples of a promptfoo configuration: the variables of its tests."""

import csv
import itertools
import json
import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

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
from reviewbot.prompt import LoadedFile, PromptText, Sample
from reviewbot.prompt_formats._common.problems import wrong

_MOST = 1_000
"""More combinations of variables than this are refused."""

_NO_TEXTS = (
    *(".js", ".cjs", ".mjs", ".ts", ".cts", ".mts", ".py", ".pdf"),
    *(".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".svg", ".mp3", ".wav", ".mp4", ".m4a"),
)
_Values = dict[str, list[Any]]


def read_samples(root: MappingNode, file: PromptText) -> tuple[Sample, ...]:
    """Each combination of the variables of each test, with those of `defaultTest`.

    Raises:
        MeasurementError: A file is missing or no text, or there are too many combinations.
    """
    defaults = _test(root.get("defaultTest"), file)
    tests, where = _tests(root.get("tests"), file)
    samples: list[Sample] = []
    for number, test in enumerate(tests, 1):
        values = {**defaults, **_test(test, where)}
        found = list(itertools.islice(_combinations(values), _MOST + 1))
        if len(samples) + len(found) > _MOST:
            what = f"the tests give more than {_MOST:,} combinations of variables"
            raise wrong(what, "name samples in the workflow", path=where.path, line=test.line)
        samples += [
            Sample(
                name=f"test {number}" if len(found) == 1 else f"test {number}.{part}",
                variables=variables,
            )
            for part, variables in enumerate(found, 1)
        ]
    if not tests and defaults:
        samples = [
            Sample(name=f"defaultTest {part}", variables=variables)
            for part, variables in enumerate(itertools.islice(_combinations(defaults), _MOST), 1)
        ]
    return tuple(samples)


def _combinations(values: Mapping[str, list[Any]]) -> Iterator[dict[str, Any]]:
    for chosen in itertools.product(*values.values()):
        yield dict(zip(values, chosen, strict=True))


def _tests(node: Node | None, file: PromptText) -> tuple[tuple[Node, ...], PromptText]:
    """The tests, and the file that they stand in."""
    if node is None or (isinstance(node, Scalar) and node.value is None):
        return (), file
    if isinstance(node, Scalar):
        if posixpath.splitext(node.text.partition("?")[0])[1].lower() == ".csv":
            return _rows(node, file), file
        node, file = _document(node, file)
    if not isinstance(node, ListNode):
        what = "`tests` is no list of tests"
        raise wrong(what, "write `tests: [{vars: {…}}]`", path=file.path, line=node.line)
    return node.items, file


def _rows(node: Scalar, file: PromptText) -> tuple[Node, ...]:
    """A test for each row of a CSV file: a column is a variable, unless it begins with `__`.

    Source: promptfoo's guide to test cases, "CSV format".
    """
    loaded = _loaded(node.text, file, node.line)
    reader = csv.DictReader(loaded.text.removeprefix("\ufeff").splitlines(keepends=True))
    rows: list[Node] = []
    try:
        for row in reader:
            line = reader.line_num
            for name in _CHANGING:
                if row.get(name):
                    what = f"the column {name!r} changes the prompt, and cannot be measured"
                    mend = "write it into the prompt"
                    raise wrong(what, mend, path=loaded.path, line=line)
            rows.append(_row(row, line))
    except csv.Error as error:
        what = f"this is no CSV: {error}"
        raise wrong(what, "correct it", path=loaded.path, line=reader.line_num) from error
    return tuple(rows)


_CHANGING = ("__prefix", "__suffix")


def _row(row: Mapping[str | None, Any], line: int) -> MappingNode:
    entries = tuple(
        Entry(key=name, key_line=line, value=Scalar(line=line, value=value, text=value))
        for name, value in row.items()
        if name and not name.startswith("__") and isinstance(value, str)
    )
    variables = MappingNode(line=line, entries=entries)
    entry = Entry(key="vars", key_line=line, value=variables)
    return MappingNode(line=line, entries=(entry,))


def _document(node: Scalar, file: PromptText) -> tuple[Node, PromptText]:
    """The data in the file that a scalar names."""
    loaded = _loaded(node.text, file, node.line)
    ending = posixpath.splitext(loaded.path)[1].lower()
    if ending not in {".json", ".yaml", ".yml"}:
        what = f"{loaded.path} is neither JSON nor YAML"
        raise wrong(what, "name samples in the workflow", path=file.path, line=node.line)
    parse = parse_json if ending == ".json" else parse_yaml
    inner = PromptText(path=loaded.path, text=loaded.text, surroundings=file.surroundings)
    return parse(loaded.text, file=loaded.path), inner


def _test(node: Node | None, file: PromptText) -> _Values:
    """The values of each variable of a test."""
    if isinstance(node, Scalar) and isinstance(node.value, str):
        node, file = _document(node, file)
    options = node.get("options") if isinstance(node, MappingNode) else None
    for key in ("prefix", "suffix", "transformVars"):
        found = options.get(key) if isinstance(options, MappingNode) else None
        if found is not None:
            what = f"`{key}` of a test changes the prompt, and cannot be measured"
            raise wrong(what, "write it into the prompt", path=file.path, line=found.line)
    given = node.get("vars") if isinstance(node, MappingNode) else None
    if isinstance(given, Scalar) and isinstance(given.value, str):
        given, file = _document(given, file)
    if given is None or (isinstance(given, Scalar) and given.value is None):
        return {}
    if not isinstance(given, MappingNode):
        what = "`vars` is no mapping of variables"
        raise wrong(what, "write `vars: {name: value}`", path=file.path, line=given.line)
    return {entry.key: _values(entry.value, file) for entry in given.entries}


def _values(node: Node, file: PromptText) -> list[Any]:
    """What a variable takes in turn: a list of texts is one of several."""
    if isinstance(node, ListNode) and node.items:
        first = node.items[0]
        if isinstance(first, Scalar) and isinstance(first.value, str):
            return [_value(item, file) for item in node.items]
    if isinstance(node, ListNode) and not node.items:
        return []
    return [_value(node, file)]


def _value(node: Node, file: PromptText) -> Any:
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return plain(node)
    if not node.value.startswith("file://"):
        return node.value
    loaded = _loaded(node.value, file, node.line)
    if loaded.path.lower().endswith((".yaml", ".yml")):
        data = plain(parse_yaml(loaded.text, file=loaded.path))
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return loaded.text.strip()


def _loaded(name: str, file: PromptText, line: int) -> LoadedFile:
    name = name.removeprefix("file://")
    if name.lower().partition("?")[0].endswith(_NO_TEXTS) or "*" in name or "://" in name:
        what = f"the variable's file {name!r} is code, no text, or several"
        raise wrong(what, "name samples in the workflow", path=file.path, line=line)
    loaded = file.surroundings.load(name, file.path)
    if loaded is None:
        raise wrong(
            f"there is no file {name!r}",
            "correct its name, or add the file",
            path=file.path,
            line=line,
        )
    return loaded
