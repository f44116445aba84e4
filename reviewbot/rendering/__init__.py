from dataclasses import dataclass
from typing import Any


@dataclass
class Loaded:
    path: str
    text: str


@dataclass
class Rendered:
    text: str


@dataclass
class Job:
    engine: str
    path: str
    text: str
    first_line: int
    variables: tuple
    undefined: str = "error"


class RenderingProcess:
    def __enter__(self):
        return self

    def __exit__(self, *a):
        pass

    def start(self):
        pass

    def render(self, job, *, load):
        import re

        import jinja2

        if job.engine != "jinja":
            return tuple(
                Rendered(re.sub(r"\{\{(\w+)\}\}", lambda m: str(v[m[1]]), job.text))
                for v in job.variables
            )
        env = jinja2.Environment(
            undefined=jinja2.StrictUndefined,
            loader=jinja2.FunctionLoader(lambda n: load(n, job.path).text),
        )
        t = env.from_string(job.text)
        return tuple(Rendered(t.render(v)) for v in job.variables)
