"""`reviewbot formats`: the prompt formats that are understood."""

import argparse
import json
import textwrap
from collections.abc import Iterator

from reviewbot import prompt_formats
from reviewbot.commands import Edges
from reviewbot.console import write
from reviewbot.exit_codes import ExitCode

_COLUMNS = 80


HELP = "list the prompt formats that are understood"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare how the list looks."""
    parser.add_argument(
        "--format", choices=("terminal", "json"), default="terminal", help="default %(default)s"
    )


def run(chosen: argparse.Namespace, edges: Edges) -> int:
    """List all formats: the names that show them, and what their files are."""
    found = [prompt_formats.by_name(name) for name in prompt_formats.names()]
    if chosen.format == "json":
        listed = [
            {"name": item.NAME, "title": item.TITLE, "recognized": list(item.RECOGNIZED)}
            for item in found
        ]
        write(json.dumps(listed, indent=2) + "\n", edges.out)
    else:
        write("".join(f"{line}\n" for line in _table(found)), edges.out)
    return ExitCode.PASS


def _table(found: list[prompt_formats.Format]) -> Iterator[str]:
    width = max(len(item.NAME) for item in found) + 2
    for item in found:
        shown = ", ".join(item.RECOGNIZED) or f"no name shows it: `format: {item.NAME}`"
        lines = [
            line
            for text in (item.TITLE, shown)
            for line in textwrap.wrap(text, _COLUMNS - width, break_on_hyphens=False)
        ]
        yield item.NAME.ljust(width) + lines[0]
        for line in lines[1:]:
            yield " " * width + line
