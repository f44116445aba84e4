"""`reviewbot init`: what it finds, what it writes, and that `check` accepts that."""

import io
import json
import os
import re
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.cli import main
from reviewbot.configuration.reading import read_configuration
from reviewbot.configuration.settings import Configuration
from reviewbot.discovery.calls import Proposed
from reviewbot.discovery.configuration_text import configuration_text, fitting
from reviewbot.discovery.findings import Found, LeftOut
from reviewbot.discovery.guesses import language, words
from reviewbot.documents import parse_yaml, plain
from reviewbot.documents.yaml_quoting import quoted
from tests.support.places import FORMAT_PAGES
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, Outcome, review

PAGES = sorted((FORMAT_PAGES).glob("*.md"))
_FILE = re.compile(
    r"^`([^`\n]+)`\n\n(?P<fence>`{3,4})\w*\n(.*?)^(?P=fence)$", re.DOTALL | re.MULTILINE
)
LONG = "You answer questions about kettles, briefly and kindly. " * 3
Files = dict[str, str | bytes | None]


def init(repository: Repository, *arguments: str) -> Outcome:
    out, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(errors):
        code = main(["init", "--repo", str(repository.path), *arguments])
    return Outcome(code=int(code), out=out.getvalue(), errors=errors.getvalue())


def written(repository: Repository) -> str:
    return (repository.path / CONFIGURATION).read_text("utf-8")


def accepted(repository: Repository) -> Configuration:
    """What `init` wrote; it checks that `check` accepts it and measures all of it."""
    outcome = review(repository, "--worktree")
    assert outcome.code == 0, outcome.errors
    assert {item["verdict"] for item in outcome.report["workflows"]} <= {"pass", "warn"}
    return configured(repository)


def configured(repository: Repository) -> Configuration:
    return read_configuration(written(repository), file=CONFIGURATION)


def proposed(
    repository: Repository, files: Mapping[str, str | bytes | None]
) -> dict[str, list[str]]:
    """Names of workflows, and their prompts, `role:` before them where they have one."""
    repository.commit(files)
    outcome = init(repository)
    assert outcome.code == 0, outcome.errors
    return {
        name: [f"{f'{item.role}:' if item.role else ''}{item.name}" for item in workflow.prompts]
        for name, workflow in configured(repository).workflows.items()
    }


def example(page: Path) -> tuple[Files, Configuration]:
    files = {found[1]: found[3] for found in _FILE.finditer(page.read_text("utf-8"))}
    configuration = read_configuration(files.pop(CONFIGURATION), file=CONFIGURATION)
    return {**files}, configuration


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_prompts_of_every_page_are_found_and_measured(
    page: Path, repository: Repository
) -> None:
    files, configuration = example(page)
    repository.commit(files)
    outcome = init(repository)
    assert outcome.code == 0, outcome.errors
    accepted(repository)
    text = written(repository)
    for workflow in configuration.workflows.values():
        for reference in workflow.prompts:
            assert reference.path in text
        assert all(tools.path in text for tools in workflow.tools)


def test_a_short_text_that_is_proposed_is_not_left_out_as_well(repository: Repository) -> None:
    text = "You route each message of a customer into the queue where it belongs."
    repository.commit({"app/route.py": f'agent = Agent(name="router", instructions="{text}")\n'})
    outcome = init(repository)
    assert "app/route.py#agent.instructions" in written(repository)
    assert "left out" not in outcome.out + outcome.errors


@pytest.mark.parametrize(
    ("path", "source", "name"),
    [
        ("a/b.py", 'agent = Agent(name="Mail router", instructions="{}")', "mail-router"),
        ("a/b.py", 'triage = Agent(name="Agent", instructions="{}")', "triage-instructions"),
        ("a/b.py", 'triage = Agent(name=name(), instructions="{}")', "triage-instructions"),
        ("a/b.py", 'SORTER = "{}"\nagent = Agent(name="Router", instructions=SORTER)', "sorter"),
        ("a/b.ts", 'const agent = new Agent({{ name: "router", instructions: "{}" }});', "router"),
        ("a/b.ts", 'const agent = new Agent({{ name, instructions: "{}" }});', "agent-instructions"),
    ],
)  # fmt: skip
def test_a_call_names_its_workflow(
    repository: Repository, path: str, source: str, name: str
) -> None:
    text = "You route each message of a customer into the queue where it belongs. " * 2
    repository.commit({path: source.format(text) + "\n"})
    assert init(repository).code == 0
    found = read_configuration(written(repository), file=CONFIGURATION)
    assert [*found.workflows] == [name]


