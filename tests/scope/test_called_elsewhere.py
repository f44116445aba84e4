"""A model that code names otherwise is that of the constants which calls in other files send."""

import pytest

from tests.commands.test_init_callers import CALL, HEAD, PROMPTS
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, review

FACTORY = "export function pick() { return isTest ? mock : openai('gpt-4o-mini'); }\n"
SENDING = HEAD + CALL.replace("MODEL", "pick()")


def configured(model: str = "openai/gpt-4o-mini") -> str:
    return (
        "version: 1\nprices: {as_of: 2026-11-01}\napproval: {approvers: [kim]}\n"
        "defaults: {traffic: [{calls: 1_000/month, output_tokens: 300}]}\n"
        f'workflows:\n  title: {{prompts: ["src/prompts.ts#TITLE_PROMPT"], model: {model}}}\n'
    )


def changed(
    repository: Repository, *, factory: str = FACTORY, sending: str = SENDING, model: str = ""
) -> Outcome:
    repository.commit(
        {**PROMPTS, CONFIGURATION: configured(), "src/models.ts": FACTORY, "src/title.ts": SENDING}
    )
    after = configured(model) if model else configured()
    repository.commit({CONFIGURATION: after, "src/models.ts": factory, "src/title.ts": sending})
    return review(repository, "--base", "HEAD~1")


def said(outcome: Outcome) -> str:
    return " ".join(f"{outcome.out} {outcome.errors}".split())


def test_a_dearer_model_of_a_factory_needs_approval(repository: Repository) -> None:
    outcome = changed(repository, factory=FACTORY.replace("4o-mini", "4.1"))
    assert outcome.code == 1, outcome.out
    (found,) = outcome.workflow("title")["findings"]
    assert found["place"] == {"file": "src/models.ts", "line": 1, "key": None}
    assert "calls openai/gpt-4.1 now, was openai/gpt-4o-mini" in found["text"]
    assert "if workflows call it" not in said(outcome)


def test_the_mend_measures_it(repository: Repository) -> None:
    factory = FACTORY.replace("4o-mini", "4.1")
    outcome = changed(repository, factory=factory, model="openai/gpt-4.1")
    assert outcome.code == 0, outcome.out
    assert outcome.usd("after", "title") > 3 * outcome.usd("before", "title")


def test_a_cheaper_model_of_a_factory_is_told(repository: Repository) -> None:
    outcome = changed(repository, factory=FACTORY.replace("4o-mini", "4.1-nano"))
    assert outcome.code == 0, outcome.out
    assert "calls openai/gpt-4.1-nano now" in said(outcome)


@pytest.mark.parametrize(
    "body",
    [
        "return isTest ? mock : process.env.PAID ? openai('gpt-4.1') : openai('gpt-4o-mini');",
        "if (isTest) return openai('gpt-4.1'); return openai('gpt-4o-mini');",
        "return model('gpt-4o-mini', chosen());",
    ],
    ids=["two models", "a known one in tests", "a computed one"],
)
def test_a_factory_that_leaves_it_open_needs_approval(repository: Repository, body: str) -> None:
    outcome = changed(repository, factory=f"export function pick() {{ {body} }}\n")
    assert outcome.code == 1, outcome.out
    assert "where `TITLE_PROMPT` (workflow `" in said(outcome)


def test_a_model_in_the_call_itself_is_told_once(repository: Repository) -> None:
    outcome = changed(repository, sending=SENDING.replace("pick()", "openai('gpt-4.1')"))
    assert outcome.code == 1, outcome.out
    assert said(outcome).count("no figure holds it") + said(outcome).count("calls openai/") == 1


def test_another_factory_says_nothing_of_it(repository: Repository) -> None:
    other = "export function other() { return openai('gpt-4o'); }\n"
    repository.commit({"src/other.ts": other})
    repository.commit(
        {**PROMPTS, CONFIGURATION: configured(), "src/models.ts": FACTORY, "src/title.ts": SENDING}
    )
    repository.commit({"src/other.ts": other.replace("4o", "4.1")})
    outcome = review(repository, "--base", "HEAD~1")
    assert outcome.code == 0, outcome.out
    assert "title" not in {item["name"] for item in outcome.report["workflows"]}


COMPUTED = HEAD + CALL.replace("MODEL", "pick(q)")
OPEN = "export const pick = (q) => openai(q.model);\n"
PATH = "src/prompts.ts#TITLE_PROMPT"


def with_defaults(*prompts: str) -> str:
    listed = "".join(f'  w{n}: {{prompts: ["{one}"]}}\n' for n, one in enumerate(prompts))
    head = (
        configured().partition("workflows:")[0].replace("defaults: {", "defaults: {model: gpt-4o, ")
    )
    return f"{head}workflows:\n{listed}"


