"""Prompts in TypeScript with JSX: `.tsx`."""

from typing import Any

import tree_sitter_typescript

from reviewbot.rendering.parsers.typescript_source import prompts_of


def parse(text: str) -> dict[str, Any]:
    """What `prompts_of` finds by the grammar of TypeScript with JSX."""
    return prompts_of(text, tree_sitter_typescript.language_tsx())
