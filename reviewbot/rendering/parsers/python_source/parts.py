"""Names of Python source that stand for what has a name already, for a part of it, or hold one."""

import ast
from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from reviewbot.rendering.parsers.python_source import scopes
from reviewbot.rendering.parsers.python_source.changing_calls import Change
from reviewbot.rendering.parsers.python_source.scopes import Steps
from reviewbot.rendering.parsers.python_source.wholes import Place, part, wholes

_Whole = tuple[Steps, Place]
_MOST_NAMES = 100
"""Names that are followed from one change; behind more of them, all of the file is unclear."""


def parts(nodes: Iterable[ast.AST]) -> Mapping[Steps, frozenset[_Whole]]:
    """The names that stand for parts, with what they are parts of and where they hold it."""
    found: dict[Steps, frozenset[_Whole]] = {}
    for node in nodes:
        for target, given in _given_by(node) if type(node) in _GIVING else ():
            for name, held in _held(target, given):
                others = {(whole, place) for whole, place in held if whole[: len(name)] != name}
                if name and others:
                    found[name] = found.get(name, frozenset()) | others
    return found


def behind_parts(
    changes: Iterable[Change], known: Mapping[Steps, frozenset[_Whole]]
) -> Iterator[Change]:
    """What changes a part changes the whole."""
    for change in changes if known else ():
        keys: Place = change.path if change.in_place else change.path[:-1]
        waiting = [(*keys, *[None] * change.deeper)]
        for found in waiting:
            for whole, rest in _behind(found, known):
                is_set = change.own or not change.in_place
                yield replace(change, path=whole, own=is_set, first=0, last=0, followed=False)
                if (*whole, *rest) not in waiting:
                    waiting.append((*whole, *rest))
            if len(waiting) > _MOST_NAMES:
                yield Change(path=(), line=change.line)
                break


def _behind(keys: Place, known: Mapping[Steps, frozenset[_Whole]]) -> Iterator[tuple[Steps, Place]]:
    """What has the object behind these keys in it, and the keys there."""
    for count in range(1, len(keys) + 1):
        rest = keys[count:]
        for whole, place in known.get(_named(keys[:count]), ()):
            same = zip(rest, place, strict=False)
            if len(rest) >= len(place) and all(None in pair or len({*pair}) == 1 for pair in same):
                yield whole, rest[len(place) :]


def _named(keys: Place) -> Steps:
    """Keys that all have a name; empty where one is computed."""
    return () if None in keys else tuple(key for key in keys if key is not None)


def _held(target: ast.expr, given: Iterable[_Whole]) -> Iterator[tuple[Steps, frozenset[_Whole]]]:
    """The names in a target, with what each of them gets of what is given."""
    waiting = [(target, frozenset(given))]
    while waiting:
        node, held = waiting.pop()
        match node:
            case ast.Tuple(elts=items) | ast.List(elts=items):
                is_shifted = False
                for position, item in enumerate(items):
                    is_shifted = is_shifted or isinstance(item, ast.Starred)
                    keys = {None} if is_shifted else {None, str(position)}
                    fits = {
                        (whole, part(place))
                        for whole, place in held
                        if is_shifted or not place or place[0] in keys
                    }
                    waiting.append((item, frozenset(fits)))
            case ast.Starred(value=inner):
                waiting.append((inner, frozenset((whole, (None, *place)) for whole, place in held)))
            case _:
                yield scopes.steps_of(node), held


_GIVING = {
    *(ast.For, ast.AsyncFor, ast.comprehension, ast.Assign, ast.AnnAssign, ast.NamedExpr),
    *(ast.withitem, ast.Match, ast.Call),
}
"""The kinds of nodes that give something to a name."""


def _given_by(node: ast.AST) -> Iterator[tuple[ast.expr, Iterable[_Whole]]]:
    match node:
        case ast.For() | ast.AsyncFor() | ast.comprehension():
            yield node.target, _parts_of(node.iter)
        case ast.Assign(targets=targets, value=value):
            chosen = _patterns(targets) if scopes.steps_of(value) else targets
            yield from ((target, wholes(value)) for target in chosen)
        case (
            ast.AnnAssign(target=target, value=ast.expr() as value)
            | ast.NamedExpr(target=target, value=value)
        ) if not scopes.steps_of(value):
            yield target, wholes(value)
        case ast.withitem(
            context_expr=ast.Call(func=ast.Name(), args=given), optional_vars=ast.expr() as target
        ):
            yield from ((target, wholes(item)) for item in given)
        case ast.Match() | ast.Call():
            yield from ((ast.Name(name), held) for name, held in _bound_by_name(node))


def _bound_by_name(node: ast.Match | ast.Call) -> Iterator[tuple[str, Iterable[_Whole]]]:
    """The names that patterns bind, and what functions without a name are given."""
    match node:
        case ast.Match(subject=subject, cases=cases):
            for name in (name for case in cases for name in _names_in(case.pattern)):
                yield name, wholes(subject)
        case ast.Call(func=function, args=given, keywords=named):
            holders = [function.value] if isinstance(function, ast.Attribute) else []
            for value in (*given, *(item.value for item in named)):
                for argument in value.args.args if isinstance(value, ast.Lambda) else ():
                    for holder in (*holders, *given):
                        yield argument.arg, _parts_of(holder)


def _patterns(targets: Iterable[ast.expr]) -> Iterator[ast.expr]:
    """Those that take something apart; one name for another is known as such."""
    return (target for target in targets if isinstance(target, ast.Tuple | ast.List))


def _names_in(pattern: ast.pattern) -> Iterator[str]:
    for node in ast.walk(pattern):
        if isinstance(node, ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name


def _parts_of(node: ast.expr) -> Iterator[_Whole]:
    return ((whole, part(place)) for whole, place in wholes(node))
