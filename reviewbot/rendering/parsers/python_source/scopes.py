"""Which names a block of Python source binds, and what is known of them; no code is run."""

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers.python_source.blocks import Blocks, Followed, all_nodes

Steps = tuple[str, ...]
"""A name and the keys behind it: `PROMPTS["a"]` and `Prompts.a` are `("PROMPTS", "a")`."""

_MOST_CHARACTERS = 4_000_000
_LONGEST_CHAIN = 20


class RefusedImportError(TemplateError):
    """A name comes from a file that cannot be read."""


class Saying(Protocol):
    """A statement that sets or changes a name (`python_source.known_names`)."""

    node: ast.AST

    @property
    def keywords(self) -> frozenset[str]:
        """The arguments that it names, and what it calls."""
        ...

    @property
    def attributes(self) -> list[str]:
        """The attributes of the object itself in it."""
        ...

    def told(self, *, is_called: bool) -> Any:
        """What of it counts for a value that is made of the name, or of a call of it."""
        ...


class Imports(Protocol):
    """What the imports of a block bind (`reviewbot.rendering.parsers.python_source.imports`)."""

    def binds(self, name: str) -> int:
        """How often imports bind a name."""
        ...

    def text(self, steps: Steps) -> Any:
        """What stands under a name in another file; None where that is not told."""
        ...

    def expression(self, name: str) -> "tuple[ast.expr, Scope] | None":
        """The list or the call that a name of another file stands for, and its scope there."""
        ...

    def function(self, steps: Steps) -> "tuple[ast.expr, Scope] | None":
        """The name of a function of another file, and its scope there."""
        ...

    def class_of(self, steps: Steps) -> "Scope | None":
        """The names of a class of another file."""
        ...


class _NoImports:
    def binds(self, _: str) -> int:
        return 0

    def text(self, _: Steps) -> None:
        return None

    def expression(self, _: str) -> None:
        return None

    def function(self, _: Steps) -> None:
        return None

    def class_of(self, _: Steps) -> None:
        return None


