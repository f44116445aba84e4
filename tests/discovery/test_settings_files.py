"""Prompts in settings files stand under keys that tell of them, or as system and user together."""

import json

import pytest

from reviewbot.discovery.by_content import Searched, searched
from reviewbot.prompt import ALONE, PromptText
from tests.commands.test_init import init
from tests.support.one_workflow import BEFORE
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

RULES = (
    "You sort the parcels of a large house by weight and size, and you name a shelf for each. " * 2
)
ASK = "The parcels are these, each in a line of its own: {{ parcels }}. Name the shelf of each one."
TOML = f'''\
[pr_add_docs_prompt]
system="""{RULES}"""
user="""{ASK}"""
temperature="{RULES}"
'''


def found_in(path: str, text: str) -> Searched:
    return searched(PromptText(path=path, text=text, surroundings=ALONE), ALONE)


def selectors(content: object, path: str = "app/settings.yaml") -> list[str | None]:
    found = found_in(path, json.dumps(content))
    return [item.selector for item in (*found.prompts, *found.short)]


def test_a_table_of_a_toml_file_that_says_prompt_is_one_call(repository: Repository) -> None:
    repository.commit({"app/settings/add_docs.toml": TOML})
    init(repository)
    text = (repository.path / ".github/reviewbot.yml").read_text()
    assert (
        '{path: "app/settings/add_docs.toml#pr_add_docs_prompt.system", format: text, role: system}'
        in text
    )
    assert 'pr_add_docs_prompt.user", format: jinja, role: user}' in text
    assert text.count("\n    prompts:") == 1


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"review_prompt": {"system": RULES}}, ["review_prompt.system"]),
        ({"prompts": {"review": {"text": RULES}}}, ["prompts.review.text"]),
        ({"reviewPrompt": {"en": RULES}}, ["reviewPrompt.en"]),
        ({"review": {"system": RULES, "user": ASK}}, ["review.system", "review.user"]),
        (
            {"review": {"system": RULES, "user": "List: {{ all }}, please do."}},
            ["review.system", "review.user"],
        ),
        ({"review": {"system": RULES}}, []),
        ({"prompts": {"review": {"description": RULES}}}, []),
        ({"schemas": {"Prompt": {"properties": {"text": {"default": RULES}}}}}, []),
        ({"promptly": {"text": RULES}}, []),
        ({"hooks": {"UserPromptSubmit": [{"command": f"ROOT=$x bash go.sh {RULES}"}]}}, []),
        ([{"system": RULES, "user": "How heavy is it? It has 3 kg."}] * 3, []),
        ({"prompt": {"private_key": RULES}}, []),
    ],
)
def test_keys_that_tell(content: object, expected: list[str]) -> None:
    assert selectors(content) == expected


def test_long_texts_with_placeholders_are_named() -> None:
    found = found_in("app/settings.yaml", json.dumps({"job": {"say": RULES + ASK}}))
    (item,) = found.left_out
    assert (found.prompts, item.what) == ((), "app/settings.yaml#job.say")
    assert "name it if a model gets it" in item.why
    plain = {"run": f"{RULES} ${{{{ secrets.x }}}}", "description": RULES + ASK}
    assert not found_in("app/settings.yaml", json.dumps(plain)).left_out


@pytest.mark.parametrize("path", ["app/poem.yaml", "app/poem.json", "app/poem.toml"])
def test_a_change_that_brings_one_is_told(repository: Repository, path: str) -> None:
    content = {"pr_poem_prompt": {"system": RULES, "user": ASK}}
    text = (
        TOML.replace("add_docs", "poem") if path.endswith("toml") else json.dumps(content, indent=1)
    )
    outcome = change(repository, BEFORE, {path: text})
    told = {(item["path"], item["selector"]) for item in outcome.report["new_prompts"]}
    assert told == {(path, "pr_poem_prompt.system"), (path, "pr_poem_prompt.user")}
    assert outcome.report["coverage"]["known"] == outcome.report["coverage"]["covered"] + 2
    (first, _) = outcome.report["new_prompts"]
    assert first["line"] > 1


