"""How a report is to look on a terminal."""

from enum import StrEnum

from msgspec import Struct


class Detail(StrEnum):
    """How much is said."""

    QUIET = "quiet"
    BRIEF = "brief"
    VERBOSE = "verbose"


class Style(Struct, frozen=True, kw_only=True):
    """How wide the terminal is, whether it shows colour, and how much is to be said."""

    columns: int
    colour: bool
    detail: Detail = Detail.BRIEF
