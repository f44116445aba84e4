"""Tokens of a call: the encoding that its model has, exact counts, and what is billed as input."""

from reviewbot.tokens.caching import (
    CachingRule,
    Writes,
    caching_rule,
    stable_beginning,
    stable_part,
)
from reviewbot.tokens.calls import (
    CallCounter,
    CallTokens,
    Offer,
    count_beginning,
    count_call,
)
from reviewbot.tokens.counting import Counter
from reviewbot.tokens.family_of_model import Framing
from reviewbot.tokens.images import image_tokens
from reviewbot.tokens.kept_counts import KeptCounts
from reviewbot.tokens.model_names import Model, NamedModel, resolve
from reviewbot.tokens.overhead import Message

__all__ = [
    "CachingRule",
    "CallCounter",
    "CallTokens",
    "Counter",
    "Framing",
    "KeptCounts",
    "Message",
    "Model",
    "NamedModel",
    "Offer",
    "Writes",
    "caching_rule",
    "count_beginning",
    "count_call",
    "image_tokens",
    "resolve",
    "stable_beginning",
    "stable_part",
]
