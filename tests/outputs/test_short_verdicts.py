"""The sentence of the verdict takes two lines of a terminal at most."""

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, review, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
LONG = "SYSTEM_PROMPT_OF_THE_ASSISTANT_THAT_SORTS_ALL_OF_THE_PARCELS"
OTHER = "SYSTEM_PROMPT_OF_THE_ASSISTANT_THAT_SORTS_EACH_OF_THE_PARCELS"
PATH = "source/assistants/for_parcels/prompts_of_the_assistant.py"


def test_a_long_reason_is_cut_and_the_amount_is_not(repository: Repository) -> None:
    flows = {
        "sorts-parcels": workflow(f'"{PATH}#{LONG}"'),
        "greets": workflow('"other.py#GREETING"'),
    }
    files = {
        CONFIGURATION: configuration(flows),
        PATH: f'{LONG} = "{RULES}"\n',
        "other.py": f'GREETING = "{RULES}"\n',
    }
    after = {PATH: f'{OTHER} = "{RULES}"\n', "other.py": f'GREETING = "{RULES} {RULES}"\n'}
    told = change(repository, files, after)
    assert told.code == 1
    out = review(repository, "--base", "main", form="terminal").out
    said = out[out.rindex("reviewbot: ") :].rstrip("\n").split("\n")
    assert len(said) <= 2
    assert "$" in " ".join(said)
    assert OTHER in " ".join(out.split())
