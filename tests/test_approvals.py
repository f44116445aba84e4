"""Which approvals count, on values made by hand; the whole way is in test_action.py."""

import pytest

from reviewbot.configuration.settings import Approval
from reviewbot.github.api import Labelling, Review
from reviewbot.github.approvals import Given, Judged, judge_approvals

NEEDED = frozenset({"a" * 64, "b" * 64})
HEAD, EARLIER = "1" * 40, "2" * 40


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
) -> Judged:
    return judge_approvals(
        NEEDED,
        Given(
            author="Alice", reviews=reviews, labelling=labelling, labelled_commit=labelled_commit
        ),
        Approval(approvers=approvers, label="ok", strict=strict),
        head=HEAD,
        remembered=remembered or {},
        is_member=lambda _team, login: (members or {}).get(login, False),
        known={HEAD: NEEDED},
        items_at=lambda _commit: earlier,
    )


def refusals(found: Judged) -> list[str | None]:
    return [item.refusal for item in found.approvals]


@pytest.mark.parametrize("by", ["octocat", "OctoCat", "hubot"])
def test_listed_people_count(by: str) -> None:
    found = judged(approved(by))
    assert (refusals(found), found.covered) == ([None], NEEDED)


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


def test_labels() -> None:
    label = Labelling(event=5, by="octocat", at="2026-11-01T00:00:00+00:00")
    assert judged(labelling=label, labelled_commit=HEAD).covered == NEEDED
    assert judged(labelling=label).covered == frozenset()
    assert judged(labelling=label, labelled_commit=HEAD).counted.keys() == {5}
