"""Text that leaves a workflow and turns up where no workflow sends it.

Both are compared by runs of five words, so that other line breaks or quotes hide nothing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from msgspec import Struct

from reviewbot import prompt_formats
from reviewbot.errors import MeasurementError, Problem
from reviewbot.prompts.said_text import beside, said
from reviewbot.prompts.sources import LocatedMessage
from reviewbot.repository.revisions import Comparison
from reviewbot.repository.trees import Tree
from reviewbot.scope.affected import Affected, MovedText, Side
from reviewbot.scope.word_runs import Budget, Run, gained_runs, runs_of, words_of

_LEAST_WORDS = 40
"""Fewer words in common are no moved prompt: a heading, a licence, a name."""

_MOST_FILES = 2_000
_MOST_CHARACTERS = 4_000_000
"""Changed files, and characters of them, that are looked at."""


_Messages = Mapping[str, Sequence[LocatedMessage]]


class _Pair(Struct, frozen=True, kw_only=True):
    """A file's texts before and after, `old` is its path before."""

    path: str
    old: str
    before: str
    after: str


class _Edit(Struct, frozen=True, kw_only=True):
    """The lines that a workflow sends no more, and those that are new; moved ones are neither."""

    lost: str
    gained: str


def find_moved_text(
    comparison: Comparison,
    affected: Sequence[Affected],
    unaffected: Sequence[Affected],
    covered: AbstractSet[str],
) -> tuple[tuple[MovedText, ...], int]:
    """Where the text went that the affected workflows send no more, by file.

    The number is that of changed files that were not looked at: no ordinary ones, or beyond the
    bounds.
    """
    if not any(item.prompts_changed for item in affected):
        return (), 0
    whole = covered - _sent_in_part((*affected, *unaffected))
    candidates = _candidates(comparison, whole)
    if not candidates:
        return (), 0
    before, after = _messages(affected, unaffected)
    budget = Budget()
    gained_by_path = {
        pair.path: _gained_beside(pair, before, after)
        if pair.path in covered
        else gained_runs(pair.before, pair.after, budget)
        for pair in _changed_files(comparison, candidates)
    }
    wanted = set().union(*gained_by_path.values())
    lost, words_lost = _lost(affected, wanted)
    kept = {item.name: _kept(item, wanted) for item in affected if item.prompts_changed}
    if words_lost < _LEAST_WORDS and not any(kept.values()):
        return (), 0
    found = []
    for path, gained in gained_by_path.items():
        words = (gained & lost).total()
        still: dict[str, AbstractSet[Run]] = {}
        if words < _LEAST_WORDS:
            copied = {name: gained & runs for name, runs in kept.items()}
            words = max((runs.total() for runs in copied.values()), default=0)
            still = {n: runs.keys() for n, runs in copied.items() if runs.total() >= _LEAST_WORDS}
        if words >= _LEAST_WORDS:
            entry = comparison.after_tree.entry(path)
            content = entry.object_id if entry else ""
            found.append(MovedText(path=path, words=words, content=content, kept=still))
    return tuple(found), len(candidates) - len(gained_by_path)


def hidden_files(
    moved: Iterable[MovedText], name: str, before: Iterable[str] | None, after: Iterable[str]
) -> Iterator[str]:
    """The files with text of a workflow that its renderings showed before, and show no more.

    What cannot be looked at counts as moved: no renderings before, or too many of them.
    """
    kept = {item.path: item.kept[name] for item in moved if name in item.kept}
    if not kept:
        return
    wanted = set().union(*kept.values())
    was = None if before is None else _shown(before, wanted)
    now = _shown(after, wanted)
    gone = (wanted if was is None else was) - (now or set())
    for path, runs in kept.items():
        if len(runs & gone) >= _LEAST_WORDS:
            yield path


def _shown(renderings: Iterable[str], wanted: AbstractSet[Run]) -> set[Run] | None:
    """Those of the runs that stand in a rendering; None where these are too many to look at."""
    found: set[Run] = set()
    left = _MOST_CHARACTERS
    for text in dict.fromkeys(renderings):
        left -= len(text)
        if len(found) == len(wanted):
            break
        if left < 0:
            return None
        found.update(run for run in runs_of(words_of(text)) if run in wanted)
    return found


def _kept(item: Affected, wanted: AbstractSet[Run]) -> Counter[Run]:
    """How often each of the `wanted` runs stands in a workflow's texts, before and after."""
    if item.before is None or item.after is None or not wanted:
        return Counter()
    was, now = (
        Counter(run for run in _runs(_texts(side)) if run in wanted)
        for side in (item.before, item.after)
    )
    return was & now


