"""One workflow's review: before and after, why the cost moved, and what would bring it back."""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from reviewbot.configuration.settings import Complexity
from reviewbot.errors import Problem
from reviewbot.report.figures import Figures
from reviewbot.report.findings import Finding, Verdict
from reviewbot.scope.affected import State


class CauseName(StrEnum):
    """What moves the cost of a workflow, in the order in which the causes are told apart."""

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
    """What changed lines add by themselves: the month with them less the month without them.

    `first_line` and `last_line` are lines of `file` after the change. `hunks` is how many hunks of
    the diff were taken together. The figures are None where the prompt cannot be rendered without
    these lines; `input_tokens` is the mean over the samples.
    """

    file: str
    first_line: int
    last_line: int
    hunks: int
    input_tokens: Decimal | None
    usd_per_month: Decimal | None


class WayKind(StrEnum):
    """What a way back changes."""

    OUTPUT_CAP = "output cap"
    MODEL = "cheaper model"
    PREFIX = "cacheable prefix"
    HUNK = "changed lines"
    REPEATED = "repeated block"
    WHITE_SPACE = "white space"
    EXAMPLE = "example"
    SERVICE_TIER = "service tier"
    RESPONSE_CACHE = "response cache"


class WayBack(Struct, frozen=True, kw_only=True):
    """A change that would bring a month's cost down, forecast like any other.

    `usd_per_month` is the workflow's month with it, `saves_usd_per_month` what that is less than
    after the reviewed change. `fits` says that no limit that is broken now would be. `value` is the
    cap, model or service tier to set; `file`, `first_line` and `last_line` are the lines to edit.
    """

    kind: WayKind
    text: str
    usd_per_month: Decimal
    saves_usd_per_month: Decimal
    fits: bool
    value: str | None = None
    file: str | None = None
    first_line: int | None = None
    last_line: int | None = None


class WorkflowReview(Struct, frozen=True, kw_only=True):
    """One workflow that the change concerns.

    `feature`, `owner` and `complexity` are the governing ones; `tier` is the model's after the
    change, by the governing `tiers`.
    `before` and `after` are judged under the governing terms. `proposed` is *after* under the
    reviewed change's own traffic, samples, prices and limits, None where these are the same.
    `causes` lead from `before` to `proposed`, or to `after` where that is None. `evidence` is the
    digest of what an approval of this workflow is bound to. `hunks` and `remainder_usd_per_month`,
    which is what the hunks do not add each by itself, make up `change_usd_per_month`. `ways_back`
    are there where a limit is broken, those that save most first.
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
    ways_back: tuple[WayBack, ...] = ()
