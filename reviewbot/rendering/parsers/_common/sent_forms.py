"""In which forms source code sends a text that has a name: as it stands, repeated, and so on."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from reviewbot.rendering.parsers._common.called_functions import Functions
from reviewbot.rendering.parsers._common.concerned_names import ConcernedNames
from reviewbot.rendering.parsers._common.constants_behind import Constants
from reviewbot.rendering.parsers._common.fields import field_of, is_made_with, is_no_text
from reviewbot.rendering.parsers._common.links_of_files import Links
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
    place_of,
)
from reviewbot.rendering.parsers._common.ways import Ways, cut

_MOST_STEPS = 20_000
_MOST_EXACT = 10_000
"""Once so many are left, what stands in a circle of names is worked out once for all of it."""

_DEEPEST = 80
"""Names behind each other, which take some calls each."""

ASK = "?"
"""What no name of a program is."""

Held = dict[Steps, tuple[int, frozenset[str]]]
"""How often, and how, each name stands in something."""


class Forms:
    """The forms of the texts that have certain `names`, in one file.

    Those are arguments too that certain `functions` of the file are given; those of other files,
    without arguments, are the `senders` whose calls are told, and `carriers` are names of the file
    of which is told how long what they hold is. A name of several steps, `build.return`, is that of
    a text that a workflow measures. Once no steps are `left` there is more than is followed.
    """

    def __init__(
        self,
        names: Iterable[str],
        blocks: Iterable[Block],
        calls: Iterable[Called],
        functions: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        every = [*blocks]
        self.senders = [one for one in functions if "is_sole" in one]
        self.carriers = [one for one in functions if "is_member" in one]
        self.names, self.measured = _divided(names)
        self.blocks = every
        self.module = every[0]
        self.functions = Functions(every, calls)
        self.links = Links()
        self._ways = Ways(self.functions, Constants(self.names, self.functions), self.links)
        self._concerned = ConcernedNames(self.names, every, self.functions, functions)
        self._at: set[tuple[int, str, int]] = set()
        self.own: set[Steps] = set()
        self._known: dict[tuple[int, str, str, bool, bool], Held] = {}
        self._circles = 0
        self._is_call = False
        self._answering: Part = None
        self.left = _MOST_STEPS

    def held_in(self, slot: Slot) -> Held | None:
        """What stands in a place; None where no name does."""
        if not self._concerned.in_part(slot.part):
            return None
        self._is_call = slot.is_call
        self._answering = slot.part if slot.is_call else None
        return self._held(slot.part, is_sent=slot.is_sent)

    def texts_in(self, part: Part) -> list[Steps]:
        """The names whose texts a part is, or is made of; answers of models are none."""
        if not self._concerned.in_part(part):
            return []
        before = self._is_call, self._answering
        self._is_call, self._answering = False, None
        held = self._held(part, is_sent=True)
        self._is_call, self._answering = before
        return [steps for steps in held if steps[0] != ASK]

    def _held(self, part: Part, *, is_sent: bool) -> Held:
        """How often, and how, each name stands in a part."""
        self.left -= 1
        if part is None or self.left <= 0:
            return {}
        found: Held = {}
        match part:
            case Named(steps=steps, block=block):
                found = self._named(steps, block, is_sent=is_sent)
            case Either(parts=parts) | Together(parts=parts):
                held = [self._held(one, is_sent=is_sent) for one in parts]
                found = _merged(held, sum if isinstance(part, Together) else max)
            case Grown(how=how, part=inner, by=by):
                inside = self._held(inner, is_sent=is_sent)
                way = self._ways.of(how, by) if inside else ""
                self.links.use(by, how)
                found = {name: (n, ways | {way}) for name, (n, ways) in inside.items()}
            case Called():
                found = self._returned(part, is_sent=is_sent)
            case Ask(key=key, said=said, value=value):
                self.links.use(value, key, is_asked=True)
                found = {(ASK, key, self._ways.of(said, value, is_asked=True)): (1, frozenset())}
        return found

    def _named(self, steps: Steps, block: Block, *, is_sent: bool) -> Held:
        name, owner, path = place_of(steps, block)
        full = (*(owner.path if owner else ()), *path)
        is_one = self._concerned.is_one(steps, owner)
        found: Held = {full: (1, frozenset())} if is_one else {}
        if owner is None or (is_no_text(path[-1]) and not is_made_with(owner, name, path[-1])):
            return found
        self.own.update(found)
        is_concerned = self._concerned.has(owner, name) or (
            self._is_call and self._concerned.asks(owner, name)
        )
        field = path[1] if len(path) > 1 else ""
        behind = self._behind(owner, name, field, is_sent=is_sent) if is_concerned else {}
        if len(path) > 1:  # one of the entries, whichever it is
            behind = {one: (1, ways) for one, (_, ways) in behind.items()}
        return _merged([found, behind], max) if behind else found

    def _behind(self, owner: Block, name: str, field: str, *, is_sent: bool) -> Held:
        """What a name of a block stands for; it is kept where no circle cut it short."""
        key = (id(owner), name, field, is_sent, self._is_call)
        if key in self._known:
            return self._known[key]
        circles = self._circles
        once = partial(self._once, owner, name, is_sent=is_sent)
        values = enumerate(self.functions.values(owner, name))
        chosen = [once(number, _read(one, field)) for number, one in values]
        added = enumerate(owner.added.get(name, ()))
        more = [once(-1 - number, _read(one, field)) for number, one in added]
        found = _merged([_merged(chosen, max), *more], sum)
        if self._circles == circles or not self._at or self.left < _MOST_EXACT:
            self._known[key] = found
        return found

    def _once(self, owner: Block, name: str, number: int, part: Part, *, is_sent: bool) -> Held:
        """What a statement sets a name to; within itself the name stands for what others set."""
        key = (id(owner), name, number)
        if key in self._at:
            self._circles += 1
            return {}
        if len(self._at) >= _DEEPEST:
            self.left = 0
            return {}
        self._at.add(key)
        try:
            return self._held(part, is_sent=is_sent)
        finally:
            self._at.discard(key)

    def _returned(self, call: Called, *, is_sent: bool) -> Held:
        """What a function of the file gives; of another nobody knows what it does to a text."""
        is_ended = call is not self._answering and self._concerned.ends(call)
        if is_ended and call.name in self._concerned.answering:
            return {}
        meant = [] if is_ended and call.name not in self.names else self.functions.meant_by(call)
        once = partial(self._once, name="()", is_sent=is_sent)
        several = [(block, *one) for block in meant for one in enumerate(block.returned)]
        found = [_through(it, once(it, number=number, part=part)) for it, number, part in several]
        if is_sent and meant and isinstance(call.of, Called):  # what a function gives is called
            found.append(self._by_another(call, is_sent=is_sent))
        if call.name in self.names:
            path = meant[0].path if meant else (call.name,)
            self.own.update({path} if meant else ())
            given = self._held(Together(tuple(call.named.values())), is_sent=is_sent)
            found += [{path: (1, frozenset())}, _asked_in(given)]
        elif is_sent and not is_ended and (not meant or not _is_own(call.of)):
            found.append(self._by_another(call, is_sent=is_sent))
        return _merged(found, max)

    def _by_another(self, call: Called, *, is_sent: bool) -> Held:
        """What a function of another file gives, where that is sent; a model gives an answer."""
        given = self._ways.given(call)
        held = self._held(Together(given), is_sent=is_sent)
        how = self._ways.of_call(call, given) if held else ""
        return {name: (n, ways | {how}) for name, (n, ways) in held.items()}


def _divided(names: Iterable[str]) -> tuple[frozenset[str], frozenset[Steps]]:
    """Names of one step, and the paths of texts that are measured; that of a function is `ask.`."""
    several = [tuple(name.split(".")) for name in names]
    plain = frozenset(steps[0] for steps in several if len(steps) == 1)
    paths = (tuple(filter(None, steps)) for steps in several if len(steps) > 1)
    return plain, frozenset(paths)


def _read(part: Part, field: str) -> Part:
    return field_of(part, field) if field else part


def _asked_in(held: Held) -> Held:
    """What is asked for among what is held."""
    return {steps: how for steps, how in held.items() if steps[0] == ASK}


def _through(function: Block, held: Held) -> Held:
    """What a function gives, changed by its decorators."""
    more = {cut(f"through @{one}") for one in function.through}
    return {name: (n, ways | more) for name, (n, ways) in held.items()} if more else held


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
