"""Nothing quietly moves the baseline."""

import json
from typing import Any

import pytest

from reviewbot.report import Verdict
from tests.support.pinning import (
    FILE,
    approved,
    command,
    edited,
    findings,
    grown,
    pinned,
    prompt,
    settings,
    stopped,
    text,
)
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    PROMPT,
    review,
    tokens,
)


def test_a_pull_request_cannot_raise_its_own_baseline(repository: Repository) -> None:
    pinned(repository)
    repository.commit({PROMPT: prompt(1090)})
    repository.branch("work")
    repository.commit({PROMPT: prompt(1180)})
    assert command(repository).code == 0
    repository.commit({})
    outcome = review(repository)
    assert outcome.report["verdict"] == "fail"
    assert outcome.rules() == {"drift": "fail"}
    assert approved(outcome) is Verdict.FAIL
    (finding,) = outcome.report["findings"]
    assert (finding["rule"], finding["verdict"]) == ("loosened", "needs-approval")
    assert finding["text"] == (
        "the change moves the baseline of w: mean input tokens 1,000 → 1,180, "
        "prefix_tokens 997 → 1,177"
    )
    assert finding["place"] == {"file": FILE, "line": 6, "key": None}


def test_a_baseline_that_somebody_agreed_to_counts_from_then_on(repository: Repository) -> None:
    pinned(repository)
    repository.commit({PROMPT: prompt(1090)})
    repository.branch("update")
    assert "w: mean input tokens 1,000 → 1,090" in command(repository).out
    repository.commit({})
    update = review(repository)
    assert findings(update) == [("loosened", "needs-approval")]
    assert (update.report["workflows"], update.code) == ([], 1)
    assert approved(update) is Verdict.PASS
    repository.git("switch", "--quiet", "main")
    repository.git("merge", "--quiet", "--ff-only", "update")
    repository.branch("work")
    repository.commit({PROMPT: prompt(1180)})
    assert review(repository).report["verdict"] == "pass"


def test_an_approval_is_bound_to_the_baseline_that_was_shown(repository: Repository) -> None:
    pinned(repository)
    repository.branch("work")
    digests = set()
    for prefix in (0, 500):
        repository.commit({FILE: edited(repository, prefix_tokens=prefix)})
        digests.add(review(repository).report["evidence"])
    assert len(digests - {None}) == 2


