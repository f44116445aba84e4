"""What the notes of a call say: of every text that was counted, and of what was not."""

import json
from typing import Any

import pytest

from reviewbot.prompt import Tool
from reviewbot.prompt_formats import chat_messages
from reviewbot.tokens import Counter, Message, count_call, resolve
from reviewbot.tokens.calls import CallCounter, Offer
from tests.support.loading import endless, loaded
from tests.support.reading import read

COUNTER = Counter(load=loaded, allowance=endless())
FIND = Tool(name="find", description="Finds an order.", parameters={"type": "object"})


def test_every_sample_is_told_of_the_kinds_of_text_in_tools() -> None:
    model = resolve("meta-llama/llama-3.3-70b-instruct")
    file = read(chat_messages, json.dumps({"messages": [{"role": "user", "content": "Hello"}]}))
    offer = Offer(tools=(FIND,), schemas=(), parameters=file.call_parameters)
    counter = CallCounter(model, offer, COUNTER)
    first, second = (
        counter.count([Message(role="user", text=text)]) for text in ("Hello there", "Good morning")
    )
    assert any("code and JSON" in note for note in first.notes)
    assert second.notes == first.notes


THOUGHT = {"type": "thinking", "thinking": "They want the kettle.", "signature": "x"}
HIDDEN = {"type": "redacted_thinking", "data": "x"}
LISTED = {"type": "thinking", "thinking": [{"type": "text", "text": "They want it."}]}


def notes_of(model: str, thought: dict[str, Any]) -> tuple[str, ...]:
    answer = {"role": "assistant", "content": [thought, {"type": "text", "text": "On its way."}]}
    ask = {"role": "user", "content": "Where is my kettle?"}
    file = read(chat_messages, json.dumps({"messages": [ask, answer, ask]}))
    messages = [Message(role=item.role, text=item.text) for item in file.messages]
    counted = count_call(resolve(model), messages, parameters=file.call_parameters, counter=COUNTER)
    return counted.notes


@pytest.mark.parametrize("model", ["claude-opus-4-5", "claude-sonnet-4-0", "gpt-4o"])
@pytest.mark.parametrize("thought", [THOUGHT, HIDDEN])
def test_earlier_thinking_that_is_not_counted_is_told(model: str, thought: dict[str, Any]) -> None:
    assert any("earlier thinking is not counted" in note for note in notes_of(model, thought))


def test_of_earlier_thinking_that_is_counted_nothing_is_told() -> None:
    notes = notes_of("mistral/magistral-medium-latest", LISTED)
    assert not any("earlier thinking" in note for note in notes)
