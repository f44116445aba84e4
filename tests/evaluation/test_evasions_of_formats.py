"""Ways to make a dearer prompt pass through what formats, selectors and engines add."""

import pytest

from reviewbot.rendering.parsers.python_source import parse
from tests.support.repository import Repository
from tests.support.reviewing import (
    CONFIGURATION,
    PROMPT,
    Outcome,
    change,
    configuration,
    review,
    tokens,
    workflow,
)

LIMITS = "{increase: {hard: 5%}, monthly_cost: {hard: $3}}"
Files = dict[str, str | bytes | None]


def settings(prompts: str = PROMPT, **more: str) -> str:
    return configuration({"w": workflow(prompts, envelope=LIMITS, **more)})


def prefix(outcome: Outcome, state: str = "after") -> int:
    found: int = outcome.workflow()[state]["prefix"]["tokens"]
    return found


def test_a_partial_of_a_workflow_that_stays_broken(repository: Repository) -> None:
    outcome = change(
        repository,
        {
            "p.j2": "{% include 'part.j2' %}",
            "part.j2": tokens(100),
            "b.json": "{",
            CONFIGURATION: settings("[p.j2, {path: b.json, format: chat-messages}]"),
        },
        {"part.j2": tokens(5000)},
    )
    assert (outcome.code, outcome.workflow()["verdict"]) == (3, "unmeasured")


def test_no_prefix_goes_beyond_messages_that_only_some_calls_have(repository: Repository) -> None:
    source = (
        "from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder\n"
        "CHAT = ChatPromptTemplate.from_messages([\n"
        "    MessagesPlaceholder('history'),\n"
        f"    ('system', '{tokens(2000)}'),\n"
        "])\n"
    )
    outcome = change(
        repository,
        {"p.py": source, CONFIGURATION: settings("p.py#CHAT")},
        {"p.py": source.replace("'token ", "'a token ")},
    )
    assert prefix(outcome) < 10


def test_a_partial_that_a_stand_in_names(repository: Repository) -> None:
    stub = "{functions: {f: {value: '{{> part}}'}}}"
    outcome = change(
        repository,
        {
            "p.mustache": "{{f}}",
            "part.mustache": tokens(100),
            CONFIGURATION: settings("p.mustache", templates=stub),
        },
        {"part.mustache": tokens(5000)},
    )
    assert (outcome.code, outcome.rules()) == (1, {"monthly_cost": "fail", "increase": "fail"})


def test_several_documents_in_one_file(repository: Repository) -> None:
    outcome = change(
        repository,
        {
            "p.yaml": f"a: {tokens(100)}\n",
            CONFIGURATION: settings("{path: 'p.yaml#a', format: text}"),
        },
        {"p.yaml": f"a: {tokens(100)}\n---\na: {tokens(5000)}\n"},
    )
    assert (outcome.code, outcome.workflow()["verdict"]) == (3, "unmeasured")


def test_long_values_of_templates_are_approved_to_their_end(repository: Repository) -> None:
    def evidence(number: int) -> str:
        value = "x" * 300 + str(number)
        more = "{filters: {short: {value: " + value + "}}, globals: {big: " + value + "}}"
        text = settings("p.j2", templates=more)
        repository.commit({CONFIGURATION: text})
        report = review(repository).report
        assert report["verdict"] == "needs-approval"
        return str((report["configuration_evidence"], report["workflows"][0]["evidence"]))

    repository.commit({"p.j2": "a {{ x }}", CONFIGURATION: settings("p.j2")})
    repository.branch("work")
    assert evidence(1) != evidence(2)


def test_another_format_for_a_prompt_that_moves(repository: Repository) -> None:
    more = f"{{# {tokens(20)} #}}"
    outcome = change(
        repository,
        {"p.txt": tokens(100), CONFIGURATION: settings("p.txt")},
        {"p.txt": None, "p.j2": tokens(100) + more, CONFIGURATION: settings("p.j2")},
    )
    assert outcome.rules() == {"loosened": "needs-approval"}


