"""Reads a Handlebars template, by the grammar of handlebars.js 4.7 (spec, `handlebars.yy`)."""

import re
from typing import Any, NoReturn

from reviewbot.engines._handlebars_lines import cut_blanks
from reviewbot.engines._handlebars_tags import Token, Tokens
from reviewbot.engines._handlebars_tree import (
    Block,
    Call,
    Comment,
    Content,
    Expression,
    Literal,
    Mustache,
    Partial,
    Path,
    Program,
    Statement,
    Strip,
)
from reviewbot.engines._handlebars_values import UNDEFINED
from reviewbot.prompts import TemplateError

_OWN = re.compile(r"^\.|this(?![A-Za-z0-9_])")
_WORDS = {"true": True, "false": False, "null": None, "undefined": UNDEFINED}
_VALUES = {"double", "single", "number", "word"}
_NAMES = {"name", "id", "bracket", "mark"} | _VALUES
_END = Token(kind="", text="", line=0)


def read_template(text: str, path: str) -> Program:
    """The template, with the lines that only tags stand on taken out.

    Raises:
        TemplateError: It is none; with the line.
    """
    reader = _Reader(list(Tokens(text, path)), path)
    program = reader.program()
    reader.expect_end()
    cut_blanks(program)
    return program


class _Reader:
    def __init__(self, tokens: list[Token], path: str) -> None:
        self._tokens = tokens
        self._place = 0
        self._file = path

    def program(self, names: tuple[str, ...] = ()) -> Program:
        """Statements up to a tag that does not begin one."""
        body: list[Statement] = []
        while (statement := self._statement()) is not None:
            body.append(statement)
        return Program(body=body, path=self._file, names=names)

    def expect_end(self) -> None:
        if self._next.kind:
            self._wrong(f"{self._next.text} ends nothing that is open")

    @property
    def _next(self) -> Token:
        return self._tokens[self._place] if self._place < len(self._tokens) else _END

    def _take(self) -> Token:
        token = self._next
        self._place += 1
        return token

    def _wrong(self, what: str, line: int | None = None) -> NoReturn:
        if line is None:
            line = self._next.line or (self._tokens[-1].line if self._tokens else 1)
        raise TemplateError(what, "correct it", line=line, path=self._file)

    def _statement(self) -> Statement | None:  # noqa: PLR0911 - one for each kind of statement
        match self._next.kind:
            case "content":
                text = self._take().text
                return Content(original=text, value=text)
            case "comment":
                text = self._take().text
                return Comment(strip=_strip(text, text))
            case "open" | "raw" | "unescaped":
                return self._mustache()
            case "block":
                return self._block()
            case "open_inverse":
                return self._inverted()
            case "open_raw":
                return self._raw_block()
            case "partial":
                return self._partial()
            case "partial_block":
                return self._partial_block()
            case _:
                return None

    def _mustache(self) -> Mustache:
        opening = self._take()
        if opening.text.endswith("*"):
            self._wrong("there is no such decorator", opening.line)
        call = self._call(opening.line)
        closing = self._closing("close_unescaped" if opening.kind == "unescaped" else "close")
        is_escaped = opening.kind == "open"
        return Mustache(call=call, is_escaped=is_escaped, strip=_strip(opening.text, closing.text))

    def _block(self) -> Block:
        opening, call, names, strip = self._opened()
        program = self.program(names)
        inverse, inverse_strip = self._chain()
        close_strip = self._ended(call.name, opening)
        is_decorator = opening.text.endswith("*")
        if is_decorator and inverse is not None:
            self._wrong("a decorator has no `{{else}}`", opening.line)
        if inverse is not None and inverse.is_chained:
            _first_block(inverse).close_strip = close_strip
        return Block(
            call=call,
            program=program,
            inverse=inverse,
            open_strip=strip,
            inverse_strip=inverse_strip,
            close_strip=close_strip,
            is_decorator=is_decorator,
        )

    def _chain(self) -> tuple[Program | None, Strip]:
        """What stands behind `{{else}}` or `{{else if x}}`, and how that tag strips."""
        if self._next.kind == "inverse":
            text = self._take().text
            return self.program(), _strip(text, text)
        if self._next.kind != "chain":
            return None, Strip()
        _, call, names, strip = self._opened()
        program = self.program(names)
        inverse, inverse_strip = self._chain()
        if inverse is not None and inverse.is_chained:
            _first_block(inverse).close_strip = inverse_strip
        block = Block(
            call=call,
            program=program,
            inverse=inverse,
            open_strip=strip,
            inverse_strip=inverse_strip,
            close_strip=inverse_strip if inverse is not None else Strip(),
        )
        return Program(body=[block], path=self._file, is_chained=True), strip

    def _inverted(self) -> Block:
        opening, call, names, strip = self._opened()
        inverse = self.program(names)
        program, inverse_strip = None, Strip()
        if self._next.kind == "inverse":
            text = self._take().text
            program, inverse_strip = self.program(), _strip(text, text)
        return Block(
            call=call,
            program=program,
            inverse=inverse,
            open_strip=strip,
            inverse_strip=inverse_strip,
            close_strip=self._ended(call.name, opening),
        )

    def _raw_block(self) -> Block:
        opening = self._take()
        call = self._call(opening.line)
        self._closing("close_raw")
        program = self.program()
        ended = self._take()
        if ended.kind != "end_raw" or ended.text != call.name.original:
            what = f"{call.name.original!r} does not end where {ended.text!r} does"
            self._wrong(what, opening.line)
        return Block(
            call=call,
            program=program,
            inverse=None,
            open_strip=Strip(),
            inverse_strip=Strip(),
            close_strip=Strip(),
        )

    def _partial(self) -> Partial:
        opening = self._take()
        name, parameters, named = self._partial_call(opening)
        closing = self._closing("close")
        return Partial(
            name=name,
            parameters=parameters,
            named=named,
            line=opening.line,
            strip=_strip(opening.text, closing.text),
        )

    def _partial_block(self) -> Partial:
        opening = self._take()
        name, parameters, named = self._partial_call(opening)
        closing = self._closing("close")
        program = self.program()
        return Partial(
            name=name,
            parameters=parameters,
            named=named,
            line=opening.line,
            strip=_strip(opening.text, closing.text),
            program=program,
            close_strip=self._ended(name, opening),
        )

    def _partial_call(
        self, opening: Token
    ) -> tuple[Expression, tuple[Expression, ...], dict[str, Expression]]:
        is_call = self._next.text == "(" and self._next.kind == "mark"
        name = self._expression() if is_call else self._name()
        parameters, named = self._given()
        if len(parameters) > 1:
            self._wrong("a partial takes one parameter", opening.line)
        return name, parameters, named

    def _opened(self) -> tuple[Token, Call, tuple[str, ...], Strip]:
        opening = self._take()
        call = self._call(opening.line)
        names: list[str] = []
        if self._next.kind == "names":
            self._take()
            while self._next.kind in {"id", "name", "bracket"}:
                names.append(self._take().text)
            if not names or self._take().kind != "bar":
                self._wrong("the names behind `as` are wrong", opening.line)
        closing = self._closing("close")
        return opening, call, tuple(names), _strip(opening.text, closing.text)

    def _ended(self, name: Expression, opening: Token) -> Strip:
        """How the tag that ends a block strips; it must name what the block began with."""
        if self._next.kind != "end":
            self._wrong("the block that begins here does not end", opening.line)
        end = self._take()
        ended = self._name()
        original = "undefined" if isinstance(name, Call) else name.original
        if ended.original != original:
            what = f"{ended.original!r} ends here, but {original!r} is open"
            self._wrong(what, end.line)
        closing = self._closing("close")
        return _strip(end.text, closing.text)

    def _call(self, line: int) -> Call:
        name = self._name()
        parameters, named = self._given()
        return Call(name=name, parameters=parameters, named=named, line=line)

    def _given(self) -> tuple[tuple[Expression, ...], dict[str, Expression]]:
        parameters: list[Expression] = []
        named: dict[str, Expression] = {}
        while self._next.kind in _NAMES and self._next.text not in {")", "="}:
            if self._is_named():
                key = self._take().text
                self._place += 1
                named[key] = self._expression()
            elif named:
                self._wrong("a parameter stands behind a named one")
            else:
                parameters.append(self._expression())
        return tuple(parameters), named

    def _is_named(self) -> bool:
        behind = self._tokens[self._place + 1 : self._place + 2]
        is_id = self._next.kind in {"id", "name", "bracket"}
        return is_id and bool(behind) and behind[0].kind == "mark" and behind[0].text == "="

    def _expression(self) -> Expression:
        token = self._next
        if token.kind != "mark" or token.text != "(":
            return self._name()
        self._take()
        call = self._call(token.line)
        if self._take().text != ")":
            self._wrong("a `)` is missing", token.line)
        return call

    def _name(self) -> Path | Literal:
        token = self._take()
        match token.kind:
            case "double" | "single":
                quote = '"' if token.kind == "double" else "'"
                text = token.text.replace("\\" + quote, quote)
                return Literal(original=text, value=text)
            case "number":
                return Literal(original=_number_text(token.text), value=_number(token.text))
            case "word":
                return Literal(original=token.text, value=_WORDS[token.text])
            case "mark" if token.text == "@":
                return self._path(self._take(), is_data=True)
            case _:
                return self._path(token, is_data=False)

    def _path(self, token: Token, *, is_data: bool) -> Path:
        original, parts, depth = "@" if is_data else "", [], 0
        separator = ""
        while True:
            if token.kind not in {"id", "name", "bracket"}:
                self._wrong("a name is missing", token.line or None)
            bracketed = token.kind == "bracket"
            part = re.sub(r"\\([\\\]])", r"\1", token.text) if bracketed else token.text
            original += separator + part
            if bracketed or part not in {"..", ".", "this"}:
                parts.append(part)
            elif parts:
                self._wrong(f"the path {original!r} is wrong", token.line)
            else:
                depth += part == ".."
            if self._next.kind != "separator":
                break
            separator = self._take().text
            token = self._take()
        return Path(
            original=original,
            parts=tuple(parts),
            depth=depth,
            is_data=is_data,
            own=bool(_OWN.search(original)),
        )

    def _closing(self, kind: str) -> Token:
        token = self._next
        if token.kind != kind:
            self._wrong(f"{token.text or 'the end'!r} is not expected in this tag")
        return self._take()


def _first_block(program: Program) -> Block:
    block = program.body[0]
    assert isinstance(block, Block)
    return block


def _strip(opening: str, closing: str) -> Strip:
    return Strip(before=opening[2:3] == "~", behind=closing[-3:-2] == "~")


def _number(text: str) -> Any:
    return float(text) if "." in text else int(text[:400])


def _number_text(text: str) -> str:
    from reviewbot.engines import _javascript

    return _javascript.text(_number(text))
