"""Another model, or a higher cap, in a file of settings is told with the workflows it prices."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, change, configuration, tokens, workflow

FILES = {
    "YAML": ("config/llm.yaml", "llm:\n  model: gpt-4o-mini\n"),
    "a key of several words": ("conf/app.yml", "defaultChatModel: 'openai/gpt-4o-mini'\n"),
    "JSON": ("settings.json", '{"llm": {"model": "gpt-4o-mini", "top_p": 1}}\n'),
    "TOML": ("settings.toml", '[llm]\nmodel_name = "gpt-4o-mini"\n'),
    "a variable of the environment": (".env", "OPENAI_MODEL=gpt-4o-mini\n"),
    "an example of these": (".env.example", "export LLM=gpt-4o-mini\n"),
    "INI": ("app.ini", "[llm]\nmodel = gpt-4o-mini\n"),
    "a list": ("compose.yaml", "services:\n  a:\n    environment:\n      - MODEL=gpt-4o-mini\n"),
    "a name and a value": ("deploy/a.yaml", "env:\n  - name: MODEL\n    value: gpt-4o-mini\n"),
    "an image": ("Dockerfile", "FROM scratch\nENV MODEL gpt-4o-mini\n"),
    "a workflow of GitHub's": (".github/workflows/a.yml", "env:\n  MODEL: gpt-4o-mini\n"),
    "a gateway": (
        "gateway.yaml",
        "model_list:\n  - model_name: fast\n    litellm_params:\n      model: openai/gpt-4o-mini\n",
    ),
}


def found(repository: Repository, path: str, before: str, after: str, model: str) -> list[str]:
    setting = configuration({"w": workflow(model=model)})
    files = {CONFIGURATION: setting, PROMPT: tokens(9), path: before}
    outcome = change(repository, files, {path: after})
    findings = outcome.report["findings"]
    assert outcome.code == 0
    assert {item["verdict"] for item in findings} <= {"warn"}
    return [item["text"] for item in findings]


@pytest.mark.parametrize("name", FILES)
def test_another_model_than_the_workflow_is_priced_by(repository: Repository, name: str) -> None:
    path, text = FILES[name]
    after = text.replace("gpt-4o-mini", "o1-pro")
    (said,) = found(repository, path, text, after, "openai/gpt-4o-mini")
    assert "o1-pro now, was" in said
    assert "by which w is priced" in said


def test_a_key_that_has_another_name_too(repository: Repository) -> None:
    before, after = "model: gpt-4o-mini\n", "chat_model: o1-pro\n"
    (said,) = found(repository, "a.yaml", before, after, "openai/gpt-4o-mini")
    assert "`chat_model` is o1-pro now" in said


def test_a_higher_cap_beside_the_model(repository: Repository) -> None:
    before = "model: gpt-4o-mini\nmax_tokens: 100\n"
    after = before.replace("100", "9000")
    (said,) = found(repository, "a.yaml", before, after, "openai/gpt-4o-mini")
    assert "`max_tokens` is 9,000 now, was 100" in said


TABLE = "".join(
    f"- model: {name}\n" for name in ("gpt-4o", "gpt-4.1", "o3", "o1", "gpt-5", "gpt-4")
)


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("a.yaml", "model: gpt-4o-mini\ntemperature: 0\n", "model: gpt-4o-mini\ntemperature: 1\n"),
        ("a.yaml", "model: gpt-4o-mini\n", "model: azure/gpt-4o-mini\n"),
        ("a.yaml", "model: gpt-4.1\n", "model: o1-pro\n"),
        ("a.yaml", "model: gpt-4o-mini\nmax_tokens: 900\n", "model: gpt-4o-mini\nmax_tokens: 90\n"),
        ("cars.yaml", "model: Golf\n", "model: Passat\n"),
        ("a.yaml", f"{TABLE}- model: gpt-4o-mini\n", f"{TABLE}- model: o1-pro\n"),
        ("tests/a.yaml", "model: gpt-4o-mini\n", "model: o1-pro\n"),
        ("package-lock.json", '{"model": "gpt-4o-mini"}\n', '{"model": "o1-pro"}\n'),
        ("notes.md", "model: gpt-4o-mini\n", "model: o1-pro\n"),
    ],
)
def test_anything_else_is_not_told(
    repository: Repository, path: str, before: str, after: str
) -> None:
    assert found(repository, path, before, after, "openai/gpt-4o-mini") == []


def test_a_workflow_that_follows_is_not_told(repository: Repository) -> None:
    settings = [
        configuration({"w": workflow(model=model)}) for model in ("openai/gpt-4o", "openai/gpt-4.1")
    ]
    before = {CONFIGURATION: settings[0], PROMPT: tokens(9), "a.yaml": "model: gpt-4o\n"}
    outcome = change(repository, before, {CONFIGURATION: settings[1], "a.yaml": "model: gpt-4.1\n"})
    assert not any(item["rule"] == "model_in_code" for item in outcome.report["findings"])


@pytest.mark.parametrize(
    ("count", "more", "said"),
    [
        (201, "", "models and caps in conf/900.yaml: of a change 200 such files are compared"),
        (2, "#" * 200_001, "models and caps in conf/700.yaml and 1 others: settings are"),
    ],
)
def test_files_that_are_not_compared_are_noted_once(
    repository: Repository, count: int, more: str, said: str
) -> None:
    paths = [f"conf/{700 + n}.yaml" for n in range(count)]
    before = dict.fromkeys(paths, f"model: gpt-4o-mini\n{more}")
    before |= {CONFIGURATION: configuration({"w": workflow(model="gpt-4o-mini")})}
    before |= {PROMPT: tokens(9)}
    outcome = change(repository, before, dict.fromkeys(paths, f"model: o1-pro\n{more}"))
    (note,) = [item for item in outcome.report["notes"] if "not looked at" in item]
    assert said in note


CODE = """\
import { openai } from '@ai-sdk/openai';
import { chosen } from './models';
const config = parse(read('config.yaml'));
export const ask = (text: string) =>
  generateText({ model: MODEL, system: `You sort the parcels of a large house by weight.` });
