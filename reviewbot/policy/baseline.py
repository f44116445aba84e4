"""The pinned baseline: what each workflow's call took when somebody last agreed to it.

Many small changes that each keep a limit can break it together, so growth is also measured from
here.
The file holds tokens and no money: its month is forecast with the traffic and the prices of today,
so that what drifts is prompts, models and output caps.
"""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from reviewbot.configuration.kinds import shown_key
from reviewbot.costs.forecast import SampleTokens, mean_input_tokens
from reviewbot.documents import ListNode, MappingNode, Node, parse_json, plain
from reviewbot.documents.validation_messages import split_message
from reviewbot.errors import MeasurementError, Place, Problem

MEND = "write it anew: `reviewbot baseline`"

_Tokens = Annotated[int, Meta(ge=0, le=10**18)]
_Text = Annotated[str, Meta(max_length=4096)]
_WorkflowName = Annotated[str, Meta(pattern=r"^[\w][\w ./:@+-]{0,99}$(?!\n)")]
_CommitId = Annotated[str, Meta(pattern=r"^[0-9a-f]{40}([0-9a-f]{24})?$(?!\n)")]


class PinnedSample(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The input tokens of a call with one sample."""

    name: Annotated[_Text, Meta(description="the sample's name")]
    weight: Annotated[
        Decimal, Meta(description="the sample's weight: a number above zero, as text")
    ]
    input_tokens: Annotated[_Tokens, Meta(description="the input tokens of a call with it")]

    def __post_init__(self) -> None:
        if not self.weight.is_finite() or not 0 < self.weight < _HEAVIEST:
            raise ValueError("the weight is no number above zero")


class Pinned(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one workflow's call took: its samples by name, and what every call begins with.

    `encoding` stands in for a model whose own is not known; `prefix_tokens` are those of the
    beginning that no variable changes, of which a provider's rule says how many are cached.
    """

    model: Annotated[_Text, Meta(description="the model that was called")]
    encoding: Annotated[
        _Text | None, Meta(description="the encoding that stood in for an unknown model's")
    ]
    counts_as: Annotated[
        _Text | None, Meta(description="the model behind a name that does not tell it")
    ] = None
    max_tokens: Annotated[_Tokens | None, Meta(description="the cap on output tokens")]
    prefix_tokens: Annotated[_Tokens, Meta(description="the tokens that every call begins with")]
    samples: Annotated[
        tuple[PinnedSample, ...],
        Meta(min_length=1, description="the samples that were measured"),
    ]

    @property
    def mean_input_tokens(self) -> Decimal:
        """The weighted mean of the input tokens, rounded half-even to 10⁻¹⁵."""
        return mean_input_tokens(
            [
                SampleTokens(name=item.name, weight=item.weight, input_tokens=item.input_tokens)
                for item in self.samples
            ]
        )


class BaselineFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a baseline file holds: the commit that was measured, by which version, and all calls."""

    commit: Annotated[_CommitId, Meta(description="the commit that was measured")]
    reviewbot_version: Annotated[_Text, Meta(description="the version that measured it")]
    schema_version: Annotated[Literal[1], Meta(description="the version of this shape")]
    workflows: Annotated[
        dict[_WorkflowName, Pinned], Meta(description="what was measured, by workflow")
    ]


class Baseline(Struct, frozen=True, kw_only=True):
    """A baseline file: the commit that was measured, by which version, and its workflows.

    Of uncommitted files `commit` is the one below them. `lines` says in which line of the file a
    workflow stands. `misspelt` has the entries that no workflow is called like, by the workflow
    that is meant.
    """

    file: str
    commit: str
    reviewbot_version: str
    workflows: Mapping[str, Pinned]
    lines: Mapping[str, int] = {}
    misspelt: Mapping[str, str] = {}


def read_baseline(text: str, *, file: str) -> Baseline:
    """The baseline in `text`, from the file called `file`.

    Raises:
        MeasurementError: Something is wrong; it carries a problem of each workflow that is.

    """
    node = parse_json(text, file=file)
    workflows = node.get("workflows") if isinstance(node, MappingNode) else None
    entries = workflows.entries if isinstance(workflows, MappingNode) else ()
    # msgspec stops at the first problem and knows no lines, so each workflow is read by itself too
    found = (
        _problem(entry.value, Pinned, Place(file=file, key=f"workflows.{shown_key(entry.key)}"))
        for entry in entries
    )
    problems = [problem for problem in found if problem is not None]
    whole = None if problems else _problem(node, BaselineFile, Place(file=file))
    if problems or whole is not None:
        raise MeasurementError(problems if whole is None else [whole])
    read = msgspec.convert(plain(node), BaselineFile)
    return Baseline(
        file=file,
        commit=read.commit,
        reviewbot_version=read.reviewbot_version,
        workflows={name: _ordered(pinned) for name, pinned in read.workflows.items()},
        lines={entry.key: entry.key_line for entry in entries},
    )


def is_like_a_baseline(text: str) -> bool:
    """Whether a file is a baseline, be it one in conflict or of another version."""
    return all(sign.search(text) for sign in _SIGNS)


_SIGNS = (
    re.compile(r"\A\s{0,100}(?:\{|<<<<<<<)"),
    re.compile(r'"reviewbot_version"\s{0,20}:'),
    re.compile(r'"workflows"\s{0,20}:\s{0,20}\{'),
)
"""How the file begins, and two of its keys; a report has a list of workflows."""


def render_baseline(baseline: Baseline) -> str:
    """The file's text: ASCII JSON with sorted keys; the same for equal baselines."""
    file = BaselineFile(
        commit=baseline.commit,
        reviewbot_version=baseline.reviewbot_version,
        schema_version=1,
        workflows=dict(baseline.workflows),
    )
    data = msgspec.to_builtins(file, builtin_types=(Decimal,))
    return json.dumps(data, indent=2, sort_keys=True, default=_digits) + "\n"


def baseline_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the file."""
    _, definitions = msgspec.json.schema_components([BaselineFile], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "reviewbot baseline",
        "$ref": f"#/$defs/{BaselineFile.__name__}",
        "$defs": definitions,
    }


def differences(was: Pinned, now: Pinned) -> str:
    """What differs between two entries of one workflow, for people; means to a tenth."""
    return ", ".join(_differences(was, now))


def pins_no_more(was: Pinned, now: Pinned) -> bool:
    """Whether `now` is `was`, or has fewer tokens and so costs no more, whatever the prices.

    The prefix, and what is cached of it, may only fall with the tokens: a call with less of it
    cached and as many tokens would cost more.
    """
    if _terms(was) != _terms(now):
        return False
    fewer = min(
        old.input_tokens - new.input_tokens
        for old, new in zip(was.samples, now.samples, strict=True)
    )
    if was.prefix_tokens == now.prefix_tokens:
        return fewer >= 0
    return (
        0 <= was.prefix_tokens - now.prefix_tokens <= fewer
        and 0 <= _cacheable(was) - _cacheable(now) <= fewer
    )


def shown_tokens(tokens: Decimal) -> str:
    """A mean number of tokens, to a tenth."""
    return f"{tokens.quantize(Decimal('0.1')):,}".removesuffix(".0")


def _cacheable(pinned: Pinned) -> int:
    from reviewbot.tokens import caching_rule, resolve

    try:
        model = resolve(pinned.model, encoding=pinned.encoding, counts_as=pinned.counts_as)
    except MeasurementError:
        return pinned.prefix_tokens
    return caching_rule(model).cacheable(pinned.prefix_tokens)


def _terms(pinned: Pinned) -> object:
    """All but the tokens."""
    samples = [(item.name, item.weight) for item in pinned.samples]
    return pinned.model, pinned.encoding, pinned.counts_as, pinned.max_tokens, samples


def _differences(was: Pinned, now: Pinned) -> Iterator[str]:
    before, after = was.mean_input_tokens, now.mean_input_tokens
    yield f"mean input tokens {shown_tokens(before)} → {shown_tokens(after)}"
    for name in ("model", "encoding", "counts_as", "max_tokens", "prefix_tokens"):
        old, new = getattr(was, name), getattr(now, name)
        if old != new:
            yield f"{name} {_shown(old)} → {_shown(new)}"
    if [(item.name, item.weight) for item in was.samples] != [
        (item.name, item.weight) for item in now.samples
    ]:
        yield "other samples"


def _shown(value: str | int | None) -> str:
    if value is None:
        return "none"
    return f"{value:,}" if isinstance(value, int) else value


def in_order(samples: tuple[PinnedSample, ...]) -> tuple[PinnedSample, ...]:
    """The samples as a file has them: by name, whatever their order in the configuration."""
    return tuple(sorted(samples, key=lambda item: (item.name, item.weight, item.input_tokens)))


def _ordered(pinned: Pinned) -> Pinned:
    return replace(pinned, samples=in_order(pinned.samples))


def _problem(node: Node, kind: type[Struct], place: Place) -> Problem | None:
    """What keeps `node`, which stands at `place`, from being of that kind: the first thing."""
    try:
        msgspec.convert(plain(node), kind)
    except msgspec.ValidationError as error:
        what, within = split_message(str(error))
        key = f"{place.key or ''}.{within}".strip(".") or None
        line = _line(node, re.findall(r"\w+", within))
        return Problem(
            what=what[:_SHOWN_CHARACTERS], mend=MEND, place=replace(place, line=line, key=key)
        )
    except UnicodeEncodeError:
        what = "half a surrogate pair is no text"
        return Problem(what=what, mend=MEND, place=replace(place, line=node.line))
    return None


def _line(node: Node, steps: list[str]) -> int:
    """The line that the steps lead to, or as far as they lead."""
    line = node.line
    for step in steps:
        match node:
            case MappingNode(entries=entries):
                entry = next((entry for entry in entries if entry.key == step), None)
                if entry is None:
                    break
                line, node = entry.key_line, entry.value
            case ListNode(items=items):
                node = items[int(step)]
                line = node.line
            case _:
                break
    return line


def _digits(amount: Decimal) -> str:
    return format(amount.normalize(), "f")


_SHOWN_CHARACTERS = 200
_HEAVIEST = Decimal(10) ** 18
