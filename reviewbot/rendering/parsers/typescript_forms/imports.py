"""The modules that names of TypeScript and JavaScript are imported from."""

from tree_sitter import Node

from reviewbot.rendering.parsers.typescript_forms.text_methods import arguments_of
from reviewbot.rendering.parsers.typescript_source.syntax import NAMES, Source, named, unwrapped


def required_module(value: Node | None, source: Source) -> str:
    """The module that `require(…)` or `import(…)` gives; empty of anything else."""
    value = None if value is None else unwrapped(value)
    if value is None or value.type != "call_expression":
        return ""
    function = value.child_by_field_name("function")
    is_module = function is not None and source.text(function) in {"require", "import"}
    given = arguments_of(value)
    return source.string(given[0]) if is_module and given else ""


def imported_names(statement: Node, source: Source) -> dict[str, str]:
    """The names that an import gives, or an export hands on, each with its module."""
    if statement.type == "export_statement":
        return _exported_names(statement, source)
    place = statement.child_by_field_name("source")
    module = "" if place is None else source.string(place)
    found: dict[str, str] = {}
    waiting = [item for item in named(statement) if item.type == "import_clause"]
    for item in waiting:
        if item.type in NAMES:
            found[source.text(item)] = module
        waiting += named(item)
    return found


def _exported_names(statement: Node, source: Source) -> dict[str, str]:
    """The names of another module that an export hands on, or `*`, each with that module."""
    place = statement.child_by_field_name("source")
    module = "" if place is None else source.string(place)
    if not module:
        return {}
    clause = next((item for item in named(statement) if item.type == "export_clause"), None)
    if clause is None:
        return {"*": module}
    specifiers = (item.child_by_field_name("name") for item in named(clause))
    return {source.text(item): module for item in specifiers if item is not None}
