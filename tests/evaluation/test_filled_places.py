"""Placeholders that code fills by `.replace` where the text is sent, in whatever file that is."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, change, configuration, workflow

TEXT = "Tell what is good about this artifact, in short: {artifact}. Say so to {who}, politely."
SAMPLES = "[{name: s, variables: {artifact: {tokens: 50}, who: {tokens: 5}}}]"
SCRIPTS = {
    "the importing file": (
        'import { REVIEW } from "./prompts";\n'
        "export const ask = (a, w) =>\n"
        '  send(REVIEW.replace("{artifact}", a)\n    .replaceAll("{who}", w));\n'
    ),
    "regular expressions": (
        'import { REVIEW } from "./prompts";\n'
        "const ask = (a, w) => send(REVIEW.replace(/\\{artifact\\}/g, a).replace(/{who}/, w));\n"
    ),
    "a helper": (
        'import { REVIEW } from "./prompts";\nimport { fill } from "./fill";\n'
        "export const ask = (a, w) => send(fill(REVIEW, a, w));\n"
    ),
    "a loop": (
        'import { REVIEW } from "./prompts";\nlet said = REVIEW;\n'
        "for (const key in values) said = said.replaceAll(`{${key}}`, values[key]);\n"
    ),
    "a function for each": (
        'import { REVIEW } from "./prompts";\n'
        "const said = REVIEW.replace(/\\{(\\w+)\\}/g, (_, key) => values[key]);\n"
    ),
}
FILL = (
    "export function fill(text, artifact, who) {\n"
    "  return text.replace('{artifact}', artifact).replace('{who}', who);\n}\n"
)
PYTHON = {
    "the importing file": (
        "from prompts import REVIEW\n\n\ndef ask(a, w):\n"
        '    return send(REVIEW.replace("{artifact}", a).replace("{who}", w))\n'
    ),
    "a helper": "from prompts import REVIEW\nfrom fill import fill\n\nsend(fill(REVIEW, a, w))\n",
    "a loop": (
        "from prompts import REVIEW\n\nsaid = REVIEW\nfor key, value in values.items():\n"
        '    said = said.replace(f"{{{key}}}", value)\n'
    ),
}
PYTHON_FILL = (
    "def fill(text, a, w):\n    return text.replace('{artifact}', a).replace('{who}', w)\n"
)
CASES = [
    *(
        ("prompts.ts", f'export const REVIEW = "{TEXT}";\n', "ask.ts", it)
        for it in SCRIPTS.values()
    ),
    *(("prompts.py", f'REVIEW = "{TEXT}"\n', "ask.py", it) for it in PYTHON.values()),
]


def reviewed(
    repository: Repository,
    case: tuple[str, str, str, str],
    *,
    samples: str = SAMPLES,
    **after: str,
) -> Outcome:
    path, prompt, using, code = case
    form = "typescript" if path.endswith(".ts") else "python"
    prompts = f'{{path: "{path}#REVIEW", format: {form}}}'
    before: dict[str, str | bytes | None] = {
        CONFIGURATION: configuration({"w": workflow(prompts, samples=samples)}),
        path: prompt,
        using: code,
        "fill.ts": FILL,
        "fill.py": PYTHON_FILL,
    }
    return change(repository, before, after or {path: prompt.replace("short", "quite short")})


@pytest.mark.parametrize("case", CASES)
def test_what_code_replaces_is_a_variable(
    repository: Repository, case: tuple[str, str, str, str]
) -> None:
    outcome = reviewed(repository, case)
    (sample,) = outcome.workflow()["before"]["samples"]
    assert sample["content_tokens"] > 70
    assert outcome.workflow()["before"]["prefix"]["tokens"] < 20


@pytest.mark.parametrize("case", CASES)
def test_a_sample_without_it_is_told(
    repository: Repository, case: tuple[str, str, str, str]
) -> None:
    outcome = reviewed(repository, case, samples="[{name: s, variables: {who: Ann}}]")
    assert "'artifact' is undefined" in outcome.out


@pytest.mark.parametrize("case", CASES)
def test_without_samples_it_is_measured_and_said(
    repository: Repository, case: tuple[str, str, str, str]
) -> None:
    outcome = reviewed(repository, case, samples="")
    assert outcome.workflow()["verdict"] != "unmeasured"
    assert not outcome.workflow()["after"]["exact"]


@pytest.mark.parametrize("case", [CASES[0], CASES[5]])
def test_another_placeholder_where_it_is_filled_is_seen(
    repository: Repository, case: tuple[str, str, str, str]
) -> None:
    path, prompt, using, code = case
    renamed = {
        it[0]: it[1].replace("{artifact}", "{code}") for it in ((path, prompt), (using, code))
    }
    outcome = reviewed(repository, case, **renamed)
    assert "'code' is undefined" in outcome.out


@pytest.mark.parametrize(
    "code",
    [
        'import { REVIEW } from "./prompts";\nconst said = REVIEW.replace(place, value);\n',
        'import { REVIEW } from "./prompts";\nconst said = REVIEW\n  .replaceAll(a ? b : c, value);\n',
    ],
)
def test_a_text_that_is_replaced_in_a_way_not_followed_is_not_said_to_be_the_same(
    repository: Repository, code: str
) -> None:
    outcome = reviewed(repository, ("prompts.ts", CASES[0][1], "ask.ts", code), samples="")
    after = outcome.workflow()["after"]
    assert (after["prefix"]["tokens"] < 10, after["exact"]) == (True, False)


@pytest.mark.parametrize(
    "code",
    [
        'export const other = OTHER.replace("{artifact}", a);\n',
        'import { REVIEW } from "./prompts";\nsend(REVIEW, name.replace("{user}", n));\n',
    ],
)
def test_what_is_replaced_elsewhere_stays_text(repository: Repository, code: str) -> None:
    outcome = reviewed(repository, ("prompts.ts", CASES[0][1], "ask.ts", code), samples="")
    assert outcome.workflow()["after"]["exact"]
