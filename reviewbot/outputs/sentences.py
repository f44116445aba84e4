"""Sentences begin with a capital, unless a name of the repository's own stands there."""

from reviewbot.report import Report


def capital(sentence: str) -> str:
    """The sentence with a capital at its beginning."""
    return sentence[:1].upper() + sentence[1:]


def advisory_sentence(report: Report) -> str:
    """The advisory; the name of a branch or file at its beginning stays as it is."""
    text = report.advisory or ""
    begins = (report.revisions.base_name, report.configuration)
    return text if text.startswith(begins) else capital(text)
