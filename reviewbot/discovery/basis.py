"""What a first configuration says of all workflows: a person's answers, or guesses."""

from msgspec import Struct

from reviewbot.configuration.settings import Guess

DEFAULT_MODEL = "openai/gpt-4.1"
ASSUMED_CALLS_PER_MONTH = 1_000
ASSUMED_OUTPUT_TOKENS = 300
ASSUMED_VARIABLE_TOKENS = 100


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
