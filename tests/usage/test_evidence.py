"""In a review of a pull request stands what was measured, beside what is configured."""

import json
import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from reviewbot.errors import MeasurementError
from reviewbot.usage.committed import read_usage
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    PROMPT,
    Outcome,
    configuration,
    review,
    tokens,
    workflow,
)

FILE = ".github/reviewbot-usage.json"
UNKNOWN: dict[str, Any] = dict.fromkeys(
    ("cached", "written", "reasoning", "reported_units", "computed_units")
)
TWO = (
    "[{tenant: acme, calls: 1000/month, output_tokens: 100},"
    " {tenant: globex, calls: 500/month, output_tokens: 100}]"
)


def stream(name: str | None = "w", *, tenant: str | None = None, **sums: int | None) -> Any:
    """A measured stream of the file, as it would be written."""
    return {
        "stream": {
            "workflow": name,
            "tenant": tenant,
            "environment": None,
            "model": "gpt-4o",
            "service_tier": "standard",
        },
        "bands": [{"band": 0, "sums": UNKNOWN | sums}],
        "sizes": {},
    }


def aggregate(*streams: Any, until: str = "2026-10-30", **changed: Any) -> str:
    """The file, of the thirty days from 2026-10-01."""
    data = {"version": 1, "since": "2026-10-01", "until": until, "streams": list(streams)}
    return json.dumps(data | changed)


def reviewed(
    repository: Repository,
    base: Mapping[str, str | bytes | None],
    *arguments: str,
    head: Mapping[str, str | bytes | None] | None = None,
    traffic: str = "[{calls: 1000/month, output_tokens: 100}]",
    form: str = "json",
    **more: str,
) -> Outcome:
    """The review of a change that adds 1,000 tokens, where the base's branch has `base` too."""
    settings = configuration({"w": workflow(traffic=traffic)}, **more)
    repository.commit({CONFIGURATION: settings, PROMPT: tokens(1_000), **base})
    repository.branch("work")
    repository.commit({PROMPT: tokens(2_000)} if head is None else head)
    return review(repository, *arguments, form=form)


CALLS = stream(calls=2_000, input=2_000 * 1_007, output=2_000 * 200)
"""Twice the configured calls in 30 days, and twice the output."""


def test_the_change_is_priced_with_measured_traffic_and_governed_by_the_configured(
    repository: Repository,
) -> None:
    outcome = reviewed(repository, {FILE: aggregate(CALLS)})
    found = outcome.workflow()
    measured = found["measured"]
    # gpt-4o: $2.50 a million input tokens; 30.4375 days a month
    calls = Decimal(2_000) / 30 * Decimal("30.4375")
    assert found["change_usd_per_month"] == "2.5"
    assert abs(Decimal(measured["calls_per_month"]) - calls) < Decimal("1e-6")
    assert abs(Decimal(measured["change_usd_per_month"]) - calls * Decimal("0.0025")) < Decimal(
        "1e-6"
    )
    assert (measured["output_tokens"], measured["since"], measured["until"]) == (
        "200",
        "2026-10-01",
        "2026-10-30",
    )
    assert Decimal(found["after"]["calls_per_month"]) == 1_000


def test_a_figure_beyond_its_tolerance_warns_and_names_the_mend(repository: Repository) -> None:
    outcome = reviewed(repository, {FILE: aggregate(CALLS)})
    (finding,) = outcome.workflow()["findings"]
    assert (finding["rule"], finding["verdict"]) == ("usage", "warn")
    assert finding["text"] == (
        "measured is not configured: calls 2,029, not 1,000; output tokens 200, not 100;"
        " `reviewbot calibrate` proposes it"
    )
    assert finding["place"]["file"] == CONFIGURATION
    assert (outcome.code, outcome.report["verdict"]) == (0, "warn")


def test_a_tolerance_that_holds_says_nothing_and_shows_the_figures(repository: Repository) -> None:
    wide = "{tolerance: {calls: 200%, output_tokens: 200%}}"
    outcome = reviewed(repository, {FILE: aggregate(CALLS)}, usage=wide)
    assert outcome.workflow()["findings"] == []
    assert [item["beyond"] for item in outcome.workflow()["measured"]["figures"]] == [False] * 3
    assert outcome.report["verdict"] == "pass"


def test_measured_figures_stand_in_every_output(repository: Repository) -> None:
    reviewed(repository, {FILE: aggregate(CALLS)})
    told = "30 days until 2026-10-30: 2,029 calls a month (1,000 configured), 200 output tokens"
    for form, arguments in (("terminal", ()), ("terminal", ("--verbose",)), ("html", ())):
        out = " ".join(review(repository, *arguments, form=form).out.split())
        assert told in out
        assert "+$5.07 a month, not +$2.50" in out
    markdown = review(repository, form="markdown").out
    assert "**Measured**" in markdown
    assert "+\\$5.07 a month, not +\\$2.50" in markdown


