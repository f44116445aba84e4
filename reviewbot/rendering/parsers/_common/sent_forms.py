"""In which forms source code sends a text that has a name: as it stands, repeated, and so on."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from reviewbot.rendering.parsers._common.called_functions import Functions
from reviewbot.rendering.parsers._common.concerned_names import ConcernedNames
from reviewbot.rendering.parsers._common.digests import digest_of
from reviewbot.rendering.parsers._common.sent_parts import (
    OBJECTS,
    Ask,
    Block,
    Called,
    Either,
    Grown,
    Named,
    Part,
    Slot,
    Steps,
    Together,
    gives_an_answer,
    place_of,
)

_MOST_STEPS = 20_000
_MOST_EXACT = 10_000
"""Once so many are left, what stands in a circle of names is worked out once for all of it."""

_DEEPEST = 80
"""Names behind each other, which take some calls each."""

TOO_MUCH: Final = "in more ways than are followed"
ANY: Final[Steps] = ("*",)
_CUT = 60
_ASK = "?"
"""What no name of a program is."""

_NUMBER = re.compile(r"[-+(]{0,9}\.?[0-9]")

Held = dict[Steps, tuple[int, frozenset[str]]]
"""How often, and how, each name stands in something."""


class Forms:
    """The forms of the texts that have certain `names`, in one file."""

    def __init__(
        self, names: Iterable[str], blocks: Iterable[Block], calls: Iterable[Called]
    ) -> None:
        self._names = frozenset(names)
        every = [*blocks]
        self._functions = Functions(every, calls)
        self._concerned = ConcernedNames(self._names, every, self._functions)
        self._at: set[tuple[int, str, int]] = set()
        self._own: set[Steps] = set()
        self._known: dict[tuple[int, str, bool, bool], Held] = {}
        self._circles = 0
        self._is_call = False
        self._left = _MOST_STEPS

    def of(self, slots: Iterable[Slot]) -> list[dict[str, Any]]:
        """Each name that is sent otherwise than as it stands.

        That is its `steps`, the `form`, the `line`, and whether it `is_own`, a name of the file. A
        name that a call is given, or is called on, has what that asks for with its `key`.
        """
        found: dict[tuple[Steps, str, str], int] = {}
        for slot in slots:
            if not self._concerned.in_part(slot.part):
                continue
            self._is_call = slot.is_call
            held = self._held(slot.part, is_sent=slot.is_sent)
            told = _asked(held) if slot.is_call else _longer(held)
            for steps, key, form in told:
                found.setdefault((steps, key, form), slot.line)
        if self._left <= 0:
            found[ANY, "", TOO_MUCH] = 1
        return [
            {
                "steps": [*steps],
                "key": key,
                "form": form,
                "line": line,
                "is_own": steps in self._own,
            }
            for (steps, key, form), line in sorted(found.items())
        ]

    def _held(self, part: Part, *, is_sent: bool) -> Held:
        """How often, and how, each name stands in a part."""
        self._left -= 1
        if part is None or self._left <= 0:
            return {}
        found: Held = {}
        match part:
            case Named(steps=steps, block=block):
                found = self._named(steps, block, is_sent=is_sent)
            case Either(parts=parts) | Together(parts=parts):
                held = [self._held(one, is_sent=is_sent) for one in parts]
                found = _merged(held, sum if isinstance(part, Together) else max)
            case Grown(how=how, part=inner):
                inside = self._held(inner, is_sent=is_sent)
                found = {name: (n, ways | {_cut(how)}) for name, (n, ways) in inside.items()}
            case Called():
                found = self._returned(part, is_sent=is_sent)
            case Ask(key=key, said=said, value=value):
                known = sorted(self._functions.constants(value))
                said += f" ({'; '.join(known)})" if known else ""
                found = {(_ASK, key, _cut(said)): (1, frozenset())}
        return found

    def _named(self, steps: Steps, block: Block, *, is_sent: bool) -> Held:
        name, owner, path = place_of(steps, block)
        full = (*(owner.path if owner else ()), *path)
        found: Held = {} if self._names.isdisjoint(steps) else {full: (1, frozenset())}
        if owner is None:
            return found
        self._own.update(found)
        is_concerned = self._concerned.has(owner, name) or (
            self._is_call and self._concerned.asks(owner, name)
        )
        behind = self._behind(owner, name, is_sent=is_sent) if is_concerned else {}
        if len(path) > 1:  # one of the entries, whichever it is
            behind = {one: (1, ways) for one, (_, ways) in behind.items()}
        return _merged([found, behind], max) if behind else found

    def _behind(self, owner: Block, name: str, *, is_sent: bool) -> Held:
        """What a name of a block stands for; it is kept where no circle cut it short."""
        key = (id(owner), name, is_sent, self._is_call)
        if key in self._known:
            return self._known[key]
        circles = self._circles
        chosen = [
            self._once(owner, name, number, one, is_sent=is_sent)
            for number, one in enumerate(self._functions.values(owner, name))
        ]
        more = [
            self._once(owner, name, -1 - number, one, is_sent=is_sent)
            for number, one in enumerate(owner.added.get(name, ()))
        ]
        found = _merged([_merged(chosen, max), *more], sum)
        if self._circles == circles or not self._at or self._left < _MOST_EXACT:
            self._known[key] = found
        return found

    def _once(self, owner: Block, name: str, number: int, part: Part, *, is_sent: bool) -> Held:
        """What a statement sets a name to; within itself the name stands for what others set."""
        key = (id(owner), name, number)
        if key in self._at:
            self._circles += 1
            return {}
        if len(self._at) >= _DEEPEST:
            self._left = 0
            return {}
        self._at.add(key)
        try:
            return self._held(part, is_sent=is_sent)
        finally:
            self._at.discard(key)

    def _returned(self, call: Called, *, is_sent: bool) -> Held:
        """What a function of the file gives; of another nobody knows what it does to a text."""
        meant = self._functions.meant_by(call)
        found = [
            self._once(block, "()", number, part, is_sent=is_sent)
            for block in meant
            for number, part in enumerate(block.returned)
        ]
        if call.name in self._names:
            path = meant[0].path if meant else (call.name,)
            self._own.update({path} if meant else ())
            given = self._held(Together(tuple(call.named.values())), is_sent=is_sent)
            found.append({path: (1, frozenset())})
            found.append({key: held for key, held in given.items() if key[0] == _ASK})
        elif not meant or not _is_own(call.of):
            found.append(self._by_another(call, is_sent=is_sent))
        return _merged(found, max)

    def _by_another(self, call: Called, *, is_sent: bool) -> Held:
        """What a function of another file gives, where that is sent; a model gives an answer."""
        if not is_sent or (not self._is_call and gives_an_answer(call.name, call.named)):
            return {}
        given = Together((call.of, *call.parts, *call.named.values()))
        held = self._held(given, is_sent=is_sent)
        how = _cut(f"{call.name}({', '.join(('…', *self._numbers(call)))})") if held else ""
        return {name: (n, ways | {how}) for name, (n, ways) in held.items()}

    def _numbers(self, call: Called) -> list[str]:
        """The numbers that a call is given, which may say how long it makes a text."""
        given = (*call.parts, *call.named.values())
        behind = {said for part in given for said in self._functions.constants(part)}
        return [said for said in (*call.constants.values(), *sorted(behind)) if _NUMBER.match(said)]


def _asked(held: Held) -> Iterator[tuple[Steps, str, str]]:
    """What is asked for beside names."""
    asks = sorted(steps[1:] for steps in held if steps[0] == _ASK)
    for steps in held:
        if steps[0] != _ASK:
            yield from ((steps, key, said) for key, said in asks)


def _longer(held: Held) -> Iterator[tuple[Steps, str, str]]:
    """The forms of the names that are held."""
    for steps, (count, ways) in held.items():
        if steps[0] != _ASK:
            for form in sorted({*ways, *([f"{count} times"] if count > 1 else ())}):
                yield steps, "", form


def _cut(how: str) -> str:
    """A form, shortened; another one gives another text."""
    return how if len(how) <= _CUT else f"{how[:_CUT]}… ({digest_of(how)})"


def _is_own(on: Part) -> bool:
    """Whether a function of the file is called by its name, or a method on its own object."""
    return on is None or (isinstance(on, Named) and on.steps[0] in OBJECTS)


def _merged(several: list[Held], counted: Any) -> Held:
    if len(several) == 1:
        return several[0]
    names = {name: None for one in several for name in one}
    nothing = (0, frozenset[str]())
    found = {}
    for name in names:
        held = [one.get(name, nothing) for one in several]
        found[name] = (counted(n for n, _ in held), frozenset().union(*(ways for _, ways in held)))
    return found
