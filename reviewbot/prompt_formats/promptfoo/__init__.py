"""Promptfoo configurations: each of the prompts that one lists is a prompt of its own."""

import json
import posixpath

from msgspec.structs import replace

from reviewbot.documents import ListNode, MappingNode, Node, Scalar, parse_json, parse_yaml
from reviewbot.errors import MeasurementError, NoSuchPromptError
from reviewbot.prompt import CallParameters, Discovered, MessageTemplate, PromptFile, PromptText
from reviewbot.prompt_formats._common.lines import stands_in_lines
from reviewbot.prompt_formats._common.problems import refuse_role, wrong
from reviewbot.prompt_formats.promptfoo.prompts import Alternative, Listed, listed
from reviewbot.prompt_formats.promptfoo.providers import read_provider
from reviewbot.prompt_formats.promptfoo.samples import read_samples
from reviewbot.rendering.engines import promptfoo as engine

NAME = "promptfoo"
TITLE = "promptfoo configurations"
RECOGNIZED = (
    "promptfooconfig.yaml",
    "promptfooconfig.yml",
    "promptfooconfig.json",
)
AMBIGUOUS = False
SELECTS = True
SEARCHED = RECOGNIZED

_NAMES_SHOWN = 10
_MESSAGE_KEYS = {"role", "content", "name"}


def read(file: PromptText) -> PromptFile:
    """The selected prompt, with model, output cap and tools of the provider if there is one."""
    refuse_role(file)
    parse = parse_json if file.path.lower().endswith(".json") else parse_yaml
    root = parse(file.text, file=file.path)
    if not isinstance(root, MappingNode):
        mend = "write `prompts`, `providers` and `tests`"
        raise wrong("this is no configuration", mend, path=file.path, line=root.line)
    chosen = _chosen(listed(root.get("prompts"), file), file)
    provider = read_provider(root.get("providers") or root.get("targets"), file)
    return PromptFile(
        messages=(*provider.instructions, *_messages(chosen, file)),
        tools=provider.tools,
        model=provider.model,
        max_tokens=provider.max_tokens,
        response_schema=provider.response_schema,
        answers=provider.answers,
        settings=provider.settings,
        parameters=CallParameters(features=provider.features),
        samples=read_samples(root, file),
    )


def discover(file: PromptText) -> tuple[Discovered, ...]:
    """The prompts by their names; by position where they have none, as far as that is known."""
    parse = parse_json if file.path.lower().endswith(".json") else parse_yaml
    try:
        root = parse(file.text, file=file.path)
        entries = listed(root.get("prompts") if isinstance(root, MappingNode) else None, file)
    except MeasurementError:
        return ()
    found: list[Discovered] = []
    position: int | None = 0
    for entry in entries:
        count = _count(entry, file)
        if count is not None and count > 1 and position is not None:
            stem = _workflow(next(iter(entry.names), "prompt"))
            found += [
                Discovered(selector=str(number), format=NAME, workflow=f"{stem} {number}")
                for number in range(position, position + count)
            ]
        elif not entry.is_code:
            name = next(iter(entry.names), None if position is None else str(position))
            selector = name if len(entries) > 1 else None
            if name is not None:
                found.append(Discovered(selector=selector, format=NAME, workflow=_workflow(name)))
        position = None if position is None or count is None else position + count
    return tuple(found)


def _count(entry: Listed, file: PromptText) -> int | None:
    """How many prompts an entry stands for; None where its file cannot be read."""
    try:
        return len(entry.alternatives(file))
    except MeasurementError:
        return None


def _workflow(name: str) -> str:
    """What a prompt's workflow may be called: after its file, or after its name."""
    stem = posixpath.splitext(posixpath.basename(name))[0]
    return f"prompt {stem}" if stem.isdecimal() else stem


def _chosen(entries: list[Listed], file: PromptText) -> Alternative:
    """The prompt that the selector names: by label, identity, file or position, from 0."""
    selector = file.selector
    if selector is None:
        found = entries[0].alternatives(file) if len(entries) == 1 else ()
        names = [next(iter(entry.names), str(n)) for n, entry in enumerate(entries)]
        return _one(found, names if len(entries) > 1 else [str(n) for n in range(len(found))], file)
    named = [entry for entry in entries if selector in entry.names]
    found = tuple(item for entry in named for item in entry.alternatives(file))
    if not named and selector.isdecimal():
        every = (item for entry in entries for item in entry.alternatives(file))
        found = tuple(item for position, item in enumerate(every) if str(position) == selector)
    return _one(found, [next(iter(e.names), str(n)) for n, e in enumerate(entries)], file)


