"""The shape of the configuration file and of a sample file: its keys and what they mean."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from reviewbot import formats
from reviewbot.configuration import scalars
from reviewbot.configuration.kinds import (
    Amount,
    At,
    Choice,
    Data,
    Field,
    Flag,
    ListOf,
    MapOf,
    OneOf,
    Schema,
    Section,
    section,
)
from reviewbot.configuration.settings import (
    Approval,
    Budget,
    Complexity,
    Configuration,
    Coverage,
    Defaults,
    Envelope,
    Limit,
    Override,
    Prices,
    PromptReference,
    SamplePattern,
    ServiceTier,
    Slice,
    Stream,
    TokenLimit,
    Workflow,
)
from reviewbot.documents import MappingNode, Node
from reviewbot.errors import Problem
from reviewbot.prompts import Sample
from reviewbot.records import field_names, replace


def _limit(amount: Amount[Any]) -> Section[Limit]:
    return Section(
        lambda at, line, **limits: Limit(**_ordered(at, line, limits)),
        {
            "soft": Field(amount, "above it the workflow is warned about"),
            "hard": Field(amount, "above it the check fails"),
        },
    )


def _ordered(at: At, line: int, limits: dict[str, Any]) -> dict[str, Any]:
    limits |= {key: Decimal(limits[key]) for key in ("soft", "hard") if key in limits}
    soft, hard = limits.get("soft"), limits.get("hard")
    if soft is None and hard is None:
        at.report(line, "the limit has neither `soft` nor `hard`", "give at least one of them")
    if soft is not None and hard is not None and soft > hard:
        at.report(line, "`soft` is above `hard`", "give a soft limit below the hard one")
    return limits


_TOKEN_LIMIT = Section(
    lambda at, line, **limits: TokenLimit(**_ordered(at, line, limits)),
    {
        "soft": Field(scalars.TOKENS, "above it the workflow is warned about"),
        "hard": Field(scalars.TOKENS, "above it the check fails"),
        "over": Field(
            scalars.STATISTIC,
            "the statistic over the samples that is limited; default max",
        ),
    },
)
_ENVELOPE = section(
    Envelope,
    {
        "input_tokens": Field(_TOKEN_LIMIT, "input tokens of one call"),
        "cost_per_call": Field(_limit(scalars.USD), "expected cost of one call, USD"),
        "monthly_cost": Field(_limit(scalars.USD_PER_MONTH), "expected cost of a month, USD"),
        "increase": Field(
            _limit(scalars.INCREASE), "growth of the expected monthly cost, before to after"
        ),
        "approvable": Field(
            Flag(), "whether an approval may stand in for a hard limit; default false"
        ),
    },
)


def _stream(at: At, line: int, **values: Any) -> Stream:
    if "service_tier" in values:
        values["service_tier"] = ServiceTier(values["service_tier"])
    stream = Stream(calls_per_month=values.pop("calls"), **values)
    if stream.cache_hit_rate + stream.cache_write_rate > 1:
        at.report(
            line,
            "`cache_hit_rate` and `cache_write_rate` are more than 100% together",
            "give shares of the same input tokens",
        )
    return stream


_TRAFFIC = ListOf(
    Section(
        _stream,
        {
            "calls": Field(
                scalars.CALLS,
                "calls in a period, such as 120_000/month or 900/day",
                required=True,
            ),
            "output_tokens": Field(
                scalars.TOKENS, "expected output tokens of a call, 350", required=True
            ),
            "tenant": Field(scalars.NAME, "who the calls are made for"),
            "environment": Field(scalars.NAME, "where they are made, such as prod"),
            "cache_hit_rate": Field(
                scalars.SHARE, "share of input tokens billed as cached reads; default 0%"
            ),
            "cache_write_rate": Field(
                scalars.SHARE, "share of input tokens billed as cache writes; default 0%"
            ),
            "service_tier": Field(
                Choice(lambda: [*ServiceTier]),
                "standard, flex, priority or batch; default standard",
            ),
        },
    ),
    at_least=1,
)


def _prompt(
    at: At, line: int, *, path: str, role: str | None = None, **named: str
) -> PromptReference:
    format_name = named.get("format")
    if format_name is None:
        recognized = formats.recognize(path)
        if recognized is None:
            raise at.reject(
                line,
                f"the name {path!r} does not tell the prompt's format",
                f"name it: `{{path: {path}, format: …}}` with one of {', '.join(formats.names())}",
            )
        format_name = recognized.NAME
    return PromptReference(path=path, format=format_name, role=role, place=at.place(line))


class _PromptPath:
    """A prompt given by its path alone."""

    def read(self, node: Node, at: At) -> PromptReference:
        return _prompt(at, node.line, path=scalars.PATH.read(node, at))

    def schema(self) -> Schema:
        return scalars.PATH.schema()


_PROMPT = OneOf(
    _PromptPath(),
    Section(
        _prompt,
        {
            "path": Field(
                scalars.PATH, "the file, counted from the repository's root", required=True
            ),
            "role": Field(
                Choice(lambda: ["system", "developer", "user", "assistant"]), "the message's role"
            ),
            "format": Field(
                Choice(formats.names), "the file's format, where its name does not tell"
            ),
        },
    ),
)


class _SampleGlob:
    """Sample files, given by a glob."""

    def read(self, node: Node, at: At) -> Sample | SamplePattern:
        return SamplePattern(pattern=scalars.PATH.read(node, at), place=at.place(node.line))

    def schema(self) -> Schema:
        return {"type": "string", "description": "a glob over sample files, `samples/*.yaml`"}


def _sample(
    at: At, line: int, *, variables: dict[str, Any], name: str = "", weight: Any = None
) -> Sample:
    del at, line
    return (
        Sample(name=name, variables=variables)
        if weight is None
        else Sample(name=name, variables=variables, weight=weight)
    )


_VARIABLES = Field(
    Data(), "the variables; `{tokens: 1200}` stands for a text of that size", required=True
)
_SAMPLE_WEIGHT = Field(scalars.WEIGHT, "how often it occurs, against the other samples; default 1")
SAMPLE_FILE = Section(
    _sample,
    {
        "name": Field(scalars.NAME, "the sample's name"),
        "weight": _SAMPLE_WEIGHT,
        "variables": _VARIABLES,
    },
)
_SAMPLE_INLINE = Section(
    _sample,
    {
        "name": Field(scalars.NAME, "the sample's name, typical", required=True),
        "weight": _SAMPLE_WEIGHT,
        "variables": _VARIABLES,
    },
)


def _tools(at: At, line: int, *, path: str) -> PromptReference:
    return PromptReference(path=path, format="tool-definitions", place=at.place(line))


class _ToolsPath:
    """The file of a workflow's tools."""

    def read(self, node: Node, at: At) -> PromptReference:
        return _tools(at, node.line, path=scalars.PATH.read(node, at))

    def schema(self) -> Schema:
        return scalars.PATH.schema()


