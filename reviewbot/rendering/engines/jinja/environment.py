"""Jinja2's sandbox, set up as `templates` in the configuration says; for the rendering process."""

import gc
import json
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, NoReturn

from jinja2 import (
    BaseLoader,
    ChainableUndefined,
    Environment,
    StrictUndefined,
    Template,
    TemplateNotFound,
    Undefined,
)

from reviewbot.prompt import TemplateError
from reviewbot.rendering.engines import Load
from reviewbot.rendering.engines import Undefined as Wish
from reviewbot.rendering.engines._common.stubs import stub
from reviewbot.rendering.engines.jinja.choices import Choices, recorded
from reviewbot.rendering.engines.jinja.largest import largest_reading
from reviewbot.rendering.engines.jinja.settings import DELIMITERS, delimiters
from reviewbot.rendering.engines.jinja.template_maker import MakesTemplate, TemplateMaker
from reviewbot.rendering.engines.jinja.tracing import Piece, TracingGenerator, piece
from reviewbot.rendering.recorded_choices import RECORDING

_SETTINGS = (
    *("trim_blocks", "lstrip_blocks", "keep_trailing_newline"),
    *("line_statement_prefix", "line_comment_prefix"),
)
_BESIDE = "\n"
"""Separates, in the name that a loader gets, the including file's path from the name it uses."""

_KEPT = 8
"""Environments that are kept: most projects have one, of each two kinds of undefined values."""

_SETTINGS_CHARACTERS = 4_000_000
"""Of environments that were made, after which those that are kept no more are freed."""


class _Made:
    """Counts environments by their settings: each holds itself, so only a collection frees it."""

    def __init__(self) -> None:
        self._characters = 0

    def add(self, options_json: str) -> None:
        self._characters += len(options_json)
        if self._characters > _SETTINGS_CHARACTERS:
            self._characters = 0
            gc.collect()


_made = _Made()


@lru_cache(maxsize=_KEPT)
def environment_for(undefined: Wish, options_json: str, *, is_tracing: bool = False) -> "Sandbox":
    """The sandbox with the settings and the stubs of the options; one that follows marks."""
    _made.add(options_json)
    sandbox = TracingSandbox if is_tracing else Sandbox
    return sandbox(undefined, json.loads(options_json))


class Sandbox(Choices, TemplateMaker):
    """Stops attributes that lead out of a template; no rendering can change what others get."""

    def __init__(self, undefined: Wish, options: Mapping[str, Any]) -> None:
        settings = {key: options[key] for key in _SETTINGS if key in options}
        for kind in DELIMITERS:
            start, end = delimiters(options, kind)
            settings |= {f"{kind}_start_string": start, f"{kind}_end_string": end}
        Choices.__init__(self)
        TemplateMaker.__init__(
            self,
            undefined=StrictUndefined if undefined == "error" else _EMPTY,
            loader=_Loader(),
            optimized=False,
            extensions=[f"jinja2.ext.{name}" for name in options.get("extensions", ())],
            **settings,
        )
        self.policies["json.dumps_kwargs"] = {"sort_keys": True, "default": _json_of_missing}
        self._values = json.dumps(options.get("globals", {}))
        self._methods = {
            name: _stub("method", name, given, self.filters)
            for name, given in options.get("methods", {}).items()
        }
        self._add(options)
        self.paths: dict[str, str] = {}
        self.included: dict[str, MakesTemplate] = {}
        self.load: Load = _load_nothing
        self.is_largest = undefined == "largest"
        self._is_recording = bool(options.get(RECORDING))

    def _add(self, options: Mapping[str, Any]) -> None:
        """Add the stubs, which may bear the names of what they stand for."""
        self.filters["random"] = _not_deterministic
        self.globals["lipsum"] = _not_deterministic
        filters: Mapping[str, Any] = dict(self.filters)
        tests: Mapping[str, Any] = dict(self.tests)
        functions: Mapping[str, Any] = {**filters, **self.globals}
        for name, given in options.get("filters", {}).items():
            self.filters[name] = _stub("filter", name, given, filters)
        for name, given in options.get("tests", {}).items():
            self.tests[name] = _stub("test", name, given, tests)
        for name, given in options.get("functions", {}).items():
            *holders, own = name.split(".")
            place: MutableMapping[str, Any] = self.globals
            for holder in holders:
                place = vars(place.setdefault(holder, SimpleNamespace()))
            place[own] = _stub("function", name, given, functions)

    def begin_template(self, name: str, load: Load) -> None:
        """Forget all other templates; `load` finds what the template `name` includes."""
        self.paths = {name: name}
        self.load = load
        self.included.clear()

    def begin_rendering(self) -> None:
        """Forget what an earlier rendering has made of values and of imported templates."""
        if self._values != "{}":
            self.globals.update(json.loads(self._values))
        if self.cache:
            self.cache.clear()

    def at_least_once(self, values: Any, width: int) -> Any:
        """`values`, or one empty item where there are none; of `width` parts, or as it is for 0."""
        try:
            found = () if isinstance(values, Undefined) else list(values)
        except TypeError:
            found = ()
        empty = self.undefined(name="item")
        return found or [(empty,) * width if width else empty]

    def _generate(
        self, source: Any, name: str | None, filename: str | None, *arguments: Any, **named: Any
    ) -> str:
        return super()._generate(self.prepared(source, name), name, filename, *arguments, **named)

    def prepared(self, tree: Any, name: str | None) -> Any:
        """The tree that code is made of: `tree`, perhaps changed in place."""
        if self._is_recording:
            path = self.paths.get(name or "", "")
            by_statements = self.line_statement_prefix is not None
            tree = recorded(tree, path, prints_by_statements=by_statements)
        if self.is_largest:

            def included_characters(wanted: str) -> int:
                found = self.load(wanted, self.paths.get(name or "", ""))
                return len(found[1]) if found else 0

            tree = largest_reading(tree, included_characters)
        return tree

    def piece(self, parts: Iterable[str]) -> Piece:
        """What a template yields for parts that it prints as they are."""
        return "".join(parts)

    def join_path(self, template: str, parent: str) -> str:
        """The name under which the loader finds what a template includes."""
        return f"{self.paths[parent]}{_BESIDE}{template}"

    def getattr(self, obj: Any, attribute: str) -> Any:
        """The attribute, or the stub for a method of that name."""
        found = super().getattr(obj, attribute)
        if attribute in self._methods and isinstance(found, Undefined):
            return self._methods[attribute]
        return found


