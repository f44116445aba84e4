"""The statements of a source file and the names that they set, by a reader of its tokens.

It is enough to say what leads to a call; unlike the parsers it needs no process of its own. What it
takes apart wrongly leads to nothing, or to more.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

_PYTHON = re.compile(
    r'#[^\n]*+|"(?:""(?:[^"\\]++|\\.|"(?!""))*"""|(?:[^"\\\n]++|\\.)*")'
    r"|'(?:''(?:[^'\\]++|\\.|'(?!''))*'''|(?:[^'\\\n]++|\\.)*')",
    re.DOTALL,
)
_PREFIX = frozenset("rbfuRBFU")
"""Letters of which up to two stand before a text."""

_SCRIPT = re.compile(
    r'//[^\n]*|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\''
    r"|`(?:[^`\\]|\\.)*`",
    re.DOTALL,
)
_FILLED = re.compile(r"\{([^{}\n]{1,200})\}")
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_SET = re.compile(
    r"(?:\b(self|this|cls)\s{0,3}\.\s{0,3})?\b([A-Za-z_$][\w$]{0,99}+)"
    r"\s{0,9}+(?::[^=\n(){};]{0,99}+)?=(?![=>])"
    r"|\b(?:as|for|import)\s{1,9}(?:\*\s{0,9}as\s{1,9})?([A-Za-z_$][\w$]{0,99}+)"
)
_SEVERAL = re.compile(
    r"(?:(?:export|const|let|var)\s{1,9}){0,2}"
    r"([\[({][\w$,\s.:]{1,300}+[\])}]|[\w$]{1,100}+,[\w$,\s]{1,300}+)\s{0,9}=(?![=>])"
)
_PYTHON_HEAD = re.compile(r"(?:async\s{1,9})?(?:def|class)\s{1,9}(\w{1,99}+)")
_SCRIPT_HEADS = (
    re.compile(r"\b(?:function|class)\b[\s*]{0,9}([A-Za-z_$][\w$]{0,99}+)"),
    re.compile(r"\b([A-Za-z_$][\w$]{0,99}+)\s{0,9}+(?::[^=\n]{0,99}+)?=(?![=>])"),
    re.compile(r"\b([A-Za-z_$][\w$]{0,99}+)\s{0,9}+\("),
)
_BRANCH = re.compile(r"(?:\}\s{0,9})?(?:if|for|while|switch|try|catch|finally|else|do|with)\b")
_OBJECT = re.compile(r"(?:[=(,:\[?]|\b(?:return|const|let|var|import|export|type))\s*\Z")
_ARROW = re.compile(r"=>\s*\Z")
_GOES_ON = re.compile(r"(?:[=+\-*&|?:,.(<]|=>)\s*\Z")
_CONTINUES = re.compile(r"(?:[.?:+|]|&&)")
_LOOK_BACK = 80
_DEEPEST = 100

Scope = tuple[tuple[int, str], ...]
"""The functions and classes around a statement, each by where it begins and by its name."""


class Literal(Struct, frozen=True):
    """A text in a source: where its quotes begin and end, and what stands between them."""

    begins: int
    ends: int
    said: str


class Statement:
    """A statement, or the head of a block; `said` is it with blanks for comments and texts.

    `head_of` is the scope that it opens. Its names are sought when they are asked for.
    """

    def __init__(
        self, span: tuple[int, int], said: str, scopes: tuple[Scope, Scope], literals: list[Literal]
    ) -> None:
        self.begins, self.ends = span
        self.said = said
        self.scope, self.head_of = scopes
        self.literals = tuple(literals)

    @cached_property
    def within(self) -> tuple[str, ...]:
        """The names of the functions and classes around it."""
        return tuple(name for _, name in self.scope)

    @cached_property
    def words(self) -> frozenset[str]:
        """All of its names."""
        filled = [name for item in self.literals for name in _FILLED.findall(item.said)]
        return frozenset(_WORD.findall(" ".join((self.said, *filled))))

    @cached_property
    def sets(self) -> frozenset[str]:
        """The names that it gives a value."""
        several = None if self.head_of else _SEVERAL.match(self.said.lstrip())
        given = _WORD.findall(self.said if self.head_of else several[1] if several else "")
        return frozenset((*(name or other for _, name, other in self._set), *given))

    @cached_property
    def members(self) -> frozenset[str]:
        """Those of them that are attributes."""
        return frozenset(name for owner, name, _ in self._set if owner)

    @cached_property
    def _set(self) -> list[tuple[str, str, str]]:
        return _SET.findall(_outside(self.said))


