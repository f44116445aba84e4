"""A data file of messages is one prompt with several messages, whatever its name is."""

import json
from collections.abc import Iterable

import pytest
from msgspec.structs import replace

from reviewbot.discovery.by_content import searched
from reviewbot.prompt import ALONE, PromptText
from reviewbot.prompt_formats import chat_messages
from reviewbot.rendering.parsing import LimitedParser
from tests.support.reading import read
from tests.support.repository import Repository
from tests.support.reviewing import review

RULES = "You sort messages of customers. Answer with one of: billing, order, research, other. " * 2
MESSAGES = [
    {"role": "system", "content": RULES},
    {"role": "user", "content": "Subject: {{ subject }}"},
]
TALK = [
    {"role": "system", "content": RULES},
    {"role": "user", "content": "Where is my parcel?"},
    {"role": "assistant", "content": "At the border. It will move on when the duties are paid."},
]


def found(content: object, path: str) -> list[tuple[str | None, str]]:
    """Selector and format of all that is found in a file; JSON is YAML too."""
    text = json.dumps(content)
    prompts = searched(PromptText(path=path, text=text), ALONE).prompts
    return [(item.selector, item.format) for item in prompts]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"name": "classify", "model": "gpt-4.1-mini", "max_tokens": 20}, "chat-messages"),
        ({"description": "Sorts.", "version": 3, "tags": ["a"]}, "chat-messages"),
        ({"model": "gpt-4.1", "modelParameters": {"maxTokens": 9, "topP": 1}}, "chat-messages"),
        ({"name": "a", "model_parameters": {"max_tokens": 9}}, "chat-messages"),
        ({"name": "a", "input_variables": ["subject"], "owner": "ann"}, "chat-messages"),
    ],
)
@pytest.mark.parametrize("path", ["prompts/classify.yaml", "app/classify.json", "app/classify.yml"])
def test_a_file_with_messages_is_one_prompt(
    path: str, more: dict[str, object], expected: str
) -> None:
    assert found({**more, "messages": MESSAGES}, path) == [(None, expected)]


def test_other_names_of_the_model_and_of_the_messages_are_read() -> None:
    file = {
        "name": "sort",
        "type": "chat",
        "prompt": MESSAGES,
        "config": {"model_name": "gpt-4.1-mini", "max_tokens": 9},
    }
    assert found(file, "prompts/sort.json") == [(None, "chat-messages")]
    got = read(chat_messages, json.dumps(file))
    assert (got.model, got.max_tokens, len(got.messages)) == ("gpt-4.1-mini", 9, 2)


@pytest.mark.parametrize(
    "more",
    [
        {"testData": [{"subject": "a parcel"}]},
        {"evaluators": [{"name": "short", "string": {"contains": "order"}}]},
        {"modelParameters": {"maxTokens": 20}, "responseFormat": "text"},
    ],
)
def test_what_only_github_models_has_is_read_so(more: dict[str, object]) -> None:
    messages = [MESSAGES[0], {"role": "user", "content": "Subject: {{subject}}"}]
    file = {"name": "classify", "model": "openai/gpt-4.1", **more, "messages": messages}
    assert found(file, "prompts/classify.yaml") == [(None, "github-models")]


def test_what_a_file_says_of_itself_and_its_nested_parameters_are_read() -> None:
    file = {
        "name": "classify",
        "description": "Sorts.",
        "model": "gpt-4.1-mini",
        "modelParameters": {"maxTokens": 20, "temperature": 0},
        "messages": MESSAGES,
    }
    got = read(chat_messages, json.dumps(file))
    assert (got.model, got.max_tokens, got.settings) == ("gpt-4.1-mini", 20, ())
    assert [(message.role, message.text) for message in got.messages] == [
        ("system", RULES),
        ("user", "Subject: {{ subject }}"),
    ]


@pytest.mark.parametrize(
    ("content", "selectors"),
    [
        ({"sort": {"model": "gpt-4.1", "messages": MESSAGES}}, ["sort"]),
        ({"sort": MESSAGES, "ask": MESSAGES}, ["sort", "ask"]),
        ({"reply_style": "short", "messages": MESSAGES}, ["messages"]),
        ({"sort": MESSAGES, "summary": {"system": RULES}}, ["sort", "summary.system"]),
    ],
)
def test_messages_inside_a_file_of_prompts_stay_together(
    content: object, selectors: Iterable[str]
) -> None:
    assert [name for name, _ in found(content, "prompts/all.yaml")] == [*selectors]


@pytest.mark.parametrize("path", ["prompts/examples.json", "data/examples.json"])
@pytest.mark.parametrize(
    "content",
    [
        [{"messages": TALK}, {"messages": TALK}],
        {"conversations": [{"messages": TALK}, {"messages": TALK}]},
        {"conversations": [TALK, TALK]},
        {"id": "a1", "title": "A parcel", "messages": TALK},
        {"name": "case 1", "messages": TALK[:2], "expected": "order"},
        {"one": {"messages": TALK[:2], "ideal": "order"}, "two": {"messages": TALK[:2], "ideal": "x"}},
        {"object": "chat.completion", "messages": TALK[:2], "choices": []},
    ],
)  # fmt: skip
def test_conversations_that_are_data_are_none(path: str, content: object) -> None:
    assert found(content, path) == []


def test_messages_of_a_toml_file_stay_together() -> None:
    with LimitedParser() as parser:
        surroundings = replace(ALONE, parse=parser.parse)
        text = f'[[messages]]\nrole = "system"\ncontent = "{RULES}"\n'
        file = PromptText(path="prompts/sort.toml", text=text, surroundings=surroundings)
        (prompt,) = searched(file, surroundings).prompts
    assert (prompt.selector, prompt.format) == ("messages", "chat-messages")


def test_a_swap_of_the_model_is_seen_without_a_configuration(repository: Repository) -> None:
    file = {"name": "classify", "model": "gpt-4.1-mini", "max_tokens": 20, "messages": MESSAGES}
    repository.commit({"prompts/classify.yaml": json.dumps(file)})
    repository.commit({"prompts/classify.yaml": json.dumps(file | {"model": "gpt-4.1"})})
    (workflow,) = review(repository, "--base", "HEAD~1").report["workflows"]
    assert (workflow["before"]["model"], workflow["after"]["model"]) == ("gpt-4.1-mini", "gpt-4.1")
