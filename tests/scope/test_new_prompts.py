"""Prompts in changed source files are noticed, also where no workflow covers them."""

import threading

import pytest

from tests.support.one_workflow import BEFORE
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    PROMPT,
    change,
    configuration,
    tokens,
    workflow,
)

LONG = "You sort parcels by size and weight, and you name the shelf that fits best. " * 3
MORE = f"{LONG} Explain each of your choices in a paragraph."
SOURCES = {
    "app/agents.py": f'SYSTEM_PROMPT = """{LONG}"""\n',
    "src/agents.ts": f"export const systemPrompt = `{LONG}`;\n",
    "src/agents.jsx": f"export const systemPrompt = `{LONG}`;\n",
}


@pytest.mark.parametrize("path", SOURCES)
def test_a_new_prompt_is_listed_with_its_name_lines_and_tokens(
    repository: Repository, path: str
) -> None:
    outcome = change(repository, BEFORE, {path: f"\n{SOURCES[path]}"})
    (found,) = outcome.report["new_prompts"]
    assert (found["path"], found["line"], found["last_line"]) == (path, 2, 2)
    assert found["selector"] in {"SYSTEM_PROMPT", "systemPrompt"}
    assert found["tokens"] == pytest.approx(49, abs=3)
    assert found["tokens_before"] is None
    assert outcome.code == 0


@pytest.mark.parametrize("form", ["terminal", "markdown"])
def test_people_see_it_at_a_glance(repository: Repository, form: str) -> None:
    outcome = change(repository, BEFORE, {"app/agents.py": SOURCES["app/agents.py"]}, form=form)
    shown = " ".join(outcome.out.split())
    assert "app/agents.py" in shown
    assert "52 tokens, new, cost unknown: no model is named" in shown


@pytest.mark.parametrize("form", ["terminal", "--verbose", "markdown", "html"])
def test_what_it_costs_is_told_by_its_model_or_that_of_defaults(
    repository: Repository, form: str
) -> None:
    """The text alone, as input: 52 and 4 tokens at 2 USD a million, 13 at the call's own 0.4."""
    defaults = configuration({"w": workflow()}, defaults="{model: openai/gpt-4.1}")
    call = CALL.replace("MODEL", "gpt-4.1-mini")
    new = {"app/agents.py": SOURCES["app/agents.py"], "late.py": call, "prompts/x.md": tokens(4)}
    arguments = [form] if form.startswith("-") else []
    outcome = change(
        repository,
        {**BEFORE, CONFIGURATION: defaults},
        new,
        *arguments,
        form="terminal" if arguments else form,
    )
    shown = " ".join(outcome.out.replace("\\", "").replace("<wbr>", "").split())
    assert "52 tokens, new, $0.10 for this text per 1,000 calls of openai/gpt-4.1" in shown
    assert "4 tokens, $0.01 for this text per 1,000 calls of openai/gpt-4.1" in shown
    assert "for this text per 1,000 calls of gpt-4.1-mini" in shown


@pytest.mark.parametrize("path", SOURCES)
def test_a_grown_prompt_is_listed_with_what_it_was(repository: Repository, path: str) -> None:
    before = {**BEFORE, path: SOURCES[path]}
    outcome = change(repository, before, {path: SOURCES[path].replace(LONG, MORE)})
    (found,) = outcome.report["new_prompts"]
    assert found["tokens"] > found["tokens_before"] > 40


@pytest.mark.parametrize("path", SOURCES)
@pytest.mark.parametrize("edit", ["moved", "shorter"])
def test_a_prompt_that_only_moved_or_shrank_is_not(
    repository: Repository, path: str, edit: str
) -> None:
    source = SOURCES[path]
    other = f"\n\n{source}" if edit == "moved" else source.replace(LONG, LONG[:180])
    assert change(repository, {**BEFORE, path: source}, {path: other}).report["new_prompts"] == []


@pytest.mark.parametrize(
    "added",
    [
        "\n".join(f"- rule{n}" for n in range(60)),
        "Answer in one long paragraph",
        "\u7528\u4e2d\u6587\u56de\u7b54",
        "token" * 100,
        "Briefly",
    ],
)
def test_whatever_makes_a_prompt_grow_is_noticed(repository: Repository, added: str) -> None:
    path = "app/agents.py"
    grown = SOURCES[path].replace(LONG, f"{LONG}\n{added}")
    outcome = change(repository, {**BEFORE, path: SOURCES[path]}, {path: grown})
    (found,) = outcome.report["new_prompts"]
    assert found["tokens"] > found["tokens_before"]


