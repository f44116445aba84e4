"""Cuts a template of Semantic Kernel into its blocks, as its own tokenizers do.

The rules are those of semantic-kernel 1.45 for Python (`template_tokenizer.py`,
`code_tokenizer.py` and the patterns of `blocks`).
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from reviewbot.prompt import TemplateError

_SHORTEST = 5
_QUOTES = ("'", '"')
_ESCAPED = ("'", '"', "\\")
_BLANKS = (" ", "\n", "\r", "\t")
_VARIABLE = re.compile(r"\$([0-9A-Za-z_]+)")
_FUNCTION = re.compile(r"(?:[0-9A-Za-z_]+\.)?[0-9A-Za-z_]+")
_NAMED = re.compile(r"([0-9A-Za-z_]+)=(?:\$([0-9A-Za-z_]+)|(['\"])(.[^\"^']*)\3)")


class Argument(Struct, frozen=True, kw_only=True):
    """What a function is given: a variable's name, or a text."""

    variable: str | None = None
    text: str = ""


class Block(Struct, frozen=True, kw_only=True):
    """A piece of a template: a text, a variable's name or a function's, as `kind` says."""

    kind: str
    text: str
    line: int
    given: tuple[Argument, ...] = ()


def blocks(text: str, path: str) -> Iterator[Block]:
    """The blocks of a template, in order.

    Raises:
        TemplateError: A tag is wrong.
    """
    if len(text) < _SHORTEST:
        yield Block(kind="text", text=text, line=1)
        return
    done, line, counted = 0, 1, 0
    for start, end in _tags(text):
        if start > done:
            yield Block(kind="text", text=text[done:start], line=line)
        line += text.count("\n", counted, start)
        counted = start
        code = text[start + 2 : end - 2].strip()
        try:
            found = _block(code, line)
        except ValueError as error:
            mend = "write `{{$name}}`, `{{plugin.function $name}}` or `{{'text'}}`"
            raise TemplateError(f"this tag is wrong: {error}", mend, line=line, path=path) from None
        yield found or Block(kind="text", text=text[start:end], line=line)
        done = end
    if done < len(text):
        yield Block(kind="text", text=text[done:], line=line)


def _tags(text: str) -> Iterator[tuple[int, int]]:
    """Where each `{{…}}` begins and ends; of `{{ {{x}}` it is the last that does."""
    start = text.find("{{")
    position = start
    quote = ""
    while start >= 0 and position < len(text) - 1:
        sign, following = text[position], text[position + 1]
        if quote:
            if sign == "\\" and following in _ESCAPED:
                position += 1
            elif sign == quote:
                quote = ""
        elif sign == following == "{":
            start = position
        elif sign in _QUOTES:
            quote = sign
        elif sign == following == "}":
            yield start, position + 2
            start = position = text.find("{{", position + 1)
            continue
        position += 1


def _block(code: str, line: int) -> Block | None:
    """What stands in a tag; None where nothing does."""
    if not code:
        return None
    kind, first = next(found := iter(_tokens(code)))
    if kind == "value":
        return Block(kind="text", text=_quoted(first), line=line)
    if kind == "variable":
        return Block(kind="variable", text=_name(first), line=line)
    if kind != "function" or not _FUNCTION.fullmatch(first):
        raise ValueError(f"{first!r} is no function's name")
    given: list[Argument] = []
    for number, (kind, token) in enumerate(found):
        if kind == "named":
            given.append(_named(token))
        elif number or kind == "function":
            raise ValueError(f"{token!r} needs a name, as in `name={token}`")
        elif kind == "variable":
            given.append(Argument(variable=_name(token)))
        else:
            given.append(Argument(text=_quoted(token)))
    return Block(kind="function", text=first, line=line, given=tuple(given))


def _tokens(code: str) -> list[tuple[str, str]]:
    """The words of a tag, each with what its first sign shows it to be."""
    found: list[tuple[str, str]] = []
    position = 0
    while position < len(code):
        if code[position] in _BLANKS:
            position += 1
            continue
        kind, word, end = _word(code, position)
        if end < len(code) and code[end] not in _BLANKS:
            raise ValueError("words need a blank between them")
        if found and end == len(code) == position + 1:
            raise ValueError("the last word has one sign only")  # a limit of Semantic Kernel's own
        found.append((kind, word))
        position = end
    return found


def _word(code: str, start: int) -> tuple[str, str, int]:
    """The word that begins at `start`: its kind, its signs, and where it ends."""
    quote = code[start]
    position = start + 1
    if quote not in _QUOTES:
        while position < len(code) and code[position] not in _BLANKS:
            position += 1
        word = code[start:position]
        kind = "variable" if quote == "$" else "named" if "=" in word else "function"
        return kind, word, position
    signs = [quote]
    last = len(code) - 1
    while position <= last:
        sign = code[position]
        if sign == "\\" and position < last - 1 and code[position + 1] in _ESCAPED:
            position += 1
            sign = code[position]
        elif sign == quote:
            return "value", "".join([*signs, quote]), position + 1
        signs.append(sign)
        position += 1
    return "value", "".join(signs), position


def _name(token: str) -> str:
    found = _VARIABLE.fullmatch(token)
    if found is None:
        raise ValueError(f"{token!r} is no variable's name")
    return found[1]


def _quoted(token: str) -> str:
    if len(token) < len("''") or token[0] != token[-1]:
        raise ValueError(f"the text {token} does not end")
    return token[1:-1]


def _named(token: str) -> Argument:
    found = _NAMED.fullmatch(token)
    if found is None:
        raise ValueError(f"{token!r} is not written as `name=$variable` or `name='text'`")
    return Argument(variable=found[2], text=found[4] or "")
