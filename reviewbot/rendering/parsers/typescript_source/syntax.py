"""The syntax tree of TypeScript and JavaScript, and what its literals mean (ECMAScript, 12.9)."""

import re
from collections.abc import Iterator

from tree_sitter import Language, Node, Parser

from reviewbot.prompt import TemplateError

_ESCAPE = re.compile(
    rb"\\(?:u\{(?P<point>[0-9a-fA-F]{1,8})\}|u(?P<unit>[0-9a-fA-F]{4})|x(?P<byte>[0-9a-fA-F]{2})"
    rb"|(?P<newline>\r\n|\n|\r|\xe2\x80[\xa8\xa9])|(?P<sign>[\x00-\x7f])|(?P<other>.))",
    re.DOTALL,
)
_SIGNS = {
    b"n": "\n",
    b"t": "\t",
    b"r": "\r",
    b"b": "\b",
    b"v": "\v",
    b"f": "\f",
    b"0": "\0",
}
_OCTAL = re.compile(rb"\\(?:0[0-9]|[1-9])")
_HIGHEST_POINT = 0x10FFFF
_NUMBER = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?|\.[0-9]+")
_WRAPPERS = {
    "parenthesized_expression",
    "as_expression",
    "satisfies_expression",
    "non_null_expression",
    "await_expression",
    "type_assertion",
}
FUNCTIONS = frozenset(
    (
        *("arrow_function", "function_expression", "function_declaration", "method_definition"),
        *("generator_function", "generator_function_declaration"),
    )
)
Steps = tuple[str, ...]
"""A name and the keys behind it: `PROMPTS["a"]` and `PROMPTS.a` are `("PROMPTS", "a")`."""
NAMES = {
    *("identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"),
}
"""Kinds of nodes that are a name by itself."""
_MOST_CHARACTERS = 60


class Source:
    """A parsed source text."""

    def __init__(self, text: str, language: object) -> None:
        self.data = text.encode("utf-8", "surrogatepass")
        self.root = Parser(Language(language)).parse(self.data).root_node

    def text(self, node: Node) -> str:
        """The source text of a node."""
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "surrogatepass")

    def name(self, node: Node) -> str:
        """An expression's source text in one line, as a variable is called."""
        return " ".join(self.text(node).split())

    def shown(self, node: Node) -> str:
        """The beginning of a node's source text, for a message."""
        name = self.name(node)
        return name if len(name) <= _MOST_CHARACTERS else f"{name[:_MOST_CHARACTERS]}…"

    def steps(self, node: Node) -> Steps:
        """The name and the keys that are read; empty where it is no such expression."""
        keys: list[str] = []
        while True:
            node = unwrapped(node)
            if node.type in NAMES or node.type == "this":
                return (self.text(node), *reversed(keys))
            inner = node.child_by_field_name("object")
            key = node.child_by_field_name("property") or node.child_by_field_name("index")
            if inner is None or key is None:
                return ()
            if node.type == "member_expression":
                keys.append(self.text(key))
            elif key.type == "string":
                keys.append(self.string(key))
            elif key.type == "number":
                keys.append(self.text(key))
            else:
                return ()
            node = inner

    def string(self, node: Node) -> str:
        """The value of a string in quotes.

        Raises:
            TemplateError: It has an escape that is none.
        """
        return paired(self._cooked(node, node.start_byte + 1, node.end_byte - 1))

    def pieces(self, node: Node, *, is_raw: bool = False) -> Iterator[str | Node]:
        """The texts of a template literal, and the expressions between them.

        Raises:
            TemplateError: It has an escape that is none.
        """
        position = node.start_byte + 1
        for child in node.named_children:
            if child.type == "template_substitution":
                yield self._template(node, position, child.start_byte, is_raw=is_raw)
                position = child.end_byte
                yield next(iter(child.named_children), child)
        yield self._template(node, position, node.end_byte - 1, is_raw=is_raw)

    def _template(self, node: Node, start: int, end: int, *, is_raw: bool) -> str:
        if not is_raw:
            return self._cooked(node, start, end, is_template=True)
        return _lines(self.data[start:end]).decode("utf-8", "surrogatepass")

    def _cooked(self, node: Node, start: int, end: int, *, is_template: bool = False) -> str:
        data = self.data[start:end]
        if is_template:
            data = _lines(data)
        found: list[str] = []
        position = 0
        for escape in _ESCAPE.finditer(data) if b"\\" in data else ():
            found.append(data[position : escape.start()].decode("utf-8", "surrogatepass"))
            position = escape.start() + 1
            if not escape["other"]:
                found.append(_meant(escape, node, data))
                position = escape.end()
        found.append(data[position:].decode("utf-8", "surrogatepass"))
        return "".join(found)


def line_of(node: Node) -> int:
    """The line, from 1, in which a node begins."""
    row: int = node.start_point[0]
    return row + 1


def unwrapped(node: Node) -> Node:
    """The expression inside parentheses, `as const`, `satisfies T`, `!` and `await`."""
    while node.type in _WRAPPERS:
        inner = [child for child in node.named_children if child.type != "comment"]
        if not inner:
            return node
        node = inner[-1] if node.type == "type_assertion" else inner[0]
    return node


def number(text: str) -> float | None:
    """The value of a number in decimal digits; None of others."""
    text = text.replace("_", "")
    return float(text) if _NUMBER.fullmatch(text) else None


def paired(text: str) -> str:
    """The text with each pair of surrogates as the one sign that it is in JavaScript."""
    if not any("\ud800" <= sign <= "\udfff" for sign in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def named(node: Node) -> list[Node]:
    """The children of a node, without comments."""
    return [child for child in node.named_children if child.type != "comment"]


def _lines(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _meant(escape: re.Match[bytes], node: Node, data: bytes) -> str:
    if _OCTAL.match(data, escape.start()):
        raise _no_escape(escape, node)
    if (code := escape["point"] or escape["unit"] or escape["byte"]) is not None:
        point = int(code, 16)
        if point > _HIGHEST_POINT:
            raise _no_escape(escape, node)
        return chr(point)
    if escape["newline"] is not None:
        return ""
    sign = escape["sign"]
    if sign in {b"u", b"x"}:
        raise _no_escape(escape, node)
    return _SIGNS.get(sign, sign.decode())


def _no_escape(escape: re.Match[bytes], node: Node) -> TemplateError:
    what = f"has the escape {escape[0].decode('ascii', 'replace')!r}, which no template may have"
    return TemplateError(what, "write it as `\\u{…}`", line=line_of(node))


NESTING = {
    *("if_statement", "else_clause", "for_statement", "for_in_statement", "while_statement"),
    *("do_statement", "try_statement", "catch_clause", "finally_clause", "switch_statement"),
    *("switch_body", "switch_case", "switch_default", "statement_block", "labeled_statement"),
    *("internal_module", "module", "ambient_declaration"),
}
"""Kinds of nodes in which statements stand that belong to the block around."""
