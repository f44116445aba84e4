"""A variable that a sample lacks: the command that the message names puts it there."""

import re
import shlex

import pytest

from reviewbot.cli import main
from tests.support.mistakes import BODY, PROMPT
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, review

SAMPLES = {
    "in one line": "    samples: [{name: typical, variables: {name: Ann}}]\n",
    "in lines": "    samples:\n      - name: typical\n        variables:\n          name: Ann\n",
    "of several": "    samples:\n      - {name: a, variables: {name: Ann}}\n"
    "      - {name: b, variables: {name: {tokens: 9}, order: x}}\n",
    "in braces": "    samples:\n      - name: a\n        variables: {\n          name: Ann\n        }\n",
    "without any": "    samples: [{name: typical, variables: {}}]\n",
}


@pytest.mark.parametrize("file", [CONFIGURATION, "config/cost check.yml"])
@pytest.mark.parametrize("options", [(), ("--worktree",)])
@pytest.mark.parametrize("name", SAMPLES)
def test_the_command_writes_the_variables(
    repository: Repository, name: str, options: tuple[str, ...], file: str
) -> None:
    repository.commit({PROMPT: "Hello\n", file: BODY + SAMPLES[name]})
    repository.branch("work")
    prompt = {PROMPT: "Hello {{ name }}, {{ order }}, {{ city }}\n"}
    (repository.write if options else repository.commit)(prompt)
    told = review(repository, "--config", file, *options)
    assert told.code == 3
    mend = told.workflow("triage")["problems"][0]["mend"]
    command = re.fullmatch(r"let `(reviewbot init --update[^`]*)` add (?:it|them) to .*", mend)
    assert command is not None, mend
    assert main([*shlex.split(command[1])[1:], "--repo", str(repository.path)]) == 0
    assert review(repository, "--worktree", "--config", file).code == 0