"""
MODELS = "export const chosen = () => openai(process.env.CHAT_MODEL ?? 'gpt-4o-mini');\n"
SETTINGS = {
    "config.yaml": "llm:\n  model: gpt-4o-mini\n  max_tokens: 400\n  prompt: You sort parcels.\n",
    "docker-compose.yml": "services:\n  a:\n    environment:\n      - CHAT_MODEL=gpt-4o-mini\n",
    ".env.example": "CHAT_MODEL=gpt-4o-mini\n",
    "other.yaml": "model: gpt-4o-mini\n",
}


OTHER = {"v": workflow('{path: "config.yaml#llm.prompt", format: text}')}


@pytest.mark.parametrize(
    ("model", "path", "edit", "said"),
    [
        ("openai(config.model)", "config.yaml", ("gpt-4o-mini", "o1-pro"), "`model` is o1-pro"),
        ("chosen()", "config.yaml", ("400", "4000"), "`max_tokens` is 4,000 now, was 400"),
        ("chosen()", "docker-compose.yml", ("gpt-4o-mini", "o1-pro"), "`CHAT_MODEL` is o1-pro"),
        ("chosen()", "config.yaml", ("400", "40"), ""),
        ("chosen()", "docker-compose.yml", ("services", "volumes"), ""),
        ("chosen()", ".env.example", ("gpt-4o-mini", "o1-pro"), ""),
        ("chosen()", "other.yaml", ("gpt-4o-mini", "o1-pro"), ""),
    ],
)
def test_a_setting_that_code_without_a_configured_model_reads(
    repository: Repository, model: str, path: str, edit: tuple[str, str], said: str
) -> None:
    prompt = workflow('"src/app.ts#ask.system"', model="")
    setting = configuration({"w": prompt, **OTHER}, defaults="{model: openai/gpt-4.1}")
    code = CODE.replace("MODEL", model)
    files = {CONFIGURATION: setting, "src/app.ts": code, "src/models.ts": MODELS, **SETTINGS}
    outcome = change(repository, files, {path: SETTINGS[path].replace(*edit)})
    told = [item["text"] for item in outcome.all_findings()]
    assert outcome.code == 0
    assert len(told) == bool(said)
    assert all(said in one for one in told)


CLOUD = """\
{"models": {"quick": {"id": "gpt-4.1-mini", "reasoningEffort": "none"},
 "deep": {"id": "gpt-4.1-mini", "reasoningEffort": "low"}}}
"""
LOADER = (
    "import cloud from '../config/models/cloud.json';\nexport const quick = cloud.models.quick;\n"
)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("gpt-4.1-mini", "o1-pro", "`id` is o1-pro now, was gpt-4.1-mini, in a file that code"),
        ('"low"', '"high"', "`reasoningEffort` is high now, was low, in a file that code reads"),
        ('"low"', '"minimal"', ""),
        ('"deep"', '"slow"', ""),
    ],
)
@pytest.mark.parametrize("is_read", [True, False])
def test_a_file_that_code_reads_and_no_workflow_is_priced_by(
    repository: Repository, old: str, new: str, said: str, *, is_read: bool
) -> None:
    setting = configuration({"w": workflow(model="openai/gpt-4o-mini")})
    code = {"src/load.ts": LOADER} if is_read else {}
    path = "config/models/cloud.json"
    files = {CONFIGURATION: setting, PROMPT: tokens(9), path: CLOUD, **code}
    outcome = change(repository, files, {path: CLOUD.replace(old, new)})
    told = [item["text"] for item in outcome.report["findings"]]
    assert len(told) == bool(said and is_read)
    assert all(said in text and "no figure holds that" in text for text in told)
    assert outcome.code == 0
