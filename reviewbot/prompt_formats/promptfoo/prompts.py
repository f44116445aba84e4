"""The prompts that a promptfoo configuration lists, as they stand in it or in files beside it."""

import csv
import posixpath
import re
from collections.abc import Iterator

from msgspec import Struct

from reviewbot.documents import ListNode, MappingNode, Node, Scalar
from reviewbot.prompt import LoadedFile, PromptText
from reviewbot.prompt_formats._common.problems import wrong

_CODE = (".js", ".cjs", ".mjs", ".ts", ".cts", ".mts", ".py")
_PROGRAMS = (".sh", ".bash", ".exe", ".bat", ".cmd", ".ps1", ".rb", ".pl")
_TEXTS = (".txt", ".md", ".j2", ".json", ".jsonl", ".yaml", ".yml", ".csv")
_REMOTE = ("portkey://", "langfuse://", "helicone://", "http://", "https://", "package:")
_SEPARATOR = "---"


class Alternative(Struct, frozen=True, kw_only=True):
    """One prompt of the list: its text, and the file and the line at which that begins.

    `path` is that of the configuration unless the prompt stands in a file of its own.
    """

    text: str
    path: str
    line: int
    is_file: bool = False


class Listed(Struct, frozen=True, kw_only=True):
    """An entry of `prompts`, which may be a file of several."""

    raw: str
    line: int
    label: str | None = None
    identity: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What a selector may call the entry: its label, its identity, its file."""
        file = self.raw.removeprefix("file://") if is_path(self.raw) else None
        return tuple(name for name in (self.label, self.identity, file) if name)

    @property
    def is_code(self) -> bool:
        """Whether the prompt is a program's answer."""
        ends = self.raw.lower().rpartition(":")[0], self.raw.lower()
        return is_path(self.raw) and any(end.endswith(_CODE + _PROGRAMS) for end in ends)

    def alternatives(self, file: PromptText) -> tuple[Alternative, ...]:
        """The prompts of the entry.

        Raises:
            MeasurementError: It is code, a remote prompt, or a file that is not there.
        """
        if not is_path(self.raw):
            return (Alternative(text=self.raw, path=file.path, line=self.line),)
        name = self.raw.removeprefix("file://")
        self._refuse_code(name, file)
        loaded = file.surroundings.load(name, file.path)
        if loaded is None:
            what = f"there is no file {name!r}"
            mend = "correct its name; a text that holds `/` or ends like a file is taken for one"
            raise wrong(what, mend, path=file.path, line=self.line)
        return tuple(
            Alternative(text=text, path=loaded.path, line=line, is_file=True)
            for text, line in _prompts(loaded)
        )

    def _refuse_code(self, name: str, file: PromptText) -> None:
        mend = "write the prompt as a text, or leave it out of the workflows"
        if self.is_code:
            what = f"the prompt {name!r} is code, which is never run"
            raise wrong(what, mend, path=file.path, line=self.line)
        if any(mark in name for mark in "*?[{") or not name.lower().endswith(_TEXTS):
            what = f"{name!r} names no file of a kind that can be read"
            mend = f"name one file that ends in one of {', '.join(_TEXTS)}"
            raise wrong(what, mend, path=file.path, line=self.line)


def listed(node: Node | None, file: PromptText) -> list[Listed]:
    """The entries of `prompts`.

    Raises:
        MeasurementError: There are none, or one is no prompt.
    """
    found: list[Listed] = []
    if isinstance(node, Scalar) and isinstance(node.value, str):
        found = [_entry(node, file)]
    elif isinstance(node, ListNode):
        found = [_entry(item, file) for item in node.items]
    elif isinstance(node, MappingNode):
        found = [
            Listed(raw=entry.key, line=entry.key_line, label=_text(entry.value))
            for entry in node.entries
        ]
    if not found:
        what = "there are no `prompts`"
        mend = "list them: `prompts: [file://prompt.txt]`"
        raise wrong(what, mend, path=file.path, line=1 if node is None else node.line)
    return found


def _entry(node: Node, file: PromptText) -> Listed:
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return _refused(Listed(raw=node.value, line=node.line), file)
    raw = node.get("raw") or node.get("id") if isinstance(node, MappingNode) else None
    if not isinstance(node, MappingNode) or not isinstance(raw, Scalar):
        what = "this is no prompt"
        raise wrong(what, "write a text, or `{id: …, raw: …}`", path=file.path, line=node.line)
    for key in ("function", "prefix", "suffix"):
        if node.get(key) is not None:
            what = f"`{key}` of a prompt cannot be measured"
            raise wrong(what, "write it into the text", path=file.path, line=node.line)
    entry = Listed(
        raw=raw.text,
        line=raw.line,
        label=_text(node.get("label")),
        identity=_text(node.get("id")),
    )
    return _refused(entry, file)


def _refused(entry: Listed, file: PromptText) -> Listed:
    if entry.raw.startswith((*_REMOTE, "exec:")):
        what = f"the prompt {entry.raw[:60]!r} is not in the repository, or is a program"
        mend = "write the prompt as a text or a file"
        raise wrong(what, mend, path=file.path, line=entry.line)
    return entry


def is_path(raw: str) -> bool:
    """Whether promptfoo takes a text for the name of a file."""
    if "\n" in raw:
        return False
    pieces = raw.split(":")[-2:]
    return (
        raw.startswith("file://")
        or any(piece.endswith(_CODE + _TEXTS[:-1]) for piece in pieces)
        or raw[-3:-2] == "."
        or raw[-4:-3] == "."
        or any(mark in raw for mark in "*/\\")
    )


def _text(node: Node | None) -> str | None:
    return node.text if isinstance(node, Scalar) and node.value is not None else None


def _prompts(loaded: LoadedFile) -> Iterator[tuple[str, int]]:
    """The prompts of a file, each with its line."""
    ending = posixpath.splitext(loaded.path)[1].lower()
    if ending == ".txt":
        yield from _separated(loaded.text)
    elif ending == ".jsonl":
        for number, line in enumerate(re.split(r"\r?\n", loaded.text), 1):
            if line:
                yield line, number
    elif ending == ".csv":
        yield from _rows(loaded)
    else:
        yield loaded.text, 1


def _separated(text: str) -> Iterator[tuple[str, int]]:
    waiting: list[str] = []
    begun = 1
    for number, line in enumerate([*re.split(r"\r?\n", text), _SEPARATOR], 1):
        if line.strip() != _SEPARATOR:
            waiting.append(line)
            continue
        joined = "\n".join(waiting)
        prompt = joined.strip()
        if prompt:
            yield prompt, begun + joined[: joined.index(prompt[0])].count("\n")
        waiting, begun = [], number + 1


def _rows(loaded: LoadedFile) -> Iterator[tuple[str, int]]:
    """The prompts of a CSV file: each line, or the column `prompt` where there are several."""
    text = loaded.text.removeprefix("\ufeff")
    if "," not in text:
        lines = [(line, number) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
        skipped = 1 if lines and lines[0][0].strip().lower() == "prompt" else 0
        yield from lines[skipped:]
        return
    reader = csv.DictReader(text.splitlines(keepends=True), skipinitialspace=True)
    end = 1
    try:
        for row in reader:
            begin, end = end + 1, reader.line_num
            prompt = (row.get("prompt") or "").strip()
            if prompt:
                yield prompt, begin
    except csv.Error as error:
        what = f"this is no CSV: {error}"
        raise wrong(what, "correct it", path=loaded.path, line=end) from error
