"""The model that code names where nothing outside of it does: defaults of all kinds."""

from typing import Any

import pytest

from reviewbot.prompt_formats import python, typescript
from tests.support.reading import read

TEXT = "Say it, and say it to all of them right here."

PYTHON = {
    "the environment": ('os.getenv("LLM", "MODEL")', ""),
    "the environment as a mapping": ('os.environ.get("LLM", "MODEL")', ""),
    "a name that reads the environment": ("SMART", 'SMART = os.environ.get("LLM") or "MODEL"'),
    "an attribute": ("cfg.smart", 'class Cfg:\n  smart: str = "MODEL"\ncfg = Cfg()'),
    "a field": ("Cfg().smart", 'class Cfg(Base):\n  smart: str = Field(default="MODEL")'),
    "a field by position": ("Cfg().smart", 'class Cfg(Base):\n  smart: str = Field("MODEL")'),
    "what an object is made with": ('Cfg(smart="MODEL").smart', 'class Cfg:\n  smart = "no"'),
    "a class that reads the environment": (
        "cfg.smart",
        'class Cfg:\n  smart = os.getenv("LLM", "MODEL")\ncfg = Cfg()',
    ),
    "an attribute that is asked for": ('getattr(q, "model", "MODEL")', ""),
    "a choice": ('q.model if q.model else "MODEL"', ""),
    "a choice the other way": ('"MODEL" if q.model is None else q.model', ""),
    "an argument": ("model", ""),
    "an argument of a class": ("cfg.smart", 'class Cfg:\n  smart: str = "MODEL"'),
    "a prefix of the provider": ("SMART", 'SMART = os.getenv("LLM", "openai:MODEL")'),
}
NOT_TOLD_IN_PYTHON = {
    "two of them": '"MODEL" if q else "gpt-4o-mini"',
    "no default": 'os.getenv("MODEL")',
    "a call": "chosen(q)",
    "an argument without one": "q",
}
TYPESCRIPT = {
    "the environment": ('process.env.LLM ?? "MODEL"', ""),
    "the environment, if empty too": ('process.env.LLM || "MODEL"', ""),
    "a name that reads the environment": ("SMART", 'const SMART = process.env.LLM ?? "MODEL";'),
    "an object": ("cfg.smart", 'const cfg = { smart: process.env.LLM ?? "MODEL" };'),
    "a class": ("new Cfg().smart", 'class Cfg { smart = process.env.LLM ?? "MODEL"; }'),
    "what a class makes": ("cfg.smart", 'class Cfg { smart = "MODEL"; }\nconst cfg = new Cfg();'),
    "a choice": ('q.model ? q.model : "MODEL"', ""),
    "a parameter": ("model", ""),
    "a parameter that is taken out": ("inner", ""),
}
NOT_TOLD_IN_TYPESCRIPT = {
    "two of them": 'q ? "MODEL" : "gpt-4o-mini"',
    "no default": "process.env.MODEL",
    "a call": "chosen(q)",
    "another operator": 'q && "MODEL"',
}


def in_python(model: str, before: str = "") -> str:
    head = f"import os\n{before}\ndef ask(q, model='MODEL'{_config(before)}):\n"
    sent = f'messages=[{{"role": "user", "content": "{TEXT}"}}]'
    return f"{head}  return create(model={model}, {sent})\n"


def _config(before: str) -> str:
    """An argument of the class, where nothing else is called so."""
    return "" if "cfg =" in before or "class Cfg" not in before else ", cfg: Cfg = None"


def in_typescript(model: str, before: str = "") -> str:
    return (
        f'{before}\nfunction ask(q, model = "MODEL", {{ inner = "MODEL" }}) {{\n'
        f'  return create({{ model: {model}, messages: [{{ role: "user", content: "{TEXT}" }}] }});\n}}\n'
    )


def models(chosen: Any, source: str) -> tuple[str | None, str | None]:
    path = "a.py" if chosen is python else "a.ts"
    file = read(chosen, source.replace("MODEL", "gpt-4.1"), path=path, selector="ask.messages")
    return file.model, file.default_model


def named(found: tuple[str | None, str | None]) -> str:
    return (found[0] or found[1] or "").replace(":", "/").rpartition("/")[2]


@pytest.mark.parametrize(("model", "before"), PYTHON.values(), ids=PYTHON)
def test_defaults_in_python_name_the_model(model: str, before: str) -> None:
    assert named(models(python, in_python(model, before))) == "gpt-4.1"


@pytest.mark.parametrize(("model", "before"), TYPESCRIPT.values(), ids=TYPESCRIPT)
def test_defaults_in_typescript_name_the_model(model: str, before: str) -> None:
    assert named(models(typescript, in_typescript(model, before))) == "gpt-4.1"


@pytest.mark.parametrize("model", NOT_TOLD_IN_PYTHON.values(), ids=NOT_TOLD_IN_PYTHON)
def test_what_python_does_not_settle_is_no_default(model: str) -> None:
    assert models(python, in_python(model)) == (None, None)


@pytest.mark.parametrize("model", NOT_TOLD_IN_TYPESCRIPT.values(), ids=NOT_TOLD_IN_TYPESCRIPT)
def test_what_typescript_does_not_settle_is_no_default(model: str) -> None:
    assert models(typescript, in_typescript(model)) == (None, None)


@pytest.mark.parametrize("base", ["BaseSettings", "pydantic_settings.BaseSettings", "Above"])
def test_what_the_environment_may_replace_in_python_is_a_default(base: str) -> None:
    above = "class Above(BaseSettings):\n  pass\n"
    before = f'{above}class Cfg({base}):\n  smart: str = "MODEL"\ncfg = Cfg()'
    assert models(python, in_python("cfg.smart", before)) == (None, "gpt-4.1")


def test_what_code_itself_sets_in_python_is_no_default() -> None:
    plain = 'class Cfg:\n  smart: str = "MODEL"\ncfg = Cfg()'
    given = 'class Cfg(BaseSettings):\n  smart: str = "no"\ncfg = Cfg(smart="MODEL")'
    for before in (plain, given):
        assert models(python, in_python("cfg.smart", before)) == ("gpt-4.1", None)
