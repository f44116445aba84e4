"""Which part of a block is filled, how often, and with what."""

from collections.abc import Mapping
from typing import Any

from reviewbot.rendering.engines._common import javascript
from reviewbot.rendering.engines._common.javascript import UNDEFINED
from reviewbot.rendering.engines.handlebars.calls import Calls
from reviewbot.rendering.engines.handlebars.helpers import Given
from reviewbot.rendering.engines.handlebars.helpers.built_in import BUILT_IN
from reviewbot.rendering.engines.handlebars.largest import LOOPS, reads_inverse
from reviewbot.rendering.engines.handlebars.scope import Scope
from reviewbot.rendering.engines.handlebars.tree import Block, Call, Path


class Blocks(Calls):
    """Fills `{{#name}} … {{else}} … {{/name}}`, by helpers and by values as handlebars.js does."""

    def _block(self, node: Block, scope: Scope) -> Any:
        """What a block gives: its helper's value, or the part that its own value asks for."""
        call = node.call
        value = self._called(call, scope, node)
        if self._helper(call, scope)[0] is not None:
            return value
        fill, otherwise = self._body(node.program, scope), self._body(node.inverse, scope)
        if value is True:
            return fill(scope.context, scope.frame)
        if value is False or javascript.is_nothing(value) or value == []:
            return otherwise(scope.context, scope.frame)
        if isinstance(value, list):
            each = Given(
                name="each",
                values=(value,),
                named={},
                context=scope.seen(),
                frame=scope.frame,
                fill=fill,
                otherwise=otherwise,
            )
            return BUILT_IN["each"](each)
        return fill(value, scope.frame, ())

    def _largest(self, node: Block, scope: Scope) -> str | None:
        """The longer half of a block; None where the values that are given fill it."""
        call = node.call
        name = call.name.original
        helper, _ = self._helper(call, scope)
        if helper is None and (call.parameters or call.named):
            return None
        if reads_inverse(node):
            return self._body(node.inverse, scope)(scope.context, scope.frame)
        fill = self._body(node.program, scope)
        if helper is not None and name not in LOOPS:
            return fill(scope.context, scope.frame, (UNDEFINED,))
        given = call.parameters[0] if helper is not None and call.parameters else call.name
        value = self._value(given, scope, call.line) if isinstance(given, Path | Call) else None
        if isinstance(value, list | Mapping) and value:
            return None
        return fill(UNDEFINED, scope.frame, (UNDEFINED, UNDEFINED))
