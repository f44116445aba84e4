"""Texts in Python source that another format fills."""

import pytest

from reviewbot.errors import MeasurementError
from reviewbot.prompt import PromptText
from reviewbot.prompt_formats import python
from reviewbot.prompts import entries
from tests.support.python_prompts import prompt
from tests.support.reading import HERE
from tests.support.repository import Repository
from tests.support.sending import CONFIGURATION, calls_of, sent

PROSE = "You answer questions about the kettles of Acme and nothing else. " * 3


def test_constants_are_found_with_the_language_that_another_file_fills_them_with() -> None:
    source = f'''
SYSTEM_PROMPT = "{PROSE}"
class Writer:
    instructions = """{PROSE} {{topic}}"""
    QUERY_TEMPLATE = """{PROSE} {{"json": 1}}"""
JINJA_TEMPLATE = "{PROSE} {{% if a %}}{{{{ a }}}}{{% endif %}}"
CHAT = [{{"role": "system", "content": "{PROSE}"}}]
HERE_PROMPT = "{PROSE} {{a}}"
USED = HERE_PROMPT.format(a=1)
def build_prompt(a):
    prompt = f"{PROSE} {{a}}"
    return prompt
STYLES = "{PROSE}"
class KettleError(Exception):
    message = "{PROSE}"
SHORT_CHAT = [{{"role": "user", "content": a}}, {{"role": "user", "content": "x"}}]
'''
    found = python.discover(PromptText(path="p.py", text=source, surroundings=HERE))
    assert [(item.selector, item.format, item.role) for item in found] == [
        ("SYSTEM_PROMPT", "python", "system"),
        ("Writer.instructions", "str-format", "system"),
        ("Writer.QUERY_TEMPLATE", "python", None),
        ("JINJA_TEMPLATE", "jinja", None),
        ("CHAT", "python", None),
        ("HERE_PROMPT", "python", None),
        ("build_prompt.prompt", "python", None),
    ]
    for item in found:
        assert prompt(source, item.selector or "").messages
    assert python.discover(PromptText(path="p.py", text="P = (", surroundings=HERE)) == ()


def test_a_text_is_read_with_the_format_that_the_configuration_names(
    repository: Repository,
) -> None:
    files = {
        "app/prompts.py": 'SYSTEM = """\\\nHello {{ who }}"""\nKEYS = {"a": "To {who}"}\n',
        CONFIGURATION: """\
version: 1
workflows:
  greet:
    model: openai/gpt-4o
    prompts:
      - {path: app/prompts.py#SYSTEM, format: jinja, role: system}
      - {path: 'app/prompts.py#KEYS["a"]', format: str-format}
      - app/prompts.py#SYSTEM
    samples: [{name: typical, variables: {who: Ann}}]
    traffic: [{calls: 10/day, output_tokens: 1}]
""",
    }
    repository.commit(files)
    (calls,) = calls_of(repository.path).values()
    assert sent(calls) == [
        ("system", "Hello Ann"),
        ("user", "To Ann"),
        ("user", "Hello {{ who }}"),
    ]


def test_only_a_text_by_itself_is_read_with_another_format() -> None:
    source = 'A = f"x {b}"\nCHAT = [{"role": "user", "content": "x"}]\nT = """\\\nx"""\n'
    file = PromptText(path="p.py", text=source, selector="T", surroundings=HERE)
    assert entries.select(file, is_data=False) == PromptText(
        path="p.py", text="x", line=4, surroundings=HERE
    )
    for name, line in (("A", 1), ("CHAT", 2)):
        file = PromptText(path="p.py", text=source, selector=name, surroundings=HERE)
        with pytest.raises(MeasurementError, match="is not a text by itself") as caught:
            entries.select(file, is_data=False)
        assert str(caught.value).startswith(f"p.py:{line}: ")


def test_a_list_of_earlier_messages_is_sent_as_messages(repository: Repository) -> None:
    repository.commit(
        {
            "agent.py": "def ask(history, question):\n"
            "    return [*history, {'role': 'user', 'content': question}]\n",
            CONFIGURATION: """\
version: 1
workflows:
  ask:
    model: openai/gpt-4o
    prompts: agent.py#ask
    samples:
      - {name: long, variables: {history: [{role: human, content: Hi}, [ai, Hello]], question: Why?}}
      - {name: new, variables: {history: [], question: Why?}}
    traffic: [{calls: 10/day, output_tokens: 1}]
""",
        }
    )
    (calls,) = calls_of(repository.path).values()
    assert sent(calls) == [("user", "Hi"), ("assistant", "Hello"), ("user", "Why?")]
    assert sent(calls, 1) == [("user", "Why?")]