def test_what_a_workflow_names_or_sends_is_covered(repository: Repository) -> None:
    source = f'RULES = """{LONG}"""\nSYSTEM_PROMPT = f"Hi. {{RULES}}"\n'
    named = {**BEFORE, "a.py": source}
    named[CONFIGURATION] = configuration({"w": workflow('"a.py#SYSTEM_PROMPT"')})
    outcome = change(repository, named, {"a.py": source.replace(LONG, MORE)})
    assert outcome.report["new_prompts"] == []
    assert [item["name"] for item in outcome.report["workflows"]] == ["w"]


def test_tests_and_ignored_files_are_not_searched(repository: Repository) -> None:
    ignore = "{ignore: ['lab/**']}"
    before = {**BEFORE, CONFIGURATION: configuration({"w": workflow()}, coverage=ignore)}
    text = SOURCES["app/agents.py"]
    after = {"lab/a.py": text, "tests/a.py": text, "src/a.spec.ts": SOURCES["src/agents.ts"]}
    assert change(repository, before, after).report["new_prompts"] == []


def test_a_change_cannot_ignore_what_it_brings(repository: Repository) -> None:
    ignore = configuration({"w": workflow()}, coverage="{ignore: ['lab/**']}")
    after = {CONFIGURATION: ignore, "lab/a.py": SOURCES["app/agents.py"]}
    assert len(change(repository, BEFORE, after).report["new_prompts"]) == 1


@pytest.mark.parametrize(("asked", "code"), [("list", 0), ("warn", 0), ("fail", 1)])
def test_coverage_says_what_a_new_prompt_is(repository: Repository, asked: str, code: int) -> None:
    coverage = f"{{new_prompts: {asked}}}"
    before = {**BEFORE, CONFIGURATION: configuration({"w": workflow()}, coverage=coverage)}
    outcome = change(repository, before, {"app/agents.py": SOURCES["app/agents.py"]})
    assert outcome.code == code
    rules = [item["rule"] for item in outcome.report["findings"]]
    assert rules == ([] if asked == "list" else ["new_prompt"])


@pytest.mark.parametrize(
    ("was", "now", "code"),
    [(None, "You sort parcels.", 1), ("a", "longer", 1), ("longer", "short", 0), ("a", "b", 0)],
)
def test_coverage_says_what_a_new_prompt_file_is(
    repository: Repository, was: str | None, now: str, code: int
) -> None:
    asked = configuration({"w": workflow()}, coverage="{new_prompts: fail}")
    before = {**BEFORE, CONFIGURATION: asked, **({"prompts/x.md": was} if was else {})}
    outcome = change(repository, before, {"prompts/x.md": now})
    assert outcome.code == code
    assert ("prompts/x.md is covered by no workflow" in outcome.out) == bool(code)


def test_the_coverage_counts_the_prompts_of_changed_source_files(repository: Repository) -> None:
    source = SOURCES["app/agents.py"]
    outcome = change(
        repository,
        {**BEFORE, "app/agents.py": source},
        {"app/agents.py": f"{source}\nNOTE = 'You are asked to read this line of it.'"},
    )
    assert outcome.report["new_prompts"] == []
    coverage = outcome.report["coverage"]
    assert coverage["covered"] == 1
    assert coverage["known"] > 1


def test_a_review_without_uncovered_prompts_has_no_note_of_it(repository: Repository) -> None:
    outcome = change(repository, BEFORE, {PROMPT: "Sort these parcels."})
    assert outcome.report["coverage"] == {
        "covered": 1,
        "known": 1,
        "calls_covered": 0,
        "calls": 0,
    }
    assert outcome.report["notes"] == []


CALL = """\
def ask(parcel):
    reply = client.chat.completions.create(
        model="MODEL",
        max_tokens=120,
        messages=[
            {"role": "system", "content": "Say in one sentence why a parcel is late."},
            {"role": "user", "content": f"Parcel {parcel}"},
        ],
    )
    return reply
"""
ASK = '"late.py#ask.reply.messages"'
SAMPLES = "[{name: one, variables: {parcel: HP-1}}]"


