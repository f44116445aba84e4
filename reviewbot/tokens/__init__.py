"""Tokens of a call: the encoding that its model has, exact counts, and what is billed as input."""

from reviewbot.tokens.caching import CachingRule, caching_rule, stable_beginning
from reviewbot.tokens.calls import CallTokens, count_beginning, count_call
from reviewbot.tokens.counting import Counter
from reviewbot.tokens.images import image_tokens
from reviewbot.tokens.model_names import Model, resolve
from reviewbot.tokens.overhead import Message

__all__ = [
    "CachingRule",
    "CallTokens",
    "Counter",
    "Message",
    "Model",
    "caching_rule",
    "count_beginning",
    "count_call",
    "image_tokens",
    "resolve",
    "stable_beginning",
]
