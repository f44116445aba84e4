"""A call counts as covered only where all that it sends is, and in whole files."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
MESSAGES = '[{"role": "system", "content": RULES}, {"role": "user", "content": f"Parcel {parcel}"}]'
PYTHON = f"""\
RULES = "{RULES}"


def ask(parcel):
    reply = client.chat.completions.create(model="gpt-4o", messages={MESSAGES})
    return reply
"""
MORE_OF_PYTHON = {
    "beside it in its function": (
        '    return client.responses.create(model="gpt-4o", input="Name the shelf in a rhyme.")\n'
    ),
    "with a part of it": (
        "    return client.responses.create(\n"
        '        model="gpt-4o", instructions=RULES, input="Name the shelf in a rhyme, and why.")\n'
    ),
    "in another function": (
        "\n\ndef rhyme(parcel):\n"
        '    return client.responses.create(model="gpt-4o", input=f"{RULES} In a rhyme: {parcel}")\n'
    ),
}


@pytest.mark.parametrize("name", MORE_OF_PYTHON)
def test_a_call_that_sends_something_else_too_is_not_covered(
    repository: Repository, name: str
) -> None:
    samples = "[{name: one, variables: {parcel: HP-1}}]"
    setting = workflow('"late.py#ask.reply.messages"', samples=samples)
    before = {CONFIGURATION: configuration({"w": setting}), "late.py": PYTHON}
    after = PYTHON.replace("    return reply\n", MORE_OF_PYTHON[name])
    coverage = change(repository, before, {"late.py": after}).report["coverage"]
    assert (coverage["calls_covered"], coverage["calls"]) == (1, 2)


def test_calls_and_prompts_far_from_the_change_are_counted(repository: Repository) -> None:
    others = "\n\n".join(
        f"def ask{n}(q):\n"
        f'    return client.responses.create(model="gpt-4o", input=f"{RULES} Kind {n}: {{q}}")\n'
        for n in range(3)
    )
    before = {
        CONFIGURATION: configuration({"w": workflow("a.txt")}),
        "a.txt": "Hi.",
        "b.py": others,
    }
    after = f"{others}\n\nNOTE = 'You read this line of it.'\n"
    coverage = change(repository, before, {"b.py": after}).report["coverage"]
    assert (coverage["known"], coverage["calls"]) == (4, 3)


def test_a_call_that_sends_a_list_by_its_name_is_covered(repository: Repository) -> None:
    source = PYTHON.replace("    reply", f"    given = {MESSAGES}\n    reply")
    source = source.replace(f"messages={MESSAGES}", "messages=given")
    samples = "[{name: one, variables: {parcel: HP-1}}]"
    setting = workflow('"late.py#ask.given"', samples=samples)
    before = {CONFIGURATION: configuration({"w": setting}), "late.py": source}
    after = {"late.py": source.replace("the shelf", "a shelf")}
    coverage = change(repository, before, after).report["coverage"]
    assert (coverage["calls_covered"], coverage["calls"]) == (1, 1)


TYPESCRIPT = f"""\
const RULES = "{RULES}";
export async function ask(q: string) {{
  const messages = [{{ role: "system", content: RULES }}, {{ role: "user", content: q }}];
  return await client.chat.completions.create({{ model: "gpt-4o", messages }});
}}
"""


@pytest.mark.parametrize(
    ("sent", "covered"),
    [
        ("messages: messages", 1),
        ("messages: messages.concat(messages)", 0),
        ("messages: messages.map((m) => twice(m))", 0),
        ("messages: helpers.grown(messages)", 0),
    ],
)
def test_a_call_that_makes_something_else_of_a_list_is_not(
    repository: Repository, sent: str, covered: int
) -> None:
    samples = "[{name: one, variables: {q: HP-1}}]"
    setting = workflow('"late.ts#ask.messages"', samples=samples)
    before = {CONFIGURATION: configuration({"w": setting}), "late.ts": TYPESCRIPT}
    after = {"late.ts": TYPESCRIPT.replace(", messages }", f", {sent} }}")}
    coverage = change(repository, before, after).report["coverage"]
    assert (coverage["calls_covered"], coverage["calls"]) == (covered, 1)


LOST = {
    "more of it": ("late.ts", "messages: messages.concat(messages)"),
    "something made of it": ("late.ts", "messages: helpers.grown(messages)"),
    "a product": ("late.py", "messages=given * 9"),
    "a copy": ("late.py", "messages=list(given)"),
}


@pytest.mark.parametrize("name", LOST)
def test_a_call_that_no_longer_sends_a_prompt_of_a_workflow_is_told(
    repository: Repository, name: str
) -> None:
    path, sent = LOST[name]
    python = PYTHON.replace("    reply", f"    given = {MESSAGES}\n    reply")
    python = python.replace(f"messages={MESSAGES}", "messages=given")
    source, selector = {"late.ts": (TYPESCRIPT, "ask.messages"), "late.py": (python, "ask.given")}[
        path
    ]
    samples = "[{name: one, variables: {q: HP-1, parcel: HP-1}}]"
    settings = configuration({"w": workflow(f'"{path}#{selector}"', samples=samples)})
    old = "messages=given" if path == "late.py" else "messages }"
    new = sent if path == "late.py" else f"{sent} }}"
    after = {path: source.replace(old, new)}
    outcome = change(repository, {CONFIGURATION: settings, path: source}, after)
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["verdict"]) == (1, "needs-approval")
    assert f'write `- {{path: "{path}#' in found["text"]


def test_a_call_that_nobody_touched_is_not_blamed(repository: Repository) -> None:
    untold = (
        'def reply(q):\n    return client.responses.create(model="gpt-4.1", input=load(q))\n\n\n'
    )
    source = untold + PYTHON
    samples = "[{name: one, variables: {parcel: HP-1}}]"
    settings = configuration({"w": workflow('"late.py#ask.reply.messages"', samples=samples)})
    before = {CONFIGURATION: settings, "late.py": source}
    after = {"late.py": source.replace('model="gpt-4o"', "model=MODEL")}
    report = change(repository, before, after).report
    assert report["findings"] == []
    assert report["verdict"] == "needs-approval"
