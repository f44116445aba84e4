"""Looks at values of samples that are given by their size, or seem to be meant so."""

import re

from reviewbot.configuration.kinds.positions import At, RejectedError, shown, shown_key
from reviewbot.configuration.kinds.sections import split_amount
from reviewbot.documents import Entry, ListNode, MappingNode, Node, Scalar
from reviewbot.prompt.sizes import size_of

_NUMBER = r"(?P<number>[0-9]{1,15}(?:[_,.][0-9]{3}){0,4}(?:\.[0-9]{1,2})?) ?(?P<thousands>k?)"
_ABOUT = r"(?:[~≈] ?|(?:about|around|approx\.?|circa|ca\.?) )?"
_SIZE = re.compile(rf"{_ABOUT}{_NUMBER} ?(?:tokens?|toks?)", re.IGNORECASE)
_SIZE_OR_NUMBER = re.compile(rf"{_ABOUT}{_NUMBER} ?(?:tokens?|toks?)?", re.IGNORECASE)
_QUOTED = re.compile(rf"\{{ ?tokens ?: ?{_NUMBER} ?\}}")
_NO_COLON = re.compile(rf"tokens(?: |:){_NUMBER}")
_KEYS = ("tok", "toks", "tks", "token", "token_count", "n_tokens", "num_tokens")
"""Keys, in small letters, that are written in place of `tokens`."""


def check_sizes(node: Node, at: At) -> None:
    """Look at every `{tokens: N}` in data, and for numbers that YAML splits at a comma.

    Raises:
        RejectedError: One is no size, or split; each is reported.
    """
    known = len(at.problems)
    _report_sizes(node, at)
    if len(at.problems) > known:
        raise RejectedError


def _report_sizes(node: Node, at: At) -> None:
    if isinstance(node, ListNode):
        for index, item in enumerate(node.items):
            _report_sizes(item, at.item(index))
    if isinstance(node, Scalar):
        _report_text(node, at)
    if not isinstance(node, MappingNode):
        return
    if len(node.entries) == 1:
        _report_only(node.entries[0], at)
        return
    for before, entry in zip((None, *node.entries), node.entries, strict=False):
        inside = at.into(shown_key(entry.key))
        _report_sizes(entry.value, inside)
        if (split := split_amount(entry, before)) is not None:
            inside.report(entry.key_line, *split)
        elif before is not None and _is_empty(before.value) and _is_size(entry):
            size = size_of({"tokens": entry.value.value}) if isinstance(entry.value, Scalar) else 0
            what = f"`tokens` stands beside `{before.key}`, which is empty"
            mend = f"write `{before.key}: {{tokens: {size:_}}}`; where it is to be empty, "
            inside.report(entry.key_line, what, f"{mend}`{before.key}: null`")


def _report_text(node: Scalar, at: At) -> None:
    """A text that names a size, and is sent as it stands."""
    if not isinstance(node.value, str):
        return
    size = None if node.quoted else _size_in(_SIZE, node.text)
    if size is not None:
        what = f"{shown(node.text)} is text as it stands, and no size"
        at.report(node.line, what, f"write `{{tokens: {size}}}`; text that is meant needs quotes")
    elif (size := _size_in(_QUOTED, node.text)) is not None:
        what = f"{shown(node.text)} is text, because of its quotes"
        at.report(node.line, what, f"write `{{tokens: {size}}}` without quotes")


def _report_only(entry: Entry, at: At) -> None:
    """The only entry of a mapping, which may be a size."""
    inside = at.into(shown_key(entry.key))
    if not isinstance(entry.value, Scalar):
        _report_sizes(entry.value, inside)
        return
    if _is_empty(entry.value) and (size := _size_in(_NO_COLON, entry.key)) is not None:
        what = f"no colon with a blank stands in `{entry.key}`"
        inside.report(entry.key_line, what, f"write `{{tokens: {size}}}`")
        return
    is_number = isinstance(entry.value.value, int) and not isinstance(entry.value.value, bool)
    if entry.key.lower() in _KEYS and is_number:
        what = f"the key of a size is `tokens`, not {entry.key!r}"
        inside.report(entry.value.line, what, f"write `{{tokens: {entry.value.value:_}}}`")
        return
    try:
        size_of({entry.key: entry.value.value})
    except ValueError as error:
        size = _size_in(_SIZE_OR_NUMBER, entry.value.text) or "1_200"
        inside.report(entry.value.line, str(error), f"write a size like `{{tokens: {size}}}`")
        return
    if entry.key != "tokens":
        _report_text(entry.value, inside)


def _size_in(pattern: re.Pattern[str], text: str) -> str | None:
    """The size that a text is, as it is written in `{tokens: …}`; None for another text."""
    found = pattern.fullmatch(text.strip())
    if found is None:
        return None
    has_fraction = "." in re.sub(r"\.(?=[0-9]{3})", "", found["number"])
    if has_fraction and not found["thousands"]:
        return None
    number = float(re.sub(r"[_,.](?=[0-9]{3})", "", found["number"])) * (
        1_000 if found["thousands"] else 1
    )
    return f"{round(number):_}"


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None and not node.text


def _is_size(entry: Entry) -> bool:
    if entry.key != "tokens" or not isinstance(entry.value, Scalar):
        return False
    try:
        return size_of({"tokens": entry.value.value}) is not None
    except ValueError:
        return False
