"""The model of a call is that of the texts which lead to it by names; others keep their own."""

import pytest

from reviewbot.errors import MeasurementError
from reviewbot.prompt_formats import python
from tests.support.processor_time import processor_seconds
from tests.support.reading import read

TEXT = "Say it, and say it to all of them right here."
LIST = f'[{{"role": "system", "content": "{TEXT}"}}, {{"role": "user", "content": q}}]'
MADE = "ChatOpenAI(model='gpt-4o-mini', max_tokens=700)"

LEADING = {
    "a list that an object just made is given": (
        f"def ask(q):\n  messages = {LIST}\n  return {MADE}.invoke(messages).content\n",
        "ask.messages",
    ),
    "a list that a module's object is given": (
        f"llm = {MADE}\ndef ask(q):\n  messages = {LIST}\n  return llm.invoke(messages)\n",
        "ask.messages",
    ),
    "a list that an attribute is given": (
        (
            f"class A:\n  def __init__(self):\n    self.llm = {MADE}\n"
            f"  def ask(self, q):\n    messages = {LIST}\n    return self.llm.invoke(messages)\n"
        ),
        "A.ask.messages",
    ),
    "a list behind a converter": (
        f"def ask(q):\n  messages = {LIST}\n  lc = convert(messages)\n  return {MADE}.invoke(lc)\n",
        "ask.messages",
    ),
    "tools and retries between": (
        (
            f"llm = {MADE}.bind_tools(TOOLS).with_retry()\n"
            f"def ask(q):\n  messages = {LIST}\n  return llm.invoke(messages)\n"
        ),
        "ask.messages",
    ),
    "a text that is appended": (
        (
            f"llm = {MADE}\ndef ask(q, messages):\n  prompt = '{TEXT}'\n"
            "  messages.append(HumanMessage(prompt))\n  return llm.invoke(messages)\n"
        ),
        "ask.prompt",
    ),
    "a function that gives it": (
        f"llm = {MADE}\ndef build():\n  return '{TEXT}'\ndef ask():\n  return llm.invoke(build())\n",
        "build",
    ),
    "a method that gives it": (
        (
            f"llm = {MADE}\nclass A:\n  def build(self):\n    prompt = '{TEXT}'\n    return prompt + self.x\n"
            "  def ask(self):\n    return llm.invoke(self.build())\n"
        ),
        "A.build.prompt",
    ),
    "an agent whose instructions a function gives": (
        (
            f"M = 'gpt-4o-mini'\ndef told(context, agent):\n  return '{TEXT}'\n"
            "agent = Agent[Context](name='A', model=M, instructions=told, max_tokens=700)\n"
        ),
        "told",
    ),
    "a function of one's own that hands it on": (
        (
            f"llm = {MADE}\ndef send(text, n):\n  return llm.invoke(text)\n"
            f"def ask():\n  prompt = '{TEXT}'\n  return send(prompt, 1)\n"
        ),
        "ask.prompt",
    ),
    "an argument of one's own name": (
        (
            f"def ask(q):\n  prompt = '{TEXT}'\n"
            "  return query(model_str='gpt-4o-mini', prompt=prompt, max_tokens=700)\n"
        ),
        "ask.prompt",
    ),
    "a method of a library of one's own": (
        f"bot = Bot(model='gpt-4o-mini', max_tokens=700)\ndef ask():\n  prompt = '{TEXT}'\n  return bot.reply(prompt)\n",
        "ask.prompt",
    ),
}


def asked(source: str, selector: str) -> tuple[str | None, int | None]:
    file = read(python, source, path="a.py", selector=selector)
    return file.model, file.max_tokens


@pytest.mark.parametrize("case", LEADING)
def test_a_text_has_the_model_and_the_cap_of_the_call_that_it_leads_to(case: str) -> None:
    assert asked(*LEADING[case]) == ("gpt-4o-mini", 700)


def test_a_constant_in_braces_names_the_model() -> None:
    source = f"M = 'gpt-4o-mini'\nagent = Agent(model=f'{{M}}', instructions='{TEXT}')\n"
    assert asked(source, "agent.instructions") == ("gpt-4o-mini", None)


