"""Repositories whose review costs much though each single part of it stays below its limit."""

import json
import random
from pathlib import Path

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, TRAFFIC, configuration, workflow
from tests.support.shapes import changed, file

TEMPLATE = "prompts/costly.j2"
COSTLY = workflow(TEMPLATE, samples="samples/*.json")
LOOP = "{% for a in range(9999) %}{% endfor %}"
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def sampled(path: Path, template: str, samples: int, *, before: str = "x{{ a }}") -> Repository:
    """A template that becomes costly, with so many sample files."""
    flows = {"w": workflow(), "costly": COSTLY}
    start = [
        file(CONFIGURATION, configuration(flows).encode()),
        file(TEMPLATE, before.encode()),
        *(file(f"samples/{n}.json", b'{"a": %d}' % n) for n in range(samples)),
    ]
    return changed(path, start, [file(TEMPLATE, template.encode())])


def long_renderings(path: Path, samples: int, characters: int, letter: str = "x") -> Repository:
    """Each sample gives so many characters."""
    return sampled(path, f"{{{{ '{letter}' * {characters} }}}}{{{{ a }}}}", samples)


def slow_samples(path: Path, samples: int, loops: int) -> Repository:
    """Each sample takes some milliseconds."""
    return sampled(path, LOOP * loops + "{{ a }}", samples)


def slow_counts(path: Path, samples: int, characters: int = 49_000) -> Repository:
    """Each sample gives one long run of letters, which tokenizers are slow with."""
    text = "".join(random.Random(1).choices(LETTERS, k=characters))
    return sampled(path, "{{ a }}" + text, samples)


