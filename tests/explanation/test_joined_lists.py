"""`explain` shows the texts of a list that is joined, and those of functions, in their own lines."""

import io
import json
from contextlib import redirect_stdout

from reviewbot.cli import main
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, configuration, workflow

SOURCE = """\
const ROLE = "You sort the parcels of a large house by weight and by size.";
const RULES = `Name the shelf for each of them.
Never guess the weight of a parcel.`;

function tone(kind: string) {
  return "Be kind to people who have waited for a long time.";
}

export function build(kind: string, more: boolean) {
  const system = [
    ROLE,
    more ? "Name the day, too." : "",
    ...[RULES, tone(kind)],
  ].filter(Boolean).join("\\n");
  return system;
}
"""


def explained(repository: Repository, *more: str) -> str:
    settings = configuration({"w": workflow('"src/a.ts#build.system"')})
    repository.commit({CONFIGURATION: settings, "src/a.ts": SOURCE})
    out = io.StringIO()
    with redirect_stdout(out):
        assert main(["explain", "w", "--repo", str(repository.path), *more]) == 0
    return out.getvalue()


def test_a_list_that_is_joined_has_its_constants_own_lines(repository: Repository) -> None:
    (message,) = json.loads(explained(repository, "--format", "json"))["messages"]
    lines = {line["line"] for line in message["lines"] if line["tokens"]}
    assert {1, 2, 3, 6, 12} <= lines


def test_the_first_texts_of_a_list_never_vary(repository: Repository) -> None:
    said = " ".join(explained(repository).split())
    assert "0 tokens" not in said, said
