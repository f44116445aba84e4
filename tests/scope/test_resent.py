"""A prompt that code sends otherwise than its workflow counts it needs approval."""

import json
import os

import pytest

from reviewbot.rendering.parsers.python_forms import parse
from reviewbot.rendering.parsing import LimitedParser
from reviewbot.repository.git import Git
from reviewbot.repository.revisions import compare
from reviewbot.scope.governing import read_configurations
from reviewbot.scope.sent_otherwise.resent import find_resent
from reviewbot.telemetry import SILENT
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    Outcome,
    change,
    configuration,
    review,
    workflow,
)

RULES = "You sort the parcels of a large house by weight and size, and you name the shelf for each."
PYTHON = f"""\
import utils
from prompts import RULES

SYSTEM = "{RULES}"
TIMES = 2


def same(text):
    return text


def double(text):
    return text + text


class Clerk:
    def __init__(self):
        self.prompt = SYSTEM

    def pad(self, text):
        return text * 9

    def ask(self, q):
        BEFORE
        return client.chat.completions.create(
            model="gpt-4o", messages=[{{"role": "system", "content": SENT}}, said(q)]
        )
"""


def forms(sent: str, before: str = "pass", source: str = PYTHON) -> set[tuple[str, str]]:
    text = source.replace("SENT", sent).replace("BEFORE", before)
    found = parse(json.dumps({"names": ["SYSTEM"], "source": text}))
    return {(".".join(item["steps"]), item["form"]) for item in found if not item.get("key", "-")}


@pytest.mark.parametrize(
    ("sent", "before", "form"),
    [
        ("SYSTEM * 5", "pass", "* 5"),
        ("SYSTEM * TIMES", "pass", "* TIMES (2)"),
        ("5 * SYSTEM", "pass", "* 5"),
        ("(SYSTEM + q) * 5", "pass", "* 5"),
        ("SYSTEM + q + SYSTEM", "pass", "2 times"),
        ('f"{SYSTEM}{q}{SYSTEM}"', "pass", "2 times"),
        ('f"{SYSTEM:>9999}"', "pass", "as {SYSTEM:>9999}"),
        ("'\\n'.join([SYSTEM] * 5)", "pass", "* 5"),
        ("'\\n'.join([SYSTEM, q, SYSTEM])", "pass", "2 times"),
        ("''.join(SYSTEM for _ in range(9))", "pass", "for each of range(9)"),
        ("SYSTEM.join(words)", "pass", "between others"),
        ("''.join(itertools.repeat(SYSTEM, 5))", "pass", "repeat(5)"),
        ("'{0}{0}'.format(SYSTEM)", "pass", "in 2 places"),
        ("'{a}{a}'.format(a=SYSTEM)", "pass", "in 2 places"),
        ("'%(a)s%(a)s' % {'a': SYSTEM}", "pass", "in 2 places"),
        ("Template('$a$a').substitute(a=SYSTEM)", "pass", "in 2 places"),
        ("SYSTEM.replace(' ', '     ')", "pass", "replace(' ', …)"),
        ("SYSTEM.ljust(9999)", "pass", "ljust(…, 9999)"),
        ("utils.pad(SYSTEM)", "pass", "pad(…)"),
        ("grown(q, SYSTEM)", "pass", "grown(…)"),
        ("double(SYSTEM)", "pass", "2 times"),
        ("self.pad(SYSTEM)", "pass", "* 9"),
        ("self.prompt * 5", "pass", "* 5"),
        ("text", "text = SYSTEM * 5", "* 5"),
        ("text", "text = SYSTEM; text *= 5", "* 5"),
        ("text", "text = SYSTEM; text = text + text", "2 times"),
        ("text", "text = SYSTEM; text += text", "2 times"),
        ("text", "text = ''\n        for _ in range(9): text += SYSTEM", "for each of range(9)"),
        ("''.join(all)", "all = [SYSTEM]; all.append(SYSTEM)", "2 times"),
        ("(text := SYSTEM) * 5", "pass", "* 5"),
        ("q if q else SYSTEM * 5", "pass", "* 5"),
        ("''.join(SYSTEM for _ in q for _ in range(9))", "pass", "for each of range(9)"),
        ("{n: SYSTEM for n in range(9)}", "pass", "for each of range(9)"),
        ("(lambda: SYSTEM * 5)()", "pass", "* 5"),
        ("utils.twice(SYSTEM)(9)", "pass", "twice(…)"),
        ("utils.pad(SYSTEM, -TIMES, width=9)", "pass", "pad(…, 9, 2)"),
        ("utils.pad(SYSTEM, TIMES)", "pass", "pad(…, 2)"),
        ("SYSTEM * times", "times = 2 * 60", "* times (2 * 60)"),
        ("SYSTEM * times", f"times = 0x{'f' * 6000}", "* times (something)"),
    ],
)
def test_python_tells_the_form_in_which_a_text_is_sent(sent: str, before: str, form: str) -> None:
    assert ("SYSTEM", form) in forms(sent, before) - forms("SYSTEM")


