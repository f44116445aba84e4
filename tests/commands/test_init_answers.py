"""`reviewbot init` asks what no file tells, reads CODEOWNERS, and writes samples of all variables."""

import argparse
import io
from collections.abc import Iterator
from datetime import date

import pytest

from reviewbot.commands import Edges
from reviewbot.commands import init as command
from reviewbot.configuration.reading import read_configuration
from reviewbot.configuration.settings import Configuration
from reviewbot.discovery.github_workflow import Wanted, workflow_text
from tests.support.places import FORMAT_PAGES
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, review

MANUAL = FORMAT_PAGES.parent
PARCEL = "Dear {{ customer }}, parcel {{ number }} is at {{ place }}. {{ yes }}"


class Person:
    """Answers questions in order, and remembers them."""

    def __init__(self, *answers: str) -> None:
        self._answers: Iterator[str] = iter(answers)
        self.asked: list[str] = []

    def __call__(self, question: str) -> str:
        self.asked.append(question)
        return next(self._answers, "")


def run(
    repository: Repository, *arguments: str, person: Person | None = None, force: bool = True
) -> tuple[Configuration, str]:
    out, errors = io.StringIO(), io.StringIO()
    edges = Edges(
        environment={"COLUMNS": "80"}, out=out, errors=errors, today=date(2026, 11, 1), ask=person
    )
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    chosen = parser.parse_args(
        ["--repo", str(repository.path), *(["--force"] if force else []), *arguments]
    )
    assert command.run(chosen, edges) == 0
    text = (repository.path / CONFIGURATION).read_text("utf-8")
    return read_configuration(text, file=CONFIGURATION), out.getvalue() + errors.getvalue()


def test_answers_are_no_guesses(repository: Repository) -> None:
    repository.commit({"prompts/a.md": "Sort the mail."})
    person = Person("openai/gpt-4o", "900/daily", "900/day", "-3", "250", "@acme/ml")
    found, said = run(repository, person=person)
    stream = found.defaults.traffic[0]
    assert found.defaults.model == "openai/gpt-4o"
    assert (round(stream.calls_per_month), stream.output_tokens) == (27_394, 250)
    assert found.approval.approvers == ("@acme/ml",)
    assert found.defaults.assumed == ()
    assert "'900/daily' is not a number of calls in a period" in said
    assert len(person.asked) == 6
    assert "guessed" not in said


def test_a_number_alone_is_that_of_a_month(repository: Repository) -> None:
    repository.commit({"prompts/a.md": "Sort the mail."})
    found, _ = run(repository, person=Person("", "20_000", "", ""))
    assert found.defaults.traffic[0].calls_per_month == 20_000
    found, _ = run(repository, "--calls", "3000", "--no-input", force=True, person=Person())
    assert found.defaults.traffic[0].calls_per_month == 3000


def test_empty_answers_leave_the_defaults(repository: Repository) -> None:
    repository.commit({"prompts/a.md": "Sort the mail."})
    person = Person()
    found, said = run(repository, person=person)
    assert len(person.asked) == 4
    assert found.defaults.assumed == ("model", "traffic")
    assert found.approval.approvers == ()
    assert "guessed: model and traffic" in said


def test_options_answer_without_a_question(repository: Repository) -> None:
    repository.commit({"prompts/a.md": "Sort the mail."})
    person = Person()
    options = ("--model", "openai/gpt-4o", "--approver", "kim", "--approver", "@acme/ml")
    found, _ = run(repository, *options, "--no-input", person=person)
    assert person.asked == []
    assert found.approval.approvers == ("kim", "@acme/ml")
    assert found.defaults.assumed == ("traffic",)
    person = Person()
    found, _ = run(repository, "--calls", "2_000/month", "--output-tokens", "90", person=person)
    assert len(person.asked) == 2
    assert found.defaults.assumed == ("model",)


def test_no_model_is_asked_for_where_code_names_one_that_may_be_meant(
    repository: Repository,
) -> None:
    text = "You sort the parcels of a large house by their weight, and name a shelf for each one."
    app = f'MODEL = "gpt-4o"\nSORT_PROMPT = """{text} You must be exact. {text}"""\n'
    repository.commit({"app.py": app})
    person = Person()
    found, _ = run(repository, person=person)
    assert not any("model" in question for question in person.asked)
    repository.commit({"prompts/a.md": "Sort the mail."})
    person = Person("openai/gpt-5")
    found, _ = run(repository, person=person)
    models = [it.model for it in found.workflows.values()]
    assert (found.defaults.model, sorted(map(str, models))) == ("openai/gpt-5", ["None", "gpt-4o"])


