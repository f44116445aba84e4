"""Claude's tokenizers as ctok reconstructs them: a count, not the tokens themselves."""

import json
import lzma
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reviewbot.errors import MeasurementError, Problem

if TYPE_CHECKING:
    pass

CLAUDE: Final = {
    "claude-3": "pieces_v3",
    "claude-4.7": "pieces_v4_7",
    "claude-4.8": "pieces_v4_7",
}
"""The names of these encodings, and ctok's of their vocabularies.

The first is that of Claude 3 to 4.6. Since 4.8 the frame of a message takes no leading blank.
"""

MAX_CHARACTERS: Final = 300_000
"""Characters of one text; ctok is Python, and slower than tiktoken by two orders of magnitude."""

_DATA: Final = Path(__file__).with_name("vendored") / "ctok" / "data"


class Claude:
    """One of Claude's tokenizers, as ctok counts it; loads in about 0.3 s."""

    def __init__(self, name: str, *, folder: Path = _DATA) -> None:
        from reviewbot.tokens.vendored.ctok.model import TokenizerModel

        with lzma.open(folder / f"{CLAUDE[name]}.json.xz", "rt", encoding="utf-8") as file:
            document = json.load(file)
        document["meta"]["frame_bow"] = name != "claude-4.8"
        self._model: TokenizerModel = TokenizerModel(document)

    def encode(self, text: str, *, disallowed_special: tuple[str, ...] = ()) -> range:
        """As many as there are tokens in `text`, without the frame of a message.

        Raises:
            MeasurementError: The text is too long to be counted in bounded time.

        """
        from reviewbot.tokens.vendored.ctok.engine import tile

        del disallowed_special
        if len(text) > MAX_CHARACTERS:
            problem = Problem(
                what=f"a text for Claude has {len(text):,} characters",
                mend=f"shorten it to at most {MAX_CHARACTERS:,}",
            )
            raise MeasurementError([problem])
        return range(tile(text, self._model)[0] if text else 0)
