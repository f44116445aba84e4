"""A prompt that is named by a position is followed by its text when others come before it."""

import pytest

from tests.commands.test_init_update import update, written
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, review, workflow

TEXTS = {
    "parcels": "You sort the parcels of a large house by weight and size, and name the shelf for each.",
    "letters": "You write letters to customers whose parcels were lost in the post, and say what is next.",
    "invoices": "You read invoices of suppliers, find each sum that is due, and list them by their date.",
}
NEW = "Look at the request below and say in one sentence whether it asks for anything at all, yes or no."
"""What a change puts before the others."""


def handlers(*texts: str) -> str:
    calls = "".join(
        f"  flow.handle([ev], async () => {{ const prompt = `{text}`; await llm.complete({{ prompt }}); }});\n"
        for text in texts
    )
    return f"export function make(flow) {{\n{calls}}}\n"


def table(*texts: str) -> str:
    return "STEPS = [\n" + "".join(f'    {{"prompt": "{text}"}},\n' for text in texts) + "]\n"


def entries(*texts: str) -> str:
    return "steps:\n" + "".join(f"- prompt: {text}\n" for text in texts)


def promptfoo(*texts: str) -> str:
    return "providers: [openai:gpt-4o]\nprompts:\n" + "".join(f'- "{text}"\n' for text in texts)


KINDS = {
    "handlers": ("flow.ts", handlers, ["make.handle.prompt", *(f"make.handle@{n}.prompt" for n in (2, 3, 4))]),
    "a list in Python": ("steps.py", table, [f"STEPS.{n}.prompt" for n in range(4)]),
    "subscripts": ("steps.py", table, [f"STEPS[{n}].prompt" for n in range(4)]),
    "a list in YAML": ("steps.yaml", entries, [f"steps.{n}.prompt" for n in range(4)]),
    "promptfoo": ("promptfooconfig.yaml", promptfoo, [f"{n}" for n in range(4)]),
}  # fmt: skip


class Kind:
    """A file in which prompts have positions, and the configuration of some of them."""

    def __init__(self, kind: str) -> None:
        self.path, self.file, self.selectors = KINDS[kind]

    def name(self, position: int) -> str:
        return f"{self.path}#{self.selectors[position]}"

    def plain_name(self, position: int) -> str:
        return self.name(position).replace("[", ".").replace("]", "")

    def configuration(self, *positions: int) -> str:
        form = ", format: text" if self.path == "steps.yaml" else ""
        named = zip(TEXTS, positions, strict=False)
        return configuration(
            {name: workflow(f'{{path: "{self.name(at)}"{form}}}') for name, at in named}
        )

    def review(self, repository: Repository, before: list[str], after: list[str]) -> Outcome:
        start = {CONFIGURATION: self.configuration(0, 1, 2), self.path: self.file(*before)}
        return change(repository, start, {self.path: self.file(*after)})


def told(outcome: Outcome) -> dict[str, list[str]]:
    return {
        item["name"]: [f["text"] for f in item["findings"] if f["verdict"] == "fail"]
        for item in outcome.report["workflows"]
    }


def moved(kind: Kind, old: int, new: int) -> list[str]:
    now = kind.plain_name(new).partition("#")[2]
    mend = f"write that in the configuration (line {old + 4}), or `reviewbot init --update` does"
    return [f"moved: {kind.name(old)} is #{now} now: {mend}"]


OLD = list(TEXTS.values())


@pytest.mark.parametrize("name", KINDS)
def test_one_before_the_others_moves_them_all(repository: Repository, name: str) -> None:
    kind = Kind(name)
    grown = OLD[1] + " Be kind to them."
    outcome = kind.review(repository, OLD, [NEW, OLD[0], grown, OLD[2]])
    assert outcome.code == 1
    assert told(outcome) == {text: moved(kind, n, n + 1) for n, text in enumerate(TEXTS)}
    assert "; 2 more reasons; 3 workflows together" in " ".join(
        review(repository, form="terminal").out.split()
    )
    assert "deletes" not in outcome.out
    assert "no longer sends" not in outcome.out
    usd = [(outcome.usd("before", text), outcome.usd("after", text)) for text in TEXTS]
    assert [after - before > 0 for before, after in usd] == [False, True, False]


@pytest.mark.parametrize("name", KINDS)
def test_the_mend_works_when_it_is_typed(repository: Repository, name: str) -> None:
    kind = Kind(name)
    assert kind.review(repository, OLD, [NEW, *OLD]).code == 1
    outcome = update(repository)
    text = written(repository)
    for number in (1, 2, 3):
        assert f"is {kind.plain_name(number)} now" in " ".join(outcome.out.split()), outcome.out
        assert text.count(kind.plain_name(number)) == 1
    added = text.replace(kind.configuration(1, 2, 3).replace("[", ".").replace("]", ""), "")
    assert text.count(kind.plain_name(0)) == (1 if "added: " in outcome.out else 0), added
    repository.commit({CONFIGURATION: text})
    found = review(repository)
    assert (found.code, "taken out" in found.out) == (0, False), found.out
    update(repository)
    assert written(repository) == text


@pytest.mark.parametrize("name", KINDS)
def test_texts_that_change_places_are_told(repository: Repository, name: str) -> None:
    kind = Kind(name)
    outcome = kind.review(repository, OLD, [OLD[1], OLD[0], OLD[2]])
    assert told(outcome) == {"parcels": moved(kind, 0, 1), "letters": moved(kind, 1, 0)}


@pytest.mark.parametrize("name", KINDS)
def test_one_that_is_taken_out_is_deleted_and_the_others_move(
    repository: Repository, name: str
) -> None:
    kind = Kind(name)
    found = told(kind.review(repository, OLD, OLD[1:]))
    assert found["letters"] == moved(kind, 1, 0)
    assert found["invoices"] == moved(kind, 2, 1)
    (deleted,) = found["parcels"]
    assert f"its prompt {kind.name(0)} is deleted" in deleted


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(
    "after",
    [[OLD[0] + " Be kind.", OLD[1], OLD[2]], [NEW, OLD[1], OLD[2]], [*OLD, NEW]],
    ids=["grown", "written anew", "one more behind"],
)
def test_what_stays_in_its_place_is_an_edit(
    repository: Repository, name: str, after: list[str]
) -> None:
    outcome = Kind(name).review(repository, OLD, after)
    assert "moved: " not in outcome.out
    assert "deletes" not in outcome.out


def test_the_first_configuration_compares_what_stood_elsewhere(repository: Repository) -> None:
    kind = Kind("handlers")
    after = {kind.path: kind.file(NEW, *OLD), CONFIGURATION: kind.configuration(1, 2, 3)}
    outcome = change(repository, {kind.path: kind.file(*OLD)}, after)
    usd = {outcome.usd("before", text) - outcome.usd("after", text) for text in TEXTS}
    assert usd == {0}


def test_a_prompt_far_down_a_file_is_followed(repository: Repository) -> None:
    texts = [f"You sort parcel {n} of house {n} by weight {n} and size {n}." for n in range(230)]
    setting = workflow('"promptfooconfig.yaml#220"')
    before = {
        CONFIGURATION: configuration({"w": setting}),
        "promptfooconfig.yaml": promptfoo(*texts),
    }
    outcome = change(repository, before, {"promptfooconfig.yaml": promptfoo(NEW, *texts)})
    (said,) = told(outcome)["w"]
    assert said.startswith("moved: promptfooconfig.yaml#220 is #221 now")
