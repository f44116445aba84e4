"""A family of models: which are counted alike, how, and by whose figure."""

from decimal import Decimal
from enum import StrEnum
from typing import Final

from msgspec import Struct


class Framing(StrEnum):
    """What a call costs beside its texts."""

    CONFIRMED = "confirmed"
    """The cookbook's rule for messages and tools, which it compares with the API's own figures."""

    ASSUMED = "assumed"
    """The same rule, not confirmed for this model."""

    NONE = "none"
    """Nothing: the model completes or embeds a bare text."""


class Family(Struct, frozen=True, kw_only=True):
    """Models of one vendor that are counted alike.

    `names` is a regular expression for the whole of a plain name. Tokens are those of `encoding`
    times `ratio`, which is 1 where the encoding is the model's own (`exact`). The weights of an
    `is_open` family are published: anybody may offer such a model or train it further.
    """

    vendor: str
    names: str
    encoding: str
    source: str
    exact: bool = True
    ratio: Decimal = Decimal(1)
    framing: Framing = Framing.ASSUMED
    is_open: bool = False


_MEASURED: Final = (
    "tokens relative to o200k_base in 20 documents, the larger of Markdown and Python: "
)
_ASSUMED_RATIO: Final = Decimal("1.15")
_ASSUMED: Final = (
    "its tokenizer was not measured: 1.15 is the largest ratio measured of current vendors beside "
    "Claude; it may be off by a third"
)


def counted(
    vendor: str,
    names: str,
    encoding: str,
    source: str,
    *,
    exact: bool = False,
    is_open: bool = True,
) -> Family:
    """A family that is counted with a vocabulary that ships with this package.

    It is `exact` where the vendor says that the vocabulary is the models' own.
    """
    return Family(
        vendor=vendor,
        names=names,
        encoding=encoding,
        source=source,
        exact=exact,
        is_open=is_open,
    )


def measured(
    vendor: str, names: str, ratio: str, tokenizer: str, *, is_open: bool = True
) -> Family:
    """A family that is estimated by a ratio that was measured for `tokenizer`."""
    return Family(
        vendor=vendor,
        names=names,
        encoding="o200k_base",
        source=f"{_MEASURED}{ratio} ({tokenizer})",
        exact=False,
        ratio=Decimal(ratio),
        is_open=is_open,
    )


def assumed(
    vendor: str, names: str, *, is_open: bool = True, framing: Framing = Framing.ASSUMED
) -> Family:
    """A family whose tokenizer nobody measured here; its source says so."""
    return Family(
        vendor=vendor,
        names=names,
        encoding="o200k_base",
        source=_ASSUMED,
        exact=False,
        ratio=_ASSUMED_RATIO,
        is_open=is_open,
        framing=framing,
    )
