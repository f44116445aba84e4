"""Text of the repository made inert: Markdown and HTML show it as it is.

It cannot open a tag, a link, a table cell, a mention or a comment. The standard library escapes
HTML; no kept library escapes what GitHub makes links of (mentions, references, addresses).
"""

import html
import re

from reviewbot.outputs import wording

_GAP = "&#8203;"
"""A space of no width."""


class Verbatim(str):
    """Text that this module has made and checked; it goes into the page as it is."""

    __slots__ = ()


def inert(value: object) -> str:
    """`value` as text that Markdown and HTML show as it is, on one line."""
    if isinstance(value, Verbatim):
        return value
    text = re.sub(r"([\\`*_{}\[\]()#!|~$])", r"\\\1", wording.plain(str(value)))
    text = html.escape(text, quote=False)
    # GitHub looks for mentions, references and addresses after it has decoded these
    text = text.replace("@", f"&#64;{_GAP}").replace("\\#", f"\\#{_GAP}")
    text = re.sub(r"(://|www\.)", lambda found: _GAP.join(found[0]), text)
    return f"{_GAP}{text}" if re.match(r"[-+ \d]", text) else text
