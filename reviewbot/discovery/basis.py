"""What a first configuration says of all workflows: a person's answers, or guesses."""

from msgspec import Struct

from reviewbot.configuration.settings import Guess
from reviewbot.discovery.calls import Proposed

DEFAULT_MODEL = "openai/gpt-4.1"
ASSUMED_CALLS_PER_MONTH = 1_000
ASSUMED_OUTPUT_TOKENS = 300
ASSUMED_VARIABLE_TOKENS = 100
ASSUMED_SMALL_TOKENS = 5
"""Of a variable that is a name, a number, a date, a count, an id, or true or false."""

ASSUMED_NUMBER = 3
"""What a template counts with, or formats as a number."""

ASSUMED_DATE = "2026-11-01"
ASSUMED_ITEMS = 3
ASSUMED_ITEM_TOKENS = 20
"""Of each item that a loop prints whole; its fields are as long as other variables."""


class Basis(Struct, frozen=True, kw_only=True):
    """Model, calls and answers of workflows of which nobody has said more, as YAML has them.

    `calls` is a number in a period, as `900/day`. `assumed` are those of them that nobody has
    confirmed. `owners_file` is the file that names the `approvers`, None where a person did.
    """

    model: str = DEFAULT_MODEL
    calls: str = f"{ASSUMED_CALLS_PER_MONTH:_}/month"
    output_tokens: str = str(ASSUMED_OUTPUT_TOKENS)
    approvers: tuple[str, ...] = ()
    owners_file: str | None = None
    assumed: tuple[Guess, ...] = (Guess.MODEL, Guess.TRAFFIC)


GUESSED = Basis()


def own_guesses(workflow: Proposed) -> list[Guess]:
    """What of a workflow's own settings nobody has confirmed."""
    has_guessed = bool(workflow.variables) and workflow.samples is None
    return [
        *([] if workflow.nearby is None else [Guess.MODEL]),
        *([Guess.SAMPLES] if has_guessed else []),
    ]
