"""Comments on the changed lines: those of the last review go, what still holds stays."""

from typing import Any

from reviewbot.errors import Place, Problem
from reviewbot.github.api import GitHub
from reviewbot.github.api.failures import GitHubError
from reviewbot.github.api.line_comments import LineComment
from reviewbot.github.comment_stamp import configuration_key
from reviewbot.github.workflow_commands import Annotation
from reviewbot.outputs import wording
from reviewbot.outputs.markdown import inert
from reviewbot.report import Report

_MESSAGE_CHARACTERS = 1_000
_COMMENTS = 10
_REFUSED = 422


def write_line_comments(
    github: GitHub, report: Report, marked: tuple[Annotation, ...], *, number: int, author: str
) -> tuple[Problem, ...]:
    """Bring the comments on the costliest lines up to date: the problems of those refused.

    GitHub takes comments on lines of the diff only, and refuses a review whole for one that lies
    outside of it: then each is written by itself. One that somebody answered is left.

    Raises:
        GitHubError: Something else failed.

    """
    head = report.revisions.head
    if head is None:
        return ()
    marker = f"<!-- reviewbot line {configuration_key(report.configuration)} -->\n"
    there = github.line_comments.of_pull(number)
    answered = {item.answers for item in there}
    own = [item for item in there if item.author == author and _is_marked(item, marker)]
    lines = [item for item in marked if item.file and item.line][:_COMMENTS]
    bodies = [_body(item, marker) for item in lines]
    wanted = {_place(body): body for body in bodies}
    known = {_place_of(item) for item in own}
    new = [body for place, body in wanted.items() if place not in known]
    problems = _written(github, number, head, new)
    for item in own:
        if _place_of(item) not in wanted and item.number not in answered:
            github.line_comments.delete(item.number)
    return problems


def _body(item: Annotation, marker: str) -> dict[str, Any]:
    """The comment as GitHub documents it; of several lines it names the first, too."""
    last = item.last_line or item.line
    span = {} if last == item.line else {"start_line": item.line, "start_side": "RIGHT"}
    return {
        "path": item.file,
        "line": last,
        "side": "RIGHT",
        **span,
        "body": marker + inert(wording.plain(item.message)[:_MESSAGE_CHARACTERS]),
    }


def _is_marked(item: LineComment, marker: str) -> bool:
    return _text(item).startswith(marker)


def _text(item: LineComment) -> str:
    return item.body.replace("\r\n", "\n")


def _place(body: dict[str, Any]) -> tuple[Any, ...]:
    return body["path"], body.get("start_line"), body["line"], body["body"]


def _place_of(item: LineComment) -> tuple[Any, ...]:
    return item.path, item.first_line, item.line, _text(item)


def _written(
    github: GitHub, number: int, head: str, bodies: list[dict[str, Any]]
) -> tuple[Problem, ...]:
    if not bodies:
        return ()
    try:
        github.line_comments.create(number, head, bodies)
    except GitHubError as error:
        if error.status != _REFUSED:
            raise
        if len(bodies) == 1:
            return (_refused(bodies[0], error),)
        alone = (_written(github, number, head, [body]) for body in bodies)
        return tuple(problem for problems in alone for problem in problems)
    return ()


def _refused(body: dict[str, Any], error: GitHubError) -> Problem:
    return Problem(
        what=f"GitHub did not take a comment on this line: {error.problems[0].what}",
        mend="read it in the job's summary; comments stand on lines of the diff only",
        place=Place(file=body["path"], line=body["line"]),
    )
