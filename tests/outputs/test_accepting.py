"""Over a hard limit the terminal says how much to take off, and how the limit may be raised."""

import html
import re

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    PROMPT,
    Outcome,
    change,
    configuration,
    review,
    tokens,
    workflow,
)


def over(repository: Repository, envelope: str, added: int) -> Outcome:
    limits = f"{{envelope: {{{envelope}}}}}"
    settings = configuration(
        {"w": workflow(traffic="[{calls: 9000/month, output_tokens: 1}]")},
        defaults=limits,
        approval='{approvers: ["@acme/platform"]}',
    )
    before = {CONFIGURATION: settings, PROMPT: f"{tokens(500)}\n"}
    change(repository, before, {PROMPT: f"{tokens(500)}\n{tokens(added)}\n"})
    return review(repository, form="terminal")


@pytest.mark.parametrize(
    ("envelope", "key"),
    [
        ("increase: {soft: 5%, hard: 20%}", "increase"),
        ("input_tokens: {hard: 600}", "input_tokens"),
        ("monthly_cost: {hard: $13}", "monthly_cost"),
        ("cost_per_call: {hard: $0.0015}", "cost_per_call"),
    ],
)
def test_taking_so_many_tokens_off_is_enough(
    repository: Repository, envelope: str, key: str
) -> None:
    outcome = over(repository, envelope, 300)
    said = " ".join(outcome.out.split())
    found = re.search(r"or take (\d+) of (\d+) tokens off, or raise `envelope.(\w+).hard`", said)
    assert found is not None, said
    assert (outcome.code, found[3]) == (1, key)
    first = "in a pull request of its own first, which @acme/platform may approve"
    assert f"({CONFIGURATION}:3) {first}" in said
    repository.commit({PROMPT: f"{tokens(500)}\n{tokens(300 - int(found[1]))}\n"})
    assert review(repository, "--base", "main").code == 0


def test_what_is_over_a_soft_limit_only_is_not_undone(repository: Repository) -> None:
    assert "take" not in over(repository, "increase: {soft: 5%, hard: 20%}", 50).out
    outcome = review(repository, "--suggest", form="terminal")
    assert outcome.out == ""
    assert "nothing to suggest: no limit stops this change" in outcome.errors


def raising(repository: Repository, limit: str, raised: str, approvers: str = "[kim]") -> Outcome:
    """A change that adds 400 tokens and raises the limit, reviewed on the terminal."""
    was, now = (
        configuration(
            {"w": workflow(envelope=f"{{input_tokens: {{hard: {hard}}}}}")},
            approval=f"{{approvers: {approvers}}}",
        )
        for hard in (limit, raised)
    )
    texts = [f"{tokens(500)}\n", f"{tokens(500)}\n{tokens(400)}\n"]
    change(
        repository, {CONFIGURATION: was, PROMPT: texts[0]}, {CONFIGURATION: now, PROMPT: texts[1]}
    )
    return review(repository, form="terminal")


def test_a_limit_that_is_raised_already_is_not_to_be_raised(repository: Repository) -> None:
    said = " ".join(raising(repository, "600", "1000").out.split())
    assert "or raise" not in said
    governs = f"the raised `envelope.input_tokens.hard` ({CONFIGURATION}:5) governs once merged"
    assert f"{governs}: bring it in a pull request of its own first, which kim may approve" in said
    assert "To approve: kim, by an approving review; what fails still fails then." in said


def test_all_limits_that_are_to_be_raised_are_named(repository: Repository) -> None:
    outcome = over(repository, "increase: {hard: 20%}, input_tokens: {hard: 700}", 300)
    said = " ".join(outcome.out.split())
    limits = ["`envelope.increase.hard`", "`envelope.input_tokens.hard`"]
    found = re.search(r"take (\d+) of \d+ tokens off, or raise (.*?) in a pull request", said)
    assert found is not None
    assert sorted(found[2].removesuffix(f" ({CONFIGURATION}:3)").split(" and ")) == limits
    repository.commit({PROMPT: f"{tokens(500)}\n{tokens(300 - int(found[1]))}\n"})
    assert review(repository, "--base", "main").code == 0


