"""Mistakes in templates and samples: the mend that the message gives is typed, and it works."""

import io
from contextlib import redirect_stderr, redirect_stdout
from typing import NamedTuple

import pytest

from reviewbot.cli import main
from tests.support.mistakes import BODY, Files
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION

IN_FILE = BODY + "    samples: samples/*.yaml\n"
FILE = "samples/a.yaml"
FORMAT = BODY.replace("prompts/a.j2", "{path: p.txt, format: str-format}")
INLINE = "    samples:\n      - name: typical\n        variables: {}\n"


class Typed(NamedTuple):
    """The files with the mistake, what is said, the mend in the message, and it as it is typed."""

    files: Files
    said: str
    mend: str
    mended: Files


def inline(variables: str) -> str:
    return FORMAT + INLINE.format(variables)


CASES = {
    "a method in a format string": Typed(
        {CONFIGURATION: inline("{ticket: Hi}"), "p.txt": "Sort\n{ticket.upper()}"},
        "p.txt:2: str.format calls nothing, and {ticket.upper()} is code",
        "write {ticket}, with the result in the sample",
        {"p.txt": "Sort\n{ticket}"},
    ),
    "a function in a format string": Typed(
        {CONFIGURATION: inline("{ticket: Hi}"), "p.txt": "Sort {len(ticket):>5}"},
        "p.txt:1: str.format calls nothing, and {len(ticket)} is code",
        "write {ticket}, with",
        {"p.txt": "Sort {ticket:>5}"},
    ),
    "a sum in a format string": Typed(
        {CONFIGURATION: inline("{amount: 2}"), "p.txt": "Sort {amount * 2}"},
        "p.txt:1: str.format computes nothing, and {amount * 2} is code",
        "write {amount}, with",
        {"p.txt": "Sort {amount}"},
    ),
    "a slice in a format string": Typed(
        {CONFIGURATION: inline("{ticket: Hi}"), "p.txt": "Sort {ticket[:9]}"},
        "p.txt:1: str.format computes nothing, and {ticket[:9]} is code",
        "write {ticket}, with",
        {"p.txt": "Sort {ticket}"},
    ),
    "a text for a date": Typed(
        {CONFIGURATION: inline("{day: 1 May}"), "p.txt": "On {day:%Y-%m-%d}"},
        "p.txt:1: {day:%Y-%m-%d} cannot be formatted: it is a text in the sample 'typical' "
        "(.github/reviewbot.yml:9)",
        "give a date in the sample, 2026-11-01",
        {CONFIGURATION: inline("{day: 2026-11-01}")},
    ),
    "tokens for a number in a file": Typed(
        {
            CONFIGURATION: FORMAT + "    samples: samples/*.yaml\n",
            "p.txt": "For {sum:,.2f}",
            FILE: "a: b\nsum: {tokens: 5}\n",
        },
        "{sum:,.2f} cannot be formatted: it is a text in the sample 'a' (samples/a.yaml:2)",
        "give a number in the sample, 12.5 without quotes",
        {FILE: "a: b\nsum: 12.5\n"},
    ),
    "a key with a dot": Typed(
        {CONFIGURATION: IN_FILE, "prompts/a.j2": "{{ user.name }}", FILE: "user.name: Jo\n"},
        "'user' is undefined in the sample 'a' (samples/a.yaml)",
        "the sample has `user.name` (samples/a.yaml:1), a key with a dot: write "
        "`user: {name: Jo}` there",
        {FILE: "user: {name: Jo}\n"},
    ),
    "two keys with dots": Typed(
        {
            CONFIGURATION: IN_FILE,
            "prompts/a.j2": "{{ user.name }} {{ user.organisation }}",
            FILE: 'user.organisation: {tokens: 9}\nuser.name: "no"\n',
        },
        "'user' is undefined in the sample 'a' (samples/a.yaml)",
        'write `user: {organisation: {tokens: 9}, name: "no"}` in the place of 2 such keys',
        {FILE: 'user: {organisation: {tokens: 9}, name: "no"}\n'},
    ),
    "a text for a mapping": Typed(
        {CONFIGURATION: IN_FILE, "prompts/a.j2": "{{ user.name }}", FILE: "user: {tokens: 80}\n"},
        "`user` has no `name`: it is a text in the sample 'a' (samples/a.yaml:1)",
        "write `user: {name: {tokens: 80}}` there",
        {FILE: "user: {name: {tokens: 80}}\n"},
    ),
    "variables that a file lacks": Typed(
        {
            CONFIGURATION: IN_FILE,
            "prompts/a.j2": "{{ tone }} {{ user.plan }}{% for d in docs %}{{ d.title }}{% endfor %}",
            FILE: "a: b\n",
        },
        "are undefined in the sample 'a' (samples/a.yaml)",
        "add `tone: {tokens: 100}`, `user: {plan: {tokens: 100}}`, "
        "`docs: [{title: {tokens: 100}}]` to the sample (samples/a.yaml:1)",
        {
            FILE: "tone: {tokens: 100}\nuser: {plan: {tokens: 100}}\n"
            "docs: [{title: {tokens: 100}}]\n"
        },
    ),
    "a date that a file lacks": Typed(
        {
            CONFIGURATION: FORMAT + "    samples: samples/*.yaml\n",
            "p.txt": "On {day:%Y}",
            FILE: "a: b\n",
        },
        "'day' is undefined in the sample 'a' (samples/a.yaml)",
        "add `day: 2026-11-01` to the sample",
        {FILE: "day: 2026-11-01\n"},
    ),
    "the end of another language": Typed(
        {
            CONFIGURATION: IN_FILE,
            "prompts/a.j2": "{% for d in docs %}\n{{ d }}\n{% end for %}",
            FILE: "docs: [a]\n",
        },
        "prompts/a.j2:3: Jinja2 has no tag `{% end %}`",
        "did you mean `{% endfor %}`?",
        {"prompts/a.j2": "{% for d in docs %}\n{{ d }}\n{% endfor %}"},
    ),
    "a bracket that is open": Typed(
        {
            CONFIGURATION: IN_FILE,
            "prompts/a.j2": "Hi\n{{ name.upper( }} and {% if name %}you{% endif %}",
            FILE: "name: Jo\n",
        },
        "prompts/a.j2:2: a ')' is missing before `}}` of the tag that begins here",
        "write `)` there",
        {"prompts/a.j2": "Hi\n{{ name.upper() }} and {% if name %}you{% endif %}"},
    ),
    "brackets that are open in a statement": Typed(
        {
            CONFIGURATION: IN_FILE,
            "prompts/a.j2": "{% for x in ([name %}{{ x }}{% endfor %}",
            FILE: "name: Jo\n",
        },
        "prompts/a.j2:1: a '])' is missing before `%}` of the tag that begins here",
        "write `])` there",
        {"prompts/a.j2": "{% for x in ([name]) %}{{ x }}{% endfor %}"},
    ),
}


def run(repository: Repository, *arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        code = main([*arguments, "--repo", str(repository.path)])
    return int(code), " ".join(out.getvalue().split())


@pytest.mark.parametrize("name", CASES)
def test_the_mend_works_as_it_is_typed(name: str, repository: Repository) -> None:
    case = CASES[name]
    repository.commit(case.files)
    code, said = run(repository, "cost")
    assert code == 3
    assert case.said in said
    assert case.mend in said
    repository.commit(case.mended)
    code, said = run(repository, "cost")
    assert (code, said.partition("not measured")[2]) == (0, "")


def test_no_file_is_meant_that_is_only_a_little_like_the_name(repository: Repository) -> None:
    repository.commit(
        {
            CONFIGURATION: BODY,
            "prompts/a.j2": "{% include 'rules.j2' %}",
            "prompts/user.j2": "Hello",
            "prompts/uses.md": "Hello",
        }
    )
    code, said = run(repository, "cost")
    assert code == 3
    assert "the included file 'rules.j2' was not found correct the name" in said
    repository.commit({"prompts/ruls.j2": "Be kind."})
    assert "did you mean 'prompts/ruls.j2'?" in run(repository, "cost")[1]
