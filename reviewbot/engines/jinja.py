"""Jinja2 templates, with include, import, extends and macros."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

from reviewbot.engines import Load, Undefined
from reviewbot.engines._faults import described
from reviewbot.engines._stand_ins import stand_in
from reviewbot.prompts import (
    CompiledTemplate,
    References,
    TemplateError,
    UndefinedVariableError,
)

if TYPE_CHECKING:
    import jinja2

NAME = "jinja"

_DELIMITERS: Mapping[str, tuple[str, str]] = {
    "variable": ("{{", "}}"),
    "block": ("{%", "%}"),
    "comment": ("{#", "#}"),
}
_SETTINGS = (
    *("trim_blocks", "lstrip_blocks", "keep_trailing_newline"),
    *("line_statement_prefix", "line_comment_prefix"),
)


def references(text: str, options: Mapping[str, Any]) -> References:
    """The templates that `text` names in tags; in comments and raw blocks too, which is harmless.

    A tag that names anything but one literal makes the answer incomplete, and so do statements that
    a line begins with, which are not looked into.
    """
    names = set()
    complete = options.get("line_statement_prefix") is None
    for found in _reference(*_delimiters(options, "block")).finditer(text):
        name = found["double"] if found["double"] is not None else found["single"]
        if name is None:
            complete = False
        else:
            names.add(name)
    return References(names=frozenset(names), complete=complete)


def static_text(text: str, options: Mapping[str, Any]) -> str | None:
    r"""What a template without any tag renders to, whatever the variables; None if it has a tag.

    Jinja2 makes every line break `\n` and drops one at the end.
    """
    marks = (_delimiters(options, kind)[0] for kind in _DELIMITERS)
    prefixes = (options.get(f"line_{kind}_prefix") for kind in ("statement", "comment"))
    if any(mark in text for mark in (*marks, *prefixes) if mark is not None):
        return None
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return plain if options.get("keep_trailing_newline") else plain.removesuffix("\n")


def compile_template(
    text: str, *, name: str, load: Load, undefined: Undefined, options: Mapping[str, Any]
) -> CompiledTemplate:
    """What renders `text`; called in the rendering process only.

    Texts come out as `jinja2.Environment(undefined=StrictUndefined)` gives them, with the settings
    of `options`. The sandbox stops attributes that lead out of the template; constant folding is
    off, since `{{ 'a' * 10**9 if false }}` would be computed by it. A template's includes are
    compiled for it alone.
    """
    import json

    from reviewbot.engines._jinja_constant import constant_beginning

    try:
        environment = _environment(undefined, json.dumps(options, sort_keys=True))
        load = cache(load)
        environment.begin(name, load)
        tree = environment.parse(text, name, name)
        code = environment.compile(tree, name=name, filename=name)
        template = environment.template_class.from_code(
            environment, code, environment.make_globals(None), None
        )
        constant = constant_beginning(tree, name, load=load, parse=environment.parse)
    except Exception as error:
        raise _located(error, name) from error

    def render(variables: Mapping[str, Any]) -> str:
        try:
            return str(template.render(variables))
        except Exception as error:
            raise _located(error, name) from error

    return CompiledTemplate(render=render, constant=constant)


@cache
def _reference(start: str, end: str) -> re.Pattern[str]:
    start, end = re.escape(start), re.escape(end)
    return re.compile(
        rf"""{start}[-+]?\s*(?:include|import|extends|from)\b
        (?:\s*(?:"(?P<double>[^"\\]*)"|'(?P<single>[^'\\]*)')
           \s*(?=[-+]?{end}|(?:ignore|with|without|as|import)\b))?""",
        re.VERBOSE,
    )


def _delimiters(options: Mapping[str, Any], kind: str) -> tuple[str, str]:
    start, end = options.get("delimiters", {}).get(kind, _DELIMITERS[kind])
    return start, end


def _located(error: Exception, path: str) -> TemplateError:
    """The error with the template file and line that it comes from, the innermost known."""
    import jinja2

    message = str(error.args[0]) if error.args else type(error).__name__
    where, line = _position(error, path)
    match error:
        case TemplateError():
            return error
        case jinja2.TemplateNotFound():
            what = f"the included file {error.name!r} was not found"
            mend = "correct the name; it is looked for from the including file upwards"
        case jinja2.UndefinedError():
            what, mend = message, UndefinedVariableError("").mend
        case jinja2.TemplateSyntaxError():
            what, mend = f"the template's syntax is wrong: {message}", _mend_of_syntax(message)
        case _:
            what, mend = described(error)
    return TemplateError(what, mend, line=line, path=where)


def _mend_of_syntax(message: str) -> str:
    found = re.match(r"No (filter|test) named '([^']{1,100})'", message)
    if found is None:
        return "correct it"
    return f"correct its name, or name a stand-in: `templates: {{{found[1]}s: {{{found[2]}: …}}}}`"


def _position(error: Exception, path: str) -> tuple[str, int | None]:
    import jinja2

    if isinstance(error, jinja2.TemplateSyntaxError):
        return error.filename or path, error.lineno
    found: tuple[str, int | None] = (path, None)
    traceback = error.__traceback__
    while traceback is not None:
        if "__jinja_exception__" in traceback.tb_frame.f_globals:
            found = (traceback.tb_frame.f_code.co_filename, traceback.tb_lineno)
        traceback = traceback.tb_next
    return found


_BESIDE = "\n"
"""Separates, in the name that a loader gets, the including file's path from the name it uses."""


@cache
def _environment(undefined: Undefined, options_json: str) -> Any:
    """The sandbox with the settings and the stand-ins of the options."""
    import json

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

    options = json.loads(options_json)
    settings = {key: options[key] for key in _SETTINGS if key in options}
    for kind in _DELIMITERS:
        start, end = _delimiters(options, kind)
        settings |= {f"{kind}_start_string": start, f"{kind}_end_string": end}
    sandbox = Sandbox(
        undefined=StrictUndefined if undefined == "error" else _empty(),
        loader=Loader(),
        optimized=False,
        extensions=[f"jinja2.ext.{name}" for name in options.get("extensions", ())],
        **settings,
    )
    sandbox.filters["random"] = _not_deterministic
    sandbox.globals["lipsum"] = _not_deterministic
    known: dict[str, Callable[..., Any]] = {**sandbox.filters}
    for name, given in options.get("filters", {}).items():
        sandbox.filters[name] = stand_in(given, known)
    for name, given in options.get("tests", {}).items():
        sandbox.tests[name] = stand_in(given, known)
    for name, given in options.get("functions", {}).items():
        sandbox.globals[name] = stand_in(given, known)
    sandbox.globals.update(options.get("globals", {}))
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
