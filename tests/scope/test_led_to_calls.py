"""Text, models and conditions in Python that lead to a call through functions and files between."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, workflow

MUCH = "Weigh each parcel twice before it goes to a shelf, and write its weight on the label. " * 5
SETTINGS = {
    CONFIGURATION: configuration({"w": workflow("prompts/other.md")}),
    "prompts/other.md": "Sum it up.",
}
CALL = """\
from openai import OpenAI

from shop.tools import tool_definitions
from shop.models import api_name


class Session:
    def __init__(self, client, tools, model):
        self._client = client
        self._tools = tools
        self._model = model

    def turn(self, items):
        name = api_name(self._model)
        params = {"model": name, "input": items, "tools": self._tools}
        return self._client.responses.create(**params)


def make(model):
    tools = tool_definitions(images=True)
    return Session(client=OpenAI(), tools=serialize(tools), model=model)


def serialize(tools):
    return [{"type": "function", **tool} for tool in tools]
"""
TOOLS = '''\
def _find():
    return {"type": "object", "properties": {"name": {"description": "What it is called."}}}


def tool_definitions(images):
    """The tools."""
    found = [make_tool("find", "Find a parcel by its name.", _find())]
    if images:
        found.append(make_tool("draw", "Draw a picture of the parcel.", {}))
    return found


def make_tool(name, description, parameters):
    return {"name": name, "description": description, "parameters": parameters}
'''
MODELS = """\
from enum import Enum


class Kind(Enum):
    SMALL = "small"
    LARGE = "large"


CONFIG: dict[Kind, dict[str, str]] = {
    Kind.SMALL: {"api_name": "gpt-5-mini", "effort": "low"},
    Kind.LARGE: {"api_name": "gpt-5", "effort": "high"},
    Kind.OLD: {"api_name": "gpt-4o", "effort": "none"},
    Kind.OLD_SMALL: {"api_name": "gpt-4o-mini", "effort": "none"},
    Kind.LONG: {"api_name": "gpt-4.1", "effort": "none"},
    Kind.LONG_SMALL: {"api_name": "gpt-4.1-mini", "effort": "none"},
}


def api_name(kind):
    return CONFIG[kind]["api_name"]
"""
PROJECT = SETTINGS | {"shop/call.py": CALL, "shop/tools.py": TOOLS, "shop/models.py": MODELS}


def told(
    repository: Repository, path: str, old: str, new: str, more: dict[str, str] | None = None
) -> Outcome:
    before = PROJECT | (more or {})
    assert old in before[path]
    return change(repository, before, {path: before[path].replace(old, new)})


def warned(outcome: Outcome, path: str) -> str:
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["verdict"], found["place"]["file"]) == (0, "warn", path)
    return str(found["text"])


TEXTS = {
    "a description": ("Draw a picture of the parcel.", MUCH),
    "in a schema of a function": ("What it is called.", MUCH),
    "a tool that is new": (
        "    return found\n",
        f'    found += [make_tool("weigh", "{MUCH}", {{}})]\n    return found\n',
    ),
    "repeated": ('"Find a parcel by its name."', '"Find a parcel by its name." * 40'),
    "through a constant": (
        '"Draw a picture of the parcel."',
        "DRAW",
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_tools_that_functions_make_and_another_file_sends(
    repository: Repository, name: str
) -> None:
    old, new = TEXTS[name]
    before = PROJECT["shop/tools.py"]
    after = before.replace(old, new)
    if name == "through a constant":
        after = f'DRAW = "{MUCH}"\n\n\n{after}'
    outcome = change(repository, PROJECT, {"shop/tools.py": after})
    text = warned(outcome, "shop/tools.py")
    assert "more characters" in text
    assert "leads to the call at shop/call.py:16" in text


UNSENT = {
    "a docstring": ('"""The tools."""', f'"""The tools.\n\n    {MUCH}\n    """'),
    "an error": (
        "    return found\n",
        f'    if not found:\n        raise ValueError("{MUCH}")\n    return found\n',
    ),
    "a log": ("    return found\n", f'    logger.info("{MUCH}")\n    return found\n'),
    "a comment": ("    return found\n", f"    # {MUCH}\n    return found\n"),
    "what nobody calls": (
        "def make_tool(",
        f'def help_page():\n    return "{MUCH}"\n\n\ndef make_tool(',
    ),
    "a query": (
        "    return found\n",
        f'    rows = db.execute("SELECT {MUCH}")\n    return found\n',
    ),
}


@pytest.mark.parametrize("name", UNSENT)
def test_what_leads_to_no_call_is_not_told(repository: Repository, name: str) -> None:
    outcome = told(repository, "shop/tools.py", *UNSENT[name])
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_text_that_only_moves_is_not_told(repository: Repository) -> None:
    before = PROJECT | {"shop/tools.py": TOOLS.replace("Draw a picture of the parcel.", MUCH)}
    moved = TOOLS.replace('"Draw a picture of the parcel."', "DRAW")
    after = {
        "shop/tools.py": f"from shop.told import DRAW\n\n\n{moved}",
        "shop/told.py": f'DRAW = "{MUCH}"\n',
    }
    outcome = change(repository, before, after)
    assert (outcome.code, outcome.report["findings"]) == (0, [])


BASE = '''\
class Agent:
    def __init__(self, llm):
        self._llm = llm
        self._cache = {}

    def predict(self, snapshot):
        system = self.get_system_prompt()
        user = self.build_user(snapshot)
        known = self._cache.get(user)
        if known is not None:
            return known
        response = self._llm.complete(system, user)
        self._cache[user] = response
        return response

    def get_system_prompt(self):
        raise NotImplementedError

    def build_user(self, snapshot):
        """Told by the snapshot."""
        return snapshot.render()
'''
CHILD = """\
from shop.base import Agent


