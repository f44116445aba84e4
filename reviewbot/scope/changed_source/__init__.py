"""Whether a changed source file has to be parsed to find the prompts that the change touches.

Most changes of programs bring no text that a model may be sent, and change none: they need no
parser. A reader of tokens is enough to tell. Where it is unsure, the file is parsed.
"""

from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import accumulate

from reviewbot.repository.hunks import Hunk, find_hunks
from reviewbot.scope.changed_source.composition import (
    belongs_to_texts,
    names_of_texts,
    words_in,
)
from reviewbot.scope.changed_source.new_words import are_new_texts, name_a_prompt, words_of
from reviewbot.scope.changed_source.outline import Block, Outline


class ChangedSource:
    """One source file after and before a change; `before` is empty for a new one.

    `in_full` asks for a search that leaves out only files in which no text counts as a prompt.
    """

    def __init__(self, path: str, after: str, before: str, *, in_full: bool = False) -> None:
        self.path = path
        self.after = after
        self.before = before
        self._in_full = in_full

    @property
    def brings_words(self) -> bool:
        """Whether the change may bring words that a model is sent, or a call of one."""
        if not self._hunks or not self._may_hold_prompts():
            return False
        if self._in_full:
            return True
        outline, lines = self._outline, self._new_lines
        if outline is None or name_a_prompt(self.after, lines):
            return True
        return are_new_texts(self.after, outline, lines) or self._changes_texts(outline)

    def concerns(self, line: int, name: str) -> bool:
        """Whether a statement changed that has a line, from 1, or that says a name."""
        if self._outline is None:
            return bool(self._hunks)
        begins = self._starts[min(line, len(self._starts)) - 1]
        return name in self._touched_words or any(
            block.begins <= begins < block.ends for block in self._touched_blocks
        )

    def _may_hold_prompts(self) -> bool:
        from reviewbot.prompt_formats._common import likelihood

        if likelihood.may_hold_prompts(self.after, said="", path=self.path):
            return True
        outline = None if self._in_full else self._outline
        said = self.after if outline is None else words_of(self.after, outline.literals)
        return likelihood.may_hold_prompts("", said=said, path="")

    def _changes_texts(self, outline: Outline) -> bool:
        """Whether what is put together of long texts may be another."""
        if any(belongs_to_texts(self.after, outline, block) for block in self._touched_blocks):
            return True
        lines = self.after.split("\n")
        said = [line for hunk in self._hunks for line in hunk.before]
        said += [lines[number] for number in self._new_lines]
        return names_of_texts(self.after, outline, "\n".join(said))

    @cached_property
    def _hunks(self) -> list[Hunk]:
        return find_hunks(self.path, self.before, self.after)

    @cached_property
    def _new_lines(self) -> list[int]:
        """The numbers, from 0, of the lines that are new or altered."""
        return [number for hunk in self._hunks for number in range(hunk.start, hunk.end)]

    @cached_property
    def _touched_lines(self) -> list[int]:
        """These, and the lines around what was taken out."""
        lines = self.after.split("\n")
        found = set(self._new_lines)
        for hunk in self._hunks:
            if hunk.before:
                above = next((n for n in range(hunk.start - 1, -1, -1) if lines[n].strip()), 0)
                below = (n for n in range(hunk.end, len(lines)) if lines[n].strip())
                found |= {above, next(below, len(lines) - 1)}
        return sorted(found)

    @cached_property
    def _touched_blocks(self) -> list[Block]:
        """The statements with such a line; none where they cannot be told."""
        outline = self._outline
        if outline is None:
            return []
        begins = [block.begins for block in outline.blocks]
        found: set[int] = set()
        for line in self._touched_lines:
            first = max(0, bisect_right(begins, self._starts[line]) - 1)
            last = max(0, bisect_left(begins, self._starts[line + 1]) - 1)
            found.update(range(first, last + 1))
        return [outline.blocks[number] for number in sorted(found)]

    @cached_property
    def _touched_words(self) -> frozenset[str]:
        return frozenset().union(*(words_in(self.after, block) for block in self._touched_blocks))

    @cached_property
    def _starts(self) -> list[int]:
        """Where each line begins, and one behind the last would."""
        return [0, *accumulate(len(line) + 1 for line in self.after.split("\n"))]

    @cached_property
    def _outline(self) -> Outline | None:
        """The statements and texts of the file; None where they cannot be told."""
        lower = self.path.lower()
        if lower.endswith(".py"):
            from reviewbot.scope.changed_source import python_outline

            return python_outline.outline(self.after)
        if lower.endswith(".ipynb"):
            return None
        from reviewbot.scope.changed_source import script_outline

        return script_outline.outline(lower, self.after)
