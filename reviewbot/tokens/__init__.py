"""Tokens of a call: the encoding that its model has, exact counts, and what is billed as input."""

from reviewbot.tokens.calls import CallTokens, count_call
from reviewbot.tokens.counting import Counter
from reviewbot.tokens.model_names import Model, resolve
from reviewbot.tokens.overhead import Message

__all__ = ["CallTokens", "Counter", "Message", "Model", "count_call", "resolve"]