@pytest.mark.parametrize("factory", [FACTORY, OPEN], ids=["settled", "open"])
def test_a_new_name_of_a_constant_is_silent(repository: Repository, factory: str) -> None:
    """Nothing that is paid changes: neither the text, nor the call, nor what computes its model."""
    files = {**PROMPTS, "src/models.ts": factory, "src/title.ts": COMPUTED}
    repository.commit({CONFIGURATION: with_defaults(PATH), **files})
    renamed = {path: text.replace("TITLE_PROMPT", "NAMING_PROMPT") for path, text in files.items()}
    after = with_defaults(PATH.replace("TITLE", "NAMING"))
    repository.commit({CONFIGURATION: after, **renamed})
    outcome = review(repository, "--base", "HEAD~1")
    assert outcome.code == 0, outcome.out
    assert outcome.report["findings"] == []


@pytest.mark.parametrize(
    "sending",
    [COMPUTED.replace("pick(q)", "best(q)"), COMPUTED.replace("pick(q)", "openai('gpt-5')")],
    ids=["another function", "a model"],
)
def test_another_model_beside_a_new_name_needs_approval(
    repository: Repository, sending: str
) -> None:
    files = {**PROMPTS, "src/models.ts": OPEN}
    repository.commit({CONFIGURATION: with_defaults(PATH), **files, "src/title.ts": COMPUTED})
    files["src/title.ts"] = sending
    renamed = {path: text.replace("TITLE_PROMPT", "NAMING_PROMPT") for path, text in files.items()}
    repository.commit({CONFIGURATION: with_defaults(PATH.replace("TITLE", "NAMING")), **renamed})
    outcome = review(repository, "--base", "HEAD~1")
    assert outcome.code == 1, outcome.out


OTHER = {
    "src/verse.ts": COMPUTED.replace("TITLE", "VERSE").replace("title", "verse"),
    "src/prompts.ts": PROMPTS["src/prompts.ts"]
    + PROMPTS["src/prompts.ts"].replace("TITLE", "VERSE").replace("a title", "a verse"),
}


def test_a_computed_model_of_a_new_workflow_is_told(repository: Repository) -> None:
    files = {**PROMPTS, "src/models.ts": OPEN, "src/title.ts": COMPUTED}
    repository.commit({CONFIGURATION: with_defaults(PATH), **files})
    after = with_defaults(PATH, PATH.replace("TITLE", "VERSE"))
    repository.commit({CONFIGURATION: after, **OTHER})
    outcome = review(repository, "--base", "HEAD~1")
    assert outcome.code == 0, outcome.out
    assert "write the `model` that it calls in that workflow, `w1`" in said(outcome)


def test_a_computed_model_of_a_known_workflow_needs_approval(repository: Repository) -> None:
    """A second call sends the prompt of a workflow that is there, and the change adds no other."""
    files = {**PROMPTS, "src/models.ts": OPEN, "src/title.ts": SENDING}
    repository.commit({CONFIGURATION: with_defaults(PATH), **files})
    repository.commit({"src/title.ts": COMPUTED})
    outcome = review(repository, "--base", "HEAD~1")
    assert outcome.code == 1, outcome.out


def test_a_known_prompt_under_a_new_workflow_is_not_new(repository: Repository) -> None:
    """The workflow that the base only guesses is written anew, and its call made to compute."""
    files = {**PROMPTS, "src/models.ts": OPEN, "src/title.ts": SENDING}
    guessed = with_defaults(PATH).replace("defaults: {", "defaults: {assumed: [model, traffic], ")
    repository.commit({CONFIGURATION: guessed, **files})
    repository.commit({CONFIGURATION: guessed.replace("w0", "title"), "src/title.ts": COMPUTED})
    assert review(repository, "--base", "HEAD~1").code == 1


ASKING = """\
import { initChatModel } from "langchain/chat_models/universal";
import { TITLE_PROMPT } from "./prompts";

export const initialize = async () => {
  const llm = await initChatModel("openai:gpt-4o-mini", { temperature: 0 });
  const node = async (state) => {
    const content = TITLE_PROMPT.replace("{today}", state.today);
    return llm.invoke([{ role: "system", content }, ...state.messages]);
  };
  return node;
};
"""


def test_one_of_two_callers_that_names_another_model_is_told_with_it(
    repository: Repository,
) -> None:
    callers = {"src/again.ts": ASKING, "src/title.ts": ASKING}
    repository.commit({**PROMPTS, CONFIGURATION: configured(), **callers})
    repository.commit({"src/title.ts": ASKING.replace("gpt-4o-mini", "o1")})
    outcome = review(repository, "--base", "HEAD~1")
    texts = [item["text"] for item in outcome.all_findings()]
    assert outcome.code == 1, outcome.out
    assert not any("what code computes" in text for text in texts)
    assert any("o1" in text and "gpt-4o-mini" in text and "TITLE_PROMPT" in text for text in texts)
