"""A prompt of a workflow that a statement of another file alters needs approval."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
MUCH = "Weigh each parcel twice before it goes to a shelf. " * 9
PYTHON = f"""\
SYSTEM = "{RULES}"
PROMPTS = {{"system": "{RULES}"}}
MESSAGES = [{{"role": "system", "content": "{RULES}"}}]
agent = Agent(model="gpt-4o-mini", instructions="{RULES}")


class Clerk:
    SYSTEM = "{RULES}"
"""
IN_PYTHON = {
    "a module's name": ("SYSTEM", f"import p\n\np.SYSTEM = '{MUCH}'\n"),
    "more of a module's name": ("SYSTEM", f"import p\n\np.SYSTEM += '{MUCH}'\n"),
    "a product": ("SYSTEM", "import p\n\np.SYSTEM *= 9\n"),
    "another constant": ("SYSTEM", "import other\nimport p\n\np.SYSTEM = other.OTHER\n"),
    "setattr": ("SYSTEM", f"import p\n\nsetattr(p, 'SYSTEM', '{MUCH}')\n"),
    "an entry": ("PROMPTS.system", f"from p import PROMPTS\n\nPROMPTS['system'] = '{MUCH}'\n"),
    "update": ("PROMPTS.system", f"from p import PROMPTS\n\nPROMPTS.update(system='{MUCH}')\n"),
    "a list": ("MESSAGES", f"from p import MESSAGES\n\nMESSAGES.append(said('{MUCH}'))\n"),
    "a list by its module": ("MESSAGES", "import p\n\np.MESSAGES.extend(p.MESSAGES)\n"),
    "an agent": ("agent.instructions", f"from p import agent\n\nagent.instructions += '{MUCH}'\n"),
    "an agent's model": ("agent.instructions", "from p import agent\n\nagent.model = 'o1-pro'\n"),
    "a class": ("Clerk.SYSTEM", f"from p import Clerk\n\nClerk.SYSTEM = '{MUCH}'\n"),
    "a class of it": (
        "Clerk.SYSTEM",
        f"from p import Clerk\n\n\nclass Big(Clerk):\n    SYSTEM = Clerk.SYSTEM + '{MUCH}'\n",
    ),
}
TYPESCRIPT = f"""\
export const PROMPTS = {{ system: "{RULES}" }};
export const agent = new Agent({{ model: "gpt-4o-mini", instructions: "{RULES}" }});
"""
IN_TYPESCRIPT = {
    "an entry": (
        "PROMPTS.system",
        f'import {{ PROMPTS }} from "./p";\nPROMPTS.system = "{MUCH}";\n',
    ),
    "more": ("PROMPTS.system", f'import {{ PROMPTS }} from "./p";\nPROMPTS.system += "{MUCH}";\n'),
    "assign": (
        "PROMPTS.system",
        f'import {{ PROMPTS }} from "./p";\nObject.assign(PROMPTS, {{ system: "{MUCH}" }});\n',
    ),
    "an agent": (
        "agent.instructions",
        f'import {{ agent }} from "./p";\nagent.instructions = "{MUCH}";\n',
    ),
    "its model": ("agent.instructions", 'import { agent } from "./p";\nagent.model = "o1-pro";\n'),
}


@pytest.mark.parametrize("name", IN_PYTHON)
def test_in_python(repository: Repository, name: str) -> None:
    selector, added = IN_PYTHON[name]
    settings = configuration({"w": workflow(f'"p.py#{selector}"', model="openai/gpt-4o-mini")})
    outcome = change(repository, {CONFIGURATION: settings, "p.py": PYTHON}, {"boot.py": added})
    found = [item for item in outcome.report["findings"] if item["rule"] == "loosened"]
    assert outcome.code == 1
    assert {item["place"]["file"] for item in found} == {"boot.py"}


@pytest.mark.parametrize("name", IN_TYPESCRIPT)
def test_in_typescript(repository: Repository, name: str) -> None:
    selector, added = IN_TYPESCRIPT[name]
    settings = configuration({"w": workflow(f'"p.ts#{selector}"', model="openai/gpt-4o-mini")})
    outcome = change(repository, {CONFIGURATION: settings, "p.ts": TYPESCRIPT}, {"boot.ts": added})
    found = [item for item in outcome.report["findings"] if item["rule"] == "loosened"]
    assert outcome.code == 1
    assert {item["place"]["file"] for item in found} == {"boot.ts"}


@pytest.mark.parametrize(
    "added",
    [
        "import p\n\np.CACHE = {}\np.OTHERS.append(p.SYSTEM)\n",
        "from p import PROMPTS\n\nOWN = dict(PROMPTS)\nOWN['system'] = 'Be kind.'\n",
        "import p\n\nclass A:\n    def __init__(self):\n        self.system = p.SYSTEM\n",
    ],
)
def test_what_alters_something_else_is_none(repository: Repository, added: str) -> None:
    settings = configuration(
        {"w": workflow('"p.py#SYSTEM"'), "v": workflow('"p.py#PROMPTS.system"')}
    )
    outcome = change(repository, {CONFIGURATION: settings, "p.py": PYTHON}, {"boot.py": added})
    assert (outcome.code, outcome.report["findings"]) == (0, [])
