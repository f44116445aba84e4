"""The placeholders of Claude Code's commands and skills.

Source: code.claude.com/docs/en/skills, "Available string substitutions" and "Inject dynamic
context". A command is never run: what it prints is a variable, called `!` and the command.
"""

import re
from collections.abc import Mapping
from typing import Any

from reviewbot.prompt import NO_REFERENCES, CompiledTemplate, References
from reviewbot.rendering.engines import Load, Undefined
from reviewbot.rendering.engines._common.placeholders import compiled

NAME = "claude-command"

_PLACEHOLDER = re.compile(
    r"(?<!\\)\$ARGUMENTS\[(?P<at>\d{1,3})\]"
    r"|(?<!\\)\$(?P<all>ARGUMENTS)(?!\w)"
    r"|(?<!\\)\$(?P<digit>\d)(?![\w]|[.,]\d)"
    r"|(?<!\\)\$\{(?P<own>CLAUDE_[A-Z_]{1,40})\}"
    r"|(?<!\S)(?P<command>!`[^`\n]{1,1000}`)"
)


def has_placeholders(text: str) -> bool:
    """Whether anything is put into `text`."""
    return _PLACEHOLDER.search(text) is not None


def references(text: str, options: Mapping[str, Any]) -> References:
    """The language includes nothing."""
    del text, options
    return NO_REFERENCES


def compile_template(
    text: str, *, name: str, load: Load, undefined: Undefined, options: Mapping[str, Any]
) -> CompiledTemplate:
    """What puts variables into `text`; called in the rendering process only."""
    del load, options
    return compiled(text, _PLACEHOLDER, _variable, path=name, undefined=undefined)


def _variable(found: re.Match[str]) -> str:
    if found["command"] is not None:
        return found["command"].replace("`", "")
    return found["at"] or found["all"] or found["digit"] or found["own"]
