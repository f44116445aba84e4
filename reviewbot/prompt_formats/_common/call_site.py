"""Calls of models in source code."""

from msgspec import Struct


class CallSite(Struct, frozen=True, kw_only=True):
    """A call in source code that names the model it calls, and the line it begins in.

    `name` is the selector of the call.
    `parts` are the texts of its arguments by selector; none where only the program knows any of
    them. `whole` is what they make together, None where that has no selector of its own.
    """

    name: str
    line: int
    parts: tuple[tuple[str, str], ...]
    whole: tuple[str, str] | None


class CallMessages(Struct, frozen=True):
    """The known `messages` of a call of that `name`, each by its selector, with text and line."""

    name: str
    messages: tuple[tuple[str, str, int], ...]


class ModelCall(Struct, frozen=True, kw_only=True):
    """What a call sends, by the words of its messages, and the model that it names.

    `model` is None where only the running program knows which it is; `default_model` is the one
    that code names for where nothing else decides.
    """

    line: int
    texts: tuple[str, ...]
    model: str | None
    default_model: str | None = None
