"""The parts of one call in words, the same for the terminal and for the page."""

from collections.abc import Iterator
from decimal import Decimal, localcontext

from msgspec import Struct

from reviewbot.costs.rates import EXACT
from reviewbot.errors import Place
from reviewbot.outputs import wording
from reviewbot.outputs.wrapping import short_names
from reviewbot.report.call_breakdown import CallBreakdown, LineTokens, MessageTokens
from reviewbot.report.figures import STATIC_NOTE

_MANY = Decimal("0.25")
"""Of a call's input; where variables put in more, the largest are named."""

_SHOWN_VARIABLES = 5

_UNTOLD = (
    "Code or the format makes that text in a way that keeps no line of it, such as a replacement "
    "in it; a text that stands in a file of its own, or under a name of its own, is told line by "
    "line."
)


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
    lines = [line for line in lines if line.text and line.tokens and line.is_sent]
    lines.sort(key=lambda line: (-line.tokens, line.file, line.line or 0))
    return lines[:shown]


def rest_text(breakdown: CallBreakdown) -> str:
    """What variables put in, what is not sent, and which messages have no lines."""
    messages = [item for item in breakdown.messages if item.mean_tokens]
    untold = [item for item in messages if not item.lines]
    texts = [_put_in(breakdown, messages)] if messages else []
    if left := sum(line.tokens for item in messages for line in item.lines if not line.is_sent):
        texts.append(f"No sample sends {wording.tokens(left)} more, of other branches.")
    if untold:
        with localcontext(EXACT):
            tokens = wording.tokens(sum((item.mean_tokens for item in untold), Decimal(0)))
        places = ", ".join(dict.fromkeys(place_text(item.place) for item in untold))
        texts.append(f"Not told line by line: {tokens} tokens of {places}. {_UNTOLD}")
    return " ".join(texts)


def _put_in(breakdown: CallBreakdown, messages: list[MessageTokens]) -> str:
    """How many of the messages' tokens variables put in, and which do where they are many."""
    by_name: dict[str, Decimal] = {}
    with localcontext(EXACT):
        whole = sum((item.mean_tokens for item in messages), Decimal(0))
        for variable in (it for item in messages for it in item.variables or ()):
            by_name[variable.name] = by_name.get(variable.name, Decimal(0)) + variable.mean_tokens
        filled = sum(by_name.values(), Decimal(0))
        many = filled > breakdown.figures.mean_input_tokens * _MANY
    if any(item.variables is None for item in messages):
        return _estimated(messages, whole)
    if not filled and STATIC_NOTE in breakdown.figures.notes:
        own = f"The {wording.tokens(whole)} tokens of the messages are the template's own text"
        return f"{own}; no sample says what its variables put in."
    if not filled:
        text = f"All {wording.tokens(whole)} tokens of the messages are fixed text"
        if not any(item.varies for item in messages):
            return f"{text}, sent with every call."
        return f"{text} with these samples; variables put in none."
    largest = sorted(by_name.items(), key=lambda item: (-item[1], item[0]))
    shown = short_names(wording.plain(name) for name, _ in largest)
    names = [
        f"{name} {wording.tokens(tokens)}" for name, (_, tokens) in zip(shown, largest, strict=True)
    ]
    told = f" ({wording.named(names, _SHOWN_VARIABLES)})" if many else ""
    with localcontext(EXACT):
        fixed = whole - filled
    return (
        f"Of the {wording.tokens(whole)} tokens of the messages, variables put in "
        f"{wording.tokens(filled)}{told}; {wording.tokens(fixed)} are fixed text."
    )


def _estimated(messages: list[MessageTokens], whole: Decimal) -> str:
    """The same where values are cut or compared, so that none is told in the text."""
    lines = [line for item in messages for line in item.lines if line.is_sent]
    with localcontext(EXACT):
        left = whole - sum(line.tokens for line in lines)
    if left <= 0 or not all(item.lines for item in messages):
        return "How much variables put in cannot be told: the template cuts or compares them."
    return (
        f"Of the {wording.tokens(whole)} tokens of the messages, variables and loops put in about "
        f"{wording.tokens(left)}."
    )


def line_where(line: LineTokens) -> str:
    """The file and the line."""
    return place_text(Place(file=line.file, line=line.line))


def place_text(place: Place) -> str:
    """A place without its key."""
    return wording.plain(f"{place.file}:{place.line}" if place.line else place.file)


def cache_text(breakdown: CallBreakdown) -> str:
    """How much of the start never varies, how much of it a provider caches, and where it ends."""
    prefix = breakdown.figures.prefix
    first = _first_variable(breakdown.messages, prefix.ends)
    ends = f" First variable: {place_text(first)}." if first else ""
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


def _first_variable(messages: tuple[MessageTokens, ...], ends: Place | None) -> Place | None:
    """Where the start ends that never varies: the first line that varies, where it is known.

    A branch may begin in a line above, so there only a line below the message's own is better.
    """
    message = next((item for item in messages if item.varies), None)
    if message is None or ends is None or message.place.file != ends.file:
        return ends
    if message.has_branches and message.place != ends:
        return ends
    varying = (line for line in message.lines if line.varies and line.is_sent and line.line)
    first = next(varying, None)
    return ends if first is None else Place(file=first.file, line=first.line)