@pytest.mark.parametrize(
    ("place", "text", "approvers"),
    [
        ("CODEOWNERS", "* @acme/all\n/.github/ @acme/ml kim@acme.example octocat # people\n", ("@acme/ml", "octocat")),
        (".github/CODEOWNERS", "*.yml @kim\n", ("@kim",)),
        ("docs/CODEOWNERS", "* @acme/all\n/src/ @acme/ml\n", ("@acme/all",)),
        ("CODEOWNERS", "/src/ @acme/ml\n", ()),
        ("CODEOWNERS", "* @acme/all\n.github @acme/none @\n.github/reviewbot.yml\n", ()),
    ],
)  # fmt: skip
def test_code_owners_may_approve(
    repository: Repository, place: str, text: str, approvers: tuple[str, ...]
) -> None:
    repository.commit({"prompts/a.md": "Sort the mail.", place: text})
    found, _ = run(repository)
    assert found.approval.approvers == approvers


def test_a_sample_names_all_variables(repository: Repository) -> None:
    repository.commit(
        {
            "prompts/parcel.j2": PARCEL,
            "prompts/list.j2": "{% for item in items %}{{ item.name }}{% endfor %}",
            "prompts/plain.md": "Sort the mail.",
        }
    )
    found, said = run(repository)
    (sample,) = found.workflows["parcel"].samples
    assert set(getattr(sample, "variables", ())) == {"customer", "number", "place", "yes"}
    assert "samples" in found.workflows["parcel"].assumed
    (listed,) = found.workflows["list"].samples
    assert [*getattr(listed, "variables", {})] == ["items"]
    outcome = review(repository, "--worktree")
    assert outcome.code == 0, outcome.errors
    # 100 tokens for each of two variables, 5 for the number, and what the template says
    assert 200 < int(outcome.workflow("parcel")["after"]["mean_input_tokens"]) < 460
    rows = [
        line.split()[0]
        for line in said.splitlines()
        if "openai/gpt-4.1 " in line and line[0] != " "
    ]
    assert sorted(rows) == ["list", "parcel", "plain"]
    assert "\nnext: " in said


def test_the_workflow_for_github_is_that_of_the_manual() -> None:
    page = (MANUAL / "github.md").read_text("utf-8")
    assert workflow_text("main", Wanted(has_approvers=True)) in page


def test_the_workflow_for_github_is_for_the_default_branch(repository: Repository) -> None:
    repository.git("branch", "-m", "trunk")
    repository.commit({"prompts/a.md": "Sort the mail."})
    _, said = run(repository, "--github")
    place = repository.path / ".github/workflows/prompt-costs.yml"
    assert "    branches: [trunk]\n" in place.read_text("utf-8")
    assert "for pull requests to trunk" in said
    assert review(repository, "--worktree", "--base", "trunk").code == 0
    place.write_text("mine")
    (repository.path / CONFIGURATION).unlink()
    _, said = run(repository, "--github", force=False)
    assert (place.read_text("utf-8"), "kept: " in said) == ("mine", True)
    run(repository, "--github")
    assert place.read_text("utf-8") != "mine"
    assert '["a b"]' in workflow_text("a b", Wanted())


def test_the_whole_way_into_a_gate(repository: Repository) -> None:
    """The file as written, then approvers, real figures and real samples: each passes."""
    repository.commit({"prompts/parcel.j2": PARCEL})
    repository.branch("work")
    run(repository)
    repository.git("add", "--all")
    repository.commit({})
    assert review(repository).code == 0
    place = repository.path / CONFIGURATION
    edits = (
        ("workflows:\n", "approval: {approvers: [kim]}\nworkflows:\n"),
        ("calls: 1_000/month, output_tokens: 300", "calls: 90/day, output_tokens: 40"),
        ("model: openai/gpt-4.1\n", "model: openai/gpt-4.1-mini\n"),
        ("number: {tokens: 5}", "number: A-17"),
        ("  assumed: [model, traffic]\n", ""),
        ("    assumed: [samples]\n", ""),
    )
    for number, (old, new) in enumerate(edits):
        repository.git("branch", "--force", f"base-{number}")
        text = place.read_text("utf-8")
        assert old in text
        repository.commit({CONFIGURATION: text.replace(old, new, 1)})
        outcome = review(repository, "--base", f"base-{number}")
        assert outcome.code == 0, (old, outcome.out)
    repository.git("branch", "--force", "last")
    text = place.read_text("utf-8").replace("90/day", "9/day")
    repository.commit({CONFIGURATION: text})
    assert review(repository, "--base", "last").code == 1
