"""Instructions of coding agents stand beside the product's prompts, not among them."""

import os

import pytest

from tests.commands.test_cost import cost
from tests.commands.test_init import accepted, configured, init, written
from tests.commands.test_init_update import update
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, review

LONG = "You sort the parcels of a large house by weight and size, and name a shelf for each. " * 2
SKILL = "---\nname: sort\ndescription: Sorts the parcels of the house.\n---\n" + LONG
AGENTS: dict[str, str | bytes | None] = {
    "AGENTS.md": LONG * 9,
    "web/AGENTS.md": LONG * 9,
    "CLAUDE.md": "@AGENTS.md\n",
    ".claude/skills/sort/SKILL.md": SKILL,
    ".codex/agents/simple.toml": f'developer_instructions = "{LONG}"\n',
}
FILES = {**AGENTS, "prompts/sort.md": LONG}
BEFORE = """\
version: 1
defaults: {model: gpt-4.1, traffic: [{calls: 9/day, output_tokens: 9}]}
workflows:
  w: {prompts: prompts/sort.md}
"""


BEFORE_FILES = {"prompts/sort.md": LONG}


def total(table: str) -> str:
    (line,) = (line for line in table.splitlines() if line.startswith("total"))
    return line.split()[-1]


def prompts(repository: Repository) -> list[str]:
    workflows = configured(repository).workflows.values()
    return [item.name for workflow in workflows for item in workflow.prompts]


def test_they_are_ignored_unless_the_team_includes_them(repository: Repository) -> None:
    repository.commit(FILES)
    outcome = init(repository)
    assert prompts(repository) == ["prompts/sort.md"]
    ignored = configured(repository).coverage.ignore
    assert list(ignored) == ["**/AGENTS.md", ".claude/**", ".codex/**"]
    told = " ".join(outcome.out.split())
    assert "kept apart: 4 files of coding agents" in told
    assert "--include" in told
    accepted(repository)
    repository.commit({CONFIGURATION: written(repository)})
    assert "no new prompts: the file stays as it is" in update(repository).out
    outcome = update(repository, "--include", ".claude/skills/**")
    assert prompts(repository) == ["prompts/sort.md", ".claude/skills/sort/SKILL.md"], outcome


def test_what_only_leads_to_another_file_is_no_prompt_that_lacks_a_workflow(
    repository: Repository,
) -> None:
    os.symlink("AGENTS.md", repository.path / "CLAUDE.md")
    coverage = "coverage: {ignore: [AGENTS.md]}\n"
    files = {**BEFORE_FILES, "AGENTS.md": LONG, "lib/CLAUDE.md": "@../AGENTS.md\n"}
    repository.commit({**files, CONFIGURATION: BEFORE + coverage})
    repository.branch("work")
    repository.commit({"prompts/sort.md": "Sort."})
    assert "coverage" not in "".join(review(repository).report["notes"])
    assert "no new prompts" in update(repository).out
    repository.commit({"lib/CLAUDE.md": "@nowhere.md\n"})
    assert "1 of 2 prompts" in "".join(review(repository).report["notes"])


def test_those_that_are_included_are_not_ignored(repository: Repository) -> None:
    repository.commit(FILES)
    init(repository, "--include", "AGENTS.md")
    assert set(prompts(repository)) == {"prompts/sort.md", "AGENTS.md"}
    assert list(configured(repository).coverage.ignore) == [
        ".claude/**",
        ".codex/**",
        "web/AGENTS.md",
    ]


def test_a_repository_of_nothing_else_is_about_them(repository: Repository) -> None:
    repository.commit(AGENTS)
    init(repository)
    assert len(prompts(repository)) == 4
    assert not configured(repository).coverage.ignore


def test_a_file_that_only_imports_another_counts_once(repository: Repository) -> None:
    repository.commit({"AGENTS.md": LONG, "CLAUDE.md": "@AGENTS.md\n"})
    init(repository)
    assert prompts(repository) == ["AGENTS.md"]
    assert "# - CLAUDE.md: it only imports AGENTS.md" in written(repository)


