"""`init --update` adds no workflow for a text that one measures by the name of its sender."""

from tests.commands.test_init_update import update, written
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, configuration, workflow

RULES = (
    "You are a helpful triaging agent. Route the customer to the best agent for each request: "
    "flight information for what is late, booking for what is changed, and seats for the rest. "
    "If the request is clear, hand off at once, and let the specialist complete the whole work."
)
AGENT = """\
from agents import Agent
{imported}
triage_agent = Agent(name="Triage", model="gpt-4o", instructions={text})
"""
NAME = "app/agents.py#triage_agent.instructions"


def test_a_constant_that_moves_to_another_file(repository: Repository) -> None:
    own = workflow(f'"{NAME}"', model="openai/gpt-4o")
    text = configuration({"triage": own})
    before = AGENT.format(imported="", text=f'"{RULES}"')
    repository.commit({CONFIGURATION: text, "app/agents.py": before, "app/__init__.py": ""})
    repository.branch("change")
    after = AGENT.format(
        imported="from .prompts import TRIAGE_INSTRUCTIONS\n", text="TRIAGE_INSTRUCTIONS"
    )
    repository.commit(
        {"app/agents.py": after, "app/prompts.py": f'TRIAGE_INSTRUCTIONS = "{RULES}"\n'}
    )
    update(repository)
    assert written(repository) == text


def test_another_text_of_that_file_is_added(repository: Repository) -> None:
    own = workflow(f'"{NAME}"', model="openai/gpt-4o")
    agent = AGENT.format(
        imported="from .prompts import TRIAGE_INSTRUCTIONS\n", text="TRIAGE_INSTRUCTIONS"
    )
    other = RULES.replace("triaging", "billing")
    prompts = f'TRIAGE_INSTRUCTIONS = "{RULES}"\nBILLING_INSTRUCTIONS = "{other}"\n'
    files = {"app/agents.py": agent, "app/prompts.py": prompts, "app/__init__.py": ""}
    repository.commit({CONFIGURATION: configuration({"triage": own}), **files})
    update(repository)
    assert "app/prompts.py#BILLING_INSTRUCTIONS" in written(repository)
    assert "app/prompts.py#TRIAGE_INSTRUCTIONS" not in written(repository)
