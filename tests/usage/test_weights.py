"""Weights of samples that give measured calls."""

from hypothesis import given
from hypothesis import strategies as st

from reviewbot.usage.aggregate import BIN_TOKENS
from reviewbot.usage.weights import weigh


def mean(sizes: list[int], weights: tuple[int, ...]) -> float:
    return sum(s * w for s, w in zip(sizes, weights, strict=True)) / sum(weights)


@given(
    sizes=st.lists(st.integers(100, 20_000), min_size=2, max_size=5, unique=True),
    share=st.floats(0.05, 0.95),
)
def test_the_weighted_mean_is_the_measured_one(sizes: list[int], share: float) -> None:
    measured = min(sizes) + share * (max(sizes) - min(sizes))
    calls = {size // BIN_TOKENS: 10 for size in sizes}
    found = weigh(sizes, calls, measured)
    assert found.missing_tokens is None
    assert abs(mean(sizes, found.weights) - measured) <= 0.005 * max(sizes)
    assert min(found.weights) >= 1


def test_a_mean_beyond_all_samples_asks_for_one() -> None:
    found = weigh([100, 200], {9: 50}, 600.0)
    assert found.missing_tokens == 600


def test_calls_count_for_the_nearest_sample() -> None:
    calls = {10: 70, 30: 30}
    found = weigh([10 * 64 + 32, 30 * 64 + 32], calls, 0.7 * 672 + 0.3 * 1952)
    assert found.weights == (700, 300)
