"""A baseline that the base names and does not have: the mend works when it is typed."""

import re

from tests.support.pinning import FILE, command, edited, findings, grown, prompt, settings, stopped
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, review


def lacking(repository: Repository, baseline: str = FILE) -> None:
    repository.commit({PROMPT: prompt(1000), CONFIGURATION: settings(baseline)})
    repository.branch("work")


def test_the_file_alone_needs_no_approval_and_governs_once_merged(repository: Repository) -> None:
    lacking(repository)
    assert command(repository).code == 0
    repository.commit({})
    outcome = review(repository)
    assert (outcome.code, findings(outcome)) == (0, [])
    note = f"growth is measured since the baseline in {FILE} once this change is merged"
    assert outcome.report["notes"] == [note]
    repository.git("switch", "--quiet", "main")
    repository.git("merge", "--quiet", "--ff-only", "work")
    repository.branch("next")
    repository.commit({PROMPT: prompt(1001)})
    assert review(repository).code == 0
    repository.commit({PROMPT: prompt(1200)})
    assert review(repository).rules()["drift"] == "fail"


def test_a_file_that_pins_more_than_is_measured_needs_one(repository: Repository) -> None:
    lacking(repository)
    assert command(repository).code == 0
    repository.commit({FILE: edited(repository, **grown(3000))})
    outcome = review(repository)
    assert stopped(outcome)
    assert "is not what is measured" in outcome.report["findings"][0]["text"]


def test_a_file_beside_growth_is_to_be_merged_first(repository: Repository) -> None:
    lacking(repository)
    repository.commit({PROMPT: prompt(1090)})
    assert command(repository).code == 0
    repository.commit({})
    outcome = review(repository)
    assert stopped(outcome)
    text = outcome.report["findings"][0]["text"]
    assert "this change writes it, and cannot be judged by it" in text
    assert "in a change of its own first, which needs no approval" in text


def test_a_misspelt_name_is_told_at_its_line(repository: Repository) -> None:
    lacking(repository, ".github/baselin.json")
    assert command(repository, "--output", str(repository.path / FILE)).code == 0
    repository.git("switch", "--quiet", "main")
    repository.commit({})
    repository.branch("next")
    repository.commit({PROMPT: prompt(1001)})
    outcome = review(repository)
    assert stopped(outcome)
    text = outcome.report["findings"][0]["text"]
    assert f"{CONFIGURATION}:3 (baseline): .github/baselin.json: there is no such file" in text
    assert f"did you mean {FILE!r}?" in text


def test_of_a_file_that_is_cut_the_command_writes_another(repository: Repository) -> None:
    lacking(repository)
    assert command(repository).code == 0
    whole = (repository.path / FILE).read_text()
    repository.git("switch", "--quiet", "main")
    repository.commit({FILE: whole[: len(whole) * 2 // 3]})
    repository.branch("next")
    repository.commit({PROMPT: prompt(1001)})
    text = review(repository).report["findings"][0]["text"]
    assert "this is not JSON: it ends too early; write it anew: `reviewbot baseline`" in text
    assert command(repository).code == 0
    repository.commit({})
    outcome = review(repository)
    assert stopped(outcome)
    text = outcome.report["findings"][0]["text"]
    assert "this change writes it anew, which somebody has to approve" in text


def test_a_baseline_that_the_change_deletes_comes_back_as_typed(repository: Repository) -> None:
    repository.commit({PROMPT: prompt(1000), CONFIGURATION: settings(FILE)})
    assert command(repository).code == 0
    repository.commit({})
    repository.branch("work")
    repository.commit({FILE: None})
    outcome = review(repository)
    (finding,) = outcome.report["findings"]
    assert (finding["place"]["file"], finding["place"]["line"]) == (CONFIGURATION, 3)
    assert f"the change deletes the baseline {FILE}" in finding["text"]
    found = re.search(r"`git (checkout [0-9a-f]+ -- \S+)`", finding["text"])
    assert found
    repository.git(*found[1].split())
    repository.commit({})
    assert review(repository).report["findings"] == []


def test_a_folder_in_place_of_a_baseline_is_told_with_a_file_in_it(repository: Repository) -> None:
    lacking(repository, "prompts")
    repository.commit({PROMPT: prompt(1001), "prompts/b.md": "Hello"})
    text = review(repository).report["findings"][0]["text"]
    assert f"{CONFIGURATION}:3 (baseline): prompts is a folder" in text
    assert "`baseline: prompts/baseline.json`" in text


def test_a_baseline_that_the_change_cuts_comes_back_as_typed(repository: Repository) -> None:
    repository.commit({PROMPT: prompt(1000), CONFIGURATION: settings(FILE)})
    assert command(repository).code == 0
    repository.commit({})
    whole = (repository.path / FILE).read_text()
    repository.branch("work")
    repository.commit({FILE: whole[: len(whole) * 2 // 3], PROMPT: prompt(1001)})
    (finding,) = review(repository).report["findings"]
    assert "this is not JSON: it ends too early" in finding["text"]
    typed(repository, finding["text"], "git checkout")
    repository.commit({})
    assert review(repository).report["findings"] == []


def test_a_baseline_that_the_base_deleted_is_written_on_a_branch_of_its_own(
    repository: Repository,
) -> None:
    lacking(repository)
    repository.commit({PROMPT: prompt(1001)})
    text = review(repository).report["findings"][0]["text"]
    assert f"{CONFIGURATION}:3 (baseline): {FILE}: there is no such file" in text
    assert "in a change of its own, which needs no approval" in text
    typed(repository, text, "git switch")
    assert command(repository).code == 0
    repository.commit({})
    assert findings(review(repository)) == []


def test_a_misspelt_entry_is_told_at_its_line(repository: Repository) -> None:
    repository.commit({PROMPT: prompt(1000), CONFIGURATION: settings(FILE, names="answer")})
    assert command(repository).code == 0
    right = (repository.path / FILE).read_text()
    repository.commit({FILE: right.replace('"answer"', '"anser"')})
    repository.branch("work")
    repository.commit({PROMPT: prompt(1001)})
    (workflow,) = review(repository).report["workflows"]
    (finding,) = [item for item in workflow["findings"] if item["rule"] == "drift"]
    line = right.splitlines().index('    "answer": {') + 1
    assert f"{FILE}:{line} (workflows.anser): no workflow is called so" in finding["text"]
    assert "did you mean 'answer'?" in finding["text"]
    repository.commit({FILE: right})
    assert findings(review(repository)) == []


def typed(repository: Repository, text: str, start: str) -> None:
    found = re.search(f"`git ({start.removeprefix('git ')} [^`]+)`", text)
    assert found
    repository.git(*found[1].split())
