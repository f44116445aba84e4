"""A call of a model in source code."""

from msgspec import Struct


class CallSite(Struct, frozen=True, kw_only=True):
    """A call in source code that names the model it calls, and the line it begins in.

    `texts` are what of it the source tells, by selector; none where only the program knows.
    """

    model: str
    line: int
    texts: tuple[tuple[str, str], ...]