class Scope:
    """The names of a module, a class or a function, and of the blocks around it.

    `texts` are the values that the source tells, `nodes` the expressions of lists and calls,
    `classes` the scopes of classes. What has no text here is known only when the program runs;
    `parts` are the texts that it may hold. Names that are `followed` are set several times;
    `states` is what they stand for now, inside of `level` conditions and loops, of which loops that
    are read now have `absorbed` some. What `is_settled` is changed by nothing but what is read in
    its place; of what `is_whole` no entry is changed. `sayings` are the statements that set or
    change a name, `members` those that set an attribute of a class. `given` are the arguments of a
    function, `annotations` the classes that they are said to be of, `called_with` what the call
    gives for them that is followed; a module keeps as `given_texts` what functions give. What a
    class sets that is `of_settings` are defaults only, which the environment replaces.
    `models_read` counts what is read of models that functions give. `blocks` are those of the
    file. `imports` are the names of other files, `refused` those that need such as cannot be read.
    """

    def __init__(self, path: Steps, bound: Counter[str], outer: "Scope | None" = None) -> None:
        self.path = path
        self.bound = bound
        self.outer = outer
        self.is_function = False
        self.of_settings = False
        self.given: Sequence[str] = ()
        self.annotations: Mapping[str, ast.expr] = {}
        self.given_texts: dict[int, Any] = {}
        self.called_with: Mapping[str, tuple[ast.expr, Scope]] = {}
        self.models_read = 0
        self.imports: Imports = _NoImports()
        self.refused: Mapping[Steps, TemplateError] = {}
        self.texts: dict[Steps, Any] = {}
        self.nodes: dict[str, ast.expr] = {}
        self._read: dict[str, dict[str, Any]] = {}
        self.classes: dict[str, Scope] = {}
        self.found: dict[Steps, Any] = {}
        self.followed = Followed()
        self.states: dict[str, Any] = {}
        self.level = 0
        self.absorbed: frozenset[str] = frozenset()
        self.only_return: ast.Return | None = None
        self.parts: dict[str, str] = {}
        self.is_settled: Callable[[Steps], bool] = lambda _: True
        self.is_whole: Callable[[Steps], bool] = lambda _: True
        self.sayings: Callable[[str], Sequence[Saying]] = lambda _: ()
        self.members: Callable[[str], Sequence[Any]] = lambda _: ()
        self.blocks = Blocks(())

    def text(self, steps: Steps) -> Any:
        """What stands under a name; None where the source does not tell.

        Raises:
            TemplateError: It is imported from a file that cannot be read.
        """
        if not steps:
            return None
        owner = self.owner(steps[0])
        if owner is None or owner.imports_only(steps[0]):
            is_whole = owner is None or owner.has(steps)
            return (owner or self.module()).imports.text(steps) if is_whole else None
        return owner.texts.get(steps) if owner.has(steps) else None

    def expression(self, name: str) -> "tuple[ast.expr, Scope] | None":
        """The list or the call that a name stands for, and the scope of its own names.

        Raises:
            TemplateError: It is imported from a file that cannot be read.
        """
        owner = self.owner(name)
        if owner is None or owner.imports_only(name):
            is_whole = owner is None or owner.has((name,))
            return (owner or self.module()).imports.expression(name) if is_whole else None
        is_told = name in owner.nodes and owner.stands(name)
        return (owner.nodes[name], owner) if is_told else None

    def keep(self, name: str, node: ast.expr) -> None:
        """A name stands for an expression, with what the names in it stand for now."""
        self.nodes[name] = node
        read = {item.id for item in all_nodes(node) if isinstance(item, ast.Name)}
        self._read[name] = {other: self._text_now(other) for other in read & self.followed}

    def stands(self, name: str) -> bool:
        """Whether the names in a kept expression still stand for what they did."""
        read = self._read.get(name, {})
        return all(self._text_now(other) == text for other, text in read.items())

    def _text_now(self, name: str) -> Any:
        return getattr(self.states.get(name), "text", None)

    def held(self, name: str) -> dict[str, Any]:
        """What is known of a name, or of `self.name`, and of the entries behind it, by path."""
        first = tuple(name.split("."))
        owner = self.owner(first[0])
        if owner is None:
            return {}
        told = owner.texts.items()
        return {".".join(steps): text for steps, text in told if steps[: len(first)] == first}

    def imports_only(self, name: str) -> bool:
        """Whether nothing but imports sets a name here."""
        return 0 < self.imports.binds(name) == self.bound[name]

    def take_back(self, unclear: Iterable[Steps]) -> None:
        """It tells no text that is unclear, and none that holds or stands in such."""
        for path in unclear:
            self.nodes.pop(path[0], None)
            for steps in list(self.texts):
                count = min(len(steps), len(path))
                if steps[:count] == path[:count]:
                    del self.texts[steps]

    def module(self) -> "Scope":
        """The scope of the whole file."""
        scope = self
        while scope.outer is not None:
            scope = scope.outer
        return scope

    def own_class(self) -> "Scope | None":
        """The class in whose method this is."""
        for length in range(len(self.path) - 1, 0, -1):
            found: Scope | None = self.module()
            for name in self.path[:length]:
                found = found.classes.get(name) if found is not None else None
            if found is not None:
                return found
        return None

    def has(self, steps: Steps) -> bool:
        """Whether a name and each of the keys behind it are settled."""
        return all(self.is_settled(steps[:length]) for length in range(1, len(steps) + 1))

    def hold(self, name: str, text: Any, *, added: bool) -> None:
        """The value of a name may be a text, or have it `added`; of several the longest counts."""
        owner = self.owner(name)
        if owner is not None and isinstance(text, str):
            parts = owner.parts.get(name, "")
            longer = (parts + text)[:_MOST_CHARACTERS] if added else max(parts, text, key=len)
            owner.parts[name] = longer

    def owner(self, name: str) -> "Scope | None":
        """The scope that a name belongs to; None of names that come from elsewhere."""
        scope: Scope | None = self
        while scope is not None and name not in scope.bound:
            scope = scope.outer
        return scope


Expression = tuple[ast.expr, Scope]
"""An expression, and the scope of its names."""


def resolved(node: ast.expr, scope: Scope) -> tuple[ast.expr, Scope]:
    """The list or call that a name stands for, and where its own names are looked up.

    Raises:
        TemplateError: It is imported from a file that cannot be read.
    """
    for _ in range(_LONGEST_CHAIN):
        found = scope.expression(node.id) if isinstance(node, ast.Name) else None
        if found is None:
            break
        node, scope = found
    return node, scope


def steps_of(node: ast.expr) -> Steps:
    """The name and the keys that are read; empty where it is no such expression."""
    keys: list[str] = []
    while True:
        if isinstance(node, ast.Name):
            return (node.id, *reversed(keys)) if keys else (node.id,)
        if isinstance(node, ast.Attribute):
            keys.append(node.attr)
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            if not isinstance(node.slice.value, str | int):
                return ()
            keys.append(str(node.slice.value))
        else:
            return ()
        node = node.value


def dotted(node: ast.expr) -> str:
    """The dotted name that is called or read; empty where it is no such name."""
    keys: list[str] = []
    while isinstance(node, ast.Attribute):
        keys.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join((node.id, *reversed(keys))) if keys else node.id


def imported(nodes: list[ast.AST]) -> Mapping[str, str]:
    """Where the names that a module imports come from: `{"Template": "string.Template"}`."""
    found = {}
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            for item in node.names:
                found[item.asname or item.name] = f"{node.module or ''}.{item.name}"
        elif isinstance(node, ast.Import):
            for item in node.names:
                if item.asname:
                    found[item.asname] = item.name
    return found
