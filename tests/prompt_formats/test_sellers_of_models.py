"""A model is sold by whoever the client of its call belongs to, whoever made the model."""

import pytest

from tests.support.importing import read

TEXT = "Say it, and say it to all of them right here."
LLAMA = "meta-llama/Llama-3.3-70B-Instruct-Turbo"

TYPESCRIPT = {
    "a provider that is made": (
        (
            "import { createTogetherAI } from '@ai-sdk/togetherai';\n"
            "export const client = createTogetherAI({ apiKey: key });"
        ),
        f"client('{LLAMA}')",
        f"together/{LLAMA}",
    ),
    "a package's own provider": (
        "export { groq as client } from '@ai-sdk/groq';\nimport { groq } from '@ai-sdk/groq';",
        "groq('meta-llama/llama-guard-4-12b')",
        "groq/meta-llama/llama-guard-4-12b",
    ),
    "one under another name": (
        "import { deepinfra as cheap } from '@ai-sdk/deepinfra';\nexport const client = cheap;",
        "cheap('llama-3')",
        "deepinfra/llama-3",
    ),
    "an address": (
        "export const client = createOpenAI({ baseURL: 'https://api.groq.com/openai/v1' });",
        "client.chat('llama-3.3-70b-versatile')",
        "groq/llama-3.3-70b-versatile",
    ),
    "an address by default": (
        "export const client = createOpenAI({ baseURL: process.env.URL || 'https://openrouter.ai/api/v1' });",
        "client('anthropic/claude-3.5-sonnet')",
        "openrouter/anthropic/claude-3.5-sonnet",
    ),
    "a client that may be missing": (
        "export const client = process.env.KEY ? createFireworks({}) : undefined;",
        "client?.('accounts/fireworks/models/deepseek-r1')",
        "fireworks/accounts/fireworks/models/deepseek-r1",
    ),
    "a maker's client under another name": (
        "export const client = createGoogleGenerativeAI({});",
        "client('gemini-2.5-flash')",
        "google/gemini-2.5-flash",
    ),
    "a client of a name of its own": (
        "export const client = createOpenAICompatible({ name: 'ark', baseURL: 'https://a.example/v1' });",
        "client('seed-1')",
        "ark/seed-1",
    ),
    "a class of a library": (
        "",
        f"new ChatTogetherAI({{ model: '{LLAMA}' }})",
        f"together/{LLAMA}",
    ),
    "an address of a library": (
        "",
        "new ChatOpenAI({ model: 'qwen/qwen3-32b', configuration: { baseURL: 'https://api.groq.com/openai/v1' } })",
        "groq/qwen/qwen3-32b",
    ),
    "a gateway": ("", "gateway('openai/gpt-4o')", "openai/gpt-4o"),
    "its provider twice": ("", "openrouter('openrouter/auto')", "openrouter/auto"),
}
PYTHON = {
    "a class": ("client = Groq()", "groq/llama-3.3-70b-versatile"),
    "an asynchronous one": (
        "client = AsyncTogether(api_key=key)",
        "together/llama-3.3-70b-versatile",
    ),
    "an address": (
        "client = OpenAI(base_url='https://api.together.xyz/v1', api_key=key)",
        "together/llama-3.3-70b-versatile",
    ),
    "an address by default": (
        "client = AsyncOpenAI(base_url=os.getenv('URL', 'https://openrouter.ai/api/v1'))",
        "openrouter/llama-3.3-70b-versatile",
    ),
    "what wraps a client": (
        "client = instructor.from_groq(Groq())",
        "groq/llama-3.3-70b-versatile",
    ),
    "the maker's": ("client = OpenAI()", "llama-3.3-70b-versatile"),
}
MADE_IN_PYTHON = {
    "ChatGroq(model='qwen/qwen3-32b')": "groq/qwen/qwen3-32b",
    "ChatTogether(model_name='qwen/qwen3-32b')": "together/qwen/qwen3-32b",
    "ChatOpenAI(model='qwen/qwen3-32b', base_url='https://api.groq.com/openai/v1')": "groq/qwen/qwen3-32b",
    "ChatOpenAI(model='qwen/qwen3-32b', openai_api_base='https://openrouter.ai/api/v1')": "openrouter/qwen/qwen3-32b",
    "ChatOpenAI(model='gpt-4o')": "gpt-4o",
}


@pytest.mark.parametrize("is_apart", [False, True], ids=["here", "imported"])
@pytest.mark.parametrize("case", TYPESCRIPT)
def test_the_client_of_typescript_says_who_sells(case: str, *, is_apart: bool) -> None:
    before, model, said = TYPESCRIPT[case]
    is_apart = is_apart and "client" in model
    head = "import { client } from './ai';" if is_apart else before
    sent = f"messages: [{{ role: 'user', content: '{TEXT}' }}]"
    source = f"{head}\nconst ask = () => generateText({{ model: {model}, {sent} }});\n"
    files: dict[str, str | None] = {"src/ask.ts": source, "src/ai.ts": before}
    assert read(files, "src/ask.ts", "ask.messages").file.model == said


@pytest.mark.parametrize("is_apart", [False, True], ids=["here", "imported"])
@pytest.mark.parametrize(
    "client",
    [
        "new Groq()",
        "new OpenAI({ baseURL: 'https://api.groq.com/openai/v1' })",
        "wrapped(new OpenAI({ baseURL: 'https://api.groq.com/openai/v1' }))",
    ],
)
def test_the_client_of_a_request_of_typescript_says_it(client: str, *, is_apart: bool) -> None:
    before = f"export const client = {client};"
    head = "import { client } from './ai';" if is_apart else before
    sent = f"messages: [{{ role: 'user', content: '{TEXT}' }}]"
    source = f"{head}\nconst ask = () => client.chat.completions.create({{ model: 'qwen/qwen3-32b', {sent} }});\n"
    files: dict[str, str | None] = {"src/ask.ts": source, "src/ai.ts": before}
    assert read(files, "src/ask.ts", "ask.messages").file.model == "groq/qwen/qwen3-32b"


@pytest.mark.parametrize("is_apart", [False, True], ids=["here", "imported"])
@pytest.mark.parametrize("case", PYTHON)
def test_the_client_of_python_says_who_sells(case: str, *, is_apart: bool) -> None:
    before, said = PYTHON[case]
    head = "from src.ai import client" if is_apart else before
    sent = f"messages=[{{'role': 'user', 'content': '{TEXT}'}}]"
    source = (
        f"import os\n{head}\ndef ask():\n"
        f"  return client.chat.completions.create(model='llama-3.3-70b-versatile', {sent})\n"
    )
    files: dict[str, str | None] = {"src/ask.py": source, "src/ai.py": f"import os\n{before}\n"}
    assert read(files, "src/ask.py", "ask.messages").file.model == said


@pytest.mark.parametrize("made", MADE_IN_PYTHON)
def test_the_class_of_a_model_says_who_sells(made: str) -> None:
    source = f"def ask():\n  prompt = '{TEXT}'\n  return {made}.invoke(prompt)\n"
    found = read({"a.py": source}, "a.py", "ask.prompt").file
    assert found.model == MADE_IN_PYTHON[made]


def test_a_client_of_an_object_says_who_sells() -> None:
    source = (
        "class A:\n  def __init__(self):\n    self.client = Groq()\n  def ask(self):\n"
        "    return self.client.chat.completions.create(model='qwen/qwen3-32b',"
        f" messages=[{{'role': 'user', 'content': '{TEXT}'}}])\n"
    )
    found = read({"a.py": source}, "a.py", "A.ask.messages").file
    assert found.model == "groq/qwen/qwen3-32b"
