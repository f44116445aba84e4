"""Kinds of a single value: an amount, a text, a flag, one of some words."""

import re
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from reviewbot.configuration.kinds.positions import At, Schema, nearest, shown
from reviewbot.documents import Node, Scalar

T = TypeVar("T")


class Amount(Generic[T]):
    """A scalar that `parse` turns into base units; `example` is what would be right.

    `written` is what `parse` takes, as a JSON Schema: of texts their pattern, of numbers, where a
    bare one is right, their type and bounds.
    """

    def __init__(self, parse: Callable[[str], T], what: str, example: str, written: Schema) -> None:
        self.parse = parse
        self.what = what
        self.example = example
        self.written = written

    def read(self, node: Node, at: At) -> T:
        """The amount in base units."""
        if not isinstance(node, Scalar) or node.value is None or isinstance(node.value, bool):
            raise at.reject(node.line, f"this is not {self.what}", f"write it like {self.example}")
        try:
            return self.parse(node.text.strip())
        except ValueError as error:
            what = f"{shown(node.text)} is not {self.what} ({error})"
            raise at.reject(node.line, what, f"write it like {self.example}") from None

    def schema(self) -> Schema:
        """A string of the pattern, or a number within the bounds."""
        return {**self.written, "description": self.what, "examples": [self.example]}


_WORD_CHARACTERS = {
    r"[\w]": "[^\\x00-/:-@\\[-\\^`{-\\x7f]",
    r"[\w ./:@+-]": "[^\\x00-\\x1f!-*,;-?\\[-\\^`{-\\x7f]",
}
"""Classes with `\\w`, which means ASCII letters only in JSON Schema (ECMA-262)."""


def portable(pattern: str) -> str:
    """A pattern as JSON Schema writes it; what it takes beside is unusual letters' punctuation."""
    for ours, theirs in _WORD_CHARACTERS.items():
        pattern = pattern.replace(ours, theirs)
    return pattern


class Text:
    """A string that matches a pattern as a whole."""

    def __init__(self, pattern: str, what: str, example: str) -> None:
        self.pattern = pattern
        self.what = what
        self.example = example

    def read(self, node: Node, at: At) -> str:
        """The string."""
        mend = f"write it like {self.example}"
        if not isinstance(node, Scalar) or node.value is None or isinstance(node.value, bool):
            raise at.reject(node.line, f"this is not {self.what}", mend)
        if not self.matches(node.text):
            raise at.reject(node.line, f"{shown(node.text)} is not {self.what}", mend)
        return node.text

    def matches(self, text: str) -> bool:
        """Whether the text is such a string."""
        return re.fullmatch(self.pattern, text) is not None

    def schema(self) -> Schema:
        """A string of the pattern."""
        return {
            "type": "string",
            "pattern": f"^(?:{portable(self.pattern)})$",
            "description": self.what,
            "examples": [self.example],
        }


class Flag:
    """`true` or `false`."""

    def read(self, node: Node, at: At) -> bool:
        """The flag."""
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        raise at.reject(node.line, "this is neither true nor false", "write true or false")

    def schema(self) -> Schema:
        """A boolean."""
        return {"type": "boolean"}


class Choice:
    """One of some words; the words are asked for when the first value is read."""

    def __init__(self, words: Callable[[], Sequence[str]]) -> None:
        self.words = words

    def read(self, node: Node, at: At) -> str:
        """The word."""
        words = self.words()
        if isinstance(node, Scalar) and node.text in words:
            return node.text
        given = shown(node.text) if isinstance(node, Scalar) else "this"
        near = nearest(node.text, words) if isinstance(node, Scalar) else None
        mend = f"did you mean {str(near)!r}?" if near else f"use one of {', '.join(words)}"
        raise at.reject(node.line, f"{given} is not one of {', '.join(words)}", mend)

    def schema(self) -> Schema:
        """An enumeration; a word of digits may stand there as a number."""
        words = list(self.words())
        return {"enum": [*words, *(int(word) for word in words if word.isdecimal())]}
