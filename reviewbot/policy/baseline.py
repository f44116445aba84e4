"""The pinned baseline: what each workflow's call took when somebody last agreed to it.

Many small steps add up past a limit that each of them keeps, so growth is also measured from here.
The file holds tokens and no money: its month is forecast with the traffic and the prices of today,
so that what drifts is prompts, models and output caps.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Generic, TypeVar

from msgspec import Struct

from reviewbot.configuration.amounts import count
from reviewbot.configuration.kinds import (
    Amount,
    At,
    Choice,
    Field,
    Kind,
    ListOf,
    MapOf,
    RejectedError,
    Schema,
    Text,
    section,
)
from reviewbot.configuration.shape import scalars
from reviewbot.costs.forecast import SampleTokens, mean_input_tokens
from reviewbot.documents import MappingNode, Node, Scalar, parse_json
from reviewbot.errors import MeasurementError, Problem

T = TypeVar("T")

MEND = "write it anew: `reviewbot baseline`"

_VERSION = "1"


class PinnedSample(Struct, frozen=True, kw_only=True):
    """The input tokens of a call with one sample."""

    name: str
    weight: Decimal
    input_tokens: int


class Pinned(Struct, frozen=True, kw_only=True):
    """What one workflow's call took: its samples by name, and what every call begins with.

    `encoding` stands in for a model whose own is not known; `prefix_tokens` are those of the
    beginning that no variable changes, of which a provider's rule says how many are cached.
    """

    model: str
    encoding: str | None
    max_tokens: int | None
    prefix_tokens: int
    samples: tuple[PinnedSample, ...]

    @property
    def mean_input_tokens(self) -> Decimal:
        """The weighted mean of the input tokens, rounded half-even to 10⁻¹⁵."""
        return mean_input_tokens(
            [
                SampleTokens(name=item.name, weight=item.weight, input_tokens=item.input_tokens)
                for item in self.samples
            ]
        )


class Baseline(Struct, frozen=True, kw_only=True):
    """A baseline file: the commit that was measured, by which version, and its workflows.

    Of uncommitted files `commit` is the one below them. `lines` says in which line of the file a
    workflow stands.
    """

    file: str
    commit: str
    reviewbot_version: str
    workflows: Mapping[str, Pinned]
    lines: Mapping[str, int] = {}


def read_baseline(text: str, *, file: str) -> Baseline:
    """The baseline in `text`, from the file called `file`.

    Raises:
        MeasurementError: Something is wrong; it carries every problem found.

    """
    problems: list[Problem] = []
    node = parse_json(text, file=file)
    try:
        values = _FILE.read(node, At(file, "", problems))
    except RejectedError:
        raise MeasurementError(problems) from None
    if problems:
        raise MeasurementError(problems)
    workflows = node.get("workflows") if isinstance(node, MappingNode) else None
    entries = workflows.entries if isinstance(workflows, MappingNode) else ()
    lines = {entry.key: entry.key_line for entry in entries}
    return Baseline(file=file, lines=lines, **values)


def render_baseline(baseline: Baseline) -> str:
    """The file's text: ASCII JSON, sorted, a line for each sample; the same for equal baselines."""
    import json

    def entry(name: str, pinned: Pinned) -> str:
        samples = ",\n".join(
            f'        {{"input_tokens": {item.input_tokens}, "name": {json.dumps(item.name)}, '
            f'"weight": "{item.weight.normalize():f}"}}'
            for item in pinned.samples
        )
        return (
            f"    {json.dumps(name)}: {{\n"
            f'      "encoding": {json.dumps(pinned.encoding)},\n'
            f'      "max_tokens": {json.dumps(pinned.max_tokens)},\n'
            f'      "model": {json.dumps(pinned.model)},\n'
            f'      "prefix_tokens": {pinned.prefix_tokens},\n'
            f'      "samples": [\n{samples}\n      ]\n'
            "    }"
        )

    workflows = ",\n".join(entry(*item) for item in sorted(baseline.workflows.items()))
    return (
        "{\n"
        f'  "commit": {json.dumps(baseline.commit)},\n'
        f'  "reviewbot_version": {json.dumps(baseline.reviewbot_version)},\n'
        f'  "schema_version": {_VERSION},\n'
        f'  "workflows": {{\n{workflows}\n  }}\n'
        "}\n"
    )


