"""The table of `reviewbot usage` on narrow terminals: figures and short names never break."""

from pathlib import Path

import pytest

from tests.support.usage import repository, run
from tests.usage.test_prices_and_days import litellm, written

TIERS = "tiers: {premium: [openai/gpt-4.1], economy: [openai/gpt-4.1-mini]}\n"


def shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int, **values: object
) -> list[str]:
    monkeypatch.setenv("COLUMNS", str(width))
    rows = [litellm(n, prompt_tokens=123_456_789, spend=98_765.43, **values) for n in range(9)]
    log = written(tmp_path / "log.jsonl", rows)
    outcome = run(repository(tmp_path / "r", usage=TIERS), "usage", log, "--format", "litellm")
    assert outcome.code == 0, outcome.errors
    return outcome.out.splitlines()


def test_what_all_rows_have_in_common_is_said_below_a_narrow_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = shown(tmp_path, monkeypatch, 70)
    assert max(map(len, lines)) <= 70
    said = " ".join(" ".join(lines).split())
    assert "All of them: tenant acme, environment prod, tier premium." in said
    assert "123,456,789" in said
    assert "$888,888.87" in said


def test_a_wide_terminal_has_every_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = shown(tmp_path, monkeypatch, 120)
    assert lines[1].split()[:4] == ["workflow", "tenant", "environment", "tier"]
    assert "All of them" not in " ".join(lines)


def test_what_differs_stays_a_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    rows = [
        litellm(f"{flow}{team}{n}", team_id=team, request_tags=[f"feature:{flow}", "env:prod"])
        for flow in ("answer", "triage")
        for team in ("acme", "globex")
        for n in range(1_000)
    ]
    log = written(tmp_path / "log.jsonl", rows)
    lines = run(
        repository(tmp_path / "r", usage=TIERS), "usage", log, "--format", "litellm"
    ).out.splitlines()
    assert max(map(len, lines)) <= 80
    table = "\n".join(lines)
    for name in ("workflow", "tenant", "answer", "triage", "acme", "globex", "premium", "1,000"):
        assert name in table


def test_days_stand_in_their_order(tmp_path: Path) -> None:
    rows = [
        litellm(
            f"{day}{flow}",
            startTime=f"2026-11-0{day}T00:00:00Z",
            request_tags=[f"feature:{flow}"],
            spend=spend,
        )
        for flow, spends in (("answer", (0.1, 0.3, 0.2)), ("triage", (5, 4, 6)))
        for day, spend in enumerate(spends, 1)
    ]
    log = written(tmp_path / "log.jsonl", rows)
    where = repository(tmp_path / "r")
    found = {}
    for by in ("workflow,day", "day,workflow", "workflow"):
        outcome = run(where, "usage", log, "--format", "litellm", "--by", by, "--json")
        lines = outcome.report["lines"]
        found[by] = [(line["workflow"][0], line.get("day", "")[-1:]) for line in lines]
    assert found["workflow,day"] == [*zip("tttaaa", "123123", strict=True)]
    assert found["day,workflow"] == [*zip("tatata", "112233", strict=True)]
    assert found["workflow"] == [("t", ""), ("a", "")]


def test_a_source_without_paths_says_what_to_type(tmp_path: Path) -> None:
    usage = "usage:\n  sources: [{format: litellm}]\n"
    outcome = run(repository(tmp_path / "r", usage=usage), "drift")
    assert outcome.code == 2
    assert (
        "the source in `usage.sources` has no `paths`; add them, or name files: reviewbot drift LOG"
        in (outcome.errors)
    )
