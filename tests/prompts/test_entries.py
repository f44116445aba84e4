"""Prompts that stand as entries in YAML, JSON and TOML files."""

import json
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewbot.documents import plain
from reviewbot.errors import MeasurementError
from reviewbot.prompt import PromptText, Surroundings, TemplateError
from reviewbot.prompts import entries
from reviewbot.rendering.parsers import toml_file
from reviewbot.rendering.parsing import LimitedParser
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, change, configuration, review, workflow
from tests.support.sending import calls_of, sent

YAML = """\
# prompts of the planner
agents:
  planner:
    system: |-
      You plan.
      Be {{ mood }}.
    steps:
    - first
    - "second\\nand more"
  gpt-4.1: {system: dotted}
tasks:
- task: check_input
  content: Check the input.
- task: check_output
  content: Check the output.
temperature: 0.5
empty:
"""
SHARED = """\
base: &base
  system: |
    You plan.
  user: Plan.
writer:
  <<: *base
  # its own
  user: Write.
copies: [*base, *base]
"""
JSON = json.dumps(
    {
        "agents": {
            "planner": {"system": "You plan.\nBe {{ mood }}."},
            "gpt-4.1": {"system": "dotted"},
        }
    },
    indent=1,
)
TOML = '''\
top = 'one'

[agents.planner] # a comment
steps = ["first",
  # between
  "second"]
system = """
You plan.
Be {{ mood }}."""

[agents."gpt-4.1"]
system.text = "dotted"

[[tasks]]
task = "check_input"
content = "Check the input."
[[tasks]]
task = "check_output"
content = {text = "Check the output."}
'''


def selected(path: str, text: str, selector: str, *, is_data: bool = False) -> PromptText:
    with LimitedParser() as parser:
        surroundings = Surroundings(load=lambda *_: None, parse=parser.parse)
        file = PromptText(path=path, text=text, selector=selector, surroundings=surroundings)
        return entries.select(file, is_data=is_data)


@pytest.mark.parametrize(
    ("path", "text", "selector", "expected", "line"),
    [
        ("p.yaml", YAML, "agents.planner.system", "You plan.\nBe {{ mood }}.", 5),
        ("p.YML", YAML, "agents.planner.steps.0", "first", 8),
        ("p.yaml", YAML, "agents.planner.steps.1", "second\nand more", 9),
        ("p.yaml", YAML, 'agents."gpt-4.1".system', "dotted", 10),
        ("p.yaml", YAML, "tasks.1.content", "Check the output.", 15),
        ("p.yaml", YAML, "tasks.check_output.content", "Check the output.", 15),
        ("p.yaml", SHARED, "writer.system", "You plan.\n", 3),
        ("p.yaml", SHARED, "writer.user", "Write.", 8),
        ("p.yaml", SHARED, "copies.1.system", "You plan.\n", 3),
        ("p.json", JSON, "agents.planner.system", "You plan.\nBe {{ mood }}.", 4),
        ("p.json", JSON, 'agents."gpt-4.1".system', "dotted", 7),
        ("p.toml", TOML, "top", "one", 1),
        ("p.toml", TOML, "agents.planner.system", "You plan.\nBe {{ mood }}.", 8),
        ("p.toml", TOML, "agents.planner.steps.1", "second", 6),
        ("p.toml", TOML, 'agents."gpt-4.1".system.text', "dotted", 12),
        ("p.toml", TOML, "tasks.0.content", "Check the input.", 16),
        ("p.toml", TOML, "tasks.check_output.content.text", "Check the output.", 19),
        (
            "p.toml",
            TOML.replace("\n", "\r\n"),
            "agents.planner.system",
            "You plan.\nBe {{ mood }}.",
            8,
        ),
    ],
)
def test_a_text_is_found_with_its_line(
    path: str, text: str, selector: str, expected: str, line: int
) -> None:
    found = selected(path, text, selector)
    assert (found.text, found.line, found.selector) == (expected, line, None)