MORE = {
    "a width": ("SYSTEM.ljust(NUMBER)", "pass"),
    "a width of a function": ("format(SYSTEM, '>NUMBER')", "pass"),
    "a width in a text": ("f'{SYSTEM:>{w}}'", "w = NUMBER"),
    "a width of format": ("'{:>NUMBER}'.format(SYSTEM)", "pass"),
    "a width of %": ("'%NUMBERs' % SYSTEM", "pass"),
    "an indentation": ("textwrap.indent(SYSTEM, pad)", "pad = ' ' * NUMBER"),
    "a name of a name": ("SYSTEM * w", "v = NUMBER; w = v"),
    "a sum": ("SYSTEM * (w + 1)", "w = NUMBER"),
    "an argument": ("grow(SYSTEM, NUMBER)", "grow = lambda t, n: t * n"),
    "an environment's default": ("SYSTEM * w", "w = int(os.environ.get('W', 'NUMBER'))"),
    "an entry": ("SYSTEM * w['n']", "w = {'n': NUMBER}"),
    "an attribute": ("SYSTEM * Limits.n", "class Limits:\n            n = NUMBER"),
    "a range": ("''.join(SYSTEM for _ in range(w))", "w = NUMBER"),
    "a map": ("''.join(map(lambda _: SYSTEM, range(NUMBER)))", "pass"),
    "a closure": (
        "make(SYSTEM)(NUMBER)",
        "def make(t):\n            return lambda n: t * n",
    ),
    "what is applied in part": ("p()", "p = functools.partial(grow, SYSTEM, NUMBER)"),
    "a decorator": ("text()", "@five(NUMBER)\n        def text():\n            return SYSTEM"),
    "a replacement": ("re.sub(' ', ' ' * NUMBER, SYSTEM)", "pass"),
    "words that are joined": ("(' x' * NUMBER).join(SYSTEM.split())", "pass"),
}


@pytest.mark.parametrize("name", MORE)
def test_another_number_is_another_form(name: str) -> None:
    sent, before = MORE[name]
    few, many = (
        forms(sent.replace("NUMBER", number), before.replace("NUMBER", number))
        for number in ("12", "34567")
    )
    assert {item for item in many - few if item[0] in {"SYSTEM", "Clerk.ask.text"}}


@pytest.mark.parametrize(
    ("sent", "before"),
    [
        ("SYSTEM", "pass"),
        ("same(SYSTEM)", "pass"),
        ("SYSTEM.strip()", "pass"),
        ("SYSTEM.format(q=q)", "pass"),
        ('f"{SYSTEM}\\n{q}"', "pass"),
        ("'{0} {1}'.format(SYSTEM, q)", "pass"),
        ("SYSTEM.replace('{q}', q)", "pass"),
        ("'\\n'.join([SYSTEM, q])", "pass"),
        ("textwrap.dedent(SYSTEM)", "pass"),
        ("SYSTEM if q else RULES", "pass"),
        ("SYSTEM", "logger.info('prompt: %s', SYSTEM * 2)"),
        ("SYSTEM", "size = len(SYSTEM); tokens = count_tokens(SYSTEM)"),
        ("SYSTEM", "digest = hashlib.sha256(SYSTEM.encode()).hexdigest()"),
        ("SYSTEM", "assert SYSTEM in allowed"),
        ("SYSTEM", "answer = run(SYSTEM, q)"),
        ("PromptTemplate.from_template(SYSTEM)", "pass"),
        ("[TextBlock(text=SYSTEM)]", "pass"),
        ("text", "text: str = SYSTEM"),
    ],
)
def test_what_sends_a_text_as_it_stands_is_no_form(sent: str, before: str) -> None:
    assert {item for item in forms(sent, before) if item[0] == "SYSTEM"} == set()


