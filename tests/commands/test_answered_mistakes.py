"""Mistakes whose message was true and no help: each is answered with what works when it is typed."""

import json
import sys
from pathlib import Path

import pytest

from reviewbot.cli import main
from tests.support.acting import pull_request
from tests.support.mistakes import BODY, Mistake, at, check_told, configured
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION

SOURCE = (
    "usage:\n  sources:\n    - format: columns\n      paths: [a.csv]\n      input_includes_cached: true\n"
    "      columns: {time: t, model: m, input: i, output: o}\n      workflow: {field: f, pattern: §}\n"
)
PATTERN = at(13, "usage.sources[0].workflow.pattern")
SAMPLES = BODY + "    samples: samples/*.yaml\n"
MISTAKES = {
    "a parameter of requests": Mistake(
        configured(BODY + "    temperature: 0.2\n"),
        "the key 'temperature' is unknown",
        at(7, "workflows.triage.temperature"),
        "take it out: it changes no figure here",
    ),
    "limits": Mistake(
        configured(BODY + "    limits: {monthly_cost: {hard: $5}}\n"),
        "the key 'limits' is unknown",
        at(7, "workflows.triage.limits"),
        "did you mean `envelope`?",
    ),
    "a weight as a percentage": Mistake(
        configured(SAMPLES, **{"samples/a.yaml": "name: a\nweight: 10%\nvariables: {b: c}\n"}),
        "'10%' is not a number above zero (weights have no percent sign)",
        "samples/a.yaml:2",
        "write 10 where all weights come to 100: they count against each other only",
    ),
    "two groups": Mistake(
        configured(BODY + SOURCE.replace("§", "'^(acme|globex)-(.*)$'")),
        "it has 2 groups, and only the name is to be one",
        PATTERN,
        'write it like "^(?:acme|globex)-(.*)$"\n',
    ),
    "no group": Mistake(
        configured(BODY + SOURCE.replace("§", "'^acme-.*$'")),
        "it has no group, which is to be the name",
        PATTERN,
        'write it like "^(.+)-prod$"',
    ),
    "a group that is not closed": Mistake(
        configured(BODY + SOURCE.replace("§", "'^(?:acme)-(.*$'")),
        "the bracket at character 11 is not closed",
        PATTERN,
        'write it like "^(?:acme)-(.*)$"\n',
    ),
    "a look-ahead": Mistake(
        configured(BODY + SOURCE.replace("§", "'^(?=a)(.*)$'")),
        "`(?=` is not read",
        PATTERN,
        'write it like "^(.+)-prod$"',
    ),
    "a regular expression for a glob": Mistake(
        configured(BODY + "coverage: {ignore: ['web/.*.ts', 'web/[a-z]+.ts']}\n"),
        "no file matches 'web/[a-z]+.ts'; it is no regular expression",
        at(7, "coverage.ignore.'web/[a-z]+.ts'"),
        "`**` for any folders",
    ),
    "a glob that fits nothing": Mistake(
        configured(BODY + "coverage: {ignore: ['web/**/*.md']}\n"),
        "no file matches 'web/**/*.md'",
        at(7, "coverage.ignore.web/**/*.md"),
        "correct the pattern, or take it out",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_the_message_says_what_where_and_the_mend(
    name: str, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_told(MISTAKES[name], repository, monkeypatch)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-11-31", "November 2026 has 30 days"),
        ("2026-02-29", "February 2026 has 28 days"),
        ("2026-13-01", "there is no month 13; write it as 2026-11-28"),
        ("1.10.2026", "write it as 2026-11-28"),
        ("0000-01-01", "write it as 2026-11-28"),
    ],
)
def test_a_day_that_there_is_not(day: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["usage", "--since", day])
    assert capsys.readouterr().err.strip().endswith(f"{day!r} is no date; {said}")


def test_a_library_that_is_not_installed(
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    repository.commit({"prompts/a.j2": "Hello\n", CONFIGURATION: BODY})
    event = tmp_path / "event.json"
    event.write_text(json.dumps(pull_request(repository.git("rev-parse", "HEAD"))))
    variables = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": "http://127.0.0.1:9",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_REPOSITORY": "acme/shop",
        "GITHUB_WORKSPACE": str(repository.path),
        "REVIEWBOT_CONFIG": CONFIGURATION,
        "REVIEWBOT_TOKEN": "x",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setitem(sys.modules, "tenacity", None)
    assert main(["action"]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "action needs tenacity; install it: pip install " in said
    assert "Traceback" not in said


ACTION = "acme/reviewbot@" + "1" * 40
WORKFLOW = "jobs:\n  review:\n    steps:\n      - uses: acme/reviewbot@{}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            WORKFLOW.format("2" * 40),
            f"it runs acme/reviewbot@{'2' * 40}; for another edit .github/workflows/prompt-costs.yml:4",
        ),
        (WORKFLOW.format("1" * 40), f"prompt-costs.yml, which runs {ACTION}"),
        ("jobs: {}\n", f"no step of it runs acme/reviewbot; write `- uses: {ACTION}`"),
    ],
)
def test_an_action_that_is_asked_for_is_not_dropped(
    text: str, said: str, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ".github/workflows/prompt-costs.yml"
    repository.commit({"prompts/a.j2": "Hello\n", CONFIGURATION: BODY, place: text})
    code = main(
        ["init", "--repo", str(repository.path), "--update", "--github", "--action", ACTION]
    )
    told = capsys.readouterr()
    assert code == 0
    assert said in " ".join((told.out + told.err).split())
    assert (repository.path / place).read_text() == text
