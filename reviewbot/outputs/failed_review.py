"""Why there is no review, in every format that a review is printed in.

Whoever reads the output, such as a job that posts it as a comment, is told what to mend there.
"""

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from reviewbot import __version__
from reviewbot.errors import Problem
from reviewbot.outputs.wording import plain
from reviewbot.report import SCHEMA_VERSION, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable


class FailedReview(Struct, frozen=True, kw_only=True):
    """What stands in the place of a report where there is no review.

    `exit_code` is that of the command. `problems` hold all that is wrong, and the mend of each.
    """

    reviewbot_version: str = __version__
    verdict: Verdict = Verdict.UNMEASURED
    configuration: str
    exit_code: int
    problems: tuple[Problem, ...]
    schema_version: int = SCHEMA_VERSION


def render_failed(failed: FailedReview, form: str) -> str:
    """The problems in the format `form`, one of `reviewbot.outputs.formats.FORMATS`."""
    chosen: Callable[[Any], str]
    match form:
        case "json":
            from reviewbot.outputs.json_report import render_json

            chosen = render_json
        case "markdown":
            return _markdown(failed)
        case "html":
            chosen = render_failed_html
        case "sarif":
            from reviewbot.outputs.sarif import render_failed_sarif

            chosen = render_failed_sarif
        case "junit":
            from reviewbot.outputs.junit import render_failed_junit

            chosen = render_failed_junit
        case "gitlab":
            from reviewbot.outputs.gitlab import render_failed_gitlab

            chosen = render_failed_gitlab
        case _:
            chosen = _lines
    return chosen(failed)


def render_failed_html(failed: FailedReview) -> str:
    """The problems as a page, ending in a line break."""
    from reviewbot.outputs.html_pages import render_page

    rows = [
        {
            "where": "" if item.place is None else plain(str(item.place)),
            "what": plain(item.what),
            "mend": plain(item.mend),
        }
        for item in failed.problems
    ]
    return render_page("failed.html.j2", configuration=plain(failed.configuration), problems=rows)


def _markdown(failed: FailedReview) -> str:
    from reviewbot.outputs.markdown import render_failure

    return render_failure(failed.problems, limit=_MARKDOWN_CHARACTERS)


def _lines(failed: FailedReview) -> str:
    return "".join(f"reviewbot: {plain(str(item))}\n" for item in failed.problems)


_MARKDOWN_CHARACTERS = 60_000
"""What a comment of GitHub or GitLab holds, with room for whatever stands around it."""
