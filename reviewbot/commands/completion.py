"""`reviewbot completion`: the script that completes commands and options in a shell."""

import argparse

from reviewbot.commands import Edges
from reviewbot.console import write
from reviewbot.exit_codes import ExitCode

HELP = "print the script that completes commands and options in your shell"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the shell."""
    parser.add_argument("shell", choices=("bash", "zsh"))


def run(chosen: argparse.Namespace, edges: Edges) -> int:
    """Print the script, as shtab makes it of all commands' arguments."""
    import shtab

    from reviewbot.commands._common.parsing import parser_of

    write(shtab.complete(parser_of(()), shell=chosen.shell) + "\n", edges.out)
    return ExitCode.PASS
