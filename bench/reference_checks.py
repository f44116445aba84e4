"""An example of each format, and what its own documentation says that it gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Check:
    """A request, the files of its tree, and the messages that it gives."""

    request: Mapping[str, Any]
    files: Mapping[str, str]
    messages: tuple[tuple[str, str], ...]
    environment: str = "common"


_ADA = {"name": "Ada"}
_PROMPTY_1 = """---
name: Greeting
model: {api: chat, configuration: {type: openai}}
inputs: {name: {type: string}}
---
system:
You greet.

user:
Hello {{name}}
"""
_PROMPTY_2 = """---
name: Greeting
model: {id: gpt-4o, provider: openai, apiType: chat}
inputs:
  - {name: name, kind: string}
template: {format: {kind: jinja2}, parser: {kind: prompty}}
---
system:
You greet.

user:
Hello {{name}}
"""
_PROMPTFLOW = """---
name: Greeting
model: {api: chat, configuration: {type: azure_openai, azure_deployment: "${env:NAME}"}}
inputs: {name: {type: string}, tone: {type: string, default: kindly}, more: {optional: true}}
---
system:
You greet {{tone}}.

user:
Hello {{name}}
"""
_PYTHON = '''
from textwrap import dedent
WHO = "you"
GREETING = ("Hello "
            f"{WHO} and {{name}}: {name!r}\\n").strip()
TABLE = {}
TABLE["note"] = dedent("""
    a
      b
""")
class Prompts:
    main: str = """x\\