def test_another_format_for_an_entry_that_moves(repository: Repository) -> None:
    def entry(text: str) -> str:
        return f"a: '{text}'\nb: x\n"

    outcome = change(
        repository,
        {
            "p.yaml": entry(tokens(100)),
            CONFIGURATION: settings("{path: 'p.yaml#a', format: text}"),
        },
        {
            "p.yaml": None,
            "q.yaml": entry(tokens(100) + "{# x #}"),
            CONFIGURATION: settings("{path: 'q.yaml#a', format: jinja}"),
        },
    )
    assert outcome.rules() == {"loosened": "needs-approval"}


def test_names_of_placeholders_hide_no_text(repository: Repository) -> None:
    def prompt(text: str) -> str:
        return "messages: [{role: user, content: '" + text + "'}]\nmodel: openai/gpt-4o\n"

    hidden = "".join("{{" + tokens(30) + "}}" for _ in range(100))
    outcome = change(
        repository,
        {"p.prompt.yml": prompt(tokens(100)), CONFIGURATION: settings("p.prompt.yml")},
        {"p.prompt.yml": prompt(tokens(100) + hidden)},
    )
    assert outcome.rules() == {"monthly_cost": "fail", "increase": "fail"}


def test_fields_of_format_strings_hide_no_text(repository: Repository) -> None:
    outcome = change(
        repository,
        {
            "p.py": f"X = '{tokens(100)}'\n",
            CONFIGURATION: settings("p.py#X"),
        },
        {"p.py": f"X = '{tokens(100)} {{{tokens(5000)}}}'\nX.format()\n"},
    )
    assert (outcome.code, outcome.workflow()["verdict"]) == (3, "unmeasured")


