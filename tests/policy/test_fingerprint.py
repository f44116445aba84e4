"""The digest that an approval is bound to is that of one JSON text, however it is put together."""

import json
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest

from reviewbot.policy.fingerprint import digest

FEW = [["a", 1, None], {"é": [True]}]
MANY = [[str(number), ["text"] * 20] for number in range(40)]


@pytest.mark.parametrize(
    "parts",
    [
        (),
        ("one",),
        (FEW, FEW),
        (MANY, MANY, FEW, FEW, MANY),
        ("same", "same", None, None, [FEW, MANY]),
    ],
)
def test_equal_neighbours_count_as_often_as_they_are_there(parts: tuple[Any, ...]) -> None:
    text = json.dumps(parts, separators=(",", ":"))
    assert digest(*parts) == sha256(text.encode()).hexdigest()


def test_numbers_are_equal_however_they_are_written() -> None:
    assert digest(Decimal("1.50"), (Decimal(20),)) == digest(Decimal("1.5"), [Decimal("2e1")])
