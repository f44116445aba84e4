"""A model that a function gives is the one that all its ways leave, mocks and tests aside."""

import time

import pytest

from tests.support.importing import read

TEXT = "Say it, and say it to all of them right here."
SMALL = "openai/gpt-4o-mini"

TYPESCRIPT = {
    "a function": ("pick()", "export function pick() { return openai('gpt-4o-mini'); }"),
    "an arrow": ("pick()", "export const pick = () => openai('gpt-4o-mini');"),
    "an awaited one": (
        "await pick()",
        "export async function pick() { return openai('gpt-4o-mini'); }",
    ),
    "a gateway": (
        "pick()",
        "export const pick = () => gateway.languageModel('openai/gpt-4o-mini');",
    ),
    "a class": (
        "pick()",
        "export const pick = () => new ChatOpenAI({ model: 'openai/gpt-4o-mini' });",
    ),
    "a name": ("pick()", "export const pick = () => 'openai/gpt-4o-mini';"),
    "a constant of the file": (
        "pick()",
        "const small = { id: 'openai/gpt-4o-mini' };\nexport const pick = () => gateway(small.id);",
    ),
    "one behind the other": (
        "pick()",
        "const inner = () => openai('gpt-4o-mini');\nexport function pick() { return inner(); }",
    ),
    "a mock in tests": (
        "pick()",
        (
            "export function pick() {\n  if (isTestEnvironment && own) { return own.languageModel('title'); }\n"
            "  return openai('gpt-4o-mini');\n}"
        ),
    ),
    "a mock in tests by the environment": (
        "pick()",
        "export const pick = () => process.env.NODE_ENV === 'test' ? new Mock() : openai('gpt-4o-mini');",
    ),
    "none in tests": (
        "pick()",
        "export const pick = () => !process.env.PLAYWRIGHT ? openai('gpt-4o-mini') : null;",
    ),
    "the same on all ways": (
        "pick()",
        "export function pick(q) { if (q) return openai('gpt-4o-mini'); return openai('gpt-4o-mini'); }",
    ),
    "a choice that is no function": (
        "pick",
        "export const pick = isTest ? mock : openai('gpt-4o-mini');",
    ),
    "a provider of the project": (
        "pick.languageModel('title')",
        (
            "export const pick = isTest\n  ? customProvider({ languageModels: { title: mock } })\n"
            "  : customProvider({ languageModels: { title: openai('gpt-4o-mini'), chat: openai('gpt-4o') } });"
        ),
    ),
    "what wraps it": (
        "pick()",
        "export const pick = () => wrapLanguageModel({ model: openai('gpt-4o-mini'), middleware: [] });",
    ),
    "itself, again": (
        "pick()",
        "export function pick(q) { if (q) return pick(); return openai('gpt-4o-mini'); }",
    ),
}
PYTHON = {
    "a function": ("pick()", "def pick():\n  return 'openai/gpt-4o-mini'"),
    "a class": ("pick()", "def pick():\n  return ChatOpenAI(model='openai/gpt-4o-mini')"),
    "an awaited one": (
        "await pick()",
        "async def pick():\n  return ChatOpenAI(model='openai/gpt-4o-mini')",
    ),
    "a constant of the file": (
        "pick()",
        "SMALL = 'openai/gpt-4o-mini'\ndef pick():\n  return SMALL",
    ),
    "one behind the other": (
        "pick()",
        "def inner(q):\n  return 'openai/gpt-4o-mini'\ndef pick():\n  return inner(1)",
    ),
    "a mock in tests": (
        "pick()",
        "def pick():\n  if settings.is_test:\n    return Mock()\n  return 'openai/gpt-4o-mini'",
    ),
    "a mock in tests by the environment": (
        "pick()",
        "def pick():\n  return Mock() if os.environ['APP_ENV'] == 'test' else 'openai/gpt-4o-mini'",
    ),
    "the same on all ways": (
        "pick()",
        "def pick(q):\n  if q:\n    return 'openai/gpt-4o-mini'\n  return 'openai/gpt-4o-mini'",
    ),
    "itself, again": (
        "pick()",
        "def pick(q):\n  if q:\n    return pick(0)\n  return 'openai/gpt-4o-mini'",
    ),
}
NOT_SETTLED_IN_TYPESCRIPT = {
    "two models": (
        "pick()",
        "export function pick(q) { if (q) return openai('gpt-4o'); return openai('gpt-4o-mini'); }",
    ),
    "an argument on one way": (
        "pick('a')",
        "export function pick(id) { if (id) return openai(id); return openai('gpt-4o-mini'); }",
    ),
    "an experiment": (
        "pick()",
        "export const pick = () => isTestGroup ? unknown() : openai('gpt-4o-mini');",
    ),
    "a known model in tests": (
        "pick()",
        "export const pick = () => isTest ? openai('gpt-4o') : openai('gpt-4o-mini');",
    ),
    "either test or not": (
        "pick()",
        "export const pick = () => isTest || isPaid ? unknown() : openai('gpt-4o-mini');",
    ),
    "tests the other way": (
        "pick()",
        "export const pick = () => !isTest ? unknown() : openai('gpt-4o-mini');",
    ),
    "an argument that is called a test": (
        "pick(true)",
        "export const pick = (isTest) => isTest ? unknown() : openai('gpt-4o-mini');",
    ),
    "only itself": ("pick()", "export function pick() { return pick(); }"),
    "a circle": (
        "pick()",
        "const other = () => pick();\nexport function pick() { return other(); }",
    ),
    "a name that is set again": (
        "pick()",
        "export let pick = () => openai('gpt-4o-mini');\npick = other;",
    ),
    "a generator": ("pick()", "export function* pick() { return openai('gpt-4o-mini'); }"),
    "a model that nobody knows": (
        "pick()",
        "export const pick = () => new Chat({ model: 'own' });",
    ),
    "a provider without the key": (
        "pick.languageModel('chat')",
        "export const pick = customProvider({ languageModels: { title: openai('gpt-4o-mini') } });",
    ),
    "a circle of wrappers": (
        "pick()",
        "export const pick = () => wrapLanguageModel({ model: pick(), middleware: [] });",
    ),
}
NOT_SETTLED_IN_PYTHON = {
    "two models": (
        "pick()",
        "def pick(q):\n  if q:\n    return 'openai/gpt-4o'\n  return 'openai/gpt-4o-mini'",
    ),
    "two models in a match": (
        "pick()",
        (
            "def pick(q):\n  match q:\n    case 1:\n      return 'openai/gpt-4o'\n"
            "  try:\n    return 'openai/gpt-4o-mini'\n  except E:\n    return 'openai/gpt-4o-mini'"
        ),
    ),
    "an argument on one way": (
        "pick('a')",
        "def pick(name=None):\n  if name:\n    return name\n  return 'openai/gpt-4o-mini'",
    ),
    "a known model in tests": (
        "pick()",
        "def pick():\n  return 'openai/gpt-4o' if is_test else 'openai/gpt-4o-mini'",
    ),
    "either test or not": (
        "pick()",
        "def pick():\n  return unknown(1) if is_test or is_paid else 'openai/gpt-4o-mini'",
    ),
    "an argument that is called a test": (
        "pick(True)",
        "def pick(is_test):\n  if is_test:\n    return unknown(1)\n  return 'openai/gpt-4o-mini'",
    ),
    "a choice by an argument": (
        "pick(True)",
        "def pick(is_test):\n  return unknown(1) if is_test else 'openai/gpt-4o-mini'",
    ),
    "a circle": ("pick()", "def other():\n  return pick()\ndef pick():\n  return other()"),
    "a name that is set again": (
        "pick()",
        "def pick():\n  return 'openai/gpt-4o-mini'\npick = other",
    ),
}


