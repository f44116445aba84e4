"""Reads a Handlebars template, by the grammar of handlebars.js 4.7 (spec, `handlebars.yy`)."""

from reviewbot.rendering.engines.handlebars.lines import cut_blanks
from reviewbot.rendering.engines.handlebars.tag_reader import TagReader, stripped
from reviewbot.rendering.engines.handlebars.tags import Tokens
from reviewbot.rendering.engines.handlebars.tree import (
    Block,
    Call,
    Comment,
    Content,
    Expression,
    Mustache,
    Partial,
    Program,
    Statement,
    Strip,
)
from reviewbot.rendering.recorded_choices import RECORD


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


class _Reader(TagReader):
    def program(self, names: tuple[str, ...] = ()) -> Program:
        """Statements up to a tag that does not begin one."""
        body: list[Statement] = []
        while (statement := self._statement()) is not None:
            body.append(statement)
        return Program(body=body, path=self._file, names=names)

    def expect_end(self) -> None:
        if self._next.kind:
            self._ends_nothing()

    def _statement(self) -> Statement | None:  # noqa: PLR0911 - one for each kind of statement
        match self._next.kind:
            case "content":
                text = self._take().text
                return Content(original=text, value=text)
            case "comment":
                text = self._take().text
                return Comment(strip=stripped(text, text))
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
        return Mustache(
            call=call, is_escaped=is_escaped, strip=stripped(opening.text, closing.text)
        )

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
            return self.program(), stripped(text, text)
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
            program, inverse_strip = self.program(), stripped(text, text)
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
            strip=stripped(opening.text, closing.text),
            number=_recorded(name, opening.line, self._file),
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
            strip=stripped(opening.text, closing.text),
            program=program,
            close_strip=self._ended(name, opening),
            number=_recorded(name, opening.line, self._file),
        )


def _first_block(program: Program) -> Block:
    block = program.body[0]
    assert isinstance(block, Block)
    return block


def _recorded(name: Expression, line: int, path: str) -> int:
    """The number of a tag that may be left out, though its file is printed elsewhere."""
    said = "" if isinstance(name, Call) else name.original
    return RECORD.add(path, line, said, is_file=True)
