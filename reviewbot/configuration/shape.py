"""The shape of the configuration file, and of a sample: written down once, read and published."""

from collections.abc import Mapping
from typing import Any

from reviewbot import formats
from reviewbot.configuration import amounts
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
    Record,
    RejectedError,
    Schema,
    Text,
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
from reviewbot.documents import MappingNode, Node, parse_yaml
from reviewbot.errors import ConfigurationError, MeasurementError, Place, Problem
from reviewbot.prompts import Sample

DEFAULT_FILE = ".github/reviewbot.yml"

_MODEL = Text(r"[^\s/:][^\s]{0,199}", "a model's name", "openai/gpt-4.1")
_PATTERN = Text(r"[^\s]{1,200}", "a model's name or pattern", "openai/gpt-5*")
_NAME = Text(r"[\w][\w ./:@+-]{0,99}", "a name", "support-triage")
_PATH = Text(
    r"(?![/~])(?!(?:.*/)?\.\.?(?:/|$))[^\\\x00-\x1f\x7f]{1,4096}(?<!/)",
    "a path inside the repository",
    "prompts/triage/system.j2",
)
_APPROVER = Text(
    r"@?[A-Za-z0-9][A-Za-z0-9-]{0,38}(/[\w.-]{1,100})?", "a login or a team", "@acme/finops"
)
_USD = Amount(amounts.usd, "an amount in USD", "$0.01")
_USD_PER_MONTH = Amount(amounts.usd_per_month, "an amount in USD a month", "$1_200")
_USD_PER_MTOK = Amount(amounts.usd, "an amount in USD per million tokens", '"1.25"')
_TOKENS = Amount(amounts.count, "a number of tokens", "2_000")
_POSITIVE_TOKENS = Amount(amounts.positive_count, "a number of tokens above zero", "1_024")
_INCREASE = Amount(amounts.fraction, "a percentage", "20%")
_SHARE = Amount(amounts.share, "a percentage from 0% to 100%", "80%")
_WEIGHT = Amount(amounts.positive, "a number above zero", "3")


def read_configuration(text: str, *, file: str) -> Configuration:
    """The configuration in `text`, from the file called `file`.

    Raises:
        ConfigurationError: Something is wrong; it carries every problem found.
    """
    problems: list[Problem] = []
    try:
        node = parse_yaml(text, file=file)
        configuration = _CONFIGURATION.read(node, At(file, "", problems))
    except MeasurementError as error:
        raise ConfigurationError(error.problems) from error
    except RejectedError:
        raise ConfigurationError(problems) from None
    if problems:
        raise ConfigurationError(problems)
    return configuration


def read_sample(node: Node, *, file: str, name: str) -> Sample:
    """The sample in a file: variables as they are, or a mapping `name`, `weight`, `variables`.

    Raises:
        MeasurementError: It is neither.
    """
    problems: list[Problem] = []
    at = At(file, "", problems)
    try:
        if isinstance(node, MappingNode) and _is_described(node):
            sample = _SAMPLE_FILE.read(node, at)
        else:
            sample = Sample(name=name, variables=Data().read(node, at))
    except RejectedError:
        raise MeasurementError(problems) from None
    if problems:
        raise MeasurementError(problems)
    return Sample(name=sample.name or name, variables=sample.variables, weight=sample.weight)


