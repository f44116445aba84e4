"""Few files of a repository are looked at closely, and none that is named as a prompt is left out."""

import pytest

from reviewbot import prompt_formats
from reviewbot.configuration.settings import Coverage
from reviewbot.repository.globs import Effort
from reviewbot.scope.uncovered_prompts import look_like_prompts

NAMES = sorted(prompt_formats.names())
OTHERS = [f"src/{number:03}.py" for number in range(100)] + ["README", "a.b/makefile", "x."]


@pytest.mark.parametrize("name", NAMES)
def test_each_name_that_alone_shows_a_prompt_is_found(name: str) -> None:
    patterns = prompt_formats.by_name(name).RECOGNIZED
    paths = [f"a.b/{pattern.replace('*', 'it')}" for pattern in patterns]
    paths += [path.upper() for path in paths]
    named = {path for path in paths if prompt_formats.is_prompt(path)}
    assert look_like_prompts(sorted([*paths, *OTHERS]), Coverage(), Effort()) >= named


def test_names_in_folders_of_prompts_are_found_whatever_the_case() -> None:
    paths = ["Prompts/a.j2", "x/PROMPT/b.jinja", "c.Prompt.txt"]
    assert look_like_prompts(sorted([*paths, *OTHERS]), Coverage(), Effort()) == set(paths)
