"""Tokens of single texts of a model, by its encoding, and by ratios where its own is not known."""

import re
from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal
from typing import Final

from reviewbot.tokens.counting import Counter
from reviewbot.tokens.model_names import Model
from reviewbot.tokens.ratios import Ratios
from reviewbot.tokens.text_kinds import TextKind, segments

_SIZED: Final = re.compile(r" ?\btoken(?: token)+\b")
"""A text that stands for a number of tokens (`reviewbot.prompt.sized`), whatever the tokenizer."""


class TextCounter:
    """Counts texts of one model; `kinds` are those of the texts that ratios were put on."""

    def __init__(self, model: Model, counter: Counter, rounding: str = ROUND_CEILING) -> None:
        self._model = model
        self._counter = counter
        self._rounding = rounding
        self.kinds: set[TextKind] = set()

    def count(self, *texts: str) -> int:
        """Tokens of all `texts` together; an estimate is rounded once.

        Raises:
            MeasurementError: A text cannot be counted.

        """
        ratios = self._model.ratios
        if ratios is None and len(texts) == 1:  # as of most prompts
            return self._counter.count(texts[0], self._model.encoding)
        if ratios is None:
            return sum(self._counter.count(text, self._model.encoding) for text in texts)
        tokens = sum((self._estimated(text, ratios) for text in texts), Decimal(0))
        return int(tokens.to_integral_value(self._rounding))

    def _estimated(self, text: str, ratios: Ratios) -> Decimal:
        tokens = Decimal(0)
        for part, is_sized in _parts(text):
            if is_sized:
                tokens += part.count("token")
                continue
            for kind, segment in segments(part):
                count = self._counter.count(segment, self._model.encoding)
                tokens += count * ratios[kind].probable
                self.kinds.add(kind)
        return tokens


def ranges(ratios: Ratios, kinds: Sequence[TextKind]) -> str:
    """The ratios of these kinds in words, each with its range."""
    return ", ".join(
        f"{ratios[kind].probable} ({ratios[kind].low} to {ratios[kind].high}) for {kind}"
        for kind in kinds
    )


def _parts(text: str) -> list[tuple[str, bool]]:
    """The parts of a text, and whether each stands for a number of tokens."""
    found, end = [], 0
    for sized in _SIZED.finditer(text):
        found += [(text[end : sized.start()], False), (sized[0], True)]
        end = sized.end()
    return [*found, (text[end:], False)]