def test_cost_shows_them_in_a_line_of_their_own(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit({"prompts/sort.md": LONG})
    alone = total(cost(repository, capsys)[1])
    repository.commit(FILES)
    _, shown = cost(repository, capsys)
    assert total(shown) == alone
    assert "Instructions of coding agents, not in the total: 4, $" in shown
    assert ".codex" not in shown
    assert "this one names none" in shown
    _, verbose = cost(repository, capsys, "--verbose")
    product, others = verbose.split("Instructions of coding agents, not in the total: 4, $")
    assert total(product) == alone
    assert total(others) == f"${others.split(maxsplit=1)[0]}"
    assert "simple" in others.partition("Where:")[0]
    assert "simple" not in product
    assert "this one names none" in verbose


@pytest.mark.parametrize("glob", ["prompts/drafts/**", "app/texts.py#DRAFT_PROMPT"])
def test_what_is_no_prompt_can_be_said(repository: Repository, glob: str) -> None:
    repository.commit(
        {
            "prompts/sort.md": LONG,
            "prompts/drafts/other.md": f"{LONG} Now.",
            "app/texts.py": f'DRAFT_PROMPT = """{LONG} Then."""\n',
        }
    )
    path = glob.replace("**", "other.md")
    init(repository, "--exclude", glob)
    assert len(prompts(repository)) == 2
    assert path not in prompts(repository)
    assert list(configured(repository).coverage.ignore) == [glob]
    accepted(repository)
    repository.commit({CONFIGURATION: written(repository)})
    assert "no new prompts: the file stays as it is" in update(repository).out


def test_what_is_excluded_is_not_read_and_its_texts_are_not_told(repository: Repository) -> None:
    broken = f'SYSTEM_PROMPT = """{LONG}"""\nlater = (\n'
    repository.commit({"prompts/sort.md": LONG, "app/old/broken.py": broken})
    assert "app/old/broken.py" in init(repository, "--output", "-").errors
    first = init(repository, "--exclude", "app/old/**")
    assert "app/old/broken.py" not in first.errors + written(repository)
    repository.commit({CONFIGURATION: written(repository)})
    later = update(repository)
    assert "app/old" not in later.out + later.errors


def test_a_workflow_that_was_taken_out_can_stay_out(repository: Repository) -> None:
    files = {"prompts/sort.md": LONG, "prompts/other.md": f"{LONG} Now."}
    repository.commit({**files, CONFIGURATION: BEFORE})
    added = update(repository, "--output", "-")
    assert "`--update --exclude PATH` keeps it out" in " ".join(added.errors.split())
    update(repository, "--exclude", "prompts/other.md")
    assert written(repository) == f"{BEFORE}coverage: {{ignore: [prompts/other.md]}}\n"
    for more in (["--exclude", "prompts/other.md"], []):
        update(repository, *more)
        assert written(repository).count("other.md") == 1


def test_a_glob_that_names_nothing_is_an_error(repository: Repository) -> None:
    repository.commit({"prompts/sort.md": LONG})
    outcome = init(repository, "--exclude", "promts/**", "--include", "CLAUDE.md")
    assert outcome.code == 2
    assert "--exclude promts/**: no prompt that was found stands there" in outcome.errors
    assert "--include CLAUDE.md: no prompt that was found stands there" in outcome.errors


def test_what_was_left_out_before_is_one_line(repository: Repository) -> None:
    near = "\n".join(
        f'PROMPT_{n} = "A text of {n} words, which is for all of it."' for n in range(30)
    )
    repository.commit({"prompts/sort.md": LONG, "app/a.py": near, CONFIGURATION: BEFORE})
    out = update(repository).out
    assert "left out as before: 30 texts" in out
    assert len(out.splitlines()) < 5
    repository.branch("work")
    repository.commit({"app/b.py": near.replace("PROMPT_1 ", "PROMPT_X ")})
    out = " ".join(update(repository).out.split())
    assert "left out, 30 texts that the file does not name" in out
    assert "left out as before: 30 texts" in out
