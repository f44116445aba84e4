"""Slips of YAML in the configuration: each message says what, where, and the mend."""

import pytest

from reviewbot.configuration.reading import read_configuration
from reviewbot.errors import ConfigurationError
from tests.support.mistakes import BODY, Mistake, at, check_told, configured
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION

MISTAKES = {
    "samples beside the workflows": Mistake(
        configured(BODY + "  samples: s/*.yaml\n"),
        "`samples` stands beside `triage`",
        at(7, "workflows.samples"),
        "indent it under `triage`",
    ),
    "workflows as a list": Mistake(
        configured("version: 1\nworkflows:\n  - name: triage\n    prompts: prompts/a.j2\n"),
        "this is a list",
        at(3, "workflows"),
        "write `triage:` instead of `- name: triage`",
    ),
    "no colon behind a name": Mistake(
        configured(BODY.replace("triage:", "triage")),
        "a colon is missing",
        ".github/reviewbot.yml:3:",
        "write `triage:`",
    ),
    "no colon behind a key": Mistake(
        configured(BODY.replace("model:", "model")),
        "a colon is missing",
        ".github/reviewbot.yml:5:",
        "write `model: …`",
    ),
    "a decimal comma within braces": Mistake(
        configured(BODY + "    envelope: {monthly_cost: {hard: 1.200,00}}\n"),
        "YAML reads the unquoted `1.200,00` as `1.200`",
        at(7, "workflows.triage.envelope.monthly_cost.00"),
        "write 1_200.00",
    ),
    "an amount with its unit within braces": Mistake(
        configured(BODY + "    envelope: {monthly_cost: {hard: 1,200.00 USD}}\n"),
        "YAML reads the unquoted `1,200.00 USD` as `1`",
        ".github/reviewbot.yml:7",
        "write $1_200.00",
    ),
    "a bare limit": Mistake(
        configured(BODY + "    envelope: {increase: 5%}\n"),
        "this is not a mapping",
        at(7, "workflows.triage.envelope.increase"),
        "write `increase: {soft: 5%}`",
    ),
}


def test_traffic_beside_the_workflows_is_told_once() -> None:
    workflow = "  triage:\n    prompts: prompts/a.j2\n    model: openai/gpt-4.1\n"
    text = f"version: 1\nworkflows:\n{workflow}  traffic: [{{calls: 9/day, output_tokens: 9}}]\n"
    with pytest.raises(ConfigurationError) as caught:
        read_configuration(text, file=CONFIGURATION)
    (problem,) = caught.value.problems
    assert problem.mend == "indent it under `triage`"


@pytest.mark.parametrize("name", MISTAKES)
def test_a_slip_is_named_with_its_mend(
    name: str, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_told(MISTAKES[name], repository, monkeypatch)