def test_age_is_counted_to_the_newest_commit(repository: Repository) -> None:
    """The commits are of 2026-11-01, two days after the last day that was measured."""
    few = stream(calls=60, input=60_420, output=6_000)
    held = reviewed(repository, {FILE: aggregate(few)}, usage="{stale_after: 2 days}")
    assert held.report["findings"] == []
    repository.git("switch", "--quiet", "main")
    settings = configuration({"w": workflow()}, usage="{stale_after: 1 day}")
    repository.commit({CONFIGURATION: settings})
    repository.git("switch", "--quiet", "work")
    (finding,) = review(repository).report["findings"]
    assert (finding["rule"], finding["verdict"]) == ("usage", "warn")
    assert finding["text"] == (
        "measured traffic is stale: it ends on 2026-10-30, 2 days before the newest commit of this"
        " review (2026-11-01), and 1 are allowed; write it again with `reviewbot usage --output`"
    )


def test_the_heads_own_aggregate_is_no_evidence_and_needs_approval(repository: Repository) -> None:
    mine = aggregate(stream(calls=60, input=60_420, output=6_000))
    head = {PROMPT: tokens(2_000), FILE: mine}
    outcome = reviewed(repository, {FILE: aggregate(CALLS)}, head=head)
    assert Decimal(outcome.workflow()["measured"]["calls_per_month"]) > 2_000
    (finding,) = outcome.report["findings"]
    assert (finding["rule"], finding["verdict"]) == ("loosened", "needs-approval")
    assert finding["text"].startswith(f"`usage.file` is changed from {FILE} (")


def test_an_edit_of_what_measured_means_needs_approval(repository: Repository) -> None:
    settings = (
        "{tolerance: {calls: 90%}, stale_after: 400 days, file: other.json,"
        " sources: [{format: litellm, tenant: user}]}"
    )
    head = {CONFIGURATION: configuration({"w": workflow()}, usage=settings)}
    outcome = reviewed(repository, {FILE: aggregate(CALLS)}, head=head)
    texts = " ".join(item["text"] for item in outcome.report["findings"])
    for said in (
        "`usage.tolerance.calls` is raised from 20% to 90%",
        "`usage.stale_after` is raised from 45 days to 400 days",
        f"`usage.file` is removed; it was {FILE}",
        "`usage.sources` is changed from none to litellm",
    ):
        assert said in texts
    assert outcome.code == 1


def test_a_removed_aggregate_needs_approval_and_a_first_one_none(repository: Repository) -> None:
    gone = reviewed(repository, {FILE: aggregate(CALLS)}, head={FILE: None})
    assert [item["verdict"] for item in gone.report["findings"]] == ["needs-approval"]
    repository.git("switch", "--quiet", "main")
    repository.commit({FILE: None})
    repository.branch("first")
    repository.commit({FILE: aggregate(CALLS)})
    assert review(repository).report["findings"] == []


def test_an_approval_is_bound_to_the_aggregate_that_was_shown(repository: Repository) -> None:
    reviewed(repository, {FILE: aggregate(CALLS)}, head={})
    digests = set()
    for calls in (60, 61):
        repository.commit({FILE: aggregate(stream(calls=calls, input=61_000, output=6_100))})
        digests.add(review(repository).report["evidence"])
    assert len(digests - {None}) == 2


def test_a_newer_aggregate_on_the_bases_branch_voids_no_approval(repository: Repository) -> None:
    envelope = "{increase: {hard: 1%}, approvable: true}"
    settings = configuration(
        {"w": workflow(envelope=envelope)}, approval='{approvers: ["octocat"]}'
    )
    repository.commit({CONFIGURATION: settings, PROMPT: tokens(1_000), FILE: aggregate(CALLS)})
    repository.branch("work")
    repository.commit({PROMPT: tokens(2_000)})
    first = review(repository).report
    assert first["verdict"] == "needs-approval"
    repository.git("switch", "--quiet", "main")
    repository.commit({FILE: aggregate(stream(calls=900, input=900_000, output=90_000))})
    repository.git("switch", "--quiet", "work")
    second = review(repository).report
    assert second["workflows"][0]["measured"] != first["workflows"][0]["measured"]
    assert second["evidence"] == first["evidence"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "this is no file"),
        ("[" * 100_000, "this is no file"),
        (aggregate(stream(calls=-1, input=1, output=1)), "Expected `int` >= 0"),
        (aggregate(stream(calls=10**30, input=1, output=1)), "Expected `int` <= "),
        (aggregate(stream(calls=1, input=1, output=1, cached=2)), "more cached and written"),
        (aggregate(stream(calls=1, input=1, output=1, reasoning=2)), "more reasoning"),
        (aggregate(CALLS, CALLS), "a stream stands there twice"),
        (aggregate(CALLS, until="2026-09-30"), "the period ends before it begins"),
        (aggregate(CALLS, version=2), "Invalid enum value 2"),
        (aggregate(CALLS, more="<script>"), "unknown field"),
        (aggregate({**CALLS, "bands": []}), "Expected `array` of length >= 1"),
        ('{"version": 1, "since": NaN}', "this is no file"),
    ],
)
def test_a_hostile_aggregate_is_refused_by_name(content: str, why: str) -> None:
    with pytest.raises(MeasurementError) as error:
        read_usage(content, file=FILE)
    (problem,) = error.value.problems
    assert why in problem.what
    assert problem.place is not None
    assert problem.place.file == FILE


