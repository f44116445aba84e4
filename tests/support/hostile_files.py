"""The attacks on every engine and on every parser of prompts, as files of one repository."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from tests.prompt_formats import test_format_agent_instructions as agent_instructions
from tests.prompt_formats import test_format_dotprompt as dotprompt
from tests.prompt_formats import test_format_handlebars as handlebars
from tests.prompt_formats import test_format_langchain as langchain
from tests.prompt_formats import test_format_mustache as mustache
from tests.prompt_formats import test_format_promptfoo_messages as promptfoo
from tests.prompt_formats import test_format_prompty as prompty
from tests.prompt_formats import test_format_python_hostile as python
from tests.prompt_formats import test_format_semantic_kernel as semantic_kernel
from tests.prompt_formats import test_format_str_format as str_format
from tests.prompt_formats import test_format_string_template as string_template
from tests.support.hostile_templates import ESCAPES, TIME_AND_MEMORY
from tests.support.prompty_prompts import FIRST, SECOND
from tests.support.repetitions import LONG, PART
from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, configuration, tokens, workflow
from tests.support.shapes import changed, file
from tests.tokens.test_counting import letters

SAMPLE, TEXTS = "samples/hostile.json", "samples/texts.json"
VARIABLES = str_format.VARIABLES | {
    "a": "x",
    "x": "y",
    "b": 999_999_999,
    "o": {"k": 1},
    "1": "123",
    "ARGUMENTS": "y" * 1_000,
    "xs": [1, 2, 3, 4],
    "l": [1] * 30,
}
_CHARACTERS = 300_000
"""The longer attacks are cut there: all together must not be more than a review reads."""

INCLUDED = {
    "jinja/self.j2": "{% include 'self.j2' %}{% extends 'self.j2' %}",
    "jinja/a.j2": "{% include 'b.j2' %}",
    "jinja/b.j2": "{% include 'a.j2' %}{% include 'a.j2' %}",
    "mustache/self.mustache": "x\n {{> self}}",
    "mustache/two.mustache": "{{> two}}{{> two}}",
    "handlebars/self.hbs": "x\n {{> self}}",
    "handlebars/two.hbs": "{{> two}}{{> two}}",
    "handlebars/around.hbs": "{{> @partial-block}}{{#> around}}{{> @partial-block}}{{/around}}",
}


class Attack(NamedTuple):
    """A prompt, as a configuration names it, of an honest text and of a hostile one."""

    path: str
    format: str
    honest: Mapping[str, str]
    hostile: Mapping[str, str]


def attacks() -> list[Attack]:
    """Every attack; formats take turns, so that none alone uses up what a review is allowed.

    With the gate it is one in twelve of each format, and one in nine of Python's, of which some
    leave no prompt; each is alone in a test of its format.
    """
    by_format: dict[str, list[Attack]] = {}
    for attack in _attacks():
        by_format.setdefault(attack.format, []).append(attack)
    part = {name: 9 if name == "python" else 2 * PART for name in by_format}
    turns = zip_longest(*(found[:: 1 if LONG else part[name]] for name, found in by_format.items()))
    return [attack for turn in turns for attack in turn if attack is not None]


def _attacks() -> list[Attack]:
    whole = {
        "jinja": [*TIME_AND_MEMORY.values(), *ESCAPES.values()],
        "mustache": mustache.ATTACKS.values(),
        "handlebars": [*handlebars.ATTACKS.values(), *(f"{{{{{n}}}}}" for n in handlebars.NAMES)],
        "dotprompt": dotprompt.ATTACKS,
        "str-format": str_format.ATTACKS,
        "string-template": string_template.ATTACKS,
        "prompty": [
            f"{SECOND if number % 2 else FIRST}x\n{text}"
            for number, text in enumerate(prompty.ATTACKS.values())
        ],
        "langchain": [_serialized(*attack) for attack in langchain.ATTACKS.values()],
    }
    honest = {
        "prompty": f"{FIRST}user:\nx",
        "langchain": _serialized("f-string", "x"),
    }
    found = [
        Attack(path, name, {path: honest.get(name, "x")}, {path: text})
        for name, texts in whole.items()
        for path, text in _named(f"{name}/{{}}.txt", texts)
    ]
    found += _python()
    found += _configurations()
    for engine, path in (
        ("claude-command", ".claude/commands/{}.md"),
        ("vscode-prompt", "vscode/{}.prompt.md"),
    ):
        texts = [text for name, text, _ in agent_instructions.HOSTILE if name == engine]
        found += [
            Attack(path, "agent-instructions", {path: "x"}, {path: text})
            for path, text in _named(path, texts)
        ]
    return found


def _python() -> Iterator[Attack]:
    for path, text in _named("python/{}.py", python.HOSTILE.values()):
        yield Attack(f"{path}#P", "python", {path: "P = 'an honest text'\n"}, {path: text})


def _configurations() -> Iterator[Attack]:
    """What stands in a folder of its own, under the one name that its format knows."""
    for folder, text in _named("promptfoo/{}", promptfoo.ATTACKS.values()):
        path, prompt = f"{folder}/promptfooconfig.yaml", f"{folder}/prompt.j2"
        settings = {path: "prompts: file://prompt.j2\n"}
        yield Attack(path, "promptfoo", settings | {prompt: "x"}, settings | {prompt: text})
    for folder, text in _named("semantic-kernel/{}", semantic_kernel.ATTACKS.values()):
        path = f"{folder}/skprompt.txt"
        yield Attack(path, "semantic-kernel", {path: "x"}, {path: text})


def _named(pattern: str, texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    for number, text in enumerate(texts):
        yield pattern.format(f"{number:03}"), text[:_CHARACTERS]


def _serialized(language: str, text: str) -> str:
    return json.dumps(langchain.template(text, template_format=language))


def hostile_templates(path: Path, *, slow_texts: int = 0) -> Repository:
    """A repository in which many prompts become hostile, and one longer.

    `slow_texts` is how many more become a million letters at random, which are slow to count.
    """
    found = attacks()
    for number in range(slow_texts):
        name, text = f"slow/{number}.txt", f"{number} {letters(0x61, 0x7B, 1_000_000)}"
        found.append(Attack(name, "text", {name: "x"}, {name: text}))
    workflows = {
        f"attack-{number:03}": workflow(
            f'{{path: "{attack.path}", format: {attack.format}}}',
            samples=TEXTS if attack.format == "semantic-kernel" else SAMPLE,
        )
        for number, attack in enumerate(found)
    }
    settings = configuration({"w": workflow(), **workflows})
    before = {CONFIGURATION: settings, PROMPT: tokens(10), **INCLUDED}
    before |= {SAMPLE: json.dumps(VARIABLES), TEXTS: '{"x": "y"}'}
    after: dict[str, str] = {}
    for attack in found:
        before |= attack.honest
        after |= attack.hostile
    return changed(path, _files(before), _files(after))


def _files(texts: Mapping[str, str]) -> list[bytes]:
    return [file(path, text.encode()) for path, text in texts.items()]
