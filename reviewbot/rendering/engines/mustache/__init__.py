"""Mustache templates, with sections, partials and other marks of tags."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from reviewbot.prompt import CompiledTemplate, References, TemplateError
from reviewbot.rendering.engines import Load, Undefined
from reviewbot.rendering.engines._common.faults import described
from reviewbot.rendering.engines._common.stubs import stubs

NAME = "mustache"


def references(text: str, options: Mapping[str, Any]) -> References:
    """The files of the partials that `text` names; in comments too, which is harmless.

    A tag that changes the marks of tags makes the answer incomplete, and so does a stub that
    gives tags: what a function gives is a template.
    """
    names: set[str] = set()
    complete = "{{" not in str(options.get("functions"))
    opening, closing = text.find("{{"), 0
    while opening >= 0:
        kind = opening + 2
        while kind < len(text) and text[kind].isspace():
            kind += 1
        mark = text[kind : kind + 1]
        if mark == "=":
            complete = False
        elif mark == ">":
            if closing <= kind:
                closing = text.find("}}", kind + 1)
            if closing < 0:
                break
            name = text[kind + 1 : closing].strip()
            complete = complete and bool(name)
            names |= {f"{name}.mustache", name}
        opening = text.find("{{", opening + 1)
    return References(names=frozenset(names - {"", ".mustache"}), complete=complete)


def compile_template(
    text: str, *, name: str, load: Load, undefined: Undefined, options: Mapping[str, Any]
) -> CompiledTemplate:
    """What renders `text`; called in the rendering process only.

    Stubs of functions are what Mustache calls lambdas.
    """
    from reviewbot.rendering.engines.mustache import reader as _mustache

    functions = stubs(options.get("functions", {}), {})
    below = options.get("globals", {})
    engine = _mustache.Engine(cache(load), undefined, escape=options.get("escape", True))
    tree = engine.parsed(text, name)

    def render(variables: Mapping[str, Any]) -> str:
        try:
            return str(tree.render(engine, _mustache.stack_of(functions, below, variables)))
        except TemplateError:
            raise
        except Exception as error:
            raise TemplateError(*described(error), path=name) from error

    return CompiledTemplate(render=render, constant=_mustache.constant_beginning(tree, engine))
