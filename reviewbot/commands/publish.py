"""`reviewbot publish`: comment on the pull request of a report that another run has uploaded."""

import argparse

from reviewbot.commands import Edges
from reviewbot.commands.action import run_action

HELP = "in a workflow_run job, comment on the pull request of an uploaded report"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the report."""
    parser.add_argument("report", metavar="REPORT", help="the report.json that was uploaded")


def run(chosen: argparse.Namespace, edges: Edges) -> int:
    """Do what the action does for the event `workflow_run`, with this report."""
    return run_action({**edges.environment, "REVIEWBOT_REPORT": chosen.report}, out=edges.out)
