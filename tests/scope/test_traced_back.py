"""Without a configuration on the base, a text is compared with its own under an earlier name."""

from decimal import Decimal

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

RULES = "Translate the following text to the target language. Keep names of products as they are."
OTHER = "Sort the parcels of a large house by weight and size, and name the shelf for each of them."


def script(name: str, text: str = RULES) -> str:
    return f"""\
export async function {name}(q: string) {{
  return client.chat.completions.create({{
    model: "gpt-4o",
    messages: [{{ role: "system", content: "{text}" }}, {{ role: "user", content: q }}],
  }});
}}
"""


def agent(name: str, text: str = RULES) -> str:
    return f"""\
class Agent:
    def {name}(self, q):
        prompt = [{{"role": "system", "content": "{text}"}}, {{"role": "user", "content": q}}]
        return client.chat.completions.create(model="gpt-4o", messages=prompt)
"""


Files = dict[str, str | None]
MOVES: dict[str, tuple[Files, Files]] = {
    "a function": ({"a.ts": script("translate")}, {"a.ts": script("into")}),
    "a method": ({"a.py": agent("revise")}, {"a.py": agent("rework")}),
    "a file and its function": (
        {"a.ts": script("translate"), "b.ts": script("sort", OTHER)},
        {"a.ts": None, "new/c.ts": script("into")},
    ),
    "into another file": (
        {"a.ts": script("translate"), "b.ts": script("sort", OTHER)},
        {"a.ts": "export const a = 1;\n", "b.ts": script("sort", OTHER) + script("into")},
    ),
}


@pytest.mark.parametrize("what", MOVES)
def test_a_text_under_another_name_costs_the_same(repository: Repository, what: str) -> None:
    before, after = MOVES[what]
    report = change(repository, before, after).report
    assert report["findings"] == []
    for item in report["workflows"]:
        assert (item["state"], item["findings"], item["causes"]) == ("changed", [], [])
        assert item["before"]["usd_per_month"] == item["after"]["usd_per_month"]
    assert not any(CONFIGURATION in note for note in report["notes"])


def test_a_text_that_grows_as_well_is_compared_with_what_it_was(repository: Repository) -> None:
    outcome = change(
        repository, {"a.ts": script("translate")}, {"a.ts": script("into", f"{RULES} Be kind.")}
    )
    (item,) = outcome.report["workflows"]
    was, now = (Decimal(item[state]["usd_per_month"]) for state in ("before", "after"))
    assert now > was > 0
    assert item["findings"] == []


@pytest.mark.parametrize("names", [("translate", "sort"), ("sort", "translate")])
def test_a_new_prompt_in_a_file_of_others_is_new(
    repository: Repository, names: tuple[str, str]
) -> None:
    old, new = names
    edit = {"a.py": agent(old) + agent(new, OTHER).removeprefix("class Agent:\n")}
    outcome = change(repository, {"a.py": agent(old)}, edit)
    states = [item["state"] for item in outcome.report["workflows"]]
    assert sorted(states) == ["changed", "new"]
    assert "calls may rise" not in outcome.out
    assert outcome.report["unmeasured"] == []


def test_a_copy_is_new_and_the_original_stays(repository: Repository) -> None:
    edit = {"a.py": agent("sort", RULES), "b.py": agent("sort", f"{RULES} Be kind.")}
    report = change(repository, {"a.py": agent("sort")}, edit).report
    assert [item["state"] for item in report["workflows"]] == ["new"]


def test_a_first_configuration_is_compared_with_the_earlier_names(repository: Repository) -> None:
    first = {"w": workflow('"a.ts#into.messages"', samples="[{name: s, variables: {q: x}}]")}
    after = {"a.ts": script("into"), CONFIGURATION: configuration(first)}
    outcome = change(repository, {"a.ts": script("translate")}, after)
    item = outcome.workflow()
    assert item["before"]["usd_per_month"] == item["after"]["usd_per_month"]
    assert item["findings"] == []


@pytest.mark.parametrize("number", [90, 110])
def test_files_in_which_no_earlier_name_is_sought_are_told(
    repository: Repository, number: int
) -> None:
    before: Files = {f"f{at:03}.ts": f"export const a{at} = 1;\n" for at in range(number)}
    after: Files = {path: f"{text}export const b = 2;\n" for path, text in before.items() if text}
    files = before | {"x.ts": script("translate")}
    outcome = change(repository, files, after | {"x.ts": None, "y.ts": script("into")})
    said = "earlier names of prompts in f100.ts and 10 others: earlier names are sought in 100"
    assert (said in outcome.out) == (number > 100)
