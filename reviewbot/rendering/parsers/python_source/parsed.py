"""The syntax tree of one file of Python source, and what all of its readers ask of it."""

import ast
import re
import sys
import warnings
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property

from reviewbot.prompt import TemplateError
from reviewbot.rendering.parsers._common.requests import RUN_A_MODEL
from reviewbot.rendering.parsers.python_source import blocks, scopes
from reviewbot.rendering.parsers.python_source.changes import changes
from reviewbot.rendering.parsers.python_source.changing_calls import LaterChanges
from reviewbot.rendering.parsers.python_source.newer_f_strings import beyond_older
from reviewbot.rendering.parsers.python_source.settled import Changes

_VERSION = "{}.{}".format(*sys.version_info)
_ENCODING = re.compile(r"[ \t\f]*#[^\n]{0,200}?coding[:=][ \t]*([-\w.]{1,50})")
_WORD = re.compile(r"\w+")
_MAY_RUN = re.compile(r"model|llm|max_|config|settings|set_default|\blm\b")
_LONE_RETURN = re.compile(r"\r(?!\n)")


class Parsed:
    """A file's syntax tree and text; what is worked out of them is worked out once."""

    def __init__(self, tree: ast.Module, text: str) -> None:
        self.tree = tree
        self.text = text
        self.last_line = text.count("\n") + 2
        self._names: dict[int, AbstractSet[str]] = {}
        self.nodes = blocks.all_nodes(tree)
        self.blocks = blocks.Blocks(self.nodes)

    @cached_property
    def bound(self) -> Counter[str]:
        """How often each name of the module is set, by its functions too."""
        found = self.blocks.bound(self.tree).copy()
        found.update(blocks.set_by_functions(self.nodes, self.blocks))
        return found

    @cached_property
    def set_globally(self) -> list[tuple[list[ast.AST], set[str]]]:
        """The nodes of functions that set names of the module, with these names."""
        return [*blocks.with_globals(self.nodes, self.blocks)]

    @cached_property
    def followed(self) -> blocks.Followed:
        """The names of the module that are set several times."""
        body = self.tree.body
        return blocks.followed(body, self.blocks.own(body), self.bound)

    @cached_property
    def asks(self) -> bool:
        """Whether the source names anything that runs a model; most are spared a search."""
        return not RUN_A_MODEL.isdisjoint(_WORD.findall(self.text))

    @cached_property
    def may_run(self) -> bool:
        """Whether the source may name a model or a setting; most are spared a search."""
        return _MAY_RUN.search(self.text) is not None

    @cached_property
    def libraries(self) -> Mapping[str, str]:
        """Where imported names come from: `{"Template": "string.Template"}`."""
        return scopes.imported(self.nodes)

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text."""
        return re.split(r"\r?\n", self.text)

    @cached_property
    def setting(self) -> Mapping[str, list[int]]:
        """The statements of the module, by number, that set each name or change its list."""
        found: dict[str, list[int]] = {}
        for number, statement in enumerate(self.tree.body):
            for name in _set_by(statement):
                found.setdefault(name, []).append(number)
        return found

    @cached_property
    def definitions(self) -> Counter[str]:
        """How often each name is that of a class or a function, at the left margin."""
        kinds = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        return Counter(item.name for item in self.tree.body if isinstance(item, kinds))

    def names_in(self, number: int) -> AbstractSet[str]:
        """The names in a statement of the module."""
        if number not in self._names:
            nodes = blocks.all_nodes(self.tree.body[number])
            self._names[number] = {item.id for item in nodes if isinstance(item, ast.Name)}
        return self._names[number]

    @cached_property
    def changes(self) -> Changes:
        """The lines in which lists and dictionaries are changed."""
        return Changes(self.nodes)

    @cached_property
    def later_changes(self) -> LaterChanges:
        """What is changed in ways that are not followed."""
        return LaterChanges(changes(self.tree, self.bound, self.blocks, self.nodes))


def _set_by(statement: ast.stmt) -> Iterator[str]:
    """The names of the module that a statement sets, or whose lists it changes."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return
    if isinstance(statement, ast.ClassDef):
        yield statement.name
        return
    for node in blocks.own_nodes([statement]):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case (
                ast.Attribute(value=inner, ctx=ast.Store() | ast.Del())
                | ast.Subscript(value=inner, ctx=ast.Store() | ast.Del())
                | ast.Call(func=ast.Attribute(value=inner))
            ):
                yield from scopes.steps_of(inner)[:1]


def parsed(text: str) -> Parsed:
    """The text as Python reads it.

    Raises:
        TemplateError: It is no Python, or another program would read it in another way.
    """
    _refuse_encoding(text)
    if alone := _LONE_RETURN.search(text):
        what = "a carriage return stands by itself, which Python takes for the end of a line"
        line = text.count("\n", 0, alone.start()) + 1
        raise TemplateError(what, "end lines as usual", line=line)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except SyntaxError as error:
        raise _no_python(text, error) from None
    except ValueError as error:
        raise TemplateError(f"this is not Python: {error}", "correct it", line=1) from None
    return Parsed(tree, text)


class LatestParsed:
    """The trees of the latest texts that were parsed, of so many `characters` together."""

    def __init__(self, characters: int) -> None:
        self._left = characters
        self._kept: OrderedDict[str, Parsed] = OrderedDict()

    def parsed(self, text: str) -> Parsed:
        """The text as Python reads it.

        Raises:
            TemplateError: It is no Python.
        """
        found = self._kept.pop(text, None)
        if found is None:
            found = parsed(text)
            self._left -= len(text)
        self._kept[text] = found
        while self._left < 0:
            oldest, _ = self._kept.popitem(last=False)
            self._left += len(oldest)
        return found


_RECENT = LatestParsed(1_900_000)
"""Of a file the prompts are asked for, and then its tools, and most files of a project import the
same ones: their trees take some 60 MB."""


def parsed_of_late(text: str) -> Parsed:
    """The text as Python reads it, from the last time if that is not long ago.

    Raises:
        TemplateError: It is no Python.
    """
    return _RECENT.parsed(text)


def _no_python(text: str, error: SyntaxError) -> TemplateError:
    """Why a text is no Python, and the Python that would read it where this one is too old."""
    what, line = f"this is not Python: {error.msg}", error.lineno or 1
    mend = f"correct it; it is read by Python {_VERSION}, and newer syntax needs a newer one"
    if sys.version_info >= _NESTED_QUOTES:
        return TemplateError(what, mend, line=line)
    if found := beyond_older(text, line, error.msg):
        what = f"this is not Python {_VERSION}: {found.what}"
        mend = f"run reviewbot with Python 3.12 or newer, which reads it, or {found.mend}"
        return TemplateError(what, mend, line=found.line)
    return TemplateError(what, mend, line=line)


_NESTED_QUOTES = (3, 12)
"""From this Python on, what stands within the braces of an f-string may hold anything (PEP 701)."""


def _refuse_encoding(text: str) -> None:
    """Refuse source that says it is not UTF-8, where that matters."""
    for number, line in enumerate(text.split("\n", 2)[:2], 1):
        said = _ENCODING.match(line)
        is_other = said and said[1].lower().replace("_", "-") not in {"utf-8", "utf8", "utf-8-sig"}
        if is_other and not text.isascii():
            what = f"the source says that its encoding is {said[1]}" if said else ""
            raise TemplateError(what, "save it as UTF-8", line=number)
