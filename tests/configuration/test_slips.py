"""What people write in place of a value: the mend that is told is taken when it is typed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.configuration.kinds import At, RejectedError
from reviewbot.configuration.kinds.positions import Kind
from reviewbot.configuration.shape import scalars
from reviewbot.documents import Scalar
from reviewbot.errors import Problem

MONTH = scalars.USD_PER_MONTH
SLIPS = [
    (MONTH, "1k", "an abbreviation", "1_000"),
    (MONTH, "$1.2k", "an abbreviation", "$1_200"),
    (MONTH, "$1M", "an abbreviation", "$1_000_000"),
    (MONTH, "2 million", "an abbreviation", "2_000_000"),
    (MONTH, "$5k/month", "an abbreviation", "$5_000/month"),
    (MONTH, "1e3", "an abbreviation", "1_000"),
    (MONTH, "1000 USD", "a unit beside the number", "$1000"),
    (MONTH, "USD 1000", "a unit beside the number", "$1000"),
    (MONTH, "US$ 50", "a unit beside the number", "$50"),
    (MONTH, "50 dollars", "a unit beside the number", "$50"),
    (MONTH, "$500 per month", "periods are written like `/day`", "$500/month"),
    (MONTH, "$500/mo", "periods are written like `/day`", "$500/month"),
    (MONTH, "$ 100", "a blank within", "$100"),
    (MONTH, "1 000", "a blank within", "1000"),
    (MONTH, "1.000,50", "not the decimal point", "1_000.50"),
    (MONTH, "$12,50", "not the decimal point", "$12.50"),
    (MONTH, "“$1,100”", "curly quotes", "$1_100"),
    (MONTH, "$5 M", "an abbreviation", "$5_000_000"),
    (MONTH, "5 m", "an abbreviation", "5_000_000"),
    (MONTH, "2 bn", "an abbreviation", "2_000_000_000"),
    (MONTH, "+$5", "a plus sign", "$5"),
    (scalars.TOKENS, "1_500 tokens", "a unit beside the number", "1_500"),
    (scalars.TOKENS, "2k tok", "a unit beside the number, an abbreviation", "2_000"),
    (scalars.INCREASE, "20 percent", "a percent sign is meant", "20%"),
    (scalars.INCREASE, "+20%", "a plus sign", "20%"),
    (scalars.CALLS, "100 per day", "periods are written like `/day`", "100/day"),
    (scalars.CALLS, "1000/monthly", "periods are written like `/day`", "1000/month"),
    (scalars.CALLS, "10k/d", "periods are written like `/day`, an abbreviation", "10_000/day"),
    (scalars.CALLS, "30k a day", "periods are written like `/day`, an abbreviation", "30_000/day"),
    (scalars.CALLS, "900 rpm", "periods are written like `/day`", "900/minute"),
    (scalars.CALLS, "5 qps", "periods are written like `/day`", "5/second"),
    (scalars.CALLS, "10k RPD", "periods are written like `/day`, an abbreviation", "10_000/day"),
    (scalars.CALLS, "900/dya", "a period misspelt", "900/day"),
    (scalars.CALLS, "900/mounth", "a period misspelt", "900/month"),
    (scalars.CALLS, "900/Day", "periods are written like `/day`", "900/day"),
    (scalars.CALLS, "900/day,", "`,` behind it", "900/day"),
    (scalars.CALLS, "120_000/month;", "`;` behind it", "120_000/month"),
    (MONTH, "$500.", "`.` behind it", "$500"),
    (MONTH, "500 $", "the dollar sign stands in front", "$500"),
    (MONTH, "500$/month", "the dollar sign stands in front", "$500/month"),
    (scalars.STATISTIC, "median", "the median is p50", "p50"),
    (scalars.STATISTIC, "average", "it is called mean here", "mean"),
    (scalars.STATISTIC, "avg", "it is called mean here", "mean"),
    (scalars.STATISTIC, "worst", "it is called max here", "max"),
    (scalars.STATISTIC, "Max", "it is called max here", "max"),
    (scalars.STATISTIC, "P95", "percentiles are written like p95", "p95"),
    (scalars.STATISTIC, "95", "percentiles are written like p95", "p95"),
    (scalars.STATISTIC, "95th", "percentiles are written like p95", "p95"),
    (scalars.STATISTIC, "95%", "percentiles are written like p95", "p95"),
    (scalars.PATH, "prompts\\\\a.j2", "backslashes", "prompts/a.j2"),
    (scalars.GROWTH, "5%", "no period", "5%/month"),
    (scalars.GROWTH, "5% a month", "periods are written like `/day`", "5%/month"),
    (scalars.GROWTH, "5", "no percent sign, no period", "5%/month"),
    (scalars.DAYS, "14", "no `days` behind", "14 days"),
    (scalars.DAYS, "2 weeks", "days are counted", "14 days"),
    (scalars.DAYS, "2w", "days are counted", "14 days"),
    (scalars.DAYS, "1 month", "days are counted", "30 days"),
    (scalars.DAYS, "48 hours", "days are counted", "2 days"),
    (scalars.PATH, "prompts\\a//b.j2", "backslashes", "prompts/a/b.j2"),
    (scalars.CALLS, "100 calls/day", "a unit beside the number", "100/day"),
    (scalars.PATH, "prompts\\a.j2", "backslashes", "prompts/a.j2"),
    (scalars.PATH, "/prompts/a.j2", "paths count from the repository's root", "prompts/a.j2"),
    (
        scalars.PATH,
        "../a.md",
        "it leads out of the repository; paths count from its root",
        "a.md",
    ),
    (scalars.PATH, "./prompts/../a.j2", "`.` and `..` are not read", "a.j2"),
    (scalars.PATH, "“prompts/a.j2”", "curly quotes", "prompts/a.j2"),
    (scalars.MODEL, "“openai/gpt-4.1”", "curly quotes", "openai/gpt-4.1"),
    (scalars.PATH, "“a, b.j2”", "curly quotes", '"a, b.j2"'),
    (scalars.MODEL, "gpt 4.1", "a blank within", "gpt-4.1"),
    (scalars.MODEL, "openai / gpt-5", "a blank within", "openai/gpt-5"),
    (scalars.MODEL, " openai/gpt 5 ", "a blank around, a blank within", "openai/gpt-5"),
    (scalars.MODEL, "“ gpt-5 ”", "curly quotes", "gpt-5"),
    (scalars.NAME, "“my bot”", "curly quotes", "my bot"),
    (scalars.NAME, " my bot", "a blank around", "my bot"),
    (scalars.APPROVER, "https://github.com/octocat", "an address", "octocat"),
    (scalars.APPROVER, "github.com/orgs/acme/teams/finops", "an address", "acme/finops"),
    (scalars.APPROVER, "‘octocat’", "curly quotes", "octocat"),
    (scalars.APPROVER, "“@acme/finops”", "curly quotes", '"@acme/finops"'),
    (scalars.APPROVER, "@acme / finops", "a blank within", '"@acme/finops"'),
    (scalars.APPROVER, "octocat ", "a blank around", "octocat"),
    *(
        (scalars.USD_PER_MTOK, text, "prices are per million tokens", f'"{meant}"')
        for text, meant in [
            ("2/1M", "2"),
            ("$2 per million tokens", "2"),
            ("2/1_000_000", "2"),
            ("2/1,000,000 tokens", "2"),
            ("0.002/1000", "2"),
            ("0.002/1_000 tok", "2"),
            ("$0.002/1k", "2"),
            ("0.002 per thousand tokens", "2"),
        ]
    ),
]
REASONS = [
    (MONTH, "-$5", "below zero", "write it like $1_200"),
    (MONTH, "50%", "a percentage", "write it like $1_200"),
    (MONTH, "$10/day", "an amount per day", "write it like $1_200"),
    (MONTH, "“$1", "a curly quote", "write it like $1_200"),
    (MONTH, "ten", "not a number", "write it like $1_200"),
    (
        scalars.PATH,
        "prompts/",
        "a folder",
        "name the files in it; samples take a pattern: prompts/**/*.yaml",
    ),
    (scalars.PATH, "a/../../b.md", "it leads out of the repository", "name a file in it, such as"),
    (scalars.PATH, r"C:\prompts\a.md", "a path on one machine", "count the path from the"),
    *(
        (scalars.PATH, path, "a path on one machine", "count the path from the")
        for path in (
            "/app/a.md",
            "/github/workspace/a.md",
            "/builds/g/r/a.md",
            "/workspaces/r/a.md",
        )
    ),
    (
        scalars.CALLS,
        "3/user",
        "'user' is no period, such as day or month",
        "write it like 1",
    ),
    (
        scalars.CALLS,
        "2 per session",
        "'session' is no period, such as day or month",
        "write it",
    ),
    (scalars.CALLS, "900", "no period", "write it like 120_000/month"),
    (scalars.APPROVER, "ann@example.com", "an e-mail address", "write the login or the team"),
    (scalars.APPROVER, "Ann Smith", "a blank within", "write the login or the team"),
    (scalars.APPROVER, "@octocat Smith", "a blank within", "write the login or the team"),
]


def problems_of(kind: Kind[object], text: str) -> list[Problem]:
    found: list[Problem] = []
    try:
        kind.read(Scalar(line=1, value=text, text=text), At("c.yml", "", found))
    except RejectedError:
        return found
    return []


@pytest.mark.parametrize(("kind", "text", "reason", "meant"), SLIPS, ids=[row[1] for row in SLIPS])
def test_a_slip_is_told_with_what_was_meant(
    kind: Kind[object], text: str, reason: str, meant: str
) -> None:
    (problem,) = problems_of(kind, text)
    assert problem.what.endswith(f" ({reason})")
    assert problem.mend == f"write {meant}"
    assert problems_of(kind, meant.strip('"')) == []


@pytest.mark.parametrize(
    ("kind", "text", "reason", "mend"), REASONS, ids=[row[1] for row in REASONS]
)
def test_a_reason_is_told_where_nobody_knows_what_was_meant(
    kind: Kind[object], text: str, reason: str, mend: str
) -> None:
    (problem,) = problems_of(kind, text)
    assert problem.what.endswith(f" ({reason})")
    assert problem.mend.startswith(mend)


PIECES = st.lists(
    st.sampled_from(
        [*"0123459.,_$%kMe+-/\\ “”\"'\u00a0€~:@", "USD", "per", "day", "tokens", "..", "\x1b", "a"]
    ),
    max_size=12,
).map("".join)


@given(
    kind=st.sampled_from(
        [MONTH, scalars.TOKENS, scalars.INCREASE, scalars.CALLS, scalars.PATH, scalars.MODEL]
    ),
    text=PIECES,
)
def test_a_mend_that_names_a_value_is_taken_when_it_is_typed(kind: Kind[object], text: str) -> None:
    for problem in problems_of(kind, text):
        assert problem.mend.isprintable()
        if found := re.fullmatch(r"write (?!it like )(.+)", problem.mend):
            assert problems_of(kind, found[1]) == []
