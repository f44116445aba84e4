"""The shape of a workflow and its prompts."""

import re
from typing import Any

from reviewbot import prompt_formats
from reviewbot.configuration.kinds import (
    At,
    Choice,
    Field,
    ListOf,
    OneOf,
    RejectedError,
    Schema,
    Section,
)
from reviewbot.configuration.meant_values import typed
from reviewbot.configuration.settings import (
    Complexity,
    Guess,
    PromptReference,
    Workflow,
)
from reviewbot.configuration.shape import scalars
from reviewbot.configuration.shape.envelope import ENVELOPE, TRAFFIC
from reviewbot.configuration.shape.samples import SAMPLES
from reviewbot.configuration.shape.templates import TEMPLATES
from reviewbot.configuration.shape.tools import SELECTED, Tools, ToolsPath
from reviewbot.documents import MappingNode, Node, Scalar
from reviewbot.errors import Place, Problem

_OTHER_SELECTOR = re.compile(
    r"(?:(?P<file>[\w./-]{1,200}\.(?:py|[cm]?[jt]sx?)):{1,2}|(?P<module>[\w.]{1,200})[:#])"
    r"(?P<name>[\w.]{1,200})"
)
"""`bot.py:SYSTEM`, and `app.bot#SYSTEM` for a module, which other tools take."""

_OF_DATA = re.compile(
    r"(?P<file>[^#:]{1,4096}\.(?:ya?ml|json|toml))(?:(?:#|:{1,2})(?P<key>.{1,4096}))?",
    re.IGNORECASE,
)
"""A file of data, and what is meant in it if that is said."""

_WITH_ROLE = re.compile(
    r"([^\s,]{1,400})[ ,]{1,3}\(?(system|developer|user|assistant)\)?", re.IGNORECASE
)
_NO_TEXT = re.compile("[\ud800-\udfff]")
"""What stands in a path for bytes that are no UTF-8."""


class UnknownFormat(Problem, frozen=True, kw_only=True):
    """A prompt of which the `path` does not tell the format; it may be a folder."""

    path: str


def _prompt(
    at: At, line: int, *, path: str, role: str | None = None, **named: tuple[str, Place]
) -> PromptReference:
    written, selector = path, None
    if selected := SELECTED.fullmatch(path):
        path, selector = selected["path"], selected["selector"]
    format_name, format_place = named.get("format", (None, None))
    if path.lower().endswith((".md", ".mdc")) and not _is_of_parts(path, format_name):
        path, selector = written, None
    if format_name is None and selector is not None:
        format_name = prompt_formats.of_source(path)
    if format_name is None:
        recognized = prompt_formats.recognize(path)
        if recognized is None:
            what = f"the name {written!r} does not tell the prompt's format"
            mend, place = _how_to_name(written), at.place(line)
            at.problems.append(UnknownFormat(what=what, mend=mend, place=place, path=written))
            raise RejectedError
        format_name = recognized.NAME
    return PromptReference(
        path=path,
        selector=selector,
        format=format_name,
        format_place=format_place,
        role=role,
        place=at.place(line),
    )


def _how_to_name(path: str) -> str:
    """What is missing of a path whose name does not tell the format."""
    if prompt_formats.of_source(path) is not None:
        return f"say which prompt in it is meant: `{path}#NAME`, as `reviewbot init` does"
    formats = ", ".join(prompt_formats.names())
    if found := _OF_DATA.fullmatch(path):
        named = typed(f"{found['file']}#{found['key'] or 'KEY'}")
        return (
            "say which text in it is meant, and its format:"
            f" `{{path: {named}, format: …}}` with one of {formats}"
        )
    whole, _, _ = path.partition("#")
    if whole != path and prompt_formats.recognize(whole) is not None:
        return f"write `{typed(whole)}`: a file of this format is one prompt"
    if found := _WITH_ROLE.fullmatch(path):
        return f"write `{{path: {typed(found[1])}, role: {found[2].lower()}}}`"
    if found := _OTHER_SELECTOR.fullmatch(path):
        return (
            f"write `{found['file'] or found['module'].replace('.', '/') + '.py'}#{found['name']}`"
        )
    folder = "" if "." in path.rpartition("/")[2] else "name the files, if it is a folder; else "
    return f"{folder}give its format: `{{path: {typed(path)}, format: …}}` with one of {formats}"


