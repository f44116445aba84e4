"""The workflows that a command is asked for, by their names."""

import argparse
import difflib
from collections.abc import Collection, Sequence

from reviewbot.commands._common.meant_positionals import meant_revision
from reviewbot.errors import Problem, UsageError
from reviewbot.outputs.wording import named
from reviewbot.repository.git import Git

_SHOWN_NAMES = 10


def add_workflows(parser: argparse.ArgumentParser, what: str) -> None:
    """Declare workflows, of which nobody has to name one."""
    parser.add_argument(
        "workflows",
        nargs="*",
        metavar="WORKFLOW",
        help=f"{what}, by their names; default all",
    )


def chosen_names(asked: Sequence[str], known: Collection[str], git: Git) -> frozenset[str] | None:
    """The names that are asked for; None where all `known` ones are.

    A name that is unknown may be a revision of the repository.

    Raises:
        UsageError: There is no workflow of such a name.

    """
    if unknown := [name for name in asked if name not in known]:
        raise UsageError([_unknown(name, known, git) for name in unknown])
    return frozenset(asked) or None


def _unknown(name: str, known: Collection[str], git: Git) -> Problem:
    if revision := meant_revision(name, ("--head",), git):
        what = f"there is no workflow {name!r}, but a revision"
        return Problem(what=what, mend=f"did you mean `{revision}`?")
    near = difflib.get_close_matches(name, known, 1)
    some = named([f"`{one}`" for one in sorted(known)], _SHOWN_NAMES)
    mend = f"did you mean `{near[0]}`?" if near else f"name one of {some}"
    return Problem(what=f"there is no workflow {name!r}", mend=mend)
