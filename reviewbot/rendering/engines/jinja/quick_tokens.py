"""Jinja2's tokens of a template; each tag is taken apart once, since templates have most in common.

Jinja2's lexer goes from left to right. A tag that stands on one line, strips nothing beside it, and
by itself gives tokens from its own beginning to its own end, gives these wherever it stands. Where
anything else is there the lexer reads the whole. Runs in the rendering process only.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

from jinja2 import Environment

_TAG: Final = re.compile(r"(\{\{[^{}\r\n]*\}\}|\{%[^{}%\r\n]*%\}|\{#[^{}#\r\n]*#\})")
_SIGNS: Final = ("{{", "{%", "{#", "\r")
_USUAL: Final = {
    "variable_start_string": "{{",
    "variable_end_string": "}}",
    "block_start_string": "{%",
    "block_end_string": "%}",
    "comment_start_string": "{#",
    "comment_end_string": "#}",
    "line_statement_prefix": None,
    "line_comment_prefix": None,
    "trim_blocks": False,
    "lstrip_blocks": False,
    "newline_sequence": "\n",
}
"""The settings under which this holds, those of nearly every template."""

_ENDS: Final = {
    ("variable_begin", "{{"): ("variable_end", "}}"),
    ("block_begin", "{%"): ("block_end", "%}"),
    ("comment_begin", "{#"): ("comment_end", "#}"),
}
_BOUNDS: Final = {kind for pair in _ENDS.items() for kind, _ in pair} | {"data", "raw_begin"}
_MOST_PARTS = 2_000
"""Tags, and texts between them, of one template."""

_MOST_TAGS = 1_000
_LONGEST_TAG = 500
"""Tags that are kept, and characters of one."""

LocatedToken = tuple[int, str, Any]
"""The line, kind and value of a token."""

_Tag = tuple[tuple[str, Any], ...] | None
"""Kinds and values of a tag's tokens; None where they depend on what stands beside it."""


class QuickTokens:
    """Takes the templates of one environment apart."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._tags: dict[str, _Tag] = {}
        self._is_usual = all(getattr(environment, name) == it for name, it in _USUAL.items())

    def of(self, source: str) -> Sequence[LocatedToken]:
        """All that the parser is told of; errors are Jinja2's own."""
        if self._is_usual and (found := self._quickly(source)) is not None:
            return found
        lexer = self._environment.lexer
        return list(lexer.wrap(lexer.tokeniter(source, None)))

    def _quickly(self, source: str) -> list[LocatedToken] | None:
        if not self._environment.keep_trailing_newline:
            source = source.removesuffix("\n")
        found: list[LocatedToken] = []
        line = 1
        parts = _TAG.split(source)
        if len(parts) > _MOST_PARTS:
            return None
        for number, part in enumerate(parts):
            if number % 2:
                tag = self._tag(part)
                if tag is None:
                    return None
                found += [(line, kind, value) for kind, value in tag]
            elif part:
                if part.endswith("{") or any(sign in part for sign in _SIGNS):
                    return None
                found.append((line, "data", part))
                line += part.count("\n")
        return found

    def _tag(self, text: str) -> _Tag:
        if len(text) > _LONGEST_TAG:
            return None
        if text not in self._tags:
            if len(self._tags) >= _MOST_TAGS:
                self._tags.clear()
            self._tags[text] = self._taken_apart(text)
        return self._tags[text]

    def _taken_apart(self, text: str) -> _Tag:
        lexer = self._environment.lexer
        try:
            begin, *within, end = lexer.tokeniter(text, None)
            tokens = list(lexer.wrap(lexer.tokeniter(text, None)))
        except Exception:  # noqa: BLE001 - told when the whole is read
            return None
        is_whole = _ENDS.get(begin[1:]) == end[1:]
        if not is_whole or any(kind in _BOUNDS for _, kind, _ in within):
            return None
        return tuple((kind, value) for _, kind, value in tokens)