def test_an_edit_of_the_baseline_alone_loads_no_tokenizer(repository: Repository) -> None:
    import subprocess
    import sys

    pinned(repository)
    repository.branch("work")
    repository.commit({FILE: edited(repository, **grown(5000))})
    program = (
        "import sys; from reviewbot.cli import main; code = main(['check']); "
        "print({'tiktoken', 'genai_prices', 'jinja2'} & {*sys.modules}); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=repository.path, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, b"set()")


@pytest.mark.parametrize(
    "changes",
    [
        grown(1001),
        {"model": "openai/gpt-4.1"},
        {"max_tokens": 5000},
        {"encoding": "o200k_base"},
        {"prefix_tokens": 998},
        {"samples": [{"name": "static", "weight": "2", "input_tokens": 1000}]},
        {"samples": [{"name": "other", "weight": "1", "input_tokens": 1000}]},
        {"samples": [*grown(1000)["samples"], {"name": "b", "weight": "9", "input_tokens": 9}]},
    ],
)
def test_every_other_entry_needs_approval(repository: Repository, changes: dict[str, Any]) -> None:
    pinned(repository)
    repository.branch("work")
    repository.commit({FILE: edited(repository, **changes)})
    outcome = review(repository)
    assert stopped(outcome)
    assert findings(outcome) == [("loosened", "needs-approval")]
    assert outcome.report["findings"][0]["place"]["file"] == FILE


def test_fewer_tokens_need_none(repository: Repository) -> None:
    pinned(repository)
    repository.branch("work")
    repository.commit({PROMPT: prompt(900)})
    assert command(repository).code == 0
    repository.commit({})
    outcome = review(repository)
    assert (outcome.code, findings(outcome)) == (0, [])


@pytest.mark.parametrize("content", [None, "", "{}", "{", '{"workflows": {}}', b"\xff"])
def test_a_baseline_that_is_gone_or_broken(
    repository: Repository, content: str | bytes | None
) -> None:
    pinned(repository)
    repository.branch("work")
    repository.commit({FILE: content})
    outcome = review(repository)
    assert stopped(outcome)
    (finding,) = outcome.report["findings"]
    assert finding["rule"] == "loosened"
    gone = f"the change deletes the baseline {FILE}"
    broken = f"the change leaves no baseline to measure growth from: {FILE}"
    assert (gone if content is None else broken) in finding["text"]


def test_a_baseline_without_its_workflows(repository: Repository) -> None:
    pinned(repository)
    repository.branch("work")
    repository.commit({FILE: json.dumps(json.loads(text(repository)) | {"workflows": {}})})
    outcome = review(repository)
    assert stopped(outcome)
    (finding,) = outcome.report["findings"]
    assert finding["text"].startswith(f"the change takes w out of the baseline {FILE}")


def test_a_renamed_workflow(repository: Repository) -> None:
    pinned(repository)
    repository.branch("work")
    renamed = text(repository).replace('"w":', '"v":')
    repository.commit({CONFIGURATION: settings(names="v"), FILE: renamed})
    outcome = review(repository)
    assert stopped(outcome)
    texts = "\n".join(item["text"] for item in outcome.report["findings"])
    assert "the change takes w out of the baseline" in texts
    assert "a renamed one has lost its limits" in texts


def test_a_workflow_renamed_in_the_baseline_alone(repository: Repository) -> None:
    pinned(repository)
    repository.branch("work")
    repository.commit({FILE: text(repository).replace('"w":', '"v":')})
    outcome = review(repository)
    assert stopped(outcome)
    assert findings(outcome) == [("loosened", "needs-approval")] * 2
    assert "for v cannot be held against anything" in outcome.report["findings"][1]["text"]


@pytest.mark.parametrize("other", ["", "other.json"])
def test_pointing_elsewhere(repository: Repository, other: str) -> None:
    pinned(repository)
    repository.branch("work")
    higher = edited(repository, **grown(5000))
    repository.commit({CONFIGURATION: settings(other), "other.json": higher})
    outcome = review(repository)
    assert stopped(outcome)
    texts = [item["text"] for item in outcome.report["findings"]]
    how = f"is changed from {FILE} to {other}" if other else f"is removed; it was {FILE}"
    assert f"`baseline` {how} (the base's value was used in this review)" in texts
    assert any("mean input tokens 1,000 → 5,000" in found for found in texts) == bool(other)


def test_a_symbolic_link(repository: Repository) -> None:
    pinned(repository)
    repository.branch("work")
    (repository.path / FILE).rename(repository.path / "real.json")
    (repository.path / FILE).symlink_to("../real.json")
    repository.commit({})
    for arguments in ((), ("--worktree",)):
        outcome = review(repository, *arguments)
        assert stopped(outcome)
        assert "symbolic link" in outcome.report["findings"][0]["text"]


def test_a_base_without_the_file_that_it_names(repository: Repository) -> None:
    repository.commit({PROMPT: prompt(1000), CONFIGURATION: settings()})
    repository.branch("work")
    repository.commit({"README.md": "x"})
    assert review(repository).code == 0, "what concerns no workflow grows nothing"
    repository.commit({PROMPT: prompt(1001)})
    outcome = review(repository)
    assert stopped(outcome)
    assert findings(outcome) == [("drift", "needs-approval")]
    assert command(repository).code == 0
    repository.commit({})
    assert findings(review(repository)) == [("drift", "needs-approval")]


def test_a_base_whose_file_is_broken(repository: Repository) -> None:
    repository.commit({PROMPT: prompt(1000), CONFIGURATION: settings(), FILE: '{"a": 1,}'})
    repository.branch("work")
    repository.commit({PROMPT: prompt(1001)})
    outcome = review(repository)
    assert stopped(outcome)
    assert f"{FILE}:1: this is not JSON" in outcome.report["findings"][0]["text"]


def test_a_baseline_is_introduced_with_its_key(repository: Repository) -> None:
    repository.commit({PROMPT: prompt(1000), CONFIGURATION: settings("")})
    repository.branch("work")
    repository.commit({CONFIGURATION: settings()})
    assert findings(review(repository)) == [("drift", "warn")], "the key alone does nothing"
    assert command(repository).code == 0
    repository.commit({})
    outcome = review(repository)
    assert (outcome.code, findings(outcome)) == (0, [])
    note = f"growth is measured since the baseline in {FILE} once this change is merged"
    assert outcome.report["notes"] == [note]
    assert note in " ".join(review(repository, form="terminal").out.split())
    assert note in review(repository, form="markdown").out.replace("\\", "").replace("&#8203;", "")


def test_a_first_configuration_brings_its_baseline(repository: Repository) -> None:
    repository.commit({PROMPT: prompt(1000)})
    repository.branch("work")
    repository.commit({CONFIGURATION: settings()})
    assert command(repository).code == 0
    repository.commit({})
    outcome = review(repository)
    assert (outcome.code, findings(outcome)) == (0, [])


def test_an_introduced_baseline_is_what_is_measured(repository: Repository) -> None:
    repository.commit({PROMPT: prompt(1000), CONFIGURATION: settings("")})
    repository.branch("work")
    repository.commit({CONFIGURATION: settings()})
    assert command(repository).code == 0
    repository.commit({FILE: edited(repository, **grown(3000))})
    outcome = review(repository)
    assert stopped(outcome)
    (finding,) = outcome.report["findings"]
    assert "is not what is measured: mean input tokens 1,000 → 3,000" in finding["text"]


def test_a_baseline_that_comes_with_its_samples(repository: Repository) -> None:
    template = {"prompts": "p.j2", "samples": "[{name: a, variables: {x: {tokens: 9}}}]"}
    repository.commit({"p.j2": tokens(900) + " {{ x }}", CONFIGURATION: settings("", **template)})
    repository.branch("work")
    more = template | {"samples": "[{name: a, variables: {x: {tokens: 99}}}]"}
    repository.commit({CONFIGURATION: settings(**more)})
    assert command(repository).code == 0
    repository.commit({})
    outcome = review(repository)
    assert (outcome.report["verdict"], findings(outcome)) == ("pass", [])