def test_a_limit_that_is_raised_too_little_is_to_be_raised_more(repository: Repository) -> None:
    said = " ".join(raising(repository, "600", "700").out.split())
    assert "raise `envelope.input_tokens.hard`" in said
    assert "governs once" not in said


@pytest.mark.parametrize("form", ["terminal", "markdown", "html"])
def test_what_may_be_done_about_a_hard_limit_stands_in_every_output(
    repository: Repository, form: str
) -> None:
    over(repository, "input_tokens: {hard: 600}", 300)
    said = re.sub(r"<[^>]+>|[*`\\]|\(https?:[^)]*\)", "", review(repository, form=form).out)
    said = " ".join(html.unescape(said).replace("\u200b", "").split())
    assert re.search(r"take \d+ of \d+ tokens off", said)
    assert "raise envelope.input_tokens.hard" in said
    assert "in a pull request of its own first, which @acme/platform may approve" in said


@pytest.mark.parametrize("form", ["terminal", "markdown", "html"])
def test_a_limit_that_may_be_approved_passes_then(repository: Repository, form: str) -> None:
    settings = configuration(
        {"w": workflow(envelope="{input_tokens: {hard: 600}, approvable: true}")},
        approval="{approvers: [kim]}",
    )
    before = {CONFIGURATION: settings, PROMPT: f"{tokens(500)}\n"}
    change(repository, before, {PROMPT: f"{tokens(500)}\n{tokens(300)}\n"})
    said = " ".join(review(repository, form=form).out.split())
    assert "To approve: kim, by an approving review; the check passes then." in said
    assert "in a pull request of its own" not in said


def swapped(repository: Repository, form: str) -> str:
    """What is said of four workflows whose default model costs five times as much now."""
    names = ("a", "b", "c", "d")
    paths = [f"prompts/{name}.txt" for name in names]
    was, now = (
        configuration(
            {name: workflow(path, model=model) for name, path in zip(names, paths, strict=True)},
            defaults="{envelope: {increase: {hard: 20%}}}",
            approval="{approvers: [kim]}",
        )
        for model in ("openai/gpt-4.1-mini", "openai/gpt-4.1")
    )
    texts = {path: tokens(300 + 10 * number) for number, path in enumerate(paths)}
    assert was != now
    change(repository, {CONFIGURATION: was, **texts}, {CONFIGURATION: now})
    return review(repository, form=form).out


def test_workflows_with_one_cause_and_limit_are_told_together(repository: Repository) -> None:
    said = " ".join(swapped(repository, "terminal").split())
    assert "✗ 4 workflows (d, c, b and 1 more): increase: " in said
    assert said.count("cause model openai/gpt-4.1-mini → openai/gpt-4.1: +$") == 1
    assert said.count("raise `envelope.increase.hard`") == 1
    suggested = review(repository, "--suggest", form="terminal")
    assert suggested.out.count("\n+") == 5, "one patch, of each workflow's own model"
    assert "Apply the patch with `git apply`" in suggested.errors


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_a_limit_of_several_is_to_be_raised_once(repository: Repository, form: str) -> None:
    said = swapped(repository, form)
    assert said.count("in a pull request of its own first, which kim may approve") == 1


def test_a_limit_that_several_are_over_is_named_once(repository: Repository) -> None:
    """Beside what each would have to lose."""
    settings = configuration(
        {name: workflow(f"prompts/{name}.txt") for name in ("a", "b", "c")},
        defaults="{envelope: {increase: {hard: 20%}}}",
        approval="{approvers: [kim]}",
    )
    paths = [f"prompts/{name}.txt" for name in ("a", "b", "c")]
    before = {CONFIGURATION: settings, **dict.fromkeys(paths, tokens(500))}
    change(repository, before, dict.fromkeys(paths, tokens(900)))
    said = " ".join(review(repository, form="terminal").out.split())
    assert len(re.findall(r"or take \d+ of 400 tokens off", said)) == 3
    assert said.count("raise `envelope.increase.hard`") == 1
