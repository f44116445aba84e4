"""Where another model is the cause of a change, it is named, and its amount stands once."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, review, workflow

CODE = (
    "def ask(question):\n    return client.chat.completions.create(\n"
    '        model="gpt-4o", messages=[{"role": "user", "content": f"Sort {question} by size."}])\n'
)


def swapped(repository: Repository, old: str, new: str, traffic: str) -> None:
    samples = "[{name: a, variables: {question: x}}]"
    setting = workflow('"app.py#ask.messages"', model="", traffic=traffic, samples=samples)
    setting = setting.replace("{prompts", "{assumed: [traffic], prompts", 1)
    limits = {"defaults": "{envelope: {increase: {hard: 20%}}}"}
    before = {CONFIGURATION: configuration({"w": setting}, **limits), "app.py": CODE}
    change(repository, before, {"app.py": CODE.replace(old, new)})


TRAFFIC = "[{calls: 1000/month, output_tokens: 300}]"


@pytest.mark.parametrize("form", ["terminal", "markdown", "html"])
def test_the_models_are_named(repository: Repository, form: str) -> None:
    swapped(repository, "gpt-4o", "o1-pro", TRAFFIC)
    said = " ".join(review(repository, form=form).out.split())
    assert "app.py:3" in said
    assert "model gpt-4o → o1-pro" in said
    assert "tokens a call, +$" not in said.replace("\\", "")


def test_its_amount_stands_once_among_the_causes(repository: Repository) -> None:
    swapped(repository, "gpt-4o", "o1-pro", TRAFFIC)
    said = review(repository, form="markdown").out.replace("\\", "")
    causes = said.partition("**Cause**")[2].partition("**Try**")[0]
    assert causes.count("a month") == 1
    assert "tokenizer" not in causes


def test_text_beside_another_model_has_its_own_amount(repository: Repository) -> None:
    longer = CODE.replace("Sort", "Sort, by its size and by its weight,")
    swapped(repository, CODE, longer.replace("gpt-4o", "o1-pro"), TRAFFIC)
    said = review(repository, form="markdown").out.replace("\\", "")
    causes = said.partition("**Cause**")[2].partition("**Try**")[0]
    assert "model gpt-4o → o1-pro" in causes
    assert causes.count("a month") == 2


def test_what_a_model_reasons_with_is_said_to_be_unknown(repository: Repository) -> None:
    swapped(repository, "gpt-4o", "gpt-5", TRAFFIC)
    said = " ".join(review(repository, form="terminal").out.split())
    assert "gpt-5 reasons before it answers" in said
    assert "part of `output_tokens`, which is a guess in `w`" in said


def test_one_token_is_said_to_be_one() -> None:
    from decimal import Decimal

    from reviewbot.outputs.explaining import tokens_per_call

    assert tokens_per_call(Decimal(-1)) == "-1 token a call"
    assert tokens_per_call(Decimal(2)) == "+2 tokens a call"


def test_the_page_breaks_no_name_of_a_model(repository: Repository) -> None:
    swapped(repository, "gpt-4o", "openai/o1-pro", TRAFFIC)
    page = review(repository, form="html").out.partition("Why each cost changed")[2]
    kept = '<span class="place">'
    assert f"{kept}gpt-4o</span>" in page
    assert f"{kept}openai/</span><wbr>{kept}o1-pro</span>" in page


def test_a_cheaper_model_is_the_cause_of_a_saving_beside_longer_text(
    repository: Repository,
) -> None:
    apart = CODE.replace("messages=", "\n        stream=False,\n        messages=")
    longer = apart.replace("Sort", "Sort, by its size and by its weight,")
    setting = workflow(
        '"app.py#ask.messages"', model="", samples="[{name: a, variables: {question: x}}]"
    )
    before = {CONFIGURATION: configuration({"w": setting}), "app.py": apart}
    change(repository, before, {"app.py": longer.replace("gpt-4o", "gpt-4o-mini")})
    said = " ".join(review(repository, form="terminal").out.split())
    assert "cause w: app.py:3, model gpt-4o → gpt-4o-mini: -$" in said
