"""Settings of a request that lower its price, multiply it or move it: counted, or named."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    PROMPT,
    Outcome,
    change,
    configuration,
    tokens,
    workflow,
)

APPROVAL = {"approval": "{approvers: [octocat]}"}
CHAT = {"messages": [{"role": "user", "content": "hi"}]}
KERNEL = "template: hi\ntemplate_format: semantic-kernel\nexecution_settings: {default: %s}\n"
PROMPTFOO = (
    "prompts: [hi]\nproviders: [{id: 'openai:gpt-4o', config: %s}]\ntests: [{vars: {a: b}}]\n"
)


def chat(**more: Any) -> str:
    return json.dumps(CHAT | more)


def chain(**more: Any) -> str:
    """A serialized LangChain sequence of a prompt and a model."""

    def made(path: list[str], kwargs: dict[str, Any]) -> dict[str, Any]:
        return {"lc": 1, "type": "constructor", "id": path, "kwargs": kwargs}

    template = made(
        ["langchain", "prompts", "prompt", "PromptTemplate"],
        {"template": "hi", "input_variables": [], "template_format": "f-string"},
    )
    human = made(
        ["langchain", "prompts", "chat", "HumanMessagePromptTemplate"], {"prompt": template}
    )
    prompt = made(
        ["langchain", "prompts", "chat", "ChatPromptTemplate"],
        {"messages": [human], "input_variables": []},
    )
    model = made(["langchain", "chat_models", "openai", "ChatOpenAI"], {"model": "gpt-4o", **more})
    return json.dumps(
        made(
            ["langchain", "schema", "runnable", "RunnableSequence"],
            {"first": prompt, "middle": [], "last": model},
        )
    )


FILES: dict[str, tuple[str, str, Callable[[str, Any], str]]] = {
    "chat": ("p.chat.json", chat(), lambda key, value: chat(**{key: value})),
    "github-models": (
        "p.prompt.yml",
        "messages: [{role: user, content: hi}]\n",
        lambda key, value: (
            f"messages: [{{role: user, content: hi}}]\nmodelParameters: {json.dumps({key: value})}\n"
        ),
    ),
    "dotprompt": (
        "p.prompt",
        "---\nmodel: openai/gpt-4o\n---\nhi\n",
        lambda key, value: (
            f"---\nmodel: openai/gpt-4o\nconfig: {json.dumps({key: value})}\n---\nhi\n"
        ),
    ),
    "prompty": (
        "p.prompty",
        "---\nmodel: {api: chat}\n---\nuser:\nhi\n",
        lambda key, value: (
            f"---\nmodel: {{api: chat, parameters: {json.dumps({key: value})}}}\n---\nuser:\nhi\n"
        ),
    ),
    "semantic-kernel": (
        "{path: p.yaml, format: semantic-kernel}",
        KERNEL % "{}",
        lambda key, value: KERNEL % json.dumps({key: value}),
    ),
    "promptfoo": (
        "promptfooconfig.yaml",
        PROMPTFOO % "{}",
        lambda key, value: PROMPTFOO % json.dumps({key: value}),
    ),
    "langchain": (
        "{path: p.json, format: langchain}",
        chain(),
        lambda key, value: chain(**{key: value}),
    ),
}


def name_of(prompts: str) -> str:
    return prompts.partition("path: ")[2].partition(",")[0] or prompts


def edited(repository: Repository, form: str, key: str, value: Any, **more: str) -> Outcome:
    """The review of a change that sets one key of a prompt file's request."""
    prompts, before, written = FILES[form]
    settings = configuration({"w": workflow(prompts, **more)}, **APPROVAL)
    path = name_of(prompts)
    return change(repository, {CONFIGURATION: settings, path: before}, {path: written(key, value)})


