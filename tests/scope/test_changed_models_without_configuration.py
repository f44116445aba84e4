"""Without a configuration, a model that changes near a prompt shows in its cost, and is told."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import change

TEXT = (
    "You are a newspaper writer, and you write long articles about all that happens in the town"
    " every day, for readers who live there."
)
CREATED = "    return client.chat.completions.create(model=MODEL, messages=messages)\n"
PYTHON = f'def write(queue):\n    prompt = "{TEXT}"\n    queue.put(prompt)\n'
TYPESCRIPT = (
    f'export function write(queue: Queue) {{\n  const prompt = "{TEXT}";\n  queue.put(prompt);\n'
)
CLASS = f'class Writer:\n    model: str = "OLD"\n    system_prompt = "{TEXT}"\n'

NEAR = {
    "in its function": ("app.py", f'{PYTHON}    start(model="OLD")\n'),
    "as a constant": ("app.py", f'MODEL = "OLD"\n\n\n{PYTHON}\n\ndef go(messages):\n{CREATED}'),
    "in its class": (
        "app.py",
        f"{CLASS}\n    def go(self, topic):\n        return self.llm.run(self.system_prompt)\n",
    ),
    "as a default": (
        "app.py",
        f'PROMPT = "{TEXT}"\n\n\ndef go(topic, model="OLD"):\n    return run(model, PROMPT)\n',
    ),
    "in a function of TypeScript": (
        "app.ts",
        f'import {{ start }} from "./client";\n\n{TYPESCRIPT}  start({{ model: "OLD" }});\n}}\n',
    ),
    "as a constant of TypeScript": ("app.ts", f'const MODEL = "OLD";\n\n{TYPESCRIPT}}}\n'),
}


@pytest.mark.parametrize("case", NEAR)
@pytest.mark.parametrize(("was", "now"), [("gpt-4o-mini", "gpt-4o"), ("gpt-4o", "gpt-4o-mini")])
def test_a_model_near_a_prompt_is_priced_on_both_sides(
    repository: Repository, case: str, was: str, now: str
) -> None:
    path, code = NEAR[case]
    files = {path: code.replace("OLD", was)}
    outcome = change(repository, files, {path: code.replace("OLD", now)})
    (found,) = outcome.report["workflows"]
    assert (found["before"]["model"], found["after"]["model"]) == (was, now)
    ratio = outcome.usd("after", found["name"]) / outcome.usd("before", found["name"])
    assert ratio > 10 if now == "gpt-4o" else ratio < 1 / 10
    (finding,) = outcome.report["findings"]
    assert finding["verdict"] == outcome.report["verdict"] == "warn"
    assert now in finding["text"]
    assert was in finding["text"]
    assert found["name"] in finding["text"]


def test_a_model_where_code_sends_a_file_is_priced_on_both_sides(repository: Repository) -> None:
    code = (
        "from pathlib import Path\n\n\ndef ask(question):\n"
        '    text = Path("prompts/summary.md").read_text()\n'
        '    return client.create(model="gpt-4o", messages=[{"role": "user", "content": text}])\n'
    )
    outcome = change(
        repository,
        {"prompts/summary.md": TEXT, "app.py": code},
        {"app.py": code.replace("gpt-4o", "gpt-4-32k")},
    )
    (found,) = outcome.report["workflows"]
    assert (found["before"]["model"], found["after"]["model"]) == ("gpt-4o", "gpt-4-32k")
    assert outcome.usd("after", found["name"]) > 10 * outcome.usd("before", found["name"])
