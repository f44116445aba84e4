"""The scalars of the configuration: names, paths and amounts, each with an example of it."""

from reviewbot.configuration import amounts
from reviewbot.configuration.kinds import Amount, At, Schema, Text
from reviewbot.configuration.meant_names import approver_meant, path_meant
from reviewbot.configuration.meant_values import (
    days_meant,
    growth_meant,
    percentage_meant,
    price_meant,
    statistic_meant,
    weight_meant,
)
from reviewbot.configuration.placeholders import placeholder
from reviewbot.documents import Node, Scalar

_WHOLE = r"(?:[0-9]{1,3}(?:[_,][0-9]{3})+|[0-9]{1,15})(?:\.0{1,12})?"
NUMBER = r"(?:[0-9]{1,3}(?:[_,][0-9]{3})+|[0-9]{1,15})(?:\.[0-9]{1,12})?"
_SHARE = r"0{0,12}(?:100(?:\.0{1,12})?|[0-9]{1,2}(?:\.[0-9]{1,12})?)"
_NOT_ZERO = r"(?=[^/]*[1-9])"
_PERIOD = r"(?:second|minute|hour|day|week|month|year)"


def written(pattern: str, *, kind: str | None = None, **bounds: int) -> Schema:
    """The schema of a text of the pattern; with a `kind`, of a bare number within bounds too."""
    text = {"type": "string", "pattern": rf"^\s*(?:{pattern})\s*$"}
    return text if kind is None else {**text, "type": ["string", kind], **bounds, "maximum": 10**15}


class _Model(Text):
    """A model's name; a variable would be taken for a model that nobody knows."""

    def matches(self, text: str) -> bool:
        """Whether the text is such a name."""
        return super().matches(text) and placeholder(text) is None


MODEL = _Model(r"[^\s\x00-\x1f\x7f/:][^\s\x00-\x1f\x7f]{0,199}", "a model's name", "openai/gpt-4.1")
PATTERN = Text(r"[^\s\x00-\x1f\x7f]{1,200}", "a model's name or pattern", "openai/gpt-5*")
NAME = Text(r"[\w][\w ./:@+-]{0,99}", "a name", "support-triage")
PATH = Text(
    r"(?![/~])(?!(?:.*/)?\.\.?(?:/|$))[^\\\x00-\x1f\x7f]{1,4096}(?<!/)",
    "a path inside the repository",
    "prompts/triage/system.j2",
    meant=path_meant,
)


class _Approver(Text):
    """A login or a team; a number without quotes is neither, and may be an id."""

    def read(self, node: Node, at: At) -> str:
        if isinstance(node, Scalar) and not node.quoted and node.text.isdecimal():
            number = node.text[:20]
            what = f"{number} is a number, and not a login or a team"
            mend = f'write octocat or "@acme/finops"; quote a login of digits: "{number}"'
            raise at.reject(node.line, what, mend)
        return super().read(node, at)


APPROVER = _Approver(
    r"@?[A-Za-z0-9][A-Za-z0-9-]{0,38}(/[\w.-]{1,100}|_[A-Za-z0-9]{3,8})?",
    "a login or a team",
    "@acme/finops",
    meant=approver_meant,
)
USD = Amount(
    amounts.usd, "an amount in USD", "$0.01", written(rf"\$?{NUMBER}", kind="number", minimum=0)
)
USD_PER_MONTH = Amount(
    amounts.usd_per_month,
    "an amount in USD a month",
    "$1_200",
    written(rf"\$?{NUMBER}(?:/month)?", kind="number", minimum=0),
)
USD_PER_MTOK = Amount(
    amounts.usd,
    "an amount in USD per million tokens",
    '"1.25"',
    written(rf"\$?{NUMBER}", kind="number", minimum=0),
    meant=price_meant,
)
TOKENS = Amount(
    amounts.count, "a number of tokens", "2_000", written(_WHOLE, kind="integer", minimum=0)
)
POSITIVE_TOKENS = Amount(
    amounts.positive_count,
    "a number of tokens above zero",
    "1_024",
    written(_NOT_ZERO + _WHOLE, kind="integer", minimum=1),
)
INCREASE = Amount(
    amounts.fraction, "a percentage", "20%", written(rf"{NUMBER}\s*%"), meant=percentage_meant
)
SHARE = Amount(
    amounts.share,
    "a percentage from 0% to 100%",
    "80%",
    written(rf"{_SHARE}\s*%"),
    meant=percentage_meant,
)
WEIGHT = Amount(
    amounts.positive,
    "a number above zero",
    "3",
    written(_NOT_ZERO + NUMBER, kind="number", exclusiveMinimum=0),
    meant=weight_meant,
)
STATISTIC = Amount(
    amounts.statistic,
    "max, mean or a percentile",
    "p95",
    written(r"max|mean|p[1-9][0-9]?"),
    meant=statistic_meant,
)
CALLS = Amount(
    amounts.calls_per_month,
    "a number of calls in a period",
    "120_000/month",
    written(rf"{_NOT_ZERO}{NUMBER}\s*/\s*{_PERIOD}"),
)
DAYS = Amount(
    amounts.days,
    "a number of days",
    "14 days",
    written(rf"{_NOT_ZERO}{_WHOLE} ?(?:d|days?)"),
    meant=days_meant,
)
DATE = Amount(
    amounts.day,
    "a date",
    "2026-11-01",
    written(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"),
)
REGION = Text(r"[a-z][a-z0-9-]{1,30}", "a provider's region", "eu")
GROWTH = Amount(
    amounts.growth_per_month,
    "a growth a month",
    "5%/month",
    written(rf"{_SHARE}\s*%\s*/\s*month"),
    meant=growth_meant,
)
