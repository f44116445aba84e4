"""A misspelt model is answered with one that the catalogue prices."""

import pytest

from reviewbot.costs.catalogue_rates import find
from reviewbot.costs.did_you_mean import nearest_model
from reviewbot.tokens import resolve


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("gpt4", "openai/gpt-4"),
        ("gpt-4o-mni", "openai/gpt-4o-mini"),
        ("gpt5 mini", "openai/gpt-5-mini"),
        ("openai/gpt41", "openai/gpt-4.1"),
        ("openai/gpt-4.1-mni", "openai/gpt-4.1-mini"),
        ("azure/gpt4o", "azure/gpt-4o"),
        ("vertex_ai/gemini-2.5-prp", "vertex_ai/gemini-2.5-pro"),
        ("anthropic/claude-opus-4.8", "anthropic/claude-opus-4-8"),
        ("mistral-larg", "mistral/mistral-large"),
        ("anthropic/claude-4.5-sonet", "anthropic/claude-sonnet-4-5"),
        ("anthropic/claude-sonnet-45", "anthropic/claude-sonnet-4-5"),
        ("anthropic/sonnet-4.5", "anthropic/claude-sonnet-4-5"),
        ("claude-opus-48", "anthropic/claude-opus-4-8"),
        ("openai/gpt-4.1-turbo", "openai/gpt-4.1"),
        ("google/gemini-flash-2.5", "google/gemini-2.5-flash"),
        ("openai/gpt-4.l", "openai/gpt-4.1"),
        ("qwertz", None),
        ("", None),
    ],
)
def test_the_nearest_name(written: str, meant: str | None) -> None:
    assert nearest_model(written) == meant


@pytest.mark.parametrize("word", ["claude", "sonnet", "opus", "gemini", "deepseek"])
def test_a_word_means_a_model_of_its_maker_that_has_it(word: str) -> None:
    meant = nearest_model(word)
    assert meant is not None
    assert word in meant
    assert meant.partition("/")[0] in {"anthropic", "google", "deepseek"}


@pytest.mark.parametrize(
    "written", ["gpt4", "sonnet", "openai/claude-sonnet-4", "bedrock/claude-sonnet", "azure/gpt4o"]
)
def test_what_is_suggested_has_a_price(written: str) -> None:
    model = resolve(nearest_model(written) or "")
    assert find(model.provider, model.name) is not None


@pytest.mark.parametrize(
    ("maker", "start"),
    [
        ("openai", "openai/gpt-"),
        ("openai/", "openai/gpt-"),
        ("Anthropic", "anthropic/claude-"),
        ("google", "google/gemini-"),
        ("gemini", "google/gemini-"),
        ("mistral", "mistral/mistral-"),
        ("xai", "x-ai/grok-"),
    ],
)
def test_of_a_maker_alone_a_current_model_is_named(maker: str, start: str) -> None:
    meant = nearest_model(maker) or ""
    assert meant.startswith(start)
    assert resolve(meant).provider == start.partition("/")[0]