class TracingSandbox(Sandbox):
    """Follows the marks of templates whose text is printed wherever it is reached."""

    code_generator_class = TracingGenerator

    def piece(self, parts: Iterable[str]) -> Piece:
        """What a template yields, with the marks of its own text."""
        return piece(parts)


class _Loader(BaseLoader):
    """Compiles what a template includes once for all its renderings."""

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja2's own name
    ) -> Template:
        sandbox = environment
        assert isinstance(sandbox, Sandbox)
        if name not in sandbox.included:
            parent, _, wanted = name.rpartition(_BESIDE)
            found = sandbox.load(wanted, parent)
            if found is None:
                raise TemplateNotFound(wanted)
            sandbox.paths[name], source = found
            sandbox.included[name] = sandbox.to_include(source, name, sandbox.paths[name])
        return sandbox.included[name](globals or {})


def _stub(
    kind: str, name: str, given: Any, built_in: Mapping[str, Callable[..., Any]]
) -> Callable[..., Any]:
    """The stub; where Jinja2 has nothing of the name it gives, one that says so when called."""
    try:
        return stub(given, built_in)
    except KeyError:

        def refuse(*_: object, **__: object) -> NoReturn:
            what = f"the {kind} {name!r} has the stand-in {given!r}, which Jinja2 does not have"
            raise TemplateError(what, f"name `same`, a {kind} of Jinja2 or a value in `templates`")

        return refuse


def _load_nothing(name: str, parent: str) -> None:
    del name, parent


def _not_deterministic(*_: object, **__: object) -> NoReturn:
    raise ValueError("random and lipsum give another text each time")


def _json_of_missing(value: object) -> str:
    """An empty text where all that is missing is empty; else the error that it is undefined."""
    if isinstance(value, Undefined):
        return str(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def _false(*_: object) -> bool:
    return False


def _nothing(_: object) -> int:
    return 0


def _itself(self: object, *_: object, **__: object) -> object:
    return self


_OPERATORS = (
    *("call", "add", "radd", "sub", "rsub", "mul", "rmul", "truediv", "rtruediv", "floordiv"),
    *("rfloordiv", "mod", "rmod", "pow", "rpow", "pos", "neg"),
)
_EMPTY = type(
    "Empty",
    (ChainableUndefined,),
    {f"__{name}__": _itself for name in _OPERATORS}
    | {f"__{name}__": _false for name in ("lt", "le", "gt", "ge")}
    | {"__index__": _nothing},
)
"""An undefined value that is empty in whatever is done with it."""
