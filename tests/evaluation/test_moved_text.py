"""Governed text that moves out of sight."""

import os

import pytest

from tests.support.gating import stopped
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    change,
    configuration,
    review,
    tokens,
    workflow,
)

RULES = " ".join(f"Rule {number} says that parcels of kind {number} wait." for number in range(60))
LIMITS = "{increase: {hard: 5%}, monthly_cost: {hard: $3}}"
APPROVERS = "{approvers: [boss]}"


def settings(**workflows: str) -> str:
    return configuration(workflows, approval=APPROVERS)


def texts(outcome: object) -> list[str]:
    return [item["text"] for item in outcome.report["findings"]]  # type: ignore[attr-defined]


PLACES = {
    "a new prompt of none": ("prompts/extra.md", None),
    "a prompt of none that is there": ("prompts/extra.md", "Hello.\n"),
    "a file that looks like no prompt": ("app/rules.txt", None),
    "source code": ("app/text.py", "A = 1\n"),
    "a folder that coverage ignores": ("archive/old.md", None),
}


@pytest.mark.parametrize("name", PLACES)
def test_text_that_moves_where_no_workflow_covers_it(repository: Repository, name: str) -> None:
    path, there = PLACES[name]
    files = {
        "a.txt": f"Be kind.\n{RULES}\n",
        CONFIGURATION: settings(w=workflow("a.txt", envelope=LIMITS)),
        **({path: there} if there else {}),
    }
    moved = RULES.replace(" says ", "\nsays ")
    outcome = change(
        repository, files, {"a.txt": "Be kind.\n", path: f'{there or ""}"""{moved}"""'}
    )
    assert stopped(outcome)
    (found,) = outcome.report["findings"]
    assert (found["rule"], found["place"]["file"]) == ("loosened", path)