def typescript(model: str, before: str, *, is_apart: bool) -> str | None:
    head = "import { pick } from './models';" if is_apart else before
    sent = f"messages: [{{ role: 'user', content: '{TEXT}' }}]"
    source = (
        f"{head}\nasync function ask() {{ return generateText({{ model: {model}, {sent} }}); }}\n"
    )
    files: dict[str, str | None] = {"src/ask.ts": source, "src/models.ts": before}
    return read(files, "src/ask.ts", "ask.messages").file.model


def python(model: str, before: str, *, is_apart: bool) -> str | None:
    head = "from src.models import pick" if is_apart else before
    sent = f"messages=[{{'role': 'user', 'content': '{TEXT}'}}]"
    source = f"import os\n{head}\nasync def ask():\n  return create(model={model}, {sent})\n"
    files: dict[str, str | None] = {"src/ask.py": source, "src/models.py": f"import os\n{before}\n"}
    return read(files, "src/ask.py", "ask.messages").file.model


@pytest.mark.parametrize("is_apart", [False, True], ids=["here", "imported"])
@pytest.mark.parametrize(("model", "before"), TYPESCRIPT.values(), ids=TYPESCRIPT)
def test_a_factory_of_typescript_names_its_model(
    model: str, before: str, *, is_apart: bool
) -> None:
    assert typescript(model, before, is_apart=is_apart) == SMALL


