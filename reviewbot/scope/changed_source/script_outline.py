"""The outline of TypeScript and JavaScript, by a reader of their tokens.

Comments, errors that are thrown and what is logged hold no text for a model, but for calls of one
in them.
"""

import re

from reviewbot.rendering.parsers._common.requests import RUN_A_MODEL
from reviewbot.scope.changed_source.outline import Block, Outline

_TOKEN = re.compile(
    r"\n(?=[^\s)\]}])|//[^\n]*|/\*"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'(?:[^'\\\n]|\\.)*'"
    r"|[`(){}\[\]\"'/]",
    re.DOTALL,
)
_TEMPLATE = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*", re.DOTALL)
_EXPRESSION = re.compile(r"/(?:[^/\\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*\])+/")
_BEFORE_EXPRESSION = re.compile(r"(?:[(,=:\[!&|?{;\n]|\b(?:return|typeof|case|in|of))[ \t]*\Z")
_LOOK_BACK = 80
_SHOWN_TO_PEOPLE = re.compile(
    r"(?:\bthrow\s{1,9}new\s{1,9}[\w$.]{1,40}"
    r"|\b(?:console|log|logger|\w{0,20}Logger)\.(?:log|debug|info|warn|error|trace))\Z"
)
_CALLED = re.compile(r"[\w$]{1,40}\Z")
_DEEPEST = 100
_CLOSERS = {")": "(", "]": "[", "}": "{"}
_DEFINITION = re.compile(
    r"(?:export[ \t]+)?(?:default[ \t]+)?(?:declare[ \t]+)?(?:abstract[ \t]+)?"
    r"(?:(?:async[ \t]+)?function\b|class\b|interface\b|type\b"
    r"|const[ \t]+[\w$]{1,80}[ \t]*=[ \t]*(?:async[ \t]*)?"
    r"(?:function\b|\([^()\n]{0,200}\)[^=\n]{0,80}=>))"
)


class _UnclearError(Exception):
    """What is read is no program, or one that cannot be read by tokens alone."""


def outline(text: str) -> Outline | None:
    """The definitions and texts of a file; None where its tokens cannot be told."""
    reader = _Reader(text)
    try:
        reader.read()
    except _UnclearError:
        return None
    starts = [0, *reader.starts]
    return Outline(
        tuple(
            Block(begins, ends, _DEFINITION.match(text, begins) is not None)
            for begins, ends in zip(starts, [*reader.starts, len(text)], strict=True)
        ),
        tuple(reader.literals),
    )


class _Reader:
    """Reads token by token; `starts` are where statements at the left margin begin."""

    def __init__(self, text: str) -> None:
        self.starts: list[int] = []
        self.literals: list[tuple[int, int]] = []
        self._text = text
        self._open: list[tuple[str, int]] = []

    def read(self) -> None:
        """Read all of the text.

        Raises:
            _UnclearError: A text or a bracket is never closed.
        """
        position = 0
        while (token := _TOKEN.search(self._text, position)) is not None:
            position = self._taken(token[0], token.start(), token.end())
        if self._open:
            raise _UnclearError

    def _taken(self, sign: str, begins: int, ends: int) -> int:
        """Take a token, and give where the next one may begin."""
        if sign in "([{":
            self._opened(sign, begins)
        elif sign in _CLOSERS:
            return self._closed(sign, ends)
        elif sign == "\n":
            self.starts += [ends] if not self._open else []
        elif sign == "`":
            self._opened(sign, begins)
            return self._template(ends)
        elif sign == "/*":
            return self._behind_comment(ends)
        elif sign == "/":
            return self._behind_slash(begins)
        elif sign in {'"', "'"}:
            raise _UnclearError
        elif sign[0] != "/":
            self._keep(begins, ends)
        return ends

    def _keep(self, begins: int, ends: int) -> None:
        is_for_people = False
        for sign, opened in self._open:
            if sign == "(":
                is_for_people = self._is_for_people(opened, is_for_people)
        if not is_for_people:
            self.literals.append((begins, ends))

    def _opened(self, sign: str, begins: int) -> None:
        if len(self._open) >= _DEEPEST:
            raise _UnclearError
        self._open.append((sign, begins))

    def _closed(self, sign: str, ends: int) -> int:
        opened = self._open.pop()[0] if self._open else ""
        if opened == "${" and sign == "}":
            return self._template(ends)
        if opened != _CLOSERS[sign]:
            raise _UnclearError
        return ends

    def _template(self, begins: int) -> int:
        """Read a piece of a template literal, up to its end or the next expression in it."""
        found = _TEMPLATE.match(self._text, begins)
        ends = found.end() if found else begins
        if ends >= len(self._text):
            raise _UnclearError
        self._keep(begins, ends)
        if self._text[ends] == "`":
            self._open.pop()
            return ends + 1
        self._opened("${", ends)
        return ends + 2

    def _behind_comment(self, begins: int) -> int:
        ends = self._text.find("*/", begins)
        if ends < 0:
            raise _UnclearError
        return ends + 2

    def _behind_slash(self, begins: int) -> int:
        before = self._text[max(0, begins - _LOOK_BACK) : begins]
        found = None
        if not before.strip() or _BEFORE_EXPRESSION.search(before):
            found = _EXPRESSION.match(self._text, begins)
        return found.end() if found else begins + 1

    def _is_for_people(self, begins: int, around: bool) -> bool:  # noqa: FBT001 - what is around
        """Whether what the call that begins here is given is shown to people."""
        before = self._text[max(0, begins - _LOOK_BACK) : begins]
        if _SHOWN_TO_PEOPLE.search(before):
            return True
        called = _CALLED.search(before) if around else None
        return around and (called is None or called[0] not in RUN_A_MODEL)
