"""Slips of YAML in the configuration: each message says what, where, and the mend."""

import pytest

from reviewbot.configuration.reading import read_configuration
from reviewbot.errors import ConfigurationError
from tests.support.mistakes import BODY, Mistake, at, check_told, configured
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION

MISTAKES = {
    "a last workflow that is not indented": Mistake(
        configured(f"{BODY}answer:\n  prompts: prompts/a.j2\n  model: openai/gpt-4.1\n"),
        "'answer' seems to be a workflow, and stands beside `workflows`",
        at(7, "answer"),
        "indent it and its lines by 2 blanks more, below `workflows:`",
    ),
    "a number for a login": Mistake(
        configured(BODY + "approval: {approvers: [12]}\n"),
        "12 is a number, and not a login or a team",
        at(7, "approval.approvers[0]"),
        'write octocat or "@acme/finops"; quote a login of digits: "12"',
    ),
    "a fraction for a percentage": Mistake(
        configured(BODY + "    envelope: {increase: {hard: 0.3}}\n"),
        "'0.3' is not a percentage (no percent sign)",
        at(7, "workflows.triage.envelope.increase.hard"),
        "write `30%`, or `0.3%` if that is meant",
    ),
    "a number with a point for a percentage": Mistake(
        configured(BODY + "    envelope: {increase: {hard: 12.50}}\n"),
        "'12.50' is not a percentage (no percent sign)",
        at(7, "workflows.triage.envelope.increase.hard"),
        "write 12.5%",
    ),
    "more than a whole for a share": Mistake(
        configured(BODY.replace("9}]", "9, cache_hit_rate: 200}]")),
        "'200' is not a percentage from 0% to 100% (no percent sign)",
        at(6, "workflows.triage.traffic[0].cache_hit_rate"),
        "write it like 80%",
    ),
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
    "no colon behind the first key": Mistake(
        configured(BODY.replace("version: 1", "version 1")),
        "a colon is missing",
        ".github/reviewbot.yml:1:",
        "write `version: 1`",
    ),
    "no colon before a brace": Mistake(
        configured(BODY + "    envelope {monthly_cost: $500, increase: 5%}\n"),
        "a colon is missing",
        ".github/reviewbot.yml:7:",
        "write `envelope: {monthly_cost: $500, increase: 5%}`",
    ),
    "no dash before an entry in braces": Mistake(
        configured(
            BODY.replace(
                "prompts: prompts/a.j2",
                "prompts:\n      - {path: prompts/a.j2}\n      {path: prompts/b.j2}",
            )
        ),
        "a dash is missing",
        ".github/reviewbot.yml:6:",
        "write `- {path: prompts/b.j2}`",
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
    "a weight of a sample that is not there": Mistake(
        configured(
            BODY.replace("9}]", "9, sample_weights: {typcal: 1}}]")
            + "    samples: [{name: typical, variables: {a: 1}}]\n"
        ),
        "there is no sample 'typcal'",
        at(6, "workflows.triage.traffic[0].sample_weights"),
        "write `sample_weights: {typical: 1}`",
    ),
    "a misspelt model behind a name": Mistake(
        configured(
            BODY.replace("model: openai/gpt-4.1", "model: acme/own")
            + "    counts_as: openai/gpt-4.l\n"
        ),
        "there is no model 'openai/gpt-4.l' that is known here",
        at(7, "workflows.triage.counts_as"),
        "did you mean 'openai/gpt-4.1'?",
    ),
    "no comma between entries": Mistake(
        configured(BODY + "    envelope: {increase: {soft: 5% hard: 9%}}\n"),
        "a comma is missing before `hard:`",
        ".github/reviewbot.yml:7:",
        "write `5%, hard: …`",
    ),
    "no comma behind a quoted text": Mistake(
        configured(BODY + '    envelope: {increase: {soft: "5%" hard: 9%}}\n'),
        "a comma is missing before `hard:`",
        ".github/reviewbot.yml:7:",
        "put one there",
    ),
    "no comma between names": Mistake(
        configured(BODY + "tiers: {premium: [openai/gpt-4.1 openai/gpt-5*]}\n"),
        "(several names in one)",
        at(7, "tiers.premium[0]"),
        "put a comma between them: openai/gpt-4.1, openai/gpt-5*",
    ),
    "parentheses in place of braces": Mistake(
        configured(BODY + "    envelope:\n      increase: (soft: 5%, hard: 9%)\n"),
        "parentheses hold no entries",
        ".github/reviewbot.yml:8:",
        "write `{` in place of `(`, and `}` in place of `)`",
    ),
    "a workflow that is not indented": Mistake(
        configured(
            BODY
            + BODY[BODY.index("  triage") :].replace("  triage", "answer", 1)
            + BODY[BODY.index("  triage") :].replace("triage", "summary")
        ),
        "`answer` stands beside `workflows`",
        ".github/reviewbot.yml:7:",
        "indent it by 2 blanks",
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


@pytest.mark.parametrize(
    ("line", "what", "mend"),
    [
        ("monthly_cost: {max: $520}", "the key 'max' is unknown", "did you mean `hard`?"),
        (
            "monthly_cost: {soft: $500, hard: $1,200}",
            "YAML reads the unquoted `$1,200` as `$1` and a key `200`",
            'quote it, "$1,200", or write $1_200',
        ),
        (
            "monthly_cost: {hard: 520,5}",
            "YAML reads the unquoted `520,5` as `520` and a key `5`",
            "write 520.5",
        ),
    ],
)
def test_what_an_unknown_key_leads_to_is_not_told(line: str, what: str, mend: str) -> None:
    text = f"{BODY}    envelope: {{{line}}}\n"
    with pytest.raises(ConfigurationError) as caught:
        read_configuration(text, file=CONFIGURATION)
    (problem,) = caught.value.problems
    assert (problem.what, problem.mend) == (what, mend)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_slip_is_named_with_its_mend(
    name: str, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_told(MISTAKES[name], repository, monkeypatch)


def test_a_login_of_digits_in_quotes_may_approve() -> None:
    text = BODY + 'approval: {approvers: ["12"]}\n'
    assert read_configuration(text, file=CONFIGURATION).approval.approvers == ("12",)
