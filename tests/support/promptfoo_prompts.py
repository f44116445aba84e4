"""Promptfoo configurations, as the format reads and the rendering process renders them."""

from typing import Any

from reviewbot.prompt import (
    ALONE,
    LoadedFile,
    MessageTemplate,
    PromptFile,
    Surroundings,
)
from reviewbot.prompt_formats import promptfoo
from reviewbot.rendering import engines
from reviewbot.rendering.jobs import Job
from reviewbot.rendering.process import RenderingProcess
from tests.support.reading import read

PATH = "promptfooconfig.yaml"


def alone(text: str) -> PromptFile:
    """A configuration whose one prompt stands in a file of its own."""
    load = Surroundings(load=lambda name, _: LoadedFile(path=name, text=text), parse=ALONE.parse)
    return read(promptfoo, "prompts: file://prompt.j2", path=PATH, surroundings=load)


def sent(message: MessageTemplate, variables: dict[str, Any], undefined: Any = "error") -> Any:
    assert message.engine == "promptfoo"
    template = engines.by_name("promptfoo").compile_template(
        message.text, name=PATH, load=lambda *_: None, undefined=undefined, options={}
    )
    text = template.render(variables)
    if template.split is None:
        return [{"role": message.role, "content": text}]
    return [{"role": part.role, "content": part.text} for part in template.split(text)]


def messages(file: PromptFile, variables: dict[str, Any], undefined: Any = "error") -> Any:
    return [item for message in file.messages for item in sent(message, variables, undefined)]


FILES = {
    "p.txt": "\nFirst {{ a }}\n---\n\n  Second {{ a }}\nline\n---\n",
    "one.txt": "Only {{ a }}\n",
    "p.md": "# Title\n{{ a }}\n",
    "p.j2": "J2 {{ a }}",
    "chat.json": '[\n {"role": "system", "content": "S {{ a }}"},\n {"role": "user", "content": "U"}\n]',
    "chat.yaml": "- role: system\n  content: S {{ a }}\n- role: user\n  content:\n    - {type: text, text: U}\n",
    "image.yaml": "- role: user\n  content:\n    - {type: image_url, image_url: {url: x}}\n",
    "lines.jsonl": '[{"role": "user", "content": "L1"}]\n[{"role": "user", "content": "L2"}]\n',
    "p.csv": 'prompt,label\n"C1 {{ a }}, yes",one\nC2,two\n',
    "plain.csv": "prompt\nD1 {{ a }}\nD2\n",
    "object.json": '{"x": 1}',
    "var.txt": "  from a file\n",
    "var.yaml": "k: [1, two]\n",
    "vars.yaml": "a: from vars\n",
    "tests.yaml": "- vars: {a: t1}\n- vars: {a: [t2, t3]}\n",
    "tools.json": '[{"type": "function", "function": {"name": "find"}}]',
    "schema.json": '{"type": "object"}',
    "role.json": '[{"role": "{{ r }}", "content": "x"}]',
    "cases.csv": '\ufeffgoods,size,__expected\n"shoes, red",9,equals:ok\nhats,,x\n',
    "prefixed.csv": "goods,__prefix\nshoes,Please:\n",
    "gap.csv": "prompt,label\n,none\nE1,one\n",
    "deep.json": "[" * 200_000,
    "bad.csv": 'prompt,label\n"' + "x" * 140_000 + '",one\n',
}
SURROUNDINGS = Surroundings(
    load=lambda name, _: LoadedFile(path=name, text=FILES[name]) if name in FILES else None,
    parse=ALONE.parse,
)


def configured(text: str, selector: str | None = None) -> PromptFile:
    return read(promptfoo, text, path=PATH, selector=selector, surroundings=SURROUNDINGS)


PROMPT = "prompts: [x]\n"


def rendered(
    process: RenderingProcess, message: MessageTemplate, variables: str = "{}"
) -> tuple[Any, ...]:
    job = Job(
        engine="promptfoo",
        path=PATH,
        text=message.text,
        first_line=message.line,
        variables=(variables,),
        load=lambda *_: None,
    )
    (results,) = process.render([job])
    return results
