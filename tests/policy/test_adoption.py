"""The way into a gate blocks nobody, and lets nobody out of a gate that is there."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    PROMPT,
    Outcome,
    change,
    configuration,
    review,
    tokens,
    workflow,
)

TRAFFIC = "[{calls: 1000/month, output_tokens: 100}]"
REAL = "[{calls: 90/day, output_tokens: 20}]"
ENVELOPE = "{increase: {hard: 20%}}"
APPROVAL = "{approvers: [kim, lee]}"


def defaults(traffic: str = TRAFFIC, model: str = "openai/gpt-4.1", assumed: str = "") -> str:
    guesses = f", assumed: [{assumed}]" if assumed else ""
    return f"{{model: {model}, traffic: {traffic}, envelope: {ENVELOPE}{guesses}}}"


def configured(own: str = "", approval: str = "", **of_defaults: str) -> str:
    more = {"defaults": defaults(**of_defaults), **({"approval": approval} if approval else {})}
    return configuration({"w": f"{{prompts: {PROMPT}{own}}}"}, **more)


def edited(
    repository: Repository, before: str, after: str, prompt: str | None = None, base: int = 100
) -> Outcome:
    files: dict[str, str | bytes | None] = {CONFIGURATION: after}
    if prompt is not None:
        files[PROMPT] = prompt
    return change(repository, {CONFIGURATION: before, PROMPT: tokens(base)}, files)


def verdict(outcome: Outcome) -> tuple[int, str]:
    return outcome.code, outcome.report["verdict"]


def test_the_first_configuration_blocks_nobody(repository: Repository) -> None:
    strict = configuration(
        {"w": workflow(envelope="{monthly_cost: {hard: $0.01}, increase: {hard: 1%}}")},
        high_cost="$0.01",
        budgets="[{name: all, match: {}, monthly_cost: {hard: $0.01}}]",
        coverage="{new_prompts: fail}",
    )
    files = {
        CONFIGURATION: strict,
        PROMPT: tokens(9_000),
        "a.py": f'SYSTEM_PROMPT = "{"You are kind. " * 20}"',
    }
    outcome = change(repository, {PROMPT: tokens(10)}, files)
    assert verdict(outcome) == (0, "warn")
    assert outcome.report["advisory"]
    assert set(outcome.rules().values()) == {"warn"}
    assert outcome.report["evidence"] is None


def test_what_the_first_configuration_cannot_measure_is_no_pass(repository: Repository) -> None:
    files = {CONFIGURATION: configuration({"w": workflow(model="nobody/knows")})}
    assert change(repository, {PROMPT: "a"}, files).code == 3


def test_a_configuration_that_is_broken_on_the_base_is_not_the_first(
    repository: Repository,
) -> None:
    outcome = edited(repository, "version: 1\nworkflow: {}\n", configured(), tokens(500))
    assert outcome.code == 1


@pytest.mark.parametrize("label", ["", ", label: cost-ok"])
def test_the_first_approvers_need_no_approval(repository: Repository, label: str) -> None:
    after = configured(approval=f"{{approvers: [kim]{label}}}")
    outcome = edited(repository, configured(), after)
    assert verdict(outcome) == (0, "warn")
    assert "the first approvers are named: kim" in outcome.out


@pytest.mark.parametrize(
    "after",
    [
        configured(approval="{approvers: [kim]}", traffic="[{calls: 1/month, output_tokens: 1}]"),
        configured(", envelope: {increase: {hard: 900%}}", approval="{approvers: [kim]}"),
    ],
)
def test_the_first_approvers_bring_nothing_else_along(repository: Repository, after: str) -> None:
    assert verdict(edited(repository, configured(), after)) == (1, "needs-approval")


@pytest.mark.parametrize(
    ("approval", "expected"),
    [
        ("", "needs-approval"),
        ("{approvers: [eve]}", "needs-approval"),
        ("{approvers: [kim]}", "pass"),
    ],
)
def test_the_last_approver_is_not_taken_out_without_approval(
    repository: Repository, approval: str, expected: str
) -> None:
    """Else the next change could name the first ones anew."""
    outcome = edited(repository, configured(approval=APPROVAL), configured(approval=approval))
    assert outcome.report["verdict"] == expected


@pytest.mark.parametrize(
    "after",
    [
        configured(traffic=REAL, assumed="traffic"),
        configured(traffic=REAL),
        configured(f", traffic: {REAL}", assumed="traffic"),
        configured(f", traffic: {REAL}"),
    ],
)
def test_the_first_real_traffic_replaces_a_guess(repository: Repository, after: str) -> None:
    outcome = edited(repository, configured(assumed="traffic"), after)
    assert outcome.code == 0, outcome.out
    assert "guessed, as `assumed` says: traffic of 1 workflow;" in " ".join(outcome.report["notes"])
    repository.git("switch", "--quiet", "main")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (configured(), configured(traffic=REAL)),
        (configured(), configured(traffic=REAL, assumed="traffic")),
        (configured(), configured(assumed="traffic")),
        (configured(assumed="model"), configured(traffic=REAL, assumed="model")),
        (configured(f", traffic: {TRAFFIC}", assumed="traffic"), configured(f", traffic: {REAL}")),
        (configured(f", traffic: {REAL}", assumed="traffic"), configured(assumed="traffic")),
        (configured(), configured(", assumed: [samples]")),
    ],
)
def test_figures_that_are_no_guess_are_not_made_one(
    repository: Repository, before: str, after: str
) -> None:
    assert verdict(edited(repository, before, after)) == (1, "needs-approval")


def test_a_guess_of_traffic_lets_no_growth_pass(repository: Repository) -> None:
    small = configured(traffic="[{calls: 1/month, output_tokens: 90_000}]")
    outcome = edited(repository, configured(assumed="traffic"), small, tokens(900))
    assert outcome.rules()["increase"] == "fail"
    assert outcome.code == 1


@pytest.mark.parametrize(("before", "code"), [(configured(assumed="model"), 0), (configured(), 1)])
def test_a_guessed_model_is_corrected_freely(
    repository: Repository, before: str, code: int
) -> None:
    assert edited(repository, before, configured(model="openai/gpt-4.1-mini")).code == code


@pytest.mark.parametrize("provider", ["openai/", ""])
@pytest.mark.parametrize(("called", "code"), [("gpt-4.1-mini", 0), ("gpt-4.1", 1)])
def test_a_cheaper_model_that_the_code_calls_is_no_claim(
    repository: Repository, called: str, code: int, provider: str
) -> None:
    source = (
        "def ask(client):\n    return client.chat.completions.create(model='{}', "
        "messages=[{{'role': 'system', 'content': 'You sort parcels by size and weight.'}}])\n"
    )

    def settings(model: str) -> str:
        return configuration({"w": workflow('"app/ask.py#ask.messages"', model=provider + model)})

    outcome = change(
        repository,
        {CONFIGURATION: settings("gpt-4.1"), "app/ask.py": source.format("gpt-4.1")},
        {CONFIGURATION: settings("gpt-4.1-mini"), "app/ask.py": source.format(called)},
    )
    assert outcome.code == code, outcome.out


def test_a_model_that_only_some_of_the_code_calls_is_a_claim(repository: Repository) -> None:
    source = (
        "def ask(client):\n    return client.chat.completions.create(model='{}', "
        "messages=[{{'role': 'system', 'content': 'You sort parcels by size and weight.'}}])\n"
    )
    prompts = '["app/a.py#ask.messages", "app/b.py#ask.messages"]'

    def settings(model: str) -> str:
        return configuration({"w": workflow(prompts, model=model)})

    outcome = change(
        repository,
        {
            CONFIGURATION: settings("openai/gpt-4.1"),
            "app/a.py": source.format("gpt-4.1-mini"),
            "app/b.py": source.format("gpt-4.1"),
        },
        {CONFIGURATION: settings("openai/gpt-4.1-mini")},
    )
    assert outcome.code == 1, outcome.out


SAMPLED = ", samples: [{name: s, variables: {}}]"
GUESSED = f"{SAMPLED}, assumed: [samples]"


@pytest.mark.parametrize(
    ("before", "prompt", "code"),
    [
        ("", None, 0),
        ("", tokens(101), 1),
        (GUESSED, None, 0),
        (SAMPLED, None, 1),
    ],
)
def test_the_first_samples_come_without_a_change_of_the_prompt(
    repository: Repository, before: str, prompt: str | None, code: int
) -> None:
    template = "{% if long %}" + tokens(60) + "{% endif %}{{ name }} "
    path = "prompts/t.j2"

    def settings(own: str) -> str:
        return configured(own).replace(PROMPT, path)

    was = before.replace("{}", "{long: yes, name: {tokens: 100}}")
    now = SAMPLED.replace("{}", "{long: false, name: Kim}")
    files: dict[str, str | bytes | None] = {CONFIGURATION: settings(now)}
    if prompt is not None:
        files[path] = template + prompt
    outcome = change(repository, {CONFIGURATION: settings(was), path: template}, files)
    assert outcome.code == code, outcome.out


def test_a_saving_of_high_cost_stops_nobody(repository: Repository) -> None:
    dear = configuration({"w": workflow()}, high_cost="$0.01")
    outcome = change(repository, {CONFIGURATION: dear, PROMPT: tokens(100)}, {PROMPT: tokens(90)})
    assert verdict(outcome) == (0, "warn")
    repository.commit({PROMPT: tokens(110)})
    assert verdict(review(repository)) == (1, "needs-approval")


def test_the_way_out_of_nobody_can_approve_is_said(repository: Repository) -> None:
    repository.commit({CONFIGURATION: configured(), PROMPT: tokens(10)})
    repository.branch("work")
    repository.commit({CONFIGURATION: configured(traffic=REAL)})
    outcome = review(repository, form="terminal")
    said = " ".join(outcome.out.split())
    assert (
        "a pull request of its own, which needs no approval: `approval: {approvers: [LOGIN," in said
    )


def test_a_model_that_the_call_names_is_not_said_to_be_guessed(repository: Repository) -> None:
    """Beside one that is, it does not count."""
    source = (
        "def ask(client):\n    return client.chat.completions.create(model='gpt-4.1', "
        "messages=[{'role': 'system', 'content': 'You sort {}.'}])\n"
    )
    settings = configuration(
        {"w": f"{{prompts: {PROMPT}}}", "v": '{prompts: ["app/ask.py#ask.messages"]}'},
        defaults=defaults(assumed="model"),
    )
    outcome = change(
        repository,
        {CONFIGURATION: settings, PROMPT: tokens(10), "app/ask.py": source.replace("{}", "mail")},
        {PROMPT: tokens(11), "app/ask.py": source.replace("{}", "parcels")},
    )
    assert "guessed, as `assumed` says: model of 1 workflow;" in " ".join(outcome.report["notes"])
