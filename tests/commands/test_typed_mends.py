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
LISTED = BODY.replace("[{calls: 9/day, output_tokens: 9}]", "\n      - calls: 9/day\n      {}")
INLINE = "    samples:\n      - name: typical\n        variables: {}\n"


class Typed(NamedTuple):
    """The files with the mistake, what is said, the mend in the message, and it as it is typed."""

    files: Files
    said: str
    mend: str
    mended: Files
    code: int = 3


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
    "an entry that is two": Typed(
        {CONFIGURATION: LISTED.format("- output_tokens: 9"), "prompts/a.j2": "Hi"},
        f"{CONFIGURATION}:8 (workflows.triage.traffic[1]): `output_tokens` begins an entry of its",
        "write two blanks instead of `- `: it belongs to the entry above",
        {CONFIGURATION: LISTED.format("  output_tokens: 9")},
        code=2,
    ),
    "entries that are three and more": Typed(
        {
            CONFIGURATION: LISTED.format(
                "- output_tokens: 9\n      - cache_hit_rate: 5%\n      - calls: 1/day\n"
                "      - output_tokens: 1"
            ),
            "prompts/a.j2": "Hi",
        },
        f"{CONFIGURATION}:9 (workflows.triage.traffic[2]): `cache_hit_rate` begins an entry of its",
        f"{CONFIGURATION}:11 (workflows.triage.traffic[4]): `output_tokens` begins an entry of its",
        {
            CONFIGURATION: LISTED.format(
                "  output_tokens: 9\n        cache_hit_rate: 5%\n      - calls: 1/day\n"
                "        output_tokens: 1"
            )
        },
        code=2,
    ),
    "an entry that is two in one line": Typed(
        {CONFIGURATION: BODY.replace("9/day, o", "9/day}, {o"), "prompts/a.j2": "Hi"},
        "`output_tokens` begins an entry of its own",
        "write both in the same braces",
        {CONFIGURATION: BODY},
        code=2,
    ),
    "a path from the configuration's folder": Typed(
        {CONFIGURATION: BODY.replace("prompts/a", "../prompts/a"), "prompts/a.j2": "Hi"},
        "(it leads out of the repository; paths count from its root)",
        "write prompts/a.j2",
        {CONFIGURATION: BODY},
        code=2,
    ),
    "a misspelt folder of samples": Typed(
        {
            CONFIGURATION: IN_FILE.replace("samples/*", "sample/*"),
            "prompts/a.j2": "Hi",
            FILE: "a: b\n",
        },
        f"{CONFIGURATION}:7 (workflows.triage.samples): no file matches 'sample/*.yaml'",
        "did you mean 'samples/*.yaml'?",
        {CONFIGURATION: IN_FILE},
        code=2,
    ),
    "a pattern of samples that takes the tools": Typed(
        {
            CONFIGURATION: f"{BODY}    tools: prompts/tools.json\n    samples: prompts/*.json\n",
            "prompts/a.j2": "Hi",
            "prompts/tools.json": "[]\n",
        },
        f"{CONFIGURATION}:8 (workflows.triage.samples): the pattern 'prompts/*.json' takes "
        "prompts/tools.json, which is no sample: the workflow's `tools` name it",
        "name the samples' files or their own folder, such as samples/*.yaml",
        {
            CONFIGURATION: f"{BODY}    tools: prompts/tools.json\n    samples: samples/*.yaml\n",
            "samples/a.yaml": "a: b\n",
        },
    ),
    "a list of JSON that ends too early": Typed(
        {
            CONFIGURATION: f"{BODY}    tools: tools.json\n",
            "prompts/a.j2": "Hi",
            "tools.json": '[{"type": "function", "function": {"name": "a"',
        },
        "this is not JSON: it ends too early",
        "add `}}]` at its end",
        {"tools.json": '[{"type": "function", "function": {"name": "a"}}]'},
    ),
    "JSON that ends behind a comma": Typed(
        {
            CONFIGURATION: f"{BODY}    tools: tools.json\n",
            "prompts/a.j2": "Hi",
            "tools.json": '[{"type": "function", "function": {"name": "a"}},\n',
        },
        "this is not JSON: it ends too early",
        "take the comma at its end out, and add `]`",
        {"tools.json": '[{"type": "function", "function": {"name": "a"}}]'},
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
    assert code == case.code
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


@pytest.mark.parametrize("options", [(), ("--worktree",), ("--staged",)])
def test_a_link_is_told_with_the_file_it_leads_to(
    options: tuple[str, ...], repository: Repository
) -> None:
    for link, entry, meant in (
        ("prompts/a.j2", "prompts/a.j2", "common/real.j2"),
        ("linked", "linked/deep/b.j2", "common/deep/b.j2"),
    ):
        (repository.path / "common/deep").mkdir(parents=True, exist_ok=True)
        (repository.path / link).parent.mkdir(exist_ok=True)
        target = "../common/real.j2" if link == "prompts/a.j2" else "common"
        (repository.path / link).symlink_to(target)
        configuration = BODY.replace("prompts/a.j2", entry)
        files = {CONFIGURATION: configuration, "common/real.j2": "Hi", "common/deep/b.j2": "Hi"}
        repository.write(files)
        repository.git("add", "--all")
        repository.git("commit", "--quiet", "--message", "link")
        code, said = run(repository, "cost", *options)
        assert code in {2, 3}
        assert f"{CONFIGURATION}:4 (workflows.triage.prompts): " in said
        assert f"a symbolic link, which is never followed name the file itself: '{meant}'" in (
            said.replace("; ", " ")
        )
        repository.write({CONFIGURATION: BODY.replace("prompts/a.j2", meant)})
        repository.git("commit", "--quiet", "--all", "--message", "mended")
        assert run(repository, "cost", *options)[0] == 0


def test_a_link_out_of_the_repository_names_no_file(repository: Repository) -> None:
    (repository.path / "prompts").mkdir()
    (repository.path / "prompts/a.j2").symlink_to("/etc/hostname")
    repository.write({CONFIGURATION: BODY})
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "link")
    said = run(repository, "cost")[1]
    assert "name the file itself" in said
    assert "hostname" not in said
