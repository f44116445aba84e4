"""Each format rendered by its own library: the references that reviewbot is held against.

Usage: python references.py [--check], in an environment that holds the libraries (`LIBRARIES`).
Reads one request a line, as JSON, and answers each with a line: the messages as pairs of role and
text, or an error. Nothing here comes from reviewbot. `--check` renders the examples of `CHECKS`.
"""

import asyncio
import json
import re
import string
import subprocess
import sys
import tempfile
from ast import literal_eval
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from constants import Formatter, evaluate
from entries import selected
from placeholders import Recorded, variables

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
    "llama-index": (
        *("chevron==0.14.0", "jinja2==3.1.6", "llama-index-core==0.14.25", "pyyaml==6.0.3"),
    ),
    "prompty-2": ("prompty[jinja2]==2.1.0", "pyyaml==6.0.3"),
    "promptflow": ("promptflow-core==1.18.4", "pyyaml==6.0.3"),
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
    def source(self) -> str:
        """The file's text."""
        return self.file.read_bytes().decode("utf-8-sig")

    @property
    def text(self) -> str:
        """The file's text, or that of the entry or the Python name that the selector names."""
        text = self.source
        if self.selector is None:
            return text
        if self.file.suffix == ".py":
            ((_, content, _),) = evaluate(text, self.selector, {})
            return content
        return str(selected(text, self.file.suffix.lower(), self.selector))

    def one(self, text: str) -> Messages:
        """A text as the only message."""
        return [(self.role or "user", text)]


class _Empty(str):
    """Stands in for any variable that is not given: all of it is empty, as deep as one asks."""

    __slots__ = ()
    is_empty = True

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
    environment = _with_methods(sandbox.SandboxedEnvironment, options.get("methods", {}))(
        loader=jinja2.FileSystemLoader(folders),
        undefined=jinja2.StrictUndefined if request.undefined == "error" else _empty(jinja2),
        extensions=[f"jinja2.ext.{name}" for name in options.get("extensions", ())],
        **settings,
    )
    if request.undefined == "empty":
        environment.policies["json.dumps_kwargs"] = {"sort_keys": True, "default": str}
    for name, stand_in in options.get("filters", {}).items():
        if stand_in != "same":
            raise NotImplementedError(f"the stand-in {stand_in!r} of the filter {name!r}")
        environment.filters[name] = lambda value, *_, **__: value
    return str(environment.from_string(template).render(dict(request.variables)))


def _with_methods(environment: Any, methods: Mapping[str, Any]) -> Any:
    """An environment in which values have further methods, which give always the same."""

    class Environment(environment):  # type: ignore[misc]  # known at run time only
        def getattr(self, obj: Any, attribute: str) -> Any:
            found = super().getattr(obj, attribute)
            if attribute in methods and self.undefined in type(found).__mro__:
                return lambda *_, **__: methods[attribute]["value"]
            return found

    return Environment


def str_format(request: Request) -> Messages:
    return request.one(_str_format(request, request.text))


def _str_format(request: Request, template: str) -> str:
    return Formatter().vformat(template, (), _given(request))


def string_template(request: Request) -> Messages:
    return request.one(_string_template(request, request.text))


def _string_template(request: Request, template: str) -> str:
    return string.Template(template).substitute(_given(request))


def mustache(request: Request) -> Messages:
    return request.one(_mustache(request, request.text))


def _mustache(request: Request, template: str) -> str:
    chevron = cast("Any", import_module("chevron.renderer"))
    escape = chevron._html_escape  # noqa: SLF001  # as autoevals does it
    if not request.options.get("escape", True):
        chevron._html_escape = str  # noqa: SLF001
    try:
        return str(chevron.render(template, dict(request.variables)))
    finally:
        chevron._html_escape = escape  # noqa: SLF001


def _llama_index(request: Request, template: str) -> str:
    """By LlamaIndex's own `PromptTemplate`."""
    prompt = import_module("llama_index.core.prompts").PromptTemplate(template)
    lacking = prompt.template_vars if request.undefined == "empty" else ()
    given = {**dict.fromkeys(lacking, ""), **request.variables}
    missing = [name for name in prompt.template_vars if name not in given]
    if missing:
        raise KeyError(missing[0])
    return str(prompt.format(**given))


_ENGINES: Mapping[str, Callable[[Request, str], str]] = {
    "jinja": _jinja,
    "llama-index": _llama_index,
    "mustache": _mustache,
    "str-format": _str_format,
    "string-template": _string_template,
}


def _empty(jinja2: Any) -> type:
    """Undefined values that print as nothing, whatever is asked of them."""

    class Empty(jinja2.ChainableUndefined):  # type: ignore[misc]  # known at run time only
        def _self(self, *_: object, **__: object) -> "Empty":
            return self

        __call__ = __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _self
        __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _self

        def _no(self, _: object) -> bool:
            return False

        __lt__ = __gt__ = __le__ = __ge__ = _no

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
        "noEscape": not request.options.get("escape", True),
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
    """By promptflow, or by the `prompty` package; its 0.1 reads version 1, its 2 version 2."""
    if find_spec("promptflow"):
        return _promptflow(request)
    library = import_module("prompty")
    loaded = library.load(str(request.file))
    found = library.prepare(loaded, dict(request.variables))
    return [_prompty_message(message) for message in found]


