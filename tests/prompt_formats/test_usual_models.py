"""Of several models that a function gives, the call's arguments or the usual conditions choose."""

import pytest

from reviewbot.prompt import PromptFile
from tests.support.importing import read

TEXT = "Say it, and say it to all of them right here."
LARGE, SMALL = "openai/gpt-4o", "openai/gpt-4o-mini"
BY_NAME = (
    "  if kind == 'large':\n    return 'openai/gpt-4o'\n"
    "  if kind == 'small':\n    return 'openai/gpt-4o-mini'\n  raise ValueError(kind)"
)
BY_CASE = (
    "switch (kind) { case 'large': return openai('gpt-4o');\n"
    "case 'tiny': case 'small': return openai('gpt-4o-mini'); default: throw new Error(kind); }"
)
GIVEN_IN_PYTHON = {
    "the name itself": ("pick('openai/gpt-4o-mini')", "def pick(name):\n  return name"),
    "a name that goes before a default": (
        "pick('openai/gpt-4o-mini')",
        "def pick(name='openai/gpt-4o'):\n  return ChatOpenAI(model=name)",
    ),
    "a name by its argument": (
        "pick(name='openai/gpt-4o-mini', hot=True)",
        "def pick(hot, name='openai/gpt-4o'):\n  return ChatOpenAI(model=name)",
    ),
    "the default": ("pick()", "def pick(name='openai/gpt-4o-mini'):\n  return Chat(model=name)"),
    "a kind": ("pick('small')", f"def pick(kind):\n{BY_NAME}"),
    "the default kind": ("pick()", f"def pick(kind='small'):\n{BY_NAME}"),
    "a kind through two functions": (
        "pick('small')",
        f"def inner(kind):\n{BY_NAME}\ndef pick(kind):\n  return inner(kind)",
    ),
    "a key of a table": (
        "pick('small')",
        "ALL = {'small': 'openai/gpt-4o-mini', 'large': 'openai/gpt-4o'}\ndef pick(kind):\n  return ALL[kind]",
    ),
    "a case": (
        "pick('small')",
        "def pick(kind):\n  match kind:\n    case 'large':\n      return 'openai/gpt-4o'\n    case _:\n      return 'openai/gpt-4o-mini'",
    ),
}
GIVEN_IN_TYPESCRIPT = {
    "the name itself": ("pick('gpt-4o-mini')", "export const pick = (id) => openai(id);"),
    "a name that goes before a default": (
        "pick('gpt-4o-mini')",
        "export function pick(id = 'gpt-4o') { return openai(id); }",
    ),
    "a name in an object": (
        "pick({ id: 'gpt-4o-mini' })",
        "export function pick({ id = 'gpt-4o' }) { return openai(id); }",
    ),
    "the default": ("pick()", "export function pick(id = 'gpt-4o-mini') { return openai(id); }"),
    "a kind": ("pick('small')", f"export function pick(kind) {{ {BY_CASE} }}"),
    "the default kind": ("pick()", f"export function pick(kind = 'small') {{ {BY_CASE} }}"),
    "a kind through two functions": (
        "pick('small')",
        f"function inner(kind) {{ {BY_CASE} }}\nexport const pick = (kind) => inner(kind);",
    ),
    "a choice": (
        "pick('small')",
        "export const pick = (kind) => kind === 'large' ? openai('gpt-4o') : openai('gpt-4o-mini');",
    ),
}
USUAL_IN_PYTHON = {
    "no key of another provider": (
        "def pick():\n  if os.getenv('OTHER_KEY'):\n    return Chat(model='openai/gpt-4o')\n"
        "  return Chat(model='openai/gpt-4o-mini')"
    ),
    "the usual provider": (
        "def pick():\n  kind = os.environ.get('KIND', 'SMALL').lower()\n"
        f"  if not os.getenv('KEY'):\n    raise ValueError('no key')\n{BY_NAME}"
    ),
    "what stands behind `or`": "def pick():\n  return (Chat(model='openai/gpt-4o') if os.getenv('A') else None) or Chat(model='openai/gpt-4o-mini')",
}
USUAL_IN_TYPESCRIPT = {
    "no key of another provider": (
        "export function pick() { if (process.env.OTHER_KEY) return openai('gpt-4o');\n"
        "return openai('gpt-4o-mini'); }"
    ),
    "the usual provider": (
        "export function pick() { const kind = (process.env.KIND ?? 'SMALL').toLowerCase();\n"
        f"if (!process.env.KEY) {{ throw new Error('no key'); }}\n{BY_CASE} }}"
    ),
    "what stands behind `??`": (
        "const openai = process.env.KEY ? createOpenAI({ apiKey: process.env.KEY }) : undefined;\n"
        "const own = process.env.OWN ? openai?.(process.env.OWN) : undefined;\n"
        "const other = process.env.OTHER ? wrapLanguageModel({ model: gateway('openai/gpt-4o') }) : undefined;\n"
        "const small = openai?.('gpt-4o-mini', { reasoningEffort: 'low' });\n"
        "export function pick() { if (own) { return own; }\nconst found = other ?? small;\n"
        "if (!found) { throw new Error('none'); }\nreturn found as LanguageModel; }"
    ),
}
OPEN_IN_PYTHON = {
    "what a caller chooses": ("pick(q)", f"def pick(kind='small'):\n{BY_NAME}"),
    "arguments in a list": ("pick(*q)", f"def pick(kind='small'):\n{BY_NAME}"),
    "two calls": ("pick('small') if q else pick('large')", f"def pick(kind):\n{BY_NAME}"),
    "what a request says": (
        "pick(q)",
        "def pick(q):\n  return 'openai/gpt-4o' if q.paid else SMALL",
    ),
    "a name from a caller": (
        "pick(q)",
        "def pick(name='openai/gpt-4o'):\n  return Chat(model=name)",
    ),
    "what a loop finds": (
        "pick('small')",
        "def pick(kind):\n  for one in all_of(kind):\n    return one\n  return 'openai/gpt-4o'",
    ),
}
OPEN_IN_TYPESCRIPT = {
    "what a caller chooses": ("pick(q)", f"export function pick(kind = 'small') {{ {BY_CASE} }}"),
    "arguments in a list": (
        "pick(...q)",
        f"export function pick(kind = 'small') {{ {BY_CASE} }}",
    ),
    "two calls": (
        "q ? pick('small') : pick('large')",
        f"export function pick(kind) {{ {BY_CASE} }}",
    ),
    "an object from a caller": (
        "pick(q)",
        "export function pick({ id = 'gpt-4o' }) { return openai(id); }",
    ),
    "either client": (
        "pick()",
        "export const pick = () => a?.('gpt-4o') ?? openai('gpt-4o-mini');",
    ),
}


