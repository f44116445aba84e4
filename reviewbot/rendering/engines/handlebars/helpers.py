"""The helpers that Handlebars has of its own, and those that can stand in for a project's."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from reviewbot.prompt import TemplateError
from reviewbot.rendering.engines.handlebars import values as javascript
from reviewbot.rendering.engines.handlebars.scope import Frame
from reviewbot.rendering.engines.handlebars.values import UNDEFINED


class Given(Struct, frozen=True, kw_only=True):
    """What a helper is called with; `fill` and `otherwise` are a block's, None of a plain tag."""

    name: str
    values: tuple[Any, ...]
    named: Mapping[str, Any]
    context: Any
    frame: Frame
    fill: Callable[..., str] | None
    otherwise: Callable[..., str] | None

    def first(self) -> Any:
        """The first parameter; undefined without any."""
        return self.values[0] if self.values else UNDEFINED

    def chosen(self, *, is_first: bool) -> str:
        """The block, or what stands behind its `{{else}}`, filled with the context around it."""
        fill, otherwise = self.blocks()
        return (fill if is_first else otherwise)(self.context, self.frame)

    def blocks(self) -> tuple[Callable[..., str], Callable[..., str]]:
        """The block and what stands behind its `{{else}}`.

        Raises:
            TemplateError: The tag is no block.
        """
        if self.fill is None or self.otherwise is None:
            mend = f"write `{{{{#{self.name} …}}}}…{{{{/{self.name}}}}}`"
            raise TemplateError(f"`{self.name}` is a block", mend)
        return self.fill, self.otherwise


Helper = Callable[[Given], Any]


def _one(given: Given) -> Any:
    if len(given.values) != 1:
        raise TemplateError(f"`#{given.name}` takes one parameter", "correct it")
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
"""What a stub may name: what most projects have, under the names that most of them use."""


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
