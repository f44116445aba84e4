"""Functions of changed Python files that ask a model where they did not, and caches taken out."""

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from msgspec import Struct

from reviewbot.prompts.models_in_code.statements import Scope, Statement
from reviewbot.scope.led_to_calls.python_files import PythonFile
from reviewbot.scope.led_to_calls.sending import asks, may_ask

_EXIT = re.compile(r"\s{0,200}(?:return|continue|break)\b")
_IF = re.compile(r"\s{0,200}(?:if|elif|while)\b")
_DECORATOR = re.compile(r"\s{0,200}@\s{0,3}[\w.]{0,80}(?:cache|memo)", re.IGNORECASE)
_CACHES = re.compile(
    r"cache_control|prompt_cache\w{0,30}|cachePoint|cache_point|cached_content|\bcaching\b|cache_prompt"
    r"|use_cache|enable_\w{0,30}(?:cache|caching)|set_llm_cache|\bcache_ttl|cache_seed|\bcache(?=[\"']?\s{0,9}[=:])"
)
_OFF = re.compile(r"\w{0,30}[\"']?\s{0,9}[=:]\s{0,9}(?:False|None|0)\b")


class LostGuard(Struct, frozen=True):
    """What a function with a name has no more, at the line of what asks a model in it."""

    name: str
    line: int
    what: str
    scope: Scope
    more_calls: bool


def lost_guards(before: PythonFile, after: PythonFile) -> Iterator[LostGuard]:
    """Conditions, and caches of answers, that kept functions from asking a model."""
    gone, come = before.lacking(after), after.lacking(before)
    edited = _around(before, gone) | _around(after, come)
    was, now = _functions(before, edited), _functions(after, edited)
    for name in sorted(was.keys() & now.keys()):
        old, new = was[name], now[name]
        if _text(before, old) != _text(after, new):
            yield from _lost_in(".".join(name), (before, old), (after, new))


_Names = tuple[str, ...]
"""Those of a function and of what is around it, from outside."""

_Function = list[Statement]
"""The statements of a function, its head first."""

_Side = tuple[PythonFile, _Function]


def _around(file: PythonFile, statements: Iterable[Statement]) -> set[_Names]:
    """The functions and classes in which statements stand, or above which they do."""
    found: set[_Names] = set()
    for one in statements:
        scope = one.head_of or one.scope
        if one.said.lstrip().startswith("@"):
            below = file.head_below(one)
            scope = below.head_of if below else scope
        names = tuple(name for _, name in scope)
        found.update(names[:size] for size in range(1, len(names) + 1))
    return found


def _functions(file: PythonFile, chosen: AbstractSet[_Names]) -> dict[_Names, _Function]:
    last = {names[-1] for names in chosen}
    return {
        names: [head, *file.within(head.head_of)]
        for name in file.heads.keys() & last
        for head in file.heads[name]
        if (names := (*head.within, name)) in chosen and head.head_of not in file.classes
    }


def _text(file: PythonFile, function: _Function) -> str:
    head = function[0]
    marks = [one.begins for one in file.above(head) if one.said.lstrip().startswith("@")]
    return file.text[min([head.begins, *marks]) : function[-1].ends]


def _lost_in(name: str, was: _Side, now: _Side) -> Iterator[LostGuard]:
    (before, old), (after, new) = was, now
    scope = new[0].head_of
    asked = [_asking(*side) for side in (was, now)]
    line = after.source.line(_first(after, asked[1] or new[0]))
    if asked[0] and asked[1]:
        gone = _lost_condition(
            _conditions(before, old, asked[0]), _conditions(after, new, asked[1])
        )
        if gone:
            what = f"asks a model where it did not: `{gone}` is taken out before"
            yield LostGuard(name, line, what, scope, more_calls=True)
    if _decorators(before, old[0]) > _decorators(after, new[0]):
        what = "keeps no answers any more (its cache is taken out)"
        yield LostGuard(name, line, what, scope, more_calls=True)
    if _cached(before, old) > _cached(after, new):
        what = "caches less of what it sends (a setting of the cache is taken out)"
        yield LostGuard(name, line, what, scope, more_calls=False)


def _asking(file: PythonFile, function: _Function) -> Statement | None:
    """The first statement of a function that asks a model, and no function within does."""
    head = function[0]
    if not may_ask(file.source.masked[head.ends : function[-1].ends]):
        return None
    return next((it for it in function if asks(it) and it.scope == head.head_of), None)


_Condition = tuple[frozenset[str], str]


def _lost_condition(old: list[_Condition], new: list[_Condition]) -> str:
    """The condition under which a call was not made and is made now; empty where there is none."""
    left = [*new]
    gone = []
    for words, said in old:
        if any(words == other for other, _ in left):
            left.remove(next(one for one in left if one[0] == words))
        else:
            gone.append((words, said))
    known = frozenset[str]().union(*(words for words, _ in new))
    if len(old) <= len(new) or left or not gone:
        return ""
    return next((said for words, said in gone if not words <= known), "")


def _conditions(file: PythonFile, statements: list[Statement], ask: Statement) -> list[_Condition]:
    """The conditions before a call under which it is not made, or only then made."""
    found: list[_Condition] = []
    depth = _indent(ask)
    above: list[Statement] = []
    for number, item in enumerate(statements[1:], 1):
        if item.begins >= ask.begins:
            break
        if _EXIT.match(item.said) and number > 1:
            head = statements[number - 1]
            around = next(
                (it for it in reversed(statements[1:number]) if _indent(it) < _indent(item)), head
            )
            if _IF.match(around.said):
                found.append((around.words, _told(file, around)))
        above.append(item)
    for item in reversed(above):
        if _indent(item) < depth:
            depth = _indent(item)
            if _IF.match(item.said):
                found.append((item.words, _told(file, item)))
    return found


def _told(file: PythonFile, head: Statement) -> str:
    return " ".join(file.text[head.begins : head.ends].split())[:80].rstrip(":").replace("`", "'")


def _indent(statement: Statement) -> int:
    said = statement.said.lstrip("\n")
    line = next((one for one in said.split("\n") if one.strip()), "")
    return len(line) - len(line.lstrip())


def _decorators(file: PythonFile, head: Statement) -> int:
    """How many caches stand above a function."""
    count = 0
    for item in file.above(head):
        if not item.said.lstrip().startswith("@"):
            break
        count += bool(_DECORATOR.match(item.said))
    return count


def _cached(file: PythonFile, statements: list[Statement]) -> int:
    """How many settings of a function turn a cache on."""
    begins, ends = statements[0].ends, statements[-1].ends
    several = _CACHES.finditer(file.text, begins, ends)
    return sum(not _OFF.match(file.text, one.end(), ends) for one in several)


def _first(file: PythonFile, statement: Statement) -> int:
    text = file.text[statement.begins : statement.ends]
    return statement.begins + len(text) - len(text.lstrip())