@pytest.mark.parametrize(
    ("form", "key", "value"),
    [
        ("chat", "n", 5),
        ("chat", "best_of", 5),
        ("github-models", "n", 5),
        ("dotprompt", "candidateCount", 5),
        ("prompty", "n", 5),
        ("semantic-kernel", "results_per_prompt", 5),
        ("semantic-kernel", "ResultsPerPrompt", 5),
        ("promptfoo", "n", 5),
        ("promptfoo", "passthrough", {"n": 5}),
        ("promptfoo", "generationConfig", {"candidateCount": 5}),
        ("langchain", "n", 5),
        ("langchain", "model_kwargs", {"n": 5}),
    ],
)
def test_output_is_billed_for_each_answer(
    repository: Repository, form: str, key: str, value: Any
) -> None:
    outcome = edited(repository, form, key, value, envelope="{increase: {hard: 20%}}")
    before, after = outcome.usd("before"), outcome.usd("after")
    output = 1000 * 100 * 10 / 1_000_000
    assert float(after - before) == pytest.approx(4 * output)
    assert outcome.rules() == {"increase": "fail"}
    assert outcome.causes() == {"parameters": after - before}


@pytest.mark.parametrize(
    ("form", "key", "value", "named"),
    [
        ("chat", "inference_geo", "us", "inference_geo"),
        ("chat", "service_tier", "scale", "service_tier"),
        ("chat", "reasoning_effort", "high", "reasoning_effort"),
        ("chat", "reasoning", {"mode": "pro"}, "reasoning.mode"),
        ("chat", "thinking", {"type": "enabled", "budget_tokens": 9}, "thinking.budget_tokens"),
        ("chat", "output_config", {"effort": "max"}, "output_config.effort"),
        ("chat", "text", {"verbosity": "high"}, "text.verbosity"),
        ("chat", "verbosity", "high", "verbosity"),
        ("chat", "speed", "fastest", "speed"),
        ("chat", "prompt_cache_retention", "24h", "prompt_cache_retention"),
        ("chat", "tool_choice", "required", "tool_choice"),
        ("github-models", "reasoningEffort", "high", "reasoningEffort"),
        ("dotprompt", "thinkingConfig", {"thinkingBudget": 9}, "thinkingConfig.thinkingBudget"),
        ("prompty", "service_tier", "scale", "service_tier"),
        ("semantic-kernel", "reasoning_effort", "high", "reasoning_effort"),
        ("promptfoo", "reasoning_effort", "high", "reasoning_effort"),
        ("promptfoo", "passthrough", {"service_tier": "scale"}, "service_tier"),
        ("promptfoo", "a_key_of_next_year", True, "a_key_of_next_year"),
        ("langchain", "service_tier", "scale", "service_tier"),
        ("langchain", "model_kwargs", {"reasoning_effort": "high"}, "reasoning_effort"),
    ],
)
def test_a_setting_that_no_figure_holds_is_named_and_needs_approval(
    repository: Repository, form: str, key: str, value: Any, named: str
) -> None:
    outcome = edited(repository, form, key, value)
    found = {item["text"]: item for item in outcome.workflow()["findings"]}
    (item,) = [item for text, item in found.items() if f"`{named}`" in text]
    assert (item["rule"], item["verdict"], outcome.code) == ("request", "needs-approval", 1)
    assert "it was not set" in item["text"]
    assert item["place"]["file"] == name_of(FILES[form][0])
    assert item["place"]["line"] is not None
    assert any(named in note for note in outcome.workflow()["after"]["notes"])


@pytest.mark.parametrize("form", FILES)
@pytest.mark.parametrize("key", ["temperature", "top_p", "seed", "topK"])
def test_what_is_free_needs_none(repository: Repository, form: str, key: str) -> None:
    if form == "chat" and key == "topK":
        key = "top_k"
    prompts, before, written = FILES[form]
    settings = configuration({"w": workflow(prompts)}, **APPROVAL)
    path = name_of(prompts)
    outcome = change(repository, {CONFIGURATION: settings, path: before}, {path: written(key, 1)})
    assert (outcome.code, outcome.report["verdict"]) == (0, "pass")


