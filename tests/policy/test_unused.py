"""Settings that apply to nothing are named: a slip would quietly switch a rule off."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, change, configuration, tokens, workflow


@pytest.mark.parametrize(
    ("settings", "what", "key"),
    [
        ("coverage: {prompts: ['prompt/*.txt']}", "no file matches 'prompt/*.txt'", "coverage"),
        ("coverage: {ignore: ['vendor/**']}", "no file matches 'vendor/**'", "coverage"),
        ("tiers: {premium: [openai/gpt5*]}", "no model is called 'openai/gpt5*'", "tiers.premium"),
        (
            "tiers: {low: [openai/gpt-4o-mni]}",
            "no model is called 'openai/gpt-4o-mni'",
            "tiers.low",
        ),
        ("tiers: {low: [opnai/*]}", "no model is called 'opnai/*'", "tiers.low"),
        ("tiers: {low: [claude-opsu-*]}", "no model is called 'claude-opsu-*'", "tiers.low"),
    ],
)
def test_a_setting_that_applies_to_nothing_is_named(
    repository: Repository, settings: str, what: str, key: str
) -> None:
    name, _, value = settings.partition(": ")
    files = {CONFIGURATION: configuration({"w": workflow()}, **{name: value}), PROMPT: tokens(10)}
    outcome = change(repository, files, {PROMPT: tokens(11)})
    (finding,) = outcome.report["findings"]
    assert (finding["rule"], finding["verdict"], outcome.code) == ("unused", "warn", 0)
    assert finding["text"].startswith(what)
    assert finding["place"]["file"] == CONFIGURATION
    assert finding["place"]["line"] == 3
    assert finding["place"]["key"].startswith(key)


@pytest.mark.parametrize(
    "settings",
    [
        "coverage: {prompts: ['prompts/*.txt'], ignore: ['.github/**']}",
        "tiers: {premium: [openai/gpt-5*, anthropic/claude-opus-*], low: [openai/gpt-4o-mini]}",
        "tiers: {premium: [claude-*], low: ['openai/*', gpt-4o]}",
    ],
)
def test_what_applies_to_something_is_not(repository: Repository, settings: str) -> None:
    name, _, value = settings.partition(": ")
    files = {CONFIGURATION: configuration({"w": workflow()}, **{name: value}), PROMPT: tokens(10)}
    outcome = change(repository, files, {PROMPT: tokens(11)})
    assert outcome.report["findings"] == []
