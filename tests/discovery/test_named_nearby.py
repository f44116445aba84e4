"""A prompt that names no model is assumed to call one that is named near it, and that is said."""

import time
from collections.abc import Iterable

import pytest

from reviewbot.allowance import Allowance
from reviewbot.discovery.basis import Basis
from reviewbot.discovery.calls import Proposed
from reviewbot.discovery.configuration_text import configuration_text
from reviewbot.discovery.findings import Found
from reviewbot.discovery.named_nearby import nearby_lines, with_nearby
from reviewbot.errors import Problem
from reviewbot.repository.trees import Entry

PROMPT = "You are a newspaper writer, and you write long articles about all that happens."
WRITER = f'def write(queue):\n    prompt = "{PROMPT}"\n    queue.put(prompt)\n'

NEAR = {
    "in its function": (
        {"app.py": f'{WRITER}    start(model="gpt-4o")\n\n\nOTHER_MODEL = "gpt-4.1-mini"\n'},
        "a model is named at app.py:4 (gpt-4o), not connected to the prompt",
    ),
    "in its file": (
        {
            "app.py": f'class Request:\n    model: str = Field(default="gpt-4o")\n\n\n{WRITER}',
            "other.py": 'MODEL = "gpt-4.1-mini"\n',
        },
        "a model is named at app.py:2 (gpt-4o), not connected to the prompt",
    ),
    "in its project": (
        {"app.py": WRITER, "llm/client.py": 'DEFAULT_MODEL = "gpt-4o"\n'},
        "a model is named at llm/client.py:1 (gpt-4o), not connected to the prompt",
    ),
    "under the name of an earlier one": (
        {"app.py": WRITER, "llm/client.py": 'O3_MINI_MODEL = "gpt-4o"\n'},
        "a model is named at llm/client.py:1 (gpt-4o), not connected to the prompt",
    ),
    "by its provider's library": (
        {"app.py": f"from anthropic import Anthropic\n\n\n{WRITER}"},
        "anthropic/claude-sonnet-4-5 is assumed, since app.py imports its provider's library",
    ),
}


class Files:
    """Files of a project in memory."""

    def __init__(self, files: dict[str, str]) -> None:
        self._files = files
        self.paths = [*files]
        self.uncommitted: frozenset[str] = frozenset()
        self.is_staged = False

    def entry(self, path: str) -> Entry | None:
        raise AssertionError(path)

    def obstacle(self, path: str) -> str | None:
        raise AssertionError(path)

    def read(self, paths: Iterable[str]) -> dict[str, bytes | Problem]:
        return {path: self._files[path].encode() for path in paths}


def proposed(name: str) -> Proposed:
    """The workflow of the prompt in a function of `app.py`."""
    selector = f"{name}.prompt"
    first = Found(
        path="app.py", selector=selector, format="python", role=None, name=(name,), group="app.py"
    )
    return Proposed(name=name, prompts=(first,))


def assumed(files: dict[str, str], seconds: float = 60) -> Proposed:
    """The workflow of the prompt in `app.py` among these files."""
    (found,) = with_nearby([proposed("write")], Files(files), Allowance(seconds=seconds))
    return found


@pytest.mark.parametrize("case", NEAR)
def test_a_model_that_is_named_nearby_is_assumed(case: str) -> None:
    files, said = NEAR[case]
    found = assumed(files)
    assert nearby_lines([found]) == [f"1 workflow: {said}"]
    text = configuration_text([found], {}, ())
    assert f"    model: {found.nearby.model if found.nearby else None}  # CHANGE: {said}" in text
    assert "    assumed: [model]" in text


def test_a_model_that_a_person_names_is_for_prompts_that_name_none() -> None:
    basis = Basis(model="gpt-5", assumed=())
    text = configuration_text([assumed(NEAR["in its file"][0])], {}, (), basis)
    assert "  model: gpt-5\n" in text
    assert "    model: gpt-4o  # CHANGE: a model is named at" in text


NOT = {
    "several": {"app.py": f'ONE_MODEL = "gpt-4o"\nOTHER_MODEL = "gpt-4.1-mini"\n\n\n{WRITER}'},
    "a table of them": {"app.py": f'MODEL_TOKENS = {{"gpt-4o": 4000}}\n\n\n{WRITER}'},
    "a comparison": {"app.py": f'if model == "gpt-4o":\n    pass\n\n\n{WRITER}'},
}

