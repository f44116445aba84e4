"""A variable with a new name keeps its value, and a new one has the value it has elsewhere."""

import pytest

from tests.commands.test_init_guesses import run
from tests.commands.test_init_update import update, written
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, review

CONFIGURED = """\
version: 1
defaults: {model: openai/gpt-4.1, traffic: [{calls: 10/day, output_tokens: 5}]}
workflows:
  review:
    prompts: prompts/review.j2
    samples:
      - name: typical
        variables:
          title: {tokens: 100}
          diff: {tokens: 12000}  # the largest of a week
          rows: [{id: 7}]
      - {name: empty, variables: {title: none, diff: "", rows: []}}
    assumed: [samples]
  other:
    prompts: prompts/other.j2
    samples: [{name: one, variables: {patch: {tokens: 300}}}, {name: two, variables: {patch: {tokens: 900}}}]
"""
REVIEW = "Title: {{ title }}\n{{ diff|trim }}\n{% for row in rows %}{{ row.id }}{% endfor %}\n"
OTHER = "Look at {{ patch }}.\n"


def changed(repository: Repository, text: str) -> str:
    """What `init --update` says of the change of the review's prompt, in one line."""
    files = {CONFIGURATION: CONFIGURED, "prompts/review.j2": REVIEW, "prompts/other.j2": OTHER}
    repository.commit({**files})
    repository.git("switch", "--quiet", "--create", "change")
    repository.commit({"prompts/review.j2": text})
    outcome = update(repository)
    assert outcome.code == 0, outcome.errors
    return " ".join(outcome.out.split())


def test_a_variable_with_a_new_name_keeps_its_value(repository: Repository) -> None:
    said = changed(repository, REVIEW.replace("diff", "pr_diff"))
    assert written(repository) == CONFIGURED.replace(" diff:", " pr_diff:")
    assert "renamed in `typical`, `empty` of `review`: `diff` is `pr_diff`, with its value" in said
    assert "not used" not in said
    reviewed = review(repository, "--worktree", "--base", "main").workflow("review")
    assert reviewed["verdict"] == "pass"
    assert reviewed["change_usd_per_month"] == "0"


def test_variables_that_stand_where_others_stood_keep_their_values(
    repository: Repository,
) -> None:
    said = changed(repository, REVIEW.replace("diff", "pr_diff").replace("title", "pr_title"))
    swapped = CONFIGURED.replace(" diff:", " pr_diff:").replace(" title:", " pr_title:")
    assert written(repository) == swapped.replace("{title:", "{pr_title:")
    assert "`title` is `pr_title`, `diff` is `pr_diff`, with their values" in said


@pytest.mark.parametrize(
    "text",
    [
        REVIEW.replace("{{ diff|trim }}", "{% for part in parts %}{{ part }}{% endfor %}"),
        REVIEW.replace("row in rows", "row in diff").replace("{{ diff|trim }}", "{{ more }}"),
        f"{REVIEW}{{{{ more }}}}",
        f"{{# diff #}}{REVIEW.replace('diff', 'one')}{{{{ two }}}}",
    ],
)
def test_a_value_that_does_not_fit_is_not_taken(repository: Repository, text: str) -> None:
    said = changed(repository, text)
    assert "renamed" not in said
    assert "diff: {tokens: 12000}  # the largest of a week" in written(repository)


def test_a_new_variable_has_the_largest_value_of_other_workflows(repository: Repository) -> None:
    said = changed(repository, f"{REVIEW}{{{{ patch }}}}{{{{ note }}}}")
    text = written(repository)
    assert "          patch: {tokens: 900}  # CHANGE: as long as in other?\n" in text
    assert "          note: {tokens: 100}  # CHANGE: how long is it?\n" in text
    assert "`patch: {tokens: 900}` as in `other`, `note: {tokens: 100}`; say how long each" in said


CODE = """\
import {{ generateText }} from "ai";
import {{ openai }} from "@ai-sdk/openai";
export const ask = (history: Turn[]) => generateText({{
  model: openai("gpt-4.1"),
  prompt: `You answer questions about parcels from what was said before, and say where they lie. ${{shown({asked})}}`,
}});
"""


@pytest.mark.parametrize(
    ("before", "after", "keeps"),
    [
        ("history.slice(-10)", "history", False),
        ("history.slice(-10)", "history.slice(-500)", False),
        ("history.slice(-10)", "turns.slice(-10)", True),
    ],
)
def test_an_expression_that_cuts_no_more_has_no_value_of_the_earlier_one(
    repository: Repository, before: str, after: str, *, keeps: bool
) -> None:
    repository.commit({"app/ask.ts": CODE.format(asked=before)})
    run(repository, "init")
    text = written(repository).replace("{tokens: 100}", "{tokens: 777}")
    repository.commit({CONFIGURATION: text})
    assert "777" in text
    repository.git("switch", "--quiet", "--create", "change")
    repository.commit({"app/ask.ts": CODE.format(asked=after)})
    outcome = update(repository)
    assert ("renamed in `typical` of `ask`" in outcome.out) is keeps, outcome.out
    assert ("CHANGE: how long is it?" in written(repository)) is not keeps
