"""What one of several files of a workflow asks for holds for the whole call."""

import json

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

CHAT = json.dumps({"messages": [{"role": "user", "content": "Where is my kettle?"}]})
GITHUB = "messages: [{role: user, content: Answer as JSON.}]\n"


@pytest.mark.parametrize(
    ("asked", "is_exact"), [("", True), ("responseFormat: json_object\n", False)]
)
def test_a_json_answer_of_a_second_file_is_not_exact(
    repository: Repository,
    asked: str,
    is_exact: bool,  # noqa: FBT001 - a column of the table
) -> None:
    before = {
        CONFIGURATION: configuration({"w": workflow("[a.chat.json, b.prompt.yml]")}),
        "a.chat.json": CHAT,
        "b.prompt.yml": GITHUB + asked,
    }
    outcome = change(repository, before, {"a.chat.json": CHAT.replace("my", "the")})
    assert outcome.workflow()["after"]["exact"] is is_exact
