"""Files that coding agents read while a product is written, and that no product sends."""

import re
from collections.abc import Collection, Iterable, Sequence

from msgspec.structs import replace

from reviewbot.discovery.calls import Proposed
from reviewbot.discovery.findings import Found
from reviewbot.repository.globs import Effort, select

_AGENT_FOLDERS = {
    *(".claude", ".cursor", ".codex", ".agents", ".agent", ".gemini", ".windsurf", ".clinerules"),
    *(".roo", ".continue", ".kiro", ".amazonq", ".junie", ".trae", ".augment", ".opencode"),
}
_PLAIN_GLOB = re.compile(r"[*?\[\\]")


def is_developers(found: Found, plugins: Collection[str]) -> bool:
    """Whether an agent of the people who write the repository reads a file.

    `plugins` are the parts of plugins, which are a product of their own.
    """
    if found.path in plugins:
        return False
    folders = found.path.lower().split("/")[:-1]
    if not _AGENT_FOLDERS.isdisjoint(folders):
        return True
    is_named = found.format == "agent-instructions"
    return is_named and (".github" in folders or not found.path.lower().endswith(".prompt.md"))


def marked(proposed: Iterable[Proposed], plugins: Collection[str]) -> tuple[Proposed, ...]:
    """The workflows, of which those are marked that only developers' agents send.

    Where there are no others the repository is about these, and none is marked.
    """
    found = tuple(proposed)
    names = {
        item.name
        for item in found
        if all(is_developers(prompt, plugins) for prompt in item.prompts)
    }
    if len(names) == len(found):
        return found
    return tuple(replace(item, is_developers=item.name in names) for item in found)


def globs_of(paths: Iterable[str], kept: Collection[str]) -> tuple[str, ...]:
    """As few globs as name these files: folders of agents, and names that files share.

    A glob that would name a file that is `kept` gives way to the files' own paths.
    """
    globs: set[str] = set()
    by_name: dict[str, list[str]] = {}
    for path in paths:
        folders = path.split("/")[:-1]
        agents = [n for n, folder in enumerate(folders) if folder.lower() in _AGENT_FOLDERS]
        around = f"{'/'.join(folders[: agents[0] + 1])}/" if agents else ""
        if around and not any(other.startswith(around) for other in kept):
            globs.add(f"{_escaped(around)}**")
        else:
            by_name.setdefault(path.rpartition("/")[2], []).append(path)
    for name, found in by_name.items():
        is_shared = len(found) > 1 and not any(f"/{it}".endswith(f"/{name}") for it in kept)
        globs.update([f"**/{_escaped(name)}"] if is_shared else map(_escaped, found))
    return tuple(sorted(globs))


def matching(found: Sequence[Found], globs: Iterable[str]) -> frozenset[tuple[str, str | None]]:
    """Path and selector of the prompts that globs, or `path#selector`, name.

    Raises:
        TooMuchEffortError: The globs take too much effort.
    """
    effort = Effort()
    paths = sorted({item.path for item in found})
    patterns = set(globs)
    files = {path for pattern in patterns for path in select(paths, pattern, effort)}
    return frozenset(
        (item.path, item.selector)
        for item in found
        if item.path in files or f"{item.path}#{item.selector}" in patterns
    )


def _escaped(path: str) -> str:
    return _PLAIN_GLOB.sub("?", path)