def baseline_schema() -> Schema:
    """The JSON Schema (2020-12) of the file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "reviewbot baseline",
    } | _FILE.schema()


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
        model = resolve(pinned.model, encoding=pinned.encoding)
    except MeasurementError:
        return pinned.prefix_tokens
    return caching_rule(model).cacheable(pinned.prefix_tokens)


def _terms(pinned: Pinned) -> object:
    """All but the tokens."""
    samples = [(item.name, item.weight) for item in pinned.samples]
    return pinned.model, pinned.encoding, pinned.max_tokens, samples


def _differences(was: Pinned, now: Pinned) -> Iterator[str]:
    before, after = was.mean_input_tokens, now.mean_input_tokens
    yield f"mean input tokens {shown_tokens(before)} → {shown_tokens(after)}"
    for name in ("model", "encoding", "max_tokens", "prefix_tokens"):
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


class _Typed(Generic[T]):
    """A scalar that JSON writes as `type_`, a `string` or an `integer`."""

    def __init__(self, kind: Kind[T], type_: str) -> None:
        self.kind = kind
        self.type = type_

    def read(self, node: Node, at: At) -> T:
        """What the kind makes of it."""
        if isinstance(node, Scalar):
            found = "string" if node.quoted else "integer" if type(node.value) is int else "other"
            if found != self.type:
                raise at.reject(node.line, f"this is no {self.type}", MEND)
        return self.kind.read(node, at)

    def schema(self) -> Schema:
        """The kind's own, of this type."""
        return self.kind.schema() | {"type": self.type}


class _OrNull(Generic[T]):
    """A value, or null where there is none."""

    def __init__(self, kind: Kind[T]) -> None:
        self.kind = kind

    def read(self, node: Node, at: At) -> T | None:
        """What the kind makes of it."""
        is_null = isinstance(node, Scalar) and node.value is None
        return None if is_null else self.kind.read(node, at)

    def schema(self) -> Schema:
        """The kind's own, or null."""
        return {"anyOf": [self.kind.schema(), {"type": "null"}]}


def _pinned(*, samples: tuple[PinnedSample, ...], **values: Any) -> Pinned:
    return Pinned(samples=in_order(samples), **values)


def in_order(samples: tuple[PinnedSample, ...]) -> tuple[PinnedSample, ...]:
    """The samples as a file has them: by name, whatever their order in the configuration."""
    return tuple(sorted(samples, key=lambda item: (item.name, item.weight, item.input_tokens)))


def _values(*, schema_version: str, **values: Any) -> dict[str, Any]:
    del schema_version
    return values


_ANY = Text(r"(?s).{0,4096}", "a text of at most 4,096 characters", '"static"')
_TOKENS = _Typed(Amount(count, "a number of tokens", "1_024"), "integer")
_SAMPLE = section(
    PinnedSample,
    {
        "name": Field(_Typed(_ANY, "string"), "the sample's name", required=True),
        "weight": Field(_Typed(scalars.WEIGHT, "string"), "the sample's weight", required=True),
        "input_tokens": Field(_TOKENS, "the input tokens of a call with it", required=True),
    },
)
_PINNED = section(
    _pinned,
    {
        "model": Field(_Typed(_ANY, "string"), "the model that was called", required=True),
        "encoding": Field(
            _OrNull(_Typed(_ANY, "string")),
            "the encoding that stood in for a model whose own is not known",
            required=True,
        ),
        "max_tokens": Field(_OrNull(_TOKENS), "the cap on output tokens", required=True),
        "prefix_tokens": Field(_TOKENS, "the tokens that every call begins with", required=True),
        "samples": Field(
            ListOf(_SAMPLE, at_least=1), "the samples that were measured", required=True
        ),
    },
)
_FILE = section(
    _values,
    {
        "schema_version": Field(
            _Typed(Choice(lambda: [_VERSION]), "integer"),
            "the version of this shape",
            required=True,
        ),
        "reviewbot_version": Field(
            _Typed(_ANY, "string"), "the version that measured it", required=True
        ),
        "commit": Field(
            _Typed(Text(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", "a commit's id", '"1f0c…"'), "string"),
            "the commit that was measured",
            required=True,
        ),
        "workflows": Field(
            MapOf(scalars.NAME, _PINNED), "what was measured, by workflow", required=True
        ),
    },
)
