"""Functions of changed Python files that ask a model where they did not, and caches taken out."""

import re
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from reviewbot.prompts.models_in_code.statements import Scope, Statement
from reviewbot.scope.led_to_calls.python_files import PythonFile
from reviewbot.scope.led_to_calls.sending import asks

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
    was, now = _functions(before), _functions(after)
    for name in sorted(was.keys() & now.keys()):
        old, new = was[name], now[name]
        if _text(before, old) != _text(after, new):
            yield from _lost_in(".".join(name), (before, old), (after, new))


_Function = list[Statement]
"""The statements of a function, its head first."""

_Side = tuple[PythonFile, _Function]


def _functions(file: PythonFile) -> dict[tuple[str, ...], _Function]:
    return {
        tuple(name for _, name in head.head_of): [head, *file.within(head.head_of)]
        for heads in file.heads.values()
        for head in heads
        if head.head_of not in file.classes
    }


def _text(file: PythonFile, function: _Function) -> str:
    head = function[0]
    marks = [one.begins for one in file.above(head) if one.said.lstrip().startswith("@")]
    return file.text[min([head.begins, *marks]) : function[-1].ends]


def _lost_in(name: str, was: _Side, now: _Side) -> Iterator[LostGuard]:
    (before, old), (after, new) = was, now
    scope = new[0].head_of
    asked = [
        next((it for it in side if asks(it) and it.scope == side[0].head_of), None)
        for side in (old, new)
    ]
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
    found: Counter[str] = Counter()
    for item in statements[1:]:
        text = file.text[item.begins : item.ends]
        for one in _CACHES.finditer(text):
            if not _OFF.match(text, one.end()):
                found[one[0]] += 1
    return found.total()


def _first(file: PythonFile, statement: Statement) -> int:
    text = file.text[statement.begins : statement.ends]
    return statement.begins + len(text) - len(text.lstrip())