@pytest.mark.parametrize(
    ("path", "text", "selector", "problem"),
    [
        ("p.yaml", YAML, "agents.writer", "p.yaml:3: `agents` has no 'writer'; name one of: planner, \"gpt-4.1\""),
        ("p.yaml", YAML, "agent", "p.yaml:2: the file has no 'agent'; name one of: agents, tasks, temperature, empty"),
        ("p.yaml", YAML, "agents.planner", "p.yaml:4: `agents.planner` is not a text, but a mapping; name one of: system, steps"),
        ("p.yaml", YAML, "tasks", "p.yaml:12: `tasks` is not a text, but a list; name one of: 0, 1"),
        ("p.yaml", YAML, "tasks.2", "p.yaml:12: `tasks` has no '2'; name one of: 0, 1"),
        ("p.yaml", YAML, "tasks.99999999999999999999", "p.yaml:12: `tasks` has no '99999999999999999999'; name one of: 0, 1"),
        ("p.yaml", YAML, "tasks.other", "p.yaml:12: `tasks` has no 'other'; name one of: 0, 1"),
        ("p.yaml", YAML, "temperature", "p.yaml:16: `temperature` is no text, but 0.5; name a text, or quote it"),
        ("p.yaml", YAML, "empty", "p.yaml:17: `empty` is no text, but empty; name a text, or quote it"),
        ("p.yaml", YAML, "agents.planner.system.x", "p.yaml:5: `agents.planner.system` has no 'x'; it ends here"),
        ("p.yaml", YAML, "agents..system", "p.yaml:1: 'agents..system' is no path of keys; write it like `agents.planner.system`"),
        ("p.yaml", YAML, 'agents."x', "p.yaml:1: 'agents.\"x' is no path of keys; write it like `agents.planner.system`"),
        ("p.yaml", "a: x\n---\nb: y\n", "a", "p.yaml:2: a second document begins; take it out, with its `---`"),
        ("p.yaml", "a: t\nb: *x\n", "b", "p.yaml:2: no value that can stand here has the anchor 'x'; write the value itself"),
        ("p.yaml", "a: &x [*x]\n", "b", "p.yaml:1: the value at the anchor 'x' of line 1 holds itself; write the value itself"),
        ("p.yaml", "a: &x\n  b: 1\n  c:\n    d: *x\n", "b", "p.yaml:4: the value at the anchor 'x' of line 1 holds itself; write"),
        ("p.yaml", "a: &x t\nb:\n  <<: *x\n", "b", "p.yaml:3: a merge key is given no mapping; write the entries out"),
        ("p.yaml", "a: !!python/name:os.system x\n", "a", "p.yaml:1: YAML tags (`!`) are refused; write the value itself, in quotes if it is text"),
        ("p.toml", "a = 1\nb = \n", "a", "p.toml:2: this is not TOML: Invalid value; correct it as toml.io describes"),
        ("p.toml", 'a = """\nx\n', "a", "p.toml:2: this is not TOML: Unterminated string; correct it as toml.io describes"),
        ("p.toml", "a = 1\na = 2\n", "a", "p.toml:2: this is not TOML: Cannot overwrite a value; correct it as toml.io describes"),
        ("p.toml", f"a = {'9' * 5000}\n", "a", "p.toml:1: this is not TOML: "),
        ("p.toml", f"a = {'[' * 40}{']' * 40}\n", "a", "p.toml:1: lists and tables stand more than 32 deep in each other; write it flatter"),
        ("p.toml", f"a = {'[' * 100_000}", "a", "p.toml:1: lists and tables stand more than 32 deep in each other; write it flatter"),
        ("p.toml", "a = 2026-11-01\n", "a", "p.toml:1: `a` is no text, but null; name a text, or quote it"),
        ("p.ini", "a = 'x'\n", "a", "p.ini:1: entries are selected in .yaml, .yml, .json, .toml, .py, "),
    ],
)  # fmt: skip
def test_what_cannot_be_selected_is_named(
    path: str, text: str, selector: str, problem: str
) -> None:
    with pytest.raises(MeasurementError) as caught:
        selected(path, text, selector)
    assert str(caught.value).startswith(problem)


def test_two_items_of_one_name_are_told_apart_by_position_only() -> None:
    text = "- {name: a, text: x}\n- {name: a, text: y}\n"
    assert selected("p.yaml", text, "1.text").text == "y"
    with pytest.raises(MeasurementError, match=r"the file has no 'a'; name one of: 0, 1"):
        selected("p.yaml", text, "a.text")


