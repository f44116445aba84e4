"""Pages of HTML through templates: self-contained, and every value escaped."""

from importlib.resources import files
from typing import Any


def render_page(template: str, **values: Any) -> str:
    """The page that a file of `templates/` makes of `values`; it holds no script and no link."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    def source(name: str) -> str:
        return files("reviewbot").joinpath("templates", name).read_text(encoding="utf-8")

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        loader=FunctionLoader(source),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(values)
