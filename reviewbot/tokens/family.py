"""A family of models: which are counted alike, how, and by whose figure."""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from reviewbot.tokens.ratios import UNMEASURED, Ratios


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

    `names` is a regular expression for the whole of a plain name. Tokens are those of `encoding`,
    times one of `ratios` by kind of text where there are any. `exact` says that the encoding is the
    models' own. The weights of an `is_open` family are published: anybody may offer such a model or
    train it further.
    """

    vendor: str
    names: str
    encoding: str
    source: str
    exact: bool = True
    ratios: Ratios | None = None
    framing: Framing = Framing.ASSUMED
    is_open: bool = False


_MEASURED: Final = "measured by kind of text in 80 documents: "
_ASSUMED: Final = (
    "its tokenizer was not measured: the range is that of the tokenizers of five current vendors"
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
    vendor: str, names: str, ratios: Ratios, tokenizer: str, *, is_open: bool = True
) -> Family:
    """A family that is estimated by ratios that were measured for `tokenizer`."""
    return Family(
        vendor=vendor,
        names=names,
        encoding="o200k_base",
        source=f"{_MEASURED}{tokenizer}",
        exact=False,
        ratios=ratios,
        is_open=is_open,
    )


def assumed(
    vendor: str,
    names: str,
    *,
    is_open: bool = True,
    framing: Framing = Framing.ASSUMED,
    ratios: Ratios = UNMEASURED,
    source: str = _ASSUMED,
) -> Family:
    """A family whose tokenizer nobody measured here; its source says so."""
    return Family(
        vendor=vendor,
        names=names,
        encoding="o200k_base",
        source=source,
        exact=False,
        ratios=ratios,
        is_open=is_open,
        framing=framing,
    )