def _workflow(at: At, line: int, **values: Any) -> Workflow:
    if "complexity" in values:
        values["complexity"] = Complexity(values["complexity"])
    return Workflow(
        name="",
        place=at.place(line),
        traffic=values.pop("traffic", ()),
        **values,
    )


_WORKFLOW = Section(
    _workflow,
    {
        "prompts": Field(
            ListOf(_PROMPT, or_one=True, at_least=1),
            "the prompts of one call, in order",
            required=True,
        ),
        "model": Field(scalars.MODEL, "provider and model, openai/gpt-4.1"),
        "encoding": Field(
            Choice(
                lambda: [
                    "o200k_base",
                    "o200k_harmony",
                    "cl100k_base",
                    "p50k_base",
                    "p50k_edit",
                    "r50k_base",
                ]
            ),
            "the encoding that stands in for a model whose own is not known",
        ),
        "max_tokens": Field(scalars.POSITIVE_TOKENS, "the cap on output tokens that the call sets"),
        "tools": Field(_ToolsPath(), "a JSON file of tool definitions"),
        "samples": Field(
            ListOf(OneOf(_SampleGlob(), _SAMPLE_INLINE), or_one=True),
            "sample variables, files or inline",
        ),
        "traffic": Field(
            _TRAFFIC, "the streams of calls, {calls: 1_000/month, output_tokens: 200}"
        ),
        "envelope": Field(_ENVELOPE, "the workflow's limits"),
        "feature": Field(scalars.NAME, "the product feature it belongs to"),
        "owner": Field(scalars.APPROVER, "the team that owns it"),
        "complexity": Field(Choice(lambda: [*Complexity]), "how much model it deserves"),
    },
)
_DEFAULTS = section(
    Defaults,
    {
        "model": Field(scalars.MODEL, "the model of workflows that name none"),
        "max_tokens": Field(scalars.POSITIVE_TOKENS, "the output cap of workflows that set none"),
        "traffic": Field(_TRAFFIC, "the traffic of workflows that state none"),
        "envelope": Field(_ENVELOPE, "limits of workflows that do not set them"),
    },
)
_OVERRIDE = section(
    Override,
    {
        "input": Field(scalars.USD_PER_MTOK, 'USD per million input tokens, "1.00"', required=True),
        "cached_input": Field(
            scalars.USD_PER_MTOK, "USD per million cached input tokens; default as input"
        ),
        "cache_write": Field(
            scalars.USD_PER_MTOK,
            "USD per million tokens written to the cache; default as input",
        ),
        "output": Field(
            scalars.USD_PER_MTOK, 'USD per million output tokens, "8.00"', required=True
        ),
    },
)
_PRICES = section(
    Prices,
    {
        "as_of": Field(
            scalars.DATE,
            "the date the catalogue is read at; default the date of the base branch's tip",
        ),
        "overrides": Field(
            MapOf(scalars.MODEL, _OVERRIDE), "negotiated or self-hosted rates, by model"
        ),
    },
)
_APPROVAL = section(
    Approval,
    {
        "approvers": Field(
            ListOf(scalars.APPROVER, at_least=1), "logins and teams that may approve", required=True
        ),
        "label": Field(scalars.NAME, "the label that approves when one of them sets it"),
        "strict": Field(Flag(), "whether an approval is bound to the head commit; default false"),
    },
)