def test_a_change_beside_a_hostile_aggregate_is_still_judged(repository: Repository) -> None:
    outcome = reviewed(repository, {FILE: aggregate(CALLS, more="<script>")})
    (finding,) = outcome.report["findings"]
    assert (finding["rule"], finding["verdict"]) == ("usage", "warn")
    assert "unknown field" in finding["text"]
    assert finding["place"]["file"] == FILE
    assert outcome.workflow()["measured"] is None
    assert outcome.workflow()["change_usd_per_month"] == "2.5"


def test_a_link_is_not_followed(repository: Repository) -> None:
    (repository.path / ".github").mkdir()
    (repository.path / FILE).symlink_to("/etc/hostname")
    outcome = reviewed(repository, {})
    (finding,) = outcome.report["findings"]
    assert "link" in finding["text"]


def test_what_logs_lack_is_null_and_priced_by_no_guess(repository: Repository) -> None:
    outcome = reviewed(repository, {FILE: aggregate(stream(calls=None, input=9, output=9))})
    measured = outcome.workflow()["measured"]
    assert measured["calls_per_month"] is None
    assert measured["change_usd_per_month"] is None
    text = review(repository, form="terminal").out
    assert "calls unknown" in text
    assert "what the change costs with that is unknown" in " ".join(text.split())


def test_streams_without_calls_stay_configured_and_calls_of_no_stream_count(
    repository: Repository,
) -> None:
    acme = stream(tenant="acme", calls=1_000, input=1_007_000, output=100_000)
    other = stream(tenant="(other)", calls=3_000, input=3_021_000, output=300_000)
    outcome = reviewed(repository, {FILE: aggregate(acme, other)}, traffic=TWO)
    measured = outcome.workflow()["measured"]
    calls = Decimal(4_000) / 30 * Decimal("30.4375")
    assert measured["unmeasured_streams"] == 1
    expected = (calls + 500) * Decimal("0.0025")
    assert abs(Decimal(measured["change_usd_per_month"]) - expected) < Decimal("1e-6")
    assert "(1 stream without a call as configured)" in " ".join(
        review(repository, form="terminal").out.split()
    )


def test_few_calls_tell_how_many_and_no_mean(repository: Repository) -> None:
    outcome = reviewed(repository, {FILE: aggregate(stream(calls=9, input=90, output=9_000))})
    names = [item["figure"] for item in outcome.workflow()["measured"]["figures"]]
    assert names == ["calls"]


def test_a_workflow_without_a_call_is_named(repository: Repository) -> None:
    outcome = reviewed(repository, {FILE: aggregate(stream("another", calls=1, input=1, output=1))})
    assert outcome.workflow()["measured"] is None
    assert "no call of w was measured from 2026-10-01 to 2026-10-30" in outcome.report["notes"]


def test_the_cache_rate_is_the_share_of_what_can_be_cached(repository: Repository) -> None:
    prefix = tokens(2_000)
    cached = stream(calls=1_000, input=2_007_000, output=100_000, cached=960_000)
    settings = configuration({"w": workflow()})
    repository.commit({CONFIGURATION: settings, PROMPT: prefix, FILE: aggregate(cached)})
    repository.branch("work")
    repository.commit({PROMPT: tokens(2_100)})
    found = review(repository).workflow()
    cacheable = found["before"]["prefix"]["cacheable_tokens"]
    assert Decimal(found["measured"]["cache_hit_rate"]) == round(Decimal(960) / cacheable, 6)
    assert "cache hit rate 50.0%, not 0.0%" in found["findings"][0]["text"]


def test_a_review_reads_the_aggregate_without_the_engine_for_logs(repository: Repository) -> None:
    reviewed(repository, {FILE: aggregate(CALLS)})
    code = (
        "import sys\nfrom reviewbot.cli import main\n"
        f"main(['check', '--repo', {str(repository.path)!r}])\n"
        "print(sorted({'duckdb', 'sqlglot', 'reviewbot.usage.engine'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "measured w: " in done.stdout