@pytest.mark.parametrize("is_apart", [False, True], ids=["here", "imported"])
@pytest.mark.parametrize(("model", "before"), PYTHON.values(), ids=PYTHON)
def test_a_factory_of_python_names_its_model(model: str, before: str, *, is_apart: bool) -> None:
    assert python(model, before, is_apart=is_apart) == SMALL


@pytest.mark.parametrize("is_apart", [False, True], ids=["here", "imported"])
@pytest.mark.parametrize(
    ("model", "before"), NOT_SETTLED_IN_TYPESCRIPT.values(), ids=NOT_SETTLED_IN_TYPESCRIPT
)
def test_what_typescript_leaves_open_names_none(model: str, before: str, *, is_apart: bool) -> None:
    assert typescript(model, before, is_apart=is_apart) is None


@pytest.mark.parametrize("is_apart", [False, True], ids=["here", "imported"])
@pytest.mark.parametrize(
    ("model", "before"), NOT_SETTLED_IN_PYTHON.values(), ids=NOT_SETTLED_IN_PYTHON
)
def test_what_python_leaves_open_names_none(model: str, before: str, *, is_apart: bool) -> None:
    assert python(model, before, is_apart=is_apart) is None


def test_a_name_that_an_argument_hides_is_no_factory() -> None:
    """`pick` is what the caller gives."""
    script = "export function pick() { return openai('gpt-4o-mini'); }"
    sent = f"messages: [{{ role: 'user', content: '{TEXT}' }}]"
    source = f"{script}\nconst ask = (pick) => generateText({{ model: pick(), {sent} }});\n"
    assert read({"a.ts": source}, "a.ts", "ask.messages").file.model is None
    own = f"messages=[{{'role': 'user', 'content': '{TEXT}'}}]"
    text = f"def pick():\n  return 'openai/gpt-4o-mini'\ndef ask(pick):\n  return create(model=pick(), {own})\n"
    assert read({"a.py": text}, "a.py", "ask.messages").file.model is None


def test_factories_of_factories_are_read_in_time() -> None:
    """Each of ten gives the next in ten ways: the ways are not all gone."""
    steps = range(10)
    script = "".join(
        f"function f{n}(q) {{ "
        + "".join(f"if (q == {k}) return wrap({{ model: f{n + 1}(), k: {k} }});" for k in steps)
        + " }\n"
        for n in steps
    )
    sent = f"messages: [{{ role: 'user', content: '{TEXT}' }}]"
    source = f"{script}const ask = (q) => generateText({{ model: f0(), {sent} }});\n"
    started = time.process_time()
    assert read({"a.ts": source}, "a.ts", "ask.messages").file.model is None
    text = "".join(
        f"def f{n}(q):\n"
        + "".join(f"  if q == {k}:\n    return wrap(model=f{n + 1}(q), k={k})\n" for k in steps)
        for n in steps
    )
    own = f"messages=[{{'role': 'user', 'content': '{TEXT}'}}]"
    text += f"def ask(q):\n  return create(model=f0(q), {own})\n"
    assert read({"a.py": text}, "a.py", "ask.messages").file.model is None
    assert time.process_time() - started < 10
