"""Checks that every requirement of pyproject.toml is pinned, with hashes, in the lock files."""

import re
import sys
import tomllib
from pathlib import Path


def names(requirements: list[str | dict[str, str]]) -> set[str]:
    """The normalized names of requirements, included groups left out."""
    texts = [item for item in requirements if isinstance(item, str)]
    return {re.sub(r"[-_.]+", "-", re.split(r"[\s<>=!~\[;]", text)[0]).lower() for text in texts}


def pinned(lock: str) -> set[str]:
    """The names that a lock file pins with at least one hash."""
    return set(
        re.findall(r"^([a-z0-9-]+)==\S+[^\n]*\\\n\s+--hash=", Path(lock).read_text(), re.MULTILINE)
    )


project = tomllib.loads(Path("pyproject.toml").read_text())
run = names(project["project"]["dependencies"])
groups = [
    name
    for key, group in project["dependency-groups"].items()
    if key not in {"engines", "fuzz", "pictures"}  # which are run by themselves
    for name in names(group)
]
extras = project["project"]["optional-dependencies"]
of_extras = {name for key, texts in extras.items() if key != "engine" for name in names(texts)}
missing = {
    "requirements.lock": run - pinned("requirements.lock"),
    "requirements-github.lock": (run | names(extras["github"]))
    - pinned("requirements-github.lock"),
}
missing["requirements-usage.lock"] = (
    run | names(extras["github"]) | names(extras["usage"])
) - pinned("requirements-usage.lock")
missing["requirements-engines.lock"] = (
    names(project["dependency-groups"]["engines"]) | names(extras["engine"])
) - pinned("requirements-engines.lock")
missing["requirements-dev.lock"] = (run | of_extras | set(groups)) - pinned("requirements-dev.lock")
for lock, lacking in missing.items():
    if lacking:
        sys.exit(f"{lock} lacks {', '.join(sorted(lacking))}; compile it anew (CONTRIBUTING.md)")
print("lock files are complete")