def _one(found: tuple[Alternative, ...], names: list[str], file: PromptText) -> Alternative:
    if len(found) == 1:
        return found[0]
    error = _undecided(file.selector, names, file)
    raise error if found or file.selector is None else NoSuchPromptError(error.problems)


def _undecided(selector: str | None, names: list[str], file: PromptText) -> MeasurementError:
    shown = ", ".join(f"`#{name[:60]}`" for name in names[:_NAMES_SHOWN])
    what = (
        "the file holds several prompts"
        if selector is None
        else f"the file holds no prompt {selector[:60]!r}, or several"
    )
    mend = f"add one of {shown} to the path"
    return wrong(what, mend, path=file.path, line=1)


def _messages(chosen: Alternative, file: PromptText) -> tuple[MessageTemplate, ...]:
    """The messages of a list of them; of any other text, what its rendering holds."""
    found = _listed_messages(chosen)
    if found is None:
        whole = MessageTemplate(role="user", text=chosen.text, line=1)
        return (_template(chosen, file, whole, is_message=False),)
    return tuple(_template(chosen, file, item, is_message=True) for item in found)


def _template(
    chosen: Alternative, file: PromptText, message: MessageTemplate, *, is_message: bool
) -> MessageTemplate:
    """A template of the engine, which counts lines in other files than the configuration itself."""
    is_here = chosen.path == file.path
    line = chosen.line + message.line - 1
    if is_here:
        is_in_lines = stands_in_lines(message.text, file.text, line)
    else:
        is_in_lines = stands_in_lines(message.text, chosen.text, message.line)
    given = {
        "template": message.text,
        "path": chosen.path,
        "line": 1 if is_here else line,
        "is_in_lines": is_in_lines,
        "is_message": is_message,
    }
    return replace(message, text=json.dumps(given), engine=engine.NAME, line=line if is_here else 1)


def _listed_messages(chosen: Alternative) -> tuple[MessageTemplate, ...] | None:
    """The messages of a text that is a JSON list of them, or of a YAML file; None of others.

    Raises:
        MeasurementError: It is data, but no list of messages with texts.
    """
    is_yaml = chosen.is_file and chosen.path.lower().endswith((".yaml", ".yml"))
    if not is_yaml and not chosen.text.lstrip().startswith(("[", "{")):
        return None
    parse = parse_yaml if is_yaml else parse_json
    try:
        node = parse(_lines_before(chosen) + chosen.text, file=chosen.path)
    except MeasurementError as error:
        (problem,) = error.problems
        if not is_yaml and problem.what.startswith("this is not JSON"):
            return None
        raise
    if not isinstance(node, ListNode):
        raise _no_messages(chosen, node.line)
    return tuple(_message(item, chosen) for item in node.items)


def _lines_before(chosen: Alternative) -> str:
    """Empty lines, so that the lines of problems are those of the file."""
    return "\n" * (chosen.line - 1)


def _message(node: Node, chosen: Alternative) -> MessageTemplate:
    role = node.get("role") if isinstance(node, MappingNode) else None
    content = node.get("content") if isinstance(node, MappingNode) else None
    name = node.get("name") if isinstance(node, MappingNode) else None
    texts = [_part(item) for item in content.items] if isinstance(content, ListNode) else [content]
    is_known = isinstance(node, MappingNode) and {e.key for e in node.entries} <= _MESSAGE_KEYS
    if not is_known or not _is_text(role) or not texts or not all(map(_is_text, texts)):
        raise _no_messages(chosen, node.line)
    said = "".join(text.text for text in texts if isinstance(text, Scalar))
    if not isinstance(role, Scalar) or "{" in role.text or said.startswith("file://"):
        raise _no_messages(chosen, node.line)
    line = content.line if isinstance(content, Scalar) else node.line
    return MessageTemplate(
        role=role.text,
        text=said,
        line=line - chosen.line + 1,
        name=name.text if isinstance(name, Scalar) else None,
    )


def _is_text(node: Node | None) -> bool:
    return isinstance(node, Scalar) and isinstance(node.value, str)


def _part(node: Node) -> Node | None:
    """The text of a part of a message; None of an image."""
    return node.get("text") if isinstance(node, MappingNode) else None


def _no_messages(chosen: Alternative, line: int) -> MeasurementError:
    what = "the prompt is data, but no list of messages with roles and texts"
    mend = 'write it like `[{"role": "user", "content": …}]`; images cannot be counted'
    return wrong(what, mend, path=chosen.path, line=line)
