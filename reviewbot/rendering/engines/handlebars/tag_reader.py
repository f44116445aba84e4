"""Reads whole tags of a Handlebars template: those that open and end blocks, and partials."""

from typing import NoReturn

from reviewbot.rendering.engines.handlebars.expressions import ExpressionReader
from reviewbot.rendering.engines.handlebars.tags import Token
from reviewbot.rendering.engines.handlebars.tree import Call, Expression, Strip


class TagReader(ExpressionReader):
    """Goes through the tokens of a file tag by tag."""

    def _partial_call(
        self, opening: Token
    ) -> tuple[Expression, tuple[Expression, ...], dict[str, Expression]]:
        name = self._expression()
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
        return opening, call, tuple(names), stripped(opening.text, closing.text)

    def _ends_nothing(self) -> NoReturn:
        """Refuse a tag that ends a block where none is open."""
        behind = self._tokens[self._place + 1 : self._place + 2]
        tag = self._next.text + "".join(token.text for token in behind)
        what = f"`{tag.removesuffix('}}')}}}}}` stands here, and no block is open"
        self._wrong(what, mend="take it out, or open the block before it")

    def _ended(self, name: Expression, opening: Token) -> Strip:
        """How the tag that ends a block strips; it must name what the block began with."""
        original = "undefined" if isinstance(name, Call) else name.original
        opened = f"`{{{{#{original} …}}}}`"
        if self._next.kind != "end":
            what = f"the block {opened} that begins here does not end"
            self._wrong(what, opening.line, f"close it with `{{{{/{original}}}}}`")
        end = self._take()
        ended = self._name()
        if ended.original != original:
            closing_tag = f"`{{{{/{ended.original}}}}}`"
            what = f"{closing_tag} stands here, but {opened} of line {opening.line} is open"
            self._wrong(what, end.line, f"write `{{{{/{original}}}}}` before it, or in its place")
        closing = self._closing("close")
        return stripped(end.text, closing.text)


def stripped(opening: str, closing: str) -> Strip:
    """On which sides `~` takes blanks away, by the texts of the opening and closing marks."""
    return Strip(before=opening[2:3] == "~", behind=closing[-3:-2] == "~")