def test_one_repository_with_the_prompts_of_all_formats(repository: Repository) -> None:
    files: Files = {}
    for page in PAGES:
        files |= {f"{page.stem}/{path}": text for path, text in example(page)[0].items()}
    repository.commit(files)
    first = init(repository, "--output", "-")
    assert first.code == 0
    assert init(repository, "--output", "-") == first
    assert init(repository).code == 0
    assert written(repository) == first.out
    assert len(accepted(repository).workflows) >= len(PAGES) - 2  # agents' instructions stand apart


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"prompts/triage/system.j2": "a", "prompts/triage/user.j2": "{{ b }}"},
            {"triage": ["system:prompts/triage/system.j2", "user:prompts/triage/user.j2"]},
        ),
        (
            {"prompts/triage_user.txt": "a", "prompts/triage_system.md": "b", "prompts/other.txt": "c"},
            {"triage": ["system:prompts/triage_system.md", "user:prompts/triage_user.txt"], "other": ["prompts/other.txt"]},
        ),
        (
            {"prompts/triage.txt": "a", "prompts/triage.system.txt": "b"},
            {"triage": ["system:prompts/triage.system.txt", "prompts/triage.txt"]},
        ),
        (
            {"prompts/a_user.txt": "a", "prompts/a_human.txt": "b"},
            {"a": ["user:prompts/a_human.txt"], "a-2": ["user:prompts/a_user.txt"]},
        ),
        (
            {"bots/x/prompts/main.txt": "a", "bots/y/prompts/main.txt": "b"},
            {"x-main": ["bots/x/prompts/main.txt"], "y-main": ["bots/y/prompts/main.txt"]},
        ),
        (
            {"prompts.yaml": f"planner:\n  system: {LONG}\n  user: {LONG}\nwriter:\n  task: {LONG}\nname: x\n"},
            {"planner": ["system:prompts.yaml#planner.system", "user:prompts.yaml#planner.user"], "writer-task": ["prompts.yaml#writer.task"]},
        ),
        (
            {"conf/agent.toml": f'[agent]\nsystem_prompt = "{LONG}"\nnotes = "{LONG}"\n"gpt-4.1".prompt = "{LONG}"\n'},
            {"agent": ["system:conf/agent.toml#agent.system_prompt"], "gpt-4-1": ['conf/agent.toml#agent."gpt-4.1".prompt']},
        ),
        (
            {"agent.toml": f'[[agent.menu]]\nprompt = "{LONG}"\n[[agent.menu]]\nprompt = "{LONG}"\n'},
            {"menu-0": ["agent.toml#agent.menu.0.prompt"], "menu-1": ["agent.toml#agent.menu.1.prompt"]},
        ),
        (
            {"app/texts.py": f'PLANNER_SYSTEM = """{LONG}"""\nPLANNER_USER = """{LONG} {{q}}"""\nerror_message = """{LONG}"""\nCSS = """{LONG}"""\n'},
            {"planner": ["system:app/texts.py#PLANNER_SYSTEM"]},
        ),
        (
            {f"{folder}/prompts/a.j2": "a" for folder in ("node_modules/x", "tests", ".venv/lib", "third_party", "src")},
            {"a": ["src/prompts/a.j2"]},
        ),
        (
            dict.fromkeys(("prompts/README.md", "prompts/Dockerfile.j2", "prompts/page.html.j2", "a.j2", "notes.md", "prompts/b.txt"), "a"),
            {"b": ["prompts/b.txt"]},
        ),
        (
            {"prompts/system.md": "a", "lib/agent.py": f'class ReportWriter:\n    def run(self):\n        prompt = "{LONG}"\n        r = client.chat.completions.create(model="gpt-4o", messages=[{{"role": "user", "content": prompt}}])\n'},
            {"system": ["system:prompts/system.md"], "report-writer": ["lib/agent.py#ReportWriter.run.r.messages"]},
        ),
        (
            {"app/prompts.py": f'SORT_SYSTEM_PROMPT = "{LONG}"\nSORT_USER_PROMPT = "{LONG} {{q}}"\nSORT_JSON_SYSTEM_PROMPT = "{LONG} JSON"\n'
                               'SORT_JSON_USER_PROMPT = "Sort this parcel into JSON: {q}"\n'},
            {
                "sort": ["system:app/prompts.py#SORT_SYSTEM_PROMPT", "user:app/prompts.py#SORT_USER_PROMPT"],
                "sort-json": ["system:app/prompts.py#SORT_JSON_SYSTEM_PROMPT", "user:app/prompts.py#SORT_JSON_USER_PROMPT"],
            },
        ),
        (
            {"evals/promptfooconfig.yaml": 'prompts: ["Sort {{goods}} by size."]\nproviders: [openai:gpt-4o]\n', "prompts/agent.xml": "<agent>Sort.</agent>"},
            {"evals-0": ["evals/promptfooconfig.yaml"], "agent": ["prompts/agent.xml"]},
        ),
        (
            {"prompts/a.j2": "{% include 'parts/b.j2' %}", "prompts/parts/b.j2": "b"},
            {"a": ["prompts/a.j2"]},
        ),
        (
            {"prompts/long_prompt.j2": "{% include 'base_prompt.j2' %}", "prompts/base_prompt.j2": "b"},
            {"long": ["prompts/long_prompt.j2"], "base": ["prompts/base_prompt.j2"]},
        ),
    ],
)  # fmt: skip
def test_what_is_taken_for_one_call(
    repository: Repository, files: Files, expected: dict[str, list[str]]
) -> None:
    found = proposed(repository, files)
    assert found.keys() == expected.keys() or set(expected) <= set(found)
    assert {name: found[name] for name in expected} == expected


