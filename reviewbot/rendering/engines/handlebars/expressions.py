"""Reads what stands in the tags of a Handlebars template: names, literals and calls."""

import re
from typing import Any, NoReturn

from reviewbot.prompt import TemplateError
from reviewbot.rendering.engines._common.javascript import UNDEFINED, text
from reviewbot.rendering.engines.handlebars.tags import Token
from reviewbot.rendering.engines.handlebars.tree import Call, Expression, Literal, Path

_OWN = re.compile(r"^\.|this(?![A-Za-z0-9_])")
_WORDS = {"true": True, "false": False, "null": None, "undefined": UNDEFINED}
_VALUES = {"double", "single", "number", "word"}
_NAMES = {"name", "id", "bracket", "mark"} | _VALUES
_END = Token(kind="", text="", line=0)


class ExpressionReader:
    """Goes through the tokens of the file at `path`."""

    def __init__(self, tokens: list[Token], path: str) -> None:
        self._tokens = tokens
        self._place = 0
        self._file = path

    @property
    def _next(self) -> Token:
        return self._tokens[self._place] if self._place < len(self._tokens) else _END

    def _take(self) -> Token:
        token = self._next
        self._place += 1
        return token

    def _wrong(
        self, what: str, line: int | None = None, mend: str = "correct this tag"
    ) -> NoReturn:
        if line is None:
            line = self._next.line or (self._tokens[-1].line if self._tokens else 1)
        raise TemplateError(what, mend, line=line, path=self._file)

    def _call(self, line: int) -> Call:
        name = self._name()
        parameters, named = self._given()
        return Call(name=name, parameters=parameters, named=named, line=line)

    def _given(self) -> tuple[tuple[Expression, ...], dict[str, Expression]]:
        parameters: list[Expression] = []
        named: dict[str, Expression] = {}
        while self._next.kind in _NAMES and not self._is_mark(")", "="):
            if self._is_named():
                key = self._take().text
                self._place += 1
                named[key] = self._expression()
            elif named:
                self._wrong("a parameter stands behind a named one", mend="put the named ones last")
            else:
                parameters.append(self._expression())
        return tuple(parameters), named

    def _is_named(self) -> bool:
        behind = self._tokens[self._place + 1 : self._place + 2]
        is_id = self._next.kind in {"id", "name", "bracket"}
        return is_id and bool(behind) and behind[0].kind == "mark" and behind[0].text == "="

    def _expression(self) -> Expression:
        if not self._is_mark("("):
            return self._name()
        line = self._take().line
        call = self._call(line)
        if not self._is_mark(")"):
            self._wrong("a `(` is not closed", line, "close it with `)`")
        self._take()
        return call

    def _is_mark(self, *marks: str) -> bool:
        return self._next.kind == "mark" and self._next.text in marks

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
            what = f"{token.text or 'the end'!r} is not expected in this tag"
            self._wrong(what, mend="end the tag with `}}` before it, or correct it")
        return self._take()


def _number(text: str) -> Any:
    return float(text) if "." in text else int(text[:400])


def _number_text(written: str) -> str:
    return text(_number(written))
