"""Frozen values with keyword-only fields, as dataclasses are, but free to define.

A command that finds nothing to review defines some seventy of them and must be over in the time of
two imports: `dataclasses` takes 10 ms to import and 0.6 ms a class, `msgspec` 22 ms to import.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, ClassVar, TypeVar, dataclass_transform

RecordT = TypeVar("RecordT", bound="Record")


def _no_values(record: object) -> tuple[()]:
    del record
    return ()


class _RecordType(type):
    def __new__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]
    ) -> "_RecordType":
        annotated = tuple(namespace.get("__annotations__", ())) if bases else ()
        defaults = {key: namespace.pop(key) for key in annotated if key in namespace}
        inherited = getattr(bases[0], "_fields", ()) if bases else ()
        own = tuple(key for key in annotated if key not in inherited)
        made = super().__new__(cls, name, bases, {**namespace, "__slots__": own})
        if bases:
            parent: Any = bases[0]
            fields = (*inherited, *own)
            made._fields = fields  # type: ignore[attr-defined]
            earlier = parent._defaults  # noqa: SLF001 - the class is being made here
            made._defaults = earlier | defaults  # type: ignore[attr-defined]
            made._values = attrgetter(*fields) if fields else _no_values  # type: ignore[attr-defined]
        return made


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Record(metaclass=_RecordType):
    """Base of all frozen values: subclasses annotate their fields, with or without a default.

    Two are equal when they are of one class and their fields are equal; a record whose fields can
    be hashed can be hashed.
    """

    _fields: ClassVar[tuple[str, ...]] = ()
    _defaults: ClassVar[dict[str, Any]] = {}
    _values: ClassVar[Callable[[Any], Any]]

    def __init__(self, **values: Any) -> None:
        fields = self._fields
        if len(values) != len(fields):
            values = self._defaults | values
        try:
            for name in fields:
                object.__setattr__(self, name, values[name])
        except KeyError:
            raise _wrong_fields(self, values) from None
        if len(values) != len(fields):
            raise _wrong_fields(self, values)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        kind = type(self)
        return kind is type(other) and kind._values(self) == kind._values(other)

    def __hash__(self) -> int:
        kind: Any = type(self)
        return hash((kind, kind._values(self)))  # noqa: SLF001 - its own class

    def __repr__(self) -> str:
        shown = (f"{name}={getattr(self, name)!r}" for name in self._fields)
        return f"{type(self).__name__}({', '.join(shown)})"


def _wrong_fields(record: Record, values: dict[str, Any]) -> TypeError:
    names = ", ".join(field_names(type(record)))
    return TypeError(f"{type(record).__name__} takes {names}; got {', '.join(values)}")


def field_names(record_type: type[Record]) -> tuple[str, ...]:
    """The names of a record's fields, inherited ones first."""
    return record_type._fields


def replace(record: RecordT, **changes: Any) -> RecordT:
    """A copy of `record` with some fields changed."""
    return type(record)(
        **{name: getattr(record, name) for name in field_names(type(record))} | changes
    )
