"""Mistakes in what names files, and in files of samples and tools: the mend is typed, and works."""

import io
from contextlib import redirect_stderr, redirect_stdout
from typing import NamedTuple

import pytest

from reviewbot.cli import main
from tests.support.mistakes import BODY, Files
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION

GREETING = "Hello {{ name }} of {{ team }}\n"
IN_FILE = BODY + "    samples: samples/*.yaml\n"
TOOL = '{"type": "function", "function": {"name": "search", "parameters": {}}}'
FORMAT = BODY.replace("prompts/a.j2", "{path: p.txt, format: str-format}")
WEIGHED = IN_FILE.replace("output_tokens: 9", "output_tokens: 9, sample_weights: {§}")
INLINE = "    samples: [{name: typical, variables: {§}}]\n"


class Typed(NamedTuple):
    """The files with the mistake, what is said, the mend in the message, and it as it is typed."""

    files: Files
    said: str
    mend: str
    mended: Files


def configured(text: str, **files: str) -> Files:
    return {"prompts/a.j2": "Hello\n", CONFIGURATION: text, **files}


CASES = {
    "`variable:` in a sample file": Typed(
        configured(
            IN_FILE,
            **{
                "prompts/a.j2": GREETING,
                "samples/a.yaml": "name: a\nvariable: {name: Ann, team: x}\nweight: 2\n",
            },
        ),
        "'team' is undefined in the sample 'a' (samples/a.yaml)",
        "it stands below `variable` (samples/a.yaml:2): write `variables:` there",
        {"samples/a.yaml": "name: a\nvariables: {name: Ann, team: x}\nweight: 2\n"},
    ),
    "`vars:` in a sample file": Typed(
        configured(
            IN_FILE,
            **{"prompts/a.j2": GREETING, "samples/a.yaml": "vars:\n  name: Ann\n  team: x\n"},
        ),
        "'name' and 'team' are undefined in the sample 'a' (samples/a.yaml)",
        "they stand below `vars` (samples/a.yaml:1): write `variables:` there",
        {"samples/a.yaml": "variables:\n  name: Ann\n  team: x\n"},
    ),
    "variables below a key among others": Typed(
        configured(
            IN_FILE,
            **{
                "prompts/a.j2": GREETING + "{{ day }}",
                "samples/a.yaml": "day: x\ninput: {name: Ann, team: x}\n",
            },
        ),
        "'name' and 'team' are undefined in the sample 'a' (samples/a.yaml)",
        "they stand below `input` (samples/a.yaml:2): move them out of it",
        {"samples/a.yaml": "day: x\nname: Ann\nteam: x\n"},
    ),
    "variables below a key of the configuration": Typed(
        configured(
            BODY + INLINE.replace("§", "vars: {name: Ann, team: x}"),
            **{"prompts/a.j2": GREETING},
        ),
        "'name' and 'team' are undefined in the sample 'typical'",
        "they stand below `vars` (.github/reviewbot.yml:7): move them out of it",
        {CONFIGURATION: BODY + INLINE.replace("§", "name: Ann, team: x")},
    ),
    "a sample that is listed already": Typed(
        configured(
            BODY + "    samples: [samples/a.yaml, samples/b.yaml]\n",
            **{"samples/a.yaml": "name: Ann\n"},
        ),
        "no file matches 'samples/b.yaml'",
        "take it out, or add the file: what is there, samples/a.yaml, is listed already",
        {CONFIGURATION: BODY + "    samples: [samples/a.yaml]\n"},
    ),
    "a folder that holds tools too": Typed(
        configured(
            BODY.replace("prompts/a.j2", "[chat/a.j2, chat]") + "    tools: chat/tools.json\n",
            **{"chat/a.j2": "Hi\n", "chat/b.j2": "Ho\n", "chat/tools.json": f"[{TOOL}]"},
        ),
        "(workflows.triage.prompts[1]): 'chat' is a folder",
        "list each file in it: `- chat/b.j2`\n",
        {
            CONFIGURATION: BODY.replace("prompts/a.j2", "[chat/a.j2, chat/b.j2]")
            + "    tools: chat/tools.json\n"
        },
    ),
    "several patterns in one text": Typed(
        configured(
            BODY + "    samples: samples/a.yaml, more/*.yaml\n",
            **{"samples/a.yaml": "name: Ann\n", "more/b.yaml": "name: Bob\n"},
        ),
        "no file matches 'samples/a.yaml, more/*.yaml'; several paths stand in one text",
        "write them as a list: `[samples/a.yaml, more/*.yaml]`",
        {CONFIGURATION: BODY + "    samples: [samples/a.yaml, more/*.yaml]\n"},
    ),
    "several tools in one text": Typed(
        configured(
            BODY + "    tools: a.tools.json; b.tools.json\n",
            **{"a.tools.json": f"[{TOOL}]", "b.tools.json": f"[{TOOL.replace('search', 'find')}]"},
        ),
        "'a.tools.json; b.tools.json': there is no such file; several paths stand in one text",
        "write them as a list: `[a.tools.json, b.tools.json]`",
        {CONFIGURATION: BODY + "    tools: [a.tools.json, b.tools.json]\n"},
    ),
    "items below a prompt": Typed(
        configured(
            BODY.replace("prompts/a.j2", "prompts/a.j2\n      - prompts/b.j2"),
            **{"prompts/b.j2": "Ho\n"},
        ),
        "'prompts/a.j2 - prompts/b.j2': there is no such file; several paths stand in one text",
        "write them as a list: `[prompts/a.j2, prompts/b.j2]`",
        {CONFIGURATION: BODY.replace("prompts/a.j2", "[prompts/a.j2, prompts/b.j2]")},
    ),
    "several globs in one text": Typed(
        configured(
            BODY + "coverage: {ignore: ['web/*.md, lib/*.md']}\n",
            **{"web/a.md": "x", "lib/a.md": "x"},
        ),
        "no file matches 'web/*.md, lib/*.md'; several paths stand in one text",
        "write each by itself: `web/*.md, lib/*.md`",
        {CONFIGURATION: BODY + "coverage: {ignore: [web/*.md, lib/*.md]}\n"},
    ),
    "a weight of a misspelt sample": Typed(
        configured(
            WEIGHED.replace("§", "typicall: 3, b: 1"),
            **{
                "samples/a.yaml": "name: typical\nvariables: {name: Ann}\n",
                "samples/b.yaml": "name: Bob\n",
            },
        ),
        "(workflows.triage.traffic[0].sample_weights): there is no sample 'typicall'",
        "write `sample_weights: {b: 1, typical: 3}`",
        {CONFIGURATION: WEIGHED.replace("§", "b: 1, typical: 3")},
    ),
    "a weight that is missing": Typed(
        configured(
            WEIGHED.replace("§", "a: 3"),
            **{"samples/a.yaml": "name: Ann\n", "samples/b.yaml": "name: Bob\n"},
        ),
        "(workflows.triage.traffic[0].sample_weights): the sample 'b' has no weight",
        "write `sample_weights: {a: 3, b: …}` with a number for each `…`",
        {CONFIGURATION: WEIGHED.replace("§", "a: 3, b: 1")},
    ),
    "a day that no calendar has": Typed(
        configured(
            FORMAT + INLINE.replace("§", "day: 2026-13-01"), **{"p.txt": "On {day:%Y-%m-%d}"}
        ),
        "cannot be formatted: it is the text '2026-13-01', no day of the calendar, in the sample",
        "give a date in the sample, 2026-11-01",
        {CONFIGURATION: FORMAT + INLINE.replace("§", "day: 2026-11-01")},
    ),
    "a misspelt key of a tool": Typed(
        configured(
            BODY + "    tools: a.tools.json\n",
            **{"a.tools.json": '[\n{"nmae": "search", "description": "x"}\n]'},
        ),
        "a.tools.json:2: the tool has no name, but `nmae`",
        "write `name` in place of `nmae`",
        {"a.tools.json": '[\n{"name": "search", "description": "x"}\n]'},
    ),
    "a semicolon between entries": Typed(
        configured(BODY.replace("9/day, output", "9/day; output")),
        ".github/reviewbot.yml:6: a semicolon stands before `output_tokens:`",
        "write `9/day, output_tokens: …`",
        {CONFIGURATION: BODY},
    ),
    "letters for the codes of a date": Typed(
        configured(
            FORMAT + INLINE.replace("§", "day: 2026-11-01"), **{"p.txt": "On {day:YYYY-MM-DD}"}
        ),
        "{day:YYYY-MM-DD} cannot be formatted: it is a text in the sample",
        "write {day:%Y-%m-%d}",
        {"p.txt": "On {day:%Y-%m-%d}"},
    ),
    "a fraction for a whole number": Typed(
        configured(FORMAT + INLINE.replace("§", "sum: 12.5"), **{"p.txt": "Owes {sum:2d}"}),
        "{sum:2d} cannot be formatted: it is a number in the sample",
        "give a whole number, such as 12, or write {sum:2f}",
        {"p.txt": "Owes {sum:2f}"},
    ),
    "a variable that is not closed": Typed(
        configured(FORMAT + INLINE.replace("§", "sum: 1"), **{"p.txt": "Owes {sum"}),
        "p.txt:1: this is no format string",
        "close the variable with }, or write braces that are text twice",
        {"p.txt": "Owes {sum}"},
    ),
    "a mapping for a list of mappings": Typed(
        configured(
            IN_FILE,
            **{
                "prompts/a.j2": "{% for d in docs %}{{ d.body }}{% endfor %}",
                "samples/a.yaml": "docs:\n  body: x\n  size: y\n",
            },
        ),
        "the loop goes through the keys of `docs`, a mapping in the sample 'a' (samples/a.yaml:1)",
        "put `- ` before its first key, and indent the others by 2 blanks more",
        {"samples/a.yaml": "docs:\n  - body: x\n    size: y\n"},
    ),
    "a misspelt schema of a tool": Typed(
        configured(
            BODY + "    tools: a.tools.json\n",
            **{"a.tools.json": f"[{TOOL.replace('parameters', 'paramaters')}]"},
        ),
        "a.tools.json:1: the tool has no `parameters`, but `paramaters`",
        "write `parameters`",
        {"a.tools.json": f"[{TOOL}]"},
    ),
    "a folder for tools": Typed(
        configured(
            BODY.replace("prompts/a.j2", "chat/a.j2") + "    tools: chat\n",
            **{"chat/a.j2": "Hi\n", "chat/tools.json": f"[{TOOL}]"},
        ),
        "'chat': this is a folder",
        "name the files in it, such as 'chat/tools.json'",
        {
            CONFIGURATION: BODY.replace("prompts/a.j2", "chat/a.j2")
            + "    tools: chat/tools.json\n"
        },
    ),
    "a provider of its own": Typed(
        configured(BODY.replace("model: openai/gpt-4.1", "model: gpt-4.1\n    provider: openai")),
        "the key 'provider' is unknown",
        "write it in front of the model's name, as in `model: openai/gpt-4.1`",
        {CONFIGURATION: BODY},
    ),
}  # fmt: skip


