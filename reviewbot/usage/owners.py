"""Whose a call is: the configured place of workflow, tenant and environment in a log, as SQL."""

from collections.abc import Callable

from reviewbot.configuration.usage_settings import LogSource, Origin
from reviewbot.usage.readers import Owner
from reviewbot.usage.sql_text import coalesce, literal, text_or_null

OWNERS = ("workflow", "tenant", "environment")


def owner_columns(
    source: LogSource, owner: Owner, *, text: Callable[[str], str], tags: str | None
) -> dict[str, str]:
    """The columns of OWNERS: as the source configures them, else as the format has them.

    `text` gives the SQL of a field, `tags` that of the list of tags; None where there are none.
    """
    return {
        name: _column(getattr(source, name), getattr(owner, name), text, tags) for name in OWNERS
    }


def _column(
    configured: Origin | None,
    usual: tuple[Origin, ...],
    text: Callable[[str], str],
    tags: str | None,
) -> str:
    if configured is not None and (configured.field or configured.tag):
        found = _place(configured, text, tags)
    else:
        found = coalesce(text_or_null(_place(origin, text, tags)) for origin in usual)
    if configured is not None and configured.pattern is not None:
        found = f"regexp_extract({found}, {literal(configured.pattern)}, 1)"
    if configured is not None and configured.names:
        cases = " ".join(
            f"WHEN {literal(key)} THEN {literal(name)}" for key, name in configured.names
        )
        found = f"CASE {found} {cases} ELSE {found} END"
    return text_or_null(f"CAST({found} AS VARCHAR)")


def _place(origin: Origin, text: Callable[[str], str], tags: str | None) -> str:
    if origin.tag is None:
        return text(origin.field or "")
    if tags is None:
        return "NULL"
    tag = literal(origin.tag)
    found = f"list_extract(list_filter({tags}, lambda tag: starts_with(tag, {tag})), 1)"
    return f"substr({found}, {len(origin.tag) + 1})"