y""" + WHO
def greet(name):
    """Not this."""
    return f"Hi {name}"
CHAT = ChatPromptTemplate.from_messages([
    ("system", "You greet."),
    HumanMessagePromptTemplate.from_template("Hello {name}"),
    dict(role="assistant", content=WHO),
])
'''

CHECKS = (
    Check(
        request={"format": "text", "path": "a.md", "variables": {}, "role": "system"},
        files={"a.md": "\ufeffAs it {stands}.\r\n"},
        messages=(("system", "As it {stands}.\r\n"),),
    ),
    Check(
        request={
            "format": "jinja",
            "path": "prompts/a.j2",
            "variables": {"names": ["Ada", "Bo"]},
            "options": {"trim_blocks": True},
        },
        files={
            "prompts/a.j2": (
                "{% include 'all.j2' %}\n{% for n in names %}\n- {{ n }}\n{% endfor %}\n"
            ),
            "all.j2": "All:\n",
        },
        messages=(("user", "All:- Ada\n- Bo\n"),),
    ),
    Check(
        request={"format": "jinja", "path": "a.j2", "variables": {}, "undefined": "empty"},
        files={"a.j2": "[{{ a.b.c }}]"},
        messages=(("user", "[]"),),
    ),
    Check(
        request={
            "format": "jinja",
            "path": "a.toml",
            "selector": 'agents."a.b".0',
            "variables": _ADA,
        },
        files={"a.toml": "[agents]\n'a.b' = ['Hello {{ name }}']\n"},
        messages=(("user", "Hello Ada"),),
    ),
    Check(
        request={
            "format": "str-format",
            "path": "a.yaml",
            "selector": "a.b",
            "variables": {"n": 3.14159, "who": _ADA},
        },
        files={"a.yaml": "a:\n  b: |-\n    {{x}} {n:.2f} {who[name]!r}\n"},
        messages=(("user", "{x} 3.14 'Ada'"),),
    ),
    Check(
        request={"format": "str-format", "path": "a.txt", "variables": {}, "undefined": "empty"},
        files={"a.txt": "[{a.b[0]:>4}]"},
        messages=(("user", "[]"),),
    ),
    Check(
        request={"format": "string-template", "path": "a.txt", "variables": _ADA},
        files={"a.txt": "$name pays $$3, ${name}"},
        messages=(("user", "Ada pays $3, Ada"),),
    ),
    Check(
        request={
            "format": "mustache",
            "path": "a.txt",
            "variables": {"items": [{"n": "a<b"}, {"n": "c"}]},
        },
        files={"a.txt": "{{#items}}\n- {{n}} {{{n}}}\n{{/items}}\n{{^none}}none{{/none}}"},
        messages=(("user", "- a&lt;b a<b\n- c c\nnone"),),
    ),
    Check(
        request={
            "format": "handlebars",
            "path": "a.hbs",
            "variables": {"items": ["a", "<"], "ok": True},
        },
        files={"a.hbs": "{{#each items}}{{@index}}={{this}};{{/each}}{{#if ok}}yes{{/if}}"},
        messages=(("user", "0=a;1=&lt;;yes"),),
    ),
    Check(
        request={"format": "prompty", "path": "a.prompty", "variables": _ADA},
        files={"a.prompty": _PROMPTY_1},
        messages=(("system", "You greet."), ("user", "Hello Ada")),
    ),
    Check(
        request={"format": "prompty", "path": "a.prompty", "variables": _ADA},
        files={"a.prompty": _PROMPTY_2},
        messages=(("system", "You greet."), ("user", "Hello Ada")),
        environment="prompty-2",
    ),
    Check(
        request={"format": "prompty", "path": "a.prompty", "variables": {**_ADA, "more": ""}},
        files={"a.prompty": _PROMPTFLOW},
        messages=(("system", "You greet kindly."), ("user", "Hello Ada")),
        environment="promptflow",
    ),
    Check(
        request={"format": "dotprompt", "path": "a.prompt", "variables": _ADA},
        files={
            "a.prompt": (
                '---\nmodel: x/y\n---\n{{role "system"}}{{>tone}}{{role "user"}}Hi {{name}}'
            ),
            "_tone.prompt": "Be brief.",
        },
        messages=(("system", "Be brief."), ("user", "Hi Ada")),
    ),
    Check(
        request={"format": "langchain", "path": "a.json", "variables": _ADA},
        files={
            "a.json": '{"_type": "prompt", "input_variables": ["name"], "template": "Hi {name}"}'
        },
        messages=(("user", "Hi Ada"),),
    ),
    Check(
        request={
            "format": "semantic-kernel",
            "path": "greet/skprompt.txt",
            "variables": _ADA,
        },
        files={
            "greet/skprompt.txt": '<message role="system">Greet.</message>Hi {{$name}}',
            "greet/config.json": '{"schema": 1, "execution_settings": {}}',
        },
        messages=(("system", "Greet."), ("user", "Hi Ada")),
    ),
    Check(
        request={"format": "github-models", "path": "a.prompt.yml", "variables": _ADA},
        files={"a.prompt.yml": "messages:\n- {role: user, content: 'Hi {{name}} {{ name }}'}\n"},
        messages=(("user", "Hi Ada {{ name }}"),),
    ),
    Check(
        request={"format": "chat-messages", "path": "a.chat.json", "variables": _ADA},
        files={
            "a.chat.json": '{"system": "Greet.", "messages": [{"role": "user", "content": '
            '[{"type": "text", "text": "Hi {{ name }}"}]}]}'
        },
        messages=(("system", "Greet."), ("user", "Hi Ada")),
    ),
    Check(
        request={"format": "python", "path": "a.py", "selector": "ASK", "variables": _ADA},
        files={
            "a.py": "from llama_index.core.prompts import PromptTemplate\n"
            "ASK = PromptTemplate('Hi {name}, {{name}} {not one}')\n"
        },
        messages=(("user", "Hi Ada, {Ada} {not one}"),),
        environment="llama-index",
    ),
    Check(
        request={"format": "agent-instructions", "path": "SKILL.md", "variables": {}},
        files={"SKILL.md": "---\nname: a\ndescription: b\n---\nDo {this}.\n"},
        messages=(("user", "a: b\nDo {this}.\n"),),
    ),
    Check(
        request={"format": "tool-definitions", "path": "tools.json", "variables": {}},
        files={"tools.json": '{"name": "f", "inputSchema": {"type": "object"}}'},
        messages=(("tool", '{"description": "", "name": "f", "parameters": {"type": "object"}}'),),
    ),
    Check(
        request={"format": "python", "path": "a.py", "selector": "GREETING", "variables": _ADA},
        files={"a.py": _PYTHON},
        messages=(("user", "Hello you and {name}: 'Ada'"),),
    ),
    Check(
        request={
            "format": "python",
            "path": "a.py",
            "selector": "GREETING",
            "engine": "str-format",
            "variables": _ADA,
        },
        files={"a.py": _PYTHON},
        messages=(("user", "Hello you and Ada: 'Ada'"),),
    ),
    Check(
        request={
            "format": "python",
            "path": "a.py",
            "selector": "TABLE.note",
            "variables": {},
        },
        files={"a.py": _PYTHON},
        messages=(("user", "\na\n  b\n"),),
    ),
    Check(
        request={"format": "python", "path": "a.py", "selector": "Prompts.main", "variables": {}},
        files={"a.py": _PYTHON},
        messages=(("user", "xyyou"),),
    ),
    Check(
        request={"format": "python", "path": "a.py", "selector": "greet", "variables": _ADA},
        files={"a.py": _PYTHON},
        messages=(("user", "Hi Ada"),),
    ),
    Check(
        request={
            "format": "python",
            "path": "a.py",
            "selector": "CHAT",
            "engine": "str-format",
            "variables": _ADA,
        },
        files={"a.py": _PYTHON},
        messages=(("system", "You greet."), ("user", "Hello Ada"), ("assistant", "you")),
    ),
)
