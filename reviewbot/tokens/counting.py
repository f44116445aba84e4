"""Exact token counts of single texts, in bounded time and memory whatever the text."""

import re
import time
from collections import defaultdict
from collections.abc import Callable
from hashlib import blake2b
from typing import Final

from reviewbot.allowance import Allowance
from reviewbot.errors import MeasurementError, Problem
from reviewbot.local_cache import NO_CACHE
from reviewbot.tokens.kept_counts import KeptCount, KeptCounts
from reviewbot.tokens.vocabularies import Encoder, load_encoding

MAX_CHARACTERS: Final = 2_000_000
"""Characters of one text. It bounds the time of one count."""

MAX_BYTES: Final = 4_000_000
"""UTF-8 bytes of one text, of which no encoding makes more tokens. It bounds memory."""

LONG_TEXT_CHARACTERS: Final = 50_000
"""Texts from this length draw on the allowance. The worst shorter text takes 0.02 s."""

LONG_TEXT_SECONDS: Final = 7.0
"""CPU seconds of one review for counting long and slow texts: some 100 MB of honest text."""

_HONEST_CHARACTERS_PER_SECOND = 10_000_000
_TEXT_SECONDS = 0.0001
"""What a shorter text has for nothing; honest text is counted at 15 to 25 MB/s."""

_LONG_PIECE = re.compile(
    r"(?<![^\W\d_])[^\W\d_]{400}|(?<![^\w\s])[^\w\s]{400}|(?<!\s)\s{400}|(?<!_)_{400}"
)
"""Letters, signs or blanks that the tokenizer splits nowhere: what makes a shorter text slow."""

_KEPT_CHARACTERS = 10_000
"""From this length on the latest texts are known by themselves, since a digest takes time too."""

_MOST_TOLD: Final = 4_000
"""Texts, of at most 20,000 characters, that are told before they are counted."""

_MEMO_ENTRIES: Final = 200_000
"""Counts kept for each encoding, about 25 MB."""


