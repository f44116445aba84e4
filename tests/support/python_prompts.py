"""Prompts in Python source, as the format reads them."""

import textwrap
from collections.abc import Mapping
from typing import Any

import pytest

from reviewbot.errors import MeasurementError
from reviewbot.prompt import PromptFile
from reviewbot.prompt_formats import python
from tests.support.compiling import fill
from tests.support.reading import HERE, read


def prompt(source: str, name: str, **more: Any) -> PromptFile:
    return read(
        python, textwrap.dedent(source), path="p.py", selector=name, surroundings=HERE, **more
    )


def said(
    source: str, name: str, variables: Mapping[str, Any] | None = None
) -> list[tuple[str, str]]:
    """Role and text of each message, rendered."""
    return [
        (
            message.role,
            message.text
            if message.engine is None
            else fill(message.engine, message.text, variables or {}),
        )
        for message in prompt(source, name).messages
    ]


def text(source: str, name: str = "P", variables: Mapping[str, Any] | None = None) -> str:
    ((_, found),) = said(source, name, variables)
    return found


SOURCE = '''\
"""Docstring."""
from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder, PromptTemplate
from string import Template
import jinja2

RULES = "Be brief."
PROMPTS = {"a": "first", "b.c": f"{RULES} second", "deep": {"x": "third"}}
PROMPTS["late"] = "fourth"
EXAMPLES = ["one", "two {n}"]


class Agent(Base):
    main_system: str = f"You are an agent. {RULES}"
    messages = [dict(role="user", content="q"), dict(role="assistant", content="a")]

    def ask(self, question):
        head = "Question: "
        return f"{head}{question}"


CHAT = ChatPromptTemplate.from_messages(
    [("system", RULES + " About {topic}."), MessagesPlaceholder("history"), ("human", "{question}")]
)
ONE = PromptTemplate.from_template("Say {what}.")
JINJA = PromptTemplate(template="{{ what }}!", template_format="jinja2")
MESSAGES = [{"role": "system", "content": "{not a field}"}, {"role": "user", "content": f"{RULES}"}]
DOLLAR = Template("$a costs $$5")
RENDERED = jinja2.Template("{% if a %}{{ a }}{% endif %}")
FILLED = "Fill {me}"


def use(me):
    return FILLED.format(me=me)


if RULES:
    BRANCH = "x"
else:
    BRANCH = "y"
TWICE = "a"
TWICE = "b"
'''


MORE = '''\
import os
from openai import OpenAI
from llama_index.core import PromptTemplate
from jinja2 import Environment, Template

LIMIT = "x"


def change():
    global LIMIT
    LIMIT = os.environ["X"]


class Base:
    system = """\\
Base {rules}
end"""
    tone = "kind"


class Derived(Base):
    tone = "firm"

    def __init__(self, name):
        self.prompt = f"I am {name}."

    def ask(self, question, history):
        filled = self.system.format(rules="r")
        return [
            {"role": "system", "content": filled},
            *history,
            {"role": "user", "content": question},
        ]

    def call(self, client, question):
        return client.create(
            model="m", messages=[{"role": "user", "content": f"Q: {question}"}], n=1
        )


AGENT = Agent("openai:gpt-4o", instructions="Be concise.", tools=[os.getcwd])
LLAMA = PromptTemplate("Say {what} {{a}} {not a name}")
CHAT = [{"role": "system", "content": "s"}]
CHAT.append({"role": "user", "content": "u"})
LOOPED = [{"role": "system", "content": "s"}]
for item in os.listdir():
    LOOPED.append({"role": "user", "content": item})
SENT = [{"role": "system", "content": "s"}]
OTHER = [{"role": "system", "content": "s"}]


def send(text):
    SENT.append({"role": "user", "content": text})
    OTHER[0]["content"] = text


TOOLS = [{"role": "assistant", "content": "x", "tool_calls": []}]
IMAGE = [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "u"}}]}]
PARTS = [{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}]
NOTHING = [{"role": "assistant", "content": None}]
UNKNOWN = [{"role": os.name, "content": "x"}]
CALLED = [{"role": "user", "content": "x"}, make()]
NAMED = [{"role": "user", "content": "x", "name": "ann"}]
SETTINGS = Environment(trim_blocks=True).from_string("{% if a %}\\nx\\n{% endif %}")
OWN = Template("{{ a }}", lstrip_blocks=True)
PLAIN = Environment(autoescape=False).from_string("{{ a }}")
COMPUTED = os.environ["PROMPT"]
NUMBER = 7
CHOSEN = "a" if LIMIT else "b"
CUT = "a" if False else os.environ["X"]
ALIASED = {"x": "Hello {who}"}


def use(who):
    template = ALIASED["x"]
    return template.format(who=who)


def two(a):
    if a:
        return "one"
    return "two"
'''


def refused(source: str, name: str, **more: Any) -> tuple[int | None, str]:
    """Line and words of the one problem that reading ends with."""
    with pytest.raises(MeasurementError) as caught:
        prompt(source, name, **more)
    (problem,) = caught.value.problems
    assert problem.mend
    assert problem.place is not None
    assert problem.place.file == "p.py"
    return problem.place.line, problem.what
