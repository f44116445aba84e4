"""The tools that Python source defines, as the definitions that frameworks make of them.

They are functions with a decorator such as `@tool`, classes with a name, a description and a
schema, models of pydantic, and lists of JSON Schemas. No code is run.
"""

import ast
import warnings
from typing import Any

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers.python_tools.definitions import Definitions


def parse(text: str) -> dict[str, Any]:
    """Each tool by its name in the source: its `line` and `definitions`, or `problem` and `mend`.

    `is_offered` says that the framework makes a tool of it by itself, whatever else names it.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
        return {"tools": Definitions(tree).found(), "files": []}
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise TemplateError(f"this is not Python: {error}", "correct it", line=line) from None
    except RecursionError:
        what = "expressions or blocks of this Python source are nested too deep"
        raise TemplateError(what, "write them flatter", line=1) from None
