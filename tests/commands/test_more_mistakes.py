"""Further mistakes in a repository that is set up: each message says what, where, and the mend."""

import pytest

from tests.support.mistakes import BODY, PROMPT, Mistake, at, check_told, configured
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, review

SAMPLED = BODY + "    samples: samples/*.yaml\n"
MISTAKES = {
    "two samples of one name": Mistake(
        configured(
            SAMPLED,
            **{
                "samples/a.yaml": "name: big\nvariables: {name: Ann}\n",
                "samples/b.yaml": "name: big\nvariables: {name: Bob}\n",
            },
        ),
        "two samples of 'triage' are called 'big': samples/a.yaml, samples/b.yaml;",
        at(4, "workflows.triage"),
        "give each its own `name`, or take one out",
    ),
    "a sample of the configuration called like a file": Mistake(
        configured(
            BODY + "    samples: [samples/a.yaml, {name: a, variables: {name: Ann}}]\n",
            **{"samples/a.yaml": "name: Ann\n"},
        ),
        "are called 'a': samples/a.yaml, one in the configuration;",
        at(4, "workflows.triage"),
        "give each its own `name`, or take one out",
    ),
    "a percentage for a weight": Mistake(
        configured(SAMPLED, **{"samples/a.yaml": "name: a\nweight: 80%\nvariables: {name: x}\n"}),
        "'80%' is not a number above zero (weights have no percent sign)",
        "samples/a.yaml:2 (weight):",
        "write 80",
    ),
    "the format of Python for text": Mistake(
        configured(
            BODY.replace("prompts: prompts/a.j2", "prompts:\n      - path: prompts/a.txt\n        format: python"),
            **{"prompts/a.txt": "Sort 1st.\n"},
        ),
        "'prompts/a.txt' cannot be read as `python`: this is not Python: invalid decimal literal in line 1",
        at(6, "workflows.triage.prompts[0].format"),
        "take `format` out: a file of this name is read as `text`, or name another",
        ("cost",),
    ),
    "the format of TypeScript for text": Mistake(
        configured(
            BODY.replace("prompts/a.j2", "{path: prompts/a.txt, format: typescript}"),
            **{"prompts/a.txt": "Sort it.\n"},
        ),
        "'prompts/a.txt' cannot be read as `typescript`: the file holds several prompts",
        at(4, "workflows.triage.prompts.format"),
        "take `format` out: a file of this name is read as `text`, or name another",
        ("cost",),
    ),
    "the format of Python for TypeScript": Mistake(
        configured(
            BODY.replace("prompts/a.j2", "{path: src/a.ts#P, format: python}"),
            **{"src/a.ts": "export const P = `Sort it.`;\n"},
        ),
        "'src/a.ts' cannot be read as `python`",
        at(4, "workflows.triage.prompts.format"),
        "write `format: typescript`",
        ("cost",),
    ),
    "a tier for a model": Mistake(
        configured(
            BODY.replace("openai/gpt-4.1", "premium") + "tiers: {premium: [openai/gpt-4.1*, openai/gpt-5]}\n"
        ),
        "'premium' is a tier, and no model",
        at(5, "workflows.triage.model"),
        "name a model of it, such as `openai/gpt-5`",
    ),
    "an option without its value": Mistake(
        {}, "expected one argument", "--exclude", "write `--exclude GLOB`", ("init", "--exclude")
    ),
    "an option that has a choice, without its value": Mistake(
        {}, "expected one argument", "--format", "write `--format {terminal,", ("check", "--format")
    ),
    "options that exclude each other": Mistake(
        {},
        "argument --worktree: not allowed with argument --staged",
        "--worktree",
        "leave one of the two out",
        ("check", "--staged", "--worktree"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_the_message_says_what_where_and_the_mend(
    name: str, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_told(MISTAKES[name], repository, monkeypatch)


def test_without_any_branch_a_commit_is_to_be_named(repository: Repository) -> None:
    repository.commit({PROMPT: "Hello\n", CONFIGURATION: BODY})
    repository.commit({PROMPT: "Hello you\n"})
    repository.git("checkout", "--quiet", "--detach")
    repository.git("branch", "--quiet", "-D", "main")
    outcome = review(repository)
    assert outcome.code == 3
    assert "no branch is here, so it is not known what to compare with" in outcome.errors
    assert "name an earlier commit: `--base HEAD~1`" in outcome.errors
    assert review(repository, "--base", "HEAD~1").code == 0


def test_a_repository_without_a_commit_says_that(repository: Repository) -> None:
    outcome = review(repository)
    assert "the current branch has no commit yet; make its first commit" in outcome.errors