def test_a_model_that_the_code_changes_is_a_change_of_the_workflow(repository: Repository) -> None:
    setting = workflow(ASK, model="", samples=SAMPLES)
    files = {
        CONFIGURATION: configuration({"w": setting}),
        "late.py": CALL.replace("MODEL", "gpt-4o-mini"),
    }
    outcome = change(repository, files, {"late.py": CALL.replace("MODEL", "gpt-4o")})
    assert outcome.usd("after") > 10 * outcome.usd("before")


@pytest.mark.parametrize("called", ["gpt-4o", "gpt-4o-mini"])
def test_a_model_that_is_called_and_not_the_one_that_is_priced_is_a_warning(
    repository: Repository, called: str
) -> None:
    setting = workflow(ASK, model="openai/gpt-4o-mini", samples=SAMPLES)
    source = CALL.replace("MODEL", called)
    files = {CONFIGURATION: configuration({"w": setting}), "late.py": source}
    found = change(repository, files, {"late.py": source.replace("late.", "so late.")}).report
    assert [(item["rule"], item["verdict"]) for item in found["findings"]] == (
        [] if called == "gpt-4o-mini" else [("model_in_code", "warn")]
    )


SEVERAL = """\
class Store:
    def __init__(self, given):
        self.system_prompt = given
        if given is None:
            self.system_prompt = "You sort parcels by size and weight, and name the shelf for each."
"""


@pytest.mark.parametrize(("asked", "code"), [("list", 0), ("fail", 1)])
def test_a_new_prompt_that_the_source_does_not_tell_is_named(
    repository: Repository, asked: str, code: int
) -> None:
    coverage = configuration({"w": workflow()}, coverage=f"{{new_prompts: {asked}}}")
    before = {**BEFORE, CONFIGURATION: coverage, "app/old.py": SEVERAL}
    outcome = change(
        repository, before, {"app/new.py": SEVERAL, "app/old.py": f"{SEVERAL}X = 'You know it.'\n"}
    )
    assert outcome.code == code
    said = [note for note in outcome.report["notes"] if note.startswith("not read: ")]
    assert [note.partition(" places")[0] for note in said] == [
        "not read: app/new.py#Store.__init__.self.system_prompt: line 5: it is set in several"
    ]


