"""Files of data in which keys may name prompts, by their own names."""

import re

ENDINGS = (".yaml", ".yml", ".json", ".toml")


def may_be_named(path: str) -> bool:
    """Whether a file of that name is data in which keys may name prompts."""
    lower = path.lower()
    return lower.endswith(ENDINGS) and not _OF_TOOLS.search(lower)


_OF_TOOLS = re.compile(
    r"(?:^|/)(?:package|package-lock|pnpm-lock|composer|tsconfig[^/]*|docker-compose[^/]*|mkdocs"
    r"|pyproject|[^/]*[.-]lock)\.\w+\Z|(?:^|/)\.github/"
)
"""Files of package managers, compilers and servers."""


def may_hold(text: str) -> bool:
    """Whether a data file may hold prompts: a quick look, before it is parsed."""
    return bool(_HINT.search(text))


_HINT = re.compile(r"(?i)prompt|template|instruction|persona|messages?\b|\bsystem\b")