def test_a_helper_that_grows_is_another_form() -> None:
    was = forms("same(SYSTEM)")
    grown = PYTHON.replace("    return text\n", "    return text * 9\n")
    assert forms("same(SYSTEM)", source=grown) - was >= {("SYSTEM", "* 9")}


def test_what_a_function_gives_has_a_form_too() -> None:
    source = (
        "def SYSTEM():\n    return computed()\n\ncreate(model='m', instructions=SYSTEM() * 5)\n"
    )
    assert forms("", source=source) == {("SYSTEM", "* 5")}


CONSTANT = f'SYSTEM = "{RULES}"\n'
CALL = """\
def ask(q):
    return client.chat.completions.create(
        model="gpt-4o", messages=[{"role": "system", "content": SYSTEM}, {"role": "user", "content": q}]
    )
"""
IMPORTED = f"from prompts import SYSTEM\n\n\n{CALL}"
OWN = f"{CONSTANT}\n\n{CALL}"


def reviewed(repository: Repository, source: str, changed: str) -> Outcome:
    file = "prompts.py" if source is IMPORTED else "app.py"
    settings = configuration({"w": workflow(f'"{file}#SYSTEM"')})
    before = {"prompts.py": CONSTANT, CONFIGURATION: settings, "app.py": source}
    return change(repository, before, {"app.py": changed})


@pytest.mark.parametrize("source", [OWN, IMPORTED])
def test_a_constant_that_is_multiplied_where_it_is_sent_needs_approval(
    repository: Repository, source: str
) -> None:
    changed = source.replace('content": SYSTEM', 'content": SYSTEM * 5')
    outcome = reviewed(repository, source, changed)
    (found,) = outcome.report["findings"]
    assert (outcome.code, found["verdict"]) == (1, "needs-approval")
    assert "`SYSTEM`" in found["text"]
    assert "`* 5`" in found["text"]
    assert found["place"]["file"] == "app.py"


CALLS = {
    "a call": "create(model=MODEL, messages=[{'role': 'system', 'content': SYSTEM}])",
    "a name": "m = MODEL\ncreate(model=m, system=SYSTEM)",
    "the model that runs it": "llm = Chat(model=MODEL)\nllm.invoke([SystemMessage(SYSTEM)])",
    "a chain": "llm = init_chat_model(MODEL)\nchain = PromptTemplate.from_template(SYSTEM) | llm",
    "an agent": "agent = Agent(model=MODEL, instructions=SYSTEM)",
    "a run": "agent = Agent(instructions=SYSTEM)\nagent.run_sync(q, model=MODEL)",
    "an attribute": "agent = Agent(instructions=SYSTEM)\nagent.model = MODEL\nrun(agent)",
    "a mapping": "body = {'model': MODEL, 'messages': [{'content': SYSTEM}]}\npost(json=body)",
    "an argument": "def ask(m, s):\n    create(model=m, system=s)\n\nask(MODEL, SYSTEM)",
    "a method": (
        "class A:\n    def pick(self):\n        return MODEL\n"
        "    def ask(self):\n        create(model=self.pick(), system=SYSTEM)"
    ),
    "what a function gives": "def ask(q):\n    return answer(SYSTEM, model=MODEL)",
}


@pytest.mark.parametrize(
    ("name", "selector"),
    [*((name, "SYSTEM") for name in CALLS), ("run", "agent.instructions"), ("function", "ask.0")],
)
@pytest.mark.parametrize(("model", "code"), [("'gpt-4o'", 1), ("'openai/gpt-4o-mini'", 0)])
def test_another_model_where_a_constant_of_another_file_is_sent_needs_approval(
    repository: Repository, name: str, selector: str, model: str, code: int
) -> None:
    others = {
        "run": "from prompts import agent\n\nRunner.run(agent, q, run_config=C(model=MODEL))",
        "function": "from prompts import ask\n\nask(q, model=MODEL)",
    }
    source = others.get(name) or f"from prompts import SYSTEM\n\n{CALLS[name]}\n"
    prompts = f"{CONSTANT}agent = Agent(instructions=SYSTEM)\nask = llm.invoke('{RULES}')\n"
    setting = workflow(f'"prompts.py#{selector}"', model="openai/gpt-4o-mini")
    before = {
        CONFIGURATION: configuration({"w": setting}),
        "prompts.py": prompts,
        "app.py": source.replace("MODEL", "'gpt-4o-mini'"),
    }
    outcome = change(repository, before, {"app.py": source.replace("MODEL", model)})
    found = outcome.all_findings()
    assert (outcome.code, len(found)) == (code, code)
    assert all("`model` is" in it["text"] or "s gpt-4o" in it["text"] for it in found)