def python(model: str, before: str, *, is_apart: bool) -> PromptFile:
    head = "from src.models import pick" if is_apart else before
    sent = f"messages=[{{'role': 'user', 'content': '{TEXT}'}}]"
    source = f"import os\n{head}\ndef ask(q):\n  return create(model={model}, {sent})\n"
    files: dict[str, str | None] = {"src/ask.py": source, "src/models.py": f"import os\n{before}\n"}
    return read(files, "src/ask.py", "ask.messages").file


def typescript(model: str, before: str, *, is_apart: bool) -> PromptFile:
    head = "import { pick } from './models';" if is_apart else before
    sent = f"messages: [{{ role: 'user', content: '{TEXT}' }}]"
    source = f"{head}\nfunction ask(q) {{ return generateText({{ model: {model}, {sent} }}); }}\n"
    files: dict[str, str | None] = {"src/ask.ts": source, "src/models.ts": before}
    return read(files, "src/ask.ts", "ask.messages").file


apart = pytest.mark.parametrize("is_apart", [False, True], ids=["here", "imported"])


@apart
@pytest.mark.parametrize(("model", "before"), GIVEN_IN_PYTHON.values(), ids=GIVEN_IN_PYTHON)
def test_what_a_call_gives_chooses_in_python(model: str, before: str, *, is_apart: bool) -> None:
    assert python(model, before, is_apart=is_apart).model == SMALL


@apart
@pytest.mark.parametrize(("model", "before"), GIVEN_IN_TYPESCRIPT.values(), ids=GIVEN_IN_TYPESCRIPT)
def test_what_a_call_gives_chooses_in_typescript(
    model: str, before: str, *, is_apart: bool
) -> None:
    assert typescript(model, before, is_apart=is_apart).model == SMALL


@apart
@pytest.mark.parametrize("before", USUAL_IN_PYTHON.values(), ids=USUAL_IN_PYTHON)
def test_what_the_environment_may_change_in_python_is_a_default(
    before: str, *, is_apart: bool
) -> None:
    file = python("pick()", before, is_apart=is_apart)
    assert (file.model, file.default_model) == (None, SMALL)


@apart
@pytest.mark.parametrize("before", USUAL_IN_TYPESCRIPT.values(), ids=USUAL_IN_TYPESCRIPT)
def test_what_the_environment_may_change_in_typescript_is_a_default(
    before: str, *, is_apart: bool
) -> None:
    file = typescript("pick()", before, is_apart=is_apart)
    assert (file.model, file.default_model) == (None, SMALL)


@apart
@pytest.mark.parametrize(("model", "before"), OPEN_IN_PYTHON.values(), ids=OPEN_IN_PYTHON)
def test_what_python_leaves_open_is_no_default(model: str, before: str, *, is_apart: bool) -> None:
    file = python(model, before, is_apart=is_apart)
    assert (file.model, file.default_model) == (None, None)


@apart
@pytest.mark.parametrize(("model", "before"), OPEN_IN_TYPESCRIPT.values(), ids=OPEN_IN_TYPESCRIPT)
def test_what_typescript_leaves_open_is_no_default(
    model: str, before: str, *, is_apart: bool
) -> None:
    file = typescript(model, before, is_apart=is_apart)
    assert (file.model, file.default_model) == (None, None)


def test_functions_that_call_each_other_with_more_are_read_in_time() -> None:
    source = "export function pick(q) { return q ? pick(q.a) : pick(q.b); }"
    assert typescript("pick('a')", source, is_apart=False).model is None
    text = "def pick(q):\n  return pick([q, 1]) if q else pick([q, 2])"
    assert python("pick('a')", text, is_apart=False).model is None