class Source:
    """A source file as statements."""

    def __init__(self, path: str, text: str) -> None:
        is_python = path.lower().endswith(".py")
        self.text = text
        self.literals: list[Literal] = []
        self.masked = self._without_texts(_PYTHON if is_python else _SCRIPT)
        spans = _python_spans(self.masked) if is_python else _script_spans(self.masked)
        self.statements = list(self._statements(spans))

    def line(self, position: int) -> int:
        """The line of a position, from 1."""
        return self.text.count("\n", 0, position) + 1

    def _without_texts(self, tokens: re.Pattern[str]) -> str:
        text = self.text
        parts: list[str] = []
        last = 0
        for token in tokens.finditer(text):
            begins, ends = token.span()
            sign = text[begins]
            if sign not in "#/":
                quotes = sign * 3
                is_long = ends - begins >= 2 * len(quotes) and text.startswith(quotes, begins)
                size = len(quotes) if is_long else 1
                said = text[begins + size : ends - size]
                if tokens is _PYTHON:
                    first = max(last, begins - 2)
                    while begins > first and text[begins - 1] in _PREFIX:
                        begins -= 1
                self.literals.append(Literal(begins, ends, said))
            parts += text[last:begins], _blank(text[begins:ends])
            last = ends
        return "".join((*parts, text[last:]))

    def _statements(self, spans: Iterator[tuple[int, int, Scope, Scope]]) -> Iterator[Statement]:
        number = 0
        for begins, ends, scope, head_of in spans:
            said = self.masked[begins:ends]
            own = []
            while number < len(self.literals) and self.literals[number].begins < ends:
                own.append(self.literals[number])
                number += 1
            if not own and not said.strip():
                continue
            yield Statement((begins, ends), said, (scope, head_of), own)


def _blank(said: str) -> str:
    """Blanks as long as a text, and its ends of lines."""
    if "\n" not in said:
        return " " * len(said)
    return "\n".join([" " * len(line) for line in said.split("\n")])


def _outside(said: str) -> str:
    """A statement without what stands in its brackets: arguments are set for others."""
    parts: list[str] = []
    depth = last = 0
    for sign in _BRACKET.finditer(said):
        if depth == 0:
            parts += said[last : sign.start()], "[]" if sign[0] in "[]" else "()"
        depth = max(0, depth + (1 if sign[0] in "([{" else -1))
        last = sign.end()
    return "".join((*parts, said[last:] if depth == 0 else ""))


_BRACKET = re.compile(r"[()\[\]{}]")


def _python_spans(masked: str) -> Iterator[tuple[int, int, Scope, Scope]]:
    """Where statements begin and end, the scope of each, and the scope that it opens."""
    around: list[tuple[int, tuple[int, str]]] = []
    scope: Scope = ()
    begins = depth = position = 0
    round_only = masked.replace("[", "(").replace("{", "(").replace("]", ")").replace("}", ")")
    for line in round_only.split("\n"):
        position += len(line) + 1
        depth = max(0, depth + line.count("(") - line.count(")"))
        if depth or line.endswith("\\"):
            continue
        said = masked[begins:position]
        code = said.lstrip()
        if code:
            indent = len(said) - len(code)
            indent -= said[:indent].rfind("\n") + 1
            if around and around[-1][0] >= indent:
                while around and around[-1][0] >= indent:
                    around.pop()
                scope = tuple(item for _, item in around)
            head = _PYTHON_HEAD.match(code) if code[0] in "acd" else None
            opened: Scope = ()
            if head is not None:
                around.append((indent, (begins, head[1])))
                opened = tuple(item for _, item in around)
            yield begins, position, scope, opened
            scope = opened or scope
            begins = position
    yield begins, len(masked), (), ()


_SCRIPT_SIGN = re.compile(r"[(){}\[\];\n]")


def _script_spans(masked: str) -> Iterator[tuple[int, int, Scope, Scope]]:
    """As of Python; a block inside of a call, as that of a callback, has statements of its own."""
    blocks: list[tuple[str, Scope]] = []
    scope: Scope = ()
    begins = 0
    for sign in _SCRIPT_SIGN.finditer(masked):
        at, ends, said = sign.start(), sign.end(), sign[0]
        inner = blocks[-1][0] if blocks else "{"
        if said in "([" or (said == "{" and _is_object(masked, at, inner)):
            blocks.append(("object" if said == "{" else said, scope))
        elif said == "{":
            opened = _opened(masked[begins:at], scope, at)
            yield begins, ends, scope, opened if opened != scope else ()
            blocks.append(("{", scope))
            scope, begins = opened, ends
        elif said in ")]}" and inner != "{":
            blocks.pop()
        elif inner == "{" and _is_end(masked, begins, at, said):
            yield begins, at, scope, ()
            begins = at
            if said == "}" and blocks:
                scope = blocks.pop()[1]
    yield begins, len(masked), scope, ()


def _opened(head: str, scope: Scope, at: int) -> Scope:
    """The scope in a block, by its head; a branch has that around it.

    Of blocks very deep in each other some between are left out.
    """
    is_branch = _BRANCH.match(head.lstrip()) and not _ARROW.search(head)
    return scope if is_branch else (*scope[:_DEEPEST], (at, _name_in(head)))


def _is_end(masked: str, begins: int, at: int, sign: str) -> bool:
    return sign in "};" or (sign == "\n" and not _is_open(masked, begins, at))


def _is_object(masked: str, at: int, inner: str) -> bool:
    before = masked[max(0, at - _LOOK_BACK) : at]
    return inner == "object" or (_OBJECT.search(before) is not None and not _ARROW.search(before))


def _is_open(masked: str, begins: int, at: int) -> bool:
    """Whether a statement goes on in the next line."""
    before = masked[max(begins, at - _LOOK_BACK) : at]
    behind = masked[at + 1 : at + 1 + _LOOK_BACK]
    return _GOES_ON.search(before) is not None or _CONTINUES.match(behind.lstrip()) is not None


def _name_in(head: str) -> str:
    """What the head of a block names: a function, a variable, a method."""
    tail = head[-1_000:]
    return next((found[1] for form in _SCRIPT_HEADS if (found := form.search(tail))), "")
