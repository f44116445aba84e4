"""Data that Python source has as JSON in a text: `json.loads("…")`."""

import ast
import json

from reviewbot.rendering.parsers.python_source.scopes import dotted


def written_out(node: ast.expr) -> ast.expr:
    """What a call loads from a text that is written out, as source says it; else the node."""
    match node:
        case ast.Call(func=function, args=[ast.Constant(value=str() as text)], keywords=[]) if (
            dotted(function) in {"json.loads", "loads", "orjson.loads"}
        ):
            try:
                loaded = ast.parse(repr(json.loads(text)), mode="eval").body
            except (ValueError, SyntaxError):
                return node
            for item in ast.walk(loaded):
                if isinstance(item, ast.expr):
                    ast.copy_location(item, node)
            return loaded
    return node
