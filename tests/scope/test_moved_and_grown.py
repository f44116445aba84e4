"""A prompt that moves and becomes longer, or moves from code into a file, stays the same prompt."""

import pytest

from tests.commands.test_init_update import update, written
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, review, workflow

RULES = (
    "You sort the parcels of a house by size and weight, and you name the shelf that fits each of "
    "them best. Never put a heavy parcel above a light one; ask when the label cannot be read."
)
MORE = " ".join(f"Rule {n}: whoever asks for shelf {n} gets told who keeps it." for n in range(20))
OTHER = "Answer in verse, never in prose, whatever anybody asks, and rhyme each second line of it."
LIMITED = {"envelope": "{increase: {hard: 20%}}"}


def source(name: str, text: str) -> str:
    return f'{name} = """{text}"""\n'


START = {
    CONFIGURATION: configuration({"w": workflow('"app/texts.py#SORT_PROMPT"', **LIMITED)}),
    "app/texts.py": source("SORT_PROMPT", RULES) + source("OTHER_PROMPT", OTHER),
}
GROWN = {
    "app/texts.py": source("OTHER_PROMPT", OTHER),
    "app/more.py": "A = 1\n" + source("SHELF_PROMPT", f"{RULES}\n{MORE}"),
}


def test_one_that_grew_is_held_against_its_limit(repository: Repository) -> None:
    outcome = change(repository, START, GROWN)
    assert outcome.code == 1
    assert outcome.rules() == {"moved": "fail", "increase": "fail"}
    told = [item["text"] for item in outcome.workflow()["findings"]]
    assert told[0].startswith("moved: app/texts.py#SORT_PROMPT is app/more.py#SHELF_PROMPT now: ")
    assert "is deleted" not in outcome.out
    assert "app/more.py#SHELF_PROMPT" not in str(outcome.report["new_prompts"])
    said = update(repository).out
    assert (
        "moved: app/texts.py#SORT_PROMPT of `w` (line 4) is app/more.py#SHELF_PROMPT"
        in " ".join(said.split())
    )
    repository.commit({CONFIGURATION: written(repository)})
    assert review(repository).rules() == {"increase": "fail"}


def test_so_is_a_file_that_grew(repository: Repository) -> None:
    start = {
        CONFIGURATION: configuration({"w": workflow("prompts/sort.md", **LIMITED)}),
        "prompts/sort.md": RULES,
    }
    outcome = change(repository, start, {"prompts/sort.md": None, "prompts/a/b.md": RULES + MORE})
    assert outcome.rules() == {"moved": "fail", "increase": "fail"}
    update(repository)
    assert written(repository) == start[CONFIGURATION].replace("prompts/sort.md", "prompts/a/b.md")


def test_without_a_configuration_it_is_the_same_prompt_too(repository: Repository) -> None:
    start = {path: text for path, text in START.items() if path != CONFIGURATION}
    outcome = change(repository, start, GROWN)
    assert outcome.code == 0
    assert [item["state"] for item in outcome.report["workflows"]] == ["changed"]


def test_another_prompt_with_the_same_beginning_is_another(repository: Repository) -> None:
    start = "You are a kind and helpful assistant of a large house. Keep to the rules that follow. "
    before = START | {"app/texts.py": source("SORT_PROMPT", f"{start}{OTHER} {RULES}")}
    after = {"app/texts.py": source("ASK_PROMPT", f"{start}{MORE}")}
    outcome = change(repository, before, after)
    assert "its prompt app/texts.py#SORT_PROMPT is deleted" in outcome.out


OF_FILES: dict[str, str] = {
    "a computed text": 'SORT_PROMPT = (HERE / "sort.md").read_text()\n',
    "a constant that is gone": 'def sort():\n    return tell(load("sort"))\n',
}


@pytest.mark.parametrize("how", OF_FILES)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"app/texts.py#SORT_PROMPT"', "prompts/sort.md"),
        (
            '[{path: "app/texts.py#SORT_PROMPT", format: python, role: system}]',
            "[{path: prompts/sort.md, format: text, role: system}]",
        ),
    ],
    ids=["a name", "a format too"],
)
def test_a_text_that_moves_from_code_into_a_file_is_followed(
    repository: Repository, how: str, old: str, new: str
) -> None:
    start = {
        CONFIGURATION: configuration({"w": workflow(old, **LIMITED)}),
        "app/texts.py": source("SORT_PROMPT", RULES),
    }
    outcome = change(repository, start, {"app/texts.py": OF_FILES[how], "prompts/sort.md": RULES})
    assert outcome.code == 1, outcome.out
    assert outcome.rules() == {"moved": "fail"}
    (finding,) = outcome.workflow()["findings"]
    assert "moved: app/texts.py#SORT_PROMPT is prompts/sort.md now: " in finding["text"]
    assert outcome.usd("after") == outcome.usd("before")
    said = update(repository).out
    assert "added" not in said
    assert written(repository) == start[CONFIGURATION].replace(old, new)
    repository.commit({CONFIGURATION: written(repository)})
    assert review(repository).code == 0, review(repository, form="terminal").out


def test_a_computed_text_that_names_another_file_is_not_measured(repository: Repository) -> None:
    edit = {"app/texts.py": "SORT_PROMPT = load()\n", "prompts/sort.md": RULES}
    outcome = change(repository, START, edit)
    assert (outcome.code, outcome.workflow()["verdict"]) == (3, "unmeasured")
