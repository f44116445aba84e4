"""Who answers a request, where and in which tier: priced, or named where prices may differ."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.evaluation.test_requests import APPROVAL, CHAT, chat, edited
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    Outcome,
    change,
    configuration,
    review,
    tokens,
    workflow,
)

APPROVE = "needs-approval"
TIER = {"openai/gpt-4o": Decimal("1.7"), "anthropic/claude-opus-5": Decimal(2)}
"""What a faster tier costs: $4.25 instead of $2.50 a million tokens, $10 instead of $5."""


@pytest.mark.parametrize(
    ("model", "request_", "factor"),
    [
        ("openai/gpt-4o", {"service_tier": "priority"}, TIER["openai/gpt-4o"]),
        ("anthropic/claude-opus-5", {"speed": "fast"}, TIER["anthropic/claude-opus-5"]),
        ("anthropic/claude-opus-5", {"inference_geo": "us"}, Decimal("1.1")),
        ("anthropic/claude-opus-5", {"inference_geo": "global"}, Decimal(1)),
        ("openai/gpt-4o", {"service_tier": "default"}, Decimal(1)),
    ],
)
def test_what_a_request_asks_for_is_priced(
    repository: Repository, model: str, request_: dict[str, str], factor: Decimal
) -> None:
    settings = configuration({"w": workflow("p.chat.json", model=model)}, **APPROVAL)
    files = {CONFIGURATION: settings, "p.chat.json": chat()}
    outcome = change(repository, files, {"p.chat.json": chat(**request_)})
    assert outcome.rules() == {}
    assert outcome.usd("after") == outcome.usd("before") * factor
    assert set(outcome.causes()) == ({"parameters"} if factor > 1 else set())
    assert not any("not priced" in note for note in outcome.workflow()["after"]["notes"])


@pytest.mark.parametrize(
    ("form", "key", "value"),
    [
        ("prompty", "service_tier", "priority"),
        ("promptfoo", "passthrough", {"service_tier": "priority"}),
        ("langchain", "service_tier", "priority"),
        ("semantic-kernel", "service_tier", "priority"),
    ],
)
def test_so_it_is_in_every_format(
    repository: Repository, form: str, key: str, value: object
) -> None:
    outcome = edited(repository, form, key, value, envelope="{increase: {hard: 20%}}")
    assert outcome.usd("after") == outcome.usd("before") * TIER["openai/gpt-4o"]
    assert outcome.rules() == {"increase": "fail"}


@pytest.mark.parametrize(
    ("model", "key", "value", "factor"),
    [
        ("google/gemini-3.5-flash", "location", "europe-west4", "1.1"),
        ("google/gemini-3.5-flash", "location", "global", "1"),
        ("openai/gpt-5.4", "base_url", "https://eu.api.openai.com/v1", "1.1"),
        ("openai/gpt-5.4", "base_url", "https://api.openai.com/v1", "1"),
        ("google/gemini-3.5-flash", "apiHost", "europe-west1-aiplatform.googleapis.com", "1.1"),
        ("bedrock/eu.anthropic.claude-opus-4-8", "region", "eu-west-1", "1"),
    ],
)
def test_a_region_is_priced_where_its_factor_is_known(
    repository: Repository, model: str, key: str, value: str, factor: str
) -> None:
    settings = configuration({"w": workflow("p.prompt", model=model)}, **APPROVAL)
    files = {CONFIGURATION: settings, "p.prompt": "---\nconfig: {}\n---\nhi\n"}
    config = json.dumps({key: value})
    outcome = change(repository, files, {"p.prompt": f"---\nconfig: {config}\n---\nhi\n"})
    assert outcome.rules() == {}
    assert outcome.usd("after") == outcome.usd("before") * Decimal(factor)


@pytest.mark.parametrize("form", ["dotprompt", "prompty", "semantic-kernel", "promptfoo"])
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("base_url", "https://gateway.example.invalid/v1"),
        ("region", "mars-west-1"),
        ("headers", {"anthropic-beta": "context-1m-2025-08-07"}),
        ("extra_headers", {"Authorization": "Bearer secret"}),
        ("extra_query", {"n": "5"}),
        ("deployment_id", "another"),
        ("version", "another"),
    ],
)
def test_who_else_serves_needs_approval(
    repository: Repository, form: str, key: str, value: Any
) -> None:
    outcome = edited(repository, form, key, value, model="azure/gpt-4o")
    (item,) = outcome.workflow()["findings"]
    assert (item["rule"], item["verdict"], outcome.code) == ("request", "needs-approval", 1)
    assert f"`{key}` is new, and other prices may hold there" in item["text"]
    assert "secret" not in outcome.out
    assert not any(key in note for note in outcome.workflow()["after"]["notes"])


def test_traffic_that_is_dearer_than_the_request_stands(repository: Repository) -> None:
    """A cheaper tier in a file lowers no price, so it needs somebody's word."""
    settings = configuration({"w": workflow("p.chat.json")}, **APPROVAL)
    files = {CONFIGURATION: settings, "p.chat.json": chat()}
    outcome = change(repository, files, {"p.chat.json": chat(service_tier="flex")})
    assert outcome.usd("after") == outcome.usd("before")
    assert outcome.rules() == {"request": "needs-approval"}


