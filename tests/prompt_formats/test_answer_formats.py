"""Every format tells that an answer has to be JSON, so that no such call is called exact."""

import json
from types import ModuleType

import pytest

from reviewbot.documents import MappingNode, parse_json
from reviewbot.prompt_formats import (
    chat_messages,
    dotprompt,
    github_models,
    langchain,
    promptfoo,
    prompty,
    semantic_kernel,
)
from reviewbot.prompt_formats._common.request_settings import answer_features
from tests.support.reading import read

GITHUB = """messages: [{role: user, content: Hello}]
model: openai/gpt-4o
"""
PROMPTFOO = "prompts: [Hello there]\nproviders: [{id: openai:gpt-4o, config: {%s}}]\n"
PROMPTY = "---\nmodel: {api: chat, parameters: {%s}}\n---\nuser:\nHello\n"
PROMPTY_2 = "---\nmodel: {id: gpt-4o, options: {%s}}\n---\nuser:\nHello\n"
KERNEL = "template: Hello\ntemplate_format: semantic-kernel\nexecution_settings: {default: {%s}}\n"
DOTPROMPT = "---\nmodel: openai/gpt-4o\n%s\n---\nHello\n"
JSON_OBJECT = "response_format: {type: json_object}"


def sequence(**kwargs: object) -> str:
    def made(name: str, **given: object) -> dict[str, object]:
        return {"lc": 1, "type": "constructor", "id": ["langchain", name], "kwargs": given}

    prompt = made("PromptTemplate", template="Hello", input_variables=[])
    model = made("ChatOpenAI", model="gpt-4o", **kwargs)
    return json.dumps(made("RunnableSequence", first=prompt, last=model))


JSON_MODE = {"response_format": {"type": "json_object"}}


@pytest.mark.parametrize(
    ("module", "text", "path"),
    [
        (chat_messages, json.dumps({"messages": [{"role": "user", "content": "a"}]} | JSON_MODE),
         "a.chat.json"),
        (github_models, GITHUB + "responseFormat: json_object\n", "a.prompt.yml"),
        (promptfoo, PROMPTFOO % JSON_OBJECT, "promptfooconfig.yaml"),
        (promptfoo, PROMPTFOO % f"passthrough: {{{JSON_OBJECT}}}", "promptfooconfig.yaml"),
        (prompty, PROMPTY % JSON_OBJECT, "a.prompty"),
        (prompty, PROMPTY_2 % f"additionalProperties: {{{JSON_OBJECT}}}", "a.prompty"),
        (semantic_kernel, KERNEL % JSON_OBJECT, "a.yaml"),
        (semantic_kernel, KERNEL % "response_format: json_object", "a.yaml"),
        (dotprompt, DOTPROMPT % "output: {format: json}", "a.prompt"),
        (dotprompt, DOTPROMPT % "config: {responseMimeType: application/json}", "a.prompt"),
        (langchain, sequence(**JSON_MODE), "a.json"),
        (langchain, sequence(model_kwargs=JSON_MODE), "a.json"),
    ],
)  # fmt: skip
def test_a_json_answer_is_told(module: ModuleType, text: str, path: str) -> None:
    assert "json_object" in read(module, text, path=path).call_parameters.features


@pytest.mark.parametrize(
    ("request_", "features"),
    [
        ({"response_format": {"type": "text"}}, ()),
        ({"response_format": {"type": "json_schema", "json_schema": {}}}, ()),
        ({"response_format": None}, ()),
        ({"response_format": {"type": "grammar"}}, ("response_format",)),
        ({"response_format": "Order"}, ("response_format",)),
        ({"responseFormat": ["json"]}, ("responseFormat",)),
        ({"text": {"verbosity": "low"}}, ()),
        ({"text": {"format": {"type": "json_object"}}}, ("json_object",)),
        ({"generationConfig": {"responseMimeType": "application/json"}}, ("json_object",)),
        ({"generationConfig": {"responseMimeType": "text/x.enum"}}, ("responseMimeType",)),
    ],
)
def test_a_format_that_nobody_knows_is_peculiar(
    request_: dict[str, object], features: tuple[str, ...]
) -> None:
    node = parse_json(json.dumps(request_), file="a.json")
    assert isinstance(node, MappingNode)
    assert answer_features([node]) == features
