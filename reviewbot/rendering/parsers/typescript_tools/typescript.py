"""Tools in source of this dialect; the prompts in it are read by `typescript_source.typescript`."""

from typing import Any

import tree_sitter_typescript

from reviewbot.rendering.parsers.typescript_tools import tools_of


def parse(text: str) -> dict[str, Any]:
    """What `tools_of` finds by this dialect's grammar."""
    return tools_of(text, tree_sitter_typescript.language_typescript())