OTHERS = {
    "the call names another itself": (
        f"llm = {MADE}\ndef ask(q):\n  first = create(model='gpt-4.1', messages={LIST})\n  return llm.invoke(first)\n",
        "ask.first.messages",
        "gpt-4.1",
    ),
    "another model has answered it": (
        (
            f"llm = {MADE}\ndef ask(q):\n  messages = {LIST}\n"
            "  first = other.invoke(messages)\n  return llm.invoke(first)\n"
        ),
        "ask.messages",
        None,
    ),
    "a function that runs another model": (
        (
            f"llm = {MADE}\ndef first(q):\n  messages = {LIST}\n  return other.invoke(messages)\n"
            "def ask(q):\n  return llm.invoke(first(q))\n"
        ),
        "first.messages",
        None,
    ),
    "a call in another function": (
        (
            f"llm = {MADE}\ndef other(q):\n  return llm.invoke(q)\n"
            f"def ask(q):\n  messages = {LIST}\n  return client.invoke(messages)\n"
        ),
        "ask.messages",
        None,
    ),
    "what is printed beside the call": (
        f"llm = {MADE}\ndef ask(q):\n  note = '{TEXT}'\n  print(note)\n  return llm.invoke(q)\n",
        "ask.note",
        None,
    ),
}


@pytest.mark.parametrize("case", OTHERS)
def test_a_text_that_leads_to_another_call_has_not_this_model(case: str) -> None:
    source, selector, model = OTHERS[case]
    try:
        assert asked(source, selector)[0] == model
    except MeasurementError:
        pytest.fail("the text is not read")


def test_a_text_of_two_calls_tells_the_second_model_as_well() -> None:
    source = (
        f"def ask(q):\n  messages = {LIST}\n  one = {MADE}.invoke(messages)\n"
        "  return one, ChatOpenAI(model='gpt-4.1').invoke(messages)\n"
    )
    file = read(python, source, path="a.py", selector="ask.messages")
    assert file.model == "gpt-4o-mini"
    assert ("model", '"gpt-4.1"') in [(item.key, item.value) for item in file.settings]


TOLD = {
    "a model that judges": ("judge_model='gpt-4o-mini'", None, [("judge_model", '"gpt-4o-mini"')]),
    "a model for failures": (
        "model_str='gpt-4o', fallback_model='gpt-4o-mini'",
        "gpt-4o",
        [("fallback_model", '"gpt-4o-mini"')],
    ),
    "a model that embeds": (
        "embedding_model='text-embedding-3-small'",
        None,
        [("embedding_model", '"text-embedding-3-small"')],
    ),
    "two that may answer": (
        "chat_model='gpt-4o', llm_model='gpt-4o-mini'",
        None,
        [("model", '"gpt-4o"'), ("model", '"gpt-4o-mini"')],
    ),
}


@pytest.mark.parametrize("case", TOLD)
def test_a_model_that_need_not_answer_is_told_and_prices_nothing(case: str) -> None:
    given, model, settings = TOLD[case]
    source = f"def ask(q):\n  prompt = '{TEXT}'\n  return query({given}, prompt=prompt)\n"
    file = read(python, source, path="a.py", selector="ask.prompt")
    assert file.model == model
    assert [(item.key, item.value) for item in file.settings] == settings


CALLS = "other = 'x'\n" + "llm.invoke(other)\n" * 501
LATER = "def more():\n  other = 'x'\n" + "  llm.invoke(other)\n" * 501
NAMES = "".join(f"    n{at} = n{at + 1}\n" for at in range(201))
MANY = {
    "calls": f"{CALLS}def ask(q):\n    messages = {LIST}\n    return llm.invoke(messages)\n",
    "names": f"def ask(q):\n    messages = {LIST}\n{NAMES}    n201 = messages\n    llm.invoke(n0)\n",
}


@pytest.mark.parametrize("case", MANY)
def test_a_text_behind_more_than_is_followed_has_a_model_that_nobody_knows(case: str) -> None:
    source = f"llm = {MADE}\n{MANY[case]}"
    file = read(python, source, path="a.py", selector="ask.messages")
    assert file.model is None
    (model,) = [item for item in file.settings if item.key == "model"]
    assert "more calls and names than are followed" in str(model)


def test_very_many_values_of_a_name_take_no_long_time() -> None:
    given = f"llm = {MADE}\nmessages = [{{'role': 'system', 'content': '{TEXT}'}}]\n"
    source = given + "x = [messages]\n" * 5_000 + "llm.invoke(x)\n" * 490
    began = processor_seconds()
    assert asked(source, "messages") == ("gpt-4o-mini", 700)
    assert processor_seconds() - began < 5


def test_other_texts_of_such_a_file_keep_their_model() -> None:
    source = f"llm = {MADE}\ndef ask(q):\n  messages = {LIST}\n  llm.invoke(messages)\n{LATER}"
    assert asked(source, "ask.messages") == ("gpt-4o-mini", 700)
