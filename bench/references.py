"""Each format rendered by its own library: the references that reviewbot is held against.

Usage: python references.py [--check], in an environment that holds the libraries (`LIBRARIES`).
Reads one request a line, as JSON, and answers each with a line: the messages as pairs of role and
text, or an error. Nothing here comes from reviewbot. `--check` renders the examples of `CHECKS`.
"""

import asyncio
import json
import string
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from constants import evaluate
from entries import selected
from placeholders import names

LIBRARIES: Mapping[str, tuple[str, ...]] = {
    "common": (
        "chevron==0.14.0",
        "dotpromptz==0.2.0",
        "jinja2==3.1.6",
        "langchain-core==1.5.2",
        "prompty==0.1.50",
        "python-frontmatter==1.1.0",
        "pyyaml==6.0.3",
        "semantic-kernel==1.45.0",
    ),
    "prompty-2": ("prompty[jinja2]==2.1.0", "pyyaml==6.0.3"),
}
"""The environments, since two versions of one library cannot be in the same."""
HANDLEBARS = "handlebars@4.7.8"

Messages = list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is to be rendered: a prompt in the tree at `root`, with one sample's variables.

    `engine` says what fills a text that stands in Python source, None where it is sent as it is.
    `undefined` is `empty` where the prompt has no samples. `options` are the `templates` of the
    configuration. `node` is the folder of Handlebars, installed by npm.
    """

    format: str
    root: str
    path: str
    selector: str | None = None
    role: str | None = None
    engine: str | None = None
    variables: Mapping[str, Any]
    undefined: str = "error"
    options: Mapping[str, Any]
    node: str = ""

    @property
    def file(self) -> Path:
        """Where the prompt's file is."""
        return Path(self.root, self.path)

    @property
    def text(self) -> str:
        """The file's text, or that of the entry that the selector names."""
        text = self.file.read_bytes().decode("utf-8-sig")
        if self.selector is None:
            return text
        return str(selected(text, self.file.suffix.lower(), self.selector))

    def one(self, text: str) -> Messages:
        """A text as the only message."""
        return [(self.role or "user", text)]


class _Empty(str):
    """Stands in for any variable that is not given: all of it is empty, as deep as one asks."""

    __slots__ = ()

    def __getattr__(self, name: str) -> "_Empty":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key: object) -> "_Empty":
        return self

    def __format__(self, spec: str) -> str:
        return ""


class _OrEmpty(dict[str, Any]):
    def __missing__(self, key: str) -> _Empty:
        return _Empty()


def _given(request: Request) -> Mapping[str, Any]:
    variables = dict(request.variables)
    return _OrEmpty(variables) if request.undefined == "empty" else variables


def text(request: Request) -> Messages:
    """The file as it stands."""
    return request.one(request.text)


def jinja(request: Request) -> Messages:
    return request.one(_jinja(request, request.text))


def _jinja(request: Request, template: str) -> str:
    """By Jinja2 itself; includes are looked for from the template's folder upwards."""
    jinja2 = import_module("jinja2")
    sandbox = import_module("jinja2.sandbox")
    options = dict(request.options)
    settings: dict[str, Any] = {
        key: options[key]
        for key in (
            *("trim_blocks", "lstrip_blocks", "keep_trailing_newline"),
            *("line_statement_prefix", "line_comment_prefix"),
        )
        if key in options
    }
    for kind, (start, end) in options.get("delimiters", {}).items():
        settings |= {f"{kind}_start_string": start, f"{kind}_end_string": end}
    folders = [str(Path(request.root, parent)) for parent in Path(request.path).parents]
    environment = sandbox.SandboxedEnvironment(
        loader=jinja2.FileSystemLoader(folders),
        undefined=jinja2.StrictUndefined if request.undefined == "error" else _empty(jinja2),
        extensions=[f"jinja2.ext.{name}" for name in options.get("extensions", ())],
        **settings,
    )
    for name, stand_in in options.get("filters", {}).items():
        if stand_in != "same":
            raise NotImplementedError(f"the stand-in {stand_in!r} of the filter {name!r}")
        environment.filters[name] = lambda value, *_, **__: value
    return str(environment.from_string(template).render(dict(request.variables)))


def str_format(request: Request) -> Messages:
    return request.one(_str_format(request, request.text))


def _str_format(request: Request, template: str) -> str:
    return string.Formatter().vformat(template, (), _given(request))


def string_template(request: Request) -> Messages:
    return request.one(_string_template(request, request.text))


def _string_template(request: Request, template: str) -> str:
    return string.Template(template).substitute(_given(request))


def mustache(request: Request) -> Messages:
    return request.one(_mustache(request, request.text))


def _mustache(request: Request, template: str) -> str:
    return str(import_module("chevron").render(template, dict(request.variables)))


_ENGINES: Mapping[str, Callable[[Request, str], str]] = {
    "jinja": _jinja,
    "mustache": _mustache,
    "str-format": _str_format,
    "string-template": _string_template,
}