def _is_of_parts(path: str, format_name: str | None) -> bool:
    """Whether this Markdown file can hold several prompts, so that a selector makes sense."""
    found = prompt_formats.by_name(format_name) if format_name else prompt_formats.recognize(path)
    return found is not None and prompt_formats.selects(found)


def reference(path: str, selector: str | None) -> str | None:
    """How a prompt is named in the configuration; None where it cannot be."""
    written = path if selector is None else f"{path}#{selector}"
    found = SELECTED.fullmatch(written)
    is_meant = (found["path"], found["selector"]) == (path, selector) if found else not selector
    is_path = scalars.PATH.matches(written) and not _NO_TEXT.search(written)
    return written if is_meant and is_path else None


class _PromptPath:
    """A prompt given by its path alone."""

    def read(self, node: Node, at: At) -> PromptReference:
        return _prompt(at, node.line, path=scalars.PATH.read(node, at))

    def schema(self) -> Schema:
        return scalars.PATH.schema()


_ROLES = ("system", "developer", "user", "assistant")


class _Prompt(Section[PromptReference]):
    """A prompt with its role; roles that stand as keys are told in one message."""

    def read(self, node: Node, at: At) -> PromptReference:
        entries = node.entries if isinstance(node, MappingNode) else ()
        texts = {it.key: it.value.text for it in entries if isinstance(it.value, Scalar)}
        are_roles = all(key in _ROLES and scalars.PATH.matches(texts[key]) for key in texts)
        if not texts or len(texts) != len(entries) or not are_roles:
            return super().read(node, at)
        meant = [f"{{path: {typed(path)}, role: {role}}}" for role, path in texts.items()]
        shown = meant[0] if len(meant) == 1 else f"[{', '.join(meant)}]"
        place = at.into(entries[0].key)
        raise place.reject(entries[0].key_line, "the role stands as a key", f"write `{shown}`")


class _Format:
    """The name of a format, and where it stands."""

    _names = Choice(prompt_formats.names)

    def read(self, node: Node, at: At) -> tuple[str, Place]:
        return self._names.read(node, at), at.place(node.line)

    def schema(self) -> Schema:
        return self._names.schema()


_PROMPT = OneOf(
    _PromptPath(),
    _Prompt(
        _prompt,
        {
            "path": Field(
                scalars.PATH,
                "the file, counted from the repository's root; behind `#` what is meant in it",
                required=True,
            ),
            "role": Field(Choice(lambda: _ROLES), "the message's role"),
            "format": Field(_Format(), "the file's format, where its name does not tell"),
        },
    ),
)


def _workflow(at: At, line: int, **values: Any) -> Workflow:
    if "complexity" in values:
        values["complexity"] = Complexity(values["complexity"])
    values["assumed"] = tuple(map(Guess, values.get("assumed", ())))
    return Workflow(
        name="",
        place=at.place(line),
        traffic=values.pop("traffic", ()),
        **values,
    )


def _encodings() -> tuple[str, ...]:
    from reviewbot.tokens.vocabularies import ENCODINGS

    return ENCODINGS


WORKFLOW = Section(
    _workflow,
    {
        "prompts": Field(
            ListOf(_PROMPT, or_one=True, at_least=1),
            "the prompts of one call, in order",
            required=True,
        ),
        "model": Field(scalars.MODEL, "provider and model, openai/gpt-4.1"),
        "encoding": Field(
            Choice(_encodings),
            "the encoding that stands in for a model whose own is not known",
        ),
        "counts_as": Field(
            scalars.MODEL,
            "the model behind a name that does not tell it, such as a deployment's",
        ),
        "max_tokens": Field(scalars.POSITIVE_TOKENS, "the cap on output tokens that the call sets"),
        "tools": Field(
            Tools(ToolsPath(), or_one=True, at_least=1),
            "files of tool definitions, or source that defines tools, in order",
        ),
        "samples": Field(SAMPLES, "sample variables, files or inline"),
        "traffic": Field(TRAFFIC, "the streams of calls, {calls: 1_000/month, output_tokens: 200}"),
        "envelope": Field(ENVELOPE, "the workflow's limits"),
        "feature": Field(scalars.NAME, "the product feature it belongs to"),
        "owner": Field(scalars.APPROVER, "the team that owns it"),
        "complexity": Field(Choice(lambda: [*Complexity]), "how much model it deserves"),
        "templates": Field(TEMPLATES, "how its templates are read, and stubs for their code"),
        "assumed": Field(
            ListOf(Choice(lambda: [*Guess])),
            "its settings that are guesses; correcting one needs no approval",
        ),
    },
)
