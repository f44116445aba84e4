"""What an approval is bound to: digests of the figures, texts and terms that somebody agreed to.

A digest holds no commit, no path and no line, so an unrelated push keeps it; a changed rendering,
price, limit or cost gives another one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from msgspec import Struct

from reviewbot.report import Finding, Report, Verdict, WorkflowReview

_LONG_CHARACTERS = 10_000


def digest(*parts: Any) -> str:
    """The SHA-256, in hexadecimal, of records, texts, numbers and sequences of these."""
    import json
    from hashlib import sha256

    hashed = sha256()
    encode = json.JSONEncoder(separators=(",", ":")).encode
    for piece in _pieces([_data(part) for part in parts], encode, 3):
        hashed.update(piece.encode("ascii"))
    return hashed.hexdigest()


def _pieces(data: Any, encode: Callable[[Any], str], depth: int) -> Iterator[str]:
    """The JSON text, in pieces of a sample's messages: whole it takes much memory once more."""
    if depth == 0 or not isinstance(data, list):
        yield encode(data)
        return
    yield "["
    for number, item in enumerate(data):
        if number:
            yield ","
        yield from _pieces(item, encode, depth - 1)
    yield "]"


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
    if value is None or isinstance(value, _SCALARS):
        return _scalar(value)
    match value:
        case Struct():
            names = (name for name in type(value).__struct_fields__ if name != "place")
            return {name: _data(getattr(value, name)) for name in names}
        case Decimal():
            return format(value.normalize(), "f")
        case tuple() | list():
            return list(map(_data, value))
        case Mapping():
            return {str(key): _data(item) for key, item in value.items()}
        case _:
            return value


def _scalar(value: Any) -> Any:
    if isinstance(value, str):
        return _text_digest(value) if len(value) > _LONG_CHARACTERS else value
    return value.isoformat() if isinstance(value, date) else value


_SCALARS = (str, int, float, date)


@lru_cache(maxsize=64)
def _text_digest(text: str) -> str:
    """What stands for a long text, which may be the same in thousands of samples."""
    from hashlib import sha256

    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
