"""What fields and models of pydantic say of themselves beside their types."""

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers.python_source.scopes import dotted
from reviewbot.rendering.parsers.python_tools.literals import Literals

_CALLED: Mapping[str, str] = {
    "ge": "minimum",
    "le": "maximum",
    "gt": "exclusiveMinimum",
    "lt": "exclusiveMaximum",
    "min_length": "minLength",
    "max_length": "maxLength",
    "min_items": "minItems",
    "max_items": "maxItems",
    "multiple_of": "multipleOf",
    "regex": "pattern",
}
"""How a JSON Schema calls what a field calls otherwise."""

_NOT_SHOWN = {
    *("default", "default_factory", "alias", "validation_alias", "serialization_alias"),
    *("alias_priority", "frozen", "exclude", "include", "repr", "init", "init_var", "kw_only"),
    *("validate_default", "strict", "union_mode", "allow_inf_nan", "coerce_numbers_to_str"),
    *("fail_fast", "json_schema_extra", "const"),
}
"""Arguments of `Field` that a schema does not show, or that are read by themselves."""

_EXTRA = ("json_schema_extra", "schema_extra")
_MAKES_OTHERS = {"alias_generator", "use_attribute_docstrings", "field_title_generator"}
_HOOKS = {
    *("__get_pydantic_json_schema__", "__get_pydantic_core_schema__", "__modify_schema__"),
    *("model_json_schema", "schema"),
}
"""Methods that make a model's schema themselves."""

MEND_OF_TYPES = "write the type out, or keep the definition in a file of tool definitions"
"""What to do where a type is not told."""


def described(call: ast.Call, literals: Literals) -> dict[str, Any]:
    """What `Field(…)` says of a field beside its type; a key that nobody knows as it stands.

    Raises:
        TemplateError: Only the running program knows a part of it.
    """
    found: dict[str, Any] = {}
    for item in call.keywords:
        if item.arg is None:
            raise _computed(item.value)
        if item.arg in _EXTRA:
            found |= _mapping(item.value, literals)
        elif item.arg not in _NOT_SHOWN:
            found[_CALLED.get(item.arg, item.arg)] = literals.value(item.value)
    default = next((item.value for item in call.keywords if item.arg == "default"), None)
    default = call.args[0] if call.args else default
    is_needed = isinstance(default, ast.Constant) and default.value is ...
    if default is not None and not is_needed:
        found["default"] = literals.value(default)
    return found


def alias_of(annotation: ast.expr, value: ast.expr | None, name: str, literals: Literals) -> str:
    """The name of a field in the schema.

    Raises:
        TemplateError: Only the running program knows it.
    """
    metadata = annotation.slice if isinstance(annotation, ast.Subscript) else None
    items = metadata.elts[1:] if isinstance(metadata, ast.Tuple) else []
    calls = [item for item in (value, *items) if isinstance(item, ast.Call)]
    given = {item.arg: item.value for call in calls for item in call.keywords}
    alias = given.get("validation_alias", given.get("alias"))
    if alias is None or not any(dotted(call.func).endswith("Field") for call in calls):
        return name
    said = literals.value(alias)
    if not isinstance(said, str):
        raise _computed(alias)
    return said


def extra_of(node: ast.ClassDef, literals: Literals) -> dict[str, Any]:
    """What the settings of a model add to its schema.

    Raises:
        TemplateError: The model makes its schema itself, or settings do that are not told.
    """
    found: dict[str, Any] = {}
    for key, value in _settings_of(node):
        if key in _MAKES_OTHERS:
            raise _computed(value)
        if key in _EXTRA:
            found |= _mapping(value, literals)
    return found


def _settings_of(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    """The settings of a model by their names, `model_config` or a class `Config`."""
    for statement in node.body:
        match statement:
            case ast.FunctionDef(name=name) if name in _HOOKS:
                what = f"has a schema that `{name}` makes"
                raise TemplateError(what, MEND_OF_TYPES, line=statement.lineno)
            case (
                ast.Assign(targets=[ast.Name(id="model_config")], value=value)
                | ast.AnnAssign(target=ast.Name(id="model_config"), value=ast.expr() as value)
            ):
                yield from _entries(value)
            case ast.ClassDef(name="Config", body=body):
                for inner in body:
                    match inner:
                        case ast.Assign(targets=[ast.Name(id=name)], value=value):
                            yield name, value
                        case ast.FunctionDef(name=name) if name in _EXTRA:
                            what = f"has a schema that `{name}` makes"
                            raise TemplateError(what, MEND_OF_TYPES, line=inner.lineno)


def _entries(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Call(args=[], keywords=keywords) if all(item.arg for item in keywords):
            yield from ((item.arg or "", item.value) for item in keywords)
        case ast.Dict(keys=keys, values=values) if all(isinstance(k, ast.Constant) for k in keys):
            for key, value in zip(keys, values, strict=True):
                yield str(key.value) if isinstance(key, ast.Constant) else "", value
        case _:
            raise _computed(node)


def _mapping(node: ast.expr, literals: Literals) -> dict[str, Any]:
    said = literals.value(node)
    if not isinstance(said, dict):
        raise _computed(node)
    return said


def _computed(node: ast.expr) -> TemplateError:
    what = f"holds what is known only when the program runs, `{ast.unparse(node)[:60]}`"
    return TemplateError(what, MEND_OF_TYPES, line=node.lineno)
