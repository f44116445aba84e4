"""Warns of variables of samples that stand in a prompt's braces, and that its format leaves there.

Such a prompt is counted as text, with the braces, and nothing of what the variable holds.
"""

import re
from collections.abc import Iterator
from posixpath import basename

from msgspec import Struct

from reviewbot.configuration.settings import PromptReference
from reviewbot.errors import MeasurementError, Place
from reviewbot.prompts.named_variables import is_named
from reviewbot.prompts.sources import LocatedMessage
from reviewbot.report import Finding, Rule, Verdict
from reviewbot.scope.affected import Affected, Side

_NAME = r"([A-Za-z_]\w{0,99})"
_SINGLE = re.compile(rf"(?<![{{$])\{{{_NAME}(?:\}}(?!\}})|[.\[!]|:(?![ \t\r\n]))")
_DOUBLE = re.compile(
    r"\{\{[-~#^&{]?\s{0,9}(?:(?:if|each|unless|with)\s{1,9})?" + _NAME + r"[^{}]{0,99}\}\}"
)
_BLOCK = re.compile(
    r"\{%[-+]?\s{0,9}(?:if|elif|for\s{1,9}\w{1,99}\s{1,9}in)\s{1,9}(?:not\s{1,9})?" + _NAME
)
_DOLLAR = re.compile(r"\$\{" + _NAME + r"\}")
_HANDLEBARS = re.compile(r"\{\{[~]?(?:#(?:if|each|unless|with)\b|>|else\b)")
_SECTION = re.compile(r"\{\{[~]?[#^/]")

_STR_FORMAT, _DOUBLED, _STRING_TEMPLATE = "str-format", "jinja", "string-template"
_LEFT = {
    "text": (
        (_SINGLE, _STR_FORMAT),
        (_DOUBLE, _DOUBLED),
        (_BLOCK, _DOUBLED),
        (_DOLLAR, _STRING_TEMPLATE),
    ),
    "jinja": ((_SINGLE, _STR_FORMAT),),
    "mustache": ((_SINGLE, _STR_FORMAT),),
    "handlebars": ((_SINGLE, _STR_FORMAT),),
    "string-template": ((_SINGLE, _STR_FORMAT), (_DOUBLE, _DOUBLED)),
    "str-format": ((_DOUBLE, _DOUBLED),),
}
"""What each format of whole files leaves as it stands, and the format that would take it."""

_MOST_NAMES = 20
_SHOWN_NAMES = 3


class Untaken(Struct, frozen=True, kw_only=True):
    """A prompt whose braces its format leaves, with the variables' `names`, and the mend.

    `shown` is how the first one stands there.
    """

    prompt: PromptReference
    line: int
    names: tuple[str, ...]
    shown: str
    mend: str


def untaken_variables(affected: Affected) -> tuple[Untaken, ...]:
    """The prompts that hold variables of the head's samples which no prompt of a workflow takes."""
    side = affected.after
    known = {name for sample in affected.proposed.samples for name in sample.variables}
    if side is None or not known or not side.source.complete:
        return ()
    prompts = {it.path: it for it in affected.settings.prompts if it.selector is None}
    found = []
    left: dict[str, str] = {}
    for message in side.source.messages:
        prompt = prompts.get(message.path)
        if prompt is None or prompt.format not in _LEFT:
            continue
        item, rest = _untaken(prompt, message, known)
        if item is not None:
            found.append(item)
            left[message.path] = rest
    if not found:
        return ()
    taken = _taken(side, left, {name for item in found for name in item.names})
    return tuple(it for it in found if taken.isdisjoint(it.names))


def untold_tags(affected: Affected) -> tuple[Place, ...]:
    """The prompts that gain tags as text, without those that are told with their variables."""
    if not affected.gained_tags:
        return ()
    told = {item.prompt.path for item in untaken_variables(affected)}
    return tuple(place for place in affected.gained_tags if place.file not in told)


def judge_untaken(affected: Affected) -> Iterator[Finding]:
    """A warning for each such prompt, at the configuration's line that names it."""
    for item in untaken_variables(affected):
        names = [f"`{name}`" for name in item.names[:_SHOWN_NAMES]]
        more = f" and {len(item.names) - len(names):,} more" if item.names[_SHOWN_NAMES:] else ""
        yield Finding(
            rule=Rule.TAGS_AS_TEXT,
            verdict=Verdict.WARN,
            text=f"{affected.name}: no prompt takes the samples' {', '.join(names)}{more}, and "
            f"line {item.line} of {basename(item.prompt.path)} has `{item.shown}`, which counts as "
            f"text; {item.mend}",
            place=item.prompt.place,
        )


def _untaken(
    prompt: PromptReference, message: LocatedMessage, known: set[str]
) -> tuple[Untaken | None, str]:
    """What a prompt's format leaves, if any of it is a variable, and the text without that."""
    text = rest = message.template.text
    first: re.Match[str] | None = None
    wanted = ""
    names: dict[str, None] = {}
    for pattern, form in _LEFT[prompt.format]:
        matches = [it for it in pattern.finditer(text) if it[1] in known]
        if matches and first is None:
            first, wanted = matches[0], form
        names |= dict.fromkeys(it[1] for it in matches)
        rest = pattern.sub("", rest)
    if first is None or len(names) > _MOST_NAMES:
        return None, text
    untaken = Untaken(
        prompt=prompt,
        line=message.template.line + text.count("\n", 0, first.start()),
        names=tuple(names),
        shown=_shown(text, first),
        mend=_mend(prompt, text, first, wanted),
    )
    return untaken, rest


def _mend(prompt: PromptReference, text: str, first: re.Match[str], wanted: str) -> str:
    """The braces to write where the format fills other ones of the text; else the format."""
    own = _OWN_FIELDS.get(prompt.format)
    if own is not None and own.search(text) and wanted in (_STR_FORMAT, _DOUBLED):
        braces = f"{{{first[1]}}}" if wanted == _DOUBLED else f"{{{{ {first[1]} }}}}"
        return f"write `{braces}` there"
    if wanted == _DOUBLED and _SECTION.search(text):
        wanted = "handlebars" if _HANDLEBARS.search(text) else "mustache"
    role = f", role: {prompt.role}" if prompt.role else ""
    return f"write the prompt as `{{path: {prompt.path}, format: {wanted}{role}}}`"


_TAG = re.compile(r"\{\{|\{%")
_OWN_FIELDS = {
    "str-format": re.compile(r"(?<!\{)\{[A-Za-z_]"),
    "jinja": _TAG,
    "mustache": _TAG,
    "handlebars": _TAG,
}
"""How what a format fills begins."""


def _shown(text: str, found: re.Match[str]) -> str:
    """The braces with what stands in them, as far as that is one short line."""
    if found[0].endswith("}"):
        return " ".join(found[0].split())
    closing = "%}" if found[0].startswith("{%") else "}"
    end = text.find(closing, found.end(), found.end() + _LONGEST_SHOWN)
    shown = text[found.start() : end + len(closing)] if end >= 0 else f"{found[0]}…"
    return " ".join(shown.split())


_LONGEST_SHOWN = 40


def _taken(side: Side, left: dict[str, str], names: set[str]) -> set[str]:
    """Those of the names that a template of the workflow may take, or a file that it includes."""
    texts = [
        left.get(message.path, message.template.text)
        for message in side.source.messages
        if message.template.engine is not None
    ]
    own = {message.path for message in side.source.messages}
    try:
        texts += [side.reader.text(path) for path in side.source.files if path not in own]
    except MeasurementError:
        return names
    return {name for name in names if any(is_named(name, text) for text in texts)}