def configuration_schema() -> Schema:
    """The JSON Schema of the configuration file, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "reviewbot configuration",
    } | _CONFIGURATION.schema()


def _is_described(node: MappingNode) -> bool:
    keys = {entry.key for entry in node.entries}
    return keys <= {"name", "weight", "variables"} and "variables" in keys


def _limit(amount: Amount[Any]) -> Record[Limit]:
    return Record(
        lambda at, line, **limits: Limit(**_ordered(at, line, limits)),
        {
            "soft": Field(amount, "above it the workflow is warned about"),
            "hard": Field(amount, "above it the check fails"),
        },
    )


def _ordered(at: At, line: int, limits: dict[str, Any]) -> dict[str, Any]:
    soft, hard = limits.get("soft"), limits.get("hard")
    if soft is None and hard is None:
        at.report(line, "the limit has neither `soft` nor `hard`", "give at least one of them")
    if soft is not None and hard is not None and soft > hard:
        at.report(line, "`soft` is above `hard`", "give a soft limit below the hard one")
    return limits


_TOKEN_LIMIT = Record(
    lambda at, line, **limits: TokenLimit(**_ordered(at, line, limits)),
    {
        "soft": Field(_TOKENS, "above it the workflow is warned about"),
        "hard": Field(_TOKENS, "above it the check fails"),
        "over": Field(
            Amount(amounts.statistic, "max, mean or a percentile", "p95"),
            "the statistic over the samples that is limited; default max",
        ),
    },
)
_ENVELOPE = Record(
    lambda at, line, **limits: Envelope(**limits),  # noqa: ARG005 - every builder gets its place
    {
        "input_tokens": Field(_TOKEN_LIMIT, "input tokens of one call"),
        "cost_per_call": Field(_limit(_USD), "expected cost of one call, USD"),
        "monthly_cost": Field(_limit(_USD_PER_MONTH), "expected cost of a month, USD"),
        "increase": Field(_limit(_INCREASE), "growth of the expected monthly cost, before to after"),
        "approvable": Field(Flag(), "whether an approval may stand in for a hard limit; default false"),
    },
)


def _stream(at: At, line: int, **values: Any) -> Stream:
    if "service_tier" in values:
        values["service_tier"] = ServiceTier(values["service_tier"])
    stream = Stream(**values)
    if stream.cache_hit_rate + stream.cache_write_rate > 1:
        at.report(
            line,
            "`cache_hit_rate` and `cache_write_rate` are more than 100% together",
            "give shares of the same input tokens",
        )
    return stream


_TRAFFIC = ListOf(
    Record(
        _stream,
        {
            "calls": Field(
                Amount(amounts.calls_per_month, "a number of calls in a period", "120_000/month"),
                "calls in a period, such as 120_000/month or 900/day",
                required=True,
            ),
            "output_tokens": Field(_TOKENS, "expected output tokens of a call, 350", required=True),
            "tenant": Field(_NAME, "who the calls are made for"),
            "environment": Field(_NAME, "where they are made, such as prod"),
            "cache_hit_rate": Field(_SHARE, "share of input tokens billed as cached reads; default 0%"),
            "cache_write_rate": Field(_SHARE, "share of input tokens billed as cache writes; default 0%"),
            "service_tier": Field(
                Choice(lambda: [*ServiceTier]), "standard, flex, priority or batch; default standard"
            ),
        },
    ),
    at_least=1,
)


def _prompt(at: At, line: int, *, path: str, format: str | None = None, role: str | None = None) -> PromptReference:  # noqa: A002 - the key's name
    if format is None:
        recognized = formats.recognize(path)
        if recognized is None:
            raise at.reject(
                line,
                f"the name {path!r} does not tell the prompt's format",
                f"name it: `{{path: {path}, format: …}}` with one of {', '.join(formats.names())}",
            )
        format = recognized.NAME  # noqa: A001 - likewise
    return PromptReference(path=path, format=format, role=role, place=at.place(line))


class _PromptPath:
    """A prompt given by its path alone."""

    def read(self, node: Node, at: At) -> PromptReference:
        return _prompt(at, node.line, path=_PATH.read(node, at))

    def schema(self) -> Schema:
        return _PATH.schema()


_PROMPT = OneOf(
    _PromptPath(),
    Record(
        _prompt,
        {
            "path": Field(_PATH, "the file, counted from the repository's root", required=True),
            "role": Field(
                Choice(lambda: ["system", "developer", "user", "assistant"]), "the message's role"
            ),
            "format": Field(Choice(formats.names), "the file's format, where its name does not tell"),
        },
    ),
)


class _SampleGlob:
    """Sample files, given by a glob."""

    def read(self, node: Node, at: At) -> Sample | SamplePattern:
        return SamplePattern(pattern=_PATH.read(node, at), place=at.place(node.line))

    def schema(self) -> Schema:
        return {"type": "string", "description": "a glob over sample files, `samples/*.yaml`"}


def _sample(at: At, line: int, *, variables: dict[str, Any], name: str = "", weight: Any = None) -> Sample:
    del at, line
    return Sample(name=name, variables=variables) if weight is None else Sample(
        name=name, variables=variables, weight=weight
    )


_VARIABLES = Field(Data(), "the variables; `{tokens: 1200}` stands for a text of that size", required=True)
_SAMPLE_WEIGHT = Field(_WEIGHT, "how often it occurs, against the other samples; default 1")
_SAMPLE_FILE = Record(
    _sample,
    {"name": Field(_NAME, "the sample's name"), "weight": _SAMPLE_WEIGHT, "variables": _VARIABLES},
)
_SAMPLE_INLINE = Record(
    _sample,
    {
        "name": Field(_NAME, "the sample's name, typical", required=True),
        "weight": _SAMPLE_WEIGHT,
        "variables": _VARIABLES,
    },
)


def _tools(at: At, line: int, *, path: str) -> PromptReference:
    return PromptReference(path=path, format="tool-definitions", place=at.place(line))


class _ToolsPath:
    """The file of a workflow's tools."""

    def read(self, node: Node, at: At) -> PromptReference:
        return _tools(at, node.line, path=_PATH.read(node, at))

    def schema(self) -> Schema:
        return _PATH.schema()


