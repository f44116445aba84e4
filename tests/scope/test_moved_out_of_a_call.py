"""A constant that moves into another file, and is imported where it was: the call stays the same."""

import pytest

from tests.commands.test_init_update import update, written
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, TRAFFIC, change, configuration, review, workflow

TEXT = "You find the parcels in a picture of a house, and say for each of them where it stands."
OTHER = f"{TEXT} Never name two parcels at once; say which of them is the heaviest, and why."
CONSTANT = f'FIND_PROMPT = """{TEXT}"""\nALONE_PROMPT = """{OTHER}"""\n'


def caller(before: str) -> str:
    return f"""\
from openai import OpenAI
{before}
client = OpenAI()


def locate(question: str) -> str:
    answer = client.chat.completions.create(
        model="gpt-4o-mini",
        reasoning_effort="low",
        max_tokens=300,
        messages=[
            {{"role": "system", "content": FIND_PROMPT}},
            {{"role": "user", "content": question}},
        ],
    )
    return answer.choices[0].message.content


def by_itself(question: str) -> str:
    found = client.responses.create(
        model="gpt-4o-mini", instructions=ALONE_PROMPT, max_output_tokens=200, input=question
    )
    return found.output_text
"""


NAMES = ["FIND_PROMPT", "ALONE_PROMPT"]


def start(name: str) -> dict[str, str | bytes | None]:
    own = workflow(
        f'[{{path: "app/find.py#{name}", format: python, role: system}}]',
        model="",
        envelope="{increase: {hard: 5%}}",
    )
    defaults = f"{{model: openai/gpt-4.1, traffic: {TRAFFIC}}}"
    return {
        CONFIGURATION: configuration({"w": own}, defaults=defaults),
        "app/find.py": caller(CONSTANT),
    }


MOVED = {
    "app/find.py": caller("from app.texts import ALONE_PROMPT, FIND_PROMPT\n"),
    "app/texts.py": CONSTANT,
}


@pytest.mark.parametrize("name", NAMES)
def test_its_model_and_settings_are_those_of_the_call(repository: Repository, name: str) -> None:
    outcome = change(repository, start(name), MOVED)
    assert outcome.code == 1
    assert outcome.usd("after") == outcome.usd("before")
    assert [item["rule"] for item in outcome.all_findings()] == ["moved"]
    assert outcome.causes() == {}
    assert f"app/texts.py#{name}" not in str(outcome.report["new_prompts"])


@pytest.mark.parametrize("name", NAMES)
def test_the_mend_measures_the_same_and_adds_it_not_again(
    repository: Repository, name: str
) -> None:
    change(repository, start(name), MOVED)
    update(repository)
    left = written(repository)
    assert left.count(name) + left.count("instructions") == 1, left
    repository.commit({CONFIGURATION: written(repository)})
    assert review(repository).code == 0, review(repository, form="terminal").out


def test_what_takes_a_single_text_is_named_where_its_model_is(repository: Repository) -> None:
    change(repository, start("ALONE_PROMPT"), MOVED)
    update(repository)
    assert "app/find.py#by_itself.found.instructions" in written(repository)


CHANGED = [
    ("FIND_PROMPT", "gpt-4o-mini", "gpt-4o"),
    ("FIND_PROMPT", '"low"', '"high"'),
    ("ALONE_PROMPT", "gpt-4o-mini", "gpt-4o"),
    ("ALONE_PROMPT", "200", "3000"),
]


@pytest.mark.parametrize(("name", "was", "now"), CHANGED)
def test_what_changes_in_the_call_is_told_still(
    repository: Repository, name: str, was: str, now: str
) -> None:
    edit = {**MOVED, "app/find.py": str(MOVED["app/find.py"]).replace(was, now)}
    outcome = change(repository, start(name), edit)
    is_told = len(outcome.all_findings()) > 1 or outcome.usd("after") != outcome.usd("before")
    assert is_told, review(repository, form="terminal").out
