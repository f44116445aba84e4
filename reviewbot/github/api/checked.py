"""Values of answers that reach git commands or files, checked to be what they are called."""

from typing import Any

from reviewbot.github.api.failures import NoAnswerError
from reviewbot.github.revision_names import is_commit, is_reference


def checked_commit(text: Any) -> str:
    """A commit's id; nothing else may reach a git command."""
    if not isinstance(text, str) or not is_commit(text):
        raise NoAnswerError
    return text


def checked_reference(text: Any) -> str:
    """The name of a branch."""
    if not isinstance(text, str) or not is_reference(text):
        raise NoAnswerError
    return text
