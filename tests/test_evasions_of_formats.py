"""Ways to make a dearer prompt pass through what formats, selectors and engines add."""

from repository import Repository
from reviewing import (
    CONFIGURATION,
    PROMPT,
    Outcome,
    change,
    configuration,
    review,
    tokens,
    workflow,
)

LIMITS = "{increase: {hard: 5%}, monthly_cost: {hard: $3}}"
Files = dict[str, str | bytes | None]


def settings(prompts: str = PROMPT, **more: str) -> str:
    return configuration({"w": workflow(prompts, envelope=LIMITS, **more)})


def prefix(outcome: Outcome, state: str = "after") -> int:
    found: int = outcome.workflow()[state]["prefix"]["tokens"]
    return found


def test_a_partial_of_a_workflow_that_stays_broken(repository: Repository) -> None:
    outcome = change(
        repository,
        {
            "p.j2": "{% include 'part.j2' %}",
            "part.j2": tokens(100),
            "b.json": "{",
            CONFIGURATION: settings("[p.j2, {path: b.json, format: chat-messages}]"),
        },
        {"part.j2": tokens(5000)},
    )
    assert (outcome.code, outcome.workflow()["verdict"]) == (3, "unmeasured")


def test_no_prefix_goes_beyond_messages_that_only_some_calls_have(repository: Repository) -> None:
    source = (
        "from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder\n"
        "CHAT = ChatPromptTemplate.from_messages([\n"
        "    MessagesPlaceholder('history'),\n"
        f"    ('system', '{tokens(2000)}'),\n"
        "])\n"
    )
    outcome = change(
        repository,
        {"p.py": source, CONFIGURATION: settings("p.py#CHAT")},
        {"p.py": source.replace("'token ", "'a token ")},
    )
    assert prefix(outcome) < 10


def test_a_partial_that_a_stand_in_names(repository: Repository) -> None:
    stand_in = "{functions: {f: {value: '{{> part}}'}}}"
    outcome = change(
        repository,
        {
            "p.mustache": "{{f}}",
            "part.mustache": tokens(100),
            CONFIGURATION: settings("p.mustache", templates=stand_in),
        },
        {"part.mustache": tokens(5000)},
    )
    assert (outcome.code, outcome.rules()) == (1, {"monthly_cost": "fail", "increase": "fail"})


def test_several_documents_in_one_file(repository: Repository) -> None:
    outcome = change(
        repository,
        {
            "p.yaml": f"a: {tokens(100)}\n",
            CONFIGURATION: settings("{path: 'p.yaml#a', format: text}"),
        },
        {"p.yaml": f"a: {tokens(100)}\n---\na: {tokens(5000)}\n"},
    )
    assert (outcome.code, outcome.workflow()["verdict"]) == (3, "unmeasured")


def test_long_values_of_templates_are_approved_to_their_end(repository: Repository) -> None:
    def evidence(number: int) -> str:
        value = "x" * 300 + str(number)
        more = "{filters: {short: {value: " + value + "}}, globals: {big: " + value + "}}"
        text = settings("p.j2", templates=more)
        repository.commit({CONFIGURATION: text})
        report = review(repository).report
        assert report["verdict"] == "needs-approval"
        return str((report["configuration_evidence"], report["workflows"][0]["evidence"]))

    repository.commit({"p.j2": "a {{ x }}", CONFIGURATION: settings("p.j2")})
    repository.branch("work")
    assert evidence(1) != evidence(2)


def test_another_format_for_a_prompt_that_moves(repository: Repository) -> None:
    more = f"{{# {tokens(20)} #}}"
    outcome = change(
        repository,
        {"p.txt": tokens(100), CONFIGURATION: settings("p.txt")},
        {"p.txt": None, "p.j2": tokens(100) + more, CONFIGURATION: settings("p.j2")},
    )
    assert outcome.rules() == {"loosened": "needs-approval"}


def test_another_format_for_an_entry_that_moves(repository: Repository) -> None:
    def entry(text: str) -> str:
        return f"a: '{text}'\nb: x\n"

    outcome = change(
        repository,
        {
            "p.yaml": entry(tokens(100)),
            CONFIGURATION: settings("{path: 'p.yaml#a', format: text}"),
        },
        {
            "p.yaml": None,
            "q.yaml": entry(tokens(100) + "{# x #}"),
            CONFIGURATION: settings("{path: 'q.yaml#a', format: jinja}"),
        },
    )
    assert outcome.rules() == {"loosened": "needs-approval"}


def test_names_of_placeholders_hide_no_text(repository: Repository) -> None:
    def prompt(text: str) -> str:
        return "messages: [{role: user, content: '" + text + "'}]\nmodel: openai/gpt-4o\n"

    hidden = "".join("{{" + tokens(30) + "}}" for _ in range(100))
    outcome = change(
        repository,
        {"p.prompt.yml": prompt(tokens(100)), CONFIGURATION: settings("p.prompt.yml")},
        {"p.prompt.yml": prompt(tokens(100) + hidden)},
    )
    assert outcome.rules() == {"monthly_cost": "fail", "increase": "fail"}


def test_fields_of_format_strings_hide_no_text(repository: Repository) -> None:
    outcome = change(
        repository,
        {
            "p.py": f"X = '{tokens(100)}'\n",
            CONFIGURATION: settings("p.py#X"),
        },
        {"p.py": f"X = '{tokens(100)} {{{tokens(5000)}}}'\nX.format()\n"},
    )
    assert (outcome.code, outcome.workflow()["verdict"]) == (3, "unmeasured")