def test_a_list_of_messages_is_an_entry_too(repository: Repository) -> None:
    text = """\
agent:
  model: gpt-4o
  messages:
  - role: system
    content: |
      Be brief: \U0001f642 \u00e9 "quoted" {{ tone }}.

  - {role: user, content: "{{ question }}"}
"""
    toml = """\
[agent]
messages = [
  {role = "system", content = "Be brief."},

  {role = "user", content = "{{ question }}"},
]
"""
    samples = "[{name: s, variables: {tone: kind, question: Why?}}]"
    prompt = "{path: '%s#agent.messages', format: chat-messages}"
    made = {
        name: workflow(f"[{prompt % path}]", samples=samples)
        for name, path in (("y", "a.yaml"), ("t", "a.toml"))
    }
    repository.commit({"a.yaml": text, "a.toml": toml, CONFIGURATION: configuration(made)})
    calls = calls_of(repository.path)
    assert sent(calls["y"]) == [
        ("system", 'Be brief: \U0001f642 é "quoted" kind.'),
        ("user", "Why?"),
    ]
    assert sent(calls["t"]) == [("system", "Be brief."), ("user", "Why?")]
    lines = {name: [item.line for item in of.places[0]] for name, of in calls.items()}
    assert lines == {"y": [6, 8], "t": [3, 5]}


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.one_of(st.lists(VALUES), st.dictionaries(st.text(max_size=5), VALUES)), st.booleans())
def test_a_list_or_mapping_is_handed_on_as_it_is(value: Any, indented: bool) -> None:  # noqa: FBT001 - drawn
    text = json.dumps({"a": value}, indent=2 if indented else None)
    found = selected("p.json", text, "a", is_data=True)
    assert json.loads(found.text) == value


YAML_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)


@given(
    st.lists(st.one_of(YAML_TEXT, st.dictionaries(YAML_TEXT, YAML_TEXT, max_size=3)), min_size=1)
)
def test_what_is_handed_on_of_yaml_is_yaml_of_the_same_lines(value: Any) -> None:
    items = "".join(f"- {json.dumps(item, ensure_ascii=True)}\n" for item in value)
    items = items.encode().decode()
    try:
        whole = entries.parse(PromptText(path="p.yaml", text=items))
    except MeasurementError:
        return
    text = "x:\n" + items
    found = selected("p.yaml", text, "x", is_data=True)
    again = entries.parse(PromptText(path="p.yaml", text=found.text))
    assert plain(again) == plain(whole)
    assert [item.line for item in again.items] == [number + 2 for number in range(len(value))]  # type: ignore[union-attr]


KEYS = st.sampled_from(["a", "b", "c-1", '"k.x"', "'q'", '"\\u0041"', "7"])
TOML_SPACE = st.sampled_from(["", " ", "\n", "\n# x = 1\n", " \n "])


TOML_SCALARS = [
    '"{} # \\" ] ="',
    "'{} # \" ] }} \\'",
    '"""{} ""\n[x]\ny = 1 \\"""\n\\\\""""',
    "'''{} \\ ''\n[x]\n'''''",
    '"""\n{}"""',
    *("1", "-0.5", "true", "0x1F", "1_000", "inf", "+nan"),
    *("1979-05-27 07:32:00Z", "07:32:00", "1979-05-27"),
]


@st.composite
def toml_values(draw: Any, numbers: Iterator[int], depth: int = 0) -> str:
    """A value in which each text is `<N>`, once in the file."""
    kind = draw(st.integers(0, 9)) if depth < 3 else 9
    if kind == 0:
        names = draw(st.lists(KEYS, unique=True, max_size=3))
        return (
            "{" + ", ".join(f"{n} = {draw(toml_values(numbers, depth + 1))}" for n in names) + "}"
        )
    if kind == 1:
        items = [
            draw(TOML_SPACE) + draw(toml_values(numbers, depth + 1)) + draw(TOML_SPACE)
            for _ in range(draw(st.integers(0, 3)))
        ]
        end = "," + draw(TOML_SPACE) if items and draw(st.booleans()) else ""
        return f"[{','.join(items) or draw(TOML_SPACE)}{end}]"
    scalar: str = draw(st.sampled_from(TOML_SCALARS))
    return scalar.replace("{}", f"<{next(numbers)}>")


