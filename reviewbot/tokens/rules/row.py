"""What every row of the tables has: for which models it holds, its source and its bills."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, TypeVar

from msgspec import Struct

from reviewbot.tokens.model_names import Model

BILLS: Final = "recorded bills"
"""Calls in the public tests of pydantic-ai, openinference and OpenTelemetry, and their usage."""

VERTEX: Final = "vertex"


class Row(Struct, frozen=True, kw_only=True):
    """For whom a rule holds, whose it is, and how many bills of its kind it was held against.

    `models` is a regular expression for the whole of a plain name. `providers` and `apis` are empty
    where the rule holds for all of them; Vertex AI is a provider here. `near`
    of the `bills` came out within 2% or 2 tokens.
    """

    models: str
    source: str
    bills: int = 0
    near: int = 0
    providers: tuple[str, ...] = ()
    apis: tuple[str, ...] = ()

    @property
    def seen(self) -> str:
        """How well the rule did."""
        if not self.bills:
            return "held against no bill"
        if self.bills == 1:
            return "within 2% in one bill" if self.near else "not within 2% in one bill"
        return f"within 2% in {self.near:,} of {self.bills:,} bills"

    def holds_for(self, model: Model, api: str | None) -> bool:
        """Whether the rule is one for calls of `model` by the interface `api`."""
        provider = VERTEX if model.is_vertex else model.provider
        return (
            _is_named(self.models, model.base_name)
            and (not self.providers or provider in self.providers)
            and (not self.apis or api in self.apis)
        )


@lru_cache(maxsize=1_000)
def _is_named(models: str, name: str) -> bool:
    return re.fullmatch(models, name) is not None


_R = TypeVar("_R", bound=Row)


def rule_for(rules: Sequence[_R], model: Model, api: str | None) -> _R:
    """The first of `rules` that holds; the last one of a table holds for every model."""
    return next(rule for rule in rules if rule.holds_for(model, api))
