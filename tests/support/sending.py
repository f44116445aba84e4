"""What a repository's workflows send, as the pipeline renders it."""

import os
import time
from pathlib import Path

from reviewbot.allowance import Allowance
from reviewbot.measurement.calls import Calls
from reviewbot.measurement.rendered_ahead import render_ahead
from reviewbot.measurement.renderer import Renderer
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.rendering.process import RenderingProcess
from reviewbot.repository.git import Git
from reviewbot.repository.revisions import compare
from reviewbot.scope.governing import read_configurations
from reviewbot.scope.workflows import find_affected
from reviewbot.telemetry import SILENT, Counts

CONFIGURATION = ".github/reviewbot.yml"


def calls_of(repository: Path, *, head: str = "HEAD", base: str = "main") -> dict[str, Calls]:
    """The calls of each workflow of the head, with the samples that govern them.

    Raises:
        AssertionError: One cannot be rendered; it holds the problems.
    """
    git = Git(directory=str(repository), environment=os.environ)
    with (
        compare(git, base=base, head=head, telemetry=SILENT) as comparison,
        LimitedParser() as parser,
        RenderingProcess() as process,
    ):
        configurations = read_configurations(comparison, CONFIGURATION)
        scope = find_affected(comparison, configurations, parser)
        renderer = Renderer([process], Counts(time.monotonic), Allowance())
        workflows = [*scope.affected, *scope.unaffected]
        found = {}
        for rendered in render_ahead(workflows, renderer, 1):
            assert rendered.after is not None, [str(item) for item in rendered.problems]
            found[rendered.affected.name] = rendered.after
    return found


def sent(calls: Calls, sample: int = 0) -> list[tuple[str, str]]:
    """Role and text of each message that one sample gives."""
    return [(message.role, message.text) for message in calls.messages[sample]]
