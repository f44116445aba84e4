"""The forms in which TypeScript with JSX sends its texts."""

from typing import Any

import tree_sitter_typescript

from reviewbot.rendering.parsers.typescript_forms import forms_in


def parse(text: str) -> list[dict[str, Any]]:
    """What `forms_in` finds by that grammar."""
    return forms_in(text, tree_sitter_typescript.language_tsx())
