"""The prompt formats, one file or folder each; the folder's listing is the registry.

A format says which files are of it and what stands in them. How a template is filled is the matter
of its engine (`reviewbot.rendering.engines`), which several formats may share.
"""

import importlib
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Protocol, cast

from msgspec import Struct

from reviewbot.prompt import Discovered, PromptFile, PromptText
from reviewbot.prompt_formats._common.call_site import CallMessages, CallSite, ModelCall
from reviewbot.prompt_formats._common.sent_form import Functions, SentForms

_FALLBACK = "text"
"""What a file is whose name shows no other format: `AGENTS.md` is more than Markdown."""

_MOST_PATHS = 4_000
"""Whose formats are known: those of the prompts, which are asked for several times."""


class Format(Protocol):
    """What every module of this folder offers.

    One whose files hold several prompts, and which tells them apart by `PromptText.selector`, also
    has `SELECTS = True`. In other files a selector is the path of keys to one text
    (`reviewbot.prompts.entries`), and that text is what the format reads. One whose files are
    YAML or JSON has `IS_DATA = True` if a list or a mapping of a larger file may be one: it is
    given as JSON.

    One whose prompts can stand in files of any name also has `SEARCHED`, patterns of file names,
    and `discover(file: PromptText) -> tuple[Discovered, ...]`, which finds them by the content of
    such a file, and nothing in a file that cannot be read.
    """

    NAME: str
    """The name under which configuration refers to the format."""

    TITLE: str
    """What its files are, in some words, as `reviewbot formats` lists it."""

    RECOGNIZED: tuple[str, ...]
    """Patterns of the names that show it, in any case; one with `/` names folders too.

    It must be a plain tuple of strings in double quotes: it is read from the source, since a check
    that finds nothing to do must not import all formats (`_declared`).
    """

    AMBIGUOUS: bool
    """Whether such names are those of other files too, outside of folders called `prompts`."""

    def read(self, file: PromptText) -> PromptFile:
        """The content of a prompt file.

        Raises:
            MeasurementError: The text is not of this format; the problem names file and line.
        """
        ...


class _Names:
    """Tells the paths whose last names are one of `patterns`; nearly all need no expression."""

    def __init__(self, patterns: tuple[str, ...]) -> None:
        self.patterns = patterns
        endings = [item[1:] for item in patterns if item[0] == "*" and not {"*", "/"} & {*item[1:]}]
        whole = [item for item in patterns if "*" not in item]
        others = [item for item in patterns if item[1:] not in endings and item not in whole]
        self._endings = (*endings, *(f"/{item}" for item in whole))
        self._whole = frozenset(whole)
        self._tails = tuple({item.rpartition("*")[2] for item in others})
        self._expression = _expression(others) if others else None

    def match(self, path: str) -> bool:
        """Whether `path`, in lower case, is one of them."""
        return (
            path.endswith(self._endings)
            or path in self._whole
            or (path.endswith(self._tails) and self._is_other(path))
        )

    def _is_other(self, path: str) -> bool:
        return self._expression is not None and self._expression.match(path) is not None


def _expression(patterns: Iterable[str]) -> re.Pattern[str]:
    r"""A `*` stands for no `/`, so each path is tried at its last names only, in linear time."""
    shown = (re.escape(pattern).replace(r"\*", "[^/]*") for pattern in patterns)
    return re.compile(rf"(?:.*/)?(?:{'|'.join(shown)})\Z", re.DOTALL)


@cache
def names() -> tuple[str, ...]:
    """The names of all formats, sorted."""
    return tuple(sorted(_modules()))


def by_name(name: str) -> Format:
    """The format called `name`, one of `names()`."""
    return _load(_modules()[name])


_OF_SOURCE = {
    **dict.fromkeys((".py", ".ipynb"), "python"),
    **dict.fromkeys((".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"), "typescript"),
}


SOURCE_FORMATS = frozenset(_OF_SOURCE.values())
"""The formats that read prompts in source files."""


def of_source(path: str) -> str | None:
    """The format that reads prompts in a source file of that name; None of other files."""
    return _OF_SOURCE.get(os.path.splitext(path.lower())[1])


def selects(found: Format) -> bool:
    """Whether the format itself tells the prompts of a file apart."""
    return bool(getattr(found, "SELECTS", False))


def is_data(found: Format) -> bool:
    """Whether a list or a mapping in a data file can be a prompt of the format."""
    return bool(getattr(found, "IS_DATA", False))


@lru_cache(maxsize=_MOST_PATHS)
def recognize(path: str) -> Format | None:
    """The format that a file's name shows, or None."""
    lower = path.lower()
    return next((by_name(name) for name in _ordered() if _recognized(name).match(lower)), None)