def _empty(jinja2: Any) -> type:
    """Undefined values that print as nothing, whatever is asked of them."""

    class Empty(jinja2.ChainableUndefined):  # type: ignore[misc]  # known at run time only
        def __call__(self, *_: object, **__: object) -> "Empty":
            return self

    return Empty


_COMPILE = """
const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
const handlebars = require(given.module);
const options = {noEscape: given.noEscape, strict: given.strict};
process.stdout.write(handlebars.compile(given.template, options)(given.variables));
"""


def handlebars(request: Request) -> Messages:
    """By handlebars.js itself."""
    given = {
        "module": str(Path(request.node, "node_modules/handlebars")),
        "template": request.text,
        "variables": dict(request.variables),
        "noEscape": bool(request.options.get("no_escape", False)),
        "strict": request.undefined == "error",
    }
    done = subprocess.run(
        ["node", "--eval", _COMPILE],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    if done.returncode:
        raise ValueError(done.stderr.strip().splitlines()[-1:] or "handlebars.js failed")
    return request.one(done.stdout)


def prompty(request: Request) -> Messages:
    """By the `prompty` package of the environment; 0.1 reads v1, 2.x reads v2."""
    library = import_module("prompty")
    loaded = library.load(str(request.file))
    found = library.prepare(loaded, dict(request.variables))
    return [_prompty_message(message) for message in found]


def _prompty_message(message: Any) -> tuple[str, str]:
    if isinstance(message, dict):
        role, content = message["role"], message["content"]
    else:
        role, content = message.role, message.parts
    if isinstance(content, str):
        return role, content
    parts = [part.get("text") if isinstance(part, dict) else part.value for part in content]
    return role, "".join(part for part in parts if isinstance(part, str))


def dotprompt(request: Request) -> Messages:
    """By the `dotpromptz` package; partials are the files `_name.prompt` beside the prompt."""
    library = import_module("dotpromptz")
    partials = {
        file.stem.removeprefix("_"): file.read_text(encoding="utf-8-sig")
        for file in request.file.parent.glob("_*.prompt")
    }
    environment = library.Dotprompt(partials=partials)
    data = import_module("dotpromptz.typing").DataArgument(input=dict(request.variables))
    rendered = asyncio.run(environment.render(request.text, data))
    return [
        (str(getattr(message.role, "value", message.role)), _dotprompt_text(message.content))
        for message in rendered.messages
    ]


def _dotprompt_text(parts: list[Any]) -> str:
    found = [getattr(part, "root", part) for part in parts]
    return "".join(part.text for part in found if isinstance(getattr(part, "text", None), str))


_LANGCHAIN_ROLES = {"human": "user", "ai": "assistant"}


def langchain(request: Request) -> Messages:
    """By langchain-core, both from `_type` and from `lc` constructors."""
    given = _data(request)
    if "lc" in given:
        loaded = import_module("langchain_core.load.load").load(given, valid_namespaces=[])
    else:
        loading = import_module("langchain_core.prompts.loading")
        loaded = loading.load_prompt(str(request.file), allow_dangerous_paths=False)
    value = loaded.invoke(dict(request.variables))
    if not hasattr(value, "messages"):
        return request.one(value.to_string())
    return [
        (_LANGCHAIN_ROLES.get(message.type, message.type), str(message.content))
        for message in value.messages
    ]


def semantic_kernel(request: Request) -> Messages:
    """By semantic-kernel: `skprompt.txt` with its `config.json`, or one YAML file."""
    template_module = import_module("semantic_kernel.prompt_template")
    if request.file.suffix == ".txt":
        config = json.loads(request.file.with_name("config.json").read_text("utf-8-sig"))
        template, written = request.text, config
    else:
        written = _data(request)
        template = written["template"]
    configured = template_module.PromptTemplateConfig(
        template=template,
        template_format=written.get("template_format", "semantic-kernel"),
        allow_dangerously_set_content=True,
    )
    kinds = {
        "semantic-kernel": "KernelPromptTemplate",
        "handlebars": "HandlebarsPromptTemplate",
        "jinja2": "Jinja2PromptTemplate",
    }
    prompt = getattr(template_module, kinds[configured.template_format])(
        prompt_template_config=configured, allow_dangerously_set_content=True
    )
    arguments = import_module("semantic_kernel.functions").KernelArguments(**request.variables)
    rendered = asyncio.run(prompt.render(import_module("semantic_kernel").Kernel(), arguments))
    history = import_module("semantic_kernel.contents").ChatHistory.from_rendered_prompt(rendered)
    return [(str(message.role.value), str(message.content)) for message in history.messages]


def github_models(request: Request) -> Messages:
    """As the `gh models` extension does: each `{{name}}` is replaced by its value."""
    return [
        (message["role"], _replaced(message["content"], request.variables))
        for message in _data(request)["messages"]
    ]


def _replaced(template: str, variables: Mapping[str, Any]) -> str:
    for name, value in variables.items():
        template = template.replace("{{" + name + "}}", str(value))
    return template


def chat_messages(request: Request) -> Messages:
    """Messages of a list or of a request; texts are Jinja2 templates."""
    data = _data(request)
    messages = data if isinstance(data, list) else data["messages"]
    system = None if isinstance(data, list) else data.get("system")
    head = [] if system is None else [{"role": "system", "content": system}]
    return [
        (message["role"], _jinja(request, _content(message["content"])))
        for message in (*head, *messages)
    ]


def _content(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "".join(part["text"] for part in content if part.get("type", "text") == "text")


def agent_files(request: Request) -> Messages:
    """The body after the front matter."""
    parsed = import_module("frontmatter").parse(request.text)
    return request.one(parsed[1])


def tool_definitions(request: Request) -> Messages:
    """Name, description and parameters of each tool, as one compact JSON text each."""
    data = _data(request)
    listed = data if isinstance(data, list) else data.get("tools", [data])
    return [("tool", json.dumps(_tool(item), sort_keys=True)) for item in listed]


def _tool(item: Mapping[str, Any]) -> Mapping[str, Any]:
    function = item.get("function", item)
    schemas = ("parameters", "input_schema", "inputSchema")
    found = [function[key] for key in schemas if key in function]
    return {
        "name": function["name"],
        "description": function.get("description", ""),
        "parameters": found[0] if found else {},
    }


def python(request: Request) -> Messages:
    """The constant's value as Python's own parser and `str` give it; then filled as asked for."""
    source = request.file.read_bytes().decode("utf-8-sig")
    value = evaluate(source, request.selector or "", _given(request))
    messages = request.one(value) if isinstance(value, str) else value
    if request.engine is None:
        return messages
    return [(role, _ENGINES[request.engine](request, content)) for role, content in messages]


def _data(request: Request) -> Any:
    text = request.file.read_bytes().decode("utf-8-sig")
    return selected(text, request.file.suffix.lower(), request.selector)


FORMATS: Mapping[str, Callable[[Request], Messages]] = {
    "agent-files": agent_files,
    "chat-messages": chat_messages,
    "dotprompt": dotprompt,
    "github-models": github_models,
    "handlebars": handlebars,
    "jinja": jinja,
    "langchain": langchain,
    "mustache": mustache,
    "prompty": prompty,
    "python": python,
    "semantic-kernel": semantic_kernel,
    "str-format": str_format,
    "string-template": string_template,
    "text": text,
    "tool-definitions": tool_definitions,
}


class _Recorded(dict[str, Any]):
    """Remembers which names were looked up; each is empty."""

    def __missing__(self, key: str) -> _Empty:
        self[key] = _Empty()
        return _Empty()


def placeholders(request: Request) -> list[str]:
    """The variables that the prompt asks for, as far as its syntax tells."""
    if request.format != "python":
        return names(request.format, request.text)
    asked = _Recorded()
    source = request.file.read_bytes().decode("utf-8-sig")
    value = evaluate(source, request.selector or "", asked)
    texts = [value] if isinstance(value, str) else [content for _, content in value]
    found = (name for text in texts for name in names(request.engine or "", text))
    return sorted({*asked, *found})


def answer(line: str) -> dict[str, Any]:
    """What a request renders to, or why its library does not render it.

    One with `ask` is answered with the names of its variables instead.
    """
    given = json.loads(line)
    asks = given.pop("ask", False)
    request = Request(**given)
    try:
        if asks:
            return {"names": placeholders(request)}
        return {"messages": FORMATS[request.format](request)}
    except ImportError:
        raise
    except Exception as error:  # noqa: BLE001  # whatever a library raises is its answer
        return {"error": f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"}


def main() -> None:
    if "--check" in sys.argv:
        sys.exit(check())
    for line in sys.stdin:
        print(json.dumps(answer(line)), flush=True)


def check() -> int:
    """Render each example with its library; 1 if one differs from what its documentation says."""
    from reference_checks import CHECKS

    node = sys.argv[sys.argv.index("--node") + 1] if "--node" in sys.argv else ""
    wrong = 0
    for example in CHECKS:
        if ("prompty-2" in sys.argv) != (example.environment == "prompty-2"):
            continue
        with tempfile.TemporaryDirectory() as root:
            for path, content in example.files.items():
                Path(root, path).parent.mkdir(parents=True, exist_ok=True)
                Path(root, path).write_text(content, encoding="utf-8", newline="")
            asked = {"root": root, "node": node, "options": {}, **example.request}
            found = answer(json.dumps(asked))
        if found != {"messages": list(example.messages)}:
            wrong += 1
            print(f"{example.request['format']}: {found}", file=sys.stderr)
    return min(wrong, 1)


if __name__ == "__main__":
    main()