def test_a_form_that_was_there_is_not_told_again(repository: Repository) -> None:
    source = OWN.replace('content": SYSTEM', 'content": SYSTEM * 5')
    outcome = reviewed(repository, source, source.replace("(q)", "(q, n=1)"))
    assert outcome.report["findings"] == []


@pytest.mark.parametrize(
    "beside",
    [
        "    logger.info('%s', SYSTEM)\n",
        "    COUNTER.labels(prompt=len(SYSTEM)).inc()\n",
        "    # SYSTEM * 5 would be too much\n",
        "    seen: dict[str, str] = {'system': SYSTEM}\n",
    ],
)
@pytest.mark.parametrize("source", [OWN, IMPORTED])
def test_a_statement_beside_a_prompt_is_none(
    repository: Repository, source: str, beside: str
) -> None:
    outcome = reviewed(repository, source, source.replace("(q):\n", f"(q):\n{beside}"))
    assert (outcome.code, outcome.report["findings"]) == (0, [])


def test_a_file_that_cannot_be_read_any_more_needs_approval(repository: Repository) -> None:
    outcome = reviewed(repository, IMPORTED, IMPORTED + "this is (no Python\n")
    (found,) = outcome.report["findings"]
    assert "could not be read: this is not Python: " in found["text"]


def test_more_text_than_is_read_is_no_fault_of_the_files(repository: Repository) -> None:
    settings = configuration({"w": workflow('"prompts.py#SYSTEM"')})
    files = {f"app{number}.py": f"{IMPORTED}# {'x' * 400_000}\n" for number in range(4)}
    before = {"prompts.py": CONSTANT, CONFIGURATION: settings, **files}
    outcome = change(repository, before, {path: f"{text}x = 1\n" for path, text in files.items()})
    (found,) = outcome.report["findings"]
    assert "as in 1 more files: more than 1,000,000 characters of such files" in found["text"]
    assert "split the change" in found["text"]


def test_many_files_that_cannot_be_read_are_one_finding(repository: Repository) -> None:
    settings = configuration({"w": workflow('"prompts.py#SYSTEM"')})
    files = {f"app{number}.py": IMPORTED for number in range(4)}
    before = {"prompts.py": CONSTANT, CONFIGURATION: settings, **files}
    outcome = change(repository, before, {path: f"{text}(\n" for path, text in files.items()})
    (found,) = outcome.report["findings"]
    assert "could not be read, as in 3 more files" in found["text"]


def test_the_number_of_an_entry_is_no_name(repository: Repository) -> None:
    settings = configuration({"w": workflow('"prompts.py#RULES.1"')})
    prompts = f'RULES = ["Be kind to all.", "{RULES}"]\n'
    before = {"prompts.py": prompts, CONFIGURATION: settings, "app.py": "n = 1\n"}
    outcome = change(repository, before, {"app.py": "n = send(text=x.1 * 5\n"})
    assert outcome.report["findings"] == []


HIDDEN = OWN.replace("    return", "    text = '''\n    text = SYSTEM * 5\n    '''\n    return", 1)
HEADED = OWN.replace('content": SYSTEM', 'content": f"""{SYSTEM}\n# NOTES\n"""')


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        (
            HIDDEN.replace('content": SYSTEM', 'content": text'),
            HIDDEN.replace('content": SYSTEM', 'content": text')
            .replace("    text = '''\n", "")
            .replace("    '''\n", ""),
        ),
        (HEADED, HEADED.replace("NOTES", "{SYSTEM} {SYSTEM}")),
    ],
    ids=["lines around are gone", "a line like a comment"],
)
def test_an_edit_that_looks_like_none_needs_approval(
    repository: Repository, source: str, changed: str
) -> None:
    outcome = reviewed(repository, source.replace("NOTES", "Notes"), changed)
    assert any("code sends it" in item["text"] for item in outcome.report["findings"])


