"""A prompt whose text stands under another name is told to have moved, and its call sends it still."""

import pytest

from tests.commands.test_init_update import update, written
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, review, workflow

RULES = "Translate the following text to the target language. Keep names of products as they are."
NEW = "Say in one sentence whether the text below asks for anything at all, and answer yes or no."
OTHER = "Sort the parcels of a large house by weight and size, and name the shelf for each of them."


def call(name: str, text: str = RULES) -> str:
    return f"""\
export async function {name}(q: string) {{
  return client.chat.completions.create({{
    model: "gpt-4o",
    messages: [{{ role: "system", content: "{text}" }}, {{ role: "user", content: q }}],
  }});
}}
"""


START = {
    CONFIGURATION: configuration(
        {"translate": workflow('"service.ts#translate.messages"', samples="[{name: s, variables: {q: x}}]")}
    ),
    "service.ts": call("translate"),
    "other.ts": call("sort", OTHER),
}  # fmt: skip
MOVES: dict[str, tuple[dict[str, str | None], str]] = {
    "a function": ({"service.ts": call("translateText")}, "#translateText.messages"),
    "a function with another text": (
        {"service.ts": call("translateText", RULES + " Be kind.")},
        "#translateText.messages",
    ),
    "another file": (
        {"service.ts": "export const a = 1;\n", "other.ts": call("sort", OTHER) + call("into")},
        "other.ts#into.messages",
    ),
    "a file of that name elsewhere": (
        {"service.ts": "export const a = 1;\n", "new/service.ts": call("translate")},
        "new/service.ts#translate.messages",
    ),
    "out of a deleted file": (
        {"service.ts": None, "other.ts": call("sort", OTHER) + call("translate")},
        "other.ts#translate.messages",
    ),
}


@pytest.mark.parametrize("what", MOVES)
def test_the_message_names_the_new_place_and_the_mend(repository: Repository, what: str) -> None:
    edit, place = MOVES[what]
    outcome = change(repository, START, edit)
    assert outcome.code == 1
    (finding,) = outcome.workflow("translate")["findings"]
    told = f"moved: service.ts#translate.messages is {place} now"
    mend = "write that in the configuration (line 4), or `reviewbot init --update` does"
    assert finding["text"] == f"{told}: {mend}"
    assert (finding["rule"], finding["verdict"]) == ("moved", "fail")
    assert "sends something else" not in outcome.out
    update(repository)
    repository.commit({CONFIGURATION: written(repository)})
    assert place.removeprefix("#") in written(repository)
    assert review(repository).code == 0, review(repository, form="terminal").out


def test_one_that_is_gone_is_deleted(repository: Repository) -> None:
    outcome = change(
        repository, START, {"service.ts": call("translate", OTHER).replace("messages", "prompt")}
    )
    assert "its prompt service.ts#translate.messages is deleted" in outcome.out


def numbered(*texts: str) -> str:
    calls = "".join(
        f"""\
  flow.on(async (q: string) => client.chat.completions.create({{
    model: "gpt-4o", messages: [{{ role: "system", content: "{text}" }}, {{ role: "user", content: q }}],
  }}));
"""
        for text in texts
    )
    return f"export function make(flow: Flow) {{\n{calls}}}\n"


def test_a_call_whose_number_another_has_sends_what_it_sent(repository: Repository) -> None:
    names = ["make.on.messages", "make.on@2.messages"]
    named = {
        f"w{number}": workflow(f'"flow.ts#{name}"', samples="[{name: s, variables: {q: x}}]")
        for number, name in enumerate(names)
    }
    start = {CONFIGURATION: configuration(named), "flow.ts": numbered(RULES, OTHER)}
    outcome = change(repository, start, {"flow.ts": numbered(NEW, RULES, OTHER)})
    assert "sends something else" not in outcome.out
    assert outcome.out.count("moved: flow.ts#make.on") == 2, outcome.out


def test_a_text_that_no_call_sends_any_more_has_not_moved(repository: Repository) -> None:
    def named(first: str) -> str:
        names = {"w0": first, "w1": "make.on@2.messages"}
        samples = "[{name: s, variables: {q: x}}]"
        return configuration(
            {name: workflow(f'"flow.ts#{at}"', samples=samples) for name, at in names.items()}
        )

    kept = f'const KEPT = "{RULES}";\n{numbered(NEW, OTHER)}'
    start = {CONFIGURATION: named("make.on.messages"), "flow.ts": numbered(RULES, OTHER)}
    outcome = change(repository, start, {CONFIGURATION: named("KEPT"), "flow.ts": kept})
    assert "a call that sent a prompt of a workflow sends something else" in " ".join(
        review(repository, form="terminal").out.split()
    )
    assert outcome.code == 1
