"""Prompts in JavaScript, with JSX or without: `.js`, `.jsx`, `.mjs`, `.cjs`."""

from typing import Any

import tree_sitter_javascript

from reviewbot.rendering.parsers._common.files import Files, alone
from reviewbot.rendering.parsers.typescript_source import prompts_of


def parse_file(text: str, files: Files) -> dict[str, Any]:
    """What `prompts_of` finds by JavaScript's grammar."""
    return prompts_of(text, files, tree_sitter_javascript.language())


def parse(text: str) -> dict[str, Any]:
    """What `parse_file` finds in a text that imports nothing of a repository."""
    return parse_file(text, alone())