@pytest.mark.parametrize("written", ["SYSTÈME", "ＳＹＳＴÈＭＥ"])
def test_a_name_may_have_any_letters(repository: Repository, written: str) -> None:
    settings = configuration({"w": workflow('"prompts.py#SYSTÈME"')})
    prompts, source = (text.replace("SYSTEM", "SYSTÈME") for text in (CONSTANT, IMPORTED))
    before = {"prompts.py": prompts, CONFIGURATION: settings, "app.py": source}
    longer = source.replace('content": SYSTÈME', 'content": SYSTÈME * 5')
    outcome = change(repository, before, {"app.py": longer.replace("SYSTÈME", written)})
    (found,) = outcome.report["findings"]
    assert "`* 5`" in found["text"]


def test_a_file_that_has_become_too_large_needs_approval(repository: Repository) -> None:
    outcome = reviewed(repository, IMPORTED, f"{IMPORTED}# {'x' * 5_000_000}\n")
    (found,) = outcome.report["findings"]
    assert "more than the 4,194,304 that are read; split it" in found["text"]


PADDED = IMPORTED.replace('content": SYSTEM', 'content": utils.pad(SYSTEM, ONCE)')


@pytest.mark.parametrize(
    ("approved", "pushed"),
    [
        (f"{IMPORTED}this is (no Python\n", f"{IMPORTED}{IMPORTED}this is (no Python\n"),
        (PADDED, PADDED.replace("ONCE", "OFTEN")),
    ],
)
def test_an_approval_is_of_what_the_file_says(
    repository: Repository, approved: str, pushed: str
) -> None:
    first = reviewed(repository, IMPORTED, approved).report
    repository.commit({"app.py": pushed})
    second = review(repository).report
    assert [item["text"] for item in first["findings"]] == [
        item["text"] for item in second["findings"]
    ]
    assert first["evidence"] != second["evidence"]


def test_what_a_call_asks_for_is_told_beside_a_workflow_of_its_file(
    repository: Repository,
) -> None:
    source = f"from prompts import RULES\n\n{OWN}\n\n{CALL.replace('SYSTEM', 'RULES').replace('ask', 'other')}".replace(
        'model="gpt-4o", messages=[{"role": "system", "content": RULES',
        'model="gpt-4o", max_tokens=90, messages=[{"role": "system", "content": RULES',
    )
    workflows = {
        "own": workflow('"app.py#SYSTEM"'),
        "other": workflow('"prompts.py#RULES"', max_tokens="90"),
    }
    before = {
        CONFIGURATION: configuration(workflows),
        "prompts.py": CONSTANT.replace("SYSTEM", "RULES"),
        "app.py": source,
    }
    after = source.replace("=90", "=900").replace(
        '-4o", messages', '-4o", reasoning_effort="low", messages', 1
    )
    outcome = change(repository, before, {"app.py": after})
    (asked,) = outcome.workflow("own")["findings"]
    assert "`reasoning_effort` is" in asked["text"]
    told = [item["text"] for item in outcome.report["findings"] if item["rule"] == "loosened"]
    assert [text.partition(",")[0] for text in told] == ["`max_tokens` is `900`"]


def test_a_file_for_which_no_time_is_left_needs_approval(repository: Repository) -> None:
    settings = configuration({"w": workflow('"prompts.py#SYSTEM"')})
    repository.commit({"prompts.py": CONSTANT, CONFIGURATION: settings, "app.py": IMPORTED})
    repository.branch("work")
    repository.commit({"app.py": IMPORTED.replace("SYSTEM}", "SYSTEM * 5}")})
    git = Git(directory=str(repository.path), environment=os.environ)
    with (
        compare(git, base="main", head="HEAD", telemetry=SILENT) as comparison,
        LimitedParser(slow_seconds=0) as parser,
    ):
        configurations = read_configurations(comparison, CONFIGURATION)
        (found,), _ = find_resent(comparison, configurations, parser, ())
    assert "could not be read: the time that a review has for slow" in found.form
