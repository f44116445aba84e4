"""What of a changed source file has to be parsed to find the prompts that the change touches.

Most changes of programs bring no text that a model may be sent, and need no parser; of the others
only the definitions are read that hold what changed, or have to do with it. A reader of tokens is
enough for both. Where it is unsure, all of a file is read.
"""

from functools import cached_property

from reviewbot.scope.changed_source.new_words import (
    are_new_words,
    may_be_in_literals,
    name_a_model,
    new_lines,
    words_of,
)
from reviewbot.scope.changed_source.outline import Outline
from reviewbot.scope.changed_source.parts import related, without_others


class ChangedSource:
    """One source file after and before a change; `before` is empty for a new one."""

    def __init__(self, path: str, after: str, before: str) -> None:
        self.path = path
        self.whole_after = after
        self.whole_before = before
        self._new = new_lines(after, before)
        self._outline: Outline | None = None

    @property
    def brings_words(self) -> bool:
        """Whether the change brings words that a model may be sent, or a call of one."""
        after = self.whole_after
        calls = name_a_model(after, self._new)
        if not calls and not may_be_in_literals(after, self._new):
            return False
        outline = _outline(self.path, after)
        if outline is None:
            return calls or are_new_words(after, None, self._new)
        if not calls and not are_new_words(after, outline.literals, self._new):
            return False
        from reviewbot.prompt_formats._common import likelihood

        said = words_of(after, outline.literals)
        self._outline = outline
        return likelihood.may_hold_prompts(after, said=said, path=self.path)

    def is_new(self, line: int) -> bool:
        """Whether the text before has no line like the one of that number, from 1."""
        return line - 1 in self._new

    def after(self) -> str:
        """The text after, with blank lines for definitions that have nothing to do with it."""
        outline, names = self._outline, self._names
        if outline is None or names is None:
            return self.whole_after
        return without_others(self.whole_after, outline, names)

    def before(self) -> str:
        """The text before, with blank lines for what `after` has them for."""
        names, before = self._names, self.whole_before
        outline = _outline(self.path, before) if names is not None else None
        if outline is None or names is None:
            return before
        gone = related(before, outline, new_lines(before, self.whole_after))
        return before if gone is None else without_others(before, outline, names | gone)

    @cached_property
    def _names(self) -> frozenset[str] | None:
        """What has to do with the change; None where all may."""
        if self._outline is None:
            return None
        return related(self.whole_after, self._outline, self._new)


def _outline(path: str, text: str) -> Outline | None:
    """The definitions and texts of a source file; None where they cannot be told."""
    if path.lower().endswith(".py"):
        from reviewbot.scope.changed_source import python_outline

        return python_outline.outline(text)
    if path.lower().endswith(".ipynb"):
        return None
    from reviewbot.scope.changed_source import script_outline

    return script_outline.outline(text)
