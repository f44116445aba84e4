"""Prompts in the comments of a configuration: workflows of them could not be measured."""

import re

from reviewbot.documents import parse_yaml, plain
from reviewbot.errors import MeasurementError

_QUOTED = r'"(?:[^"\\\n]|\\.){1,1000}"'
_PROMPT = re.compile(rf"""[ \t]*#[ \t]*-[ \t](?:\{{path:[ ])?({_QUOTED}|[^\s"{{}},]{{1,1000}})""")


def noted_in(text: str) -> frozenset[str]:
    """The prompts, as the configuration names them."""
    lines = (_PROMPT.match(line) for line in text.split("\n"))
    return frozenset(_value(found[1]) for found in lines if found)


def _value(written: str) -> str:
    """The path; empty where a person's own comment is no YAML between its quotes."""
    if not written.startswith('"'):
        return written
    try:
        return str(plain(parse_yaml(written, file="")))
    except MeasurementError:
        return ""
