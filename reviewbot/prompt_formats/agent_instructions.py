"""Instructions, rules, skills and commands of coding agents.

Each agent reads its own files in its own way; what the agent adds of itself (its system prompt, its
tools, the words around a file) stands in no file and is not counted.
"""

import json
from collections.abc import Callable
from typing import Protocol

from msgspec import Struct

from reviewbot.documents import ListNode, MappingNode, Node, Scalar, parse_yaml
from reviewbot.errors import MeasurementError
from reviewbot.prompt import MessageTemplate, PromptFile, PromptText, RequestSetting
from reviewbot.prompt_formats._common import front_matter as _front_matter
from reviewbot.prompt_formats._common import imports as _imports
from reviewbot.prompt_formats._common.problems import wrong
from reviewbot.rendering.engines import claude_command, vscode_prompt

NAME = "agent-instructions"
TITLE = "instructions, rules, skills and commands of coding agents"
RECOGNIZED = (
    "AGENTS.md",
    "AGENTS.override.md",
    "AGENT.md",
    "CLAUDE.md",
    "CLAUDE.local.md",
    "GEMINI.md",
    "SKILL.md",
    "copilot-instructions.md",
    "*.instructions.md",
    "*.prompt.md",
    "*.chatmode.md",
    "*.agent.md",
    "*.mdc",
    ".cursorrules",
    ".windsurfrules",
    ".clinerules",
    ".claude/rules/*.md",
    ".claude/commands/*.md",
    ".claude/agents/*.md",
)
AMBIGUOUS = False
SELECTS = True

_ALIASES = {"inherit", "default", "auto", "sonnet", "opus", "haiku", "opusplan", "best"}
"""Names of models that the agent's own settings give a meaning."""


class _Language(Protocol):
    NAME: str

    def has_placeholders(self, text: str) -> bool: ...


class _Kind(Struct, frozen=True, kw_only=True):
    """How one agent reads one kind of file.

    `has_model` says whether the agent knows the key `model` in its front matter.

    `ends` are the ends of paths that show it, `folder` a part of them. `has_settings` says whether
    front matter is taken off, `listed` whether name and description are sent with every call.
    """

    ends: tuple[str, ...] = ()
    folder: str = ""
    has_settings: bool = True
    has_model: bool = True
    listed: bool = False
    imports: Callable[[str, PromptText], str] | None = None
    language: _Language | None = None
    role: str = "user"


_KINDS = (
    _Kind(
        ends=("claude.md", "claude.local.md"),
        has_settings=False,
        imports=_imports.with_claude_imports,
    ),
    _Kind(ends=("gemini.md",), has_settings=False, imports=_imports.with_gemini_imports),
    _Kind(
        ends=(
            *("agents.md", "agents.override.md", "agent.md"),
            *(".cursorrules", ".windsurfrules", ".clinerules"),
        ),
        has_settings=False,
    ),
    _Kind(ends=("skill.md",), listed=True, language=claude_command),
    _Kind(ends=(".prompt.md",), imports=_imports.with_attached_files, language=vscode_prompt),
    _Kind(ends=(".mdc",), has_model=False, imports=_imports.with_mentioned_files),
    _Kind(ends=(".instructions.md", "copilot-instructions.md"), has_model=False),
    _Kind(folder=".claude/rules/", has_model=False, imports=_imports.with_claude_imports),
    _Kind(
        folder=".claude/commands/",
        imports=_imports.with_mentioned_files,
        language=claude_command,
    ),
    _Kind(folder=".claude/agents/", role="system"),
    _Kind(folder="commands/", imports=_imports.with_mentioned_files, language=claude_command),
    _Kind(folder="agents/", role="system"),
)
"""The first that fits counts; the last two are those of Claude's plugins."""

_OTHER = _Kind()


