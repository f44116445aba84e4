"""The sentence of the verdict takes two lines of a terminal at most."""

import pytest

from reviewbot.cli import main
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, review, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
LONG = "SYSTEM_PROMPT_OF_THE_ASSISTANT_THAT_SORTS_ALL_OF_THE_PARCELS"
OTHER = "SYSTEM_PROMPT_OF_THE_ASSISTANT_THAT_SORTS_EACH_OF_THE_PARCELS"
PATH = "source/assistants/for_parcels/prompts_of_the_assistant.py"


def test_a_long_reason_is_cut_and_the_amount_is_not(repository: Repository) -> None:
    flows = {
        "sorts-parcels": workflow(f'"{PATH}#{LONG}"'),
        "greets": workflow('"other.py#GREETING"'),
    }
    files = {
        CONFIGURATION: configuration(flows),
        PATH: f'{LONG} = "{RULES}"\n',
        "other.py": f'GREETING = "{RULES}"\n',
    }
    after = {PATH: f'{OTHER} = "{RULES}"\n', "other.py": f'GREETING = "{RULES} {RULES}"\n'}
    told = change(repository, files, after)
    assert told.code == 1
    out = review(repository, "--base", "main", form="terminal").out
    said = out[out.rindex("reviewbot: ") :].rstrip("\n").split("\n")
    assert len(said) <= 2
    assert "$" in " ".join(said)
    assert OTHER in " ".join(out.split())


HOUSE = 'def rules():\n    told = ["{}"]\n    return " ".join(told)\n'
AGENT = """\
from openai import OpenAI

from rules import rules

SYSTEM = "{}"


def ask(question):
    client = OpenAI()
    told = [{{"role": "system", "content": SYSTEM + rules()}}, {{"role": "user", "content": question}}]
    return client.chat.completions.create(model="openai/gpt-4.1", messages=told)
"""
FILES = {
    CONFIGURATION: configuration({"sorts": workflow("agent.py#SYSTEM")}),
    "agent.py": AGENT.format(RULES),
    "rules.py": HOUSE.format("Be brief."),
}
GROWN = {
    "agent.py": AGENT.format(RULES.replace("large", "small")),
    "rules.py": HOUSE.format(RULES * 9),
}


def test_a_reason_is_cut_where_a_clause_ends(repository: Repository) -> None:
    change(repository, FILES, GROWN)
    out = review(repository, "--base", "main", form="terminal").out
    said = " ".join(out[out.rindex("reviewbot: ") :].split())
    assert "…" not in said
    assert "a month); $" in said


def test_a_workflow_has_no_tick_where_text_of_its_calls_grew(repository: Repository) -> None:
    told = change(repository, FILES, GROWN)
    assert told.report["findings"][0]["concerns"] == ["sorts"]
    out = review(repository, "--base", "main", form="terminal").out
    assert [line.split()[:2] for line in out.splitlines() if "same" in line] == [["✋", "sorts"]]
    assert out.count("`rules` grew by") == 2  # below the table, and in the verdict
    for form in ("markdown", "html"):
        page = review(repository, "--base", "main", form=form).out
        assert "✅" not in page
        assert ">✓<" not in page


def test_no_line_ends_within_a_command(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {name: text for name, text in FILES.items() if name != CONFIGURATION}
    change(repository, files, GROWN)
    for columns in range(60, 121, 7):
        monkeypatch.setenv("COLUMNS", str(columns))
        out = review(repository, "--base", "main", form="terminal").out
        assert "`reviewbot init`" in out
        assert all(line.count("`") % 2 == 0 for line in out.splitlines()), out


def test_as_few_names_break_as_may_be(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    flows = {f"apply-minimal-v-{n}-tweaks": workflow("a.md") for n in range(2, 9)}
    flows["title"] = workflow("a.md", model="together/Qwen/Qwen3.5-9B")
    repository.commit({CONFIGURATION: configuration(flows), "a.md": RULES})
    monkeypatch.setenv("COLUMNS", "80")
    main(["cost", "--repo", str(repository.path)])
    out = capsys.readouterr().out
    assert "apply-minimal-v-2-tweaks" in out
    assert max(map(len, out.splitlines())) <= 80
