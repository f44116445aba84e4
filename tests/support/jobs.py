"""Jobs for the rendering process, and what comes out of them."""

import json

from reviewbot.errors import Problem
from reviewbot.prompt import LoadedFile as Loaded
from reviewbot.rendering.jobs import Job, Load, Rendered
from reviewbot.rendering.process import RenderingProcess


def nothing(name: str, parent: str) -> Loaded | None:
    del name, parent
    return None


def job(text: str, *variables: object, load: Load = nothing) -> Job:
    return Job(
        engine="jinja",
        path="p.j2",
        text=text,
        first_line=1,
        variables=tuple(json.dumps(item) for item in variables or ({},)),
        load=load,
    )


def texts(process: RenderingProcess, *jobs: Job) -> list[list[str | Problem]]:
    return [
        [item.text if isinstance(item, Rendered) else item for item in results]
        for results in process.render(jobs)
    ]


def only(process: RenderingProcess, work: Job) -> str | Problem:
    ((result,),) = texts(process, work)
    return result
