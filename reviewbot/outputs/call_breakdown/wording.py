"""The parts of one call in words, the same for the terminal and for the page."""

from collections.abc import Iterator
from decimal import Decimal, localcontext

from msgspec import Struct

from reviewbot.costs.rates import EXACT
from reviewbot.errors import Place
from reviewbot.outputs import wording
from reviewbot.report.call_breakdown import CallBreakdown, LineTokens, MessageTokens


class Part(Struct, frozen=True, kw_only=True):
    """One part of a call: its tokens, their share of the whole, and what it is."""

    tokens: str
    share: Decimal
    where: str
    what: str


def title(breakdown: CallBreakdown) -> str:
    """The workflow, its model, and what it costs."""
    figures = breakdown.figures
    about = "" if figures.exact else "about "
    return (
        f"{wording.plain(breakdown.workflow)} ({wording.plain(figures.model)}): "
        f"{about}{wording.tokens(figures.mean_input_tokens)} input tokens and "
        f"{wording.usd_per_call(figures.usd_per_call)} a call, "
        f"{wording.usd(figures.usd_per_month)} a month"
    )


def parts(breakdown: CallBreakdown) -> Iterator[Part]:
    """The messages in order, then tools and what the provider adds; nothing that is empty."""
    for message in breakdown.messages:
        if not message.mean_tokens:
            continue
        what = f"{wording.plain(message.role)}, {_varying(message)}"
        yield _part(breakdown, message.mean_tokens, place_text(message.place), what)
    rest = (
        (breakdown.tool_tokens, "tools and answer schemas"),
        (breakdown.overhead_tokens, "added by the provider around the messages"),
        (breakdown.other_tokens, "images, and what an estimate rounds up"),
    )
    yield from (_part(breakdown, tokens, "", what) for tokens, what in rest if tokens)


def _part(breakdown: CallBreakdown, tokens: Decimal, where: str, what: str) -> Part:
    with localcontext(EXACT):
        share = tokens / breakdown.figures.mean_input_tokens
    return Part(tokens=wording.tokens(tokens), share=share, where=where, what=what)


def _varying(message: MessageTokens) -> str:
    if not message.varies:
        return "never varies"
    if message.largest_tokens == message.mean_tokens:
        return "varies"
    return f"varies, up to {wording.tokens(message.largest_tokens)}"


def largest_lines(breakdown: CallBreakdown, shown: int) -> list[LineTokens]:
    """The lines with most tokens, the largest first."""
    lines = [line for message in breakdown.messages for line in message.lines]
    lines = [line for line in lines if line.text and line.tokens]
    lines.sort(key=lambda line: (-line.tokens, line.file, line.line or 0))
    return lines[:shown]


def rest_text(breakdown: CallBreakdown) -> str:
    """What the messages hold beside the fixed text of their lines, and which have no lines."""
    told = [item for item in breakdown.messages if item.lines]
    untold = [item for item in breakdown.messages if item.mean_tokens and not item.lines]
    texts = [_of_lines(told)] if told else []
    if untold:
        with localcontext(EXACT):
            tokens = wording.tokens(sum((item.mean_tokens for item in untold), Decimal(0)))
        places = ", ".join(dict.fromkeys(place_text(item.place) for item in untold))
        texts.append(f"Not told line by line: {tokens} tokens of {places}.")
    return " ".join(texts)


def _of_lines(messages: list[MessageTokens]) -> str:
    with localcontext(EXACT):
        whole = sum((item.mean_tokens for item in messages), Decimal(0))
        fixed = sum(line.tokens for item in messages for line in item.lines)
    text = f"The fixed text of all lines is {wording.tokens(fixed)} tokens"
    if not any(item.varies for item in messages):
        return f"{text}, and sent with every call."
    if whole > fixed:
        return f"{text}; variables and loops put in {wording.tokens(whole - fixed)}."
    if any(item.has_branches for item in messages):
        return f"{text}: more than is sent, since no sample takes every branch."
    return f"{text}; the variables put in next to nothing."


def line_where(line: LineTokens) -> str:
    """The file and the line."""
    return place_text(Place(file=line.file, line=line.line))


def place_text(place: Place) -> str:
    """A place without its key."""
    return wording.plain(f"{place.file}:{place.line}" if place.line else place.file)


def cache_text(breakdown: CallBreakdown) -> str:
    """How much of the start never varies, how much of it a provider caches, and where it ends."""
    prefix = breakdown.figures.prefix
    ends = f" First variable: {place_text(prefix.ends)}." if prefix.ends else ""
    start = (
        f"Prompt caching: the start that never varies is {wording.tokens(prefix.tokens)} tokens, "
        "with what the provider adds; "
    )
    if prefix.cacheable_tokens:
        marked = ", if the request marks them" if prefix.explicit else ""
        return f"{start}{wording.tokens(prefix.cacheable_tokens)} can be cached{marked}.{ends}"
    if prefix.minimum_tokens:
        return f"{start}the provider caches from {wording.tokens(prefix.minimum_tokens)} on.{ends}"
    return f"{start}the provider caches none of it.{ends}"
