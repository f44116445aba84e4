"""The shape of the configuration file: its keys, what they mean, and what they must agree on."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from reviewbot.configuration.kinds import At, Choice, Field, Flag, ListOf, MapOf, Section, section
from reviewbot.configuration.settings import (
    Approval,
    Budget,
    BudgetMatch,
    Configuration,
    Coverage,
    Defaults,
    Envelope,
    Guess,
    NewPrompts,
    Override,
    Prices,
    Workflow,
)
from reviewbot.configuration.shape import scalars
from reviewbot.configuration.shape.envelope import ENVELOPE, TRAFFIC, limit
from reviewbot.configuration.shape.matching import check_budgets, is_left_out
from reviewbot.configuration.shape.parts import too_many_parts
from reviewbot.configuration.shape.templates import TEMPLATES
from reviewbot.configuration.shape.usage import USAGE
from reviewbot.configuration.shape.workflows import WORKFLOW
from reviewbot.documents import MappingNode
from reviewbot.errors import Problem


def _defaults(*, assumed: tuple[str, ...] = (), **values: Any) -> Defaults:
    return Defaults(assumed=tuple(map(Guess, assumed)), **values)


_DEFAULTS = section(
    _defaults,
    {
        "model": Field(scalars.MODEL, "the model of workflows that name none"),
        "max_tokens": Field(scalars.POSITIVE_TOKENS, "the output cap of workflows that set none"),
        "traffic": Field(TRAFFIC, "the traffic of workflows that state none"),
        "envelope": Field(ENVELOPE, "limits of workflows that do not set them"),
        "templates": Field(TEMPLATES, "how templates of workflows are read that do not say it"),
        "assumed": Field(
            ListOf(Choice(lambda: [Guess.MODEL, Guess.TRAFFIC])),
            "which of these are guesses; correcting one needs no approval",
        ),
    },
)


def _override(at: At, line: int, **values: Any) -> Override:
    rates = {"input", "output"} & values.keys()
    others = {"cached_input", "cache_write", "cache_write_1h"} & values.keys()
    if len(rates) == 1 or (not rates and (others or "counts_as" not in values)):
        at.report(
            line,
            "the override has not both of `input` and `output`",
            "give both, or say only which model it `counts_as`",
        )
    return Override(**values)


_OVERRIDE = Section(
    _override,
    {
        "input": Field(scalars.USD_PER_MTOK, 'USD per million input tokens, "1.00"'),
        "cached_input": Field(
            scalars.USD_PER_MTOK, "USD per million cached input tokens; default as input"
        ),
        "cache_write": Field(
            scalars.USD_PER_MTOK,
            "USD per million tokens written to the cache; default as input",
        ),
        "cache_write_1h": Field(
            scalars.USD_PER_MTOK,
            "USD per million tokens written to the cache for one hour; default as input",
        ),
        "output": Field(scalars.USD_PER_MTOK, 'USD per million output tokens, "8.00"'),
        "counts_as": Field(
            scalars.MODEL, "the model behind the name; its prices hold where none are given"
        ),
    },
)
_PRICES = section(
    Prices,
    {
        "as_of": Field(
            scalars.DATE,
            "the date the catalogue is read at; default today",
        ),
        "catalogue": Field(
            scalars.PATH,
            "a JSON file of prices in LiteLLM's format, which comes before the catalogue",
        ),
        "overrides": Field(
            MapOf(scalars.MODEL, _OVERRIDE), "negotiated or self-hosted rates, by model"
        ),
    },
)


def _approval(
    at: At,
    line: int,
    *,
    approvers: tuple[str, ...],
    expires_after: int | None = None,
    **values: Any,
) -> Approval:
    teams = {
        item.removeprefix("@").partition("/")[0].lower(): item for item in approvers if "/" in item
    }
    for item in approvers:
        if "/" not in item and (team := teams.get(item.removeprefix("@").lower())):
            what = f"`{item}` is an organisation, as `{team}` says, and no organisation approves"
            at.report(line, what, f"name a team of it, such as `{team}`, or a login")
    return Approval(approvers=approvers, expires_after_days=expires_after, **values)


APPROVAL = Section(
    _approval,
    {
        "approvers": Field(
            ListOf(scalars.APPROVER, at_least=1), "logins and teams that may approve", required=True
        ),
        "label": Field(scalars.NAME, "the label that approves when one of them sets it"),
        "strict": Field(Flag(), "whether an approval is bound to the head commit; default false"),
        "expires_after": Field(
            scalars.DAYS, "how many days an approval counts, 14 days; default for ever"
        ),
    },
)


def _budget(at: At, line: int, **values: Any) -> Budget:
    if not {"monthly_cost", "monthly_tokens"} & values.keys():
        at.report(line, "the budget has no limit", "give `monthly_cost` or `monthly_tokens`")
    return Budget(place=at.place(line), **values)


_MATCH_KEYS = ("feature", "workflow", "tenant", "tier", "environment", "owner")
_BUDGET = Section(
    _budget,
    {
        "name": Field(scalars.NAME, "the budget's name", required=True),
        "match": Field(
            section(
                BudgetMatch,
                {key: Field(scalars.NAME, f"the {key} that it covers") for key in _MATCH_KEYS},
            ),
            "the slice that it covers, {tenant: acme}, or {} for all",
            required=True,
        ),
        "monthly_cost": Field(limit(scalars.USD_PER_MONTH), "limits in USD a month"),
        "monthly_tokens": Field(limit(scalars.TOKENS), "limits in input and output tokens a month"),
        "approvable": Field(
            Flag(), "whether an approval may stand in for a hard limit; default false"
        ),
    },
    needs_one=("monthly_cost", "monthly_tokens"),
)


def _configuration(
    at: At, line: int, *, version: str, workflows: Mapping[str, Workflow], **values: Any
) -> Configuration:
    del line, version
    values["high_cost_usd_per_month"] = values.pop("high_cost", None)
    defaults: Defaults = values.get("defaults", Defaults())
    filled = {name: _filled(name, workflow, defaults) for name, workflow in workflows.items()}
    return Configuration(file=at.file, workflows=filled, **values)


def _coverage(*, new_prompts: str = NewPrompts.LIST, **globs: Any) -> Coverage:
    return Coverage(new_prompts=NewPrompts(new_prompts), **globs)


def _check_configuration(at: At, mapping: MappingNode, values: Mapping[str, Any]) -> None:
    """Report workflows without traffic, too much of it, and budgets that name what is not there."""
    workflows: Mapping[str, Workflow] = values.get("workflows", {})
    told = {problem.place.key for problem in at.problems if problem.place is not None}
    is_told = "workflows.traffic" in told  # it stands there, one level too far left
    if not is_told and ("defaults" in values or is_left_out("defaults", mapping)):
        defaults: Defaults = values.get("defaults", Defaults())
        for name, workflow in workflows.items():
            if not workflow.traffic and not defaults.traffic:
                at.problems.append(_no_traffic(name, workflow))
    budgets: tuple[Budget, ...] = values.get("budgets", ())
    if wrong := too_many_parts(workflows, values.get("defaults", Defaults()), budgets):
        at.problems.append(wrong)
        return
    check_budgets(at, mapping, values)


def _no_traffic(name: str, workflow: Workflow) -> Problem:
    return Problem(
        what=f"the workflow {name!r} has no traffic, so its cost is unknown",
        mend="add `traffic: [{calls: 1_000/month, output_tokens: 200}]`, to it or to `defaults`",
        place=workflow.place,
    )


def _inherited(workflow: Workflow, defaults: Defaults) -> tuple[Guess, ...]:
    """The guesses among the defaults that a workflow takes over."""
    own = {Guess.MODEL: workflow.model, Guess.TRAFFIC: workflow.traffic}
    return tuple(guess for guess in defaults.assumed if not own.get(guess))


def _filled(name: str, workflow: Workflow, defaults: Defaults) -> Workflow:
    envelope = {
        name: own
        if (own := getattr(workflow.envelope, name)) is not None
        else getattr(defaults.envelope, name)
        for name in Envelope.__struct_fields__
    }
    return replace(
        workflow,
        name=name,
        traffic=workflow.traffic or defaults.traffic,
        templates=workflow.templates or defaults.templates,
        assumed=tuple(sorted({*workflow.assumed, *_inherited(workflow, defaults)})),
        envelope=Envelope(**envelope),
    )


CONFIGURATION = Section(
    _configuration,
    {
        "version": Field(
            Choice(lambda: ["1"]), "the version of this file's shape, 1", required=True
        ),
        "workflows": Field(
            MapOf(scalars.NAME, WORKFLOW), "the uses of a model, by name", required=True
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
        "approval": Field(APPROVAL, "who may approve"),
        "budgets": Field(ListOf(_BUDGET), "limits over slices of all workflows"),
        "coverage": Field(
            section(
                _coverage,
                {
                    "prompts": Field(
                        ListOf(scalars.PATH), "globs of further files that are prompts"
                    ),
                    "ignore": Field(ListOf(scalars.PATH), "globs of files that are not"),
                    "new_prompts": Field(
                        Choice(lambda: [*NewPrompts]),
                        "what a new or grown prompt in source code is that no workflow covers",
                    ),
                    "unseen_tokens": Field(
                        scalars.TOKENS,
                        "added text that no sample shows and nobody has to approve; 50 by default",
                    ),
                },
            ),
            "which files are prompts, beside those that their name shows, and how much goes unseen",
        ),
        "baseline": Field(
            scalars.PATH, "the file of `reviewbot baseline`, since which growth is measured too"
        ),
        "usage": Field(USAGE, "logs of real calls, and what may differ from what is configured"),
    },
    check=_check_configuration,
)
