"""A sheet of cells with formulas, computed in exact fractions; it knows nothing of reviewbot.

A formula is made of numbers, names of other cells (`answer.after.usd_per_month`), texts in quotation
marks for the functions that take them, + - * / **, comparisons, parentheses and functions.
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any


def rounded(value: Fraction, digits: Fraction) -> Fraction:
    """`value` at so many digits behind the point; a half goes to the even digit."""
    step = Fraction(10) ** -int(digits)
    return round(value / step) * step


def rounded_up(value: Fraction, digits: Fraction) -> Fraction:
    step = Fraction(10) ** -int(digits)
    return math.ceil(value / step) * step


def months_within(limit: Fraction, *months: Fraction) -> Fraction:
    """How many of the months, from the first on, are not above the limit; the last one is."""
    number = next(number for number, amount in enumerate(months) if amount > limit)
    return Fraction(number)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "SUM": lambda *items: sum(items, Fraction(0)),
    "MIN": min,
    "MAX": max,
    "FLOOR": lambda value: Fraction(math.floor(value)),
    "CEILING": lambda value: Fraction(math.ceil(value)),
    "ROUND": rounded,
    "ROUNDUP": rounded_up,
    "IF": lambda condition, then, otherwise: then if condition else otherwise,
    "MONTHS_WITHIN": months_within,
}
_OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: lambda base, power: Fraction(base ** int(power)),
    ast.Lt: operator.lt,
    ast.GtE: operator.ge,
}


class Sheet:
    """Computes the cells of `formulas`; each once."""

    def __init__(
        self, formulas: Mapping[str, str], functions: Mapping[str, Callable[..., Any]]
    ) -> None:
        self._formulas = formulas
        self._functions = {**FUNCTIONS, **functions}
        self._values: dict[str, Any] = {}
        self.used: set[str] = set()
        """The cells that formulas of others name."""

    def __getitem__(self, cell: str) -> Fraction:
        if cell not in self._values:
            self._values[cell] = None
            self._values[cell] = self._formula(self._formulas[cell])
        value = self._values[cell]
        assert isinstance(value, Fraction), f"{cell} is made of itself, or is no number"
        return value

    def _formula(self, formula: str) -> Any:
        def value(node: ast.expr) -> Any:
            match node:
                case ast.Constant(value=given):
                    text = ast.get_source_segment(formula, node) or ""
                    return given if isinstance(given, str) else Fraction(text)
                case ast.Name() | ast.Attribute():
                    self.used.add(ast.unparse(node))
                    return self[ast.unparse(node)]
                case ast.BinOp():
                    return _OPERATORS[type(node.op)](value(node.left), value(node.right))
                case ast.Compare(ops=[sign], comparators=[other]):
                    return _OPERATORS[type(sign)](value(node.left), value(other))
                case ast.UnaryOp(op=ast.USub()):
                    return -value(node.operand)
                case ast.Call(func=ast.Name(id=name)):
                    return self._functions[name](*map(value, node.args))
                case _:
                    raise AssertionError(f"not understood in {formula}: {ast.dump(node)}")

        return value(ast.parse(formula, mode="eval").body)


def shown(value: Fraction) -> str:
    """A number that ends, with all of its digits."""
    digits = next(digits for digits in range(100) if (value * 10**digits).denominator == 1)
    number = Decimal(int(value * 10**digits)).scaleb(-digits)
    return format(number.normalize(), "f") if number else "0"