def _promptflow(request: Request) -> Messages:
    access = {"type": "openai", "model": "any", "api_key": "none"}
    loaded = import_module("promptflow.core").Prompty.load(
        str(request.file), model={"configuration": access, "parameters": {}}
    )
    front_matter = import_module("yaml").safe_load(request.source.split("\n---")[0].strip("-"))
    declared = front_matter.get("inputs", {})
    lacking = {name: "" for name, item in declared.items() if "default" not in item}
    given = lacking if request.undefined == "empty" else {}
    rendered = loaded.render(**{**given, **request.variables})
    return [(message["role"], message["content"]) for message in literal_eval(rendered)]


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
        input_variables=[
            template_module.InputVariable(**given) for given in written.get("input_variables", [])
        ],
        allow_dangerously_set_content=written.get("allow_dangerously_set_content", False),
    )
    kinds = {
        "semantic-kernel": "KernelPromptTemplate",
        "handlebars": "HandlebarsPromptTemplate",
        "jinja2": "Jinja2PromptTemplate",
    }
    prompt = getattr(template_module, kinds[configured.template_format])(
        prompt_template_config=configured
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


def agent_instructions(request: Request) -> Messages:
    """The body after the front matter; a skill's name and description stand before it.

    Commands and arguments are the variables. What `CLAUDE.md` imports follows behind it.
    """
    source = request.source
    name = request.file.name.lower()
    settings, body = _front_matter(source) if source.startswith("---") else ({}, source)
    if name == "claude.md":
        return request.one(_imported(request.file, {request.file.resolve()}))
    if name not in {"skill.md", "agents.md", "agent.md", "gemini.md"}:
        return request.one(body)
    if name != "skill.md":
        return request.one(source)
    listed = ": ".join(
        str(settings[key]).strip() for key in ("name", "description") if settings.get(key)
    )
    whole = f"{listed}\n{body}" if "description" in settings else body
    parts = {None: whole, "description": listed, "body": body}
    return request.one(_ARGUMENT.sub(_said(request), parts[request.selector]))


_ARGUMENT = re.compile(r"!`([^`\n]+)`|\$(ARGUMENTS\b|\d+)")
_COMMENT = re.compile(r"^<!--.*?-->[ \t]*\n?", re.MULTILINE | re.DOTALL)
_IMPORT = re.compile(r"(?:^|(?<=\s))@([\w./-]+\.\w+)")


def _front_matter(text: str) -> tuple[Mapping[str, Any], str]:
    frontmatter = import_module("frontmatter")
    found = frontmatter.loads(text)
    _, _, behind = text.partition("\n---")
    return found.metadata, behind.partition("\n")[2]


def _said(request: Request) -> Callable[[re.Match[str]], str]:
    given = _given(request)
    return lambda found: str(given[f"!{found[1]}" if found[1] else found[2]])


def _imported(file: Path, known: set[Path]) -> str:
    text = _COMMENT.sub("", file.read_text(encoding="utf-8-sig"))
    for name in _IMPORT.findall(text):
        target = (file.parent / name).resolve()
        if target.is_file() and target not in known:
            known.add(target)
            text = text + ("" if text.endswith("\n") else "\n") + _imported(target, known)
    return text


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
    found = evaluate(request.source, request.selector or "", _given(request))
    return [
        (role or request.role or "user", _filled(request, content, language))
        for role, content, language in found
    ]


def _filled(request: Request, content: str, language: str | None) -> str:
    """By the language of the text's class, or by the one that the configuration gives a text."""
    chosen = language or request.engine
    return content if chosen in {None, "python-text"} else _ENGINES[chosen](request, content)


def _data(request: Request) -> Any:
    text = request.file.read_bytes().decode("utf-8-sig")
    return selected(text, request.file.suffix.lower(), request.selector)


FORMATS: Mapping[str, Callable[[Request], Messages]] = {
    "agent-instructions": agent_instructions,
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


def made_up(request: Request) -> dict[str, Any]:
    """Values for the variables that the prompt asks for, as far as its syntax tells."""
    if request.format != "python":
        return dict(variables(request.format, request.text))
    asked = Recorded()
    found: dict[str, Any] = {}
    for _, text, known in evaluate(request.source, request.selector or "", asked):
        found |= variables(known or request.engine or "", text)
    return {**asked.made_up(), **found}


def answer(line: str) -> dict[str, Any]:
    """What a request renders to, or why its library does not render it.

    One with `ask` is answered with values for its variables instead.
    """
    given = json.loads(line)
    asks = given.pop("ask", False)
    request = Request(**given)
    try:
        if asks:
            return {"variables": made_up(request)}
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
    environment = sys.argv[sys.argv.index("--check") + 1]
    wrong = 0
    for example in CHECKS:
        if environment != example.environment:
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