def test_a_request_that_leaves_the_cheap_tier_of_its_traffic_is_dearer(
    repository: Repository,
) -> None:
    traffic = "[{calls: 1000/month, output_tokens: 100, service_tier: flex}]"
    more = {"model": "openai/gpt-5", "traffic": traffic}
    settings = configuration({"w": workflow("p.chat.json", **more)}, **APPROVAL)
    files = {CONFIGURATION: settings, "p.chat.json": chat()}
    outcome = change(repository, files, {"p.chat.json": chat(service_tier="default")})
    assert outcome.usd("after") == outcome.usd("before") * 2


NAMED: dict[str, tuple[str, str]] = {
    "p.prompt": ("p.prompt", "---\nmodel: openai/MODEL\n---\nhi\n"),
    "p.prompt.yml": ("p.prompt.yml", "model: openai/MODEL\nmessages: [{role: user, content: hi}]"),
    "p.chat.json": ("p.chat.json", json.dumps(CHAT | {"model": "MODEL"})),
    "promptfooconfig.yaml": (
        "promptfooconfig.yaml",
        "prompts: [hi]\nproviders: ['openai:MODEL']\ntests: [{vars: {a: b}}]\n",
    ),
    "p.prompty": (
        "p.prompty",
        "---\nmodel: {api: chat, configuration: {type: openai, name: MODEL}}\n---\nuser:\nhi\n",
    ),
    "p.yaml": (
        "{path: p.yaml, format: semantic-kernel}",
        (
            "template: hi\ntemplate_format: semantic-kernel\n"
            "execution_settings: {default: {model_id: MODEL}}\n"
        ),
    ),
    "p.py": (
        '"p.py#ask.messages"',
        (
            'def ask():\n    return client.chat.completions.create(model="MODEL",'
            ' messages=[{"role": "user", "content": "hi"}])\n'
        ),
    ),
    "p.ts": (
        '"p.ts#ask.messages"',
        (
            "async function ask() {\n  return await client.chat.completions.create({"
            " model: 'MODEL', messages: [{ role: 'user', content: 'hi' }] });\n}\n"
        ),
    ),
}


def renamed(repository: Repository, path: str, model: str) -> Outcome:
    """The review of a change of the model in a prompt, where the configuration prices gpt-4o."""
    prompts, text = NAMED[path]
    files = {
        CONFIGURATION: configuration({"w": workflow(prompts)}, **APPROVAL),
        path: text.replace("MODEL", "gpt-4o"),
    }
    return change(repository, files, {path: text.replace("MODEL", model)})


