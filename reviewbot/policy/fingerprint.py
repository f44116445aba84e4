"""What an approval is bound to: digests of the figures, texts and terms that somebody agreed to.

A digest holds no commit, no path and no line, so an unrelated push keeps it; a changed rendering,
price, limit or cost gives another one.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from msgspec import Struct

from reviewbot.report import Finding, Report, Verdict, WorkflowReview

_LINES = {"place", "limit_place", "concerns"}
"""Where something stands and whose it is, whatever it says."""

_AS_IT_IS = {int, bool, type(None)}

_LONG_CHARACTERS = 10_000
"""A longer text is hashed by itself."""

_MANY = 16
"""A list of more samples or messages is hashed one by one: each may have so many characters."""


def digest(*parts: Any) -> str:
    """The SHA-256, in hexadecimal, of records, texts, numbers and sequences of these."""
    import json
    from hashlib import sha256

    hashed = sha256()
    encode = json.JSONEncoder(separators=(",", ":")).encode
    known: bytes | None = None
    begins = b"["
    for number, part in enumerate(parts):
        hashed.update(begins)
        begins = b","
        if known is not None and part is parts[number - 1]:  # proposed is mostly what is there
            hashed.update(known)
            continue
        data = _data(part)
        known = encode(data).encode("ascii") if _is_at_once(data) else None
        if known is None:
            _hash(data, encode, hashed.update, 2)
        else:
            hashed.update(known)
    hashed.update(b"]" if parts else b"[]")
    return hashed.hexdigest()


def _hash(
    data: Any, encode: Callable[[Any], str], update: Callable[[bytes], object], depth: int
) -> None:
    """Hash the JSON text in pieces of a sample's messages: whole it takes much memory once more."""
    if depth == 0 or _is_at_once(data):
        update(encode(data).encode("ascii"))
        return
    before = b"["
    for item in data:
        update(before)
        _hash(item, encode, update, depth - 1)
        before = b","
    update(b"]")


def _is_at_once(data: Any) -> bool:
    return not isinstance(data, list) or _is_short(data)


def _is_short(data: list[Any]) -> bool:
    """Whether no list in a list has many items, so that its JSON text may be made at once."""
    return len(data) <= _MANY and all(
        map(_is_short, [item for item in data if item.__class__ is list])
    )


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
    kind = value.__class__
    if kind in _AS_IT_IS or (kind is str and len(value) <= _LONG_CHARACTERS):
        return value
    return _plain(kind)(value)


@cache
def _plain(kind: type) -> Callable[[Any], Any]:
    """What makes JSON data of values of a type; of a record it leaves out where it stands."""
    if issubclass(kind, Struct):
        names = tuple(name for name in kind.__struct_fields__ if name not in _LINES)
        return lambda value: {name: _data(getattr(value, name)) for name in names}
    if issubclass(kind, Decimal):
        return lambda value: format(value.normalize(), "f")
    if issubclass(kind, tuple | list):
        return lambda value: list(map(_data, value))
    if issubclass(kind, Mapping):
        return lambda value: {str(key): _data(item) for key, item in value.items()}
    if issubclass(kind, str):
        return lambda value: _text_digest(value) if len(value) > _LONG_CHARACTERS else value
    is_day = issubclass(kind, date)
    return lambda value: value.isoformat() if is_day else value


@lru_cache(maxsize=64)
def _text_digest(text: str) -> str:
    """What stands for a long text, which may be the same in thousands of samples."""
    from hashlib import sha256

    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
