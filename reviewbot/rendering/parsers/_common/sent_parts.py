"""What source code sends: parts of expressions that have names, and the blocks these belong to.

Both languages tell what their expressions are made of in these terms; no code is run.
"""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final

from msgspec import Struct

from reviewbot.rendering.parsers._common.looking import LOOKING, LOOKING_WORDS
from reviewbot.rendering.parsers._common.requests import (
    CAPS,
    LISTS,
    MODELS,
    RETRIES,
    RUN_A_MODEL,
    SCHEMAS,
    SYSTEM,
    USER,
    is_setting,
    is_whole,
)

Steps = tuple[str, ...]
Part = Any
"""One of the records below; None where an expression holds no text that has a name."""

OBJECTS: Final = {"self", "cls", "this"}

KEYS: Final = {*SYSTEM, *USER, *LISTS, "content", "text", "template", "parts", "message"}
"""Arguments and keys under which a text is sent."""

_ROLES: Final = {"system", "user", "human", "assistant", "ai", "developer"}


class Block:
    """A module, a class or a function: what stands under its names, and what it gives.

    Names that are `elsewhere` are those of the module. `constants` are those that are given a name,
    or that are returned, which stand under no name, as source code writes them. `through` are the
    decorators that what it gives goes through, as source code writes them. `modules` are those that
    its names are imported from. `definitions` are how long the names of tools are described.
    Of a function `rest` are the arguments for what has no place, and no name, of its own. `bases`
    are those of a class; `classes` are words of the types that names are said to have. `receivers`
    are the classes of what a module calls methods of, once they are known.
    """

    def __init__(self, path: Steps, outer: "Block | None", given: Iterable[str] = ()) -> None:
        self.path = path
        self.outer = outer
        self.given = tuple(given)
        self.is_class = False
        self.is_elsewhere = False
        self.through: list[str] = []
        self.modules: dict[str, str] = {}
        self.elsewhere: AbstractSet[str] = frozenset()
        self.constants: dict[str, list[str]] = defaultdict(list)
        self.set: dict[str, list[Part]] = defaultdict(list)
        self.added: dict[str, list[Part]] = defaultdict(list)
        self.returned: list[Part] = []
        self.definitions: dict[str, str] = {}
        self.rest = ("", "")
        self.bases: tuple[str, ...] = ()
        self.classes: dict[str, list[str]] = defaultdict(list)
        self.receivers: dict[tuple[Steps, int, bool], frozenset[str]] = {}

    def module(self) -> "Block":
        """The module that it stands in."""
        block = self
        while block.outer is not None:
            block = block.outer
        return block

    def own_class(self) -> "Block | None":
        """The class around it."""
        block: Block | None = self
        while block is not None and not block.is_class:
            block = block.outer
        return block

    def imports(self, name: str) -> str:
        """The module that a name is from, which may be all of `*`; empty of what is the file's."""
        block: Block | None = self
        while block is not None:
            if name in block.modules:
                return block.modules[name]
            if block.outer is None and not block.path:
                return "?" if block.is_elsewhere else block.modules.get("*", "")
            block = block.outer
        return ""

    def owner(self, name: str) -> "Block | None":
        """The block that a name belongs to; None of names that come from elsewhere."""
        block: Block | None = self
        while block is not None:
            if name in block.set or name in block.added or name in block.given:
                return block
            block = block.outer
        return None


def elsewhere() -> Block:
    """The block of names that are imported under other ones."""
    block = Block((), None)
    block.is_elsewhere = True
    return block


class Named(Struct, frozen=True):
    """A name with the keys behind it."""

    steps: Steps
    block: Block


class Either(Struct, frozen=True):
    """One of several: the arms of a condition."""

    parts: tuple[Part, ...]


class Together(Struct, frozen=True):
    """All of them: a sum, a list, a text with several places, an object that a class makes."""

    parts: tuple[Part, ...]


class Made(Together, frozen=True):
    """An object that a class makes of what it is given, or one of the class's own functions.

    `name` is what is called, `of` what that is called on. The other fields are those of `Called`.
    """

    name: str
    named: Mapping[str, Part] = {}
    of: Part = None
    block: Block | None = None
    is_spread: bool = False


class Member(Together, frozen=True):
    """What has a name in an object that an expression makes: `Rules().text`."""

    name: str


class Grown(Struct, frozen=True):
    """What is made longer, and `how`; `by` is what says how often, as far as that has names."""

    how: str
    part: Part
    by: Part = None


class Constant(Struct, frozen=True):
    """A text or a number, as source code writes it; a long one is shortened."""

    said: str
    characters: int


