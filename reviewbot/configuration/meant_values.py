"""What people write in place of a value, and what they meant by it.

A slip tells the reason, and the mend that works when it is typed.
"""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

Slip = tuple[str, str]
"""Why a text is wrong, and the mend."""

_LONGEST = 200

CURLY = "“”„‟‘’‚‛«»"
_POWERS = {
    **dict.fromkeys(("k", "thousand"), 3),
    **dict.fromkeys(("m", "mn", "mio", "million"), 6),
    **dict.fromkeys(("b", "bn", "billion"), 9),
}
_PERIODS = {
    **dict.fromkeys(("s", "sec", "seconds", "rps", "qps"), "second"),
    **dict.fromkeys(("min", "minutes", "rpm", "qpm"), "minute"),
    **dict.fromkeys(("h", "hr", "hours", "hourly", "rph"), "hour"),
    **dict.fromkeys(("d", "days", "daily", "rpd"), "day"),
    **dict.fromkeys(("w", "wk", "weeks", "weekly"), "week"),
    **dict.fromkeys(("m", "mo", "mon", "mth", "months", "monthly"), "month"),
    **dict.fromkeys(("y", "yr", "years", "yearly", "annum"), "year"),
}


def is_told(text: str) -> bool:
    """Whether a text is short and plain enough to be shown in a mend."""
    return len(text) <= _LONGEST and text.isprintable()


_PLAIN = re.compile(r"[\w$.][\w$./@%+*#-]*(?:[ :][\w$./@%+*-][\w$./@%+*#-]*)*")
_NO_TEXT = {"null", "true", "false"}


def typed(text: str) -> str:
    """A text as it is typed in YAML, also within brackets: in quotes where it needs them."""
    if _PLAIN.fullmatch(text) and text.lower() not in _NO_TEXT:
        return text
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def is_in_curly_quotes(text: str) -> bool:
    """Whether typographic quotes, which YAML takes for text, stand at both ends."""
    return len(text) > 2 and text[0] in CURLY and text[-1] in CURLY  # noqa: PLR2004 - two quotes


def without_curly_quotes(text: str) -> str:
    """`text` without the typographic quotes around it."""
    return text[1:-1] if is_in_curly_quotes(text) else text


def amount_meant(text: str, is_right: Callable[[str], bool]) -> Slip | None:
    """The amount that `text` means in another notation; None where no amount is found."""
    if not is_told(text):
        return None
    found = text.rstrip(",;.")
    reasons = [f"`{text[len(found)]}` behind it"] if found != text else []
    for reason, repaired in _REPAIRS:
        before, found = found, repaired(found)
        if found != before:
            reasons.append(reason)
    found = re.sub(r"(?<=[0-9]),(?=[0-9])", "_", found)  # within brackets a comma ends the value
    if not reasons or not is_right(found):
        return None
    return ", ".join(reasons), f"write {found}"


def _whole_digits(text: str) -> str:
    """Digits in place of `1.2k`, `3 million` and `1e3`."""
    short = re.fullmatch(
        r"(?P<sign>\$?)(?P<number>[0-9_,]{1,20}(?:\.[0-9]{1,6})?)"
        r"(?:\s?(?P<word>[A-Za-z]{1,8})|[eE](?P<power>\+?[0-9]{1,2}))(?P<rest>[ /%].{0,20})?",
        text,
    )
    if short is None:
        return text
    power = int(short["power"]) if short["power"] else _POWERS.get(short["word"].lower())
    if power is None:
        return text
    try:
        value = Decimal(re.sub("[_,]", "", short["number"])).scaleb(power)
    except InvalidOperation:
        return text
    digits = f"{value.normalize():,f}".replace(",", "_")
    return f"{short['sign']}{digits}{short['rest'] or ''}"


def _decimal_point(text: str) -> str:
    """`1,200.50` in place of `1.200,50`, and `12.50` in place of `12,50`."""
    found = re.fullmatch(r"(\$?)([0-9]{1,3}(?:\.[0-9]{3}){0,4}),([0-9]{1,2})(\D{0,20})", text)
    return f"{found[1]}{found[2].replace('.', '_')}.{found[3]}{found[4]}" if found else text


def _period(text: str) -> str:
    """`/month` in place of ` per month`, `/mo` and `/monthly`; the M of `$5 M` is no month."""
    found = re.fullmatch(
        r"(.{1,40}?)\s?(?:(?:/\s?|\bper\s|\ban?\s)([A-Za-z]{1,8})|\s([A-Za-z]{3,8}))", text
    )
    if found is None:
        return text
    word = (found[2] or found[3]).lower()
    period = _PERIODS.get(word, word if word in _PERIODS.values() else None)
    return f"{found[1].rstrip()}/{period}" if period else text


def _misspelt_period(text: str) -> str:
    """`/day` in place of `/dya`."""
    import difflib

    amount, slash, word = text.rpartition("/")
    periods = set(_PERIODS.values())
    near = difflib.get_close_matches(word[:_LONGEST], sorted(periods), 1, _ALIKE)
    return f"{amount}/{near[0]}" if slash and near and word not in periods else text


_ALIKE = 0.65
"""How alike a misspelt period has to be, from 0 to 1: `session` is no second."""

_DOLLAR_BEHIND = re.compile(r"^([0-9][0-9_,.]{0,20})\s?\$(?=$|/)")


