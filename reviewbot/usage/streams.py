"""Streams in the engine: whose calls they are, under the names that the configuration has."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration import settings as configured
from reviewbot.configuration.settings import BudgetMatch, Configuration
from reviewbot.costs.price_lookup import PriceLookup
from reviewbot.errors import MeasurementError, Problem
from reviewbot.usage.aggregate import OTHER, Stream, Unmapped
from reviewbot.usage.computed_spend import KnownModel, identify
from reviewbot.usage.engine import Engine
from reviewbot.usage.loading import Source
from reviewbot.usage.offered_sources import named_workflow, place_of_workflow
from reviewbot.usage.sql_text import literal

_MOST_MODELS = 10_000


_JOIN = """JOIN models ON label_sets.provider IS NOT DISTINCT FROM models.provider
    AND label_sets.model IS NOT DISTINCT FROM models.model
    AND label_sets.service_tier = models.service_tier"""


class Names(Struct, frozen=True, kw_only=True):
    """The names that the configuration has; no other leaves the log.

    `mapped` are workflows that `usage.sources` lead to, whether there are such or not.
    """

    workflow: frozenset[str]
    tenant: frozenset[str]
    environment: frozenset[str]
    mapped: frozenset[str] = frozenset()


_KINDS = ("workflow", "tenant", "environment")


def names_of(configuration: Configuration) -> Names:
    """The names of workflows, and those in traffic and budgets."""
    streams = [item for workflow in configuration.workflows.values() for item in workflow.traffic]
    slices = [budget.match for budget in configuration.budgets]
    labelled: list[configured.Stream | BudgetMatch] = [*streams, *slices]
    return Names(
        workflow=frozenset(configuration.workflows),
        tenant=frozenset(item.tenant for item in labelled if item.tenant),
        environment=frozenset(item.environment for item in labelled if item.environment),
        mapped=frozenset(
            name
            for source in configuration.usage.sources
            if source.workflow
            for _, name in source.workflow.names
        ),
    )


def make_streams(
    engine: Engine, names: Names, catalogue: PriceLookup
) -> Mapping[int, tuple[Stream, KnownModel]]:
    """Make the table `streams`, of labels as they leave the log; what its numbers stand for.

    Raises:
        MeasurementError: There are too many models.

    """
    models = _models(engine, catalogue)
    labels = {
        "our_workflow": f"CASE WHEN {_is_named('workflow', names)} THEN workflow END",
        **{
            f"our_{kind}": f"CASE WHEN {kind} IS NULL OR {_is_named(kind, names)} THEN {kind}"
            f" ELSE {literal(OTHER)} END"
            for kind in ("tenant", "environment")
        },
    }
    selected = ", ".join(f"{sql} AS {name}" for name, sql in labels.items())
    by = ", ".join((*labels, "number", "service_tier"))
    engine.run(
        f"CREATE TABLE streams AS SELECT *, dense_rank() OVER (ORDER BY {by}) AS stream"
        f" FROM (SELECT label_sets.*, {selected}, number, starts FROM label_sets {_JOIN}"
        " WHERE kind = 'call')"
    )
    return {
        stream: (
            Stream(
                workflow=workflow,
                tenant=tenant,
                environment=environment,
                model=models[number].name,
                service_tier=service_tier,
            ),
            models[number],
        )
        for stream, workflow, tenant, environment, number, service_tier in engine.run(
            f"SELECT DISTINCT stream, {by} FROM streams"
        )
    }


def unnamed(engine: Engine, names: Names, within: str) -> Mapping[str, int]:
    """How many names of each kind the configuration lacks."""
    counts = ", ".join(
        f"count(DISTINCT {kind}) FILTER (WHERE NOT {_is_named(kind, names)})" for kind in _KINDS
    )
    (found,) = engine.run(
        f"SELECT {counts} FROM label_sets WHERE label_set IN"
        f" (SELECT label_set FROM labelled WHERE {within})"
    )
    return dict(zip(_KINDS, found, strict=True))


def unmapped(engine: Engine, names: Names, within: str, sources: Sequence[Source]) -> Unmapped:
    """Which names of the mapping and of the log are no workflow's, and what to write."""
    within_period = f"label_set IN (SELECT label_set FROM labelled WHERE {within})"
    wanted = ", ".join(map(literal, sorted(names.mapped - names.workflow))) or "NULL"
    found = engine.run(
        f"SELECT DISTINCT workflow FROM label_sets WHERE {within_period}"
        f" AND workflow IN ({wanted}) ORDER BY workflow"
    )
    near = _near(engine, names, within_period)
    meant = near[0] if len(near) == 1 else "WORKFLOW"
    return Unmapped(
        lacking=tuple(name for (name,) in found),
        near=near,
        mends=tuple(_mends(engine, names, within, sources, meant)),
    )


def _mends(
    engine: Engine, names: Names, within: str, sources: Sequence[Source], meant: str
) -> Iterator[str]:
    """What to write for each source whose calls are of no workflow."""
    known = replace(names, workflow=names.workflow | names.mapped)
    has_name = f"workflow IS NOT NULL AND NOT {_is_named('workflow', known)}"
    for source in sources:
        ((has_others, has_none),) = engine.run(
            f"SELECT bool_or({has_name}), bool_or(workflow IS NULL) FROM labelled WHERE {within}"
            " AND list_contains($1, filename)",
            [[file.path for file in source.files]],
        )
        if has_others:
            yield named_workflow(source.settings, meant)
        elif has_none:
            yield place_of_workflow(source.settings)


def _near(engine: Engine, names: Names, within_period: str) -> tuple[str, ...]:
    """The workflows of which a name in the log is probably a slip; its own words stay there."""
    import difflib

    found = engine.run(
        f"SELECT DISTINCT workflow FROM label_sets WHERE {within_period} AND workflow IS NOT NULL"
        f" AND NOT {_is_named('workflow', names)} ORDER BY workflow LIMIT {_MOST_COMPARED}"
    )
    known = sorted(names.workflow)
    alike = (difflib.get_close_matches(name[:_LONGEST], known, 1, _ALIKE) for (name,) in found)
    return tuple(sorted({name for near in alike for name in near}))


_MOST_COMPARED = 200
_LONGEST = 100
_ALIKE = 0.8
"""How alike two names have to be, from 0 to 1."""


def _models(engine: Engine, catalogue: PriceLookup) -> list[KnownModel]:
    """What is known of the models, by the number that they get in the table `models`."""
    found = engine.run(
        "SELECT DISTINCT provider, model, service_tier FROM label_sets WHERE kind = 'call'"
        f" ORDER BY ALL LIMIT {_MOST_MODELS + 1}"
    )
    if len(found) > _MOST_MODELS:
        what = f"the log has more than {_MOST_MODELS:,} models"
        raise MeasurementError([Problem(what=what, mend="check which field is mapped to `model`")])
    engine.run(
        "CREATE TABLE models (provider VARCHAR, model VARCHAR, service_tier VARCHAR,"
        " number INTEGER, starts BIGINT[])"
    )
    known = []
    for number, (provider, model, service_tier) in enumerate(found):
        known.append(identify(catalogue, provider, model, service_tier))
        engine.run(
            "INSERT INTO models VALUES (?, ?, ?, ?, ?)",
            [provider, model, service_tier, number, list(known[-1].starts)],
        )
    return known


def _is_named(kind: str, names: Names) -> str:
    known = ", ".join(map(literal, sorted(getattr(names, kind))))
    return f"coalesce({kind} IN ({known}), false)" if known else "false"