def test_tools_samples_and_model_are_used_where_they_lie_beside(repository: Repository) -> None:
    tool = '[{"name": "t", "description": "d", "input_schema": {"type": "object"}}]'
    repository.commit(
        {
            "prompts/triage/system.j2": "{{ company }}",
            "prompts/triage/tools.json": tool,
            "prompts/triage/samples/a.yaml": "company: Acme\n",
            "prompts/b.txt": "b",
            "prompts/c.txt": "c",
            "prompts/tools.json": tool,
            "other/b.prompt.yml": "model: openai/gpt-4o\nmessages: [{role: user, content: x}]\n",
        }
    )
    outcome = init(repository)
    workflows = accepted(repository).workflows
    triage = workflows["triage"]
    assert [tools.path for tools in triage.tools] == ["prompts/triage/tools.json"]
    assert "samples: prompts/triage/samples/*.yaml" in written(repository)
    assert "# The prompt file names the model: openai/gpt-4o" in written(repository)
    assert [item.tools for name, item in workflows.items() if name != "triage"] == [()] * 3
    assert "prompts/tools.json: which call has these tools is not clear" in outcome.out
    assert "3 of them name no model: openai/gpt-4.1 stands in `defaults`" in outcome.out


def test_samples_that_do_not_fit_are_given_up(repository: Repository) -> None:
    found = proposed(
        repository,
        {"prompts/t/a.j2": "{{ company }}", "prompts/t/samples/x.yaml": "other: 1\n"},
    )
    assert found == {"a": ["prompts/t/a.j2"]}
    assert "          company: {tokens: 100}\n    assumed: [samples]\n" in written(repository)


def test_what_cannot_be_measured_is_left_in_comments_with_the_reason(
    repository: Repository,
) -> None:
    files: Files = {
        "prompts/good.j2": "a",
        "prompts/filter.j2": "\n{{ a|own }}",
        "prompts/model.prompt.yml": "model: nobody/knows\nmessages: [{role: user, content: x}]\n",
    }
    assert proposed(repository, files) == {"good": ["prompts/good.j2"]}
    text = written(repository)
    assert "# Not measured: prompts/filter.j2:2: there is no filter" in text
    assert "\n  # filter:\n  #   prompts:\n  #     - prompts/filter.j2\n" in text
    assert "\n  # model:\n" in text
    mended = text.replace(
        "\n  # filter:\n  #   prompts:\n  #     -", "\n  filter:\n    prompts:\n      -"
    )
    (repository.path / CONFIGURATION).write_text(mended)
    repository.write({"prompts/filter.j2": "{{ a|upper }}"})
    assert {item["name"] for item in review(repository, "--worktree").report["workflows"]} == {
        "filter",
        "good",
    }


def test_a_text_that_only_looks_like_a_template_is_sent_as_it_stands(
    repository: Repository,
) -> None:
    found = proposed(repository, {"prompts/code.md": "Write `() => {{ done: true }}`."})
    assert found == {"code": ["prompts/code.md"]}
    line = "{path: prompts/code.md, format: jinja}  # a guess by its placeholders"
    assert line not in written(repository)
    assert "- prompts/code.md  # is it a template?\n" in written(repository)


