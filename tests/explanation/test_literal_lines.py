"""`explain` shows the lines of literals that calls are given, strip, indent or fill."""

import io
import json
from contextlib import redirect_stdout
from typing import Any

import pytest

from reviewbot.cli import main
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, configuration, workflow

OPENING = """\
import textwrap
from langchain.prompts import PromptTemplate

ROLE = "You weigh the parcels of a large house.\\n"
"""
LITERAL = '''\
"""
Sort the parcels of a large house by weight.
Never guess the size of a parcel.
{{ "example": "a small one" }}
Parcel: {parcel}
"""\
'''
INDENTED = LITERAL.replace("\n", "\n        ")
STRIPPED = f"PromptTemplate.from_template(\n    {LITERAL}.strip()\n)"
WAYS = {
    "stripped": STRIPPED,
    "plain": f"PromptTemplate.from_template({LITERAL})",
    "keyword": f"PromptTemplate(\n    input_variables=['parcel'],\n    template={LITERAL},\n)",
    "indented": f"PromptTemplate.from_template(\n  textwrap.dedent(\n    {INDENTED}\n  ).strip()\n)",
    "composed": f"PromptTemplate.from_template(\n    ROLE + {LITERAL}.strip()\n)",
    "filled": f"{LITERAL}.strip().format(parcel=parcel)",
    "pieces": 'PromptTemplate.from_template(\n    "Sort the parcels of a large house by weight.\\n"'
    '\n    "Never guess the size of a parcel.\\n{{}}\\n"\n    "Parcel: {parcel}"\n)',
}


def explained(repository: Repository, said: str) -> dict[str, Any]:
    samples = "[{name: a, variables: {parcel: {tokens: 30}, WEIGHT: size}}]"
    settings = configuration({"w": workflow('"src/a.py#SORT"', samples=samples)})
    repository.commit({CONFIGURATION: settings, "src/a.py": f"{OPENING}SORT = {said}\n"})
    out = io.StringIO()
    with redirect_stdout(out):
        assert main(["explain", "w", "--repo", str(repository.path), "--format", "json"]) == 0
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


@pytest.mark.parametrize("way", WAYS)
def test_lines_stand_where_the_literal_has_them(repository: Repository, way: str) -> None:
    source = f"{OPENING}SORT = {WAYS[way]}\n".split("\n")
    lines = explained(repository, WAYS[way])["messages"][0]["lines"]
    told = {line["text"]: line["line"] for line in lines if line["tokens"]}
    for said in ("Sort the", "Never guess", "Parcel:"):
        (line,) = (number for text, number in told.items() if said in text)
        assert said in source[line - 1]


@pytest.mark.parametrize("way", WAYS)
def test_the_first_variable_stands_in_its_own_line(repository: Repository, way: str) -> None:
    source = f"{OPENING}SORT = {WAYS[way]}\n".split("\n")
    explained(repository, WAYS[way])
    out = io.StringIO()
    with redirect_stdout(out):
        main(["explain", "w", "--repo", str(repository.path)])
    (place,) = (it for it in out.getvalue().split("First variable: ")[1:])
    assert "Parcel:" in source[int(place.partition(".py:")[2].partition(".")[0]) - 1]


def test_a_text_that_keeps_no_line_says_why_and_what_helps(repository: Repository) -> None:
    explained(repository, f'{LITERAL}.replace("weight", WEIGHT).format(parcel=parcel)')
    out = io.StringIO()
    with redirect_stdout(out):
        main(["explain", "w", "--repo", str(repository.path)])
    said = " ".join(out.getvalue().split())
    assert "Not told line by line" in said
    assert "such as a replacement in it; a text that stands in a file of its own" in said