@st.composite
def toml_files(draw: Any) -> str:
    numbers = iter(range(1000))
    lines = []
    for _ in range(draw(st.integers(0, 6))):
        name = ".".join(draw(st.lists(KEYS, min_size=1, max_size=3)))
        match draw(st.sampled_from(["entry", "entry", "entry", "table", "array", "blank"])):
            case "entry":
                lines.append(f"{name} = {draw(toml_values(numbers))} # end")
            case "table":
                lines.append(f" [ {name} ]")
            case "array":
                lines.append(f"[[{name}]]")
            case _:
                lines.append("# [x]")
    end: str = draw(st.sampled_from(["", "\n"]))
    return "\n".join(lines) + end


def told(found: list[Any]) -> Iterator[tuple[int, str]]:
    line, kind, content = found
    if kind == "text":
        yield line, content
    elif kind == "list":
        for item in content:
            yield from told(item)
    elif kind == "mapping":
        for _, _, value in content:
            yield from told(value)


def data_of(found: list[Any]) -> Any:
    _, kind, content = found
    if kind == "list":
        return [data_of(item) for item in content]
    if kind == "mapping":
        return {key: data_of(value) for key, _, value in content}
    return content


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value if isinstance(value, str | int | float) else None


@given(toml_files())
def test_every_text_of_a_toml_file_is_in_the_line_that_is_told(text: str) -> None:
    try:
        expected = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(TemplateError) as caught:
            toml_file.parse(text)
        assert 1 <= (caught.value.line or 0) <= text.count("\n") + 1
        return
    found = toml_file.parse(text)
    assert repr(data_of(found)) == repr(as_json(expected))
    lines = text.split("\n")
    for line, value in told(found):
        assert value[: value.index(">") + 1] in lines[line - 1]


@given(st.text(alphabet="ab=\"'[]{}.,#\n\\ 1"))
def test_any_text_is_toml_or_a_problem_with_a_line(text: str) -> None:
    try:
        expected = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(TemplateError) as caught:
            toml_file.parse(text)
        assert (caught.value.line or 0) >= 1
        return
    assert data_of(toml_file.parse(text)) == as_json(expected)


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("p.yaml", "w:\n  t: |\n    one\n\n    {{ missing }}\n", 5),
        ("p.yaml", 'w:\n  t: "one\\n\\n{{ missing }}"\n', 2),
        ("p.yaml", "w:\n  t: >\n    one\n    two\n\n    {{ missing }}\n", 3),
        ("p.json", '{"w":\n{"t": "one\\n\\n{{ missing }}"}}', 2),
        ("p.toml", 'w.t = """\none\n\n{{ missing }}"""\n', 4),
        ("p.toml", 'w.t = "one\\n\\n{{ missing }}"\n', 1),
    ],
)
def test_a_problem_in_an_entry_is_named_at_its_line_of_the_file(
    repository: Repository, path: str, text: str, line: int
) -> None:
    made = workflow(
        f"[{{path: '{path}#w.t', format: jinja}}]", samples="[{name: s, variables: {}}]"
    )
    outcome = change(repository, {"x": ""}, {path: text, CONFIGURATION: configuration({"w": made})})
    (problem,) = outcome.workflow()["problems"]
    assert (problem["place"]["file"], problem["place"]["line"]) == (path, line)


def test_a_change_of_another_entry_concerns_nothing(repository: Repository) -> None:
    made = configuration({"w": workflow("[{path: 'p.yaml#a', format: text}]")})
    repository.commit({"p.yaml": "a: one\nb: two\n", CONFIGURATION: made})
    repository.branch("work")
    repository.commit({"p.yaml": "b: two and more\na: one\n"})
    outcome = review(repository)
    assert (outcome.code, outcome.report["workflows"]) == (0, [])
    repository.commit({"p.yaml": "b: two and more\na: one more\n"})
    assert [item["name"] for item in review(repository).report["workflows"]] == ["w"]
