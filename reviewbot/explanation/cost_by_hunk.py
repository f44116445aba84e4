"""What each changed place of a prompt adds: the workflow measured with it and without it."""

from collections.abc import Mapping, Sequence
from decimal import localcontext

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.costs.rates import EXACT
from reviewbot.explanation.edited_workflows import EditedWorkflows
from reviewbot.report import Figures, HunkFigures, WorkflowReview
from reviewbot.repository.hunks import Hunk, find_hunks, grouped, without
from reviewbot.repository.revisions import Comparison
from reviewbot.repository.trees import read_texts
from reviewbot.scope.affected import Affected, Side, State

_MOST_HUNKS = 12
"""Hunks of one workflow that are measured one by one; more are taken together."""


class MeasuredHunk(Struct, frozen=True, kw_only=True):
    """A hunk's figures, and those of the workflow without it; None where it cannot be rendered.

    `texts` are the files without it, by path.
    """

    hunk: HunkFigures
    without: Figures | None
    texts: Mapping[str, str]


class HunkCosts:
    """Measures what each hunk of a workflow's files adds by itself."""

    def __init__(self, comparison: Comparison, edited: EditedWorkflows) -> None:
        self._comparison = comparison
        self._edited = edited
        self._old_names = {change.after: change.before for change in comparison.changes}

    def by_hunk(self, affected: Affected, review: WorkflowReview) -> tuple[MeasuredHunk, ...]:
        """What each hunk adds; nothing where the workflow has no *before* or no *after*."""
        before, after = review.before, review.after
        if before is None or after is None or affected.state is not State.CHANGED:
            return ()
        hunks, texts = self._hunks(affected)
        return tuple(
            self._hunk(affected, _texts_without(group, texts), group, before, after)
            for group in grouped(hunks, _MOST_HUNKS)
        )

    def _hunks(self, affected: Affected) -> tuple[list[Hunk], Mapping[str, str]]:
        """The hunks of the files that the workflow's call is made of, and the files' texts."""
        tree = self._comparison.before_tree
        made_of = affected.after.source.files if affected.after else {}
        old_names = {path: self._old_names.get(path) for path in affected.files if path in made_of}
        was_there = [was for was in old_names.values() if was is not None and tree.entry(was)]
        before = read_texts(tree, was_there)
        after = read_texts(self._comparison.after_tree, old_names)
        found: list[Hunk] = []
        for path, was in old_names.items():
            if was in before and path in after:
                found += find_hunks(path, before[was], after[path])
        return found, after

    def _hunk(
        self,
        affected: Affected,
        texts: Mapping[str, str],
        group: Sequence[Hunk],
        before: Figures,
        after: Figures,
    ) -> MeasuredHunk:
        first = group[0]
        last = [hunk for hunk in group if hunk.path == first.path][-1]
        figures = self._without(affected, texts, before)
        tokens = usd = None
        with localcontext(EXACT):
            if figures is not None:
                tokens = after.mean_input_tokens - figures.mean_input_tokens
                usd = after.usd_per_month - figures.usd_per_month
        hunk = HunkFigures(
            file=first.path,
            first_line=first.first_line,
            last_line=last.last_line,
            hunks=len(group),
            input_tokens=tokens,
            usd_per_month=usd,
        )
        return MeasuredHunk(hunk=hunk, without=figures, texts=texts)

    def _without(
        self, affected: Affected, texts: Mapping[str, str], before: Figures
    ) -> Figures | None:
        """The figures with these texts; those before the change where nothing else changed."""
        side = self._edited.side(affected, texts)
        if side is None:
            return None
        if affected.before is not None and _same_call(side, affected.before):
            return before
        found = self._edited.measured(replace(affected, after=side))
        return found.figures if found else None


def _texts_without(group: Sequence[Hunk], texts: Mapping[str, str]) -> dict[str, str]:
    """The texts of the files that a group is in, without it."""
    of_files: dict[str, list[Hunk]] = {}
    for hunk in group:
        of_files.setdefault(hunk.path, []).append(hunk)
    return {path: without(texts[path], hunks) for path, hunks in of_files.items()}


def _same_call(one: Side, other: Side) -> bool:
    """Whether two sides without includes send the same."""
    said = _said(one)
    return said is not None and said == _said(other)


def _said(side: Side) -> object:
    source = side.source
    if any(item.files.keys() != {item.path} for item in source.messages):
        return None
    messages = [(item.path, item.template) for item in source.messages]
    asked = (source.tools, source.response_schemas, source.parameters)
    fixed = (*asked, source.model, source.counts_as, source.max_tokens)
    request = (source.answers, [(item.key, item.value) for item in source.settings])
    return messages, fixed, request, side.encoding
