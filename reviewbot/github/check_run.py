"""The check run of a review, which shows the report beside the commit."""

from reviewbot.configuration import DEFAULT_FILE
from reviewbot.github.workflow_commands import MAX_ANNOTATIONS, Annotation, Level
from reviewbot.outputs import wording
from reviewbot.outputs.headline import headline
from reviewbot.outputs.markdown import Site, render_markdown
from reviewbot.report import Report, Verdict

SUMMARY_BYTES = 65_535
"""GitHub's limit for a check run's summary and text: in bytes of UTF-8, not in characters."""

DEFAULT_NAME = "reviewbot report"

_MESSAGE_CHARACTERS = 1_000
_CONCLUSIONS = {
    Verdict.PASS: "success",
    Verdict.WARN: "success",
    Verdict.NEEDS_APPROVAL: "action_required",
    Verdict.UNMEASURED: "failure",
    Verdict.FAIL: "failure",
}
_LEVELS = {Level.ERROR: "failure", Level.WARNING: "warning", Level.NOTICE: "notice"}


def check_run(
    report: Report, marked: tuple[Annotation, ...], site: Site, *, head: str
) -> dict[str, object]:
    """The body of a check run: https://docs.github.com/en/rest/checks/runs, at most 50 annotations.

    Texts in it are Markdown (summary) or plain (annotations).
    """
    shown = [item for item in marked if item.file is not None][:MAX_ANNOTATIONS]
    return {
        "name": _name(report.configuration),
        "head_sha": head,
        "status": "completed",
        "conclusion": _CONCLUSIONS[report.verdict],
        "output": {
            "title": headline(report)[:200],
            "summary": _summary(report, site),
            "annotations": [
                {
                    "path": (item.file or "").encode("utf-8", "backslashreplace").decode(),
                    "start_line": item.line or 1,
                    "end_line": item.last_line or item.line or 1,
                    "annotation_level": _LEVELS[item.level],
                    "title": item.title[:200],
                    "message": wording.plain(item.message)[:_MESSAGE_CHARACTERS],
                }
                for item in shown
            ],
        },
    }


def _name(configuration: str) -> str:
    """The name by which branch protection knows the check: one for each configuration."""
    if configuration == DEFAULT_FILE:
        return DEFAULT_NAME
    return f"{DEFAULT_NAME} ({wording.plain(configuration)})"


def _summary(report: Report, site: Site) -> str:
    limit = SUMMARY_BYTES
    while True:
        text = render_markdown(report, limit=limit, site=site)
        size = len(text.encode("utf-8", "backslashreplace"))
        if size <= SUMMARY_BYTES:
            return text
        limit = min(limit, len(text)) * SUMMARY_BYTES // size - 1
