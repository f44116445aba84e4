"""A prompt that lets answers be longer than before, and than its figures expect."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

SCRIPT = """\
export const ask = (text: string) =>
  generateText({ model: openai('gpt-4o'), CAPsystem: `You sort parcels by weight.`, prompt: text });
"""
PROMPTY = """\
---
model:
  api: chat
  configuration:
    name: gpt-4o
  parameters:
    CAPtemperature: 0
---
system:
You sort parcels by weight.
"""
FORMS = {
    "src/app.ts": ('"src/app.ts#ask"', SCRIPT, "maxOutputTokens: {}, "),
    "sort.prompty": ('"sort.prompty"', PROMPTY, "max_tokens: {}\n    "),
}
TRAFFIC = "[{tenant: a, environment: prod, calls: 1_000/month, output_tokens: 500}]"


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        (400, 4000, "capped at 4,000 tokens, it was at 400"),
        (4000, 8000, "capped at 8,000 tokens, it was at 4,000"),
        (400, None, "no longer capped, it was at 400"),
        (4000, 900, ""),
        (400, 450, ""),
        (None, 4000, ""),
    ],
)
def test_a_higher_cap_of_a_prompt_is_a_warning(
    repository: Repository, path: str, was: int | None, now: int | None, said: str
) -> None:
    prompt, text, cap = FORMS[path]
    before, after = (
        text.replace("CAP", "" if number is None else cap.format(number)) for number in (was, now)
    )
    setting = configuration({"w": workflow(prompt, traffic=TRAFFIC, model="")})
    outcome = change(repository, {CONFIGURATION: setting, path: before}, {path: after})
    told = [one for one in outcome.all_findings() if "capped" in one["text"]]
    assert [one["verdict"] for one in told] == (["warn"] if said else [])
    assert all(said in one["text"] for one in told)
