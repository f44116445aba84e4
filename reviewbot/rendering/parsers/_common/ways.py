"""How a text is made longer, in the words of the source, with what these names stand for."""

from collections.abc import Iterable

from reviewbot.rendering.parsers._common.called_functions import Functions, inside
from reviewbot.rendering.parsers._common.constants_behind import Constants
from reviewbot.rendering.parsers._common.digests import digest_of
from reviewbot.rendering.parsers._common.lengths import SHAPING, may_lengthen
from reviewbot.rendering.parsers._common.links_of_files import Links
from reviewbot.rendering.parsers._common.sent_parts import Called, Named, Part

_CUT = 60
_MOST_KNOWN = 3
_MOST_PARTS = 200
_QUOTES = {"'", '"', "`"}
_NOTHING = {"''", '""', "``", "[]", "()", "{}", "0", "1", "-1", "True", "False", "None"}
"""Constants that make nothing longer."""


class Ways:
    """Tells the ways of one file; what leads to other files is noted in `links`."""

    def __init__(self, functions: Functions, constants: Constants, links: Links) -> None:
        self._functions = functions
        self._constants = constants
        self._links = links

    def of(self, how: str, by: Part, *, is_asked: bool = False) -> str:
        """A form, with what the file says of the names in it."""
        known = sorted(self._constants.behind(by))
        defined = self._defined_in(by) if is_asked else []
        if is_asked and len(known) > _MOST_KNOWN:  # more than one value, and other statements
            known = []
        elif not is_asked:
            known = [said for said in known if _may_tell(said)]
        said = cut(f"{how} ({'; '.join(known)})" if known else how)
        return f"{said} ({'; '.join(defined)})" if defined else said

    def _defined_in(self, by: Part) -> list[str]:
        """How long the functions, classes and tables of the file are described that stand there."""
        found: dict[str, str] = {}
        waiting = [by]
        for part in waiting:
            if isinstance(part, Named) and len(waiting) < _MOST_PARTS:
                module = part.block.module()
                name = part.steps[0]
                if name in module.definitions and name not in module.modules:
                    found[name] = module.definitions[name]
                else:
                    waiting += self._functions.values_behind(part)
            waiting += inside(part)
        return sorted(found.values())

    def given(self, call: Called) -> tuple[Part, ...]:
        """What a call is given, what it is called on, and what stands behind a name that it has."""
        on = call.of
        given = (*call.parts, *call.named.values())
        while isinstance(on, Called) and self._functions.meant_by(on):
            given += (*on.parts, *on.named.values())
            on = on.of
        own = call.block.owner(call.name) if call.block is not None and call.of is None else None
        values = () if own is None else self._functions.values(own, call.name)
        return (on, *values, *given)

    def of_call(self, call: Called, given: Iterable[Part]) -> str:
        """A call with the constants that may say how long it makes a text that is `given`."""
        for part in given:
            self._links.use(part, call.name)
        behind = {said for part in given for said in self._constants.of(part)}
        behind -= {*call.constants.values(), *_NOTHING}
        several = (*call.constants.values(), *sorted(behind))
        is_shaping = call.name in SHAPING
        lengths = [said for said in several if is_shaping or may_lengthen(said)]
        return cut(f"{call.name}({', '.join(('…', *lengths))})")


def _may_tell(said: str) -> bool:
    """Whether a constant, or what is computed of some, may say how often something is sent."""
    return said not in _NOTHING and (said[:1] not in _QUOTES or may_lengthen(said))


def cut(how: str) -> str:
    """A form, shortened; another one gives another text."""
    return how if len(how) <= _CUT else f"{how[:_CUT]}… ({digest_of(how)})"


def stays_long(said: str) -> bool:
    """Whether a lifetime, as source code says it, may be another than the shortest."""
    return not said.startswith("{") or ("ttl" in said and "5m" not in said)
