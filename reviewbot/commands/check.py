"""`reviewbot check`: a review of local commits or files, offline and without a token."""

import argparse
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import TextIO

from msgspec.structs import replace

from reviewbot.any_repository import review_any
from reviewbot.commands import Edges
from reviewbot.commands._common.arguments import add_head
from reviewbot.commands._common.caching import add_cache, cache_of
from reviewbot.commands._common.told import tell
from reviewbot.commands._common.uncommitted import (
    edits_beside,
    new_prompts,
    tell_edits,
    told_beside_errors,
    uncommitted_files,
)
from reviewbot.commands._common.written_files import write_file
from reviewbot.console import complain, terminal_columns, write
from reviewbot.documents import yaml_text
from reviewbot.errors import ReviewbotError, UsageError
from reviewbot.exit_codes import exit_code, exit_code_of_error
from reviewbot.outputs import formats
from reviewbot.outputs.style import Detail, Style
from reviewbot.report import Report
from reviewbot.repository.default_branch import default_base
from reviewbot.repository.git import Git
from reviewbot.repository.revisions import Comparison, Head, compare
from reviewbot.repository.uncommitted import Edits
from reviewbot.telemetry import Telemetry, as_json, as_text

HELP = "review the current branch, or uncommitted work, against its base"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is compared, and how the report looks."""
    parser.add_argument(
        "--base",
        metavar="REVISION",
        help="the branch to merge into; default the repository's default branch",
    )
    add_head(parser, "review")
    parser.add_argument(
        "--format",
        choices=formats.FORMATS,
        default=formats.FORMATS[0],
        help="default %(default)s",
    )
    parser.add_argument(
        "--write",
        action="append",
        default=[],
        type=_written,
        metavar="FORMAT=FILE",
        help="write the review to a file too, in any of these formats; may be repeated",
    )
    parser.add_argument(
        "--colour",
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="default %(default)s",
    )
    parser.add_argument(
        "--suggest",
        action="store_true",
        help="print the suggested edits as a patch instead of the review: `> fix.diff`",
    )
    said = parser.add_mutually_exclusive_group()
    said.add_argument(
        "--verbose", action="store_true", help="show every figure, cause and suggestion"
    )
    said.add_argument("--quiet", action="store_true", help="show the verdict only")
    add_cache(parser)
    parser.add_argument(
        "--log-format",
        choices=("text", "json"),
        help="log each stage with its seconds and counts to standard error; default no log",
    )


def run(chosen: argparse.Namespace, edges: Edges) -> int:
    """Review, print the report, and give the exit code of its verdict.

    Where there is no review, what is printed and what is written says why.
    """
    try:
        return _reviewed(chosen, edges)
    except ReviewbotError as error:
        _say_why_there_is_none(chosen, edges, error)
        raise


def _say_why_there_is_none(chosen: argparse.Namespace, edges: Edges, error: ReviewbotError) -> None:
    """Print the problems in the format that is asked for; a terminal is told by standard error.

    A file that cannot be written is told too, and changes no exit code.
    """
    from reviewbot.outputs.failed_review import FailedReview, render_failed
    from reviewbot.outputs.wording import plain

    failed = FailedReview(
        configuration=chosen.config,
        exit_code=exit_code_of_error(error),
        problems=error.problems,
    )
    if chosen.format != "terminal" and not chosen.suggest:
        write(render_failed(failed, chosen.format), edges.out)
    for form, file in chosen.write:
        try:
            mend = f"name another file: `--write {form}=FILE`"
            write_file(file, render_failed(failed, form), mend=mend)
        except UsageError as unwritten:
            for problem in unwritten.problems:
                tell(f"reviewbot: {plain(str(problem))}", edges.errors)


def _reviewed(chosen: argparse.Namespace, edges: Edges) -> int:
    environment, out, errors = edges.environment, edges.out, edges.errors
    head: str | Head = chosen.head
    git = Git(directory=chosen.repo, environment=environment)
    yaml_text.load_ahead()
    edits = None if chosen.quiet else edits_beside(git, head)
    telemetry = _telemetry(chosen.log_format, errors)
    telling = told_beside_errors(edits, errors, done="reviewed") if edits else nullcontext()
    with telemetry.review() as counts:
        base = chosen.base or default_base(git)
        with (
            telling,
            cache_of(chosen, environment) as cache,
            compare(git, base=base, head=head, telemetry=telemetry) as comparison,
        ):
            report = review_any(
                comparison,
                configuration_file=chosen.config,
                today=edges.today,
                telemetry=telemetry,
                is_uncommitted=(
                    not comparison.has(chosen.config)
                    and chosen.config in uncommitted_files(git, head)
                ),
                cache=cache,
            )
        if edits is not None:
            is_told = chosen.format == "terminal" and not chosen.suggest
            _note_what_is_left_out(comparison, report, edits, errors, is_told=is_told)
        with telemetry.stage("report"):
            style = _style(chosen, environment, out)
            if chosen.suggest:
                from reviewbot.commands._common.suggesting import suggest

                suggest(report, out, errors)
            else:
                write(formats.render(report, chosen.format, style), out)
            for form, file in chosen.write:
                text = formats.render(report, form, replace(style, colour=False))
                write_file(file, text, mend=f"name another file: `--write {form}=FILE`")
        code = exit_code(report)
        counts.note(verdict=report.verdict, exit_code=code, workflows=len(report.workflows))
    return code


def _note_what_is_left_out(
    comparison: Comparison,
    report: Report,
    edits: Callable[[], Edits],
    errors: TextIO | None,
    *,
    is_told: bool,
) -> None:
    """Say that nothing is compared, or that edits lie about which the review of HEAD leaves out.

    Files that a problem of the report names are told there; `is_told` says that the report tells
    the former itself, too.
    """
    from reviewbot.outputs.wording import plain

    head, base = comparison.head, comparison.base
    if head is None:
        return
    found = edits()
    problems = (it for workflow in report.workflows for it in workflow.problems)
    new = new_prompts(found, (it.what for it in problems))
    if head.object_id == base.object_id and not is_told:
        text = f"{plain(base.name)} and {plain(head.name)} are the same commit: nothing to compare"
        has_edits = found.are_tracked or bool(new)
        hint = "" if has_edits else "; `--base` names an earlier one, such as HEAD~1"
        tell(f"reviewbot: {text}{hint}", errors)
    tell_edits(found, new, errors, done="reviewed")


def _written(text: str) -> tuple[str, str]:
    """The format and the file of `--write FORMAT=FILE`."""
    form, _, file = text.partition("=")
    if form not in formats.FORMATS or not file:
        from reviewbot.commands._common.meant_words import meant_output

        meant = meant_output(text, formats.FORMATS)
        known = "" if meant else f" with a format of {', '.join(formats.FORMATS)}"
        raise argparse.ArgumentTypeError(f"{text!r} is not FORMAT=FILE{known}{meant}")
    return form, file


def _telemetry(wish: str | None, errors: TextIO | None) -> Telemetry:
    progress = _progress(errors)
    if wish is None:
        return Telemetry(progress=progress)
    as_line = as_json if wish == "json" else as_text
    return Telemetry(lambda event: complain(f"{as_line(event)}\n", errors), progress=progress)


def _style(chosen: argparse.Namespace, environment: Mapping[str, str], out: TextIO | None) -> Style:
    detail = Detail.VERBOSE if chosen.verbose else Detail.BRIEF
    return Style(
        columns=terminal_columns(),
        colour=_has_colour(chosen.colour, environment, out),
        detail=Detail.QUIET if chosen.quiet else detail,
    )


def _has_colour(wish: str, environment: Mapping[str, str], out: TextIO | None) -> bool:
    """Whether to paint; `NO_COLOR` is honoured as no-color.org describes it."""
    if wish != "auto":
        return wish == "always"
    return (
        out is not None
        and out.isatty()
        and not environment.get("NO_COLOR")
        and environment.get("TERM") != "dumb"
    )


def _progress(errors: TextIO | None) -> Callable[[int, int], None]:
    """A line that counts workflows, on a terminal only; it is wiped when the work is done."""
    if errors is None or not errors.isatty():
        return lambda _done, _of: None

    def show(done: int, of: int) -> None:
        text = f"\rmeasured {done:,} of {of:,} workflows" if done < of else "\r\x1b[K"
        errors.write(text)
        errors.flush()

    return show
