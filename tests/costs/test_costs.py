import csv
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reviewbot.configuration.settings import CacheLifetime, Override, ServiceTier, Stream
from reviewbot.costs.forecast import (
    PricedStream,
    SampleTokens,
    call_cost,
    forecast,
    mean_input_tokens,
    percentile,
)
from reviewbot.costs.price_lookup import PriceLookup, Service, catalogue_version
from reviewbot.costs.rates import Rate, Rates
from reviewbot.errors import MeasurementError
from reviewbot.tokens import caching_rule, resolve
from tests.support.places import DATA

_TABLE = DATA / "hand_computed_costs.csv"
HAND_COMPUTED = list(csv.DictReader(_TABLE.read_text().splitlines()))
OVERRIDES = {
    "self/llama": Override(
        input=Decimal(1),
        output=Decimal(2),
        cached_input=Decimal("0.10"),
        cache_write=Decimal("0.25"),
    ),
    "self/plain": Override(input=Decimal(1), output=Decimal(2)),
    "openai/gpt-4o": Override(input=Decimal(9), output=Decimal(9)),
    "self/tiers": Override(input=Decimal(4), output=Decimal(4)),
    "self/tiers@flex": Override(input=Decimal(2), output=Decimal(2)),
}
STANDARD = Service()
RATES = Rates(
    input=Rate(usd_per_mtok=Decimal("1.25"), cliffs=((1_000, Decimal("2.5")),)),
    cached_input=Rate(usd_per_mtok=Decimal("0.125")),
    cache_write=Rate(usd_per_mtok=Decimal("1.5625")),
    output=Rate(usd_per_mtok=Decimal(10)),
    source="test",
)


def rates(model: str, service: Service = STANDARD, as_of: date = date(2026, 11, 1)) -> Rates:
    known = resolve(
        model, encoding="o200k_base" if model.startswith(("self/", "nobody/")) else None
    )
    return PriceLookup(as_of=as_of, overrides=OVERRIDES).rates(known, service)


def why_unpriced(model: str, tier: str = "standard", as_of: date = date(2026, 11, 1)) -> str:
    with pytest.raises(MeasurementError) as caught:
        rates(model, Service(tier=ServiceTier(tier)), as_of)
    (problem,) = caught.value.problems
    assert "prices.overrides" in problem.mend
    return problem.what


@pytest.mark.parametrize("row", HAND_COMPUTED, ids=lambda row: row["case"])
def test_costs_equal_hand_computed_ones_to_the_last_digit(row: dict[str, str]) -> None:
    service = Service(
        tier=ServiceTier(row["tier"]),
        region=row["region"] or None,
        lifetime=CacheLifetime(row["lifetime"]),
    )
    rule = caching_rule(
        resolve(row["model"], encoding="o200k_base" if "self/" in row["model"] else None)
    )
    hit_rate = Decimal(row["hit_rate"])
    read, written = rule.read_and_written(
        int(row["input_tokens"]),
        int(row["cacheable_tokens"]),
        hit_rate=hit_rate,
        write_rate=rule.write_rate(
            hit_rate, Decimal(row["write_rate"]) if row["write_rate"] else None
        ),
    )
    cost = call_cost(
        rates(row["model"], service, date.fromisoformat(row["as_of"])),
        input_tokens=int(row["input_tokens"]),
        output_tokens=int(row["output_tokens"]),
        read_tokens=read,
        written_tokens=written,
    )
    assert cost.total == Decimal(row["usd"])


@pytest.mark.parametrize("tier", [None, "flex", "priority", "batch"])
@pytest.mark.parametrize("model", ["gpt-4.1", "gpt-5", "gpt-5.5", "gpt-6-sol", "o3", "gpt-4o-mini"])
@given(
    input_tokens=st.integers(0, 400_000),
    cached=st.integers(0, 400_000),
    output_tokens=st.integers(0, 100_000),
)
def test_the_catalogues_own_calculation_agrees(
    model: str, tier: str | None, input_tokens: int, cached: int, output_tokens: int
) -> None:
    from genai_prices import Usage, calc_price

    cached = min(cached, input_tokens)
    as_of = date(2026, 11, 1)
    context = (
        {"processing": "batch"} if tier == "batch" else {"service_tier": tier} if tier else None
    )
    try:
        own = rates(f"openai/{model}", Service(tier=ServiceTier(tier or "standard")), as_of)
    except MeasurementError:
        return
    theirs = calc_price(
        Usage(input_tokens=input_tokens, cache_read_tokens=cached, output_tokens=output_tokens),
        model,
        provider_id="openai",
        genai_request_timestamp=datetime.combine(as_of, time(12), tzinfo=UTC),
        price_context=context,
    )
    cost = call_cost(
        own,
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        read_tokens=Decimal(cached),
    )
    assert cost.total == theirs.total_price


