"""Comments on the changed lines, as one review."""

import re

from reviewbot.github.api import GitHub
from reviewbot.github.workflow_commands import Annotation
from reviewbot.report import Report
from reviewbot.reports import wording
from reviewbot.reports.markdown import inert

_MARKER = "<!-- reviewbot lines -->"
_MESSAGE_CHARACTERS = 1_000
_COMMENTS = 10


def write_line_comments(
    github: GitHub, report: Report, marked: tuple[Annotation, ...], *, number: int, author: str
) -> None:
    """A review with comments on the costliest lines, once for the same figures.

    Raises:
        GitHubError: That failed.

    """
    lines = [item for item in marked if item.file and item.line][:_COMMENTS]
    if not lines or report.revisions.head is None:
        return
    body = wording.headline(report)
    for review in github.reviews.of_pull(number):
        if review.by == author and _is_inline(review.body, body):
            return
    github.reviews.create(
        number,
        {
            "commit_id": report.revisions.head,
            "event": "COMMENT",
            "body": f"{_MARKER}\n{inert(body)}",
            "comments": [
                {
                    "path": item.file,
                    "line": item.last_line or item.line,
                    "side": "RIGHT",
                    "body": inert(wording.plain(item.message)[:_MESSAGE_CHARACTERS]),
                }
                for item in lines
            ],
        },
    )


def _is_inline(text: str, body: str) -> bool:
    found = re.match(rf"{re.escape(_MARKER)}\r?\n(.*)\Z", text, re.DOTALL)
    return found is not None and found[1].strip() == inert(body)
