"""The review as Markdown, through `templates/review.md.j2`.

Whatever comes from the repository is made inert: it cannot open a tag, a link, a table cell, a
mention or a comment. Only what the template and this folder write is Markdown.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

from reviewbot.errors import Problem
from reviewbot.outputs.markdown.inert import (
    LONGEST_TEXT,
    Verbatim,
    inert,
    within_line,
    within_line_prose,
)
from reviewbot.outputs.markdown.links import NOWHERE, Site
from reviewbot.outputs.markdown.template_values import LISTS, template_values
from reviewbot.outputs.shared_findings import with_marks
from reviewbot.report import Report

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["Site", "inert", "render_failure", "render_markdown"]


def render_markdown(
    report: Report,
    *,
    limit: int | None = None,
    problems: tuple[str, ...] = (),
    site: Site = NOWHERE,
) -> str:
    """The whole report, ending in a line break.

    A report of more than `limit` characters is shortened: every list keeps the same number of rows,
    the most important ones, and the report says how many are left out. The headline always stays.
    `problems` say what could not be done beside the review. `site` is where links lead.
    """
    template = _templates().get_template("review.md.j2")
    shown = template_values(with_marks(report), site, problems)
    whole = template.render(shown)
    if limit is None or len(whole) <= limit:
        return whole
    low, high = 0, max(len(shown[key]) for key in LISTS)
    while low < high - 1:
        middle = (low + high) // 2
        fits = len(template.render(_shortened(shown, middle))) <= limit
        low, high = (middle, high) if fits else (low, middle)
    return template.render(_shortened(shown, low))[:limit]


def render_failure(problems: tuple[Problem, ...], *, limit: int, is_beside: bool = False) -> str:
    """Why there is no review, or what could not be done `is_beside` one, within `limit`."""
    title = "reviewbot could not do all of it" if is_beside else "reviewbot: there is no review"
    text = f"## {title}\n"
    for index, problem in enumerate(problems):
        left = f"\n- and {len(problems) - index} more\n"
        where = "" if problem.place is None else f"**{within_line(str(problem.place))}**: "
        what, mend = within_line_prose(problem.what), within_line_prose(problem.mend)
        line = f"\n- {where}{what}. *Mend:* {mend}{'' if mend.endswith('?') else '.'}"
        if len(text) + len(line) + len(left) > limit:
            return text + left
        text += line
    return f"{text}\n"


@cache
def _templates() -> "Environment":
    """The templates of this package, each compiled once, however many texts are made of it."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("reviewbot"),
        undefined=StrictUndefined,
        finalize=inert,
        autoescape=False,  # noqa: S701 - `finalize` makes every value inert for Markdown and HTML
        keep_trailing_newline=True,
    )


def _shortened(whole: dict[str, Any], rows: int) -> dict[str, Any]:
    """`whole` with at most `rows` entries in each list, and with long lines cut."""
    left = sum(max(0, len(whole[key]) - rows) for key in LISTS)
    kept = {key: [_cut(item) for item in whole[key][:rows]] for key in LISTS}
    sentences = {key: _cut(whole[key]) for key in ("sentence", "advisory", "who")}
    note = f"This is the most important part; {left:,} lines more are in the job's report."
    return whole | kept | sentences | {"left": note}


def _cut(item: Any) -> Any:
    match item:
        case Verbatim():
            return item
        case str() if len(item) > LONGEST_TEXT:
            return f"{item[:LONGEST_TEXT]}…"
        case dict():
            return {key: _cut(value) for key, value in item.items()}
        case list():
            return [_cut(element) for element in item[:LONGEST_TEXT]]
        case _:
            return item