def test_what_has_no_price_is_an_error() -> None:
    assert "no price for openai/gpt-4.1-mni" in why_unpriced("openai/gpt-4.1-mni")
    assert "no price for nobody/x" in why_unpriced("nobody/x")
    assert "service tier 'flex'" in why_unpriced("openai/gpt-4.1", "flex")
    assert "service tier 'flex'" in why_unpriced("openai/gpt-5", "flex", date(2026, 10, 11))
    assert "service tier 'batch'" in why_unpriced("azure/gpt-4o", "batch")
    assert "the override of 'self/plain' has no rates" in why_unpriced("self/plain", "flex")
    assert "no price for openai/ft:gpt-4.1:acme::1" in why_unpriced("openai/ft:gpt-4.1:acme::1")
    assert "billed by the hour" in why_unpriced(
        "bedrock/us-east-1/1-month-commitment/anthropic.claude-v2:1"
    )


def test_an_override_has_tiers_of_its_own() -> None:
    assert rates("self/tiers", Service(tier=ServiceTier.FLEX)).input.usd_per_mtok == 2
    assert rates("self/tiers").input.usd_per_mtok == 4
    assert rates("self/tiers").source == "prices.overrides, self/tiers"


def test_proposed_overrides_are_asked_last_and_marked() -> None:
    proposed = {"openai/gpt-4.1": OVERRIDES["self/plain"], "self/new": OVERRIDES["self/plain"]}
    catalogue = PriceLookup(as_of=date(2026, 11, 1), overrides={}, proposed=proposed)

    def look_up(provider: str, model: str) -> Rates:
        named = resolve(
            f"{provider}/{model}", encoding=None if provider == "openai" else "o200k_base"
        )
        return catalogue.rates(named, STANDARD)

    known, new = look_up("openai", "gpt-4.1"), look_up("self", "new")
    assert known.input.usd_per_mtok == 2
    assert not known.is_proposed
    assert new.input.usd_per_mtok == 1
    assert new.is_proposed
    assert known.source == f"genai-prices {catalogue_version()}, openai/gpt-4.1"


def samples(*tokens: tuple[int, str]) -> list[SampleTokens]:
    return [
        SampleTokens(
            name=str(number), weight=Decimal(weight), input_tokens=count, cacheable_tokens=count
        )
        for number, (count, weight) in enumerate(tokens)
    ]


def stream(calls: str, output: int, hit: str = "0", write: str = "0") -> PricedStream:
    return PricedStream(
        stream=Stream(
            calls_per_month=Decimal(calls),
            output_tokens=output,
            cache_hit_rate=Decimal(hit),
            cache_write_rate=Decimal(write),
        ),
        rates=RATES,
        rule=caching_rule(resolve("claude-opus-4-8")),
    )


def test_a_month_by_hand() -> None:
    # (3 x (100 x 1.25 + 10 x 10) + 1 x (500 x 1.25 + 10 x 10)) / 4 / 1M = 0.00035 a call
    month = forecast(samples((100, "3"), (500, "1")), [stream("1000", 10)], max_tokens=20)
    assert month.usd_per_call == Decimal("0.00035")
    assert month.usd_per_month == Decimal("0.35")
    assert month.tokens_per_month == Decimal(210_000)
    # 500 x 1.25 + 20 x 10 = 825 / 1M
    assert month.worst_usd_per_call == Decimal("0.000825")
    assert month.worst_usd_per_month == Decimal("0.825")