class Sorter(Agent):
    def get_system_prompt(self):
        return rules()


def rules():
    return "Sort it."
"""


def test_what_a_base_class_sends_is_told(repository: Repository) -> None:
    more = {"shop/base.py": BASE}
    new = f'return snapshot.render() + "\\n".join(["{MUCH}"] * 3)'
    text = warned(
        told(repository, "shop/base.py", "return snapshot.render()", new, more), "shop/base.py"
    )
    assert text.startswith("`Agent.build_user` says 1,")


def test_what_a_class_made_of_it_gives_is_told(repository: Repository) -> None:
    more = {"shop/base.py": BASE, "shop/child.py": CHILD}
    text = warned(told(repository, "shop/child.py", "Sort it.", MUCH, more), "shop/child.py")
    assert "shop/base.py:12" in text


def test_a_model_in_a_table(repository: Repository) -> None:
    text = warned(told(repository, "shop/models.py", "gpt-5-mini", "gpt-5"), "shop/models.py")
    assert text.startswith("`CONFIG` names gpt-5 now, was gpt-5-mini, which leads to the call")
    assert "set `model: gpt-5`" in text


def test_the_models_of_a_table_in_each_others_place(repository: Repository) -> None:
    after = (
        MODELS.replace("gpt-5-mini", "X").replace('"gpt-5"', '"gpt-5-mini"').replace("X", "gpt-5")
    )
    text = warned(change(repository, PROJECT, {"shop/models.py": after}), "shop/models.py")
    told = "`CONFIG` names gpt-5 now, was gpt-5-mini, and gpt-5-mini, was gpt-5, which leads"
    assert text.startswith(told)
    assert "set `model` in the workflows that call them" in text


def test_many_models_of_a_table_are_told_at_once(repository: Repository) -> None:
    after = MODELS.replace("gpt-4o", "gpt-5.1").replace("gpt-4.1", "gpt-5.2")
    text = warned(change(repository, PROJECT, {"shop/models.py": after}), "shop/models.py")
    assert "was gpt-4o-mini, and 2 more models, which leads" in text


MENU = """\
from openai import OpenAI

{name} = [
    ("GPT-5 mini, quick", "gpt-5-mini"),
    ("GPT-5, strong", "gpt-5"),
    ("GPT-4o, for pictures", "gpt-4o"),
]


def ask(question, number):
    return OpenAI().chat.completions.create(model={name}[number][1], messages=question)