def test_what_workflows_name_is_told_nowhere(repository: Repository) -> None:
    """Samples and governed entries of a changed file are covered, its other entries are not."""
    prompts = {"sort_prompt": {"system": RULES}}
    before = {
        "app/all.json": json.dumps(prompts),
        "samples/one.yaml": f"prompt: {RULES}",
        CONFIGURATION: configuration(
            {
                "w": workflow(
                    "{path: app/all.json#sort_prompt.system, format: text}",
                    samples="samples/*.yaml",
                )
            }
        ),
    }
    more = {"sort_prompt": {"system": f"{RULES} Do."}, "count_prompt": {"system": f"{RULES} Now."}}
    after = {"app/all.json": json.dumps(more), "samples/one.yaml": f"prompt: {RULES} More."}
    outcome = change(repository, before, after)

    told = [(item["path"], item["selector"]) for item in outcome.report["new_prompts"]]
    assert told == [("app/all.json", "count_prompt.system")]


def test_a_file_of_messages_is_told_whole(repository: Repository) -> None:
    messages = [{"role": "system", "content": RULES}, {"role": "user", "content": ASK}]
    outcome = change(repository, BEFORE, {"app/sort.json": json.dumps({"messages": messages})})
    (told,) = outcome.report["new_prompts"]
    assert (told["path"], told["selector"]) == ("app/sort.json", "")
    assert told["tokens"] > 40


@pytest.mark.parametrize(
    ("path", "row"),
    [
        ("app/runs_2026.json", {"prompt": RULES, "answer": "Shelf 3 is for them."}),
        ("app/benchmark_results/a.json", {"prompt": RULES}),
        ("evals/data.yaml", {"prompt": RULES, "score": 3}),
    ],
)
def test_what_a_run_wrote_down_is_no_prompt(path: str, row: dict[str, object]) -> None:
    found = found_in(path, json.dumps({"records": [row, row]}))
    assert (found.prompts, found.short) == ((), ())
    assert {item.why for item in found.left_out} == {
        "a row of recorded data; name it if a model gets it"
    }


UNREAD = {
    "app/all.yaml": f"sort_prompt: |\n  {RULES}\nother: [\n",
    "app/all.toml": f'sort_prompt = """\n{RULES}\n"""\nother = \n',
    "app/all.json": json.dumps({"systemMessage": RULES})[:-1],
    "app/two.yml": f"kind: ConfigMap\n---\nkind: ConfigMap\ndata:\n  PROMPT: >-\n    {RULES}\n",
    "app/prompt_texts.yaml": f"rules: !new |\n  {RULES}\n",
}
OF_MACHINES = {
    "charts/prompt-box/templates/deploy.yaml": "{{- if .Values.prompt }}\nkind: Deployment\nspec:\n"
    "  template:\n    prompt: {{ .Values.prompt | default (index .Values.prompts 0) | quote }}"
    "    # what the box shows to people who log in, as its owner wrote it in the values\n{{ end }}",
    "deploy/prompt-box.yaml": "kind: Deployment\nspec: {template: {}}\n---\nkind: Service\n",
    "api/interface.yaml": "openapi: 3.1.0\nx: !ref y\nproperties:\n  prompt:\n    type: string\n",
    "app/settings.yaml": f"template: !new x\nmessages:\n  greeting: {RULES}\n",
}


def test_a_file_that_cannot_be_parsed_is_told_where_it_may_hold_prompts(
    repository: Repository,
) -> None:
    shared = {"app/shared.yaml": f"base: &base\n  sort_prompt: {RULES}\nown:\n  <<: *base\n"}
    outcome = change(repository, BEFORE, {**UNREAD, **OF_MACHINES, **shared})
    notes = [note for note in outcome.report["notes"] if note.startswith("not searched")]
    assert sorted(note.split(": ")[1] for note in notes) == sorted(UNREAD)
    assert any("app/prompt_texts.yaml: line 1: YAML tags (`!`) are refused" in it for it in notes)
    told = {(item["path"], item["selector"]) for item in outcome.report["new_prompts"]}
    assert told == {("app/shared.yaml", f"{key}.sort_prompt") for key in ("base", "own")}
    assert [item.what for item in found_in("app/all.yaml", UNREAD["app/all.yaml"]).left_out] == [
        "app/all.yaml"
    ]