def test_a_stream_weighs_the_samples_itself_and_never_half_of_them() -> None:
    both = samples((100, "3"), (500, "1"))
    own = stream("1000", 10)
    weighed = own.stream
    own = replace(
        own, stream=replace(weighed, sample_weights=(("0", Decimal(1)), ("1", Decimal(3))))
    )
    # (1 x (100 x 1.25 + 10 x 10) + 3 x (500 x 1.25 + 10 x 10)) / 4 / 1M = 0.0006 a call
    assert forecast(both, [own], max_tokens=20).usd_per_call == Decimal("0.0006")
    other = replace(own, stream=replace(weighed, sample_weights=(("0", Decimal(99)),)))
    assert forecast(both, [other], max_tokens=20).usd_per_call == Decimal("0.00035")


def test_streams_add_up_and_the_cliff_is_judged_call_by_call() -> None:
    one = forecast(samples((1_000, "1"), (1_001, "1")), [stream("10", 0)], max_tokens=None)
    # (1000 x 1.25 + 1001 x 2.5) / 2 / 1M = 0.00187625
    assert one.usd_per_call == Decimal("0.00187625")
    two = forecast(
        samples((1_000, "1")), [stream("10", 0), stream("30", 0, hit="1")], max_tokens=None
    )
    # 10 x 1000 x 1.25 + 30 x 1000 x 0.125 = 16250 / 1M over 40 calls
    assert two.usd_per_month == Decimal("0.01625")
    assert two.usd_per_call == Decimal("0.00040625")


def test_without_a_cap_the_worst_case_is_unknown_not_zero() -> None:
    month = forecast(samples((100, "1")), [stream("1000", 10)], max_tokens=None)
    assert month.worst_usd_per_call is None
    assert month.worst_usd_per_month is None


def test_a_cap_below_the_expected_output_lowers_the_forecast() -> None:
    month = forecast(samples((0, "1")), [stream("1", 100)], max_tokens=40)
    assert month.usd_per_month == Decimal("0.0004")


def test_at_worst_everything_is_written_to_the_cache_where_a_stream_writes() -> None:
    month = forecast(samples((1_000, "1")), [stream("1", 0, write="0.1")], max_tokens=1)
    assert month.worst_usd_per_call == Decimal("0.0015725")


@pytest.mark.parametrize(
    ("percent", "tokens"), [(1, 10), (50, 10), (60, 10), (61, 20), (90, 20), (91, 30), (99, 30)]
)
def test_percentiles_are_nearest_rank_by_weight(percent: int, tokens: int) -> None:
    assert percentile(samples((30, "1"), (10, "6"), (20, "3")), percent) == tokens


WEIGHTED = st.lists(
    st.tuples(st.integers(0, 5_000), st.integers(1, 9).map(str)), min_size=1, max_size=5
)


@given(WEIGHTED, st.integers(1, 10**9), st.integers(0, 10**4), st.integers(1, 50))
def test_laws_of_a_month(tokens: list[tuple[int, str]], calls: int, output: int, more: int) -> None:
    month = forecast(samples(*tokens), [stream(str(calls), output)], max_tokens=None)
    busier = forecast(samples(*tokens), [stream(str(calls + more), output)], max_tokens=None)
    longer = forecast(
        samples(*[(count + more, weight) for count, weight in tokens]),
        [stream(str(calls), output)],
        max_tokens=None,
    )
    assert month.usd_per_month <= busier.usd_per_month
    assert month.usd_per_month < longer.usd_per_month
    reordered = forecast(samples(*reversed(tokens)), [stream(str(calls), output)], max_tokens=None)
    assert reordered == month
    counts = samples(*tokens)
    smallest, largest = min(tokens)[0], max(tokens)[0]
    assert smallest <= mean_input_tokens(counts) <= largest
    assert percentile(counts, 99) <= largest


@given(WEIGHTED, st.integers(1, 10**6), st.integers(0, 100))
def test_cached_input_never_costs_more(tokens: list[tuple[int, str]], calls: int, hit: int) -> None:
    cold = forecast(samples(*tokens), [stream(str(calls), 1)], max_tokens=None)
    warm = forecast(
        samples(*tokens), [stream(str(calls), 1, hit=f"{hit / 100:.2f}")], max_tokens=None
    )
    assert warm.usd_per_month <= cold.usd_per_month
