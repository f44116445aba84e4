"""Prompts that no workflow covers: whole files, and those in source files."""

from decimal import Decimal

from msgspec import Struct

from reviewbot.errors import Place


class Uncovered(Struct, frozen=True, kw_only=True):
    """A file that looks like a prompt and that no workflow covers.

    `grown` says that the change brings the file, or makes it longer: then `tokens` are those of its
    text, and the cost is that of this text as input of 1,000 calls of `model`; None if not known.
    """

    path: str
    changed: bool
    grown: bool = False
    tokens: int | None = None
    model: str | None = None
    usd_per_1000_calls: Decimal | None = None


class PromptCoverage(Struct, frozen=True, kw_only=True):
    """How many prompts workflows cover, of those that are known, and how many calls of models.

    Known are prompts that workflows name, files that look like prompts, and what was found in the
    source that the change touches; calls are those of that source which name a model.
    """

    covered: int
    known: int
    calls_covered: int = 0
    calls: int = 0


class NewPrompt(Struct, frozen=True, kw_only=True):
    """A prompt in a changed source file that is new or has grown, and that no workflow covers.

    `line` to `last_line` is where its text stands. `tokens` are those of the text in the source,
    without what a program puts in; `tokens_before` those of the text under that name before, None
    where there was none. The cost is that of this text as input of 1,000 calls of `model`, which is
    what the call names, else that of `defaults`; None where it is not known.
    """

    path: str
    selector: str
    line: int
    last_line: int
    tokens: int
    tokens_before: int | None = None
    model: str | None = None
    usd_per_1000_calls: Decimal | None = None


class Unsearched(Struct, frozen=True, kw_only=True):
    """A changed source file in which prompts could not be looked for, or many such, and why.

    `is_prompt` says that it is one text that is named like a prompt, and is not read; it says so
    many characters `more` than before, from a `line` of the file at `path`. `is_built` says that a
    bundler made it, so that there is nothing to mend.
    """

    what: str
    why: str
    is_prompt: bool = False
    is_built: bool = False
    path: str = ""
    line: int = 0
    more: int = 0


class LedToCall(Struct, frozen=True, kw_only=True):
    """What a change alters at a line, and the `call` of a model that this leads to by its names.

    `name` is the function, class or constant around it, `what` the words that tell it: that it says
    more, names other `models`, asks with `more_calls` than before, is
    `less_cached`, caps answers (`is_cap`), or is a number by which texts are cut (`is_bound`).
    Where no call is known it has none.
    """

    path: str
    line: int
    name: str
    what: str
    call: Place | None = None
    models: tuple[str, ...] = ()
    more_calls: bool = False
    less_cached: bool = False
    is_cap: bool = False
    is_bound: bool = False
