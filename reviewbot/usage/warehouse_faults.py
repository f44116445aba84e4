"""What the errors of engines mean. Their own words may hold a password, or values of the log."""

import shlex
from enum import Enum

from msgspec import Struct


class Stage(Enum):
    """What was begun when an engine refused."""

    CONNECT = "the connection"
    TABLE = "the table"
    QUERY = "the query"


_ABSENT = (
    *("unknown_table", "unknown_database", "table_not_found", "table_or_view_not_found"),
    *("schema_not_found", "catalog_not_found", "not found: table", "not found: dataset"),
    *("does not exist", "doesn't exist", "tablenotfound"),
)
_NO_JAVA = ("java gateway", "java_gateway", "java_home")
_UNREACHABLE = (
    *("connection refused", "name or service", "failed to resolve", "getaddrinfo", "unreachable"),
    *("max retries", "timed out", "timeout", "connection reset", "certificate", "ssl", "no route"),
    *("connection aborted", "failed to connect", "cannot open database", "could not set lock"),
)
_NO_LOGIN = (
    *("authentication", "unauthorized", "401", "password", "credential", "invalid token", "login"),
)
_NOT_SETTABLE = ("in readonly mode", "session_timezone")
_NOT_ALLOWED = (
    *("permission", "denied", "not authorized", "privilege", "forbidden", "403", "readonly"),
)


class Meaning(Struct, frozen=True, kw_only=True):
    """What is wrong, and its mend; `is_of_command` where the command line is."""

    what: str
    mend: str
    is_of_command: bool = False


def meaning(error: Exception, stage: Stage, *, table: str, dialect: str) -> Meaning:
    """What an engine's error means."""
    text = f"{type(error).__name__} {error}".lower()

    # some drivers connect when they are asked for the table
    def has(words: tuple[str, ...]) -> bool:
        return any(word in text for word in words)

    if has(_NO_JAVA):
        what, mend = "Spark found no Java to run on", "install Java 17 or later, and set JAVA_HOME"
    elif stage is Stage.TABLE and has(_ABSENT):
        what = f"there is no table `{table}`, or the login may not see it"
        mend = "name it as the engine does: --table database.table"
        return Meaning(what=what, mend=mend, is_of_command=True)
    elif has(_NOT_SETTABLE):
        what = "the login may not set the time zone of its session"
        mend = "let it: ClickHouse's `readonly = 2` does, and `readonly = 1` does not"
    elif stage is not Stage.QUERY and has(_NO_LOGIN):
        what, mend = "the engine refuses the login", "look at user and password of the URL"
    elif has(_NOT_ALLOWED):
        what = f"the login may not do that ({stage.value})"
        mend = "let it read the table: it needs no other right"
    elif stage is not Stage.QUERY and has(_UNREACHABLE):
        what = "the engine cannot be reached"
        mend = "look at host, port and database of the URL, and whether it runs"
    elif stage is Stage.CONNECT:
        what = f"the engine refuses {stage.value} ({type(error).__name__})"
        mend = "look at every part of the URL; the engine's own client says more"
    else:
        what = f"the engine refuses {stage.value} ({type(error).__name__})"
        query = f"reviewbot usage --print-sql {dialect} --table {shlex.quote(table)}"
        mend = f"let its own client run the query, and say why: {query}"
    return Meaning(what=what, mend=mend)
