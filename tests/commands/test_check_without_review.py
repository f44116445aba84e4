"""Where there is no review, every output says what to mend."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reviewbot.outputs.formats import FORMATS
from reviewbot.outputs.json_report import failure_schema
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, configuration, review, tokens, workflow

MOVED = "prompts/agent.txt"


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A change that moves a prompt, and brings a workflow that names the old path."""
    repository = Repository.create(tmp_path_factory.mktemp("moved"))
    repository.commit(
        {
            CONFIGURATION: configuration({"v": workflow("other.txt")}),
            "other.txt": "a",
            PROMPT: tokens(100),
        }
    )
    repository.branch("work")
    settings = configuration({"w": workflow()})
    repository.commit({CONFIGURATION: settings, PROMPT: None, MOVED: tokens(100)})
    return repository


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_which_path_moved_to_which(
    moved: Repository, tmp_path: Path, form: str
) -> None:
    file = tmp_path / "review"
    outcome = review(moved, "--write", f"{form}={file}", form=form)
    assert outcome.code == 2
    shown = outcome.errors if form == "terminal" else outcome.out
    for text in (shown, file.read_text("utf-8")):
        plain = text.replace("<wbr>", "").replace("\\", "").replace("&#39;", "'")
        for said in (PROMPT, MOVED, "init --update", CONFIGURATION):
            assert said in plain


def test_the_json_of_it_follows_its_schema(moved: Repository) -> None:
    found = json.loads(review(moved).out)
    assert list(Draft202012Validator(failure_schema()).iter_errors(found)) == []
    assert (found["verdict"], found["exit_code"]) == ("unmeasured", 2)
    assert found["problems"][0]["place"]["line"] == 4
    assert not Draft202012Validator(failure_schema()).is_valid(found | {"problems": [{}]})


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--base", "nowhere"], 3, "nowhere"),
        (["--config", "elsewhere.yml"], 2, "elsewhere.yml"),
    ],
)
def test_other_ways_without_a_review_say_why_too(
    moved: Repository, arguments: list[str], code: int, said: str
) -> None:
    outcome = review(moved, *arguments, form="markdown")
    assert outcome.code == code
    assert said in outcome.out
    assert "*Mend:*" in outcome.out


def test_a_file_that_cannot_be_written_is_told_beside_why_there_is_none(
    moved: Repository, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("")
    file = tmp_path / "taken" / "review.xml"
    outcome = review(moved, "--write", f"junit={file}", form="terminal")
    assert outcome.code == 2
    assert str(file) in outcome.errors
    assert MOVED in outcome.errors


def test_a_question_ends_once(repository: Repository) -> None:
    settings = configuration({"w": workflow()}).replace("workflows:", "budgts: []\nworkflows:")
    repository.commit({CONFIGURATION: settings, PROMPT: tokens(100)})
    out = review(repository, form="markdown").out
    assert "did you mean" in out
    assert "?." not in out
