"""Which approvals count, on values made by hand; the whole way is in test_action.py."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from reviewbot.configuration.settings import Approval
from reviewbot.github.api.reviews import Review
from reviewbot.github.api.timeline import Labelling
from reviewbot.github.approvals.given import Given
from reviewbot.github.approvals.judging import (
    EarlierCommits,
    Judged,
    Terms,
    approve,
    judge_approvals,
)
from reviewbot.outputs.json_report_reading import read_report
from reviewbot.policy.fingerprint import report_items
from reviewbot.report import Report
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    PROMPT,
    change,
    configuration,
    review,
    tokens,
    workflow,
)

NEEDED = frozenset({"a" * 64, "b" * 64})
HEAD, EARLIER = "1" * 40, "2" * 40
NOW = datetime(2026, 11, 10, tzinfo=UTC)


def approved(by: str, commit: str | None = HEAD, *, state: str = "APPROVED", at: int = 1) -> Review:
    when = f"2026-11-01T00:00:0{at}+00:00"
    return Review(number=at, by=by, state=state, at=when, commit=commit, body="")


def judged(
    *reviews: Review,
    labelling: Labelling | None = None,
    labelled_commit: str | None = None,
    approvers: tuple[str, ...] = ("octocat", "@hubot", "@acme/finops"),
    strict: bool = False,
    members: dict[str, bool | None] | None = None,
    earlier: frozenset[str] | None = NEEDED,
    remembered: dict[int, str] | None = None,
    expires_after_days: int | None = None,
    now: datetime = NOW,
) -> Judged:
    return judge_approvals(
        NEEDED,
        Given(
            author="Alice", reviews=reviews, labelling=labelling, labelled_commit=labelled_commit
        ),
        Terms(
            approval=Approval(
                approvers=approvers,
                label="ok",
                strict=strict,
                expires_after_days=expires_after_days,
            ),
            head=HEAD,
            now=now,
            is_member=lambda _team, login: (members or {}).get(login, False),
        ),
        EarlierCommits(HEAD, NEEDED, lambda _commit: earlier),
        remembered or {},
    )


def terms(*approvers: str) -> Terms:
    """Terms that know no team."""
    return Terms(
        approval=Approval(approvers=approvers),
        head=HEAD,
        now=NOW,
        is_member=lambda _team, _login: None,
    )


def refusals(found: Judged) -> list[str | None]:
    return [item.refusal for item in found.approvals]


@pytest.mark.parametrize("by", ["octocat", "OctoCat", "hubot"])
def test_listed_people_count(by: str) -> None:
    found = judged(approved(by))
    assert (refusals(found), found.covered) == ([None], NEEDED)
    assert found.approvals[0].covers == tuple(sorted(NEEDED))


@pytest.mark.parametrize(
    ("review", "why"),
    [
        (approved("alice"), "authors cannot approve"),
        (approved("ALICE"), "authors cannot approve"),
        (approved(""), "authors cannot approve"),
        (approved("mallory"), "not listed in the governing"),
        (approved("acme/finops"), "not listed in the governing"),
        (approved("octocat", None), "on which commit it was set is not known"),
    ],
)
def test_these_do_not_count(review: Review, why: str) -> None:
    found = judged(review)
    assert found.covered == frozenset()
    assert why in str(refusals(found)[0])
    assert found.approvals[0].covers == ()


def test_teams() -> None:
    assert judged(approved("carol"), members={"carol": True}).covered == NEEDED
    assert judged(approved("carol"), members={"carol": False}).covered == frozenset()
    unknown = judged(approved("carol"), members={"carol": None})
    assert unknown.covered == frozenset()
    assert "may not read who is in @acme/finops" in str(refusals(unknown)[0])


def test_the_last_word_of_a_person_counts() -> None:
    first = approved("octocat", at=1)
    for state in ("CHANGES_REQUESTED", "DISMISSED"):
        assert judged(first, approved("OCTOCAT", state=state, at=2)).approvals == ()
    assert judged(first, approved("octocat", state="COMMENTED", at=2)).covered == NEEDED
    again = approved("octocat", at=3)
    assert judged(first, approved("octocat", state="DISMISSED", at=2), again).covered == NEEDED


def test_an_earlier_commit_counts_for_what_is_the_same() -> None:
    old = approved("octocat", EARLIER)
    assert judged(old).covered == NEEDED
    some = frozenset({"a" * 64, "c" * 64})
    assert judged(old, earlier=some).covered == {"a" * 64}
    for items in (frozenset({"c" * 64}), frozenset[str]()):
        assert "have changed since" in str(refusals(judged(old, earlier=items))[0])
    assert "cannot be reviewed any more" in str(refusals(judged(old, earlier=None))[0])
    assert "another commit" in str(refusals(judged(old, strict=True))[0])
    assert judged(approved("octocat"), strict=True).covered == NEEDED


def test_what_counted_once_must_cover_the_same_still() -> None:
    (number, then), *_ = judged(approved("octocat", at=7)).counted.items()
    assert number == 7
    assert judged(approved("octocat", at=7), remembered={7: then}).covered == NEEDED
    assert judged(approved("octocat", at=7), remembered={7: "0" * 16}).covered == frozenset()
    assert judged(approved("octocat", at=8), remembered={7: "0" * 16}).covered == NEEDED


def test_many_earlier_commits_are_bounded() -> None:
    people = tuple(f"user{index}" for index in range(9))
    reviews = [approved(name, f"{index}" * 40, at=index) for index, name in enumerate(people)]
    found = judged(*reviews, approvers=people, earlier=frozenset())
    assert sum("too many approvals" in str(item) for item in refusals(found)) >= 2


def test_an_old_approval_expires() -> None:
    given = datetime.fromisoformat(approved("octocat").at)
    for days in (1, 14):
        end = given + timedelta(days=days)
        kept = judged(approved("octocat"), expires_after_days=days, now=end)
        assert (refusals(kept), kept.covered) == ([None], NEEDED)
        gone = judged(approved("octocat"), expires_after_days=days, now=end + timedelta(seconds=1))
        assert (gone.covered, gone.counted) == (frozenset(), {})
        assert f"it expired at {end:%Y-%m-%d} 00:00+00:00, after {days}" in str(refusals(gone))
    assert judged(approved("octocat"), now=given + timedelta(days=9_999)).covered == NEEDED


@pytest.mark.parametrize("at", ["", "?", "yesterday", "2026-11-01", "9999-12-31T00:00:00Z"])
def test_an_approval_of_an_unknown_time_does_not_count_where_approvals_expire(at: str) -> None:
    review = replace(approved("octocat"), at=at)
    assert judged(review).covered == NEEDED
    found = judged(review, expires_after_days=14)
    assert "when it was given cannot be read" in str(refusals(found)[0])
    assert found.covered == frozenset()


def test_a_label_expires_too() -> None:
    label = Labelling(event=5, by="octocat", at="2026-11-01T00:00:00+00:00")
    for days, covered in ((9, NEEDED), (8, frozenset())):
        found = judged(labelling=label, labelled_commit=HEAD, expires_after_days=days)
        assert found.covered == covered


def test_labels() -> None:
    label = Labelling(event=5, by="octocat", at="2026-11-01T00:00:00+00:00")
    assert judged(labelling=label, labelled_commit=HEAD).covered == NEEDED
    assert judged(labelling=label).covered == frozenset()
    assert judged(labelling=label, labelled_commit=HEAD).counted.keys() == {5}


def test_two_approvers_of_different_items_cover_both() -> None:
    first, second = "2" * 40, "3" * 40
    items = {first: frozenset({"a" * 64}), second: frozenset({"b" * 64})}

    def covered(*reviews: Review) -> frozenset[str]:
        return judge_approvals(
            NEEDED,
            Given(author="Alice", reviews=reviews, labelling=None, labelled_commit=None),
            terms("octocat", "hubot"),
            EarlierCommits(HEAD, NEEDED, items.__getitem__),
            {},
        ).covered

    one, other = approved("octocat", first, at=1), approved("hubot", second, at=2)
    assert covered(one) == {"a" * 64}
    assert covered(other) == {"b" * 64}
    assert covered(one, other) == NEEDED


def test_an_objection_of_somebody_else_does_not_take_an_approval_away() -> None:
    objection = approved("hubot", state="CHANGES_REQUESTED", at=2)
    found = judged(approved("octocat", at=1), objection)
    assert (refusals(found), found.covered) == ([None], NEEDED)


@pytest.mark.parametrize("state", ["COMMENTED", "PENDING", "CHANGES_REQUESTED", "DISMISSED"])
def test_a_review_that_does_not_say_yes_is_no_approval(state: str) -> None:
    found = judged(approved("octocat", state=state))
    assert (found.approvals, found.covered) == ((), frozenset())


def test_a_refused_approval_does_not_spoil_one_that_counts() -> None:
    found = judged(approved("octocat", at=1), approved("mallory", at=2), approved("alice", at=3))
    assert [(item.by, item.refusal is None) for item in found.approvals] == [
        ("alice", False),
        ("mallory", False),
        ("octocat", True),
    ]
    assert (found.covered, list(found.counted)) == (NEEDED, [1])


def test_a_person_on_the_list_needs_no_look_at_teams() -> None:
    assert judged(approved("octocat"), members={"octocat": None}).covered == NEEDED


def test_the_author_does_not_approve_as_a_member_of_a_team_or_by_a_label() -> None:
    assert judged(approved("alice"), members={"alice": True}).covered == frozenset()
    label = Labelling(event=5, by="ALICE", at="2026-11-01T00:00:00+00:00")
    found = judged(labelling=label, labelled_commit=HEAD, approvers=("alice",))
    assert "authors cannot approve" in str(refusals(found)[0])


def test_a_strict_label_is_for_one_commit() -> None:
    label = Labelling(event=5, by="octocat", at="2026-11-01T00:00:00+00:00")
    assert judged(labelling=label, labelled_commit=HEAD, strict=True).covered == NEEDED
    for commit in (EARLIER, None):
        found = judged(labelling=label, labelled_commit=commit, strict=True)
        assert not found.covered


ASKED = "{monthly_cost: {hard: $1.09}, approvable: true}"
HARD = "{input_tokens: {hard: 25}}"
SAMPLED = "[{name: s, variables: {a: x}}]"


def reviewed(repository: Repository, **flows: str) -> Report:
    """A real review in which `w` needs approval, and `flows` are beside it."""
    before = {
        CONFIGURATION: configuration({"w": workflow(envelope=ASKED)} | flows),
        PROMPT: tokens(10),
        "prompts/other.txt": tokens(10),
        "prompts/broken.j2": "{{ a }}",
    }
    after = {
        PROMPT: tokens(40),
        "prompts/other.txt": tokens(40),
        "prompts/broken.j2": "{{ b }}",
    }
    return read_report(change(repository, before, after).out.encode(), file="report.json")


def pushed(repository: Repository, files: dict[str, str | bytes | None]) -> Report:
    """The review after one more commit on the branch."""
    repository.commit(files)
    return read_report(review(repository).out.encode(), file="report.json")


def approved_by_octocat(report: Report) -> Report:
    """`report` after one approval of all that needs it, on the commit under review."""
    found = judge_approvals(
        report_items(report),
        Given(
            author="alice",
            reviews=(approved("octocat"),),
            labelling=None,
            labelled_commit=None,
        ),
        terms("octocat"),
        EarlierCommits(HEAD, report_items(report), lambda _commit: None),
        {},
    )
    return approve(report, found.approvals, found.covered)


def verdicts(report: Report) -> dict[str, str]:
    return {item.name: str(item.verdict) for item in report.workflows}


def test_what_was_approved_passes(repository: Repository) -> None:
    report = reviewed(repository)
    assert (report.verdict, verdicts(report)) == ("needs-approval", {"w": "needs-approval"})
    found = approved_by_octocat(report)
    assert (found.verdict, found.approved, verdicts(found)) == ("pass", True, {"w": "pass"})
    assert found.workflows[0].findings == report.workflows[0].findings
    assert found.evidence == report.evidence


def test_a_warning_beside_what_was_approved_stays(repository: Repository) -> None:
    found = approved_by_octocat(
        reviewed(
            repository, other=workflow("prompts/other.txt", envelope="{input_tokens: {soft: 25}}")
        )
    )
    assert found.approved
    assert (found.verdict, verdicts(found)) == ("warn", {"w": "pass", "other": "warn"})


@pytest.mark.parametrize(
    ("name", "flow", "verdict"),
    [
        ("other", workflow("prompts/other.txt", envelope=HARD), "fail"),
        ("broken", workflow("prompts/broken.j2", samples=SAMPLED), "unmeasured"),
        (
            "both",
            workflow(
                "prompts/other.txt",
                envelope="{monthly_cost: {hard: $1.09}, input_tokens: {hard: 25}}",
            ),
            "fail",
        ),
    ],
)
def test_a_failure_is_never_approved_away(
    repository: Repository, name: str, flow: str, verdict: str
) -> None:
    report = reviewed(repository, **{name: flow})
    assert (report.verdict, verdicts(report)) == (verdict, {"w": "needs-approval", name: verdict})
    found = approved_by_octocat(report)
    assert found.approved
    assert (found.verdict, verdicts(found)) == (verdict, {"w": "pass", name: verdict})


def test_what_fails_alone_cannot_be_approved(repository: Repository) -> None:
    repository.commit({CONFIGURATION: configuration({"w": workflow(envelope=HARD)}), PROMPT: "x"})
    repository.branch("work")
    report = pushed(repository, {PROMPT: tokens(40)})
    found = approved_by_octocat(report)
    assert (report.verdict, found.verdict, found.approved) == ("fail", "fail", False)
    assert "have changed since" in str(found.approvals[0].refusal)


def test_one_of_two_items_is_not_enough(repository: Repository) -> None:
    report = reviewed(repository, other=workflow("prompts/other.txt", envelope=ASKED))
    items = report_items(report)
    assert len(items) == 2
    for item in items:
        found = approve(report, (), frozenset({item, "f" * 64}))
        assert (found.approved, found.verdict) == (False, "needs-approval")
    assert approve(report, (), items).verdict == "pass"
    assert approve(report, (), frozenset()).verdict == "needs-approval"


def test_an_unrelated_push_keeps_what_was_approved_and_a_related_one_does_not(
    repository: Repository,
) -> None:
    then = report_items(reviewed(repository))
    unrelated = pushed(repository, {"program.py": "x"})
    related = pushed(repository, {PROMPT: tokens(41)})
    assert report_items(unrelated) == then
    assert report_items(related).isdisjoint(then)
    assert approve(unrelated, (), then).verdict == "pass"
    assert approve(related, (), then).verdict == "needs-approval"


def test_loosened_rules_need_approval_and_are_held_by_their_own_evidence(
    repository: Repository,
) -> None:
    before = {CONFIGURATION: configuration({"w": workflow(envelope=HARD)}), PROMPT: tokens(10)}
    after = {CONFIGURATION: configuration({"w": workflow(envelope=HARD.replace("25", "99"))})}
    report = read_report(change(repository, before, after).out.encode(), file="report.json")
    assert report.verdict == "needs-approval"
    assert approved_by_octocat(report).verdict == "pass"
    assert approve(report, (), frozenset({"f" * 64})).verdict == "needs-approval"


SCHEMED = (
    "messages: [{{role: user, content: Hello}}]\nresponseFormat: json_schema\n"
    'jsonSchema: \'{{"name": "x", "schema": {{"enum": ["{word}", "{more}"]}}}}\'\n'
)


def test_an_approval_is_bound_to_the_response_schema(repository: Repository) -> None:
    path = "prompts/a.prompt.yml"
    settings = configuration({"w": workflow(path, envelope=ASKED)})

    def files(word: str) -> dict[str, str | bytes | None]:
        return {path: SCHEMED.format(word=word, more=tokens(60))}

    before = {CONFIGURATION: settings, path: SCHEMED.format(word="cat", more="x")}
    report = read_report(change(repository, before, files("cat")).out.encode(), file="report.json")
    then = report_items(report)
    after = pushed(repository, files("dog"))
    figures = [item.workflows[0].after for item in (report, after)]
    assert figures[0] == figures[1], "of the same size"
    assert len(then) == 1
    assert report_items(after).isdisjoint(then)


def test_an_approved_renaming_is_bound_to_what_the_new_workflow_costs(
    repository: Repository,
) -> None:
    before = {CONFIGURATION: configuration({"w": workflow(envelope=HARD)}), PROMPT: tokens(10)}
    after = {CONFIGURATION: configuration({"v": workflow()})}
    report = read_report(change(repository, before, after).out.encode(), file="report.json")
    then = report_items(report)
    assert approved_by_octocat(report).verdict == "pass"
    assert report_items(pushed(repository, {"program.py": "x"})) == then
    dearer = pushed(repository, {PROMPT: tokens(40)})
    assert approve(dearer, (), then).verdict == "needs-approval"


TOOLS = '[{{"type": "function", "function": {{"name": "{name}"}}}}]'
CHANGES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "the service tier": (
        {"traffic": "[{calls: 1000/month, output_tokens: 100, service_tier: flex}]"},
        {},
    ),
    "the tenant": ({"traffic": "[{tenant: a, calls: 1000/month, output_tokens: 100}]"}, {}),
    "the environment": (
        {"traffic": "[{environment: a, calls: 1000/month, output_tokens: 100}]"},
        {},
    ),
    "split traffic": (
        {
            "traffic": "[{calls: 400/month, output_tokens: 100},"
            " {calls: 600/month, output_tokens: 100}]"
        },
        {},
    ),
    "the output cap": ({"max_tokens": "200"}, {}),
    "the model": ({"model": "openai/gpt-4o-2024-11-20"}, {}),
    "the encoding": ({"encoding": "cl100k_base"}, {}),
    "weights": (
        {
            "samples": "[{name: s, weight: 2, variables: {a: x}}, "
            "{name: t, weight: 2, variables: {a: x}}]"
        },
        {},
    ),
    "samples' values": (
        {"samples": "[{name: s, variables: {a: y}}, {name: t, variables: {a: x}}]"},
        {},
    ),
    "the limit": ({"envelope": ASKED.replace("1.09", "1.10")}, {}),
    "another limit": ({"envelope": ASKED.replace("{m", "{cost_per_call: {soft: $9}, m")}, {}),
    "the role": ({"prompts": "[{path: prompts/p.j2, role: user}]"}, {}),
    "the approvers": ({}, {"approval": "{approvers: [octocat, mallory]}"}),
    "the prices' date": ({}, {"prices": "{as_of: 2026-11-02, overrides: {%s}}"}),
}


@pytest.mark.parametrize("what", [*CHANGES, "the tools", "the text"])
def test_an_approval_is_bound_to(repository: Repository, what: str) -> None:
    rates = "openai/gpt-4o@flex: {input: '2.50', output: '10.00'}"
    settings = {
        "prompts": "[{path: prompts/p.j2, role: system}]",
        "tools": "prompts/tools.json",
        "max_tokens": "100",
        "envelope": ASKED,
        "samples": "[{name: s, variables: {a: x}}, {name: t, variables: {a: x}}]",
    }
    rules = {
        "prices": f"{{as_of: 2026-11-01, overrides: {{{rates}}}}}",
        "approval": "{approvers: [octocat]}",
    }
    head: dict[str, str | bytes | None] = {"prompts/p.j2": f"{{{{ a }}}} {tokens(40)}"}
    before = {
        CONFIGURATION: configuration({"w": workflow(**settings)}, **rules),
        "prompts/p.j2": "{{ a }}",
        "prompts/tools.json": TOOLS.format(name="cat"),
    }
    report = read_report(change(repository, before, head).out.encode(), file="report.json")
    then = report_items(report)
    assert len(then) == 1
    if what == "the tools":
        head = {"prompts/tools.json": TOOLS.format(name="dog")}
    elif what == "the text":
        head = {"prompts/p.j2": f"{{{{ a }}}} {tokens(39)} other"}
    else:
        flow, more = CHANGES[what]
        more = {key: text.replace("%s", rates) for key, text in more.items()}
        changed = configuration({"w": workflow(**settings | flow)}, **rules | more)
        head = {CONFIGURATION: changed}
    after = pushed(repository, head)
    assert after.verdict in ("needs-approval", "unmeasured")
    assert approve(after, (), then).verdict == after.verdict
    assert not report_items(after) <= then