"""


def test_a_menu_of_models_in_another_order_is_not_told(repository: Repository) -> None:
    before = MENU.format(name="MENU")
    new = '    ("GPT-5.2, new", "gpt-5.2"),\n    ("GPT-5 mini, quick", "gpt-5-mini"),\n'
    after = before.replace('    ("GPT-5 mini, quick", "gpt-5-mini"),\n', new)
    after = after.replace('    ("GPT-4o, for pictures", "gpt-4o"),\n', "")
    outcome = change(repository, SETTINGS | {"menu.py": before}, {"menu.py": after})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_another_model_in_a_menu(repository: Repository) -> None:
    before = MENU.format(name="MENU")
    after = before.replace('"gpt-4o"', '"gpt-5.2"')
    text = warned(change(repository, SETTINGS | {"menu.py": before}, {"menu.py": after}), "menu.py")
    assert text.startswith("`MENU` names gpt-5.2 now, was gpt-4o")


def test_another_order_of_the_models_that_are_tried(repository: Repository) -> None:
    code = """\
from openai import OpenAI

TRIED = ["gpt-5-mini", "gpt-5"]


def ask(question):
    for name in TRIED:
        answer = OpenAI().chat.completions.create(model=name, messages=question)
        if answer:
            return answer
"""
    after = code.replace('"gpt-5-mini", "gpt-5"', '"gpt-5", "gpt-5-mini"')
    text = warned(change(repository, SETTINGS | {"ask.py": code}, {"ask.py": after}), "ask.py")
    assert text.startswith("`TRIED` names gpt-5 now, was gpt-5-mini")


TABLES = {
    "a price list": 'PRICES = {"gpt-5-mini": 1, "gpt-5": 9}\n',
    "names for people": f"""\
LABELS = [{{"name": "gpt-5-mini"}}{', {"name": "gpt-5"}' * 6}]


def show():
    print(LABELS)
""",
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_that_no_call_reads_is_not_told(repository: Repository, name: str) -> None:
    more = {"shop/table.py": TABLES[name]}
    outcome = told(repository, "shop/table.py", "gpt-5-mini", "gpt-4o", more)
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_a_new_entry_of_a_table_is_not_told(repository: Repository) -> None:
    new = '"high"},\n    Kind.OTHER: {"api_name": "gpt-5-pro"},\n'
    outcome = told(repository, "shop/models.py", '"high"},\n', new)
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_a_condition_that_kept_a_call_from_being_made(repository: Repository) -> None:
    more = {"shop/base.py": BASE}
    old = "        if known is not None:\n            return known\n"
    text = warned(told(repository, "shop/base.py", old, "", more), "shop/base.py")
    assert "`if known is not None` is taken out" in text
    assert "correct `calls`" in text


CONDITIONS = {
    "in other words": ("if known is not None:", "if known:"),
    "around what is left": (
        "        if known is not None:\n            return known\n        response = self._llm.complete(system, user)\n",
        "        if known is None:\n            known = self._llm.complete(system, user)\n        response = known\n",
    ),
    "of words that another has": (
        (
            "        user = self.build_user(snapshot)\n        known = self._cache.get(user)\n"
            "        if known is not None:\n            return known\n"
        ),
        (
            "        user = self.build_user(snapshot)\n        known = self._cache.get(user)\n"
            "        if known is not None and user is not None:\n            return known\n"
        ),
    ),
    "a loop that ended early": (
        "        response = self._llm",
        "        for one in snapshot.parts:\n            break\n        response = self._llm",
    ),
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_condition_that_is_only_written_otherwise(repository: Repository, name: str) -> None:
    more = {"shop/base.py": BASE}
    outcome = told(repository, "shop/base.py", *CONDITIONS[name], more)
    assert (outcome.code, outcome.report["findings"]) == (0, [])


CACHED = """\
from functools import lru_cache

from openai import OpenAI


@lru_cache(maxsize=100)
def ask(question):
    return send([{"role": "user", "content": question}])


def send(messages):
    return OpenAI().chat.completions.create(model="gpt-4o", messages=messages)
"""
MARKED = """\
from anthropic import Anthropic


def blocks(text):
    return [{"type": "text", "text": text, "cache_control": {"type": "ephemeral"}}]


def ask(text, question):
    return Anthropic().messages.create(
        model="claude-sonnet-4-5", max_tokens=99, system=blocks(text),
        messages=[{"role": "user", "content": question}],
    )
