"""Pieces of DuckDB's SQL: names and texts of users, quoted so that they stay names and texts."""

from collections.abc import Iterable


def literal(text: str) -> str:
    """`text` as a string literal."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """`name` as the name of a column or a field."""
    return '"' + name.replace('"', '""') + '"'


def coalesce(expressions: Iterable[str]) -> str:
    """The first of the expressions that is not null."""
    present = tuple(expressions)
    return f"coalesce({', '.join(present)})" if present else "NULL"


def text_or_null(expression: str) -> str:
    """The expression, null where it is an empty text."""
    return f"nullif({expression}, '')"


def state_or_null(expression: str) -> str:
    """What says whether a call succeeded, null where it is blank."""
    return text_or_null(f"trim({expression})")


def number_or_nan(text: str) -> str:
    """A text as a DOUBLE: null stays null, and what is no number (`true`, a list) is NaN.

    JSON's fields are read as text for this: DuckDB makes 1 of a `true` that it reads as a number.
    """
    return (
        f"CASE WHEN {text} IS NOT NULL THEN"
        f" coalesce(try_cast({text} AS DOUBLE), CAST('NaN' AS DOUBLE)) END"
    )


def utc(text: str) -> str:
    """A text as a UTC timestamp: ISO 8601, or seconds, milli-, micro- or nanoseconds since 1970.

    Which unit a number has follows from its size: the ranges of plausible years do not meet.
    """
    number = f"try_cast({text} AS DOUBLE)"
    micros = (
        f"CASE WHEN {number} < 1e11 THEN {number} * 1e6 WHEN {number} < 1e14 THEN {number} * 1e3"
        f" WHEN {number} < 1e17 THEN {number} ELSE {number} / 1e3 END"
    )
    from_number = f"CASE WHEN {number} > 0 AND {number} < 4e18 THEN CAST({micros} AS BIGINT) END"
    from_text = f"epoch_us(try_cast({text} AS TIMESTAMPTZ))"
    return f"make_timestamp(coalesce({from_text}, {from_number}))"