class Counter:
    """Counts the texts of one review; encodings are loaded when first used, equal texts once.

    `texts` and `characters` say how much was encoded: a text that is known, or told, is not.

    The worst texts within the limits (2,000,000 random letters) take 2.1 s of CPU with o200k_base
    and cl100k_base, 1.7 s with p50k_base; the process then stays below 300 MB. Honest text is
    counted at 15 to 25 MB/s (2-core machine, tiktoken 0.14).

    A thousand of the worst texts would take half an hour. So long texts, and shorter ones that are
    slow for their length, share some CPU time. When it is used up, long texts are refused, and
    shorter ones with a long run of letters, signs or blanks. All others are counted until the
    review's `allowance` is used up. Counts that are `kept` take as many of the seconds as when the
    texts were counted.
    """

    def __init__(
        self,
        *,
        load: Callable[[str], Encoder] = load_encoding,
        clock: Callable[[], float] = time.thread_time,
        allowance: Allowance | None = None,
        kept: KeptCounts | None = None,
    ) -> None:
        self._allowance = allowance or Allowance()
        self._kept = kept or KeptCounts(NO_CACHE)
        self._load = load
        self._clock = clock
        self._long_text_seconds = LONG_TEXT_SECONDS
        self._encodings: dict[str, Encoder] = {}
        self._memos: defaultdict[str, dict[bytes, int]] = defaultdict(dict)
        self._latest: dict[tuple[int, str], tuple[str, int]] = {}
        self._latest_characters = 0
        self._told: dict[tuple[str, str], int] = {}
        self.texts = 0
        self.characters = 0

    @property
    def encodings(self) -> int:
        """How many encodings were needed."""
        return len(self._encodings)

    @property
    def is_used_up(self) -> bool:
        """Whether the review's allowance is, so that nothing more is counted."""
        return self._allowance.is_used_up

    def check(self) -> None:
        """Go on as long as the review's allowance lasts.

        Raises:
            MeasurementError: It is used up.

        """
        self._allowance.check()

    def tell(self, text: str, encoding: str, tokens: int) -> None:
        """Say how many tokens a text has that is about to be counted; by any thread."""
        if len(self._told) >= _MOST_TOLD:
            self._told.clear()
        self._told[text, encoding] = tokens

    def count(self, text: str, encoding: str) -> int:
        """Tokens of `text`; special tokens in it are text, lone surrogates count as U+FFFD.

        Raises:
            MeasurementError: The text is over a limit, tiktoken cannot split it, or the encoding
                cannot be loaded.

        """
        same = self._latest.get((id(text), encoding))
        if same is not None:
            return same[1]
        tokens = self._known_or_counted(text, encoding)
        if len(text) >= _KEPT_CHARACTERS:
            self._latest_characters += len(text)
            if self._latest_characters > 2 * MAX_CHARACTERS:
                self._latest.clear()
                self._latest_characters = len(text)
            self._latest[id(text), encoding] = text, tokens  # so its id is given to no other text
        return tokens

    def _known_or_counted(self, text: str, encoding: str) -> int:
        told = self._told.pop((text, encoding), None)
        if told is not None and not self._kept.is_kept:
            return told
        if len(text) > MAX_CHARACTERS:
            raise _too_long(f"{len(text):,} characters", f"{MAX_CHARACTERS:,}")
        data = text.encode("utf-8", "surrogatepass")
        if len(data) > MAX_BYTES:
            raise _too_long(f"{len(data):,} bytes of UTF-8", f"{MAX_BYTES:,}")
        digest = blake2b(data, digest_size=16).digest()
        memo = self._memos[encoding]
        tokens = memo.get(digest)
        if tokens is None:
            tokens = self._counted(text, encoding, digest) if told is None else told
            if told is not None:
                self._kept.add(encoding, digest, KeptCount(told))
            if len(memo) >= _MEMO_ENTRIES:
                memo.clear()
            memo[digest] = tokens
        return tokens

    def _counted(self, text: str, name: str, digest: bytes) -> int:
        self._allowance.check()
        is_long = len(text) >= LONG_TEXT_CHARACTERS
        if self._long_text_seconds <= 0 and (is_long or _LONG_PIECE.search(text)):
            problem = Problem(
                what=f"the {LONG_TEXT_SECONDS:.0f} s that a review has for counting texts of "
                f"{LONG_TEXT_CHARACTERS:,} characters and more, and slow shorter ones, are used up",
                mend="shorten the long texts, or break up their long runs without a space",
            )
            raise MeasurementError([problem])
        if (kept := self._kept.get(name, digest)) is not None:
            self._long_text_seconds -= kept.slow_seconds
            return kept.tokens
        encoding = self._encodings.get(name)
        if encoding is None:
            encoding = self._encodings[name] = self._load(name)
        self.texts += 1
        self.characters += len(text)
        began = self._clock()
        slow_seconds = 0.0
        try:
            tokens = _encoded(encoding, text)
        finally:
            seconds = self._clock() - began
            free = 0.0 if is_long else _TEXT_SECONDS + len(text) / _HONEST_CHARACTERS_PER_SECOND
            slow_seconds = max(0.0, seconds - free)
            self._long_text_seconds -= slow_seconds
        self._kept.add(name, digest, KeptCount(tokens, slow_seconds))
        return tokens


def _encoded(encoding: Encoder, text: str) -> int:
    """Count with `encode`, which is as fast as `encode_ordinary`.

    On a run of about a million blanks `encode` raises a ValueError, `encode_ordinary` a Rust panic.
    """
    try:
        return len(encoding.encode(text, disallowed_special=()))
    except ValueError as error:
        problem = Problem(
            what="tiktoken cannot split a run of about a million blank characters",
            mend="shorten the run of blanks",
        )
        raise MeasurementError([problem]) from error


def _too_long(what: str, limit: str) -> MeasurementError:
    problem = Problem(what=f"a text has {what}", mend=f"shorten it to at most {limit}")
    return MeasurementError([problem])
