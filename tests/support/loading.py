"""Encodings, each loaded once for all tests: a fifth of a second and some 60 MB apiece."""

import math
from functools import cache

from reviewbot.allowance import Allowance
from reviewbot.tokens.vocabularies import load_encoding, load_tiktoken

loaded = cache(load_encoding)
loaded_tiktoken = cache(load_tiktoken)


def endless() -> Allowance:
    """An allowance for what lives longer than a review: all tests of a module, or of a run."""
    return Allowance(seconds=math.inf, characters=10**18)
