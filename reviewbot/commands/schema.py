"""`reviewbot schema`: the published JSON Schemas."""

import json
from typing import TextIO

from reviewbot.console import write


def run_schema(of: str, out: TextIO | None) -> int:
    """Print the schema of the `configuration`, the `report` or the `baseline`."""
    match of:
        case "configuration":
            from reviewbot.configuration.reading import configuration_schema as schema
        case "baseline":
            from reviewbot.policy.baseline import baseline_schema as schema
        case _:
            from reviewbot.reports.json_report import report_schema as schema
    write(json.dumps(schema(), indent=2) + "\n", out)
    return 0