@cache
def _ordered() -> tuple[str, ...]:
    """The names of all formats, in the order in which a file is held against them."""
    return (*(name for name in names() if name != _FALLBACK), _FALLBACK)


def is_searched(found: Format, path: str) -> bool:
    """Whether prompts of the format are looked for in the content of a file of that name."""
    return _searched(found.NAME).match(path.lower())


def discover(found: Format, file: PromptText) -> tuple[Discovered, ...]:
    """The prompts of the format in a file that `is_searched`."""
    search = cast("Callable[[PromptText], tuple[Discovered, ...]]", vars(found)["discover"])
    return search(file)


def near_misses(found: Format, file: PromptText) -> tuple[tuple[str, str], ...]:
    """What of a file that `is_searched` is named like a prompt and is not found, and why."""
    search = vars(found).get("near_misses")
    return () if search is None else cast("tuple[tuple[str, str], ...]", search(file))


def texts(found: Format, file: PromptText) -> Mapping[str, str]:
    """The texts of all prompts in a file of source code, by their selectors, in order.

    Raises:
        MeasurementError: It cannot be read, or exceeds the limits.
    """
    search = cast("Callable[[PromptText], Mapping[str, str]]", vars(found)["texts"])
    return search(file)


def parsed_by(found: Format, file: PromptText) -> tuple[str, PromptText]:
    """The parser of a file of source code, and the text that it reads.

    Raises:
        MeasurementError: It is a notebook that cannot be read.
    """
    parser = cast("Callable[[PromptText], tuple[str, PromptText]]", vars(found)["parsed_by"])
    return parser(file)


def call_sites(found: Format, file: PromptText) -> tuple[CallSite, ...]:
    """The calls of models in a file of source code, if the format is one of that."""
    search = vars(found).get("call_sites")
    return () if search is None else cast("tuple[CallSite, ...]", search(file))


def sent_messages(found: Format, file: PromptText) -> tuple[CallMessages, ...]:
    """The messages of the calls in a file of source code that run a model."""
    search = vars(found).get("sent_messages")
    return () if search is None else cast("tuple[CallMessages, ...]", search(file))


def model_calls(found: Format, file: PromptText) -> tuple[ModelCall, ...]:
    """The calls in a file of source code that say which model they call."""
    search = vars(found).get("model_calls")
    return () if search is None else cast("tuple[ModelCall, ...]", search(file))


def sent_forms(
    found: Format, file: PromptText, names: Sequence[str], functions: Functions = ()
) -> SentForms:
    """The forms in which a file of source code sends texts that have these names.

    Those are too what its `functions` are given.

    Raises:
        MeasurementError: It cannot be read, or exceeds the limits.
    """
    search = vars(found).get("sent_forms")
    return SentForms() if search is None else cast("SentForms", search(file, names, functions))


def is_prompt(path: str) -> bool:
    """Whether a file's name alone shows that it is a prompt, in whatever folder it stands."""
    return _unambiguous().match(path.lower())


@cache
def endings_of_prompts() -> frozenset[str] | None:
    """What stands behind the last dot of each name that alone shows a prompt, in lower case.

    None where one of these has no dot, so that it can have any ending.
    """
    tails = [pattern.rpartition("*")[2] for pattern in _unambiguous().patterns]
    return (
        frozenset(it.rpartition(".")[2] for it in tails) if all("." in it for it in tails) else None
    )


@cache
def _unambiguous() -> _Names:
    return _Names(
        tuple(
            pattern
            for name in names()
            if not _declared(name).is_ambiguous
            for pattern in _declared(name).recognized
        )
    )


@cache
def _searched(name: str) -> _Names:
    return _Names(getattr(by_name(name), "SEARCHED", ()))


@cache
def _recognized(name: str) -> _Names:
    return _Names(_declared(name).recognized)


class _Declared(Struct, frozen=True, kw_only=True):
    recognized: tuple[str, ...]
    is_ambiguous: bool


@cache
def _declared(name: str) -> _Declared:
    """What a format's source says of its names; importing it would cost ten times as much."""
    place = os.path.join(__path__[0], _modules()[name])
    file = os.path.join(place, "__init__.py") if os.path.isdir(place) else f"{place}.py"
    with open(file, encoding="utf-8") as opened:
        source = opened.read()
    _, _, behind = source.partition("\nRECOGNIZED = (")
    patterns = tuple(re.findall(r'"([^"]*)"', behind.partition(")")[0].lower()))
    return _Declared(recognized=patterns, is_ambiguous="\nAMBIGUOUS = True\n" in source)


@cache
def _modules() -> dict[str, str]:
    stems = {name.partition(".")[0] for name in os.listdir(__path__[0])}
    return {stem.replace("_", "-"): stem for stem in stems if not stem.startswith("_")}


@cache
def _load(module: str) -> Format:
    return cast("Format", importlib.import_module(f"{__name__}.{module}"))
