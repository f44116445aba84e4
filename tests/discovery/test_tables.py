"""Texts that no call sends by themselves are no workflows: examples, parts, rows of a table."""

from reviewbot.discovery.calls import Proposed
from reviewbot.discovery.findings import Found
from reviewbot.discovery.tables import without_parts
from tests.commands.test_init import init
from tests.commands.test_init_update import update, written
from tests.support.repository import Repository

LONG = "You sort the parcels of a large house by weight and size, and you name the shelf for each of them. "


def rows(count: int) -> str:
    told = "".join(
        f"  rule{n}: {{ critiqueRequest: `Say whether rule {n} is kept. {LONG}`,"
        f" revisionRequest: `Write it anew by rule {n}{'!' * n}. {LONG}` }},\n"
        for n in range(count)
    )
    return f"export const PRINCIPLES = {{\n{told}}};\n"


def test_a_table_is_one_workflow(repository: Repository) -> None:
    repository.commit({"src/prompts/rules.ts": rows(14)})
    outcome = init(repository)
    text = written(repository)
    assert text.count("\n      - {path: ") == 1, text
    assert '{path: "src/prompts/rules.ts#PRINCIPLES.rule13.revisionRequest"' in text
    assert "# - src/prompts/rules.ts#PRINCIPLES.rule3.critiqueRequest: a row of the table" in text
    told = " ".join(outcome.out.split())
    assert "27 × a row of the table `PRINCIPLES`: the longest of its texts is proposed and" in told
    assert "or its folder under `coverage.ignore`" in told
    repository.commit({".github/reviewbot.yml": text})
    update(repository)
    assert written(repository) == text


def test_a_few_texts_are_workflows_of_their_own(repository: Repository) -> None:
    repository.commit({"src/prompts/rules.ts": rows(3)})
    init(repository)
    assert written(repository).count("\n      - {path: ") == 6


def test_examples_and_parts_of_templates_are_none(repository: Repository) -> None:
    shown = "".join(f"{{ critique: `Critique {n}. {LONG}` }}, " for n in range(3))
    source = f"export const examples = [{shown}];\n"
    source += (
        f"export const askPrompt = {{ prefix: `Prefix. {LONG}`, suffix: `Suffix. {LONG}` }};\n"
    )
    source += f"export const systemPrompt = `You answer in a friendly voice. {LONG}`;\n"
    repository.commit({"src/prompts.ts": source})
    init(repository)
    text = written(repository)
    assert text.count("\n      - {path: ") == 1
    assert "#examples.2.critique: an example that goes into a prompt" in text
    assert "#askPrompt.suffix: a part of a template" in text


def row(selector: str, length: int) -> Proposed:
    found = Found(
        path="a.py",
        selector=selector,
        format="python",
        role=None,
        name=(),
        group="",
        text="x" * length,
    )
    return Proposed(name=selector, prompts=(found,))


def test_each_table_has_a_row_that_stands_for_it() -> None:
    column = [row(f"RULES.r{n}.say.text", 50 + n) for n in range(12)]
    line = [row(f"RULES.r0.own{n}.text", 10 + n) for n in range(12)]
    whole, left_out = without_parts([*column, *line])
    assert [item.name for item in whole] == ["RULES.r11.say.text", "RULES.r0.own11.text"]
    longer = [row(f"RULES.r11.own{n}.text", 100 + n) for n in range(12)]
    whole, left_out = without_parts([*column, *longer])
    assert [item.name for item in whole] == ["RULES.r11.say.text", "RULES.r11.own11.text"]
    assert len(left_out) == len({item.what for item in left_out}) == 22


def test_what_people_are_shown_and_benchmarks_ask_is_none(repository: Repository) -> None:
    lists = "".join(f"`{n}. {LONG}`, " for n in range(3))
    screen = "import * as p from '@clack/prompts';\n"
    screen += (
        "export async function promptEmailProviders() {\n  p.note(\n"
        f'    "You can leave providers unconfigured for now. {LONG}",\n    "Providers",\n  );\n}}\n'
    )
    tasks = "".join(f'{{"prompt": "{n}. {LONG}"}}, ' for n in range(3))
    repository.commit(
        {
            "src/assistant/examples.ts": f"export const personas = {{ a: {{ promptArray: [[{lists}]] }} }};\n",
            "src/list.ts": f"export const examplePromptsBase = [{lists}];\n",
            "cli/setup.ts": screen,
            "app/recency_benchmark.py": f"TASKS = [{tasks}]\n",
            "src/prompts.ts": f"export const systemPrompt = `You answer kindly. {LONG}`;\n",
        }
    )
    init(repository)
    text = written(repository)
    assert text.count("\n      - {path: ") == 1, text
    assert "an example that people are shown" in text
    assert "a task of a benchmark" in text
    assert "a text for people" in text


def test_a_text_of_which_nothing_is_known_is_no_workflow(repository: Repository) -> None:
    """A comment that a bot writes is empty, but for what conditions add."""
    source = (
        "def run(self):\n    prompt = ''\n    if isinstance(self.provider, GitHub):\n"
        f"        prompt = f'You answer {{self.said}}. {LONG}'\n    self.llm.chat(prompt)\n"
    )
    repository.commit(
        {
            "app/a.py": "def build_prompt(x):\n    prompt = f'{x}'\n    return prompt\n",
            "prompts/a.j2": "{% if a %}{{ b }}{% endif %}",
            "prompts/b.md": LONG,
            "prompts/c.j2": "{% set x = 1 %}",
            "app/b.py": source,
        }
    )
    init(repository)
    text = written(repository)
    assert "# - prompts/c.j2: no text of it is known" in text
    assert "path: prompts/c.j2" not in text
    assert "prompts/b.md" in text
