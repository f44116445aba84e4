"""A file that moves while the configuration has its old name: reviewed as moved, with the mend."""

import pytest

from tests.commands.test_init_update import update, written
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    change,
    configuration,
    review,
    tokens,
    workflow,
)

LONG = "\n".join(f"Rule {number}: sort the parcels by weight." for number in range(20))
RULES = f'SYSTEM_PROMPT = """{LONG}"""\n'
TOOLS = '[{"type": "function", "function": {"name": "sort", "parameters": {"type": "object", "properties": {}}}}]\n'
START = {
    CONFIGURATION: configuration(
        {
            "constant": workflow("app/rules.py#SYSTEM_PROMPT"),
            "file": workflow("prompts/rules.txt"),
            "pattern": workflow("{path: prompts/rules.j2, role: user}", samples="[{name: s, variables: {a: b}}]"),
            "tools": workflow("prompts/other.txt", tools="tools/own.json"),
            "other": workflow("prompts/other.txt"),
        }
    ),
    "app/rules.py": RULES,
    "prompts/rules.txt": LONG,
    "prompts/rules.j2": f"{LONG}\n{{{{ a }}}}",
    "prompts/other.txt": tokens(10),
    "tools/own.json": TOOLS,
}  # fmt: skip
MOVES: dict[str, tuple[str, str, str]] = {
    "constant": ("app/rules.py", "app/more/new_rules.py", "#SYSTEM_PROMPT"),
    "file": ("prompts/rules.txt", "prompts/more/new.txt", ""),
    "pattern": ("prompts/rules.j2", "prompts/new.jinja", ""),
    "tools": ("tools/own.json", "tools/new.json", ""),
}


@pytest.mark.parametrize("name", MOVES)
def test_a_renamed_file_is_reviewed_and_its_line_named(repository: Repository, name: str) -> None:
    old, new, selector = MOVES[name]
    edit = {old: None, new: START[old], "prompts/other.txt": tokens(12)}
    outcome = change(repository, START, edit)
    assert outcome.code == 1, outcome.errors
    moved = outcome.workflow(name)
    assert (moved["state"], moved["verdict"]) == ("changed", "fail")
    assert moved["before"] is not None
    assert moved["after"] is not None
    (finding,) = moved["findings"]
    line = 4 + list(outcome_names()).index(name)
    told = f"moved: {old}{selector} is {new}{selector} now"
    mend = f"write that in the configuration (line {line}), or `reviewbot init --update` does"
    assert finding["text"] == f"{told}: {mend}"
    assert (finding["rule"], finding["verdict"]) == ("moved", "fail")
    assert outcome.workflow("other")["verdict"] == "pass", "the rest is reviewed"
    update(repository)
    assert written(repository).replace('"', "") == START[CONFIGURATION].replace(old, new)
    repository.commit({CONFIGURATION: written(repository)})
    assert review(repository).code == 0, review(repository, form="terminal").out


def outcome_names() -> list[str]:
    """The workflows in the order of their lines."""
    return [line.split(":")[0].strip() for line in START[CONFIGURATION].splitlines()[3:]]


def test_a_renamed_file_that_grew_is_held_against_its_limits(repository: Repository) -> None:
    own = workflow("prompts/rules.txt", envelope="{increase: {hard: 5%}}")
    start = {CONFIGURATION: configuration({"w": own}), "prompts/rules.txt": LONG}
    grown = {"prompts/rules.txt": None, "prompts/new.txt": f"{LONG}\n{tokens(60)}"}
    outcome = change(repository, start, grown)
    assert outcome.code == 1
    assert outcome.rules() == {"moved": "fail", "increase": "fail"}


def test_a_renamed_file_without_the_constant_tells_that_this_is_deleted(
    repository: Repository,
) -> None:
    rest = "\n".join(f"X_{number} = {number} * {number}" for number in range(200))
    start = START | {"app/rules.py": f"{rest}\n{RULES}"}
    edit = {"app/rules.py": None, "app/new.py": f"{rest}\n", "prompts/other.txt": tokens(12)}
    outcome = change(repository, start, edit)
    assert outcome.code == 1, outcome.errors
    (finding,) = outcome.workflow("constant")["findings"]
    assert "its prompt file app/rules.py is deleted: delete line 4 of" in finding["text"]
    assert outcome.workflow("other")["verdict"] == "pass"


def test_a_new_workflow_that_names_the_old_file_is_refused(repository: Repository) -> None:
    own = configuration({"other": workflow("prompts/other.txt")})
    more = own + f"  file: {workflow('prompts/rules.txt')}\n"
    edit = {"prompts/rules.txt": None, "prompts/new.txt": LONG, CONFIGURATION: more}
    outcome = change(repository, {**START, CONFIGURATION: own}, edit)
    assert outcome.code == 2
    assert "it was renamed: name 'prompts/new.txt'" in outcome.errors


SENDER = """\
from app import rules
from app.history import build_message


def build(history):
    messages = [{"role": "system", "content": rules.SYSTEM_PROMPT}]
    for item in history:
        text = item.get("text", "")
        messages.append(build_message({"role": "user", "text": f"Now.\\n{text}"}))
    return messages
"""


def test_a_module_that_moves_and_keeps_its_name_where_it_is_used(repository: Repository) -> None:
    before = START | {
        CONFIGURATION: configuration({"w": workflow("app/rules.py#SYSTEM_PROMPT")}),
        "app/sender.py": SENDER,
    }
    edit = {
        "app/rules.py": None,
        "app/base_prompt.py": RULES,
        "app/sender.py": SENDER.replace("import rules", "import base_prompt as rules"),
    }
    outcome = change(repository, before, edit)
    assert [one["rule"] for one in outcome.all_findings()] == ["moved"]
