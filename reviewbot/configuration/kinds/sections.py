"""Mappings with known keys, and the message for a key that is unknown."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from reviewbot.configuration.kinds.positions import (
    At,
    Kind,
    MisplacedKey,
    MissingKey,
    RejectedError,
    Schema,
    need_mapping,
    read_all,
    shown,
    shown_key,
)
from reviewbot.configuration.kinds.single import Amount
from reviewbot.configuration.kinds.unknown_keys import BELONGS, unknown_key
from reviewbot.configuration.meant_values import amount_meant, typed
from reviewbot.documents import Entry, MappingNode, Node, Scalar
from reviewbot.errors import Problem

T = TypeVar("T")

_SHOWN_CHARACTERS = 60


class Field:
    """One key of a `Section`: its kind, what it means, and whether it must be there."""

    def __init__(self, kind: Kind[Any], meaning: str, *, required: bool = False) -> None:
        self.kind = kind
        self.meaning = meaning
        self.required = required


class Section(Generic[T]):
    """A mapping with known keys. `build` gets the values as keyword arguments, and the position.

    `check` reports keys that contradict each other. It is called with the values that could be
    read, also where others are wrong, so that one run reports all problems. `needs_one` are keys of
    which one has to be there; it is for the schema, and `build` or `check` reports it.
    """

    def __init__(
        self,
        build: Callable[..., T],
        fields: Mapping[str, Field],
        check: Callable[[At, MappingNode, Mapping[str, Any]], None] | None = None,
        *,
        needs_one: Sequence[str] = (),
    ) -> None:
        self.build = build
        self.fields = fields
        self.check = check
        self.needs_one = needs_one

    def read(self, node: Node, at: At) -> T:
        """What `build` makes of the fields."""
        self._refuse_bare(node, at)
        mapping = need_mapping(node, at, f"{next(iter(self.fields))}: …")
        known = len(at.problems)
        misspelt, halves = _refuse_unknown(mapping, self.fields, at)
        is_known = len(at.problems) == known
        present = {entry.key: entry for entry in mapping.entries if entry.key in self.fields}
        missing = [k for k, wanted in self.fields.items() if wanted.required and k not in present]
        for key in (key for key in missing if key not in misspelt):
            mend = f"add it: {self.fields[key].meaning}"
            what, missed = f"the key `{key}` is missing", at.into(key).place(node.line)
            at.problems.append(MissingKey(what=what, mend=mend, place=missed))
        is_good = not missing and not halves
        try:
            values = read_all(
                (key, self.fields[key].kind, entry.value, at.into(key))
                for key, entry in present.items()
                if key not in halves
            )
        except RejectedError as error:
            values, is_good = error.good, False
        if self.check is not None:
            self.check(at, mapping, values)
        if not is_good or (self.check is not None and len(at.problems) > known):
            raise RejectedError
        # what an unknown key leads to is no second mistake
        place = at if is_known else At(at.file, at.key, [])
        return self.build(at=place, line=node.line, **values)

    def _refuse_bare(self, node: Node, at: At) -> None:
        """Refuse a value that is right for the first key, and stands there without it."""
        name = at.key.rpartition(".")[2]
        if not isinstance(node, Scalar) or node.value is None or name.endswith("]"):
            return
        if not node.text.isprintable() or len(node.text) > _SHOWN_CHARACTERS:
            return
        first, field = next(iter(self.fields.items()))
        value = node.text
        try:
            field.kind.read(node, At(at.file, at.key, []))
        except RejectedError:
            mend = field.kind.instead_of(value) if isinstance(field.kind, Amount) else ""
            meant = re.fullmatch(r"write ([^`\s]{1,60})", mend)
            if meant is None:
                return
            value = meant[1]
        mend = f"write `{name}: {{{first}: {typed(value)}}}`"
        if name == "match" and value.lower() in _ALL:
            mend = "write `match: {}`, which is all"
        raise at.reject(node.line, "this is not a mapping", mend)

    def schema(self) -> Schema:
        """An object without further properties."""
        choice = {"anyOf": [{"required": [key]} for key in self.needs_one]}
        return {
            **(choice if self.needs_one else {}),
            "type": "object",
            "properties": {
                key: field.kind.schema() | {"description": field.meaning}
                for key, field in self.fields.items()
            },
            "required": [key for key, field in self.fields.items() if field.required],
            "additionalProperties": False,
        }


_ALL = ("*", "all", "any", "every", "everything")


def section(build: Callable[..., T], fields: Mapping[str, Field]) -> Section[T]:
    """A `Section` whose keys are the keyword arguments of `build`, which needs no position."""

    def without_place(at: At, line: int, **values: Any) -> T:
        del at, line
        return build(**values)

    return Section(without_place, fields)


def _refuse_unknown(
    mapping: MappingNode, known: Mapping[str, Field], at: At
) -> tuple[set[str], set[str]]:
    """Report each unknown key; the known keys that were meant, and those with half an amount."""
    meant: set[str] = set()
    halves: set[str] = set()
    before: Entry | None = None
    for entry in mapping.entries:
        if entry.key not in known:
            kind = known[before.key].kind if before and before.key in known else None
            split = split_amount(entry, before, kind)
            is_half = split is not None
            split = split or _stray_workflow(entry, known)
            near, what, mend = (None, *split) if split else unknown_key(entry.key, known, at)
            meant |= {near} if near is not None else set()
            halves |= {before.key} if is_half and before else set()
            kind_of = MisplacedKey if mend.startswith(BELONGS) else Problem
            place = at.into(shown_key(entry.key)).place(entry.key_line)
            at.problems.append(kind_of(what=what, mend=mend, place=place))
        before = entry
    return meant, halves


def split_amount(
    entry: Entry, before: Entry | None, kind: Kind[Any] | None = None
) -> tuple[str, str] | None:
    """What is wrong with the second half of an amount that YAML splits at its comma.

    `kind` is what the key of the first half takes.
    """
    if (
        before is not None
        and _BEHIND_COMMA.fullmatch(entry.key)
        and isinstance(entry.value, Scalar)
        and entry.value.value is None
        and isinstance(before.value, Scalar)
        and re.fullmatch(r"[“”„‘]?\$?[0-9]{1,3}(\.[0-9]{3}){0,4}", before.value.text)
    ):
        split = f"{before.value.text},{entry.key}"
        plain = split.strip("“”„‘’")
        meant = amount_meant(plain, lambda _: True)
        if isinstance(kind, Amount) and (mend := kind.instead_of(plain)):
            meant = "", mend
        return (
            f"YAML reads the unquoted `{split}` as `{before.value.text}` and a key `{entry.key}`",
            meant[1] if meant else f'quote it, "{plain}", or write {plain.replace(",", "_")}',
        )
    return None


_BEHIND_COMMA = re.compile(
    r"(?:[0-9]{3}(?:\.[0-9]{1,9})?|[0-9]{1,2})(?: ?(?:USD|US\$|%))?(?:/[a-z]{1,9})?[”“’]?"
)


def _stray_workflow(entry: Entry, known: Mapping[str, Field]) -> tuple[str, str] | None:
    """What is wrong with a workflow whose lines are not indented; None for what is none."""
    if "workflows" not in known or not isinstance(entry.value, MappingNode):
        return None
    if entry.value.get("prompts") is None:
        return None
    what = f"{shown(entry.key)} seems to be a workflow, and stands beside `workflows`"
    return what, "indent it and its lines by 2 blanks more, below `workflows:`"
