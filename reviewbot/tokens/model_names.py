"""Finds how a model is counted, from its name as people write it."""

import re
from functools import lru_cache
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.errors import MeasurementError, Problem, UnknownModelError
from reviewbot.tokens.family_of_model import FAMILIES, Family, Framing
from reviewbot.tokens.providers import SELLS_ITS_OWN_ONLY
from reviewbot.tokens.ratios import Ratios
from reviewbot.tokens.references import Reference, parse
from reviewbot.tokens.refusals import UNKNOWN, why_refused
from reviewbot.tokens.vocabularies import ENCODINGS, unknown_encoding

UNKNOWN_PROVIDER: Final = "unknown"
CONFIGURED: Final = "the configuration names the encoding; the model's own is not known"


class Model(Struct, frozen=True, kw_only=True):
    """How a model is counted: tokens of `encoding`, times `ratios` by kind of text if it has any.

    `provider` is as genai-prices names it, `name` what that provider calls the model. `base_name`
    is the plain name that decided: of a fine-tune it is the model that was tuned. `exact` is True
    where the encoding is the model's own; `source` says how that is known, or whose estimate it is.
    `region` is where the name says that the model runs, `is_vertex` that Vertex AI runs it.
    `counts_as` is the reference of the model
    behind a name that does not tell; all but `reference` and `provider` are then that model's.
    `unused_encoding` is what the configuration names although the model's own is known.
    """

    reference: str
    provider: str
    name: str
    base_name: str
    encoding: str
    exact: bool
    framing: Framing
    source: str
    ratios: Ratios | None = None
    region: str | None = None
    counts_as: str | None = None
    is_fine_tune: bool = False
    is_committed: bool = False
    is_vertex: bool = False
    unused_encoding: str | None = None


class NamedModel(Struct, frozen=True, kw_only=True):
    """A model as the configuration names it, and what it says of one that is not known here."""

    reference: str
    encoding: str | None = None
    counts_as: str | None = None

    def resolved(self) -> Model:
        """How it is counted; raises as `resolve` does."""
        return resolve(self.reference, encoding=self.encoding, counts_as=self.counts_as)


@lru_cache(maxsize=256)
def unknown_text(reference: str) -> str:
    """That no model is called so."""
    return f"there is no model {reference!r} that is known here"


def resolve(reference: str, *, encoding: str | None = None, counts_as: str | None = None) -> Model:
    """Find the model that a configuration calls `reference`.

    `encoding`, and `counts_as`, are what the configuration says of a model that is not known here.
    They cannot change how a known model is counted: a pull request could then choose the cheaper
    count. An `encoding` that a model no longer needs is told, and does no harm.

    Raises:
        UnknownModelError: No tokenizer is known for the model.
        MeasurementError: `encoding` is none, or the model does not count as `counts_as`.

    """
    return _resolved(reference, encoding, counts_as)


@lru_cache(maxsize=256)
def _resolved(reference: str, encoding: str | None, counts_as: str | None) -> Model:
    """As `resolve`; the many workflows of a repository name few models."""
    if encoding is not None and encoding not in ENCODINGS:
        raise unknown_encoding(encoding)
    found = parse(reference)
    family = None if found.is_opaque else _family(found)
    if counts_as is not None:
        return _behind(reference, found, family, counts_as)
    if family is None:
        if encoding is None:
            reason, mend = why_refused(found.plain, is_opaque=found.is_opaque)
            what = f"no tokenizer is known for the model {reference!r}: {reason}"
            if reason == UNKNOWN:
                what = unknown_text(reference)
            problem = Problem(
                what=what,
                mend=f"{mend} for a model of your own say which it `counts_as`, or "
                "name an encoding to estimate it by, such as `encoding: o200k_base`",
            )
            raise UnknownModelError([problem], reference=reference)
        return Model(
            reference=reference,
            provider=found.provider or UNKNOWN_PROVIDER,
            name=found.name,
            base_name=found.plain or found.name,
            encoding=encoding,
            exact=False,
            framing=Framing.ASSUMED,
            source=CONFIGURED,
            region=found.region,
        )
    return Model(
        reference=reference,
        provider=found.provider or (UNKNOWN_PROVIDER if found.is_foreign else family.vendor),
        name=found.name,
        base_name=found.plain,
        encoding=family.encoding,
        exact=family.exact,
        ratios=family.ratios,
        framing=family.framing,
        source=family.source,
        region=found.region,
        is_fine_tune=found.is_fine_tune,
        is_committed=found.is_committed,
        is_vertex=found.is_vertex,
        unused_encoding=None if encoding == family.encoding else encoding,
    )


def _behind(reference: str, found: Reference, family: Family | None, counts_as: str) -> Model:
    """The model behind a name that does not tell it."""
    behind = resolve(counts_as)
    if family is not None and family != _family(parse(counts_as)):
        problem = Problem(
            what=f"the model {reference!r} is known and is not counted as {counts_as!r} is",
            mend=f"take `counts_as` out of the configuration, or name {counts_as!r} as the model",
        )
        raise MeasurementError([problem])
    return replace(
        behind,
        reference=reference,
        provider=found.provider or behind.provider,
        region=found.region or behind.region,
        counts_as=counts_as,
    )


def _family(found: Reference) -> Family | None:
    own = found.provider if found.provider in SELLS_ITS_OWN_ONLY else None
    for family in FAMILIES:
        if not re.fullmatch(family.names, found.plain):
            continue
        if family.is_open and own is None:
            return family
        if not found.is_foreign and {found.vendor, own} <= {None, family.vendor}:
            return family
    return None
