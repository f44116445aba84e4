"""What the expressions of Python source are made of, in the terms of `sent_forms`."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from reviewbot.rendering.parsers._common.lengths import has_width
from reviewbot.rendering.parsers._common.requests import NAMED_FIRST, SCHEMA_FIRST, SCHEMAS
from reviewbot.rendering.parsers._common.sent_parts import (
    CACHES,
    COMPUTED,
    Ask,
    Block,
    Called,
    Constant,
    Either,
    Grown,
    Made,
    Member,
    Named,
    Part,
    Together,
    is_asked,
    makes,
    only_looks,
)
from reviewbot.rendering.parsers._common.ways import stays_long
from reviewbot.rendering.parsers.python_forms.constants import constant, length_of, plain, shown
from reviewbot.rendering.parsers.python_forms.lookups import attribute, is_computed, looked_up
from reviewbot.rendering.parsers.python_forms.told_tools import literal
from reviewbot.rendering.parsers.python_source.scopes import dotted, steps_of

_FIELD = re.compile(r"\{[^{}]{0,100}\}|%\(\w{1,100}\)s|\$\w{1,100}")
_GIVING_THE_TEXT = {
    *("strip", "lstrip", "rstrip", "encode", "decode", "lower", "upper", "title", "capitalize"),
    *("removeprefix", "removesuffix", "splitlines", "split", "copy", "casefold", "read_text"),
    *("read", "readlines", "read_bytes", "open"),
}
"""Methods that give no more than the text that they are called on."""

_FILLING = {
    *("format", "format_map", "substitute", "safe_substitute", "render", "format_messages"),
    *("format_prompt", "partial"),
}
_GIVING_BOTH = {"get", "pop", "setdefault", "items", "values"}
_GIVING_WHAT_IS_GIVEN = {
    *("str", "list", "tuple", "dict", "set", "sorted", "reversed", "iter", "next", "cast"),
    *("dedent", "cleandoc", "dumps", "deepcopy", "copy", "min", "max", "gather", "partial", "_"),
    *("chain", "zip", "enumerate", "filter", "deque", "gettext", "from_iterable"),
}
"""Functions that give no more than they are given."""

_LEAST_REPLACED = 3
"""Characters of a placeholder; what is shorter may stand in a text many times."""


def part_of(node: ast.expr, block: Block) -> Part:
    """What of an expression has a name, and how it is used there."""
    read = _READERS.get(type(node))
    return None if read is None else read(node, block)


def in_loop(part: Part, over: ast.expr, block: Block) -> Part:
    """What is made once for each item of something."""
    if part is None:
        return None
    return Grown(f"for each of {shown(over)}", part, part_of(over, block))


def callee_of(node: ast.Call) -> str:
    """The last name of what is called."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return dotted(node.func).rpartition(".")[2]


def _all(nodes: list[ast.expr], block: Block) -> Together:
    return Together(tuple(part_of(item, block) for item in nodes))


def _name(node: Any, block: Block) -> Part:
    if steps := steps_of(node):
        is_looked_up = "__dict__" in steps or steps[:2] == ("sys", "modules")
        return Named((is_looked_up and looked_up(node)) or steps, block)
    if steps := looked_up(node):
        return Named(steps, block)
    held = part_of(node.value, block)
    if isinstance(node, ast.Attribute) and isinstance(held, Made | Member):
        return Member((held,), node.attr)
    if isinstance(node, ast.Subscript) and isinstance(held, Named) and is_computed(node.slice):
        return Grown(f"{COMPUTED}{shown(node.slice)}", held)
    return held


def _operation(node: ast.BinOp, block: Block) -> Part:
    if said := constant(node):
        return Constant(said, length_of(node))
    if not isinstance(node.op, ast.Mult):
        return _operands(node, block)
    left, right = node.left, node.right
    times = left if isinstance(left, ast.Constant) and not isinstance(left.value, str) else right
    return Grown(f"* {shown(times)}", _all([left, right], block), part_of(times, block))


