"""A prompt's model that stands in another file is told with its place, and only if it is one."""

import pytest

from reviewbot.configuration.reading import read_configuration
from reviewbot.configuration.settings import Guess
from tests.commands.test_init_callers import TEXT
from tests.commands.test_init_guesses import run
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION

PROMPT = {"agents/title_prompt.json": f'{{"name": "Ann", "title_prompt": "{TEXT}"}}\n'}
RUN = (
    "import json\nimport os\n\nfrom app.api import Api\n\n\ndef main():\n"
    '    api = Api(path=os.getenv("AGENT", "agents/title_prompt.json"), model_name=MODEL)\n'
    "    return api.run()\n"
)
ENVIRONMENT = 'os.getenv("MODEL", "gpt-4o-mini")'


def assumed(repository: Repository) -> str | None:
    """The model of the one workflow, if it is a guess that `init` wrote."""
    text = (repository.path / CONFIGURATION).read_text("utf-8")
    (workflow,) = read_configuration(text, file=CONFIGURATION).workflows.values()
    return workflow.model if Guess.MODEL in workflow.assumed else None


@pytest.mark.parametrize("model", [ENVIRONMENT, '"gpt-4o-mini"'])
def test_the_call_that_is_given_the_file_names_the_model(
    repository: Repository, model: str
) -> None:
    repository.commit({**PROMPT, "run_api.py": RUN.replace("MODEL)", f"{model})")})
    said = run(repository, "init")
    assert assumed(repository) == "gpt-4o-mini", said
    assert "a model is named at run_api.py:8 (gpt-4o-mini), where the prompt is sent" in said
    assert "run_api.py:8 (gpt-4o-mini)" in run(repository, "cost")


def test_without_a_configuration_cost_tells_it_too(repository: Repository) -> None:
    repository.commit({**PROMPT, "run_api.py": RUN.replace("MODEL)", f"{ENVIRONMENT})")})
    said = run(repository, "cost")
    assert "a model is named at run_api.py:8 (gpt-4o-mini), where the prompt is sent" in said


def test_two_calls_that_name_others_settle_nothing(repository: Repository) -> None:
    files = {"run_api.py": RUN.replace("MODEL)", '"gpt-4o-mini")')}
    files |= {"run_chat.py": RUN.replace("MODEL)", '"gpt-4o")')}
    repository.commit({**PROMPT, **files})
    run(repository, "init")
    assert assumed(repository) is None


def test_a_model_of_another_file_is_not_its(repository: Repository) -> None:
    other = RUN.replace("title_prompt.json", "verse.json").replace("MODEL)", '"gpt-4o")')
    repository.commit({**PROMPT, "run_api.py": other})
    run(repository, "init")
    assert assumed(repository) is None


def test_a_role_is_no_name_of_a_file(repository: Repository) -> None:
    sent = "[{'role': 'system', 'content': load('other')}, {'role': 'user', 'content': q}]"
    call = f"def ask(q):\n    return create(model='gpt-4o', messages={sent})\n"
    repository.commit({"prompts/answer/system.md": TEXT, "app/ask.py": call})
    run(repository, "init")
    assert assumed(repository) is None


CONSTANT = {
    "app/prompts.py": f"TITLE_PROMPT = '''{TEXT}'''\n",
    "app/title.py": (
        "import os\nfrom app.prompts import TITLE_PROMPT\n\ndef title(client, q):\n"
        "    messages = [{'role': 'system', 'content': TITLE_PROMPT}, {'role': 'user', 'content': q}]\n"
        "    return client.chat.completions.create(model=MODEL, messages=messages)\n"
    ),
}


def test_what_the_call_of_a_constant_falls_back_to_is_assumed(repository: Repository) -> None:
    sending = CONSTANT["app/title.py"].replace("MODEL", ENVIRONMENT)
    other = {"app/other.py": "OTHER_MODEL = 'gpt-4.1'\n"}
    repository.commit({**CONSTANT, "app/title.py": sending, **other})
    said = run(repository, "init")
    assert assumed(repository) == "gpt-4o-mini", said
    assert "a model is named at app/title.py:" in said
    assert "where the prompt is sent" in said


SETTINGS = {
    "settings.toml": '[config]\nmodel = "gpt-4o-mini"\nfallback_models = ["gpt-4o"]\n',
    "settings.yaml": "llm:\n  model: gpt-4o-mini\n  temperature: 0\n",
    "settings.json": '{"llm_model": "gpt-4o-mini"}\n',
}
LOADS = "import yaml\nSETTINGS = load(open('app/NAME'))\n"


@pytest.mark.parametrize("name", SETTINGS)
def test_a_model_in_settings_that_code_reads_is_assumed(repository: Repository, name: str) -> None:
    sending = CONSTANT["app/title.py"].replace("MODEL", "SETTINGS.model")
    files = {f"app/{name}": SETTINGS[name], "app/load.py": LOADS.replace("NAME", name)}
    repository.commit({**CONSTANT, "app/title.py": sending, **files})
    said = run(repository, "init")
    assert assumed(repository) == "gpt-4o-mini", said
    assert f"a model is named at app/{name}:" in said
    assert "in settings that code reads" in said


NOT_SETTLED = {
    "no code reads them": {"app/settings.yaml": SETTINGS["settings.yaml"]},
    "they name two": {
        "app/settings.yaml": "model: gpt-4o-mini\n",
        "app/other.yaml": "model: gpt-4o\n",
        "app/load.py": "A = load('app/settings.yaml')\nB = load('app/other.yaml')\n",
    },
    "it is for something else": {
        "app/settings.yaml": "title_model: gpt-4o-mini\nmodel: text-embedding-3-small\n",
        "app/load.py": "A = load('app/settings.yaml')\n",
    },
}


@pytest.mark.parametrize("files", NOT_SETTLED.values(), ids=NOT_SETTLED)
def test_settings_that_do_not_say_it_are_not_assumed(
    repository: Repository, files: dict[str, str]
) -> None:
    sending = CONSTANT["app/title.py"].replace("MODEL", "SETTINGS.model")
    repository.commit({**CONSTANT, "app/title.py": sending, **files})
    run(repository, "init")
    assert assumed(repository) is None
