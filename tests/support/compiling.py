"""Fills templates with an engine: in this process what is honest, else in the rendering process."""

import json
from collections.abc import Mapping
from typing import Any

from reviewbot.errors import Problem
from reviewbot.prompt import CompiledTemplate, LoadedFile
from reviewbot.rendering import engines
from reviewbot.rendering.engines import Undefined
from reviewbot.rendering.jobs import Job, Rendered
from reviewbot.rendering.process import RenderingProcess
from reviewbot.rendering.resource_limits import Limits
from tests.support.processor_time import processor_seconds

STRICT = Limits(step_seconds=0.4, memory_bytes=256 * 1024 * 1024, slow_seconds=1_000.0)


def compiled(
    engine: str,
    text: str,
    *,
    undefined: Undefined = "error",
    options: Mapping[str, Any] | None = None,
    files: Mapping[str, str] | None = None,
) -> CompiledTemplate:
    def load(name: str, parent: str) -> tuple[str, str] | None:
        del parent
        return (name, files[name]) if files and name in files else None

    return engines.by_name(engine).compile_template(
        text, name="p", load=load, undefined=undefined, options=options or {}
    )


def fill(engine: str, text: str, variables: Mapping[str, Any], **more: Any) -> str:
    return compiled(engine, text, **more).render(variables)


def attacked(
    process: RenderingProcess,
    engine: str,
    text: str,
    variables: Mapping[str, Any],
    files: Mapping[str, str] | None = None,
) -> str | Problem:
    """What an attack comes to, which must be known within 4 s, with a place if it is a problem."""

    def load(name: str, parent: str) -> LoadedFile | None:
        del parent
        return LoadedFile(path=name, text=files[name]) if files and name in files else None

    job = Job(
        engine=engine,
        path="p",
        text=text,
        first_line=1,
        variables=(json.dumps(variables),),
        load=load,
    )
    began = processor_seconds()
    ((result,),) = process.render([job])
    assert processor_seconds() - began < 4
    if isinstance(result, Rendered):
        assert len(result.text) <= STRICT.output_characters
        return result.text
    assert result.place is not None
    assert result.place.line is not None
    assert result.mend
    return result
