"""What `{{name …}}` and `{{#name …}}` can call: Handlebars' own helpers, and a project's stubs."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from reviewbot.prompt import TemplateError
from reviewbot.rendering.engines._common.javascript import UNDEFINED
from reviewbot.rendering.engines.handlebars.scope import Frame


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
