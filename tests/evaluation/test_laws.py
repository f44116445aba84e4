"""Laws of a whole review, over generated changes of a real repository."""

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reviewbot.report import Verdict
from tests.support.repetitions import examples
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, configuration, review, workflow

SEVERITY = [str(verdict) for verdict in Verdict]
TERMS = st.fixed_dictionaries(
    {
        "words": st.integers(1, 400),
        "model": st.sampled_from(["openai/gpt-4o", "openai/gpt-4.1", "gpt-5", "openai/gpt-4"]),
        "cap": st.sampled_from([None, 10, 500]),
        "calls": st.integers(1, 10**6),
        "output": st.integers(0, 1_000),
        "hit": st.integers(0, 100),
        "small": st.integers(0, 50),
        "large": st.integers(0, 500),
        "weight": st.integers(1, 9),
        "price": st.sampled_from([None, "0.5", "3.75"]),
    }
)


def files(terms: dict[str, Any], envelope: str = "") -> dict[str, str]:
    samples = (
        f"[{{name: small, weight: {terms['weight']}, variables: {{text: {{tokens: {terms['small']}}}}}}},"
        f" {{name: large, variables: {{text: {{tokens: {terms['large']}}}}}}}]"
    )
    traffic = (
        f"[{{calls: {terms['calls']}/month, output_tokens: {terms['output']}, "
        f"cache_hit_rate: {terms['hit']}%}}]"
    )
    price = terms["price"]
    rates = f'{{openai/gpt-4o: {{input: "{price}", output: "{price}"}}}}' if price else "{}"
    return {
        "prompts/p.j2": "{{ text }}" + " word" * int(terms["words"]),
        CONFIGURATION: configuration(
            {
                "w": workflow(
                    "prompts/p.j2",
                    samples=samples,
                    traffic=traffic,
                    model=terms["model"],
                    max_tokens=str(terms["cap"] or ""),
                    envelope=envelope,
                )
            },
            prices=f"{{as_of: 2026-11-01, overrides: {rates}}}",
        ),
    }


def reviewed(before: dict[str, str], after: dict[str, str]) -> Outcome:
    with TemporaryDirectory() as folder:
        repository = Repository.create(Path(folder))
        repository.commit(before)
        repository.branch("work")
        repository.commit(after)
        return review(repository)


@given(TERMS, TERMS)
@settings(max_examples=examples(25), deadline=None)
def test_causes_add_up_to_the_change_exactly(before: dict[str, Any], after: dict[str, Any]) -> None:
    outcome = reviewed(files(before), files(after))
    if before == after:
        assert outcome.report["workflows"] == []
        return
    found = outcome.workflow()
    end = "proposed" if found["proposed"] else "after"
    whole = outcome.usd(end) - outcome.usd("before")
    assert sum(outcome.causes().values(), Decimal(0)) == whole
    assert Decimal(found["change_usd_per_month"]) == outcome.usd("after") - outcome.usd("before")


@given(TERMS, TERMS, st.integers(1, 600), st.integers(0, 600))
@settings(max_examples=12, deadline=None)
def test_a_tighter_limit_never_improves_a_verdict(
    before: dict[str, Any], after: dict[str, Any], loose: int, tighter_by: int
) -> None:
    def verdict(limit: int) -> int:
        envelope = f"{{input_tokens: {{hard: {limit}}}}}"
        outcome = reviewed(files(before, envelope), files(after, envelope))
        return SEVERITY.index(outcome.report["verdict"])

    if before != after:
        assert verdict(max(1, loose - tighter_by)) >= verdict(loose)
