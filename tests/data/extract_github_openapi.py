"""Takes the operations that the tests need out of GitHub's OpenAPI description.

Usage: extract_github_openapi.py PACKAGE, where PACKAGE is the unpacked npm package
@octokit/openapi (MIT). Writes github_openapi.json and its licence beside this script.
"""

import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_OPERATIONS = {
    "/repos/{owner}/{repo}": ["get"],
    "/repos/{owner}/{repo}/pulls": ["get"],
    "/repos/{owner}/{repo}/pulls/{pull_number}": ["get"],
    "/repos/{owner}/{repo}/pulls/{pull_number}/reviews": ["get", "post"],
    "/repos/{owner}/{repo}/pulls/{pull_number}/comments": ["get"],
    "/repos/{owner}/{repo}/pulls/comments/{comment_id}": ["delete"],
    "/repos/{owner}/{repo}/commits/{commit_sha}/pulls": ["get"],
    "/repos/{owner}/{repo}/commits/{ref}/check-runs": ["get"],
    "/repos/{owner}/{repo}/labels": ["post"],
    "/repos/{owner}/{repo}/issues": ["get", "post"],
    "/repos/{owner}/{repo}/issues/{issue_number}": ["patch"],
    "/repos/{owner}/{repo}/issues/{issue_number}/comments": ["get", "post"],
    "/repos/{owner}/{repo}/issues/comments/{comment_id}": ["get", "patch", "delete"],
    "/repos/{owner}/{repo}/issues/{issue_number}/events": ["get"],
    "/repos/{owner}/{repo}/compare/{basehead}": ["get"],
    "/repos/{owner}/{repo}/check-runs": ["post"],
    "/repos/{owner}/{repo}/check-runs/{check_run_id}": ["patch"],
    "/repos/{owner}/{repo}/git/matching-refs/{ref}": ["get"],
    "/orgs/{org}/teams/{team_slug}/memberships/{username}": ["get"],
    "/user": ["get"],
}
_PROSE = {"description", "examples", "example", "summary", "externalDocs", "title"}
_NAMED = {"properties", "patternProperties", "schemas", "responses", "parameters", "headers"}
_PREFIX = "#/components/"


def stripped(node: Any, *, names: bool = False) -> Any:
    """The node without prose; where `names` holds, its keys are names and all stay."""
    if isinstance(node, dict):
        return {
            key: value if key in {"enum", "default"} else stripped(value, names=key in _NAMED)
            for key, value in node.items()
            if names or not (key in _PROSE or key.startswith("x-"))
        }
    return [stripped(item) for item in node] if isinstance(node, list) else node


def references(node: Any) -> Iterator[str]:
    """Every reference below the node."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)


def operation(path: Mapping[str, Any], method: str, components: Mapping[str, Any]) -> Any:
    """One operation: parameters and responses in place, schemas by reference."""

    def resolve(node: Any) -> Any:
        while isinstance(node, dict) and "$ref" in node:
            kind, name = node["$ref"].removeprefix(_PREFIX).split("/")
            node = components[kind][name]
        return node

    whole = path[method]
    responses = {code: resolve(answer) for code, answer in whole["responses"].items()}
    body = resolve(whole.get("requestBody"))
    return stripped(
        {
            "operationId": whole["operationId"],
            "parameters": [
                resolve(item) for item in [*path.get("parameters", []), *whole["parameters"]]
            ]
            if "parameters" in whole
            else [],
            **({"requestBody": body} if body else {}),
            "responses": {
                code: {"content": answer["content"]} if "content" in answer else {}
                for code, answer in responses.items()
                if code.startswith("2")
            },
        }
    )


def extract(package: Path, target: Path) -> None:
    """Write the subset and the licence."""
    source = json.loads((package / "generated" / "api.github.com.json").read_bytes())
    components = source["components"]
    paths = {
        path: {method: operation(source["paths"][path], method, components) for method in methods}
        for path, methods in _OPERATIONS.items()
    }
    schemas: dict[str, Any] = {}
    waiting = set(references(paths))
    while waiting:
        name = waiting.pop().removeprefix(_PREFIX + "schemas/")
        if name not in schemas:
            schemas[name] = stripped(components["schemas"][name])
            waiting |= set(references(schemas[name]))
    version = json.loads((package / "package.json").read_bytes())["version"]
    lines = [
        f'{{"openapi": {json.dumps(source["openapi"])},',
        f'"info": {{"title": "subset of @octokit/openapi {version}", "version": "{version}"}},',
        '"paths": {\n' + _rows(paths) + "\n},",
        '"components": {"schemas": {\n' + _rows(dict(sorted(schemas.items()))) + "\n}}}",
    ]
    (target / "github_openapi.json").write_text("\n".join(lines) + "\n")
    shutil.copyfile(package / "LICENSE", target / "github_openapi.LICENSE")


def _rows(table: Mapping[str, Any]) -> str:
    return ",\n".join(
        f"{json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}"
        for key, value in table.items()
    )


if __name__ == "__main__":
    extract(Path(sys.argv[1]), Path(__file__).parent)
