"""Settings that may bring a month's cost down, each forecast by doing it."""

from collections.abc import Callable, Iterator, Mapping
from decimal import localcontext

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration.settings import Defaults, Guess, ServiceTier, Stream
from reviewbot.costs.rates import EXACT
from reviewbot.costs.tiers import Tiers, tier_of
from reviewbot.evaluation.workflow import Evaluator
from reviewbot.explanation.edited_workflows import Edited
from reviewbot.report import Figures, SuggestionKind
from reviewbot.scope.affected import Affected


class Tried(Struct, frozen=True, kw_only=True):
    """A change that was forecast: its figures, and the value to set or the lines to edit.

    `texts` are the edited files. `needs_evaluation` says that answers may become others or worse,
    `is_configured` that the configuration has to be edited.
    """

    kind: SuggestionKind
    text: str
    figures: Figures
    value: str | None = None
    lines: tuple[str, int, int] | None = None
    texts: Mapping[str, str] = {}
    needs_evaluation: bool = False
    is_configured: bool = False


class CheaperSettings:
    """Tries settings of one workflow: output cap, model, service tier, cache of responses."""

    def __init__(self, evaluator: Evaluator, tiers: Tiers, defaults: Defaults) -> None:
        self._evaluator = evaluator
        self._tiers = tiers
        self._defaults = defaults

    def _is_configured(self, affected: Affected, name: str) -> bool:
        """Whether the configuration sets the model or the cap of a workflow, and no prompt file."""
        if affected.after is None or getattr(affected.settings, name) is not None:
            return True
        return getattr(affected.after.source, name) in {getattr(self._defaults, name), None}

    def tried(
        self, now: Edited, affected: Affected, fits: Callable[[Figures], bool]
    ) -> Iterator[Tried]:
        """What may help; `fits` says of figures whether no limit would be broken with them."""
        yield from self._caps(now, affected, fits)
        yield from self._models(now, affected, fits)
        yield from self._service_tiers(now, affected)
        yield from self._response_caches(now, affected)

    def _caps(
        self, now: Edited, affected: Affected, fits: Callable[[Figures], bool]
    ) -> Iterator[Tried]:
        """The highest output cap that fits, if half of the longest expected answer does.

        Where the length of answers is a guess, no cap is told: it would be as good as the guess.
        """
        if Guess.TRAFFIC in affected.governing.workflow.assumed:
            return
        cap = now.figures.max_tokens
        longest = max(stream.output_tokens for stream in now.figures.streams)
        high = longest if cap is None else min(longest, cap)
        low = -(-high // 2)
        best = None
        while low < high:
            middle = (low + high) // 2
            figures = self._evaluator.alternative(now.rendered, max_tokens=middle)
            if figures is not None and fits(figures):
                best, low = (middle, figures), middle + 1
            else:
                high = middle
        if best is not None:
            yield Tried(
                kind=SuggestionKind.OUTPUT_CAP,
                text=_cap_text(best[0], longest=longest, cap=cap),
                figures=best[1],
                value=str(best[0]),
                needs_evaluation=True,
                is_configured=self._is_configured(affected, "max_tokens"),
            )

    def _models(
        self, now: Edited, affected: Affected, fits: Callable[[Figures], bool]
    ) -> Iterator[Tried]:
        """In each cheaper tier the first model that fits; where none does, the cheapest."""
        names = tuple(self._tiers)
        tier = tier_of(now.figures.model, self._tiers)
        for cheaper in names[names.index(tier) + 1 :] if tier is not None else ():
            tried = [
                (model, figures)
                for model in self._tiers[cheaper]
                if "*" not in model
                and (figures := self._evaluator.alternative(now.rendered, model=model)) is not None
            ]
            fitting = [item for item in tried if fits(item[1])]
            if tried:
                cheapest = min(tried, key=lambda item: (item[1].usd_per_month, item[0]))
                model, figures = fitting[0] if fitting else cheapest
                yield Tried(
                    kind=SuggestionKind.MODEL,
                    text=f"use {model}, of the tier {cheaper}",
                    figures=figures,
                    value=model,
                    needs_evaluation=True,
                    is_configured=self._is_configured(affected, "model"),
                )

    def earlier_model(self, now: Edited, affected: Affected) -> Tried | None:
        """The model before the change, where that names another one."""
        if affected.before is None or affected.after is None:
            return None
        was, model = affected.before.source.model, affected.after.source.model
        figures = self._evaluator.alternative(now.rendered, model=was) if was != model else None
        if figures is None:
            return None
        return Tried(
            kind=SuggestionKind.EARLIER_MODEL,
            text=f"undo the change of the model, from {model} back to {was}",
            figures=figures,
            value=was,
        )

    def _service_tiers(self, now: Edited, affected: Affected) -> Iterator[Tried]:
        """Batch or flex for the streams that can wait."""
        streams = affected.governing.workflow.traffic
        dearer = (ServiceTier.STANDARD, ServiceTier.PRIORITY)
        for tier in (ServiceTier.BATCH, ServiceTier.FLEX):
            moved = tuple(
                replace(stream, service_tier=tier)
                if stream.can_wait and stream.service_tier in dearer
                else stream
                for stream in streams
            )
            figures = self._with(now, streams, moved)
            if figures is not None:
                yield Tried(
                    kind=SuggestionKind.SERVICE_TIER,
                    text=f"send what can wait as {tier}",
                    figures=figures,
                    value=tier,
                    is_configured=True,
                )

    def _response_caches(self, now: Edited, affected: Affected) -> Iterator[Tried]:
        """Answers kept for the share of calls that repeat an earlier one."""
        streams = affected.governing.workflow.traffic
        with localcontext(EXACT):
            kept = tuple(
                replace(stream, calls_per_month=stream.calls_per_month * (1 - stream.repeat_rate))
                if stream.repeat_rate < 1
                else stream
                for stream in streams
            )
        figures = self._with(now, streams, kept)
        if figures is not None:
            yield Tried(
                kind=SuggestionKind.RESPONSE_CACHE,
                text="answer repeated calls from a cache of responses",
                figures=figures,
                is_configured=True,
            )

    def _with(
        self, now: Edited, streams: tuple[Stream, ...], others: tuple[Stream, ...]
    ) -> Figures | None:
        if others == streams:
            return None
        return self._evaluator.alternative(now.rendered, streams=others)


def _cap_text(proposed: int, *, longest: int, cap: int | None) -> str:
    """What a lower cap does, against what bounds answers now: a cap, or the configured length."""
    if cap is not None and cap < longest:
        return (
            f"cap the output at {proposed:,} tokens instead of {cap:,}, so longer answers will be "
            "cut"
        )
    return (
        f"cap the output at {proposed:,} tokens; answers of {longest:,} are configured, so longer "
        "ones will be cut"
    )
