"""Prompts that Python code puts together, changes and refuses to show."""

from typing import Any

import pytest

from reviewbot.prompt import TemplateError
from tests.support.compiling import compiled, fill
from tests.support.python_prompts import MORE, prompt, refused, said, text


@pytest.mark.parametrize(
    ("name", "variables", "messages"),
    [
        ("Base.system", {"rules": "r"}, [("user", "Base r\nend")]),
        ("Derived.system", {"rules": "r"}, [("user", "Base r\nend")]),
        ("Derived.tone", {}, [("user", "firm")]),
        ("Derived.__init__.self.prompt", {"name": "Bo"}, [("user", "I am Bo.")]),
        ("Derived.call.messages", {"question": "?"}, [("user", "Q: ?")]),
        ("AGENT.instructions", {}, [("user", "Be concise.")]),
        ("LLAMA", {"what": "it", "a": "A"}, [("user", "Say it {A} {not a name}")]),
        ("CHAT", {}, [("system", "s"), ("user", "u")]),
        ("PARTS", {}, [("user", "ab")]),
        ("PLAIN", {"a": "<"}, [("user", "<")]),
        ("CHOSEN", {"LIMIT": True}, [("user", "a")]),
        ('ALIASED["x"]', {"who": "you"}, [("user", "Hello you")]),
        ("use", {"who": "you"}, [("user", "Hello you")]),
    ],
)
def test_more_ways_to_keep_a_prompt(
    name: str, variables: dict[str, Any], messages: list[tuple[str, str]]
) -> None:
    assert said(MORE, name, variables) == messages


def test_another_functions_name_is_formatted_without_this_one() -> None:
    source = """
    RULES = "Be {tone}."
    def first(text):
        prompt = text["prompt"]
        return prompt.format(text=text)
    def second(task):
        prompt = "Answer with {x}: " + task
        rules = RULES
        return send(prompt, rules.format(tone="kind"))
    """
    assert said(source, "second.prompt", {"task": "t"}) == [("user", "Answer with {x}: t")]
    assert said(source, "RULES", {"tone": "brief"}) == [("user", "Be brief.")]


COLLECTED = """
def looped(messages, role):
    prompt = []
    for message in messages:
        prompt.append(message)
    text = "".join(prompt) + f"<{role}>"
    return text

def chosen(task):
    parts = ["Do"]
    if task:
        parts.append(task)
    parts.append("now.")
    return " ".join(parts) + "!"
"""


@pytest.mark.parametrize(
    ("name", "variables", "text"),
    [
        ("looped", {"''.join(prompt)": "Hello", "role": "user"}, "Hello<user>"),
        ("chosen", {"' '.join(parts)": "Do it now."}, "Do it now.!"),
    ],
)
def test_a_list_that_branches_fill_is_a_variable(
    name: str, variables: dict[str, str], text: str
) -> None:
    assert said(COLLECTED, name, variables) == [("user", text)]


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("LIMIT", 6, "is set in several places"),
        ("LOOPED", 47, "is changed by code in line 47"),
        ("SENT", 53, "is changed by code in line 53"),
        ("OTHER", 54, "is changed by code in line 54"),
        ("TOOLS", 57, "holds a message with 'tool_calls', which cannot be counted"),
        ("IMAGE", 58, "holds a part of a message that is no text"),
        ("NOTHING", 60, "known only when the program runs, `None`"),
        ("UNKNOWN", 61, "known only when the program runs, `{'role': os.name, 'content': 'x'}`"),
        ("CALLED", 62, "known only when the program runs, `make()`"),
        ("SETTINGS", 64, "settings of its own, trim_blocks"),
        ("OWN", 65, "settings of its own, lstrip_blocks"),
        ("COMPUTED", 67, "is computed by code"),
        ("NUMBER", 68, "is computed by code, which is never run, or is no text"),
        ("two", 79, "returns in several lines, 81, 82"),
        ("AGENT", 41, "`AGENT` holds a prompt"),
        ("Base", 15, "`Base` holds several prompts"),
    ],
)
def test_what_code_makes_is_refused_by_name(name: str, line: int, said: str) -> None:
    found, what = refused(MORE, name)
    assert said in what
    assert found == line


