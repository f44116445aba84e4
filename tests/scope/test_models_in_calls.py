"""A model or a cap that code changes is a change of the workflow, whichever library is called."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

CALLS = {
    "google-genai": (
        "app.py",
        (
            "def ask(parcel):\n"
            "    return client.models.generate_content(\n"
            '        model="MODEL", contents=f"Where is {parcel}?",\n'
            '        config={"system_instruction": "Answer briefly.", "max_output_tokens": 90})\n'
        ),
        "app.py#ask",
    ),
    "langchain": (
        "app.py",
        (
            'llm = ChatOpenAI(model="MODEL", max_tokens=90)\n'
            'PROMPT = PromptTemplate.from_template("Where is {parcel}?")\n'
            "chain = PROMPT | llm\n"
        ),
        "app.py#PROMPT",
    ),
    "vercel": (
        "app.ts",
        (
            "export const ask = (parcel) => generateText({\n"
            '  model: openai("MODEL"), system: "Answer briefly.", maxOutputTokens: 90,\n'
            "  prompt: `Where is ${parcel}?`,\n"
            "});\n"
        ),
        "app.ts#ask",
    ),
}
SAMPLES = "[{name: one, variables: {parcel: HP-1}}]"


def files(library: str, model: str) -> dict[str, str]:
    path, source, selected = CALLS[library]
    setting = workflow(f'"{selected}"', model=model, samples=SAMPLES)
    return {CONFIGURATION: configuration({"w": setting}), path: source}


@pytest.mark.parametrize("library", CALLS)
def test_a_dearer_model_in_the_call_costs_more(repository: Repository, library: str) -> None:
    before = files(library, "")
    path = CALLS[library][0]
    before[path] = before[path].replace("MODEL", "gpt-4o-mini")
    after = {path: before[path].replace("gpt-4o-mini", "gpt-4o")}
    outcome = change(repository, before, after)
    assert outcome.usd("after") > 10 * outcome.usd("before")


@pytest.mark.parametrize("library", CALLS)
def test_another_model_than_the_configuration_prices_is_a_warning(
    repository: Repository, library: str
) -> None:
    before = files(library, "openai/gpt-4o-mini")
    path = CALLS[library][0]
    before[path] = before[path].replace("MODEL", "gpt-4o")
    after = {path: before[path].replace("Where is", "So where is")}
    found = change(repository, before, after).report["findings"]
    assert [item["rule"] for item in found] == ["model_in_code"]


@pytest.mark.parametrize("library", CALLS)
def test_a_raised_cap_is_a_change_of_the_workflow(repository: Repository, library: str) -> None:
    before = files(library, "")
    path = CALLS[library][0]
    before[path] = before[path].replace("MODEL", "gpt-4o")
    after = {path: before[path].replace("90", "900")}
    outcome = change(repository, before, after)
    assert outcome.workflow()["before"]["max_tokens"] == 90
    assert outcome.workflow()["after"]["max_tokens"] == 900
