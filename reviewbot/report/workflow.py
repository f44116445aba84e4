"""The review of one workflow: before and after, the causes of the change, and suggestions."""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from reviewbot.configuration.settings import Complexity
from reviewbot.errors import Problem
from reviewbot.report.figures import Figures
from reviewbot.report.findings import Finding, Verdict
from reviewbot.report.measured import MeasuredTraffic
from reviewbot.scope.affected import State


class CauseName(StrEnum):
    """A cause of a change of cost, in the order in which the causes are measured."""

    PROMPT_TEXT = "prompt text"
    CACHEABLE_PREFIX = "cacheable prefix"
    TOKENIZER = "tokenizer"
    MODEL_PRICE = "model price"
    PARAMETERS = "parameters"
    SAMPLES = "samples"
    TRAFFIC = "traffic"
    PRICES = "prices"


class Cause(Struct, frozen=True, kw_only=True):
    """A part of the change of a month's cost; the parts of a workflow add up to the whole."""

    name: CauseName
    usd_per_month: Decimal


class HunkFigures(Struct, frozen=True, kw_only=True):
    """What changed lines add by themselves: the month with them minus the month without them.

    `first_line` and `last_line` count in `file` after the change. `hunks` is the number of hunks
    that were measured together. The figures are None where the prompt cannot be rendered without
    these lines. `input_tokens` is the mean over the samples.
    """

    file: str
    first_line: int
    last_line: int
    hunks: int
    input_tokens: Decimal | None
    usd_per_month: Decimal | None


class SuggestionKind(StrEnum):
    """What a suggestion changes."""

    OUTPUT_CAP = "output cap"
    MODEL = "cheaper model"
    EARLIER_MODEL = "earlier model"
    PREFIX = "cacheable prefix"
    HUNK = "changed lines"
    REPEATED = "repeated block"
    WHITE_SPACE = "white space"
    EXAMPLE = "example"
    SERVICE_TIER = "service tier"
    RESPONSE_CACHE = "response cache"


class Suggestion(Struct, frozen=True, kw_only=True):
    """A change that would bring a month's cost down, forecast like any other.

    `usd_per_month` is the workflow's month with the suggestion, `saves_usd_per_month` the saving
    against the reviewed change. `fits` says that it mends every limit that is broken now, and that
    nothing else stops the workflow. `needs_evaluation` says that answers may differ, or be worse.
    `needs_approval` says that it edits the configuration, by which this change is not judged until
    somebody approves that or it is merged. `value` is the cap, model or service tier to set;
    `file`, `first_line` and `last_line` are the lines to edit. `patch` does it, where it is short.
    """

    kind: SuggestionKind
    text: str
    usd_per_month: Decimal
    saves_usd_per_month: Decimal
    fits: bool
    value: str | None = None
    file: str | None = None
    first_line: int | None = None
    last_line: int | None = None
    needs_evaluation: bool = False
    needs_approval: bool = False
    patch: str | None = None


class WorkflowReview(Struct, frozen=True, kw_only=True):
    """One workflow that the change concerns.

    `feature`, `owner` and `complexity` are the governing ones. `tier` is that of the model after
    the change, by the governing `tiers`.

    `before` and `after` are measured under the governing configuration. `proposed` is *after* under
    the change's own traffic, samples, prices and limits; None where these are the same. The
    `causes` add up to the difference of `before` and `proposed` (or `after`, without `proposed`).

    The `hunks` and `remainder_usd_per_month`, which no hunk adds by itself, add up to
    `change_usd_per_month`. `ways_back` are the suggestions where a limit is broken: those without
    risk to the answers first, then those that need an evaluation, a cap last. `limited` says that
    the workflow has a limit at all. An approval is bound to the fingerprint `evidence`.
    `measured` is what logs say of its calls; None where nothing is known.
    """

    name: str
    state: State
    verdict: Verdict
    feature: str | None
    owner: str | None
    tier: str | None
    complexity: Complexity | None
    files: tuple[str, ...]
    before: Figures | None
    after: Figures | None
    proposed: Figures | None
    change_usd_per_month: Decimal | None
    increase: Decimal | None
    causes: tuple[Cause, ...]
    findings: tuple[Finding, ...]
    proposed_findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    evidence: str
    hunks: tuple[HunkFigures, ...] = ()
    remainder_usd_per_month: Decimal | None = None
    ways_back: tuple[Suggestion, ...] = ()
    limited: bool = False
    measured: MeasuredTraffic | None = None
