"""Which files of a repository may be prompts, or hold some, by their names."""

import re
from collections.abc import Iterable, Sequence

from reviewbot import prompt_formats
from reviewbot.prompt_formats._common import prompt_names
from reviewbot.prompts import entries

_NO_PROMPTS = re.compile(
    r"(?:readme|changelog|changes|license|licence|contributing|code_of_conduct|security|authors"
    r"|todo|requirements.*|entry_points|top_level|package|package-lock|pnpm-lock|composer|tsconfig.*|docker-compose.*|mkdocs|pyproject"
    r"|dockerfile.*|.*[.-]lock)(?:\.\w+)?\Z"
    r"|.*\.(?:html?|xml|ya?ml|sh|bash|ps1|sql|css|js|ts|tsx|py|toml|cfg|conf|ini|tf|service|csv)"
    r"\.(?:j2|jinja2?|mustache|hbs|handlebars|tpl)\Z"
)
"""Names, in lower case, of files that are never prompts."""


def is_named_as_prompt(path: str) -> bool:
    """Whether a file's name, or its folder's, says that it is a prompt of a format.

    A folder such as `promptship` is no folder of prompts; pages of a manual are none either.
    """
    *folders, name = path.lower().split("/")
    if _NO_PROMPTS.match(name) or _is_page(folders, name) or _is_for_github(folders, name):
        return False
    return prompt_formats.is_prompt(path) or (
        _speaks_of_prompts(path) and prompt_formats.recognize(path) is not None
    )


def _is_for_github(folders: Sequence[str], name: str) -> bool:
    """Whether GitHub itself reads a file: it looks in `.github/`, in the root and in `docs/`.

    Outside of `.github/` code may have such a name: there a page or a setting is GitHub's, or what
    lies in a folder of templates.
    """
    below = [*folders, name]
    if ".github" in folders:
        below = below[folders.index(".github") + 1 :]
        return below[0].partition(".")[0] in _FOR_GITHUB
    if folders[:1] == ["docs"]:
        below = below[1:]
    first, _, ending = below[0].partition(".")
    if len(below) > 1:
        return below[0] in _TEMPLATES
    return first in _FOR_GITHUB and ending in _PAGES_AND_SETTINGS


def _is_page(folders: Sequence[str], name: str) -> bool:
    """Whether a file is a page of a manual: no agent looks for its instructions there.

    A folder such as `design-docs` is one too, unless a folder of prompts is beside it in the path.
    """
    if not name.endswith((".md", ".mdx", ".rst", ".txt", ".html")) or ".prompt." in name:
        return False
    named = [prompt_names.words(folder) for folder in folders]
    is_of_prompts = any(word in {"prompt", "prompts"} for words in named for word in words)
    return not _MANUALS.isdisjoint(folders) or (
        not is_of_prompts and any(words and words[-1] in _MANUALS for words in named)
    )


def _speaks_of_prompts(path: str) -> bool:
    """Whether a folder or the file is called by the word, as `prompts/` and `system_prompt.md`."""
    parts = (*path.split("/")[:-1], path.rpartition("/")[2].partition(".")[0])
    return ".prompt." in path.lower() or any(
        word in {"prompt", "prompts"} for part in parts for word in prompt_names.words(part)
    )


_TEMPLATES = frozenset({"pull_request_template", "issue_template", "discussion_template"})
_PAGES_AND_SETTINGS = frozenset({"", "md", "markdown", "txt", "rst", "yml", "yaml"})
_FOR_GITHUB = _TEMPLATES | {
    *("code_of_conduct", "contributing", "security", "support", "governance", "funding"),
    *("codeowners", "dependabot", "workflows", "release"),
}
"""Files, without their endings, and folders.

See https://docs.github.com/en/communities/setting-up-your-project-for-healthy-contributions.
"""

_MANUALS = {"docs", "doc", "documentation", "website", "site", "manual", "wiki"}


def parts_of_plugins(paths: Iterable[str]) -> frozenset[str]:
    """The agents and commands of Claude's plugins, which stand beside `.claude-plugin/`."""
    known = tuple(paths)
    roots = [
        path.removesuffix(_PLUGIN)
        for path in known
        if path == _PLUGIN or path.endswith(f"/{_PLUGIN}")
    ]
    folders = tuple(f"{root}{name}/" for root in roots for name in ("agents", "commands"))
    return frozenset(path for path in known if path.startswith(folders) and path.endswith(".md"))


_PLUGIN = ".claude-plugin/plugin.json"


def is_tools(path: str) -> bool:
    """Whether a file's name says that it defines tools."""
    found = prompt_formats.recognize(path)
    return found is not None and found.NAME == "tool-definitions"


def is_searched(path: str) -> bool:
    """Whether prompts are looked for in a file's content."""
    lower = path.lower()
    *folders, name = lower.split("/")
    if _NO_PROMPTS.match(name) or _is_for_github(folders, name):
        return False
    return lower.endswith(entries.ENDINGS) or any(
        prompt_formats.is_searched(prompt_formats.by_name(name), path)
        for name in prompt_formats.names()
    )


def is_for_prompts(path: str) -> bool:
    """Whether every longer text of a data file is a prompt, as in `prompts/planner.yaml`."""
    *folders, name = path.lower().split("/")
    is_named = any(word in name for word in ("prompt", "template"))
    return is_named or any(
        word in {"prompt", "prompts"} for folder in folders for word in prompt_names.words(folder)
    )


def likely_first(paths: Sequence[str]) -> list[str]:
    """The paths, those whose names speak of prompts before the others, each part sorted."""
    return sorted(paths, key=lambda path: (not _speaks_of_prompts(path), path))
