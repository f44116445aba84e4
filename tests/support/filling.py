"""Fills templates in a real rendering process."""

import json
from collections.abc import Mapping
from typing import Any, Literal

from reviewbot.errors import Problem
from reviewbot.prompt import LoadedFile
from reviewbot.rendering.jobs import Job, Rendered
from reviewbot.rendering.process import RenderingProcess
from reviewbot.rendering.resource_limits import Limits

HASTY = Limits(step_seconds=0.2, memory_bytes=256 * 1024 * 1024, slow_seconds=1_000.0)


def fill(
    process: RenderingProcess,
    engine: str,
    text: str,
    variables: Mapping[str, Any] | None = None,
    *,
    files: Mapping[str, str] | None = None,
    undefined: Literal["error", "empty"] = "error",
    options: Mapping[str, Any] | None = None,
    path: str = "p",
    first_line: int = 1,
    is_in_lines: bool = True,
) -> Rendered | Problem:
    def load(name: str, parent: str) -> LoadedFile | None:
        del parent
        return LoadedFile(path=name, text=files[name]) if files and name in files else None

    job = Job(
        engine=engine,
        path=path,
        text=text,
        first_line=first_line,
        is_in_lines=is_in_lines,
        variables=(json.dumps(variables or {}),),
        load=load,
        undefined=undefined,
        options=json.dumps(options) if options else "",
    )
    ((result,),) = process.render([job])
    return result


def text_of(result: Rendered | Problem) -> str:
    assert isinstance(result, Rendered), str(result)
    return result.text


def problem_of(result: Rendered | Problem) -> str:
    assert isinstance(result, Problem), result
    return str(result)