def _operands(node: ast.expr, block: Block) -> Part:
    """All that is added up, without recursion: texts of hundreds of lines are."""
    found: list[Part] = []
    while isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Mult):
        right = part_of(node.right, block)
        if isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant):
            given = len(node.right.values) if isinstance(node.right, ast.Dict) else _MANY
            right = _repeated(node.left.value, given, right)
        found.append(right)
        node = node.left
    return Together((part_of(node, block), *reversed(found)))


_MANY = 1_000
"""Values that stand in order, each in a place of its own."""


def _repeated(template: object, given: int, part: Part) -> Part:
    """What fills a text; where that has more places than values, some stand there repeatedly."""
    if not isinstance(template, str):
        return part
    places = len(_FIELD.findall(template))
    if has_width(template):
        part = Grown(f"as {template}", part, part)
    return Grown(f"in {places} places", part) if places > given else part


def _piece(node: ast.FormattedValue, block: Block) -> Part:
    part = part_of(node.value, block)
    if node.format_spec is None:
        return part
    return Grown(f"as {shown(node)}", part, part_of(node.format_spec, block))


def _made_in_loop(node: Any, block: Block) -> Part:
    part = part_of(node.value if isinstance(node, ast.DictComp) else node.elt, block)
    for generator in node.generators:
        part = in_loop(part, generator.iter, block)
    return Together((*(part_of(item.iter, block) for item in node.generators), part))


def _call(node: ast.Call, block: Block) -> Part:
    name = callee_of(node)
    if only_looks(name):
        return None
    on = node.func.value if isinstance(node.func, ast.Attribute) else None
    given = (*(part_of(item, block) for item in node.args), *_asked_first(node, name, block))
    if name == "getattr" and (steps := attribute(node)):
        return Named(steps, block)
    named = {item.arg or "**": _argument(item, name, block) for item in node.keywords}
    everything = Together((*given, *named.values()))
    receiver = part_of(on or node.func, block) if on or not name else None
    if on is not None and not (isinstance(on, ast.Name) and on.id in {"self", "cls"}):
        found = _of_text(node, on, receiver, everything, block)
        if found is not None:
            return found
    if name == "repeat":
        times = node.args[-1] if node.args else None
        said = "" if times is None else shown(times)
        return Grown(f"repeat({said})", everything, times and part_of(times, block))
    if _is_cast(node, block):  # what it is said to be, it need not be
        everything = Together(everything.parts[1:])
    is_made = any(makes(step) for step in dotted(node.func).split("."))
    if is_made or name in _GIVING_WHAT_IS_GIVEN:
        made = Made(everything.parts, name, named, receiver, block, _is_spread(node))
        return made if is_made else everything
    values: list[tuple[str | int, ast.expr]] = [*enumerate(node.args)]
    values += ((item.arg or "", item.value) for item in node.keywords)
    constants = {key: said for key, value in values if (said := constant(value))}
    if name == "getenv":  # what it is asked for has a name of its own
        given, constants = given[1:], {}
    return Called(name, given, named, receiver, constants, block, _is_spread(node))


def _is_cast(node: ast.Call, block: Block) -> bool:
    """Whether it is `typing.cast(TYPE, VALUE)`, and neither a library's cast nor a method."""
    match steps_of(node.func), node.args:
        case (module, "cast"), [_, _]:
            is_typing = module in _TYPING
        case ("cast",), [_, _]:
            is_typing = block.owner("cast") is None and block.imports("cast") in {"", "?", *_TYPING}
        case _:
            return False
    return is_typing and not _is_spread(node)


_TYPING = {"typing", "typing_extensions"}


def _is_spread(node: ast.Call) -> bool:
    is_starred = any(isinstance(item, ast.Starred) for item in node.args)
    return is_starred or any(item.arg is None for item in node.keywords)


def _argument(item: ast.keyword, callee: str, block: Block) -> Part:
    part = part_of(item.value, block)
    if item.arg is None or not is_asked(item.arg, callee):
        return part
    return Together((part, ask(item.arg, item.value, block)))


def ask(key: str, value: ast.expr, block: Block) -> Part:
    """What is asked for under a key, with what the file says of a name; None of no value."""
    said = shown(value)
    if said == "None" or (key in CACHES and not stays_long(said)):
        return None
    if key in SCHEMAS:  # `list[Answer]`, `Answer.model_json_schema()`
        names = [item for item in ast.walk(value) if isinstance(item, ast.Name)]
        return Ask(key, literal(value) or said, _all([*names], block))
    return Ask(key, said, part_of(value, block))


