"""`reviewbot explain`: the parts of a call add up, and stand at their files and lines."""

import io
import json
import re
from contextlib import redirect_stderr, redirect_stdout
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from reviewbot.cli import main
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    PROMPT,
    Outcome,
    configuration,
    review,
    tokens,
    workflow,
)
from tests.support.reviewing import workflow as flow

SYSTEM = "prompts/system.j2"
SAMPLES = (
    "[{name: short, weight: 3, variables: {name: {tokens: 1}}},"
    " {name: long, variables: {name: {tokens: 101}}}]"
)


def explain(repository: Repository, *arguments: str) -> Outcome:
    out, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(errors):
        code = main(["explain", "--repo", str(repository.path), *arguments])
    return Outcome(code=int(code), out=out.getvalue(), errors=errors.getvalue())


def described(repository: Repository) -> None:
    prompts = f"[{{path: {SYSTEM}, role: system}}, {PROMPT}]"
    text = f"{tokens(30)}\n{{{{ name }}}} {tokens(5)}\n"
    settings = configuration({"w": flow(prompts, samples=SAMPLES), "other": flow(PROMPT)})
    repository.commit({CONFIGURATION: settings, SYSTEM: text, PROMPT: tokens(10)})


def test_the_parts_of_a_call_add_up(repository: Repository) -> None:
    described(repository)
    outcome = explain(repository, "w", "--format", "json")
    found = json.loads(outcome.out)
    system, user = found["messages"]
    assert (system["role"], user["role"]) == ("system", "user")
    assert system["place"]["file"] == SYSTEM
    # 30 tokens, a line break, the name, 5 tokens
    assert Decimal(user["mean_tokens"]) == 10
    assert system["largest_tokens"] - int(system["lines"][0]["tokens"]) >= 101
    parts = [item["mean_tokens"] for item in found["messages"]]
    parts += [found[f"{name}_tokens"] for name in ("tool", "overhead", "other")]
    assert sum(map(Decimal, parts)) == Decimal(found["figures"]["mean_input_tokens"])
    assert Decimal(found["other_tokens"]) == 0
    assert [(line["line"], line["varies"]) for line in system["lines"]] == [(1, False), (2, True)]
    assert (system["varies"], user["varies"]) == (True, False)
    # the same month as `check` tells
    repository.branch("work")
    repository.commit({PROMPT: tokens(11)})
    before = review(repository).workflow("w")["before"]
    assert found["figures"]["usd_per_month"] == before["usd_per_month"]


def test_the_table_says_what_varies_and_what_is_cached(repository: Repository) -> None:
    described(repository)
    outcome = explain(repository, "w")
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert lines[0].startswith("w (openai/gpt-4o): 83 input tokens")
    assert re.search(
        rf"^ +\d\d[.\d]* +\d\d\.\d% +{SYSTEM}:1 +system, varies, up to 1\d\d$",
        outcome.out,
        re.MULTILINE,
    )
    assert f"{PROMPT}:1   user, never varies" in outcome.out
    assert re.search(rf"^ +3\d +{SYSTEM}:1 +token token", outcome.out, re.MULTILINE)
    assert "variables put in 26 (name 26); 46 are fixed text." in " ".join(outcome.out.split())
    assert f"First variable: {SYSTEM}:2." in " ".join(outcome.out.split())
    assert max(map(len, lines)) <= 80