LONG = tokens(5000)
CHANGED = {
    "an entry that grows": ("PROMPTS.a", f"PROMPTS = {{'a': 'x'}}\nPROMPTS['a'] += '{LONG}'"),
    "an entry under a computed key": ("PROMPTS.a", f"PROMPTS = {{'a': 'x'}}\nPROMPTS[K] = '{LONG}'"),
    "an entry set in a function": (
        "PROMPTS.a",
        f"PROMPTS = {{'a': 'x'}}\ndef f():\n    PROMPTS['a'] = '{LONG}'\nf()",
    ),
    "an entry set in a loop": ("PROMPTS.a", f"PROMPTS = {{'a': 'x'}}\nfor PROMPTS['a'] in ['{LONG}']: pass"),
    "an update": ("PROMPTS.a", f"PROMPTS = {{'a': 'x'}}\nPROMPTS.update(a='{LONG}')"),
    "an update by another": ("PROMPTS.a", "PROMPTS = {'a': 'x'}\nPROMPTS.update(MORE)"),
    "an update in place": ("PROMPTS.a", f"PROMPTS = {{'a': 'x'}}\nPROMPTS |= {{'a': '{LONG}'}}"),
    "a key that is there twice": ("PROMPTS.a", "PROMPTS = {'a': 'x', 'a': load()}"),
    "a key that may be there again": ("PROMPTS.a", "PROMPTS = {'a': 'x', **MORE}"),
    "another text": ("X", f"X = 'x'\nX = '{LONG}'"),
    "another text of a class": ("A.X", f"class A:\n    X = 'x'\n    X = '{LONG}'"),
    "another mapping": ("PROMPTS.a", "PROMPTS = {'a': 'x'}\nPROMPTS = load()"),
    "an item counted from the end": ("PROMPTS.0", f"PROMPTS = ['x']\nPROMPTS[-1] = '{LONG}'"),
    "an item before it": ("PROMPTS.0", f"PROMPTS = ['x']\nPROMPTS.insert(0, '{LONG}')"),
    "items before it": ("PROMPTS.1", "PROMPTS = [*MORE, 'x']"),
    "a message's text": (
        "CHAT",
        f"CHAT = [{{'role': 'user', 'content': 'x'}}]\nCHAT[0]['content'] = '{LONG}'",
    ),
    "a returned message's text": (
        "chat",
        "def chat():\n    chat = [{'role': 'user', 'content': 'x'}]\n    chat[0]['content'] += '…'\n    return chat",
    ),
    "an attribute that grows": ("A.X", f"class A:\n    X = 'x'\nA.X += '{LONG}'"),
    "an attribute set by name": ("A.X", f"class A:\n    X = 'x'\nsetattr(A, 'X', '{LONG}')"),
    "a second class": ("A.X", f"class A:\n    X = '{LONG}'\nif 0:\n    class A:\n        X = 'x'"),
    "a class without it": ("A.X", "class A:\n    X = 'x'\nclass A(Other):\n    pass"),
    "a parent that changes": ("A.X", f"class B:\n    X = 'x'\nclass A(B): pass\nB.X = '{LONG}'"),
    "a second function": ("f", "def f(): return 'x'\ndef f(): return load()"),
    "a function by another name": ("f", "def f(): return 'x'\nf = g"),
    "what another module has": ("X", "X = 'x'\nfrom other import *"),
    "a name in a mapping": ("X", f"X = 'x'\nglobals()['X'] = '{LONG}'"),
    "a name in a mapping that has a name": ("X", f"X = 'x'\nnames = globals()\nnames['X'] = '{LONG}'"),
    "a name of the module itself": (
        "X",
        f"import sys\nX = 'x'\nsetattr(sys.modules[__name__], 'X', '{LONG}')",
    ),
    "a name of the frame": ("X", f"import sys\nX = 'x'\nsys._getframe().f_globals['X'] = '{LONG}'"),
    "source that is run": ("X", "X = 'x'\nexec('X = 1')"),
    "source that a function runs": ("X", "X = 'x'\ndef f():\n    exec(LONG, globals())\nf()"),
    "source that declares a name to be global": (
        "X",
        "X = 'x'\nSOURCE = 'global X; X = 1'\ndef f():\n    exec(SOURCE, globals(), {})\nf()",
    ),
    "an entry under another name": ("PROMPTS.a", f"PROMPTS = {{'a': 'x'}}\nd = PROMPTS\nd['a'] = '{LONG}'"),
    "an entry of an entry under another name": (
        "PROMPTS.a.b",
        f"PROMPTS = {{'a': {{'b': 'x'}}}}\nd = PROMPTS['a']\nd.update(b='{LONG}')",
    ),
    "an entry under one of two names": (
        "PROMPTS.a",
        f"PROMPTS = {{'a': 'x'}}\nd, n = PROMPTS, 1\nd['a'] = '{LONG}'",
    ),
    "an item set by a function of Python": (
        "PROMPTS.a",
        f"PROMPTS = {{'a': 'x'}}\noperator.setitem(PROMPTS, 'a', '{LONG}')",
    ),
    "an update by the type": ("PROMPTS.a", f"PROMPTS = {{'a': 'x'}}\ndict.update(PROMPTS, a='{LONG}')"),
    "an attribute set by the type": ("A.X", f"class A:\n    X = 'x'\ntype.__setattr__(A, 'X', '{LONG}')"),
    "an attribute under another name": ("A.X", f"class A:\n    X = 'x'\nB = A\nB.X = '{LONG}'"),
    "a name set by an inner function": (
        "f",
        f"def f():\n    x = 'x'\n    def g():\n        nonlocal x\n        x = '{LONG}'\n    g()\n    return x",
    ),
    "parts added under a condition": (
        "f",
        f"def f(y):\n    parts = ['x']\n    if y:\n        parts.append('{LONG}')\n    return ''.join(parts)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGED)
def test_python_that_changes_a_prompt_later(name: str) -> None:
    selector, source = CHANGED[name]
    prompt = parse(source)["prompts"].get(selector, {})
    assert "messages" not in prompt


KEPT = {
    "entries set one by one": ("PROMPTS.a", "PROMPTS = {}\nPROMPTS['a'] = 'x'\nPROMPTS['b'] = 'y'"),
    "another entry": ("PROMPTS.a", "PROMPTS = {'a': 'x'}\nPROMPTS.update({'b': 1}, c=2)\nPROMPTS['d'] = 1"),
    "a function's own mapping": ("PROMPTS.a", "PROMPTS = {'a': 'x'}\ndef f(PROMPTS):\n    PROMPTS['a'] = 1"),
    "a property that can be set": (
        "A.x",
        "class A:\n    @property\n    def x(self): return 'x'\n    @x.setter\n    def x(self, y): pass",
    ),
    "what a class has from its parent": ("A.X", "class B:\n    X = 'x'\nclass A(B): pass"),
    "the first of several messages": (
        "CHAT",
        "CHAT = [{'role': 'user', 'content': 'x'}, *history, {'role': 'user', 'content': 'y'}]",
    ),
    "a copy of a mapping": ("PROMPTS.a", "PROMPTS = {'a': 'x'}\nd = dict(PROMPTS)\nd['a'] = 'y'"),
    "another entry under another name": (
        "PROMPTS.a",
        "PROMPTS = {'a': 'x'}\nd = PROMPTS\nd['b'] = 'y'",
    ),
    "another attribute of a module": ("X", "import sys\nX = 'x'\nsys.path.insert(0, 'a')"),
    "source that a function runs by itself": ("X", "X = 'x'\ndef f(code):\n    exec(code)"),
    "a call that gives exec nothing": ("X", "X = 'x'\ndef f():\n    exec()"),
    "names of another module before": ("X", "from other import *\nX = 'x'"),
}  # fmt: skip


@pytest.mark.parametrize("name", KEPT)
def test_python_that_changes_something_else(name: str) -> None:
    selector, source = KEPT[name]
    message, *_ = parse(source)["prompts"][selector]["messages"]
    assert message["text"] == "x"


@pytest.mark.parametrize(
    "grown",
    [
        f"B = '{LONG}'\nX = f'{tokens(100)} {{B.strip().title()}} {{q}}'\n",
        f'X = f\'{tokens(100)} {{("{LONG}" if q else "")}} {{q}}\'\n',
        f"X = '{tokens(100)} ' + clean('{LONG}') + q\n",
        f"def X(q):\n    if q: y = 'x'\n    else: y = '{LONG}'\n    return f'{{y}} {{q}}'\n",
        f"def X(q):\n    y = 'x'\n    if q: y += '{LONG}'\n    return f'{{y}} {{q}}'\n",
        f"def X(q):\n    y = ['x']\n    if q: y.append('{LONG}')\n    return 'z ' + ''.join(y) + q\n",
    ],
)
def test_python_expressions_hide_no_text(repository: Repository, grown: str) -> None:
    outcome = change(
        repository,
        {
            "p.py": f"X = f'{tokens(100)} {{q}}'\n",
            CONFIGURATION: settings("p.py#X"),
        },
        {"p.py": grown},
    )
    assert outcome.rules() == {"monthly_cost": "fail", "increase": "fail"}


@pytest.mark.parametrize(
    "between",
    ['{"body": "x", "y": "{{>big}}"}', '{"body": {{>big}}', '{"body": 1} {{>big}}', "{{>big}}"],
)
def test_a_partial_of_a_partial_of_dotprompt(repository: Repository, between: str) -> None:
    outcome = change(
        repository,
        {
            "p.prompt": "---\nmodel: openai/gpt-4o\n---\n{{>between}} {{q}}",
            "_between.prompt": between,
            "_big.prompt": tokens(100),
            CONFIGURATION: settings("p.prompt"),
        },
        {"_big.prompt": tokens(5000)},
    )
    assert outcome.rules() == {"monthly_cost": "fail", "increase": "fail"}


SECTIONS = {
    "p.mustache": "{{#extra}}%s{{/extra}}",
    "p.hbs": "{{#if extra}}%s{{/if}}",
    "p.prompt": "{{#each extra}}%s{{/each}}",
}


@pytest.mark.parametrize("path", SECTIONS)
def test_a_section_over_what_no_sample_gives_hides_no_text(
    repository: Repository, path: str
) -> None:
    def samples(variables: str) -> str:
        return settings(path, samples=f"[{{name: typical, variables: {variables}}}]")

    base = f"{tokens(100)} {{{{q}}}}\n"
    repository.commit({path: base, CONFIGURATION: samples("{q: x}")})
    repository.branch("work")
    repository.commit({path: base + SECTIONS[path] % tokens(5000)})
    without = review(repository)
    assert (without.code, without.workflow()["verdict"]) == (3, "unmeasured")
    (problem,) = without.workflow()["problems"]
    assert problem["what"] == "'extra' is undefined in the sample 'typical'"
    assert problem["place"] == {"file": path, "line": 2, "key": None}
    repository.commit({CONFIGURATION: samples("{q: x, extra: [1]}")})
    supplied = review(repository)
    assert supplied.workflow()["after"]["max_input_tokens"] > 5000
    assert supplied.rules()["increase"] == "fail"


OWN_MAKERS = {
    "a decorator": "def more(f):\n    return f\n\n@more\ndef X():\n    return 'text'\n",
    "a decorator that is called": (
        "def more(n):\n    return lambda f: f\n\n@more(2)\ndef X():\n    return 'text'\n"
    ),
    "a class as a decorator": (
        "class More:\n    def __init__(self, f): ...\n\n@More\ndef X():\n    return 'text'\n"
    ),
    "a decorator of a class": (
        "def more(c):\n    return c\n\n@more\nclass X:\n    TEXT = 'text'\n"
    ),
    "a metaclass": ("class Meta(type): ...\n\nclass X(metaclass=Meta):\n    TEXT = 'text'\n"),
    "a decorator of a method": (
        "def more(f):\n    return f\n\nclass A:\n    @more\n    def X(self):\n        return 'text'\n"
    ),
}


@pytest.mark.parametrize("source", OWN_MAKERS.values(), ids=OWN_MAKERS)
def test_what_a_decorator_of_the_same_file_may_change_is_not_known(source: str) -> None:
    found = parse(source)["prompts"]
    (selector,) = [name for name in found if name in {"X", "X.TEXT", "A.X"}]
    assert "messages" not in found[selector]


@pytest.mark.parametrize("decorator", ["property", "staticmethod", "cache", "mcp.prompt()"])
def test_a_decorator_of_another_module_leaves_texts_alone(decorator: str) -> None:
    source = f"from functools import cache\n\n@{decorator}\ndef X():\n    return 'text'\n"
    assert "messages" in parse(source)["prompts"]["X"]


NO_CODE = {
    "a fence that ends with its list item": "- a\n  ```\n  x\nend @long.md\n",
    "four blanks in a paragraph": "some text\n    ```\nend @long.md\n",
    "an escaped backtick": "a \\` b @long.md ` c\n",
    "a backslash before the end of code": "a `b\\` @long.md ` c\n",
    "a fence in a nested list": "- a\n  - b\n    ```\n    x\n  c @long.md\n",
}


@pytest.mark.parametrize("text", NO_CODE.values(), ids=NO_CODE)
def test_a_mention_that_is_no_code_is_followed(repository: Repository, text: str) -> None:
    files: Files = {
        "CLAUDE.md": "Be kind.\n",
        "long.md": tokens(5000),
        CONFIGURATION: settings("CLAUDE.md"),
    }
    outcome = change(repository, files, {"CLAUDE.md": f"Be kind.\n{text}"})
    assert outcome.code == 1
    assert outcome.workflow()["after"]["max_input_tokens"] > 5000


def test_a_mention_in_a_fence_is_not(repository: Repository) -> None:
    files: Files = {
        "CLAUDE.md": "Be kind.\n",
        "long.md": tokens(5000),
        CONFIGURATION: settings("CLAUDE.md"),
    }
    fenced = "- a\n\n  ```\n  @long.md\n  ```\n\n```\n@long.md\n```\n"
    outcome = change(repository, files, {"CLAUDE.md": f"Be kind.\n{fenced}"})
    assert outcome.workflow()["after"]["max_input_tokens"] < 100


PAST = {
    "p.py#X": (
        "from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder",
        "MessagesPlaceholder('past', optional=True), ",
    ),
    "q.py#X": (
        "from langchain_core.prompts import ChatPromptTemplate",
        "('placeholder', '{past}'), ",
    ),
}


@pytest.mark.parametrize("prompts", PAST)
def test_an_optional_history_needs_a_sample(repository: Repository, prompts: str) -> None:
    path = prompts.partition("#")[0]
    imported, added = PAST[prompts]
    source = f"{imported}\nX = ChatPromptTemplate.from_messages([{{}}('human', 'hi')])\n"
    files: Files = {
        path: source.replace("{}", ""),
        "s.yaml": "a: x",
        CONFIGURATION: settings(prompts, samples="s.yaml"),
    }
    outcome = change(repository, files, {path: source.replace("{}", added)})
    assert outcome.code == 3
    (problem,) = outcome.workflow()["problems"]
    assert problem["what"] == "'past' is undefined"
