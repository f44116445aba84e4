"""`reviewbot init --update` follows the place that an assumed model was read off."""

import pytest

from tests.commands.test_init import init
from tests.commands.test_init_update import update, written
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome

TEXT = "You sort parcels by size and weight, and answer with a number only. " * 2
PROMPTS = f"""\
SORT_PROMPT = "{TEXT} Sort."
WEIGH_PROMPT = "{TEXT} Weigh."
"""
MODELS = 'DEFAULT_MODEL = "gpt-4o"\n'


def initialized(repository: Repository, edit: tuple[str, str] = ("", "")) -> str:
    repository.commit({"app/prompts.py": PROMPTS, "models.py": MODELS})
    assert init(repository).code == 0
    text = written(repository).replace(*edit) if edit[0] else written(repository)
    repository.commit({CONFIGURATION: text})
    return text


def swapped(repository: Repository, now: str = '# ours\nDEFAULT_MODEL = "gpt-5"\n') -> Outcome:
    repository.commit({"models.py": now})
    return update(repository)


def test_a_model_that_is_still_assumed_follows_its_line(repository: Repository) -> None:
    before = initialized(repository)
    assert before.count("model: gpt-4o  # CHANGE: a model is named at models.py:1 (gpt-4o)") == 2
    outcome = swapped(repository)
    assert outcome.code == 0
    said = " ".join(outcome.out.split())
    assert "followed: the model of sort, weigh is gpt-5 now, was gpt-4o" in said
    assert "models.py:2" in said
    assert "no new prompts" not in said
    assert written(repository) == before.replace(
        "model: gpt-4o  # CHANGE: a model is named at models.py:1 (gpt-4o)",
        "model: gpt-5  # CHANGE: a model is named at models.py:2 (gpt-5)",
    )


@pytest.mark.parametrize(
    "edit",
    [
        ("model: gpt-4o  #", "model: gpt-4.1  #"),
        ("  # CHANGE: a model is named at models.py:1 (gpt-4o), not connected to the prompt", ""),
        ("assumed: [model", "assumed: [traffic"),
    ],
    ids=["another model", "no comment", "no guess"],
)
def test_what_a_person_wrote_stays(repository: Repository, edit: tuple[str, str]) -> None:
    before = initialized(repository, edit)
    assert edit[1] in before
    outcome = swapped(repository)
    assert written(repository) == before
    assert "followed" not in outcome.out


def test_several_models_are_followed_by_none(repository: Repository) -> None:
    before = initialized(repository)
    swapped(repository, 'DEFAULT_MODEL = "gpt-5"\nOTHER_MODEL = "gpt-4.1"\n')
    assert written(repository) == before
