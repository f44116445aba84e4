"""Claude's tokenizers as ctok reconstructs them: a count, not the tokens themselves."""

import json
import sys
from importlib.resources import files
from typing import Any, Final

from reviewbot.errors import MeasurementError, NotInstalledError, Problem

CLAUDE: Final = {
    "claude-3": "pieces_v3.json",
    "claude-4.7": "pieces_v4_7.json",
    "claude-4.8": "pieces_v4_7.json",
}
"""The names of these encodings, and ctok's files of their vocabularies.

The first is that of Claude 3 to 4.6. Since 4.8 the frame of a message takes no leading blank.
"""

MAX_CHARACTERS: Final = 300_000
"""Characters of one text; ctok is Python, and slower than tiktoken by two orders of magnitude."""


class Claude:
    """One of Claude's tokenizers, as ctok counts it; loads in about 0.5 s.

    Raises:
        NotInstalledError: ctok is not installed.

    """

    def __init__(self, name: str) -> None:
        try:
            from ctok.engine import tile
            from ctok.main import TokenizerModel
        except ImportError as error:
            raise NotInstalledError([not_installed()]) from error
        path = files("ctok").joinpath("data", CLAUDE[name])
        document = json.loads(path.read_text(encoding="utf-8"))
        document["meta"]["frame_bow"] = name != "claude-4.8"
        self._model: Any = TokenizerModel(document)
        self._tile = tile

    def encode(self, text: str, *, disallowed_special: tuple[str, ...] = ()) -> range:
        """As many as there are tokens in `text`, without the frame of a message.

        Raises:
            MeasurementError: The text is too long to be counted in bounded time.

        """
        del disallowed_special
        if len(text) > MAX_CHARACTERS:
            problem = Problem(
                what=f"a text for Claude has {len(text):,} characters",
                mend=f"shorten it to at most {MAX_CHARACTERS:,}",
            )
            raise MeasurementError([problem])
        return range(self._tile(text, self._model)[0] if text else 0)


def not_installed() -> Problem:
    """That ctok is missing, and how it is installed."""
    if sys.version_info >= (3, 12):
        mend = "install it: `pip install ctok==1.3.0`"
        return Problem(what="Claude's tokenizer is not installed", mend=mend)
    return Problem(
        what="Claude's tokenizer is not installed: pip leaves it out on Python 3.11",
        mend="`pip install --no-deps --ignore-requires-python ctok==1.3.0`, or use Python 3.12",
    )
