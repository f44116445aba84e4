from collections.abc import Mapping
from typing import Any

import pytest

from reviewbot.records import Record, field_names, replace


class Point(Record):
    x: int
    y: int = 0


class Named(Point):
    name: str
    label: str = "none"


class Twin(Record):
    x: int
    y: int = 0


class Holder(Record):
    entries: Mapping[str, int] = {}


def made(record_type: type[Record], values: Mapping[str, Any]) -> Record:
    return record_type(**values)


def test_fields_and_defaults() -> None:
    assert (Point(x=1).x, Point(x=1).y, Point(x=1, y=2).y) == (1, 0, 2)
    assert field_names(Point) == ("x", "y")


def test_a_default_can_be_overridden_by_none() -> None:
    class Optional(Record):
        limit: int | None = 5

    assert Optional(limit=None).limit is None
    assert Optional().limit == 5


@pytest.mark.parametrize(
    "values",
    [{}, {"y": 1}, {"x": 1, "y": 2, "z": 3}],
    ids=["nothing", "missing", "one too many"],
)
def test_other_fields_are_refused_by_name(values: dict[str, int]) -> None:
    with pytest.raises(TypeError, match=r"^Point takes x, y; got"):
        made(Point, values)


@pytest.mark.parametrize("values", [{"z": 1}, {"x": 1, "z": 2}, {"y": 1, "z": 2}])
def test_an_unknown_field_in_the_place_of_another(values: dict[str, int]) -> None:
    with pytest.raises(TypeError, match=r"^Point takes x, y; got"):
        made(Point, values)


def test_fields_are_given_by_name_only() -> None:
    with pytest.raises(TypeError, match="positional"):
        Point(1)  # type: ignore[call-arg]


def test_records_are_frozen() -> None:
    point = Point(x=1)
    with pytest.raises(AttributeError, match="Point is frozen"):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(AttributeError, match="Point is frozen"):
        del point.x
    with pytest.raises(AttributeError, match="Point is frozen"):
        point.other = 2
    assert point == Point(x=1)


def test_records_hold_nothing_but_their_fields() -> None:
    assert not hasattr(Point(x=1), "__dict__")
    assert not hasattr(Named(x=1, name="n"), "__dict__")


def test_equality_is_by_class_and_fields() -> None:
    assert Point(x=1) == Point(x=1, y=0)
    assert Point(x=1) != Point(x=2)
    assert Point(x=1) != Point(x=1, y=1)
    assert Point(x=1) != Twin(x=1)
    assert Named(x=1, name="n") != Point(x=1)
    assert Point(x=1).__eq__((1, 0)) is False


def test_equal_records_are_one_in_a_set() -> None:
    assert len({Point(x=1), Point(x=1, y=0), Point(x=2), Twin(x=1)}) == 3


def test_a_record_of_what_cannot_be_hashed_cannot_be_hashed() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(Holder())


def test_repr_is_how_the_record_is_made() -> None:
    point = Named(x=1, name="it's")
    assert repr(point) == """Named(x=1, y=0, name="it's", label='none')"""


def test_inheritance() -> None:
    named = Named(x=1, name="n")
    assert isinstance(named, Point)
    assert field_names(Named) == ("x", "y", "name", "label")
    assert (named.x, named.y, named.name, named.label) == (1, 0, "n", "none")
    assert field_names(Point) == ("x", "y"), "the parent is as it was"
    with pytest.raises(TypeError, match=r"^Named takes x, y, name, label; got"):
        made(Named, {"x": 1})


def test_a_subclass_may_give_a_field_another_default() -> None:
    class Farther(Point):
        y: int = 7

    assert (Farther(x=1).y, Point(x=1).y) == (7, 0)


def test_replace_changes_a_copy() -> None:
    point = Point(x=1, y=2)
    assert replace(point, x=5) == Point(x=5, y=2)
    assert replace(point) == point
    assert point == Point(x=1, y=2)
    assert type(replace(Named(x=1, name="n"), name="m")) is Named


def test_replace_refuses_other_fields() -> None:
    with pytest.raises(TypeError, match=r"Point takes x, y; got"):
        replace(Point(x=1), z=3)


def test_replaced_defaults_are_not_shared() -> None:
    first = Holder()
    second = replace(first, entries={"a": 1})
    assert (first.entries, second.entries, Holder().entries) == ({}, {"a": 1}, {})
