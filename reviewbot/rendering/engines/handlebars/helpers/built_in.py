"""The helpers that Handlebars has of its own: if, unless, with, each, lookup and log."""

from collections.abc import Mapping
from typing import Any

from reviewbot.prompt import TemplateError
from reviewbot.rendering.engines._common import javascript
from reviewbot.rendering.engines._common.javascript import UNDEFINED
from reviewbot.rendering.engines.handlebars.helpers import Given, Helper


def _one(given: Given) -> Any:
    if len(given.values) != 1:
        raise TemplateError(
            f"`#{given.name}` takes one parameter", f"write `{{{{#{given.name} value}}}}`"
        )
    return given.values[0]


def _is_empty(value: Any) -> bool:
    is_zero = isinstance(value, int | float) and not isinstance(value, bool) and value == 0
    return value == [] or (not javascript.is_true(value) and not is_zero)


def _holds(given: Given) -> bool:
    value = _one(given)
    includes_zero = javascript.is_true(given.named.get("includeZero", UNDEFINED))
    return not _is_empty(value) and (includes_zero or javascript.is_true(value))


def _if(given: Given) -> str:
    return given.chosen(is_first=_holds(given))


def _unless(given: Given) -> str:
    return given.chosen(is_first=not _holds(given))


def _with(given: Given) -> str:
    value = _one(given)
    if _is_empty(value):
        return given.chosen(is_first=False)
    fill, _ = given.blocks()
    return fill(value, given.frame, (value,))


def _each(given: Given) -> str:
    if not given.values:
        raise TemplateError("`#each` takes what to go through", "name a list: `{{#each items}}`")
    value = given.values[0]
    items: list[tuple[Any, Any]] = []
    if isinstance(value, list):
        items = list(enumerate(value))
    elif isinstance(value, Mapping):
        items = list(javascript.entries(value))
    if not items:
        return given.chosen(is_first=False)
    fill, _ = given.blocks()
    parts = []
    for index, (key, item) in enumerate(items):
        is_last = index == len(items) - 1
        frame = given.frame.within(key=key, index=index, first=index == 0, last=is_last)
        parts.append(fill(item, frame, (item, key)))
    return "".join(parts)


def _each_of_list(given: Given) -> str:
    """As `each`, with a sample's text or number refused, of which Handlebars prints nothing."""
    value = given.first()
    if isinstance(value, str | int | float) and not isinstance(value, bool) and value:
        kind = "a text" if isinstance(value, str) else "a number"
        raise TemplateError(f"`#each` goes through {kind}", "give a list in the sample")
    return _each(given)


def _lookup(given: Given) -> Any:
    if len(given.values) < _OF_LOOKUP:
        raise TemplateError("`lookup` takes two parameters", "write `{{lookup list index}}`")
    value, name, *_ = given.values
    if not javascript.is_true(value):
        return value
    return javascript.has(value, javascript.text(name))


def _log(given: Given) -> Any:
    del given
    return None


_OF_LOOKUP = 2

BUILT_IN: Mapping[str, Helper] = {
    "if": _if,
    "unless": _unless,
    "with": _with,
    "each": _each,
    "lookup": _lookup,
    "log": _log,
}

OF_SAMPLES: Mapping[str, Helper] = {**BUILT_IN, "each": _each_of_list}
"""Where all that a template is filled with are samples, in which somebody may have erred."""
