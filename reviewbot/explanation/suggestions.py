"""What would bring a broken limit back, forecast and no rule of thumb.

A suggestion is told only if it saves. Those that change traffic (a service tier, a cache of
responses) are forecast as the configuration would have to say it afterwards.
"""

from collections.abc import Callable, Iterator
from decimal import localcontext
from itertools import islice

from reviewbot.costs.rates import EXACT
from reviewbot.costs.tiers import Tiers
from reviewbot.evaluation.workflow import Evaluator
from reviewbot.explanation.cheaper_settings import CheaperSettings, Tried
from reviewbot.explanation.cheaper_texts import TextEdit, edits, moved_to_end
from reviewbot.explanation.cost_by_hunk import MeasuredHunk
from reviewbot.explanation.edited_workflows import EditedWorkflows
from reviewbot.report import Figures, Suggestion, SuggestionKind
from reviewbot.scope.affected import Affected

MOST_SUGGESTED = 12
"""Suggestions of one workflow that are told, those that save most."""


_MOST_EDITS = 24
"""Edits of one workflow that are tried."""


_TEXT_SUFFIXES = (
    *(".txt", ".md", ".markdown", ".prompt", ".j2", ".jinja", ".jinja2"),
    *(".mustache", ".hbs", ".handlebars"),
)
"""Files whose lines are the prompt's own, so that a line can be taken out or moved."""


class Suggestions:
    """Finds suggestions for workflows of one review."""

    def __init__(self, edited: EditedWorkflows, evaluator: Evaluator, tiers: Tiers) -> None:
        self._edited = edited
        self._settings = CheaperSettings(evaluator, tiers)

    def find(
        self,
        affected: Affected,
        hunks: tuple[MeasuredHunk, ...],
        fits: Callable[[Figures], bool],
    ) -> tuple[Suggestion, ...]:
        """The ways for one workflow, those that save most first.

        `fits` says of figures whether no limit would be broken with them.
        """
        now = self._edited.unedited(affected)
        if now is None:
            return ()
        found = (
            *self._settings.tried(now, affected, fits),
            *self._edits(affected, now.figures),
            *_undone(hunks),
        )
        with localcontext(EXACT):
            ways = [_told(way, now.figures, fits=fits(way.figures)) for way in found]
        helpful = [way for way in ways if way.saves_usd_per_month > 0]
        return tuple(
            sorted(helpful, key=lambda way: (-way.saves_usd_per_month, way.kind, way.text))
        )[:MOST_SUGGESTED]

    def _edits(self, affected: Affected, after: Figures) -> Iterator[Tried]:
        """Edits of the call's files that save by fewer tokens or a longer cacheable prefix."""
        texts = {}
        for path in affected.after.source.files if affected.after else ():
            text = self._edited.text(path) if path.lower().endswith(_TEXT_SUFFIXES) else None
            if text is not None:
                texts[path] = text
        ends = after.prefix.ends
        if ends is not None and ends.file in texts and ends.line is not None:
            moved = moved_to_end(ends.file, texts[ends.file], ends.line)
            tried = self._edited.edited(affected, {moved.path: moved.text}) if moved else None
            if moved is not None and tried is not None:
                grown = tried.figures.prefix.cacheable_tokens
                if grown > after.prefix.cacheable_tokens:
                    text = f"{moved.what}, so that {grown:,} tokens can be cached"
                    yield Tried(
                        kind=moved.kind, text=text, figures=tried.figures, lines=_lines(moved)
                    )
        for edit in islice(edits(texts), _MOST_EDITS):
            tried = self._edited.edited(affected, {edit.path: edit.text})
            if tried is not None:
                yield Tried(
                    kind=edit.kind, text=edit.what, figures=tried.figures, lines=_lines(edit)
                )


def _undone(hunks: tuple[MeasuredHunk, ...]) -> Iterator[Tried]:
    for item in hunks:
        hunk = item.hunk
        if item.without is not None:
            where = f"{hunk.file}:{hunk.first_line}"
            lines = f"{where}–{hunk.last_line}" if hunk.last_line > hunk.first_line else where
            several = f" and {hunk.hunks - 1} more changes" if hunk.hunks > 1 else ""
            yield Tried(
                kind=SuggestionKind.HUNK,
                text=f"undo the change at {lines}{several}",
                figures=item.without,
                lines=(hunk.file, hunk.first_line, hunk.last_line),
            )


def _lines(edit: TextEdit) -> tuple[str, int, int]:
    return edit.path, edit.first_line, edit.last_line


def _told(way: Tried, after: Figures, *, fits: bool) -> Suggestion:
    file, first_line, last_line = way.lines or (None, None, None)
    return Suggestion(
        kind=way.kind,
        text=way.text,
        usd_per_month=way.figures.usd_per_month,
        saves_usd_per_month=after.usd_per_month - way.figures.usd_per_month,
        fits=fits,
        value=way.value,
        file=file,
        first_line=first_line,
        last_line=last_line,
    )
