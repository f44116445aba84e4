"""The texts of a data file that its keys, or its own name, say to be prompts."""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.prompt import PromptText
from reviewbot.prompt_formats._common import prompt_names
from reviewbot.prompts import entries
from reviewbot.prompts.conversations import Part, parts

LIKELY_KEY = re.compile(r"(?i)prompt|template|instruction|system_?message|persona")
"""Names of keys under which prompts stand."""

NO_PROMPT = re.compile(
    r"(?i)(?:^|[_.-])(?:log|error|err|warn|warning|exception|status|debug|info|commit|help|usage)"
    r"_?(?:messages?|msg|template|text)$"
)
"""Names, of all that speak of messages, of those to people."""

_SECRET = re.compile(
    r"(?i)(?:^|[^a-z])(?:secrets?|passwords?|passwd|tokens?|credentials?|private_?key|api_?key)"
    r"(?:$|[^a-z])|secrets?_|(?:private|secret|access|api)_?key"
)
_TOLD_OF_PROMPTS = {
    *("description", "descriptions", "title", "label", "labels", "summary", "help", "hint", "note"),
    *("notes", "comment", "comments", "tooltip", "placeholder", "error", "url", "path", "author"),
    *("license", "name", "id", "type", "key", "model", "version", "temperature", "expected"),
}
"""Last words of keys under a prompt whose texts are for people."""

_SCHEMAS = {"properties", "schemas", "definitions", "$defs", "paths", "parameters", "inputs"}
"""Keys of schemas and interfaces, which describe what they name."""

_NO_PROSE = {
    *("run", "script", "scripts", "command", "cmd", "sql", "query", "entrypoint", "args", "code"),
    *("html", "css", "regex", "pattern", "url", "if", "env", "data", "body"),
}
_COMMANDS = {"run", "script", "command", "cmd", "entrypoint", "regex", "pattern", "matcher"}
"""Last words of keys under one that says prompt whose texts a machine gets: a hook's command."""

_SYSTEM, _USER = {"system", "system_prompt", "developer"}, {"user", "human", "user_prompt"}
_FIELD = re.compile(r"(?<!\$)\{\{-?\s*[a-z_]|(?<![{$])\{[a-z_]\w*\}(?!\})", re.IGNORECASE)
_LEAST_NEAR_MISS = 200
_LEAST_WORDS = 30
NEAR_MISS = "a long text with placeholders, whose keys say nothing; name it if a model gets it"


class SettingsText(Struct, frozen=True, kw_only=True):
    """A text, or messages in their `format`, at the path of keys `selector`.

    `line` is where it begins. `is_short` says that it is one only beside another; `is_message` that
    its own key is a role. Of a text that is none as far as its keys tell, `near_miss` says why.
    """

    selector: str
    text: str
    line: int
    format: str | None = None
    is_message: bool = False
    is_short: bool = False
    near_miss: str = ""


def settings_texts(file: PromptText, *, is_for_prompts: bool) -> Iterator[SettingsText]:
    """The prompts of a file and its near misses, in order.

    A file that `is_for_prompts` holds nothing but prompts under most of its keys.

    Raises:
        MeasurementError: It cannot be parsed.
    """
    found = list(parts(entries.parse(file)))
    pairs, is_data = _pairs(found), not _DATA_WORDS.isdisjoint(_path_words(file.path))
    answered = {_row(part) for part in found if part.names and part.names[-1] in _ANSWERS}
    for part in found:
        selector = entries.written(part.names or ("messages",))
        if selector is None:
            continue
        if part.format is None:
            is_pair, row = part.names[:-1] in pairs, _row(part)
            is_row = row is not None and (is_data or row in answered)
            yield from _text(
                part, selector, is_of_pair=is_pair, is_for_prompts=is_for_prompts, is_row=is_row
            )
        elif is_for_prompts or any(map(LIKELY_KEY.search, part.names or ("messages",))):
            yield SettingsText(
                selector=selector, text=part.text, line=part.line, format=part.format
            )


