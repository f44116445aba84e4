"""What calls in source code ask for: how computed parts are told, and constants that they send."""

import json
from collections.abc import Iterable
from typing import Any, Final

from reviewbot.rendering.parsers._common.digests import digest_of


def said(expression: str, digest: str | None) -> dict[str, str]:
    """A computed setting: its words, and a `digest` of what it means where they do not tell all.

    Words that are cut are told apart by a digest, too.
    """
    words = " ".join(expression.split())
    if digest is None and len(words) > _SHOWN_CHARACTERS:
        digest = digest_of(words)
    short = words if len(words) <= _SHOWN_CHARACTERS else f"{words[:_SHOWN_CHARACTERS]}…"
    return {"said": short} if digest is None else {"said": short, "digest": digest}


_SHOWN_CHARACTERS: Final = 40


def lend_requests(found: Iterable[dict[str, Any]], constants: Iterable[dict[str, Any]]) -> None:
    """Tell the constants whose text a call sends as one of its messages what the call asks for."""
    asked: dict[str, list[dict[str, Any]]] = {}
    for item in found:
        messages = item.get("messages", ())
        if "call" in item and (len(messages) > 1 or (messages and messages[0]["role"])):
            for message in messages:
                text = message.get("text")
                if isinstance(text, str) and text.strip():
                    asked.setdefault(text, []).extend(_asked(item))
    lent = {text: _few(request) for text, request in asked.items() if request}
    for item in constants:
        messages = item.get("messages", ())
        if len(messages) == 1 and messages[0]["role"] is None:
            text = messages[0].get("text")
            if isinstance(text, str) and (request := lent.get(text)):
                own = item.get("call", {})
                item["call"] = own | {"request": [*own.get("request", ()), *request]}


def also_asked(item: dict[str, Any], call: dict[str, Any], line: int | None = None) -> None:
    """One more call sends the text of an item: what it asks for otherwise is asked for, too.

    `line` is that of the call, where it is another than the text's.
    """
    own = item.setdefault("call", call)
    if call == own:
        return
    named = ("model", "max_tokens")
    others = [key for key in named if key in call and call[key] != own.get(key)]
    at = item["line"] if line is None else line
    more = [{"key": key, "line": at, "value": call[key]} for key in others]
    request = own.get("request", [])
    more = [one for one in (*call.get("request", ()), *more) if one not in request]
    if more:
        item["call"] = own | {"request": _few([*request, *more])}


def lend_call(item: dict[str, Any], call: dict[str, Any], line: int) -> None:
    """A call sends a text that leads to it by names: what the text's own does not say, it does.

    The text is no more likely to be a prompt for that.
    """
    if item.get("is_lent"):
        also_asked(item, call, line)
        return
    own = item.get("call", {})
    request = list(own.get("request", ()))
    request += (one for one in call.get("request", ()) if one not in request)
    item["call"] = {**call, **own, **({"request": _few(request)} if request else {})}
    item["is_lent"] = True


def _few(request: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What calls ask for; of many calls the rest by one entry, which differs where it does."""
    few, rest = request[:_MOST_LENT], request[_MOST_LENT:]
    if rest:
        others = [{key: item[key] for key in item if key != "line"} for item in rest]
        told = digest_of(json.dumps(others, sort_keys=True))
        few.append({"key": "**", "line": rest[0]["line"], **said("more calls", told)})
    return few


_MOST_LENT: Final = 20


def _asked(item: dict[str, Any]) -> list[dict[str, Any]]:
    """A call's request, with the model that it names."""
    call = item["call"]
    request: list[dict[str, Any]] = list(call.get("request", ()))
    if "model" in call:
        request.append({"key": "model", "line": item["line"], "value": call["model"]})
    return request