def _budget(at: At, line: int, **values: Any) -> Budget:
    if not {"monthly_cost", "monthly_tokens"} & values.keys():
        at.report(line, "the budget has no limit", "give `monthly_cost` or `monthly_tokens`")
    return Budget(place=at.place(line), **values)


_SLICE_KEYS = ("feature", "workflow", "tenant", "tier", "environment", "owner")
_BUDGET = Section(
    _budget,
    {
        "name": Field(scalars.NAME, "the budget's name", required=True),
        "match": Field(
            section(
                Slice,
                {key: Field(scalars.NAME, f"the {key} that it covers") for key in _SLICE_KEYS},
            ),
            "the slice that it covers, {tenant: acme}",
            required=True,
        ),
        "monthly_cost": Field(_limit(scalars.USD_PER_MONTH), "limits in USD a month"),
        "monthly_tokens": Field(
            _limit(scalars.TOKENS), "limits in input and output tokens a month"
        ),
    },
)


def _configuration(
    at: At, line: int, *, version: str, workflows: Mapping[str, Workflow], **values: Any
) -> Configuration:
    del line, version
    values["high_cost_usd_per_month"] = values.pop("high_cost", None)
    defaults: Defaults = values.get("defaults", Defaults())
    filled = {name: _filled(name, workflow, defaults) for name, workflow in workflows.items()}
    return Configuration(file=at.file, workflows=filled, **values)


def _check_configuration(at: At, mapping: MappingNode, values: Mapping[str, Any]) -> None:
    """Report workflows without traffic, and budgets that name what is not there."""
    workflows: Mapping[str, Workflow] = values.get("workflows", {})
    if "defaults" in values or mapping.get("defaults") is None:
        defaults: Defaults = values.get("defaults", Defaults())
        for name, workflow in workflows.items():
            if not workflow.traffic and not defaults.traffic:
                at.problems.append(_no_traffic(name, workflow))
    known = {key: _keys(mapping.get(f"{key}s")) for key in ("workflow", "tier")}
    budgets: tuple[Budget, ...] = values.get("budgets", ())
    names = [budget.name for budget in budgets]
    for budget in budgets:
        for key, there in known.items():
            name = getattr(budget.match, key)
            if name is not None and name not in there:
                mend = f"name one of {', '.join(there)}" if there else f"add it to `{key}s`"
                what = f"there is no {key} {name!r}"
                at.problems.append(Problem(what=what, mend=mend, place=budget.place))
        if names.count(budget.name) > 1:
            what = f"two budgets are called {budget.name!r}"
            mend = "give each its own name"
            at.problems.append(Problem(what=what, mend=mend, place=budget.place))


def _no_traffic(name: str, workflow: Workflow) -> Problem:
    return Problem(
        what=f"the workflow {name!r} has no traffic, so its cost is unknown",
        mend="add `traffic: [{calls: 1_000/month, output_tokens: 200}]`, to it or to `defaults`",
        place=workflow.place,
    )


def _keys(node: Node | None) -> list[str]:
    return [entry.key for entry in node.entries] if isinstance(node, MappingNode) else []


def _filled(name: str, workflow: Workflow, defaults: Defaults) -> Workflow:
    envelope = {
        name: own
        if (own := getattr(workflow.envelope, name)) is not None
        else getattr(defaults.envelope, name)
        for name in field_names(Envelope)
    }
    return replace(
        workflow,
        name=name,
        traffic=workflow.traffic or defaults.traffic,
        envelope=Envelope(**envelope),
    )


CONFIGURATION = Section(
    _configuration,
    {
        "version": Field(
            Choice(lambda: ["1"]), "the version of this file's shape, 1", required=True
        ),
        "workflows": Field(
            MapOf(scalars.NAME, _WORKFLOW), "the uses of a model, by name", required=True
        ),
        "prices": Field(_PRICES, "where prices come from"),
        "tiers": Field(
            MapOf(scalars.NAME, ListOf(scalars.PATTERN)),
            "tiers of models, each a list of model patterns",
        ),
        "defaults": Field(_DEFAULTS, "what workflows have that say nothing themselves"),
        "high_cost": Field(
            scalars.USD_PER_MONTH, "from this monthly cost on, a changed prompt needs approval"
        ),
        "approval": Field(_APPROVAL, "who may approve"),
        "budgets": Field(ListOf(_BUDGET), "limits over slices of all workflows"),
        "coverage": Field(
            section(
                Coverage,
                {
                    "prompts": Field(
                        ListOf(scalars.PATH), "globs of further files that are prompts"
                    ),
                    "ignore": Field(ListOf(scalars.PATH), "globs of files that are not"),
                },
            ),
            "which files are prompts, beside those that their name shows",
        ),
    },
    check=_check_configuration,
)
