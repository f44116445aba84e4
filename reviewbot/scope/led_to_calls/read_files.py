"""Files of text and settings that a change makes longer, and the Python that reads them."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

from msgspec import Struct

from reviewbot import prompt_formats
from reviewbot.errors import MeasurementError
from reviewbot.prompts.models_in_code.statements import Statement
from reviewbot.repository.changed_files import Change
from reviewbot.repository.revisions import Comparison
from reviewbot.repository.trees import Tree, decode
from reviewbot.scope.led_to_calls.python_files import PythonFile, PythonFiles
from reviewbot.scope.not_covered import Unsearched

_ENDINGS: Final = (".md", ".txt", ".j2", ".jinja", ".jinja2", ".prompt", ".xml", ".tmpl", ".tpl")
_DATA: Final = (".json", ".yaml", ".yml", ".toml")
_SETTINGS = re.compile(r"(?:\A|/)\.?env(?:\.[\w.-]{1,40})?\Z|\.(?:env|ini|cfg|properties)\Z")
_SETTING = re.compile(
    r"^[ \t]{0,40}(?:export[ \t])?([A-Za-z_][\w.-]{0,99})[ \t]{0,9}=([^\n]{0,20000})", re.MULTILINE
)
_WHOLE = re.compile(
    r"\b(?:glob|rglob|iglob|iterdir|listdir|scandir|walk|FileSystemLoader|PackageLoader"
    r"|DirectoryLoader|SimpleDirectoryReader|files)\s{0,3}\("
)
_FILLED = re.compile(r"\{[^{}]{0,100}\}|%s|\*{1,2}")
_FOR_READERS = re.compile(
    r"(?:\A|/)(?:docs?|documentation)/|(?:\A|/)(?:README|CHANGELOG|LICENSE|CONTRIBUTING)[^/]{0,40}\Z"
    r"|(?:\A|/)(?:package(?:-lock)?\.json|tsconfig[^/]{0,40}|pyproject\.toml)\Z",
    re.IGNORECASE,
)
"""Documentation, of which pages are made, and what tools are set up by."""

_SENTENCE = re.compile(r"(?:[A-Za-z]{1,30}[,;:.]? ){3}[A-Za-z]{1,30}")
_NUMBER = re.compile(r"\d[\d_]{0,12}\Z")
_MOST_FILES = 100
_LONGEST_NAME = 200


class Longer(Struct, frozen=True):
    """A file says so many characters `more`, by a `key` of it where it has any, at a `line`.

    Where the key has a number that is larger now, that is what `was` and is `now`.
    """

    path: str
    line: int
    more: int = 0
    key: str = ""
    was: str = ""
    now: str = ""


def unread_texts(comparison: Comparison) -> Iterator[Unsearched]:
    """The files of a change that are too many to be held against what they said before."""
    if left := len(_changed(comparison)[_MOST_FILES:]):
        what = f"{left:,} more file{'s' if left > 1 else ''} of text and settings"
        why = f"which code reads them is looked for of {_MOST_FILES} changed files"
        yield Unsearched(what=what, why=why)


def _changed(comparison: Comparison) -> list[Change]:
    return [one for one in comparison.changes if one.after is not None and _is_text(one.after)]


def longer_files(comparison: Comparison, most: int) -> Iterator[Longer]:
    """The files of text and settings that say more than before; of very many the first ones."""
    for one in _changed(comparison)[:_MOST_FILES]:
        assert one.after is not None
        now = _read(comparison.after_tree, one.after)
        was = _read(comparison.before_tree, one.before) if one.before else ""
        if _SETTINGS.search(one.after):
            yield from _settings(one.after, was, now, most)
        elif (more := _size(one.after, now) - _size(one.after, was)) > most:
            yield Longer(path=one.after, line=1, more=more)


def _is_text(path: str) -> bool:
    if prompt_formats.of_source(path) is not None or _FOR_READERS.search(path):
        return False
    return path.lower().endswith((*_ENDINGS, *_DATA)) or _SETTINGS.search(path) is not None


def _size(path: str, text: str) -> int:
    """The characters that are said to anybody: of a file of data those of lines with sentences."""
    if not path.lower().endswith(_DATA):
        return len(text)
    return sum(len(line) for line in text.split("\n") if _SENTENCE.search(line))


def _read(tree: Tree, path: str) -> str:
    for data in tree.read([path]).values():
        if isinstance(data, bytes):
            try:
                return decode(data, path)
            except MeasurementError:
                return ""
    return ""


def _settings(path: str, was: str, now: str, most: int) -> Iterator[Longer]:
    old = {one[1]: one[2].strip().strip("\"'") for one in _SETTING.finditer(was)}
    for one in _SETTING.finditer(now):
        key, value = one[1], one[2].strip().strip("\"'")
        line = now.count("\n", 0, one.start()) + 1
        before = old.get(key, "")
        if _NUMBER.match(value) and _NUMBER.match(before) and int(value) > int(before):
            yield Longer(path=path, line=line, key=key, was=before, now=value)
        elif len(value) - len(before) > most:
            yield Longer(path=path, line=line, key=key, more=len(value) - len(before))


def readers_of(item: Longer, files: PythonFiles) -> Iterator[tuple[PythonFile, list[Statement]]]:
    """The statements that name a file, or the folder that they read whole, or a key."""
    if item.key:
        for file in files.with_word(item.key):
            said = file.using_text(item.key)
            if said:
                yield file, said
        return
    folder, _, name = item.path.rpartition("/")
    around = folder.rpartition("/")[2]
    for file in files.every.values():
        if name in file.text or (around and around in file.text):
            found = [it for it in file.source.statements if _names(it, file, item.path)]
            if found:
                yield file, found


def _names(statement: Statement, file: PythonFile, path: str) -> bool:
    folder, _, name = path.rpartition("/")
    around = folder.rpartition("/")[2]
    for one in statement.literals:
        said = one.said.removeprefix("./").replace("\\", "/")
        if not said or len(said) > _LONGEST_NAME or "\n" in said:
            continue
        if said in {name, path} or path.endswith(f"/{said}"):
            return True
        if _FILLED.search(said):
            pattern = _FILLED.sub("*", said.replace("[", "[[]").replace("?", "[?]"))
            is_near = "/" in pattern or any(
                around in it.said.split("/") for it in file.source.literals
            )
            says_one = any(map(str.isalnum, pattern))
            if says_one and is_near and fnmatchcase(f"/{path}", f"*/{pattern}"):
                return True
        is_folder = bool(around) and (said == around or said.rstrip("/").endswith(f"/{around}"))
        if is_folder and _WHOLE.search(file.source.masked):
            return True
    return False


def importers_of(
    file: PythonFile, files: PythonFiles
) -> Iterator[tuple[PythonFile, list[Statement]]]:
    """The statements that import a module by a name which they compute."""
    dotted = file.path.removesuffix(".py").replace("/", ".")
    for other in files.with_word("import_module"):
        found = [
            item
            for item in other.using.get("import_module", ())
            for one in item.literals
            if _FILLED.search(one.said) and _matches(dotted, one.said)
        ]
        if found:
            yield other, found


def _matches(dotted: str, said: str) -> bool:
    pattern = _FILLED.sub("*", said.lstrip("."))
    return any(map(str.isalnum, pattern)) and fnmatchcase(f".{dotted}", f"*.{pattern}")
