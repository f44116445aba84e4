"""GitHub's OpenAPI description: its routes, its validators, and minimal objects of its schemas."""

import copy
import functools
import json
import re
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from openapi_schema_validator import OAS30Validator, oas30_format_checker

from tests.support.places import DATA

_NULL = {"nullable": True, "enum": [None]}


class Route(NamedTuple):
    method: str
    pattern: re.Pattern[str]
    operation: Mapping[str, Any]


def _pattern(template: str) -> re.Pattern[str]:
    """The template of a path as an expression; names of refs may hold slashes."""

    def part(match: re.Match[str]) -> str:
        wide = match[1] in {"ref", "basehead"}
        return f"(?P<{match[1]}>{'.+' if wide else '[^/]+'})"

    return re.compile("^" + re.sub(r"\{(\w+)\}", part, template.replace(".", r"\.")) + "$")


def closed(node: Any) -> Any:
    """The schema, with keys that it does not name refused."""
    if isinstance(node, dict):
        strict = {key: closed(value) for key, value in node.items()}
        if isinstance(node.get("properties"), dict):
            strict.setdefault("additionalProperties", False)
        return strict
    return [closed(item) for item in node] if isinstance(node, list) else node


def _with_nulls(node: Any) -> Any:
    """The description, with null among the choices of whatever is nullable, as is meant."""
    if isinstance(node, dict):
        filled = {key: _with_nulls(value) for key, value in node.items()}
        if node.get("nullable") is True:
            for key, null in (("enum", None), ("anyOf", _NULL), ("oneOf", _NULL)):
                if isinstance(node.get(key), list):
                    filled[key].append(null)
        return filled
    return [_with_nulls(item) for item in node] if isinstance(node, list) else node


def json_schema(part: Mapping[str, Any]) -> Mapping[str, Any] | None:
    schema: Mapping[str, Any] | None = (
        part.get("content", {}).get("application/json", {}).get("schema")
    )
    return schema


class Description:
    """GitHub's description: its routes, its validators and minimal objects of its schemas."""

    def __init__(self, path: Path) -> None:
        document = _with_nulls(json.loads(path.read_bytes()))
        self._components = document["components"]
        # GitHub answers null for a fork that was deleted; its description forgets that.
        for name in ("pull-request", "pull-request-simple"):
            head = self._components["schemas"][name]["properties"]["head"]["properties"]
            head["repo"] = {"anyOf": [head["repo"], _NULL]}
        self.routes = [
            Route(method.upper(), _pattern(template), operation)
            for template, methods in document["paths"].items()
            for method, operation in methods.items()
        ]
        self._validators: dict[tuple[str, str], OAS30Validator] = {}
        self._samples: dict[str, Any] = {}
        self._lock = threading.Lock()

    def errors(self, key: tuple[str, str], schema: Mapping[str, Any], value: Any) -> list[str]:
        """What is wrong with the value; the validator is kept under the key."""
        with self._lock:
            validator = self._validators.get(key)
            if validator is None:
                whole = {"allOf": [schema], "components": self._components}
                validator = OAS30Validator(whole, format_checker=oas30_format_checker)
                self._validators[key] = validator
            return [
                f"{'/'.join(map(str, error.absolute_path)) or '(root)'}: {error.message[:300]}"
                for error in validator.iter_errors(value)
            ]

    def sample(self, name: str) -> Any:
        """A fresh object with the properties that the named schema requires."""
        with self._lock:
            if name not in self._samples:
                self._samples[name] = self._minimal(self._components["schemas"][name])
            return copy.deepcopy(self._samples[name])

    def _minimal(self, schema: Mapping[str, Any], *, root: bool = True) -> Any:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return self._minimal(self._components["schemas"][name], root=root)
        if schema.get("nullable") and not root:
            return None
        if "properties" in schema:
            return {
                name: self._minimal(schema["properties"][name], root=False)
                for name in schema.get("required", ())
            }
        for key in ("allOf", "anyOf", "oneOf"):
            if key in schema:
                return self._minimal(schema[key][0], root=False)
        return _plain(schema)


def _plain(schema: Mapping[str, Any]) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    formats = {"uri": "https://github.invalid/unused", "date-time": "2026-01-01T00:00:00Z"}
    values: dict[str, Any] = {
        "string": formats.get(schema.get("format", ""), "unused"),
        "array": [],
        "integer": 0,
        "number": 0,
        "boolean": False,
    }
    return values.get(schema.get("type", "object"), {})


@functools.cache
def description() -> Description:
    return Description(DATA / "github_openapi.json")