OWN = '\n\ndef other(text):\n    create(model="gpt-4o", messages=[{"role": "system", "content": RULES}])\n'
NOT |= {
    "a call that sends another text": {"app.py": f"{WRITER}{OWN}"},
    "such a call of another file": {"app.py": WRITER, "other.py": OWN},
    "one that paints": {"app.py": f'IMAGE_MODEL = "gpt-image-1"\n\n\n{WRITER}'},
    "one that judges": {"app.py": f'MODEL = "meta-llama/llama-guard-4-12b"\n\n\n{WRITER}'},
    "one that embeds": {"app.py": f'MODEL = "text-embedding-3-small"\n\n\n{WRITER}'},
    "an exception": {"app.py": f'MODEL = "gpt-4o" if is_large else usual\n\n\n{WRITER}'},
    "one for something else": {"app.py": WRITER, "title.py": 'ASSET_TITLE_MODEL = "gpt-4o"\n'},
}


LENT = {
    "a call that sends what it is given": (
        "def ask(system, text):\n    return create(model='gpt-4o', messages=[\n"
        "        {'role': 'system', 'content': system}, {'role': 'user', 'content': text}])\n"
    ),
    "such messages": "def ask(messages):\n    return create(model='gpt-4o', messages=messages)\n",
    "what makes a model": "llm = ChatOpenAI(model='gpt-4o', temperature=0)\n",
    "an argument": "def ask(prompt, model='gpt-4o'):\n    pass\n",
}


@pytest.mark.parametrize("case", LENT)
def test_what_sends_any_text_lends_its_model(case: str) -> None:
    found = assumed({"app.py": WRITER, "llm.py": LENT[case]}).nearby
    assert found is not None
    assert found.model == "gpt-4o"


SCRIPTS = {
    "an exception": "const ask = () => run({ model: is ? xai.responses('grok-4-0709') : usual });\n",
    "an own text": "const ask = (q) => generateText({\n  model: openai('gpt-4o'),\n  system: RULES,\n});\n",
    "an own list": (
        "async function check(images: string[]) {\n  const messages = images.map(one);\n"
        "  return generateText({ model: openai('gpt-4o'), messages, temperature: 0 });\n}\n"
    ),
    "a text that is made": (
        "const ask = async ({ text }) => {\n  const made = render(text);\n"
        "  return generateText({ model: openai('gpt-4o'), prompt: made });\n};\n"
    ),
}


@pytest.mark.parametrize("case", SCRIPTS)
def test_what_does_not_settle_one_in_a_script_is_not_assumed(case: str) -> None:
    assert assumed({"app.py": WRITER, "ask.ts": SCRIPTS[case]}).nearby is None


def test_a_script_that_sends_what_it_is_given_lends_its_model() -> None:
    script = (
        "export async function ask(system: string, prompt: string) {\n"
        "  return generateText({ model: groq('llama-3.3-70b-versatile'), system, prompt });\n}\n"
    )
    found = assumed({"app.py": WRITER, "ask.ts": script}).nearby
    assert found is not None
    assert found.model == "groq/llama-3.3-70b-versatile"


@pytest.mark.parametrize("case", NOT)
def test_what_does_not_settle_one_is_not_assumed(case: str) -> None:
    assert assumed(NOT[case]).nearby is None


@pytest.mark.parametrize("case", NEAR)
def test_nothing_is_assumed_when_the_time_is_over(case: str) -> None:
    assert assumed(NEAR[case][0], seconds=0).nearby is None


LARGE = {
    "a model each": 'def f{0}():\n    prompt = "You write."\n    go(model="gpt-4o-2024-{0:05}")\n',
    "one model": 'def f{0}():\n    prompt = "You write."\n    go(model="gpt-4o")\n',
    "no function": 'prompt{0} = "You write."\nmodel{0} = "gpt-4o"\nllm = "gpt-4.1-mini"\n',
    "no model": "model:model:model:model:model:model:model:model: # {0}\n",
}


@pytest.mark.parametrize("case", LARGE)
def test_a_large_file_is_read_once_for_all_its_prompts(case: str) -> None:
    code = "".join(LARGE[case].format(number) for number in range(15_000))
    workflows = [proposed(f"f{number}") for number in range(1_000)]
    began = time.process_time()
    with_nearby(workflows, Files({"app.py": code}), Allowance(seconds=600))
    assert time.process_time() - began < 6