@pytest.mark.parametrize(
    ("before", "after", "is_named"),
    [
        ({"reasoning_effort": "high"}, {"reasoning_effort": "low"}, False),
        ({"reasoning_effort": "low"}, {"reasoning_effort": "medium"}, True),
        ({"reasoning_effort": "low"}, {}, True),
        ({"thinking": {"budget_tokens": 9000}}, {"thinking": {"budget_tokens": 1000}}, False),
        ({"thinking": {"budget_tokens": 1000}}, {"thinking": {"budget_tokens": 9000}}, True),
        ({"service_tier": "flex"}, {"service_tier": "default"}, True),
        ({"service_tier": "flex"}, {"service_tier": "flex", "temperature": 1}, False),
    ],
)
def test_only_what_may_cost_more_is_named(
    repository: Repository, before: dict[str, Any], after: dict[str, Any], *, is_named: bool
) -> None:
    settings = configuration({"w": workflow("p.chat.json")}, **APPROVAL)
    files = {CONFIGURATION: settings, "p.chat.json": chat(**before)}
    outcome = change(repository, files, {"p.chat.json": chat(**after)})
    rules = [item["rule"] for found in outcome.report["workflows"] for item in found["findings"]]
    assert rules == (["request"] if is_named else [])


@pytest.mark.parametrize("where", ["messages", "tools"])
def test_a_longer_cache_lifetime_is_priced(repository: Repository, where: str) -> None:
    def text(ttl: dict[str, str]) -> str:
        mark: Any = {"type": "ephemeral", **ttl}
        part: dict[str, Any] = {"type": "text", "text": tokens(6000)}
        tool: dict[str, Any] = {"name": "f", "description": "d", "input_schema": {"type": "object"}}
        (part if where == "messages" else tool)["cache_control"] = mark
        return json.dumps({"messages": [{"role": "user", "content": [part]}], "tools": [tool]})

    more = {
        "model": "anthropic/claude-opus-5",
        "traffic": "[{calls: 1000/month, output_tokens: 0, cache_write_rate: 100%}]",
    }
    settings = configuration({"w": workflow("p.chat.json", **more)}, **APPROVAL)
    outcome = change(
        repository,
        {CONFIGURATION: settings, "p.chat.json": text({})},
        {"p.chat.json": text({"ttl": "1h"})},
    )
    # $10.00 against $6.25 a million tokens that are written
    assert outcome.causes().keys() == {"parameters"}
    assert outcome.usd("after") > outcome.usd("before") * 15 / 10
    assert outcome.rules() == {}


def test_a_further_file_that_caps_the_output(repository: Repository) -> None:
    prompts = [f"[{PROMPT}]", f"[{PROMPT}, cap.prompt.yml]"]
    before, after = (configuration({"w": workflow(item)}, **APPROVAL) for item in prompts)
    outcome = change(
        repository,
        {CONFIGURATION: before, PROMPT: "a"},
        {
            CONFIGURATION: after,
            "cap.prompt.yml": "messages: [{role: user, content: x}]\n"
            "modelParameters: {maxTokens: 1}\n",
        },
    )
    (finding,) = outcome.workflow()["findings"]
    assert (finding["rule"], finding["verdict"]) == ("loosened", "needs-approval")
    assert "the prompt caps the output at 1 token, where" in finding["text"]


@pytest.mark.parametrize(("cap", "is_named"), [(1, True), (99, True), (100, False), (4000, False)])
def test_front_matter_that_cuts_the_expected_answer(
    repository: Repository, cap: int, *, is_named: bool
) -> None:
    outcome = edited(repository, "dotprompt", "maxOutputTokens", cap)
    assert (outcome.rules() == {"loosened": "needs-approval"}) == is_named


