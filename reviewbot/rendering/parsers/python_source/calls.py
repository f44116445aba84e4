"""What a call says of the prompt that it is given: its own name, and what it asks for."""

import ast
from collections.abc import Container, Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.rendering.parsers._common.asked import Asked, over
from reviewbot.rendering.parsers._common.requests import RUNS, sends_a_request
from reviewbot.rendering.parsers.python_source.called_models import (
    asked,
    name_of,
    of_mapping,
    of_model,
)
from reviewbot.rendering.parsers.python_source.scopes import Scope

_LONGEST = 100


class Call(Struct, frozen=True, kw_only=True):
    """What stands beside a prompt in a call; `callee` is the last name of what is called.

    `name` is what the call names what it makes, as `Agent(name="router")` does.
    """

    callee: str = ""
    name: str | None = None
    asked: Asked = Asked()

    def said(self) -> dict[str, Any]:
        """It as the parser hands it out, as far as it says anything."""
        known = self.asked.said()
        found: dict[str, Any] = {"call": known} if known else {}
        return found | ({"callee": self.callee} if self.callee else {})


NO_CALL = Call()


def call_in(node: ast.expr) -> ast.Call | None:
    """The call that an expression is, awaited, yielded or neither."""
    while isinstance(node, ast.Await | ast.Yield) and node.value is not None:
        node = node.value
    return node if isinstance(node, ast.Call) else None


def behind_result(node: ast.expr) -> ast.expr:
    """The call of whose result an expression is a part, as `f().choices[0]`; else itself."""
    made = node
    while isinstance(made, ast.Attribute | ast.Subscript | ast.Await):
        made = made.value
    return made if isinstance(made, ast.Call) else node


def with_name(node: ast.expr, *, shown_by: Container[str]) -> Iterator[ast.Call]:
    """The call that a statement is; of what is `shown_by` another one, those that run a model."""
    call = call_in(node)
    if call is None or name_of(call) not in shown_by:
        yield from [call] if call is not None and name_of(call) else []
        return
    for argument in (*call.args, *(item.value for item in call.keywords)):
        made = call_in(behind_result(argument))
        if made is not None and runs_a_model(made):
            yield made


def runs_a_model(node: ast.Call) -> bool:
    """Whether a call is known to send a request, or runs what was made with its model."""
    name = name_of(node)
    return name in RUNS or sends_a_request(name, {item.arg for item in node.keywords if item.arg})


def about(node: ast.Call, scope: Scope) -> Call:
    """What a call says, as far as the source tells it."""
    own = next((item.value for item in node.keywords if item.arg == "name"), None)
    return Call(
        callee=name_of(node),
        name=_name(own.value) if isinstance(own, ast.Constant) else None,
        asked=asked(node, scope),
    )


def of_request(node: ast.Dict, scope: Scope, around: Call) -> Call:
    """What a request says that is written as a mapping, and the call that it is given to."""
    found = of_mapping(node, scope)
    return around if found == Asked() else replace(around, asked=over(found, around.asked))


def settings_within(node: ast.expr, scope: Scope) -> Call:
    """What an expression asks for that stands for a model, also a chain of such."""
    found = of_model(node, scope)
    return Call(asked=found) if found != Asked() else NO_CALL


def _name(value: object) -> str | None:
    return value if isinstance(value, str) and len(value) <= _LONGEST else None