def read(file: PromptText) -> PromptFile:
    """The text as its agent sends it; `#description` is what is sent while it is not in use."""
    kind = _kind(file.path)
    if file.selector not in {None, "body", "description"}:
        what = f"{file.selector!r} is no part of the file"
        mend = "select `#description` or `#body`, or the whole file"
        raise wrong(what, mend, path=file.path, line=1)
    settings, body, body_line = _split(file, kind)
    listing = _listing(settings)
    if file.selector == "description":
        if not listing:
            what, mend = "the file has no description", "add `description: …` to its front matter"
            raise wrong(what, mend, path=file.path, line=1)
        return PromptFile(messages=(_message(file, kind, listing, 1),))
    text = body if kind.imports is None else kind.imports(body, file)
    if kind.listed and listing and file.selector is None:
        text, body_line = f"{listing}\n{text}", max(1, body_line - 1)
    return PromptFile(
        messages=(_message(file, kind, text, body_line),),
        model=_model(settings.get("model")) if kind.has_model else None,
        settings=(*_alias(settings, file.path), *_effort(settings, file.path))
        if kind.has_model
        else (),
    )


def _alias(settings: dict[str, Node], path: str) -> tuple[RequestSetting, ...]:
    """The name that the agent's own settings make a model of, where the file gives such a one."""
    found = settings.get("model")
    if not isinstance(found, Scalar) or found.value is None or _model(found) is not None:
        return ()
    value = json.dumps(found.text)
    setting = RequestSetting(key="model", value=value, path=path, line=1, says_who_serves=True)
    return (setting,)


def _effort(settings: dict[str, Node], path: str) -> tuple[RequestSetting, ...]:
    """How much the model is told to think, which is billed as output."""
    found = settings.get("effort")
    if not isinstance(found, Scalar) or found.value is None:
        return ()
    return (RequestSetting(key="effort", value=json.dumps(found.text), path=path, line=1),)


def _kind(path: str) -> _Kind:
    lower = f"/{path.lower()}"
    name = lower.rpartition("/")[2]
    for kind in _KINDS:
        if any(name == end or (end[0] == "." and name.endswith(end)) for end in kind.ends):
            return kind
        if kind.folder and f"/{kind.folder}" in lower:
            return kind
    return _OTHER


def _message(file: PromptText, kind: _Kind, text: str, line: int) -> MessageTemplate:
    language = kind.language
    has_placeholders = language is not None and language.has_placeholders(text)
    return MessageTemplate(
        role=file.role or kind.role,
        text=text,
        engine=language.NAME if language is not None and has_placeholders else None,
        line=line,
    )


def _split(file: PromptText, kind: _Kind) -> tuple[dict[str, Node], str, int]:
    """The settings that are used, the body, and the line at which it begins.

    Agents take front matter that is no YAML (`globs: *.ts`), so each setting is read by itself.
    """
    cut = _front_matter.cut(file.text) if kind.has_settings else None
    if cut is None:
        return {}, file.text, 1
    settings: dict[str, Node] = {}
    for key in ("name", "description", "model", "effort"):
        entry = _entry(cut.settings, key)
        if entry is not None:
            settings[key] = _value(entry, key, file.path)
    return settings, cut.body, cut.body_line


def _entry(settings: str, key: str) -> str | None:
    """The lines of one key."""
    lines = settings.split("\n")
    start = next((n for n, line in enumerate(lines) if line.startswith(f"{key}:")), None)
    if start is None:
        return None
    end = start + 1
    while end < len(lines) and (not lines[end].strip() or lines[end][0] in " \t-"):
        end += 1
    return "\n".join(lines[start:end])


def _value(entry: str, key: str, path: str) -> Node:
    """What an entry says; as it is written where it is no YAML (`description: a: b`)."""
    try:
        parsed = parse_yaml(entry, file=path)
    except MeasurementError:
        parsed = Scalar(line=1, value=None, text="")
    found = parsed.get(key) if isinstance(parsed, MappingNode) else None
    written = entry.partition(":")[2].strip()
    return Scalar(line=1, value=written, text=written) if found is None else found


def _listing(settings: dict[str, Node]) -> str:
    """Name and description, as an agent lists what it may use."""
    said = [
        node.text
        for key in ("name", "description")
        if isinstance(node := settings.get(key), Scalar) and node.value is not None
    ]
    return ": ".join(text.strip() for text in said) if "description" in settings else ""


def _model(node: Node | None) -> str | None:
    """The model that the file names, `GPT-5 mini (copilot)` too; None for an alias."""
    if isinstance(node, ListNode) and node.items:
        node = node.items[0]
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return None
    name = node.value.partition(" (")[0].strip().lower().replace(" ", "-")
    return None if not name or name in _ALIASES else name
