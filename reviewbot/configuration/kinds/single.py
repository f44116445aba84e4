"""Kinds of a single value: an amount, a text, a flag, one of some words."""

import re
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from reviewbot.configuration.kinds.positions import At, RejectedError, Schema, nearest, shown
from reviewbot.configuration.meant_names import name_meant
from reviewbot.configuration.meant_values import Slip, amount_meant, is_in_curly_quotes, typed
from reviewbot.configuration.placeholders import expression, placeholder
from reviewbot.documents import ListNode, MappingNode, Node, Scalar

T = TypeVar("T")


class Amount(Generic[T]):
    """A scalar that `parse` turns into base units; `example` is what would be right.

    `written` is what `parse` takes, as a JSON Schema: of texts their pattern, of numbers, where a
    bare one is right, their type and bounds. `meant` tells what a slip stands for.
    """

    def __init__(
        self,
        parse: Callable[[str], T],
        what: str,
        example: str,
        written: Schema,
        *,
        meant: Callable[[str, Callable[[str], bool]], Slip | None] = amount_meant,
    ) -> None:
        self.parse = parse
        self.what = what
        self.example = example
        self.written = written
        self.meant = meant

    def read(self, node: Node, at: At) -> T:
        """The amount in base units."""
        if not isinstance(node, Scalar) or node.value is None or isinstance(node.value, bool):
            raise _no_text(node, at, self.what, self.example, self._takes)
        text = node.text.strip()
        try:
            return self.parse(text)
        except ValueError as error:
            open_value = placeholder(text)
            if open_value is not None:
                slip = open_value, f"write the value itself, like {self.example}"
            else:
                otherwise = str(error), f"write it like {self.example}"
                slip = self.meant(text, self._takes) or otherwise
            reason, mend = slip
            what = f"{shown(node.text)} is not {self.what} ({reason})"
            raise at.reject(node.line, what, mend) from None

    def instead_of(self, text: str) -> str:
        """The mend of an amount that is wrong; empty where it is right."""
        if self._takes(text):
            return ""
        slip = self.meant(text, self._takes)
        return slip[1] if slip else f"write it like {self.example}"

    def _takes(self, text: str) -> bool:
        try:
            self.parse(text)
        except ValueError:
            return False
        return True

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
    """A string that matches a pattern as a whole; `meant` tells the slips that its kind invites."""

    def __init__(
        self,
        pattern: str,
        what: str,
        example: str,
        *,
        meant: Callable[[str, Callable[[str], bool]], Slip | None] = name_meant,
    ) -> None:
        self.pattern = pattern
        self.what = what
        self.example = example
        self.meant = meant

    def read(self, node: Node, at: At) -> str:
        """The string."""
        if not isinstance(node, Scalar) or node.value is None or isinstance(node.value, bool):
            raise _no_text(node, at, self.what, typed(self.example), self.matches)
        is_quoted = node.quoted or not is_in_curly_quotes(node.text)
        if self.matches(node.text) and is_quoted:
            return node.text
        raise at.reject(node.line, *self.refusal(node.text, f"write it like {typed(self.example)}"))

    def refusal(self, text: str, otherwise: str) -> tuple[str, str]:
        """What is wrong with a text, and what was meant by it; `otherwise` where nobody knows."""
        slip = expression(text) or self.meant(text, self.matches)
        reason, mend = slip or (placeholder(text) or "", otherwise)
        return f"{shown(text)} is not {self.what}{f' ({reason})' if reason else ''}", mend

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


def _no_text(
    node: Node, at: At, what: str, example: str, takes: Callable[[str], bool]
) -> RejectedError:
    """The error of a value that is no text and no number; of an empty one it says so."""
    is_list = isinstance(node, ListNode)
    values = node.items if isinstance(node, ListNode) else ()
    if isinstance(node, MappingNode):
        values = tuple(entry.value for entry in node.entries)
    texts = [item.text for item in values if isinstance(item, Scalar)]
    meant = [text for text in texts if takes(text) and text.isprintable()]
    if meant and len(meant) == len(values):
        mend = f"write `{typed(meant[0])}`"
        if len(meant) > 1:
            mend = f"write one only, such as `{typed(meant[0])}`"
            mend += "; the others need entries of their own" if is_list else ""
        given = "list" if is_list else "mapping"
        return at.reject(node.line, f"this is a {given}, and not {what}", mend)
    if isinstance(node, Scalar) and node.value is None:
        return at.reject(node.line, "nothing stands here", f"give {what}, such as {example}")
    return at.reject(node.line, f"this is not {what}", f"write it like {example}")


class Flag:
    """`true` or `false`."""

    def read(self, node: Node, at: At) -> bool:
        """The flag."""
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        meant = _FLAGS.get(node.text.strip().lower()) if isinstance(node, Scalar) else None
        what = "this is neither true nor false"
        raise at.reject(node.line, what, f"write {meant or 'true or false'}")

    def schema(self) -> Schema:
        """A boolean."""
        return {"type": "boolean"}


_FLAGS = {
    **dict.fromkeys(("yes", "y", "on", "1", "enabled", "true"), "true"),
    **dict.fromkeys(("no", "n", "off", "0", "disabled", "false", "never"), "false"),
}
"""What other versions of YAML, and people, write for the two."""

_CALLED_OTHERWISE = {
    **dict.fromkeys(("fstring", "f-string", "format", "python"), "str-format"),
    **dict.fromkeys(("human", "customer"), "user"),
    **dict.fromkeys(("ai", "bot", "model"), "assistant"),
    **dict.fromkeys(("markdown", "md", "plain", "txt", "xml"), "text"),
    **dict.fromkeys(("60m", "60min", "1 hour", "1hour", "1hr", "3600", "3600s"), "1h"),
    **dict.fromkeys(("5 min", "5min", "5 minutes", "300", "300s", "ephemeral"), "5m"),
    "jinja": "jinja2",
    "hbs": "handlebars",
}
"""Words that other tools have for what is chosen here."""


def _near(text: str, words: Sequence[str]) -> str | None:
    meant = _CALLED_OTHERWISE.get(text.lower())
    return meant if meant in words else nearest(text, words)


class Choice:
    """One of some words; the words are asked for when the first value is read."""

    def __init__(self, words: Callable[[], Sequence[str]]) -> None:
        self.words = words

    def read(self, node: Node, at: At) -> str:
        """The word."""
        words = self.words()
        if isinstance(node, Scalar) and node.text in words:
            return node.text
        is_empty = isinstance(node, Scalar) and node.value is None
        given = shown(node.text) if isinstance(node, Scalar) and not is_empty else "this"
        if len(words) == 1:
            what = f"{given} is unknown: only {words[0]} is known"
            raise at.reject(node.line, what, f"write {words[0]}")
        near = _near(node.text, words) if isinstance(node, Scalar) else None
        mend = f"did you mean {str(near)!r}?" if near else f"use one of {', '.join(words)}"
        raise at.reject(node.line, f"{given} is unknown here", mend)

    def schema(self) -> Schema:
        """An enumeration; a word of digits may stand there as a number."""
        words = list(self.words())
        return {"enum": [*words, *(int(word) for word in words if word.isdecimal())]}
