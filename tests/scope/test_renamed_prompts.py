"""A prompt under a new name is one that was renamed only where its text is there still."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, workflow

LONG = " ".join(f"Parcel {n} goes to shelf {n % 7} by weight, size and name." for n in range(40))
WORDS = " ".join(dict.fromkeys(LONG.split()))
CUT = " ".join(LONG.split()[: len(LONG.split()) * 3 // 4])


def constants(**texts: str) -> str:
    return "".join(f'{name} = "{text}"\n' for name, text in texts.items())


def renamed(repository: Repository, before: str, after: str, *names: str) -> Outcome:
    old, new = (configuration({"w": workflow(f'"a.py#{name}"')}) for name in names)
    return change(
        repository, {CONFIGURATION: old, "a.py": before}, {CONFIGURATION: new, "a.py": after}
    )


@pytest.mark.parametrize(
    "after",
    [
        constants(TEXT=LONG, RULES=WORDS),
        constants(TEXT=LONG, RULES=CUT),
        constants(TEXT=LONG, RULES=WORDS * 8),
    ],
    ids=["each word once", "a part of it", "its words in other numbers"],
)
def test_another_text_in_its_place_is_taken_out(repository: Repository, after: str) -> None:
    outcome = renamed(repository, constants(SYSTEM=LONG), after, "SYSTEM", "RULES")
    assert (outcome.rules(), outcome.code) == ({"removed": "needs-approval"}, 1)


@pytest.mark.parametrize("text", [LONG, f"{LONG} Be kind.", LONG.replace("weight", "colour")])
def test_its_text_under_a_new_name_is_not(repository: Repository, text: str) -> None:
    before, after = constants(SYSTEM=LONG), constants(RULES=text)
    outcome = renamed(repository, before, after, "SYSTEM", "RULES")
    assert ("removed" in outcome.out, outcome.code) == (False, 0)


@pytest.mark.parametrize(
    ("after", "code"),
    [
        (constants(OTHER=WORDS), 0),
        (constants(OTHER=WORDS, RULES=LONG), 1),
        (constants(OTHER=WORDS) + f"def ask():\n    send('''{CUT}''')\n", 1),
        (constants(OTHER=WORDS, SYSTEM=LONG), 1),
    ],
    ids=["gone", "under another name", "a part of it in a call", "still there"],
)
def test_a_text_that_goes_with_its_workflow_is_a_saving(
    repository: Repository, after: str, code: int
) -> None:
    both = configuration({"w": workflow('"a.py#SYSTEM"'), "other": workflow('"a.py#OTHER"')})
    one = configuration({"other": workflow('"a.py#OTHER"')})
    before = {CONFIGURATION: both, "a.py": constants(SYSTEM=LONG, OTHER=WORDS)}
    outcome = change(repository, before, {CONFIGURATION: one, "a.py": after})
    assert outcome.code == code


COMMON = "You are a kind assistant of a large house, and you remember all that was ever said. "
OWN = "Tell the subject of the talk in a few words."


@pytest.mark.parametrize(
    ("after", "code"),
    [
        (constants(OTHER=f"{COMMON}Sort the parcels."), 0),
        (constants(OTHER=f"{COMMON}Sort the parcels.", RULES=f"{COMMON}{OWN}"), 1),
        (constants(OTHER=f"{COMMON}Sort the parcels. {OWN}"), 1),
    ],
    ids=["gone", "under another name", "in another prompt"],
)
def test_words_that_other_prompts_of_the_file_always_said_are_no_text_that_stays(
    repository: Repository, after: str, code: int
) -> None:
    both = configuration({"w": workflow('"a.py#SYSTEM"'), "other": workflow('"a.py#OTHER"')})
    one = configuration({"other": workflow('"a.py#OTHER"')})
    first = constants(SYSTEM=f"{COMMON}{OWN}", OTHER=f"{COMMON}Sort the parcels.")
    outcome = change(
        repository, {CONFIGURATION: both, "a.py": first}, {CONFIGURATION: one, "a.py": after}
    )
    assert outcome.code == code, outcome.out
    if code:
        (finding,) = (it for it in outcome.workflow()["findings"] if it["rule"] == "removed")
        assert "its text stays: a.py#SYSTEM; delete that too" in finding["text"]
        assert finding["place"]["line"] is None
