"""Which texts lead to a call in a source file: the names of the files that it sends, above all."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from reviewbot.prompts.models_in_code.mentions import Mention
from reviewbot.prompts.models_in_code.statements import Source, Statement
from reviewbot.rendering.parsers._common.requests import SENT, SYSTEM

_MOST_STATEMENTS = 400
"""What leads to one call in a file; it is a few dozen."""

MOST_LOOKS = 200_000
"""Looks at statements in one change; one at a long statement counts for several."""

_CHARACTERS_OF_A_LOOK = 200
_RETURN = re.compile(r"return\b|\(|[^\n]{0,200}=>")
_SENDS = re.compile(rf"\b(?:{'|'.join((*SENT, *SYSTEM))})\b[\"']?\s{{0,9}}+[=:,}}]")
_USED = re.compile(r"(?<![\w$])([A-Za-z_$][\w$]{0,99}+)(?!\s{0,9}=(?!=))")
"""Names that are no names of arguments."""

_CALLED = re.compile(r"(?<![\w$])([A-Za-z_$][\w$]{0,99}+)\s{0,3}\(")
_OWN = {"self", "this", "cls", "client", "return", "await", "const", "let", "var"}


class Looks:
    """How many statements of a change may still be looked at."""

    def __init__(self) -> None:
        self._left = MOST_LOOKS
        self._is_cut = False

    @property
    def is_used_up(self) -> bool:
        """Whether more would be looked at than is."""
        return self._left <= 0

    def cut(self) -> None:
        """Note that more leads to one call than is looked at."""
        self._is_cut = True

    def bound(self) -> int | None:
        """How many statements are looked at, where that bound was met since it was last asked."""
        is_cut, self._is_cut = self._is_cut, False
        return MOST_LOOKS if self.is_used_up else _MOST_STATEMENTS if is_cut else None

    def at(self, statements: Iterable[Statement]) -> Iterator[Statement]:
        """The statements, as long as any may be looked at."""
        for item in statements:
            self._left -= 1 + len(item.said) // _CHARACTERS_OF_A_LOOK
            if self._left <= 0:
                return
            yield item


class Reach:
    """What leads to the statements of a file."""

    def __init__(self, source: Source, looks: Looks) -> None:
        self._source = source
        self._looks = looks
        self._setting: dict[str, list[Statement]] = {}
        self._using: dict[str, list[Statement]] = {}
        self._functions: dict[str, list[Statement]] = {}
        self._numbers: dict[int, int] = {}
        for number, statement in enumerate(source.statements):
            for name in statement.sets:
                self._setting.setdefault(name, []).append(statement)
            for name in statement.words:
                self._using.setdefault(name, []).append(statement)
            if statement.head_of:
                self._functions.setdefault(statement.head_of[-1][1], []).append(statement)
                self._numbers[id(statement)] = number

    def texts(self, mention: Mention) -> frozenset[str]:
        """The texts that lead to the calls which a mention decides about."""
        waiting = [(item, 2) for item in self._calls(mention)]
        seen: set[int] = set()
        found: set[str] = set()
        while waiting and len(seen) < _MOST_STATEMENTS:
            statement, callers = waiting.pop()
            if statement.begins in seen:
                continue
            seen.add(statement.begins)
            found.update(item.said for item in statement.literals)
            for word in statement.words - _OWN:
                waiting += [(item, callers) for item in self._values(word, statement)]
                waiting += [(item, 0) for item in self._returned(word)]
            if callers:
                waiting += [(item, callers - 1) for item in self._callers(statement)]
        if any(item.begins not in seen for item, _ in waiting):
            self._looks.cut()
        return frozenset(found)

    def _calls(self, mention: Mention) -> Iterator[Statement]:
        """The statements that are called with what a mention sets."""
        statement = mention.statement
        if statement.head_of:
            yield from self._within(statement)
            return
        yield statement
        if sends_by_key(self._source, statement):
            return
        names = {mention.key} & statement.sets or statement.sets
        for name in names:
            for item in self._looks.at(self._using.get(name, ())):
                is_seen = name in statement.members or _sees(item, statement)
                is_used = any(found[1] == name for found in _USED.finditer(item.said))
                if item is not statement and is_seen and is_used:
                    yield item

    def _within(self, head: Statement) -> Iterator[Statement]:
        """The statements of a block, which stand behind its head."""
        first = self._numbers[id(head)] + 1
        for item in self._looks.at(islice(self._source.statements, first, None)):
            if item.scope[: len(head.head_of)] != head.head_of:
                return
            yield item

    def _values(self, name: str, user: Statement) -> Iterator[Statement]:
        """The statements that set a name that another one uses."""
        for item in self._looks.at(self._setting.get(name, ())):
            around = item.head_of or item.scope
            if name in item.members or user.scope[: len(around)] == around:
                yield item

    def _returned(self, name: str) -> Iterator[Statement]:
        """What a function of the file gives."""
        for head in self._looks.at(self._functions.get(name, ())):
            for item in self._within(head):
                if _RETURN.match(item.said.lstrip()):
                    yield item

    def _callers(self, statement: Statement) -> Iterator[Statement]:
        """The calls of the function that a statement stands in."""
        name = statement.scope[-1][1] if statement.scope else ""
        functions = self._looks.at(self._functions.get(name, ()))
        heads = [head for head in functions if head.head_of == statement.scope]
        if not any(statement.words & head.sets - _OWN for head in heads):
            return
        for item in self._looks.at(self._using.get(name, ()) if name else ()):
            if not item.head_of and name in _CALLED.findall(item.said):
                yield item


def _sees(user: Statement, setting: Statement) -> bool:
    """Whether the names of a statement are known in another one."""
    return user.scope[: len(setting.scope)] == setting.scope


def sends_by_key(source: Source, statement: Statement) -> bool:
    """Whether a statement gives something that is sent under the key of a request."""
    return _SENDS.search(source.text[statement.begins : statement.ends]) is not None


def named_files(texts: Iterable[str], paths: Iterable[str]) -> frozenset[str]:
    """Those of the paths that texts name: whole, by their last parts, or by parts one by one."""
    said = {_plain(text) for text in texts if 0 < len(text) <= _LONGEST_PATH}
    parts = {part for text in said for part in text.split("/")}
    scores: dict[str, dict[str, int]] = {}
    for path in paths:
        *folders, name = path.split("/")
        stem = name.partition(".")[0]
        is_named = name in parts
        is_told = stem not in _ROLES or bool(folders and folders[-1] in parts)
        if is_named or (stem in parts and len(stem) >= _LEAST_STEM and is_told):
            whole = any(_ends(path, text) or _ends(path.rpartition(".")[0], text) for text in said)
            score = sum(folder in parts for folder in folders) + 10 * whole + is_named
            scores.setdefault(name, {})[path] = score
    return frozenset(
        path
        for several in scores.values()
        for path, score in several.items()
        if score == max(several.values())
    )


_LONGEST_PATH = 300
_ROLES = {"system", "user", "assistant", "developer", "tool", "content", "prompt", "messages"}
"""Words that stand in every request; a file is meant by them only beside its folder."""

_LEAST_STEM = 3


def _plain(text: str) -> str:
    return re.sub(r"\A(?:\.{0,2}/)+|[?#].*", "", text.replace("\\\\", "/").strip())


def _ends(path: str, text: str) -> bool:
    return "/" in text and (path == text or path.endswith(f"/{text}") or text.endswith(f"/{path}"))