def run(repository: Repository, *arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        code = main([*arguments, "--repo", str(repository.path)])
    return int(code), out.getvalue()


@pytest.mark.parametrize("name", CASES)
def test_the_mend_works_as_it_is_typed(
    name: str, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "600")
    case = CASES[name]
    repository.commit({"README.md": "x"})
    repository.commit(case.files)
    arguments = ("check", "--base", "HEAD~1") if "glob" in name else ("cost",)
    code, said = run(repository, *arguments)
    assert code in {2, 3}
    assert case.said in said
    assert case.mend in said
    repository.commit(case.mended)
    code, said = run(repository, "cost")
    assert (code, said.partition("not measured")[2]) == (0, "")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Owes {amount:,.2f} by {day:%d %B}", "amount: 3"),
        ("Has {amount:d} of {amount!r:>5} by {day:%d}", "amount: 3"),
        ("Has {amount:>9} by {day:%d}", "amount: {tokens: 5}"),
    ],
)
def test_what_an_update_adds_can_be_formatted(
    text: str, value: str, repository: Repository
) -> None:
    repository.commit({CONFIGURATION: FORMAT + INLINE.replace("§", "kind: x"), "p.txt": text})
    code, said = run(repository, "init", "--update")
    assert code == 0, said
    told = f'`{value}`, `day: "2026-11-01"`; write what each really is'
    assert told in " ".join(said.split())
    assert run(repository, "cost", "--worktree")[0] == 0
