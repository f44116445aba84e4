"""What is said of calls that send prompts otherwise: in short words, with dollars where known."""

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, configuration, review, tokens, workflow

CALL = """\
import openai
from models import get_model
PROMPT = "{prompt}"
def answer(text):
    return openai.chat.completions.create(
        model={model},
        messages=[{{"role": "system", "content": SHARED}}, {{"role": "user", "content": text}}],
    )
"""
TRAFFIC = "[{calls: 100_000/month, output_tokens: 10}]"


def code(model: str) -> str:
    return CALL.format(prompt=tokens(60), model=model)


def said(repository: Repository, before: dict[str, str], after: dict[str, str]) -> str:
    repository.commit(dict(before))
    repository.branch("work")
    repository.commit(dict(after))
    return " ".join(item["text"] for item in review(repository).all_findings())


ASK = """\
from prompts import SYSTEM


def more():
    return "{more}"


def ask(q):
    return client.create(model="gpt-4o", system=SYSTEM + more(), messages=q)
"""


def test_text_that_is_sent_beside_a_prompt_has_its_dollars(repository: Repository) -> None:
    flow = {"w": workflow('"prompts.py#SYSTEM"', model="openai/gpt-4o", traffic=TRAFFIC)}
    files = {
        CONFIGURATION: configuration(flow),
        "prompts.py": f'SYSTEM = "{tokens(60)}"\n',
        "app.py": ASK.format(more="a"),
    }
    told = said(repository, files, {"app.py": ASK.format(more="Say it well. " * 80)})
    assert "1,039 more characters beside it (about 260 tokens a call, about $65.00 a month)" in told
    assert "the month does not count that" in told


def test_a_new_call_of_a_new_workflow_with_a_model_is_no_unknown(repository: Repository) -> None:
    shared = {"shared.py": f'SHARED = "{tokens(60)}"\n'}
    flow = {"w": workflow("shared.py#SHARED", model="openai/gpt-4o")}
    before = {CONFIGURATION: configuration(flow), **shared}
    new = code("get_model()")
    new = new.replace("from models", "from shared import SHARED\nfrom models")
    new = new.replace('"content": text', '"content": PROMPT + text')
    flow["new"] = workflow("app.py#PROMPT", model="openai/gpt-4o")
    told = said(repository, before, {CONFIGURATION: configuration(flow), "app.py": new})
    assert "is not known (`get_model()`)" not in told
    assert "takes its model from `get_model()`, and is priced as openai/gpt-4o" in told
