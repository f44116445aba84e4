"""Which text of a workflow no sample shows: a branch that none takes, an empty loop.

Every run of static text is marked, the marked templates are rendered with the samples, and what
does not come out was not seen. Where marks change what else comes out, a run counts as seen if its
text stands in a rendering, as often as it stands there.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from reviewbot.errors import MeasurementError
from reviewbot.measurement.added_values import added_values
from reviewbot.measurement.calls import (
    NOTHING_UNSEEN,
    STATIC,
    Texts,
    Unseen,
    UnseenText,
    text_key,
)
from reviewbot.measurement.files_left_out import files_left_out
from reviewbot.measurement.known_values import KnownValues
from reviewbot.measurement.marking import marked_texts, may_choose, texts_beside
from reviewbot.measurement.unseen_places import less, places, without
from reviewbot.prompt import Sample
from reviewbot.prompts.branch_values import branch_values
from reviewbot.prompts.marked_runs import Run
from reviewbot.prompts.sources import LocatedMessage
from reviewbot.prompts.static_text import has_branches
from reviewbot.rendering.engines import follows_marks
from reviewbot.rendering.jobs import Rendered
from reviewbot.rendering.marks import MARKS, unmarked, whole_marks
from reviewbot.rendering.recorded_choices import Choice, unreached
from reviewbot.repository.edited_trees import EditedTree
from reviewbot.scope.affected import Affected, Side, State

if TYPE_CHECKING:
    from reviewbot.measurement.renderer import Renderer

_CHUNK = 16
"""So many samples are tried at a time, until all text was seen."""

_LEAST_PERCENT = 80
"""Of a run's characters that come out where all of it does: blanks and tags may be taken away."""

_MOST_INCLUDED = 200
"""Changed files that a computed include may mean, and that are looked at."""

_MOST_COMPARED = 2_000_000_000
"""Runs times the characters of a rendering that they are looked for in: a second or two."""


def may_hide_text(affected: Affected) -> bool:
    """Whether the change can add text that no sample shows, or take samples away that show it."""
    is_same = affected.proposed.samples == affected.governing.samples
    return affected.prompts_changed or not is_same


def find_unseen(affected: Affected, governing: tuple[Sample, ...], renderer: "Renderer") -> Unseen:
    """What the samples of an affected workflow do not show; `governing` are those used for it."""
    after, proposed = affected.after, affected.proposed.samples
    if after is not None and affected.before is not None and governing == (STATIC,):
        return Unseen(added_values=added_values(affected.before, after))
    if after is None or STATIC in (*governing, *proposed) or not governing:
        return NOTHING_UNSEEN
    finder = _Finder(renderer, affected.may_include)
    runs, by_governing = finder.seen(after, governing)
    by_proposed = by_governing
    if proposed and proposed != governing:
        _, by_proposed = finder.seen(after, proposed)
    unseen = without(runs, by_governing | by_proposed)
    if unseen and affected.before is not None and affected.state is State.CHANGED:
        was_runs, was_seen = finder.seen(affected.before, affected.governing.samples)
        unseen = less(unseen, without(was_runs, was_seen))
    known = KnownValues((*governing, *proposed))
    unseen = [known.measured(run) for run in unseen]
    hidden = [known.measured(runs[number]) for number in sorted(by_governing - by_proposed)]
    told = tuple(_with_values(place, after) for place in places(unseen))
    return Unseen(by_change=told, by_samples=places(hidden))


def _with_values(place: UnseenText, side: Side) -> UnseenText:
    """The place with the values that its branch needs, where its file is a template itself."""
    messages = [item for item in side.source.messages if item.path == place.path]
    if any(item.template.engine in _OF_CODE for item in messages):
        return place
    options: dict[str, Any] = next((json.loads(it.options) for it in messages if it.options), {})
    try:
        text = side.reader.text(place.path)
    except MeasurementError:
        return place
    return replace(place, values=branch_values(text, place.first_line, options))


_OF_CODE = {"python-text", "typescript-text"}


_Placed = tuple[Side, LocatedMessage]
"""A template, and what its call is made of."""


