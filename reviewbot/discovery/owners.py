"""Who owns a file, as CODEOWNERS says: a first answer to who may approve."""

from reviewbot.configuration.shape import scalars
from reviewbot.errors import MeasurementError
from reviewbot.repository.globs import Effort, TooMuchEffortError, select
from reviewbot.repository.trees import Tree, read_text

_PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub looks, in its order."""

_MOST_LINES = 2_000


def owners_of(path: str, tree: Tree) -> tuple[tuple[str, ...], str | None]:
    """The people and teams whom the last matching line names, and the file; without addresses.

    Source: GitHub's documentation, "About code owners".
    """
    for place in _PLACES:
        if tree.entry(place) is None:
            continue
        try:
            lines = read_text(tree, place).splitlines()[:_MOST_LINES]
        except MeasurementError:
            return (), None
        for line in reversed(lines):
            pattern, *names = line.partition("#")[0].split() or [""]
            if pattern and _matches(pattern, path):
                found = tuple(name for name in names if scalars.APPROVER.matches(name))
                return found, place if found else None
        return (), None
    return (), None


def _matches(pattern: str, path: str) -> bool:
    """Whether a pattern means the file or a folder above it; `/` in front is the root."""
    plain = pattern.strip("/")
    is_rooted = "/" in pattern.rstrip("/")
    globs = (plain, f"{plain}/**") if is_rooted else (plain, f"**/{plain}", f"**/{plain}/**")
    try:
        return any(select([path], glob, Effort()) for glob in globs)
    except TooMuchEffortError:
        return False
