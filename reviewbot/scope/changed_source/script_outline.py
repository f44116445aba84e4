"""The outline of TypeScript and JavaScript, by a reader of their tokens.

Comments, errors that are thrown and what is logged hold no text for a model, but for calls of one
in them.
"""

import re

from reviewbot.rendering.parsers._common.requests import RUN_A_MODEL
from reviewbot.scope.changed_source.outline import Outline, blocks_at, is_said, without

_TOKEN = re.compile(
    r"[\n/\"'`(){}\[\]](?:(?<=\n)(?=[ \t]{0,40}[\w$@#\"'(\[])|(?<=/)(?:/[^\n]*+|\*)"
    r'|(?<=")(?:[^"\\\n]++|\\.)*"'
    r"|(?<=')(?:[^'\\\n]++|\\.)*'"
    r"|(?<!\n))",
    re.DOTALL,
)
_TEMPLATE = re.compile(r"(?:[^`\\$]++|\\.|\$(?!\{))*", re.DOTALL)
_EXPRESSION = re.compile(r"/(?:[^/\\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*\])+/")
_BEHIND_VALUE = re.compile(r"[\w$)\]}\"'`]\Z")
_BEHIND_BRACKET = re.compile(r"[)}]\Z")
_BEHIND_KEYWORD = re.compile(
    r"(?:^|[^.\w$])(?:return|typeof|case|in|of|do|else|void|delete|throw|new|yield|await"
    r"|instanceof)\Z"
)
_HIDING = re.compile(r"[\"'`\[]|/\*")
"""What would begin a text, a comment or a bracket, were a regular expression none."""

_LONGEST_EXPRESSION = 2_000
"""Characters: what is longer between two slashes is no expression that anybody wrote."""

_LOOK_BACK = 80
_SHOWN_TO_PEOPLE = re.compile(
    r"(?:\bthrow\s{1,9}new\s{1,9}[\w$.]{1,40}"
    r"|\b(?:console|log|logger|\w{0,20}Logger)\.(?:log|debug|info|warn|error|trace))\Z"
)
_CALLED = re.compile(r"(?<![\w$])([\w$]{1,40}+)[!?.\s]{0,4}+(?:<[^<>()]{0,60}+>\s{0,4}+)?\Z")
_KEYWORDS = frozenset(
    {
        *("await", "break", "case", "catch", "class", "const", "constructor", "continue"),
        *("default", "delete", "do", "else", "export", "extends", "false", "finally", "for"),
        *("function", "if", "import", "in", "instanceof", "let", "new", "null", "return", "super"),
        *("switch", "this", "throw", "true", "try", "typeof", "undefined", "var", "void"),
        *("while", "yield"),
    }
)
"""Words that no text comes from."""

_DEEPEST = 100
_CLOSERS = {")": "(", "]": "[", "}": "{"}
_CLASS = re.compile(r"(?:(?:export|default|abstract|declare)[ \t]+){0,4}class\b")
_CONTINUED = re.compile(r"(?:else|catch|finally|while|instanceof|in|of|as|satisfies|extends)\b")
_UNFINISHED = re.compile(r"[=+\-*%&|^<>?:,.~!]\Z")
_MARKUP = re.compile(r"</|/>")
"""What JSX has: of its texts, which need no quotes, a reader of tokens knows nothing."""


class _UnclearError(Exception):
    """What is read is no program, or one that cannot be read by tokens alone."""


def outline(path: str, text: str) -> Outline | None:
    """The statements and texts of a file; None where its tokens cannot be told."""
    if path.endswith((".tsx", ".jsx")) and _MARKUP.search(text):
        return None
    reader = _Reader(text)
    try:
        reader.read()
    except _UnclearError:
        return None
    code = without(text, reader.unread)
    blocks = blocks_at(reader.starts, len(text))
    return Outline(blocks, tuple(reader.literals), code, _KEYWORDS, tuple(reader.comments))


class _Reader:
    """Reads token by token; `starts` are where statements and members of classes begin.

    `unread` are `comments`, and literals that name nothing.
    """

    def __init__(self, text: str) -> None:
        self.starts: list[tuple[int, bool]] = []
        self.literals: list[tuple[int, int]] = []
        self.unread: list[tuple[int, int]] = []
        self.comments: list[tuple[int, int]] = []
        self._text = text
        self._open: list[tuple[str, int]] = []
        self._is_in_class = _CLASS.match(text) is not None

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
            self._begin(ends)
        elif sign == "`":
            self._opened(sign, begins)
            return self._template(ends)
        elif sign == "/*":
            return self._behind_comment(ends)
        elif sign == "/":
            return self._behind_slash(begins)
        elif sign in {'"', "'"}:
            raise _UnclearError
        elif sign[0] == "/":
            self.unread.append((begins, ends))
            self.comments.append((begins, ends))
        else:
            self._keep(begins, ends)
        return ends

    def _keep(self, begins: int, ends: int) -> None:
        if is_said(self._text[begins:ends]):
            self.unread.append((begins, ends))
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
        self.unread.append((begins, ends))
        self.comments.append((begins - 2, ends + 2))
        return ends + 2

    def _behind_slash(self, begins: int) -> int:
        """Read a regular expression, or the sign of a division.

        Raises:
            _UnclearError: It may be either, and one of them hides a text. Or it is of JSX.
        """
        if _MARKUP.match(self._text, begins - 1) or _MARKUP.match(self._text, begins):
            raise _UnclearError
        before = self._text[max(0, begins - _LOOK_BACK) : begins].rstrip()
        found = _EXPRESSION.match(self._text, begins, begins + _LONGEST_EXPRESSION)
        if found is None:
            return begins + 1
        if not _BEHIND_VALUE.search(before) or _BEHIND_KEYWORD.search(before):
            return found.end()
        if _BEHIND_BRACKET.search(before) and _HIDING.search(found[0]):
            raise _UnclearError
        return begins + 1

    def _begin(self, begins: int) -> None:
        """Take the line that begins there for a statement, or a member of a class, of its own."""
        depth = len(self._open)
        if depth > 1 or (depth and not self._is_in_class):
            return
        if not depth and self._text[begins] in " \t":
            return
        before = self._text[max(0, begins - _LOOK_BACK) : begins].rstrip()
        first = self._text[begins : begins + _LOOK_BACK].lstrip()
        if _CONTINUED.match(first) or _UNFINISHED.search(before):
            return
        if not depth:
            self._is_in_class = _CLASS.match(first) is not None
        self.starts.append((begins, not depth))

    def _is_for_people(self, begins: int, around: bool) -> bool:  # noqa: FBT001 - what is around
        """Whether what the call that begins here is given is shown to people."""
        before = self._text[max(0, begins - _LOOK_BACK) : begins]
        if _SHOWN_TO_PEOPLE.search(before):
            return True
        called = _CALLED.search(before) if around else None
        return around and (called is None or called[1] not in RUN_A_MODEL)
