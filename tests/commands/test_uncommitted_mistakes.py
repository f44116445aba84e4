"""Files that are there and not committed: the message says so, and names no other file."""

import pytest

from tests.support.mistakes import BODY, PROMPT, Mistake, at, check_told, configured
from tests.support.repository import Repository

MEND = "; `git add` and commit it, or add `--worktree`"
MISTAKES = {
    "a prompt": Mistake(
        configured(BODY.replace("prompts/a.j2", "prompts/b.j2")),
        "'prompts/b.j2': the file is there, but not committed",
        at(4, "workflows.triage.prompts"),
        MEND,
        uncommitted={"prompts/b.j2": "Hello\n"},
    ),
    "a prompt that a file which is not committed either has git ignore": Mistake(
        configured(BODY.replace("prompts/a.j2", "prompts/b.j2")),
        "'prompts/b.j2': the file is there, but git ignores it, so it is not read: .gitignore:1 (`b.*`)",
        at(4, "workflows.triage.prompts"),
        "take that line out, or `git add --force` the files, and commit them",
        uncommitted={"prompts/b.j2": "Hello\n", ".gitignore": "b.*\n"},
    ),
    "a prompt that is staged beside": Mistake(
        configured(BODY.replace("prompts/a.j2", "prompts/b.j2")),
        "'prompts/b.j2': the file is there, but not staged",
        at(4, "workflows.triage.prompts"),
        "; `git add` it\n",
        ("check", "--staged"),
        uncommitted={"prompts/b.j2": "Hello\n"},
    ),
    "a folder of samples": Mistake(
        configured(BODY + "    samples: samples/*.yaml\n"),
        "files match 'samples/*.yaml', but none is committed",
        at(7, "workflows.triage.samples"),
        "`git add` and commit them, or add `--worktree`",
        uncommitted={"samples/typical.yaml": "name: Ann\n"},
    ),
    "a folder of samples beside what is staged": Mistake(
        configured(BODY + "    samples: samples/*.yaml\n"),
        "files match 'samples/*.yaml', but none is staged",
        at(7, "workflows.triage.samples"),
        "; `git add` them\n",
        ("check", "--staged"),
        uncommitted={"samples/typical.yaml": "name: Ann\n"},
    ),
    "a partial beside what is staged": Mistake(
        configured(BODY),
        "'partials/tune.j2' was not found: 'prompts/partials/tune.j2' is there, but not staged",
        "prompts/a.j2:1:",
        "`git add` it\n",
        ("check", "--staged", "--base", "HEAD~1"),
        change={PROMPT: "Hi {% include 'partials/tune.j2' %}\n"},
        uncommitted={"prompts/partials/tune.j2": "Be kind.\n"},
    ),
    "a partial": Mistake(
        configured(BODY, **{"prompts/partials/tone.j2": "Be kind.\n"}),
        "'partials/tune.j2' was not found: 'prompts/partials/tune.j2' is there, but not committed",
        "prompts/a.j2:1:",
        MEND,
        change={PROMPT: "Hi {% include 'partials/tune.j2' %}\n"},
        uncommitted={"prompts/partials/tune.j2": "Be kind.\n"},
    ),
    "tools": Mistake(
        configured(BODY + "    tools: tools.json\n"),
        "'tools.json': the file is there, but not committed",
        at(7, "workflows.triage.tools"),
        MEND,
        uncommitted={"tools.json": "[]\n"},
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_what_is_not_committed_is_told_as_that(
    name: str, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_told(MISTAKES[name], repository, monkeypatch)
