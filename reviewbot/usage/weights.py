"""Weights of samples that give measured calls: first by size, then so that the mean is right."""

import math
from collections.abc import Mapping, Sequence

from msgspec import Struct

from reviewbot.usage.aggregate import BIN_TOKENS

_WHOLE = 1_000
"""What weights add up to, nearly; none is below 1."""

_STEPS = 200
_LARGEST_TILT = 64.0
_UNEXPLAINED = 0.02
"""From this share of the mean on, a sample is missing."""


class Weighed(Struct, frozen=True, kw_only=True):
    """Weights in the samples' order, and the mean size that a further sample would have to have.

    `missing_tokens` is None where the samples explain the measured mean.
    """

    weights: tuple[int, ...]
    missing_tokens: int | None


def weigh(sizes: Sequence[int], calls: Mapping[int, int], mean_tokens: float) -> Weighed:
    """The weights of samples with these sizes, for calls by bins of size with this mean.

    Every call is counted for the sample whose size is nearest to the middle of its bin. These
    shares are then tilted as little as can be (exponentially, which keeps them closest in relative
    entropy) until their mean is the measured one. A mean beyond all samples cannot be reached: the
    nearest sample gets all, and a sample is missing.
    """
    counts = [0] * len(sizes)
    for size_bin, count in calls.items():
        middle = size_bin * BIN_TOKENS + BIN_TOKENS / 2
        counts[min(range(len(sizes)), key=lambda n: (abs(sizes[n] - middle), n))] += count
    total = sum(counts)
    shares = [max(count / total, 1 / (10 * _WHOLE)) for count in counts]
    shares = _tilted(sizes, shares, mean_tokens)
    reached = sum(share * size for share, size in zip(shares, sizes, strict=True))
    weights = tuple(max(1, round(share * _WHOLE)) for share in shares)
    is_explained = abs(reached - mean_tokens) <= _UNEXPLAINED * mean_tokens
    return Weighed(weights=weights, missing_tokens=None if is_explained else round(mean_tokens))


def _tilted(sizes: Sequence[int], shares: Sequence[float], mean: float) -> list[float]:
    """The shares times an exponential of the size, normalized, with this mean as far as it goes."""
    span = max(sizes) - min(sizes) or 1

    def at(tilt: float) -> list[float]:
        logs = [
            math.log(share) + tilt * (size - mean) / span
            for share, size in zip(shares, sizes, strict=True)
        ]
        top = max(logs)
        raised = [math.exp(value - top) for value in logs]
        return [value / sum(raised) for value in raised]

    low, high = -_LARGEST_TILT, _LARGEST_TILT
    for _ in range(_STEPS):
        middle = (low + high) / 2
        found = sum(share * size for share, size in zip(at(middle), sizes, strict=True))
        low, high = (middle, high) if found < mean else (low, middle)
    return at((low + high) / 2)
