"""Whether a changed source file has to be parsed to find the prompts that the change touches.

Most changes of programs bring no text that a model may be sent, and change none: they need no
parser. A reader of tokens is enough to tell. Where it is unsure, the file is parsed.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cached_property
from itertools import accumulate

from reviewbot.prompts.data_files import may_be_named, may_hold
from reviewbot.scope.changed_source.edited_lines import EditedLines
from reviewbot.scope.changed_source.new_words import (
    are_new_texts,
    are_silent,
    words_of,
)
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
    def is_data(self) -> bool:
        """Whether it is a file of settings, whose keys tell what is a prompt."""
        return may_be_named(self.path)

    @cached_property
    def brings_words(self) -> bool:
        """Whether the change may bring words that a model is sent, or a call of one."""
        if self.is_data:
            is_likely = "prompt" in self.path.lower() or may_hold(self.after)
            return is_likely and self.after != self.before
        if not self._edited or not self._may_hold_prompts():
            return False
        if self._in_full:
            return True
        outline = self._outline
        if outline is None:
            return True
        return self._may_bring(outline) and not self._alters_comments_only(outline)

    def _may_bring(self, outline: Outline) -> bool:
        """Whether new or altered statements may have to do with what a model is sent."""
        from reviewbot.prompt_formats._common import prompt_signs
        from reviewbot.scope.changed_source.composition import Composition

        said_anew = self._said_anew(outline)
        if prompt_signs.names_a_model(said_anew) and prompt_signs.calls_a_model(outline.code):
            return True
        edited = f"{self._edited.said_before}\n{said_anew}"
        composition = Composition(self.after, outline)
        are_texts = are_new_texts(self.after, outline, self._edited.new)
        is_place = prompt_signs.is_place_of_prompts(self.path)
        return (
            are_texts or composition.changes_texts(self._touched, edited)
        ) and composition.may_make_a_prompt(self._touched, edited, is_place=is_place)

    def _alters_comments_only(self, outline: Outline) -> bool:
        """Whether what is new, altered or gone is comments and blanks only."""
        if not are_silent(self.after, outline, self._edited.new):
            return False
        before = _outline(self.path, self.before)
        return before is not None and are_silent(self.before, before, self._edited.gone)

    def concerns(self, line: int, name: str) -> bool:
        """Whether a statement changed that has a line, from 1, or that says a name."""
        if self._outline is None:
            return bool(self._edited)
        begins = self._starts[min(line, len(self._starts)) - 1]
        return name in self._words or any(
            block.begins <= begins < block.ends for block in self._statements
        )

    def _said_anew(self, outline: Outline) -> str:
        """The lines that are new or altered, as far as they are code."""
        lines = (outline.code[self._starts[n] : self._starts[n + 1]] for n in self._edited.new)
        return "".join(lines)

    def _may_hold_prompts(self) -> bool:
        from reviewbot.prompt_formats._common import prompt_signs

        if prompt_signs.may_hold_prompts(self.after, said="", path=self.path):
            return True
        outline = None if self._in_full else self._outline
        said = self.after if outline is None else words_of(self.after, outline.literals)
        return prompt_signs.may_hold_prompts("", said=said, path="")

    @cached_property
    def _edited(self) -> EditedLines:
        return EditedLines(self.path, self.before, self.after)

    @cached_property
    def _statements(self) -> list[Block]:
        """The blocks of which lines are new, altered, or taken out from between others."""
        if self._outline is None:
            return []
        found = self._numbers(self._edited.new)
        for gap in self._edited.gaps:
            around = self._numbers(gap)
            found |= around if len(around) == 1 else set()
        return [self._outline.blocks[number] for number in sorted(found)]

    @cached_property
    def _touched(self) -> list[Block]:
        """These blocks and those around what was taken out; of an altered class all."""
        if self._outline is None:
            return []
        found = self._numbers(number for gap in self._edited.gaps for number in gap)
        heads = {block.begins for block in self._statements}
        return [
            block
            for number, block in enumerate(self._outline.blocks)
            if number in found or block.begins in heads or block.head in heads
        ]

    def _numbers(self, lines: Iterable[int]) -> set[int]:
        """The numbers of the blocks that have any of the lines."""
        begins = [block.begins for block in self._outline.blocks] if self._outline else []
        found: set[int] = set()
        for line in lines:
            first = max(0, bisect_right(begins, self._starts[line]) - 1)
            last = max(0, bisect_left(begins, self._starts[line + 1]) - 1)
            found.update(range(first, last + 1))
        return found

    @cached_property
    def _words(self) -> frozenset[str]:
        """The words of statements that are edited, and of lines that are gone."""
        from reviewbot.scope.changed_source.composition import names_in, words_in

        said = (words_in(self.after, block) for block in self._statements)
        return frozenset().union(names_in(self._edited.said_before), *said)

    @cached_property
    def _starts(self) -> list[int]:
        """Where each line begins, and one behind the last would."""
        return [0, *accumulate(len(line) + 1 for line in self.after.split("\n"))]

    @cached_property
    def _outline(self) -> Outline | None:
        return _outline(self.path, self.after)


def _outline(path: str, text: str) -> Outline | None:
    """The statements and texts of a file; None where they cannot be told."""
    lower = path.lower()
    if lower.endswith(".py"):
        from reviewbot.scope.changed_source import python_outline

        return python_outline.outline(text)
    if lower.endswith(".ipynb"):
        return None
    from reviewbot.scope.changed_source import script_outline

    return script_outline.outline(lower, text)
