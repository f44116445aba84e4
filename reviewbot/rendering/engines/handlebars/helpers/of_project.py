"""The helpers that can stand in for a project's, as `templates.functions` names them."""

from collections.abc import Callable, Mapping
from typing import Any

from reviewbot.prompt import TemplateError
from reviewbot.rendering.engines._common import javascript
from reviewbot.rendering.engines._common.javascript import UNDEFINED
from reviewbot.rendering.engines.handlebars.helpers import Given, Helper


def _json(given: Given) -> Any:
    if given.first() is UNDEFINED:
        return UNDEFINED
    indent = given.named.get("indent", 0)
    return javascript.json_text(given.first(), int(indent) if isinstance(indent, int) else 0)


def _compared(compare: Callable[[Any, Any], bool]) -> Helper:
    def helper(given: Given) -> Any:
        one, other = (*given.values, UNDEFINED, UNDEFINED)[:2]
        found = compare(one, other)
        return found if given.fill is None else given.chosen(is_first=found)

    return helper


def _is_same(one: Any, other: Any) -> bool:
    is_boolean = isinstance(one, bool) == isinstance(other, bool)
    is_text = isinstance(one, str) == isinstance(other, str)
    return is_boolean and is_text and javascript.same(one, other)


def _on_text(change: Callable[[str], str]) -> Helper:
    def helper(given: Given) -> Any:
        value = given.first()
        return value if javascript.is_nothing(value) else change(javascript.text(value))

    return helper


def _all(given: Given) -> Any:
    found = all(map(javascript.is_true, given.values))
    return found if given.fill is None else given.chosen(is_first=found)


def _any(given: Given) -> Any:
    found = any(map(javascript.is_true, given.values))
    return found if given.fill is None else given.chosen(is_first=found)


def _not(given: Given) -> Any:
    found = not javascript.is_true(given.first())
    return found if given.fill is None else given.chosen(is_first=found)


def _join(given: Given) -> Any:
    value, mark = (*given.values, ",")[:2]
    if not isinstance(value, list):
        return value
    texts = ("" if javascript.is_nothing(item) else javascript.text(item) for item in value)
    return javascript.text(mark).join(texts)


STUBS: Mapping[str, Helper] = {
    "json": _json,
    "eq": _compared(_is_same),
    "ne": _compared(lambda one, other: not _is_same(one, other)),
    "and": _all,
    "or": _any,
    "not": _not,
    "upper": _on_text(str.upper),
    "lower": _on_text(str.lower),
    "trim": _on_text(lambda value: value.strip(javascript.BLANKS)),
    "join": _join,
}
"""What a stand-in may name: what most projects have, under the names that most of them use."""


def project_helpers(given: Mapping[str, Any]) -> dict[str, Helper]:
    """The helpers that stand in for a project's: `templates.functions` of the configuration.

    Raises:
        TemplateError: One is to be what there is not.
    """
    found = {}
    for name, wanted in given.items():
        helper = _fixed(wanted["value"]) if isinstance(wanted, Mapping) else _NAMED.get(wanted)
        if helper is None:
            what = f"the stand-in of {name!r} is {wanted!r}, which Handlebars does not have here"
            raise TemplateError(what, f"name one of {', '.join(_NAMED)}, or give a `value`")
        found[name] = helper
    return found


def _fixed(value: Any) -> Helper:
    return lambda _: value


def _same(given: Given) -> Any:
    return given.first() if given.fill is None else given.chosen(is_first=True)


_NAMED: Mapping[str, Helper] = {"same": _same, **STUBS}
