"""A law: what `init --update` has written, it writes again, to the byte."""

import pytest

from tests.commands.test_init import init
from tests.commands.test_init_update import LONG, MINE, update, written
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION

Files = dict[str, str | bytes | None]

BROKEN = f"""\
from langchain_core.prompts import PromptTemplate
SORT_PROMPT = PromptTemplate(template="{LONG}Answer like {{'id': 1}} and in no other way.")
SHELF_PROMPT = PromptTemplate(template="{LONG}Answer like {{'shelf': 1}} and {{name}} alone.")
"""
START: Files = {
    "prompts/draft.md": "no prompt yet",
    "prompts/zeta.md": "z",
    "prompts/alpha/system.md": "a",
    "app/texts.py": f'ALPHA_PROMPT = "{LONG}"\n',
}
REPOSITORIES: dict[str, tuple[Files, Files]] = {
    "prompts that cannot be measured": ({}, {"app/more.py": BROKEN}),
    "templates that are broken": (
        {},
        {"prompts/one.j2": "{% if x %}", "prompts/b.j2": "{{ b }}", "more prompts/a,b/c d.j2": "{{"},
    ),
    "several languages": (
        {},
        {
            "a.ts": f"const sortPrompt = `{LONG}${{name}}`;\nconst tagPrompt = `{LONG}{{{{ tag }}}}`;\n",
            "b.yaml": f"sort_prompt: {LONG}\nuser_prompt: Hello\n",
            "prompts/c.mustache": "{{#open}}",
            "prompts/d.hbs": "{{#if a}}{{b}}{{/if}}",
        },
    ),
    "calls": (
        {},
        {
            "a.py": f'def a(q):\n    return client.responses.create(model="gpt-4o", instructions="{LONG}", input=q)\n'
            f'def b(q):\n    return client.responses.create(model="m-none", instructions="{LONG}!", input=q)\n'
        },
    ),
    "what has moved and what is gone": (
        {"app/steps.py": f'STEPS = [{{"prompt": "{LONG}"}}, {{"prompt": "Say it. {LONG}"}}]\n'},
        {
            "app/texts.py": "A = 1\n",
            "app/more.py": f'BETA_PROMPT = "{LONG}"\n',
            "app/steps.py": f'STEPS = [{{"prompt": "Say it. {LONG}"}}]\n',
        },
    ),
    "lines of Windows": ({}, {"app/more.py": BROKEN.replace("\n", "\r\n"), "p/x.j2": "{{ y }}"}),
}  # fmt: skip


@pytest.mark.parametrize(
    "own", [MINE, MINE.replace("\n", "\r\n"), None], ids=["ours", "CRLF", "init's"]
)
@pytest.mark.parametrize("what", REPOSITORIES)
def test_twice_is_once(repository: Repository, what: str, own: str | None) -> None:
    before, after = REPOSITORIES[what]
    repository.commit({**START, **before})
    text = own
    if text is None:
        init(repository)
        text = written(repository)
    repository.commit({CONFIGURATION: text})
    repository.branch("work")
    repository.commit(after)
    update(repository)
    once = written(repository)
    outcome = update(repository)
    assert written(repository) == once
    assert "the file stays as it is" in outcome.out
    assert "added: " not in outcome.out


def test_what_can_be_measured_by_now_is_added(repository: Repository) -> None:
    broken = "{% if x %}You sort it."
    repository.commit({**START, CONFIGURATION: MINE, "prompts/sort.j2": broken})
    assert "added: sort: prompts/sort.j2 (as a comment: " in " ".join(
        update(repository).out.split()
    )
    assert "still not measured: prompts/sort.j2: " in " ".join(update(repository).out.split())
    repository.commit({"prompts/sort.j2": broken + "{% endif %}"})
    assert "added: sort: prompts/sort.j2\n" in update(repository).out
    assert "\n    sort:\n" in written(repository)


@pytest.mark.parametrize("own", ["2026-13-01 meeting", "0x_", '"\\UFFFFFFFF"', "[" * 1_000])
def test_a_comment_of_ones_own_is_no_prompt(repository: Repository, own: str) -> None:
    repository.commit({**START, CONFIGURATION: f"{MINE}# - {own}\n"})
    outcome = update(repository)
    assert (outcome.code, outcome.errors) == (0, "")


def test_what_init_writes_is_in_use(repository: Repository) -> None:
    words = "You are a clerk who sorts the parcels of a large house by weight and by size. " * 2
    source = f'import dedent from "dedent";\nexport const sortPrompt = dedent`\n  {words}\n`;\n'
    repository.commit({"src/app.ts": source})
    init(repository)
    repository.commit({CONFIGURATION: written(repository)})
    assert "_: " in written(repository)
    assert "not used any more" not in update(repository).out


def test_a_name_that_other_code_keeps_is_renamed(repository: Repository) -> None:
    words = "You are a clerk who sorts the parcels of a large house by weight and by size. " * 2
    source = (
        f'def sort_prompt(house):\n    return f"""{words}{{house}}"""\n\n\n'
        'def told(house):\n    return f"in {house}"\n'
    )
    repository.commit({"app.py": source})
    init(repository)
    mine = written(repository).replace("house: {tokens: 100}", "house: {tokens: 7}")
    repository.commit({CONFIGURATION: mine})
    repository.branch("work")
    renamed = source.replace("(house):", "(home):", 1).replace("{house}", "{home}", 1)
    repository.commit({"app.py": renamed})
    assert "`house` is `home`" in " ".join(update(repository).out.split())
    assert "home: {tokens: 7}" in written(repository)
