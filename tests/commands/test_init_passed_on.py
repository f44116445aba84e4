"""A prompt behind a function that trims or wraps it: its own variables get the samples."""

import io
from contextlib import redirect_stderr, redirect_stdout

import pytest

from reviewbot.cli import main
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION

WORDS = "Read the contents below with care, and write down what they say about the question. " * 9
TYPESCRIPT = f"""import {{ generateText }} from 'ai';
import {{ openai }} from '@ai-sdk/openai';
import {{ trimPrompt }} from './trimming';

export async function learn(question: string, contents: string[]) {{
  const res = await generateText({{
    model: openai('gpt-4o'),
    prompt: trimPrompt(
      `{WORDS}<question>${{question}}</question> the question (if any) <contents>${{contents.join()}}</contents>`,
    ),
  }});
  return res.text;
}}
"""
TRIMMING = """export function trimPrompt(prompt: string, size = 128_000): string {
  if (!prompt) {
    return '';
  }
  const length = encoder.encode(prompt).length;
  if (length <= size) {
    return prompt;
  }
  return trimPrompt(prompt.slice(0, size), size);
}
"""
PYTHON = f"""import openai
from trimming import trim_prompt

def learn(question, contents):
    return openai.chat.completions.create(
        model="gpt-4o",
        messages=[{{
            "role": "user",
            "content": trim_prompt(f"{WORDS}<question>{{question}}</question> <c>{{contents[0]}}</c>"),
        }}],
    )
"""


def run(repository: Repository, *arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        code = main([*arguments, "--repo", str(repository.path)])
    return int(code), out.getvalue()


@pytest.mark.parametrize(
    ("path", "code", "other"),
    [("src/learn.ts", TYPESCRIPT, '"contents.join()"'), ("learn.py", PYTHON, '"contents[0]"')],
)
def test_the_variables_inside_of_the_text_have_samples(
    repository: Repository, path: str, code: str, other: str
) -> None:
    repository.commit({path: code, "src/trimming.ts": TRIMMING})
    exit_code, said = run(repository, "init")
    assert exit_code == 0, said
    written = (repository.path / CONFIGURATION).read_text()
    assert "          question: {tokens: 100}\n" in written
    assert f"          {other}: {{tokens: 100}}\n" in written
    assert max(map(len, written.splitlines())) < 140, "no text of a prompt is a variable's name"
    exit_code, explained = run(repository, "explain", "learn", "--worktree")
    assert exit_code == 0, explained
    name = other.strip('"')
    assert f"variables put in 200 ({name} 100, question 100)" in " ".join(explained.split())
