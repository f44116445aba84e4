"""Files of texts and data that source code names: what it loads from them may be sent."""

import re
from typing import Final

FILE: Final = "a file/"
"""The class of a carrier that is a file by its name, and of no class of a program."""

_ENDING = (
    r"\.(?:txt|md|mdx|markdown|rst|json|jsonl|json5|ya?ml|toml|xml|html|csv|tsv"
    r"|prompt|tmpl|tpl|j2|jinja2?|mustache|hbs|liquid|ini)"
)
_SAID = re.compile(rf"[\w./@ +~-]{{0,200}}{_ENDING}\Z")
FILE_WORD: Final = re.compile(r"[\w@+.-]{3,200}")
"""What the last step of a path is, in a text."""

_OF_PROJECTS: Final = {
    *("package.json", "package-lock.json", "tsconfig.json", "deno.json", "composer.json"),
    *(
        "pyproject.toml",
        "Cargo.toml",
        "requirements.txt",
        "vercel.json",
        "app.json",
        "manifest.json",
    ),
}
"""Files that say what a project is made of, of which code reads a version."""

_MOST_STEPS = 2


def file_said(said: str) -> str:
    """The name of a file that a constant is, as source code writes it, with one folder at most.

    Empty of anything else.
    """
    text = said.rstrip("\"'`").rpartition("'")[2].rpartition('"')[2].rpartition("`")[2]
    return file_named(text)


def file_named(path: str) -> str:
    """The same of a path, or of a module that is one."""
    if _SAID.match(path) is None:
        return ""
    steps = [step for step in path.split("/") if step not in {"", ".", "..", "~"}]
    is_known = steps and steps[-1] not in _OF_PROJECTS and steps[-1].partition(".")[0]
    return "/".join(steps[-_MOST_STEPS:]) if is_known else ""
