"""Prompts in the comments of a configuration: workflows of them could not be measured."""

import re

import yaml

_QUOTED = r'"(?:[^"\\\n]|\\.){1,1000}"'
_PROMPT = re.compile(rf"""[ \t]*#[ \t]*-[ \t](?:\{{path:[ ])?({_QUOTED}|[^\s"{{}},]{{1,1000}})""")


def noted_in(text: str) -> frozenset[str]:
    """The prompts, as the configuration names them."""
    lines = (_PROMPT.match(line) for line in text.split("\n"))
    return frozenset(str(_value(found[1])) for found in lines if found)


def _value(written: str) -> object:
    try:
        return yaml.safe_load(written)
    except yaml.YAMLError:
        return ""
