"""The review as Markdown, through `templates/review.md.j2`.

Whatever comes from the repository is made inert: it cannot open a tag, a link, a table cell, a
mention or a comment. Only what this module itself writes is Markdown.
"""

import re
from collections.abc import Callable
from importlib.resources import files
from typing import Any

from reviewbot.affected import State
from reviewbot.report import Figures, Report, Verdict, WorkflowReview
from reviewbot.reports import wording

_SHOWN_UNOWNED = 20
_MARKS = {
    Verdict.PASS: "✅ pass",
    Verdict.WARN: "⚠️ warn",
    Verdict.NEEDS_APPROVAL: "✋ needs approval",
    Verdict.UNMEASURED: "❓ unmeasured",
    Verdict.FAIL: "❌ fail",
}


def render_markdown(report: Report) -> str:
    """The whole report, ending in a line break."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        undefined=StrictUndefined,
        finalize=inert,
        autoescape=False,  # noqa: S701 - `finalize` makes every value inert for Markdown and HTML
        keep_trailing_newline=True,
    )
    source = files("reviewbot").joinpath("templates/review.md.j2").read_text(encoding="utf-8")
    return environment.from_string(source).render(_view(report))


def inert(value: object) -> str:
    """`value` as text that Markdown and HTML show as it is, on one line."""
    text = re.sub(r"([\\`*_{}\[\]()#!|~$])", r"\\\1", wording.plain(str(value)))
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # GitHub looks for mentions, references and addresses after it has decoded these
    text = text.replace("@", f"&#64;{_GAP}").replace("\\#", f"\\#{_GAP}")
    text = re.sub(r"(://|www\.)", lambda found: _GAP.join(found[0]), text)
    return f"{_GAP}{text}" if re.match(r"[-+ \d]", text) else text


_GAP = "&#8203;"
"""A space of no width."""


def _view(report: Report) -> dict[str, Any]:
    ordered = wording.by_severity(report)
    unowned = sorted(report.unowned, key=lambda item: (not item.changed, item.path))
    left = len(unowned) - _SHOWN_UNOWNED
    return {
        "headline": wording.headline(report),
        "revisions": _revisions(report),
        "advisory": report.advisory,
        "rows": [_row(item) for item in ordered],
        "details": [detail for item in ordered if (detail := _detail(item))["lines"]],
        "findings": [
            f"{_MARKS[item.verdict]}: {wording.limit_text(item)}" for item in report.findings
        ],
        "unowned": [
            item.path + (" (changed)" if item.changed else "") for item in unowned[:_SHOWN_UNOWNED]
        ],
        "unowned_left": f"and {left} more" if left > 0 else None,
        "assumptions": _assumptions(ordered),
    }


def _revisions(report: Report) -> str:
    revisions = report.revisions
    head = f" {wording.short(revisions.head)}" if revisions.head else ""
    prices = (
        f"; prices of genai-prices {report.catalogue_version} as of {report.prices_as_of}"
        if report.catalogue_version
        else ""
    )
    return (
        f"{revisions.base_name} {wording.short(revisions.base)}, merge base "
        f"{wording.short(revisions.merge_base)} → {revisions.head_name}{head}{prices}"
    )


def _row(workflow: WorkflowReview) -> dict[str, str]:
    def pair(show: Callable[[Figures], str]) -> str:
        before = "?" if workflow.before is None else show(workflow.before)
        after = "?" if workflow.after is None else show(workflow.after)
        match workflow.state:
            case State.NEW:
                return f"{after} (new)"
            case State.REMOVED:
                return f"{before} (removed)"
            case State.CHANGED:
                return " → ".join(dict.fromkeys((before, after)))

    return {
        "mark": _MARKS[workflow.verdict],
        "name": workflow.name,
        "months": pair(lambda item: wording.usd(item.usd_per_month)),
        "change": wording.changed(workflow),
        "tokens": pair(lambda item: wording.tokens(item.mean_input_tokens)),
    }


def _detail(workflow: WorkflowReview) -> dict[str, Any]:
    lines = [str(problem) for problem in workflow.problems]
    lines += [f"{_MARKS[item.verdict]}: {wording.limit_text(item)}" for item in workflow.findings]
    if len(workflow.causes) > 1:
        parts = (
            f"{part.name} {wording.usd_change(part.usd_per_month)}" for part in workflow.causes
        )
        lines.append(f"because: {', '.join(parts)}")
    if workflow.proposed is not None:
        month = wording.usd(workflow.proposed.usd_per_month)
        lines.append(f"under the change's own terms: {month} a month")
        lines += [f"there too: {wording.limit_text(item)}" for item in workflow.proposed_findings]
    return {"title": workflow.name, "lines": lines}


def _assumptions(workflows: list[WorkflowReview]) -> list[str]:
    lines = []
    for workflow in workflows:
        figures = workflow.after or workflow.before
        if figures is None:
            continue
        lines += [f"{workflow.name}: {line}" for line in (*_streams(figures), *figures.notes)]
    return lines


def _streams(figures: Figures) -> list[str]:
    return [
        f"{wording.calls(stream.calls_per_month)} calls a month"
        + (f" for {stream.tenant}" if stream.tenant else "")
        + (f" in {stream.environment}" if stream.environment else "")
        + f", {wording.tokens(stream.output_tokens)} output tokens each"
        + f", {wording.percent(stream.cache_hit_rate)} of the input cached"
        + f", {stream.service_tier} ({stream.price_source})"
        for stream in figures.streams
    ]