def _workflow(at: At, line: int, **values: Any) -> Workflow:
    if "complexity" in values:
        values["complexity"] = Complexity(values["complexity"])
    return Workflow(name=at.key.partition(".")[2], place=at.place(line), traffic=values.pop("traffic", ()), **values)


_WORKFLOW = Record(
    _workflow,
    {
        "prompts": Field(
            ListOf(_PROMPT, or_one=True, at_least=1), "the prompts of one call, in order", required=True
        ),
        "model": Field(_MODEL, "provider and model, openai/gpt-4.1"),
        "encoding": Field(
            Choice(lambda: ["o200k_base", "o200k_harmony", "cl100k_base", "p50k_base", "p50k_edit", "r50k_base"]),
            "the encoding that stands in for a model whose own is not known",
        ),
        "max_tokens": Field(_POSITIVE_TOKENS, "the cap on output tokens that the call sets"),
        "tools": Field(_ToolsPath(), "a JSON file of tool definitions"),
        "samples": Field(
            ListOf(OneOf(_SampleGlob(), _SAMPLE_INLINE), or_one=True), "sample variables, files or inline"
        ),
        "traffic": Field(_TRAFFIC, "the streams of calls, {calls: 1_000/month, output_tokens: 200}"),
        "envelope": Field(_ENVELOPE, "the workflow's limits"),
        "feature": Field(_NAME, "the product feature it belongs to"),
        "owner": Field(_APPROVER, "the team that owns it"),
        "complexity": Field(Choice(lambda: [*Complexity]), "how much model it deserves"),
    },
)
_DEFAULTS = Record(
    lambda at, line, **values: Defaults(**values),  # noqa: ARG005 - every builder gets its place
    {
        "model": Field(_MODEL, "the model of workflows that name none"),
        "max_tokens": Field(_POSITIVE_TOKENS, "the output cap of workflows that set none"),
        "traffic": Field(_TRAFFIC, "the traffic of workflows that state none"),
        "envelope": Field(_ENVELOPE, "limits of workflows that do not set them"),
    },
)
_OVERRIDE = Record(
    lambda at, line, **rates: Override(**rates),  # noqa: ARG005 - likewise
    {
        "input": Field(_USD_PER_MTOK, 'USD per million input tokens, "1.00"', required=True),
        "cached_input": Field(_USD_PER_MTOK, "USD per million cached input tokens; default as input"),
        "cache_write": Field(_USD_PER_MTOK, "USD per million tokens written to the cache; default as input"),
        "output": Field(_USD_PER_MTOK, 'USD per million output tokens, "8.00"', required=True),
    },
)
_PRICES = Record(
    lambda at, line, **values: Prices(**values),  # noqa: ARG005 - likewise
    {
        "as_of": Field(
            Amount(amounts.day, "a date", "2026-11-01"),
            "the date the catalogue is read at; default the date of the base branch's tip",
        ),
        "overrides": Field(MapOf(_MODEL, _OVERRIDE), "negotiated or self-hosted rates, by model"),
    },
)
_APPROVAL = Record(
    lambda at, line, **values: Approval(**values),  # noqa: ARG005 - likewise
    {
        "approvers": Field(ListOf(_APPROVER, at_least=1), "logins and teams that may approve", required=True),
        "label": Field(_NAME, "the label that approves when one of them sets it"),
        "strict": Field(Flag(), "whether an approval is bound to the head commit; default false"),
    },
)


