"""Fields of JSON lines whose objects and lists stand there as text: `"metadata": "{}"`.

Databases write a column of JSON so, and CSV always does. What is neither is told with its field.
"""

from collections.abc import Sequence

from reviewbot.errors import MeasurementError, Place, Problem
from reviewbot.usage.engine import Engine
from reviewbot.usage.row_lines import line_of_row
from reviewbot.usage.sources import LogFile
from reviewbot.usage.sql_text import identifier, literal
from reviewbot.usage.tables import JsonTable, unquoted

_MEND = "export it as an object or a list, or name the log's own format with --log-type"


def quoted_fields(engine: Engine, table: JsonTable, files: Sequence[LogFile]) -> frozenset[str]:
    """The outermost fields with JSON as text in some row of the files, out of those asked for.

    Raises:
        MeasurementError: A file is malformed, or what should be an object or a list is neither.

    """
    paths = list(table.nested())
    outer = list(dict.fromkeys(path[0] for path in paths))
    if not outer:
        return frozenset()
    rows = table.undecided(outer)
    is_text = ", ".join(f"bool_or(json_type({identifier(name)}) = 'VARCHAR')" for name in outer)
    wrong = [_is_wrong(table, path) for path in paths]
    counts = ", ".join(f"count(*) FILTER ({condition})" for condition in wrong)
    quoted: set[str] = set()
    problems = []
    for file in files:
        query = f"SELECT count(*), {is_text}, {counts} FROM {rows}"
        whole, *found = engine.run(query, [[file.path]])[0]
        quoted |= {name for name, is_there in zip(outer, found, strict=False) if is_there}
        for path, condition, count in zip(paths, wrong, found[len(outer) :], strict=True):
            if count:
                number = _first_row(engine, rows, condition, file)
                kind = "list" if table.is_list(path) else "object"
                what = f"`{'.'.join(path)}` is no {kind} in {count:,} of {whole:,} rows"
                where = Place(file=file.name, line=line_of_row(file, number))
                first = f" (the first is row {number:,})"
                problems.append(Problem(what=what + first, mend=_MEND, place=where))
    if problems:
        raise MeasurementError(problems)
    return frozenset(quoted)


def _is_wrong(table: JsonTable, path: tuple[str, ...]) -> str:
    """The condition that a row has something else at a path than an object or a list."""
    document = unquoted(path[0])
    steps = "".join(f".{identifier(name)}" for name in path[1:])
    found = f"json_extract({document}, {literal('$' + steps)})" if steps else document
    wanted = "ARRAY" if table.is_list(path) else "OBJECT"
    return f"json_type({found}) NOT IN ('NULL', '{wanted}')"


def _first_row(engine: Engine, rows: str, condition: str, file: LogFile) -> int:
    """The number of the first row of a file that meets the condition, from 1."""
    numbered = f"SELECT {condition} AS is_wrong, row_number() OVER () AS number FROM {rows}"
    with engine.in_order() as reading:
        query = f"SELECT min(number) FROM ({numbered}) WHERE is_wrong"
        ((number,),) = reading.run(query, [[file.path]])
    return int(number)
