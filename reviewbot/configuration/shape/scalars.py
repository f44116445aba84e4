"""The scalars of the configuration: names, paths and amounts, each with an example of it."""

from reviewbot.configuration import amounts
from reviewbot.configuration.kinds import Amount, Text

MODEL = Text(r"[^\s\x00-\x1f\x7f/:][^\s\x00-\x1f\x7f]{0,199}", "a model's name", "openai/gpt-4.1")
PATTERN = Text(r"[^\s\x00-\x1f\x7f]{1,200}", "a model's name or pattern", "openai/gpt-5*")
NAME = Text(r"[\w][\w ./:@+-]{0,99}", "a name", "support-triage")
PATH = Text(
    r"(?![/~])(?!(?:.*/)?\.\.?(?:/|$))[^\\\x00-\x1f\x7f]{1,4096}(?<!/)",
    "a path inside the repository",
    "prompts/triage/system.j2",
)
APPROVER = Text(
    r"@?[A-Za-z0-9][A-Za-z0-9-]{0,38}(/[\w.-]{1,100})?", "a login or a team", "@acme/finops"
)
USD = Amount(amounts.usd, "an amount in USD", "$0.01")
USD_PER_MONTH = Amount(amounts.usd_per_month, "an amount in USD a month", "$1_200")
USD_PER_MTOK = Amount(amounts.usd, "an amount in USD per million tokens", '"1.25"')
TOKENS = Amount(amounts.count, "a number of tokens", "2_000")
POSITIVE_TOKENS = Amount(amounts.positive_count, "a number of tokens above zero", "1_024")
INCREASE = Amount(amounts.fraction, "a percentage", "20%")
SHARE = Amount(amounts.share, "a percentage from 0% to 100%", "80%")
WEIGHT = Amount(amounts.positive, "a number above zero", "3")
STATISTIC = Amount(amounts.statistic, "max, mean or a percentile", "p95")
CALLS = Amount(amounts.calls_per_month, "a number of calls in a period", "120_000/month")
DAYS = Amount(amounts.days, "a number of days", "14 days")
DATE = Amount(amounts.day, "a date", "2026-11-01")
REGION = Text(r"[a-z][a-z0-9-]{1,30}", "a provider's region", "eu")
GROWTH = Amount(amounts.growth_per_month, "a growth a month", "5%/month")
