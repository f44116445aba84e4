"""Without a configuration no message names a line of the one that was only proposed."""

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change

UNKNOWN = "acme-own-model"
LONG = "You sort parcels by size and by weight, and answer with one number only. " * 3
CODE = (
    "import openai\n\n\ndef ask{number}(question):\n"
    '    return openai.chat.completions.create(model="{model}", messages=[\n'
    '        {{"role": "system", "content": "{text}"}},\n'
    '        {{"role": "user", "content": question}}])\n'
)


def files(text: str, model: str) -> dict[str, str]:
    return {
        f"app/ask{number}.py": CODE.format(number=number, text=f"{text}{number}", model=model)
        for number in range(5)
    }


def test_the_same_problem_of_several_prompts_is_told_once(repository: Repository) -> None:
    outcome = change(repository, files(LONG, UNKNOWN), files(f"{LONG}Be kind. ", UNKNOWN))
    shown = [item["what"] for item in outcome.report["unmeasured"]]
    assert len([what for what in shown if UNKNOWN in what]) == 1, shown
    assert any(what.startswith("5 workflows (") for what in shown)
    assert f"{CONFIGURATION}:" not in outcome.out


def test_a_variable_of_one_side_names_no_line_that_is_not_there(repository: Repository) -> None:
    before = {"prompts/reply.j2": f"{LONG}{{{{ question }}}} {{{{ order.lines }}}}\n"}
    after = {"prompts/reply.j2": f"{LONG}{{{{ question }}}}\n"}
    said = change(repository, before, after, form="terminal").out
    assert "reply" in said
    assert f"{CONFIGURATION}:" not in said
    assert "--update" not in said
