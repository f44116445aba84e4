"""Settings that apply to nothing are named: a slip would quietly switch a rule off."""

import pytest

from reviewbot.exit_codes import ExitCode
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, change, configuration, tokens, workflow

SLIPS = [
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
    ("tiers: {low: [openai/gpt4o]}", "no model is called 'openai/gpt4o'", "tiers.low"),
]
QUIET = "docs/notes.txt"


def settings_with(settings: str) -> str:
    name, _, value = settings.partition(": ")
    return configuration({"w": workflow()}, **{name: value})


@pytest.mark.parametrize("touched", [PROMPT, QUIET], ids=["a prompt", "nothing that concerns one"])
@pytest.mark.parametrize(("settings", "what", "key"), SLIPS)
def test_a_setting_that_applies_to_nothing_is_named(
    repository: Repository, settings: str, what: str, key: str, touched: str
) -> None:
    files = {CONFIGURATION: settings_with(settings), PROMPT: tokens(10)}
    outcome = change(repository, files, {touched: tokens(11)})
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
    files = {CONFIGURATION: settings_with(settings), PROMPT: tokens(10)}
    outcome = change(repository, files, {PROMPT: tokens(11)})
    assert outcome.report["findings"] == []


def test_an_override_of_a_misspelt_model_is_told(repository: Repository) -> None:
    overrides = "overrides: {openai/gpt-4.1-mni: {input: 2, output: 8}, own: {input: 1, output: 2}}"
    files = {CONFIGURATION: settings_with(f"prices: {{{overrides}}}"), PROMPT: tokens(10)}
    outcome = change(repository, files, {PROMPT: tokens(11)})
    mistaken, own = outcome.report["findings"]
    assert (mistaken["rule"], mistaken["verdict"], outcome.code) == ("unused", "warn", 0)
    assert mistaken["text"] == (
        "no workflow calls 'openai/gpt-4.1-mni', so its price is not used; did you mean "
        "'openai/gpt-4.1-mini'?"
    )
    assert own["text"].endswith("correct its name, or take it out")


@pytest.mark.parametrize("named", ["openai/gpt-4.1", "gpt-4.1@flex", "anthropic/claude-opus-4-1"])
def test_an_override_of_a_model_that_is_called_or_listed_is_not(
    repository: Repository, named: str
) -> None:
    settings = f"prices: {{overrides: {{{named}: {{input: 2, output: 8}}}}}}"
    files = {CONFIGURATION: settings_with(settings), PROMPT: tokens(10)}
    outcome = change(repository, files, {PROMPT: tokens(11)})
    assert [item for item in outcome.report["findings"] if item["rule"] == "unused"] == []


@pytest.mark.parametrize(("settings", "what", "key"), SLIPS)
def test_one_that_the_change_brings_is_an_error(
    repository: Repository, settings: str, what: str, key: str
) -> None:
    files = {CONFIGURATION: configuration({"w": workflow()}), PROMPT: tokens(10)}
    outcome = change(repository, files, {CONFIGURATION: settings_with(settings)})
    assert outcome.code == ExitCode.USAGE
    assert f"{CONFIGURATION}:3 ({key}" in outcome.errors
    assert what in outcome.errors


def test_all_of_a_first_configuration_are_told_at_once(repository: Repository) -> None:
    settings = configuration(
        {"w": workflow()},
        coverage="{prompts: ['prompt/*'], ignore: [vendor/*]}",
        tiers="{low: [openai/gpt4o, 'claud-*']}",
    )
    outcome = change(repository, {PROMPT: tokens(10)}, {CONFIGURATION: settings})
    assert outcome.code == ExitCode.USAGE
    for slip in ("'prompt/*'", "'vendor/*'", "'openai/gpt4o'; did you mean 'openai/gpt-4o'?"):
        assert slip in outcome.errors
    assert "'claud-*'" in outcome.errors


def test_one_that_the_change_empties_is_a_warning(repository: Repository) -> None:
    settings = settings_with("coverage: {ignore: ['vendor/**']}")
    files = {CONFIGURATION: settings, PROMPT: tokens(10), "vendor/p.txt": "a"}
    edited = settings.replace("1000/month", "1001/month")
    outcome = change(repository, files, {"vendor/p.txt": None, CONFIGURATION: edited})
    (finding,) = [item for item in outcome.report["findings"] if item["rule"] == "unused"]
    assert finding["verdict"] == "warn"


def test_a_model_that_an_unreadable_prompt_may_name_is_no_slip(repository: Repository) -> None:
    path = "p/a.prompt.yml"
    settings = configuration(
        {"w": workflow(path, model="")},
        tiers="{low: [azure/prod]}",
        defaults="{counts_as: openai/gpt-4o}",
    )
    text = "model: azure/prod\nmessages: [{role: user, content: a}]\n"
    files = {CONFIGURATION: settings, path: text}
    assert "no model is called" not in change(repository, files, {path: "messages: ["}).out
