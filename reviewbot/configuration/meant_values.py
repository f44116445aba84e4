"""What people write in place of a value, and what they meant by it.

A slip tells the reason, and the mend that works when it is typed.
"""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

Slip = tuple[str, str]
"""Why a text is wrong, and the mend."""

_LONGEST = 200

_CURLY = "“”„‟‘’‚‛«»"
_POWERS = {
    **dict.fromkeys(("k", "thousand"), 3),
    **dict.fromkeys(("m", "mn", "mio", "million"), 6),
    **dict.fromkeys(("b", "bn", "billion"), 9),
}
_PERIODS = {
    **dict.fromkeys(("s", "sec", "seconds"), "second"),
    **dict.fromkeys(("min", "minutes"), "minute"),
    **dict.fromkeys(("h", "hr", "hours", "hourly"), "hour"),
    **dict.fromkeys(("d", "days", "daily"), "day"),
    **dict.fromkeys(("w", "wk", "weeks", "weekly"), "week"),
    **dict.fromkeys(("m", "mo", "mon", "mth", "months", "monthly"), "month"),
    **dict.fromkeys(("y", "yr", "years", "yearly", "annum"), "year"),
}


def _is_told(text: str) -> bool:
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
    return len(text) > 2 and text[0] in _CURLY and text[-1] in _CURLY  # noqa: PLR2004 - two quotes


def without_curly_quotes(text: str) -> str:
    """`text` without the typographic quotes around it."""
    return text[1:-1] if is_in_curly_quotes(text) else text


def amount_meant(text: str, is_right: Callable[[str], bool]) -> Slip | None:
    """The amount that `text` means in another notation; None where no amount is found."""
    if not _is_told(text):
        return None
    reasons, found = [], text
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
    ("another period", _period),
    ("a unit beside the number", _without_unit),
    ("a blank within", lambda text: re.sub(r"(?<=[0-9$])\s(?=[0-9])", "", text)),
    ("not the decimal point", _decimal_point),
    ("an abbreviation", _whole_digits),
)


def percentage_meant(text: str, is_right: Callable[[str], bool]) -> Slip | None:
    """The percentage that a bare number means; of a fraction it is not known which."""
    if not re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,6})?|\.[0-9]{1,6}", text):
        return amount_meant(text, is_right)
    value = Decimal(text)
    plain = f"{value.normalize():f}%"
    if not 0 < value < 1:
        return ("no percent sign", f"write {plain}") if is_right(plain) else None
    return (
        "no percent sign",
        f"write `{(value * 100).normalize():f}%`, or `{plain}` if that is meant",
    )


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
    if set(text) & set(_CURLY):
        return "a curly quote"
    if per := re.fullmatch(r"[0-9][0-9_,.]{0,20}\s?/\s?(\w{1,12})", text):
        return f"an amount per {per[1]}"
    return "not a number"


def path_meant(text: str, is_right: Callable[[str], bool]) -> Slip | None:
    """What is wrong with a path, and how it is written from the repository's root."""
    if _ON_ONE_MACHINE.match(text):
        return "a path on one machine", "count the path from the repository's root: prompts/a.md"
    if not _is_told(text):
        return None
    path, reasons = text, []
    if "\\" in path:
        reasons.append("backslashes")
        path = path.replace("\\", "/")
    if path != (path := without_curly_quotes(path.strip())):
        reasons.append("curly quotes" if set(text) & set(_CURLY) else "a blank around")
    path = _from_root(path, reasons)
    if re.search(r"(?:^|/)\.{1,2}(?:/|$)", path):
        parts: list[str] = []
        for step in path.split("/"):
            if step == ".." and not parts:
                return "it leads out of the repository", "name a file in it, such as prompts/a.md"
            parts = parts[:-1] if step == ".." else [*parts, step] if step != "." else parts
        reasons.append("`.` and `..` are not read")
        path = "/".join(parts)
    if path.endswith("/") or not path:
        pattern = f"{path}*.yaml" if path else "prompts/*.yaml"
        shown = typed(pattern if is_right(pattern) else "prompts/*.yaml")
        return "a folder", f"name the files in it; samples take a pattern: {shown}"
    return _written(path, reasons, is_right)


def _from_root(path: str, reasons: list[str]) -> str:
    """A path without what leads out of the repository at its beginning."""
    if path.startswith("/"):
        reasons.append("paths count from the repository's root")
        return path.lstrip("/")
    if path != (path := re.sub(r"\A(?:\./)*(?:\.\./)+", "", path)):
        reasons.append("it leads out of the repository; paths count from its root")
    return path


_ON_ONE_MACHINE = re.compile(
    r"[A-Za-z]:[\\/]|~"
    r"|/(?:app|builds|etc|github|home|mnt|opt|private|root|srv|tmp|usr|Users|var|workspaces?)/"
)
"""Windows' drives, a home, folders of Unix, and those where CI servers and containers check out."""


def name_meant(text: str, is_right: Callable[[str], bool]) -> Slip | None:
    """A name or a model in curly quotes, or with blanks around it or in it."""
    if not _is_told(text):
        return None
    found, reasons = _without_around(text)
    tight = _without_blanks_at_slashes(found)
    parts = tight.split()
    if len(parts) > 1 and all(map(is_right, parts)) and all(map(_WHOLE_NAME.match, parts)):
        return "several names in one", f"put a comma between them: {', '.join(parts)}"
    for repaired in (found, tight, "-".join(tight.split())):
        if is_right(repaired):
            within = ["a blank within"] if repaired != found else []
            return _written(repaired, [*reasons, *within], is_right)
    return None


_WHOLE_NAME = re.compile(r"[\w.-]{1,60}/\S|(?=\S{0,60}\d)[a-z]{2,60}-\S")
"""A model with its maker, or one with a version."""


def _written(found: str, reasons: list[str], is_right: Callable[[str], bool]) -> Slip | None:
    """The mend that is typed; None where nothing was repaired, or where it is not taken either."""
    if not reasons or not is_right(found):
        return None
    return ", ".join(reasons), f"write {typed(found)}"


def _without_around(text: str) -> tuple[str, list[str]]:
    """A text without the blanks and typographic quotes around it, and which of them were there."""
    plain = text.strip()
    found = without_curly_quotes(plain).strip()
    reasons = ["a blank around"] if plain != text else []
    return found, [*reasons, "curly quotes"] if found != plain else reasons


def _without_blanks_at_slashes(text: str) -> str:
    return "/".join(part.strip() for part in text.split("/"))


def approver_meant(text: str, is_right: Callable[[str], bool]) -> Slip | None:
    """Somebody who is named by something else than a login."""
    plain, reasons = _without_around(text)
    if found := re.fullmatch(r"(?:https?://)?(?:www\.)?github\.com/([\w/-]{1,140}?)/?", plain):
        name = found[1].removeprefix("orgs/").replace("/teams/", "/")
        return _written(name, ["an address"], is_right)
    if re.fullmatch(r"[^@\s]{1,100}@[^@\s]{1,100}", plain):
        return "an e-mail address", _LOGIN
    joined = _without_blanks_at_slashes(plain)
    if " " in joined:
        return "a blank within", f"{_LOGIN}, not the name"
    return _written(joined, reasons if joined == plain else ["a blank within"], is_right)


_LOGIN = 'write the login or the team on GitHub, such as octocat or "@acme/finops"'