"""


def test_a_cache_of_answers_that_is_taken_out(repository: Repository) -> None:
    outcome = told(repository, "ask.py", "@lru_cache(maxsize=100)\n", "", {"ask.py": CACHED})
    assert "keeps no answers any more" in warned(outcome, "ask.py")


def test_a_mark_of_the_cached_prefix_that_is_taken_out(repository: Repository) -> None:
    old = ', "cache_control": {"type": "ephemeral"}'
    text = warned(told(repository, "ask.py", old, "", {"ask.py": MARKED}), "ask.py")
    assert "`blocks` caches less" in text
    assert "correct `cache_hit_rate`" in text


def test_a_cache_that_was_off_is_none(repository: Repository) -> None:
    off = MARKED.replace('"cache_control": {"type": "ephemeral"}', '"use_cache": False')
    outcome = told(repository, "ask.py", ', "use_cache": False', "", {"ask.py": off})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_a_loop_around_what_is_left_is_no_condition(repository: Repository) -> None:
    looped = BASE.replace(
        "        user = self.build_user(snapshot)\n",
        "        user = self.build_user(snapshot)\n        for one in user.parts:\n            break\n",
    )
    old = "        for one in user.parts:\n            break\n"
    outcome = told(repository, "shop/base.py", old, "", {"shop/base.py": looped})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


SCHEMA = """\
from openai import OpenAI
from pydantic import BaseModel, Field


class Box(BaseModel):
    shelf: str = Field(description="The shelf.")


class Answer(BaseModel):
    boxes: list[Box]


def ask(question):
    return OpenAI().chat.completions.parse(
        model="gpt-4o", messages=[{"role": "user", "content": question}], response_format=Answer
    )
"""
STORED = """\
from pydantic import BaseModel, Field


class Box(BaseModel):
    shelf: str = Field(description="The shelf.")


def store(rows):
    return [Box(shelf=row.shelf) for row in rows]
"""


def test_a_field_of_what_is_asked_for(repository: Repository) -> None:
    text = warned(told(repository, "ask.py", "The shelf.", MUCH, {"ask.py": SCHEMA}), "ask.py")
    assert text.startswith("`Box` says")


def test_a_field_of_what_is_only_stored_is_not_told(repository: Repository) -> None:
    outcome = told(repository, "store.py", "The shelf.", MUCH, {"store.py": STORED})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


TABLE = """\
from langchain_core.messages import HumanMessage
from langgraph.graph import StateGraph

STEPS = {"weigh": {"run": weigh, "title": "Weigh"}}


def steps():
    return dict(STEPS)


def make(chosen=None):
    workflow = StateGraph(dict)
    for key, run in steps().items():
        workflow.add_node(key, run)
    return workflow


def run(chosen):
    MADE
    return NAME.invoke({"messages": [HumanMessage(content="Decide what to do with it.")]})
"""
GRAPHS = {
    "a graph that is compiled": ("workflow = make(chosen)\n    it = workflow.compile()", "it"),
    "a graph by its name": ("research_graph = make(chosen)", "research_graph"),
    "an app": ("app = make(chosen)", "app"),
    "a tool": ("tool = make(chosen)", "tool"),
}
MODELS_OF_NAMES = {
    "a chain": ("chain = make(chosen)", "chain"),
    "a model": ("llm = make(chosen)", "llm"),
    "a model with a schema": ("structured_llm = make(chosen)", "structured_llm"),
    "an agent": ("agent = make(chosen)", "agent"),
    "a text that a graph is given": ("rules = steps()", "graph.with_config(rules)"),
}


def longer_table(repository: Repository, made: str, name: str) -> Outcome:
    code = TABLE.replace("MADE", made).replace("NAME", name)
    longer = code.replace('"title": "Weigh"', f'"about": "{MUCH}"')
    return change(repository, SETTINGS | {"app.py": code}, {"app.py": longer})


@pytest.mark.parametrize("name", GRAPHS)
def test_a_graph_that_runs_asks_no_model_by_itself(repository: Repository, name: str) -> None:
    assert longer_table(repository, *GRAPHS[name]).report["findings"] == []


@pytest.mark.parametrize("name", MODELS_OF_NAMES)
def test_what_asks_a_model_is_told_for_its_texts(repository: Repository, name: str) -> None:
    (found,) = longer_table(repository, *MODELS_OF_NAMES[name]).report["findings"]
    assert "which leads to the call at app.py:" in found["text"]
