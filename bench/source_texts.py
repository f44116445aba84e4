"""A second, broad finder of texts in source files, which shares no code with reviewbot's.

It lists every longer text that stands in an expression, whatever its name: the texts that
`bench/source_labels/` say of whether a model is sent them.
"""

import ast
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

import tree_sitter_javascript
import tree_sitter_typescript
from tree_sitter import Language, Node, Parser

LEAST_CHARACTERS = 100
_DIGEST_CHARACTERS = 12
_BLANKS = re.compile(r"\s+")
_NEVER_SENT = {
    *("print", "warn", "warning", "debug", "info", "error", "exception", "critical", "log"),
    *("add_argument", "execute", "fail", "secho", "echo", "getLogger", "deprecated"),
}


@dataclass(frozen=True, kw_only=True)
class Text:
    """One text: the names that it stands under, and the longest piece of it that is written out."""

    path: str
    line: int
    names: str
    shown: str
    piece: str

    @property
    def digest(self) -> str:
        """A short hash of what is written out, blanks aside."""
        return digest(self.shown)


def digest(text: str) -> str:
    """A short hash of a text, blanks aside."""
    said = _BLANKS.sub(" ", text).strip()
    return hashlib.sha256(said.encode()).hexdigest()[:_DIGEST_CHARACTERS]


def texts(path: str, source: str) -> Iterator[Text]:
    """The longer texts of a file, as far as it can be read."""
    if path.endswith(".py"):
        yield from _of_python(path, source)
    else:
        yield from _of_javascript(path, source)


def plain(text: str) -> str:
    """A text without blanks, in which pieces of others are looked for."""
    return _BLANKS.sub("", text)


def _text(path: str, line: int, names: list[str], pieces: list[str]) -> Text | None:
    shown = "".join(pieces)
    if len(shown) < LEAST_CHARACTERS:
        return None
    piece = max(pieces, key=len)
    return Text(path=path, line=line, names=".".join(names), shown=shown, piece=plain(piece))


# Python


def _of_python(path: str, source: str) -> Iterator[Text]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return
    waiting: list[tuple[ast.AST, list[str]]] = [(tree, [])]
    while waiting:
        node, names = waiting.pop()
        if isinstance(node, ast.expr) and _is_textual(node):
            pieces = [
                item.value
                for item in _in_order(node)
                if isinstance(item, ast.Constant) and isinstance(item.value, str)
            ]
            found = _text(path, node.lineno, names, pieces) if pieces else None
            if found is not None:
                yield found
                continue
        waiting += reversed([*_children(node, names)])


def _in_order(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _in_order(child)


def _is_textual(node: ast.expr) -> bool:
    match node:
        case ast.BinOp(left=left, right=right, op=ast.Add() | ast.Mod()):
            found = _is_textual(left) or _is_textual(right)
        case ast.Call():
            found = _is_call_on_text(node)
        case ast.List(elts=items) | ast.Tuple(elts=items):
            found = len(items) > 1 and all(map(_is_literal, items))
        case _:
            found = _is_literal(node)
    return found


def _is_literal(node: ast.expr) -> bool:
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return is_text or isinstance(node, ast.JoinedStr)


def _is_call_on_text(node: ast.Call) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=value, attr="join"), args=[given]):
            return _is_textual(value) and isinstance(given, ast.List | ast.Tuple)
        case ast.Call(
            func=ast.Attribute(attr="dedent" | "cleandoc") | ast.Name(id="dedent" | "cleandoc"),
            args=[given],
        ):
            return _is_textual(given)
        case ast.Call(func=ast.Attribute(value=value, attr=attr)):
            return attr in _OF_TEXTS and _is_textual(value)
        case _:
            return False


_OF_TEXTS = {"format", "strip", "lstrip", "rstrip", "replace", "lower", "upper"}


def _children(node: ast.AST, names: list[str]) -> Iterator[tuple[ast.AST, list[str]]]:
    match node:
        case ast.Raise() | ast.Assert() | ast.Expr(value=ast.Constant()):
            return
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                yield value, [*names, ast.unparse(key)[:40] if key is not None else "**"]
            return
    name = _name_of(node)
    if name.removesuffix("()") not in _NEVER_SENT:
        inner = [*names, name] if name else names
        yield from ((child, inner) for child in ast.iter_child_nodes(node))


