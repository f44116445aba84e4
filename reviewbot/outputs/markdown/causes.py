"""Why the cost changed: the places that change it most, and each workflow's causes in full."""

from collections.abc import Sequence

from reviewbot.outputs import explaining, wording
from reviewbot.outputs.causes import cause_amounts, caused_name, token_text, whole_text
from reviewbot.outputs.changed_places import ChangedPlace
from reviewbot.outputs.markdown.inert import Verbatim, prose, within_line
from reviewbot.outputs.markdown.links import Links
from reviewbot.report import CauseName, Report, WorkflowReview

SHOWN_PLACES = 3
_NAMED = 3


def place_line(place: ChangedPlace, report: Report, links: Links) -> Verbatim:
    """A place with what it adds: its lines as a link, dollars, tokens and workflows."""
    where = place.where
    amount = f"**{within_line(wording.usd_change(place.usd_per_month))}** a month"
    shown: str = prose(where.cause if where.swap is None else f"model {where.swap}")
    if where.file is not None:
        swap = f", {shown}" if where.swap else ""
        shown = f"{links.lines(where.file, where.first_line, where.last_line)}{swap}"
    more = f" and {place.hunks - 1} more changes" if place.hunks > 1 else ""
    details = []
    if place.input_tokens:
        details.append(explaining.tokens_per_call(place.input_tokens))
    if len(report.workflows) > 1:
        details.append(_whose(place.workflows))
    beside = f", {within_line(', '.join(details))}" if details else ""
    return Verbatim(f"{shown}{more}: {amount}{beside}")


def cause_row(workflow: WorkflowReview, columns: Sequence[CauseName]) -> list[Verbatim]:
    """A workflow, what each cause adds, their sum, and its tokens with their spread."""
    amounts = cause_amounts(workflow)
    whole = whole_text(workflow)
    return [
        within_line(caused_name(workflow)),
        *(within_line(amounts.get(name, "")) for name in columns),
        Verbatim(f"**{within_line(whole)}**"),
        within_line(token_text(workflow)),
    ]


def _whose(workflows: Sequence[str]) -> str:
    if len(workflows) <= _NAMED:
        return f"in {', '.join(map(wording.plain, workflows))}"
    return f"in {len(workflows):,} workflows"
