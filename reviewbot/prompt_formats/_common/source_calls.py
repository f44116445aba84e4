"""What a call in source code says of its request beside the prompt, in the terms of other files."""

import json
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from reviewbot.documents import Entry, MappingNode, parse_json
from reviewbot.prompt import CallParameters, RequestSetting
from reviewbot.prompt_formats._common.request_settings import (
    SPREAD,
    TOOLS,
    answer_features,
    is_free,
    moves_the_bill,
    read_settings,
    says_who_serves,
)

_FORMATS = ("response_format", "text")


class SourceCall(Struct, frozen=True, kw_only=True):
    """What stands beside a prompt in the call that gets it."""

    answers: int
    settings: tuple[RequestSetting, ...]
    parameters: CallParameters


def read_call(prompt: Mapping[str, Any], *, path: str) -> SourceCall:
    """The request that a prompt of a parser is sent with.

    What is not counted here, a schema or tools, and what only the program knows, is peculiar to
    the call.

    Raises:
        MeasurementError: The number of answers is none.
    """
    given = [item for item in prompt.get("call", {}).get("request", []) if _matters(item)]
    told = [item for item in given if "value" in item]
    node = MappingNode(line=1, entries=tuple(_entry(item, path) for item in told))
    answers, settings = read_settings([node], path=path, counted=(*_FORMATS, *TOOLS))
    beside = [item for item in given if _is_not_counted(item)]
    peculiar = {
        item["key"] for item in beside if _is_peculiar(item["key"]) and not item.get("is_of_client")
    }
    return SourceCall(
        answers=answers,
        settings=(*settings, *(_setting(item, path) for item in beside)),
        parameters=CallParameters(
            features=tuple(sorted({*answer_features([node]), *peculiar})),
        ),
    )


def _matters(item: Mapping[str, Any]) -> bool:
    """Whether an argument is set; one of a client, whether it says who serves."""
    if item.get("is_of_client"):
        return item["key"] == SPREAD or says_who_serves(item["key"])
    return item.get("value", item.get("said")) is not None


def _is_not_counted(item: Mapping[str, Any]) -> bool:
    """Whether an argument is tools, a schema, or what only the program knows and may cost."""
    key = item["key"]
    if "value" in item:
        return key in TOOLS or _has_schema(item["value"])
    return key in _FORMATS or not is_free(key)


def _is_peculiar(key: str) -> bool:
    return key in _FORMATS or moves_the_bill(key)


def _setting(item: Mapping[str, Any], path: str) -> RequestSetting:
    told = item.get("value", item.get("digest", item.get("said")))
    key = item["key"]
    return RequestSetting(
        key=key,
        value=json.dumps(told, ensure_ascii=False, sort_keys=True),
        shown="" if "value" in item else item["said"],
        path=path,
        line=item["line"],
        says_who_serves=says_who_serves(key) or bool(item.get("is_of_client")),
    )


def _entry(item: Mapping[str, Any], path: str) -> Entry:
    """An argument at its own line."""
    before = "\n" * (item["line"] - 1)
    value = parse_json(before + json.dumps(item["value"]), file=path)
    return Entry(key=item["key"], key_line=item["line"], value=value)


def _has_schema(value: Any) -> bool:
    kind = value.get("format", value) if isinstance(value, dict) else None
    return isinstance(kind, dict) and kind.get("type") == "json_schema"