def fixed_texts(path: Path, samples: int, characters: int) -> Repository:
    """A text without variables beside a short template: it is the same with each sample."""
    flows = {
        "w": workflow(),
        "costly": workflow(f"[prompts/fixed.txt, {TEMPLATE}]", samples="samples/*.json"),
    }
    start = [
        file(CONFIGURATION, configuration(flows).encode()),
        file("prompts/fixed.txt", b"a b " * (characters // 4)),
        file(TEMPLATE, b"{{ a }}"),
        *(file(f"samples/{n}.json", b'{"a": %d}' % n) for n in range(samples)),
    ]
    return changed(path, start, [file(TEMPLATE, b"{{ a }} and more")])


def many_messages(path: Path, samples: int, messages: int) -> Repository:
    """A chat of so many messages, with each sample."""
    chat = [{"role": "user", "content": "x"}] * messages
    flows = {
        "w": workflow(),
        "costly": workflow(
            f"[{{path: prompts/chat.json, format: chat-messages}}, {TEMPLATE}]",
            samples="samples/*.json",
        ),
    }
    start = [
        file(CONFIGURATION, configuration(flows).encode()),
        file("prompts/chat.json", json.dumps(chat).encode()),
        file(TEMPLATE, b"{{ a }}"),
        *(file(f"samples/{n}.json", b'{"a": %d}' % n) for n in range(samples)),
    ]
    return changed(path, start, [file(TEMPLATE, b"{{ a }} and more")])


def many_tools(path: Path, samples: int, tools: int) -> Repository:
    """So many tools, which are counted with each sample."""
    defined = [
        {"type": "function", "function": {"name": f"f{n}", "parameters": {"type": "object"}}}
        for n in range(tools)
    ]
    flows = {
        "w": workflow(),
        "costly": workflow(TEMPLATE, samples="samples/*.json", tools="prompts/tools.json"),
    }
    start = [
        file(CONFIGURATION, configuration(flows).encode()),
        file("prompts/tools.json", json.dumps(defined).encode()),
        file(TEMPLATE, b"{{ a }}"),
        *(file(f"samples/{n}.json", b'{"a": %d}' % n) for n in range(samples)),
    ]
    return changed(path, start, [file(TEMPLATE, b"{{ a }} and more")])


def honest_prompts(path: Path, count: int) -> Repository:
    """Prompts of some 3,000 characters, each with three samples; a line of each changes."""
    words = [
        "account",
        "reply",
        "customer",
        "please",
        "order",
        "the",
        "ticket",
        "before",
        "message",
        "policy",
        "refund",
    ]
    shuffled = random.Random(1)
    names = [f"prompts/p{n}.j2" for n in range(count)]
    flows = {"w": workflow()} | {
        f"w{n}": f"{{prompts: {name}, samples: samples/*.json}}" for n, name in enumerate(names)
    }
    defaults = f"{{model: openai/gpt-4o, traffic: {TRAFFIC}}}"
    start = [file(CONFIGURATION, configuration(flows, defaults=defaults).encode())]
    start += [file(f"samples/{n}.json", b'{"a": "text %d"}' % n) for n in range(3)]
    after = []
    for name in names:
        text = " ".join(shuffled.choices(words, k=450)) + "\n{% if a %}{{ a }}{% endif %}\n"
        start.append(file(name, text.encode()))
        after.append(file(name, b"A line more.\n" + text.encode()))
    return changed(path, start, after)


def slow_workflows(path: Path, count: int, loops: int) -> Repository:
    """New workflows, each with a template of its own that takes some milliseconds."""
    names = [f"prompts/p{n}.j2" for n in range(count)]
    flows = {"w": workflow()} | {f"w{n}": workflow(name) for n, name in enumerate(names)}
    after = [file(CONFIGURATION, configuration(flows).encode())]
    after += [file(name, b"%d %s" % (n, LOOP.encode() * loops)) for n, name in enumerate(names)]
    return changed(path, [], after)


def shared_samples(path: Path, workflows: int, samples: int) -> Repository:
    """Workflows that all take the same many samples."""
    flows = {"w": workflow()} | {f"w{n}": COSTLY for n in range(workflows)}
    start = [
        file(CONFIGURATION, configuration(flows).encode()),
        file(TEMPLATE, b"{{ a }}"),
        *(file(f"samples/{n}.json", b'{"a": %d}' % n) for n in range(samples)),
    ]
    return changed(path, start, [file(TEMPLATE, b"{{ a }} and more")])


def explained_samples(path: Path, samples: int, workflows: int = 10) -> Repository:
    """Workflows over their limit whose many hunks are told apart with each sample."""
    words = [
        "account",
        "reply",
        "customer",
        "please",
        "order",
        "the",
        "ticket",
        "before",
        "message",
        "policy",
        "refund",
    ]

    def line(number: int, length: int) -> str:
        return " ".join(random.Random(number).choices(words, k=length)).capitalize() + ".\n"

    flows = {"w": workflow()}
    before, after = [], []
    for number in range(workflows):
        lines = [line(1_000 * number + n, 18) for n in range(200)]
        longer = [
            text + ("Also: " + line(n, 9) if n % 16 == 3 else "") for n, text in enumerate(lines)
        ]
        longer += [f"\nExample: {line(n, 20)}\n" for n in range(14)]
        name = f"prompts/{number}.j2"
        before.append(file(name, ("{{ a }}\n" + "".join(lines)).encode()))
        after.append(file(name, ("{{ a }}\n" + "".join(longer)).encode()))
        limit = "{increase: {hard: 1%}}"
        flows[f"w{number}"] = workflow(name, samples="samples/*.json", envelope=limit)
    before += [file(f"samples/{n}.json", b'{"a": %d}' % n) for n in range(samples)]
    before.append(file(CONFIGURATION, configuration(flows).encode()))
    return changed(path, before, after)


def python_files(path: Path, count: int, lines: int = 300) -> Repository:
    """Files of Python source, each with a prompt, all of which change."""
    names = [f"src/p{n}.py" for n in range(count)]
    flows = {"w": workflow()} | {
        f"w{n}": workflow(f"'{name}#PROMPT'") for n, name in enumerate(names)
    }
    rest = "".join(f"def f{n}(a, b):\n    return a + b * {n}\n" for n in range(lines // 2))
    before = [file(CONFIGURATION, configuration(flows).encode())]
    before += [
        file(name, b"PROMPT = 'x %d'\n%s" % (n, rest.encode())) for n, name in enumerate(names)
    ]
    after = [
        file(name, b"PROMPT = 'x %d longer'\n%s" % (n, rest.encode()))
        for n, name in enumerate(names)
    ]
    return changed(path, before, after)
