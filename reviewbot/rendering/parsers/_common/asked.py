"""What a call asks of a model beside its texts: the model, the cap, and its other settings."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.rendering.parsers._common.known_models import is_known_model
from reviewbot.rendering.parsers._common.requests import CAPS, MODELS
from reviewbot.rendering.parsers._common.sellers import sold_at

Item = dict[str, Any]
"""A setting: its `key`, its `line`, and `value` where it is told, or else what is `said`.

A setting of the client, which only says who serves, has `is_of_client`.
"""


class Asked(Struct, frozen=True, kw_only=True):
    """What is asked for; a model or a cap that code computes is one more setting.

    `default_model` is the one that code names for where nothing else decides what it computes.
    """

    model: str | None = None
    default_model: str | None = None
    max_tokens: int | None = None
    request: tuple[Item, ...] = ()

    def said(self) -> dict[str, Any]:
        """It as the parser hands it out, as far as it says anything."""
        call = {
            "model": self.model,
            "default_model": self.default_model,
            "max_tokens": self.max_tokens,
        }
        known: dict[str, Any] = {key: value for key, value in call.items() if value is not None}
        return known | ({"request": list(self.request)} if self.request else {})

    @property
    def names_model(self) -> bool:
        """Whether it says which model answers, or that code decides it."""
        return self.model is not None or _holds(self.request, MODELS)

    @property
    def names_cap(self) -> bool:
        """Whether it says how long an answer may be, or that code decides it."""
        return self.max_tokens is not None or _holds(self.request, CAPS)


def over(outer: Asked, inner: Asked) -> Asked:
    """What both ask for: what `outer` says of anything goes before what `inner` says of it."""
    said = {item["key"] for item in outer.request if item["key"] != "**"}
    said.update(MODELS if outer.names_model else ())
    said.update(CAPS if outer.names_cap else ())
    more = [item for item in inner.request if item["key"] not in said]
    more = [item for item in more if item not in outer.request]
    return replace(
        outer,
        model=inner.model if not outer.names_model else outer.model,
        default_model=outer.default_model if outer.names_model else inner.default_model,
        max_tokens=inner.max_tokens if not outer.names_cap else outer.max_tokens,
        request=(*outer.request, *more),
    )


def sold_with(seller: str | None, asked: Asked) -> Asked:
    """What is asked for, the models with who sells them."""
    model, usual = (
        None if name is None else sold_at(seller, name)
        for name in (asked.model, asked.default_model)
    )
    return replace(asked, model=model, default_model=usual)


def one_of(ways: Sequence[tuple[Asked, bool]], line: int) -> Asked | None:
    """What all of several ways ask for that may be gone, told at a line; None where they differ.

    None, too, where that is no model that is known. Each says whether it is gone in tests only.
    Such a one does not count, unless it names a known model: then it is more than a mock.
    """
    meant = [asked for asked, is_test in ways if not is_test or _is_known(asked.model)]
    told = [_at(asked, line) for asked in meant]
    if not told or any(asked != told[0] for asked in told):
        return None
    return told[0] if _is_known(told[0].model or told[0].default_model) else None


def by_default(asked: Asked, item: Item) -> Asked:
    """What is asked for where nothing else decides; the model is what an `item` computes."""
    usual = asked.model or asked.default_model
    others = [one for one in asked.request if one["key"] not in MODELS]
    return replace(asked, model=None, default_model=usual, request=(item, *others))


def _is_known(model: str | None) -> bool:
    return model is not None and is_known_model(model)


def _at(asked: Asked, line: int) -> Asked:
    return replace(asked, request=tuple(item | {"line": line} for item in asked.request))


def _holds(request: Iterable[Item], keys: tuple[str, ...]) -> bool:
    return any(item["key"] in keys for item in request)
