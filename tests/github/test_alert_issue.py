"""The one issue that tells of a drift, on a GitHub of our own that is held to its description."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from reviewbot.configuration.settings import Limit
from reviewbot.github.alert_issue import Account, Alert, Alerted, write_alert
from reviewbot.github.api import GitHub
from reviewbot.github.api.client import Account as Token
from reviewbot.github.api.failures import GitHubError
from reviewbot.outputs.drift.issue import issue_body
from reviewbot.usage.alert_content import LARGEST_SIZE, MOST_TROUBLES, Changes, troubles
from reviewbot.usage.drift import Drift, Outcome
from reviewbot.usage.spend_against_limits import Level, Standing
from tests.support.acting import PATIENT, QUICK
from tests.support.github_server import Fault, FaultKind, GitHubServer, Recorded
from tests.support.github_server.state import IssueState
from tests.support.repetitions import examples
from tests.support.repository import Repository

KEY, OTHER = "a" * 12, "b" * 12
ONE, TWO = "1" * 16, "2" * 16
DAY = date(2026, 11, 20)
BOT = Account(author="github-actions[bot]", snooze_label="snooze")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitHubServer]:
    with GitHubServer(Repository.create(tmp_path / "r").path) as made:
        made.permissions = {"contents:read", "issues:write"}
        yield made
        assert made.violations == []


def tell(
    server: GitHubServer,
    troubles: Mapping[str, int],
    *,
    day: date = DAY,
    key: str = KEY,
    is_patient: bool = False,
    body: Callable[[Changes, int], str] | None = None,
) -> Alerted:
    account = Token(url=server.url, repository="acme/prompts", token="ghs_token")
    alert = Alert(
        key=key,
        until=day,
        troubles=troubles,
        title=f"{len(troubles)} things",
        body=body
        or (lambda news, _: f"{news.opened} new, {news.doubled} doubled, {news.ended} over"),
    )
    policy = PATIENT if is_patient else QUICK
    return write_alert(GitHub(account, policy), alert, BOT, settle_seconds=1.0)


def writes(server: GitHubServer) -> int:
    return sum(item.method != "GET" for item in server.requests)


def only(server: GitHubServer) -> IssueState:
    (found,) = server.issues
    return found


def test_without_trouble_there_is_no_issue_and_no_write(server: GitHubServer) -> None:
    assert tell(server, {}) == Alerted(url=None, what="there is nothing to alert")
    assert (server.issues, writes(server)) == ([], 0)


def test_trouble_opens_an_issue_and_the_same_again_writes_nothing(server: GitHubServer) -> None:
    done = tell(server, {ONE: 100})
    issue = only(server)
    assert done.url == f"{server.url}/acme/prompts/issues/1"
    assert (issue.title, issue.state, issue.author) == ("1 things", "open", BOT.author)
    assert issue.body.partition("\n")[2] == "1 new, 0 doubled, 0 over"
    before = writes(server)
    assert tell(server, {ONE: 199}, day=date(2026, 11, 21)).what == "there is no news"
    assert writes(server) == before


def test_it_is_written_when_a_trouble_opens_doubles_or_ends(server: GitHubServer) -> None:
    tell(server, {ONE: 100})
    tell(server, {ONE: 150, TWO: 10})
    assert only(server).body.endswith("1 new, 0 doubled, 0 over")
    tell(server, {ONE: 200, TWO: 10})
    assert only(server).body.endswith("0 new, 1 doubled, 0 over")
    assert tell(server, {ONE: 399, TWO: 10}).what == "there is no news"
    tell(server, {ONE: 399})
    assert only(server).body.endswith("0 new, 0 doubled, 1 over")
    assert only(server).state == "open"


def test_it_is_closed_when_all_has_ended_and_opened_again_by_new_trouble(
    server: GitHubServer,
) -> None:
    tell(server, {ONE: 100})
    tell(server, {})
    assert (only(server).state, only(server).state_reason) == ("closed", "completed")
    before = writes(server)
    tell(server, {})
    assert writes(server) == before
    tell(server, {TWO: 1})
    assert only(server).state == "open"


def test_a_person_who_closes_it_is_not_told_the_same_again(server: GitHubServer) -> None:
    tell(server, {ONE: 100})
    only(server).state = "closed"
    assert tell(server, {ONE: 100}).what == "there is no news"
    assert only(server).state == "closed"
    tell(server, {ONE: 200})
    assert only(server).state == "open"


def test_a_label_silences_it_until_all_has_ended(server: GitHubServer) -> None:
    tell(server, {ONE: 100})
    only(server).labels.append("snooze")
    before = only(server).body
    assert tell(server, {ONE: 900, TWO: 1}).what == "it is labelled 'snooze'"
    assert only(server).body == before
    tell(server, {})
    assert only(server).state == "closed"
    assert only(server).labels == [f"reviewbot-drift-{KEY}"]


def test_an_older_log_changes_nothing(server: GitHubServer) -> None:
    tell(server, {ONE: 100})
    done = tell(server, {}, day=date(2026, 11, 19))
    assert done.what == "a run with later days has reported"
    assert only(server).state == "open"


def test_each_configuration_has_an_issue_of_its_own(server: GitHubServer) -> None:
    tell(server, {ONE: 100})
    tell(server, {ONE: 100}, key=OTHER)
    tell(server, {}, key=OTHER)
    assert [item.state for item in server.issues] == ["open", "closed"]


def test_a_strangers_issue_with_our_marker_is_left_alone(server: GitHubServer) -> None:
    tell(server, {ONE: 100})
    body = only(server).body
    server.issues.clear()
    strange = server.issue("stranger", "look", body, [])
    server.issue(BOT.author, "of another tool", "text", [])
    tell(server, {ONE: 100})
    tell(server, {})
    assert (strange.title, strange.state, strange.body) == ("look", "open", body)
    assert [item.state for item in server.issues] == ["open", "open", "closed"]


@pytest.mark.parametrize("path", ["/repos/acme/prompts/issues", "/repos/acme/prompts/labels"])
def test_a_lost_reply_makes_no_second_issue(server: GitHubServer, path: str) -> None:
    lost: list[Recorded] = []

    def fault(request: Recorded) -> Fault | None:
        if request.method == "POST" and request.path == path and not lost:
            lost.append(request)
            return Fault(FaultKind.LOST_REPLY)
        return None

    server.faults = fault
    tell(server, {ONE: 100})
    assert len(lost) == 1
    assert only(server).state == "open"


def test_a_lost_reply_of_an_update_is_looked_for(server: GitHubServer) -> None:
    tell(server, {ONE: 100})
    lost: list[Recorded] = []

    def fault(request: Recorded) -> Fault | None:
        if request.method == "PATCH" and not lost:
            lost.append(request)
            return Fault(FaultKind.LOST_REPLY)
        return None

    server.faults = fault
    tell(server, {ONE: 100, TWO: 5})
    assert only(server).body.endswith("1 new, 0 doubled, 0 over")


def test_many_runs_at_once_end_in_one_issue(server: GitHubServer) -> None:
    count = examples(50)
    with ThreadPoolExecutor(count) as pool:
        list(pool.map(lambda _: tell(server, {ONE: 100}, is_patient=True), range(count)))
    assert only(server).state == "open"


def test_an_issue_that_was_deleted_is_opened_again(server: GitHubServer) -> None:
    tell(server, {ONE: 100})
    server.issues.clear()
    tell(server, {ONE: 100})
    assert only(server).state == "open"


def test_doubles_of_ours_are_closed(server: GitHubServer) -> None:
    tell(server, {ONE: 100})
    first = only(server)
    double = server.issue(BOT.author, "once more", first.body, [])
    tell(server, {ONE: 100})
    assert (first.state, double.state, double.state_reason) == ("open", "closed", "not_planned")


def test_a_token_that_may_not_write_is_said(server: GitHubServer) -> None:
    server.permissions = {"contents:read", "issues:read"}
    with pytest.raises(GitHubError, match="403"):
        tell(server, {ONE: 100})
    assert server.issues == []


def test_the_state_holds_as_many_troubles_as_there_may_be(server: GitHubServer) -> None:
    many = {f"{number:016x}": 10**15 for number in range(MOST_TROUBLES)}
    tell(server, many)
    before = writes(server)
    assert tell(server, many).what == "there is no news"
    assert writes(server) == before
    assert len(only(server).body) < 65_536


def drift(*, notes: tuple[str, ...] = (), standings: tuple[Standing, ...] = ()) -> Drift:
    return Drift(
        outcome=Outcome.HARD,
        since=DAY,
        until=DAY,
        units=1,
        unmapped_units=0,
        standings=standings,
        alarms=(),
        merged={},
        differences=(),
        forecasts=(),
        notes=notes,
    )


@pytest.mark.parametrize("count", [0, 1, 200, MOST_TROUBLES])
def test_a_long_body_leaves_room_for_what_is_remembered(server: GitHubServer, count: int) -> None:
    many = {f"{number:016x}": LARGEST_SIZE for number in range(count)}
    long = drift(notes=tuple(f"note {number} {'x' * 80}" for number in range(2_000)))

    def body(news: Changes, most_characters: int) -> str:
        return issue_body(long, news, "snooze" * 100, most_characters)

    tell(server, {TWO: 1})
    tell(server, many, body=body)
    issue = only(server)
    assert 65_000 < len(issue.body) <= 65_536
    assert "lines more: run `reviewbot drift`" in issue.body
    assert "to hear nothing until then" in issue.body
    assert tell(server, many, body=body).what == "there is no news"


def test_a_size_without_bound_is_remembered_all_the_same(server: GitHubServer) -> None:
    standing = Standing(
        name="budget acme",
        unit="tokens",
        limit=Limit(hard=Decimal(1)),
        as_month=Decimal("1e30"),
        so_far=None,
        at_pace=None,
        level=Level.HARD,
    )
    found = troubles(drift(standings=(standing,)))
    tell(server, found)
    assert tell(server, found).what == "there is no news"
    assert only(server).state == "open"


def test_ours_is_found_by_its_label_among_many(server: GitHubServer) -> None:
    server.page_size = 2
    tell(server, {ONE: 100})
    for number in range(9):
        server.issue(BOT.author, f"of another tool {number}", "text", [])
    before = len(server.requests)
    assert tell(server, {ONE: 100}).what == "there is no news"
    assert len(server.requests) - before <= 2


def test_a_person_may_take_the_label_away(server: GitHubServer) -> None:
    server.page_size = 2
    tell(server, {ONE: 100})
    for number in range(9):
        server.issue(BOT.author, f"of another tool {number}", "text", [])
    server.issues[0].labels.clear()
    assert tell(server, {ONE: 100}).what == "there is no news"
    assert len(server.issues) == 10


def test_the_search_among_issues_of_others_ends(server: GitHubServer) -> None:
    server.page_size = 1
    for number in range(30):
        server.issue(BOT.author, f"of another tool {number}", "text", [])
    with pytest.raises(GitHubError, match="more than 20 pages") as raised:
        tell(server, {ONE: 100})
    assert "--issue-author" in raised.value.problems[0].mend
    assert len(server.requests) <= 25
    assert writes(server) == 0
