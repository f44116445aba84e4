"""Options of `init` that say which of the prompts that are found are wanted."""

import argparse

from reviewbot.unconfigured import Choice


def add_choice(parser: argparse.ArgumentParser) -> None:
    """Declare what is to be written beside the product's prompts, and what is not."""
    parser.add_argument(
        "--include",
        action="append",
        metavar="GLOB",
        help="instructions of coding agents to write too; may be given several times",
    )
    parser.add_argument(
        "--exclude",
        action="append",
        metavar="GLOB",
        help="what is no prompt of yours: files, or a text as path#name; may be given repeatedly",
    )


def choice_of(chosen: argparse.Namespace) -> Choice:
    """What was chosen; instructions of coding agents only where they are included."""
    return Choice(
        include=tuple(chosen.include or ()),
        exclude=tuple(chosen.exclude or ()),
        with_developers=False,
    )
