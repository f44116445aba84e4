"""Repositories whose review costs much though each single part of it stays below its limit."""

import json
import random
from pathlib import Path

from tests.support.repository import Repository
from tests.support.reviewing import CONFIGURATION, PROMPT, TRAFFIC, configuration, workflow
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


def inline_samples(path: Path, samples: int, characters: int) -> Repository:
    """So many samples in the configuration itself, each of which gives so long a text."""
    given = "[" + ", ".join(f"{{name: s{n}, variables: {{a: {n}}}}}" for n in range(samples)) + "]"
    flows = {"w": workflow(), "costly": workflow(TEMPLATE, samples=given)}
    start = [file(CONFIGURATION, configuration(flows).encode()), file(TEMPLATE, b"x{{ a }}")]
    long = f"{{{{ 'x' * {characters} }}}}{{{{ a }}}}"
    return changed(path, start, [file(TEMPLATE, long.encode())])


def taken_out(path: Path, count: int, words: int) -> Repository:
    """So many prompts of so many words that lose all but one, beside a file that gains words."""
    names = [f"prompts/p{n}.txt" for n in range(count)]
    flows = {"w": workflow()} | {f"w{n}": workflow(name) for n, name in enumerate(names)}
    start = [file(CONFIGURATION, configuration(flows).encode())]
    for number, name in enumerate(names):
        text = " ".join(f"w{number * words + n:x}" for n in range(words))
        start.append(file(name, text.encode()))
    after = [file(name, b"short") for name in names]
    after.append(file("notes.txt", " ".join(f"w{n:x}" for n in range(50_000)).encode()))
    return changed(path, start, after)


def many_branches(path: Path, samples: int, branches: int) -> Repository:
    """A template of so many runs of text, none of which the samples show, beside a long value."""
    template = "".join(f"{{% if b{n} %}}run {n}{{% endif %}}" for n in range(branches))
    flows = {"w": workflow(), "costly": workflow(TEMPLATE, samples="samples/*.json")}
    unset = ", ".join(f'"b{n}": false' for n in range(branches))
    value = "run " * 100_000
    start = [
        file(CONFIGURATION, configuration(flows).encode()),
        file(TEMPLATE, b"x{{ a }}"),
        *(
            file(f"samples/{n}.json", f'{{"a": "{value}{n}", {unset}}}'.encode())
            for n in range(samples)
        ),
    ]
    return changed(path, start, [file(TEMPLATE, f"{template}{{{{ a }}}}".encode())])


def many_streams(path: Path, workflows: int, streams: int) -> Repository:
    """Workflows that all take the same many streams of traffic, and some budgets."""
    given = ", ".join(f"{{tenant: t{n}, calls: 1/month, output_tokens: 1}}" for n in range(streams))
    text = "version: 1\nprices: {as_of: 2026-11-01}\ndefaults:\n  model: openai/gpt-4o\n"
    text += f"  traffic: [{given}]\nbudgets:\n"
    text += "".join(
        f"  - {{name: b{n}, match: {{tenant: t{n}}}, monthly_cost: {{hard: $9}}}}\n"
        for n in range(100)
    )
    text += "workflows:\n" + "".join(f"  w{n}: {{prompts: {PROMPT}}}\n" for n in range(workflows))
    return changed(path, [file(CONFIGURATION, text.encode())])


def many_includes(path: Path, workflows: int, files: int, characters: int) -> Repository:
    """Workflows that each include all of the same files, of which one changes."""
    names = [f"prompts/w{n}.j2" for n in range(workflows)]
    flows = {"w": workflow()} | {f"w{n}": workflow(name) for n, name in enumerate(names)}
    included = "".join(f"{{% include 'parts/p{n}.j2' %}}" for n in range(files))
    text = ("word " * (characters // 5)).encode()
    start = [file(CONFIGURATION, configuration(flows).encode())]
    start += [file(name, f"{n} {included}".encode()) for n, name in enumerate(names)]
    start += [file(f"prompts/parts/p{n}.j2", text) for n in range(files)]
    return changed(path, start, [file("prompts/parts/p0.j2", text + b"and more")])


def deep_tools(path: Path, samples: int, properties: int) -> Repository:
    """One tool of so many properties, each with a description."""
    shown = {f"p{n}": {"type": "string", "description": f"what {n} is"} for n in range(properties)}
    parameters = {"type": "object", "properties": shown}
    defined = [{"type": "function", "function": {"name": "f", "parameters": parameters}}]
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


def instruction_imports(path: Path, files: int) -> Repository:
    """Instructions that import so many files, all of which change."""
    named = "\n".join(f"@rules/r{n}.md" for n in range(files))
    flows = {"w": workflow(), "costly": workflow("CLAUDE.md")}
    start = [
        file(CONFIGURATION, configuration(flows).encode()),
        file("CLAUDE.md", named.encode()),
        *(file(f"rules/r{n}.md", b"rule %d\n" % n) for n in range(files)),
    ]
    return changed(path, start, [file(f"rules/r{n}.md", b"rule %d!\n" % n) for n in range(files)])


def large_sample_documents(path: Path, samples: int, nodes: int) -> Repository:
    """Sample files that are each a list of so many numbers, in YAML."""
    listed = "\n".join(f"- {n}" for n in range(nodes))
    flows = {"w": workflow(), "costly": workflow(TEMPLATE, samples="samples/*.yaml")}
    start = [
        file(CONFIGURATION, configuration(flows).encode()),
        file(TEMPLATE, b"{{ a | length }}"),
        *(file(f"samples/{n}.yaml", f"n: {n}\na:\n{listed}\n".encode()) for n in range(samples)),
    ]
    return changed(path, start, [file(TEMPLATE, b"{{ a | length }} and more")])


def promptfoo_matrix(path: Path, prompts: int, tests: int) -> Repository:
    """A promptfoo configuration of so many prompts and tests."""
    listed = "".join(f"  - 'prompt {n} {{{{ a }}}}'\n" for n in range(prompts))
    given = "".join(f"  - vars: {{a: {n}}}\n" for n in range(tests))
    text = f"providers: [openai:gpt-4o]\nprompts:\n{listed}tests:\n{given}"
    flows = {"w": workflow()} | {
        f"w{n}": workflow(f"'promptfooconfig.yaml#{n}'") for n in range(prompts)
    }
    start = [
        file(CONFIGURATION, configuration(flows).encode()),
        file("promptfooconfig.yaml", text.encode()),
    ]
    after = text.replace("'prompt", "'a longer prompt")
    return changed(path, start, [file("promptfooconfig.yaml", after.encode())])
