"""Whether an `if` of a workflow file may skip the review of a pull request.

The expressions are described at
https://docs.github.com/en/actions/reference/workflows-and-actions/expressions.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

_TOKEN = re.compile(
    r"\s*(?:'(?P<text>(?:[^']|'')*)'|(?P<word>[\w.*-]+)|(?P<sign>\|\||&&|[=!]=|[!(),]))"
)
_WHOLE = re.compile(r"\s*\$\{\{(?P<inner>(?:(?!\}\}).)*)\}\}\s*", re.DOTALL)
_MOST_CHARACTERS = 2_000
_RUNS = {"always": True, "success": True, "failure": False, "cancelled": False}
"""What the functions of a job's state are where nothing failed."""

Value = str | bool | None
"""Of a part of an expression; None where it is not known."""


def goes_on(
    condition: str, *, branch: str | None = None, is_draft_reviewed: bool = False
) -> bool | None:
    """Whether an `if` is true for every new pull request, and push to one; None where it may be.

    `branch` is the one that is merged into, None where it is not known. `is_draft_reviewed` says
    that a draft is reviewed later, as soon as it is none.
    """
    names = _NAMES | ({"github.event.pull_request.draft": False} if is_draft_reviewed else {})
    if branch is not None:
        names |= dict.fromkeys(("github.base_ref", "github.event.pull_request.base.ref"), branch)
    found = [
        _whole(condition, {**names, "github.event.action": action})
        for action in ("opened", "synchronize")
    ]
    if False in found:
        return False
    return None if None in found else True


def runs_whatever_fails(condition: str) -> bool:
    """Whether an `if` lets a job run where one is skipped that it needs."""
    return re.search(r"\balways\(\)|!\s*(?:cancelled|failure)\(\)", condition) is not None


_NAMES: dict[str, Value] = {
    "true": True,
    "false": False,
    "github.event_name": "pull_request",
    "github.event.pull_request": True,
    "github.ref": "refs/pull/1/merge",
    "github.ref_name": "1/merge",
    "github.ref_type": "branch",
}
_OWN = ("github.repository", "github.repository_owner", "github.server_url")
"""What is the same in every run of a repository."""


def _whole(condition: str, names: Mapping[str, Value]) -> bool | None:
    whole = _WHOLE.fullmatch(condition)
    text = (whole["inner"] if whole else condition).strip()
    if not text or "${{" in text:
        return True  # a text, which is not empty
    if len(text) > _MOST_CHARACTERS:
        return None
    try:
        return _Expression(_tokens(text), names).value()
    except (ValueError, IndexError, RecursionError):
        return None


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise ValueError(text)
        yield str(found.lastgroup), found[str(found.lastgroup)]
        at = found.end()


class _Expression:
    """An expression that is read from left to right."""

    def __init__(self, tokens: Iterable[tuple[str, str]], names: Mapping[str, Value]) -> None:
        self._tokens = [*tokens, ("end", "")]
        self._names = names
        self._at = 0

    def value(self) -> bool | None:
        """Whether it is true; None where that is not known."""
        found = self._any()
        if self._tokens[self._at][0] != "end":
            raise ValueError
        return _truth(found)

    def _takes(self, *signs: str) -> str | None:
        kind, text = self._tokens[self._at]
        if kind != "sign" or text not in signs:
            return None
        self._at += 1
        return text

    def _any(self) -> Value:
        found = self._all()
        while self._takes("||"):
            other = self._all()
            left, right = _truth(found), _truth(other)
            found = True if True in (left, right) else None if None in (left, right) else False
        return found

    def _all(self) -> Value:
        found = self._compared()
        while self._takes("&&"):
            other = self._compared()
            left, right = _truth(found), _truth(other)
            found = False if False in (left, right) else None if None in (left, right) else True
        return found

    def _compared(self) -> Value:
        begins = self._at
        found = self._one()
        sign = self._takes("==", "!=")
        if sign is None:
            return found
        other = self._one()
        if self._tokens[begins][1].lower() in _OWN:
            return True
        if found is None or other is None:
            return None
        is_same = str(found).lower() == str(other).lower()
        return is_same == (sign == "==")

    def _one(self) -> Value:
        if self._takes("!"):
            found = _truth(self._one())
            return None if found is None else not found
        if self._takes("("):
            inner = self._any()
            self._closed()
            return inner
        kind, text = self._tokens[self._at]
        if kind not in ("text", "word"):
            raise ValueError(text)
        self._at += 1
        if kind == "text":
            return text
        if self._takes("("):
            while not self._takes(")"):
                self._any()
                self._takes(",")
            return _RUNS.get(text.lower())
        return self._names.get(text.lower())

    def _closed(self) -> None:
        if not self._takes(")"):
            raise ValueError


def _truth(value: Value) -> bool | None:
    return bool(value) if isinstance(value, str) else value
