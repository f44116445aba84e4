"""New files that some file systems take for a workflow's own: by case, or by accents."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, review, tokens, workflow


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ("prompts/a.txt", "prompts/A.txt"),
        ("prompts/a.txt", "Prompts/a.txt"),
        ("prompts/caf\u00e9.txt", "prompts/cafe\u0301.txt"),
        ("prompts/stra\u00dfe.txt", "prompts/STRASSE.txt"),
        ("prompts/w/a.txt", "Prompts"),
        ("prompts/w/a.txt", "prompts/W"),
        ("prompts/w/a.txt", "PROMPTS/w"),
        ("prompts/w.txt", "prompts/W.txt/a.txt"),
        ("prompts/w.txt", "Prompts/w.txt/b/a.txt"),
    ],
)
def test_a_new_file_that_is_taken_for_a_prompt_needs_approval(
    repository: Repository, own: str, other: str
) -> None:
    settings = configuration({"w": workflow(f'"{own}"')})
    outcome = change(repository, {CONFIGURATION: settings, own: "hi"}, {other: tokens(900)})
    (finding,) = outcome.report["findings"]
    assert (finding["rule"], finding["verdict"], outcome.code) == ("loosened", "needs-approval", 1)
    assert finding["place"]["file"] == other
    digest = outcome.report["configuration_evidence"]
    repository.commit({other: tokens(901)})
    assert review(repository).report["configuration_evidence"] != digest


def test_one_that_is_taken_for_an_include_or_a_sample_too(repository: Repository) -> None:
    samples = "[samples/a.yaml]"
    settings = configuration({"w": workflow("p.j2", samples=samples)})
    files = {
        CONFIGURATION: settings,
        "p.j2": "{% include 'part.j2' %}{{ x }}",
        "part.j2": "hi",
        "samples/a.yaml": "x: a\n",
    }
    outcome = change(repository, files, {"PART.j2": tokens(900), "samples/A.yaml": "x: b\n"})
    places = [finding["place"]["file"] for finding in outcome.report["findings"]]
    assert places == ["PART.j2", "samples/A.yaml"]


@pytest.mark.parametrize(
    "other", ["prompts/b.txt", "a.txt", "prompts/\u0430.txt", "Prompts/b.txt", "prompts.txt"]
)
def test_another_name_is_no_finding(repository: Repository, other: str) -> None:
    settings = configuration({"w": workflow("prompts/a.txt")})
    outcome = change(
        repository, {CONFIGURATION: settings, "prompts/a.txt": "hi"}, {other: tokens(900)}
    )
    assert (outcome.report["findings"], outcome.code) == ([], 0)


def test_a_file_that_is_renamed_by_case_alone_stays_one(repository: Repository) -> None:
    def settings(path: str) -> str:
        return configuration({"w": workflow(path)})

    outcome = change(
        repository,
        {CONFIGURATION: settings("prompts/a.txt"), "prompts/a.txt": "hi"},
        {
            CONFIGURATION: settings("prompts/A.txt"),
            "prompts/a.txt": None,
            "prompts/A.txt": "hi",
        },
    )
    assert (outcome.report["findings"], outcome.code) == ([], 0)
