"""What names mean at one place of a Handlebars template."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from reviewbot.rendering.engines._common.javascript import UNDEFINED, has, is_nothing, same

NULL: Final[Mapping[str, Any]] = {}
"""What a helper finds as its context where that is null; blocks that it fills print an object."""


OF_LANGUAGE: Final = frozenset({"first", "index", "key", "last", "partial-block", "root"})
"""The `@name` that Handlebars itself gives, each in some places; others the application gives."""


class Frame:
    """What `@name` means; `block` is what a partial was given as `@partial-block`."""

    __slots__ = ("block", "parent", "values")

    def __init__(
        self,
        values: Mapping[str, Any],
        parent: "Frame | None" = None,
        block: "Callable[[Any, Frame], str] | None" = None,
    ) -> None:
        self.values = values
        self.parent = parent
        self.block = block

    def within(self, **values: Any) -> "Frame":
        """A frame in this one, with further values."""
        return Frame({**self.values, **values}, self, self.block)

    def with_block(self, block: "Callable[[Any, Frame], str] | None") -> "Frame":
        """A frame in this one, with another block."""
        return Frame(self.values, self, block)


class Names:
    """The names that a block gives its values by `as |a b|`; None where it was given none."""

    __slots__ = ("around", "names", "values")

    def __init__(
        self, names: tuple[str, ...], values: tuple[Any, ...] | None, around: "Names | None"
    ) -> None:
        self.names = names
        self.values = values
        self.around = around


class Scope:
    """The context, those around it (`..`), the frame and the names."""

    __slots__ = ("context", "depths", "frame", "names")

    def __init__(self, context: Any, depths: Any, frame: Frame, names: Names | None) -> None:
        self.context = context
        self.depths = depths
        self.frame = frame
        self.names = names

    def seen(self) -> Any:
        """The context as helpers see it."""
        return NULL if is_nothing(self.context) else self.context

    def around(self, context: Any) -> Any:
        """The contexts of a block in this scope that is filled with `context`."""
        depths = self.depths
        if depths is None:
            return (context, None)
        is_same = same(context, depths[0]) or (context is NULL and depths[0] is None)
        return depths if is_same else (context, depths)

    def above(self, depth: int) -> Any:
        """The context so many levels up."""
        if not depth:
            return self.context
        depths = self.depths
        for _ in range(depth):
            depths = depths[1] if depths is not None else None
        return UNDEFINED if depths is None else depths[0]

    def bound(self, name: str) -> tuple[Names, int] | None:
        """The innermost block that gives a value this name, and which of its values it is."""
        names = self.names
        while names is not None:
            if name in names.names:
                return names, names.names.index(name)
            names = names.around
        return None


def gives(context: Any, name: str) -> bool:
    """Whether a context has a property of that name, be it null or undefined."""
    if isinstance(context, Mapping):
        return name in context
    return has(context, name) is not UNDEFINED
