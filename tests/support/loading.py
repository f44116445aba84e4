"""Encodings, each loaded once for all tests: a fifth of a second and some 60 MB apiece."""

from functools import cache

from reviewbot.tokens.vocabularies import load_encoding, load_tiktoken

loaded = cache(load_encoding)
loaded_tiktoken = cache(load_tiktoken)
