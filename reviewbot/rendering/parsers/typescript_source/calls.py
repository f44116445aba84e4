"""What the call that sends a prompt says of it: its model, its cap, and its other messages."""

from collections.abc import Collection
from typing import Any

from msgspec import Struct
from tree_sitter import Node

from reviewbot.rendering.parsers._common.asked import Asked, over
from reviewbot.rendering.parsers._common.requests import (
    CAPS,
    LISTS,
    MODELS,
    SENDING,
    SYSTEM,
    USER,
    is_whole,
)
from reviewbot.rendering.parsers._common.sent_parts import sends_both
from reviewbot.rendering.parsers.typescript_source.called_models import CalledModels
from reviewbot.rendering.parsers.typescript_source.declarations import Scope
from reviewbot.rendering.parsers.typescript_source.messages import Message, Messages
from reviewbot.rendering.parsers.typescript_source.setting_keys import Keys
from reviewbot.rendering.parsers.typescript_source.setting_values import LONGEST
from reviewbot.rendering.parsers.typescript_source.values import Reader


class Call(Struct, frozen=True, kw_only=True):
    """What stands beside a prompt in a call.

    `name` is what the call names what it makes, as `new Agent({ name: "router" })` does.
    """

    name: str | None = None
    asked: Asked = Asked()

    def said(self) -> dict[str, Any]:
        """It, as far as it says anything."""
        return self.asked.said()

    def over(self, other: "Call") -> "Call":
        """What both say; this one goes first."""
        name = other.name if self.name is None else self.name
        return Call(name=name, asked=over(self.asked, other.asked))


NO_CALL = Call()

_OF_MODELS = {"modelSettings", "model_settings", "generationConfig", "inferenceConfig"}
_OF_CALLS = {"name", *MODELS, *CAPS, *_OF_MODELS}
"""Keys that say something of the call that an object is given to."""


def _is_asking(keys: Collection[str]) -> bool:
    """Whether the keys of an object say something of a call; what is spread into one may."""
    if any(key in keys for key in _OF_CALLS) or is_whole(keys):
        return True
    is_spread = any(key.startswith("...") for key in keys)
    return is_spread and any(key in keys for key in (*SYSTEM, *LISTS))


class Calls:
    """Reads the calls of one file."""

    def __init__(self, reader: Reader, messages: Messages) -> None:
        self._reader = reader
        self._messages = messages
        self._models = CalledModels(reader)

    def keys_of(self, node: Node, scope: Scope) -> Keys:
        """The keys of an object that says something of the call it is given to; else none."""
        found = self._models.keys.of(node, scope) if node.type == "object" else {}
        return found if _is_asking(found) else {}

    def of(self, keys: Keys, scope: Scope, callee: str, given: Node) -> Call:
        """What the keys of an object say that is `given` to a call."""
        node, _ = keys.get("name", (None, None))
        is_literal = node is not None and node.type == "string"
        own = self._reader.value(node, scope) if node is not None and is_literal else None
        is_short = isinstance(own, str) and len(own) <= LONGEST
        made = given.parent.parent if given.parent and given.parent.type == "arguments" else None
        asked = self._models.sold(self._models.of_keys(keys, callee), made, scope)
        found = Call(name=own if is_short else None, asked=asked)
        return found if found != NO_CALL else NO_CALL

    def about(self, node: Node, scope: Scope, callee: str) -> Call:
        """What a call asks for, by itself and by the object that runs it: `model.invoke([…])`."""
        asked = self._models.asked(node, scope)
        if callee in SENDING:
            asked = over(asked, self._models.of_client(node, scope))
        return Call(asked=asked) if asked != Asked() else NO_CALL

    def messages(self, keys: Keys, callee: str) -> list[Message] | None:
        """The messages of a call that has some of its own beside its instructions.

        What names no model is a call's if it is given to one, whatever that is called.

        Raises:
            TemplateError: A part of them is known only when the program runs.
        """
        given = self._models.keys.opened(keys)
        system, user, several = (
            next((given[key] for key in names if key in given), None)
            for names in (SYSTEM, USER, LISTS)
        )
        has_model = any(key in given for key in MODELS) or sends_both(callee)
        if system is None or not has_model or (user is None and several is None):
            return None
        found = [self._said("system", *system)]
        if several is not None:
            found += self._messages.list_of(*several)
        if user is not None:
            inner = self._messages.of(*user)
            found += inner if inner is not None else [self._said("user", *user)]
        return found

    def _said(self, role: str, node: Node, scope: Scope) -> Message:
        return self._messages.said(role, node, "text", scope)
