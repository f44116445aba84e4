"""The table of what each workflow costs now, of a configuration that may not be written yet."""

from reviewbot.commands import Edges
from reviewbot.configuration.reading import read_configuration
from reviewbot.configuration.settings import Configuration, Guess
from reviewbot.errors import Problem
from reviewbot.outputs.console_of import console_of
from reviewbot.outputs.costs_now import Costs, render_cost_table
from reviewbot.rendering.parsing import Known, LimitedParser
from reviewbot.report import Report
from reviewbot.repository.revisions import Comparison
from reviewbot.review import review
from reviewbot.unconfigured import only_head, with_configuration

_SHOWN_ROWS = 10


def costs_now(found: Comparison, file: str, text: str, edges: Edges, known: Known) -> Costs:
    """What workflows cost by the configuration `text`, as if it stood at `file` in the head.

    Only the dearest are rows. `known` is what was read of source code before.
    """
    report = review(
        with_configuration(only_head(found, file), file, text),
        configuration_file=file,
        today=edges.today,
        parser=LimitedParser(known=known),
    )
    return Costs(
        report=report,
        prompts=prompts_of(text, file),
        unmeasured=unmeasured_workflows(report),
        notes=(),
        has_traffic=True,
        most_rows=_SHOWN_ROWS,
        guessed=with_guessed_samples(read_configuration(text, file=file)),
    )


def with_guessed_samples(configuration: Configuration) -> frozenset[str]:
    """The workflows whose samples are guesses, as `assumed` says."""
    workflows = configuration.workflows.values()
    return frozenset(item.name for item in workflows if Guess.SAMPLES in item.assumed)


def prompts_of(text: str, file: str) -> dict[str, list[str]]:
    """The prompts of each workflow of a configuration, as they are named there."""
    workflows = read_configuration(text, file=file).workflows
    return {name: [it.name for it in item.prompts] for name, item in workflows.items()}


def unmeasured_workflows(report: Report) -> dict[str, Problem]:
    """Why workflows of a review cannot be measured, by their names."""
    return {item.name: item.problems[0] for item in report.workflows if item.problems}


def shown_costs(costs: Costs, edges: Edges) -> str:
    """The table as the terminal of `edges` shows it."""
    return render_cost_table(costs, console_of(edges.out, edges.environment))