@pytest.mark.parametrize(
    ("path", "text", "is_named"),
    [
        ("m.prompt.yml", "messages: [{role: user, content: x}]\nmodel: openai/gpt-4o-mini\n", True),
        ("m.prompt", "---\nmodel: openai/gpt-4o-mini\n---\nx\n", True),
        ("m.chat.json", json.dumps(CHAT | {"model": "openai/gpt-4o-mini"}), True),
        (".claude/agents/m.md", "---\nname: m\nmodel: gpt-4o-mini\n---\nx\n", True),
        (".claude/rules/m.md", "---\nmodel: gpt-4o-mini\n---\nx\n", False),
        (".cursor/rules/m.mdc", "---\nmodel: gpt-4o-mini\n---\nx\n", False),
        ("m.instructions.md", "---\nmodel: gpt-4o-mini\n---\nx\n", False),
    ],
)
def test_a_further_file_that_names_a_cheaper_model(
    repository: Repository, path: str, text: str, *, is_named: bool
) -> None:
    """Rules files have no key `model`, so none of theirs is believed."""
    more = APPROVAL | {"defaults": "{model: openai/gpt-4o}"}
    prompts = [f"[{PROMPT}]", f"[{PROMPT}, {path}]"]
    before, after = (configuration({"w": workflow(item, model="")}, **more) for item in prompts)
    outcome = change(
        repository, {CONFIGURATION: before, PROMPT: tokens(10)}, {CONFIGURATION: after, path: text}
    )
    assert outcome.rules() == ({"loosened": "needs-approval"} if is_named else {})
    assert (outcome.workflow()["after"]["model"] == "openai/gpt-4o") != is_named


def test_a_dearer_model_in_a_further_file_is_only_priced(repository: Repository) -> None:
    more = APPROVAL | {"defaults": "{model: openai/gpt-4o-mini}"}
    prompts = [f"[{PROMPT}]", f"[{PROMPT}, m.prompt]"]
    before, after = (configuration({"w": workflow(item, model="")}, **more) for item in prompts)
    text = "---\nmodel: openai/gpt-4o\n---\nx\n"
    files = {CONFIGURATION: before, PROMPT: tokens(10)}
    outcome = change(repository, files, {CONFIGURATION: after, "m.prompt": text})
    assert (outcome.rules(), outcome.code) == ({}, 0)
    assert outcome.causes()["model price"] > 0


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("instructions", tokens(50)),
        ("system", tokens(50)),
        ("systemInstruction", tokens(50)),
        ("functions", [{"name": "f", "description": tokens(50), "parameters": {"type": "object"}}]),
        (
            "passthrough",
            {"tools": [{"type": "function", "function": {"name": "f", "description": tokens(50)}}]},
        ),
        ("passthrough", {"instructions": tokens(50)}),
    ],
)
def test_what_promptfoo_sends_beside_the_prompt_is_counted(
    repository: Repository, key: str, value: Any
) -> None:
    outcome = edited(repository, "promptfoo", key, value)
    sizes = [
        outcome.workflow()[state]["samples"][0]["input_tokens"] for state in ("before", "after")
    ]
    assert sizes[1] >= sizes[0] + 50


def test_the_model_that_promptfoo_passes_through_is_called(repository: Repository) -> None:
    outcome = edited(repository, "promptfoo", "passthrough", {"model": "gpt-4o-mini"}, model="")
    assert outcome.workflow()["after"]["model"] == "openai/gpt-4o-mini"


def test_many_settings_are_noted_in_few_lines(repository: Repository) -> None:
    outcome = edited(repository, "promptfoo", "passthrough", {f"k{n}": n for n in range(500)})
    notes = [note for note in outcome.workflow()["after"]["notes"] if "not priced" in note]
    assert (len(notes), notes[-1]) == (21, "not priced: 480 more settings of the request")


@pytest.mark.parametrize("value", [0, -1, 1.5, "5", True, [], 10**9])
def test_what_is_no_number_of_answers_is_an_error(repository: Repository, value: Any) -> None:
    outcome = edited(repository, "chat", "n", value)
    assert outcome.code != 0
    (problem,) = outcome.workflow()["problems"]
    assert "`n` is not a number of answers" in problem["what"]
    assert problem["place"]["file"] == "p.chat.json"


def test_keys_of_access_are_never_shown(repository: Repository) -> None:
    outcome = edited(repository, "promptfoo", "apiKey", "sk-secret")
    assert "sk-secret" not in outcome.out
    assert outcome.code == 0
