"""Files that instructions of coding agents import by `@path`, as each agent does it.

Sources: code.claude.com/docs/en/memory, "Import additional files"; google-gemini/gemini-cli,
packages/core/src/utils/memoryImportProcessor.ts; read in autumn 2026.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator

from reviewbot.prompt import LoadedFile, PromptText
from reviewbot.prompt_formats._common import markdown as _markdown

_MENTION = re.compile(r"(?<!\S)@(\S{1,4096})")
_ESCAPED_MENTION = re.compile(r"(?<!\S)@((?:\\ |\S){1,4096})")
"""Claude's, in which a blank of a name stands behind a backslash."""
_FILE = re.compile(r"(?<!\S)#file:(\S{1,4096})")
_BEHIND = ".,;:!?)]}'\"*_"
_CLAUDE_HOPS = 4
_GEMINI_HOPS = 5


def with_claude_imports(text: str, file: PromptText) -> str:
    """`text`, then each file that it imports, once, with what that imports.

    The names stay where they are. Comments that begin a line are not sent.
    """
    found: dict[str, str] = {}

    def follow(text: str, path: str, hops: int) -> None:
        for name in _mentioned(text, _ESCAPED_MENTION) if hops < _CLAUDE_HOPS else ():
            loaded = _first(name, path, file)
            if loaded is not None and loaded.path not in found and loaded.path != file.path:
                found[loaded.path] = _markdown.without_comments(loaded.text)
                follow(found[loaded.path], loaded.path, hops + 1)

    text = _markdown.without_comments(text)
    follow(text, file.path, 0)
    return _joined(text, found.values())


def with_gemini_imports(text: str, file: PromptText) -> str:
    """`text` with each file in the place where it is imported, as Gemini CLI puts it in."""

    def expanded(text: str, path: str, chain: frozenset[str]) -> str:
        if len(chain) >= _GEMINI_HOPS:
            return text
        code = _markdown.between_backticks(text)
        parts, done = [], 0
        for found in _MENTION.finditer(text):
            name = found[1]
            if found.start() in code or not (name[0] in "./" or name[0].isalpha()):
                continue
            loaded = _load(name, path, file)
            if loaded is None:
                continue
            said = f"<!-- File already processed: {name} -->"
            if loaded.path not in chain:
                inner = expanded(loaded.text, loaded.path, chain | {loaded.path})
                said = (
                    f"<!-- Imported from: {name} -->\n{inner}\n<!-- End of import from: {name} -->"
                )
            parts += [text[done : found.start()], said]
            done = found.end()
        return "".join([*parts, text[done:]])

    return expanded(text, file.path, frozenset())


def with_mentioned_files(text: str, file: PromptText) -> str:
    """`text`, then each file of the repository that it mentions by `@path`, once."""
    return _with_named(text, _ESCAPED_MENTION, file)


def with_attached_files(text: str, file: PromptText) -> str:
    """`text`, then each file of the repository that it attaches by `#file:path`, once."""
    return _with_named(text, _FILE, file)


def _with_named(text: str, pattern: re.Pattern[str], file: PromptText) -> str:
    found: dict[str, str] = {}
    for name in _mentioned(text, pattern):
        loaded = _first(name, "", file) or _first(name, file.path, file)
        if loaded is not None and loaded.path != file.path:
            found.setdefault(loaded.path, loaded.text)
    return _joined(text, found.values())


def _mentioned(text: str, pattern: re.Pattern[str]) -> Iterator[str]:
    code = _markdown.code(text)
    names = dict.fromkeys(found[1] for found in pattern.finditer(text) if found.start() not in code)
    yield from names


def _first(name: str, path: str, file: PromptText) -> LoadedFile | None:
    """The file of that name, or of the name without the signs that end a sentence."""
    name = name.replace("\\ ", " ")
    return _load(name, path, file) or _load(name.rstrip(_BEHIND), path, file)


def _load(name: str, path: str, file: PromptText) -> LoadedFile | None:
    """The file that a name means beside the file at `path`; None if none in the repository."""
    if not name or name.startswith(("/", "~")) or "\0" in name:
        return None
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
    return None if target.startswith("..") else file.surroundings.load(target, "")


def _joined(text: str, more: Iterable[str]) -> str:
    """Texts one behind the other, each beginning a line."""
    for inner in more:
        text += inner if not text or text.endswith("\n") else f"\n{inner}"
    return text
