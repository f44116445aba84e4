"""Model, cap and settings that are named where a prompt is run, not where it is made."""

import pytest

from reviewbot.prompt import PromptFile
from reviewbot.prompt_formats import python
from tests.support.reading import read

TEXT = "Say it, and say it to all of them right here."
MADE = 'agent = Agent(name="a", model="m", instructions="Q")\n'


def asked(source: str, selector: str) -> PromptFile:
    text = source.replace('"Q"', f'"{TEXT}"')
    return read(python, text, path="a.py", selector=selector)


RUNS = {
    "a method": (f"{MADE}answer = agent.run_sync(q, model=MODEL)\n", "agent.instructions"),
    "a method with settings": (
        f"{MADE}answer = agent.run_sync(q, model_settings=ModelSettings(max_tokens=MODEL))\n",
        "agent.instructions",
    ),
    "a runner": (
        f"{MADE}async def ask(q):\n  return await Runner.run(agent, q, run_config=RunConfig(model=MODEL))\n",
        "agent.instructions",
    ),
    "a configuration with a name": (
        f"{MADE}C = RunConfig(model=MODEL)\nanswer = Runner.run_sync(agent, q, run_config=C)\n",
        "agent.instructions",
    ),
    "a copy": (f'{MADE}other = agent.clone(name="b", model=MODEL)\n', "agent.instructions"),
    "a block": (
        f"{MADE}async def ask(q):\n  async with agent.run_stream(q, model=MODEL) as s:\n    pass\n",
        "agent.instructions",
    ),
    "a group": (
        f"{MADE}crew = Crew(agents=[agent], tasks=[], manager_llm=MODEL)\n",
        "agent.instructions",
    ),
    "an attribute that is set": (f"{MADE}agent.model = MODEL\n", "agent.instructions"),
    "an object's own agent": (
        (
            'class A:\n  def __init__(self):\n    self.agent = Agent(instructions="Q")\n'
            "  def ask(self, q):\n    return self.agent.run_sync(q, model=MODEL)\n"
        ),
        "A.__init__.self.agent.instructions",
    ),
    "what a function makes": (
        'def make():\n  return Agent(instructions="Q")\nanswer = make().run_sync(q, model=MODEL)\n',
        "make.instructions",
    ),
    "a constant of an agent": (
        'P = "Q"\nagent = Agent(instructions=P)\nanswer = agent.run_sync(q, model=MODEL)\n',
        "P",
    ),
    "settings of a library": ('P = PromptTemplate("Q")\nSettings.llm = OpenAI(model=MODEL)\n', "P"),
    "a library that is configured": ('P = "Q"\ndspy.configure(lm=dspy.LM(MODEL))\n', "P"),
    "a decorator": ('@ell.simple(model=MODEL)\ndef ask(q):\n  return "Q"\n', "ask"),
    "a decorator's first argument": ('@llm.call(MODEL)\ndef ask(q):\n  return "Q"\n', "ask"),
    "a decorator with the prompt": (
        '@prompt("Q", model=OpenaiChatModel(MODEL))\ndef ask(q): ...\n',
        "ask.prompt.0",
    ),
    "a decorator over a prompt": (
        '@llm.call(MODEL)\n@prompt_template("Q")\ndef ask(q): ...\n',
        "ask.prompt_template.0",
    ),
    "a decorator over a docstring": (
        '@ell.simple(model=MODEL)\ndef ask(q):\n  "Q"\n  return q\n',
        "ask.system",
    ),
    "a call that is yielded": (
        'def ask(q):\n  yield create(model=MODEL, messages=[{"role": "user", "content": "Q"}])\n',
        "ask.create.messages",
    ),
    "a name that a function sets for all": (
        (
            'M = "m"\ndef setup():\n  global M\n  M = MODEL\n'
            'def ask(q):\n  return create(model=M, messages=[{"role": "user", "content": "Q"}])\n'
        ),
        "ask.messages",
    ),
    "further names in a method": (
        (
            "class A:\n  def pick(self):\n    name = MODEL\n    return name\n"
            "  def ask(self, q):\n    m = self.pick()\n    n = m\n"
            '    return create(model=n, messages=[{"role": "user", "content": "Q"}])\n'
        ),
        "A.ask.messages",
    ),
    "a method with several returns behind further names": (
        (
            "class A:\n  def pick(self, q):\n    if q:\n      return 'm'\n    return MODEL\n"
            "  def ask(self, q):\n    m = self.pick(q)\n    n = m\n"
            '    return create(model=n, messages=[{"role": "user", "content": "Q"}])\n'
        ),
        "A.ask.messages",
    ),
}


@pytest.mark.parametrize("name", RUNS)
def test_another_model_of_a_run_is_another_request(name: str) -> None:
    source, selector = RUNS[name]
    cheap, dear = (
        asked(source.replace("MODEL", value), selector)
        for value in (("90", "9000") if "settings)" in source else ("'gpt-4o-mini'", "'gpt-4o'"))
    )
    assert cheap.messages == dear.messages
    assert cheap != dear


@pytest.mark.parametrize("name", RUNS)
def test_lines_beside_a_run_change_nothing(name: str) -> None:
    source, selector = RUNS[name]
    source = source.replace("MODEL", "90" if "settings)" in source else "'gpt-4o'")
    beside = f"import logging\nlogging.info('x')\n\n\n{source}\nCOUNT: int = 0\n"
    assert _placeless(asked(source, selector)) == _placeless(asked(beside, selector))


def test_what_another_agent_is_run_with_is_not_asked_for() -> None:
    source = f'{MADE}other = Agent(name="b")\nanswer = other.run_sync(q, model=MODEL)\n'
    cheap, dear = (
        asked(source.replace("MODEL", value), "agent.instructions") for value in ("'m'", "'n'")
    )
    assert cheap == dear


def _placeless(file: PromptFile) -> object:
    settings = [(item.key, item.value) for item in file.settings]
    return file.model, file.max_tokens, file.answers, settings, file.parameters
