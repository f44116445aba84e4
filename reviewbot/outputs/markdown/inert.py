"""Text of the repository made inert: Markdown and HTML show it as it is.

It cannot open a tag, a link, a table cell, a mention, an emoji or a comment. The standard library
escapes HTML; no kept library escapes what GitHub makes of text (mentions, references, addresses).
"""

import html
import re

from reviewbot.outputs import wording

_GAP = "&#8203;"
"""A space of no width."""

_REFERENCE = re.compile(r"GH-(?=\d)", re.IGNORECASE)
_EMOJI = re.compile(r":(?=(?:(?=[\d+\\-]*+[^\W\d])[\w+\\-]++|[+-]1|100|1234)(?::|\Z))")
"""The colon before a name, whose `_` is escaped already; what follows the text may be a colon.

Four names have no letter (github.com/github/gemoji), so `prompts/a.j2:12:` is none.
"""

_OPENS_LIST = re.compile(r"[-+ \d]")

LONGEST_TEXT = 400
"""So many characters of one text are shown where it is put together with others."""


class Verbatim(str):
    """Text that this folder has made of inert parts; it goes into the page as it is."""

    __slots__ = ()


def inert(value: object) -> str:
    """`value` as text that Markdown and HTML show as it is, on one line."""
    if isinstance(value, Verbatim):
        return value
    text = re.sub(r"([\\`*_{}\[\]()#!|~$])", r"\\\1", wording.plain(str(value)))
    text = html.escape(text, quote=False)
    # GitHub looks for mentions, references and addresses after it has decoded these
    text = text.replace("@", f"&#64;{_GAP}").replace("\\#", f"\\#{_GAP}")
    text = _REFERENCE.sub(rf"\g<0>{_GAP}", text)
    text = _EMOJI.sub(f":{_GAP}", text)
    text = re.sub(r"(://|www\.)", lambda found: _GAP.join(found[0]), text)
    return f"{_GAP}{text}" if _OPENS_LIST.match(text) else text


def prose(text: str) -> Verbatim:
    """A sentence in which what stands between backticks is shown as code; all of it is inert."""
    pieces = re.split(r"`([^`]*)`", cut(text))
    for index, piece in enumerate(pieces):
        pieces[index] = f"<code>{within_line(piece)}</code>" if index % 2 else within_line(piece)
    begins = _GAP if _OPENS_LIST.match(text) else ""
    return Verbatim("".join([begins, *pieces]))


def within_line(text: str) -> Verbatim:
    """Inert text that does not begin a line, so that nothing in it can open a list."""
    if isinstance(text, Verbatim):
        return text
    return Verbatim(inert(f"x{cut(text)}")[1:])


def within_line_prose(text: str) -> Verbatim:
    """A sentence as `prose` gives it that does not begin a line."""
    return Verbatim(prose(f"x{text}")[1:])


def unbroken(text: str) -> Verbatim:
    """Inert text of a table cell that stays on one line."""
    return Verbatim(within_line(text).replace(" ", "&nbsp;"))


def cut(text: str) -> str:
    """`text`, or the beginning of a long one."""
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"
