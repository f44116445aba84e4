"""Jinja2 templates, with include, import, extends and macros."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, cast

from reviewbot.prompt import (
    CompiledTemplate,
    Constant,
    References,
    TemplateError,
    UndefinedVariableError,
)
from reviewbot.rendering.engines import Load, Undefined
from reviewbot.rendering.engines._common.faults import MissingFileError, described
from reviewbot.rendering.engines.jinja.settings import DELIMITERS, delimiters

if TYPE_CHECKING:
    from jinja2 import TemplateSyntaxError

    from reviewbot.rendering.engines.jinja.environment import Sandbox
    from reviewbot.rendering.engines.jinja.template_maker import Made, SandboxedTemplate

NAME = "jinja"


def references(text: str, options: Mapping[str, Any]) -> References:
    """The templates that `text` names in tags; in comments and raw blocks too, which is harmless.

    A tag that names anything but one literal makes the answer incomplete, and so do statements that
    a line begins with, which are not looked into.
    """
    names = set()
    complete = options.get("line_statement_prefix") is None
    for found in _reference(*delimiters(options, "block")).finditer(text):
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
    marks = (delimiters(options, kind)[0] for kind in DELIMITERS)
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

    from reviewbot.rendering.engines.jinja.environment import environment_for

    try:
        environment = environment_for(undefined, json.dumps(options, sort_keys=True))
        load = cache(load)
        environment.begin_template(name, load)
        template, constant = _template(environment, environment.made(text, name, name), name, load)
    except Exception as error:
        raise _located(error, name, options) from error

    def render(variables: Mapping[str, Any]) -> str:
        try:
            environment.begin_rendering()
            return str(template.render(variables))
        except Exception as error:
            raise _located(error, name, options) from error

    return CompiledTemplate(render=render, constant=constant)


def compile_marked(
    text: str, *, name: str, load: Load, options: Mapping[str, Any]
) -> CompiledTemplate | None:
    """What renders `text` as if it had no marks, and tells which were printed.

    `load` gives the files that it includes with their marks. None where that cannot be told, or
    where the template is wrong.
    """
    import json

    from reviewbot.rendering.engines.jinja.environment import environment_for
    from reviewbot.rendering.engines.jinja.tracing import Files, Source, is_traceable, printed

    if _catching(delimiters(options, "block")[0]).search(text):
        return None
    try:
        environment = environment_for("error", json.dumps(options, sort_keys=True), is_tracing=True)
        environment.begin_template(name, load)
        made = environment.made(text, name, name)
        files = Files(load, environment.parsed)
        if not is_traceable(Source(text, name, made.tree, made.own.text), files):
            return None
        template, constant = _template(environment, made, name, load)
    except Exception:  # noqa: BLE001 - what is wrong is told of the template without marks
        return None

    def trace(variables: Mapping[str, Any]) -> tuple[str, frozenset[int]]:
        try:
            environment.begin_rendering()
            return printed(template.pieces(variables))
        except Exception as error:
            raise _located(error, name, options) from error

    def render(variables: Mapping[str, Any]) -> str:
        return trace(variables)[0]

    return CompiledTemplate(render=render, constant=constant, trace=trace)


def _template(
    environment: "Sandbox", made: "Made", name: str, load: Load
) -> tuple["SandboxedTemplate", Constant]:
    from reviewbot.rendering.engines.jinja.constant import constant_beginning

    constant = constant_beginning(made.tree, name, made.own, load=load, parse=environment.parsed)
    return cast("SandboxedTemplate", made.template()), constant


@lru_cache(maxsize=64)
def _catching(start: str) -> re.Pattern[str]:
    """Tags of statements that make values of text, or print other files within it."""
    return re.compile(
        rf"{re.escape(start)}[-+]?\s{{0,9}}"
        r"(?:macro|call|filter|block|import|from|extends)\b"
    )


@lru_cache(maxsize=64)
def _reference(start: str, end: str) -> re.Pattern[str]:
    start, end = re.escape(start), re.escape(end)
    return re.compile(
        rf"""{start}[-+]?\s*(?:include|import|extends|from)\b
        (?:\s*(?:"(?P<double>[^"\\]*)"|'(?P<single>[^'\\]*)')
           \s*(?=[-+]?{end}|(?:ignore|with|without|as|import)\b))?""",
        re.VERBOSE,
    )


def _located(error: Exception, path: str, options: Mapping[str, Any]) -> TemplateError:
    """The error with the template file and line that it comes from, the innermost known."""
    import jinja2

    from reviewbot.rendering.engines.jinja import syntax_errors

    message = str(error.args[0]) if error.args else type(error).__name__
    where, line = _position(error, path)
    match error:
        case TemplateError():
            what, mend = error.what, error.mend
        case jinja2.TemplateNotFound():
            what = f"the included file {error.name!r} was not found"
            mend = "correct the name; it is looked for from the including file upwards"
            return MissingFileError(what, mend, line=line, path=where, name=str(error.name))
        case jinja2.UndefinedError():
            found = re.fullmatch(r"'([^'\n]+)' is undefined", message)
            if found is not None:
                return UndefinedVariableError(found[1], line, path=where)
            what, mend = message, UndefinedVariableError("").mend
        case jinja2.TemplateSyntaxError():
            what, mend, line = _told_syntax(error, options)
        case jinja2.TemplateRuntimeError() if message.startswith("No test named"):
            what, mend = syntax_errors.told(message, options)
        case _:
            what, mend = described(error)
    return TemplateError(what, mend, line=line, path=where)


def _told_syntax(
    error: "TemplateSyntaxError", options: Mapping[str, Any]
) -> tuple[str, str, int | None]:
    import json

    from reviewbot.rendering.engines.jinja import syntax_errors
    from reviewbot.rendering.engines.jinja.environment import environment_for

    environment = environment_for("error", json.dumps(options, sort_keys=True))
    return syntax_errors.told_error(error, environment, options)


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