class _Finder:
    """Looks for the runs that samples show; `may_include` are files of computed names."""

    def __init__(self, renderer: "Renderer", may_include: Sequence[str]) -> None:
        self._renderer = renderer
        self._may_include = may_include

    def seen(self, side: Side, samples: tuple[Sample, ...]) -> tuple[tuple[Run, ...], set[int]]:
        """The runs of a side, and the numbers of those that a sample shows."""
        runs: list[Run] = []
        seen: set[int] = set()
        for message in side.source.messages:
            if message.template.engine is not None:
                own, shown = self._of_message(side, message, samples)
                seen |= {len(runs) + number for number in shown}
                runs += own
        return tuple(runs), seen

    def _of_message(
        self, side: Side, message: LocatedMessage, samples: tuple[Sample, ...]
    ) -> tuple[list[Run], set[int]]:
        options = json.loads(message.options) if message.options else {}
        included = () if message.complete else self._may_include
        texts = texts_beside(side, message, included[:_MOST_INCLUDED])
        own, engine = message.template.text, message.template.engine
        may_hide = has_branches(own, options, engine) or any(
            has_branches(text, options) for text in texts.values()
        )
        may_hide = may_hide or any(MARKS.search(text) for text in (own, *texts.values()))
        if not may_hide and not may_choose(message):
            return [], set()
        results = self._results(side, message, samples, is_followed=True)
        left = _unreached(results)
        choices = [*_values(left), *_not_compared(message, included[_MOST_INCLUDED:])]
        if not may_hide:
            return choices, set()
        lists = frozenset() if follows_marks(message.template.engine or "") else _lists(samples)
        found = marked_texts(message, texts, lists)
        reader = side.reader.over(EditedTree(side.reader.tree, found.files))
        other = replace(
            message,
            template=replace(message.template, text=found.text),
            files={path: f"{id_} with marks" for path, id_ in message.files.items()},
        )
        marked_one = replace(side, reader=reader), other
        seen = self._shown(marked_one, results, samples, found.runs)
        choices += files_left_out(left, texts, {found.runs[number].path for number in seen})
        return [*found.runs, *choices], seen | _told_by(choices, found.runs)

    def _shown(
        self,
        marked_one: _Placed,
        expected_ones: Sequence[object],
        samples: tuple[Sample, ...],
        runs: Sequence[Run],
    ) -> set[int]:
        """The numbers of the runs that come out; `marked_one` is the template with marks."""
        seen: set[int] = set()
        followed = [item.marks for item in expected_ones if isinstance(item, Rendered)]
        if followed and None not in followed:
            seen = seen.union(*(marks for marks in followed if marks is not None))
            return {mark for mark in seen if mark < len(runs)}
        for start in range(0, len(samples), _CHUNK):
            if len(seen) == len(runs) or self._renderer.is_used_up:
                break
            results = self._results(*marked_one, samples[start : start + _CHUNK])
            for result, expected in zip(results, expected_ones[start:], strict=False):
                if not isinstance(expected, Rendered):
                    continue
                if isinstance(result, Rendered) and unmarked(result.text) == expected.text:
                    seen |= {
                        mark
                        for mark, characters in whole_marks(result.text)
                        if mark < len(runs) and _is_whole(runs[mark], characters)
                    }
                else:
                    seen |= _standing(runs, expected.text)
        return seen

    def _results(
        self,
        side: Side,
        message: LocatedMessage,
        samples: tuple[Sample, ...],
        *,
        is_followed: bool = False,
    ) -> Sequence[object]:
        alone = replace(side, source=replace(side.source, messages=(message,)))
        followed = alone if is_followed else None
        texts: Texts = self._renderer.texts([(alone, samples)], followed=followed)
        return texts[text_key(alone, message, samples)]


def _lists(samples: Iterable[Sample]) -> frozenset[str]:
    """The names under which samples give lists, however deep."""
    found: set[str] = set()
    waiting: list[Any] = [sample.variables for sample in samples]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            found |= {str(name) for name, item in value.items() if isinstance(item, list)}
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value[:_MOST_ITEMS]
    return frozenset(found)


_MOST_ITEMS = 100


def _unreached(results: Iterable[object]) -> list[Choice]:
    """What a template may print, and no sample comes to."""
    news = [(item.choices or (), item.reached) for item in results if isinstance(item, Rendered)]
    return unreached(news)


def _values(choices: Iterable[Choice]) -> Iterator[Run]:
    """The values of expressions among them."""
    for choice in choices:
        if not choice.is_file:
            is_open = not choice.is_text
            yield Run(path=choice.path, line=choice.line, text=choice.text, is_open=is_open)


def _not_compared(message: LocatedMessage, paths: Sequence[str]) -> Iterable[Run]:
    """A value of unknown length for files that are too many to be looked at."""
    if paths:
        text = f"{len(paths)} more files"
        yield Run(path=message.path, line=message.template.line, text=text, is_open=True)


def _told_by(choices: Iterable[Run], runs: Sequence[Run]) -> set[int]:
    """The numbers of runs that are a part of a value which is told already, each in one value."""
    numbers: dict[tuple[str, int], list[int]] = {}
    for number, run in enumerate(runs):
        numbers.setdefault((run.path, run.line), []).append(number)
    found: set[int] = set()
    for choice in choices:
        left = "" if choice.is_open else choice.text
        for number in numbers.get((choice.path, choice.line), ()):
            if left and number not in found and runs[number].text in left:
                left = left.replace(runs[number].text, "", 1)
                found.add(number)
    return found


def _is_whole(run: Run, characters: int | None) -> bool:
    """Whether so many characters, between a run's marks, are the run: filters may change some."""
    if run.is_open:
        return True
    return characters is not None and 100 * characters >= _LEAST_PERCENT * (run.letters - 1)


def _standing(runs: Sequence[Run], rendering: str) -> set[int]:
    """The numbers of runs whose text stands in a rendering, each as often as it stands there.

    A copy of text that is shown once is a second run, which may stand where nothing shows it. Where
    there is too much to compare, nothing counts as seen.
    """
    left: dict[str, int] = {}
    found: set[int] = set()
    if len(runs) * len(rendering) > _MOST_COMPARED:
        return found
    for number, run in enumerate(runs):
        if run.is_open:
            continue
        if left.setdefault(run.text, rendering.count(run.text)) > 0:
            left[run.text] -= 1
            found.add(number)
    return found
