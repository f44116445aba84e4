"""One call of a workflow, taken apart: its tokens by message and by line."""

from decimal import Decimal

from msgspec import Struct

from reviewbot.errors import Place
from reviewbot.report.figures import Figures


class LineTokens(Struct, frozen=True, kw_only=True):
    """A line of a prompt file or of a file that it includes, and the tokens of its fixed text.

    Each line is counted by itself, and once however often the file is included. `varies` says that
    a tag of the template language stands in it; one of tags alone has no tokens. `line` is None
    where the text cannot be found in the file, or only where other prompts may take it from. `text`
    is how it begins. `is_sent` says whether any sample sends it.
    """

    file: str
    line: int | None
    tokens: int
    varies: bool
    text: str
    is_sent: bool


class VariableTokens(Struct, frozen=True, kw_only=True):
    """A variable of the samples, and the tokens of its texts in a message, as a mean over them."""

    name: str
    mean_tokens: Decimal


class MessageTokens(Struct, frozen=True, kw_only=True):
    """One message of a call, or all that one template holds: its tokens over the samples.

    `start_tokens` are those in the start that every call shares, which a provider may cache.
    `varies` says that variables fill a part of it or decide which of it is sent, `has_branches`
    that they may decide. `variables` are those that put text in, the largest first; None where that
    cannot be told, as where a value is cut. `lines` is empty where the lines of the file cannot be
    told, as in a text in quotes; none of its figures holds what variables put in.
    """

    role: str
    place: Place
    mean_tokens: Decimal
    largest_tokens: int
    start_tokens: int
    varies: bool
    has_branches: bool
    variables: tuple[VariableTokens, ...] | None
    lines: tuple[LineTokens, ...]


class CallBreakdown(Struct, frozen=True, kw_only=True):
    """The input of one call: the messages, tools and what the provider adds, as means over samples.

    `other_tokens` are images, and what an estimated model's ratio rounds up. The parts add up to
    `figures.mean_input_tokens`.
    """

    workflow: str
    figures: Figures
    messages: tuple[MessageTokens, ...]
    tool_tokens: Decimal
    overhead_tokens: Decimal
    other_tokens: Decimal
    notes: tuple[str, ...] = ()
