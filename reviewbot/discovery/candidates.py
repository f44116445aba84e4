"""Which files of a repository may be prompts, or hold some, by their names."""

import re
from collections.abc import Sequence

from reviewbot import formats
from reviewbot.prompts import entries

_NO_PROMPTS = re.compile(
    r"(?:readme|changelog|changes|license|licence|contributing|code_of_conduct|security|authors"
    r"|todo|package|package-lock|pnpm-lock|composer|tsconfig.*|docker-compose.*|mkdocs|pyproject"
    r"|dockerfile.*|.*[.-]lock)(?:\.\w+)?\Z"
    r"|.*\.(?:html?|xml|ya?ml|sh|bash|ps1|sql|css|js|ts|tsx|py|toml|cfg|conf|ini|tf|service|csv)"
    r"\.(?:j2|jinja2?|mustache|hbs|handlebars|tpl)\Z"
)
"""Names, in lower case, of files that are no prompts wherever they stand."""


def is_named_as_prompt(path: str) -> bool:
    """Whether a file's name, or its folder's, says that it is a prompt of a format."""
    name = path.lower().rpartition("/")[2]
    if _NO_PROMPTS.match(name):
        return False
    return formats.is_prompt(path) or (
        "prompt" in path.lower() and formats.recognize(path) is not None
    )


def is_tools(path: str) -> bool:
    """Whether a file's name says that it defines tools."""
    found = formats.recognize(path)
    return found is not None and found.NAME == "tool-definitions"


def is_searched(path: str) -> bool:
    """Whether prompts are looked for in a file's content."""
    lower = path.lower()
    if _NO_PROMPTS.match(lower.rpartition("/")[2]):
        return False
    return lower.endswith(entries.ENDINGS) or any(
        formats.is_searched(formats.by_name(name), path) for name in formats.names()
    )


def is_for_prompts(path: str) -> bool:
    """Whether every longer text of a data file is a prompt, as in `prompts/planner.yaml`."""
    *folders, name = path.lower().split("/")
    is_named = any(word in name for word in ("prompt", "template"))
    return is_named or any("prompt" in folder for folder in folders)


def likely_first(paths: Sequence[str]) -> list[str]:
    """The paths, those whose names speak of prompts before the others, each part sorted."""
    return sorted(paths, key=lambda path: ("prompt" not in path.lower(), path))
