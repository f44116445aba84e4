"""Where a source file names models and output caps: each with its place and what it is named by."""

import re
from collections import deque
from collections.abc import Iterator, Mapping

from msgspec import Struct

from reviewbot.prompts.models_in_code.statements import Literal, Source, Statement
from reviewbot.rendering.parsers._common.known_models import is_known_model
from reviewbot.rendering.parsers._common.requests import CAPS, MODELS, NAMED_FIRST

_MODEL = re.compile(r"(?=[^\n]{0,80}[\d-])[A-Za-z][\w.:/@-]{1,80}\Z")
_KEY = re.compile(
    r"[\"']?\b([A-Za-z_$][\w$-]{0,79}+)[\"'\]]{0,2}\s{0,9}+"
    r"(?:(?::[^=,(){}\n]{0,80}+)?(?<![=!<>])=(?![=>])|:(?![:=]))"
)
_NAMED_BY_CALL = re.compile(r"\b([A-Za-z_$][\w$]{0,79}+)\s{0,3}+\(\s*\Z")
_NAMES_MODEL = re.compile(r"(?:[mM]odel|MODEL|llm|LLM|Llm)(?:_?(?:[nN]ame|NAME|[iI]d|ID))?\Z")
_MAKES_MODELS = re.compile(
    r"(?:Model|LLM|Llm|Agent)\Z|\A(?:Chat[A-Z]|openai|anthropic|google|azure|bedrock|mistral|groq"
    r"|xai|vertex|openrouter|cohere|deepseek)"
)
_GIVEN = re.compile(
    rf"\b({'|'.join((*MODELS, *CAPS))})[\"']?\s{{0,9}}+"
    r"(?::[\w .|\[\]]{1,60}+(?==))?[=:](?![=:>])\s{0,9}+"
    r"([A-Za-z_$][\w$.]{0,99}+|[0-9][0-9_]{0,12}+)(?=\s{0,99}[,)}\n;]|\s{0,99}\Z)"
)
_TOLD = {
    *("label", "title", "description", "help", "example", "examples", "placeholder", "summary"),
    *("display_name", "displayName", "name", "doc", "alias", "text", "content", "message"),
}
"""What people read; a model is not called by it."""

_CONSTANTS = {"None", "null", "undefined", "True", "False", "true", "false", "str", "string", "any"}
_MOST_OF_ONE = 5
"""A key that stands more often in one place is that of a table, or of a list."""

_LONGEST_KEY = 400


class Mention(Struct, frozen=True, kw_only=True):
    """A model, or a cap, that a statement names by a key; `said` is what stands there.

    `value` is None where only the running program knows it. `by_name` says that the value is that
    of a constant of the file.
    """

    key: str
    value: str | None
    said: str
    line: int
    statement: Statement
    by_name: bool = False

    @property
    def place(self) -> tuple[str, ...]:
        """The functions around it and its key, by which it is the same after the change."""
        return (*self.statement.within, self.key)


def mentions(source: Source) -> list[Mention]:
    """What a file names, by line; tables and lists of models are left out."""
    found = list(_in_texts(source))
    constants: dict[str, str | None] = {}
    for item in found:
        if item.key in item.statement.sets:
            constants[item.key] = None if item.key in constants else item.value
    found += _given(source, constants)
    counts: dict[tuple[str, ...], int] = {}
    for item in found:
        counts[item.place] = counts.get(item.place, 0) + 1
    few = [item for item in found if counts[item.place] <= _MOST_OF_ONE]
    return sorted(few, key=lambda item: (item.line, item.key))


def _in_texts(source: Source) -> Iterator[Mention]:
    for statement in source.statements:
        for literal in statement.literals:
            if not _MODEL.match(literal.said):
                continue
            key = _key_of(source, statement, literal)
            if key is None or key in _TOLD:
                continue
            if not (_NAMES_MODEL.search(key) or key in MODELS or is_known_model(literal.said)):
                continue
            yield Mention(
                key=key,
                value=literal.said,
                said=literal.said,
                line=source.line(literal.begins),
                statement=statement,
            )


def _key_of(source: Source, statement: Statement, literal: Literal) -> str | None:
    """What a text is the value of: a name, an argument, a key; None for an entry of a list."""
    first = max(statement.begins, literal.begins - _LONGEST_KEY)
    before = _with_keys(source, statement, first, literal.begins)
    last = next(iter(deque(_KEY.finditer(before), maxlen=1)), None)
    called = _NAMED_BY_CALL.search(before)
    name = called[1] if called else ""
    if name in NAMED_FIRST or _MAKES_MODELS.search(name):
        return last[1] if last is not None and last[1] in MODELS else name
    if last is None or not _is_value(before[last.end() :]):
        return None
    return last[1]


def _with_keys(source: Source, statement: Statement, first: int, end: int) -> str:
    """A piece of a statement in which only short texts are kept: they may be keys."""
    parts: list[str] = []
    last = first
    for item in statement.literals:
        if item.begins >= first and item.ends <= end and _MAY_BE_KEY.match(item.said):
            parts += (source.masked[last : item.begins], source.text[item.begins : item.ends])
            last = item.ends
    return "".join((*parts, source.masked[last:end]))


_MAY_BE_KEY = re.compile(r"[\w$-]{1,80}\Z")


def _is_value(between: str) -> bool:
    """Whether nothing but a default, `os.getenv("MODEL", …)` or `x or …`, stands before a value."""
    depth = 0
    if between.lstrip().startswith("("):
        return False
    for sign in between:
        if sign in "[{":
            return False
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if (sign == "," and depth == 0) or depth < 0:
            return False
    return True


def _given(source: Source, constants: Mapping[str, str | None]) -> Iterator[Mention]:
    """Arguments that are numbers or names: `max_tokens=250`, `model=MODEL`."""
    for statement in source.statements:
        keys = (item.said for item in statement.literals)
        if not _KEY_WORD.search(statement.said) and _KEYS.isdisjoint(keys):
            continue
        text = _with_keys(source, statement, statement.begins, statement.ends)
        for item in _GIVEN.finditer(text):
            key, said = item.groups()
            name = said.rpartition(".")[2]
            is_cap = key in CAPS
            if name in _CONSTANTS or is_cap != said[0].isdigit():
                continue
            if statement.head_of and not is_cap:
                continue
            yield Mention(
                key=key,
                value=said.replace("_", "") if is_cap else constants.get(name),
                said=said,
                line=source.line(statement.begins + item.start(2)),
                statement=statement,
                by_name=constants.get(name) is not None,
            )


_KEYS = frozenset((*MODELS, *CAPS))
_KEY_WORD = re.compile("|".join((*MODELS, *CAPS)))
