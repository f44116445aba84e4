"""How sentences begin, and how long ones end.

They begin with a capital, unless a name of the repository's own stands there.
"""

import re

from reviewbot.report import Report


def capital(sentence: str) -> str:
    """The sentence with a capital at its beginning."""
    return sentence[:1].upper() + sentence[1:]


def advisory_sentence(report: Report) -> str:
    """The advisory; the name of a branch or file at its beginning stays as it is."""
    text = report.advisory or ""
    begins = (report.revisions.base_name, report.configuration)
    return text if text.startswith(begins) else capital(text)


_LEAST = 96
"""Characters of a reason that are left in any case."""


def cut(text: str, beyond: int) -> str:
    """A text without about that many characters of its end: up to a clause, else up to a word."""
    if beyond <= 0 or len(text) <= _LEAST:
        return text
    most = max(_LEAST, len(text) - beyond)
    clauses = [end for end in _ends(_CLAUSE, text) if _LEAST // 3 < end < most + _MORE]
    if clauses:
        return text[: clauses[-1]]
    return f"{text[: max(_ends(_WORD, text[:most]), default=len(text))]} …"


def _ends(pattern: re.Pattern[str], text: str) -> list[int]:
    """Where parts of a text end, outside of code and brackets."""
    found = (item.start() for item in pattern.finditer(text))
    return [
        end
        for end in found
        if text.count("`", 0, end) % 2 == 0 and text.count("(", 0, end) == text.count(")", 0, end)
    ]


_CLAUSE = re.compile(", (?:so|and|which|where|but|it) ")
_WORD = re.compile("[:,;]? ")
_MORE = 24
"""Characters beyond what there is room for that the end of a clause may have."""
