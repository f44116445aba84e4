"""Sample files: what they say, and what can be wrong with them."""

from decimal import Decimal

import pytest

from reviewbot.configuration.reading import read_sample
from reviewbot.documents import parse_yaml
from reviewbot.errors import MeasurementError, Place
from reviewbot.prompt import Sample

# samples


def sample(text: str, name: str = "long") -> Sample:
    return read_sample(parse_yaml(text, file="s.yaml"), file="s.yaml", name=name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: {tokens: 9}\n", Sample(name="long", variables={"a": 1, "b": {"tokens": 9}})),
        ("{}", Sample(name="long", variables={})),
        (
            "name: other\nweight: 2.5\nvariables: {a: x}\n",
            Sample(name="other", weight=Decimal("2.5"), variables={"a": "x"}),
        ),
        ("variables: {a: x}", Sample(name="long", variables={"a": "x"})),
        (
            "name: Ann\nweight: 70 kg\n",
            Sample(name="long", variables={"name": "Ann", "weight": "70 kg"}),
        ),
        ("variables: {}\nmore: 1\n", Sample(name="long", variables={"variables": {}, "more": 1})),
        ("name: a\nvariable: {}\n", Sample(name="long", variables={"name": "a", "variable": {}})),
        ("name: a\nvariabels: 1\n", Sample(name="long", variables={"name": "a", "variabels": 1})),
        ("variabels: {}\n", Sample(name="long", variables={"variabels": {}})),
        ("flag: no\nnothing:\n", Sample(name="long", variables={"flag": "no", "nothing": None})),
    ],
)
def test_samples(text: str, expected: Sample) -> None:
    assert sample(text) == expected


@pytest.mark.parametrize(
    ("text", "line", "key", "what"),
    [
        ("[a]", 1, None, "this is not a mapping"),
        ("", 1, None, "nothing stands here"),
        ("variables: [a]", 1, "variables", "this is not a mapping"),
        ("variables: {}\nweight: 0\n", 2, "weight", "'0' is not a number above zero (zero)"),
        ("name: a\nwieght: 9\nvariables: {}\n", 2, "wieght", "the key 'wieght' is unknown"),
        ("name: a\nvariabels: {b: 1}\n", 2, "variabels", "the key 'variabels' is unknown"),
        ("nme: a\nvariables: {}\n", 1, "nme", "the key 'nme' is unknown"),
        ("variables: {}\nname: [x]\n", 2, "name", "this is a list, and not a name"),
        ("variables: {}\n\nweight: heavy\n", 3, "weight", "'heavy' is not a number above zero"),
        (
            "variables:\n  a: {tokens: 1,200}\n",
            2,
            "variables.a.200",
            "YAML reads the unquoted `1,2",
        ),
        ("a:\n- {price: 1,200}\n", 2, "a[0].200", "YAML reads the unquoted `1,200` as `1` and"),
    ],
)
def test_samples_that_are_wrong(text: str, line: int, key: str | None, what: str) -> None:
    with pytest.raises(MeasurementError) as caught:
        sample(text)
    (problem,) = caught.value.problems
    assert problem.place == Place(file="s.yaml", line=line, key=key)
    assert problem.what.startswith(what)
    assert problem.mend


def test_all_mistakes_in_a_sample_are_told() -> None:
    with pytest.raises(MeasurementError) as caught:
        sample("name: ''\nweight: -1\nvariables: 3\n")
    places = [problem.place for problem in caught.value.problems]
    assert {place.key for place in places if place} == {"name", "weight", "variables"}