@pytest.mark.parametrize("path", NAMED)
def test_a_dearer_model_in_the_prompt_than_the_one_that_is_priced_needs_approval(
    repository: Repository, path: str
) -> None:
    outcome = renamed(repository, path, "gpt-5-pro")
    (item,) = outcome.workflow()["findings"]
    assert (item["rule"], item["verdict"], outcome.code) == ("request", "needs-approval", 1)
    assert "gpt-5-pro, but openai/gpt-4o is priced" in item["text"]
    assert "instead of $" in item["text"]
    assert item["place"]["file"] == path


def test_a_cheaper_one_is_a_warning(repository: Repository) -> None:
    outcome = renamed(repository, "p.prompt", "gpt-4o-mini")
    assert outcome.rules() == {"request": "warn"}


def test_a_model_that_nobody_knows_needs_approval(repository: Repository) -> None:
    assert renamed(repository, "p.prompt", "o-unheard-of").rules() == {"request": "needs-approval"}


def test_a_dated_name_of_the_priced_model_is_no_finding(repository: Repository) -> None:
    assert renamed(repository, "p.prompt", "gpt-4o-2024-08-06").rules() == {}


@pytest.mark.parametrize(
    ("priced", "named", "verdict"),
    [
        ("azure/gpt-4o", "azure/eu/gpt-4o", APPROVE),
        ("bedrock/global.anthropic.claude-sonnet-4-5", "us.anthropic.claude-sonnet-4-5", APPROVE),
        ("openai/gpt-4o", "ft:gpt-4o:acme::id", APPROVE),
        ("openai/gpt-4o", "openrouter/openai/gpt-4o", None),
        ("azure/gpt-4o", "gpt-4o", None),
    ],
)
def test_the_same_model_at_another_price(
    repository: Repository, priced: str, named: str, verdict: str | None
) -> None:
    """A name with a region, a seller or a fine-tune is another price, and none at an equal one."""
    settings = configuration({"w": workflow("p.prompt", model=priced)}, **APPROVAL)
    text = "---\nmodel: MODEL\n---\nhi\n"
    files = {CONFIGURATION: settings, "p.prompt": text.replace("MODEL", priced)}
    outcome = change(repository, files, {"p.prompt": text.replace("MODEL", named)})
    assert outcome.rules() == ({} if verdict is None else {"request": verdict})


@pytest.mark.parametrize(
    ("written", "verdict"),
    [
        ('os.environ["MODEL"]', APPROVE),
        ("None", "warn"),
    ],
)
def test_code_that_no_longer_says_which_model_it_calls_is_told(
    repository: Repository, written: str, verdict: str
) -> None:
    """What the program chooses may be any model; without one the library has its own."""
    path = "p.py"
    renamed(repository, path, "gpt-4o")
    repository.commit({path: NAMED[path][1].replace('"MODEL"', written)})
    assert review(repository).rules() == {"request": verdict}


def test_a_prompt_that_drops_its_model_for_a_cheaper_default_needs_approval(
    repository: Repository,
) -> None:
    more = APPROVAL | {"defaults": "{model: openai/gpt-4o-mini}"}
    settings = configuration({"w": workflow("p.prompt", model="")}, **more)
    files = {CONFIGURATION: settings, "p.prompt": "---\nmodel: openai/gpt-4o\n---\nhi\n"}
    outcome = change(repository, files, {"p.prompt": "---\n{}\n---\nhi " + tokens(20)})
    assert outcome.rules() == {"loosened": "needs-approval"}


@pytest.mark.parametrize(("cap", "is_named"), [(100, False), (101, True), (100_000, True)])
def test_a_cap_above_the_configured_one_needs_approval(
    repository: Repository, cap: int, *, is_named: bool
) -> None:
    def text(tokens_: int) -> str:
        return f"---\nconfig: {{maxOutputTokens: {tokens_}}}\n---\nhi\n"

    settings = configuration({"w": workflow("p.prompt", max_tokens="100")}, **APPROVAL)
    files = {CONFIGURATION: settings, "p.prompt": text(50)}
    outcome = change(repository, files, {"p.prompt": text(cap)})
    assert outcome.rules() == ({"request": "needs-approval"} if is_named else {})


def providers(*items: object) -> str:
    return f"prompts: [hi]\nproviders: {json.dumps(items)}\ntests: [{{vars: {{a: b}}}}]\n"


