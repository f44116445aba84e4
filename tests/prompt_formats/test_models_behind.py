"""Models and caps behind attributes, functions, entries and other calls of the file are found, or told."""

from typing import Any

import pytest

from reviewbot.errors import MeasurementError
from reviewbot.prompt_formats import python, typescript
from tests.support.reading import read

TEXT = "Say it, and say it to all of them right here."
SENT = 'messages=[{"role": "user", "content": "Q"}]'


def asked(chosen: Any, source: str, selector: str) -> object:
    """All that a call asks for; None where it is refused."""
    try:
        text = source.replace('"Q"', f'"{TEXT}"')
        path = "a.py" if chosen is python else "a.ts"
        file = read(chosen, text, path=path, selector=selector)
    except MeasurementError:
        return None
    settings = [(item.key, item.value) for item in file.settings]
    return file.model, file.max_tokens, file.answers, settings


PYTHON = {
    "an attribute that a method sets": (
        (
            "class A:\n  def __init__(self):\n    self.llm = ChatOpenAI(model='MODEL')\n"
            '  def ask(self, q):\n    return self.llm.invoke("Q")\n'
        ),
        "A.ask.0",
    ),
    "an attribute of the class": (
        f"class A:\n  model = 'MODEL'\n  def ask(self, q):\n    return create(model=self.model, {SENT})\n",
        "A.ask.messages",
    ),
    "the default of a constructor": (
        (
            "class A:\n  def __init__(self, model='MODEL'):\n    self.model = model\n"
            f"  def ask(self, q):\n    return create(model=self.model, {SENT})\n"
        ),
        "A.ask.messages",
    ),
    "a function": (
        'def llm():\n  return ChatOpenAI(model="MODEL")\ndef ask(q):\n  return llm().invoke("Q")\n',
        "ask.0",
    ),
    "a function with several returns": (
        (
            "def llm(q):\n  if q:\n    return ChatOpenAI(model='m')\n  return ChatOpenAI(model='MODEL')\n"
            'def ask(q):\n  return llm(q).invoke("Q")\n'
        ),
        "ask.0",
    ),
    "a method": (
        (
            "class A:\n  def llm(self):\n    made = ChatOpenAI(model='MODEL')\n    return made\n"
            '  def ask(self, q):\n    return self.llm().invoke("Q")\n'
        ),
        "A.ask.0",
    ),
    "an entry": (
        'LLMS = {"a": ChatOpenAI(model="MODEL")}\ndef ask(q):\n  return LLMS["a"].invoke("Q")\n',
        "ask.0",
    ),
    "an attribute that is changed": (
        'llm = ChatOpenAI(model="m")\nllm.model_name = "MODEL"\ndef ask(q):\n  return llm.invoke("Q")\n',
        "ask.0",
    ),
    "the default of an argument": (
        'def ask(q, llm=ChatOpenAI(model="MODEL")):\n  return llm.invoke("Q")\n',
        "ask.0",
    ),
    "a partial": (
        f"make = partial(create, model='MODEL')\ndef ask(q):\n  return make({SENT})\n",
        "ask.messages",
    ),
    "a mapping that is changed": (
        (
            "def ask(q):\n  p = {'model': 'm'}\n  p['model'] = 'MODEL'\n"
            f"  return create(**p, {SENT})\n"
        ),
        "ask.messages",
    ),
    "a request as a mapping": (
        "def ask(q):\n  return post(json={'model': 'MODEL', 'messages': [{'role': 'user', 'content': \"Q\"}]})\n",
        "ask.json.messages",
    ),
    "a second call of a constant": (
        (
            'P = "Q"\ndef a():\n  return create(model="m", system=P)\n'
            'def b():\n  return create(model="MODEL", system=P)\n'
        ),
        "P",
    ),
    "a second chain of a template": (
        'P = PromptTemplate.from_template("Q")\na = P | Chat(model="m")\nb = P | Chat(model="MODEL")\n',
        "P",
    ),
    "an agent that is given it first": (
        'model = ChatOpenAI(model="MODEL")\na = create_react_agent(model, tools=[], prompt="Q")\n',
        "a.prompt",
    ),
    "a block": (
        f"def ask(q):\n  with client.messages.stream(model='MODEL', {SENT}) as s:\n    pass\n",
        "ask.stream.messages",
    ),
    "the head of a loop": (
        f"def ask(q):\n  for s in client.messages.create(model='MODEL', {SENT}):\n    pass\n",
        "ask.create.messages",
    ),
    "a comprehension": (
        f"def ask(q):\n  return [create(model='MODEL', {SENT}) for x in q]\n",
        "ask.create.messages",
    ),
}