class Called(Struct, frozen=True):
    """What a function is given: `of` is what a method is called on, `named` has a name each.

    `constants` are those among them, by position or name, as source code writes them. `block` is
    where it is called. `is_spread` says that only the running program knows which has what place.
    """

    name: str
    parts: tuple[Part, ...]
    named: Mapping[str, Part] = {}
    of: Part = None
    constants: Mapping[str | int, str] = {}
    block: Block | None = None
    is_spread: bool = False
    is_object: bool = False


class Ask(Struct, frozen=True):
    """What a request is asked for beside its texts: a model, a cap, a setting.

    `said` is how source code says it, `value` what of it has a name.
    """

    key: str
    said: str
    value: Part = None


class Slot(Struct, frozen=True):
    """A place where something is sent, or where it leaves its block.

    `is_call` says that it is all of a call, with what that asks for. It stands `within` the block
    of that path. The `loops` around it are told by what they run over.
    """

    part: Part
    line: int
    is_sent: bool
    is_call: bool = False
    within: Steps = ()
    loops: tuple[str, ...] = ()


class Altering(Struct, frozen=True):
    """A statement that sets, or adds to, what stands under a name of another file.

    With a `key` it sets what the object of that name asks for.
    """

    steps: Steps
    said: str
    line: int
    key: str = ""


CHANGING: Final = {
    *("append", "extend", "insert", "appendleft", "add", "update", "setdefault", "clear", "pop"),
    *("push", "unshift", "splice", "set", "assign", "defineProperty", "setattr", "__setitem__"),
}
"""Methods and functions that change what they are called on, or are given first."""


def place_of(steps: Steps, block: Block) -> tuple[str, Block | None, Steps]:
    """The name that steps begin with, the block that has it unless imported, and the rest."""
    if steps[0] in OBJECTS and len(steps) > 1:
        return f"self.{steps[1]}", block.own_class(), steps[1:]
    owner = block.owner(steps[0])
    held = owner.set[steps[0]] if owner and steps[0] in owner.modules and steps[1:] else ()
    is_other = held and all(isinstance(it, Named) and it.block.is_elsewhere for it in held)
    return steps[0], None if is_other else owner, steps


def is_asked(key: str, callee: str) -> bool:
    """Whether an argument of a call, or an entry of a mapping, says more of a request than texts.

    What holds further ones is read by itself.
    """
    return key in _ASKED or is_setting(key, callee, (), is_model=False)


CACHES: Final = frozenset({"cache_control", "cacheControl"})
"""Keys of one message, or a block of it, that say how long it stays in a provider's cache."""

_ASKED = {*MODELS, *CAPS, *CACHES, *RETRIES, *SCHEMAS}


COMPUTED: Final = "by a name that code computes: "
"""How the form begins of an entry that only the running program knows."""

TOOL: Final = "tool"
"""The key of what an object is given by decorators, which no call of it says."""


def sends(callee: str, key: str | None) -> bool:
    """Whether an argument of a call is sent, by its name or by what is called."""
    if key is not None:
        return key in KEYS
    return callee in RUN_A_MODEL or makes(callee)


def gives_an_answer(callee: str, keys: Container[str]) -> bool:
    """Whether a call runs a model, by its name or by both halves of a request among its keys."""
    if callee in RUN_A_MODEL:
        return True
    return is_whole(keys) and _MAKES_A_TEXT.search(callee) is None


def sends_both(callee: str) -> bool:
    """Whether what is given both halves of a request sends them, and neither looks nor makes."""
    return bool(callee) and not only_looks(callee) and not _MAKES_A_TEXT.search(callee)


_MAKES_A_TEXT = re.compile(r"(?i)prompt|message|instruction|template|pad|join|repeat|format")


def makes(callee: str) -> bool:
    """Whether a call makes an object of its own, as `SystemMessage(…)` does."""
    name = callee.lstrip("_")
    is_class = name[:1].isupper() and not name.isupper() and name not in _OF_THE_LANGUAGE
    return is_class and not callee.endswith(("Error", "Exception"))


_OF_THE_LANGUAGE = {"String", "Array", "Object", "Number"}
"""Classes of JavaScript whose functions do something with what they are given."""


def only_looks(callee: str) -> bool:
    """Whether a call looks at a text and sends nothing of it: it counts, hashes or logs."""
    return callee in LOOKING or any(word in callee.lower() for word in LOOKING_WORDS)


def is_role(value: object) -> bool:
    """Whether the first of a pair says who speaks: `("system", TEXT)`."""
    return value in _ROLES
