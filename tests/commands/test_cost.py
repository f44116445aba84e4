"""`reviewbot cost` and `reviewbot check` in repositories with and without a configuration."""

import io
import re

import pytest

from reviewbot.cli import main
from reviewbot.outputs.narrow_table import shorten
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, configuration, review, tokens, workflow

NAMED = "prompts/answer/system.md"
ADDED = "prompts/legal/system.md"


def cost(
    repository: Repository, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, str]:
    capsys.readouterr()
    code = main(["cost", "--repo", str(repository.path), *arguments])
    return code, capsys.readouterr().out


def row(table: str, name: str) -> list[str]:
    (line,) = [line for line in table.splitlines() if line.startswith(f"{name} ")]
    return re.split(r" {2,}", line.strip())


def test_every_prompt_is_priced_without_a_configuration(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit({NAMED: tokens(1000)})
    code, table = cost(repository, capsys)
    # gpt-4.1: 1,000 + 7 of framing at $2 and 300 at $8 a million tokens
    assert row(table, "answer") == ["answer", "openai/gpt-4.1", "1,007", "$0.004414", "$4.41"]
    assert row(table, "total") == ["total", "$4.41"]
    assert "Assumed: 1,000 calls a month with 300 output tokens each" in " ".join(table.split())
    assert code == 0


def test_the_table_follows_a_configuration(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    traffic = "[{calls: 2_000/month, output_tokens: 0}]"
    repository.commit(
        {
            PROMPT: tokens(1000),
            CONFIGURATION: configuration({"w": workflow(traffic=traffic, model="openai/gpt-4o")}),
        }
    )
    code, table = cost(repository, capsys)
    # 1,007 tokens at $2.50 a million, 2,000 times; gpt-4o's framing is confirmed
    assert row(table, "w") == ["w", "openai/gpt-4o", "1,007", "$0.002518", "$2.52", "$5.04"]
    assert row(table, "total") == ["total", "$5.04"]
    assert (code, "Assumed" in table) == (0, False)


def test_where_each_row_comes_from_is_told(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit({NAMED: "x", "prompts/sort.j2": "Sort {{ mail }} by {{ date }}."})
    code, said = cost(repository, capsys, "--verbose")
    assert code == 0
    assert "Where:\n  answer: prompts/answer/system.md\n  sort: prompts/sort.j2\n" in said
    assumed = "2 variables without a sample have 100 tokens each (5 for a name, a number or a date)"
    assert assumed in " ".join(said.split())
    repository.commit({CONFIGURATION: configuration({"w": workflow(NAMED)})})
    assert f"Where:\n  w: {NAMED}\n" in cost(repository, capsys, "--verbose")[1]
    assert "Where:" not in cost(repository, capsys)[1]


def test_where_there_is_room_each_row_names_its_first_prompt(
    repository: Repository, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit(
        {"prompts/answer/system.md": "You answer.", "prompts/answer/user.j2": "{{ question }}"}
    )
    monkeypatch.setenv("COLUMNS", "120")
    table = cost(repository, capsys)[1]
    assert row(table, "answer")[-1] == "prompts/answer/system.md +1"
    said = cost(repository, capsys, "--verbose")[1]
    assert row(said, "answer")[-1].startswith("$"), "it stands in full below"
    assert "  answer: prompts/answer/system.md, prompts/answer/user.j2" in said
    monkeypatch.setenv("COLUMNS", "70")
    assert "system.md" not in cost(repository, capsys)[1]


def test_a_workflow_that_cannot_be_measured_is_named(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    both = {"good": workflow(), "bad": workflow(model="nobody/knows")}
    repository.commit({PROMPT: tokens(10), CONFIGURATION: configuration(both)})
    code, table = cost(repository, capsys)
    assert code == 3
    assert "not measured: bad: " in table
    assert row(table, "good")[0] == "good"


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_figures_never_break(
    columns: int,
    repository: Repository,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    name = "a-workflow-with-a-name-that-is-rather-long"
    repository.commit({PROMPT: tokens(123_456), CONFIGURATION: configuration({name: workflow()})})
    _, table = cost(repository, capsys)
    assert max(map(len, table.splitlines())) <= columns
    assert "123,463" in table
    assert "$0.3097" in table
    assert "$309.66" in table


def test_names_break_at_their_hyphens_and_a_common_model_is_said_once(
    repository: Repository,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    name = "summarize-the-answers-of-a-customer"
    both = {name: workflow(), "w": workflow()}
    repository.commit({PROMPT: tokens(1000), CONFIGURATION: configuration(both)})
    _, table = cost(repository, capsys)
    lines = table.splitlines()
    assert lines[0].split() == ["workflow", "input", "tokens", "a", "call", "a", "month"]
    assert [lines[2].split()[0], lines[3].strip()] == ["summarize-the-answers-of-", "a-customer"]
    assert "All of them: openai/gpt-4o." in lines


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_the_dearest_and_sums_up_the_others(
    repository: Repository, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    flows = {
        f"w{number:02}": workflow(
            "p/a.txt", traffic=f"[{{calls: {number + 1}_000/month, output_tokens: 0}}]"
        )
        for number in range(30)
    }
    repository.commit({"p/a.txt": tokens(1000), CONFIGURATION: configuration(flows)})
    _, piped = cost(repository, capsys)
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setenv("TERM", "dumb")
    main(["cost", "--repo", str(repository.path)])
    shown = terminal.getvalue()
    assert [row(piped, "w00")[-1], row(piped, "w29")[-1]] == ["$2.52", "$75.52"]
    # five workflows of 1,000 to 5,000 calls, at 1,007 x $2.50 a million
    assert row(shown, "and 5 more") == ["and 5 more", "$37.76"]
    assert ("w04 " in shown, "w05 " in shown) == (False, True)
    assert row(shown, "total") == row(piped, "total")


def test_a_repository_without_prompts_says_so(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit({"program.py": "pass\n"})
    assert main(["cost", "--repo", str(repository.path)]) == 2
    assert (
        "no prompts were found in 1 file, by name, folder, ending or calls"
        in capsys.readouterr().err
    )


def test_a_change_is_reviewed_without_a_configuration_and_never_fails(
    repository: Repository,
) -> None:
    repository.commit({NAMED: tokens(100), "prompts/other.md": tokens(50)})
    repository.branch("work")
    repository.commit({NAMED: tokens(5000), ADDED: tokens(300)})
    outcome = review(repository)
    states = {item["name"]: item["state"] for item in outcome.report["workflows"]}
    assert states == {"answer": "changed", "legal": "new"}
    assert outcome.report["unaffected_workflows"] == ["other"]
    # 4,900 + 307 tokens more and 300 of the new one's answers: at $2 and $8 a million, 1,000 times
    assert outcome.report["totals"]["change_usd_per_month"] == "12.814"
    assert (outcome.code, outcome.report["verdict"]) == (0, "pass")
    assert outcome.report["notes"] == []
    assert "1,000 calls a month" in outcome.report["advisory"]
    told = review(repository, form="terminal").out.partition("Advisory: ")[2]
    assert "there is no .github/reviewbot.yml" in told
    assert "`--verbose` says the rest" in " ".join(told.split("Estimated:")[0].split())
    verbose = review(repository, "--verbose", form="terminal").out
    assert "1,000 calls" in verbose
    assert "a month of" not in verbose
    assert told.rpartition("reviewbot: ")[2] == verbose.rpartition("reviewbot: ")[2]


def test_without_limits_the_cause_of_each_change_is_told_and_no_row_is_ticked(
    repository: Repository,
) -> None:
    repository.commit({NAMED: tokens(100)})
    repository.branch("work")
    repository.commit({NAMED: tokens(100) + f"\n{tokens(900)}"})
    said = " ".join(review(repository, form="terminal").out.split())
    assert f"cause answer: {NAMED}:1–2: +" in said
    assert "· answer" in said
    assert "✓" not in said


def test_where_nothing_has_changed_no_prompt_is_looked_for(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"prompts/a.txt": tokens(10)})
    monkeypatch.setattr("reviewbot.unconfigured.propose_workflows", None)
    outcome = review(repository)
    assert outcome.code == 0
    assert outcome.report["verdict"] == "pass"
    assert "nothing has changed, so no prompt was looked for" in outcome.report["advisory"]
    assert outcome.report["unowned"] == []


def test_a_change_of_a_repository_without_prompts_passes(repository: Repository) -> None:
    repository.commit({"program.py": "pass\n"})
    repository.branch("work")
    repository.commit({"program.py": "pass # more\n"})
    outcome = review(repository)
    assert (outcome.code, outcome.report["workflows"]) == (0, [])


def test_a_configuration_that_the_change_removes_is_no_lack_of_one(repository: Repository) -> None:
    repository.commit({PROMPT: tokens(10), CONFIGURATION: configuration({"w": workflow()})})
    repository.branch("work")
    repository.commit({CONFIGURATION: None})
    outcome = review(repository)
    assert outcome.code == 2
    assert "the change removes the configuration" in outcome.errors


def test_what_was_left_out_is_said(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit({NAMED: tokens(1000), "tests/a.py": f"SORT_PROMPT = '{tokens(99)}'\n"})
    _, table = cost(repository, capsys)
    said = "Left out: 1 folder; `reviewbot cost --verbose` says which and why."
    assert said in " ".join(table.split())
    assert re.search(
        "^Left out:\n  tests.*: .+$", cost(repository, capsys, "--verbose")[1], re.MULTILINE
    )
    repository.commit({"tests/a.py": None})
    assert "Left out" not in cost(repository, capsys)[1]


def test_of_many_that_were_left_out_the_likely_ones_are_shown(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {f"a{number:02}/tests/a.py": "pass\n" for number in range(12)}
    texts["z.py"] = f"import x\nSORT_PROMPT = '{tokens(99)}'\nSORT_PROMPT = x.y(SORT_PROMPT)\n"
    repository.commit({NAMED: tokens(1000), **texts})
    shown = cost(repository, capsys, "--verbose")[1]
    lines = shown.partition("Left out:\n")[2].splitlines()
    assert lines[0].startswith("  z.py#SORT_PROMPT: line 3: ")
    assert "  and 3 more: `reviewbot init --output -` names each" in lines
    assert ("a08/tests/" in shown, "a09/tests/" in shown) == (True, False)


def test_sums_of_several_workflows_are_called_so(repository: Repository) -> None:
    two = {"a": workflow(), "b": workflow()}
    repository.commit({PROMPT: tokens(1000), CONFIGURATION: configuration(two)})
    repository.branch("work")
    repository.commit({PROMPT: tokens(1100)})
    said = " ".join(review(repository, "--quiet", form="terminal").out.split())
    assert "; 2 workflows together $7.04 → $7.54 a month (+$0.50)." in said


def test_a_terminal_shortens_long_names_and_breaks_none(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "code-generator-workflow-factory-handle-of-a-customer"
    flows = {f"{long}-{number}": workflow("p/a.txt") for number in range(27)}
    flows["other"] = workflow("p/a.txt", model="openai/gpt-4.1-mini")
    repository.commit({"p/a.txt": tokens(1000), CONFIGURATION: configuration(flows)})
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setenv("TERM", "dumb")  # 80 columns
    main(["cost", "--repo", str(repository.path)])
    table, _, below = terminal.getvalue().partition("total")
    lines = table.splitlines()
    assert max(map(len, lines)) <= 80
    # a title, a rule, 25 rows, the others, and a blank line
    assert len(lines) == 29
    assert re.search(r"^code-\S+…\S+-26 +gpt-4o +1,007 +\$0.003518 +\$3.52$", table, re.MULTILINE)
    assert "Provider of all models: openai." in below
    assert "3 more: `reviewbot cost --verbose` shows them." in below


def test_names_that_shortened_would_be_the_same_break() -> None:
    columns = {"workflow": ["a-long-name-x-of-a-shop", "a-long-name-y-of-a-shop"]}
    shorten(columns, ["workflow"], 14)
    assert [cell.replace("\n", "") for cell in columns["workflow"]] == [
        "a-long-name-x-of-a-shop",
        "a-long-name-y-of-a-shop",
    ]


def test_what_cannot_be_measured_is_named_and_fails_nothing_without_a_configuration(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = "{% include 'nowhere.j2' %} " + tokens(40)
    repository.commit({NAMED: tokens(100), "prompts/broken.j2": broken})
    code, table = cost(repository, capsys)
    assert (code, "not measured: broken: " in table) == (0, True)


def test_the_cost_of_some_workflows(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    both = {"w": workflow(), "other": workflow("b.txt")}
    files = {CONFIGURATION: configuration(both), PROMPT: tokens(10), "b.txt": tokens(500)}
    repository.commit(files)
    code, table = cost(repository, capsys, "other")
    assert (code, "\nw " in table) == (0, False)
    assert row(table, "total")[-1] == row(table, "other")[-1]
    assert main(["cost", "--repo", str(repository.path), "othr"]) == 2
    assert "did you mean `other`?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("assumed", "output", "cap", "said"),
    [
        # 407 tokens at 2.5, and 1,000 or 100 at 10 USD a million, in 1,000 calls
        (
            True,
            1000,
            None,
            "Of the total about $10.00 is output of assumed length and $1.02 input.",
        ),
        (False, 1000, None, "Of the total about $10.00 is output and $1.02 input."),
        (
            True,
            1000,
            200,
            "Of the total about $2.00 is output at its cap (assumed), and $1.02 input",
        ),
        (False, 1000, 200, "Of the total about $2.00 is output at its cap, and $1.02 input."),
        (True, 100, 200, None),
    ],
)
def test_where_answers_cost_most_their_part_is_told(
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    assumed: bool,
    output: int,
    cap: int | None,
    said: str | None,
) -> None:
    prompt = "p.prompt.yml"
    limit = f"modelParameters: {{maxCompletionTokens: {cap}}}\n" if cap else ""
    text = f"{limit}messages: [{{role: system, content: {tokens(400)}}}]\n"
    traffic = f"traffic: [{{calls: 1000/month, output_tokens: {output}}}]"
    guessed = ", assumed: [traffic]" if assumed else ""
    settings = configuration(
        {"w": workflow(prompt, traffic="")}, defaults=f"{{{traffic}{guessed}}}"
    )
    repository.commit({prompt: text, CONFIGURATION: settings})
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["cost", "--repo", str(repository.path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    told = " ".join(lines)
    assert ("Of the total" in told) == (said is not None)
    assert said is None or said in told


def test_figures_of_guessed_samples_are_marked_until_they_are_no_guess(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit({NAMED: tokens(1000), "prompts/sort.j2": "Sort {{ mail }}."})
    guessed = "≈ rests on sample values that reviewbot guessed\n"

    def shown() -> tuple[str, str, bool]:
        table = cost(repository, capsys)[1]
        return row(table, "answer")[-3], row(table, "sort")[-3], guessed in table

    assert shown() == ("1,007", "≈109", True)
    assert main(["init", "--repo", str(repository.path), "--no-input"]) == 0
    assert guessed in capsys.readouterr().out
    text = (repository.path / CONFIGURATION).read_text()
    repository.commit({CONFIGURATION: text})
    assert shown() == ("1,007", "≈109", True)
    repository.commit({CONFIGURATION: text.replace("    assumed: [samples]\n", "")})
    assert shown() == ("1,007", "109", False)


def test_check_without_a_configuration_says_that_samples_are_guessed(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit({NAMED: "x", "prompts/sort.j2": "Sort {{ mail }}."})
    repository.commit({"prompts/sort.j2": "Sort all of {{ mail }}."})
    capsys.readouterr()
    assert main(["check", "--repo", str(repository.path), "--base", "HEAD~1", "--verbose"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert (
        "are assumed; this one names none; 1 variable without a sample has 100 tokens each" in said
    )
    repository.commit({NAMED: "x y"})
    assert main(["check", "--repo", str(repository.path), "--base", "HEAD~1", "--verbose"]) == 0
    assert "without a sample" not in capsys.readouterr().out


def test_defaults_of_the_environment_are_priced_and_nameless_models_are_counted(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    words = (
        "You answer the questions of customers in short and friendly words, and name their order."
    )
    sent = f'return create(model=SMART, messages=[{{"role": "system", "content": "{words}"}}])'
    source = f'import os\nSMART = os.getenv("SMART", "openai/gpt-4o")\ndef ask(q):\n    {sent}\n'
    repository.commit({"bot/agent.py": source, NAMED: words})
    code, table = cost(repository, capsys)
    (line,) = [line for line in table.splitlines() if " openai/gpt-4o " in line]
    assert "names no model; 1 of 2 workflows names none." in " ".join(table.split())
    assert code == 0
    repository.commit({"bot/agent.py": source.replace("gpt-4o", "gpt-4o-mini")})
    capsys.readouterr()
    main(["check", "--repo", str(repository.path), "--base", "HEAD~1"])
    said = " ".join(capsys.readouterr().out.split())
    assert "model openai/gpt-4o → openai/gpt-4o-mini" in said
    named = line.split()[0]
    settings = workflow("'bot/agent.py#ask.messages'", model="openai/gpt-4.1")
    repository.commit({CONFIGURATION: configuration({named: settings})})
    assert row(cost(repository, capsys)[1], named)[1] == "openai/gpt-4.1"
