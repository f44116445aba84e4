"""Texts that Python puts together in conditions and loops, against what Python makes of them."""

import itertools
import textwrap
from typing import Any

import pytest

from tests.support.compiling import fill
from tests.support.python_prompts import prompt, said

PROGRAMS = {
    "added under if": """
        def build(task, tone):
            text = f"Do {task}. "
            if tone == "kind":
                text += "Be kind. "
            text += "End."
            return text
        """,
    "one of three": """
        def build(task, tone):
            if task is None:
                text = "Nothing to do."
            elif not tone:
                text = f"Do {task} as you like."
            else:
                text = f"Do {task}, {tone}."
            return text.strip()
        """,
    "left early": """
        def build(task, tone):
            text = "Begin. "
            if task is None or tone == "none":
                return text + "Nothing."
            text = text + f"{task} {tone}"
            return text
        """,
    "a default for an argument": """
        def build(task, tone):
            if tone is None or not tone:
                tone = "brief"
            if task is not None and tone != "kind":
                task = f"{task}!"
            return f"{task}: {tone}"
        """,
    "chosen": """
        def build(task, tone):
            style = "be kind" if tone == "kind" else f"be {tone}"
            return f"{task}: {style}"
        """,
    "nested": """
        def build(task, tone):
            parts = "A"
            with_task = f"({task})"
            if task:
                parts += "B"
                if tone == "kind":
                    parts += "C" + with_task
                else:
                    parts = "D"
                    parts += "E"
            return parts
        """,
}
VALUES = {"task": (None, "sorting", ""), "tone": (None, "kind", "none", "")}
RETURNS = {"left early": ("build.return", "build.return@2")}


def largest(source: str, name: str) -> str:
    """What counts where there are no samples."""
    (message,) = prompt(source, name).messages
    return fill(message.engine or "text", message.text, {}, undefined="largest")


@pytest.mark.parametrize("name", PROGRAMS)
def test_conditions_give_what_python_gives(name: str) -> None:
    source = textwrap.dedent(PROGRAMS[name])
    scope: dict[str, Any] = {}
    exec(source, scope)
    for values in itertools.product(*VALUES.values()):
        variables = dict(zip(VALUES, values, strict=True))
        expected = scope["build"](**variables)
        given = {said(source, where, variables)[0][1] for where in RETURNS.get(name, ("build",))}
        assert expected in given
        if name not in RETURNS:
            assert given == {expected}


def test_without_samples_the_longest_reading_counts() -> None:
    source = textwrap.dedent(PROGRAMS["added under if"])
    assert largest(source, "build") == "Do . Be kind. End."


LOOPS = """
def build(task, docs, model):
    text = f"Do {task}.\\n"
    for doc in docs:
        text += f"- {doc.title}\\n"
    text += "End."
    for turn in range(3):
        question = f"Turn {turn} of {task}"
        model(question)
    while model(text):
        text += "Again, since the answer was not what was asked for; read all of it once more.\\n"
    return text
"""


def test_what_a_loop_adds_is_a_variable_called_by_its_head() -> None:
    variables = {
        "task": "it",
        "for doc in docs: text": "- a\n- b\n",
        "while model(text): text": "",
    }
    assert said(LOOPS, "build", variables) == [("user", "Do it.\n- a\n- b\nEnd.")]
    assert said(LOOPS, "build.question", {"turn": 1, "task": "it"}) == [("user", "Turn 1 of it")]
    assert largest(LOOPS, "build").count("Again, since the answer") == 1


SEVERAL = """
def ask(client, topic):
    prompt = "List what is known of the topic."
    first = client.ask(prompt)
    prompt = f"Now compare it with {topic}."
    second = client.ask(prompt)
    messages = [{"role": "user", "content": prompt}]
    client.create(messages=messages)
    messages = [{"role": "user", "content": "Again: " + prompt}]
    client.create(messages=messages)
    try:
        note = "Read it."
    except ValueError:
        note = "It cannot be read."
    match topic:
        case "x":
            note = note + " X."
        case _:
            raise ValueError
    return note
"""


def test_a_text_that_is_replaced_is_a_prompt_of_its_own() -> None:
    assert said(SEVERAL, "ask.prompt") == [("user", "List what is known of the topic.")]
    assert said(SEVERAL, "ask.prompt@2", {"topic": "y"}) == [("user", "Now compare it with y.")]
    assert said(SEVERAL, "ask.messages", {"topic": "y"}) == [("user", "Now compare it with y.")]
    again = [("user", "Again: Now compare it with y.")]
    assert said(SEVERAL, "ask.messages@2", {"topic": "y"}) == again


@pytest.mark.parametrize(
    ("failed", "expected"), [(False, "Read it. X."), (True, "It cannot be read. X.")]
)
def test_handlers_and_cases_are_conditions(*, failed: bool, expected: str) -> None:
    given = {"except ValueError": failed, "topic case 'x'": True}
    assert said(SEVERAL, "ask", given) == [("user", expected)]


def test_lists_that_are_changed_after_they_were_set_again_are_refused() -> None:
    source = SEVERAL.replace("    try:", "    messages.append(topic)\n    try:")
    for name in ("ask.messages", "ask.messages@2"):
        with pytest.raises(Exception, match="is changed by code in line 11"):
            prompt(source, name)


def test_many_conditions_are_read_one_by_one() -> None:
    chosen = "\n".join(
        f"    {'el' if number else ''}if kind == {number}:\n        text = 'Text {number}'"
        for number in range(300)
    )
    source = f"def build(kind):\n    text = 'None'\n{chosen}\n    return text + '!'\n"
    assert said(source, "build.text@7") == [("user", "Text 6")]
    assert said(source, "build", {"text": "T"}) == [("user", "T!")]


ADDED = """
def build(items, kind):
    parts = []
    for item in items:
        parts.append(f"Read this item closely: {item}")
    if kind:
        parts.append({"type": "text", "text": "Say whether it is relevant."})
    return parts
"""


def test_what_is_added_to_lists_in_conditions_and_loops_has_a_name() -> None:
    assert said(ADDED, "build.append.0", {"item": "x"}) == [("user", "Read this item closely: x")]
    assert said(ADDED, "build.append@2.0.text") == [("user", "Say whether it is relevant.")]


KEYED = """
def ask(names, more):
    questions = {f"first {names}": {"instructions": "Say whether both are one thing."}}
    for name in names:
        questions[f"next {name}"] = {"instructions": f"Does {name} say the same?"}
    context = [{"description": "A thing of the world."}]
    if more:
        context += more
    return questions, context
"""


def test_what_stands_under_a_computed_key_has_a_star_for_it() -> None:
    first = said(KEYED, "ask.questions.*.instructions")
    assert first == [("user", "Say whether both are one thing.")]
    second = said(KEYED, "ask.questions.*@2.instructions", {"name": "x"})
    assert second == [("user", "Does x say the same?")]


def test_a_list_that_is_added_to_keeps_what_it_begins_with() -> None:
    assert said(KEYED, "ask.context.0.description") == [("user", "A thing of the world.")]
