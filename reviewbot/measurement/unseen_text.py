"""Which text of a workflow no sample shows: a branch that none takes, an empty loop.

Every run of static text is marked, the marked templates are rendered with the samples, and what
does not come out was not seen. Where marks change what else comes out, a run counts as seen if its
text stands in a rendering, as often as it stands there.
"""

import json
import re
from collections import Counter as Multiset
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from reviewbot.errors import MeasurementError
from reviewbot.measurement.calls import NOTHING_UNSEEN, STATIC, Texts, Unseen, UnseenText, text_key
from reviewbot.measurement.marking import marked_message
from reviewbot.prompt import Sample, sized
from reviewbot.prompts.runs import Run, Template
from reviewbot.prompts.sources import LocatedMessage
from reviewbot.prompts.static_text import has_branches, marked
from reviewbot.rendering.jobs import Rendered
from reviewbot.rendering.marks import MARKS, unmarked, whole_marks
from reviewbot.repository.edited_trees import EditedTree
from reviewbot.scope.affected import Affected, Side, State

if TYPE_CHECKING:
    from reviewbot.measurement.renderer import Renderer

_PLAIN_VALUE = re.compile(r"\{\{\{?[-~&]?\s{0,9}\$?([A-Za-z_][\w.]{0,99})\s{0,9}[-~]?\}\}\}?")

_CHUNK = 16
"""So many samples are tried at a time, until all text was seen."""

_LEAST_SHARE = Fraction(4, 5)
"""Of a run's characters that come out where all of it does: blanks and tags may be taken away."""

_GAP_LINES = 2
"""Runs that are no farther apart are told as one place: a tag stands between them."""

_MOST_COMPARED = 2_000_000_000
"""Runs times the characters of a rendering that they are looked for in: a second or two."""


def may_hide_text(affected: Affected) -> bool:
    """Whether the change can add text that no sample shows, or take samples away that show it."""
    is_same = affected.proposed.samples == affected.governing.samples
    return affected.prompts_changed or not is_same


def find_unseen(affected: Affected, governing: tuple[Sample, ...], renderer: "Renderer") -> Unseen:
    """What the samples of an affected workflow do not show; `governing` are those used for it."""
    after, proposed = affected.after, affected.proposed.samples
    if after is None or STATIC in (*governing, *proposed) or not governing:
        return NOTHING_UNSEEN
    finder = _Finder(renderer)
    runs, by_governing = finder.seen(after, governing)
    by_proposed = by_governing
    if proposed and proposed != governing:
        _, by_proposed = finder.seen(after, proposed)
    unseen = _without(runs, by_governing | by_proposed)
    if unseen and affected.before is not None and affected.state is State.CHANGED:
        was_runs, was_seen = finder.seen(affected.before, affected.governing.samples)
        unseen = _less(unseen, _without(was_runs, was_seen))
    known = _KnownValues((*governing, *proposed))
    unseen = [known.measured(run) for run in unseen]
    hidden = [known.measured(runs[number]) for number in sorted(by_governing - by_proposed)]
    return Unseen(by_change=_places(unseen), by_samples=_places(hidden))


class _KnownValues:
    """The largest value that any sample gives for a variable, for values that none shows."""

    def __init__(self, samples: Iterable[Sample]) -> None:
        self._samples = tuple(samples)

    def measured(self, run: Run) -> Run:
        """The run; one that prints a plain variable with the text of the largest known value."""
        found = _PLAIN_VALUE.fullmatch(run.text) if run.is_open else None
        if found is None:
            return run
        texts = [
            text
            for sample in self._samples
            if (text := _text_at(sample.variables, found[1].split("."))) is not None
        ]
        return replace(run, text=max(texts, key=len), is_open=False) if texts else run


def _text_at(value: Any, path: Sequence[str]) -> str | None:
    """The text of what a path leads to; None where nothing is there."""
    for name in path:
        if not isinstance(value, dict) or name not in value:
            return None
        value = value[name]
    value = sized(value)
    return value if isinstance(value, str) else json.dumps(value, default=str)


_Placed = tuple[Side, LocatedMessage]
"""A template, and what its call is made of."""


class _Finder:
    def __init__(self, renderer: "Renderer") -> None:
        self._renderer = renderer

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
        beside = _beside(side, message)
        sources = (message.template.text, *beside.values())
        if not any(has_branches(text, options) or MARKS.search(text) for text in sources):
            return [], set()
        own = marked_message(message)
        runs = [*own.runs]
        edited: dict[str, str] = {}
        for path, text in beside.items():
            template = Template(
                text=text,
                path=path,
                line=1,
                is_in_lines=True,
                options=options,
                is_included=True,
            )
            found = marked(template, len(runs))
            edited[path] = found.text
            runs += found.runs
        reader = side.reader.over(EditedTree(side.reader.tree, edited))
        other = replace(
            message,
            template=replace(message.template, text=own.text),
            files={path: f"{id_} with marks" for path, id_ in message.files.items()},
        )
        pair = (side, message), (replace(side, reader=reader), other)
        return runs, self._shown(pair, samples, runs)

    def _shown(
        self,
        pair: tuple[_Placed, _Placed],
        samples: tuple[Sample, ...],
        runs: Sequence[Run],
    ) -> set[int]:
        """The numbers of the runs that come out; `pair` is a template without and with marks."""
        plain_one, marked_one = pair
        seen: set[int] = set()
        expected_ones = self._results(*plain_one, samples, is_followed=True)
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


def _is_whole(run: Run, characters: int | None) -> bool:
    """Whether so many characters, between a run's marks, are the run: filters may change some."""
    if run.is_open:
        return True
    return characters is not None and characters >= (run.letters - 1) * _LEAST_SHARE


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


def _beside(side: Side, message: LocatedMessage) -> dict[str, str]:
    """The texts of the files that a message's template includes."""
    found = {}
    for path in message.files:
        if path != message.path:
            try:
                found[path] = side.reader.text(path)
            except MeasurementError:
                continue
    return found


def _without(runs: Sequence[Run], seen: set[int]) -> list[Run]:
    return [run for number, run in enumerate(runs) if number not in seen]


def _less(runs: Iterable[Run], others: Iterable[Run]) -> list[Run]:
    """Those of `runs` that have no counterpart among `others`, by their text."""
    left = Multiset(run.text for run in others)
    found = []
    for run in runs:
        if left[run.text] > 0:
            left[run.text] -= 1
        else:
            found.append(run)
    return found


def _places(runs: Iterable[Run]) -> tuple[UnseenText, ...]:
    """The runs, those together that stand together."""
    found: list[UnseenText] = []
    for run in runs:
        last = found[-1] if found else None
        text, values = ("", 1) if run.is_open else (run.text, 0)
        if last and last.path == run.path and 0 <= run.line - last.last_line <= _GAP_LINES:
            found[-1] = replace(
                last,
                last_line=run.line,
                text=f"{last.text}\n{text}".strip("\n"),
                open_values=last.open_values + values,
            )
        else:
            place = UnseenText(
                path=run.path,
                first_line=run.line,
                last_line=run.line,
                text=text,
                open_values=values,
            )
            found.append(place)
    return tuple(found)