class Tags(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links |= {name for name, _ in attrs if name in {"href", "src", "onload"}}


def test_the_page_needs_nothing_else_and_holds_no_markup_of_the_repositorys(
    repository: Repository,
) -> None:
    text = "<script>alert(1)</script> <img src=x>\n" + tokens(10)
    repository.commit({CONFIGURATION: configuration({"w": flow(PROMPT)}), PROMPT: text})
    page = explain(repository, "w", "--format", "html").out
    tags = Tags()
    tags.feed(page)
    assert not tags.tags & {"script", "img", "link", "iframe"}
    assert tags.links == set()
    assert "&lt;script&gt;alert(1)" in page
    assert "url(" not in page
    assert "default-src 'none'" in page


def test_a_name_that_no_workflow_has_is_a_usage_error(repository: Repository) -> None:
    described(repository)
    outcome = explain(repository, "othr")
    assert outcome.code == 2
    assert "there is no workflow 'othr'; did you mean `other`?" in outcome.errors
    assert "name one of `other`, `w`" in explain(repository, "zzzzz").errors


def test_the_names_of_many_workflows_are_counted(repository: Repository) -> None:
    flows = {f"w{number:02}": flow(PROMPT) for number in range(13)}
    repository.commit({CONFIGURATION: configuration(flows), PROMPT: tokens(10)})
    errors = explain(repository, "zzzzz").errors
    assert "`w09` and 3 more; `reviewbot cost --verbose` lists all" in errors
    errors = explain(repository, PROMPT).errors
    assert f"13 workflows send {PROMPT}; name one of `w00`" in errors


def test_a_prompt_names_its_workflow(repository: Repository) -> None:
    described(repository)
    by_name = explain(repository, "w")
    assert explain(repository, SYSTEM).out == by_name.out
    assert explain(repository, f"./{SYSTEM}").out == by_name.out


def test_a_workflow_that_cannot_be_measured_is_named(repository: Repository) -> None:
    settings = configuration({"w": flow("prompts/a.j2", samples="[{name: s, variables: {}}]")})
    repository.commit({CONFIGURATION: settings, "prompts/a.j2": "{{ a }} {{ b }}"})
    outcome = explain(repository, "w")
    assert outcome.code == 3
    assert "prompts/a.j2:1: 'a' and 'b' are undefined in the sample 's'" in outcome.errors


def test_a_repository_without_a_configuration_is_explained_too(repository: Repository) -> None:
    repository.commit({"prompts/answer.md": f"You answer questions. {tokens(200)}\n"})
    outcome = explain(repository, "answer")
    assert outcome.code == 0, outcome.errors
    assert "Assumed: 1,000 calls a month" in outcome.out


@pytest.mark.parametrize(
    ("form", "text", "fixed"),
    [("str-format", "{{x}} {name} y", "{{x}} "), ("string-template", "$name y", " y")],
)
def test_tags_of_each_language_are_no_fixed_text(
    form: str, text: str, fixed: str, repository: Repository
) -> None:
    prompt = f"{{path: prompts/a.txt, format: {form}}}"
    settings = configuration({"w": flow(prompt, samples="[{name: s, variables: {name: x}}]")})
    repository.commit({CONFIGURATION: settings, "prompts/a.txt": text})
    found = json.loads(explain(repository, "w", "--format", "json").out)
    (line,) = found["messages"][0]["lines"]
    assert line["varies"]
    assert line["tokens"] < len(text)
    assert fixed


def test_hostile_roles_and_lines_steer_no_terminal(repository: Repository) -> None:
    messages = [{"role": "user\x1b[31m", "content": "a \x1b[2J \u202e b"}]
    prompt = "{path: prompts/a.json, format: chat-messages}"
    files = {
        CONFIGURATION: configuration({"w": flow(prompt)}),
        "prompts/a.json": json.dumps(messages),
    }
    repository.commit(files)
    for form in ("terminal", "html"):
        outcome = explain(repository, "w", "--format", form)
        said = outcome.out + outcome.errors
        assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", said)


def test_lines_of_included_files_stand_at_their_own_places(repository: Repository) -> None:
    files = {
        SYSTEM: "{% include 'tone.j2' %}\n{% include 'tone.j2' %}\nend {{ name }}\n",
        "prompts/tone.j2": f"short\n{tokens(20)}\n",
        CONFIGURATION: configuration({"w": flow(SYSTEM, samples=SAMPLES)}),
    }
    repository.commit(files)
    found = json.loads(explain(repository, "w", "--format", "json").out)
    lines = [(line["file"], line["line"]) for line in found["messages"][0]["lines"]]
    assert lines == [
        (SYSTEM, 1),
        (SYSTEM, 2),
        (SYSTEM, 3),
        ("prompts/tone.j2", 1),
        ("prompts/tone.j2", 2),
    ]
    assert re.search("prompts/tone.j2:2 +token token", explain(repository, "w").out)


TWINS = '''def first(text, web):
    if web:
        extra = """
Write all used source urls at the end.
"""
    else:
        extra = """
Write all used names of documents at the end.
"""
    return f"""Write a long report on {text} for managers.
{extra}"""


def second(text, web):
    if web:
        extra = """
Write all used source urls at the end.
"""
    else:
        extra = """
Write all used names of documents at the end.
"""
    return f"""Write a summary of {text} for children.
{extra}"""
'''


def test_twins_have_their_own_lines_and_only_what_is_sent_counts(repository: Repository) -> None:
    samples = "[{name: s, variables: {text: {tokens: 100}, web: {tokens: 5}}}]"
    flows = {
        name: flow(f'{{path: "app.py#{name}", format: python}}', samples=samples)
        for name in ("first", "second")
    }
    repository.commit({CONFIGURATION: configuration(flows), "app.py": TWINS})
    for name, lines in (("first", [10, 4, 8]), ("second", [23, 17, 21])):
        (placed_lines,) = placed(repository, name)
        assert [line for line, text in placed_lines if text.startswith("Write")] == lines
        shown = " ".join(explain(repository, name).out.split())
        assert "variables put in 100 (text 100);" in shown
        assert "user, varies" in shown
        assert "names of documents" not in shown


TRIAGE = '''from openai import OpenAI

PROMPT = """You sort tickets.

Answer with one word."""


def triage(ticket: str) -> str:
    return OpenAI().chat.completions.create(
        model="gpt-4o-mini",
        messages=[
            {"role": "system", "content": PROMPT},
            {"role": "user", "content": f"Ticket:\\n{ticket}"},
        ],
    )
'''
SUMMARIZE = """import { generateText } from "ai";
import { openai } from "@ai-sdk/openai";

export async function summarize(doc: string, tone?: string) {
  const { text } = await generateText({
    model: openai("gpt-4o-mini"),
    system: `You summarize documents.
${tone ? `Write in a ${tone} tone.` : ""}
Never invent facts.`,
    prompt: `Title: ${doc}`,
  });
  return text;
}
"""
PROMPTY = """---
name: Reply
model:
  api: chat
  configuration: {type: openai, name: gpt-4o}
---
system:
You write polite replies.

user:
{{ mail }}
"""


def placed(repository: Repository, *arguments: str) -> list[list[tuple[int | None, str]]]:
    """The lines of each message that have tokens of their own, by place and text."""
    outcome = explain(repository, *arguments, "--format", "json")
    assert outcome.code == 0, outcome.errors
    return [
        [(line["line"], line["text"]) for line in message["lines"] if line["tokens"]]
        for message in json.loads(outcome.out)["messages"]
    ]


def test_a_constant_of_source_code_stands_where_it_is_written(repository: Repository) -> None:
    repository.commit({"app/triage.py": TRIAGE})
    system, user = placed(repository, "triage")
    assert system == [(3, "You sort tickets."), (4, ""), (5, "Answer with one word.")]
    assert user == [(13, "Ticket:")]
    shown = explain(repository, "triage").out
    assert "app/triage.py:12   system, never varies" in shown
    assert "app/triage.py:13   user, varies" in shown
    assert "hole" not in shown


def test_text_of_typescript_is_shown_without_the_code_around_it(repository: Repository) -> None:
    prompt = '{path: "src/summarize.ts#summarize.generateText", format: typescript}'
    settings = configuration(
        {"w": flow(prompt, samples="[{name: s, variables: {doc: x, tone: ''}}]")}
    )
    repository.commit({CONFIGURATION: settings, "src/summarize.ts": SUMMARIZE})
    system, user = placed(repository, "w")
    assert system == [
        (7, "You summarize documents."),
        (8, "Write in a {…} tone."),
        (9, "Never invent facts."),
    ]
    assert user == [(10, "Title: {…}")]
    assert "more, of other branches." in " ".join(explain(repository, "w").out.split())


def test_roles_of_prompty_are_no_fixed_text(repository: Repository) -> None:
    repository.commit({"prompts/reply.prompty": PROMPTY})
    (lines,) = placed(repository, "reply")
    assert lines == [(8, "You write polite replies."), (9, "")]


def test_a_format_without_lines_says_so_and_shows_none_of_its_json(
    repository: Repository,
) -> None:
    kernel = "name: Reply\ntemplate_format: semantic-kernel\ntemplate: |\n  Be polite. {{$mail}}\n"
    prompt = "{path: prompts/reply.yaml, format: semantic-kernel}"
    settings = configuration({"w": flow(prompt, samples="[{name: s, variables: {mail: x}}]")})
    repository.commit({CONFIGURATION: settings, "prompts/reply.yaml": kernel})
    shown = " ".join(explain(repository, "w").out.split())
    assert re.search(r"Not told line by line: \d+ tokens of prompts/reply.yaml:4\.", shown)
    assert "body" not in shown
    assert "Lines with most" not in shown


def test_text_that_never_varies_is_said_to_be_sent_with_every_call(
    repository: Repository,
) -> None:
    repository.commit({CONFIGURATION: configuration({"w": flow(PROMPT)}), PROMPT: tokens(10)})
    shown = " ".join(explain(repository, "w").out.split())
    said = "All 10 tokens of the messages are fixed text, sent with every call."
    assert said in shown


def test_without_samples_the_text_is_not_said_to_be_all(repository: Repository) -> None:
    repository.commit(
        {
            CONFIGURATION: configuration({"w": flow("prompts/a.j2")}),
            "prompts/a.j2": "Sort {{ it }}.",
        }
    )
    said = " ".join(explain(repository, "w").out.split())
    assert "no sample says what its variables put in" in said
    assert "fixed text with these samples" not in said


def test_a_line_of_tags_alone_is_not_among_the_lines(repository: Repository) -> None:
    text = "{% if name %}\nBe formal.\n{% endif %}\nAnswer.\n"
    settings = configuration({"w": flow(SYSTEM, samples="[{name: s, variables: {name: x}}]")})
    repository.commit({CONFIGURATION: settings, SYSTEM: text})
    assert placed(repository, "w") == [[(2, "Be formal."), (4, "Answer.")]]
    assert "endif" not in explain(repository, "w").out


def test_text_that_python_formats_or_dedents_is_shown_at_its_lines(
    repository: Repository,
) -> None:
    contents = {
        'dedent("""\\\n  Only text: {}.\n""").strip().format(ticket)': (14, "Only text: {…}."),
        '"Say \\"yes\\" to %s, 100%%." % ticket': (13, 'Say "yes" to {…}, 100%.'),
        '("Be {{kind}}: {t}").format(t=ticket)': (None, "Be {kind}: {…}"),
    }
    for content, expected in contents.items():
        text = TRIAGE.replace("PROMPT}", f"{content}}}")
        repository.commit({"app/triage.py": f"from textwrap import dedent\n{text}"})
        system, _ = placed(repository, "triage")
        assert system[0] == expected


def test_text_that_python_replaces_is_one_row(repository: Repository) -> None:
    text = TRIAGE.replace("PROMPT}", 'PROMPT.replace("word", ticket)}')
    repository.commit({"app/triage.py": text})
    shown = " ".join(explain(repository, "triage").out.split())
    assert re.search(r"Not told line by line: \d+ tokens of app/triage.py:12\.", shown)


def test_lines_behind_the_first_2000_are_fixed_text_too(repository: Repository) -> None:
    text = "{{ name }}\n" + "One more rule.\n" * 3_000
    settings = configuration({"w": flow(SYSTEM, samples="[{name: s, variables: {name: x}}]")})
    repository.commit({CONFIGURATION: settings, SYSTEM: text})
    shown = " ".join(explain(repository, "w").out.split())
    found = re.search(r"variables put in ([\d,]+);", shown)
    assert found is not None
    assert int(found[1].replace(",", "")) < 10


def test_a_message_that_is_empty_is_no_part(repository: Repository) -> None:
    prompts = f"[{{path: {SYSTEM}, role: system}}, {PROMPT}]"
    samples = "[{name: s, variables: {name: x}}]"
    settings = configuration({"w": flow(prompts, samples=samples)})
    empty = "{% if name == 'y' %}never sent{% endif %}"
    repository.commit({CONFIGURATION: settings, SYSTEM: empty, PROMPT: tokens(10)})
    for form in ("terminal", "html"):
        shown = explain(repository, "w", "--format", form).out
        assert PROMPT in shown
        assert f"{SYSTEM}:1" not in shown.partition("Lines with most")[0].partition("First ")[0]


def test_what_the_provider_adds_is_told_whole_at_80_columns(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    path = "prompts/a/long/way/down/the/folders.txt"
    repository.commit({CONFIGURATION: configuration({"w": workflow(path)}), path: "Hi there."})
    said = explain(repository, "w").out.partition("Lines with")[0]
    assert "…" not in said
    assert "around the messages" in " ".join(said.split())
    assert "with what the provider adds" in " ".join(explain(repository, "w").out.split())


def test_guessed_samples_are_told(repository: Repository) -> None:
    repository.commit({"prompts/sort.j2": "Sort {{ mail }}.", "prompts/plain.md": "Sort."})
    guesses = "The sample values are guesses of reviewbot"
    assert guesses in " ".join(explain(repository, "sort").out.split())
    assert guesses not in " ".join(explain(repository, "plain").out.split())


@pytest.mark.parametrize("other", ["", "app/services/of-customers/answers/"])
def test_a_place_is_never_broken(repository: Repository, other: str) -> None:
    names = [f"{other or 'app/'}{name}/of-the-mails/draft-follow-up.txt" for name in "ab"]
    texts = {name: f"{tokens(20)}\n{tokens(30)}\n" for name in names}
    repository.commit({CONFIGURATION: configuration({"w": workflow(str(names))}), **texts})
    outcome = explain(repository, "w")
    assert outcome.code == 0
    assert max(map(len, outcome.out.splitlines())) <= 80
    lines = outcome.out.partition("Lines with most")[2]
    found = re.findall(r"\S*(?:a|b|…)\S*/of-the-mails/draft-follow-up\.txt:\d", lines)
    assert len(set(found)) == len(found) == 4, lines
