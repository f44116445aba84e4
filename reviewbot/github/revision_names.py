"""The names of commits and branches that git takes, whoever sends them: events, inputs, answers."""

import re

_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?\Z")
_REF = re.compile(r"(?![-+./])(?!.*(\.\.|@\{|//))[^\x00-\x20\x7f~^:?*\[\\\ud800-\udfff]+\Z")


def is_commit(text: str) -> bool:
    """Whether `text` is a commit's whole id, in SHA-1 or SHA-256."""
    return _COMMIT.match(text) is not None


def is_reference(text: str) -> bool:
    """Whether `text` can be a branch or tag (git-check-ref-format), and no option of a command."""
    return _REF.match(text) is not None
