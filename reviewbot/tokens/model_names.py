"""Finds how a model is counted, from its name as people write it."""

import re
from decimal import Decimal
from typing import Final

from msgspec import Struct

from reviewbot.errors import MeasurementError, Problem
from reviewbot.tokens.families import FAMILIES, Family, Framing
from reviewbot.tokens.providers import PROVIDERS, SELLS_ITS_OWN_ONLY, VENDORS
from reviewbot.tokens.vocabularies import ENCODINGS, unknown_encoding

UNKNOWN_PROVIDER: Final = "unknown"
CONFIGURED: Final = "the configuration names the encoding; the model's own is not known"

_PROVIDER = re.compile(r"([^/:]+)[/:](.+)", re.DOTALL)
_REGIONAL = re.compile(r"(?:[a-z-]+\.)?(" + "|".join(map(re.escape, VENDORS)) + r")\.(.+)")
_FINE_TUNE = re.compile(r"ft:([^:]+)(?::.*)?", re.DOTALL)
_SNAPSHOT = re.compile(r"([^@]+)@(?:\d{8}|latest|default)")
_VARIANT = re.compile(
    r"([^:]+):(?:\d+(?::\d+k)?|ft-.+"
    r"|free|beta|extended|thinking|online|nitro|floor|exacto|batch|latest)"
)
_PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]*")
_NAMES: Final = tuple((re.compile(family.names), family) for family in FAMILIES)


class Model(Struct, frozen=True, kw_only=True):
    """How a model is counted: tokens of `encoding` times `ratio`, rounded up.

    `provider` is as genai-prices names it, `name` what that provider calls the model. `base_name`
    is the plain name that decided: of a fine-tune it is the model that was tuned. `exact` is True
    where the encoding is the model's own; `source` says how that is known, or whose estimate it is.
    """

    reference: str
    provider: str
    name: str
    base_name: str
    encoding: str
    exact: bool
    ratio: Decimal
    framing: Framing
    source: str


def resolve(reference: str, *, encoding: str | None = None) -> Model:
    """Find the model that a configuration calls `reference`.

    `encoding` is what the configuration says of a model that is not known here. It cannot change
    how a known model is counted: a pull request could then choose the cheaper count.

    Raises:
        MeasurementError: No tokenizer is known for the model, or `encoding` is none or not its own.

    """
    if encoding is not None and encoding not in ENCODINGS:
        raise unknown_encoding(encoding)
    provider, name, vendor, base_name = _parsed(reference)
    family = _family(provider, vendor, base_name)
    if family is None:
        if encoding is None:
            problem = Problem(
                what=f"no tokenizer is known for the model {reference!r}",
                mend="correct its name, or name an encoding to estimate it by, "
                "such as `encoding: o200k_base`",
            )
            raise MeasurementError([problem])
        return Model(
            reference=reference,
            provider=provider or UNKNOWN_PROVIDER,
            name=name,
            base_name=base_name,
            encoding=encoding,
            exact=False,
            ratio=Decimal(1),
            framing=Framing.ASSUMED,
            source=CONFIGURED,
        )
    if encoding not in {None, family.encoding}:
        problem = Problem(
            what=f"the model {reference!r} is counted with {family.encoding}, not with {encoding}",
            mend="take its `encoding` out of the configuration",
        )
        raise MeasurementError([problem])
    return Model(
        reference=reference,
        provider=provider or family.vendor,
        name=name,
        base_name=base_name,
        encoding=family.encoding,
        exact=family.exact,
        ratio=family.ratio,
        framing=family.framing,
        source=family.source,
    )


def _parsed(reference: str) -> tuple[str | None, str, str | None, str]:
    """Provider, the provider's name of the model, vendor and plain name; None where none is said.

    The plain name is empty where a part of the reference is none that is known.
    """
    name = reference.strip().lower()
    provider = None
    if (parts := _PROVIDER.fullmatch(name)) is not None:
        head = parts[1].removeprefix("~")
        if head in PROVIDERS or head in VENDORS:
            provider = PROVIDERS.get(head) or VENDORS[head]
            name = parts[2]
    path, _, plain = name.rpartition("/")
    vendor = VENDORS.get(path.rpartition("/")[2].removeprefix("~"))
    if path and vendor is None:
        return provider, name, None, ""
    if (regional := _REGIONAL.fullmatch(plain)) is not None:
        vendor, plain = VENDORS[regional[1]], regional[2]
    plain = plain.partition(".ft-")[0]
    for ending in (_FINE_TUNE, _SNAPSHOT, _VARIANT):
        if (found := ending.fullmatch(plain)) is not None:
            plain = found[1]
    return provider, name, vendor, plain if _PLAIN.fullmatch(plain) else ""


def _family(provider: str | None, vendor: str | None, base_name: str) -> Family | None:
    own = provider if provider in SELLS_ITS_OWN_ONLY else None
    for names, family in _NAMES:
        if names.fullmatch(base_name) and {vendor, own} <= {None, family.vendor}:
            return family
    return None