CHANGED = """\
RULES = ["a", "b"]
TABLE = {"x": "first", "y": "second"}
OTHER = {"x": "first"}
SYSTEM = {"role": "system", "content": "s"}


def change(key):
    RULES.append("c")
    TABLE["x"] = "changed"
    OTHER[key] = "changed"
    SYSTEM["content"] = "changed"


def rules():
    return ", ".join(RULES) + "!"


def loop(items):
    parts = []
    for item in items:
        parts.append(item)
    joined = ", ".join(parts)
    return f"{joined}!"


def told():
    parts = []
    parts.append("one")
    parts.append("two")
    return ", ".join(parts)


def entries():
    return TABLE["x"] + TABLE["y"] + OTHER["x"]


class Agent:
    messages = [{"role": "system", "content": "s"}]

    def __init__(self):
        self.earlier = [SYSTEM]

    def ask(self, question):
        self.messages.append({"role": "user", "content": question})


class Tone:
    word = "kind"


def tone():
    return f"Be {Tone.word}."


def harden():
    Tone.word = "firm"
"""


def test_what_code_changes_later_is_a_variable() -> None:
    for name, missing in (
        ("rules", "', '.join(RULES)"),
        ("loop", "joined"),
        ("entries", "TABLE['x']"),
        ("tone", "Tone.word"),
    ):
        with pytest.raises(TemplateError) as caught:
            said(CHANGED, name)
        assert caught.value.what == f"{missing!r} is undefined"
    given = {"joined": "1, 2", "TABLE": {"x": "X"}, 'OTHER["x"]': "O"}
    assert said(CHANGED, "loop", given) == [("user", "1, 2!")]
    assert said(CHANGED, "entries", given) == [("user", "XsecondO")]
    assert said(CHANGED, "told") == [("user", "one, two")]
    assert refused(CHANGED, "Agent.messages") == (
        44,
        "`Agent.messages` is changed by code in line 44",
    )
    assert refused(CHANGED, "TABLE.x")[1] == "`TABLE.x` is set in several places, line 2 and 9"
    assert "is computed by code" in refused(CHANGED, "Agent.__init__.self.earlier")[1]


def test_a_place_in_a_list_of_messages_is_for_earlier_ones() -> None:
    system, history, user = prompt(MORE, "Derived.ask").messages
    template = compiled(history.engine or "", history.text)
    assert template.split is not None
    earlier = template.render({"history": [{"role": "user", "content": "Hi"}]})
    assert [(part.role, part.text) for part in template.split(earlier)] == [("user", "Hi")]
    assert template.split(template.render({"history": []})) == ()
    assert fill(system.engine or "", system.text, {"filled": "x"}) == "x"
    assert fill(user.engine or "", user.text, {"question": "Why?"}) == "Why?"
    with pytest.raises(TemplateError, match="no list of messages"):
        template.render({"history": [3]})


def test_a_message_may_have_a_name() -> None:
    (message,) = prompt(MORE, "NAMED").messages
    assert message.name == "ann"


@pytest.mark.parametrize(
    ("source", "rendered"),
    [
        ("def P(a):\n    return f'[{a}{a!r}{a:03d}]'", "[]"),
        ("def P(a):\n    return '[{x:03d}{x!r}]'.format(x=a)", "[]"),
        ("def P(a):\n    return '[%s]' % a", "[]"),
        ("def P(**a):\n    return '[{x.y}]'.format(**a)", "[]"),
        (
            "from llama_index.core import PromptTemplate\nP = PromptTemplate('[{a}{b c}]')",
            "[{b c}]",
        ),
    ],
)
def test_without_samples_every_variable_is_empty(source: str, rendered: str) -> None:
    (message,) = prompt(source, "P").messages
    engine = message.engine or ""
    assert fill(engine, message.text, {}, undefined="empty") == rendered
    with pytest.raises(TemplateError, match="is undefined"):
        fill(engine, message.text, {})


