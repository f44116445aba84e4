"""Texts that are told or measured already, of those that a change brings."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property

from reviewbot.errors import Place
from reviewbot.prompts.models_in_code.statements import Statement
from reviewbot.prompts.said_text import said
from reviewbot.rendering.parsers._common.requests import SCHEMAS
from reviewbot.scope.affected import Asked, FoundPrompts, Side
from reviewbot.scope.change import Change
from reviewbot.scope.led_to_calls.python_files import PythonFile, PythonFiles
from reviewbot.scope.word_runs import Run, runs_of, words_of


class KnownTexts:
    """What workflows send after a change, and what else is told of its lines."""

    def __init__(self, change: Change, in_source: FoundPrompts) -> None:
        self._scope = change.scope
        self._new = in_source.new

    @cached_property
    def runs(self) -> AbstractSet[Run]:
        """The runs of words that workflows are known to send."""
        found: set[Run] = set()
        for item in (*self._scope.affected, *self._scope.unaffected):
            for text in _texts(item.after):
                found.update(runs_of(words_of(text)))
        return found

    def tells(self, file: PythonFile, statements: Sequence[Statement], name: str) -> bool:
        """Whether it is told already that something in these statements has grown."""
        lines = _lines(file, statements)
        if any(
            item.path == file.path and item.line <= end and begin <= item.last_line
            for item in self._new
            for begin, end in lines
        ):
            return True
        heads = {file.source.line(begins + 1) for one in statements for begins, _ in one.scope}
        last = name.rpartition(".")[2]
        return any(
            last in {one.rpartition(".")[2] for one in (item.of, item.through)}
            or f"`{last}`" in item.form
            or item.name == name
            or item.line in heads
            or (heads and item.key in SCHEMAS)
            or any(begin <= item.line <= end for begin, end in lines)
            for item in self._scope.resent
            if item.path == file.path and item.kind is not Asked.CALLS
        )

    def have_file(self, path: str) -> bool:
        """Whether workflows are made of a file, or it is told by itself that it has grown."""
        every = (*self._scope.affected, *self._scope.unaffected)
        sides = (side for item in every for side in (item.before, item.after) if side)
        return (
            any(path in side.source.files for side in sides)
            or any(item.path == path and item.grown for item in self._scope.unowned)
            or any(item.path == path for item in self._new)
            or any(item.path == path for item in self._scope.resent)
        )

    def tell_of_call(self, call: Place, files: PythonFiles) -> bool:
        """Whether it is told already that a call sends something else, or asks for something."""
        lines = {
            item.line
            for item in self._scope.resent
            if item.path == call.file and item.kind is not Asked.CALLS
        }
        file = files.of(call.file)
        if not lines or file is None or call.line is None:
            return False
        return any(
            begin <= call.line <= end and any(begin <= line <= end for line in lines)
            for begin, end in _lines(file, file.source.statements)
        )

    def tell_of_model(self, path: str, was: str, now: str) -> bool:
        """Whether figures hold another model, or a finding says that it is called."""
        from reviewbot.tokens.same_model import is_same_model

        return any(
            item.before is not None
            and item.after is not None
            and is_same_model(item.before.source.model, was)
            and is_same_model(item.after.source.model, now)
            for item in self._scope.affected
        ) or any(
            item.path == path and now in item.form
            for item in self._scope.resent
            if item.kind is Asked.MODEL
        )


def _lines(file: PythonFile, statements: Sequence[Statement]) -> list[tuple[int, int]]:
    spans = [(one.begins, one.ends) for one in statements]
    return [(file.source.line(begins + 1), file.source.line(ends - 1)) for begins, ends in spans]


def _texts(side: Side | None) -> list[str]:
    if side is None:
        return []
    source = side.source
    tools = [f"{tool.description} {_described(tool.parameters)}" for tool in source.tools]
    return [*(said(one.template) for one in source.messages), *tools, *source.response_schemas]


def _described(value: object) -> str:
    """All texts in a schema."""
    if isinstance(value, Mapping):
        return " ".join(_described(one) for one in value.values())
    if isinstance(value, (list, tuple)):
        return " ".join(map(_described, value))
    return f"{value}\n" if isinstance(value, str) else ""
