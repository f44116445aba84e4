"""What the call that sends a prompt says of it: its model, its cap, and its other messages."""

import json
from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from tree_sitter import Node

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.requests import (
    LISTS,
    MODELS,
    MOST_CHARACTERS,
    READ_ELSEWHERE,
    SETTINGS,
    SYSTEM,
    USER,
    sends_a_request,
)
from reviewbot.rendering.parsers._common.texts import Operation
from reviewbot.rendering.parsers._common.told_requests import shown
from reviewbot.rendering.parsers.typescript_source.called_models import (
    LONGEST,
    CalledModels,
    Keys,
)
from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.messages import Message, Messages
from reviewbot.rendering.parsers.typescript_source.objects import entries
from reviewbot.rendering.parsers.typescript_source.syntax import line_of, named, unwrapped
from reviewbot.rendering.parsers.typescript_source.values import Reader


class Call(Struct, frozen=True, kw_only=True):
    """What stands beside a prompt in the object that a call is given.

    `name` is what the call names what it makes, as `new Agent({ name: "router" })` does. `request`
    are the other keys of a call that sends a request: `key`, `line`, and `value` where it is told,
    or else what is `said`.
    """

    name: str | None = None
    model: str | None = None
    max_tokens: int | None = None
    request: tuple[dict[str, Any], ...] = ()

    def said(self) -> dict[str, Any]:
        """It, as far as it says anything."""
        call = {"model": self.model, "max_tokens": self.max_tokens}
        known: dict[str, Any] = {key: value for key, value in call.items() if value is not None}
        return known | ({"request": list(self.request)} if self.request else {})


NO_CALL = Call()


def _plain(key: str) -> str:
    """The key, or the one of all that is spread into a request."""
    return "**" if key.startswith("...") else key


class Calls:
    """Reads the calls of one file."""

    def __init__(self, reader: Reader, messages: Messages) -> None:
        self._reader = reader
        self._messages = messages
        self._models = CalledModels(reader)

    def of(self, keys: Keys, scope: Scope, callee: str) -> Call:
        """Model and cap of a call, as far as the source tells them."""
        name = keys.get("name")
        is_literal = name is not None and name.type == "string"
        own = self._reader.value(name, scope) if name is not None and is_literal else None
        is_short = isinstance(own, str) and len(own) <= LONGEST
        request = tuple(self._request(keys, scope)) if sends_a_request(callee, keys) else ()
        model, cap = self._models.of_keys(keys, scope)
        return Call(name=own if is_short else None, model=model, max_tokens=cap, request=request)

    def run_by(self, node: Node, scope: Scope) -> Call:
        """Model and cap of the object whose method a call is: `model.invoke([…])`."""
        model, cap = self._models.run_by(node, scope)
        return Call(model=model, max_tokens=cap) if model or cap else NO_CALL

    def _request(self, keys: Keys, scope: Scope) -> Iterator[dict[str, Any]]:
        """The keys that are read nowhere else; settings that the source does not tell, too."""
        for key, node in self._models.opened(keys).items():
            if key in READ_ELSEWHERE and key not in SETTINGS:
                continue
            told: dict[str, Any] = {"key": _plain(key), "line": line_of(node)}
            try:
                value = self._literal(node, scope)
                if len(json.dumps(value, allow_nan=False)) <= MOST_CHARACTERS:
                    told["value"] = value
            except (ValueError, TemplateError):
                pass
            if "value" not in told:
                told["said"] = shown(self._reader.source.text(node), None)
            yield told

    def _literal(self, node: Node, scope: Scope) -> Any:
        """The value of an expression; a ValueError where the source does not tell it."""
        node, scope = self._reader.lookup.resolved(unwrapped(node), scope)
        if node.type == "object":
            found = entries(node, self._reader.source) or {}
            if len(found) != len(named(node)):
                raise ValueError("a part is computed")
            return {key: self._literal(item, scope) for key, item in found.items()}
        if node.type == "array":
            return [self._literal(item, scope) for item in named(node)]
        value = self._reader.value(node, scope)
        if isinstance(value, str):
            return value
        if isinstance(value, Operation) and value[0] == "value":
            said = value[1]
            return int(said) if isinstance(said, float) and said.is_integer() else said
        raise ValueError("the value is computed")

    def messages(self, keys: Keys, scope: Scope) -> list[Message] | None:
        """The messages of a call that has some of its own beside its instructions.

        Raises:
            TemplateError: A part of them is known only when the program runs.
        """
        given = self._models.opened(keys)
        system, user, several = (
            next((given[key] for key in names if key in given), None)
            for names in (SYSTEM, USER, LISTS)
        )
        has_model = any(key in given for key in MODELS)
        if system is None or not has_model or (user is None and several is None):
            return None
        found = [self._said("system", system, scope)]
        if several is not None:
            found += self._messages.list_of(several, scope)
        if user is not None:
            inner = self._messages.of(user, scope)
            found += inner if inner is not None else [self._said("user", user, scope)]
        return found

    def _said(self, role: str, node: Node, scope: Scope) -> Message:
        return self._messages.said(role, node, "text", scope)
