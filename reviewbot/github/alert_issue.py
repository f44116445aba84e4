"""The one issue of a configuration that alerts: found again, never doubled, silent without news.

An issue is ours when its body begins with our marker *and* the account that we write as opened it.
The marker holds what was told: digests of troubles with their sizes, and the last day of the log.
A label that only one run can create decides which of several opens the issue.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from msgspec import Struct

from reviewbot.github.api import GitHub
from reviewbot.github.api.failures import GitHubError
from reviewbot.github.api.issues import Issue
from reviewbot.github.comment import MAX_CHARACTERS
from reviewbot.usage.alert_content import LARGEST_SIZE, Changes, changes, told_now

_MARKER = re.compile(
    r"<!-- reviewbot-drift (?P<key>[0-9a-f]{12}) until=(?P<until>\d{4}-\d{2}-\d{2})"
    rf" told=(?P<told>(?:[0-9a-f]{{16}}:[0-9]{{1,{len(str(LARGEST_SIZE))}}},?){{0,400}}) -->\n"
)
_ROUNDS = 8


class Alert(Struct, frozen=True, kw_only=True):
    """What to tell: `troubles` by their digests, on the last day `until` of the log.

    `key` is that of the configuration. `body` gives the text of an issue for what is new, within a
    number of characters.
    """

    key: str
    until: date
    troubles: Mapping[str, int]
    title: str
    body: Callable[[Changes, int], str]


class Account(Struct, frozen=True, kw_only=True):
    """Who writes, and the label by which people ask for silence."""

    author: str
    snooze_label: str


class _Told(Struct, frozen=True, kw_only=True):
    until: date
    troubles: Mapping[str, int]


class Alerted(Struct, frozen=True, kw_only=True):
    """What became of the issue: its address, None where there is none, and why."""

    url: str | None
    what: str


def write_alert(
    github: GitHub, alert: Alert, account: Account, *, settle_seconds: float = 10.0
) -> Alerted:
    """Bring the issue up to date; without trouble none is opened.

    `settle_seconds` is how long another run that opens the issue may take for it.

    Raises:
        GitHubError: It could not be brought up to date, or nobody knows whether it was.

    """
    mine: tuple[Issue, ...] = ()
    has_waited = False
    failure: GitHubError | None = None
    for _ in range(_ROUNDS):
        is_ours = partial(_is_ours, key=alert.key, author=account.author)
        listed = github.issues.by_author(account.author, _label(alert.key), is_ours)
        known = {item.number: item for item in (*filter(is_ours, mine), *listed)}
        own = [item for _, item in sorted(known.items())]
        if not own and not alert.troubles:
            return Alerted(url=None, what="there is nothing to alert")
        try:
            if own:
                _close_doubles(github, own[1:])
                if own[0] in mine:
                    return Alerted(url=own[0].url, what="an issue is open")
                return _updated(github, own[0], alert, account)
            if not has_waited and not github.issues.claim(_label(alert.key), "one drift issue"):
                github.pause(settle_seconds)
                has_waited = True
                continue
            has_waited = True
            mine = (_opened(github, alert),)
            account = Account(author=mine[0].author, snooze_label=account.snooze_label)
        except GitHubError as error:
            if failure is not None or not error.is_uncertain:
                raise
            failure = error
    raise failure or GitHubError("updating the issue", "others keep changing it", status=None)


def _is_ours(issue: Issue, *, key: str, author: str) -> bool:
    """Whether it is one of ours for the configuration `key`."""
    found = _marker(issue.body)
    return issue.author == author and found is not None and found["key"] == key


def _close_doubles(github: GitHub, doubles: list[Issue]) -> None:
    for item in doubles:
        if item.is_open:
            github.issues.edit(item.number, {"state": "closed", "state_reason": "not_planned"})


def _updated(github: GitHub, issue: Issue, alert: Alert, account: Account) -> Alerted:
    told = _told(issue.body)
    if told.until > alert.until:
        return Alerted(url=issue.url, what="a run with later days has reported")
    news = changes(told.troubles, alert.troubles)
    if not news.any:
        return Alerted(url=issue.url, what="there is no news")
    snoozed = account.snooze_label in issue.labels
    if snoozed and alert.troubles:
        return Alerted(url=issue.url, what=f"it is labelled {account.snooze_label!r}")
    values = {"title": alert.title, "body": _text(alert, told.troubles)}
    if alert.troubles:
        github.issues.edit(issue.number, values | {"state": "open"})
        return Alerted(url=issue.url, what="the issue is up to date")
    labels = [name for name in issue.labels if name != account.snooze_label]
    ended = {"state": "closed", "state_reason": "completed", "labels": labels}
    github.issues.edit(issue.number, values | ended)
    return Alerted(url=issue.url, what="all has ended, and the issue is closed")


def _opened(github: GitHub, alert: Alert) -> Issue:
    return github.issues.create(alert.title, _text(alert, {}), [_label(alert.key)])


def _label(key: str) -> str:
    return f"reviewbot-drift-{key}"


def _text(alert: Alert, before: Mapping[str, int]) -> str:
    """The body, which begins with what is remembered; all of that is ours: digits and digests."""
    told = sorted(told_now(before, alert.troubles).items())
    listed = ",".join(f"{key}:{size}" for key, size in told)
    marker = f"<!-- reviewbot-drift {alert.key} until={alert.until} told={listed} -->\n"
    room = MAX_CHARACTERS - len(marker)
    return marker + alert.body(changes(before, alert.troubles), room)


def _marker(body: str) -> re.Match[str] | None:
    return _MARKER.match(body.replace("\r\n", "\n"))


def _told(body: str) -> _Told:
    found = _marker(body)
    assert found is not None
    pairs = (item.partition(":") for item in found["told"].split(",") if item)
    try:
        until = date.fromisoformat(found["until"])
    except ValueError:
        until = date.min
    return _Told(until=until, troubles={key: int(size) for key, _, size in pairs})