def test_only_what_cannot_be_measured(repository: Repository) -> None:
    repository.commit({"prompts/a.j2": "{% if %}"})
    assert init(repository).code == 0
    assert "workflows: {}\n" in written(repository)
    assert review(repository, "--worktree").code == 0


def test_what_cannot_be_read_is_named(repository: Repository) -> None:
    repository.commit(
        {
            "prompts/a.txt": "a",
            "prompts/wide.txt": "x".encode("utf-16"),
            "prompts/huge.txt": b"x" * (4 * 1024 * 1024 + 1),
            "prompts/lfs.txt": "version https://git-lfs.github.com/spec/v1\n",
            "prompts/bad.prompt.yml": "messages: [\n",
        }
    )
    (repository.path / "prompts" / "link.txt").symlink_to("a.txt")
    repository.commit({})
    outcome = init(repository)
    assert accepted(repository).workflows.keys() == {"a"}
    for said in (
        "prompts/wide.txt: the file is UTF-16; save the file as UTF-8",
        "prompts/huge.txt: the file has 4,194,305 bytes",
        "prompts/lfs.txt: the file is a Git LFS pointer",
        "prompts/link.txt: the path is, or goes through, a symbolic link",
        "prompts/bad.prompt.yml: line 1: this is not YAML",
    ):
        assert said in outcome.out
        assert f"# - {said}" in written(repository)


HOSTILE = [
    "prompts/a\nversion: 2\n.txt",
    'prompts/it\'s "quoted" # no.txt',
    "prompts/*.txt",
    "prompts/x.py#y.txt",
    "prompts/\u202egnp.txt",
    "prompts/- {}: [],&*!|>%@`.txt",
    "prompts/ü 你好 \U0001f600.txt",
    "prompts/\x85\u2028.txt",
    "#prompts/~.txt",
    "prompts/" + "long/" * 50 + "x.txt",
]


def test_hostile_names_break_nothing(repository: Repository) -> None:
    repository.commit(dict.fromkeys(HOSTILE, "x"))
    folder = os.fsencode(repository.path / "prompts")
    with open(folder + b"/\xff\xfe.txt", "wb") as file:
        file.write(b"x")
    repository.commit({})
    outcome = init(repository)
    assert outcome.code == 0
    found = {item.path for w in accepted(repository).workflows.values() for item in w.prompts}
    named = {"prompts/a\nversion: 2\n.txt", "prompts/x.py#y.txt"}
    assert found == set(HOSTILE) - named
    assert "3 × the configuration cannot name such a path" in outcome.out
    assert "\u202e" not in outcome.out
    assert "\nversion: 2" not in outcome.out


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_any_path_is_written_as_it_is(path: str) -> None:
    node = parse_yaml(f"a: {{path: {quoted(path)}, b: 1}}  # c\n", file="f")
    assert plain(node) == {"a": {"path": path, "b": 1}}


def test_a_file_that_is_there_is_replaced_by_force_only(repository: Repository) -> None:
    repository.commit({"prompts/a.txt": "a", CONFIGURATION: "mine"})
    outcome = init(repository)
    assert (outcome.code, written(repository)) == (2, "mine")
    assert (
        f"{CONFIGURATION} is there already; add what is new with `--update`, replace it"
        in outcome.errors
    )
    assert init(repository, "--force").code == 0
    assert "\n  a:\n" in written(repository)


def test_another_place_or_none(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"prompts/a.txt": "a"})
    place = tmp_path / "deep" / "c.yml"
    outcome = init(repository, "--output", str(place))
    assert outcome.code == 0
    assert f"written:{place},1workflow" in "".join(outcome.out.split())
    printed = init(repository, "--output", "-")
    assert printed.out == place.read_text("utf-8")
    assert "found 1 prompt: 1 text\nprinted, 1 workflow\n" in printed.errors
    assert not (repository.path / CONFIGURATION).exists()
    link = repository.path / ".github"
    link.symlink_to(tmp_path)
    outcome = init(repository)
    assert outcome.code == 2
    assert "a symbolic link, which is never followed" in outcome.errors