def _budget(at: At, line: int, **values: Any) -> Budget:
    if not {"monthly_cost", "monthly_tokens"} & values.keys():
        at.report(line, "the budget has no limit", "give `monthly_cost` or `monthly_tokens`")
    return Budget(**values)


_SLICE_KEYS = ("feature", "workflow", "tenant", "tier", "environment", "owner")
_BUDGET = Record(
    _budget,
    {
        "name": Field(_NAME, "the budget's name", required=True),
        "match": Field(
            Record(
                lambda at, line, **keys: Slice(**keys),  # noqa: ARG005 - likewise
                {key: Field(_NAME, f"the {key} that it covers") for key in _SLICE_KEYS},
            ),
            "the slice that it covers, {tenant: acme}",
            required=True,
        ),
        "monthly_cost": Field(_limit(_USD_PER_MONTH), "limits in USD a month"),
        "monthly_tokens": Field(_limit(_TOKENS), "limits in input and output tokens a month"),
    },
)


def _configuration(at: At, line: int, *, version: int, workflows: Mapping[str, Workflow], **values: Any) -> Configuration:
    del version
    values["high_cost_usd_per_month"] = values.pop("high_cost", None)
    defaults: Defaults = values.get("defaults", Defaults())
    tiers: Mapping[str, Any] = values.get("tiers", {})
    filled = {name: _filled(workflow, defaults) for name, workflow in workflows.items()}
    for workflow in filled.values():
        if not workflow.traffic:
            at.problems.append(
                Problem(
                    what=f"the workflow {workflow.name!r} has no traffic, so its cost is unknown",
                    mend="add `traffic: [{calls: 1_000/month, output_tokens: 200}]` to it or to `defaults`",
                    place=workflow.place,
                )
            )
    budgets: tuple[Budget, ...] = values.get("budgets", ())
    for index, budget in enumerate(budgets):
        inside = at.into("budgets").item(index).into("match")
        for key, known in (("workflow", workflows), ("tier", tiers)):
            value = getattr(budget.match, key)
            if value is not None and value not in known:
                inside.into(key).report(line, f"there is no {key} {value!r}", f"name one of {', '.join(known)}")
    names = [budget.name for budget in budgets]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        at.into("budgets").report(line, f"two budgets are called {name!r}", "give each its own name")
    return Configuration(file=at.file, workflows=filled, **values)


def _filled(workflow: Workflow, defaults: Defaults) -> Workflow:
    from dataclasses import fields, replace

    envelope = {
        item.name: own if (own := getattr(workflow.envelope, item.name)) is not None else getattr(defaults.envelope, item.name)
        for item in fields(Envelope)
    }
    return replace(
        workflow,
        traffic=workflow.traffic or defaults.traffic,
        envelope=Envelope(**envelope),
    )


_CONFIGURATION = Record(
    _configuration,
    {
        "version": Field(Choice(lambda: ["1"]), "the version of this file's shape, 1", required=True),
        "workflows": Field(MapOf(_NAME, _WORKFLOW), "the uses of a model, by name", required=True),
        "prices": Field(_PRICES, "where prices come from"),
        "tiers": Field(MapOf(_NAME, ListOf(_PATTERN)), "tiers of models, each a list of model patterns"),
        "defaults": Field(_DEFAULTS, "what workflows have that say nothing themselves"),
        "high_cost": Field(_USD_PER_MONTH, "from this monthly cost on, a changed prompt needs approval"),
        "approval": Field(_APPROVAL, "who may approve"),
        "budgets": Field(ListOf(_BUDGET), "limits over slices of all workflows"),
        "coverage": Field(
            Record(
                lambda at, line, **globs: Coverage(**globs),  # noqa: ARG005 - likewise
                {
                    "prompts": Field(ListOf(_PATH), "globs of further files that are prompts"),
                    "ignore": Field(ListOf(_PATH), "globs of files that are not"),
                },
            ),
            "which files are prompts, beside those that their name shows",
        ),
    },
)
