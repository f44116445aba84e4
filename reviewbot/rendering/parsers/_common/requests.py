"""Which calls in source code send requests to a model, and what of them is read elsewhere."""

from collections.abc import Container
from typing import Final

_SENDING: Final = frozenset({"create", "parse", "stream", "completion", "acompletion"})
"""Methods of OpenAI's and Anthropic's SDKs, and LiteLLM's functions."""

READ_ELSEWHERE: Final = frozenset({"model", "messages", "input", "instructions", "system"})
"""What is read as the call's model and messages."""

MOST_CHARACTERS: Final = 10_000
"""Characters of an argument's JSON; a longer one is told by its name alone."""


def sends_a_request(callee: str, keys: Container[str]) -> bool:
    """Whether the arguments of a call are the keys of a request, by what it is called."""
    return callee in _SENDING and "model" in keys and ("messages" in keys or "input" in keys)
