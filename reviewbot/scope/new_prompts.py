"""Prompts in changed source files that are new or have grown, and that no workflow covers."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from reviewbot import prompt_formats
from reviewbot.configuration.settings import Configuration
from reviewbot.errors import MeasurementError, Problem
from reviewbot.prompt import Discovered, PromptText, Surroundings
from reviewbot.prompts.own_files import OwnFiles
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.repository.globs import Effort, TooMuchEffortError, select
from reviewbot.repository.revisions import Comparison
from reviewbot.repository.trees import Tree, decode
from reviewbot.scope.affected import FoundPrompts, NewPrompt, Side, Unsearched
from reviewbot.scope.governing import Configurations
from reviewbot.scope.said_text import said
from reviewbot.scope.unsent_lines import unsent_lines

if TYPE_CHECKING:
    from reviewbot.tokens import Counter

_MOST_FILES = 500
_MOST_CHARACTERS = 500_000
_MOST_CHARACTERS_IN_ALL = 4_000_000
"""What is searched at most; a change of more files is one of the kind that is made by a tool."""

_ENCODING = "o200k_base"
"""Prompts that no workflow covers have no model that is known; most now in use count like this."""


def find_new_prompts(
    comparison: Comparison,
    configurations: Configurations,
    parser: LimitedParser,
    *,
    sides: Iterable[Side | None],
) -> FoundPrompts:
    """The prompts in changed source files that are new or longer than before, by path and line.

    `sides` are the workflows at the head. A text that is a part of what they send is covered, and
    so is all that a workflow names.
    """
    own = OwnFiles(comparison.after_tree.paths)
    changed = {
        change.after: change.before
        for change in comparison.changes
        if change.after is not None
        and prompt_formats.of_source(change.after)
        and own.has(change.after)
    }
    ignored = _ignored(sorted(changed), configurations)
    searched = {path: old for path, old in changed.items() if path not in ignored}
    if not searched:
        return FoundPrompts()
    paths = sorted(searched)
    after, unsearched = _texts(comparison.after_tree, paths[:_MOST_FILES])
    if left := len(paths[_MOST_FILES:]):
        why = f"a review searches {_MOST_FILES:,} changed files"
        unsearched.append(Unsearched(what=f"{left:,} more files", why=why))
    before, _ = _texts(comparison.before_tree, sorted(filter(None, map(searched.get, after))))
    search = _Search(parser, _covered(configurations.after), _sent(sides))
    found = [
        item
        for path, text in after.items()
        for item in search.found(path, text, before.get(searched[path] or "", ""))
    ]
    ordered = sorted(found, key=lambda item: (item.path, item.line, item.selector))
    return FoundPrompts(
        new=tuple(ordered),
        unsearched=(*unsearched, *search.refused),
        uncovered=search.uncovered,
    )


class _Search:
    """Finds the prompts of one file after another; the tokenizer is loaded with the first."""

    def __init__(
        self,
        parser: LimitedParser,
        covered: Mapping[str, frozenset[str]],
        sent: Mapping[str, str],
    ) -> None:
        self._allowance = parser.allowance
        self._surroundings = Surroundings(load=lambda *_: None, parse=parser.parse)
        self._covered = covered
        self._sent = sent
        self._counter: Counter | None = None
        self.refused: list[Unsearched] = []
        self.uncovered = 0

    def found(self, path: str, text: str, before: str) -> Iterator[NewPrompt]:
        """What is new or has grown in the file at `path`."""
        if not _brings_text(path, text, before):
            return
        discovered = self._discovered(path, text)
        if not discovered and (why := self._refusal(path, text)):
            self.refused.append(Unsearched(what=path, why=why))
        prompts = [item for item in discovered if not self._is_covered(path, item)]
        self.uncovered += len(prompts)
        earlier = self._discovered(path, before) if before and prompts else ()
        texts = {item.text for item in earlier}
        standing = {item.text for item in discovered}
        by_name = {item.selector: item.text for item in earlier if item.text not in standing}
        for item in prompts:
            if item.text in texts:
                continue
            was = by_name.get(item.selector)
            tokens, tokens_before = self._tokens(item.text), self._tokens(was)
            if tokens is None:
                why = f"{item.selector or 'a text'} is too long to be counted"
                self.refused.append(Unsearched(what=path, why=why))
                continue
            if tokens_before is not None and tokens <= tokens_before:
                continue
            yield NewPrompt(
                path=path,
                selector=item.selector or "",
                line=item.line,
                last_line=item.line + item.text.count("\n"),
                tokens=tokens,
                tokens_before=tokens_before,
            )

    def _discovered(self, path: str, text: str) -> tuple[Discovered, ...]:
        chosen = prompt_formats.by_name(prompt_formats.of_source(path) or "")
        file = PromptText(path=path, text=text, surroundings=self._surroundings)
        return prompt_formats.discover(chosen, file)

    def _refusal(self, path: str, text: str) -> str | None:
        """Why a file cannot be read, if it cannot."""
        chosen = prompt_formats.by_name(prompt_formats.of_source(path) or "")
        file = PromptText(path=path, text=text, surroundings=self._surroundings)
        return next(
            (why for name, why in prompt_formats.near_misses(chosen, file) if not name), None
        )

    def _is_covered(self, path: str, item: Discovered) -> bool:
        steps = (item.selector or "").split(".")
        above = {".".join(steps[:count]) for count in range(1, len(steps) + 1)}
        return bool(above & self._covered.get(path, frozenset())) or (
            bool(item.text.strip()) and item.text.strip() in self._sent.get(path, "")
        )

    def _tokens(self, text: str | None) -> int | None:
        if text is None:
            return None
        if self._counter is None:
            from reviewbot.tokens import Counter

            self._counter = Counter(allowance=self._allowance)
        try:
            return self._counter.count(text, _ENCODING)
        except MeasurementError:
            return None


def _brings_text(path: str, after: str, before: str) -> bool:
    """Whether the lines that a change brings to a file may hold words for a model.

    It spares most changes of programs the parsing. A single line needs some words in a row; more
    of them may hold anything. Comments, docstrings, errors and logs are no such lines.
    """
    known = set(before.split("\n"))
    new = {n: line for n, line in enumerate(after.split("\n"), 1) if line not in known}
    if not _may_be_text(new.values()) or not path.lower().endswith(".py"):
        return _may_be_text(new.values())
    return _may_be_text(new[number] for number in new.keys() - unsent_lines(after))


def _may_be_text(lines: Iterable[str]) -> bool:
    some = list(lines)
    return sum(map(len, some)) > _MANY_CHARACTERS or any(map(_has_words, some))


def _has_words(line: str) -> bool:
    """Whether there are four words in a row, or one of a language that writes none apart.

    The latter's pattern takes more than a millisecond to compile, so it is left to `re`.
    """
    if _WORDS_IN_A_ROW.search(line):
        return True
    if line.isascii():
        return False
    return bool(re.search(r"[\u0e00-\u0e7f\u3040-\u9fff\uac00-\ud7af]", line))


_MANY_CHARACTERS = 300
_WORDS_IN_A_ROW = re.compile(r"(?:[^\W\d_]{1,40}+[ ,.;:'\u2019-]{1,2}+){4}")


def _ignored(paths: Sequence[str], configurations: Configurations) -> set[str]:
    """The files that the base's configuration and the head's both want to be ignored."""
    effort = Effort()
    found: list[set[str]] = []
    for configuration in (configurations.governing, configurations.after):
        try:
            patterns = configuration.coverage.ignore
            found.append(set().union(*(select(paths, item, effort) for item in patterns)))
        except TooMuchEffortError:
            return set()
    return found[0] & found[1]


def _texts(tree: Tree, paths: Sequence[str]) -> tuple[dict[str, str], list[Unsearched]]:
    """The texts of files, and those files that cannot be read, or are beyond the bounds."""
    found: dict[str, str] = {}
    unsearched: list[Unsearched] = []
    left = _MOST_CHARACTERS_IN_ALL
    for path, data in tree.read(paths).items():
        if isinstance(data, Problem):
            unsearched.append(Unsearched(what=path, why=data.what))
            continue
        if len(data) > min(left, _MOST_CHARACTERS):
            why = f"it has more than {_MOST_CHARACTERS:,} characters, or all have too many"
            unsearched.append(Unsearched(what=path, why=why))
            continue
        try:
            found[path] = decode(data, path)
        except MeasurementError as error:
            unsearched.append(Unsearched(what=path, why=error.problems[0].what))
            continue
        left -= len(data)
    return found, unsearched


def _covered(configuration: Configuration) -> Mapping[str, frozenset[str]]:
    """The selectors that workflows name, by path."""
    found: dict[str, set[str]] = {}
    for workflow in configuration.workflows.values():
        for reference in workflow.prompts:
            if reference.selector is not None:
                found.setdefault(reference.path, set()).add(reference.selector)
    return {path: frozenset(names) for path, names in found.items()}


def _sent(sides: Iterable[Side | None]) -> Mapping[str, str]:
    """All texts that workflows send, by each file that they are made of."""
    found: dict[str, str] = {}
    for side in sides:
        for message in side.source.messages if side is not None else ():
            text = said(message.template)
            for path in {message.path, *message.files}:
                found[path] = f"{found.get(path, '')}\0{text}"
    return found
