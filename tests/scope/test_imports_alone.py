"""A workflow whose text stands elsewhere is not concerned by a change of a file that it imports."""

import pytest

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, workflow

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
PYTHON = {
    "prompts.py": f'RULES = "{RULES}"\nOTHER = """{RULES} And {{x}}."""\n',
    "app.py": f'''\
import prompts


def ask(client, x):
    system = f"""{RULES} Now. {{prompts.OTHER.format(x=x)}}"""
    return client.create(system=system, messages=[])


def tell(client, x):
    told = f"{{prompts.RULES}} Then {{x}}."
    return client.create(system=told, messages=[])
''',
}
TYPESCRIPT = {
    "prompts.ts": f"export const RULES = `{RULES}`;\nexport const other = `{RULES} And.`;\n",
    "app.ts": f"""\
import {{ RULES, other }} from "./prompts";

export function ask(client, x) {{
  const system = `{RULES} Now. ${{other.concat(x)}}`;
  return client.create({{ system, messages: [] }});
}}

export function tell(client, x) {{
  const told = `${{RULES}} Then ${{x}}.`;
  return client.create({{ system: told, messages: [] }});
}}
""",
}


@pytest.mark.parametrize(("files", "ending"), [(PYTHON, "py"), (TYPESCRIPT, "ts")])
def test_only_what_is_sent_of_an_imported_file_counts(
    repository: Repository, files: dict[str, str], ending: str
) -> None:
    flows = {
        "asks": workflow(f'"app.{ending}#ask.system"'),
        "tells": workflow(f'"app.{ending}#tell.told"'),
        "rules": workflow(f'"prompts.{ending}#RULES"'),
    }
    before = {CONFIGURATION: configuration(flows), **files}
    path = f"prompts.{ending}"
    shorter = files[path].replace("of a large house ", "", 1)
    outcome = change(repository, before, {path: shorter})
    assert [item["name"] for item in outcome.report["workflows"]] == ["rules", "tells"]
