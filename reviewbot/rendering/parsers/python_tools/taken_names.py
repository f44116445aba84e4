"""The names of a package that its modules define: `from .weather import get_weather`."""

import ast

from reviewbot.rendering.parsers.python_tools.names import Names


def taken_names(tree: ast.Module, names: Names) -> dict[str, list[str]]:
    """By each name that `from … import` gives a file, the file that defines it and its name there.

    Raises:
        TemplateError: A file cannot be read.
    """
    imported = (
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    )
    return {name: place for name in imported if (place := names.place((name,))) is not None}