OTHER = configuration(
    {"w": workflow("SELECTED"), "x": workflow("{path: b.txt}")}, approval=APPROVERS
)
BESIDE = {
    "a constant of Python": ("a.py", "#P", f'P = """{RULES}"""\n', f'P = "Hi."\nQ = """{RULES}"""\n'),
    "words by themselves": ("a.py", "#P", f'P = """{RULES}"""\n', f'P = "Hi."\nQ = {RULES.split()}\n'),
    "lines in quotes": (
        "a.py",
        "#P",
        f'P = """{RULES}"""\n',
        'P = "Hi."\nQ = "' + RULES.replace(" ", '_" "') + '"\n',
    ),
    "lines with escapes": (
        "a.py",
        "#P",
        f'P = """{RULES}"""\n',
        'P = "Hi."\nQ = "' + RULES.replace(" ", "\\n") + '"\n',
    ),
    "an argument": ("a.py", "#P", f'P = """{RULES}"""\n', f'P = "Hi."\nask(P + """{RULES}""")\n'),
    "a constant of TypeScript": (
        "a.ts",
        "#P",
        f"const P = `{RULES}`;\n",
        f"const P = `Hi.`;\nconst Q = `{RULES}`;\n",
    ),
    "a key": ("a.yaml", "#p.x", f"p: {{x: '{RULES}'}}\n", f"p: {{x: Hi., y: '{RULES}'}}\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", BESIDE)
def test_text_that_moves_beside_the_prompt_in_its_file(repository: Repository, name: str) -> None:
    path, selector, before, after = BESIDE[name]
    named = f'{{path: "{path}{selector}"}}'
    if path == "a.yaml":
        named = named.replace("}", ", format: text}")
    files = {CONFIGURATION: OTHER.replace("SELECTED", named), "b.txt": "x", path: before}
    outcome = change(repository, files, {path: after})
    assert stopped(outcome)
    (found,) = outcome.report["findings"]
    assert (found["rule"], found["place"]["file"]) == ("loosened", path)


HIDING = {
    "a comment": ("a.j2", "{# RULES #}Hi."),
    "a block that is set": ("a.j2", "{% set x %}RULES{% endset %}Hi."),
    "a macro": ("a.j2", "{% macro x() %}RULES{% endmacro %}Hi."),
    "a condition": ("a.j2", "{% if false %}RULES{% endif %}Hi."),
    "a text in a tag": ("a.j2", "{% set x = 'RULES' %}Hi."),
    "a comment of Handlebars": ("a.hbs", "{{!-- RULES --}}Hi."),
}


@pytest.mark.parametrize("path", ["x.md", "app/x.py"])
@pytest.mark.parametrize("name", HIDING)
def test_text_that_moves_while_its_prompt_hides_it(
    repository: Repository, name: str, path: str
) -> None:
    prompt, hiding = HIDING[name]
    files = {CONFIGURATION: settings(w=workflow(prompt)), prompt: RULES}
    outcome = change(repository, files, {prompt: hiding.replace("RULES", RULES), path: RULES})
    assert stopped(outcome)
    (found,) = outcome.report["findings"]
    assert (found["rule"], found["place"]["file"]) == ("loosened", path)


def test_other_text_in_its_place_does_not_hide_that_it_moves(repository: Repository) -> None:
    files = {CONFIGURATION: settings(w=workflow("a.j2")), "a.j2": RULES}
    hidden = f"{{# {RULES} #}}{tokens(900)}"
    assert stopped(change(repository, files, {"a.j2": hidden, "x.md": RULES}))


def test_text_that_is_copied_while_other_text_goes_is_still_sent(repository: Repository) -> None:
    files = {CONFIGURATION: settings(w=workflow("a.j2")), "a.j2": f"{RULES}\n{tokens(900)}"}
    outcome = change(repository, files, {"a.j2": f"{RULES}\nHo.", "tests/x.md": RULES})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_text_that_is_copied_and_still_sent_is_no_finding(repository: Repository) -> None:
    files = {CONFIGURATION: settings(w=workflow("a.j2")), "a.j2": f"{RULES} Hi."}
    outcome = change(repository, files, {"a.j2": f"{RULES} Ho.", "x.md": RULES})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_text_that_a_constant_beside_it_sends_is_sent(repository: Repository) -> None:
    named = '{path: "a.py#P"}'
    files = {
        CONFIGURATION: OTHER.replace("SELECTED", named),
        "b.txt": "x",
        "a.py": f'P = """Hi.\n{RULES}"""\n',
    }
    outcome = change(repository, files, {"a.py": f'Q = """\n{RULES}"""\nP = f"Ho.{{Q}}"\n'})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_text_that_moves_into_another_workflow_is_measured_there(repository: Repository) -> None:
    files = {
        "a.txt": f"Be kind.\n{RULES}\n",
        "b.txt": "Be brief.\n",
        CONFIGURATION: settings(w=workflow("a.txt"), x=workflow("b.txt")),
    }
    outcome = change(repository, files, {"a.txt": "Be kind.\n", "b.txt": f"Be brief.\n{RULES}\n"})
    assert outcome.report["findings"] == []


def test_text_that_is_taken_out_is_a_saving(repository: Repository) -> None:
    files = {
        "a.txt": f"Be kind.\n{RULES}\n",
        "notes.md": "x",
        CONFIGURATION: settings(w=workflow("a.txt")),
    }
    outcome = change(repository, files, {"a.txt": "Be kind.\n", "notes.md": "Fewer rules."})
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_a_workflow_that_is_removed_while_another_grows(repository: Repository) -> None:
    one, other = workflow("a.txt", envelope=LIMITS), workflow("b.txt", envelope="{}")
    files = {"a.txt": tokens(900), "b.txt": tokens(10), CONFIGURATION: settings(w=one, x=other)}
    outcome = change(
        repository,
        files,
        {"a.txt": None, "b.txt": tokens(5000), CONFIGURATION: settings(x=other)},
    )
    assert stopped(outcome)
    assert any("workflows are removed while x grows" in text for text in texts(outcome))


@pytest.mark.parametrize("path", ["prompts/new.md", "b.txt"])
def test_an_approval_is_bound_to_what_the_named_file_holds(
    repository: Repository, path: str
) -> None:
    one, other = workflow("a.txt", envelope=LIMITS), workflow("b.txt", envelope="{}")
    files = {"a.txt": tokens(900), "b.txt": tokens(10), CONFIGURATION: settings(w=one, x=other)}
    first = change(
        repository,
        files,
        {"a.txt": None, path: tokens(30), CONFIGURATION: settings(x=other)},
    )
    repository.commit({path: tokens(5000)})
    assert first.report["evidence"] != review(repository).report["evidence"]


def test_an_approval_is_bound_to_a_prompt_that_was_taken_out(repository: Repository) -> None:
    both, one = workflow("[a.txt, b.txt]"), workflow("[b.txt]")
    files = {"a.txt": tokens(90), "b.txt": "x", CONFIGURATION: settings(w=both)}
    first = change(repository, files, {"a.txt": tokens(91), CONFIGURATION: settings(w=one)})
    repository.commit({"a.txt": tokens(5000)})
    assert first.report["evidence"] != review(repository).report["evidence"]


def test_a_decoy_nearer_than_the_included_file(repository: Repository) -> None:
    files = {
        "prompts/triage/p.j2": "Be kind. {% include 'tone.j2' %}",
        "prompts/tone.j2": tokens(40),
        CONFIGURATION: settings(w=workflow("prompts/triage/p.j2", envelope=LIMITS)),
    }
    decoy = {"prompts/triage/tone.j2": "x", "prompts/tone.j2": tokens(5000)}
    outcome = change(repository, files, decoy)
    assert stopped(outcome)
    (found,) = outcome.workflow()["findings"]
    assert "no longer prompts/tone.j2, which is still there" in found["text"]


def broken(kind: str) -> tuple[dict[str, str | bytes | None], str, dict[str, str]]:
    match kind:
        case "imports of agent files":
            return (
                {"CLAUDE.md": "@a.md\n@b.md\n", "b.md": tokens(10)},
                "CLAUDE.md",
                {"a.md": "x.md"},
            )
        case "Python modules":
            source = "from a import A\nfrom b import B\nX = f'{A} {B} {'\n"
            return {"p.py": source, "b.py": "B = 'x'\n"}, "p.py#X", {}
        case _:
            text = '{"_type": "few_shot", "examples": "examples.json", "suffix": '
            return {"p.json": text, "examples.json": "[]"}, "{path: p.json, format: langchain}", {}


@pytest.mark.parametrize("kind", ["imports of agent files", "Python modules", "examples of a file"])
def test_a_broken_workflow_whose_other_file_grows(repository: Repository, kind: str) -> None:
    files, prompts, links = broken(kind)
    for name, target in links.items():
        os.symlink(target, repository.path / name)
    files |= {CONFIGURATION: settings(w=workflow(prompts, envelope=LIMITS))}
    grown = [path for path in files if path.startswith(("b.", "examples"))]
    outcome = change(repository, files, {grown[0]: f"B = '{tokens(5000)}'\n"})
    assert outcome.code == 3
    assert outcome.workflow()["verdict"] == "unmeasured"


def test_a_broken_workflow_does_not_stop_other_changes(repository: Repository) -> None:
    files, prompts, _ = broken("Python modules")
    files |= {CONFIGURATION: settings(w=workflow(prompts, envelope=LIMITS)), "README": "x"}
    assert change(repository, files, {"README": "y"}).code == 0


def test_what_modules_beside_a_prompt_lose_is_no_text_of_it(repository: Repository) -> None:
    helpers = "".join(
        f"def helper_{number}(): return {number} + a + b + c\n" for number in range(30)
    )
    source = 'from helpers import NAME\nPROMPT = f"You sort {NAME}. Be kind."\n'
    named = workflow('"p.py#PROMPT"', envelope=LIMITS)
    files = {
        CONFIGURATION: settings(w=named),
        "p.py": source,
        "helpers.py": f'NAME = "mail"\n{helpers}',
    }
    changed = {
        "p.py": source.replace("kind", "brief"),
        "helpers.py": 'NAME = "mail"\n',
        "more.py": helpers,
    }
    assert change(repository, files, changed).report["findings"] == []


def test_text_that_moves_behind_many_other_files_is_not_overlooked(repository: Repository) -> None:
    files = {
        "a.txt": f"Be kind.\n{RULES}\n",
        CONFIGURATION: settings(w=workflow("a.txt", envelope=LIMITS)),
    }
    many: dict[str, str | bytes | None] = {f"b/{number:04}.txt": "x" for number in range(2_050)}
    moved = f'"""{RULES}"""'
    outcome = change(repository, files, {**many, "a.txt": "Be kind.\n", "z/text.py": moved})
    assert stopped(outcome)
    assert any("were not looked at" in text for text in texts(outcome))


@pytest.mark.parametrize("kind", ["a byte that is no UTF-8", "UTF-16", "a link"])
def test_text_that_moves_where_it_is_hard_to_read_is_not_overlooked(
    repository: Repository, kind: str
) -> None:
    files = {
        "a.txt": f"Be kind.\n{RULES}\n",
        CONFIGURATION: settings(w=workflow("a.txt", envelope=LIMITS)),
    }
    data = {
        "a byte that is no UTF-8": f"{RULES} caf".encode() + b"\xe9",
        "UTF-16": RULES.encode("utf-16"),
        "a link": None,
    }[kind]
    repository.commit({**files, "data/there.txt": "x"})
    repository.branch("work")
    if data is None:
        os.symlink("there.txt", repository.path / "data" / "extra.txt")
    outcome_files = {"a.txt": "Be kind.\n"} | ({} if data is None else {"data/extra.txt": data})
    repository.commit(outcome_files)
    assert stopped(review(repository))


def test_a_picture_beside_a_shorter_prompt_is_no_text(repository: Repository) -> None:
    files = {
        "a.txt": f"Be kind.\n{RULES}\n",
        CONFIGURATION: settings(w=workflow("a.txt", envelope=LIMITS)),
    }
    picture = b"\x89PNG\r\n\x1a\n\0\0\0" + bytes(range(256))
    assert change(repository, files, {"a.txt": "Be kind.\n", "logo.png": picture}).code == 0
