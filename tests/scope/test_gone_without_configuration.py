"""Without a configuration: a deleted prompt is a saving, and the base has its own variables."""

from collections.abc import Mapping

from tests.support.repository import Repository
from tests.support.reviewing import change, review

RULES = " ".join(f"Rule {n}: whoever asks for shelf {n} gets told who keeps it." for n in range(12))
OTHER = " ".join(f"Letter {n}: answer it on day {n}, and sign it kindly." for n in range(12))


def calling(name: str, text: str) -> str:
    return f'''\
from openai import OpenAI

client = OpenAI()
{name.upper()}_PROMPT = """{text}"""


def {name}(question: str) -> str:
    return client.responses.create(
        model="gpt-4o-mini", instructions={name.upper()}_PROMPT, input=question
    )
'''


START: dict[str, str | bytes | None] = {
    "app/sort.py": calling("sort", RULES),
    "app/write.py": calling("write", OTHER),
    "prompts/ask.j2": f"{OTHER} {{{{ question }}}}",
}


def states(repository: Repository, edit: Mapping[str, str | bytes | None]) -> dict[str, str]:
    outcome = change(repository, START, edit)
    assert outcome.code == 0, outcome.errors
    return {item["name"]: item["state"] for item in outcome.report["workflows"]}


def test_a_deleted_file_is_removed_with_its_saving(repository: Repository) -> None:
    assert states(repository, {"app/sort.py": None}) == {"sort": "removed"}
    outcome = review(repository)
    assert outcome.usd("before", "sort") > 0
    assert outcome.report["totals"]["after_usd_per_month"] == "0"
    assert float(outcome.report["totals"]["change_usd_per_month"]) < 0
    assert "lost its limits" not in outcome.out


def test_so_is_a_deleted_constant_and_a_template(repository: Repository) -> None:
    found = states(repository, {"app/sort.py": "A = 1\n", "prompts/ask.j2": None})
    assert found == {"sort": "removed", "ask": "removed"}


def test_one_that_moves_is_not_removed(repository: Repository) -> None:
    edit = {"app/sort.py": None, "app/more/order.py": calling("order", f"{RULES} Be kind.")}
    found = states(repository, edit)
    assert list(found.values()) == ["changed"], found


def test_one_that_others_take_the_place_of_is_removed(repository: Repository) -> None:
    new = " ".join(f"Cup {n} stands on the table of guest {n} at noon." for n in range(12))
    found = states(repository, {"app/sort.py": None, "app/cup.py": calling("cup", new)})
    assert found == {"sort": "removed", "cup": "new"}


def test_variables_that_only_the_base_asks_for_are_guessed_too(repository: Repository) -> None:
    edit: dict[str, str | bytes | None] = {"prompts/ask.j2": f"{OTHER} {{{{ asked }}}}"}
    assert states(repository, edit) == {"ask": "changed"}
    outcome = review(repository)
    assert outcome.workflow("ask")["before"] is not None
    assert "reviewbot.yml:" not in outcome.out
    assert outcome.usd("before", "ask") == outcome.usd("after", "ask")