def _without_unit(text: str) -> str:
    """No `USD`, `tokens` or `calls` beside the number."""
    money = re.fullmatch(
        r"(?:USD|US\$)\s?\$?(?P<behind>[0-9].{0,40})"
        r"|\$?(?P<before>[0-9].{0,40}?)\s?(?:USD|US\$|dollars?)(?P<rest>/.{0,10})?",
        text,
    )
    if money is not None:
        return f"${money['behind'] or money['before']}{money['rest'] or ''}"
    return re.sub(r"\s?(?:tokens?|tok|calls?)(?=$|/)", "", text)


_REPAIRS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("curly quotes", without_curly_quotes),
    ("quotes within", lambda text: text.strip("\"'")),
    ("a plus sign", lambda text: text.removeprefix("+")),
    ("a percent sign is meant", lambda text: re.sub(r"\s?(?:percent|pct)\b", "%", text)),
    ("periods are written like `/day`", _period),
    ("a period misspelt", _misspelt_period),
    ("the dollar sign stands in front", lambda text: _DOLLAR_BEHIND.sub(r"$\1", text)),
    ("a unit beside the number", _without_unit),
    ("a blank within", lambda text: re.sub(r"(?<=[0-9$])\s(?=[0-9])", "", text)),
    ("not the decimal point", _decimal_point),
    ("an abbreviation", _whole_digits),
)


def percentage_meant(text: str, is_right: Callable[[str], bool]) -> Slip | None:
    """The percentage that a bare number means; of a fraction it is not known which."""
    number = _decimal_point(text)
    if not re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,6})?|\.[0-9]{1,6}", number):
        return amount_meant(text, is_right)
    value = Decimal(number)
    plain = f"{value.normalize():f}%"
    if not 0 < value < 1:
        return ("no percent sign", f"write {plain}") if is_right(plain) else None
    return (
        "no percent sign",
        f"write `{(value * 100).normalize():f}%`, or `{plain}` if that is meant",
    )


def statistic_meant(text: str, is_right: Callable[[str], bool]) -> Slip | None:
    """The statistic that is called otherwise elsewhere."""
    word = text.lower()
    if word in ("median", "p50"):
        return "the median is p50", "write p50"
    for meant, words in _STATISTICS.items():
        if word in words:
            return f"it is called {meant} here", f"write {meant}"
    found = re.fullmatch(r"p?([0-9]{1,2})(?:th|%| ?percentile)?", word.replace("th percentile", ""))
    meant = f"p{int(found[1])}" if found else ""
    return ("percentiles are written like p95", f"write {meant}") if is_right(meant) else None


_STATISTICS = {
    "mean": ("mean", "average", "avg", "expected"),
    "max": ("max", "maximum", "largest", "worst", "p100", "100%"),
}


def growth_meant(text: str, is_right: Callable[[str], bool]) -> Slip | None:
    """The growth a month that a percentage or a number means."""
    for behind, reason in (("/month", "no period"), ("%/month", "no percent sign, no period")):
        if re.fullmatch(r"[0-9.]{1,9} ?%?", text) and is_right(f"{text}{behind}"):
            return reason, f"write {text}{behind}"
    return amount_meant(text, is_right)


def days_meant(text: str, is_right: Callable[[str], bool]) -> Slip | None:
    """The days that a number means, or a time in other units."""
    found = re.fullmatch(r"([0-9]{1,5}) ?([a-z]{0,6})", text.lower())
    if found is None:
        return amount_meant(text, is_right)
    hours = _HOURS.get(found[2].removesuffix("s"), 0) * int(found[1])
    meant = f"{hours // 24} day{'' if hours == 24 else 's'}"  # noqa: PLR2004 - of one day
    if hours % 24 or not is_right(meant):
        return None
    return "days are counted" if found[2] else "no `days` behind", f"write {meant}"


_HOURS = {
    "": 24,
    **dict.fromkeys(("h", "hr", "hour"), 1),
    **dict.fromkeys(("w", "wk", "week"), 168),
    **dict.fromkeys(("mo", "month"), 720),
    **dict.fromkeys(("y", "yr", "year"), 8760),
}


def weight_meant(text: str, is_right: Callable[[str], bool]) -> Slip | None:
    """A weight that is written as a percentage; weights count beside each other only."""
    plain = text.removesuffix("%").rstrip()
    if plain != text and is_right(plain):
        mend = f"write {plain} where all weights come to 100: they count against each other only"
        return "weights have no percent sign", mend
    return amount_meant(text, is_right)


def price_meant(text: str, is_right: Callable[[str], bool]) -> Slip | None:
    """The price per million tokens that `text` means in another notation or for other tokens."""
    found = re.fullmatch(
        r"(?P<price>\S{1,40}?)\s?(?:/|\bper\s)\s?"
        r"(?:(?P<millions>1?\s?(?:[mM]|million)|1[_,]?000[_,]?000)|1?[kK]|1[_,]?000|thousand)"
        r"(?:\s?(?:tok|tokens?))?",
        text,
    )
    if found is None:
        return amount_meant(text, is_right)
    amount = found["price"].removeprefix("$")
    if not is_right(amount):
        return None
    value = Decimal(re.sub("[_,]", "", amount)) * (1 if found["millions"] else 1_000)
    return "prices are per million tokens", f'write "{value.normalize():f}"'


def why_no_number(text: str) -> str:
    """Why `text` is no number: its sign, its unit, or nothing more is known."""
    if text.startswith("-") and re.match(r"[0-9$]", text[1:].lstrip()):
        return "below zero"
    if text.endswith("%"):
        return "a percentage"
    if set(text) & set(CURLY):
        return "a curly quote"
    if per := re.fullmatch(r"[0-9][0-9_,.]{0,20}\s?/\s?(\w{1,12})", text):
        return f"an amount per {per[1]}"
    return "not a number"
