"""Which functions of an altered file the calls of another file mean, as far as that is settled."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from reviewbot.prompt_formats._common.sent_form import GivenFunction
from reviewbot.scope.sent_otherwise.altered_files import Altered
from reviewbot.scope.sent_otherwise.definitions import Definitions, classes_in, functions_in

MAKING: Final = frozenset({"__init__", "constructor", "__new__"})
"""What makes the objects of a class."""

_OF_NO_CLASS = {
    *("Any", "Optional", "Union", "Callable", "Protocol", "Self", "Type", "TypeVar", "Generic"),
    *("Annotated", "Literal", "None", "ClassVar", "Final", "Awaitable", "Record", "Partial"),
    *("Readonly", "Promise", "List", "Dict", "Set", "Tuple", "Sequence", "Iterable", "Mapping"),
}
"""Words of types that say nothing of the class whose method is called."""

Meant = list[dict[str, Any]]
"""Functions, as `sent_forms` is asked for them."""


def meant_functions(
    called: Iterable[GivenFunction], item: Altered, definitions: Definitions
) -> Meant:
    """The functions of an altered file that texts are given to, with their arguments.

    A function is meant by the module that it is imported from, a method by the class of its object.
    Where neither is known it is meant if the project has but one of its name.
    """
    functions = {*functions_in(item.after)}
    classes = {name for name, _ in classes_in(item.after)}
    return [
        {"name": one.name, "places": one.places, "is_made": False, "classes": (), **meant}
        for one in called
        for meant in _kinds(one, item.module, functions, classes, definitions)
    ]


def _kinds(
    one: GivenFunction, module: str, functions: set[str], classes: set[str], known: Definitions
) -> Iterator[dict[str, Any]]:
    of_module = {"is_method": False}
    if not one.is_method:
        is_own = not one.classes or any(name in known.modules for name in one.classes)
        if one.name in functions and (
            module in one.classes or (is_own and known.is_defined_once(one.name))
        ):
            yield of_module
        if is_own:
            yield from _made(one.name, classes, known)
        return
    if module in one.classes:
        if one.name in functions:
            yield of_module
        yield from _made(one.name, classes, known)
    if one.name not in functions:
        return
    named = {name for name in one.classes if name[:1].isupper()} - _OF_NO_CLASS
    related = known.related(named or one.classes)
    if not related.isdisjoint(classes):
        is_made = one.name in MAKING
        yield {"is_method": not is_made, "is_made": is_made, "classes": sorted(related)}
    elif not named and module not in one.classes and known.is_defined_once(one.name):
        yield from ({"is_method": True}, of_module)


def _made(name: str, classes: set[str], known: Definitions) -> Iterator[dict[str, Any]]:
    """What a class of that name is made with, where the file has it, or what it is made of."""
    related = known.related([name]) if known.has_class(name) else set[str]()
    if not related.isdisjoint(classes):
        yield {"is_method": True, "is_made": True, "classes": sorted(related)}
