"""Jinja2 templates, with include, import, extends and macros."""

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

from reviewbot.prompts import CompiledTemplate, MessageTemplate, PromptFile, References

if TYPE_CHECKING:
    import jinja2

NAME = "jinja"

Load = Callable[[str, str], tuple[str, str] | None]
"""Gives path and text of the template that a name means in the template at a path."""

_SUFFIXES = (".j2", ".jinja", ".jinja2")
_REFERENCE = re.compile(
    r"""\{%[-+]?\s*(?:include|import|extends|from)\b
        (?:\s*(?:"(?P<double>[^"\\]*)"|'(?P<single>[^'\\]*)')
           \s*(?=[-+]?%\}|(?:ignore|with|without|as|import)\b))?""",
    re.VERBOSE,
)


def recognizes(path: str) -> bool:
    """By its suffix, which may follow another: `system.md.j2`."""
    return path.lower().endswith(_SUFFIXES)


def read(text: str, *, path: str, role: str | None) -> PromptFile:
    """The whole file is one message; the role is `user` unless the configuration gives another."""
    del path
    static = static_text(text)
    if static is not None:
        return PromptFile(messages=(MessageTemplate(role=role or "user", text=static),))
    return PromptFile(messages=(MessageTemplate(role=role or "user", text=text, engine=NAME),))


def references(text: str) -> References:
    """The templates that `text` names in tags; in comments and raw blocks too, which is harmless.

    A tag that names anything but one literal makes the answer incomplete.
    """
    names = set()
    complete = True
    for found in _REFERENCE.finditer(text):
        name = found["double"] if found["double"] is not None else found["single"]
        if name is None:
            complete = False
        else:
            names.add(name)
    return References(names=frozenset(names), complete=complete)


def static_text(text: str) -> str | None:
    r"""What a template without any tag renders to, whatever the variables; None if it has a tag.

    Jinja2 makes every line break `\n` and drops one at the end.
    """
    if "{{" in text or "{%" in text or "{#" in text:
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")


def compile_template(text: str, *, name: str, load: Load, undefined: str) -> CompiledTemplate:
    """What renders `text`; called in the rendering process only.

    Texts come out as `jinja2.Environment(undefined=StrictUndefined)` gives them. The sandbox stops
    attributes that lead out of the template; constant folding is off, since `{{ 'a' * 10**9 if
    false }}` would be computed by it. A template's includes are compiled for it alone.
    """
    environment = _environment(undefined)
    from reviewbot.formats._jinja_constant import constant_beginning

    load = cache(load)
    environment.begin(name, load)
    tree = environment.parse(text, name, name)
    code = environment.compile(tree, name=name, filename=name)
    template = environment.template_class.from_code(
        environment, code, environment.make_globals(None), None
    )
    constant = constant_beginning(tree, name, load=load, parse=environment.parse)
    return CompiledTemplate(render=template.render, constant=constant)


_BESIDE = "\n"
"""Separates, in the name that a loader gets, the including file's path from the name it uses."""


@cache
def _environment(undefined: str) -> Any:
    from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound
    from jinja2.sandbox import SandboxedEnvironment

    class Sandbox(SandboxedEnvironment):
        def begin(self, name: str, load: Load) -> None:
            self.paths = {name: name}
            self.load = load
            if self.cache:
                self.cache.clear()

        def join_path(self, template: str, parent: str) -> str:
            return f"{self.paths[parent]}{_BESIDE}{template}"

    class Loader(BaseLoader):
        def get_source(
            self, environment: Environment, template: str
        ) -> tuple[str, str | None, Callable[[], bool] | None]:
            del environment
            parent, _, wanted = template.rpartition(_BESIDE)
            found = sandbox.load(wanted, parent)
            if found is None:
                raise TemplateNotFound(wanted)
            sandbox.paths[template], source = found
            return source, sandbox.paths[template], None

    sandbox = Sandbox(
        undefined=StrictUndefined if undefined == "error" else _empty(),
        loader=Loader(),
        optimized=False,
    )
    sandbox.filters["random"] = _not_deterministic
    sandbox.globals["lipsum"] = _not_deterministic
    return sandbox


def _not_deterministic(*_: object, **__: object) -> NoReturn:
    raise ValueError("random and lipsum give another text each time")


def _false(*_: object) -> bool:
    return False


def _empty() -> "type[jinja2.Undefined]":
    """An undefined value that is empty in whatever is done with it."""
    from jinja2 import ChainableUndefined

    def itself(self: object, *_: object, **__: object) -> object:
        return self

    operators = (
        *("call", "add", "radd", "sub", "rsub", "mul", "rmul", "truediv", "rtruediv", "floordiv"),
        *("rfloordiv", "mod", "rmod", "pow", "rpow", "pos", "neg"),
    )
    never = {f"__{name}__": _false for name in ("lt", "le", "gt", "ge")}
    return type(
        "Empty", (ChainableUndefined,), {f"__{name}__": itself for name in operators} | never
    )
