"""Repositories of one workflow, with figures that are worked out by hand."""

from tests.support.reviewing import (
    CONFIGURATION,
    PROMPT,
    configuration,
    tokens,
    workflow,
)

PLAIN = configuration({"w": workflow()})
# 17 x 2.5/1M + 100 x 10/1M = 0.0010425 a call; 37 x 2.5/1M + 0.001 = 0.0010925
BEFORE = {CONFIGURATION: PLAIN, PROMPT: tokens(10)}
LONGER = {PROMPT: tokens(30)}


def limited(envelope: str, **more: str) -> dict[str, str]:
    return {**BEFORE, CONFIGURATION: configuration({"w": workflow(envelope=envelope)}, **more)}


SAMPLED = {
    "prompts/system.j2": "{{ text }}",
    "samples/short.yaml": "{weight: 3, variables: {text: {tokens: 10}}}",
    "samples/long.json": '{"text": {"tokens": 50}}',
    CONFIGURATION: configuration({"w": workflow("prompts/system.j2", samples="samples/*")}),
}


TEMPLATES = {
    "prompts/one.j2": "Hello\n{{ name }}",
    "prompts/two.txt": tokens(10),
    CONFIGURATION: configuration(
        {
            "one": workflow("prompts/one.j2", samples="[{name: s, variables: {name: you}}]"),
            "two": workflow("prompts/two.txt"),
        }
    ),
}
