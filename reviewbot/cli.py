"""The command line: the only place that builds real edges and turns errors into exit codes."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any

from reviewbot import __version__
from reviewbot.console import complain
from reviewbot.errors import ReviewbotError
from reviewbot.exit_codes import ExitCode, exit_code_of_error

_EPILOG = """\
exit codes: 0 pass or warn; 1 a limit is broken or approval is missing; 2 wrong command line or
configuration; 3 something could not be measured; 4 a fault of reviewbot itself
"""


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal: argparse would load shutil with the first option to know it."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_terminal_columns() - 2)


class _Parser(argparse.ArgumentParser):
    def __init__(self, **settings: Any) -> None:
        super().__init__(formatter_class=_Help, **settings)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the result is the process's exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        return _run(chosen)
    except ReviewbotError as error:
        _complain(error)
        return exit_code_of_error(error)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception:  # noqa: BLE001 - whatever it is, it must not look like a pass
        import traceback

        fault = "reviewbot: this is a fault of reviewbot itself; please report it\n"
        complain(f"{traceback.format_exc()}{fault}", sys.stderr)
        return ExitCode.INTERNAL


def _run(chosen: argparse.Namespace) -> int:
    match chosen.command:
        case "schema" | "formats":
            return _list(chosen)
        case "init":
            from reviewbot.commands.init import run_init

            return run_init(chosen, environment=os.environ, out=sys.stdout, errors=sys.stderr)
        case "action":
            from reviewbot.commands.action import run_action

            return run_action(os.environ, out=sys.stdout)
        case "baseline":
            from reviewbot.commands.baseline import run_baseline

            return run_baseline(chosen, environment=os.environ, out=sys.stdout, errors=sys.stderr)
        case "publish":
            from reviewbot.commands.action import run_action

            return run_action({**os.environ, "REVIEWBOT_REPORT": chosen.report}, out=sys.stdout)
        case _:
            from reviewbot.commands.check import run_check

            return run_check(chosen, environment=os.environ, out=sys.stdout, errors=sys.stderr)


def _list(chosen: argparse.Namespace) -> int:
    """Print what is the same in every repository."""
    if chosen.command == "schema":
        from reviewbot.commands.schema import run_schema

        return run_schema(chosen.of, sys.stdout)
    from reviewbot.commands.prompt_formats import run_formats

    return run_formats(chosen.format, sys.stdout)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="reviewbot",
        description="Reviews what a change of prompts will cost, before it is merged.",
        epilog=_EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"reviewbot {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    check = commands.add_parser(
        "check",
        help="review the current branch, or uncommitted work, against its base",
        epilog=_EPILOG,
    )
    check.add_argument(
        "--base", default="main", metavar="REVISION", help="the branch to merge into; default main"
    )
    _add_head(check, "review")
    check.add_argument(
        "--format",
        choices=("terminal", "markdown", "json"),
        default="terminal",
        help="default %(default)s",
    )
    check.add_argument(
        "--colour",
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="default %(default)s",
    )
    check.add_argument(
        "--log-format",
        choices=("text", "json"),
        help="log each stage with its seconds and counts to standard error; default no log",
    )
    baseline = commands.add_parser(
        "baseline",
        help="measure all workflows, and write the file that growth is measured from",
        epilog=_EPILOG,
    )
    _add_head(baseline, "measure")
    baseline.add_argument(
        "--output",
        metavar="PATH",
        help="the file to write, - to print it; default the configuration's `baseline`",
    )
    commands.add_parser(
        "action", help="review the event of a GitHub Actions job; inputs are REVIEWBOT_* variables"
    )
    publish = commands.add_parser(
        "publish", help="in a workflow_run job, comment on the pull request of an uploaded report"
    )
    publish.add_argument("report", metavar="REPORT", help="the report.json that was uploaded")
    schema = commands.add_parser(
        "schema", help="print the JSON Schema of the configuration, the report or the baseline"
    )
    schema.add_argument("of", choices=("configuration", "report", "baseline"))
    listing = commands.add_parser("formats", help="list the prompt formats that are understood")
    listing.add_argument(
        "--format", choices=("terminal", "json"), default="terminal", help="default %(default)s"
    )
    first = commands.add_parser(
        "init",
        help="find the prompts of a repository, and write a first configuration",
        epilog=_EPILOG,
    )
    _add_head(first, "search")
    first.add_argument(
        "--output",
        metavar="PATH",
        help="the file to write, - to print it; default the configuration",
    )
    first.add_argument("--force", action="store_true", help="replace the file that is there")
    return parser


def _add_head(command: argparse.ArgumentParser, verb: str) -> None:
    """Add the options that say which files a command reads."""
    command.add_argument("--repo", default=".", metavar="PATH", help="the repository; default here")
    from reviewbot.repository.revisions import Head

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
        default=".github/reviewbot.yml",
        metavar="PATH",
        help="the configuration, counted from the repository's root; default %(default)s",
    )


def _terminal_columns() -> int:
    if (wish := os.environ.get("COLUMNS", "")).isdecimal() and int(wish) > 0:
        return int(wish)
    try:
        return os.get_terminal_size().columns or _DEFAULT_COLUMNS
    except OSError:
        return _DEFAULT_COLUMNS


_DEFAULT_COLUMNS = 80


def _complain(error: ReviewbotError) -> None:
    from reviewbot.reports.wording import plain

    for problem in error.problems:
        complain(f"reviewbot: {plain(str(problem))}\n", sys.stderr)
