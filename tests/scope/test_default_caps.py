"""Caps of answers that are defaults of functions."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

PYTHON = """\
def ask(question, {}, timeout=60):
    return client.chat.completions.create(model="gpt-4o", max_tokens=max_tokens, messages=question)
"""
SCRIPT = """\
export async function ask(question: string, {}) {{
  return client.chat.completions.create({{ model: "gpt-4o", max_tokens: maxTokens, messages }});
}}
"""
FORMS = {
    "plain": ("app.py", PYTHON.format("max_tokens=4096")),
    "annotated": ("app.py", PYTHON.format("max_tokens: int = 4096")),
    "annotated as a choice": ("app.py", PYTHON.format("max_tokens: int | None = 4_096")),
    "optional": ("app.py", PYTHON.format("max_tokens: Optional[int] = 4096")),
    "a field": ("app.py", "class Settings(BaseModel):\n    max_tokens: int = 4096\n"),
    "a script": ("app.ts", SCRIPT.format("maxTokens = 4096")),
    "an annotated script": ("app.ts", SCRIPT.format("maxTokens: number = 4096")),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_larger_default_is_a_warning(repository: Repository, name: str) -> None:
    path, text = FORMS[name]
    files = {
        CONFIGURATION: configuration({"w": workflow("system.txt")}),
        "system.txt": "You sort parcels.",
        path: text,
    }
    raised = text.replace("4096", "16384").replace("4_096", "16384")
    (found,) = change(repository, files, {path: raised}).report["findings"]
    assert (found["rule"], found["verdict"]) == ("model_in_code", "warn")
    assert "16,384 tokens now, was 4,096" in found["text"]