def _gained_beside(pair: _Pair, before: _Messages, after: _Messages) -> Counter[Run]:
    """How often each run is new in a file beside what workflows send of it."""
    was = Counter(runs_of(words_of(pair.before))) - _sent(before.get(pair.old, ()))
    return Counter(runs_of(words_of(pair.after))) - _sent(after.get(pair.path, ())) - was


def _sent(messages: Iterable[LocatedMessage]) -> Counter[Run]:
    """How often each run stands in the message that has it most often.

    What several workflows send stands in a file once.
    """
    found: Counter[Run] = Counter()
    for message in messages:
        found |= Counter(runs_of(words_of(said(message.template))))
    return found


def _messages(
    affected: Sequence[Affected], unaffected: Sequence[Affected]
) -> tuple[_Messages, _Messages]:
    """The messages of all workflows before and after, by each file that they are made of."""
    stays = [item.after for item in unaffected]
    found: list[_Messages] = []
    for sides in ([item.before for item in affected], [item.after for item in affected]):
        by_path: dict[str, list[LocatedMessage]] = {}
        for side in filter(None, (*sides, *stays)):
            for message in side.source.messages:
                for path in {message.path, *message.files}:
                    by_path.setdefault(path, []).append(message)
        found.append(by_path)
    return found[0], found[1]


def _sent_in_part(workflows: Iterable[Affected]) -> set[str]:
    """The files of which workflows send no more than what they name, or what code makes of it."""
    found: set[str] = set()
    for item in workflows:
        found.update(prompt.path for prompt in item.settings.prompts if prompt.selector is not None)
        for side in (item.before, item.after):
            paths = side.source.files if side is not None else ()
            found.update(path for path in paths if prompt_formats.of_source(path))
    return found


def _lost(affected: Sequence[Affected], wanted: AbstractSet[Run]) -> tuple[Counter[Run], int]:
    """How often each of the `wanted` runs goes out of all workflows, and how many go out of each.

    What is wanted is bounded, and all that goes out is not: it is held for one workflow at a time.
    """
    lost: Counter[Run] = Counter()
    words = 0
    for item in affected:
        is_known = item.after is not None or not item.problems  # otherwise it is not measured
        if item.prompts_changed and is_known:
            edit = _edit(item)
            goes, comes = Counter(_runs([edit.lost])), Counter(_runs([edit.gained]))
            words += (goes - comes).total()
            lost.update({run: count for run, count in goes.items() if run in wanted})
            lost.subtract({run: count for run, count in comes.items() if run in wanted})
    return +lost, words


def _edit(item: Affected) -> _Edit:
    before, after = (
        [line for text in _texts(side) for line in text.split("\n")]
        for side in (item.before, item.after)
    )
    return _Edit(lost=_less(before, after), gained=_less(after, before))


def _less(lines: Sequence[str], others: Sequence[str]) -> str:
    """Those of the lines that have no counterpart among the others."""
    left = Counter(others)
    kept = []
    for line in lines:
        if left[line] > 0:
            left[line] -= 1
        else:
            kept.append(line)
    return "\n".join(kept)


def _runs(texts: Iterable[str]) -> Iterator[Run]:
    for text in texts:
        yield from runs_of(words_of(text))


def _texts(side: Side | None) -> Iterator[str]:
    """The texts that a call is made of, without variables."""
    if side is None:
        return
    yield from (said(item.template) for item in side.source.messages)
    for path in dict.fromkeys(path for item in side.source.messages for path in beside(item)):
        try:
            yield side.reader.text(path)
        except MeasurementError:
            continue


def _changed_files(
    comparison: Comparison, candidates: Sequence[tuple[str, str | None]]
) -> Iterator[_Pair]:
    left = _MOST_CHARACTERS
    for path, old in candidates[:_MOST_FILES]:
        if left <= 0:
            return
        after = _text(comparison.after_tree, path)
        if after is None:
            continue
        before = (_text(comparison.before_tree, old) if old else None) or ""
        left -= len(after)
        yield _Pair(path=path, old=old or path, before=before, after=after)


def _candidates(comparison: Comparison, covered: AbstractSet[str]) -> list[tuple[str, str | None]]:
    """The changed files that no workflow covers, each with its path before the change."""
    return [
        (change.after, change.before)
        for change in comparison.changes
        if change.after is not None and change.after not in covered
    ]


def _text(tree: Tree, path: str) -> str | None:
    """The text of a file, whatever bytes stand in it too; empty if it is binary.

    None where it is not to be looked at: a link, a submodule, a file that is too large.
    """
    data = tree.read([path])[path]
    if isinstance(data, Problem):
        return None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    return "" if b"\0" in data else data.decode("utf-8-sig", errors="replace")
