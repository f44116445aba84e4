"""What a comment folds away: who pays, budgets, what is not covered, assumptions and commits."""

import re

from reviewbot.configuration.settings import BudgetMatch
from reviewbot.outputs import explaining, wording
from reviewbot.outputs.markdown.inert import Verbatim, prose, within_line
from reviewbot.outputs.markdown.links import Links, is_commit
from reviewbot.outputs.markdown.table import MARKS
from reviewbot.outputs.new_prompts import new_prompt_size, uncovered_file_size
from reviewbot.outputs.shared_findings import costs_the_same
from reviewbot.report import BudgetReview, Figures, Report, WorkflowReview
from reviewbot.scope.not_covered import Uncovered

_SHOWN_UNCOVERED = 20
_NAMED = 3


def budget_rows(report: Report) -> list[dict[str, str]]:
    """A row for each budget: what it covers, its month, limits and headroom."""
    return [
        {
            "mark": MARKS[item.verdict],
            "name": item.name,
            "match": _match(item),
            "figures": explaining.budget_text(item),
        }
        for item in report.budgets
    ]


def month_rows(report: Report) -> list[dict[str, str]]:
    """A row for each part of the month, in each dimension first those that the change touches."""
    return [
        {
            "dimension": item.dimension,
            "name": explaining.breakdown_name(item) + ("" if item.touched else " (unaffected)"),
            "month": explaining.month_text(item.month),
            "tokens": wording.tokens_per_month(item.month.after_tokens),
        }
        for item in explaining.shown_breakdown(report)
    ]


def new_prompts(report: Report, links: Links) -> list[Verbatim]:
    """New and grown prompts in source code that no workflow covers, the largest first."""
    ordered = sorted(report.new_prompts, key=lambda item: -item.tokens)
    shown = [
        Verbatim(
            f"{links.lines(item.path, item.line, item.last_line)}: "
            f"{within_line(new_prompt_size(item))}"
        )
        for item in ordered[:_SHOWN_UNCOVERED]
    ]
    return shown + _more(len(ordered))


def uncovered(report: Report, links: Links) -> list[Verbatim]:
    """The prompts that no workflow covers, those that the change touches first."""
    ordered = sorted(report.unowned, key=lambda item: (not item.changed, item.path))
    shown = [
        Verbatim(f"{links.lines(item.path)}{within_line(_beside(item))}")
        for item in ordered[:_SHOWN_UNCOVERED]
    ]
    return shown + _more(len(ordered))


def _beside(item: Uncovered) -> str:
    changed = ", changed here" if item.changed else ""
    return changed if item.tokens is None else f"{changed}: {uncovered_file_size(item)}"


def assumptions(workflows: list[WorkflowReview]) -> list[Verbatim]:
    """What the figures assume, each once with the workflows that it holds for."""
    found: dict[str, list[str]] = {}
    for workflow in workflows:
        figures = workflow.after or workflow.before
        if figures is not None:
            for line in dict.fromkeys((*_streams(figures), *figures.notes)):
                found.setdefault(line, []).append(workflow.name)
    return [prose(f"{wording.named(names, _NAMED)}: {line}") for line, names in found.items()]


def commits(report: Report, links: Links) -> list[Verbatim]:
    """The revisions, the configuration, and where the prices come from."""
    revisions = report.revisions
    head = f" {links.commit(revisions.head)}" if revisions.head else ""
    lines = [
        f"head {within_line(revisions.head_name)}{head}",
        f"base {within_line(revisions.base_name)} {links.commit(revisions.base)}",
    ]
    if revisions.merge_base != revisions.base:
        lines.append(f"merge base {links.commit(revisions.merge_base)}")
    lines.append(
        f"configuration {links.lines(report.configuration)}; "
        f"reviewbot {within_line(report.reviewbot_version)}"
    )
    if report.catalogue_version:
        prices = f"genai-prices {report.catalogue_version} as of {report.prices_as_of}"
        lines.append(f"prices of {within_line(prices)}")
    return [Verbatim(line) for line in lines]


def command(report: Report) -> Verbatim | None:
    """The command that reproduces this review, made only of characters that are safe in code."""
    base, head = report.revisions.base, report.revisions.head
    if head is None or not all(map(is_commit, (base, head))):
        return None
    is_safe = re.fullmatch(r"[\w./-]+", report.configuration, re.ASCII)
    config = f" --config {report.configuration}" if is_safe else ""
    return Verbatim(f"reviewbot check --base {base} --head {head}{config}")


def _more(count: int) -> list[Verbatim]:
    hidden = count - _SHOWN_UNCOVERED
    return [prose(f"and {hidden:,} more")] if hidden > 0 else []


def _match(budget: BudgetReview) -> str:
    """The traffic that a budget covers."""
    named = ((name, getattr(budget.match, name)) for name in BudgetMatch.__struct_fields__)
    return ", ".join(f"{name} {value}" for name, value in named if value is not None) or "all"


def _streams(figures: Figures) -> list[str]:
    return [
        f"{wording.calls(stream.calls_per_month)} calls a month"
        + (f" for {stream.tenant}" if stream.tenant else "")
        + (f" in {stream.environment}" if stream.environment else "")
        + f", {wording.tokens(stream.output_tokens)} output tokens each"
        + (
            f", {wording.percent(stream.cache_hit_rate)} of the calls find the prefix in the cache"
            if stream.cache_hit_rate
            else ""
        )
        + (
            f", growing by {wording.percent(stream.growth_per_month)} a month"
            if stream.growth_per_month
            else ""
        )
        + f", {stream.service_tier} ({stream.price_source})"
        for stream in figures.streams
    ]


_SHOWN_PASSING = 5
"""So many workflows are shown in the open where all of them pass."""


def folded_passing(passing: list[WorkflowReview]) -> list[WorkflowReview]:
    """Which workflows fold where all pass: none of a few, else those that cost what they did."""
    same = [item for item in passing if costs_the_same(item)]
    if len(passing) <= _SHOWN_PASSING:
        return []
    return same if len(passing) - len(same) <= _SHOWN_PASSING else passing


def passing_title(passing: list[WorkflowReview]) -> Verbatim:
    """What the list of workflows that pass is called."""
    count = len(passing)
    return within_line(f"{count:,} workflow{'s' if count > 1 else ''} within all limits")
