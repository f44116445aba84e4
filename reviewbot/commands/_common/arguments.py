"""The options that several commands have in common."""

import argparse
import posixpath

from reviewbot.configuration import DEFAULT_FILE
from reviewbot.repository.revisions import Head


def add_head(command: argparse.ArgumentParser, verb: str) -> None:
    """Add the options that say which files of which repository a command reads."""
    command.add_argument("--repo", default=".", metavar="PATH", help="the repository; default here")
    heads = command.add_mutually_exclusive_group()
    heads.add_argument(
        "--head", default="HEAD", metavar="REVISION", help=f"what to {verb}; default HEAD"
    )
    heads.add_argument(
        "--worktree",
        dest="head",
        action="store_const",
        const=Head.WORK_TREE,
        help=f"{verb} the files as they lie there",
    )
    heads.add_argument(
        "--staged",
        dest="head",
        action="store_const",
        const=Head.STAGED,
        help=f"{verb} what is staged",
    )
    command.add_argument(
        "--config",
        default=DEFAULT_FILE,
        type=posixpath.normpath,
        metavar="PATH",
        help="the configuration, counted from the repository's root; default %(default)s",
    )
