"""Prompts in JavaScript, with JSX or without: `.js`, `.jsx`, `.mjs`, `.cjs`."""

from typing import Any

import tree_sitter_javascript

from reviewbot.rendering.parsers.typescript_source import prompts_of


def parse(text: str) -> dict[str, Any]:
    """What `prompts_of` finds by JavaScript's grammar."""
    return prompts_of(text, tree_sitter_javascript.language())
