"""Schemas of answers, as code says them: whether another one is known to be no longer."""

import re

from reviewbot.rendering.parsers._common.told_tools import described_behind, without_definitions
from reviewbot.scope.sent_otherwise.texts_beside import MOST_BESIDE

_QUOTED = re.compile(r"'[^']*+'|\"[^\"]*+\"|`[^`]*+`")
_WORD = re.compile(r"[A-Za-z_$][\w$]*+")
_CUT = "…"
_SAYING_NOTHING = {
    *("list", "List", "dict", "Dict", "set", "tuple", "Tuple", "Sequence", "Mapping", "Iterable"),
    *("Optional", "Union", "Annotated", "Literal", "Type", "TypeAdapter", "typing", "type"),
    *("str", "int", "float", "bool", "bytes", "object", "None", "True", "False", "null", "true"),
    *("false", "undefined", "as", "const", "model_json_schema", "json_schema", "schema"),
    *("zodToJsonSchema", "zodSchema", "jsonSchema", "zodResponseFormat", "zodTextFormat", "z"),
    *("array", "nullable", "optional", "strict"),
}
"""Words around the name of a schema that describe nothing by themselves."""


def may_be_longer(was: str | None, now: str) -> bool:
    """Whether a schema may have more than a few characters more; `was` is None where none was.

    It is known to be no longer where all that it names, and the one before did not, is described.
    """
    if was == now:
        return False
    said, size = without_definitions(now)
    before, had = without_definitions(was or "")
    if said != before and _CUT in said:
        return True
    names = _names(said)
    if names - _names(before) and len(names) > described_behind(now):
        return True
    return size - had > MOST_BESIDE


def _names(said: str) -> set[str]:
    return {*_WORD.findall(_QUOTED.sub("", said))} - _SAYING_NOTHING