def test_what_comes_next_names_the_file_as_the_repository_does(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"prompts/a.txt": "a", "sub/b.md": "b"})
    monkeypatch.chdir(repository.path / "sub")
    outcome = init(repository, "--output", "../x.yml")
    told = " ".join(outcome.out.split())
    assert "lines marked CHANGE in ../x.yml, then `reviewbot init --github --config x.yml`" in told
    assert init(repository, "--github", "--config", "x.yml").code == 0
    told = " ".join(init(repository, "--output", str(tmp_path / "y.yml")).out.split())
    assert told.endswith(f"y.yml; it lies outside of the repository: move it to {CONFIGURATION}")
    told = init(repository, "--output", f"../{CONFIGURATION}").out
    assert "then `reviewbot init --github` for" in " ".join(told.split())


def test_which_files_are_searched(repository: Repository) -> None:
    repository.commit({"prompts/a.txt": "a"})
    repository.write({"prompts/staged.txt": "b"})
    repository.git("add", "--all")
    repository.write({"prompts/untracked.txt": "c", ".gitignore": "ignored\n"})
    repository.write({"ignored/prompts/d.txt": "d"})

    def names(*arguments: str) -> set[str]:
        text = init(repository, "--output", "-", *arguments).out
        return set(read_configuration(text, file=CONFIGURATION).workflows)

    assert names() == {"a"}
    assert names("--staged") == {"a", "staged"}
    assert names("--worktree") == {"a", "staged", "untracked"}
    assert names("--head", "main") == {"a"}


def test_nothing_to_find(repository: Repository) -> None:
    repository.commit({"main.c": "int main;", "notes.md": "a"})
    outcome = init(repository)
    assert outcome.code == 2
    assert "no prompts were found in 2 files, by name, folder, ending or calls" in outcome.errors
    assert not (repository.path / CONFIGURATION).exists()


@pytest.mark.parametrize(("characters", "fit"), [(10, 1_000), (4_000, 74)])
def test_no_more_is_proposed_than_one_configuration_holds(characters: int, fit: int) -> None:
    found = Found(path="p" * characters, selector=None, format="text", role=None, name=(), group="")
    workflows = [Proposed(name=f"w{number}", prompts=(found,)) for number in range(1_003)]
    fitted = fitting(workflows)
    assert fitted == tuple(workflows[:fit])
    reasons = {item.name: "x" * 20_000 for item in fitted}
    left_out = [LeftOut(what=str(number), why="y" * 20_000) for number in range(10_000)]
    assert len(configuration_text(fitted, reasons, left_out)) < 2**20


def test_large_data_files_are_not_searched(repository: Repository) -> None:
    data = json.dumps({"prompt": LONG, "filler": ["x" * 1000] * 800})
    repository.commit(
        {
            "prompts/a.txt": "a",
            "data/big.json": data,
            "data/small.json": json.dumps({"prompt": LONG}),
        }
    )
    outcome = init(repository)
    assert set(accepted(repository).workflows) == {"a", "data"} or "small" in written(repository)
    assert "data/big.json: it has 803,394 characters, too many to be searched" in outcome.out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain text, 100%", "text"),
        ("Answer {question}.", "str-format"),
        ("Answer {user.name} {items[0]} {x!r} {n:>3}.", "str-format"),
        ('{"json": [1, 2]}', "text"),
        ("Escaped {{}} only", "text"),
        ("Escaped {{ a }} and {b}", "str-format"),
        ("{{ name }}: {not a name}", "jinja"),
        ("{{ name }}", "jinja"),
        ("{{name}} {{#items}}x{{/items}}", "mustache"),
        ("{{{raw}}}", "mustache"),
        ("{% if x %}{{#y}}{% endif %}", "jinja"),
        ("Dear ${name}, ${day}", "string-template"),
        ("It costs $5 or {x y}", "text"),
        ("if (a) { return; }", "text"),
    ],
)
def test_the_language_of_a_text_is_guessed(text: str, expected: str) -> None:
    assert language(text) == expected


@pytest.mark.parametrize(
    ("name", "role", "purpose"),
    [
        ("system", "system", ()),
        ("TRIAGE_SYSTEM_PROMPT", "system", ("triage",)),
        ("triage-user", "user", ("triage",)),
        ("humanMessageTemplate", "user", ()),
        ("EditBlockPrompts", None, ("edit", "block")),
        ("user_to_system", None, ("user", "to", "system")),
        ("prompt2", None, ("2",)),
    ],
)
def test_what_names_say(name: str, role: str | None, purpose: tuple[str, ...]) -> None:
    found = words(name)
    assert (found.role, found.purpose) == (role, purpose)