def test_the_line_of_a_text_and_of_what_is_missing_in_it() -> None:
    (message,) = prompt('P = """\\\nfirst\n{a}\n"""\nP.format()', "P").messages
    assert message.line == 2
    with pytest.raises(TemplateError) as caught:
        fill(message.engine or "", message.text, {})
    assert caught.value.line == 2
    (message,) = prompt(
        "def P(a):\n    return (\n        'x'\n        'y'\n        f'{b}'\n    )", "P"
    ).messages
    with pytest.raises(TemplateError) as caught:
        fill(message.engine or "", message.text, {})
    assert (message.line, caught.value.line) == (3, 3)


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("P = 'a\n", 1, "this is not Python: unterminated string literal"),
        ("x = 1\nP = f'{'\n", 2, "this is not Python"),
        ("#!/bin/python\n# -*- coding: latin-1 -*-\nP = 'é'", 2, "its encoding is latin-1"),
        ("P = 'a\0b'", 1, "this is not Python"),
        ("P = 'a'\n\r\rQ = (", 2, "a carriage return stands by itself"),
        ("P = '\\N{no such name}'", 1, "this is not Python"),
    ],
)
def test_what_is_not_python_is_named_at_its_line(source: str, line: int, said: str) -> None:
    found, what = refused(source, "P")
    assert said in what
    assert found == line


def test_a_marked_encoding_that_changes_nothing_is_taken() -> None:
    assert text("# coding: utf-8\nP = 'é'") == "é"
    assert text("# coding: latin-1\nP = 'e'") == "e"


TURN = "[{'role': 'user', 'content': 'Sort.'}]"


@pytest.mark.parametrize(
    ("source", "name", "text"),
    [
        ("P = 'Sort.'\ndef f(p):\n    p = p or P\n    p += ' Now.'", "P", "Sort."),
        ("import bot\nbot.system = 'Old.'\nbot.system = 'New.'", "bot.system", "New."),
        (f"import bot\nbot.said = {TURN}\nbot.said = {TURN.replace('Sort', 'Rate')}", "bot.said", "Rate."),
    ],
)  # fmt: skip
def test_what_a_module_sets_last_stands(source: str, name: str, text: str) -> None:
    assert [content for _, content in said(source, name, {})] == [text]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (f"P = {TURN}\ndef f(p):\n    p = p or P\n    p += [1]", "P"),
        ("import bot\nbot.system = 'Old.'\nif x:\n    bot.system = 'New.'", "bot.system"),
        ("import bot\nbot.system = 'Old.'\ntry:\n    bot.system = 'New.'\nexcept E:\n    pass", "bot.system"),
        ("import bot\nbot.system = 'Old.'\nbot.system = 'New.'\ndef f():\n    bot.system = 'Other.'", "bot.system"),
        ("import bot\nbot.system = 'Old.'\nbot.system = 'New.'\nbot.system += 'er'", "bot.system"),
    ],
)  # fmt: skip
def test_what_may_be_set_later_is_refused(source: str, name: str) -> None:
    _, what = refused(source, name)
    assert "is set in several places" in what or "is changed by code" in what


def test_a_text_that_each_turn_of_a_loop_begins_anew_is_told() -> None:
    source = """
def f(now, ready):
    while True:
        if ready:
            ask = "Sort."
            if now:
                ask += " Now."
            client.chat.completions.create(model="m", messages=[{"role": "user", "content": ask}])
"""
    assert said(source, "f.create.messages", {"now": True}) == [("user", "Sort. Now.")]


def test_what_is_sent_keeps_its_name_where_what_is_returned_has_it_too() -> None:
    source = """
    def node(state):
        messages = [
            {"role": "system", "content": "Sort the parcels."},
            {"role": "user", "content": f"The parcels: {state}"},
        ]
        said = llm.invoke(messages)
        return {"messages": [AIMessage(content=said)], "sender": "clerk"}
    """
    sent = [("system", "Sort the parcels."), ("user", "The parcels: 2")]
    assert said(source, "node.messages", {"state": "2"}) == sent
    assert said(source, "node.return.messages", {"said": "Done"}) == [("assistant", "Done")]
