"""The table of what each workflow costs now, of a configuration that may not be written yet."""

from reviewbot.commands import Edges
from reviewbot.outputs.cost_table import SHOWN_ROWS, Costs, render_cost_table
from reviewbot.repository.edited_trees import AddedFile
from reviewbot.repository.revisions import Comparison
from reviewbot.review import review
from reviewbot.telemetry import no_progress
from reviewbot.unconfigured import only_head, replaced_after


def cost_table(found: Comparison, file: str, text: str, edges: Edges) -> str:
    """The table for the configuration `text`, as if it stood at `file` in the head."""
    comparison = only_head(found, file)
    report = review(
        replaced_after(comparison, AddedFile(comparison.after_tree, file, text)),
        configuration_file=file,
        today=edges.today,
        progress=no_progress,
    )
    costs = Costs(report=report, unmeasured={}, notes=(), has_traffic=True, most_rows=SHOWN_ROWS)
    return shown_costs(costs, edges)


def shown_costs(costs: Costs, edges: Edges) -> str:
    """The table as the terminal of `edges` shows it."""
    from rich.console import Console

    console = Console(file=edges.out, _environ=dict(edges.environment), highlight=False)
    return render_cost_table(costs, console)