def _asked_first(node: ast.Call, name: str, block: Block) -> Iterator[Part]:
    """What a call is asked for by its first argument: `Agent("openai:gpt-4o")`."""
    first = node.args[0] if node.args else None
    if first is not None and name in SCHEMA_FIRST:
        yield ask(SCHEMA_FIRST[name], first, block)
    says_model = isinstance(first, ast.Constant) and _SAYS_MODEL.match(str(first.value))
    is_named = name in NAMED_FIRST or _MADE_WITH_ITS_NAME.search(name)
    if first is not None and (is_named or says_model):
        yield ask("model", first, block)


_MADE_WITH_ITS_NAME = re.compile(r"(?:Model|LLM|Llm)\Z")
_SAYS_MODEL = re.compile(r"[\w.-]{1,40}[:/][\w.:/-]{1,60}\Z")


def _mapping(node: ast.Dict, block: Block) -> Part:
    parts = [part_of(item, block) for item in node.values]
    for key, value in zip(node.keys, node.values, strict=True):
        said = key.value if isinstance(key, ast.Constant) else None
        if isinstance(said, str) and is_asked(said, ""):
            parts.append(ask(said, value, block))
    return Together(tuple(parts))


def _of_text(node: ast.Call, on: ast.expr, receiver: Part, given: Together, block: Block) -> Part:
    """What a method of texts gives; None where it is no such method."""
    name = callee_of(node)
    if name in _GIVING_THE_TEXT:
        return Together((receiver,))
    if name == "join":
        between = receiver and Grown("between others", receiver)
        if _is_cut_up(node, block):
            return Together((Grown(f"joined by {shown(on)}", given, receiver), between))
        return Together((*given.parts, between))
    if name in _FILLING:
        template = on.args[0] if isinstance(on, ast.Call) and on.args else on
        said = template.value if isinstance(template, ast.Constant) else None
        return Together((receiver, _repeated(said, len(given.parts), given)))
    if name == "replace" and node.args:
        first = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
        is_place = first is None or (isinstance(first, str) and len(first) >= _LEAST_REPLACED)
        both = Together((receiver, given))
        return both if is_place else Grown(f"replace({first!r}, …)", both, _all(node.args, block))
    if name == "get" and len(node.args) > 1:
        given = Together(given.parts[1:])
    return Together((receiver, given)) if name in _GIVING_BOTH else None


def _is_cut_up(node: ast.Call, block: Block) -> bool:
    """Whether what is joined are the words or the letters of a text."""
    first = node.args[0] if node.args else None
    if isinstance(first, ast.Call):
        return callee_of(first) in {"split", "splitlines", "findall", "list"}
    name = steps_of(first) if isinstance(first, ast.Name | ast.Attribute) else ()
    return bool(name) and name[-1].isupper() and block.owner(name[0]) is None


_READERS: Mapping[type[ast.expr], Callable[[Any, Block], Part]] = {
    **dict.fromkeys((ast.Name, ast.Attribute, ast.Subscript), _name),
    ast.Constant: plain,
    ast.BinOp: _operation,
    ast.UnaryOp: lambda node, block: part_of(node.operand, block),
    ast.Compare: lambda node, block: _all([node.left, *node.comparators], block),
    ast.JoinedStr: lambda node, block: _all(node.values, block),
    ast.FormattedValue: _piece,
    ast.Call: _call,
    **dict.fromkeys(
        (ast.Await, ast.Starred, ast.NamedExpr), lambda node, block: part_of(node.value, block)
    ),
    ast.Lambda: lambda node, block: part_of(node.body, block),
    ast.IfExp: lambda node, block: Either(_all([node.body, node.orelse], block).parts),
    ast.BoolOp: lambda node, block: Either(_all(node.values, block).parts),
    **dict.fromkeys((ast.List, ast.Tuple, ast.Set), lambda node, block: _all(node.elts, block)),
    ast.Dict: _mapping,
    **dict.fromkeys((ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp), _made_in_loop),
}
