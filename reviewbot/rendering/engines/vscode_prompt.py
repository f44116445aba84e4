"""The variables of VS Code's prompt files.

Source: microsoft/vscode-docs, docs/copilot/customization/prompt-files.md, "Body".
"""

import re
from collections.abc import Mapping
from typing import Any

from reviewbot.prompt import NO_REFERENCES, CompiledTemplate, References
from reviewbot.rendering.engines import Load, Undefined
from reviewbot.rendering.engines._common.placeholders import compiled

NAME = "vscode-prompt"

_PLACEHOLDER = re.compile(
    r"\$\{(?:input:(?P<input>[^:{}\n]{1,200})(?::[^{}\n]{0,1000})?"
    r"|(?P<own>selection|selectedText|file|fileBasename|fileDirname|fileBasenameNoExtension"
    r"|workspaceFolder|workspaceFolderBasename))\}"
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
    return str(found["input"] or found["own"])