def _text(
    part: Part, selector: str, *, is_of_pair: bool, is_for_prompts: bool, is_row: bool
) -> Iterator[SettingsText]:
    """A text, if it may be a prompt, or a near miss."""
    text, is_message = part.text, part.names[-1].lower() in _SYSTEM | _USER
    plain = SettingsText(selector=selector, text=text, line=part.line, is_message=is_message)
    is_of_pair = is_of_pair and is_message
    if not text.strip() or any(map(_SECRET.search, part.names)):
        return
    if not is_of_pair and not _is_likely(part.names, is_for_prompts=is_for_prompts):
        if _is_near_miss(part.names, text):
            yield replace(plain, near_miss=NEAR_MISS)
    elif is_row and not _FIELD.search(text):
        if len(text) >= prompt_names.LEAST_CHARACTERS:
            yield replace(plain, near_miss=_OF_DATA)
    elif len(text) >= prompt_names.LEAST_CHARACTERS:
        yield plain
    elif is_of_pair or (len(text) >= prompt_names.LEAST_NAMED and " " in text):
        yield replace(plain, is_short=True)


def _row(part: Part) -> tuple[str, ...] | None:
    """The item of a list in which a text stands; None of one that stands in none."""
    positions = [n for n, name in enumerate(part.names) if name.isdecimal()]
    return part.names[: positions[-1] + 1] if positions else None


def _path_words(path: str) -> list[str]:
    return [word for part in path.split("/") for word in prompt_names.words(part)]


_DATA_WORDS = {
    *("benchmark", "benchmarks", "result", "results", "record", "records", "recording", "log"),
    *("recordings", "logs", "runs", "traces", "dataset", "datasets", "outputs", "eval", "evals"),
}
"""Words of paths of files in which a run was written down."""

_ANSWERS = {
    *("answer", "response", "output", "completion", "expected", "expected_output", "ideal"),
    *("reference", "result", "ground_truth", "report", "grade", "verdict", "error"),
}
_OF_DATA = "a row of recorded data; name it if a model gets it"


def _is_likely(names: Sequence[str], *, is_for_prompts: bool) -> bool:
    """Whether the keys say that a text is a prompt: its own, or one around it."""
    key = names[-1]
    if NO_PROMPT.search(key):
        return False
    if is_for_prompts or LIKELY_KEY.search(key):
        return True
    own = prompt_names.words(key)
    says_more = not own or own[-1] not in _TOLD_OF_PROMPTS | _COMMANDS
    around = (prompt_names.words(name) for name in names[:-1])
    return (
        says_more
        and _SCHEMAS.isdisjoint(name.lower() for name in names)
        and any(not {"prompt", "prompts"}.isdisjoint(said) for said in around)
    )


def _pairs(found: Sequence[Part]) -> set[tuple[str, ...]]:
    """The places that hold a system and a user text side by side, of which one is long.

    What stands in a list without placeholders is a row of data.
    """
    beside: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for part in found:
        if part.format is None and part.names:
            *around, key = part.names
            beside.setdefault(tuple(around), []).append((key.lower(), part.text))
    pairs = set()
    for names, texts in beside.items():
        keys = {key for key, _ in texts}
        said = [text for key, text in texts if key in _SYSTEM | _USER]
        is_row = any(map(str.isdecimal, names)) and not any(map(_FIELD.search, said))
        is_long = any(len(text) >= prompt_names.LEAST_CHARACTERS for text in said)
        if keys & _SYSTEM and keys & _USER and is_long and not is_row:
            pairs.add(names)
    return pairs


def _is_near_miss(names: Sequence[str], text: str) -> bool:
    own = prompt_names.words(names[-1])
    return (
        len(text) >= _LEAST_NEAR_MISS
        and len(text.split()) >= _LEAST_WORDS
        and bool(_FIELD.search(text))
        and _NO_PROSE.isdisjoint(own)
        and _TOLD_OF_PROMPTS.isdisjoint(own)
    )
