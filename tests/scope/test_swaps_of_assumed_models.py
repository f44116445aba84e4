"""A model that changes in code, where it is what workflows without a known call are priced by."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, TRAFFIC, Outcome, change, configuration, review

TEXT = "You are a newspaper writer, and you write long articles about all that happens."
PROMPTS = f"""\
def write(question):
    prompt = "{TEXT} Write."
    queue.put(prompt)


def edit(question):
    prompt = "{TEXT} Edit."
    queue.put(prompt)
"""
MODELS = """\
import openai

DEFAULT_MODEL = "gpt-4o"


def get_model():
    if not key:
        raise ValueError("There is no key of the API in the environment of this program.")
    return openai.made_of(DEFAULT_MODEL)
"""
FACTORY = MODELS.replace('DEFAULT_MODEL = "gpt-4o"\n', "").replace(
    "openai.made_of(DEFAULT_MODEL)", 'openai.made_of(model="gpt-4o")'
)
OWN = f"""\
def own(question):
    return create(model="gpt-4o", messages=[{{"role": "user", "content": "{TEXT} Own."}}])
"""


def settings(model: str = "gpt-4o", assumed: str = "[model]") -> str:
    return configuration(
        {
            name: f"{{prompts: app.py#{name}.prompt, traffic: {TRAFFIC}, model: {model}, "
            f"assumed: {assumed}}}"
            for name in ("write", "edit")
        }
    )


def swapped(
    repository: Repository,
    now: str,
    code: str = MODELS,
    *,
    was: str = "gpt-4o",
    base: str = "",
    head: str = "",
) -> Outcome:
    base = base or settings()
    files = {CONFIGURATION: base, "app.py": PROMPTS, "models.py": code}
    after = {CONFIGURATION: head or base, "models.py": code.replace(f'"{was}"', now)}
    return change(repository, files, after)


@pytest.mark.parametrize("code", [MODELS, FACTORY], ids=["a constant", "a function"])
def test_a_dearer_model_needs_approval_with_what_it_costs(
    repository: Repository, code: str
) -> None:
    outcome = swapped(repository, '"gpt-4-32k"', code)
    line = code[: code.index('"gpt-4o"')].count("\n") + 1
    for name in ("edit", "write"):
        (finding,) = outcome.workflow(name)["findings"]
        assert finding["verdict"] == "needs-approval"
        assert (
            "names gpt-4-32k now, was gpt-4o; edit, write are still priced as gpt-4o"
            in finding["text"]
        )
        assert "a month together); " in finding["text"]
        assert "write `model: gpt-4-32k`" in finding["text"]
        assert finding["place"] == {"file": "models.py", "line": line, "key": None}
    assert outcome.report["findings"] == []
    assert outcome.code == 1


def test_a_cheaper_model_is_a_warning(repository: Repository) -> None:
    outcome = swapped(repository, '"gpt-4o-mini"')
    (finding,) = outcome.workflow("edit")["findings"]
    assert finding["verdict"] == "warn"
    assert "gpt-4o-mini" in finding["text"]
    assert outcome.code == 0


def test_a_model_without_a_price_needs_approval(repository: Repository) -> None:
    (finding,) = swapped(repository, '"gpt-77-huge"').workflow("edit")["findings"]
    assert finding["verdict"] == "needs-approval"


def test_calls_that_compute_their_model_are_priced_so(repository: Repository) -> None:
    call = f'create(model=get_model(), messages=[{{"role": "user", "content": "{TEXT} Ask."}}])'
    code = f"from models import get_model\n\n\ndef ask(question):\n    return {call}\n"
    traffic = f"traffic: {TRAFFIC}, model: gpt-4o, assumed: [model]"
    base = configuration({"ask": f"{{prompts: app.py#ask.messages, {traffic}}}"})
    files = {CONFIGURATION: base, "app.py": code, "models.py": FACTORY}
    outcome = change(repository, files, {"models.py": FACTORY.replace('"gpt-4o"', '"gpt-4-32k"')})
    (finding,) = outcome.workflow("ask")["findings"]
    assert finding["verdict"] == "needs-approval"


@pytest.mark.parametrize(("elsewhere", "count"), [("", 2), ('OTHER = "gpt-4o"\n', 0)])
def test_a_model_that_is_no_guess_follows_where_no_other_code_names_it(
    repository: Repository, elsewhere: str, count: int
) -> None:
    repository.commit({"other.py": elsewhere})
    outcome = swapped(repository, '"gpt-4-32k"', base=settings(assumed="[traffic]"))
    assert len(outcome.report["workflows"]) == count


def test_a_model_that_is_computed_needs_approval(repository: Repository) -> None:
    outcome = swapped(repository, "chosen", FACTORY)
    assert outcome.code == 1
    texts = [item["text"] for item in outcome.all_findings()]
    assert any("was gpt-4o" in text and "priced" in text for text in texts)


def test_it_is_told_once_with_all_that_it_costs(repository: Repository) -> None:
    swapped(repository, '"gpt-4-32k"')
    for form in ("terminal", "markdown", "html"):
        said = " ".join(review(repository, form=form).out.split())
        assert "for 2 workflows" in said, form
        assert "edit, write are still priced as gpt-4o" in said, form


def test_a_model_of_other_calls_is_not_theirs(repository: Repository) -> None:
    outcome = swapped(repository, '"gpt-4-32k"', OWN)
    assert "no workflow covers it" in outcome.report["findings"][0]["text"]
    assert outcome.report["workflows"] == []


def test_another_model_than_the_priced_one_is_not_theirs(repository: Repository) -> None:
    outcome = swapped(repository, '"gpt-4-32k"', base=settings("gpt-4.1"))
    assert "no workflow is known to call it" in outcome.report["findings"][0]["text"]
    assert outcome.report["workflows"] == []


def test_a_configuration_that_follows_is_measured(repository: Repository) -> None:
    outcome = swapped(repository, '"gpt-4-32k"', head=settings("gpt-4-32k"))
    assert outcome.usd("after", "edit") > outcome.usd("before", "edit")
    assert not any(
        "edit, write are still priced as gpt-4o" in it["text"] for it in outcome.all_findings()
    )
