"""Pages of HTML through templates: self-contained, and every value escaped."""

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


def render_page(template: str, **values: Any) -> str:
    """The page that a file of `templates/` makes of `values`; it holds no script and no link."""
    return _templates().get_template(template).render(values)


@cache
def _templates() -> "Environment":
    """The templates of pages, each compiled once, however many pages are made of it."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        loader=FunctionLoader(_source),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"breakable": _breakable, "coded": _coded}
    return environment


def _source(name: str) -> str:
    return files("reviewbot").joinpath("templates", name).read_text(encoding="utf-8")


def _breakable(text: str) -> "Markup":
    """A path or a key that may go on in the next line behind its marks, and nowhere in a word."""
    from markupsafe import Markup, escape

    marks = _SLASHES if "/" in text else _STOPS
    return Markup(marks.sub(r"\1<wbr>", str(escape(text))))  # noqa: S704 - escaped


def _coded(text: str) -> "Markup":
    """A sentence in which what stands between backticks is shown as code."""
    from markupsafe import Markup, escape

    pieces = [str(escape(piece)) for piece in re.split(r"`([^`]*)`", text)]
    pieces[1::2] = [f"<code>{piece}</code>" for piece in pieces[1::2]]
    return Markup("".join(pieces))  # noqa: S704 - escaped


_SLASHES = re.compile(r"(/)(?=\w)")
_STOPS = re.compile(r"([._])(?=\w)")