def _name_of(node: ast.AST) -> str:
    """What a statement, a definition or a call adds to the names; empty where it is nothing."""
    name = ""
    match node:
        case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
            name = node.name
        case ast.Assign(targets=[target, *_]) | ast.AnnAssign(target=target):
            name = ast.unparse(target)[:60]
        case ast.AugAssign(target=target):
            name = f"{ast.unparse(target)[:60]}+="
        case ast.Return():
            name = "return"
        case ast.Call(func=function):
            name = f"{ast.unparse(function).rpartition('.')[2][:40]}()"
        case ast.keyword(arg=str(argument)):
            name = f"{argument}="
    return name


# TypeScript and JavaScript

_JAVASCRIPT = Language(tree_sitter_javascript.language())
_TYPESCRIPT = Language(tree_sitter_typescript.language_typescript())
_TSX = Language(tree_sitter_typescript.language_tsx())
_STRINGS = {"string", "template_string"}


def _of_javascript(path: str, source: str) -> Iterator[Text]:
    ending = path.rpartition(".")[2]
    language = {"ts": _TYPESCRIPT, "mts": _TYPESCRIPT, "cts": _TYPESCRIPT, "tsx": _TSX}
    tree = Parser(language.get(ending, _JAVASCRIPT)).parse(source.encode())
    waiting: list[tuple[Node, list[str]]] = [(tree.root_node, [])]
    while waiting:
        node, names = waiting.pop()
        if _is_script_text(node):
            pieces = [*_pieces(node)]
            found = _text(path, node.start_point[0] + 1, names, pieces) if pieces else None
            if found is not None:
                yield found
                continue
        waiting += reversed([*_script_children(node, names)])


def _said(node: Node | None) -> str:
    return node.text.decode(errors="replace") if node is not None and node.text else ""


def _pieces(node: Node) -> Iterator[str]:
    waiting = [node]
    while waiting:
        item = waiting.pop()
        if item.type == "string_fragment":
            yield _said(item)
        elif item.type == "escape_sequence":
            yield {"\\n": "\n", "\\t": "\t"}.get(_said(item), _said(item)[1:])
        else:
            waiting += reversed(item.named_children)


def _is_script_text(node: Node) -> bool:
    match node.type:
        case "parenthesized_expression":
            found = bool(node.named_children) and _is_script_text(node.named_children[0])
        case "binary_expression":
            sides = [node.child_by_field_name(name) for name in ("left", "right")]
            is_sum = _said(node.child_by_field_name("operator")) == "+"
            found = is_sum and any(side is not None and _is_script_text(side) for side in sides)
        case "array":
            items = node.named_children
            found = len(items) > 1 and all(item.type in _STRINGS for item in items)
        case "call_expression":
            found = _is_script_call_on_text(node)
        case kind:
            found = kind in _STRINGS
    return found


def _is_script_call_on_text(node: Node) -> bool:
    function, given = (node.child_by_field_name(name) for name in ("function", "arguments"))
    if given is not None and given.type == "template_string":
        return True
    if function is None:
        return False
    on, name = (function.child_by_field_name(n) for n in ("object", "property"))
    if on is None:
        return False
    is_join = _said(name) == "join" and on.type == "array"
    return is_join or (_said(name) in _OF_SCRIPT_TEXTS and _is_script_text(on))


_OF_SCRIPT_TEXTS = {"trim", "replace", "replaceAll", "concat"}
_NAMED = {
    *("variable_declarator", "function_declaration", "method_definition", "class_declaration"),
    *("public_field_definition", "field_definition", "pair"),
}
_PASSED_OVER = {"throw_statement", "import_statement", "comment", "jsx_element", "string"}


def _script_children(node: Node, names: list[str]) -> Iterator[tuple[Node, list[str]]]:
    own = node.child_by_field_name("name") or node.child_by_field_name("key")
    name = ""
    match node.type:
        case kind if kind in _PASSED_OVER:
            return
        case kind if kind in _NAMED:
            name = _said(own)[:60]
        case "assignment_expression" | "augmented_assignment_expression":
            name = f"{_said(node.child_by_field_name('left'))[:60]}="
        case "return_statement":
            name = "return"
        case "call_expression" | "new_expression":
            called = node.child_by_field_name("function") or node.child_by_field_name("constructor")
            name = f"{_said(called).rpartition('.')[2][:40]}()"
    if name.removesuffix("()") in _NEVER_SENT:
        return
    inner = [*names, name] if name else names
    for child in node.named_children:
        if own is None or child.id != own.id:
            yield child, inner
