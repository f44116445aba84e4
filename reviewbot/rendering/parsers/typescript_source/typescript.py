"""Prompts in TypeScript without JSX: `.ts`, `.mts`, `.cts`."""

from typing import Any

import tree_sitter_typescript

from reviewbot.rendering.parsers.typescript_source import prompts_of


def parse(text: str) -> dict[str, Any]:
    """What `prompts_of` finds by TypeScript's grammar."""
    return prompts_of(text, tree_sitter_typescript.language_typescript())
