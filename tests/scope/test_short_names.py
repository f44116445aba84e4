"""A short constant that gets another name is the same prompt, and not a deleted one."""

import pytest

from tests.commands.test_init_update import update, written
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, review, workflow

SHORT = 'GREETING = "Be kind."\n'


@pytest.mark.parametrize(
    ("after", "rule"),
    [
        (SHORT.replace("GREETING", "WELCOME"), "moved"),
        (SHORT.replace("GREETING", "WELCOME").replace("kind", "brief"), "removed"),
        ('A = "Be kind."\nB = "Be kind."\n', "removed"),
    ],
    ids=["renamed", "another text", "two of the text"],
)
def test_a_short_constant_is_followed_by_its_text(
    repository: Repository, after: str, rule: str
) -> None:
    before = {
        "app/p.py": SHORT,
        CONFIGURATION: configuration({"w": workflow('"app/p.py#GREETING"')}),
    }
    outcome = change(repository, before, {"app/p.py": after})
    assert outcome.rules() == {rule: "fail"}
    if rule == "moved":
        assert update(repository).code == 0
        assert "app/p.py#WELCOME" in written(repository)
        assert review(repository, "--worktree").code == 0
