"""Ways back below a broken limit, each forecast by doing it: none is a rule of thumb.

A way is told only if it saves. Ways that change traffic (a service tier, a cache of responses) are
forecast as the configuration would have to say it afterwards.
"""

from collections.abc import Callable, Iterator
from decimal import localcontext
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from reviewbot.configuration.settings import ServiceTier, Stream
from reviewbot.costs.forecast import EXACT
from reviewbot.costs.tiers import Tiers, tier_of
from reviewbot.evaluation.workflow import Evaluator
from reviewbot.explanation.shortening import Edit, edits, moved_to_end
from reviewbot.explanation.variants import Edited, MeasuredHunk, Variants
from reviewbot.report import Figures, WayBack, WayKind
from reviewbot.scope.affected import Affected

MOST_WAYS = 12
"""Ways of one workflow that are told, those that save most."""

_MOST_EDITS = 24
"""Edits of one workflow that are tried."""

_TEXT_SUFFIXES = (
    *(".txt", ".md", ".markdown", ".prompt", ".j2", ".jinja", ".jinja2"),
    *(".mustache", ".hbs", ".handlebars"),
)
"""Files whose lines are the prompt's own, so that a line can be taken out or moved."""


class _Way(Struct, frozen=True, kw_only=True):
    kind: WayKind
    text: str
    figures: Figures
    value: str | None = None
    lines: tuple[str, int, int] | None = None


class WaysBack:
    """Finds ways back for workflows of one review."""

    def __init__(self, variants: Variants, evaluator: Evaluator, tiers: Tiers) -> None:
        self._variants = variants
        self._evaluator = evaluator
        self._tiers = tiers

    def find(
        self,
        affected: Affected,
        hunks: tuple[MeasuredHunk, ...],
        fits: Callable[[Figures], bool],
    ) -> tuple[WayBack, ...]:
        """The ways for one workflow, those that save most first.

        `fits` says of figures whether no limit would be broken with them.
        """
        now = self._variants.unedited(affected)
        if now is None:
            return ()
        found = (
            *self._caps(now, fits),
            *self._models(now, fits),
            *self._service_tiers(now, affected),
            *self._response_caches(now, affected),
            *self._edits(affected, now.figures),
            *_undone(hunks),
        )
        with localcontext(EXACT):
            ways = [_told(way, now.figures, fits=fits(way.figures)) for way in found]
        helpful = [way for way in ways if way.saves_usd_per_month > 0]
        return tuple(
            sorted(helpful, key=lambda way: (-way.saves_usd_per_month, way.kind, way.text))
        )[:MOST_WAYS]

    def _caps(self, now: Edited, fits: Callable[[Figures], bool]) -> Iterator[_Way]:
        """The highest output cap that fits, if half of the longest expected answer does."""
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
            yield _Way(
                kind=WayKind.OUTPUT_CAP,
                text=f"cap the output at {best[0]:,} tokens",
                figures=best[1],
                value=str(best[0]),
            )

    def _models(self, now: Edited, fits: Callable[[Figures], bool]) -> Iterator[_Way]:
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
                yield _Way(
                    kind=WayKind.MODEL,
                    text=f"use {model}, of the tier {cheaper}",
                    figures=figures,
                    value=model,
                )

    def _service_tiers(self, now: Edited, affected: Affected) -> Iterator[_Way]:
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
                yield _Way(
                    kind=WayKind.SERVICE_TIER,
                    text=f"send what can wait as {tier}",
                    figures=figures,
                    value=tier,
                )

    def _response_caches(self, now: Edited, affected: Affected) -> Iterator[_Way]:
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
            yield _Way(
                kind=WayKind.RESPONSE_CACHE,
                text="answer repeated calls from a cache of responses",
                figures=figures,
            )

    def _with(
        self, now: Edited, streams: tuple[Stream, ...], others: tuple[Stream, ...]
    ) -> Figures | None:
        if others == streams:
            return None
        return self._evaluator.alternative(now.rendered, streams=others)

    def _edits(self, affected: Affected, after: Figures) -> Iterator[_Way]:
        """Edits of the call's files that save by fewer tokens or a longer cacheable prefix."""
        texts = {}
        for path in affected.after.source.files if affected.after else ():
            text = self._variants.text(path) if path.lower().endswith(_TEXT_SUFFIXES) else None
            if text is not None:
                texts[path] = text
        ends = after.prefix.ends
        if ends is not None and ends.file in texts and ends.line is not None:
            moved = moved_to_end(ends.file, texts[ends.file], ends.line)
            tried = self._variants.edited(affected, {moved.path: moved.text}) if moved else None
            if moved is not None and tried is not None:
                grown = tried.figures.prefix.cacheable_tokens
                if grown > after.prefix.cacheable_tokens:
                    text = f"{moved.what}, so that {grown:,} tokens can be cached"
                    yield _Way(
                        kind=moved.kind, text=text, figures=tried.figures, lines=_lines(moved)
                    )
        for edit in islice(edits(texts), _MOST_EDITS):
            tried = self._variants.edited(affected, {edit.path: edit.text})
            if tried is not None:
                yield _Way(
                    kind=edit.kind, text=edit.what, figures=tried.figures, lines=_lines(edit)
                )


def _undone(hunks: tuple[MeasuredHunk, ...]) -> Iterator[_Way]:
    for item in hunks:
        hunk = item.hunk
        if item.without is not None:
            where = f"{hunk.file}:{hunk.first_line}"
            lines = f"{where}–{hunk.last_line}" if hunk.last_line > hunk.first_line else where
            several = f" and {hunk.hunks - 1} more changes" if hunk.hunks > 1 else ""
            yield _Way(
                kind=WayKind.HUNK,
                text=f"undo the change at {lines}{several}",
                figures=item.without,
                lines=(hunk.file, hunk.first_line, hunk.last_line),
            )


def _lines(edit: Edit) -> tuple[str, int, int]:
    return edit.path, edit.first_line, edit.last_line


def _told(way: _Way, after: Figures, *, fits: bool) -> WayBack:
    file, first_line, last_line = way.lines or (None, None, None)
    return WayBack(
        kind=way.kind,
        text=way.text,
        usd_per_month=way.figures.usd_per_month,
        saves_usd_per_month=after.usd_per_month - way.figures.usd_per_month,
        fits=fits,
        value=way.value,
        file=file,
        first_line=first_line,
        last_line=last_line,
    )
