"""What an approval is bound to: digests of the figures, texts and terms that somebody agreed to.

A digest holds no commit, no path and no line, so an unrelated push keeps it; a changed rendering,
price, limit or cost gives another one.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from reviewbot.report import Finding, Report, Verdict, WorkflowReview


def digest(*parts: Any) -> str:
    """The SHA-256, in hexadecimal, of records, texts, numbers and sequences of these."""
    import json
    from hashlib import sha256

    hashed = sha256()
    # In pieces: all texts of a workflow take much memory, and as much again as one JSON text.
    for piece in json.JSONEncoder(separators=(",", ":")).iterencode([_data(it) for it in parts]):
        hashed.update(piece.encode("ascii"))
    return hashed.hexdigest()


def needs_approval(findings: Iterable[Finding]) -> bool:
    """Whether one of them does."""
    return any(item.verdict is Verdict.NEEDS_APPROVAL for item in findings)


def items_to_approve(
    workflows: Iterable[WorkflowReview],
    findings: Iterable[Finding],
    configuration_evidence: str | None,
) -> frozenset[str]:
    """The digests of all workflows, and of the configuration, that need approval."""
    items = {item.evidence for item in workflows if needs_approval(item.findings)}
    if configuration_evidence is not None and needs_approval(findings):
        items.add(configuration_evidence)
    return frozenset(items)


def report_items(report: Report) -> frozenset[str]:
    """The digests of all that needs approval in `report`."""
    return items_to_approve(report.workflows, report.findings, report.configuration_evidence)


def _data(value: Any) -> Any:
    match value:
        case Struct():
            names = (name for name in type(value).__struct_fields__ if name != "place")
            return {name: _data(getattr(value, name)) for name in names}
        case Decimal():
            return format(value.normalize(), "f")
        case tuple() | list():
            return [_data(item) for item in value]
        case Mapping():
            return {str(key): _data(item) for key, item in value.items()}
        case date():
            return value.isoformat()
        case _:
            return value