@pytest.mark.parametrize("kind", PYTHON)
def test_a_dearer_model_in_python_is_seen_behind(kind: str) -> None:
    source, selector = PYTHON[kind]
    one, other = (asked(python, source.replace("MODEL", name), selector) for name in "xy")
    assert one is not None
    assert one != other


def test_what_a_function_does_beside_is_no_model() -> None:
    source = (
        'def llm():\n  log(%s)\n  return Chat(model="m")\ndef ask(q):\n  return llm().invoke("Q")\n'
    )
    assert asked(python, source % 1, "ask.0") == asked(python, source % 2, "ask.0")


def test_functions_that_call_each_other_end() -> None:
    source = (
        'def a():\n  return b()\ndef b():\n  return a()\ndef ask(q):\n  return a().invoke("Q")\n'
    )
    assert asked(python, source, "ask.0") == (None, None, 1, [])


def test_another_name_of_the_same_import_is_no_other_model() -> None:
    source = "from pack import %s\ndef ask(q):\n  return create(model=model, " + f"{SENT})\n"
    one, other = (asked(python, source % names, "ask.messages") for names in ("model", "model, x"))
    assert one == other
    source = 'import { %s } from "pack";\nconst ask = create({ model, system: "Q" });'
    one, other = (
        asked(typescript, source % names, "ask.system") for names in ("model", "model, x")
    )
    assert one == other


TYPESCRIPT = {
    "a member that the constructor sets": (
        (
            'class A { constructor() { this.llm = new Chat({ model: "MODEL" }); }\n'
            '  ask(q) { return this.llm.invoke([new SystemMessage("Q")]); } }'
        ),
        "A.ask.0",
    ),
    "a field": (
        (
            'class A { private llm = new Chat({ model: "MODEL" });\n'
            '  ask(q) { return this.llm.invoke([new SystemMessage("Q")]); } }'
        ),
        "A.ask.0",
    ),
    "a parameter of the constructor": (
        (
            'class A { constructor(private model = "MODEL") {}\n'
            '  ask(q) { return generateText({ model: this.model, system: "Q" }); } }'
        ),
        "A.ask.system",
    ),
    "a getter": (
        (
            'class A { get model() { return "MODEL"; }\n'
            '  ask(q) { return generateText({ model: this.model, system: "Q" }); } }'
        ),
        "A.ask.system",
    ),
    "a function with several returns": (
        (
            'const pick = (k) => k ? openai("m") : openai("MODEL");\n'
            'const ask = generateText({ model: pick("x"), system: "Q" });'
        ),
        "ask.system",
    ),
    "a provider of one's own": (
        (
            'const p = customProvider({ languageModels: { fast: openai("MODEL") } });\n'
            'const ask = generateText({ model: p.languageModel("fast"), system: "Q" });'
        ),
        "ask.system",
    ),
    "a default in a pattern": (
        'function ask({ q, model = "MODEL" }) { return generateText({ model, system: "Q" }); }',
        "ask.system",
    ),
    "a part of a constant": (
        (
            'const C = { model: "MODEL" };\nconst { model } = C;\n'
            'const ask = generateText({ model, system: "Q" });'
        ),
        "ask.system",
    ),
    "a sequence": (
        (
            'const ask = PromptTemplate.fromTemplate("Q");\n'
            'const chain = RunnableSequence.from([ask, new Chat({ model: "MODEL" })]);'
        ),
        "ask",
    ),
    "a member that is changed": (
        (
            'const llm = new Chat({ model: "m" });\nllm.model = "MODEL";\n'
            'const ask = llm.invoke([new SystemMessage("Q")]);'
        ),
        "ask.0",
    ),
    "a request that is changed": (
        (
            'const p = { model: "m", messages: [{ role: "user", content: "Q" }] };\n'
            'p.model = "MODEL";\nconst ask = create(p);'
        ),
        "p.messages",
    ),
    "a second call of a constant": (
        (
            'const P = "Q";\nconst a = generateText({ model: "m", system: P });\n'
            'const b = generateText({ model: "MODEL", system: P });'
        ),
        "P",
    ),
}


@pytest.mark.parametrize("kind", TYPESCRIPT)
def test_a_dearer_model_in_typescript_is_seen_behind(kind: str) -> None:
    source, selector = TYPESCRIPT[kind]
    one, other = (asked(typescript, source.replace("MODEL", name), selector) for name in "xy")
    assert one is not None
    assert one != other
