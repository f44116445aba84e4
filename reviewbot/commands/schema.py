"""`reviewbot schema`: the published JSON Schemas."""

import argparse
import json

from reviewbot.commands import Edges
from reviewbot.console import write
from reviewbot.exit_codes import ExitCode

HELP = "print the JSON Schema of the configuration, the report, the baseline or a failed review"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which schema."""
    parser.add_argument("of", choices=("configuration", "report", "baseline", "failure"))


def run(chosen: argparse.Namespace, edges: Edges) -> int:
    """Print one schema."""
    match chosen.of:
        case "configuration":
            from reviewbot.configuration.reading import configuration_schema as schema
        case "baseline":
            from reviewbot.policy.baseline import baseline_schema as schema
        case "failure":
            from reviewbot.outputs.json_report import failure_schema as schema
        case _:
            from reviewbot.outputs.json_report import report_schema as schema
    write(json.dumps(schema(), indent=2) + "\n", edges.out)
    return ExitCode.PASS
