"""The position of a value in a file, and the problems that are reported there."""

import re
from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

from reviewbot.documents import ListNode, MappingNode, Node, Scalar
from reviewbot.errors import Place, Problem

K = TypeVar("K")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Schema = dict[str, Any]

_SHOWN_CHARACTERS = 60


class MissingKey(Problem, frozen=True, kw_only=True):
    """A key that has to be there."""


class MisplacedKey(Problem, frozen=True, kw_only=True):
    """A key that belongs elsewhere: what lacks it there is no second mistake."""


class RejectedError(Exception):
    """The value is wrong; its problems have been reported already.

    `good` holds the parts of a list or mapping that are right; None where no part is.
    """

    def __init__(self, good: Any = None) -> None:
        self.good = good
        super().__init__()


def _nowhere(key: str, at: str) -> str | None:
    del key, at
    return None


class At:
    """A position in the file being read, and the list that its problems go to.

    `belongs` says where a key belongs that is unknown at a position, if anywhere.
    """

    def __init__(
        self,
        file: str,
        key: str,
        problems: list[Problem],
        belongs: Callable[[str, str], str | None] = _nowhere,
    ) -> None:
        self.file = file
        self.key = key
        self.problems = problems
        self.belongs = belongs

    def into(self, key: str) -> "At":
        """The position of an entry below this one."""
        return self._at(f"{self.key}.{key}" if self.key else key)

    def item(self, index: int) -> "At":
        """The position of a list's item, counted from 0."""
        return self._at(f"{self.key}[{index}]")

    def _at(self, key: str) -> "At":
        return At(self.file, key, self.problems, self.belongs)

    def place(self, line: int) -> Place:
        """The place of `line` at this position."""
        return Place(file=self.file, line=line, key=self.key or None)

    def report(self, line: int, what: str, mend: str) -> None:
        """Add a problem."""
        self.problems.append(Problem(what=what, mend=mend, place=self.place(line)))

    def reject(self, line: int, what: str, mend: str) -> RejectedError:
        """Add a problem, and give the error to raise."""
        self.report(line, what, mend)
        return RejectedError()


class Kind(Protocol[T_co]):
    """How one kind of value is read and described."""

    def read(self, node: Node, at: At) -> T_co:
        """The value of `node`.

        Raises:
            RejectedError: It is wrong; every reason is among `at.problems`.

        """
        ...

    def schema(self) -> Schema:
        """The JSON Schema (2020-12) of what `read` accepts."""
        ...


def read_all(readings: Iterable[tuple[K, Kind[T], Node, At]]) -> dict[K, T]:
    """Every value read by its kind. All are tried, so that every problem is reported.

    Raises:
        RejectedError: One is wrong. `good` holds the others, and the good parts of wrong ones.
    """
    good: dict[K, T] = {}
    rejected = False
    for key, kind, node, at in readings:
        try:
            good[key] = kind.read(node, at)
        except RejectedError as error:
            rejected = True
            if error.good is not None:
                good[key] = error.good
    if rejected:
        raise RejectedError(good)
    return good


def need_mapping(
    node: Node, at: At, such_as: str = "", *, may_be_empty: bool = False
) -> MappingNode:
    """`node` as a mapping; `such_as` is an entry of one, for the message.

    Raises:
        RejectedError: It is none.

    """
    if isinstance(node, MappingNode):
        return node
    example = f", such as `{such_as}`" if such_as else ""
    if isinstance(node, Scalar) and node.value is None and not node.quoted:
        none = "; where there is none, write `{}`" if may_be_empty else ""
        mend = f"give `key: value` lines{example}{none}"
        raise at.reject(node.line, "nothing stands here", mend)
    items = node.items if isinstance(node, ListNode) else ()
    mappings = [item for item in items if isinstance(item, MappingNode) and item.entries]
    if mappings and len(mappings) == len(items):
        for item in mappings:
            at.report(item.line, "this is a list, and no mapping", _without_dash(item))
        raise RejectedError
    raise at.reject(node.line, "this is not a mapping", f"write it as `key: value` lines{example}")


def _without_dash(item: MappingNode) -> str:
    """How to make an entry of a mapping of a list's item, or the first of its entries."""
    first = item.entries[0]
    is_empty = isinstance(first.value, Scalar) and first.value.value is None
    if len(item.entries) > 1 and not is_empty:
        return "write two blanks instead of `- `"
    key = shown_key(first.key)
    return f"write `{key}:` instead of `- {key}:`"


def shown(text: str) -> str:
    """Text from the file, quoted and cut for a message."""
    return repr(text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…")


def shown_key(key: str) -> str:
    """A key from the file, for a key path."""
    return key if re.fullmatch(r"[\w/:*.@-]{1,80}", key) else shown(key)


def nearest(text: str, words: Iterable[str], *, at_least: float = 0.6) -> str | None:
    """The word that `text` may be a slip of; None where none is as alike, 0 to 1, as asked."""
    import difflib

    near = difflib.get_close_matches(text[:_SHOWN_CHARACTERS], list(words), 1, at_least)
    return near[0] if near else None