FULL = {"id": "openai:gpt-4o", "config": {"instructions": tokens(500)}}
DEAR = {"id": "openai:gpt-4o", "config": {"service_tier": "priority"}}


@pytest.mark.parametrize(
    ("before", "after", "rules"),
    [
        ([FULL], [FULL, "echo"], {"request": "needs-approval"}),
        (["openai:gpt-4o", "echo"], ["openai:gpt-5-pro", "echo"], {"request": "needs-approval"}),
        (["openai:gpt-4o", "echo"], [DEAR, "echo"], {"increase": "fail"}),
        (
            ["openai:gpt-4o", "openai:gpt-4o"],
            [{"id": "openai:gpt-4o", "config": {"n": 5}}, "openai:gpt-4o"],
            {"increase": "fail"},
        ),
    ],
)
def test_a_second_provider_hides_nothing_of_the_first(
    repository: Repository, before: list[object], after: list[object], rules: dict[str, str]
) -> None:
    path = "promptfooconfig.yaml"
    setting = workflow(path, envelope="{increase: {hard: 20%}}")
    files = {CONFIGURATION: configuration({"w": setting}, **APPROVAL), path: providers(*before)}
    outcome = change(repository, files, {path: providers(*after)})
    assert outcome.rules() == rules
    assert outcome.usd("after") >= outcome.usd("before")


@pytest.mark.parametrize("is_whole", [True, False])
def test_a_provider_in_a_file_of_its_own_is_read(repository: Repository, *, is_whole: bool) -> None:
    path, named = "promptfooconfig.yaml", "file://provider.yaml"
    setting = workflow(path, envelope="{increase: {hard: 20%}}")
    text = providers(named).replace(json.dumps([named]), named) if is_whole else providers(named)
    files = {
        CONFIGURATION: configuration({"w": setting}, **APPROVAL),
        path: text,
        "provider.yaml": "id: openai:gpt-4o\n",
    }
    outcome = change(repository, files, {"provider.yaml": "id: openai:gpt-4o\nconfig: {n: 5}\n"})
    assert outcome.rules() == {"increase": "fail"}


def test_an_alias_that_an_agent_makes_a_model_of_is_no_other_alias(repository: Repository) -> None:
    path = ".claude/agents/sorter.md"
    settings = configuration({"w": workflow(path)}, **APPROVAL)
    text = "---\nname: sorter\nmodel: haiku\n---\nSort.\n"
    files = {CONFIGURATION: settings, path: text}
    outcome = change(repository, files, {path: text.replace("haiku", "opus")})
    assert outcome.rules() == {"request": "needs-approval"}
    assert not any("haiku" in note for note in outcome.workflow()["after"]["notes"])


def test_an_unknown_model_of_a_prompt_is_told_once(repository: Repository) -> None:
    prompts, text = NAMED["p.prompt.yml"]
    flow = f"{{prompts: {prompts}, traffic: [{{calls: 9/day, output_tokens: 9}}]}}"
    known, unknown = (text.replace("MODEL", name) for name in ("gpt-4o-mini", "gpt-4o-mni"))
    files = {CONFIGURATION: configuration({"w": flow}), "p.prompt.yml": known}
    found = change(repository, files, {"p.prompt.yml": unknown}).workflow()
    assert (len(found["problems"]), found["findings"]) == (1, [])


def test_a_model_that_a_prompt_no_longer_names_stays_priced(repository: Repository) -> None:
    code = (
        "def ask(client):\n    return client.create(model='gpt-4o', messages="
        "[{'role': 'user', 'content': 'Sort it by size, and say how large each of it is.'}])\n"
    )
    files = {CONFIGURATION: configuration({"w": workflow("app.py#ask.messages")}), "app.py": code}
    outcome = change(repository, files, {"app.py": code.replace("model='gpt-4o', ", "")})
    (item,) = outcome.workflow()["findings"]
    assert "openai/gpt-4o is priced, as before: if another is called now" in item["text"]
