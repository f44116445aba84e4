"""What a workflow would take if its files were edited: rendered, counted and priced anew."""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration.settings import Configuration
from reviewbot.errors import MeasurementError
from reviewbot.evaluation.workflow import Evaluator
from reviewbot.measurement.calls import RenderedWorkflow
from reviewbot.measurement.renderer import Renderer
from reviewbot.report import Figures
from reviewbot.repository.edited_trees import EditedTree
from reviewbot.repository.revisions import Comparison
from reviewbot.repository.trees import read_text
from reviewbot.scope.affected import Affected, Side

MOST_EDITED = 400
LEAST_WORK = 20_000_000
MOST_WORK = 100_000_000
"""Edited workflows that one review measures, and what they may take (`RenderedWorkflow.work`): as
much as the review's own workflows took, but at least the one, some 0.7 s, and at most the other.
Beyond that hunks are not told apart. Figures of an explanation depend on no clock."""


class Edited(Struct, frozen=True, kw_only=True):
    """An edited workflow: its rendered calls, and its figures after the change."""

    rendered: RenderedWorkflow
    figures: Figures


class EditedWorkflows:
    """Measures workflows of the head with edited files, within the limits above and the review's.

    `configuration` is the head's.
    `measured_work` is what the review's own workflows took. `tried` counts the edits that were
    measured, `refused` those beyond the limits.
    """

    def __init__(
        self,
        comparison: Comparison,
        configuration: Configuration,
        renderer: Renderer,
        evaluator: Evaluator,
        *,
        measured_work: int,
    ) -> None:
        self._comparison = comparison
        self.configuration = configuration
        self._renderer = renderer
        self._evaluator = evaluator
        self._work_left = min(max(LEAST_WORK, measured_work), MOST_WORK)
        self.tried = 0
        self.refused = 0

    def text(self, path: str) -> str | None:
        """A file of the head; None where it is none that can be read."""
        try:
            return read_text(self._comparison.after_tree, path)
        except MeasurementError:
            return None

    def edited(self, affected: Affected, texts: Mapping[str, str]) -> Edited | None:
        """`affected` with these texts in the place of its files; None where that is no prompt."""
        after = self.side(affected, texts)
        return None if after is None else self.measured(replace(affected, after=after))

    def unedited(self, affected: Affected) -> Edited | None:
        """`affected` as it is."""
        return self._measured(affected)

    def side(self, affected: Affected, texts: Mapping[str, str]) -> Side | None:
        """What the call of `affected` is made of with these texts; None where that is no prompt."""
        if affected.after is None:
            return None
        tree = EditedTree(self._comparison.after_tree, texts)
        reader = affected.after.reader.over(tree)
        try:
            source = reader.read(affected.settings, self.configuration)
        except MeasurementError:
            return None
        return Side(source=source, encoding=affected.settings.encoding, reader=reader)

    def measured(self, affected: Affected) -> Edited | None:
        """`affected` measured; None beyond what a review measures, or where it cannot be."""
        if self._renderer.is_used_up or self.tried >= MOST_EDITED or self._work_left <= 0:
            self.refused += 1
            return None
        self.tried += 1
        return self._measured(affected)

    def _measured(self, affected: Affected) -> Edited | None:
        asked = replace(affected, before=None, before_problems=(), proposed=affected.governing)
        # nothing is looked for in an edit's renderings, so no marks are followed in them
        rendered = self._renderer.workflow(replace(asked, prompts_changed=False))
        self._work_left -= rendered.work
        figures, problems = self._evaluator.figures(rendered)
        if figures is None or problems:
            return None
        return Edited(rendered=rendered, figures=figures)
