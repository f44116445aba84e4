"""What would bring a broken limit back, forecast and no rule of thumb.

A suggestion is told only if it saves. Those that change traffic (a service tier, a cache of
responses) are forecast as the configuration would have to say it afterwards.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal, localcontext
from itertools import islice

from reviewbot.costs.rates import EXACT
from reviewbot.costs.tiers import Tiers
from reviewbot.evaluation.workflow import Evaluator
from reviewbot.explanation.cheaper_settings import CheaperSettings, Tried
from reviewbot.explanation.cheaper_texts import TextEdit, edits, moved_to_end
from reviewbot.explanation.cost_by_hunk import MeasuredHunk
from reviewbot.explanation.edited_workflows import Edited, EditedWorkflows
from reviewbot.explanation.patches import patch_of
from reviewbot.report import Figures, Suggestion, SuggestionKind
from reviewbot.scope.affected import Affected, State

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
        self._settings = CheaperSettings(evaluator, tiers, edited.configuration.defaults)

    def find(
        self,
        affected: Affected,
        hunks: tuple[MeasuredHunk, ...],
        fits: Callable[[Figures], bool],
    ) -> tuple[Suggestion, ...]:
        """The suggestions for one workflow, in the order in which they are best tried.

        First undoing a change of the model, then those without risk to the answers, then undoing
        changed lines, then those that need an evaluation, and a cap that cuts answers last; of each
        kind those that save most.
        `fits` says of figures whether nothing would stop the workflow with them.
        """
        now = self._edited.unedited(affected)
        if now is None:
            return ()
        found = (
            *self._earlier_model(now, affected),
            *self._settings.tried(now, affected, fits),
            *self._edits(affected, now.figures),
            *_undone(hunks),
        )
        return self._helpful(found, now, affected, fits)

    def undone_model(
        self, affected: Affected, fits: Callable[[Figures], bool]
    ) -> tuple[Suggestion, ...]:
        """The suggestion to undo a change of the model, of a workflow that has no other."""
        is_same = (
            affected.before is None
            or affected.after is None
            or affected.before.source.model == affected.after.source.model
        )
        now = None if is_same else self._edited.unedited(affected)
        if now is None:
            return ()
        return self._helpful(self._earlier_model(now, affected), now, affected, fits)

    def _earlier_model(self, now: Edited, affected: Affected) -> tuple[Tried, ...]:
        way = self._settings.earlier_model(now, affected)
        return () if way is None else (way,)

    def _helpful(
        self,
        found: tuple[Tried, ...],
        now: Edited,
        affected: Affected,
        fits: Callable[[Figures], bool],
    ) -> tuple[Suggestion, ...]:
        """Those that save, in the order in which they are best tried."""
        with localcontext(EXACT):
            is_judged_by_base = affected.state is State.CHANGED
            ways = [
                self._told(
                    way,
                    now.figures,
                    fits=fits(way.figures),
                    needs_approval=way.is_configured and is_judged_by_base,
                )
                for way in found
            ]
        helpful = [way for way in ways if way.saves_usd_per_month > 0]
        return tuple(sorted(helpful, key=_order))[:MOST_SUGGESTED]

    def _told(self, way: Tried, after: Figures, *, fits: bool, needs_approval: bool) -> Suggestion:
        file, first_line, last_line = way.lines or (None, None, None)
        before = {path: self._edited.text(path) or "" for path in way.texts}
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
            needs_evaluation=way.needs_evaluation,
            needs_approval=needs_approval,
            patch=patch_of(before, way.texts),
        )

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
                    yield _edit(moved, tried.figures, text)
        for edit in islice(edits(texts), _MOST_EDITS):
            tried = self._edited.edited(affected, {edit.path: edit.text})
            if tried is not None:
                yield _edit(edit, tried.figures, edit.what)


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
                texts=item.texts,
            )


def _edit(edit: TextEdit, figures: Figures, text: str) -> Tried:
    return Tried(
        kind=edit.kind,
        text=text,
        figures=figures,
        lines=(edit.path, edit.first_line, edit.last_line),
        texts={edit.path: edit.text},
        needs_evaluation=edit.needs_evaluation,
    )


def _order(way: Suggestion) -> tuple[bool, bool, bool, bool, Decimal, str, str]:
    is_cap, is_undone = way.kind is SuggestionKind.OUTPUT_CAP, way.kind is SuggestionKind.HUNK
    is_other = way.kind is not SuggestionKind.EARLIER_MODEL
    return (
        is_other,
        is_cap,
        way.needs_evaluation,
        is_undone,
        -way.saves_usd_per_month,
        way.kind,
        way.text,
    )