ELSEWHERE = {
    "a condition of it": ("is None", "is not None"),
    "its other value": ("= given\n", "= given.strip()\n"),
    "a method that sets it": ("Store:\n", "Store:\n    def set(self, x):\n        self.system_prompt = x\n\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", ELSEWHERE)
def test_one_that_the_source_does_not_tell_is_named_wherever_it_is_changed(
    repository: Repository, name: str
) -> None:
    before = {**BEFORE, "app/old.py": SEVERAL}
    outcome = change(repository, before, {"app/old.py": SEVERAL.replace(*ELSEWHERE[name])})
    said = [note for note in outcome.report["notes"] if note.startswith("not read: ")]
    assert [note.partition(": line")[0] for note in said] == [
        "not read: app/old.py#Store.__init__.self.system_prompt"
    ]


BESIDE = {
    "behind it": ("{SEVERAL}x = f(1)\n", "{SEVERAL}x = f(2)\n"),
    "gone before it": ("def f():\n    return 'You answer.'\n\n\n{SEVERAL}", "{SEVERAL}"),
}


@pytest.mark.parametrize("name", BESIDE)
def test_one_that_stands_beside_what_is_changed_is_not(repository: Repository, name: str) -> None:
    was, now = (text.replace("{SEVERAL}", SEVERAL) for text in BESIDE[name])
    outcome = change(repository, {**BEFORE, "app/old.py": was}, {"app/old.py": now})
    assert [note for note in outcome.report["notes"] if note.startswith("not read: ")] == []


@pytest.mark.parametrize(("asked", "code"), [("list", 0), ("warn", 0), ("fail", 1)])
def test_where_new_prompts_are_asked_for_every_changed_file_is_searched(
    repository: Repository, asked: str, code: int
) -> None:
    coverage = configuration({"w": workflow()}, coverage=f"{{new_prompts: {asked}}}")
    source = f"import a  # of the model\n\nLINES = '{LONG}'\n\n\ndef total(rows):\n    return 1\n"
    before = {**BEFORE, CONFIGURATION: coverage, "app/b.py": source}
    outcome = change(repository, before, {"app/b.py": source.replace("return 1", "return 1 1")})
    assert outcome.code == code
    assert bool(outcome.report["findings"]) == (asked != "list")


COMPUTED = """\
def answer(history):
    return client.chat.completions.create(model="gpt-4o", messages=build(history))
"""


def test_calls_in_changed_code_are_counted_and_those_without_a_workflow_named(
    repository: Repository,
) -> None:
    setting = workflow(ASK, model="", samples=SAMPLES)
    source = CALL.replace("MODEL", "gpt-4o-mini")
    files = {CONFIGURATION: configuration({"w": setting}), "late.py": source}
    after = source.replace("late.", "so late.")
    report = change(repository, files, {"late.py": after, "app/answer.py": COMPUTED}).report
    assert (report["coverage"]["calls_covered"], report["coverage"]["calls"]) == (1, 2)
    assert report["notes"][-1] == (
        "coverage: 1 of 1 prompts and 1 of 2 calls in changed files are measured by a workflow; "
        "app/answer.py:2: no workflow names what this call sends"
    )


def test_a_call_that_the_change_leaves_alone_is_not_named(repository: Repository) -> None:
    setting = workflow(ASK, model="", samples=SAMPLES)
    source = f"{CALL.replace('MODEL', 'gpt-4o-mini')}\n\n{COMPUTED}"
    files = {CONFIGURATION: configuration({"w": setting}), "late.py": source}
    report = change(repository, files, {"late.py": source.replace("late.", "so late.")}).report
    assert (report["coverage"]["calls_covered"], report["coverage"]["calls"]) == (1, 2)
    assert report["notes"] == []


@pytest.mark.parametrize("added", ['Car(model="gpt-4o", colour=red(1))', "x = Meta(model=User)"])
def test_what_is_called_with_a_model_and_is_no_model_is_no_call(
    repository: Repository, added: str
) -> None:
    report = change(repository, BEFORE, {"app/prompts.py": f"{added}\n"}).report
    assert report["coverage"]["calls"] == 0


UNREADABLE = {
    "source that is no Python": ("app/agents.py", f'SYSTEM_PROMPT = """{LONG}"""\nclass = (\n'),
    "a file that is too large": (
        "app/agents.py",
        f'SYSTEM_PROMPT = """{LONG}"""\n' + "# a comment that fills the file\n" * 20_000,
    ),
    "TypeScript as deep as no program": (
        "app/agents.ts",
        f"export const systemPrompt = `{LONG}`;\nconst a = " + "[" * 50_000 + ";\n",
    ),
}


@pytest.mark.parametrize(
    ("path", "name", "most"),
    [("app/a.ts", "const v{} = 'a';\n", 20_000), ("app/a.py", "v{} = 'a'\n", 5_000)],
)
def test_a_file_with_more_names_than_are_read_is_named(
    repository: Repository, path: str, name: str, most: int
) -> None:
    prompt = name.format("_PROMPT").replace("'a'", f"'{LONG}'")
    other = name.format("_SYSTEM_PROMPT").replace("'a'", f"'Other. {LONG}'")
    text = prompt + "".join(map(name.format, range(most))) + other
    report = change(repository, BEFORE, {path: text}).report
    assert [item["selector"] for item in report["new_prompts"]] == ["v_PROMPT"]
    assert any(f"{path}: it may hold more than the {most:,} names" in n for n in report["notes"])


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_changed_file_that_cannot_be_searched_is_named(repository: Repository, name: str) -> None:
    path, text = UNREADABLE[name]
    outcome = change(repository, BEFORE, {path: text})
    said = [note for note in outcome.report["notes"] if note.startswith("not searched for prompts")]
    assert outcome.report["new_prompts"] or any(path in note for note in said)


def test_a_file_that_cannot_be_searched_fails_where_new_prompts_do(repository: Repository) -> None:
    asked = configuration({"w": workflow()}, coverage="{new_prompts: fail}")
    path, text = UNREADABLE["source that is no Python"]
    outcome = change(repository, {**BEFORE, CONFIGURATION: asked}, {path: text})
    assert outcome.code == 1
    (found,) = outcome.report["findings"]
    assert (found["rule"], found["verdict"]) == ("new_prompt", "fail")
    assert "could not be searched for prompts" in found["text"]


def test_more_changed_files_than_are_searched_is_said(repository: Repository) -> None:
    many: dict[str, str | bytes | None] = {f"b/f{number:03}.py": "A = 1\n" for number in range(510)}
    outcome = change(repository, BEFORE, many)
    (note,) = outcome.report["notes"]
    assert note.startswith("not searched for prompts: 10 more files: ")


def test_prompts_are_found_beside_more_text_than_is_searched(repository: Repository) -> None:
    bundles = {f"app/a{n}.js": f"// {'x' * 999}\n" * 990 for n in range(18)}
    after = {**bundles, "app/z.py": SOURCES["app/agents.py"], "zz/prompts.ts": PLAIN_PROMPT}
    report = change(repository, BEFORE, after).report
    assert [item["path"] for item in report["new_prompts"]] == ["app/z.py", "zz/prompts.ts"]
    assert any("app/a9.js" in note for note in report["notes"])


PLAIN_PROMPT = f"export const rules = `{LONG}`;\n"

RESPONSE = 'client.responses.create(model="gpt-4o", input="{}")\n'
FIRST = (
    "You are a kind assistant who answers each question of a customer about parcels and shelves."
)
SECOND = "You are another assistant, who sorts every invoice by vendor and by date."


@pytest.mark.parametrize("place", ["above", "below"])
def test_a_new_call_beside_another_is_new_wherever_it_stands(
    repository: Repository, place: str
) -> None:
    old, new = RESPONSE.format(FIRST), RESPONSE.format(SECOND)
    both = new + old if place == "above" else old + new
    outcome = change(repository, {**BEFORE, "src/c.py": old}, {"src/c.py": both})
    (found,) = outcome.report["new_prompts"]
    assert found["tokens_before"] is None


def test_a_prompt_is_found_whatever_its_file_is_about(repository: Repository) -> None:
    greeting = (
        "Be a kind pirate. Answer every customer in rhymes, and never mention the weather. " * 3
    )
    source = f'GREETING = "{greeting}"\n\nclient.responses.create(model="gpt-4o", input=GREETING)\n'
    outcome = change(repository, BEFORE, {"src/greet.py": source})
    assert [item["path"] for item in outcome.report["new_prompts"]] == ["src/greet.py"]


def test_a_review_that_ends_early_ends_its_search(repository: Repository) -> None:
    nowhere = configuration({"w": workflow('"nowhere.md"')})
    outcome = change(repository, BEFORE, {CONFIGURATION: nowhere, **SOURCES})
    assert outcome.code == 2
    assert "search" not in {thread.name for thread in threading.enumerate()}


def test_a_text_and_the_call_that_sends_it_are_one_prompt(repository: Repository) -> None:
    source = f'''\
def summarize(history):
    prompt = f"""{LONG}{{history}}"""
    found = completion(model="gpt-4o", messages=[{{"content": prompt, "role": "user"}}])
    return found.choices[0].message.content
'''
    outcome = change(repository, BEFORE, {"app/agents.py": source})
    (found,) = outcome.report["new_prompts"]
    assert found["selector"] == "summarize.found.messages"
    assert outcome.report["coverage"]["known"] == 2


def test_a_file_of_tools_is_searched_for_prompts_too(repository: Repository) -> None:
    tools = (
        "from langchain_core.tools import tool\n\n\n@tool\ndef find(name: str) -> str:\n"
        '    """Find a parcel by its name."""\n    return name\n'
    )
    before = {
        CONFIGURATION: configuration({"w": workflow("prompts/p.md", tools="app/tools.py")}),
        "prompts/p.md": "Sort the parcels.",
        "app/tools.py": tools,
        "settings.json": "{}",
    }
    prompt = f'\nSYSTEM_PROMPT = "{LONG}"\n'
    outcome = change(
        repository, before, {"app/tools.py": tools + prompt, "settings.json": '{"a": 1}'}
    )
    (found,) = outcome.report["new_prompts"]
    assert (found["path"], found["selector"]) == ("app/tools.py", "SYSTEM_PROMPT")
