"""One value in a YAML, TOML or JSON file, by the format's own parser."""

import json
import re
import tomllib
from importlib import import_module
from typing import Any

_STEP = re.compile(r'"([^"]+)"|([^."]+)')


def selected(text: str, suffix: str, selector: str | None) -> Any:
    """The value at the path of keys and positions, or the whole document without one."""
    value = _parsed(text, suffix)
    for quoted, plain in _STEP.findall(selector or ""):
        step = quoted or plain
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def _parsed(text: str, suffix: str) -> Any:
    if suffix == ".json":
        return json.loads(text)
    if suffix == ".toml":
        return tomllib.loads(text)
    return import_module("yaml").safe_load(text)
